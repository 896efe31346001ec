//! Signing with real keys in files, on real PDFs of both cross-reference forms.

use std::path::PathBuf;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use lopdf::{Document, Object, SaveOptions, dictionary};
use secrecy::SecretString;

use super::authority::{Issued, KeyType, Purpose, Recipe};
use super::key::{KeyUri, Place, open};
use super::{Intent, KeyPolicy, PinSource, Role, Session, Visible, apply};
use crate::error::Result;
use crate::pdf::raw;
use crate::pdf::read::Base;

const PASSWORD: &str = "mật khẩu 1";

struct Keys {
    files: Vec<(&'static str, Vec<u8>)>,
    root: Issued,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let mut files = Vec::new();
    let root = Issued::root(&recipe("CN=Root", -1, 30, Purpose::Authority)).unwrap();
    let between = root.issue(&recipe("CN=Between", -1, 20, Purpose::Authority)).unwrap();
    for (name, days, purpose) in [
        ("good", (-1, 10), Purpose::Signing),
        ("expired", (-10, -1), Purpose::Signing),
        ("early", (1, 10), Purpose::Signing),
        ("wrong-use", (-1, 10), Purpose::Encryption),
    ] {
        let subject = format!("CN=Nguyễn Văn A {name},O=UBND");
        let key = between.issue(&recipe(&subject, days.0, days.1, purpose)).unwrap();
        files.push((name, key.pkcs12(PASSWORD).unwrap()));
    }
    Keys { files, root }
});

/// A folder with the keys in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &KEYS.files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn recipe(subject: &str, from: i64, until: i64, purpose: Purpose) -> Recipe<'_> {
    let day = |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days);
    Recipe { subject, from: day(from), until: day(until), purpose }
}

/// Gives one PIN and counts how often it is asked for.
struct OnePin(&'static str, usize);

impl PinSource for OnePin {
    fn pin(&mut self, _prompt: &str) -> Result<SecretString> {
        self.1 += 1;
        Ok(SecretString::from(self.0))
    }
}

fn address(name: &str) -> KeyUri {
    KeyUri { place: Place::File(PathBuf::from(name)), pin_file: None }
}

fn open_with(name: &str, pin: &'static str) -> (Result<Box<dyn Session>>, usize) {
    let folder = folder();
    let policy = KeyPolicy { base: folder.path().into(), ..KeyPolicy::default() };
    let mut pins = OnePin(pin, 0);
    let session = open(&address(name), &policy, &mut pins);
    (session, pins.1)
}

fn session() -> Box<dyn Session> {
    open_with("good", PASSWORD).0.unwrap()
}

fn intent(role: Role) -> Intent {
    Intent {
        role,
        reason: Some(String::from("Văn bản giấy số 125/UBND-VP")),
        at: Timestamp::now(),
        visible: None,
        lock: false,
        utc_offset_seconds: 7 * 3600,
    }
}

/// A PDF with one page, as a table or as streams.
fn pdf(streams: bool, page: lopdf::Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let mut page = page;
    page.set("Type", "Page");
    page.set("Parent", pages);
    let page = document.add_object(page);
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    if streams {
        let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
        document.save_with_options(&mut out, options).unwrap();
    } else {
        document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
        document.save_to(&mut out).unwrap();
    }
    out
}

fn a4() -> lopdf::Dictionary {
    dictionary! { "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] }
}

#[test]
fn two_signatures_leave_all_earlier_bytes_in_place() {
    for streams in [false, true] {
        let base = pdf(streams, a4());
        let mut session = session();
        let once = apply(&base, &mut *session, &intent(Role::Personal)).unwrap();
        let twice = apply(&once, &mut *session, &intent(Role::Organization)).unwrap();
        assert!(once.starts_with(&base) && twice.starts_with(&once));
        let read = Base::open(&twice).unwrap();
        assert_eq!(read.field_names().unwrap(), [b"personal-1".to_vec(), b"organization-1".to_vec()]);
        assert_eq!(lopdf::Document::load_mem(&twice).unwrap().get_pages().len(), 1);
        let tail = &twice[once.len()..];
        assert_eq!(tail.windows(6).any(|w| w == b"\nxref\n"), !streams);
        assert!(tail.len() < 8_000, "{} bytes a signature", tail.len());
    }
}

#[test]
fn the_container_is_in_der_and_says_nothing_but_what_it_must() {
    use der::Decode;
    let once = apply(&pdf(false, a4()), &mut *session(), &intent(Role::Personal)).unwrap();
    let at = once.windows(9).rposition(|w| w == b"/Contents").unwrap();
    let gap = raw::value(&once, at + 9).unwrap();
    let hex = std::str::from_utf8(&gap[1..gap.len() - 1]).unwrap();
    let bytes: Vec<u8> =
        (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    let outer = cms::content_info::ContentInfo::from_der(&bytes).expect("no padding, no leftover");
    let signed: cms::signed_data::SignedData = outer.content.decode_as().unwrap();
    let info = signed.signer_infos.0.iter().next().unwrap();
    let attributes = info.signed_attrs.as_ref().unwrap();
    let oids: Vec<String> = attributes.iter().map(|a| a.oid.to_string()).collect();
    assert_eq!(oids, ["1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47"]);
    assert_eq!(signed.certificates.unwrap().0.len(), 2, "signer and intermediate, not the root");
    assert!(!once.windows(KEYS.root.certificates[0].len()).any(|w| w == KEYS.root.certificates[0]));
}

/// The two numbers of an ECDSA signature have no fixed length in DER; what is left of the room stays zeros.
#[test]
fn an_ecdsa_signature_of_any_length_fits_its_room() {
    for kind in [KeyType::P256, KeyType::P384] {
        let key = KEYS.root.issue_with(kind, &recipe("CN=EC", -1, 9, Purpose::Signing)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ec.p12"), key.pkcs12(PASSWORD).unwrap()).unwrap();
        let policy = KeyPolicy { base: folder.path().into(), ..KeyPolicy::default() };
        let mut session = open(&address("ec.p12"), &policy, &mut OnePin(PASSWORD, 0)).unwrap();
        let base = pdf(false, a4());
        let (mut lengths, mut zeros) = (Vec::new(), Vec::new());
        for number in 0..40 {
            let mut intent = intent(Role::Personal);
            intent.reason = Some(format!("{number:02}"));
            let once = apply(&base, &mut *session, &intent).unwrap();
            let at = once.windows(9).rposition(|w| w == b"/Contents").unwrap();
            let gap = raw::value(&once, at + 9).unwrap();
            zeros.push(gap.iter().rev().skip(1).take_while(|b| **b == b'0').count() / 2);
            lengths.push(once.len());
        }
        lengths.dedup();
        assert_eq!(lengths.len(), 1, "the room is always the same");
        zeros.sort_unstable();
        zeros.dedup();
        assert!(zeros.len() > 1 && zeros.iter().all(|zeros| *zeros < 8), "{zeros:?}");
    }
}

#[test]
fn a_person_never_signs_behind_the_organization() {
    let sealed = apply(&pdf(false, a4()), &mut *session(), &intent(Role::Organization)).unwrap();
    let error = apply(&sealed, &mut *session(), &intent(Role::Personal)).unwrap_err();
    assert_eq!(error.code(), "already_sealed");
}

#[test]
fn foreign_forms_and_annotations_are_extended_where_they_stand() {
    let base = pdf(false, a4());
    let text = String::from_utf8_lossy(&base).into_owned();
    // An indirect /Annots, an indirect /Fields and a direct /AcroForm, added as another program would.
    let document = Document::load_mem(&base).unwrap();
    let (root, page) =
        (document.trailer.get(b"Root").unwrap().as_reference().unwrap(), document.get_pages()[&1]);
    let base_read = Base::open(&base).unwrap();
    let mut revision = crate::pdf::append::Revision::new(&base_read).unwrap();
    let (annots, fields) = (revision.allocate().unwrap(), revision.allocate().unwrap());
    revision.put(annots, b"[]").unwrap();
    revision.put(fields, b"[]").unwrap();
    let edit = |id, key: &str, value: String| {
        let bytes = base_read.raw_object(id).unwrap().into_owned();
        let mut dict = raw::RawDict::parse(&bytes).unwrap();
        dict.set(key, value.into_bytes());
        dict.to_bytes()
    };
    revision.replace(page, &edit(page, "Annots", format!("{annots} 0 R"))).unwrap();
    revision.replace(root, &edit(root, "AcroForm", format!("<</Fields {fields} 0 R/DA(x)>>"))).unwrap();
    let foreign = revision.finish().unwrap().into_bytes();
    assert!(text.contains("/Catalog"));

    let once = apply(&foreign, &mut *session(), &intent(Role::Personal)).unwrap();
    let twice = apply(&once, &mut *session(), &intent(Role::Organization)).unwrap();
    let read = Base::open(&twice).unwrap();
    assert_eq!(read.field_names().unwrap().len(), 2);
    let (holder, form) = read.form_dictionary().unwrap().unwrap();
    assert!(holder.is_none() && form.has(b"DA"));
    assert_eq!(form.get(b"SigFlags").unwrap().as_i64().unwrap(), 3);
    let page_again = format!("{} 0 obj", page.0);
    assert!(
        !String::from_utf8_lossy(&once[foreign.len()..]).contains(&page_again),
        "the page needs no new version"
    );
}

#[test]
fn files_that_two_readers_read_in_two_ways_are_refused() {
    let code = |bytes: &[u8]| apply(bytes, &mut *session(), &intent(Role::Personal)).unwrap_err().code();
    let base = pdf(false, a4());
    let replaced = |from: &str, to: &str| {
        let at = base.windows(from.len()).rposition(|w| w == from.as_bytes()).unwrap();
        [&base[..at], to.as_bytes(), &base[at + from.len()..]].concat()
    };
    assert_eq!(code(b""), "base_damaged");
    assert_eq!(code(b"%PDF-1.7\n%%EOF"), "base_damaged");
    assert_eq!(code(&base[..base.len() / 2]), "base_damaged");
    assert_eq!(code(&base[..base.len() - 7]), "base_damaged");
    assert_eq!(code(&[&base[..], b"<html>"].concat()), "base_trailing_data");
    assert_eq!(code(&replaced("/Root", "/XRefStm 9/Root")), "base_hybrid");
    assert_eq!(code(&replaced("/Root", "/Encrypt 9 0 R/Root")), "base_encrypted");
    assert_eq!(code(&replaced("/Root", "/Prev 0/Root")), "base_damaged");
    assert_eq!(code(&replaced("/Root", "/Size 3/Root")), "base_damaged");
    assert_eq!(code(&[b"garbage".as_slice(), &base].concat()), "base_damaged");
    let endless = replaced("startxref", "startxref 7");
    assert_eq!(code(&endless), "base_damaged");
    for cut in (0..base.len()).step_by(7) {
        let _ = apply(&base[..cut], &mut *session(), &intent(Role::Personal)).unwrap_err();
    }
}

#[test]
fn white_space_behind_the_end_is_no_reason_to_refuse() {
    let base = pdf(false, a4());
    let end = base.iter().rposition(|b| *b == b'F').unwrap() + 1;
    for tail in ["", "\n", "\r\n\r\n", " "] {
        let base = [&base[..end], tail.as_bytes()].concat();
        let signed = apply(&base, &mut *session(), &intent(Role::Personal)).unwrap();
        assert!(signed.starts_with(&base));
        assert!(Base::open(&signed).is_ok());
    }
}

#[test]
fn a_wrong_password_is_tried_once() {
    let (session, asked) = open_with("good", "nope");
    assert_eq!(session.err().unwrap().code(), "wrong_pin");
    assert_eq!(asked, 1);
}

#[test]
fn unusable_certificates_are_refused_before_the_first_document() {
    for (name, code) in [
        ("expired", "certificate_expired"),
        ("early", "certificate_not_yet_valid"),
        ("wrong-use", "key_usage_wrong"),
        ("missing", "key_file_missing"),
    ] {
        assert_eq!(open_with(name, PASSWORD).0.err().unwrap().code(), code);
    }
    let folder = folder();
    let strict = KeyPolicy { min_rsa_bits: 3_072, base: folder.path().into(), ..KeyPolicy::default() };
    let error = open(&address("good"), &strict, &mut OnePin(PASSWORD, 0)).err().unwrap();
    assert_eq!(error.code(), "key_too_short");
}

#[test]
fn a_signing_time_outside_of_the_certificate_is_refused() {
    let mut late = intent(Role::Personal);
    late.at = Timestamp::now() + SignedDuration::from_hours(24 * 60);
    let error = apply(&pdf(false, a4()), &mut *session(), &late).unwrap_err();
    assert_eq!(error.code(), "certificate_expired");
    let message = error.message(crate::locales::Lang::Vi);
    assert!(message.contains("Nguyễn Văn A good"), "{message}");
}

#[test]
fn the_password_may_come_from_a_file() {
    let folder = folder();
    let password = folder.path().join("password");
    crate::platform::write_new_private(&password, format!("{PASSWORD}\n").as_bytes()).unwrap();
    let policy = KeyPolicy { base: folder.path().into(), ..KeyPolicy::default() };
    let mut pins = OnePin("never asked", 0);
    let uri = KeyUri { pin_file: Some("password".into()), ..address("good") };
    let session = open(&uri, &policy, &mut pins).unwrap();
    assert_eq!((session.signer_name(), pins.1), ("Nguyễn Văn A good", 0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(open(&uri, &policy, &mut pins).err().unwrap().code(), "pin_file_open");
    }
    let uri = KeyUri { pin_file: Some("none".into()), ..address("good") };
    assert_eq!(open(&uri, &policy, &mut pins).err().unwrap().code(), "pin_file_unreadable");
}

/// Cheap stand-in for a fuzzer: whatever one byte is changed to, there is an answer and no panic, and what is signed is
/// signed behind the base.
#[test]
fn damage_anywhere_is_an_answer_and_never_a_panic() {
    for streams in [false, true] {
        let base = apply(&pdf(streams, a4()), &mut *session(), &intent(Role::Personal)).unwrap();
        let mut session = session();
        for at in (0..base.len()).filter(|at| *at < 700 || *at + 700 > base.len()) {
            let mut damaged = base.clone();
            damaged[at] = [b'9', b'<', b'[', b'(', b'/', b' ', 0xFF][at % 7];
            if let Ok(signed) = apply(&damaged, &mut *session, &intent(Role::Organization)) {
                assert!(signed.starts_with(&damaged));
            }
        }
    }
}

/// Signs the `large.pdf` that `look_pdf` wrote, for outside judges: once invisibly, then with the visible text.
#[test]
#[ignore = "for people who want to look"]
fn look_signed() {
    let folder = std::env::var("SCANSEAL_LOOK").expect("SCANSEAL_LOOK=DIR");
    let folder = std::path::Path::new(&folder);
    let base = std::fs::read(folder.join("large.pdf")).unwrap();
    let once = apply(&base, &mut *session(), &intent(Role::Personal)).unwrap();
    std::fs::write(folder.join("signed-1.pdf"), &once).unwrap();
    let mut seal = intent(Role::Organization);
    seal.visible = Some(Visible::Text(vec!["SAO Y".into(), "UBND tỉnh".into()]));
    std::fs::write(folder.join("signed-2.pdf"), apply(&once, &mut *session(), &seal).unwrap()).unwrap();
}
