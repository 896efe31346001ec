//! A broken page is refused by its number, and the others go on.

use super::*;
use crate::document::Sha256;
use crate::scan::{Looked, Scan, Source};

fn looked(bytes: &[u8]) -> Result<Vec<Looked>> {
    Scan::open(Source::from_bytes(bytes.to_vec()))?.inspect("stack.tif", &Sha256::of(bytes))
}

/// Three LZW pages, the strips of the second overwritten.
fn second_page_broken() -> Vec<u8> {
    let mut bytes = tiff_pages(3);
    let third = bytes.len() / 3;
    // The encoder writes the samples of a page before its directory.
    let start =
        bytes.windows(2).enumerate().filter(|(i, w)| *i > third && *w == [0x80, 0]).map(|(i, _)| i).next();
    let start = start.unwrap();
    bytes[start..start + 400].fill(0xFF);
    bytes
}

#[test]
fn a_damaged_page_is_named_and_the_others_are_good() {
    let pages = looked(&second_page_broken()).unwrap();
    let good: Vec<bool> = pages.iter().map(|page| matches!(page, Looked::Good(_))).collect();
    assert_eq!(good, [true, false, true]);
    let Looked::Broken { index, error, .. } = &pages[1] else { panic!() };
    assert_eq!((*index, error.code()), (1, "scan_broken"));
    assert!(inspect("stack.tif", &second_page_broken()).is_err(), "whoever wants all pages gets none");
}

#[test]
fn a_file_without_a_good_page_is_refused() {
    let mut bytes = tiff_pages(1);
    let end = bytes.len() - 300;
    bytes[8..end].fill(0xFF);
    assert!(looked(&bytes).is_err());
}

#[test]
fn a_chain_of_directories_that_breaks_off_is_a_broken_page() {
    let whole = tiff_pages(3);
    // Without its last third the file still has pages 1 and 2; what comes next cannot be known, only that it is missing.
    let pages = looked(&whole[..whole.len() - 300]).unwrap();
    assert!(matches!(pages.last(), Some(Looked::Broken { .. })));
    assert_eq!(pages.iter().filter(|page| matches!(page, Looked::Good(_))).count(), 2);
}

#[test]
fn a_directory_may_stand_anywhere() {
    // An offset with a byte 43 in it, which is the version of BigTIFF, makes no BigTIFF.
    let strip = vec![0u8; 11_000];
    let mut tiff =
        tiff_around(std::slice::from_ref(&strip), &[(258, 8), (259, 1), (262, 1), (277, 1)], H.into());
    assert_eq!(tiff[4..6], [(11_008u32 & 0xFF) as u8, 43], "control: the offset has the byte");
    assert!(inspect("a.tif", &tiff).is_ok());
    tiff[2] = 43;
    assert!(inspect("a.tif", &tiff).is_err(), "control: the version counts");
}
