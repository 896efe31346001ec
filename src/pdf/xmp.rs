//! Metadata (ISO 19005-2 6.6.2, ISO 16684-1): what is known at build, frozen there, byte-identical ever after. The schema
//! `urn:scanseal:recovery:1.0#` is final.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use unicode_normalization::UnicodeNormalization;

use crate::document::{Document, hex};
use crate::error::{Result, kinds};

use super::{BuildFacts, Flavour};

/// Namespace of the recovery facts.
pub const NAMESPACE: &str = "urn:scanseal:recovery:1.0#";
/// What xmp:CreatorTool and pdf:Producer say.
pub(super) const TOOL: &str = concat!("scanseal ", env!("CARGO_PKG_VERSION"));
/// Largest packet that is read.
const MAX_PACKET: usize = 1_000_000;

/// A fact: name, type in the words of the extension schema, description, value.
struct Property {
    name: &'static str,
    kind: &'static str,
    description: &'static str,
    values: Vec<String>,
}

/// Facts of a file without an outage.
#[derive(Clone, Debug, Default)]
pub(super) struct Base<'a> {
    /// dc:title.
    pub title: &'a str,
    /// dc:language, when known.
    pub language: &'a str,
    /// xmp:CreateDate and xmp:ModifyDate.
    pub created: String,
    /// Part and level; none is 2b.
    pub flavour: Option<Flavour>,
}

/// ISO 8601 with offset, whole seconds.
pub(super) fn date(at: Timestamp, utc_offset_minutes: i32) -> String {
    let offset = Offset::from_seconds(utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    at.to_zoned_datetime(TimeZone::fixed(offset)).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The facts of a recovered document, in the order of the schema; unknown ones are left out.
fn properties(document: &Document, facts: &BuildFacts) -> Vec<Property> {
    let fields = &document.fields;
    let time = |at: Timestamp| date(at, facts.utc_offset_minutes);
    let local = |at: jiff::civil::DateTime| {
        let offset = Offset::from_seconds(facts.utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
        offset.to_timestamp(at).map(time).ok()
    };
    let snake = |value: serde_json::Value| value.as_str().map(str::to_owned);
    let attested = document.attestation.as_ref();
    let text = |name, description, value: Option<String>| Property {
        name,
        kind: "Text",
        description,
        values: value.into_iter().collect(),
    };
    let typed =
        |kind, name, description, value: Option<String>| Property { kind, ..text(name, description, value) };
    let truth = |value: bool| if value { "True" } else { "False" }.to_owned();
    let all = vec![
        text("outageReference", "Reference of the outage", Some(document.outage.clone())),
        text("outageSystem", "Systems that failed", some(facts.outage.systems.join(", "))),
        typed("Date", "outageStart", "Start of the outage", facts.outage.start().map(time)),
        typed("Date", "outageEnd", "End of the outage", facts.outage.restored_at.map(time)),
        text("route", "Way of the document", serde_json::to_value(document.route).ok().and_then(snake)),
        text(
            "direction",
            "Outgoing or incoming",
            serde_json::to_value(fields.direction).ok().and_then(snake),
        ),
        typed("Date", "paperSignedAt", "When the paper was signed", fields.paper_signed_at.and_then(local)),
        typed("Date", "capturedAt", "When the scan was taken in", Some(time(document.captured_at))),
        text("convertedBy", "Who converted the paper", Some(facts.converted_by.clone())),
        typed("Date", "convertedAt", "When it was converted", Some(time(facts.converted_at))),
        text("codeNumber", "Number of the document", fields.code_number.clone()),
        text("codeNotation", "Notation of the document", fields.code_notation.clone()),
        typed("Date", "issuedDate", "Date of issue", fields.issued_date.map(|d| d.to_string())),
        text("organName", "Issuing organization", fields.organ_name.clone()),
        text("typeName", "Type of the document", fields.type_name.clone()),
        text("signerName", "Who signed the paper", fields.signer_name.clone()),
        text("signerPosition", "Position of the signer", fields.signer_position.clone()),
        text("copyForm", "Form of the copy", fields.copy_form.map(|f| f.as_str().to_owned())),
        text("attestedBy", "Who attests wet signature and stamp", attested.map(|a| a.by.clone())),
        typed("Date", "attestedAt", "When it was attested", attested.map(|a| time(a.at))),
        typed(
            "Boolean",
            "wetSignatureSeen",
            "Wet signature seen",
            attested.map(|a| truth(a.wet_signature_seen)),
        ),
        typed("Boolean", "wetStampSeen", "Wet stamp seen", attested.map(|a| truth(a.wet_stamp_seen))),
        text("arrivalNumber", "Arrival number", fields.arrival_number.clone()),
        typed("Integer", "pageCount", "Number of pages", Some(document.pages.len().to_string())),
        Property {
            name: "sourceSha256",
            kind: "bag Text",
            description: "SHA-256 of the source scans",
            values: document.source_sha256().into_iter().map(|d| d.0).collect(),
        },
        text("conversionMark", "Mark that the paper was converted", facts.conversion_mark.clone()),
        text("transferNote", "Transfer note", some(facts.transfer_note.clone())),
        typed("Boolean", "drill", "Made in a drill", Some(truth(document.drill))),
    ];
    all.into_iter().filter(|p| !p.values.is_empty()).collect()
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// What dc:title says of a document.
pub(super) fn title(document: &Document) -> String {
    document.fields.subject.clone().or_else(|| document.number()).unwrap_or_default()
}

/// The packet of a recovered document.
pub(super) fn recovered(document: &Document, facts: &BuildFacts, flavour: Flavour) -> Vec<u8> {
    let title = title(document);
    let base = Base {
        title: &title,
        language: &facts.language,
        created: date(facts.converted_at, facts.utc_offset_minutes),
        flavour: Some(flavour),
    };
    packet(&base, &properties(document, facts))
}

/// The packet of a converted file without an outage.
pub(super) fn plain(base: &Base) -> Vec<u8> {
    packet(base, &[])
}

fn packet(base: &Base, properties: &[Property]) -> Vec<u8> {
    let mut x = String::from(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<rdf:Description rdf:about=\"\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"",
    );
    if !properties.is_empty() {
        let _ = write!(x, " xmlns:recovery=\"{NAMESPACE}\"");
    }
    let flavour = base.flavour.unwrap_or(Flavour::A2b);
    let _ = writeln!(
        x,
        ">\n<pdfaid:part>{}</pdfaid:part><pdfaid:conformance>{}</pdfaid:conformance>",
        flavour.part(),
        flavour.conformance()
    );
    let _ = write!(
        x,
        "<dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt>\
         </dc:title>",
        escaped(base.title)
    );
    if !base.language.is_empty() {
        let language = escaped(base.language);
        let _ = write!(x, "<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>");
    }
    let created = &base.created;
    let _ = writeln!(
        x,
        "\n<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate>\
         <xmp:CreatorTool>{TOOL}</xmp:CreatorTool><pdf:Producer>{TOOL}</pdf:Producer>"
    );
    properties.iter().for_each(|p| value(&mut x, p));
    x.push_str("</rdf:Description>\n");
    if !properties.is_empty() {
        extension(&mut x, properties);
    }
    x.push_str("</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>");
    x.into_bytes()
}

fn value(x: &mut String, property: &Property) {
    let name = property.name;
    if property.kind == "bag Text" {
        let items: String =
            property.values.iter().map(|v| format!("<rdf:li>{}</rdf:li>", escaped(v))).collect();
        let _ = writeln!(x, "<recovery:{name}><rdf:Bag>{items}</rdf:Bag></recovery:{name}>");
    } else if let Some(text) = property.values.first() {
        let _ = writeln!(x, "<recovery:{name}>{}</recovery:{name}>", escaped(text));
    }
}

/// PDF/A extension schema (ISO 19005-2 6.6.2.3.3) for the facts that this file has.
fn extension(x: &mut String, properties: &[Property]) {
    let _ = writeln!(
        x,
        "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
         xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
         xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\"><pdfaExtension:schemas><rdf:Bag>\
         <rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>Recovery after an outage</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>recovery</pdfaSchema:prefix>\
         <pdfaSchema:property><rdf:Seq>"
    );
    for p in properties {
        let _ = writeln!(
            x,
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{}</pdfaProperty:name><pdfaProperty:valueType>{}\
             </pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{}</pdfaProperty:description></rdf:li>",
            p.name, p.kind, p.description
        );
    }
    x.push_str(
        "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n",
    );
}

/// Text composed (NFC), without control characters and what XML cannot hold.
pub(super) fn plain_text(text: &str) -> String {
    text.nfc().filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}

/// Plain text with XML's own characters escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain_text(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// What the recovery schema of a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Reference of the outage.
    pub outage_reference: String,
    /// Who attests wet signature and stamp.
    pub attested_by: Option<String>,
    /// The wet signature was seen.
    pub wet_signature_seen: bool,
    /// The wet stamp was seen.
    pub wet_stamp_seen: bool,
    /// Made in a drill.
    pub drill: bool,
}

/// Reads the recovery facts out of a packet; none when it has none.
///
/// # Errors
/// [`kinds::XMP_BROKEN`] when the packet is too large or no well-formed XML without a document type.
pub fn parse(packet: &[u8]) -> Result<Option<Recovery>> {
    tree(packet).map(|xml| recovery(&xml))
}

/// The elements of a packet.
///
/// # Errors
/// As [`parse`].
pub(super) fn tree(packet: &[u8]) -> Result<roxmltree::Document<'_>> {
    let broken = |cause: String| kinds::XMP_BROKEN.with("cause", cause);
    if packet.len() > MAX_PACKET {
        return Err(broken(format!("{} bytes", packet.len())));
    }
    let text = std::str::from_utf8(packet).map_err(|e| broken(e.to_string()))?;
    roxmltree::Document::parse(text.trim_start_matches('\u{feff}')).map_err(|e| broken(e.to_string()))
}

/// What the recovery schema says in a packet.
pub(super) fn recovery(xml: &roxmltree::Document) -> Option<Recovery> {
    let fact = |name: &str| {
        let node = xml
            .descendants()
            .find(|n| n.tag_name().namespace() == Some(NAMESPACE) && n.tag_name().name() == name);
        node.and_then(|n| n.text()).map(str::to_owned)
    };
    let truth = |name: &str| fact(name).as_deref() == Some("True");
    fact("outageReference").map(|outage_reference| Recovery {
        outage_reference,
        attested_by: fact("attestedBy"),
        wet_signature_seen: truth("wetSignatureSeen"),
        wet_stamp_seen: truth("wetStampSeen"),
        drill: truth("drill"),
    })
}

/// A file identifier from content alone, so that the same input gives the same bytes.
pub(super) fn identifier(parts: &[&[u8]]) -> String {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hex(&hasher.finalize()[..16])
}
