//! The text layer and the flavours.

use super::*;
use crate::ocr::{Line, Word};
use crate::scan::cleanup::Placed;

/// A page with words on it.
pub(super) fn page_with_words() -> Page {
    let word = |text: &str, x: f32, length: f32| Word {
        text: text.to_owned(),
        at: [x, 90.0 + x / 50.0],
        length,
        confidence: 0.9,
    };
    let words = vec![word("Số:", 20.0, 60.0), word("125/UBND-VP", 100.0, 210.0)];
    let line = Line { words, angle: 0.02, size: 40.0, block: 1 };
    let layers = layers(MaskCodec::Jbig2Generic).remove(0);
    Page { layers, text: Some(PageText { lines: vec![line] }), placed: Placed::default() }
}

fn facts(outage: &Outage) -> BuildFacts<'_> {
    BuildFacts {
        outage,
        converted_by: "UBND xã".into(),
        converted_at: Timestamp::UNIX_EPOCH,
        language: "vi".into(),
        transfer_note: "note".into(),
        conversion_mark: Some("Bản điện tử chuyển đổi từ văn bản giấy".into()),
        mark_place: crate::profile::MarkPlace::LastPage,
        utc_offset_minutes: 420,
    }
}

/// A document of two pages with a text layer.
pub(super) fn read(document: Document) -> ArchivalPdf {
    let outage = Outage::default();
    build(document, vec![page_with_words(), page_with_words()], &facts(&outage)).unwrap()
}

/// A PDF/A-3 with an attached scan.
pub(super) fn attached() -> Vec<u8> {
    let file = |name: &str, media_type| Attachment {
        name: name.to_owned(),
        media_type,
        bytes: b"%PDF-1.7 not really a scan %%EOF".to_vec(),
        modified: Timestamp::UNIX_EPOCH,
    };
    let facts = ConvertFacts {
        title: "t".into(),
        flavour: Some(Flavour::A3b),
        attachments: vec![file("Kế hoạch (1).tif", "image/tiff"), file("a.pdf", "application/pdf")],
        ..ConvertFacts::default()
    };
    convert(vec![page_with_words()], facts).unwrap().into_bytes()
}

/// What XMP claims.
fn claim(bytes: &[u8]) -> (String, String) {
    let packet = check::packet(&load(bytes).unwrap()).unwrap();
    let text = String::from_utf8(packet).unwrap();
    let of = |name: &str| {
        let (_, rest) = text.split_once(&format!("<pdfaid:{name}>")).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    (of("part"), of("conformance"))
}

#[test]
fn a_file_claims_what_it_is() {
    let plain = |flavour| {
        let facts = ConvertFacts { flavour, ..ConvertFacts::default() };
        claim(convert(layers(MaskCodec::G4), facts).unwrap().bytes())
    };
    assert_eq!(plain(None), ("2".into(), "B".into()));
    assert_eq!(plain(Some(Flavour::A2u)), ("2".into(), "U".into()));
    assert_eq!(claim(read(document()).bytes()), ("2".into(), "U".into()));
    assert_eq!(claim(built(document()).bytes()), ("2".into(), "B".into()));
    assert_eq!(claim(&attached()), ("3".into(), "B".into()));
}

#[test]
fn the_same_words_give_the_same_bytes() {
    assert_eq!(read(document()).bytes(), read(document()).bytes());
    assert_eq!(attached(), attached());
}

#[test]
fn the_layer_costs_little() {
    let more = read(document()).bytes().len() - built(document()).bytes().len();
    assert!(more < 2_000, "{more}");
}

#[test]
fn files_are_attached_unchanged_and_a_pdf_inside_shows_none_of_its_marks() {
    let bytes = attached();
    let document = load(&bytes).unwrap();
    let files: Vec<Vec<u8>> = document
        .objects
        .values()
        .filter_map(|o| o.as_stream().ok())
        .filter(|s| s.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|n| n == b"EmbeddedFile"))
        .map(|s| s.decompressed_content().unwrap_or_else(|_| s.content.clone()))
        .collect();
    assert_eq!(files, vec![b"%PDF-1.7 not really a scan %%EOF".to_vec(); 2]);
    let marks = bytes.windows(5).filter(|w| w == b"%%EOF").count();
    assert_eq!(marks, 2, "one of the image, one of the file itself");
}

/// Words stand where they were read, in poppler, straight pages and turned ones.
#[test]
fn words_stand_in_their_places() {
    for skew in [0.0, 2.0] {
        let mut page = page_with_words();
        // Turned anticlockwise on the scan, so clockwise by the matrix.
        page.placed = Placed { quarters: 0, degrees: -skew };
        let facts = ConvertFacts { title: "t".into(), ..ConvertFacts::default() };
        let pdf = convert(vec![page.clone()], facts).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.pdf");
        std::fs::write(&path, pdf.bytes()).unwrap();
        let run =
            std::process::Command::new("pdftotext").args(["-bbox", path.to_str().unwrap(), "-"]).output();
        let Ok(run) = run else {
            assert!(std::env::var_os("SCANSEAL_TEST_PYTHON").is_none(), "pdftotext is needed");
            return;
        };
        let text = String::from_utf8(run.stdout).unwrap();
        let number = |line: &str, name: &str| -> f64 {
            line.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().parse().unwrap()
        };
        let line = text.lines().find(|line| line.contains("125/UBND-VP")).unwrap();
        // On the scan, turned about the centre of the sheet (48 x 36 points at 300 dpi).
        let (x, y) = (100.0 * 0.24 - 48.0, 92.0 * 0.24 - 36.0);
        let (sin, cos) = f64::to_radians(skew).sin_cos();
        let (x, y) = (x * cos - y * sin + 48.0, x * sin + y * cos + 36.0);
        assert!((number(line, "xMin") - x).abs() < 1.5, "{skew}: {line} {x}");
        assert!((number(line, "xMax") - x - 210.0 * 0.24).abs() < 2.0, "{skew}: {line}");
        let (top, bottom) = (number(line, "yMin"), number(line, "yMax"));
        assert!(top < y - 3.0 && y < bottom && bottom - top < 15.0, "{skew}: {line} {y}");
    }
}
