//! What becomes of a document that did not arrive: whose fault it is, and when it is tried again.
//!
//! | fault | document | destination |
//! |---|---|---|
//! | refused for what it is | set aside for a person | goes on |
//! | another file under its name, also after a person was told | goes beside it under a longer name | goes on |
//! | destination busy, or its canary fails | waits, nothing is held against it | away, or waits for a person |
//! | destination answers, this one fails | tried again behind the others; set aside when others arrive and it never does | goes on |
//! | destination answers, several in a row fail | tried again later | away, or waits for a person |
//! | our own records or bytes are away | stays claimed until the lease ends | not blamed |

use std::time::Duration;

use crate::error::{Clause, Error, Exit, Result, Retry, kinds};
use crate::event::{Event, Subject};
use crate::store::{Failed, Job};

use super::super::{ask, breaker};
use super::{Drain, ours};

/// Refusals of one document; every other one may be about the destination.
const ABOUT_THE_DOCUMENT: [&str; 12] = [
    "attachment_open",
    "edxml_along",
    "edxml_fact",
    "recipients_unknown",
    "edxml_refused",
    "destination_conflict",
    "destination_refused",
    "destination_forgot",
    "destination_rewrites",
    "destination_drill",
    "blob_missing",
    "blob_damaged",
];
/// So many documents, with none that arrives between them, fail although the destination answers: it is in trouble itself.
const IN_A_ROW: usize = 3;
/// How often one document is tried again while others arrive, before a person has to look at it. Nobody sits before a watching run,
/// so it takes its time.
const ALONE: u32 = 2;
const ALONE_WATCHING: u32 = 5;
/// First pause of a document that fails alone; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_WATCHING: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_secs(900);

impl Drain<'_> {
    /// Writes down why one did not arrive; gives it back where a person has to act before anything goes there.
    pub(super) async fn refused(&mut self, job: &Job, error: Error) -> Result<Option<Error>> {
        if error.code() == kinds::LEASE_LOST.code {
            return Ok(None);
        }
        // Records or bytes of our own are away.
        if error.kind().exit == Exit::Workspace {
            return Err(error);
        }
        // Somebody has looked at what lies there, and it is still there.
        let again = job.failed.conflicted && error.code() == kinds::DESTINATION_CONFLICT.code;
        if again && self.went_beside(job, &error).await? {
            return Ok(None);
        }
        if ABOUT_THE_DOCUMENT.contains(&error.code()) {
            return self.set_aside(job, error).await;
        }
        if self.is_about_it(job, &error).await {
            return self.set_back(job, error).await;
        }
        let (wait, failed) = match self.stumbled.is_empty() {
            true => (Duration::ZERO, job.failed),
            false => (self.pause(job.failed.times), Failed { times: job.failed.times + 1, ..job.failed }),
        };
        ours(self.store.defer(job, &failed.beside(error.again()), wait).await)?;
        if error.kind().retry == Retry::Later {
            self.breaker.trip(error).await?;
            return Ok(None);
        }
        Ok(Some(error))
    }

    /// Whether it is this document that fails: the destination answers, asks for no time, and no others failed just before.
    async fn is_about_it(&mut self, job: &Job, error: &Error) -> bool {
        if self.breaker.is_open() || breaker::asked(error).is_some() {
            return false;
        }
        if ask(&self.destination, |d| d.reach()).await.is_err() {
            self.stumbled.clear();
            return false;
        }
        self.stumbled.insert(job.document);
        self.stumbled.len() < IN_A_ROW
    }

    async fn went_beside(&self, job: &Job, error: &Error) -> Result<bool> {
        match self.store.go_beside(job, error).await {
            Err(lost) if lost.code() == kinds::LEASE_LOST.code => Ok(true),
            went => went,
        }
    }

    /// It is tried again behind the others.
    async fn set_back(&mut self, job: &Job, error: Error) -> Result<Option<Error>> {
        let others = self.tally.done > 0 || !self.arrived.is_empty();
        let failed = Failed {
            times: job.failed.times + 1,
            alone: job.failed.alone + u32::from(others),
            conflicted: false,
        };
        // Where a person has to change something, trying again helps nobody.
        let tries = match (error.kind().retry, self.watch) {
            (Retry::Later, true) => ALONE_WATCHING,
            (Retry::Later, false) => ALONE,
            _ => 0,
        };
        if failed.alone > tries {
            let stumbles = kinds::DESTINATION_STUMBLES.with("destination", &self.config.name);
            let stumbles = stumbles.with("times", failed.times).with("cause", Clause::of(&error));
            return self.set_aside(job, stumbles.because(error)).await;
        }
        let (wait, again) = (self.pause(job.failed.times), error.again());
        ours(self.store.defer(job, &failed.beside(error), wait).await)?;
        self.last = Some(again);
        Ok(None)
    }

    /// Why nothing arrived although the destination answers, when everything has been tried.
    pub(super) fn nothing_arrives(&mut self) -> Option<Error> {
        if self.tally.done > 0 || self.stumbled.is_empty() {
            return None;
        }
        let fixable = |error: &Error| error.kind().retry != Retry::Later;
        self.last.take_if(|error| !self.watch || fixable(error))
    }

    /// A person has to look at it.
    async fn set_aside(&mut self, job: &Job, error: Error) -> Result<Option<Error>> {
        if !ours(self.store.bury(job, &error).await)? {
            return Ok(None);
        }
        // Whatever goes there next would be changed as well. What was told before keeps nothing back.
        if error.code() == kinds::DESTINATION_REWRITES.code && !job.told {
            return Ok(Some(error.with("document", job.document)));
        }
        self.breaker.arrived().await?;
        let document = job.document.to_string();
        self.front.tell(&Event::error(&error, Some(Subject::Document(&document)), self.front.lang()));
        self.tally.failed(&error);
        self.front.advance(1);
        Ok(None)
    }

    fn pause(&self, times: u32) -> Duration {
        let first = if self.watch { PAUSE_WATCHING } else { PAUSE };
        first.saturating_mul(2u32.saturating_pow(times.min(16))).min(LONGEST)
    }
}
