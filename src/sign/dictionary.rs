//! The signature dictionary, and how texts and dates are spelled in it.

use jiff::Timestamp;
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization;

use super::Intent;

/// Signature dictionary (ISO 32000-1 Table 252; EN 319 142-1 6.3: /M with the claimed time, /Reason, no /Cert).
pub(super) fn entries(intent: &Intent, signer: &str, locked: Option<&[u8]>) -> Vec<u8> {
    let mut out = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M".to_vec();
    out.extend_from_slice(&text(&date(intent.at, intent.utc_offset_seconds)));
    out.extend_from_slice(b"/Name");
    out.extend_from_slice(&text(signer));
    if let Some(reason) = &intent.reason {
        out.extend_from_slice(b"/Reason");
        out.extend_from_slice(&text(reason));
    }
    if let Some(locked) = locked {
        // Table 253: the signer's program states the lock again where it is signed.
        let start =
            b"/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams";
        out.extend_from_slice(&[start, locked, b"/V/1.2>>>>]"].concat());
    }
    out.extend_from_slice(b"/Prop_Build<</App<</Name/scanseal/REx");
    out.extend_from_slice(&text(env!("CARGO_PKG_VERSION")));
    out.extend_from_slice(b">>>>");
    out
}

/// A date with offset (ISO 32000-1 7.9.4): `D:20261124113000+07'00'`. An offset that is none reads as UTC.
fn date(at: Timestamp, offset_seconds: i32) -> String {
    let offset = Offset::from_seconds(offset_seconds).unwrap_or(Offset::UTC);
    let local = offset.to_datetime(at);
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("D:{}{sign}{hours:02}'{minutes:02}'", local.strftime("%Y%m%d%H%M%S"))
}

/// Longest text in characters: two UTF-16 units each stay below the 32,767 bytes that a string of a PDF/A may have (ISO
/// 19005-2 6.1.13).
const MAX_TEXT: usize = 8_000;

/// A text string (7.9.2.2): ASCII as it is, everything else UTF-16BE of the NFC form. What is beyond [`MAX_TEXT`] is cut.
fn text(content: &str) -> Vec<u8> {
    let content: String = content.nfc().take(MAX_TEXT).collect();
    let plain = content.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    let bytes = if plain {
        content.as_bytes().to_vec()
    } else {
        [0xFE, 0xFF].into_iter().chain(content.encode_utf16().flat_map(u16::to_be_bytes)).collect()
    };
    let mut out = vec![b'('];
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::raw::RawDict;

    #[test]
    fn dates_carry_the_offset_of_the_office() {
        let at: Timestamp = "2026-11-24T04:30:00Z".parse().unwrap();
        assert_eq!(date(at, 7 * 3600), "D:20261124113000+07'00'");
        assert_eq!(date(at, -(3 * 3600 + 1800)), "D:20261124010000-03'30'");
        assert_eq!(date(at, 0), "D:20261124043000+00'00'");
        assert_eq!(date(at, i32::MAX), "D:20261124043000+00'00'");
    }

    #[test]
    fn no_string_is_longer_than_pdfa_allows() {
        for long in ["a", "đ", "😀"] {
            let written = text(&long.repeat(40_000));
            let wrapped = [b"<</T".as_slice(), &written, b">>"].concat();
            let dictionary = RawDict::parse(&wrapped).unwrap();
            assert_eq!(dictionary.get("T"), Some(&written[..]));
            let backslashes = written.iter().filter(|b| **b == b'\\').count();
            assert!(written.len() - 2 - backslashes <= 32_767, "{long}: {}", written.len());
        }
    }

    #[test]
    fn text_is_escaped_and_vietnamese_is_utf_16() {
        assert_eq!(text("a(b)\\"), b"(a\\(b\\)\\\\)");
        assert_eq!(text("Ế"), b"(\xFE\xFF\x1E\xBE)");
        assert_eq!(text("E\u{302}\u{301}"), b"(\xFE\xFF\x1E\xBE)");
        // U+0128 ends in the byte of "(", U+010D in a carriage return, which a reader would turn into a line feed.
        assert_eq!(text("\u{128}\u{10D}"), b"(\xFE\xFF\x01\\(\x01\\r)");
    }
}
