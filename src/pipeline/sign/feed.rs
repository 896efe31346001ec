//! Which document comes next: the nearest deadline of those that are here now. In a pipeline of two keys more come while the
//! first key signs; documents that another run is working on are asked for again later.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::civil::Date;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Result, kinds};
use crate::profile::Bilingual;
use crate::store::{State, Stored};

use super::super::{Desk, GLANCE, PATIENCE, route};
use super::job::Task;

/// Order of documents: those with a deadline first, the nearest of them first.
type Rank = (bool, Option<Date>, DocumentId);

/// What a plan keeps of a document: thousands of them wait at a time.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Its number here.
    pub id: DocumentId,
    /// Where it stood.
    pub state: State,
    /// Digest of the PDF that would be signed.
    pub latest: Option<Sha256>,
    /// Bytes of that PDF.
    pub bytes: u64,
    /// Its deadline.
    pub due: Option<Date>,
    /// Number and notation.
    pub number: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// It was written on a computer and goes its route step by step.
    pub born: bool,
    /// The step that a person would sign at: its name and what it is called.
    pub step: Option<(String, Bilingual)>,
}

impl Planned {
    pub(super) fn of(stored: &Stored) -> Self {
        Self {
            id: stored.id,
            state: stored.state,
            latest: stored.latest.clone(),
            bytes: stored.bytes_out,
            due: stored.document.fields.due_date,
            number: stored.document.number(),
            subject: stored.document.fields.subject.clone(),
            born: stored.document.born.is_some(),
            step: None,
        }
    }

    /// The place in the order of signing.
    pub(super) fn rank(&self) -> Rank {
        (self.due.is_none(), self.due, self.id)
    }
}

/// A document that still has to be signed, and since when another run holds it.
struct Waiting {
    planned: Planned,
    busy_since: Option<Instant>,
}

/// Documents that still have to be signed.
pub(super) struct Feed {
    here: BTreeMap<Rank, Waiting>,
    /// Documents that come from the other key.
    more: Option<UnboundedReceiver<Planned>>,
    busy: Vec<Waiting>,
    /// How many have ever been here.
    pub known: usize,
}

/// What the wish to work on a document came to.
pub(super) enum Taken {
    /// It is ours for this step.
    Ours(Box<Task>),
    /// Another run has done the step meanwhile; so it stands now.
    Done(Box<Stored>),
    /// It cannot be had.
    Refused(DocumentId, Error),
}

/// How much is taken at a time.
pub(super) struct Limits {
    /// At most so many documents.
    pub count: usize,
    /// At most so many bytes of files.
    pub bytes: u64,
    /// But one at least, however large.
    pub any: bool,
}

impl Feed {
    pub fn new(documents: Vec<Planned>, more: Option<UnboundedReceiver<Planned>>) -> Self {
        let mut feed = Self { here: BTreeMap::new(), more, busy: Vec::new(), known: documents.len() };
        documents.into_iter().for_each(|planned| feed.add(Waiting { planned, busy_since: None }));
        feed
    }

    fn add(&mut self, waiting: Waiting) {
        self.here.insert(waiting.planned.rank(), waiting);
    }

    /// How many still have to be signed, as far as is known.
    pub fn len(&self) -> usize {
        self.here.len() + self.busy.len()
    }

    /// Whether nothing is here and nothing will come.
    pub fn is_over(&self) -> bool {
        self.more.is_none() && self.len() == 0
    }

    /// Nothing more comes.
    pub fn end(&mut self) {
        self.more = None;
    }

    /// Waits until there is something new to take; for ever when nothing will change.
    pub async fn changes(&mut self) {
        let pause = async {
            match self.busy.is_empty() {
                true => std::future::pending().await,
                false => tokio::time::sleep(GLANCE).await,
            }
        };
        let more = async {
            match &mut self.more {
                Some(more) => more.recv().await,
                None => std::future::pending().await,
            }
        };
        let came = tokio::select! {
            () = pause => {
                std::mem::take(&mut self.busy).into_iter().for_each(|waiting| self.add(waiting));
                return;
            }
            came = more => came,
        };
        match came {
            Some(planned) => {
                self.known += 1;
                self.add(Waiting { planned, busy_since: None });
            }
            None => self.more = None,
        }
    }

    /// Takes the next documents in one write to the store.
    ///
    /// # Errors
    /// A store error.
    pub async fn take(&mut self, desk: &Desk, limits: &Limits) -> Result<Vec<Taken>> {
        let (mut chosen, mut total) = (Vec::new(), 0);
        while chosen.len() < limits.count {
            let Some(first) = self.here.first_entry() else { break };
            total += first.get().planned.bytes;
            if total > limits.bytes && !(limits.any && chosen.is_empty()) {
                break;
            }
            chosen.push(first.remove());
        }
        let wanted: Vec<(DocumentId, State)> =
            chosen.iter().map(|w| (w.planned.id, w.planned.state)).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let leased = desk.store.lease_all(&wanted).await?;
        let ids: Vec<DocumentId> = leased.iter().flatten().map(|step| step.document).collect();
        let mut now = desk.store.documents_of(&ids).await?;
        let mut taken = Vec::with_capacity(chosen.len());
        for (waiting, step) in chosen.into_iter().zip(leased) {
            let id = waiting.planned.id;
            match (step, now.remove(&id)) {
                // It was sent back, or its signer was found to be revoked, since the plan was made.
                (Some(step), Some(stored)) if stored.document.is_held() => {
                    desk.store.release(&step).await?;
                    taken.push(Taken::Refused(id, route::held(&stored)));
                }
                (Some(step), Some(stored)) if stored.latest == waiting.planned.latest => {
                    taken.push(Taken::Ours(Box::new(Task { stored, step })));
                }
                // Another run has signed it meanwhile, and it waits for a further signature: these bytes are not in the plan.
                (Some(step), _) => {
                    desk.store.release(&step).await?;
                    taken.push(Taken::Refused(id, kinds::DOCUMENT_BUSY.with("document", id)));
                }
                (None, _) => taken.extend(self.elsewhere(desk, waiting).await?),
            }
        }
        Ok(taken)
    }

    /// A document that somebody else holds or held.
    async fn elsewhere(&mut self, desk: &Desk, mut waiting: Waiting) -> Result<Option<Taken>> {
        let id = waiting.planned.id;
        let now = desk.store.document(id).await?;
        if now.state != waiting.planned.state || now.latest != waiting.planned.latest {
            return Ok(Some(Taken::Done(Box::new(now))));
        }
        // Whoever held it may have died meanwhile.
        desk.store.free_leases_of_the_dead().await?;
        let since = *waiting.busy_since.get_or_insert_with(Instant::now);
        if since.elapsed() > PATIENCE {
            return Ok(Some(Taken::Refused(id, kinds::DOCUMENT_BUSY.with("document", id))));
        }
        self.busy.push(waiting);
        Ok(None)
    }
}
