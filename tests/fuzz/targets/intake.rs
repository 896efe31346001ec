//! Scans as they come from machines and mail: pictures of every kind and scanned PDFs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanseal::scan;

/// Pages above this many pixels are only looked at: a fuzzer learns nothing from waiting for them.
const MAX_PIXELS: u64 = 1 << 20;

fuzz_target!(|data: &[u8]| {
    if let Ok(pages) = scan::inspect("fuzz", data) {
        let small = |page: &scan::ScanPage| u64::from(page.width) * u64::from(page.height) <= MAX_PIXELS;
        if pages.first().is_some_and(small) {
            drop(scan::decode(data, 0));
        }
    }
});
