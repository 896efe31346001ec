//! What runs longer than a page waits: intake, build, signatures, delivery. Each is one request of the pipeline on a thread of
//! its own; its events become lines that every open page sees, its questions are asked on the page, and it goes on when the
//! page is closed.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;

use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::pipeline::Desk;
use crate::progress::Progress;

use super::pin::Question;
use super::words::Words;
use super::{App, Shared};

/// Lines that are kept of one work; a page that opens later sees the last ones.
const MOST_LINES: usize = 300;
/// Works that are remembered after their end.
const MOST_ENDED: usize = 12;

/// Kinds of work; of each, one runs at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Intake,
    Watch,
    Build,
    Sign,
    Seal,
    Send,
}

impl Kind {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Intake => "intake",
            Kind::Watch => "watch",
            Kind::Build => "build",
            Kind::Sign => "sign",
            Kind::Seal => "seal",
            Kind::Send => "send",
        }
    }
}

/// A line of a work.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub number: u64,
    /// `good`, `note`, `warning`, `error`.
    pub tone: &'static str,
    pub text: String,
    pub advice: String,
    /// `D-000001`, or empty.
    pub document: String,
}

/// How a work ended.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Ended {
    pub done: usize,
    pub waiting: usize,
    pub failed: usize,
    pub stopped: bool,
    /// In words.
    pub text: String,
    pub good: bool,
}

#[derive(Default)]
struct State {
    stage: String,
    done: u64,
    total: u64,
    lines: VecDeque<Line>,
    question: Option<Question>,
    ended: Option<Ended>,
}

/// One run.
pub(super) struct Work {
    pub id: u64,
    pub kind: Kind,
    words: Words,
    state: Mutex<State>,
    stop: watch::Sender<bool>,
    ending: watch::Receiver<bool>,
    changed: Arc<watch::Sender<u64>>,
    lines: Arc<AtomicU64>,
}

/// What a page is told of a work.
#[derive(Serialize)]
pub(super) struct Snapshot {
    work: u64,
    kind: Kind,
    stage: String,
    done: u64,
    total: u64,
    question: Option<super::pin::Asked>,
    ended: Option<Ended>,
    lines: Vec<Line>,
}

/// All of them.
pub(super) struct Works {
    all: Mutex<VecDeque<Arc<Work>>>,
    changed: Arc<watch::Sender<u64>>,
    lines: Arc<AtomicU64>,
    next: AtomicU64,
}

impl Works {
    pub fn new() -> Self {
        Self {
            all: Mutex::default(),
            changed: Arc::new(watch::Sender::new(0)),
            lines: Arc::new(AtomicU64::new(1)),
            next: AtomicU64::new(1),
        }
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<Arc<Work>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Told whenever something has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Number of the last line of all works.
    pub fn last_line(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// Works as a page sees them that knows all lines up to a number.
    pub fn snapshots(&self, known: u64) -> Vec<Snapshot> {
        self.all().iter().map(|work| work.snapshot(known)).collect()
    }

    /// One of them.
    pub fn get(&self, id: u64) -> Option<Arc<Work>> {
        self.all().iter().find(|work| work.id == id).cloned()
    }

    /// The one of a kind that runs now.
    pub fn running(&self, kind: Kind) -> Option<Arc<Work>> {
        self.all().iter().find(|work| work.kind == kind && !work.has_ended()).cloned()
    }

    /// Whether anything runs.
    pub fn is_busy(&self) -> bool {
        self.all().iter().any(|work| !work.has_ended())
    }

    fn admit(&self, kind: Kind, words: Words, ending: watch::Receiver<bool>) -> Result<Arc<Work>> {
        let mut all = self.all();
        if all.iter().any(|work| work.kind == kind && !work.has_ended()) {
            return Err(kinds::WEB_BUSY.with("work", words.t(&format!("web-kind-{}", kind.as_str()))));
        }
        let work = Arc::new(Work {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            kind,
            words,
            state: Mutex::default(),
            stop: watch::Sender::new(false),
            ending,
            changed: Arc::clone(&self.changed),
            lines: Arc::clone(&self.lines),
        });
        all.push_back(Arc::clone(&work));
        while all.iter().filter(|work| work.has_ended()).count() > MOST_ENDED {
            if let Some(place) = all.iter().position(|work| work.has_ended()) {
                all.remove(place);
            }
        }
        Ok(work)
    }
}

/// Begins a work. The requests of the pipeline may ask a person and wait, so each has its own thread.
///
/// # Errors
/// [`kinds::WEB_BUSY`] while one of the same kind runs.
pub(super) fn begin<F, Fut>(app: &Shared, kind: Kind, words: Words, run: F) -> Result<Arc<Work>>
where
    F: FnOnce(Shared, Arc<Work>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Tally>>,
{
    let work = app.works.admit(kind, words, app.ending.clone())?;
    let (app, running) = (Arc::clone(app), Arc::clone(&work));
    let runtime = tokio::runtime::Handle::current();
    std::thread::spawn(move || {
        let one = AssertUnwindSafe(|| runtime.block_on(run(app, Arc::clone(&running))));
        let ended = std::panic::catch_unwind(one);
        let ended = ended.unwrap_or_else(|_| Err(kinds::INTERNAL.with("cause", "a thread ended early")));
        running.end(ended);
    });
    Ok(work)
}

/// Runs a request that takes leases, with a store of its own, so that it can be ended at any moment: whatever it was working
/// on is then free again, as after the death of a process.
///
/// # Errors
/// What the request fails with; a store error.
pub(super) async fn apart(
    app: &App,
    work: &Work,
    run: impl AsyncFnOnce(&Desk) -> Result<Tally>,
) -> Result<Tally> {
    let desk = Desk::open(app.desk.workspace.clone()).await?;
    let ended = tokio::select! {
        ended = run(&desk) => ended,
        () = work.asked_to_stop() => Ok(Tally { stopped: true, ..Tally::default() }),
    };
    drop(desk);
    app.desk.store.free_leases_of_the_dead().await?;
    ended
}

impl Work {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    pub fn has_ended(&self) -> bool {
        self.state().ended.is_some()
    }

    /// The person wants it to end; what is done stays done.
    pub fn stop(&self) {
        self.stop.send_replace(true);
        self.note();
    }

    /// Whether it shall end.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow() || *self.ending.borrow()
    }

    /// A line for people.
    pub fn say(&self, tone: &'static str, text: String, advice: String, document: String) {
        let number = self.lines.fetch_add(1, Ordering::Relaxed) + 1;
        let mut state = self.state();
        state.lines.push_back(Line { number, tone, text, advice, document });
        if state.lines.len() > MOST_LINES {
            state.lines.pop_front();
        }
        drop(state);
        self.note();
    }

    /// Puts a question to the page, or takes it away.
    pub fn ask(&self, question: Option<Question>) {
        self.state().question = question;
        self.note();
    }

    /// The question that waits for its answer.
    pub fn question(&self) -> Option<Question> {
        self.state().question.take()
    }

    /// The words of this work.
    pub fn words(&self) -> Words {
        self.words
    }

    fn end(&self, outcome: Result<Tally>) {
        let (tally, error) = match outcome {
            Ok(tally) => (tally, None),
            Err(error) => (Tally::default(), Some(error)),
        };
        if let Some(error) = &error {
            self.tell_error(error);
        }
        let failed = tally.failures.len() + usize::from(error.is_some());
        let counts = [
            ("done", tally.done.to_string()),
            ("waiting", (tally.waiting + tally.queued).to_string()),
            ("failed", failed.to_string()),
        ];
        let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut state = self.state();
        state.question = None;
        state.ended = Some(Ended {
            done: tally.done,
            waiting: tally.waiting + tally.queued,
            failed,
            stopped: tally.stopped,
            text: self.words.f("web-work-ended", &counts),
            good: failed == 0 && !tally.stopped,
        });
        drop(state);
        self.note();
    }

    fn tell_error(&self, error: &Error) {
        let (message, advice) = self.words.error(error);
        self.say("error", message, advice, String::new());
    }

    fn snapshot(&self, known: u64) -> Snapshot {
        let state = self.state();
        let stage = match state.stage.as_str() {
            "" => String::new(),
            stage => self.words.t(&format!("web-stage-{stage}")),
        };
        Snapshot {
            work: self.id,
            kind: self.kind,
            stage,
            done: state.done,
            total: state.total,
            question: state.question.as_ref().map(Question::asked),
            ended: state.ended.clone(),
            lines: state.lines.iter().filter(|line| line.number > known).cloned().collect(),
        }
    }
}

/// Number and notation of the document that a line is about.
fn number(event: &Event) -> Option<String> {
    let fact = |name: &str| event.fields.get("fields")?.get(name)?.as_str().map(str::to_owned);
    let number = fact("code_number")?;
    Some(fact("code_notation").map_or_else(|| number.clone(), |notation| format!("{number}/{notation}")))
}

impl Front for Work {
    fn tell(&self, event: &Event) {
        let text = |name: &str| event.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let document = match text("document") {
            id if id.is_empty() => text("file"),
            id => id,
        };
        match event.name {
            "error" => {
                let advice = match text("advice") {
                    advice if advice.contains("scanseal ") => {
                        format!("{advice} {}", self.words.t("web-advice-command"))
                    }
                    advice => advice,
                };
                self.say("error", text("message"), advice, document);
            }
            // What is only worth knowing about a document stands on its page.
            "finding" if text("severity") == "info" && !text("document").is_empty() => {}
            "finding" => {
                let tone = if text("severity") == "info" { "note" } else { "warning" };
                self.say(tone, self.words.with_facts(&text("text")), String::new(), document);
            }
            "document" => {
                let state = self.words.t(&format!("web-state-{}", text("state").replace('_', "-")));
                // People know a document by its number on paper.
                let said = match number(event) {
                    Some(number) => format!("{number}: {state}"),
                    None => state,
                };
                self.say("good", said, String::new(), document);
            }
            "receipt" => {
                let proof = self.words.t(&format!("report-proof-{}", text("proof")));
                self.say("good", format!("{}: {proof}", text("destination")), String::new(), document);
            }
            _ => {}
        }
    }

    fn lang(&self) -> crate::locales::Lang {
        self.words.lang
    }

    fn asked_to_stop(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let (mut stop, mut ending) = (self.stop.subscribe(), self.ending.clone());
        Box::pin(async move {
            let one = stop.wait_for(|stop| *stop);
            let all = ending.wait_for(|ending| *ending);
            tokio::select! {
                _ = one => {}
                _ = all => {}
            }
        })
    }
}

impl Progress for Work {
    fn begin(&self, stage: &str, total: u64) {
        let mut state = self.state();
        stage.clone_into(&mut state.stage);
        (state.done, state.total) = (0, total);
        drop(state);
        self.note();
    }

    fn advance(&self, count: u64) {
        self.state().done += count;
        self.note();
    }

    fn end(&self) {
        self.note();
    }
}

/// A request of the page to a work.
pub(super) fn find(app: &App, id: u64) -> Result<Arc<Work>> {
    app.works.get(id).ok_or_else(|| kinds::WEB_WORK_OVER.error())
}
