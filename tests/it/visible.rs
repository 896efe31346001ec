//! Visible signatures on documents that were written on a computer: pictures at their true size, in the place of the law,
//! however the page is turned; looked at in what another program renders.

use std::fs;
use std::path::Path;

use printpdf::{Mm, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem};

use super::refusals::pdfs::{pdf, stream};
use super::support::{KEYS, Office, other};

/// Width of the pictures of these tests, millimetres.
const SIGNATURE_MM: f64 = 40.0;
const SEAL_MM: f64 = 36.0;
const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// Where the signer's name stands: middle in points from the left edge, base line from the upper edge.
const NAME: (f64, f64) = (420.0, 700.0);
const POSITION: f64 = 590.0;

/// A letter with the signer's position and name at the right, as office programs write them.
fn letter(turned: i64) -> Vec<u8> {
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/fonts/Tinos-Regular.ttf"));
    let font = printpdf::ParsedFont::from_bytes(&bytes.unwrap(), 0, &mut Vec::new()).unwrap();
    let mut document = PdfDocument::new("Công văn");
    let id = document.add_font(&font);
    let _ = PdfFont::new(font.clone());
    let mut ops = vec![Op::StartTextSection];
    let mut write = |text: &str, x: f32, y: f32| {
        let font = PdfFontHandle::External(id.clone());
        ops.push(Op::SetTextMatrix { matrix: printpdf::TextMatrix::Translate(Pt(x), Pt(842.0 - y)) });
        ops.push(Op::SetFont { font, size: Pt(13.0) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
    };
    write("Kính gửi: Các đơn vị trực thuộc", 80.0, 200.0);
    write("CHỦ TỊCH", 390.0, POSITION as f32);
    // 13 point Tinos: the name is about 62 points wide, so its middle is near NAME.
    write("Test person", 389.0, NAME.1 as f32);
    write("Nơi nhận:", 80.0, 600.0);
    ops.push(Op::EndTextSection);
    let page = PdfPage::new(Mm(210.0), Mm(297.0), ops);
    document.pages.push(page);
    let bytes = document.save(&PdfSaveOptions::default(), &mut Vec::new());
    turn(&bytes, turned)
}

fn turn(bytes: &[u8], turned: i64) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(bytes).unwrap();
    let page = *document.get_pages().values().next().unwrap();
    document.get_object_mut(page).unwrap().as_dict_mut().unwrap().set("Rotate", turned);
    document.prune_objects();
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// A blue stroke and a red ring on clear ground.
fn pictures(folder: &Path) {
    let mut stroke = image::RgbaImage::new(400, 200);
    for x in 0..400_u32 {
        let y = (100.0 + 80.0 * (f64::from(x) / 30.0).sin()) as u32;
        (0..6).for_each(|thick| stroke.put_pixel(x, (y + thick).min(199), image::Rgba([20, 40, 200, 255])));
    }
    stroke.save(folder.join("signature.png")).unwrap();
    let mut ring = image::RgbaImage::new(360, 360);
    for (x, y, pixel) in ring.enumerate_pixels_mut() {
        let radius = (f64::from(x) - 179.5).hypot(f64::from(y) - 179.5);
        if (165.0..180.0).contains(&radius) {
            *pixel = image::Rgba([220, 10, 20, 255]);
        }
    }
    ring.save(folder.join("seal.png")).unwrap();
}

fn office() -> Office {
    let key = |role: &str, file: &str, picture: &str, width: f64| {
        format!("[keys.{role}]\nuri = \"{}\"\npicture = \"{picture}\"\npicture_mm = {width}", KEYS.uri(file))
    };
    let keys = [
        key("personal", "person.p12", "signature.png", SIGNATURE_MM),
        key("organization", "organization.p12", "seal.png", SEAL_MM),
    ];
    let office = Office::new("eidas", &keys.join("\n"));
    pictures(&office.root);
    office
}

/// Signs in both roles; gives the path of the sealed file.
fn both(office: &Office, letter: &[u8]) -> std::path::PathBuf {
    let file = office.destination.join("letter.pdf");
    fs::write(&file, letter).unwrap();
    let signed = office.destination.join("signed");
    let sealed = office.destination.join("sealed");
    let sign = |role: &str, file: &Path, folder: &Path| {
        let arguments = ["sign", file.to_str().unwrap(), "--role", role, "-o", folder.to_str().unwrap()];
        office.run(&[&arguments[..], &["--form", "issued"]].concat()).expect(0)
    };
    let run = sign("personal", &file, &signed);
    assert!(run.events("finding").is_empty(), "{}", run.stdout);
    sign("organization", &signed.join("letter.pdf"), &sealed);
    sealed.join("letter.pdf")
}

/// Left, upper, right and lower edge in points of the pixels that `wanted` takes.
fn extent(picture: &image::RgbImage, wanted: impl Fn([u8; 3]) -> bool) -> [f64; 4] {
    let mut area = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for (x, y, pixel) in picture.enumerate_pixels().filter(|(_, _, pixel)| wanted(pixel.0)) {
        let (x, y) = (f64::from(x) / 2.0, f64::from(y) / 2.0);
        area = [area[0].min(x), area[1].min(y), area[2].max(x + 0.5), area[3].max(y + 0.5)];
        let _ = pixel;
    }
    area
}

fn rendered(file: &Path) -> Option<image::RgbImage> {
    let png = file.with_extension("png");
    let (paths, to) = (file.to_str().unwrap(), png.to_str().unwrap());
    let (good, said) = other("mutool", &["draw", "-q", "-r", "144", "-o", to, paths, "1"])?;
    assert!(good, "{said}");
    Some(image::open(png).unwrap().into_rgb8())
}

#[test]
fn pictures_stand_where_the_law_wants_them_at_their_true_size() {
    let office = office();
    let sealed = both(&office, &letter(0));
    let verdict = office.run(&["verify", sealed.to_str().unwrap()]).expect(0);
    assert_eq!(verdict.events("verdict").len() + verdict.lines().len(), verdict.lines().len());
    let Some(picture) = rendered(&sealed) else { return };
    let blue = extent(&picture, |[r, g, b]| b > 150 && r < 120 && g < 120);
    let red = extent(&picture, |[r, g, b]| r > 150 && g < 90 && b < 90);
    let near =
        |is: f64, wanted: f64, what: &str| assert!((is - wanted).abs() < 3.0, "{what}: {is}, {wanted}");
    near(blue[2] - blue[0], SIGNATURE_MM * POINTS_PER_MM, "width of the signature");
    near(red[2] - red[0], SEAL_MM * POINTS_PER_MM, "width of the seal");
    near((blue[0] + blue[2]) / 2.0, NAME.0, "centred on the name");
    assert!(blue[1] > POSITION && blue[3] < NAME.1 - 8.0, "between position and name: {blue:?}");
    near(red[2], blue[0] + (blue[2] - blue[0]) / 3.0, "the seal covers the left third");
    near((red[1] + red[3]) / 2.0, (blue[1] + blue[3]) / 2.0, "at the same height");
}

#[test]
fn a_turned_page_shows_the_picture_upright_above_the_name_s_place() {
    // The text of a turned page runs upwards, so a person names the place; the picture stands upright as it is displayed.
    let office = office();
    for turned in [90, 180, 270] {
        let file = office.destination.join(format!("turned-{turned}.pdf"));
        fs::write(&file, letter(turned)).unwrap();
        let folder = office.destination.join("turned");
        let arguments =
            ["sign", file.to_str().unwrap(), "--role", "personal", "-o", folder.to_str().unwrap()];
        office.run(&[&arguments[..], &["--form", "issued", "--at", "1:50,30"]].concat()).expect(0);
        let Some(picture) = rendered(&folder.join(file.file_name().unwrap())) else { return };
        let blue = extent(&picture, |[r, g, b]| b > 150 && r < 120 && g < 120);
        assert!((blue[0] - 50.0 * POINTS_PER_MM).abs() < 3.0, "{turned}: {blue:?}");
        assert!((blue[2] - blue[0] - SIGNATURE_MM * POINTS_PER_MM).abs() < 3.0, "{turned}: {blue:?}");
    }
}

#[test]
fn what_cannot_be_placed_is_refused_and_what_is_covered_is_told() {
    let office = office();
    let file = office.destination.join("letter.pdf");
    fs::write(&file, letter(0)).unwrap();
    let run = |more: &[&str], folder: &str| {
        let folder = office.destination.join(folder);
        let arguments =
            ["sign", file.to_str().unwrap(), "--role", "personal", "-o", folder.to_str().unwrap()];
        office.run(&[&arguments[..], more].concat())
    };
    let issued = |more: &[&str], folder: &str| run(&[&["--form", "issued"], more].concat(), folder);
    assert_eq!(issued(&["--anchor", "Nobody"], "a").expect(4).errors(), ["form_no_place"]);
    assert_eq!(issued(&["--at", "9:10,10"], "b").expect(4).errors(), ["form_outside"]);
    assert_eq!(issued(&["--at", "1:190,10"], "c").expect(4).errors(), ["form_outside"]);
    assert_eq!(issued(&["--at", "here"], "d").expect(2).errors(), ["bad_place"]);
    assert_eq!(run(&["--form", "attachment"], "e").expect(2).errors(), ["option_needs"]);
    let covered = issued(&["--at", "1:28,60"], "f").expect(0);
    assert_eq!(covered.events("finding")[0]["code"], "form_over_text");
    assert!(covered.events("finding")[0]["text"].as_str().unwrap().contains("Kính gửi"));
    let attached = run(&["--form", "attachment", "--number", "125/UBND-VP"], "g").expect(0);
    assert!(attached.events("finding").is_empty());
    let signed = office.destination.join("g/letter.pdf");
    if let Some((_, text)) = other("pdftotext", &["-layout", signed.to_str().unwrap(), "-"]) {
        assert!(text.contains("125/UBND-VP"), "{text}");
    }
}

/// A page of these entries, with a picture of 60 by 40 mm, 20 mm from its left and upper edge, where a unit is a point.
fn with_picture(entries: &str) -> Vec<u8> {
    let picture = "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>{entries}>>"),
        stream("", "q 170 0 0 113 57 672 cm /I Do Q"),
        stream(picture, "w"),
    ];
    pdf(&objects, "")
}

#[test]
fn a_page_whose_unit_is_no_point_gets_the_picture_at_its_true_size_and_place() {
    let office = office();
    let file = office.destination.join("large.pdf");
    // 421 units of 2 points: A4 again.
    fs::write(&file, with_picture("/MediaBox[0 0 297.5 421]/UserUnit 2.0")).unwrap();
    let run = |at: &str, folder: &Path| {
        let arguments =
            ["sign", file.to_str().unwrap(), "--role", "personal", "--form", "issued", "--at", at];
        office.run(&[&arguments[..], &["-o", folder.to_str().unwrap()]].concat())
    };
    let folder = office.destination.join("signed");
    run("1:110,150", &folder).expect(0);
    let outside = office.destination.join("outside");
    assert_eq!(run("1:190,150", &outside).expect(4).errors(), ["form_outside"]);
    let Some(picture) = rendered(&folder.join("large.pdf")) else { return };
    assert_eq!(picture.width(), 1_190, "the whole sheet");
    let blue = extent(&picture, |[r, g, b]| b > 150 && r < 120 && g < 120);
    assert!((blue[2] - blue[0] - SIGNATURE_MM * POINTS_PER_MM).abs() < 3.0, "{blue:?}");
    assert!((blue[0] - 110.0 * POINTS_PER_MM).abs() < 3.0, "{blue:?}");
    assert!((blue[1] - 150.0 * POINTS_PER_MM).abs() < 20.0, "{blue:?}");
}

#[test]
fn a_picture_under_the_form_is_told_and_the_paper_of_a_scan_is_not() {
    let office = office();
    let file = office.destination.join("letter.pdf");
    let told = |at: &str, folder: &str| {
        let folder = office.destination.join(folder);
        let arguments =
            ["sign", file.to_str().unwrap(), "--role", "personal", "--form", "issued", "--at", at];
        let run = office.run(&[&arguments[..], &["-o", folder.to_str().unwrap()]].concat()).expect(0);
        run.events("finding").iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    fs::write(&file, with_picture("/MediaBox[0 0 595 842]")).unwrap();
    assert_eq!(told("1:30,30", "over"), ["form_over_picture"]);
    assert!(told("1:100,30", "beside").is_empty());
    fs::write(&file, with_picture("/MediaBox[57 672 227 785]")).unwrap();
    assert!(told("1:10,10", "paper").is_empty());
}

/// Left, upper, right and lower edge of the visible signature of the first page, points from its upper left corner.
fn widget(bytes: &[u8]) -> [f32; 4] {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let page = *document.get_pages().values().next().unwrap();
    let page = document.get_dictionary(page).unwrap();
    let numbers = |of: &lopdf::Dictionary, key: &[u8]| -> Vec<f32> {
        of.get_deref(key, &document)
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_float().unwrap())
            .collect()
    };
    let media = numbers(page, b"MediaBox");
    let annots = page.get_deref(b"Annots", &document).unwrap().as_array().unwrap();
    let (_, widget) = document.dereference(annots.last().unwrap()).unwrap();
    let rect = numbers(widget.as_dict().unwrap(), b"Rect");
    [rect[0] - media[0], media[3] - rect[3], rect[2] - media[0], media[3] - rect[1]]
}

#[test]
fn a_long_name_of_the_office_does_not_run_over_the_head_of_the_page() {
    let head = (20.0 * POINTS_PER_MM) as f32;
    let long = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính thuộc Văn phòng Hội đồng nhân dân và Ủy \
                ban nhân dân thành phố trực thuộc trung ương Hải Phòng, Chi nhánh khu vực số 12 huyện đảo Bạch Long Vĩ";
    assert!(long.chars().count() > 190);
    for (number, name) in ["Ủy ban nhân dân xã Mường Lam", &long[..118], long].into_iter().enumerate()
    {
        let office = Office::with_files("vn-state");
        let station = office.root.join("scanseal.toml");
        let text = fs::read_to_string(&station).unwrap();
        fs::write(&station, text.replace("Ủy ban nhân dân xã Mường Lam", name)).unwrap();
        office.built("scan_0001.jpg");
        office.run(&["sign", "--role", "organization", "--all"]).expect(0);
        let sealed = office.latest("D-000001");
        let area = widget(&sealed);
        assert!(area[0] > 20.0 && area[1] > 6.0 && area[3] <= head + 0.1, "{name}: {area:?}");
        if let Ok(folder) = std::env::var("SCANSEAL_TEST_LOOK") {
            let file = Path::new(&folder).join(format!("block-{number}.pdf"));
            fs::write(&file, &sealed).unwrap();
            rendered(&file);
        }
    }
}

/// A page as another program draws it, 200 pixels wide.
fn small(file: &Path) -> image::RgbImage {
    let picture = rendered(file).unwrap();
    let height = 200 * 2 * picture.height() / picture.width();
    image::imageops::resize(&picture, 400, height, image::imageops::FilterType::Triangle)
}

/// Draws both visible forms on pages that lie in every way into one picture for people to look at.
#[test]
#[ignore = "a picture for people; tests/run forms"]
fn both_forms_on_pages_that_lie_in_every_way() {
    let office = office();
    let mut pages = vec![small(&both(&office, &letter(0)))];
    for turned in [90, 180, 270] {
        let file = office.destination.join(format!("turned-{turned}.pdf"));
        fs::write(&file, letter(turned)).unwrap();
        for (form, more) in [("issued", ["--at", "1:50,30"]), ("attachment", ["--number", "125/UBND-VP"])] {
            let folder = office.destination.join(form);
            let sign = ["sign", file.to_str().unwrap(), "--role", "personal", "-o", folder.to_str().unwrap()];
            office.run(&[&sign[..], &["--form", form], &more].concat()).expect(0);
            pages.push(small(&folder.join(file.file_name().unwrap())));
        }
    }
    let copies = Office::with_files("vn-state");
    copies.built("scan_0001.jpg");
    copies.run(&["sign", "--role", "organization", "--all"]).expect(0);
    let copy = copies.destination.join("copy.pdf");
    fs::write(&copy, copies.latest("D-000001")).unwrap();
    pages.push(small(&copy));
    let height = pages.iter().map(image::RgbImage::height).max().unwrap();
    let mut sheet = image::RgbImage::from_pixel(4 * 410, 2 * (height + 10), image::Rgb([210, 214, 220]));
    for (index, page) in (0_i64..).zip(&pages) {
        let (x, y) = (index % 4 * 410, index / 4 * (i64::from(height) + 10));
        image::imageops::replace(&mut sheet, page, x, y);
    }
    sheet.save(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/results/visible.png")).unwrap();
}
