//! The packet (QCVN 102:2016): a header by the field names of Decree 30/2020 Appendix VI, and the signed PDF and its attachments,
//! each as ZIP in base64. Elements, their order and their attributes are those of the exchange's published samples: the header
//! with the prefix `edXML`, the contents without one. Its place for an XML signature stays empty, as the published clients leave
//! it: every file inside is signed, and the samples that fill it sign the header with SHA-1, which nothing may rest on.

use std::fmt::Write as _;
use std::io::Write as _;

use jiff::Timestamp;
use jiff::tz::Offset;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::error::{Error, Result, kinds};

use super::super::client::base64;
use super::super::parcel::Parcel;
use super::settings::{Agency, Dialect, Settings};

/// Namespaces of the two dialects.
const QCVN_102: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
const GO_VN: &str = "http://www.go.vn/eDoc";
/// Viet Nam, where packets are timed.
const VIET_NAM_SECONDS: i32 = 7 * 3600;

/// A fact that the packet needs.
fn needed<'p>(parcel: &'p Parcel, name: &str) -> Result<&'p str> {
    let fact = parcel.facts.get(name).map(String::as_str).filter(|value| !value.is_empty());
    fact.ok_or_else(|| kinds::EDXML_FACT.with("field", name).with("name", &parcel.name))
}

fn known<'p>(parcel: &'p Parcel, name: &str) -> &'p str {
    parcel.facts.get(name).map_or("", String::as_str)
}

/// `2026-11-24` as the axis writes it.
fn day(iso: &str) -> String {
    iso.replace('-', "/")
}

/// By what receivers name a document: code of the agency, date, number and notation.
///
/// # Errors
/// [`kinds::EDXML_FACT`] when one of them is not known.
pub(super) fn document_id(parcel: &Parcel, settings: &Settings) -> Result<String> {
    let (number, notation) = (needed(parcel, "code_number")?, needed(parcel, "code_notation")?);
    Ok(format!("{},{},{number}/{notation}", settings.from.organ_id, day(needed(parcel, "issued_date")?)))
}

/// A file of the packet as it lies there.
struct Content {
    /// By what the manifest names it.
    id: String,
    name: String,
    description: String,
    coded: String,
}

impl Content {
    fn new(number: usize, name: &str, description: &str, bytes: &[u8]) -> Result<Self> {
        Ok(Self {
            id: number.to_string(),
            name: format!("{}.zip", stem(name)),
            description: description.to_owned(),
            coded: base64(&zipped(name, bytes)?),
        })
    }
}

/// The document, then what goes along with it.
fn contents(parcel: &Parcel, pdf: &[u8]) -> Result<Vec<Content>> {
    let first = Content::new(1, &format!("{}.pdf", stem(&parcel.name)), known(parcel, "subject"), pdf);
    let others =
        (2..).zip(&parcel.along).map(|(number, (name, bytes))| Content::new(number, name, name, bytes));
    std::iter::once(first).chain(others).collect()
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".pdf").unwrap_or(name)
}

/// The packet to these receivers.
///
/// # Errors
/// [`kinds::EDXML_FACT`]; an internal error.
pub(super) fn write(
    parcel: &Parcel,
    pdf: &[u8],
    settings: &Settings,
    receivers: &[&Agency],
) -> Result<String> {
    let mut writer = Xml::default();
    let (letter, contents) = (Letter { parcel, settings, receivers }, contents(parcel, pdf)?);
    match settings.dialect {
        Dialect::Qcvn102 => qcvn(&mut writer, &letter, &contents)?,
        Dialect::GoVn => go_vn(&mut writer, &letter, &contents)?,
    }
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", writer.text))
}

/// What goes from whom to whom.
struct Letter<'l> {
    parcel: &'l Parcel,
    settings: &'l Settings,
    receivers: &'l [&'l Agency],
}

fn qcvn(xml: &mut Xml, letter: &Letter, contents: &[Content]) -> Result<()> {
    xml.open("edXML", &format!(" xmlns=\"{QCVN_102}\" xmlns:edXML=\"{QCVN_102}\""));
    xml.open("edXML:edXMLEnvelope", "");
    xml.open("edXML:edXMLHeader", "");
    message_header(xml, "edXML:", letter)?;
    trace(xml, letter.parcel, letter.settings)?;
    xml.leaf("edXML:DigitalSignature", "");
    xml.close("edXML:edXMLHeader");
    xml.open("edXML:edXMLBody", "");
    xml.open("edXML:edXMLManifest", " version=\"1.0\"");
    contents.iter().for_each(|content| reference(xml, content));
    for tag in ["edXML:edXMLManifest", "edXML:edXMLBody", "edXML:edXMLEnvelope"] {
        xml.close(tag);
    }
    xml.open("AttachmentEncoded", "");
    for content in contents {
        xml.open("Attachment", "");
        xml.leaf("ContentType", "application/zip");
        xml.leaf("ContentId", &content.id);
        xml.leaf("Description", &content.description);
        xml.leaf("ContentTransferEncoded", &content.coded);
        xml.leaf("AttachmentName", &content.name);
        xml.close("Attachment");
    }
    xml.close("AttachmentEncoded");
    xml.close("edXML");
    Ok(())
}

fn reference(xml: &mut Xml, content: &Content) {
    let link = format!(
        " xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"cid:{}\" xlink:role=\"XLinkRole\" xlink:type=\"simple\"",
        content.id
    );
    xml.open("edXML:Reference", &link);
    xml.leaf("edXML:ContentId", &format!("cid:{}", content.id));
    xml.leaf("edXML:ContentType", "application/zip");
    xml.leaf("edXML:Description", &content.description);
    xml.leaf("edXML:AttachmentName", &content.name);
    xml.close("edXML:Reference");
}

/// The older dialect: one namespace, and the contents in the manifest.
fn go_vn(xml: &mut Xml, letter: &Letter, contents: &[Content]) -> Result<()> {
    xml.open("EdXMLEnvelope", &format!(" xmlns=\"{GO_VN}\""));
    xml.open("EdXMLHeader", "");
    message_header(xml, "", letter)?;
    xml.close("EdXMLHeader");
    xml.open("EdXMLBody", "");
    xml.open("Manifest", "");
    for content in contents {
        xml.open("Reference", "");
        xml.leaf("AttachmentName", &content.name);
        xml.leaf("ContentType", "application/zip");
        xml.leaf("Content", &content.coded);
        xml.close("Reference");
    }
    for tag in ["Manifest", "EdXMLBody", "EdXMLEnvelope"] {
        xml.close(tag);
    }
    Ok(())
}

fn agency(xml: &mut Xml, prefix: &str, tag: &str, agency: &Agency, settings: Option<&Settings>) {
    xml.open(&format!("{prefix}{tag}"), "");
    xml.leaf(&format!("{prefix}OrganId"), &agency.organ_id);
    xml.leaf(&format!("{prefix}OrganizationInCharge"), &agency.name);
    xml.leaf(&format!("{prefix}OrganName"), &agency.name);
    if let Some(own) = settings {
        for (name, value) in
            [("OrganAdd", &own.address), ("Email", &own.email), ("Telephone", &own.telephone)]
        {
            xml.leaf(&format!("{prefix}{name}"), value);
        }
    }
    xml.close(&format!("{prefix}{tag}"));
}

fn message_header(xml: &mut Xml, prefix: &str, letter: &Letter) -> Result<()> {
    let Letter { parcel, settings, receivers } = *letter;
    let tag = |name: &str| format!("{prefix}{name}");
    xml.open(&tag("MessageHeader"), "");
    agency(xml, prefix, "From", &settings.from, Some(settings));
    receivers.iter().for_each(|to| agency(xml, prefix, "To", to, None));
    xml.leaf(&tag("DocumentId"), &document_id(parcel, settings)?);
    xml.open(&tag("Code"), "");
    xml.leaf(&tag("CodeNumber"), needed(parcel, "code_number")?);
    xml.leaf(&tag("CodeNotation"), needed(parcel, "code_notation")?);
    xml.close(&tag("Code"));
    xml.open(&tag("PromulgationInfo"), "");
    xml.leaf(&tag("Place"), &settings.place);
    xml.leaf(&tag("PromulgationDate"), &day(needed(parcel, "issued_date")?));
    xml.close(&tag("PromulgationInfo"));
    xml.open(&tag("DocumentType"), "");
    xml.leaf(&tag("Type"), "1");
    xml.leaf(&tag("TypeDetail"), "0");
    xml.leaf(&tag("TypeName"), known(parcel, "type_name"));
    xml.close(&tag("DocumentType"));
    xml.leaf(&tag("Subject"), known(parcel, "subject"));
    // In the older dialect that name is the file's.
    if settings.dialect == Dialect::Qcvn102 {
        xml.leaf(&tag("Content"), known(parcel, "subject"));
    }
    xml.open(&tag("SignerInfo"), "");
    let position = known(parcel, "signer_position");
    xml.leaf(&tag("Competence"), crate::profile::capacity(position).unwrap_or_default());
    xml.leaf(&tag("Position"), position);
    xml.leaf(&tag("FullName"), known(parcel, "signer_name"));
    xml.close(&tag("SignerInfo"));
    xml.leaf(&tag("DueDate"), &day(known(parcel, "due_date")));
    to_places(xml, prefix, parcel, receivers);
    other_info(xml, prefix, parcel);
    // 1: nothing is ordered and nothing reported by it.
    xml.leaf(&tag("SteeringType"), "1");
    xml.close(&tag("MessageHeader"));
    Ok(())
}

/// All recipients as they stand on the document, also those who are not on the exchange.
fn to_places(xml: &mut Xml, prefix: &str, parcel: &Parcel, receivers: &[&Agency]) {
    let recipients = known(parcel, "recipients").split("; ").filter(|place| !place.is_empty());
    let mut places: Vec<&str> = recipients.collect();
    if places.is_empty() {
        places = receivers.iter().map(|receiver| receiver.name.as_str()).collect();
    }
    xml.open(&format!("{prefix}ToPlaces"), "");
    places.iter().for_each(|place| xml.leaf(&format!("{prefix}Place"), place));
    xml.close(&format!("{prefix}ToPlaces"));
}

fn other_info(xml: &mut Xml, prefix: &str, parcel: &Parcel) {
    let tag = |name: &str| format!("{prefix}{name}");
    let copies = known(parcel, "issued_amount");
    xml.open(&tag("OtherInfo"), "");
    let degree = crate::document::urgency(Some(known(parcel, "urgency")));
    xml.leaf(&tag("Priority"), &degree.to_string());
    xml.leaf(&tag("PromulgationAmount"), if copies.is_empty() { "1" } else { copies });
    xml.leaf(&tag("PageAmount"), known(parcel, "pages"));
    xml.open(&tag("Appendixes"), "");
    parcel.along.iter().for_each(|(name, _)| xml.leaf(&tag("Appendix"), name));
    xml.close(&tag("Appendixes"));
    xml.close(&tag("OtherInfo"));
}

/// Who sent it when, and that it is a new document (`BussinessDocType` 0; the standard spells it so).
fn trace(xml: &mut Xml, parcel: &Parcel, settings: &Settings) -> Result<()> {
    let local = Offset::from_seconds(VIET_NAM_SECONDS).unwrap_or(Offset::UTC).to_datetime(Timestamp::now());
    let actor = "http://schemas.xmlsoap.org/soap/actor/next";
    xml.open(
        "edXML:TraceHeaderList",
        &format!(" id=\"trace\" version=\"1.0\" mustUnderstand=\"1\" actor=\"{actor}\""),
    );
    xml.open("edXML:TraceHeader", "");
    xml.leaf("edXML:OrganId", &settings.from.organ_id);
    xml.leaf("edXML:Timestamp", &local.strftime("%Y/%m/%d %H:%M:%S").to_string());
    xml.close("edXML:TraceHeader");
    xml.open("edXML:Bussiness", "");
    xml.leaf("edXML:DocumentId", &document_id(parcel, settings)?);
    xml.leaf("edXML:BussinessDocType", "0");
    xml.leaf("edXML:BussinessDocReason", "");
    xml.open("edXML:StaffInfo", "");
    xml.leaf("edXML:Department", &settings.from.name);
    xml.leaf("edXML:Staff", known(parcel, "attested_by"));
    xml.leaf("edXML:Mobile", "");
    xml.leaf("edXML:Email", &settings.email);
    xml.close("edXML:StaffInfo");
    // 0: no paper follows.
    xml.leaf("edXML:Paper", "0");
    xml.close("edXML:Bussiness");
    xml.close("edXML:TraceHeaderList");
    Ok(())
}

/// A file inside a packet is a ZIP of itself.
fn zipped(name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| -> Error { kinds::INTERNAL.with("cause", format!("zip: {e}")) };
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::with_capacity(bytes.len() + 1024)));
    zip.start_file(name, SimpleFileOptions::default()).map_err(|e| failed(&e))?;
    zip.write_all(bytes).map_err(|e| failed(&e))?;
    Ok(zip.finish().map_err(|e| failed(&e))?.into_inner())
}

/// Elements as they are written.
#[derive(Default)]
struct Xml {
    text: String,
}

impl Xml {
    fn open(&mut self, tag: &str, attributes: &str) {
        let _ = write!(self.text, "<{tag}{attributes}>");
    }

    fn close(&mut self, tag: &str) {
        let _ = write!(self.text, "</{tag}>");
    }

    /// An element with a text; XML's own characters are escaped, what XML cannot hold is left out.
    fn leaf(&mut self, tag: &str, text: &str) {
        self.open(tag, "");
        for c in text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')) {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                c => self.text.push(c),
            }
        }
        self.close(tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(dialect: Dialect) -> Settings {
        let agency =
            |id: &str| Agency { organ_id: id.to_owned(), name: "Sở <Nội vụ> & ai đó".to_owned() };
        let none = String::new;
        Settings {
            dialect,
            system_id: "s".to_owned(),
            from: agency("H01.151"),
            address: none(),
            email: none(),
            telephone: none(),
            place: "Mường Lam".to_owned(),
            receivers: vec![agency("000.00.00.H41"), agency("G09.01")],
            send_path: none(),
            sent_path: none(),
            status_path: none(),
            packet_path: none(),
        }
    }

    fn parcel() -> Parcel {
        let mut parcel = Parcel::bare("letter", b"%PDF");
        for (name, value) in [
            ("code_number", "125"),
            ("code_notation", "UBND-VP"),
            ("issued_date", "2026-11-24"),
            ("subject", "A < B & C"),
            ("signer_position", "KT. CHỦ TỊCH"),
            ("urgency", "Hoả tốc"),
        ] {
            parcel.facts.insert(name, value.to_owned());
        }
        parcel
    }

    #[test]
    fn both_dialects_are_well_formed_and_carry_the_file_as_zip() {
        for dialect in [Dialect::Qcvn102, Dialect::GoVn] {
            let settings = settings(dialect);
            let all: Vec<&Agency> = settings.receivers.iter().collect();
            let packet = write(&parcel(), b"%PDF", &settings, &all).unwrap();
            let xml = roxmltree::Document::parse(&packet).unwrap();
            let text = |name: &str| {
                xml.descendants()
                    .find(|n| n.tag_name().name() == name)
                    .and_then(|n| n.text())
                    .unwrap_or_default()
                    .to_owned()
            };
            assert_eq!(text("DocumentId"), "H01.151,2026/11/24,125/UBND-VP");
            assert_eq!(
                (text("Subject"), text("Competence"), text("Priority")),
                ("A < B & C".into(), "KT.".into(), "3".into())
            );
            assert_eq!(xml.descendants().filter(|n| n.tag_name().name() == "To").count(), 2);
            // The header has a Content of its own, which is a summary. The first bytes of a ZIP in base64:
            let holder = if dialect == Dialect::GoVn { "Content" } else { "ContentTransferEncoded" };
            let zipped = |n: &roxmltree::Node| n.text().is_some_and(|text| text.starts_with("UEsDB"));
            let holders = xml.descendants().filter(|n| n.tag_name().name() == holder).filter(zipped);
            assert_eq!(holders.count(), 1);
        }
    }

    #[test]
    fn a_document_without_number_or_date_has_no_name_there() {
        for missing in ["code_number", "code_notation", "issued_date"] {
            let mut parcel = parcel();
            parcel.facts.remove(missing);
            let error = write(&parcel, b"%PDF", &settings(Dialect::Qcvn102), &[]).unwrap_err();
            assert_eq!((error.code(), error.arg("field")), ("edxml_fact", Some(missing)));
        }
    }
    #[test]
    fn attachments_lie_beside_the_document_and_are_named_in_the_manifest() {
        let mut parcel = parcel();
        parcel.along.push(("phụ lục 1.pdf".to_owned(), b"%PDF-1.7 one".to_vec()));
        for (name, value) in [("recipients", "Sở Y tế; Lưu: VT"), ("issued_amount", "12")] {
            parcel.facts.insert(name, value.to_owned());
        }
        for (dialect, named, content) in [
            (Dialect::Qcvn102, "Attachment", "ContentTransferEncoded"),
            (Dialect::GoVn, "Reference", "Content"),
        ] {
            let packet = write(&parcel, b"%PDF", &settings(dialect), &[]).unwrap();
            let xml = roxmltree::Document::parse(&packet).unwrap();
            let all = |name: &str| -> Vec<roxmltree::Node> {
                xml.descendants().filter(|node| node.tag_name().name() == name).collect()
            };
            assert_eq!(all(named).len(), 2);
            assert_eq!(all("Reference").len(), 2);
            let names: Vec<_> = all(named)
                .iter()
                .map(|node| {
                    let name = node.children().find(|child| child.tag_name().name() == "AttachmentName");
                    name.and_then(|name| name.text()).unwrap().to_owned()
                })
                .collect();
            assert_eq!(names, ["letter.zip", "phụ lục 1.zip"]);
            let coded =
                all(content).into_iter().filter(|node| node.text().unwrap_or("").starts_with("UEsDB"));
            assert_eq!(coded.count(), 2);
            assert_eq!(all("Appendix")[0].text(), Some("phụ lục 1.pdf"));
            assert_eq!(all("Place").last().unwrap().text(), Some("Lưu: VT"));
            assert_eq!(all("PromulgationAmount")[0].text(), Some("12"));
        }
    }

    #[test]
    fn a_document_goes_to_its_recipients_only() {
        let settings = settings(Dialect::Qcvn102);
        let codes = |recipients: &str| -> Result<Vec<String>> {
            let mut parcel = parcel();
            parcel.facts.insert("recipients", recipients.to_owned());
            Ok(settings.receivers_of(&parcel, "axis")?.iter().map(|agency| agency.organ_id.clone()).collect())
        };
        assert_eq!(codes("").unwrap(), ["000.00.00.H41", "G09.01"]);
        assert_eq!(codes("Như trên; g09.01").unwrap(), ["G09.01"]);
        assert_eq!(codes("SO <NOI VU> & ai đó").unwrap(), ["000.00.00.H41", "G09.01"]);
        assert_eq!(codes("G09.01 Sở <Nội vụ> & AI ĐÓ").unwrap(), ["G09.01"]);
        let error = codes("Sở Y tế; Lưu: VT").unwrap_err();
        assert_eq!(error.code(), "recipients_unknown");
        assert!(error.arg("receivers").unwrap().contains("G09.01"));
    }
}
