//! What is appended to a signed file and is neither a signature nor a proof; and, for each rule, that without it the attack gets
//! through.

use super::attacks::{appended, refused, refused_by};
use super::*;

fn prev_of(file: &[u8]) -> usize {
    Base::open(file).unwrap().startxref()
}

#[test]
fn an_empty_revision_and_orphans_have_no_business_there() {
    let empty = revised(&SIGNED, |_, _| {});
    refused_by(&empty, "revision_unexplained");
    let orphan = revised(&sealed(&SIGNED, false), |revision, _| {
        let number = revision.allocate().unwrap();
        revision.put(number, b"<</Type/Page/Contents 1 0 R>>").unwrap();
    });
    refused_by(&orphan, "orphan_object");
    // Beside a further signature it is no better.
    let with_orphan = |file: &[u8]| {
        let (body, count) = (b"[(later)]".to_vec(), Base::open(file).unwrap().first_free().unwrap());
        let objects = format!("{count} 0 obj\n{}\nendobj\n", String::from_utf8(body).unwrap());
        appended(file, &objects, &[(count, format!("{:010} 00000 n", file.len()))])
    };
    refused(&sealed(&with_orphan(&SIGNED), false), "orphan_object");
}

#[test]
fn bytes_between_objects_are_listed_or_refused() {
    // An object that the table does not list, in front of one that it does.
    let form = number_of(&SIGNED, "/SigFlags");
    let body = Base::open(&SIGNED).unwrap().raw_object((form, 0)).unwrap().into_owned();
    let listed = format!("{form} 0 obj\n{}\nendobj\n", String::from_utf8(body).unwrap());
    for junk in ["9 0 obj\n(hidden)\nendobj\n", "garbage ", "%%EOF\n", "<</A 1>>", "% \u{1}\n"] {
        let line = format!("{:010} 00000 n", SIGNED.len() + junk.len());
        let file = appended(&SIGNED, &format!("{junk}{listed}"), &[(form, line)]);
        refused(&file, "hidden_bytes");
    }
    for comment in ["% made by a program\n", "\n  \r\n", ""] {
        let line = format!("{:010} 00000 n", SIGNED.len() + comment.len());
        let file = appended(&SIGNED, &format!("{comment}{listed}"), &[(form, line)]);
        assert_eq!(codes(&judge(&file)), ["revision_unexplained"], "{comment}");
    }
}

#[test]
fn a_revision_that_is_passed_over_is_found() {
    let ends = revisions(&SIGNED).unwrap();
    let first = &SIGNED[..ends[1]];
    let sealed_away = |prev: usize, root: &str| {
        let mut out = SIGNED.to_vec();
        let at = out.len();
        out.extend_from_slice(
            format!("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 40/Root {root}/Prev {prev}>>\nstartxref\n{at}\n%%EOF\n")
                .as_bytes(),
        );
        out
    };
    let root = String::from_utf8(Base::open(&SIGNED).unwrap().trailer("Root").unwrap().to_vec()).unwrap();
    // The organization's seal is skipped: only the person's signature would be left.
    refused(&sealed_away(prev_of(first), &root), "hidden_revision");
    // Both signatures are skipped: the file would read as unsigned.
    let base = &SIGNED[..ends[0]];
    let report = judge(&sealed_away(prev_of(base), &root));
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(codes(&report), ["hidden_revision"]);
    // Signed over, the hidden signature stays hidden and the new one does not heal it.
    let over = sealed(&sealed_away(prev_of(base), &root), false);
    refused(&over, "hidden_revision");
}

#[test]
fn descriptions_stay_and_dates_move() {
    let with_info = |file: &[u8], info: &str| {
        revised(file, |revision, base| {
            let number = raw::reference(base.trailer("Info").unwrap()).unwrap();
            revision.replace(number, info.as_bytes()).unwrap();
        })
    };
    let old = "<</Title(A)/Author(B)/ModDate(D:2026)/Producer(x)>>";
    let prepared = {
        let plain = base(false, false);
        let number = Base::open(&plain).unwrap().first_free().unwrap();
        let objects = format!("{number} 0 obj\n{old}\nendobj\n");
        let file = appended(&plain, &objects, &[(number, format!("{:010} 00000 n", plain.len()))]);
        let text = format!("/Info {number} 0 R/Prev");
        let at = file.windows(5).rposition(|w| w == b"/Prev").unwrap();
        [&file[..at], text.as_bytes(), &file[at + 5..]].concat()
    };
    let prepared = {
        // The pointer behind the trailer stays right: the section itself did not move.
        assert!(Base::open(&prepared).is_ok());
        prepared
    };
    let signed = personal(&prepared);
    assert_eq!(codes(&judge(&signed)), [""; 0]);
    let renewed = "<</Title(A)/Author(B)/ModDate(D:2027)/Producer(y)>>";
    // Alone it is a revision without a reason.
    refused(&with_info(&signed, renewed), "revision_unexplained");
    for changed in [
        "<</Title(C)/Author(B)/ModDate(D:2026)/Producer(x)>>",
        "<</Author(B)/ModDate(D:2026)/Producer(x)>>",
        "<</Title(A)/Author(B)/ModDate 1 0 R/Producer(x)>>",
        "<</Title(A)/Author(B)/ModDate(D:2026)/Producer(x)/Key(y)>>",
    ] {
        refused(&with_info(&signed, changed), "information_changed");
    }
}

#[test]
fn validation_data_is_what_it_is_called() {
    let with = |key: &str, content: &[u8]| {
        revised(&SIGNED, |revision, base| {
            let (stream, store) = (revision.allocate().unwrap(), revision.allocate().unwrap());
            let head = format!("<</Length {}>>stream\n", content.len()).into_bytes();
            revision.put(stream, &[&head[..], content, b"\nendstream"].concat()).unwrap();
            revision.put(store, format!("<</Type/DSS/{key}[{stream} 0 R]>>").as_bytes()).unwrap();
            let root = base.root().unwrap();
            revision.replace(root, &edited(base, root, "DSS", &format!("{store} 0 R"))).unwrap();
        })
    };
    let certificate = &KEYS.root.certificates[0];
    assert_eq!(codes(&judge(&with("Certs", certificate))), [""; 0]);
    for (key, content) in [
        ("Certs", &b"garbage"[..]),
        ("CRLs", certificate),
        ("OCSPs", certificate),
        ("Certs", &certificate[1..]),
    ] {
        refused_by(&with(key, content), "validation_data_changed");
    }
}

/// A field that nobody signed shows on the page what its maker wants.
#[test]
fn an_unsigned_field_draws_nothing() {
    let widget = |rectangle: &str, value: &str| {
        revised(&SIGNED, |revision, base| {
            let (look, field) = (revision.allocate().unwrap(), revision.allocate().unwrap());
            revision.put(look, b"<</Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nq\nendstream").unwrap();
            let value = match value {
                "" => String::new(),
                value => {
                    let number = revision.allocate().unwrap();
                    revision.put(number, value.as_bytes()).unwrap();
                    format!("/V {number} 0 R")
                }
            };
            let text = format!("<</FT/Sig/T(a)/Subtype/Widget/Rect{rectangle}/AP<</N {look} 0 R>>{value}>>");
            revision.put(field, text.as_bytes()).unwrap();
            let form = number_of(&SIGNED, "/SigFlags");
            let fields =
                RawDict::parse(&base.raw_object((form, 0)).unwrap()).unwrap().get("Fields").unwrap().to_vec();
            let fields = String::from_utf8(fields).unwrap().replace(']', &format!(" {field} 0 R]"));
            revision.replace((form, 0), &edited(base, (form, 0), "Fields", &fields)).unwrap();
        })
    };
    assert_eq!(codes(&judge(&widget("[0 0 0 0]", ""))), [""; 0]);
    refused_by(&widget("[0 0 500 500]", ""), "annotation_added");
    refused(&widget("[0 0 500 500]", "<</SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]>>"), "annotation_added");
}

/// The negative control: each attack is refused by one rule, and without that rule it gets through.
#[test]
fn without_its_rule_an_attack_gets_through() {
    let swapped = |part: &str, body: &[u8]| {
        let number = number_of(&SIGNED, part);
        revised(&SIGNED, |revision, _| revision.replace((number, 0), body).map(drop).unwrap())
    };
    let stream = b"<</Length 1>>stream\nq\nendstream";
    refused_by(&swapped("/Length 32", stream), "incremental_page_change");
    refused_by(
        &swapped("/BaseFont/Helvetica", b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"),
        "font_swapped",
    );
    let look = b"<</Subtype/Form/BBox[0 0 1 1]/Length 1>>stream\nq\nendstream";
    refused_by(&swapped("/Subtype/Form", look), "appearance_swapped");
    refused_by(
        &swapped("/Type/Metadata", b"<</Type/Metadata/Length 1>>stream\nx\nendstream"),
        "metadata_changed",
    );
    let content = number_of(&SIGNED, "/Length 32");
    let freed = appended(&SIGNED, "", &[(content, String::from("0000000000 00001 f"))]);
    refused_by(&freed, "object_freed");
    let form = "900 0 obj\n<</Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nq\nendstream\nendobj\n";
    let found = appended(&SIGNED, form, &[(900, format!("{:010} 00000 n", SIGNED.len()))]);
    refused(&found, "shadow_replace");
    let script = revised(&SIGNED, |revision, base| {
        let root = base.root().unwrap();
        revision.replace(root, &edited(base, root, "OpenAction", "<</S/JavaScript/JS(x)>>")).unwrap();
    });
    refused_by(&script, "catalog_changed");
}
