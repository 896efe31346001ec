//! kill -9 at any moment costs at most the work on one document, never a document.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use image::{ImageBuffer, Rgb};

use crate::stock;
use crate::support::{Office, command, scanseal};
use crate::token::{FaultyToken, assert_signed_once};

/// Pages with different strokes, small enough that forty of them are a matter of seconds.
pub fn write_scans(folder: &Path, count: u32) {
    fs::create_dir(folder).unwrap();
    for number in 0..count {
        let page = ImageBuffer::from_fn(620, 877, |x, y| {
            let own = y / 40 == number % 20 && x / 30 == number / 20 + 4;
            let line = y % 40 < 6 && (60..560).contains(&x);
            let stroke = line && !own && (x * 7 + y / 40 * 29) % 31 < 17;
            let stamp = (x as i64 - 420).pow(2) + (y as i64 - 700).pow(2) < 2_500;
            match (stroke, stamp) {
                (true, _) => Rgb([20u8, 20, 24]),
                (_, true) => Rgb([200, 30, 40]),
                _ => Rgb([246, 244, 238]),
            }
        });
        page.save(folder.join(format!("page_{number:02}.png"))).unwrap();
    }
}

/// Times between zero and `most`, different in each run.
fn moments(count: usize, most: Duration) -> Vec<Duration> {
    let mut state =
        u64::from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos()) | 1;
    let mut next = || {
        // xorshift, Marsaglia 2003
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % 1_000
    };
    (0..count).map(|_| most.mul_f64(next() as f64 / 1_000.0)).collect()
}

fn recover(folder: &Path) -> std::process::Command {
    command(folder, &["recover", "in", "--outage", "DRILL-K", "--drill", "--no-ocr", "--json"])
}

fn survives(documents: u32, kills: usize) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_scans(&folder.join("in"), documents);
    let rehearsal = tempfile::tempdir().unwrap();
    write_scans(&rehearsal.path().join("in"), documents);
    let begun = Instant::now();
    assert!(recover(rehearsal.path()).stdout(Stdio::null()).status().unwrap().success());
    let moments = moments(kills, begun.elapsed());
    for moment in &moments {
        let mut run = recover(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(*moment);
        // Unix: SIGKILL. A run that was faster than its moment is an orderly end.
        let _ = run.kill();
        run.wait().unwrap();
    }
    let told = format!("killed after {moments:?}");
    let last = scanseal(folder, &["recover", "in", "--outage", "DRILL-K", "--drill", "--no-ocr", "--json"]);
    assert_eq!(last.code, 0, "{told}: {}", last.stdout);
    let all = last.events("document");
    let numbers: BTreeSet<&str> = all.iter().map(|d| d["document"].as_str().unwrap()).collect();
    assert_eq!((all.len(), numbers.len()), (documents as usize, documents as usize), "{told}");
    for document in &all {
        assert_eq!(document["state"], "delivered", "{told}: {document}");
        assert_eq!(document["receipts"].as_array().unwrap().len(), 1, "{told}");
    }
    let delivered = fs::read_dir(folder.join("scanseal-drill/delivered")).unwrap();
    let names: Vec<String> = delivered.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.len(), documents as usize, "{told}: {names:?}");
    assert!(names.iter().all(|name| name.ends_with(".pdf")), "{told}: {names:?}");
    scanseal(&folder.join("scanseal-drill"), &["journal", "check", "--json"]).expect(0);
}

#[test]
fn ten_kills_of_forty_documents_cost_none() {
    survives(40, 10);
}

/// Kills a bulk signing again and again. Each run gets as long as it needs to begin, and a random moment more.
fn signing_survives(name: &str, documents: u32, kills: u32) {
    let Some(token) = FaultyToken::new(name, &[]) else { return };
    let office = token.office(&token.pin_file());
    stock::fill(&office, documents);
    token.set("delay", "4000");
    let sign = ["sign", "--role", "personal", "--all", "--unseen", "test"];
    let share = Duration::from_millis(4) * (documents / kills) * 2;
    let mut inside = 0;
    for moment in moments(kills as usize, share) {
        let before = token.count();
        let mut run = token.start(&office, &sign);
        let begun = Instant::now();
        while token.count() == before && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(moment);
        inside += u32::from(run.try_wait().unwrap().is_none());
        let _ = run.kill();
        run.wait().unwrap();
    }
    assert!(inside * 2 > kills, "control: {inside} of {kills} kills met a batch that was running");
    token.run(&office, &sign).expect(0);
    assert_signed_once(&office, documents as usize);
    let left: Vec<_> = fs::read_dir(office.root.join("leases")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn five_kills_of_a_bulk_signing_lose_nothing_and_sign_nothing_twice() {
    signing_survives("killed", 60, 5);
}

#[test]
#[ignore = "takes a minute; tests/run long"]
fn thirty_kills_of_a_bulk_signing_of_three_hundred_lose_nothing_and_sign_nothing_twice() {
    signing_survives("killed-often", 300, 30);
}

#[test]
fn a_temporary_file_of_a_killed_run_is_gone_after_the_next_start() {
    let office = Office::with_files("eidas");
    office.built("scan_0002.jpg");
    let blob = fs::read_dir(office.root.join("blobs")).unwrap().next().unwrap().unwrap().path();
    // What a process leaves that dies between writing and naming; another one, which lives, has the third file.
    let dead = ["leases/0123.lock", "out/.scanseal-a.pdf.0123-1.part", "blobs/.scanseal-x.0123-2.part"];
    fs::create_dir_all(office.root.join("out")).unwrap();
    dead.iter().for_each(|name| fs::write(office.root.join(name), b"").unwrap());
    let inner = blob.join(".scanseal-y.0123-3.part");
    let others = blob.join(".scanseal-y.4567-3.part");
    fs::write(&inner, b"").unwrap();
    fs::write(&others, b"").unwrap();
    office.run(&["list"]).expect(0);
    let names = dead.iter().map(|name| office.root.join(name)).chain([inner]);
    names.for_each(|path| assert!(!path.exists(), "{}", path.display()));
    assert!(others.exists());
}

#[test]
fn two_runs_at_once_share_the_work_and_both_end_with_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_scans(&folder.join("in"), 12);
    let runs: Vec<_> = (0..2).map(|_| recover(folder).stdout(Stdio::piped()).spawn().unwrap()).collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(told.lines().last().unwrap().contains("\"states\":{\"delivered\":12}"), "{told}");
    }
    assert_eq!(fs::read_dir(folder.join("scanseal-drill/delivered")).unwrap().count(), 12);
    scanseal(&folder.join("scanseal-drill"), &["journal", "check", "--json"]).expect(0);
}
