//! Whatever the bytes are, there is an answer and no panic, and nothing that was changed is valid.

use super::*;

/// Never valid, never a panic.
fn never_valid(file: &[u8], what: &str) {
    if let Ok(report) = report(file, &trust(), Timestamp::now(), Lang::Vi) {
        assert_ne!(report.verdict, Verdict::Valid, "{what}: {report:?}");
    }
}

#[test]
fn one_changed_bit_anywhere_is_never_valid() {
    for streams in [false, true] {
        let file = sealed(&personal(&base(streams, false)), true);
        let step = file.len() / 400;
        for at in (0..file.len()).step_by(step.max(1)) {
            let mut damaged = file.clone();
            // The lowest bit: it never turns a hexadecimal digit into another spelling of the same one.
            damaged[at] ^= 1;
            never_valid(&damaged, &format!("{streams} {at}"));
        }
    }
}

/// All of the container: most of its bytes are bound by no digest of the document.
#[test]
fn one_changed_digit_of_the_container_is_never_valid() {
    let file = personal(&base(false, false));
    let at = file.windows(9).rposition(|w| w == b"/Contents").unwrap() + 9;
    let gap = raw::value(&file, at).unwrap().len();
    for position in (at + 1..at + gap - 1).step_by(3) {
        let mut damaged = file.clone();
        damaged[position] = if damaged[position] == b'7' { b'5' } else { b'7' };
        never_valid(&damaged, &format!("{}", position - at));
    }
}

#[test]
fn a_file_that_is_cut_off_is_never_wholly_valid() {
    let ends = revisions(&SIGNED).unwrap();
    for cut in (0..SIGNED.len()).step_by(SIGNED.len() / 150) {
        if !ends.contains(&cut) {
            never_valid(&SIGNED[..cut], &format!("{cut}"));
        }
    }
}

#[test]
fn garbage_is_an_answer() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..300 {
        let length = usize::try_from(random() % 3_000).unwrap();
        let mut bytes: Vec<u8> = (0..length).map(|_| random().to_le_bytes()[3]).collect();
        if round % 2 == 0 {
            bytes = [&b"%PDF-1.7\n"[..], &bytes, b"startxref\n9\n%%EOF\n"].concat();
        }
        never_valid(&bytes, "garbage");
        // Pieces of a real file in the wrong places.
        let mut file = SIGNED.clone();
        for _ in 0..3 {
            let at = |r: u64| usize::try_from(r).unwrap_or(0) % (SIGNED.len() - 400);
            let (from, to) = (at(random() >> 1), at(random() >> 1));
            let piece = SIGNED[from..from + 300].to_vec();
            file[to..to + 300].copy_from_slice(&piece);
        }
        if file != *SIGNED {
            never_valid(&file, "pieces");
        }
    }
}

#[test]
fn deep_nests_and_loops_end() {
    let nest = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let file = personal(&revised(&base(false, false), |revision, _| {
        let number = revision.allocate().unwrap();
        revision.put(number, &nest).unwrap();
    }));
    let _ = judge(&file);
    let form = number_of(&SIGNED, "/SigFlags");
    for body in [
        format!("{form} 0 R"),
        format!("<</Fields {form} 0 R>>"),
        format!("<</Fields[{form} 0 R]/Kids[{form} 0 R]>>"),
    ] {
        let file = revised(&SIGNED, |r, _| r.replace((form, 0), body.as_bytes()).map(drop).unwrap());
        never_valid(&file, &body);
    }
}
