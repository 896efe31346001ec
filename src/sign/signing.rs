//! One signature, from bytes to bytes: look, write the revision with room, hash, let the key sign, fill in, look again.

use jiff::Timestamp;
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization;

use super::byte_range::{self, Slot};
use super::certificate::Certificate;
use super::field::{self, Field};
use super::{Authorised, Intent, Role, Sealed, Session, Signed, Visible, appearance, cms};
use crate::error::{Result, kinds};
use crate::pdf::ArchivalPdf;
use crate::pdf::append::Revision;
use crate::pdf::raw::{self, RawDict};
use crate::pdf::read::Base;
use crate::pdf::sections;
use crate::verify::Verified;

/// The first personal signature.
///
/// # Errors
/// A key error (exit 6), or a refusal of the file; the file is unchanged then.
pub fn personal(pdf: ArchivalPdf, session: &mut dyn Session, intent: &Intent) -> Result<Signed> {
    expect(intent, Role::Personal)?;
    apply(pdf.bytes(), session, intent).map(Signed::new)
}

/// A further personal signature, on a file whose earlier ones hold.
///
/// # Errors
/// As [`personal`]; [`kinds::ALREADY_SEALED`].
pub fn personal_next(verified: Verified, session: &mut dyn Session, intent: &Intent) -> Result<Signed> {
    expect(intent, Role::Personal)?;
    apply(verified.bytes(), session, intent).map(Signed::new)
}

/// The organization's signature, the last one.
///
/// # Errors
/// As [`personal`].
pub fn seal(authorised: Authorised, session: &mut dyn Session, intent: &Intent) -> Result<Sealed> {
    expect(intent, Role::Organization)?;
    apply(&authorised.into_bytes(), session, intent).map(Sealed::new)
}

fn expect(intent: &Intent, role: Role) -> Result<()> {
    if intent.role == role {
        return Ok(());
    }
    Err(kinds::INTERNAL
        .with("cause", format!("signing as {} where {} is due", intent.role.as_str(), role.as_str())))
}

/// Signs any PDF: `bytes` stay the exact beginning of the result.
///
/// # Errors
/// [`kinds::ALREADY_SEALED`] for a person behind the organization; a refusal of the file (`base_...`); a key error.
pub fn apply(bytes: &[u8], session: &mut dyn Session, intent: &Intent) -> Result<Vec<u8>> {
    let base = Base::open(bytes)?;
    let name = field_name(&base, intent.role)?;
    field::check_allowed(&base, intent.visible.is_some())?;
    let signer = Certificate::parse(session.certificate())?;
    signer.check_time(intent.at)?;
    let chain = session.chain().iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>>>()?;

    let reserve = cms::length(&signer, &chain, session.algorithm())?;
    let (revision, slot) = prepare(&base, intent, session.signer_name(), name, reserve)?;
    let mut file = revision.finish()?;
    let hash = session.algorithm().digest();
    let digest = slot.seal_range(&mut file, hash)?;
    let attributes = cms::signed_attributes(&signer, hash, &digest)?;
    let signature = session.sign(&attributes)?;
    let container = cms::assemble(&signer, &chain, session.algorithm(), &attributes, &signature)?;
    slot.fill(&mut file, &container)?;
    let signed = file.into_bytes();
    check(bytes, &signed, &slot)?;
    Ok(signed)
}

/// The field's name; persons never sign behind the organization (Decree 30/2020 Art. 32; the order of the law).
fn field_name(base: &Base, role: Role) -> Result<String> {
    let taken = base.field_names()?;
    let sealed = taken.iter().find(|name| name.starts_with(Role::Organization.as_str().as_bytes()));
    match sealed {
        Some(field) if role == Role::Personal => {
            Err(kinds::ALREADY_SEALED.with("field", String::from_utf8_lossy(field)))
        }
        _ => Ok(field::next_name(&taken, role)),
    }
}

/// The revision, complete but for range and signature, and where these go.
fn prepare<'a>(
    base: &'a Base<'a>,
    intent: &Intent,
    signer: &str,
    name: String,
    reserve: usize,
) -> Result<(Revision<'a>, Slot)> {
    let mut page = base.first_page()?;
    let mut revision = Revision::new(base)?;
    let signature = revision.allocate()?;
    let (body, slot) = byte_range::dictionary(&entries(intent, signer), reserve);
    let offset = revision.put(signature, &body)?;
    let visible = match &intent.visible {
        Some(Visible::Text(lines)) => Some(appearance::block(&mut revision, &page, lines)?),
        Some(Visible::Picture(placed)) => {
            page = placed.page.clone();
            Some(placed.put(&mut revision, claims_part_1(base))?)
        }
        None => None,
    };
    field::add(&mut revision, &Field { name, signature, page: page.id, visible })?;
    Ok((revision, slot.at(offset)))
}

/// Whether the metadata claim part 1 of PDF/A (ISO 19005-1 6.7.11). They are never compressed there (6.7.2).
fn claims_part_1(base: &Base) -> bool {
    let claims: [&[u8]; 3] = [b"pdfaid:part>1<", b"pdfaid:part=\"1\"", b"pdfaid:part='1'"];
    claims.iter().any(|claim| base.bytes().windows(claim.len()).any(|window| window == *claim))
}

/// Signature dictionary (ISO 32000-1 Table 252; EN 319 142-1 6.3: /M with the claimed time, /Reason, no /Cert).
fn entries(intent: &Intent, signer: &str) -> Vec<u8> {
    let mut out = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M".to_vec();
    out.extend_from_slice(&text(&date(intent.at, intent.utc_offset_seconds)));
    out.extend_from_slice(b"/Name");
    out.extend_from_slice(&text(signer));
    if let Some(reason) = &intent.reason {
        out.extend_from_slice(b"/Reason");
        out.extend_from_slice(&text(reason));
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

/// Looks at the result as a reader would: the base is its beginning, the cross-reference chain holds, and the gap is
/// exactly the signature dictionary's own /Contents.
fn check(base: &[u8], signed: &[u8], slot: &Slot) -> Result<()> {
    let fault = |cause| Err(kinds::INTERNAL.with("cause", cause));
    if !signed.starts_with(base) {
        return fault("the base changed while signing");
    }
    sections::follow(signed)?;
    let dictionary = signed.get(slot.dictionary_at()..).and_then(RawDict::parse);
    let Some(dictionary) = dictionary else { return fault("the signature dictionary cannot be read") };
    let range: Vec<usize> = dictionary
        .get("ByteRange")
        .and_then(raw::array)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| raw::integer(item, 0).map(|(number, _)| number))
        .collect();
    let gap = match range[..] {
        [0, start, end, rest] if end.checked_add(rest) == Some(signed.len()) => signed.get(start..end),
        _ => None,
    };
    match gap {
        Some(gap) if dictionary.get("Contents") == Some(gap) => Ok(()),
        _ => fault("/ByteRange does not cover the file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
