//! PDF structure, revisions, what each revision changed, and the report.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use scanseal::locales::Lang;
use scanseal::verify::{self, Trust};

fuzz_target!(|data: &[u8]| {
    let at = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 20_800);
    if let Ok(report) = verify::report(data, &Trust::default(), at, Lang::En) {
        // Nobody is trusted here, so nothing is ever valid.
        assert_ne!(report.verdict, verify::Verdict::Valid);
    }
    if let Ok(ends) = verify::revisions(data) {
        assert!(ends.iter().all(|end| *end <= data.len()));
    }
});
