//! The whole way through Tesseract, on pages of the samples. Where it is not installed nothing is tested, unless somebody
//! promised that everything is.

use super::*;
use crate::scan::{self, Dpi, PageImage, Pixels};

fn tesseract() -> Option<Tesseract> {
    let found = Tesseract::find(&LANGUAGES.map(str::to_owned));
    assert!(found.is_some() || std::env::var_os("SCANSEAL_TEST_PYTHON").is_none(), "Tesseract is needed");
    found
}

fn sample(name: &str) -> (PageImage, Dpi) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scans").join(name);
    let bytes = std::fs::read(path).unwrap();
    let dpi = scan::inspect(name, &bytes).unwrap()[0].dpi;
    (scan::decode(&bytes, 0).unwrap(), dpi)
}

fn read(tesseract: &Tesseract, page: &PageImage, dpi: Dpi, skew: f64) -> PageText {
    tesseract.begin(page, dpi, skew).unwrap().finish().unwrap()
}

fn value<'a>(found: &'a [Proposal], field: &str) -> Option<&'a str> {
    found.iter().find(|p| p.field == field).map(|p| p.value.as_str())
}

#[test]
fn number_date_type_and_subject_are_proposed_from_the_paper() {
    let Some(tesseract) = tesseract() else { return };
    let (page, dpi) = sample("CV_den_0412.jpg");
    let found = proposals(&read(&tesseract, &page, dpi, 0.0));
    assert_eq!(value(&found, "code_number"), Some("1042"));
    assert_eq!(value(&found, "code_notation"), Some("SNNMT-TL"));
    assert_eq!(value(&found, "issued_date"), Some("2026-11-03"));
    assert_eq!(value(&found, "type_name"), Some("Công văn"));
    let subject = "Cung cấp số liệu vận hành hồ chứa và công trình thủy lợi nhỏ năm 2026";
    assert_eq!(value(&found, "subject"), Some(subject));
    assert!(found.iter().all(|p| p.confidence > 0.5 && p.confidence < 1.0));
    let (page, dpi) = sample("Thong bao 88.png");
    let found = proposals(&read(&tesseract, &page, dpi, 0.0));
    assert_eq!(value(&found, "type_name"), Some("Thông báo"));
    let subject = "Lịch tiếp công dân và trả kết quả hồ sơ giấy trong tháng 11 năm 2026";
    assert_eq!(value(&found, "subject"), Some(subject));
}

/// The rectangle around a word, in pixels.
fn around(line: &Line, word: &Word) -> [usize; 4] {
    let (left, base) = (word.at[0].max(0.0) as usize, word.at[1] as usize);
    let size = line.size as usize;
    [left, base.saturating_sub(size), word.length as usize, size + size / 3]
}

/// Puts the picture of one number over another.
fn planted(
    page: &PageImage,
    [from_x, from_y, w, h]: [usize; 4],
    [to_x, to_y, to_w, _]: [usize; 4],
) -> PageImage {
    let mut changed = page.clone();
    let width = page.width as usize;
    if let (Pixels::Rgb(from), Pixels::Rgb(to)) = (&page.pixels, &mut changed.pixels) {
        for y in 0..h {
            for x in 0..w.min(to_w) * 3 {
                to[((to_y + y) * width + to_x) * 3 + x] = from[((from_y + y) * width + from_x) * 3 + x];
            }
        }
    }
    changed
}

#[test]
fn a_planted_change_of_digits_is_found_and_an_unchanged_page_has_none() {
    let Some(tesseract) = tesseract() else { return };
    let (page, dpi) = sample("scan_0003.jpg");
    let before = read(&tesseract, &page, dpi, 0.0);
    let numbers: Vec<(&Line, &Word)> = before
        .lines
        .iter()
        .flat_map(|line| line.words.iter().map(move |word| (line, word)))
        .filter(|(_, w)| {
            w.text.len() == 3 && w.text.chars().all(|c| c.is_ascii_digit()) && w.confidence > 0.9
        })
        .collect();
    let (source, target) = (numbers[0], *numbers.iter().find(|n| n.1.text != numbers[0].1.text).unwrap());
    let changed = planted(&page, around(source.0, source.1), around(target.0, target.1));
    let after = read(&tesseract, &changed, dpi, 0.0);
    assert!(differences(&before, &before).is_empty());
    let found = differences(&before, &after);
    assert!(
        found.iter().any(|d| d.before.contains(&target.1.text) && d.after.contains(&source.1.text)),
        "{} became {}: {found:?}",
        target.1.text,
        source.1.text
    );
    assert!(found.len() <= 2, "{found:?}");
}

/// A sheet of the samples is turned by 1.38 degrees; read upright, its words lie where they lie on the scan.
#[test]
fn words_of_a_copy_that_was_turned_upright_lie_on_the_scan() {
    let Some(tesseract) = tesseract() else { return };
    let (page, dpi) = sample("scan_0001.jpg");
    let (as_it_is, upright) = (read(&tesseract, &page, dpi, 0.0), read(&tesseract, &page, dpi, 1.38));
    let mut compared = 0;
    for word in as_it_is.words().filter(|w| w.text.chars().count() > 5) {
        let near = |w: &&Word| (w.at[0] - word.at[0]).abs() < 12.0 && (w.at[1] - word.at[1]).abs() < 12.0;
        compared += usize::from(upright.words().filter(|w| w.text == word.text).any(|w| near(&w)));
    }
    let long = as_it_is.words().filter(|w| w.text.chars().count() > 5).count();
    assert!(compared * 10 > long * 8, "{compared} of {long}");
    let mut angles: Vec<f32> = upright.lines.iter().map(|line| line.angle.to_degrees()).collect();
    angles.sort_by(f32::total_cmp);
    assert!((angles[angles.len() / 2] + 1.38).abs() < 0.3, "{angles:?}");
}

/// The same page laid on its side by the scanner reads as it reads upright.
#[test]
fn a_page_on_its_side_is_read_upright() {
    let Some(tesseract) = tesseract() else { return };
    let (page, dpi) = sample("CV_den_0412.jpg");
    let side = scan::turned(page.clone(), 90);
    assert_eq!((side.width, side.height), (page.height, page.width));
    let wanted: Vec<String> = read(&tesseract, &page, dpi, 0.0).words().map(|w| w.text.clone()).collect();
    let best = [90.0, -90.0].map(|skew| {
        let found = read(&tesseract, &side, dpi, skew);
        let same = found.words().filter(|w| wanted.contains(&w.text)).count();
        let inside =
            |w: &Word| w.at[0] >= 0.0 && w.at[0] <= side.width as f32 && w.at[1] <= side.height as f32;
        assert!(found.words().all(inside));
        same
    });
    let best = best.into_iter().max().unwrap();
    assert!(best * 10 > wanted.len() * 9, "{best} of {}", wanted.len());
}

#[test]
fn output_that_is_not_what_tesseract_writes_is_refused() {
    for output in [&b"\xFF"[..], b"<html>", b"", b"<a><b></a>"] {
        assert_eq!(hocr::parse(output).unwrap_err().code(), "ocr_failed");
    }
    let strange = "<html><span class='ocr_line' title='bbox 0 0 9'><span class='ocrx_word' title='bbox 1 1 nan 4'>x\
                   </span></span><span class='ocr_line' title='bbox 0 0 90 20; baseline 1e39 x'><span \
                   class='ocrx_word' title='bbox 1 1 8 9; x_wconf 5000'>e\u{302} \u{FEFF}</span></span></html>";
    let text = hocr::parse(strange.as_bytes()).unwrap();
    assert_eq!(text.lines.len(), 1);
    let word = &text.lines[0].words[0];
    assert_eq!((word.text.as_str(), word.confidence), ("ê", 1.0));
}
