//! Copies of many files with one PIN: they are made ready ahead of the key and finished behind it, as documents are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use secrecy::ExposeSecret;

use crate::error::{Error, Exit, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::sign::{self, PinSource, Prepared, Session, Signer};
use crate::verify::Report;

use super::super::sign::guarded;
use super::{Shared, Signing, keep, ready};

/// Files that are ready and wait for the key.
const AHEAD: usize = 7;
/// Files that wait to be finished.
const BEHIND: usize = 8;
/// Threads that finish; with a time-stamp service each of them waits for it.
const FINISHING: usize = 4;
/// A file that waited longer for the key is made ready again, because its time is the time of signing.
const STALE: Duration = Duration::from_secs(60);
/// Faults of the key in a row, and in all, that are mended.
const FAULTS_IN_A_ROW: u32 = 3;
const FAULTS: u32 = 10;

/// What all threads of a batch know.
pub(super) struct Bulk<'a> {
    pub request: &'a Signing,
    pub shared: &'a Shared,
    pub signer: &'a Signer,
    /// Whether a person wants it to end: by a signal, or with an empty PIN.
    pub stop: &'a AtomicBool,
    pub front: &'a dyn Front,
}

/// A file that lacks nothing but its signature.
struct Waiting {
    place: usize,
    prepared: Prepared,
    since: Instant,
}

/// A file with its signature.
struct Signed {
    place: usize,
    prepared: Prepared,
    signature: Vec<u8>,
}

/// What became of a file, by its place in the list.
type Ended = (usize, Result<Report>);

impl Bulk<'_> {
    /// Signs all files; what single ones refuse is told and tallied. A key that is lost for good ends the batch.
    pub fn run(&self, session: &mut dyn Session, pins: &mut dyn PinSource) -> Tally {
        let (ready_to, ready_in) = sync_channel(AHEAD);
        let (signed_to, signed_in) = sync_channel(BEHIND);
        let (ended_to, ended_in) = sync_channel(self.request.files.len().max(1));
        let signed_in = Mutex::new(signed_in);
        std::thread::scope(|scope| {
            let refused = ended_to.clone();
            scope.spawn(move || self.make_ready(&ready_to, &refused));
            for _ in 0..FINISHING {
                let (ended, signed) = (ended_to.clone(), &signed_in);
                scope.spawn(move || self.finish(signed, &ended));
            }
            let telling = scope.spawn(move || self.tell(&ended_in));
            self.at_key(session, pins, ready_in, &signed_to, &ended_to);
            drop((signed_to, ended_to));
            let mut tally: Tally = telling.join().unwrap_or_default();
            // Whoever ends it behind the last file has missed nothing.
            if tally.waiting > 0 {
                tally.stop(self.front);
            }
            tally
        })
    }

    fn make_ready(&self, to: &SyncSender<Waiting>, ended: &SyncSender<Ended>) {
        for (place, file) in self.request.files.iter().enumerate() {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            match guarded(|| self.prepared(file)) {
                Ok(prepared) => {
                    // The key is lost.
                    if to.send(Waiting { place, prepared, since: Instant::now() }).is_err() {
                        return;
                    }
                }
                Err(error) => drop(ended.send((place, Err(error)))),
            }
        }
    }

    fn prepared(&self, file: &Path) -> Result<Prepared> {
        let to = self.target(file);
        if to.symlink_metadata().is_ok() {
            return Err(kinds::FILE_EXISTS.with("path", to.display()));
        }
        let name = self.signer.certificate().name();
        let (bytes, intent) = ready(file, self.request, &name, self.shared, self.front)?;
        sign::prepare(bytes, self.signer, &intent)
    }

    /// The key's own thread, which is the one that may ask a person.
    fn at_key(
        &self,
        session: &mut dyn Session,
        pins: &mut dyn PinSource,
        files: Receiver<Waiting>,
        to: &SyncSender<Signed>,
        ended: &SyncSender<Ended>,
    ) {
        let mut faults = Faults::default();
        for waiting in files {
            let place = waiting.place;
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let signed = self.fresh(waiting).and_then(|prepared| {
                let signature = self.signature(session, pins, place, prepared.message(), &mut faults)?;
                Ok(Signed { place, prepared, signature })
            });
            match signed {
                Ok(signed) => drop(to.send(signed)),
                Err(error) if error.code() == kinds::STOPPED.code => {
                    self.stop.store(true, Ordering::Relaxed);
                    return;
                }
                Err(error) => {
                    let lost = error.kind().exit == Exit::Key;
                    let _ = ended.send((place, Err(error)));
                    if lost {
                        return;
                    }
                }
            }
        }
    }

    fn fresh(&self, waiting: Waiting) -> Result<Prepared> {
        if waiting.since.elapsed() < STALE {
            return Ok(waiting.prepared);
        }
        self.prepared(&self.file(waiting.place))
    }

    /// One signature; a key that went away is brought back.
    fn signature(
        &self,
        session: &mut dyn Session,
        pins: &mut dyn PinSource,
        place: usize,
        message: &[u8],
        faults: &mut Faults,
    ) -> Result<Vec<u8>> {
        let about = self.file(place).display().to_string();
        loop {
            let fault = match once(session, pins, &about, message) {
                Ok(signature) => {
                    faults.row = 0;
                    return Ok(signature);
                }
                Err(fault) => fault,
            };
            faults.count(fault)?;
            session.reconnect(pins, self.stop)?;
        }
    }

    fn finish(&self, signed: &Mutex<Receiver<Signed>>, ended: &SyncSender<Ended>) {
        loop {
            let next = signed.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Signed { place, prepared, signature }) = next else { return };
            let file = self.file(place);
            let _ = ended.send((place, guarded(|| self.finished(&file, prepared, &signature))));
        }
    }

    fn finished(&self, file: &Path, prepared: Prepared, signature: &[u8]) -> Result<Report> {
        let stamper = self.shared.stamper.as_ref();
        let stamp = stamper.and_then(|stamper| stamper.stamp(signature));
        let (signed, _) = prepared.finish(self.signer, signature, stamp.as_deref())?;
        let signed = match &self.shared.archiver {
            Some(archiver) => archiver.extended(signed, self.signer.certificate().der(), stamper, false)?,
            None => signed,
        };
        let to = self.target(file);
        keep(&signed, &to, &self.shared.trust, Timestamp::now(), self.front)
    }

    /// Tells what became of the files in the order in which they were named; those that the key never saw come last.
    fn tell(&self, ended: &Receiver<Ended>) -> Tally {
        let (mut tally, mut early, mut next) = (Tally::default(), BTreeMap::new(), 0);
        for (place, result) in ended {
            early.insert(place, result);
            while let Some(result) = early.remove(&next) {
                self.tell_one(next, result, &mut tally);
                next += 1;
            }
        }
        for place in next..self.request.files.len() {
            match early.remove(&place) {
                Some(result) => self.tell_one(place, result, &mut tally),
                None if self.stop.load(Ordering::Relaxed) => tally.waiting += 1,
                None => self.tell_one(place, Err(kinds::FILE_NOT_REACHED.error()), &mut tally),
            }
        }
        tally
    }

    fn tell_one(&self, place: usize, result: Result<Report>, tally: &mut Tally) {
        let name = self.file(place).display().to_string();
        match result {
            Ok(report) => {
                if let Some(signature) = report.last_signature() {
                    self.front.tell(&Event::new("signature", signature).with("file", &name));
                }
                tally.done += 1;
            }
            Err(error) => {
                let told = Event::error(&error, Some(Subject::File(&name)), self.front.lang());
                self.front.tell(&told);
                tally.failed(&error);
            }
        }
        self.front.advance(1);
    }

    /// Where the signed copy goes.
    fn target(&self, file: &Path) -> PathBuf {
        self.request.folder.join(file.file_name().unwrap_or_default())
    }

    fn file(&self, place: usize) -> PathBuf {
        self.request.files.get(place).cloned().unwrap_or_default()
    }
}

/// One message to the key and its signature back; an empty PIN is a person who wants to end.
fn once(session: &mut dyn Session, pins: &mut dyn PinSource, about: &str, message: &[u8]) -> Result<Vec<u8>> {
    if !session.asks_each_time() {
        return session.sign(message);
    }
    let pin = session.signing_pin(pins, about)?;
    if pin.as_ref().is_some_and(|pin| pin.expose_secret().is_empty()) {
        return Err(kinds::STOPPED.error());
    }
    session.submit(message, pin.as_ref())?;
    session.collect()
}

/// Faults of the key that were mended.
#[derive(Default)]
struct Faults {
    row: u32,
    all: u32,
}

impl Faults {
    /// A fault that a new connection may mend, as long as there are not too many; else the fault itself.
    fn count(&mut self, fault: Error) -> Result<()> {
        let kinds = [&kinds::TOKEN_CRASHED, &kinds::TOKEN_TIMEOUT, &kinds::TOKEN_GONE, &kinds::TOKEN_REFUSED];
        self.row += 1;
        self.all += 1;
        let known = kinds.iter().any(|kind| kind.code == fault.code());
        if known && self.row <= FAULTS_IN_A_ROW && self.all <= FAULTS { Ok(()) } else { Err(fault) }
    }
}
