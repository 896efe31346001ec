//! Files that hold, and files that were tampered with in every way that has a name; keys and certificates are made here.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use lopdf::{Document, Object, SaveOptions, Stream, dictionary};
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use sha2::{Digest, Sha256};

use super::*;
use crate::pdf::append::Revision;
use crate::pdf::raw::{self, RawDict};
use crate::pdf::read::{Base, ObjectId};
use crate::sign::authority::{Issued, Purpose, Recipe};
use crate::sign::{Algorithm, Intent, Role, Session, Visible, apply, byte_range, certificate, cms as made};

mod attacks;
mod certificates;
mod fetched;
mod holes;
mod hostile;
mod peers;

struct Keys {
    root: Issued,
    other_root: Issued,
    person: Key,
    organization: Key,
}

#[derive(Clone)]
struct Key {
    key: RsaPrivateKey,
    certificates: Vec<Vec<u8>>,
}

impl Key {
    fn of(issued: &Issued) -> Self {
        let key = RsaPrivateKey::from_pkcs8_der(&issued.key_der().unwrap()).unwrap();
        Self { key, certificates: issued.certificates.clone() }
    }
}

impl Session for Key {
    fn certificate(&self) -> &[u8] {
        &self.certificates[0]
    }

    fn chain(&self) -> &[Vec<u8>] {
        &self.certificates[1..]
    }

    fn signer_name(&self) -> &str {
        "Nguyễn Văn A"
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaPkcs1Sha256
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        let padding = rsa::Pkcs1v15Sign::new::<Sha256>();
        Ok(self.key.sign(padding, &Sha256::digest(message)).unwrap())
    }
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let root = Issued::root(&recipe("CN=Root", -9, 30, Purpose::Authority)).unwrap();
    let between = root.issue(&recipe("CN=Between", -9, 20, Purpose::Authority)).unwrap();
    let issue = |name: &str| Key::of(&between.issue(&recipe(name, -9, 10, Purpose::Signing)).unwrap());
    Keys {
        person: issue("CN=Nguyễn Văn A,O=UBND"),
        organization: issue("CN=UBND xã"),
        // The same name, another key.
        other_root: Issued::root(&recipe("CN=Root", -9, 30, Purpose::Authority)).unwrap(),
        root,
    }
});

fn days(days: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(24 * days)
}

fn recipe(subject: &str, from: i64, until: i64, purpose: Purpose) -> Recipe<'_> {
    Recipe { subject, from: days(from), until: days(until), purpose }
}

fn trust() -> Trust {
    Trust { anchors: vec![KEYS.root.certificates[0].clone()], ..Trust::default() }
}

fn intent(role: Role, visible: bool) -> Intent {
    Intent {
        role,
        reason: Some(String::from("Văn bản giấy số 125/UBND-VP")),
        at: Timestamp::now(),
        visible: visible
            .then(|| Visible::Text(vec![String::from("Nguyễn Văn A"), String::from("Cơ quan: UBND xã")])),
        lock: false,
        utc_offset_seconds: 7 * 3600,
    }
}

/// A page with text, a font, a note and a picture that is missing, and metadata that may say drill.
fn base(streams: bool, drill: bool) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let font = document
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let content =
        document.add_object(Stream::new(dictionary! {}, b"BT /F 12 Tf 99 99 Td (100) Tj ET".to_vec()));
    let note = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Square", "Rect" => vec![10.into(), 10.into(), 50.into(), 50.into()]
    });
    let missing = Object::Reference((900, 0));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Annots" => vec![note.into()],
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! {
            "Font" => dictionary! { "F" => font }, "XObject" => dictionary! { "X" => missing }
        },
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(tree));
    let packet = format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <r:Description xmlns:recovery='urn:scanseal:recovery:1.0#'>\
         <recovery:outageReference>SC-7</recovery:outageReference><recovery:drill>{}</recovery:drill>\
         </r:Description></r:RDF></x:xmpmeta>",
        if drill { "True" } else { "False" }
    );
    let kind = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let metadata = document.add_object(Stream::new(kind, packet.into_bytes()));
    let catalog =
        document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages, "Metadata" => metadata });
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

fn personal(base: &[u8]) -> Vec<u8> {
    apply(base, &mut KEYS.person.clone(), &intent(Role::Personal, false)).unwrap()
}

fn sealed(base: &[u8], visible: bool) -> Vec<u8> {
    apply(base, &mut KEYS.organization.clone(), &intent(Role::Organization, visible)).unwrap()
}

/// Signed by a person, then visibly by the organization.
static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| sealed(&personal(&base(false, false)), true));

fn judge(bytes: &[u8]) -> Report {
    report(bytes, &trust(), Timestamp::now(), Lang::En).unwrap()
}

/// Codes of the first signature that are more than notes.
fn codes(report: &Report) -> Vec<&'static str> {
    let all = report.signatures.first().map(|s| s.reasons.iter().map(|r| r.code).collect()).unwrap_or(vec![]);
    all.into_iter().filter(|code| reasons::of(code).consequence != reasons::Consequence::Note).collect()
}

/// Appends a revision as an attacker would.
fn revised(file: &[u8], edit: impl FnOnce(&mut Revision, &Base)) -> Vec<u8> {
    let base = Base::open(file).unwrap();
    let mut revision = Revision::new(&base).unwrap();
    edit(&mut revision, &base);
    revision.finish().unwrap().into_bytes()
}

/// An object with one key set to another raw value.
fn edited(base: &Base, id: ObjectId, key: &str, value: &str) -> Vec<u8> {
    let bytes = base.raw_object(id).unwrap().into_owned();
    let mut dict = RawDict::parse(&bytes).unwrap();
    dict.set(key, value.as_bytes().to_vec());
    dict.to_bytes()
}

/// The number of the newest object whose bytes contain `part`.
fn number_of(file: &[u8], part: &str) -> u32 {
    let document = Base::open(file).unwrap();
    let top = document.first_free().unwrap();
    let has = |number: &u32| {
        document.raw_object((*number, 0)).is_ok_and(|b| b.windows(part.len()).any(|w| w == part.as_bytes()))
    };
    (1..top).rev().find(has).unwrap_or_else(|| panic!("{part}"))
}

#[test]
fn a_file_without_signatures_is_unsigned() {
    for streams in [false, true] {
        let report = judge(&base(streams, false));
        assert_eq!(report.verdict, Verdict::Unsigned);
        assert_eq!((report.outage.as_deref(), report.drill), (Some("SC-7"), false));
    }
    assert_eq!(report(b"no PDF", &trust(), Timestamp::now(), Lang::En).unwrap_err().code(), "pdf_unreadable");
}

#[test]
fn two_signatures_hold_and_the_second_leaves_the_first_alone() {
    for (streams, visible) in [(false, false), (false, true), (true, false), (true, true)] {
        let once = personal(&base(streams, false));
        let alone = judge(&once);
        assert_eq!((alone.verdict, codes(&alone)), (Verdict::Valid, vec![]), "{alone:?}");
        assert_eq!(alone.signatures[0].coverage, Coverage::EntireFile);
        assert_eq!(alone.signatures[0].modifications, Modifications::None);

        let report = judge(&sealed(&once, visible));
        assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]), "{report:?}");
        let [first, second] = &report.signatures[..] else { panic!("{report:?}") };
        assert_eq!((first.field.as_str(), first.role.as_deref()), ("personal-1", Some("personal")));
        assert_eq!((second.role.as_deref(), second.signer.as_str()), (Some("organization"), "UBND xã"));
        assert_eq!((first.coverage, second.coverage), (Coverage::EntireRevision, Coverage::EntireFile));
        let level = if visible { Modifications::FormFilling } else { Modifications::LtaUpdates };
        assert_eq!((first.modifications, second.modifications), (level, Modifications::None));
        assert_eq!((first.revision, second.revision), (2, 3));
        assert_eq!((first.trust, first.integrity), (TrustState::Trusted, Integrity::Intact));
        assert_eq!(
            (first.owed.as_slice(), first.level.as_deref()),
            (&["revocation", "timestamp"][..], Some("B-B"))
        );
        assert_eq!(first.algorithm, "RSA PKCS#1 v1.5, SHA-256");
        assert!(first.signed_at.is_some() && first.timestamp_at.is_none());
    }
}

#[test]
fn a_built_archival_file_holds() {
    use crate::compress::{self, Class, MaskCodec, Settings};
    use crate::scan::{Dpi, DpiOrigin, PageImage, Pixels};
    let image = PageImage { width: 300, height: 400, pixels: Pixels::Rgb([240, 200, 90].repeat(120_000)) };
    let settings = Settings { class: Class::Normal, mask: MaskCodec::G4, min_dpi: 150 };
    let dpi = Dpi { x: 150.0, y: 150.0, origin: DpiOrigin::File };
    let page = compress::page(&image, dpi, &settings).unwrap();
    let facts = crate::pdf::ConvertFacts { title: "t".into(), ..crate::pdf::ConvertFacts::default() };
    let pdf = crate::pdf::convert(vec![page], facts).unwrap();
    let report = judge(&sealed(&personal(pdf.bytes()), false));
    assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]), "{report:?}");
}

/// Forms and annotations where other programs put them: by themselves, in the catalogue, in shared arrays.
#[test]
fn foreign_forms_are_extended_without_suspicion() {
    let foreign = |form: &'static str, shared: bool| {
        let plain = base(false, false);
        let form = form.to_owned();
        revised(&plain, |revision, base| {
            let (annots, fields) = (revision.allocate().unwrap(), revision.allocate().unwrap());
            let page = base.first_page().unwrap().id;
            let old =
                RawDict::parse(&base.raw_object(page).unwrap()).unwrap().get("Annots").unwrap().to_vec();
            revision.put(annots, &old).unwrap();
            revision.put(fields, b"[]").unwrap();
            revision.replace(page, &edited(base, page, "Annots", &format!("{annots} 0 R"))).unwrap();
            if shared {
                let other = revision.allocate().unwrap();
                revision.put(other, format!("<</Type/Page/Annots {annots} 0 R>>").as_bytes()).unwrap();
            }
            let root = base.root().unwrap();
            let form = form.replace("FIELDS", &format!("{fields} 0 R"));
            revision.replace(root, &edited(base, root, "AcroForm", &form)).unwrap();
        })
    };
    for form in
        ["<</Fields FIELDS/DA(x)>>", "<</Fields[]/SigFlags 3>>", "<</Fields FIELDS/SigFlags 3/DR<<>>>>"]
    {
        let report = judge(&sealed(&personal(&foreign(form, false)), true));
        assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]), "{form}: {report:?}");
    }
    // An array with a second use may mean something else there.
    let report = judge(&sealed(&personal(&foreign("<</Fields[]/SigFlags 3>>", true)), true));
    assert_eq!(codes(&report), ["object_overwritten"]);
}

#[test]
fn only_a_file_that_holds_becomes_verified() {
    let open = |bytes: &[u8]| Signed::open(bytes.to_vec()).unwrap();
    let now = Timestamp::now();
    let verified = check(open(&SIGNED), &trust(), now).unwrap();
    assert_eq!((verified.personal_signatures(), verified.is_provisional()), (1, true));
    assert_eq!(verified.bytes(), &SIGNED[..]);
    let rejected = check(open(&SIGNED), &Trust::default(), now).unwrap_err();
    assert_eq!((rejected.0.bytes(), rejected.1.verdict), (&SIGNED[..], Verdict::Indeterminate));
}

#[test]
fn a_drill_is_valid_in_a_drill_only() {
    let signed = personal(&base(false, true));
    let report = judge(&signed);
    assert_eq!((report.verdict, report.drill), (Verdict::Indeterminate, true));
    assert_eq!(codes(&report), ["drill_document"]);
    assert!(check(Signed::open(signed.clone()).unwrap(), &trust(), Timestamp::now()).is_err());
    let drill = Trust { drill: true, ..trust() };
    assert!(check(Signed::open(signed).unwrap(), &drill, Timestamp::now()).is_ok());
}

#[test]
fn revisions_are_the_file_as_it_was() {
    let once = personal(&base(false, false));
    let twice = sealed(&once, false);
    assert_eq!(revision(&twice, 2).unwrap(), once);
    assert_eq!(revisions(&twice).unwrap().len(), 3);
    for number in [0, 4, usize::MAX] {
        assert_eq!(revision(&twice, number).unwrap_err().code(), "revision_unknown");
    }
}

#[test]
fn sentences_follow_the_language() {
    let english = judge(&[&SIGNED[..], b"x"].concat());
    let vietnamese = english.clone().in_language(Lang::Vi);
    assert_eq!(english.signatures[0].reasons[0].code, "trailing_data");
    assert!(vietnamese.signatures[0].reasons[0].text.contains("dữ liệu"));
}
