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

/// Not a test of speed: prints files per second, and searches for panics with random damage (`--ignored --nocapture`).
#[test]
#[ignore = "a measurement"]
fn measure_verdicts_and_search() {
    for padding in [100_000, 5_000_000] {
        let padded = revised(&base(false, false), |revision, _| {
            let number = revision.allocate().unwrap();
            let noise: Vec<u8> =
                (0..padding).map(|i: usize| (i.wrapping_mul(2_654_435_761) >> 7) as u8).collect();
            let head = format!("<</Length {padding}>>stream\n").into_bytes();
            revision.put(number, &[&head[..], &noise, b"\nendstream"].concat()).unwrap();
        });
        let file = sealed(&personal(&padded), true);
        let start = std::time::Instant::now();
        for _ in 0..20 {
            assert_eq!(judge(&file).verdict, Verdict::Valid);
        }
        println!("{} bytes, two signatures: {:?} each", file.len(), start.elapsed() / 20);
    }
    let start = std::time::Instant::now();
    let mut state = u64::from(std::process::id()) | 1;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 8).unwrap_or(0) % below.max(1)
    };
    let files = [false, true].map(|streams| sealed(&personal(&base(streams, false)), true));
    let mut rounds = 0;
    while start.elapsed().as_secs() < 40 {
        let mut file = files[random(2)].clone();
        let original = file.clone();
        for _ in 0..=random(4) {
            let at = random(file.len());
            match random(5) {
                0 => file[at] = b"0123456789<>[]()/ RfnobjT\n"[random(26)],
                1 => file.truncate(at.max(9)),
                2 => {
                    let piece = original[random(original.len())..].iter().take(random(200)).copied();
                    drop(file.splice(at..at, piece.collect::<Vec<_>>()));
                }
                3 => drop(file.splice(at..(at + random(60)).min(file.len()), [])),
                _ => file[at] ^= 1 << random(8),
            }
        }
        let covered = file.len() == original.len()
            && file.iter().zip(&original).all(|(a, b)| a.eq_ignore_ascii_case(b));
        if !covered && !original.starts_with(&file) {
            never_valid(&file, "random");
        }
        rounds += 1;
    }
    println!("{rounds} damaged files");
}

/// Whatever object of a signed file gets a new version or is taken away, it shows.
#[test]
fn no_object_is_free_to_change() {
    for streams in [false, true] {
        let file = sealed(&personal(&base(streams, false)), true);
        let top = Base::open(&file).unwrap().first_free().unwrap();
        let known: Vec<u32> =
            (1..top).filter(|number| Base::open(&file).unwrap().raw_object((*number, 0)).is_ok()).collect();
        assert!(known.len() > 15, "{known:?}");
        for number in known {
            for body in ["null", "<</A 1>>", "[]", "<</Length 1>>stream\nx\nendstream"] {
                let changed =
                    revised(&file, |r, _| r.replace((number, 0), body.as_bytes()).map(drop).unwrap());
                let report = judge(&changed);
                assert_eq!(report.verdict, Verdict::Invalid, "{streams} {number} {body}: {report:?}");
                assert_eq!(
                    judge(&sealed_again(&changed)).verdict,
                    Verdict::Invalid,
                    "{streams} {number} {body}"
                );
            }
        }
    }
}

/// Signed over once more, where that is possible at all.
fn sealed_again(file: &[u8]) -> Vec<u8> {
    apply(file, &mut KEYS.organization.clone(), &intent(Role::Organization, false))
        .unwrap_or_else(|_| file.to_vec())
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

fn deflated(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A signed file whose newest section is a cross-reference stream with these entries of its dictionary and these rows.
fn with_section(entries: &str, rows: &[u8]) -> Vec<u8> {
    let base = Base::open(&SIGNED).unwrap();
    let root = String::from_utf8(base.trailer("Root").unwrap().to_vec()).unwrap();
    let (at, rows) = (SIGNED.len(), deflated(rows));
    let head = format!(
        "9000000 0 obj\n<</Type/XRef/Filter/FlateDecode/Length {}/Root {root}/Prev {}{entries}>>stream\n",
        rows.len(),
        base.startxref()
    );
    let tail = format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n");
    [&SIGNED[..], head.as_bytes(), &rows, tail.as_bytes()].concat()
}

fn structure_refused(file: &[u8], what: &str) {
    assert_eq!(codes(&judge(file)), ["structure_damaged"], "{what}");
}

#[test]
fn ten_million_objects_are_refused_before_anything_is_allocated() {
    structure_refused(
        &with_section("/Size 10000001/W[1 0 0]/Index[0 10000000]", &[0; 10_000_000]),
        "objects",
    );
    structure_refused(
        &with_section("/Size 500001/W[1 0 0]/Index[0 500000]", &[0; 500_000]),
        "half a million",
    );
    structure_refused(&with_section("/Size 99/W[1 0 0]/Index[0 18446744073709551615]", &[0; 9]), "overflow");
    structure_refused(&with_section("/Size 99/W[1 8 8]/Index[0 1]", &[255; 17]), "offset");
    structure_refused(&with_section("/Size 99/W[1 2]/Index[0 1]", &[0; 9]), "widths");
    // A table in plain text says the same.
    let table = format!(
        "xref\n0 10000000\n0000000000 65535 f \ntrailer\n<</Size 9>>\nstartxref\n{}\n%%EOF\n",
        SIGNED.len()
    );
    structure_refused(&[&SIGNED[..], table.as_bytes()].concat(), "table");
}

#[test]
fn streams_that_unfold_without_end_are_refused() {
    // One section of 40 MB in 40 KB.
    structure_refused(&with_section("/Size 99/W[1 2 1]/Index[0 9]", &vec![0; 40 << 20]), "section");
    // Object streams of 30 MB each: together they are more than is read, and what is not read is not valid.
    let bomb = deflated(&[b"9 0 ".as_slice(), &vec![b' '; 30 << 20]].concat());
    let file = revised(&SIGNED, |revision, _| {
        for _ in 0..8 {
            let number = revision.allocate().unwrap();
            let head =
                format!("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>stream\n", bomb.len());
            revision.put(number, &[head.as_bytes(), &bomb, b"\nendstream"].concat()).unwrap();
        }
    });
    assert_eq!(judge(&file).verdict, Verdict::Invalid);
    // Proofs that unfold: the first one is none, and the others are not even opened by the rule.
    let proof = deflated(&vec![0; 31 << 20]);
    let file = revised(&SIGNED, |revision, base| {
        let mut list = String::new();
        for _ in 0..8 {
            let number = revision.allocate().unwrap();
            let head = format!("<</Filter/FlateDecode/Length {}>>stream\n", proof.len());
            revision.put(number, &[head.as_bytes(), &proof, b"\nendstream"].concat()).unwrap();
            list.push_str(&format!("{number} 0 R "));
        }
        let store = revision.allocate().unwrap();
        revision.put(store, format!("<</Type/DSS/CRLs[{list}]>>").as_bytes()).unwrap();
        let root = base.root().unwrap();
        revision.replace(root, &edited(base, root, "DSS", &format!("{store} 0 R"))).unwrap();
    });
    assert_eq!(codes(&judge(&file)), ["validation_data_changed"]);
}

#[test]
fn circles_end() {
    // A page tree, a form and references that lead back to themselves, before the signature.
    let plain = base(false, false);
    let tangled = revised(&plain, |revision, base| {
        let (a, b) = (revision.allocate().unwrap(), revision.allocate().unwrap());
        revision.put(a, format!("{b} 0 R").as_bytes()).unwrap();
        revision.put(b, format!("{a} 0 R").as_bytes()).unwrap();
        let root = base.root().unwrap();
        let form = format!("<</Fields[{a} 0 R {root} 0 R {root} 0 R]/SigFlags 3>>", root = root.0);
        revision.replace(root, &edited(base, root, "AcroForm", &form)).unwrap();
    });
    let _ = judge(&personal(&tangled));
    let pages = number_of(&SIGNED, "/Type/Pages");
    let looped = format!("<</Type/Pages/Kids[{pages} 0 R {pages} 0 R]/Count 2>>");
    let file = revised(&SIGNED, |r, _| r.replace((pages, 0), looped.as_bytes()).map(drop).unwrap());
    never_valid(&file, "pages");
}
