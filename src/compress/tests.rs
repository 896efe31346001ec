//! A page with known text, a solid red star and blue strokes: what must survive, and what it may cost.

use super::*;
use crate::scan::{Dpi, DpiOrigin, Pixels, pack};

const DPI: Dpi = Dpi { x: 300.0, y: 300.0, origin: DpiOrigin::File };
const SETTINGS: Settings = Settings { class: Class::Normal, mask: MaskCodec::Jbig2Generic, min_dpi: 200 };
const W: usize = 1200;
const H: usize = 900;

/// Red disc of 5 mm radius with a red star's solid core at (300, 600), blue wave, rows of black bars as text.
fn is_text(x: usize, y: usize) -> bool {
    y < 420 && y > 60 && (y / 20).is_multiple_of(3) && (x / 6).is_multiple_of(3) && x > 80 && x < 1100
}

fn is_stamp(x: usize, y: usize) -> bool {
    let (dx, dy) = (x as f64 - 300.0, y as f64 - 640.0);
    (dx * dx + dy * dy).sqrt() < 90.0
}

fn is_pen(x: usize, y: usize) -> bool {
    let wave = 650.0 + 60.0 * (x as f64 / 50.0).sin();
    (450..1000).contains(&x) && (y as f64 - wave).abs() < 4.0
}

fn page_image() -> PageImage {
    let mut seed = 7u32;
    let mut pixels = Vec::with_capacity(W * H * 3);
    for y in 0..H {
        for x in 0..W {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (seed >> 24) as i32 % 9 - 4;
            let light = 238 - (x as i32 * 20 / W as i32);
            let rgb = match () {
                () if is_text(x, y) => [35, 35, 38],
                () if is_pen(x, y) => [40, 60, 160],
                () if is_stamp(x, y) => [205, 45, 50],
                () => [light, light - 3, light - 12],
            };
            pixels.extend(rgb.map(|v| (v + noise).clamp(0, 255) as u8));
        }
    }
    PageImage { width: W as u32, height: H as u32, pixels: Pixels::Rgb(pixels) }
}

fn rgb(image: &PageImage) -> &[u8] {
    match &image.pixels {
        Pixels::Rgb(samples) => samples,
        _ => panic!("colour"),
    }
}

fn total(page: &PageLayers) -> usize {
    page.records.iter().map(|r| r.bytes).sum()
}

#[test]
fn text_stays_text_red_stays_red_blue_stays_blue() {
    let image = page_image();
    let layers = page(&image, DPI, &SETTINGS).unwrap();
    let back = reconstruct(&layers).unwrap();
    let (mut text, mut lost) = (0, 0);
    for (i, pixel) in rgb(&back).chunks_exact(3).enumerate() {
        let (x, y) = (i % W, i / W);
        let [r, g, b] = [0, 1, 2].map(|c| i32::from(pixel[c]));
        if is_text(x, y) {
            text += 1;
            lost += i32::from(r > 100);
        } else if is_stamp(x, y)
            && [(0, 8), (16, 8), (8, 0), (8, 16)].iter().all(|(dx, dy)| is_stamp(x + dx - 8, y + dy - 8))
        {
            assert!(r > g + 90 && r > b + 90, "red at {x},{y}: {pixel:?}");
        } else if is_pen(x, y) && is_pen(x, y - 3) && is_pen(x, y + 3) {
            assert!(b > r + 40, "blue at {x},{y}: {pixel:?}");
        }
    }
    assert!(lost * 100 < text, "{lost} of {text} text pixels lost");
    assert!(total(&layers) < 20_000, "{:?}", layers.records);
    // Paper, the red ink, the blue ink, the text.
    assert_eq!(layers.layers.len(), 4);
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    let image = page_image();
    assert_eq!(page(&image, DPI, &SETTINGS).unwrap(), page(&image, DPI, &SETTINGS).unwrap());
}

#[test]
fn black_and_white_pages_are_lossless_in_both_codecs() {
    let grey: Vec<u8> = (0..W * H).map(|i| if is_text(i % W, i / W) { 0 } else { 255 }).collect();
    let bits = pack(&grey, W as u32, |v| v < 128);
    let image = PageImage { width: W as u32, height: H as u32, pixels: Pixels::Bilevel(bits) };
    for mask in [MaskCodec::Jbig2Generic, MaskCodec::G4] {
        let layers = page(&image, DPI, &Settings { mask, ..SETTINGS }).unwrap();
        let back = reconstruct(&layers).unwrap();
        let same = rgb(&back).chunks_exact(3).zip(&grey).all(|(p, g)| p == [*g; 3]);
        assert!(same && layers.layers.len() == 1);
    }
}

#[test]
fn a_photograph_is_not_squeezed_into_text_and_paper() {
    let mut image = page_image();
    let Pixels::Rgb(samples) = &mut image.pixels else { panic!() };
    for y in 450..880 {
        for x in 700..1150 {
            let v = (128.0 + 100.0 * ((x as f64 / 17.0).sin() * (y as f64 / 13.0).cos())) as u8;
            samples[(y * W + x) * 3..][..3].copy_from_slice(&[v, v / 2 + 40, 255 - v]);
        }
    }
    let back = reconstruct(&page(&image, DPI, &SETTINGS).unwrap()).unwrap();
    let sum: u64 = rgb(&image).iter().zip(rgb(&back)).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(sum as f64 / (W * H * 3) as f64 <= 9.0, "{}", sum as f64 / (W * H * 3) as f64);
}

#[test]
fn odd_sizes_work() {
    for (width, height) in [(1, 1), (1, 300), (70, 71), (257, 65), (2000, 3)] {
        let rgb = vec![200; width * height * 3];
        let image = PageImage { width: width as u32, height: height as u32, pixels: Pixels::Rgb(rgb) };
        let layers = page(&image, DPI, &SETTINGS).unwrap();
        assert_eq!(reconstruct(&layers).unwrap().width, width as u32);
        let grey = PageImage { pixels: Pixels::Grey(vec![10; width * height]), ..image };
        page(&grey, DPI, &SETTINGS).unwrap();
    }
}

/// Mean CIE76 difference over the reddish pixels of the page.
fn stamp_difference(image: &PageImage, layers: &PageLayers) -> f64 {
    let Pixels::Rgb(samples) = &image.pixels else { return 0.0 };
    let back = reconstruct(layers).unwrap();
    let (mut sum, mut count) = (0.0, 0u32);
    for (a, b) in samples.chunks_exact(3).zip(rgb(&back).chunks_exact(3)) {
        if i32::from(a[0]) > i32::from(a[1]) + 50 && i32::from(a[0]) > i32::from(a[2]) + 40 {
            let (p, q) = (lab(a), lab(b));
            sum += (0..3).map(|i| (p[i] - q[i]).powi(2)).sum::<f64>().sqrt();
            count += 1;
        }
    }
    sum / f64::from(count.max(1))
}

/// sRGB to CIELAB, D65.
fn lab(pixel: &[u8]) -> [f64; 3] {
    let linear = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    let [r, g, b] = [linear(pixel[0]), linear(pixel[1]), linear(pixel[2])];
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Prints sizes of the sample pages and writes what they look like: `SCANSEAL_LOOK=DIR cargo test --release -- --ignored look`.
#[test]
#[ignore = "for people who want to look"]
fn look() {
    let folder = std::env::var("SCANSEAL_LOOK").expect("SCANSEAL_LOOK=DIR");
    let scans = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scans");
    for path in crate::scan::collect::inputs(&[scans]).unwrap().files {
        let bytes = std::fs::read(&path).unwrap();
        for record in crate::scan::inspect("x", &bytes).unwrap() {
            let image = crate::scan::decode(&bytes, record.index).unwrap();
            let started = std::time::Instant::now();
            let layers = page(&image, record.dpi, &SETTINGS).unwrap();
            let red = stamp_difference(&image, &layers);
            let name = format!("{}-{}", path.file_stem().unwrap().to_string_lossy(), record.index + 1);
            println!(
                "{name}: {} bytes, {:?}, red dE {red:.1}, {:?}",
                total(&layers),
                started.elapsed(),
                layers.records
            );
            let back = reconstruct(&layers).unwrap();
            let file = std::path::Path::new(&folder).join(format!("{name}.png"));
            image::save_buffer(file, rgb(&back), back.width, back.height, image::ExtendedColorType::Rgb8)
                .unwrap();
        }
    }
}
