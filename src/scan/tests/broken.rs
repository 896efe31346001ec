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
