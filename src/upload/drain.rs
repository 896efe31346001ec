//! The queue of a destination: several documents on their way at a time, more while all goes well, none while it is away.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::document::DocumentId;
use crate::error::{Error, Result, Retry, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::store::{Job, Record, Store};

use super::breaker::{Breaker, micros};
use super::delivery::{Outcome, deliver};
use super::{Config, Receipt, Shared, ask, connect, remember};

mod setback;

/// How long the work of others is waited for: another process's deliveries, a system that has taken a document down.
const PATIENCE: Duration = Duration::from_secs(60);
/// Deliveries that are claimed ahead while all goes well.
const AHEAD: usize = 64;
/// Deliveries that may wait to be written down, and so many of them that nothing more is waited for.
const UNWRITTEN: usize = 128;
const TOGETHER: usize = 48;
/// How long one that has arrived waits for others: written down together they cost one write to the disk.
const GATHER: Duration = Duration::from_millis(50);
/// Time between two looks at the queue.
const GLANCE: Duration = Duration::from_millis(200);
/// Time until a system is asked again how its work on a document stands.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// How long after a document's arrival an earlier request for it may still come in.
const LATE: Duration = Duration::from_secs(15 * 60);
/// Time between two renewals of the claims that are held, well below their length.
const RENEW: Duration = Duration::from_secs(120);
/// First and longest pause of a watching run whose own records are away.
const AWAY: Duration = Duration::from_secs(2);
const LONG_AWAY: Duration = Duration::from_secs(60);

/// Sends the queue of each destination and tells each receipt when it is there. A destination that is away costs no
/// document an attempt; with `watch` it is waited for.
///
/// # Errors
/// A store error.
pub async fn run(
    store: &Store,
    destinations: &[&Config],
    base: &Path,
    watch: bool,
    front: &dyn Front,
) -> Result<Tally> {
    let mut open = 0;
    for config in destinations {
        open += u64::try_from(store.open_jobs(&config.name).await?).unwrap_or(0);
    }
    front.begin("send", open);
    // Side by side: one that is away keeps no other one waiting.
    let busy = AtomicUsize::new(destinations.len());
    let drains = destinations.iter().map(|config| until_idle(store, config, base, watch, front, &busy));
    let ended = futures_util::future::join_all(drains).await;
    front.end();
    let mut tally = Tally::default();
    for each in ended {
        tally.add(each?);
    }
    Ok(tally)
}

/// One destination, while anything is on its way to it; a watching run looks after it as long as it waits for any other. What stops
/// it for good stops no other one.
async fn until_idle(
    store: &Store,
    config: &Config,
    base: &Path,
    watch: bool,
    front: &dyn Front,
    busy: &AtomicUsize,
) -> Result<Tally> {
    let mut all = Tally::default();
    loop {
        let ended = patiently(store, config, base, watch, front).await;
        busy.fetch_sub(1, Ordering::Relaxed);
        let ended = ended?;
        let stopped = !ended.failures.is_empty();
        all.add(ended);
        if !watch || stopped {
            return Ok(all);
        }
        while !store.has_open_jobs(&config.name).await? {
            if busy.load(Ordering::Relaxed) == 0 {
                return Ok(all);
            }
            tokio::time::sleep(GLANCE * 5).await;
        }
        busy.fetch_add(1, Ordering::Relaxed);
    }
}

/// One destination; a watching run goes on when its own records or bytes are there again.
async fn patiently(
    store: &Store,
    config: &Config,
    base: &Path,
    watch: bool,
    front: &dyn Front,
) -> Result<Tally> {
    let mut pause = AWAY;
    loop {
        match one(store, config, base, watch, front).await {
            Err(error) if watch && error.code() == kinds::STORE_AWAY.code => {
                if pause == AWAY {
                    front.tell(&Event::error(&error, None, front.lang()));
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONG_AWAY);
            }
            ended => return ended,
        }
    }
}

async fn one(store: &Store, config: &Config, base: &Path, watch: bool, front: &dyn Front) -> Result<Tally> {
    let breaker = Breaker::new(store, config, watch);
    let destination = match connect(Some(store), config, base).await {
        Ok(destination) => destination,
        Err(error) => {
            let mut tally = Tally::default();
            breaker.block(&error).await?;
            away(store, config, &error, front, &mut tally).await?;
            return Ok(tally);
        }
    };
    let drain = Drain {
        store,
        config: Arc::new(config.clone()),
        base,
        remembered: false,
        destination,
        breaker,
        watch,
        front,
        flight: JoinSet::new(),
        claimed: VecDeque::new(),
        claimer: JoinSet::new(),
        exhausted: false,
        arrived: Vec::new(),
        gathers: Instant::now(),
        writer: JoinSet::new(),
        jobs: HashMap::new(),
        renewed: store.clock(),
        stumbled: HashSet::new(),
        last: None,
        tally: Tally::default(),
    };
    drain.run().await
}

/// Deliveries that are written down, with their documents as they are now.
type Written = (Vec<(Job, Receipt)>, Vec<Record>);
/// New claims, and how long the next one waits by the station's rate.
type Claimed = (Vec<Job>, Duration);
/// The end of a task of the flight.
type Landed = std::result::Result<(tokio::task::Id, (Job, Result<Outcome>)), tokio::task::JoinError>;

/// What a task of our own came to.
fn done<T>(task: std::result::Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    task.map_err(|e| kinds::INTERNAL.with("cause", e))?
}

/// Done when one that came then has waited long enough for others.
async fn gathered(since: Instant) {
    tokio::time::sleep(GATHER.saturating_sub(since.elapsed())).await;
}

/// Whether the end of a claim was ours to write. A process that was away for longer than its lease, asleep or stopped, finds
/// its documents taken over: whoever has them tells what becomes of them, and the others go on.
fn ours(written: Result<()>) -> Result<bool> {
    match written {
        Err(error) if error.code() == kinds::LEASE_LOST.code => Ok(false),
        other => other.map(|()| true),
    }
}

/// One destination with what is on its way to it.
struct Drain<'a> {
    store: &'a Store,
    config: Arc<Config>,
    base: &'a Path,
    /// It is known how the destination is reached.
    remembered: bool,
    destination: Shared,
    breaker: Breaker<'a>,
    watch: bool,
    front: &'a dyn Front,
    flight: JoinSet<(Job, Result<Outcome>)>,
    /// Claimed and not yet on their way.
    claimed: VecDeque<Job>,
    claimer: JoinSet<Result<Claimed>>,
    /// Nothing more can be claimed for now.
    exhausted: bool,
    /// Arrived and not yet written down.
    arrived: Vec<(Job, Receipt)>,
    /// When the first of them came.
    gathers: Instant,
    writer: JoinSet<Result<Written>>,
    /// Documents on their way, by their task.
    jobs: HashMap<tokio::task::Id, Job>,
    /// When claims were renewed, by the clock of the leases.
    renewed: i64,
    /// Documents that failed one after the other although the destination answers.
    stumbled: HashSet<DocumentId>,
    /// Why the last of them did.
    last: Option<Error>,
    tally: Tally,
}

impl Drain<'_> {
    async fn run(mut self) -> Result<Tally> {
        let (mut idle, mut busy) = (Duration::ZERO, (0, Duration::ZERO));
        while self.store.has_open_jobs(&self.config.name).await? {
            if let Some(error) = self.breaker.wait_until_back(&self.destination).await? {
                return self.away(&error).await;
            }
            let (flown, blocked) = self.fly().await?;
            if let Some(error) = blocked {
                self.breaker.block(&error).await?;
                return self.away(&error).await;
            }
            if flown {
                idle = Duration::ZERO;
            }
            if self.breaker.is_open() {
                if !self.watch && !self.paused(&mut busy).await {
                    let error = self.breaker.reason();
                    return self.away(&error).await;
                }
                continue;
            }
            // Who waits in front learns it at once; with others arriving it is soon known whose fault it is.
            if let Some(error) = self.nothing_arrives() {
                if error.kind().retry != Retry::Later {
                    self.breaker.block(&error).await?;
                }
                return self.away(&error).await;
            }
            if self.breaker.keeps_back() {
                idle = Duration::ZERO;
            }
            // What is left is in the hands of another process, or of the system there.
            if !self.watch && idle > PATIENCE {
                return self.left().await;
            }
            tokio::time::sleep(GLANCE).await;
            idle += GLANCE;
        }
        self.tidy().await?;
        Ok(self.tally)
    }

    /// Waits while a system is busy for a moment; no longer than [`PATIENCE`] in all while nothing arrives. `busy` is how many had
    /// arrived when it was last waited for, and for how long it was since the last one came.
    async fn paused(&mut self, busy: &mut (usize, Duration)) -> bool {
        if self.tally.done > busy.0 {
            *busy = (self.tally.done, Duration::ZERO);
        }
        if busy.1 > PATIENCE {
            return false;
        }
        let Some(wait) = self.breaker.pauses() else { return false };
        tokio::time::sleep(wait).await;
        busy.1 += wait;
        true
    }

    /// Sends as long as there is something to send and the destination takes it; gives whether anything went, and why a person
    /// has to act. Sending, claiming and writing down what arrived go on side by side.
    async fn fly(&mut self) -> Result<(bool, Option<Error>)> {
        let (mut flown, mut blocked) = (false, None);
        self.exhausted = false;
        loop {
            self.renew().await?;
            if blocked.is_none() {
                flown |= self.launch_all().await;
            }
            self.write_down();
            self.claim_ahead(blocked.is_none());
            tokio::select! {
                Some(landed) = self.flight.join_next_with_id() => {
                    blocked = self.landed(landed).await?.or(blocked);
                }
                Some(written) = self.writer.join_next() => self.written(done(written)?).await?,
                () = tokio::time::sleep(RENEW), if !self.flight.is_empty() => {}
                () = gathered(self.gathers), if !self.arrived.is_empty() && self.writer.is_empty() => {}
                Some(claimed) = self.claimer.join_next() => {
                    let (jobs, wait) = done(claimed)?;
                    self.breaker.next_after(wait);
                    self.exhausted = jobs.is_empty();
                    self.claimed.extend(jobs);
                }
                else => break,
            }
        }
        let unused: Vec<Job> = self.claimed.drain(..).collect();
        self.store.unclaim(&unused).await?;
        Ok((flown, blocked))
    }

    /// Keeps the claims while they are worked on for long; what another process has taken over meanwhile is left to it.
    async fn renew(&mut self) -> Result<()> {
        let now = self.store.clock();
        let young = micros(now - self.renewed) < RENEW;
        if young || self.flight.is_empty() && self.claimed.is_empty() && self.arrived.is_empty() {
            return Ok(());
        }
        self.renewed = now;
        let arrived = self.arrived.iter().map(|(job, _)| job);
        let held: Vec<&Job> = self.jobs.values().chain(&self.claimed).chain(arrived).collect();
        let held = self.store.renew(&held).await?;
        self.claimed.retain(|job| held.contains(&job.id));
        Ok(())
    }

    /// Sends as many at a time as may go; gives whether anything new went.
    async fn launch_all(&mut self) -> bool {
        let mut flown = false;
        while self.arrived.len() < UNWRITTEN
            && !self.claimed.is_empty()
            && self.breaker.has_room(self.flight.len()).await
        {
            let Some(job) = self.claimed.pop_front() else { break };
            flown |= job.ticket.is_none();
            self.launch(job);
        }
        flown
    }

    fn launch(&mut self, job: Job) {
        let (store, config) = (self.store.clone(), Arc::clone(&self.config));
        let (destination, kept) = (Arc::clone(&self.destination), job.clone());
        let task = self.flight.spawn(async move {
            let result = deliver(&store, &config, &destination, &job).await;
            (job, result)
        });
        self.jobs.insert(task.id(), kept);
    }

    /// Claims the next ones before the last are on their way; one at a time until it is known that documents arrive.
    fn claim_ahead(&mut self, wanted: bool) {
        let steady = self.breaker.is_steady();
        let enough = if steady { AHEAD / 2 } else { 1 };
        let room = steady || self.breaker.is_growing(self.flight.len());
        let kept_back = self.breaker.keeps_back();
        let wait = self.exhausted || self.breaker.is_open() || !room || kept_back || !self.claimer.is_empty();
        if !wanted || wait || self.claimed.len() >= enough {
            return;
        }
        let (store, name) = (self.store.clone(), self.config.name.clone());
        let (most, rate) = (if steady { AHEAD } else { 1 }, self.breaker.rate());
        self.claimer.spawn(async move {
            let (free, wait) = match rate {
                Some(each) => store.take_slot(&name, each).await?,
                None => (true, Duration::ZERO),
            };
            Ok((if free { store.claim_all(&name, most).await? } else { Vec::new() }, wait))
        });
    }

    /// One that is no longer on its way; gives why a person has to act.
    async fn landed(&mut self, landed: Landed) -> Result<Option<Error>> {
        let (job, result) = match landed {
            Ok((id, landed)) => {
                self.jobs.remove(&id);
                landed
            }
            Err(error) => match self.jobs.remove(&error.id()) {
                Some(job) => (job, Err(kinds::INTERNAL.with("cause", error))),
                None => return Ok(None),
            },
        };
        match result {
            Ok(Outcome::Arrived(receipt)) => {
                if self.arrived.is_empty() {
                    self.gathers = Instant::now();
                }
                self.stumbled.clear();
                self.arrived.push((job, receipt));
            }
            Ok(Outcome::Underway) => {
                ours(self.store.defer(&job, &self.underway(), ASK_AGAIN).await)?;
            }
            Err(error) => return self.refused(&job, error).await,
        }
        Ok(None)
    }

    /// Begins to write down what has arrived, all of it together.
    fn write_down(&mut self) {
        if self.arrived.is_empty() || !self.writer.is_empty() {
            return;
        }
        let others = self.breaker.is_steady() && !self.flight.is_empty();
        if others && self.arrived.len() < TOGETHER && self.gathers.elapsed() < GATHER {
            return;
        }
        let (store, mut arrived) = (self.store.clone(), std::mem::take(&mut self.arrived));
        let told = self.front.wants("document");
        self.writer.spawn(async move {
            // What another process has taken over meanwhile is told by that one.
            let lost = store.complete_all(&arrived).await?;
            arrived.retain(|(job, _)| !lost.contains(&job.document));
            let ids: Vec<DocumentId> = arrived.iter().map(|(job, _)| job.document).collect();
            let records = if told { store.records_of(&ids).await? } else { Vec::new() };
            Ok((arrived, records))
        });
    }

    async fn written(&mut self, (arrived, records): Written) -> Result<()> {
        self.breaker.arrived().await?;
        if !self.remembered && !arrived.is_empty() {
            remember(self.store, &self.config, self.base).await?;
            self.remembered = true;
        }
        self.tally.done += arrived.len();
        self.front.advance(arrived.len() as u64);
        for (job, receipt) in arrived {
            self.front.tell(&Event::new("receipt", receipt).with("document", job.document.to_string()));
        }
        for record in records {
            self.front.tell(&Event::new("document", record));
        }
        Ok(())
    }

    /// Says what was not waited for any longer.
    async fn left(self) -> Result<Tally> {
        let name = &self.config.name;
        let error = match self.store.first_waiting(name).await? {
            None => return Ok(self.tally),
            Some((_, true, _)) => self.underway(),
            Some((_, false, Some(refusal))) => refusal.error(),
            Some((document, false, None)) => kinds::DOCUMENT_BUSY.with("document", document),
        };
        self.away(&error).await
    }

    fn underway(&self) -> Error {
        kinds::DESTINATION_UNDERWAY.with("destination", &self.config.name)
    }

    async fn away(mut self, error: &Error) -> Result<Tally> {
        away(self.store, &self.config, error, self.front, &mut self.tally).await?;
        Ok(self.tally)
    }

    /// A request of a run that was killed, or of one that was woken too late, may have arrived after its document did.
    async fn tidy(&self) -> Result<()> {
        let parcels = self.store.unclear(&self.config.name, LATE).await?;
        if parcels.is_empty() {
            return Ok(());
        }
        let swept = ask(&self.destination, move |d| {
            d.reach()?;
            parcels.iter().for_each(|parcel| d.sweep(parcel));
            Ok(())
        });
        // One that is away has it for the next run.
        let _ = swept.await;
        Ok(())
    }
}

/// The destination is away: said once, with the first document that waits.
async fn away(
    store: &Store,
    config: &Config,
    error: &Error,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let document = match error.arg("document") {
        Some(document) => Some(document.to_owned()),
        None => store.first_waiting(&config.name).await?.map(|(id, ..)| id.to_string()),
    };
    front.tell(&Event::error(error, document.as_deref().map(Subject::Document), front.lang()));
    tally.failed(error);
    tally.queued += usize::try_from(store.open_jobs(&config.name).await?).unwrap_or_default();
    Ok(())
}
