//! What is built passes our own look, and each rule of that look fails on a file that breaks it.

use jiff::Timestamp;

use super::*;
use crate::compress::{self, Class, MaskCodec, Settings};
use crate::document::{Attestation, Fields, Route};
use crate::scan::{Colour, Dpi, DpiOrigin, PageImage, Pixels, ScanPage};

mod broken;
mod revision;
mod text;

const DPI: Dpi = Dpi { x: 300.0, y: 300.0, origin: DpiOrigin::File };

fn layers(mask: MaskCodec) -> Vec<PageLayers> {
    let (width, height) = (400u32, 300u32);
    let pixel = |x: u32, y: u32| match () {
        () if y < 100 && (x / 8).is_multiple_of(2) => [20u8, 20, 20],
        () if (x - 200).pow(2) < 2500 && y > 150 && y < 250 => [200, 40, 40],
        () => [240, 238, 230],
    };
    let samples = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x.max(200), y))).collect();
    let image = PageImage { width, height, pixels: Pixels::Rgb(samples) };
    let settings = Settings { class: Class::Normal, mask, min_dpi: 200 };
    vec![compress::page(&image, DPI, &settings).unwrap(); 2]
}

fn document() -> Document {
    let page = ScanPage {
        source_sha256: Sha256::of(b"x"),
        source_name: "x".into(),
        index: 0,
        width: 400,
        height: 300,
        colour: Colour::Rgb,
        dpi: DPI,
        findings: Vec::new(),
        look: Box::default(),
        mark: None,
        turned: 0,
    };
    Document {
        outage: "SC-1 <&\">\u{1}".into(),
        route: Route::Recovery,
        fields: Fields {
            subject: Some("Về việc <thử> & \"kiểm tra\" đ".into()), ..Fields::default()
        },
        pages: vec![page.clone(), page],
        captured_at: Timestamp::UNIX_EPOCH,
        attestation: None,
        findings: Vec::new(),
        drill: true,
        separators: Vec::new(),
        dropped: Vec::new(),
        manifest: None,
        born: None,
    }
}

fn built(document: Document) -> ArchivalPdf {
    let outage = Outage::default();
    let facts = BuildFacts {
        outage: &outage,
        converted_by: "UBND xã".into(),
        converted_at: Timestamp::UNIX_EPOCH,
        language: "vi".into(),
        transfer_note: "note".into(),
        conversion_mark: Some("Bản điện tử chuyển đổi từ văn bản giấy".into()),
        mark_place: crate::profile::MarkPlace::LastPage,
        utc_offset_minutes: 420,
    };
    build(document, layers(MaskCodec::Jbig2Generic), &facts).unwrap()
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(built(document()).bytes(), built(document()).bytes());
}

#[test]
fn facts_come_back_out_of_the_metadata() {
    let facts = recovery(built(document()).bytes()).unwrap().unwrap();
    assert_eq!(facts.outage_reference, "SC-1 <&\">");
    assert!(facts.drill && facts.attested_by.is_none());
}

#[test]
fn only_an_attested_document_is_attested() {
    assert!(!built(document()).is_attested());
    let word = |seen| Attestation {
        by: "Vân".into(),
        at: Timestamp::UNIX_EPOCH,
        wet_signature_seen: true,
        wet_stamp_seen: seen,
    };
    assert!(built(document().attest(word(true))).is_attested());
    assert!(!built(document().attest(word(false))).is_attested());
}

#[test]
fn both_mask_codecs_are_archival() {
    for mask in [MaskCodec::Jbig2Generic, MaskCodec::G4] {
        convert(layers(mask), ConvertFacts { title: "t".into(), ..ConvertFacts::default() }).unwrap();
    }
}

#[test]
fn every_rule_of_the_check_can_fail() {
    let good = built(document()).into_bytes();
    assert!(check::violations(&good).is_empty());
    let broken: [(&str, &str, &str); 9] = [
        ("%PDF-1.7\n%", "%PDF-1.7\n ", "6.1.2"),
        ("/ID[<", "/IX[<", "6.1.3"),
        ("/S/GTS_PDFA1", "/S/GTS_PDFX1", "6.2.3"),
        ("<pdfaid:part>2", "<pdfaid:part>4", "6.6.4"),
        ("/Metadata ", "/Metadatx ", "6.6.2.1"),
        ("<pdfaProperty:name>route", "<pdfaProperty:name>rouxe", "6.6.2.3.3"),
        ("/FontFile2 ", "/FontFile9 ", "6.2.11.4"),
        ("/Filter/JBIG2Decode", "/Filter/LZWDecode  ", "6.1.7.2"),
        ("/Type/XObject/Subtype", "/SMask /x    /Subtype", "6.2.10"),
    ];
    for (from, to, clause) in broken {
        assert_eq!(from.len(), to.len());
        let at =
            good.windows(from.len()).position(|w| w == from.as_bytes()).unwrap_or_else(|| panic!("{from}"));
        let mut bad = good.clone();
        bad[at..at + from.len()].copy_from_slice(to.as_bytes());
        assert!(
            check::violations(&bad).iter().any(|v| v.clause == clause),
            "{clause}: {:?}",
            check::violations(&bad)
        );
        assert_eq!(ArchivalPdf::open(bad).unwrap_err().code(), "not_archival");
    }
    assert_eq!(check::violations(&[good.as_slice(), b"x"].concat())[0].clause, "6.1.3");
}

/// 6.1.13: a strip of one row at 300 dpi is lower than 3 points, a plan of 20,000 pixels at 90 dpi wider than 14,400.
#[test]
fn pages_that_are_too_small_or_too_large_are_refused_by_name() {
    for (width, height, dpi) in [(400u32, 8u32, 300.0), (20_000, 100, 90.0)] {
        let image = PageImage { width, height, pixels: Pixels::Grey(vec![255; (width * height) as usize]) };
        let dpi = Dpi { x: dpi, y: dpi, origin: DpiOrigin::File };
        let settings = Settings { class: Class::Normal, mask: MaskCodec::Jbig2Generic, min_dpi: 80 };
        let page = compress::page(&image, dpi, &settings).unwrap();
        let error = convert(vec![page], ConvertFacts::default()).unwrap_err();
        assert_eq!(error.code(), "not_archival");
        assert!(error.message(crate::locales::Lang::En).contains("6.1.13"), "{error}");
    }
}

#[test]
fn what_the_standard_forbids_is_found_wherever_another_program_puts_it() {
    let good = convert(layers(MaskCodec::G4), ConvertFacts::default()).unwrap();
    let found = |change: &dyn Fn(&mut lopdf::Document)| {
        let mut document = lopdf::Document::load_mem(good.bytes()).unwrap();
        change(&mut document);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        check::violations(&bytes).into_iter().map(|v| v.clause).collect::<Vec<_>>()
    };
    assert_eq!(found(&|_| {}), Vec::<&str>::new());
    for (key, clause) in [("OpenAction", "6.5.1"), ("AA", "6.5.2"), ("Names", "6.8"), ("OCProperties", "6.9")]
    {
        assert_eq!(found(&|d| d.catalog_mut().unwrap().set(key, Dictionary::new())), [clause]);
    }
    let added = |object: Object| {
        found(&|d| {
            let _ = d.add_object(object.clone());
        })
    };
    let action = lopdf::dictionary! { "S" => "JavaScript" };
    assert_eq!(added(action.into()), ["6.5.1"]);
    let form = lopdf::dictionary! { "Fields" => Vec::<Object>::new(), "XFA" => "x" };
    assert_eq!(added(form.into()), ["6.4.2"]);
    for (entries, clause) in [
        (lopdf::dictionary! { "Interpolate" => true }, "6.2.8"),
        (lopdf::dictionary! { "F" => "elsewhere" }, "6.1.7.1"),
    ] {
        let stream = lopdf::Stream::new(entries, Vec::new());
        assert_eq!(added(stream.into()), [clause]);
    }
}

#[test]
fn long_strings_long_names_and_deep_nesting_are_found() {
    let good = convert(layers(MaskCodec::G4), ConvertFacts::default()).unwrap();
    let with = |value: Object| {
        let mut document = lopdf::Document::load_mem(good.bytes()).unwrap();
        document.catalog_mut().unwrap().set("Extra", Object::Array(vec![value]));
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        let found = check::violations(&bytes);
        found.iter().any(|v| v.clause == "6.1.13")
    };
    let string = |length| Object::string_literal(vec![b'a'; length]);
    let nested = |depth| (0..depth).fold(Object::Null, |inner, _| Object::Array(vec![inner]));
    assert!(!with(string(32_767)) && with(string(32_768)));
    assert!(!with(Object::Name(vec![b'a'; 127])) && with(Object::Name(vec![b'a'; 128])));
    assert!(!with(nested(10)) && with(nested(30)));
}

/// Writes files for outside judges: `SCANSEAL_LOOK=DIR cargo test --release -- --ignored look`.
#[test]
#[ignore = "for people who want to look"]
fn look_pdf() {
    let folder = std::env::var("SCANSEAL_LOOK").expect("SCANSEAL_LOOK=DIR");
    let folder = std::path::Path::new(&folder);
    std::fs::write(folder.join("built.pdf"), built(document()).bytes()).unwrap();
    let g4 = convert(layers(MaskCodec::G4), ConvertFacts { title: "t".into(), ..ConvertFacts::default() })
        .unwrap();
    std::fs::write(folder.join("g4.pdf"), g4.bytes()).unwrap();
    let mut large = layers(MaskCodec::Jbig2Generic);
    large.iter_mut().for_each(|page| page.dpi = Dpi { x: 50.0, y: 50.0, ..DPI });
    let facts = ConvertFacts { title: "t".into(), ..ConvertFacts::default() };
    std::fs::write(folder.join("large.pdf"), convert(large, facts).unwrap().bytes()).unwrap();
}
