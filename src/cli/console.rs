//! The terminal: words to stderr, results to stdout, JSON lines where asked for, progress bars where somebody looks.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::error::{Error, Exit};
use crate::event::{Event, Front};
use crate::locales::{self, Lang};
use crate::progress::Progress;
use crate::station::Support;

use super::render;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Volume {
    Quiet,
    Normal,
    Verbose,
}

/// The front of the command line.
pub(super) struct Console {
    lang: Lang,
    json: bool,
    volume: Volume,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stage: Option<Stage>,
    /// Codes whose advice was given; a hundred equal refusals need it once.
    advised: HashSet<String>,
    support: Option<Support>,
    /// Findings that wait for their kind to end: ten pages with the same fault are one line.
    findings: Vec<Event>,
    /// The office's distance from UTC in minutes.
    offset: i32,
    /// A command that ends in a table says nothing about single documents that went well.
    brief: bool,
    failed: bool,
}

struct Stage {
    name: String,
    done: u64,
    total: u64,
    bar: Option<ProgressBar>,
}

impl Console {
    pub fn new(lang: Lang, json: bool, volume: Volume) -> Self {
        Self { lang, json, volume, state: Mutex::default() }
    }

    /// A panic elsewhere must not silence the console.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Who helps, once the workspace is known.
    pub fn set_support(&self, support: Option<Support>) {
        self.state().support = support;
    }

    /// The office's distance from UTC in minutes, once the workspace is known.
    pub fn set_offset(&self, minutes: i32) {
        self.state().offset = minutes;
    }

    /// Whether documents are told when a stage is done with them, or only once, at the end of the whole journey.
    pub fn set_brief(&self, brief: bool) {
        self.state().brief = brief;
    }

    /// A line of result for people; with `--json` the events are the result.
    pub fn result(&self, text: &str) {
        if !self.json {
            self.flush();
            self.suspended(|| out(text));
        }
    }

    /// A sentence for people beside the result.
    pub fn say(&self, text: &str) {
        if !self.json && self.volume != Volume::Quiet {
            self.flush();
            self.suspended(|| warn(text));
        }
    }

    /// Says the findings that wait, pages with the same one together.
    pub fn flush(&self) {
        let findings = std::mem::take(&mut self.state().findings);
        let offset = self.state().offset;
        for text in render::findings(&findings, self.lang) {
            self.suspended(|| warn(&render::local_times(&text, offset)));
        }
    }

    /// The sentence `id` of the locale files.
    pub fn say_id(&self, id: &str, args: &[(&str, &str)]) {
        self.say(&locales::text(self.lang, id, args));
    }

    /// Text straight to stdout, whatever was asked for: scripts, manual pages.
    pub fn raw(&self, bytes: &[u8]) {
        write_out(bytes);
    }

    /// The error that ends the command.
    pub fn fail(&self, error: &Error) {
        self.tell(&Event::error(error, None, self.lang));
        if self.volume == Volume::Verbose
            && let Some(source) = std::error::Error::source(error)
        {
            warn(&format!("  {source}"));
        }
    }

    /// The last line: counts for programs, the way to help for people.
    pub fn finish(&self, summary: Event, exit: Exit) {
        self.flush();
        if self.json {
            self.tell(&summary.with("exit", exit as u8));
        }
        self.say_support();
    }

    /// Below errors, who helps (the last paragraph of the guidance that this program comes from).
    pub fn say_support(&self) {
        let (failed, support) = {
            let state = self.state();
            (state.failed, state.support.clone())
        };
        if let Some(support) = support.filter(|_| failed) {
            let phone = support.phone.as_deref().unwrap_or_default();
            self.say_id("cli-support", &[("name", &support.name), ("phone", phone)]);
        }
    }

    /// Runs `print` while no bar is drawn.
    fn suspended(&self, print: impl FnOnce()) {
        let bar = self.state().stage.as_ref().and_then(|s| s.bar.clone());
        match bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn is_worth_a_line(&self, event: &Event) -> bool {
        // Of a whole journey only what a person has to look at; a run that is repeated meets every document again.
        let minor = event.fields.get("severity").is_some_and(|s| s == "info");
        match event.name {
            "error" => true,
            "document" | "receipt" => self.wants(event.name),
            "finding" => {
                self.volume == Volume::Verbose
                    || self.volume == Volume::Normal && !(minor && self.state().brief)
            }
            _ => self.volume != Volume::Quiet,
        }
    }

    fn draws(&self) -> bool {
        !self.json && self.volume != Volume::Quiet && std::io::stderr().is_terminal()
    }

    fn tell_progress(&self, name: &str, done: u64, total: u64) {
        if self.json {
            let fields = json!({"stage": name, "done": done, "total": total});
            out(&Event::new("progress", fields).to_line());
        }
    }
}

impl Front for Console {
    fn tell(&self, event: &Event) {
        if event.name == "error" {
            self.state().failed = true;
        }
        if self.json {
            if self.wants(event.name) {
                out(&event.to_line());
            }
            return;
        }
        if !self.is_worth_a_line(event) {
            return;
        }
        if event.name == "finding" {
            return self.state().findings.push(event.clone());
        }
        self.flush();
        let code = event.fields.get("code").and_then(|c| c.as_str()).unwrap_or_default().to_owned();
        let first = self.state().advised.insert(code);
        let offset = self.state().offset;
        let told = render::event(event, first, self.lang).map(|text| render::local_times(&text, offset));
        if let Some(text) = told {
            self.suspended(
                || if matches!(event.name, "plan" | "serving") { out(&text) } else { warn(&text) },
            );
        }
    }

    fn wants(&self, name: &str) -> bool {
        match (self.json, name) {
            (true, "document") => !self.state().brief,
            (false, "document" | "receipt") => self.volume != Volume::Quiet && !self.state().brief,
            _ => true,
        }
    }

    fn lang(&self) -> Lang {
        self.lang
    }
}

impl Progress for Console {
    fn begin(&self, stage: &str, total: u64) {
        let bar = self.draws().then(|| bar(&locales::plain(self.lang, &format!("cli-stage-{stage}")), total));
        self.state().stage = Some(Stage { name: stage.to_owned(), done: 0, total, bar });
    }

    fn advance(&self, count: u64) {
        let mut state = self.state();
        let Some(stage) = &mut state.stage else { return };
        stage.done += count;
        if let Some(bar) = &stage.bar {
            bar.inc(count);
        }
        let (name, done, total) = (stage.name.clone(), stage.done, stage.total);
        drop(state);
        self.tell_progress(&name, done, total);
    }

    fn end(&self) {
        let stage = self.state().stage.take();
        if let Some(bar) = stage.and_then(|s| s.bar) {
            bar.finish_and_clear();
        }
    }
}

fn bar(words: &str, total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:22} {wide_bar} {pos}/{len} {eta:>5}");
    let bar = ProgressBar::new(total).with_message(words.to_owned());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Why results could not be written, if so: a full disk behind a redirection must not look like success.
static LOST: Mutex<Option<std::io::Error>> = Mutex::new(None);

/// The first failure to write to stdout; none also when the reader went away, as `head` does, which is no fault.
pub(super) fn lost() -> Option<Error> {
    let error = LOST.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    Some(Error::io("stdout".as_ref(), error))
}

fn write_out(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// A line to stdout.
pub(super) fn out(text: &str) {
    write_out(format!("{text}\n").as_bytes());
}

/// A line to stderr.
pub(super) fn warn(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
