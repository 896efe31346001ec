//! A watched folder: whole files once, half files never, restarts without doubles, an orderly end. And `kill -9` while a
//! stack is taken in.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::paper::{Form, Stack, numbered};
use crate::support::{Office, command, scans};

/// The program at work, with the lines that it tells.
struct Watcher {
    child: Child,
    lines: Receiver<Value>,
    told: Vec<Value>,
}

impl Watcher {
    fn start(office: &Office, folder: &Path) -> Self {
        let folder = folder.to_str().unwrap();
        let arguments = ["scan", "--watch", folder, "--outage", "SC-1", "--patience", "6", "--json"];
        let mut child = command(&office.root, &arguments).stdout(Stdio::piped()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).expect(&line));
            }
        });
        Self { child, lines, told: Vec::new() }
    }

    /// Waits for a line.
    fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(90) {
            if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) {
                self.told.push(line.clone());
                if fits(&line) {
                    return line;
                }
            }
        }
        panic!("{what} was not told: {:?}", self.told);
    }

    /// Ctrl-C; gives everything that was told.
    fn stop(mut self) -> Vec<Value> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        self.told.extend(self.lines.iter());
        assert!(status.code().is_some(), "an orderly end: {status:?}");
        assert_eq!(self.told.last().unwrap()["event"], "summary", "{:?}", self.told);
        std::mem::take(&mut self.told)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn code(line: &Value, code: &str) -> bool {
    line["code"] == code
}

fn documents(told: &[Value]) -> usize {
    told.iter().filter(|l| l["event"] == "document").count()
}

#[test]
fn a_slow_copy_is_taken_once_and_whole_and_a_half_file_is_reported() {
    let office = Office::with_files("eidas");
    let folder = office.destination.with_extension("inbox");
    fs::create_dir(&folder).unwrap();
    let mut watcher = Watcher::start(&office, &folder);
    let bytes = fs::read(scans().join("scan_0001.jpg")).unwrap();
    // Slower than the folder is looked through, with a pause that is nearly as long as a file has to stand still.
    let mut slow = File::create(folder.join("slow.jpg")).unwrap();
    for part in bytes.chunks(bytes.len() / 5 + 1) {
        slow.write_all(part).unwrap();
        slow.sync_all().unwrap();
        std::thread::sleep(Duration::from_millis(2_200));
    }
    drop(slow);
    let taken = watcher.until("the slow copy", |l| l["event"] == "document");
    assert_eq!(taken["pages"], 1);
    // The same bytes under another name, a half file, and a file of our own.
    fs::write(folder.join("again.jpg"), &bytes).unwrap();
    watcher.until("the duplicate", |l| code(l, "already_captured"));
    fs::write(folder.join("half.jpg"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(folder.join("unfinished.jpg.part"), &bytes[..100]).unwrap();
    let half = watcher.until("the half file", |l| code(l, "watch_half"));
    assert_eq!(half["file"], "half.jpg");
    // It becomes whole after all.
    fs::copy(scans().join("scan_0002.jpg"), folder.join("half.jpg")).unwrap();
    watcher.until("the mended file", |l| l["event"] == "document" && l["document"] == "D-000002");
    let told = watcher.stop();
    assert_eq!(told.iter().filter(|l| code(l, "watch_half")).count(), 1, "reported once");
    let listed = office.run(&["list"]).expect(0).events("document");
    assert_eq!(listed.len(), 2);
    assert_eq!(fs::read(folder.join("slow.jpg")).unwrap(), bytes, "sources stay");
    // A restart meets all of them again and adds nothing.
    let mut watcher = Watcher::start(&office, &folder);
    (0..3).for_each(|_| drop(watcher.until("a known file", |l| code(l, "already_captured"))));
    watcher.stop();
    assert_eq!(office.run(&["list"]).expect(0).events("document").len(), 2);
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn folders_that_the_program_writes_to_are_not_watched_and_its_files_not_eaten() {
    let office = Office::with_files("eidas");
    for own in [office.root.clone(), office.destination.clone(), office.root.join("blobs")] {
        let watch = ["scan", "--watch", own.to_str().unwrap(), "--outage", "SC-1"];
        assert_eq!(office.run(&watch).expect(2).errors(), ["watch_own"], "{own:?}");
    }
    let folder = office.destination.with_extension("inbox");
    fs::create_dir(&folder).unwrap();
    office.built("scan_0001.jpg");
    fs::write(folder.join("built.pdf"), office.latest("D-000001")).unwrap();
    let mut watcher = Watcher::start(&office, &folder);
    watcher.until("our own file", |l| code(l, "watch_ours"));
    let told = watcher.stop();
    assert_eq!(documents(&told), 0);
}

#[test]
fn loose_pictures_that_trickle_in_lie_under_their_sheet() {
    let office = Office::with_files("eidas");
    let kit = office.destination.join("kit.pdf");
    office.run(&["kit", "--count", "1", "-o", kit.to_str().unwrap()]).expect(0);
    let sheet = crate::paper::Grey::of_pdf(&kit, 100).pop().unwrap();
    let folder = office.destination.with_extension("inbox");
    fs::create_dir(&folder).unwrap();
    let put = |name: &str, page: &crate::paper::Grey| {
        let mut stack = Stack::new();
        stack.page(page, 100, Form::Grey);
        let hidden = folder.join(format!(".{name}"));
        stack.write(&hidden);
        fs::rename(hidden, folder.join(name)).unwrap();
    };
    let mut watcher = Watcher::start(&office, &folder);
    put("001.tif", &sheet);
    std::thread::sleep(Duration::from_secs(5));
    put("002.tif", &numbered(1, 827));
    put("003.tif", &numbered(2, 827));
    let document = watcher.until("the document", |l| l["event"] == "document");
    assert_eq!(
        (document["pages"].as_u64(), document["separators"].as_array().map(Vec::len)),
        (Some(2), Some(1))
    );
    watcher.stop();
    assert_eq!(office.run(&["list"]).expect(0).events("document").len(), 1);
}

/// A stack of documents under cover sheets, six pages each with its sheet.
fn stack(office: &Office, pages: u32) -> String {
    let kit = office.destination.join("kit.pdf");
    let count = (pages / 6).to_string();
    office.run(&["kit", "--count", &count, "-o", kit.to_str().unwrap()]).expect(0);
    let sheets = crate::paper::Grey::of_pdf(&kit, 75);
    let sheets = &sheets[sheets.len() - pages as usize / 6..];
    let mut stack = Stack::new();
    for number in 0..pages {
        if number % 6 == 0 {
            stack.page(&sheets[number as usize / 6], 75, Form::Grey);
        } else {
            stack.page(&numbered(number, 620), 75, Form::Grey);
        }
    }
    let path = office.destination.join("stack.tif");
    stack.write(&path);
    path.display().to_string()
}

/// Where a kill strikes.
#[derive(Clone, Copy, Debug)]
enum Strike {
    /// After this time, while pages are looked at.
    After(Duration),
    /// When so many documents were told.
    Told(usize),
}

/// Starts a scan and kills it.
fn strike(office: &Office, scan: &[&str], strike: Strike) {
    let mut run = command(&office.root, scan).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    match strike {
        Strike::After(time) => std::thread::sleep(time),
        Strike::Told(count) => {
            let lines = BufReader::new(run.stdout.take().unwrap()).lines().map_while(Result::ok);
            let told = |line: &String| line.contains("\"event\":\"document\"");
            lines.filter(told).take(count).for_each(drop);
        }
    }
    run.kill().unwrap();
    run.wait().unwrap();
}

/// Pages of which notes were left.
fn noted(office: &Office) -> usize {
    let files = fs::read_dir(office.root.join("looks")).into_iter().flatten().flatten();
    let lines =
        |path| String::from_utf8_lossy(&fs::read(path).unwrap()).lines().filter(|l| l.ends_with('}')).count();
    files.map(|file| lines(file.path())).sum()
}

/// `kill -9` at random moments of a scan, while pages are looked at and between the records of two documents, then a whole
/// run: the documents of an undisturbed run.
fn survives(pages: u32, kills: usize) -> String {
    let office = Office::with_files("eidas");
    let path = stack(&office, pages);
    let scan = ["scan", path.as_str(), "--outage", "SC-1", "--json"];
    let rehearsal = Office::with_files("eidas");
    let begun = Instant::now();
    let whole = rehearsal.run(&scan[..4]).expect(0);
    let (time, documents) = (begun.elapsed(), whole.events("document").len());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let mut chance = crate::paper::Chance(u64::from(now.subsec_nanos()) | 1);
    let (mut seen, mut notes) = (Vec::new(), Vec::new());
    for kill in 0..kills {
        // The first ones come while pages are looked at, the others between two documents, further and further on.
        let at = match kill * 3 < kills {
            true => Strike::After(time.mul_f64(chance.between(0.05, 0.6))),
            false => Strike::Told(1 + chance.next() as usize % (documents * (kill + 1) / kills).max(1)),
        };
        strike(&office, &scan, at);
        seen.push(office.run(&["list"]).expect(0).events("document").len());
        notes.push(noted(&office));
    }
    assert!(seen.iter().any(|n| (1..documents).contains(n)), "a kill between two documents: {seen:?}");
    let last = office.run(&scan[..4]).expect(0);
    let facts = |line: &Value| {
        (line["document"].clone(), line["pages"].clone(), line["fields"]["paper_serial"].clone())
    };
    let told = |run: &crate::support::Run| run.events("document").iter().map(facts).collect::<Vec<_>>();
    assert_eq!(told(&last), told(&whole), "after {seen:?}");
    let listed: Vec<_> = office.run(&["list"]).expect(0).events("document").iter().map(facts).collect();
    assert_eq!(listed, told(&whole), "none twice, none missing");
    office.run(&["journal", "check"]).expect(0);
    assert_eq!(noted(&office), 0, "notes go when the documents are recorded");
    format!(
        "`kill -9` {kills} times, at random moments, while {pages} pages in one file were taken in (documents in the store \
         after each kill: {seen:?}; pages that the next run need not look at again: {notes:?}); the next run ended with the \
         {} documents of an undisturbed one, no page twice, none missing.",
        listed.len()
    )
}

#[test]
fn kills_while_a_stack_is_taken_in_cost_nothing() {
    survives(60, 6);
}

#[test]
#[ignore = "a minute; run by tests/run intake"]
fn kills_while_three_hundred_pages_are_taken_in_cost_nothing() {
    let told = survives(300, 20);
    println!("{told}");
    crate::results::section("Kill during intake", &told);
}
