//! The threads of a batch, so that the key never waits: documents are prepared ahead of it and finished behind it.
//!
//! ```text
//! tasks --> prepare --(8 at most)--> key --> finish --> events: Made | Refused | Back | Lost
//! ```
//! Every task that goes in comes out as exactly one of these events. The threads end when the tasks end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::{Error, Result, kinds};
use crate::sign::Session;

use super::job::{Batch, Made, Ready, Task, Work};
use super::turn::Turner;

/// Documents that are prepared and wait for the key; one more is in the hands of the thread that prepares.
const AHEAD: usize = 7;
/// Signatures that wait to be put into their files.
const BEHIND: usize = 8;
/// Threads that finish where a time-stamp service is asked: each of them waits.
const STAMPING: usize = 4;
/// Threads that finish elsewhere, where there are processors beside those that prepare and sign.
const FINISHING: usize = 2;
/// Processors that the other threads and the token's process keep busy.
const OTHERS: usize = 2;

/// What became of a task, or what a person is needed for.
pub(super) enum Happening {
    /// Signed, and its bytes are durable.
    Made(Box<(Task, Made)>),
    /// It cannot be signed.
    Refused(Box<(Task, Error)>),
    /// Not signed, because the batch ends.
    Back(Box<Task>),
    /// The key cannot be used any more, met at this document.
    Lost(Box<(Task, Error)>),
    /// The key wants a person.
    Ask(Ask, SyncSender<Result<SecretString>>),
    /// A person should know.
    Tell(Notice),
    /// The key is done; time of one signature, if there was any.
    Ended(Option<Duration>),
}

/// Which PIN is wanted, with the key for people.
pub(super) enum Ask {
    /// Of a log-in that was lost.
    Again(String),
    /// Of one signature, and of which document.
    Each(String, String),
}

/// What is said while the key waits.
pub(super) enum Notice {
    FewTries(String),
    Pad(String),
    Away(String, Option<String>),
    Here(String),
}

/// A running batch.
pub(super) struct Engine {
    tasks: Option<Sender<Task>>,
    stop: Arc<AtomicBool>,
    pub happenings: UnboundedReceiver<Happening>,
}

impl Engine {
    /// Starts the threads.
    pub fn start(batch: Batch, session: Box<dyn Session>) -> Self {
        let (batch, stop) = (Arc::new(batch), Arc::new(AtomicBool::new(false)));
        let (tasks, tasks_in) = channel();
        let (ready, ready_in) = sync_channel(AHEAD);
        let (signed, signed_in) = sync_channel(BEHIND);
        let (say, happenings) = unbounded_channel();
        let preparer = Preparer { batch: batch.clone(), stop: stop.clone(), say: say.clone() };
        std::thread::spawn(move || preparer.run(&tasks_in, &ready));
        let turner = Turner::new(batch.clone(), stop.clone(), say.clone(), session);
        std::thread::spawn(move || turner.run(&ready_in, &signed));
        let signed_in = Arc::new(Mutex::new(signed_in));
        let spare = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(OTHERS);
        let count = if batch.stamper.is_some() { STAMPING } else { spare.clamp(1, FINISHING) };
        for _ in 0..count {
            let (batch, say, signed) = (batch.clone(), say.clone(), signed_in.clone());
            std::thread::spawn(move || finish(&batch, &say, &signed));
        }
        Self { tasks: Some(tasks), stop, happenings }
    }

    /// Hands a task in. After [`Engine::close`] it is nobody's.
    pub fn give(&self, task: Task) {
        if let Some(tasks) = &self.tasks {
            // The preparing thread lives as long as there is a sender.
            let _ = tasks.send(task);
        }
    }

    /// No more tasks come.
    pub fn close(&mut self) {
        self.tasks = None;
    }

    /// What is not at the key yet comes back.
    pub fn stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.close();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The way from the threads to whoever commits and tells. When nobody listens any more the process is about to end.
pub(super) type Say = UnboundedSender<Happening>;

pub(super) fn say(to: &Say, happening: Happening) {
    let _ = to.send(happening);
}

/// A fault of the program on one document costs this document and not the batch.
pub(in crate::pipeline) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(kinds::INTERNAL.with("cause", "a thread panicked")))
}

struct Preparer {
    batch: Arc<Batch>,
    stop: Arc<AtomicBool>,
    say: Say,
}

impl Preparer {
    fn run(&self, tasks: &Receiver<Task>, ready: &SyncSender<Ready>) {
        for task in tasks {
            if self.stop.load(Ordering::Relaxed) {
                say(&self.say, Happening::Back(Box::new(task)));
                continue;
            }
            match guarded(|| self.batch.prepare(&task.stored)) {
                Ok(work) => {
                    if let Err(unsent) = ready.send(Ready { task, work }) {
                        say(&self.say, Happening::Back(Box::new(unsent.0.task)));
                    }
                }
                Err(error) => say(&self.say, Happening::Refused(Box::new((task, error)))),
            }
        }
    }
}

/// A document with its signature.
pub(super) type SignedWork = (Task, Work, Vec<u8>);

fn finish(batch: &Batch, to: &Say, signed: &Mutex<Receiver<SignedWork>>) {
    loop {
        let next = signed.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((task, work, signature)) = next else { return };
        let happening = match guarded(|| batch.finish(&task.stored, work, &signature)) {
            Ok(made) => Happening::Made(Box::new((task, made))),
            Err(error) => Happening::Refused(Box::new((task, error))),
        };
        say(to, happening);
    }
}
