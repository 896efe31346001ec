//! Documents get their signatures: a plan first, then one PIN, then all documents at the speed of the key, each durable when
//! it is told as done.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::document::{DocumentId, Route};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::locales::Lang;
use crate::pdf;
use crate::profile::{Bilingual, Form, Level};
use crate::sign::key::KeyUri;
use crate::sign::{PinSource, Role, Session};
use crate::station::Workspace;
use crate::store::{Filter, State, Stored};
use crate::verify::{Trust, needs};

use super::build::tell_error;
use super::{Desk, Selection, route};

mod batch;
mod engine;
mod feed;
mod job;
mod longterm;
mod look;
mod stamp;
mod start;
mod turn;
mod visible;

pub use batch::{run, run_both};
pub(super) use engine::guarded;
use feed::Planned;
pub(super) use job::refusal;
pub(crate) use job::same_name;
pub(super) use longterm::Archiver;
pub use look::{Look, known_signer, look, name_on, place};
pub(super) use stamp::{Stamper, stamper};

/// What `sign` is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who signs.
    pub role: Role,
    /// With which key; else the station's for the role.
    pub key: Option<KeyUri>,
    /// At which level; else the profile's.
    pub level: Option<Level>,
    /// Why a person signs what nobody marked as seen (rule 13); goes to the journal.
    pub unseen: Option<String>,
    /// Why the organization signs archived documents once more; goes into the signature and the journal.
    pub resign: Option<String>,
}

/// A request with the way to its PIN.
pub struct Signing<'a> {
    /// What is asked for.
    pub request: Request,
    /// Asked at most once.
    pub pins: &'a mut dyn PinSource,
}

impl std::fmt::Debug for Signing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.request.fmt(f)
    }
}

/// What would be signed, what waits for somebody else, and what is passed over and why.
#[derive(Debug, Default)]
pub struct Plan {
    ready: Vec<Planned>,
    /// With who has to act first.
    waiting: Vec<(Planned, Option<&'static str>)>,
    blocked: Vec<(DocumentId, Error)>,
    estimate: Estimate,
    /// Whether somebody named the documents.
    named: bool,
}

/// With what it would be signed, and how long that takes.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    /// The key for people; none when nothing names it yet.
    pub key: Option<String>,
    /// Time of one signature, as this key was measured here the last time.
    pub each: Option<Duration>,
}

impl Plan {
    /// Puts a document where it belongs.
    async fn sort_in(&mut self, desk: &Desk, stored: &Stored, request: &Request) -> Result<()> {
        let ours = match request.role {
            Role::Personal => desk.form(stored) == Form::ReSign,
            // Where it never signs, nothing waits for it; whoever names such a document is told.
            Role::Organization => self.named || stored.document.route != Route::Internal,
        };
        if !ours {
            return Ok(());
        }
        match obstacle(desk, stored, request).await? {
            None => self.ready.push(Planned::of(stored)),
            // Nobody named it, and it is somebody else's turn.
            Some(error) if !self.named && error.code() == kinds::ROLE_MISSING.code => {
                // What goes along with a document waits for that one.
                let who = desk.store.waiting_for(stored).filter(|_| !stored.document.is_attachment());
                self.waiting.push((Planned::of(stored), who));
            }
            Some(error) => self.blocked.push((stored.id, error)),
        }
        Ok(())
    }

    /// Says of each document at which step of its route a person would sign it.
    async fn name_steps(&mut self, desk: &Desk) -> Result<()> {
        let born: Vec<DocumentId> = self.ready.iter().filter(|p| p.born).map(|p| p.id).collect();
        let mut steps = desk.store.steps(&born).await?;
        for planned in &mut self.ready {
            planned.step = steps.remove(&planned.id).map(|(route, step)| {
                let title = desk.workspace.profile.step_title(route, &step);
                (step, title)
            });
        }
        Ok(())
    }

    /// The steps that would be signed at, with how many documents wait at each; none where there are no steps.
    pub fn steps(&self, lang: Lang) -> Vec<(String, usize)> {
        counted(self.ready.iter().filter_map(|planned| planned.step.as_ref()), lang)
    }

    /// How many documents would be signed.
    pub fn len(&self) -> usize {
        self.ready.len()
    }

    /// Whether nothing would be signed.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Time that the key needs for all of it; none when it was never measured here.
    pub fn time(&self) -> Option<Duration> {
        let count = u32::try_from(self.ready.len()).unwrap_or(u32::MAX);
        self.estimate.each.map(|each| each.saturating_mul(count))
    }

    /// The plan of a journey that leaves what waits for a person to that person, without calling it a failure.
    pub fn without_blocked(self) -> Self {
        Self { blocked: Vec::new(), waiting: Vec::new(), ..self }
    }

    /// Tells what a run would do: document by document, then all in all.
    pub fn tell(&self, role: Role, front: &dyn Front) {
        for planned in &self.ready {
            let step = planned.step.as_ref();
            let line = json!({"action": "sign", "role": role, "document": planned.id.to_string(),
                "number": planned.number, "subject": planned.subject, "step": step.map(|(name, _)| name),
                "step_title": step.map(|(_, title)| title.in_lang(front.lang()))});
            front.tell(&Event::new("plan", line));
        }
        self.tell_passed_over(front, &mut Tally::default());
        let each = self.estimate.each.map(|each| each.as_secs_f64());
        let line = json!({"action": "sign_all", "role": role, "documents": self.ready.len(),
            "waiting": self.waiting.len(), "refused": self.blocked.len(), "key": self.estimate.key,
            "seconds_each": each, "seconds": self.time().map(|time| time.as_secs_f64())});
        front.tell(&Event::new("plan", line));
    }

    /// Tells what is not signed now and who has to act, or why it never is.
    fn tell_passed_over(&self, front: &dyn Front, tally: &mut Tally) {
        for (planned, who) in &self.waiting {
            let line = json!({"action": "wait", "document": planned.id.to_string(), "waiting_for": who,
                "number": planned.number, "subject": planned.subject});
            front.tell(&Event::new("plan", line));
            tally.waiting += 1;
        }
        for (id, error) in &self.blocked {
            tell_error(id.to_string(), error, front, tally);
        }
    }

    /// The exit code that the passed-over documents alone lead to.
    pub fn blocked_tally(&self) -> Tally {
        let mut tally = Tally { waiting: self.waiting.len(), ..Tally::default() };
        self.blocked.iter().for_each(|(_, error)| tally.failed(error));
        tally
    }
}

/// Steps by what they are called, with how many there are of each, in the order in which they come.
pub fn counted<'s>(steps: impl Iterator<Item = &'s (String, Bilingual)>, lang: Lang) -> Vec<(String, usize)> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for title in steps.map(|(_, title)| title.in_lang(lang)) {
        match counted.iter_mut().find(|(known, _)| known == title) {
            Some((_, count)) => *count += 1,
            None => counted.push((title.to_owned(), 1)),
        }
    }
    counted
}

/// Whether the role has anything to sign here at all.
///
/// # Errors
/// [`kinds::ROLE_NOT_IN_FORM`] when a person shall sign where only the organization does; a store error.
pub async fn check_role(desk: &Desk, selection: &Selection, role: Role) -> Result<()> {
    if role == Role::Organization {
        return Ok(());
    }
    if !selection.documents.is_empty() {
        let named = desk.select(selection, &[]).await?;
        if let Some(attached) = named.iter().find(|stored| stored.document.is_attachment()) {
            return Err(kinds::ATTACHMENT_ROLE.with("document", attached.id));
        }
    }
    let copies = |stored: &Stored| desk.form(stored) == Form::SaoY;
    let only_copies = desk.workspace.profile.recovery.form == Form::SaoY;
    // A person is asked for by documents that were written on a computer, also where paper is only copied.
    let refused = match selection.documents.is_empty() {
        true => only_copies && every_document(desk, selection, copies).await?,
        false => desk.select(selection, &[]).await?.iter().any(copies),
    };
    match refused {
        true => Err(kinds::ROLE_NOT_IN_FORM.with("profile", &desk.workspace.profile.id)),
        false => Ok(()),
    }
}

/// Whether something holds for every document of a selection that names none.
async fn every_document(desk: &Desk, selection: &Selection, holds: impl Fn(&Stored) -> bool) -> Result<bool> {
    let filter = Filter { states: Vec::new(), outage: selection.outage.clone() };
    let mut last = DocumentId(0);
    loop {
        let page = desk.store.documents_after(&filter, last).await?;
        match page.last() {
            None => return Ok(true),
            Some(_) if !page.iter().all(&holds) => return Ok(false),
            Some(end) => last = end.id,
        }
    }
}

/// Sorts the selected documents for a role, nearest deadline first. A person is asked only for what persons sign.
///
/// # Errors
/// [`kinds::OFFICE_NOT_NAMED`] where the organization is to sign, a store error, or an unknown document.
pub async fn plan(desk: &Desk, selection: &Selection, request: &Request) -> Result<Plan> {
    if request.role == Role::Organization {
        desk.workspace.check_named()?;
    }
    for (what, reason) in [("--unseen", &request.unseen), ("--reason", &request.resign)] {
        if reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(kinds::NAME_EMPTY.with("what", what));
        }
    }
    let states: &[State] = match request.role {
        _ if request.resign.is_some() => &ARCHIVED,
        Role::Personal => &[State::Built, State::PartlySigned],
        Role::Organization => &[State::Built, State::PartlySigned, State::Signed],
    };
    let named = !selection.documents.is_empty();
    let mut plan = Plan { estimate: estimate(desk, request).await?, named, ..Plan::default() };
    if named {
        for stored in desk.select(selection, states).await? {
            plan.sort_in(desk, &stored, request).await?;
        }
    } else {
        // A backlog may be thousands: of those that were looked at little is kept.
        let filter = Filter { states: states.to_vec(), outage: selection.outage.clone() };
        let mut last = DocumentId(0);
        loop {
            let page = desk.store.documents_after(&filter, last).await?;
            let Some(end) = page.last().map(|stored| stored.id) else { break };
            last = end;
            for stored in page {
                plan.sort_in(desk, &stored, request).await?;
            }
        }
    }
    plan.ready.sort_by_key(Planned::rank);
    plan.waiting.sort_by_key(|(planned, _)| planned.rank());
    if request.role == Role::Personal && request.resign.is_none() {
        plan.name_steps(desk).await?;
    }
    Ok(plan)
}

async fn estimate(desk: &Desk, request: &Request) -> Result<Estimate> {
    // A key that is not named yet is no fault of a plan; a run says so.
    let Ok(uri) = key_uri(Some(&desk.workspace), request.role, request.key.clone()) else {
        return Ok(Estimate::default());
    };
    let key = uri.to_string();
    let each = desk.store.speed(&key).await?;
    Ok(Estimate { key: Some(key), each })
}

/// States in which the organization may sign once more.
const ARCHIVED: [State; 2] = [State::Sealed, State::Delivered];

/// Why a document cannot be signed in this role now.
async fn obstacle(desk: &Desk, stored: &Stored, request: &Request) -> Result<Option<Error>> {
    use State as S;
    let form = desk.form(stored);
    if request.resign.is_some() {
        return Ok(match (ARCHIVED.contains(&stored.state), stored.document.is_held()) {
            (false, _) => Some(kinds::WRONG_STATE.with("state", stored.state).with("wanted", S::Delivered)),
            (true, true) => Some(route::held(stored)),
            (true, false) => None,
        });
    }
    let signed = [S::Built, S::PartlySigned, S::Signed, S::Authorised, S::Sealed].contains(&stored.state);
    if signed && stored.document.is_held() {
        return Ok(Some(route::held(stored)));
    }
    Ok(match (request.role, stored.state) {
        (Role::Personal, S::Built | S::PartlySigned) => unseen(desk, stored, request).await?,
        (Role::Personal, S::Sealed | S::Queued | S::Sent | S::Accepted | S::Delivered) => {
            Some(kinds::ALREADY_SEALED.with("field", Role::Organization.as_str()))
        }
        (Role::Organization, _) if stored.document.route == Route::Internal => {
            Some(kinds::NEVER_SEALED.with("document", stored.id))
        }
        (Role::Organization, S::Built) if stored.document.is_attachment() => alone(desk, stored).await?,
        (Role::Organization, S::Signed) => None,
        (Role::Organization, S::Built) if form == Form::SaoY => None,
        (Role::Organization, state @ (S::Built | S::PartlySigned)) => {
            let present = match state {
                S::Built => 0,
                _ => pdf::signature_count(&desk.store.latest(stored).await?)?,
            };
            let wanted = desk.workspace.profile.chain(&stored.document)?.personal.len();
            Some(kinds::ROLE_MISSING.with("present", present).with("wanted", wanted))
        }
        (role, state) => {
            let wanted = if role == Role::Personal || form == Form::SaoY { S::Built } else { S::Signed };
            Some(kinds::WRONG_STATE.with("state", state).with("wanted", wanted))
        }
    })
}

/// What goes along with a document is signed when all persons have signed the document.
async fn alone(desk: &Desk, stored: &Stored) -> Result<Option<Error>> {
    let parent = stored.document.born.as_ref().and_then(|born| born.attachment_of.as_deref());
    let parent = desk.store.document(document_id(parent.unwrap_or_default())?).await?;
    if parent.is_signed_by_all() {
        return Ok(None);
    }
    let wanted = desk.workspace.profile.chain(&parent.document)?.personal.len();
    let present = match &parent.latest {
        Some(_) => pdf::signature_count(&desk.store.latest(&parent).await?)?,
        None => 0,
    };
    Ok(Some(kinds::ROLE_MISSING.with("present", present).with("wanted", wanted)))
}

/// Rule 13: a personal signature stands for what was read, at this very hash.
async fn unseen(desk: &Desk, stored: &Stored, request: &Request) -> Result<Option<Error>> {
    if request.unseen.is_some() {
        return Ok(None);
    }
    let seen = match &stored.latest {
        Some(sha256) => desk.store.is_seen(stored.id, sha256).await?,
        None => false,
    };
    Ok((!seen).then(|| kinds::NOT_SEEN.with("document", stored.id)))
}

/// The key of the request, else the station's key for the role.
///
/// # Errors
/// [`kinds::KEY_NOT_NAMED`], [`kinds::PIN_SOURCE`], or an address that cannot be read.
pub fn key_uri(workspace: Option<&Workspace>, role: Role, named: Option<KeyUri>) -> Result<KeyUri> {
    if let Some(uri) = named {
        return Ok(uri.from_here());
    }
    let keys = workspace.map(|w| &w.station.keys);
    let key = keys.and_then(|keys| match role {
        Role::Personal => keys.personal.as_ref(),
        Role::Organization => keys.organization.as_ref(),
    });
    let key = key.ok_or_else(|| kinds::KEY_NOT_NAMED.with("role", role.as_str()))?;
    let mut uri: KeyUri = key.uri.parse()?;
    if let Some(source) = &key.pin_source {
        let file = source.strip_prefix("file:").filter(|f| !f.trim().starts_with('|'));
        uri.pin_file = Some(file.ok_or_else(|| kinds::PIN_SOURCE.with("source", source))?.into());
    }
    Ok(uri)
}

/// Looks at the signer's certificate before anything is signed: a key whose signatures nobody here would accept costs no turn of
/// the token and no document a wrong signature.
///
/// # Errors
/// [`kinds::SIGNER_NOT_ACCEPTED`].
pub(super) fn check_accepted(session: &dyn Session, trust: &Trust, lang: Lang) -> Result<()> {
    accepted(session.certificate(), session.chain(), trust, lang)
}

/// As [`check_accepted`], for a key that is elsewhere.
///
/// # Errors
/// [`kinds::SIGNER_NOT_ACCEPTED`].
pub(super) fn accepted(certificate: &[u8], chain: &[Vec<u8>], trust: &Trust, lang: Lang) -> Result<()> {
    let pool: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    match needs::objection(certificate, &pool, trust, Timestamp::now(), lang) {
        None => Ok(()),
        Some(reason) => {
            Err(kinds::SIGNER_NOT_ACCEPTED.with("signer", needs::name(certificate)).with("reason", reason))
        }
    }
}

/// Documents by their numbers, for fronts.
///
/// # Errors
/// [`kinds::BAD_DOCUMENT_ID`].
pub fn document_id(text: &str) -> Result<DocumentId> {
    text.parse().map_err(|()| kinds::BAD_DOCUMENT_ID.with("name", text))
}
