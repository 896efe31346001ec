//! Colours and orientation: each of these fails when the conversion or the turning is taken out.

use jpeg_encoder::{ColorType, Encoder};
use moxcms::ColorProfile;

use super::*;
use crate::scan::colour::{self, Meaning, Raw};

/// A JPEG of one colour, with what `configure` adds.
fn flat(rgb: [u8; 3], configure: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    configure(&mut encoder);
    encoder.encode(&rgb.repeat(16 * 16), 16, 16, ColorType::Rgb).unwrap();
    bytes
}

fn first(bytes: &[u8]) -> [u8; 3] {
    samples(decode(bytes, 0).unwrap())[..3].try_into().unwrap()
}

#[test]
fn an_embedded_profile_is_converted_and_said() {
    let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
    let bytes = flat([60, 180, 60], |e| e.add_icc_profile(&adobe).unwrap());
    let [r, g, b] = first(&bytes);
    // Adobe RGB (60, 180, 60) is outside sRGB: red goes to nothing, green grows.
    assert!(r < 12 && g > 178 && b < 58, "{:?}", [r, g, b]);
    let page = &inspect("a.jpg", &bytes).unwrap()[0];
    assert!(page.findings.iter().any(|f| f.code == "colours_converted" && f.args[0].1.contains("Adobe")));
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    let same = flat([60, 180, 60], |e| e.add_icc_profile(&srgb).unwrap());
    assert_eq!(first(&same), first(&flat([60, 180, 60], |_| {})), "sRGB by another name changes nothing");
    assert!(inspect("a.jpg", &same).unwrap()[0].findings.iter().all(|f| f.code != "colours_converted"));
    let broken = flat([60, 180, 60], |e| e.add_icc_profile(b"no profile").unwrap());
    assert!(inspect("a.jpg", &broken).unwrap()[0].findings.iter().any(|f| f.code == "icc_unreadable"));
}

#[test]
fn adobe_inks_are_stored_inverted_and_follow_the_plain_formula() {
    let inks = [255u8, 0, 0, 0].repeat(16 * 16);
    for (kind, cyan) in [(ColorType::Cmyk, [0u8, 255, 255]), (ColorType::CmykAsYcck, [0, 255, 255])] {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&inks, 16, 16, kind).unwrap();
        assert!(bytes.windows(5).any(|w| w == b"Adobe"), "control: the marker is there");
        assert!(difference(&first(&bytes), &cyan) < 6.0, "{kind:?}: {:?}", first(&bytes));
    }
    assert_eq!(colour::cmyk([0, 0, 0, 255]), [0; 3]);
    assert_eq!(colour::cmyk([255, 0, 0, 0]), [0, 255, 255]);
    assert_eq!(colour::cmyk([0, 0, 0, 0]), [255; 3]);
}

#[test]
fn grey_profiles_and_power_laws_bend_grey_and_keep_it_grey() {
    let meaning = Meaning::Gamma { exponent: 1.0, chromaticities: None };
    let (pixels, findings) = colour::to_srgb(Raw::Grey(vec![0, 55, 255]), &meaning).unwrap();
    let Pixels::Grey(grey) = pixels else { panic!("grey stays grey") };
    // Linear light 55/255 = 0.2157 is 0.5018 in sRGB.
    assert!(grey[0] == 0 && grey[1].abs_diff(128) <= 1 && grey[2] == 255, "{grey:?}");
    assert_eq!(findings[0].code, "colours_converted");
}

/// A little-endian EXIF block that states one orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    block
}

#[test]
fn exif_orientation_turns_the_page_and_says_so() {
    // Left half dark, right half light.
    let pixel = |x: usize| if x < 16 { [20u8; 3] } else { [230; 3] };
    let image: Vec<u8> = (0..16).flat_map(|_| (0..32).flat_map(pixel)).collect();
    let make = |orientation: u8| {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 95);
        encoder.add_app_segment(1, exif(orientation)).unwrap();
        encoder.encode(&image, 32, 16, ColorType::Rgb).unwrap();
        bytes
    };
    // Where the dark half must be after turning: which of the first and last pixels are dark.
    for (tag, dark_first, dark_last, size) in [
        (1u8, true, false, (32, 16)),
        (2, false, true, (32, 16)),
        (3, false, true, (32, 16)),
        (6, true, false, (16, 32)),
        (8, false, true, (16, 32)),
    ] {
        let page = decode(&make(tag), 0).unwrap();
        assert_eq!((page.width, page.height), size, "orientation {tag}");
        let all = samples(page);
        assert_eq!((all[0] < 128, all[all.len() - 1] < 128), (dark_first, dark_last), "orientation {tag}");
        let findings = &inspect("a.jpg", &make(tag)).unwrap()[0].findings;
        assert_eq!(findings.iter().any(|f| f.code == "exif_turned"), tag != 1);
    }
}
