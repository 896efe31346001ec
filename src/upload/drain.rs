//! The queue of a destination: several documents on their way at a time, more while all goes well, none while it is away.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::document::DocumentId;
use crate::error::{Error, Result, Retry, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::store::{Job, Store};

use super::breaker::Breaker;
use super::delivery::{Outcome, deliver};
use super::{Config, Parcel, Receipt, Shared, ask, connect};

/// How long the work of others is waited for: another process's deliveries, a system that has taken a document down.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks at the queue.
const GLANCE: Duration = Duration::from_millis(200);
/// Time until a system is asked again how its work on a document stands.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// Refusals of one document; every other one is about the destination and leaves the document queued.
const ABOUT_THE_DOCUMENT: [&str; 6] = [
    "destination_conflict",
    "destination_refused",
    "destination_rewrites",
    "destination_drill",
    "blob_missing",
    "blob_damaged",
];

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
    let drains = destinations.iter().map(|config| one(store, config, base, watch, front));
    let ended = futures_util::future::join_all(drains).await;
    front.end();
    let mut tally = Tally::default();
    for each in ended {
        tally.add(each?);
    }
    Ok(tally)
}

async fn one(store: &Store, config: &Config, base: &Path, watch: bool, front: &dyn Front) -> Result<Tally> {
    let breaker = Breaker::new(store, config, watch);
    let destination = match connect(config, base) {
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
        destination,
        breaker,
        watch,
        front,
        flight: JoinSet::new(),
        jobs: HashMap::new(),
        again: Vec::new(),
        tally: Tally::default(),
    };
    drain.run().await
}

/// One destination with what is on its way to it.
struct Drain<'a> {
    store: &'a Store,
    config: Arc<Config>,
    destination: Shared,
    breaker: Breaker<'a>,
    watch: bool,
    front: &'a dyn Front,
    flight: JoinSet<(Job, Result<Outcome>)>,
    /// Documents on their way, by their task.
    jobs: HashMap<tokio::task::Id, Job>,
    /// What was sent more than once, so that a request of an earlier run may still arrive late.
    again: Vec<Parcel>,
    tally: Tally,
}

impl Drain<'_> {
    async fn run(mut self) -> Result<Tally> {
        let mut idle = Duration::ZERO;
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
                if !self.watch {
                    let error = self.breaker.reason();
                    return self.away(&error).await;
                }
                continue;
            }
            // What is left is in the hands of another process, or of the system there.
            if !self.watch && idle > PATIENCE {
                return self.left().await;
            }
            tokio::time::sleep(GLANCE).await;
            idle += GLANCE;
        }
        self.tidy().await;
        Ok(self.tally)
    }

    /// Sends as long as there is something to send and the destination takes it; gives whether anything went, and why a person
    /// has to act.
    async fn fly(&mut self) -> Result<(bool, Option<Error>)> {
        let (mut flown, mut blocked) = (false, None);
        loop {
            while blocked.is_none() && self.breaker.admits(self.flight.len()).await {
                match self.store.claim(&self.config.name).await? {
                    Some(job) => {
                        flown |= job.ticket.is_none();
                        self.launch(job);
                    }
                    None => break,
                }
            }
            let Some(landed) = self.flight.join_next_with_id().await else { return Ok((flown, blocked)) };
            let (job, result) = match landed {
                Ok((id, landed)) => {
                    self.jobs.remove(&id);
                    landed
                }
                Err(error) => match self.jobs.remove(&error.id()) {
                    Some(job) => (job, Err(kinds::INTERNAL.with("cause", error))),
                    None => continue,
                },
            };
            blocked = self.landed(&job, result).await?.or(blocked);
        }
    }

    fn launch(&mut self, job: Job) {
        if job.again {
            self.again.push(job.parcel.clone());
        }
        let (store, config) = (self.store.clone(), Arc::clone(&self.config));
        let (destination, kept) = (Arc::clone(&self.destination), job.clone());
        let task = self.flight.spawn(async move {
            let result = deliver(&store, &config, &destination, &job).await;
            (job, result)
        });
        self.jobs.insert(task.id(), kept);
    }

    /// Writes down what became of one delivery; gives why a person has to act.
    async fn landed(&mut self, job: &Job, result: Result<Outcome>) -> Result<Option<Error>> {
        match result {
            Ok(Outcome::Arrived(receipt)) => {
                self.store.complete(job, &receipt).await?;
                self.breaker.arrived().await?;
                self.tell(job.document, Ok(receipt)).await?;
            }
            Ok(Outcome::Underway) => {
                self.store.defer(job, kinds::DESTINATION_UNDERWAY.code, ASK_AGAIN).await?;
            }
            Err(error) if error.kind().retry == Retry::Later => {
                self.store.defer(job, error.code(), Duration::ZERO).await?;
                self.breaker.trip(error).await?;
            }
            Err(error) if ABOUT_THE_DOCUMENT.contains(&error.code()) => {
                self.store.bury(job, error.code()).await?;
                self.breaker.arrived().await?;
                self.tell(job.document, Err(error)).await?;
            }
            Err(error) => {
                self.store.defer(job, error.code(), Duration::ZERO).await?;
                return Ok(Some(error));
            }
        }
        Ok(None)
    }

    async fn tell(&mut self, id: DocumentId, result: Result<Receipt>) -> Result<()> {
        let document = id.to_string();
        match result {
            Ok(receipt) => {
                self.front.tell(&Event::new("receipt", receipt).with("document", &document));
                self.front.tell(&Event::new("document", self.store.record(id).await?));
                self.tally.done += 1;
            }
            Err(error) => {
                self.front.tell(&Event::error(&error, Some(Subject::Document(&document)), self.front.lang()));
                self.tally.failed(&error);
            }
        }
        self.front.advance(1);
        Ok(())
    }

    /// Says what was not waited for any longer.
    async fn left(self) -> Result<Tally> {
        let name = &self.config.name;
        let error = match self.store.first_waiting(name).await? {
            None => return Ok(self.tally),
            Some((_, true)) => kinds::DESTINATION_UNDERWAY.with("destination", name),
            Some((document, false)) => kinds::DOCUMENT_BUSY.with("document", document),
        };
        self.away(&error).await
    }

    async fn away(mut self, error: &Error) -> Result<Tally> {
        away(self.store, &self.config, error, self.front, &mut self.tally).await?;
        Ok(self.tally)
    }

    /// A request of a run that was killed may have arrived after its document did.
    async fn tidy(&mut self) {
        for parcel in std::mem::take(&mut self.again) {
            let swept = ask(&self.destination, move |d| {
                d.sweep(&parcel);
                Ok(())
            });
            if swept.await.is_err() {
                return;
            }
        }
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
    let document = store.first_waiting(&config.name).await?.map(|(id, _)| id.to_string());
    front.tell(&Event::error(error, document.as_deref().map(Subject::Document), front.lang()));
    tally.failed(error);
    tally.queued += usize::try_from(store.open_jobs(&config.name).await?).unwrap_or_default();
    Ok(())
}
