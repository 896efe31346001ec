//! What is done to signed files (Mladenov et al. 2019, Mainka et al. 2021, Rohlmann et al. 2021), and what the verdict calls it.

use super::*;

/// The tampered file is invalid for this reason, and signatures over it do not become part of a verified file.
pub(super) fn refused(file: &[u8], code: &str) {
    let report = judge(file);
    assert_eq!(report.verdict, Verdict::Invalid, "{code}: {report:?}");
    assert!(codes(&report).contains(&code), "{code}: {:?}", codes(&report));
    assert!(check(Signed::new(file.to_vec()), &trust(), Timestamp::now()).is_err());
}

/// The same, and with the rule taken out the attack gets through: the test is about that rule.
pub(super) fn refused_by(file: &[u8], code: &'static str) {
    refused(file, code);
    let report = super::super::changes::without_rule(code, || judge(file));
    assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]), "{code}: {report:?}");
}

/// Appends objects with a table of its own; `entries` are offsets counted from the end of the file, or lines as they are.
pub(super) fn appended(file: &[u8], objects: &str, lines: &[(u32, String)]) -> Vec<u8> {
    let base = Base::open(file).unwrap();
    let mut out = file.to_vec();
    out.extend_from_slice(objects.as_bytes());
    let xref = out.len();
    out.extend_from_slice(b"xref\n");
    for (number, line) in lines {
        out.extend_from_slice(format!("{number} 1\n{line} \n").as_bytes());
    }
    let root = String::from_utf8_lossy(base.trailer("Root").unwrap()).into_owned();
    let trailer = format!(
        "trailer\n<</Size {}/Root {root}/Prev {}>>\nstartxref\n{xref}\n%%EOF\n",
        base.first_free().unwrap().max(901),
        base.startxref()
    );
    out.extend_from_slice(trailer.as_bytes());
    out
}

#[test]
fn a_changed_page_is_seen() {
    let content = number_of(&SIGNED, "/Length 32");
    let swapped = revised(&SIGNED, |revision, _| {
        revision.replace((content, 0), b"<</Length 3>>stream\n999\nendstream").unwrap();
    });
    refused(&swapped, "incremental_page_change");
    for (key, value) in [("Contents", "[]"), ("MediaBox", "[0 0 10 10]"), ("Rotate", "180")] {
        let changed = revised(&SIGNED, |revision, base| {
            let page = base.first_page().unwrap().id;
            revision.replace(page, &edited(base, page, key, value)).unwrap();
        });
        refused(&changed, "incremental_page_change");
        // Signing over it does not heal the first signature.
        let again = sealed(&changed, false);
        refused(&again, "incremental_page_change");
    }
}

#[test]
fn a_change_that_is_taken_back_is_still_seen() {
    let content = number_of(&SIGNED, "/Length 32");
    let old = Base::open(&SIGNED).unwrap().raw_object((content, 0)).unwrap().into_owned();
    let old = [&old[..], b"stream\nBT /F 12 Tf 99 99 Td (100) Tj ET\nendstream"].concat();
    let same = revised(&SIGNED, |revision, _| revision.replace((content, 0), &old).map(drop).unwrap());
    refused(&same, "revision_unexplained");
    let changed = revised(&SIGNED, |revision, _| {
        revision.replace((content, 0), b"<</Length 3>>stream\n999\nendstream").unwrap();
    });
    let back = revised(&changed, |revision, _| revision.replace((content, 0), &old).map(drop).unwrap());
    refused(&back, "incremental_page_change");
}

#[test]
fn swapped_parts_have_their_names() {
    let swap = |part: &str, body: &str, code: &str| {
        let number = number_of(&SIGNED, part);
        let file =
            revised(&SIGNED, |revision, _| revision.replace((number, 0), body.as_bytes()).map(drop).unwrap());
        refused(&file, code);
    };
    swap("/BaseFont/Helvetica", "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>", "font_swapped");
    swap("/FontFile2", "<</Type/FontDescriptor>>", "font_swapped");
    swap(
        "/Subtype/Form",
        "<</Subtype/Form/BBox[0 0 1 1]/Length 1>>stream\nq\nendstream",
        "appearance_swapped",
    );
    swap("/Type/Pages", "<</Type/Pages/Kids[]/Count 0>>", "page_tree_swapped");
    swap("/Subtype/Square", "<</Type/Annot/Subtype/Square/Rect[0 0 9 9]>>", "incremental_page_change");
    swap("/ByteRange", "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>", "signature_replaced");
    swap("/Type/Metadata", "<</Type/Metadata/Length 1>>stream\nx\nendstream", "metadata_changed");
    swap("organization-1", "<</Type/Annot/Subtype/Widget/FT/Sig/T(organization-1)>>", "appearance_swapped");
}

#[test]
fn the_catalogue_keeps_what_it_says() {
    let set = |key: &str, value: &str, code: &str| {
        let file = revised(&SIGNED, |revision, base| {
            let root = base.root().unwrap();
            revision.replace(root, &edited(base, root, key, value)).unwrap();
        });
        refused(&file, code);
    };
    set("Pages", "3 0 R", "page_tree_swapped");
    set("OpenAction", "<</S/JavaScript/JS(x)>>", "catalog_changed");
    set("Metadata", "null", "metadata_changed");
    set("AcroForm", "null", "form_changed");
    set("AcroForm", "<</Fields[]>>", "form_changed");
    set("DSS", "<</Certs[1 0 R]/Foo 1>>", "validation_data_changed");
    let form = number_of(&SIGNED, "/SigFlags");
    for (value, code) in [
        ("<</Fields[]/SigFlags 3>>", "field_changed"),
        ("<</Fields[]/SigFlags 3>>", "signature_removed"),
        ("<</SigFlags 3/XFA(x)>>", "form_changed"),
    ] {
        let file = revised(&SIGNED, |r, _| r.replace((form, 0), value.as_bytes()).map(drop).unwrap());
        refused(&file, code);
    }
}

#[test]
fn annotations_are_never_harmless() {
    let added = revised(&SIGNED, |revision, base| {
        let page = base.first_page().unwrap().id;
        let note = revision.allocate().unwrap();
        revision.put(note, b"<</Type/Annot/Subtype/Stamp/Rect[0 0 500 500]>>").unwrap();
        let dict = base.raw_object(page).unwrap();
        let list = RawDict::parse(&dict).unwrap().get("Annots").unwrap().to_vec();
        let list = String::from_utf8(list).unwrap().replace(']', &format!(" {note} 0 R]"));
        revision.replace(page, &edited(base, page, "Annots", &list)).unwrap();
    });
    refused(&added, "annotation_added");
    assert_eq!(judge(&added).signatures[0].modifications, Modifications::Annotations);
    let removed = revised(&SIGNED, |revision, base| {
        let page = base.first_page().unwrap().id;
        revision.replace(page, &edited(base, page, "Annots", "[]")).unwrap();
    });
    refused(&removed, "shadow_hide");
}

#[test]
fn shadows_are_seen() {
    // Object 900 was referred to and missing when the file was signed.
    let form = "900 0 obj\n<</Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\nq\nendstream\nendobj\n";
    let line = format!("{:010} 00000 n", SIGNED.len());
    refused(&appended(&SIGNED, form, &[(900, line)]), "shadow_replace");
    // Content that lay in the file unused while it was signed.
    let plain = base(false, false);
    let content = number_of(&plain, "/Length 32");
    let hidden = format!("{content} 0 obj\n<</Length 3>>stream\n999\nendstream\nendobj\n");
    let prepared = appended(&plain, &hidden, &[(0, String::from("0000000000 65535 f"))]);
    let signed = personal(&prepared);
    assert_eq!(judge(&signed).verdict, Verdict::Valid);
    let line = format!("{:010} 00000 n", plain.len());
    refused(&appended(&signed, "", &[(content, line)]), "shadow_hide_and_replace");
    // The same content under another generation, to which no reference leads.
    let again = format!(
        "{content} 1 obj\n<</Length 32>>stream\nBT /F 12 Tf 99 99 Td (100) Tj ET\nendstream\nendobj\n"
    );
    let line = format!("{:010} 00001 n", SIGNED.len());
    refused(&appended(&SIGNED, &again, &[(content, line)]), "object_freed");
    let freed = appended(&SIGNED, "", &[(content, String::from("0000000000 00001 f"))]);
    refused(&freed, "object_freed");
}

#[test]
fn bytes_behind_the_end_are_seen() {
    for tail in [&b"x"[..], b"<html>", b"\n\n\n", b"1 0 obj\nnull\nendobj\n"] {
        refused(&[&SIGNED[..], tail].concat(), "trailing_data");
    }
}

/// Adds a field of this spelling to the form.
fn with_field(file: &[u8], spelled: &str) -> Vec<u8> {
    revised(file, |revision, base| {
        let field = revision.allocate().unwrap();
        revision.put(field, spelled.as_bytes()).unwrap();
        let form = number_of(file, "/SigFlags");
        let fields =
            RawDict::parse(&base.raw_object((form, 0)).unwrap()).unwrap().get("Fields").unwrap().to_vec();
        let fields = String::from_utf8(fields).unwrap().replace(']', &format!(" {field} 0 R]"));
        revision.replace((form, 0), &edited(base, (form, 0), "Fields", &fields)).unwrap();
    })
}

#[test]
fn only_plain_signature_fields_come_in() {
    let widget = "/Subtype/Widget/Rect[0 0 0 0]";
    let empty = with_field(&SIGNED, &format!("<</FT/Sig/T(a){widget}>>"));
    assert_eq!((judge(&empty).verdict, codes(&judge(&empty))), (Verdict::Valid, vec![]));
    for spelled in [
        format!("<</FT/Tx/T(a)/V(1){widget}>>"),
        format!("<</FT/Sig/T(personal-1){widget}>>"),
        format!("<</FT/Sig/T(a.b){widget}>>"),
        format!("<</FT/Sig{widget}>>"),
        format!("<</FT/Sig/T(a)/AA<</E<</S/JavaScript/JS(x)>>>>{widget}>>"),
        format!("<</FT/Sig/T(a)/V<</SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]>>{widget}>>"),
    ] {
        let file = with_field(&SIGNED, &spelled);
        assert!(
            judge(&file).signatures.iter().any(|s| s.reasons.iter().any(|r| r.code == "field_changed")),
            "{spelled}"
        );
        assert_eq!(judge(&file).verdict, Verdict::Invalid, "{spelled}");
    }
}

/// A signature dictionary with more room than the container takes, and other entries.
fn roomy(base: &[u8], entries: &str, spare: usize) -> (Vec<u8>, byte_range::Slot) {
    let key = &mut KEYS.person.clone();
    let signer = certificate::Certificate::parse(key.certificate()).unwrap();
    let chain: Vec<_> = key.chain().iter().map(|c| certificate::Certificate::parse(c).unwrap()).collect();
    let read = Base::open(base).unwrap();
    let mut revision = Revision::new(&read).unwrap();
    let number = revision.allocate().unwrap();
    let reserve = made::length(&signer, &chain, key.algorithm()).unwrap() + spare;
    let (body, slot) = byte_range::dictionary(entries.as_bytes(), reserve);
    let slot = slot.at(revision.put(number, &body).unwrap());
    let page = read.first_page().unwrap().id;
    let field = crate::sign::field::Field {
        name: "personal-1".into(),
        signature: number,
        page,
        lock: None,
        visible: None,
    };
    crate::sign::field::add(&mut revision, &field).unwrap();
    let mut file = revision.finish().unwrap();
    let digest = slot.seal_range(&mut file, crate::sign::Digest::Sha256).unwrap();
    let attributes = made::signed_attributes(&signer, crate::sign::Digest::Sha256, &digest).unwrap();
    let value = key.sign(&attributes).unwrap();
    let container = made::assemble(&signer, &chain, key.algorithm(), &attributes, &value).unwrap();
    slot.fill(&mut file, &container).unwrap();
    (file.into_bytes(), slot)
}

const ENTRIES: &str = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached";

#[test]
fn the_hole_holds_the_signature_and_nothing_else() {
    let (file, _) = roomy(&base(false, false), ENTRIES, 64);
    assert_eq!((judge(&file).verdict, codes(&judge(&file))), (Verdict::Valid, vec![]));
    let end = file.windows(3).rposition(|w| w == b"0>>").unwrap();
    let with = |at: usize, part: &[u8]| {
        let mut file = file.clone();
        file[at..at + part.len()].copy_from_slice(part);
        file
    };
    refused(&with(end, b"1"), "container_padding");
    refused(&with(end - 20, b">/Z(hidden content)0"), "signature_wrapped");
    refused(&with(end - 20, b"    "), "signature_wrapped");
}

#[test]
fn a_range_covers_its_revision_and_no_less() {
    let file = personal(&base(false, false));
    let at = file.windows(10).rposition(|w| w == b"/ByteRange").unwrap() + 10;
    let range = raw::value(&file, at).unwrap();
    let numbers: Vec<usize> =
        raw::array(range).unwrap().iter().map(|n| std::str::from_utf8(n).unwrap().parse().unwrap()).collect();
    let [_, a, b, c] = numbers[..] else { panic!() };
    for (forged, code) in [
        (format!("[0 {a} {b} {}]", c - 9), "byte_range_forged"),
        (format!("[0 {a} {b} {}]", c + 1), "byte_range_forged"),
        (format!("[1 {a} {b} {c}]"), "byte_range_forged"),
        (format!("[0 {a} {b}]"), "byte_range_forged"),
        (format!("[0 {a} {b} -1]"), "byte_range_forged"),
        (format!("[0 {a} {b} 1 2]"), "byte_range_forged"),
        (format!("[0 0 0 {}]", file.len()), "signature_wrapped"),
        (format!("[0 {a} {} {}]", b + 1, c - 1), "signature_wrapped"),
        (format!("[0 {} {b} {c}]", a - 5), "signature_wrapped"),
        (String::from(" null"), "byte_range_forged"),
    ] {
        let mut file = file.clone();
        let text = format!("{forged:<width$}", width = range.len());
        file[at..at + range.len()].copy_from_slice(text.as_bytes());
        refused(&file, code);
        assert_eq!(judge(&file).signatures[0].coverage, Coverage::Partial);
    }
}

#[test]
fn a_copied_signature_covers_nothing() {
    // A second field that leads to the first signature, and a copy of its dictionary in a later revision.
    let file = personal(&base(false, false));
    let signature = number_of(&file, "/ByteRange");
    let body = Base::open(&file).unwrap().raw_object((signature, 0)).unwrap().into_owned();
    for copy in [false, true] {
        let wrapped = revised(&file, |revision, base| {
            let mut target = signature;
            if copy {
                target = revision.allocate().unwrap();
                revision.put(target, &body).unwrap();
            }
            let field = revision.allocate().unwrap();
            let text = format!("<</FT/Sig/T(organization-1)/V {target} 0 R/Subtype/Widget/Rect[0 0 0 0]>>");
            revision.put(field, text.as_bytes()).unwrap();
            let form = number_of(&file, "/SigFlags");
            let fields =
                RawDict::parse(&base.raw_object((form, 0)).unwrap()).unwrap().get("Fields").unwrap().to_vec();
            let fields = String::from_utf8(fields).unwrap().replace(']', &format!(" {field} 0 R]"));
            revision.replace((form, 0), &edited(base, (form, 0), "Fields", &fields)).unwrap();
        });
        let report = judge(&wrapped);
        assert_eq!(report.verdict, Verdict::Invalid, "{report:?}");
    }
}

#[test]
fn a_certification_forbids_what_it_forbids() {
    let entries = |p: u8| {
        format!(
            "{ENTRIES}/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P {p}/V/1.2>>>>]"
        )
    };
    let (locked, _) = roomy(&base(false, false), &entries(1), 0);
    assert_eq!(judge(&locked).verdict, Verdict::Valid);
    refused(&sealed(&locked, false), "signature_after_certification");
    let (open, _) = roomy(&base(false, false), &entries(2), 0);
    assert_eq!(judge(&sealed(&open, false)).verdict, Verdict::Valid);
    refused(&sealed(&open, true), "signature_after_certification");
    let drawn = revised(&open, |revision, base| {
        let page = base.first_page().unwrap().id;
        let note = revision.allocate().unwrap();
        revision.put(note, b"<</Type/Annot/Subtype/Ink/Rect[0 0 9 9]>>").unwrap();
        let dict = base.raw_object(page).unwrap();
        let list = RawDict::parse(&dict).unwrap().get("Annots").unwrap().to_vec();
        let list = String::from_utf8(list).unwrap().replace(']', &format!(" {note} 0 R]"));
        revision.replace(page, &edited(base, page, "Annots", &list)).unwrap();
    });
    refused(&drawn, "annotation_after_certification");
}

#[test]
fn validation_data_may_be_added() {
    let with_data = revised(&SIGNED, |revision, base| {
        let (stream, store) = (revision.allocate().unwrap(), revision.allocate().unwrap());
        let certificate = &KEYS.root.certificates[0];
        let head = format!("<</Length {}>>stream\n", certificate.len()).into_bytes();
        revision.put(stream, &[&head[..], certificate, b"\nendstream"].concat()).unwrap();
        revision.put(store, format!("<</Type/DSS/Certs[{stream} 0 R]>>").as_bytes()).unwrap();
        let root = base.root().unwrap();
        revision.replace(root, &edited(base, root, "DSS", &format!("{store} 0 R"))).unwrap();
    });
    let report = judge(&with_data);
    assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]));
    let last = report.signatures.last().unwrap();
    assert_eq!((last.modifications, last.coverage), (Modifications::LtaUpdates, Coverage::EntireRevision));
    let store = number_of(&with_data, "/Type/DSS");
    let emptied =
        revised(&with_data, |revision, _| revision.replace((store, 0), b"<</Type/DSS>>").map(drop).unwrap());
    refused(&emptied, "validation_data_changed");
}

#[test]
fn files_that_read_in_two_ways_are_refused() {
    let file = personal(&base(false, false));
    let replaced = |from: &str, to: &str| {
        let at = file.windows(from.len()).rposition(|w| w == from.as_bytes()).unwrap();
        [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
    };
    refused(&replaced("/Root", "/XRefStm 9/Root"), "hybrid_file");
    refused(&replaced("/Root", "/Encrypt 9 0 R/Root"), "encrypted_file");
    refused(&replaced("/Root", "/Size 3/Root"), "duplicate_key");
    refused(&replaced("/Prev", "/Prex"), "digest_mismatch");
    let twice = revised(&base(false, false), |revision, _| {
        let number = revision.allocate().unwrap();
        revision.put(number, b"<</A[<</B 1/B 2>>]>>").unwrap();
    });
    refused(&personal(&twice), "duplicate_key");
}
