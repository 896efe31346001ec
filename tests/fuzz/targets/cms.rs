//! Containers, time stamp tokens, certificates, revocation lists and answers.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| scanseal::verify::probe(data));
