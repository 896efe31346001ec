//! Damaged on purpose: every format cut and flipped in thousands of ways. Nothing panics, and nothing runs away with memory.

use super::*;
use crate::scan::pdf;

/// Rounds a sample; a round changes one to eight bytes, or cuts the end off.
const ROUNDS: usize = 700;

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        // Marsaglia's xorshift: the same damage in every run.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let colour = image::ExtendedColorType::Rgb8;
    image::ImageEncoder::write_image(encoder, &rgb(), W.into(), H.into(), colour).unwrap();
    bytes
}

fn bilevel_tiff(compression: u32) -> Vec<u8> {
    let strip = match compression {
        1 => bits(),
        _ => bits().chunks(127).flat_map(|c| [&[c.len() as u8 - 1][..], c].concat()).collect(),
    };
    tiff_around(&[strip], &[(258, 1), (259, compression), (262, 0), (277, 1)], H.into())
}

#[test]
fn cut_and_flipped_files_never_panic() {
    let samples = [
        jpeg(|_| {}),
        jpeg(|e| e.set_progressive(true)),
        tiff_pages(2),
        bilevel_tiff(1),
        bilevel_tiff(32_773),
        png(),
        pdf::tests::pdf_of_jpeg(&jpeg(|_| {})),
        pdf::tests::pdf_with_object_stream(),
    ];
    for sample in &samples {
        assert!(inspect("x", sample).is_ok(), "control: the sample is good");
    }
    let mut dice = Dice(0x5EED);
    for sample in &samples {
        for round in 0..ROUNDS {
            let mut bytes = sample.clone();
            for _ in 0..1 + round % 8 {
                let at = dice.below(bytes.len());
                bytes[at] = u8::try_from(dice.below(256)).unwrap();
            }
            if round % 3 == 0 {
                bytes.truncate(dice.below(bytes.len()));
            }
            let _ = inspect("x", &bytes);
        }
    }
}

#[test]
fn sizes_that_are_only_claimed_take_no_memory() {
    let code = |bytes: &[u8]| inspect("x", bytes).unwrap_err().code();
    let wide = |width: u32| {
        let mut tiff = bilevel_tiff(1);
        let tag = tiff.windows(4).position(|w| w == [0, 1, 4, 0]).unwrap();
        tiff[tag + 8..tag + 12].copy_from_slice(&width.to_le_bytes());
        tiff
    };
    assert_eq!(code(&wide(4_000_000)), "scan_too_large");
    let pdf = pdf::tests::pdf_of_samples(
        "/Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 8",
        b"",
    );
    assert_eq!(code(&pdf), "scan_too_large");
}
