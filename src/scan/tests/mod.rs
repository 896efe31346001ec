//! Every format that is taken, made at test time by other code than the one that reads it, and every way to cut one off.

use std::io::Cursor;

mod broken;
mod colours;
mod hostile;

use super::*;
use ::tiff::encoder::{TiffEncoder, colortype};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

const W: u16 = 61;
const H: u16 = 47;

fn rgb() -> Vec<u8> {
    let at = |x: usize, y: usize| [(x * 4) as u8, (y * 5) as u8, 200 - (x + y) as u8];
    (0..H as usize).flat_map(|y| (0..W as usize).flat_map(move |x| at(x, y))).collect()
}

fn jpeg(configure: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    configure(&mut encoder);
    encoder.encode(&rgb(), W, H, ColorType::Rgb).unwrap();
    bytes
}

fn samples(image: PageImage) -> Vec<u8> {
    match image.pixels {
        Pixels::Bilevel(s) | Pixels::Grey(s) | Pixels::Rgb(s) => s,
    }
}

/// Mean difference a sample.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn colour_jpeg_in_separate_scans_keeps_its_colours() {
    let bytes = jpeg(|e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
        e.set_optimized_huffman_tables(true);
    });
    let scans = bytes.windows(2).filter(|w| *w == [0xFF, 0xDA]).count();
    assert_eq!(scans, 3, "control: the file is not interleaved");
    assert!(difference(&samples(decode(&bytes, 0).unwrap()), &rgb()) < 6.0);
}

#[test]
fn a_jpeg_as_it_came_has_the_same_samples_and_no_more_than_readers_want() {
    let comment = b"Exif\0\0where and by whom it was taken".to_vec();
    let bytes = jpeg(|e| e.add_app_segment(1, comment.clone()).unwrap());
    let original = |bytes: &[u8]| Scan::open(Source::from_bytes(bytes.to_vec())).unwrap().original().unwrap();
    let (components, bare) = original(&bytes).unwrap();
    assert_eq!((components, bare.len()), (3, bytes.len() - comment.len() - 4));
    assert_eq!(decode(&bare, 0).unwrap(), decode(&bytes, 0).unwrap());
    // What its colours mean would be a guess.
    let jfif = bytes.windows(5).position(|w| w == b"JFIF\0").unwrap();
    let mut unmarked = bytes.clone();
    unmarked[jfif] = b'j';
    assert_eq!(original(&unmarked), None);
}

#[test]
fn progressive_and_grey_jpeg() {
    let progressive = jpeg(|e| e.set_progressive(true));
    assert!(difference(&samples(decode(&progressive, 0).unwrap()), &rgb()) < 6.0);
    let mut grey = Vec::new();
    let luma: Vec<u8> = rgb().chunks(3).map(|p| p[1]).collect();
    Encoder::new(&mut grey, 95).encode(&luma, W, H, ColorType::Luma).unwrap();
    let image = decode(&grey, 0).unwrap();
    assert_eq!(image.colour(), Colour::Grey);
    assert!(difference(&samples(image), &luma) < 4.0);
}

#[test]
fn a_jpeg_cut_anywhere_is_refused() {
    for bytes in [jpeg(|_| {}), jpeg(|e| e.set_progressive(true))] {
        for length in 0..bytes.len() - 1 {
            assert!(inspect("cut.jpg", &bytes[..length]).is_err(), "{length} of {}", bytes.len());
        }
        assert!(inspect("whole.jpg", &bytes).is_ok());
    }
}

fn tiff_pages(pages: usize) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder =
        TiffEncoder::new(&mut bytes).unwrap().with_compression(::tiff::encoder::Compression::Lzw);
    for _ in 0..pages {
        encoder.write_image::<colortype::RGB8>(W.into(), H.into(), &rgb()).unwrap();
    }
    bytes.into_inner()
}

#[test]
fn lzw_pages_come_out_as_they_went_in() {
    let bytes = tiff_pages(3);
    assert_eq!(inspect("three.tif", &bytes).unwrap().len(), 3);
    assert_eq!(samples(decode(&bytes, 2).unwrap()), rgb());
}

#[test]
fn a_tiff_cut_anywhere_loses_no_page_silently() {
    let bytes = tiff_pages(2);
    for length in (0..bytes.len() - 1).step_by(37) {
        let cut = inspect("cut.tif", &bytes[..length]);
        assert!(cut.is_err(), "{length} of {}: {} pages", bytes.len(), cut.unwrap().len());
    }
}

/// A TIFF around given strips, written by hand: little-endian, one directory.
fn tiff_around(strips: &[Vec<u8>], tags: &[(u16, u32)], rows_per_strip: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\0\0\0\0".to_vec();
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    for strip in strips {
        offsets.push(bytes.len() as u32);
        lengths.push(strip.len() as u32);
        bytes.extend(strip);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
    }
    let mut list = |values: &[u32]| -> u32 {
        if let [one] = values {
            return *one;
        }
        let at = bytes.len() as u32;
        values.iter().for_each(|v| bytes.extend(v.to_le_bytes()));
        at
    };
    let (at_offsets, at_lengths) = (list(&offsets), list(&lengths));
    let count = strips.len() as u32;
    let mut entries: Vec<(u16, u32, u32)> = tags.iter().map(|(tag, value)| (*tag, 1, *value)).collect();
    entries.extend([(273, count, at_offsets), (279, count, at_lengths), (278, 1, rows_per_strip)]);
    entries.extend([(256, 1, u32::from(W)), (257, 1, u32::from(H))]);
    entries.sort();
    let directory = bytes.len() as u32;
    bytes[4..8].copy_from_slice(&directory.to_le_bytes());
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, count, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4u16.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(0u32.to_le_bytes());
    bytes
}

#[test]
fn jpeg_strips_in_tiff_even_in_separate_scans() {
    let rows = 16usize;
    let strips: Vec<Vec<u8>> = rgb()
        .chunks(rows * W as usize * 3)
        .map(|strip| {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, 90);
            encoder.set_sampling_factor(SamplingFactor::F_2_2);
            encoder.set_optimized_huffman_tables(true);
            encoder.encode(strip, W, (strip.len() / 3 / W as usize) as u16, ColorType::Rgb).unwrap();
            bytes
        })
        .collect();
    let tags = [(258, 8), (259, 7), (262, 6), (277, 3), (284, 1)];
    let bytes = tiff_around(&strips, &tags, rows as u32);
    assert!(difference(&samples(decode(&bytes, 0).unwrap()), &rgb()) < 6.0);
    let missing = tiff_around(&strips[..2], &tags, rows as u32);
    assert!(decode(&missing, 0).is_err(), "a missing strip is not filled");
}

/// Bits with runs of many lengths, 1 = black, padding clear.
fn bits() -> Vec<u8> {
    let grey: Vec<u8> =
        (0..H as usize).flat_map(|y| (0..W as usize).map(move |x| ((x * x + y * 7) % 11) as u8)).collect();
    pack(&grey, W.into(), |v| v < 4)
}

#[test]
fn fax_group_4_in_both_polarities() {
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    let stride = (W as usize).div_ceil(8);
    for row in bits().chunks(stride) {
        let pels = (0..W as usize)
            .map(|x| if row[x / 8] >> (7 - x % 8) & 1 == 1 { fax::Color::Black } else { fax::Color::White });
        encoder.encode_line(pels, W.into()).unwrap();
    }
    let strip = encoder.finish().unwrap().finish();
    let white_is_zero =
        tiff_around(std::slice::from_ref(&strip), &[(258, 1), (259, 4), (262, 0), (277, 1)], H.into());
    let image = decode(&white_is_zero, 0).unwrap();
    assert_eq!(image.colour(), Colour::Bilevel);
    assert_eq!(samples(image), bits());
    let black_is_zero = tiff_around(&[strip], &[(258, 1), (259, 4), (262, 1), (277, 1)], H.into());
    assert_ne!(samples(decode(&black_is_zero, 0).unwrap()), bits(), "control: the polarity is honoured");
}

#[test]
fn png_grey_bits_and_transparency() {
    let png = |colour: image::ExtendedColorType, samples: &[u8]| {
        let mut bytes = Vec::new();
        let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        image::ImageEncoder::write_image(encoder, samples, W.into(), H.into(), colour).unwrap();
        bytes
    };
    assert_eq!(samples(decode(&png(image::ExtendedColorType::Rgb8, &rgb()), 0).unwrap()), rgb());
    let clear: Vec<u8> = rgb().chunks(3).flat_map(|p| [p[0], p[1], p[2], 0]).collect();
    let image = decode(&png(image::ExtendedColorType::Rgba8, &clear), 0).unwrap();
    assert!(samples(image).iter().all(|v| *v == 255), "transparent is paper");
    let whole = png(image::ExtendedColorType::Rgb8, &rgb());
    for length in (0..whole.len() - 13).step_by(29) {
        assert!(inspect("cut.png", &whole[..length]).is_err(), "{length}");
    }
}

#[test]
fn headers_that_promise_too_much_are_refused_before_memory_is_taken() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(inspect("a.png", &png).unwrap_err().code(), "scan_too_large");
    let mut jpeg = jpeg(|_| {});
    let sof = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[sof + 5..sof + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    assert!(inspect("a.jpg", &jpeg).is_err());
}

#[test]
fn what_is_no_scan_is_told_apart() {
    let code = |bytes: &[u8]| inspect("x", bytes).unwrap_err().code();
    assert_eq!(code(b""), "scan_empty");
    assert_eq!(code("Kính gửi".as_bytes()), "scan_unknown");
    assert_eq!(code(b"%PDF-1.7\n"), "scan_cut");
    assert_eq!(code(b"\0\0\0\x18ftypheic"), "scan_format");
    assert_eq!(code(b"PK\x03\x04word/document.xml"), "scan_format");
    assert_eq!(code(b"RIFF\0\0\0\0WEBPVP8 "), "scan_format");
}

#[test]
fn resolution_comes_from_the_file_or_from_a4() {
    let stated = jpeg(|e| e.set_density(jpeg_encoder::PixelDensity::dpi(200)));
    let page = &inspect("a.jpg", &stated).unwrap()[0];
    assert_eq!((page.dpi.x, page.dpi.origin), (200.0, DpiOrigin::File));
    let silent = &inspect("a.jpg", &jpeg(|_| {})).unwrap()[0];
    assert_eq!(silent.dpi.origin, DpiOrigin::InferredA4);
    assert_eq!(silent.findings[0].code, "dpi_inferred");
    // What cameras and drawing programs write where they know nothing.
    let screen = jpeg(|e| e.set_density(jpeg_encoder::PixelDensity::dpi(72)));
    let screen = &inspect("a.jpg", &screen).unwrap()[0];
    assert_eq!(screen.dpi.origin, DpiOrigin::InferredA4);
    let finding = &screen.findings[0];
    assert_eq!(finding.code, "dpi_unlikely");
    assert!(finding.args.contains(&("stated".to_owned(), "72".to_owned())), "{finding:?}");
}

#[test]
fn damaged_files_never_panic() {
    let mut seed = 1u32;
    let whole = [jpeg(|_| {}), tiff_pages(2), jpeg(|e| e.set_progressive(true))];
    for round in 0..1500usize {
        let mut bytes = whole[round % whole.len()].clone();
        for _ in 0..1 + round % 5 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = seed as usize % bytes.len();
            bytes[at] = (seed >> 24) as u8;
        }
        let _ = inspect("x", &bytes);
    }
}

#[test]
fn tiff_and_png_samples_state_300_dpi() {
    let scans = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scans");
    for name in ["Cong van 125.tif", "QD_57_UBND.tif", "Kế hoạch thu gom rác thải.tif", "Thong bao 88.png"]
    {
        let pages = inspect(name, &std::fs::read(scans.join(name)).unwrap()).unwrap();
        for page in pages {
            assert_eq!((page.dpi.x, page.dpi.y, page.dpi.origin), (300.0, 300.0, DpiOrigin::File), "{name}");
        }
    }
}
