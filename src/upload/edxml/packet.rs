//! The packet (QCVN 102:2016): a header by the field names of Decree 30/2020 Appendix VI, and the signed PDF as ZIP in base64. It
//! carries no XML signature: the document inside is signed, and samples of the axis sign the header with SHA-1.

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

/// The packet.
///
/// # Errors
/// [`kinds::EDXML_FACT`]; an internal error.
pub(super) fn write(parcel: &Parcel, pdf: &[u8], settings: &Settings) -> Result<String> {
    let mut writer = Xml::default();
    match settings.dialect {
        Dialect::Qcvn102 => qcvn(&mut writer, parcel, pdf, settings)?,
        Dialect::GoVn => go_vn(&mut writer, parcel, pdf, settings)?,
    }
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", writer.text))
}

fn qcvn(xml: &mut Xml, parcel: &Parcel, pdf: &[u8], settings: &Settings) -> Result<()> {
    let (content, name) = ("1", format!("{}.zip", parcel.name.trim_end_matches(".pdf")));
    xml.open("edXML", &format!(" xmlns:edXML=\"{QCVN_102}\""));
    xml.open("edXML:edXMLEnvelope", "");
    xml.open("edXML:edXMLHeader", "");
    message_header(xml, "edXML:", parcel, settings)?;
    trace(xml, parcel, settings)?;
    xml.close("edXML:edXMLHeader");
    xml.open("edXML:edXMLBody", "");
    xml.open("edXML:edXMLManifest", " edXML:version=\"1.0\"");
    xml.open("edXML:Reference", "");
    xml.leaf("edXML:ContentId", &format!("cid:{content}"));
    xml.leaf("edXML:ContentType", "application/zip");
    xml.leaf("edXML:Description", known(parcel, "subject"));
    xml.leaf("edXML:AttachmentName", &name);
    for tag in ["edXML:Reference", "edXML:edXMLManifest", "edXML:edXMLBody", "edXML:edXMLEnvelope"] {
        xml.close(tag);
    }
    xml.open("edXML:AttachmentEncoded", "");
    xml.open("edXML:Attachment", "");
    xml.leaf("edXML:ContentId", content);
    xml.leaf("edXML:AttachmentName", &name);
    xml.leaf("edXML:Description", known(parcel, "subject"));
    xml.leaf("edXML:ContentType", "application/zip");
    xml.leaf("edXML:ContentTransferEncoded", &base64(&zipped(parcel, pdf)?));
    for tag in ["edXML:Attachment", "edXML:AttachmentEncoded", "edXML"] {
        xml.close(tag);
    }
    Ok(())
}

/// The older dialect: one namespace, and the content in the manifest.
fn go_vn(xml: &mut Xml, parcel: &Parcel, pdf: &[u8], settings: &Settings) -> Result<()> {
    xml.open("EdXMLEnvelope", &format!(" xmlns=\"{GO_VN}\""));
    xml.open("EdXMLHeader", "");
    message_header(xml, "", parcel, settings)?;
    xml.close("EdXMLHeader");
    xml.open("EdXMLBody", "");
    xml.open("Manifest", "");
    xml.open("Reference", "");
    xml.leaf("AttachmentName", &format!("{}.zip", parcel.name.trim_end_matches(".pdf")));
    xml.leaf("ContentType", "application/zip");
    xml.leaf("Content", &base64(&zipped(parcel, pdf)?));
    for tag in ["Reference", "Manifest", "EdXMLBody", "EdXMLEnvelope"] {
        xml.close(tag);
    }
    Ok(())
}

fn agency(xml: &mut Xml, prefix: &str, tag: &str, agency: &Agency, settings: Option<&Settings>) {
    xml.open(&format!("{prefix}{tag}"), "");
    xml.leaf(&format!("{prefix}OrganId"), &agency.organ_id);
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

fn message_header(xml: &mut Xml, prefix: &str, parcel: &Parcel, settings: &Settings) -> Result<()> {
    let tag = |name: &str| format!("{prefix}{name}");
    xml.open(&tag("MessageHeader"), "");
    agency(xml, prefix, "From", &settings.from, Some(settings));
    settings.receivers.iter().for_each(|to| agency(xml, prefix, "To", to, None));
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
    xml.leaf(&tag("TypeName"), known(parcel, "type_name"));
    xml.close(&tag("DocumentType"));
    xml.leaf(&tag("Subject"), known(parcel, "subject"));
    xml.open(&tag("SignerInfo"), "");
    let position = known(parcel, "signer_position");
    xml.leaf(&tag("Competence"), crate::profile::capacity(position).unwrap_or_default());
    xml.leaf(&tag("Position"), position);
    xml.leaf(&tag("FullName"), known(parcel, "signer_name"));
    xml.close(&tag("SignerInfo"));
    xml.leaf(&tag("DueDate"), &day(known(parcel, "due_date")));
    xml.open(&tag("OtherInfo"), "");
    xml.leaf(&tag("Priority"), priority(known(parcel, "urgency")));
    xml.leaf(&tag("PromulgationAmount"), "1");
    xml.leaf(&tag("PageAmount"), known(parcel, "pages"));
    xml.close(&tag("OtherInfo"));
    // 1: nothing is ordered and nothing reported by it.
    xml.leaf(&tag("SteeringType"), "1");
    xml.close(&tag("MessageHeader"));
    Ok(())
}

/// Who sent it when, and that it is a new document (`BussinessDocType` 0; the standard spells it so).
fn trace(xml: &mut Xml, parcel: &Parcel, settings: &Settings) -> Result<()> {
    let local = Offset::from_seconds(VIET_NAM_SECONDS).unwrap_or(Offset::UTC).to_datetime(Timestamp::now());
    xml.open("edXML:TraceHeaderList", "");
    xml.open("edXML:TraceHeader", "");
    xml.leaf("edXML:OrganId", &settings.from.organ_id);
    xml.leaf("edXML:Timestamp", &local.strftime("%Y/%m/%d %H:%M:%S").to_string());
    xml.close("edXML:TraceHeader");
    xml.open("edXML:Bussiness", "");
    xml.leaf("edXML:DocumentId", &document_id(parcel, settings)?);
    xml.leaf("edXML:BussinessDocType", "0");
    xml.leaf("edXML:BussinessDocReason", "");
    // 0: no paper follows.
    xml.leaf("edXML:Paper", "0");
    xml.close("edXML:Bussiness");
    xml.close("edXML:TraceHeaderList");
    Ok(())
}

/// 0 ordinary, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ.
fn priority(urgency: &str) -> &'static str {
    let plain = crate::register::folded(urgency);
    match plain.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "hoa toc hen gio" => "4",
        "hoa toc" => "3",
        "thuong khan" => "2",
        "khan" => "1",
        _ => "0",
    }
}

/// A file inside a packet is a ZIP of itself.
fn zipped(parcel: &Parcel, pdf: &[u8]) -> Result<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| -> Error { kinds::INTERNAL.with("cause", format!("zip: {e}")) };
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::with_capacity(pdf.len() + 1024)));
    let name = format!("{}.pdf", parcel.name.trim_end_matches(".pdf"));
    zip.start_file(name, SimpleFileOptions::default()).map_err(|e| failed(&e))?;
    zip.write_all(pdf).map_err(|e| failed(&e))?;
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
            let packet = write(&parcel(), b"%PDF", &settings(dialect)).unwrap();
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
            let content =
                if dialect == Dialect::GoVn { text("Content") } else { text("ContentTransferEncoded") };
            // The first bytes of a ZIP in base64.
            assert!(content.starts_with("UEsDB"), "{content}");
        }
    }

    #[test]
    fn a_document_without_number_or_date_has_no_name_there() {
        for missing in ["code_number", "code_notation", "issued_date"] {
            let mut parcel = parcel();
            parcel.facts.remove(missing);
            let error = write(&parcel, b"%PDF", &settings(Dialect::Qcvn102)).unwrap_err();
            assert_eq!((error.code(), error.arg("field")), ("edxml_fact", Some(missing)));
        }
    }
}
