//! One signature on one document: the stages of the journey from bytes to bytes, and a look at the result.

use jiff::Timestamp;

use crate::error::{Error, Result, kinds};
use crate::locales::Lang;
use crate::pdf::{self, ArchivalPdf};
use crate::profile::{Form, Profile, SealRequires, Visible};
use crate::sign::{self, Authorised, Intent, Role, Session, Signed};
use crate::station::Workspace;
use crate::store::{State, Stored};
use crate::verify::{self, Report, Trust, Verdict, Verified};

use super::super::{Desk, wording};

/// What one signature came to.
pub(super) struct Made {
    pub bytes: Vec<u8>,
    pub report: Report,
    pub next: State,
}

/// One signature on one document, on a thread that may wait for a token.
pub(super) struct Job {
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
    pub async fn new(desk: &Desk, stored: &Stored, role: Role, trust: &Trust, lang: Lang) -> Result<Self> {
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

    pub fn run(self, mut key: Box<dyn Session>) -> (Box<dyn Session>, Result<Made>) {
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
pub fn refusal(report: Report) -> Error {
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
        // A signature that this office itself does not believe helps nobody: the key's issuer is not among its anchors.
        // An office that names no anchor at all has said nothing about trust yet; doctor warns of that.
        Verdict::Indeterminate if !trust.anchors.is_empty() => Err(refusal(report)),
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
        visible: rule
            .filter(|r| r.visible == Visible::Text)
            .map(|r| sign::Visible::Text(r.lines.iter().map(say).collect())),
        utc_offset_seconds: workspace.profile.utc_offset_minutes.saturating_mul(60),
    }
}
