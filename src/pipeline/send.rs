//! Sealed documents are queued, sent, and proven to have arrived.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde_json::json;

use crate::document::DocumentId;
use crate::error::{Error, Exit, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::profile::{Level, SealRequires};
use crate::station::Workspace;
use crate::store::{News, State, Stored};
use crate::upload::{self, Config};

use super::{Desk, Selection, longterm, wording};

/// How long a watching run waits until it asks again for proofs that are owed.
const PAUSE: Duration = Duration::from_secs(60);
/// How long it waits until it looks for what was sealed meanwhile.
const LOOK: Duration = Duration::from_secs(10);
/// How long it waits for its own records.
const AWAY: Duration = Duration::from_secs(5);

/// What `upload` is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Only this destination.
    pub destination: Option<String>,
    /// Wait for destinations that are away.
    pub watch: bool,
    /// Queue only documents of this outage.
    pub outage: Option<String>,
    /// A person who has been told what was set aside, and why, wants it to go now.
    pub by_hand: bool,
}

/// The destinations of a request.
///
/// # Errors
/// [`kinds::DESTINATION_UNKNOWN`], [`kinds::DESTINATION_NOT_NAMED`] when the station has none.
pub fn destinations<'a>(workspace: &'a Workspace, named: Option<&str>) -> Result<Vec<&'a Config>> {
    let all = &workspace.station.destination;
    let chosen: Vec<&Config> = all.iter().filter(|d| named.is_none_or(|name| d.name == name)).collect();
    match (chosen.is_empty(), named) {
        (false, _) => Ok(chosen),
        (true, None) => Err(kinds::DESTINATION_NOT_NAMED.error()),
        (true, Some(name)) => {
            let known: Vec<&str> = all.iter().map(|d| d.name.as_str()).collect();
            Err(kinds::DESTINATION_UNKNOWN.with("name", name).with("known", known.join(", ")))
        }
    }
}

/// Tells what a run would send: what is in the queue of each chosen destination, and what it would put there.
///
/// # Errors
/// As [`destinations`]; a store error.
pub async fn tell_plan(desk: &Desk, request: &Request, front: &dyn Front) -> Result<()> {
    let chosen = destinations(&desk.workspace, request.destination.as_deref())?;
    let selection = Selection { documents: Vec::new(), outage: request.outage.clone() };
    let missing = to_queue(desk, &selection, &owing(desk, &selection).await?).await?;
    let mut plan: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for destination in chosen {
        let fresh = missing.news.iter().filter(|(_, to)| to.iter().any(|d| d.name == destination.name));
        let queued = desk.store.still_to_go(&destination.name).await?;
        for id in queued.into_iter().chain(fresh.map(|(stored, _)| stored.id)) {
            let names = plan.entry(id.0).or_default();
            if !names.contains(&destination.name.as_str()) {
                names.push(&destination.name);
            }
        }
    }
    for (id, names) in plan {
        let stored = desk.store.document(DocumentId(id)).await?;
        for name in names {
            let line = json!({"action": "send", "document": stored.id.to_string(),
                "number": stored.document.number(), "destination": name});
            front.tell(&Event::new("plan", line));
        }
    }
    Ok(())
}

/// Queues what is sealed or on its way for every destination of the station and sends to the chosen ones. What a person has dealt
/// with (a dead delivery) is tried again; what waits for a destination that is not named any more is told.
///
/// # Errors
/// As [`destinations`]; a store error.
pub async fn run(desk: &Desk, request: &Request, front: &dyn Front) -> Result<Tally> {
    let chosen = destinations(&desk.workspace, request.destination.as_deref())?;
    let selection = Selection { documents: Vec::new(), outage: request.outage.clone() };
    for destination in &chosen {
        desk.store.revive(&destination.name, request.by_hand).await?;
    }
    let mut tally = Tally::default();
    // Listened for before the first look, so that nothing falls between.
    let mut news = if request.watch { desk.store.news().await? } else { News::none() };
    let sender = Sender { desk, request, selection, chosen, front };
    loop {
        match sender.round(&mut news, &mut tally).await {
            Ok(true) => break,
            Ok(false) => {}
            Err(error) if request.watch && is_away(&error) => {
                front.tell(&Event::error(&error, None, front.lang()));
                tokio::time::sleep(AWAY).await;
            }
            Err(error) => return Err(error),
        }
    }
    desk.store.close_root().await?;
    Ok(tally)
}

/// Records that cannot be reached for now. A watching run is there when they can.
fn is_away(error: &Error) -> bool {
    error.code() == kinds::STORE_AWAY.code
}

/// A run of deliveries.
struct Sender<'a> {
    desk: &'a Desk,
    request: &'a Request,
    selection: Selection,
    chosen: Vec<&'a Config>,
    front: &'a dyn Front,
}

impl Sender<'_> {
    /// Settles, queues and sends; gives whether that was all.
    async fn round(&self, news: &mut News, tally: &mut Tally) -> Result<bool> {
        let (desk, watch) = (self.desk, self.request.watch);
        let owed = settle(desk, &self.selection, self.front, tally).await?;
        let queued = queue_all(desk, &self.selection, &owed).await?;
        if !watch {
            queued.open.iter().for_each(|error| tally.failed(error));
            queued
                .open
                .iter()
                .for_each(|error| self.front.tell(&Event::error(error, None, self.front.lang())));
            tell_unnamed(desk, self.front, tally).await?;
        }
        let sending = upload::run(&desk.store, &self.chosen, &desk.workspace.root, watch, self.front);
        let mut settled = Tally::default();
        // What is sealed while a destination is waited for goes to the others at once.
        let sent = tokio::select! {
            sent = sending => sent?,
            failed = self.look_again(news, &mut settled), if watch => return Err(failed),
        };
        let stopped = !sent.failures.is_empty();
        tally.add(sent);
        tally.add(settled);
        // Where other machines seal, a watching run is there for them until it is ended.
        if !watch || queued.waiting == 0 && !desk.store.is_shared() {
            // Sealed while the last documents were on their way.
            let late = watch && queue_all(desk, &self.selection, &owed).await?.fresh > 0;
            tally.waiting += if late && !stopped { 0 } else { queued.waiting };
            return Ok(stopped || !late);
        }
        news.wait(PAUSE).await?;
        Ok(false)
    }

    /// Settles and queues again and again; ends only with an error.
    async fn look_again(&self, news: &mut News, tally: &mut Tally) -> Error {
        loop {
            match self.look(news, tally).await {
                Err(error) if is_away(&error) => tokio::time::sleep(AWAY).await,
                Err(error) => return error,
                Ok(()) => {}
            }
        }
    }

    async fn look(&self, news: &mut News, tally: &mut Tally) -> Result<()> {
        news.wait(LOOK).await?;
        let owed = settle(self.desk, &self.selection, self.front, tally).await?;
        queue_all(self.desk, &self.selection, &owed).await.map(|_| ())
    }
}

/// Where the profile signs with proofs, settles what is still owed; gives the documents that owe something afterwards. A
/// service that is still away is no failure of a delivery.
async fn settle(
    desk: &Desk,
    selection: &Selection,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<HashSet<DocumentId>> {
    let profile = &desk.workspace.profile;
    if profile.crypto.level != Level::BB && !longterm::owed_documents(desk, selection).await?.is_empty() {
        let settled = longterm::settle(desk, selection, front).await?;
        tally.failures.extend(settled.failures.into_iter().filter(|exit| *exit == Exit::Signature));
    }
    owing(desk, selection).await
}

/// Documents that owe a proof which the profile wants before they are delivered.
async fn owing(desk: &Desk, selection: &Selection) -> Result<HashSet<DocumentId>> {
    if desk.workspace.profile.recovery.deliver_requires == SealRequires::Provisional {
        return Ok(HashSet::new());
    }
    let owed = longterm::owed_documents(desk, selection).await?;
    Ok(owed.into_iter().map(|stored| stored.id).collect())
}

/// What waits for a destination that the station does not name (any more). In an office's own store it goes to those that are
/// named instead. On a server another station may name it, and the documents are not delivered before that one has sent them.
async fn tell_unnamed(desk: &Desk, front: &dyn Front, tally: &mut Tally) -> Result<()> {
    let shared = desk.store.is_shared();
    let unnamed = desk.store.unnamed(&desk.workspace.station.destination).await?;
    for unnamed in unnamed.iter().filter(|unnamed| unnamed.open > 0) {
        let error = kinds::DESTINATION_UNNAMED.with("destination", &unnamed.name).with("count", unnamed.open);
        let error = error.with("shared", if shared { "yes" } else { "no" });
        front.tell(&Event::error(&error, None, front.lang()));
        if shared {
            tally.failed(&error);
        }
    }
    Ok(())
}

/// Documents that are not queued for all their destinations.
#[derive(Default)]
struct Missing<'a> {
    /// With the destinations that they still have to be queued for.
    news: Vec<(Stored, Vec<&'a Config>)>,
    /// How many are kept back.
    waiting: usize,
    /// What some of them wait for.
    open: Vec<Error>,
}

/// What is sealed goes to every destination of the station; what is on its way goes to those, too, that it was never queued for.
/// What waits for the clerk goes nowhere.
async fn to_queue<'a>(
    desk: &'a Desk,
    selection: &Selection,
    owed: &HashSet<DocumentId>,
) -> Result<Missing<'a>> {
    let (all, mut found) = (&desk.workspace.station.destination, Missing::default());
    for stored in desk.select(selection, &[State::Sealed]).await? {
        if stored.document.is_held() {
            continue;
        }
        match (owed.contains(&stored.id), missing(desk, &stored, &found.news).await?) {
            (true, _) => found.waiting += 1,
            (false, Some(error)) => {
                found.waiting += 1;
                found.open.push(error);
            }
            (false, None) => found.news.push((stored, all.iter().collect())),
        }
    }
    let mut further: BTreeMap<i64, Vec<&Config>> = BTreeMap::new();
    for destination in all {
        for id in desk.store.without_delivery(&destination.name).await? {
            further.entry(id.0).or_default().push(destination);
        }
    }
    for (id, destinations) in further {
        let stored = desk.store.document(DocumentId(id)).await?;
        let chosen = selection.outage.as_ref().is_none_or(|outage| *outage == stored.document.outage);
        if chosen && !stored.document.is_held() {
            found.news.push((stored, destinations));
        }
    }
    Ok(found)
}

/// What was queued, and what was not.
struct Queued {
    /// Documents that were queued.
    fresh: usize,
    /// Documents that are kept back, for a proof that is owed or for other documents.
    waiting: usize,
    /// What some of them wait for.
    open: Vec<Error>,
}

/// Queues what is not queued.
async fn queue_all(desk: &Desk, selection: &Selection, owed: &HashSet<DocumentId>) -> Result<Queued> {
    let found = to_queue(desk, selection, owed).await?;
    let mut fresh = 0;
    for (stored, destinations) in &found.news {
        fresh += usize::from(queue(desk, stored, destinations).await?);
    }
    // Another process queued some of them meanwhile, perhaps not for all of our destinations.
    if fresh < found.news.len() {
        for (stored, destinations) in &to_queue(desk, selection, owed).await?.news {
            fresh += usize::from(queue(desk, stored, destinations).await?);
        }
    }
    desk.store.align(&desk.workspace.station.destination).await?;
    Ok(Queued { fresh, waiting: found.waiting, open: found.open })
}

/// What keeps a document back because it is issued together with others: it goes with its attachments, and they behind it or with
/// it. `going` is what is queued before it.
async fn missing(desk: &Desk, stored: &Stored, going: &[(Stored, Vec<&Config>)]) -> Result<Option<Error>> {
    let Some(born) = &stored.document.born else { return Ok(None) };
    if let Some(place) = &born.attachment_of {
        let document: Option<DocumentId> = place.parse().ok();
        let Some(document) = document else { return Ok(None) };
        let state = desk.store.document(document).await?.state;
        let goes = || going.iter().any(|(stored, _)| stored.id == document);
        let gone = state.is_sealed() && (state != State::Sealed || goes());
        return Ok((!gone).then(|| kinds::EDXML_ALONG.with("document", stored.id).with("other", place)));
    }
    let attachments = desk.store.attachments(stored).await?;
    let open = attachments.iter().find(|attachment| !attachment.state.is_sealed());
    Ok(open.map(|other| kinds::ATTACHMENT_OPEN.with("document", stored.id).with("other", other.id)))
}

/// Queues a document for destinations, under a name that no other document has there; gives whether it did.
async fn queue(desk: &Desk, stored: &Stored, destinations: &[&Config]) -> Result<bool> {
    let stem = wording::name_of(&desk.store, stored, &desk.workspace).await?;
    let mut deliveries = Vec::new();
    for destination in destinations {
        // What was delivered stays there as it is; a document that was signed again goes beside it.
        let stem = match desk.store.deliveries(stored.id, &destination.name).await? {
            0 => stem.clone(),
            count => format!("{stem}.{}", count + 1),
        };
        let name = format!("{stem}.pdf");
        let taken = desk.store.is_name_taken(stored.id, &destination.name, &name).await?;
        deliveries.push((*destination, if taken { format!("{stem}.{}.pdf", stored.id) } else { name }));
    }
    match stored.state {
        State::Sealed => desk.store.put(stored, &deliveries).await,
        _ => desk.store.put_further(stored, &deliveries).await.map(|()| true),
    }
}
