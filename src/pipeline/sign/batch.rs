//! A batch from the plan to the last document: the key opened once, tasks handed in, signatures committed in groups, each told
//! when it is durable. A key that fails, or Ctrl-C, ends it; what is done stays done, and what is not is given back.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, Exit, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::sign::{PinSource, key};
use crate::store::{Advance, NewRevision, Record, SignatureRow, State, Step, Stored};

use super::super::Desk;
use super::super::build::tell_error;
use super::engine::{Ask, Engine, Happening, Notice};
use super::feed::{Feed, Limits, Planned, Taken};
use super::job::{Made, Task};
use super::longterm::Archiver;
use super::stamp::Stamper;
use super::start::{again, archiving, batch, stamping};
use super::{Plan, Signing, key_uri};

/// Documents that are on their way between lease and row at a time, for a key of any speed: enough to have eight prepared.
const ON_THE_WAY: usize = 12;
/// As many for a key that makes hundreds of signatures a second, where a write to the store is shared by many.
const ON_THE_WAY_FAST: usize = 64;
/// Leases are taken in groups of this part of what may be on its way.
const GROUPS: usize = 4;
/// How long a signature waits for others that share its write to the store. A key is never slowed down by it, as the fastest makes
/// a quarter of [`ON_THE_WAY_FAST`] meanwhile, and nobody is woken for each of them.
const LINGER: Duration = Duration::from_millis(16);
/// More signatures than this within [`LINGER`] show that the key is fast.
const FAST: usize = 6;
/// Bytes of files on their way at a time; a larger file goes alone.
const BYTES: u64 = 24_000_000;
/// How long signatures that are just being finished are waited for before a person is asked for a PIN.
const QUIET: Duration = Duration::from_millis(300);

/// Signs the planned documents with one PIN. A key that fails ends the batch; what is done stays done.
///
/// # Errors
/// A key error (exit 6) before the first document; a store error.
pub async fn run(desk: &Desk, plan: Plan, signing: Signing<'_>, front: &dyn Front) -> Result<Tally> {
    let mut tally = Tally::default();
    plan.tell_passed_over(front, &mut tally);
    if plan.is_empty() {
        return Ok(tally);
    }
    let mut line = Line::open(desk, plan.ready, None, signing, front).await?;
    line.named = plan.named;
    front.begin("sign", line.feed.len() as u64);
    tally.add(line.drive(None).await?);
    front.end();
    Ok(tally)
}

/// Both roles as a pipeline: while the organization's key seals one document, the personal key signs another. Each document
/// is durable between the two.
///
/// # Errors
/// As [`run`]; both keys are opened before the first document.
pub async fn run_both(
    desk: &Desk,
    personal: (Plan, Signing<'_>),
    organization: (Plan, Signing<'_>),
    front: &dyn Front,
) -> Result<Tally> {
    if personal.0.is_empty() {
        return run(desk, organization.0, organization.1, front).await;
    }
    let mut tally = Tally::default();
    personal.0.tell_passed_over(front, &mut tally);
    organization.0.tell_passed_over(front, &mut tally);
    let (next, more) = unbounded_channel();
    let mut first = Line::open(desk, personal.0.ready, None, personal.1, front).await?;
    let mut second = Line::open(desk, organization.0.ready, Some(more), organization.1, front).await?;
    front.begin("sign", 2 * first.feed.len() as u64 + second.feed.len() as u64);
    let (signed, sealed) = tokio::join!(first.drive(Some(next)), second.drive(None));
    front.end();
    tally.add(signed?);
    tally.add(sealed?);
    Ok(tally)
}

/// One key with the documents that it signs.
struct Line<'a, 'p> {
    desk: &'a Desk,
    front: &'a dyn Front,
    pins: &'p mut dyn PinSource,
    feed: Feed,
    engine: Engine,
    /// Leased and not yet ended.
    leases: HashMap<i64, (Step, u64)>,
    tally: Tally,
    key: String,
    /// What the new versions are called in the store.
    label: String,
    /// What goes into the journal before archived documents are signed once more.
    resign: Option<Value>,
    /// What goes into the journal before the first signature (rule 13).
    unseen: Option<Value>,
    stamper: Option<Arc<Stamper>>,
    archiver: Option<Arc<Archiver>>,
    /// Time of one signature, once it is known.
    each: Option<Duration>,
    /// Whether the key has shown to be fast.
    fast: bool,
    /// Whether somebody named the documents.
    named: bool,
    stopping: bool,
}

impl<'a, 'p> Line<'a, 'p> {
    /// Opens the key.
    async fn open(
        desk: &'a Desk,
        documents: Vec<Planned>,
        more: Option<UnboundedReceiver<Planned>>,
        signing: Signing<'p>,
        front: &'a dyn Front,
    ) -> Result<Self> {
        let Signing { request, pins } = signing;
        let level = request.level.unwrap_or(desk.workspace.profile.crypto.level);
        let stamper = stamping(desk, level).await?;
        let uri = key_uri(Some(&desk.workspace), request.role, request.key.clone())?;
        let session = key::open(&uri, &desk.workspace.key_policy_for(request.role), pins)?;
        super::check_accepted(session.as_ref(), &desk.workspace.trust()?, front.lang())?;
        let archiver = archiving(desk, level, session.as_ref()).await?;
        let behind = (stamper.clone(), archiver.clone());
        let mut batch = batch(desk, request.role, session.as_ref(), behind, front)?;
        batch.resign.clone_from(&request.resign);
        let (label, done, documents) = again(desk, &request, session.as_ref(), documents).await?;
        if session.asks_each_time() {
            pins.each_time(session.signer_name(), documents.len());
        }
        let count = documents.len();
        let unseen = request.unseen.map(|reason| {
            let documents: Vec<String> = documents.iter().map(|s| s.id.to_string()).collect();
            json!({"reason": reason, "documents": documents})
        });
        Ok(Self {
            desk,
            front,
            pins,
            feed: Feed::new(documents, more),
            engine: Engine::start(batch, session),
            leases: HashMap::new(),
            tally: Tally { done, ..Tally::default() },
            label,
            resign: request.resign.map(|reason| json!({"reason": reason, "documents": count})),
            key: uri.to_string(),
            unseen,
            stamper,
            archiver,
            each: None,
            fast: false,
            named: false,
            stopping: false,
        })
    }

    /// Until nothing is left, or the key is lost, or the person ends it.
    async fn drive(&mut self, next: Option<UnboundedSender<Planned>>) -> Result<Tally> {
        let before = self.tally.done;
        let driven = self.signed(next).await;
        // Also after a store error: what is not signed must not stay taken.
        self.engine.stop();
        while let Some(happening) = self.engine.happenings.recv().await {
            if let Happening::Ended(each) = happening {
                self.each = each;
            }
        }
        if let Some(each) = self.each {
            // Without it the next estimate is older; a disk that is full of signatures is no reason to call them failed.
            let _ = self.desk.store.set_speed(&self.key, each).await;
        }
        let archived = self.archiver.iter().flat_map(|archiver| archiver.notes());
        for note in self.stamper.iter().flat_map(|stamper| stamper.notes()).chain(archived) {
            self.front.tell(&Event::error(&note, None, self.front.lang()));
        }
        let left: Vec<Step> = self.leases.drain().map(|(_, (step, _))| step).collect();
        // Leases that cannot be given back now are taken as from the dead by the next process.
        let released = if left.is_empty() { Ok(()) } else { self.desk.store.release_all(&left).await };
        if let Err(error) = driven.and(released) {
            self.cut_off(&error, before);
        }
        Ok(std::mem::take(&mut self.tally))
    }

    /// The store fails in the middle: what is signed is durable and counts, `before` of it from another run; what was on its way or
    /// still to come has failed.
    fn cut_off(&mut self, error: &Error, before: usize) {
        self.front.tell(&Event::error(error, None, self.front.lang()));
        let Tally { done, waiting, failures, .. } = &self.tally;
        let left = (self.feed.known + before).saturating_sub(done + waiting + failures.len());
        (0..left.max(1)).for_each(|_| self.tally.failed(error));
    }

    async fn signed(&mut self, next: Option<UnboundedSender<Planned>>) -> Result<()> {
        if let Some(detail) = self.unseen.take() {
            self.desk.store.note("signed_unseen", None, detail).await?;
        }
        if let Some(detail) = self.resign.take().filter(|_| !self.feed.is_over()) {
            self.desk.store.note("signed_again", None, detail).await?;
        }
        let front = self.front;
        let mut stop = front.asked_to_stop();
        loop {
            self.refill(next.as_ref()).await?;
            if self.leases.is_empty() && (self.stopping || self.feed.is_over()) {
                self.tally.waiting += self.feed.len();
                return Ok(());
            }
            tokio::select! {
                happening = self.engine.happenings.recv() => {
                    let ended = || kinds::INTERNAL.with("cause", "the threads of the batch ended");
                    self.happened(happening.ok_or_else(ended)?, next.as_ref()).await?;
                }
                () = self.feed.changes(), if !self.stopping => {}
                () = &mut stop, if !self.stopping => {
                    self.end();
                    self.tally.stop(self.front);
                }
            }
        }
    }

    /// No further document; those that are at the key are finished, the others come back.
    fn end(&mut self) {
        self.stopping = true;
        self.feed.end();
        self.engine.stop();
    }

    /// Bytes of files on their way.
    fn used(&self) -> u64 {
        self.leases.values().map(|(_, bytes)| bytes).sum()
    }

    /// Takes documents and hands them in, so that there is always one ready for the key.
    async fn refill(&mut self, next: Option<&UnboundedSender<Planned>>) -> Result<()> {
        let most = if self.fast { ON_THE_WAY_FAST } else { ON_THE_WAY };
        let room = most.saturating_sub(self.leases.len());
        if self.stopping || room < most / GROUPS {
            return Ok(());
        }
        let bytes = BYTES.saturating_sub(self.used());
        let limits = Limits { count: room, bytes, any: self.leases.is_empty() };
        for taken in self.feed.take(self.desk, &limits).await? {
            match taken {
                Taken::Ours(task) => {
                    let lease = (task.step.clone(), task.stored.bytes_out);
                    self.leases.insert(task.stored.id.0, lease);
                    self.engine.give(*task);
                }
                Taken::Done(now) => {
                    self.tally.done += 1;
                    self.front.advance(1);
                    // Whoever signed it may not seal it; both runs end with all of it.
                    if let (Some(next), State::Signed) = (next, now.state) {
                        let _ = next.send(Planned::of(&now));
                    }
                }
                Taken::Refused(id, error) => {
                    tell_error(id.to_string(), &error, self.front, &mut self.tally);
                    self.front.advance(1);
                }
            }
        }
        Ok(())
    }

    /// This and everything else that has happened meanwhile: signatures in one write to the store.
    async fn happened(&mut self, first: Happening, next: Option<&UnboundedSender<Planned>>) -> Result<()> {
        let mut made = Vec::new();
        let mut question = self.sort(first, &mut made).await?;
        // Where few large files fill the room, waiting would keep the next ones from the key.
        let large = self.used() > BYTES / 2;
        if question.is_none() && !large && !made.is_empty() && made.len() < self.leases.len() {
            tokio::time::sleep(LINGER).await;
        }
        while question.is_none()
            && made.len() < ON_THE_WAY_FAST
            && let Ok(happening) = self.engine.happenings.try_recv()
        {
            question = self.sort(happening, &mut made).await?;
        }
        self.fast |= made.len() > FAST;
        if question.is_some() {
            // What is signed is made durable before a person, who may be long, is asked.
            while let Ok(Some(happening)) =
                timeout_at(Instant::now() + QUIET, self.engine.happenings.recv()).await
            {
                self.sort(happening, &mut made).await?;
            }
        }
        self.commit(made, next).await?;
        if let Some((ask, reply)) = question {
            // The thread that asks waits for the answer.
            let _ = reply.send(self.asked(ask));
        }
        Ok(())
    }

    fn asked(&mut self, ask: Ask) -> Result<secrecy::SecretString> {
        match ask {
            Ask::Again(prompt) => self.pins.pin_again(&prompt),
            Ask::Each(prompt, about) => self.pins.signing_pin(&prompt, &about),
        }
    }

    /// What is signed goes to `made`; what a person has to answer is given back; the rest is dealt with at once.
    async fn sort(&mut self, happening: Happening, made: &mut Vec<(Task, Made)>) -> Result<Option<Question>> {
        match happening {
            Happening::Made(signed) => made.push(*signed),
            Happening::Ask(ask, reply) => return Ok(Some((ask, reply))),
            Happening::Tell(notice) => self.notice(&notice),
            Happening::Ended(each) => self.each = each,
            Happening::Back(task) => {
                self.give_back(&task.step).await?;
                self.tally.waiting += 1;
            }
            Happening::Refused(refused) => {
                let (task, error) = *refused;
                self.refused(&task, &error).await?;
                if error.kind().exit == Exit::Key {
                    self.end();
                }
            }
            Happening::Lost(lost) => {
                let (task, error) = *lost;
                self.end();
                if error.code() == kinds::STOPPED.code {
                    self.give_back(&task.step).await?;
                    self.tally.waiting += 1;
                    self.tally.stop(self.front);
                } else {
                    self.refused(&task, &error).await?;
                }
            }
        }
        Ok(None)
    }

    async fn give_back(&mut self, step: &Step) -> Result<()> {
        self.leases.remove(&step.document.0);
        self.desk.store.release(step).await
    }

    async fn refused(&mut self, task: &Task, error: &Error) -> Result<()> {
        self.give_back(&task.step).await?;
        if error.code() == kinds::SIGNER_NOT_ALLOWED.code && !self.named {
            // It is somebody else's turn.
            let stored = &task.stored;
            let line = json!({"action": "wait", "document": stored.id.to_string(), "waiting_for": "personal",
                "step": error.arg("step"), "number": stored.document.number(), "subject": stored.document.fields.subject});
            self.front.tell(&Event::new("plan", line));
            self.tally.waiting += 1;
            self.front.advance(1);
            return Ok(());
        }
        tell_error(task.stored.id.to_string(), error, self.front, &mut self.tally);
        self.front.advance(1);
        Ok(())
    }

    fn notice(&mut self, notice: &Notice) {
        match notice {
            Notice::FewTries(key) => self.pins.few_tries_left(key),
            Notice::Pad(key) => self.pins.use_pad(key),
            Notice::Away(key, serial) => self.pins.token_away(key, serial.as_deref()),
            Notice::Here(key) => self.pins.token_back(key),
        }
    }

    /// Rows of the signatures in one write; each is told when that is durable, as its bytes are already.
    async fn commit(
        &mut self,
        made: Vec<(Task, Made)>,
        next: Option<&UnboundedSender<Planned>>,
    ) -> Result<()> {
        if made.is_empty() {
            return Ok(());
        }
        let reason = self.label.clone();
        let rows: Vec<Vec<SignatureRow>> = made
            .iter()
            .map(|(_, m)| m.report.signatures.iter().map(SignatureRow::from_report).collect())
            .collect();
        let advances: Vec<Advance> = made
            .iter()
            .zip(&rows)
            .map(|((task, made), rows)| Advance {
                step: &task.step,
                to: made.next,
                revision: NewRevision {
                    sha256: &made.sha256,
                    bytes: made.bytes,
                    reason: &reason,
                    signatures: rows,
                },
            })
            .collect();
        let results = self.desk.store.advance_all(&advances).await?;
        let (mut moved, mut signed) = (Vec::new(), Vec::new());
        for (((task, made), rows), result) in made.into_iter().zip(rows).zip(results) {
            self.leases.remove(&task.stored.id.0);
            match result {
                Ok(()) => {
                    moved.push((after(task.stored, &made), rows));
                    signed.push(made);
                }
                Err(error) => {
                    tell_error(task.stored.id.to_string(), &error, self.front, &mut self.tally);
                    self.front.advance(1);
                }
            }
        }
        if let Some(next) = next {
            // When the other key is lost nobody takes them; they stay signed.
            let whole = moved.iter().filter(|(stored, _)| stored.state == State::Signed);
            whole.for_each(|(stored, _)| drop(next.send(Planned::of(stored))));
        }
        let records = self.desk.store.records_after(moved).await?;
        records.into_iter().zip(signed).for_each(|(record, made)| self.tell(record, &made));
        Ok(())
    }

    fn tell(&mut self, record: Record, made: &Made) {
        if let Some(signature) = made.report.last_signature() {
            self.front.tell(&Event::new("signature", signature).with("document", &record.document));
        }
        self.front.tell(&Event::new("document", record));
        self.tally.done += 1;
        self.front.advance(1);
    }
}

/// A question of the key, and where its thread waits for the answer.
type Question = (Ask, SyncSender<Result<secrecy::SecretString>>);

/// The row as the transaction has left it.
fn after(stored: Stored, made: &Made) -> Stored {
    let bytes_out = made.bytes as u64;
    Stored { state: made.next, latest: Some(made.sha256.clone()), bytes_out, ..stored }
}
