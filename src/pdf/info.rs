//! The document information dictionary (ISO 32000-1 14.3.3). PDF/A readers go by the XMP packet; others show this one. It
//! says nothing else than the packet (ISO 19005-1 6.7.3 has the table of which entry is which property).

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use lopdf::{Dictionary, Document, Object};

use super::objects::text_string;
use super::xmp;

const DC: &str = "http://purl.org/dc/elements/1.1/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const PDF: &str = "http://ns.adobe.com/pdf/1.3/";
/// Entries with the properties that they repeat.
const SAME: [(&[u8], &str, &str); 8] = [
    (b"Title", DC, "title"),
    (b"Author", DC, "creator"),
    (b"Subject", DC, "description"),
    (b"Keywords", PDF, "Keywords"),
    (b"Creator", XMP, "CreatorTool"),
    (b"Producer", PDF, "Producer"),
    (b"CreationDate", XMP, "CreateDate"),
    (b"ModDate", XMP, "ModifyDate"),
];

/// The dictionary of a file that was made at `at`.
pub(super) fn dictionary(title: &str, at: Timestamp, utc_offset_minutes: i32) -> String {
    let title = match xmp::plain_text(title) {
        title if title.is_empty() => String::new(),
        title => format!("/Title{}", text_string(&title)),
    };
    let tool = text_string(xmp::TOOL);
    let date = date(at, utc_offset_minutes);
    format!("<<{title}/Creator{tool}/Producer{tool}/CreationDate{date}/ModDate{date}>>")
}

/// A date (ISO 32000-1 7.9.4).
fn date(at: Timestamp, utc_offset_minutes: i32) -> String {
    let offset = Offset::from_seconds(utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    let local = at.to_zoned_datetime(TimeZone::fixed(offset));
    let sign = if offset.seconds() < 0 { '-' } else { '+' };
    let minutes = offset.seconds().abs() / 60;
    let day = local.strftime("D:%Y%m%d%H%M%S");
    format!("({day}{sign}{:02}'{:02}')", minutes / 60, minutes % 60)
}

/// Names of entries that the packet does not repeat.
pub(super) fn disagreements(document: &Document, xml: &roxmltree::Document) -> Vec<String> {
    let Ok(info) = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict) else {
        return Vec::new();
    };
    let differs = |(key, namespace, name): &(&[u8], &str, &str)| {
        let Some(value) = entry(info, key) else { return info.has(key) };
        let node = xml
            .descendants()
            .find(|n| n.tag_name().name() == *name && n.tag_name().namespace() == Some(*namespace));
        let said: Option<String> =
            node.map(|n| n.descendants().filter(roxmltree::Node::is_text).filter_map(|t| t.text()).collect());
        match said {
            Some(said) if key.ends_with(b"Date") => moment(&value) != said.trim().parse().ok(),
            Some(said) => said.trim() != value.trim(),
            None => true,
        }
    };
    SAME.iter()
        .filter(|same| differs(same))
        .map(|(key, ..)| String::from_utf8_lossy(key).into_owned())
        .collect()
}

/// A text string: UTF-16 with its mark, or bytes that are taken for Latin-1.
fn entry(info: &Dictionary, key: &[u8]) -> Option<String> {
    let bytes = info.get(key).and_then(Object::as_str).ok()?;
    Some(match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(units) => {
            let units: Vec<u16> =
                units.chunks_exact(2).map(|two| two.iter().fold(0, |v, b| v << 8 | u16::from(*b))).collect();
            String::from_utf16_lossy(&units)
        }
        None => bytes.iter().map(|b| char::from(*b)).collect(),
    })
}

/// The point in time of `D:20261102094500+07'00'`.
fn moment(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix("D:")?;
    let zone = digits.get(14..)?.replace('\'', "");
    let zone = if zone.is_empty() || zone == "Z" { "+0000".to_owned() } else { zone };
    Timestamp::strptime("%Y%m%d%H%M%S%z", format!("{}{zone}", digits.get(..14)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_out_and_come_back() {
        let at: Timestamp = "2026-11-24T18:30:05Z".parse().unwrap();
        for (offset, text) in [
            (420, "(D:20261125013005+07'00')"),
            (-210, "(D:20261124150005-03'30')"),
            (0, "(D:20261124183005+00'00')"),
        ] {
            assert_eq!(date(at, offset), text);
            assert_eq!(moment(text.trim_matches(['(', ')'])), Some(at));
        }
        assert_eq!(moment("D:2026"), None);
    }
}
