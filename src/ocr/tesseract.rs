//! Tesseract as a child process: one page in on its standard input, hOCR out, in time or not at all. Nothing is written to
//! the disk, and nothing of our environment is handed over that it does not need.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::error::{Error, Result, kinds};
use crate::scan::{Dpi, PageImage};

use super::picture::{Frame, Picture};
use super::{PageText, hocr};

/// Name of the program, looked up in PATH.
const PROGRAM: &str = "tesseract";
/// How long a question about version and languages may take.
const SHORT: Duration = Duration::from_secs(20);
/// How long a page may take; a dense one takes 5 s of an idle core.
const PAGE: Duration = Duration::from_secs(300);
/// Most bytes of output that are read; a dense page has 0.2 MB.
const MAX_OUTPUT: u64 = 32_000_000;
/// Environment that it may need.
const ENVIRONMENT: [&str; 8] = [
    "PATH",
    "TESSDATA_PREFIX",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "TEMP",
    "SystemRoot",
    "SYSTEMROOT",
    "ProgramData",
];

/// What is installed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// For example `5.3.0`.
    pub version: String,
    /// Names of its languages.
    pub languages: Vec<String>,
}

/// The Tesseract of this machine; looked for once. None when there is none that answers.
pub fn installed() -> Option<&'static Installed> {
    static FOUND: OnceLock<Option<Installed>> = OnceLock::new();
    FOUND.get_or_init(look).as_ref()
}

fn look() -> Option<Installed> {
    let ask = |argument: &str| {
        let reading = Process::start(&[argument], Vec::new()).ok()?;
        String::from_utf8(reading.output(SHORT).ok()?).ok()
    };
    let version = ask("--version")?.lines().next()?.split_whitespace().nth(1)?.to_owned();
    let list = ask("--list-langs")?;
    // The first line is a heading.
    let languages =
        list.lines().skip(1).map(|line| line.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    Some(Installed { version, languages })
}

/// Tesseract with the languages that it reads in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tesseract {
    version: String,
    languages: String,
    /// Wanted languages that are not installed.
    pub missing: Vec<String>,
}

impl Tesseract {
    /// The installed Tesseract with those of the `wanted` languages that it has, in this order; none when it is not
    /// installed or has none of them.
    pub fn find(wanted: &[String]) -> Option<Self> {
        Self::of(installed()?, wanted)
    }

    pub(super) fn of(installed: &Installed, wanted: &[String]) -> Option<Self> {
        let is_here = |language: &String| installed.languages.contains(language);
        let (here, missing): (Vec<String>, Vec<String>) = wanted.iter().cloned().partition(is_here);
        (!here.is_empty()).then(|| Self {
            version: installed.version.clone(),
            languages: here.join("+"),
            missing,
        })
    }

    /// The languages that it reads in: `vie+eng`.
    pub fn languages(&self) -> &str {
        &self.languages
    }

    /// By what a text was read: `tesseract 5.3.0 vie+eng`.
    pub fn describe(&self) -> String {
        format!("tesseract {} {}", self.version, self.languages)
    }

    /// Begins to read a page whose content is turned by `skew` degrees anticlockwise.
    ///
    /// # Errors
    /// [`kinds::OCR_FAILED`] when the program does not start.
    pub fn begin(&self, page: &PageImage, dpi: Dpi, skew: f64) -> Result<Reading> {
        let picture = Picture::new(page, dpi, skew);
        let (frame, dpi) = (picture.frame(), picture.dpi.to_string());
        let arguments = ["stdin", "stdout", "-l", &self.languages, "--dpi", &dpi, "hocr"];
        Ok(Reading { process: Process::start(&arguments, picture.pnm)?, frame })
    }
}

/// A page that is being read.
#[derive(Debug)]
pub struct Reading {
    process: Process,
    frame: Frame,
}

impl Reading {
    /// Waits for the text.
    ///
    /// # Errors
    /// [`kinds::OCR_FAILED`] when the program fails, takes too long or writes too much.
    pub fn finish(self) -> Result<PageText> {
        let frame = self.frame;
        let output = self.process.output(PAGE)?;
        Ok(frame.on_the_scan(hocr::parse(&output)?))
    }
}

/// A running child; it is ended when nobody waits for it any more.
#[derive(Debug)]
struct Process {
    child: Child,
    output: Receiver<std::io::Result<Vec<u8>>>,
    begun: Instant,
}

impl Process {
    /// Starts the program and feeds it while its output is taken.
    fn start(arguments: &[&str], input: Vec<u8>) -> Result<Self> {
        Self::of(PROGRAM, arguments, input)
    }

    fn of(program: &str, arguments: &[&str], input: Vec<u8>) -> Result<Self> {
        let kept = ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(kept)
            // Pages are read side by side; threads inside of one cost more than they give.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        // Both threads end with their pipes, and the pipes end with the child.
        std::thread::spawn(move || {
            // A child that wants no more input says by its exit code what is wrong.
            let _ = stdin.map(|mut stdin| stdin.write_all(&input));
        });
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.map_or(Ok(0), |out| out.take(MAX_OUTPUT).read_to_end(&mut bytes));
            // Nobody waits any more when the page was given up.
            let _ = sender.send(read.map(|_| bytes));
        });
        Ok(Self { child, output, begun: Instant::now() })
    }

    /// All output of a child that ends well within `limit` of its start.
    fn output(mut self, limit: Duration) -> Result<Vec<u8>> {
        let left = limit.saturating_sub(self.begun.elapsed());
        let bytes = match self.output.recv_timeout(left) {
            Ok(read) => read.map_err(failed)?,
            Err(RecvTimeoutError::Timeout) => return Err(failed(format!("{} s", limit.as_secs()))),
            Err(RecvTimeoutError::Disconnected) => return Err(failed("no output")),
        };
        if bytes.len() as u64 >= MAX_OUTPUT {
            return Err(failed(format!("{MAX_OUTPUT} B")));
        }
        let status = self.child.wait().map_err(failed)?;
        if status.success() { Ok(bytes) } else { Err(failed(status)) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn failed(cause: impl std::fmt::Display) -> Error {
    kinds::OCR_FAILED.with("cause", cause)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(program: &str, arguments: &[&str], input: Vec<u8>, limit: Duration) -> Result<Vec<u8>> {
        Process::of(program, arguments, input)?.output(limit)
    }

    #[test]
    fn a_child_gets_its_input_and_nothing_of_our_environment() {
        let second = Duration::from_secs(10);
        assert_eq!(run("cat", &[], vec![7; 1_000_000], second).unwrap(), vec![7; 1_000_000]);
        let environment = String::from_utf8(run("env", &[], Vec::new(), second).unwrap()).unwrap();
        assert!(environment.contains("OMP_THREAD_LIMIT=1"));
        assert!(!environment.contains("CARGO") && !environment.contains("HOME="), "{environment}");
    }

    #[test]
    fn a_child_that_fails_or_hangs_or_talks_too_much_is_an_error_and_is_gone() {
        let begun = Instant::now();
        for (program, arguments, limit) in
            [("false", vec![], 10_000), ("sleep", vec!["60"], 100), ("yes", vec![], 10_000)]
        {
            let error = run(program, &arguments, Vec::new(), Duration::from_millis(limit)).unwrap_err();
            assert_eq!(error.code(), "ocr_failed", "{program}");
        }
        assert_eq!(run("no-such-program-here", &[], Vec::new(), PAGE).unwrap_err().code(), "ocr_failed");
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn languages_that_are_missing_are_told() {
        let wanted = ["vie", "eng"].map(str::to_owned);
        let with = |languages: &[&str]| Installed {
            version: "5".into(),
            languages: languages.iter().map(|l| (*l).to_owned()).collect(),
        };
        let found = Tesseract::of(&with(&["eng", "osd", "vie"]), &wanted).unwrap();
        assert_eq!((found.languages(), found.missing.len()), ("vie+eng", 0));
        let found = Tesseract::of(&with(&["eng", "osd"]), &wanted).unwrap();
        assert_eq!((found.languages(), found.missing.as_slice()), ("eng", &["vie".to_owned()][..]));
        assert_eq!(Tesseract::of(&with(&["osd"]), &wanted), None);
    }
}
