//! The thread that holds the key. Two messages lie at it at a time, so that it goes from one to the next without a pause; after
//! a fault it mends the connection and hands over again what was not answered.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result, kinds};
use crate::sign::{PinSource, Session};

use super::engine::{Ask, Happening, Notice, Say, SignedWork, guarded, say};
use super::job::{Batch, Ready};

/// Messages at the key at a time: the one that it works on and the one behind.
const AT_KEY: usize = 2;
/// As many for a key that answers within [`FAST`]: it would wait for us between two of them.
const AT_FAST_KEY: usize = 6;
const FAST: Duration = Duration::from_millis(5);
/// Faults in a row, without a signature between them, that are mended.
const IN_A_ROW: u32 = 3;
/// Crashes and hangs of a module in one batch that are mended; each may cost a person a PIN.
const CRASHES: u32 = 5;

/// The thread.
pub(super) struct Turner {
    batch: Arc<Batch>,
    stop: Arc<AtomicBool>,
    say: Say,
    session: Box<dyn Session>,
    /// Documents that wait here, before those of the channel.
    queue: VecDeque<Ready>,
    /// Documents whose messages lie at the key, oldest first.
    at_key: VecDeque<Ready>,
    in_a_row: u32,
    crashes: u32,
    clock: Clock,
}

impl Turner {
    pub fn new(batch: Arc<Batch>, stop: Arc<AtomicBool>, say: Say, session: Box<dyn Session>) -> Self {
        Self {
            batch,
            stop,
            say,
            session,
            queue: VecDeque::new(),
            at_key: VecDeque::new(),
            in_a_row: 0,
            crashes: 0,
            clock: Clock::default(),
        }
    }

    /// Signs what comes until nothing comes any more.
    pub fn run(mut self, ready: &Receiver<Ready>, signed: &SyncSender<SignedWork>) {
        while let Some(turn) = self.turn(ready, signed) {
            let Err(error) = turn else { continue };
            // Nothing of them is in a file; they are signed again or come back.
            while let Some(document) = self.at_key.pop_back() {
                self.queue.push_front(document);
            }
            if let Err(error) = self.mend(error) {
                self.give_up(error);
            }
        }
        say(&self.say, Happening::Ended(self.clock.each()));
    }

    /// Fills the key up and takes one signature; none when there is nothing left to do.
    fn turn(&mut self, ready: &Receiver<Ready>, signed: &SyncSender<SignedWork>) -> Option<Result<()>> {
        let depth = match self.clock.each() {
            _ if self.session.asks_each_time() => 1,
            Some(each) if each < FAST => AT_FAST_KEY,
            _ => AT_KEY,
        };
        while self.at_key.len() < depth {
            let Some(document) = self.next(ready) else { break };
            if let Err(error) = self.hand_over(document) {
                return Some(Err(error));
            }
        }
        if self.at_key.is_empty() {
            return None;
        }
        Some(self.take(signed))
    }

    /// The next document that still has to be signed; waits for one only where the key has nothing to do.
    fn next(&mut self, ready: &Receiver<Ready>) -> Option<Ready> {
        loop {
            let document = match self.queue.pop_front() {
                Some(document) => document,
                None if self.at_key.is_empty() => ready.recv().ok()?,
                None => match ready.try_recv() {
                    Ok(document) => document,
                    Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
                },
            };
            if self.stop.load(Ordering::Relaxed) {
                say(&self.say, Happening::Back(Box::new(document.task)));
                continue;
            }
            match self.fresh(document) {
                Some(document) => return Some(document),
                None => continue,
            }
        }
    }

    /// Prepared again where it waited too long for the key: its time is the time of signing.
    fn fresh(&self, document: Ready) -> Option<Ready> {
        if !document.work.is_stale() {
            return Some(document);
        }
        let Ready { task, work } = document;
        match guarded(|| self.batch.renew(&task.stored, work)) {
            Ok(work) => Some(Ready { task, work }),
            Err(error) => {
                say(&self.say, Happening::Refused(Box::new((task, error))));
                None
            }
        }
    }

    fn hand_over(&mut self, document: Ready) -> Result<()> {
        let about = document.task.stored.id.to_string();
        let pin = self.session.signing_pin(&mut Remote(&self.say), &about);
        let submitted = pin.and_then(|pin| {
            // A person who types nothing wants to end; an empty PIN is never tried.
            if pin.as_ref().is_some_and(|pin| pin.expose_secret().is_empty()) {
                return Err(kinds::STOPPED.error());
            }
            self.clock.starts(self.at_key.is_empty());
            self.session.submit(document.work.message(), pin.as_ref())
        });
        self.at_key.push_back(document);
        submitted
    }

    fn take(&mut self, signed: &SyncSender<SignedWork>) -> Result<()> {
        let signature = self.session.collect()?;
        self.clock.counts();
        self.in_a_row = 0;
        if let Some(Ready { task, work }) = self.at_key.pop_front() {
            // The finishing threads live as long as this end of the channel.
            let _ = signed.send((task, work, signature));
        }
        Ok(())
    }

    /// The way back to the key after a fault; none from a refusal that a new connection would not change.
    fn mend(&mut self, error: Error) -> Result<()> {
        let is = |kind: &crate::error::Kind| error.code() == kind.code;
        let crash = is(&kinds::TOKEN_CRASHED) || is(&kinds::TOKEN_TIMEOUT);
        if !crash && !is(&kinds::TOKEN_GONE) && !is(&kinds::TOKEN_REFUSED) {
            return Err(error);
        }
        self.in_a_row += 1;
        self.crashes += u32::from(crash);
        if self.in_a_row > IN_A_ROW || self.crashes > CRASHES || self.stop.load(Ordering::Relaxed) {
            return Err(error);
        }
        let mended = self.session.reconnect(&mut Remote(&self.say), &self.stop);
        // A fault while mending is one more fault.
        mended.or_else(|error| self.mend(error))
    }

    /// The key is lost: the batch ends, everything that waits comes back.
    fn give_up(&mut self, error: Error) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(document) = self.queue.pop_front() {
            say(&self.say, Happening::Lost(Box::new((document.task, error))));
        }
    }
}

/// How long the key works on one signature.
#[derive(Default)]
struct Clock {
    since: Option<Instant>,
    total: Duration,
    count: u32,
}

impl Clock {
    /// A message is handed over; the time counts from now only where the key was idle.
    fn starts(&mut self, idle: bool) {
        if idle {
            self.since = Some(Instant::now());
        }
    }

    /// A signature is there, and the key goes on with the next message at once.
    fn counts(&mut self) {
        let now = Instant::now();
        if let Some(since) = self.since.replace(now) {
            self.total += now.duration_since(since);
            self.count += 1;
        }
    }

    fn each(&self) -> Option<Duration> {
        self.total.checked_div(self.count)
    }
}

/// The person at the other end of the events.
struct Remote<'a>(&'a Say);

impl Remote<'_> {
    fn ask(&self, ask: Ask) -> Result<SecretString> {
        let (reply, answer) = sync_channel(1);
        say(self.0, Happening::Ask(ask, reply));
        answer.recv().unwrap_or_else(|_| Err(kinds::STOPPED.error()))
    }
}

impl PinSource for Remote<'_> {
    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        self.ask(Ask::Again(prompt.to_owned()))
    }

    fn signing_pin(&mut self, prompt: &str, about: &str) -> Result<SecretString> {
        self.ask(Ask::Each(prompt.to_owned(), about.to_owned()))
    }

    fn few_tries_left(&mut self, prompt: &str) {
        say(self.0, Happening::Tell(Notice::FewTries(prompt.to_owned())));
    }

    fn use_pad(&mut self, prompt: &str) {
        say(self.0, Happening::Tell(Notice::Pad(prompt.to_owned())));
    }

    fn token_away(&mut self, prompt: &str, serial: Option<&str>) {
        say(self.0, Happening::Tell(Notice::Away(prompt.to_owned(), serial.map(str::to_owned))));
    }

    fn token_back(&mut self, prompt: &str) {
        say(self.0, Happening::Tell(Notice::Here(prompt.to_owned())));
    }
}
