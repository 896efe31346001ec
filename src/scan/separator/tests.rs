use qrcode::{Color, EcLevel, QrCode};

use super::*;
use crate::kit::KitId;
use crate::scan::pack;

/// A4 at 150 dpi with a code of `text`, 70 mm wide, turned by `degrees` about the middle of the sheet.
fn page(text: &str, degrees: f64) -> PageImage {
    let qr = QrCode::with_error_correction_level(text, EcLevel::H).unwrap();
    let (count, black) = (qr.width() as f64, qr.to_colors());
    let (width, height, side) = (1_240u32, 1_754u32, 413.0);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (f64::from(x) - 620.0, f64::from(y) - 877.0);
            // The code stands above the middle, as on the sheet.
            let (u, v) = (dx * cos + dy * sin + side / 2.0, -dx * sin + dy * cos + 400.0);
            let at = |value: f64| (value / side * count).floor();
            let inside = (0.0..count).contains(&at(u)) && (0.0..count).contains(&at(v));
            let dark = inside && black[(at(v) * count + at(u)) as usize] == Color::Dark;
            samples.push(if dark { 40 } else { 235 });
        }
    }
    PageImage { width, height, pixels: Pixels::Grey(samples) }
}

fn grey(image: &PageImage) -> &[u8] {
    match &image.pixels {
        Pixels::Grey(samples) => samples,
        _ => panic!("grey"),
    }
}

fn code() -> SheetCode {
    SheetCode { kit: KitId::random().unwrap(), serial: 42 }
}

#[test]
fn a_sheet_is_found_in_every_position_grey_coloured_or_black_and_white() {
    let code = code();
    for degrees in [0.0, 90.0, 180.0, 270.0, 3.7, -5.0, 91.3, 45.0] {
        let image = page(&code.qr_text(), degrees);
        assert_eq!(mark(&image), Some(Mark::Sheet(code.clone())), "{degrees}");
        let bits = pack(grey(&image), image.width, |v| v < 128);
        let bilevel = PageImage { pixels: Pixels::Bilevel(bits), ..image.clone() };
        assert_eq!(mark(&bilevel), Some(Mark::Sheet(code.clone())), "bilevel {degrees}");
        let rgb = grey(&image).iter().flat_map(|v| [*v, *v, v.saturating_add(10)]).collect();
        let rgb = PageImage { pixels: Pixels::Rgb(rgb), ..image };
        assert_eq!(mark(&rgb), Some(Mark::Sheet(code.clone())), "rgb {degrees}");
    }
}

#[test]
fn other_codes_and_damaged_ones_are_no_sheets() {
    let good = code().qr_text();
    let wrong = good.replace(":0042:", ":0043:");
    for text in ["https://example.vn/van-ban/125", &wrong, "SCANSEAL", &good.to_lowercase()] {
        assert_eq!(mark(&page(text, 2.0)), None, "{text}");
    }
}

#[test]
fn nothing_is_found_where_nothing_is_and_a_single_digit_is_something() {
    let mut noise = 7u32;
    let mut next = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 27) as u8
    };
    let mut samples: Vec<u8> = (0..1_240 * 1_754).map(|_| 220 + next()).collect();
    let image =
        |samples: &[u8]| PageImage { width: 1_240, height: 1_754, pixels: Pixels::Grey(samples.to_vec()) };
    // Show-through of the other side, and the shadow of the edge.
    for y in 300..400 {
        samples[y * 1_240 + 200..y * 1_240 + 900].iter_mut().for_each(|v| *v -= 30);
    }
    samples.iter_mut().step_by(1_240).for_each(|v| *v = 20);
    assert_eq!(mark(&image(&samples)), Some(Mark::Empty));
    // The stem of a digit of 12 points: 0.4 by 3 mm.
    for y in 1_000..1_018 {
        samples[y * 1_240 + 600..y * 1_240 + 604].fill(60);
    }
    assert_eq!(mark(&image(&samples)), None);
}

#[test]
fn tiny_and_odd_pictures_do_no_harm() {
    for (width, height) in [(1, 1), (1, 3_000), (3_000, 1), (7, 9), (900, 900)] {
        let pixels = Pixels::Grey(vec![0; (width * height) as usize]);
        mark(&PageImage { width, height, pixels });
        let bits = Pixels::Bilevel(vec![0xA5; (width.div_ceil(8) * height) as usize]);
        mark(&PageImage { width, height, pixels: bits });
    }
}
