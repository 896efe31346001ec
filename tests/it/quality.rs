//! The quality gate as people meet it: a seal that is not there, a secrecy mark, the same paper twice, a page upside down.

use std::fs;
use std::path::{Path, PathBuf};

use scanseal::document::Sha256;
use scanseal::scan::cleanup::SURE_TURN;
use scanseal::scan::quality::{self, Look};
use scanseal::scan::{self, Dpi, PageImage, Pixels};
use serde_json::Value;

use crate::support::{Office, other, scans, scanseal};

fn codes(lines: &[Value]) -> Vec<String> {
    lines.iter().map(|l| l["code"].as_str().unwrap().to_owned()).collect()
}

/// A file of the samples.
fn sample(name: &str) -> (PathBuf, Vec<u8>) {
    let path = scans().join(name);
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn every_sample_page_is_level_upright_and_not_blank() {
    let known: Value = serde_json::from_slice(&fs::read(scans().join("known-text.json")).unwrap()).unwrap();
    for document in known.as_array().unwrap() {
        for page in document["pages"].as_array().unwrap() {
            let name = page["file"].as_str().unwrap();
            let index = page["page_in_file"].as_u64().unwrap() as usize - 1;
            let looked = scan::inspect(name, &sample(name).1).unwrap();
            let look = &looked[index].look;
            let wanted = -page["skew_degrees_anticlockwise"].as_f64().unwrap();
            let skew = look.lie.skew.unwrap();
            assert!((skew - wanted).abs() <= 0.1, "{name} {index}: {skew} for {wanted}");
            assert_eq!((look.lie.quarters, look.blank), (0, false), "{name} {index}: {look:?}");
            // A stamp over the edges of several sheets is no text that is cut.
            assert_eq!(look.cut, [false; 4], "{name} {index}");
        }
    }
}

#[test]
fn seals_and_signatures_of_the_samples_are_found_and_no_sample_is_held() {
    for name in ["scan_0001.jpg", "Thong bao 88.png", "Cong van 125.tif", "CV_den_0412.jpg"] {
        let looked = scan::inspect(name, &sample(name).1).unwrap();
        assert!(looked.iter().any(|p| p.look.stamp == Some(quality::Stamp::Seal)), "{name}");
        assert!(looked.iter().any(|p| p.look.signature.is_some()), "{name}");
        assert!(looked.iter().all(|p| p.look.mark != Some(quality::Mark::Secret)), "{name}");
    }
    // Negative control: pages before the last one carry neither.
    let inner = scan::inspect("scan_0004.jpg", &sample("scan_0004.jpg").1).unwrap();
    assert_eq!((inner[0].look.stamp, inner[0].look.signature), (None, None));
}

#[test]
fn a_document_without_stamp_and_signature_waits_for_a_person_and_shows_the_page() {
    let office = Office::with_files("vn-state");
    office.change_profile("hold = []", "hold = [\"stamp_missing\", \"signature_missing\"]");
    let page = scans().join("scan_0004.jpg");
    let run = office.run(&["scan", page.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    let findings = run.events("finding");
    let found = codes(&findings);
    assert!(
        found.contains(&"stamp_missing".to_owned()) && found.contains(&"signature_missing".to_owned()),
        "{found:?}"
    );
    let shown = findings.iter().find(|f| f["code"] == "stamp_missing").unwrap();
    assert_eq!(shown["severity"], "hold");
    let preview = fs::read(Path::new(shown["preview"].as_str().unwrap())).unwrap();
    assert!(preview.starts_with(b"\x89PNG"));
    assert_eq!(run.events("document")[0]["state"], "held");
}

#[test]
fn the_same_paper_scanned_again_is_told() {
    let office = Office::with_files("eidas");
    let folder = tempfile::tempdir().unwrap();
    let first = scans().join("scan_0003.jpg");
    office.run(&["scan", first.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    // The same picture in another file: other bytes, a comment more.
    let mut bytes = fs::read(&first).unwrap();
    bytes.splice(2..2, [0xFF, 0xFE, 0x00, 0x04, b'x', b'y']);
    let again = folder.path().join("again.jpg");
    fs::write(&again, bytes).unwrap();
    let twice = office.run(&["scan", again.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    assert!(codes(&twice.events("finding")).contains(&"scanned_twice".to_owned()));
    let another = scans().join("scan_0004.jpg");
    let other = office.run(&["scan", another.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    assert!(!codes(&other.events("finding")).contains(&"scanned_twice".to_owned()));
}

#[test]
fn deskew_turns_the_page_by_its_matrix_and_the_picture_stays() {
    let folder = tempfile::tempdir().unwrap();
    let input = scans().join("scan_0001.jpg");
    let input = input.to_str().unwrap();
    scanseal(folder.path(), &["convert", input, "-o", "as.pdf", "--no-ocr"]).expect(0);
    scanseal(folder.path(), &["convert", input, "-o", "level.pdf", "--no-ocr", "--deskew"]).expect(0);
    let before = scan::inspect("x.jpg", &fs::read(input).unwrap()).unwrap()[0].look.lie.skew.unwrap();
    assert!(before.abs() > 0.2);
    let skew = |name: &str| {
        let stem = folder.path().join(name);
        let pdf = format!("{}.pdf", stem.display());
        other("pdftoppm", &["-r", "200", "-png", "-singlefile", &pdf, stem.to_str().unwrap()])?;
        let png = fs::read(format!("{}.png", stem.display())).unwrap();
        Some(scan::inspect(name, &png).unwrap()[0].look.lie.skew.unwrap())
    };
    let (Some(same), Some(level)) = (skew("as"), skew("level")) else { return };
    assert!((same - before).abs() < 0.1, "{same} for {before}");
    assert!(level.abs() < 0.1, "{level}");
}

/// A page of the samples, decoded.
fn picture(name: &str) -> (PageImage, Dpi) {
    let bytes = sample(name).1;
    let page = scan::inspect(name, &bytes).unwrap().remove(0);
    (scan::decode(&bytes, 0).unwrap(), page.dpi)
}

fn look(image: PageImage, dpi: &Dpi) -> Look {
    quality::look(&image, dpi)
}

/// The picture with each pixel taken from elsewhere or made anew.
fn redrawn(image: &PageImage, size: (u32, u32), pixel: impl Fn(&[u8], u32, u32) -> [u8; 3]) -> PageImage {
    let Pixels::Rgb(samples) = &image.pixels else { panic!("not in colour") };
    let places = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
    let samples = places.flat_map(|(x, y)| pixel(samples, x, y)).collect();
    PageImage { width: size.0, height: size.1, pixels: Pixels::Rgb(samples) }
}

fn at(samples: &[u8], width: u32, x: u32, y: u32) -> [u8; 3] {
    let i = ((y * width + x) * 3) as usize;
    [samples[i], samples[i + 1], samples[i + 2]]
}

#[test]
fn a_page_that_lies_wrong_is_known_in_every_quarter() {
    let (image, dpi) = picture("scan_0003.jpg");
    let (w, h) = (image.width, image.height);
    let clockwise = redrawn(&image, (h, w), |s, x, y| at(s, w, y, h - 1 - x));
    let half = redrawn(&image, (w, h), |s, x, y| at(s, w, w - 1 - x, h - 1 - y));
    let anticlockwise = redrawn(&image, (h, w), |s, x, y| at(s, w, w - 1 - y, x));
    for (quarters, turned) in [(0, image), (1, clockwise), (2, half), (3, anticlockwise)] {
        let lie = look(turned, &dpi).lie;
        assert_eq!(lie.quarters, quarters);
        assert!(lie.sure >= SURE_TURN, "{lie:?}");
    }
}

#[test]
fn faults_of_a_scan_are_seen_and_a_good_scan_has_none() {
    let (image, dpi) = picture("scan_0003.jpg");
    let (w, h) = (image.width, image.height);
    let good = look(image.clone(), &dpi);
    assert!(good.edge_mm.unwrap() < quality::BLURRED_MM && good.light > quality::DARK_PAPER);
    assert!(good.print.unwrap() > quality::PALE_PRINT && good.cut == [false; 4]);
    assert_eq!(good.paper.as_deref(), Some("A4"));

    let dark = redrawn(&image, (w, h), |s, x, y| at(s, w, x, y).map(|v| v / 2));
    assert!(look(dark, &dpi).light < quality::DARK_PAPER);
    let pale = redrawn(&image, (w, h), |s, x, y| at(s, w, x, y).map(|v| 190 + v / 4));
    let pale = look(pale, &dpi);
    assert!(pale.print.unwrap() < quality::PALE_PRINT && !pale.blank);
    // A mean over 13 pixels each way.
    let soft = redrawn(&image, (w, h), |s, x, y| {
        let mut sum = [0u32; 3];
        for k in 0..13 {
            let near = at(s, w, (x + k).clamp(6, w + 5) - 6, y);
            (0..3).for_each(|c| sum[c] += u32::from(near[c]));
        }
        sum.map(|v| (v / 13) as u8)
    });
    assert!(look(soft, &dpi).edge_mm.unwrap() > quality::BLURRED_MM);
    let cut = redrawn(&image, (w, h), |s, x, y| at(s, w, (x + 600).min(w - 1), y));
    assert_eq!(look(cut, &dpi).cut, [true, false, false, false]);
    let small = Dpi { x: dpi.x / 0.8, y: dpi.y / 0.8, ..dpi };
    assert_eq!(look(image, &small).paper, None);
}

#[test]
fn without_its_red_and_blue_ink_a_page_has_neither_seal_nor_signature() {
    let (image, dpi) = picture("scan_0001.jpg");
    let (w, h) = (image.width, image.height);
    let with = look(image.clone(), &dpi);
    assert!(with.stamp.is_some() && with.signature.is_some());
    let bare = redrawn(&image, (w, h), |s, x, y| {
        let [r, g, b] = at(s, w, x, y);
        if r.max(b) > g.saturating_add(14) { [238, 236, 230] } else { [r, g, b] }
    });
    let bare = look(bare, &dpi);
    assert_eq!((bare.stamp, bare.signature), (None, None));
}

#[test]
fn an_empty_page_is_blank_until_a_word_stands_on_it() {
    let (image, dpi) = picture("scan_0001.jpg");
    let (w, h) = (image.width, image.height);
    // Paper with a punch hole, dust, and the pale soft shine of a page behind it.
    let paper = |s: &[u8], x: u32, y: u32| {
        let soft: i32 = (0..15).map(|k| i32::from(at(s, w, (w + 6 - x - k).clamp(0, w - 1), y)[1])).sum();
        let shine = (soft / 15 - 255) / 9;
        let (dx, dy) = (i64::from(x) - 140, i64::from(y) - 1200);
        let dust = x % 700 < 4 && y % 900 < 4;
        match dx * dx + dy * dy < 35 * 35 || dust {
            true => [60, 60, 62],
            false => [240, 238, 232].map(|v: i32| (v + shine).clamp(0, 255) as u8),
        }
    };
    assert!(look(redrawn(&image, (w, h), paper), &dpi).blank);
    let word = redrawn(&image, (w, h), |s, x, y| match (560..960).contains(&x) && (220..330).contains(&y) {
        true => at(s, w, x, y),
        false => paper(s, x, y),
    });
    assert!(!look(word, &dpi).blank);
}

#[test]
fn a_secrecy_mark_is_a_question_and_an_urgency_mark_is_none() {
    let marks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/marks");
    for number in 1..=3 {
        for (kind, mark) in [("secret", quality::Mark::Secret), ("urgent", quality::Mark::Other)] {
            let name = format!("{kind}-{number}.jpg");
            let page = scan::inspect(&name, &fs::read(marks.join(&name)).unwrap()).unwrap().remove(0);
            assert_eq!(page.look.mark, Some(mark), "{name}");
        }
    }
    let office = Office::with_files("vn-state");
    let page = marks.join("secret-1.jpg");
    let run = office.run(&["scan", page.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    assert_eq!(codes(&run.events("finding")), ["secret_mark_seen"]);
    assert!(run.events("document").is_empty());
    let digest = Sha256::of(&fs::read(&page).unwrap()).0;
    let stored = office.root.join("blobs").join(&digest[..2]).join(&digest);
    assert!(!stored.exists(), "not a byte of it is stored");
    // A person who has looked says so in the manifest.
    let manifest = office.root.join("answer.csv");
    fs::write(&manifest, "file,secrecy\nsecret-1.jpg,Thường\n").unwrap();
    let (page, manifest) = (page.to_str().unwrap(), manifest.to_str().unwrap());
    let run = office.run(&["scan", page, "--outage", "SC-1", "--manifest", manifest]).expect(0);
    assert_eq!(run.events("document").len(), 1);
    assert!(stored.exists());
}
