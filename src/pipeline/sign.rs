//! Documents get their signatures: a plan first, then one PIN, then one document after the other, each durable when done.

use jiff::Timestamp;
use serde_json::json;

use crate::document::DocumentId;
use crate::error::{Error, Exit, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::locales::Lang;
use crate::pdf::{self, ArchivalPdf};
use crate::platform;
use crate::profile::{Form, Level, Profile, SealRequires, Visible};
use crate::sign::key::{self, KeyUri};
use crate::sign::{self, Authorised, Intent, PinSource, Role, Session, Signed};
use crate::station::Workspace;
use crate::store::{NewRevision, SignatureRow, State, Step, Stored};
use crate::verify::{self, Report, Trust, Verdict, Verified};

use super::build::tell_error;
use super::{Desk, Selection, ordered, wording};

/// Folder of the workspace with human-named copies of sealed documents; never the truth.
const OUT: &str = "out";

/// What `sign` is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who signs.
    pub role: Role,
    /// With which key; else the station's for the role.
    pub key: Option<KeyUri>,
    /// Why a person signs what nobody marked as seen (rule 13); goes to the journal.
    pub unseen: Option<String>,
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

/// What would be signed, and what is passed over and why.
#[derive(Debug, Default)]
pub struct Plan {
    ready: Vec<Stored>,
    blocked: Vec<(Stored, Error)>,
}

impl Plan {
    /// How many documents would be signed.
    pub fn len(&self) -> usize {
        self.ready.len()
    }

    /// Whether nothing would be signed.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// The plan of a journey that leaves what waits for a person to that person, without calling it a failure.
    pub fn without_blocked(self) -> Self {
        Self { blocked: Vec::new(), ..self }
    }

    /// Tells what a run would do.
    pub fn tell(&self, role: Role, front: &dyn Front) {
        for stored in &self.ready {
            let line = json!({"action": "sign", "role": role, "document": stored.id.to_string(),
                "number": stored.document.number(), "subject": stored.document.fields.subject});
            front.tell(&Event::new("plan", line));
        }
        self.tell_blocked(front, &mut Tally::default());
    }

    fn tell_blocked(&self, front: &dyn Front, tally: &mut Tally) {
        for (stored, error) in &self.blocked {
            tell_error(stored.id.to_string(), error, front, tally);
        }
    }

    /// The exit code that the passed-over documents alone lead to.
    pub fn blocked_tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.blocked.iter().for_each(|(_, error)| tally.failed(error));
        tally
    }
}

/// Sorts the selected documents for a role, nearest deadline first.
///
/// # Errors
/// [`kinds::ROLE_NOT_IN_FORM`] when no selected document takes a personal signature; a store error.
pub async fn plan(desk: &Desk, selection: &Selection, request: &Request) -> Result<Plan> {
    let states: &[State] = match request.role {
        Role::Personal => &[State::Built, State::PartlySigned],
        Role::Organization => &[State::Built, State::PartlySigned, State::Signed],
    };
    let mut selected = desk.select(selection, states).await?;
    if request.role == Role::Personal {
        let named = !selection.documents.is_empty();
        let (own, foreign): (Vec<_>, Vec<_>) =
            selected.into_iter().partition(|stored| desk.form(stored) == Form::ReSign);
        let nobody = own.is_empty() && desk.workspace.profile.recovery.form == Form::SaoY;
        if nobody || named && !foreign.is_empty() {
            return Err(kinds::ROLE_NOT_IN_FORM.with("profile", &desk.workspace.profile.id));
        }
        selected = own;
    }
    selected.sort_by_key(|s| {
        let due = s.document.fields.due_date;
        (due.is_none(), due, s.id)
    });
    let mut plan = Plan::default();
    for stored in selected {
        match obstacle(desk, &stored, request).await? {
            None => plan.ready.push(stored),
            Some(error) => plan.blocked.push((stored, error)),
        }
    }
    Ok(plan)
}

/// Why a document cannot be signed in this role now.
async fn obstacle(desk: &Desk, stored: &Stored, request: &Request) -> Result<Option<Error>> {
    use State as S;
    let form = desk.form(stored);
    Ok(match (request.role, stored.state) {
        (Role::Personal, S::Built | S::PartlySigned) => unseen(desk, stored, request).await?,
        (Role::Personal, S::Sealed | S::Queued | S::Sent | S::Accepted | S::Delivered) => {
            Some(kinds::ALREADY_SEALED.with("field", Role::Organization.as_str()))
        }
        (Role::Organization, S::Signed) => None,
        (Role::Organization, S::Built) if form == Form::SaoY => None,
        (Role::Organization, S::Built | S::PartlySigned) => {
            let present = pdf::signature_count(&desk.store.latest(stored).await?)?;
            let wanted = desk.workspace.profile.personal_roles();
            Some(kinds::ROLE_MISSING.with("present", present).with("wanted", wanted))
        }
        (role, state) => {
            let wanted = if role == Role::Personal || form == Form::SaoY { S::Built } else { S::Signed };
            Some(kinds::WRONG_STATE.with("state", state).with("wanted", wanted))
        }
    })
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
        return Ok(uri);
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

/// Signs the planned documents with one PIN. A key that fails ends the batch; what is done stays done.
///
/// # Errors
/// A key error (exit 6) before the first document; a store error.
pub async fn run(desk: &Desk, plan: Plan, signing: Signing<'_>, front: &dyn Front) -> Result<Tally> {
    let mut tally = Tally::default();
    plan.tell_blocked(front, &mut tally);
    if plan.ready.is_empty() {
        return Ok(tally);
    }
    let Signing { request, pins } = signing;
    check_level(desk.workspace.profile.crypto.level)?;
    let uri = key_uri(Some(&desk.workspace), request.role, request.key.clone())?;
    let trust = desk.workspace.trust()?;
    let mut session = Some(key::open(&uri, &desk.workspace.key_policy(), pins)?);
    if let Some(reason) = &request.unseen {
        let documents: Vec<String> = plan.ready.iter().map(|s| s.id.to_string()).collect();
        desk.store.note("signed_unseen", None, json!({"reason": reason, "documents": documents})).await?;
    }
    front.begin("sign", plan.ready.len() as u64);
    let count = plan.ready.len();
    for (index, stored) in plan.ready.into_iter().enumerate() {
        // Somebody else is at it; their run will tell.
        let Some(step) = desk.store.lease(stored.id, stored.state).await? else { continue };
        let Some(key) = session.take() else { break };
        let job = Job::new(desk, &stored, request.role, &trust, front.lang()).await?;
        let (key, outcome) = ordered::one(move || job.run(key)).await?;
        session = Some(key);
        let failure = finish(desk, &step, &stored, outcome, front, &mut tally).await?;
        front.advance(1);
        if failure.is_some_and(|exit| exit == Exit::Key) {
            tally.waiting += count - index - 1;
            break;
        }
    }
    front.end();
    Ok(tally)
}

/// Higher levels come later; a profile that wants one is told so before the PIN is asked.
/// # Errors
/// [`kinds::LEVEL_UNSUPPORTED`].
pub fn check_level(level: Level) -> Result<()> {
    match level {
        Level::BB => Ok(()),
        other => {
            let name = serde_json::to_value(other).ok().and_then(|v| v.as_str().map(str::to_owned));
            Err(kinds::LEVEL_UNSUPPORTED.with("level", name.unwrap_or_default()))
        }
    }
}

/// What one signature came to.
struct Made {
    bytes: Vec<u8>,
    report: Report,
    next: State,
}

/// One signature on one document, on a thread that may wait for a token.
struct Job {
    bytes: Vec<u8>,
    state: State,
    form: Form,
    role: Role,
    intent: Intent,
    trust: Trust,
    profile: Profile,
    present: usize,
    lang: Lang,
}

impl Job {
    async fn new(desk: &Desk, stored: &Stored, role: Role, trust: &Trust, lang: Lang) -> Result<Self> {
        let bytes = desk.store.latest(stored).await?;
        let present = pdf::signature_count(&bytes)?;
        Ok(Self {
            state: stored.state,
            form: desk.form(stored),
            role,
            intent: intent(&desk.workspace, stored, role, present),
            trust: trust.clone(),
            profile: desk.workspace.profile.clone(),
            bytes,
            present,
            lang,
        })
    }

    fn run(self, mut key: Box<dyn Session>) -> (Box<dyn Session>, Result<Made>) {
        let made = self.sign(key.as_mut());
        (key, made)
    }

    fn sign(self, key: &mut dyn Session) -> Result<Made> {
        let (trust, lang, at) = (self.trust.clone(), self.lang, self.intent.at);
        let (bytes, next) = match self.role {
            Role::Personal => self.personal(key)?,
            Role::Organization => (self.seal(key)?, State::Sealed),
        };
        Ok(Made { report: checked(&bytes, &trust, at, lang)?, bytes, next })
    }

    fn personal(self, key: &mut dyn Session) -> Result<(Vec<u8>, State)> {
        let complete = self.present + 1 >= self.profile.personal_roles();
        let signed = match self.state {
            State::Built => sign::personal(ArchivalPdf::open(self.bytes)?, key, &self.intent)?,
            _ => sign::personal_next(
                verified(self.bytes, &self.trust, &self.intent, self.lang)?,
                key,
                &self.intent,
            )?,
        };
        Ok((signed.into_bytes(), if complete { State::Signed } else { State::PartlySigned }))
    }

    fn seal(self, key: &mut dyn Session) -> Result<Vec<u8>> {
        let authorised = match self.form {
            Form::ReSign => self.authorised()?,
            Form::SaoY => sign::authorise_attested(ArchivalPdf::open(self.bytes.clone())?)?,
        };
        Ok(sign::seal(authorised, key, &self.intent)?.bytes().to_vec())
    }

    /// Every personal signature is verified from these very bytes, just now (rule 5).
    fn authorised(&self) -> Result<Authorised> {
        let verified = verified(self.bytes.clone(), &self.trust, &self.intent, self.lang)?;
        if self.profile.recovery.seal_requires == SealRequires::Valid && verified.is_provisional() {
            return Err(kinds::PROOF_OWED.error());
        }
        sign::authorise(verified, self.profile.personal_roles())
    }
}

fn verified(bytes: Vec<u8>, trust: &Trust, intent: &Intent, lang: Lang) -> Result<Verified> {
    verify::check(Signed::open(bytes)?, trust, intent.at)
        .map_err(|refused| refusal(refused.1.in_language(lang)))
}

/// The refusal that a verdict stands for, with the first reason in words.
fn refusal(report: Report) -> Error {
    let reasons = report.signatures.iter().flat_map(|s| &s.reasons);
    let texts: Vec<&str> = reasons.map(|reason| reason.text.as_str()).collect();
    let kind = match report.verdict {
        Verdict::Invalid | Verdict::Unsigned => &kinds::VERDICT_INVALID,
        _ => &kinds::VERDICT_OPEN,
    };
    kind.with("reason", texts.join(" "))
}

/// Rule 4, looked at each time: still PDF/A, and no signature broken.
fn checked(bytes: &[u8], trust: &Trust, at: Timestamp, lang: Lang) -> Result<Report> {
    let violations = pdf::check::violations(bytes);
    if let Some(violation) = violations.first() {
        return Err(
            kinds::NOT_ARCHIVAL.with("violations", format!("{} {}", violation.clause, violation.what))
        );
    }
    let report = verify::report(bytes, trust, at, lang)?;
    match report.verdict {
        Verdict::Invalid | Verdict::Unsigned => {
            let codes = report.signatures.iter().flat_map(|s| &s.reasons).map(|r| r.code);
            Err(kinds::INTERNAL
                .with("cause", format!("own signature: {}", codes.collect::<Vec<_>>().join(" "))))
        }
        _ => Ok(report),
    }
}

/// What the profile wants a signature to say.
fn intent(workspace: &Workspace, stored: &Stored, role: Role, present: usize) -> Intent {
    let at = Timestamp::now();
    let nth = if role == Role::Personal { present } else { 0 };
    let rule = workspace.profile.signature_rule(role, nth);
    let say = |pattern: &String| wording::sentence(pattern, &stored.document, workspace, at);
    Intent {
        role,
        reason: rule.and_then(|r| r.reason.as_ref()).map(say),
        at,
        visible: rule.filter(|r| r.visible == Visible::Text).map(|r| r.lines.iter().map(say).collect()),
        utc_offset_seconds: workspace.profile.utc_offset_minutes.saturating_mul(60),
    }
}

/// Bytes durable, row committed, told; or the lease given back and the refusal told.
async fn finish(
    desk: &Desk,
    step: &Step,
    stored: &Stored,
    outcome: Result<Made>,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<Option<Exit>> {
    let saved = match outcome {
        Ok(made) => save(desk, step, stored, made).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(report) => {
            let id = stored.id.to_string();
            if let Some(signature) = report.signatures.last() {
                front.tell(&Event::new("signature", signature).with("document", &id));
            }
            front.tell(&Event::new("document", desk.store.record(stored.id).await?));
            tally.done += 1;
            Ok(None)
        }
        Err(error) => {
            desk.store.release(step).await?;
            tell_error(stored.id.to_string(), &error, front, tally);
            Ok(Some(error.kind().exit))
        }
    }
}

async fn save(desk: &Desk, step: &Step, stored: &Stored, made: Made) -> Result<Report> {
    let sha256 = desk.store.blobs().put(&made.bytes).await?;
    if made.next == State::Sealed {
        copy_out(&desk.workspace, stored, &made.bytes)?;
    }
    let rows: Vec<SignatureRow> = made.report.signatures.iter().map(SignatureRow::from_report).collect();
    let role = if made.next == State::Sealed { Role::Organization } else { Role::Personal };
    let reason = format!("sign:{}", role.as_str());
    let revision =
        NewRevision { sha256: &sha256, bytes: made.bytes.len(), reason: &reason, signatures: &rows };
    desk.store.advance(step, made.next, &revision).await?;
    Ok(made.report)
}

/// A copy under a human name. A copy of an earlier run that was cut off is replaced by none: it has other bytes, so the
/// new one gets the document's number as well.
fn copy_out(workspace: &Workspace, stored: &Stored, bytes: &[u8]) -> Result<()> {
    let folder = workspace.root.join(OUT);
    platform::create_private_dir(&folder)?;
    let name = wording::copy_name(&stored.document, stored.id, workspace);
    let again = format!("{name}.{}.{}", stored.id, Timestamp::now().strftime("%Y%m%dT%H%M%SZ"));
    for name in [name, again] {
        match platform::write_new(&folder.join(format!("{name}.pdf")), bytes) {
            Err(error) if error.code() == kinds::FILE_EXISTS.code => {}
            written => return written,
        }
    }
    Ok(())
}

/// Documents by their numbers, for fronts.
///
/// # Errors
/// [`kinds::BAD_DOCUMENT_ID`].
pub fn document_id(text: &str) -> Result<DocumentId> {
    text.parse().map_err(|()| kinds::BAD_DOCUMENT_ID.with("name", text))
}
