//! One signature on one document: everything before the key and everything behind it, and a look at the result.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::document::{Hashing, Sha256};
use crate::error::{Error, Result, kinds};
use crate::locales::Lang;
use crate::pdf::{self, ArchivalPdf};
use crate::platform;
use crate::profile::{Form, SealRequires, Visible};
use crate::sign::{self, Authorised, Intent, Pending, Role, Sealed, Signed, Signer};
use crate::station::Workspace;
use crate::store::{Blobs, OUT, State, Step, Stored};
use crate::verify::{Report, Verdict, Verified, Verifier};

use super::super::wording;
use super::longterm::Archiver;
use super::stamp::Stamper;

/// How old a prepared signature may be when it reaches the key: its time is the time of signing.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// What all documents of a batch share.
pub(super) struct Batch {
    pub workspace: Workspace,
    pub blobs: Blobs,
    pub role: Role,
    pub verifier: Verifier,
    pub lang: Lang,
    pub signer: Signer,
    pub stamper: Option<Arc<Stamper>>,
    pub archiver: Option<Arc<Archiver>>,
    /// Why archived documents are signed once more.
    pub resign: Option<String>,
}

/// A document that is ours for this step.
#[derive(Debug)]
pub(super) struct Task {
    pub stored: Stored,
    pub step: Step,
}

/// A document whose signature lacks nothing but the key.
pub(super) struct Ready {
    pub task: Task,
    pub work: Work,
}

/// A signature in the making.
pub(super) struct Work {
    at: Timestamp,
    next: State,
    pending: Stage,
}

enum Stage {
    Signed(Pending<Signed>),
    Sealed(Pending<Sealed>),
}

/// What one signature came to: the bytes are durable, the row is not written yet.
pub(super) struct Made {
    pub sha256: Sha256,
    pub bytes: usize,
    pub report: Report,
    pub next: State,
}

impl Work {
    /// What the key has to sign.
    pub fn message(&self) -> &[u8] {
        match &self.pending {
            Stage::Signed(pending) => pending.message(),
            Stage::Sealed(pending) => pending.message(),
        }
    }

    /// Whether it was prepared too long ago.
    pub fn is_stale(&self) -> bool {
        Timestamp::now().duration_since(self.at) > FRESH
    }

    fn into_base(self) -> Vec<u8> {
        match self.pending {
            Stage::Signed(pending) => pending.into_base(),
            Stage::Sealed(pending) => pending.into_base(),
        }
    }

    fn finish(self, signer: &Signer, signature: &[u8], stamp: Option<&[u8]>) -> Result<(Vec<u8>, Sha256)> {
        Ok(match self.pending {
            Stage::Signed(pending) => {
                let (signed, sha256) = pending.finish(signer, signature, stamp)?;
                (signed.into_bytes(), sha256)
            }
            Stage::Sealed(pending) => {
                let (sealed, sha256) = pending.finish(signer, signature, stamp)?;
                (sealed.into_bytes(), sha256)
            }
        })
    }
}

impl Batch {
    /// Reads the document, opens every door that leads to this signature, and hashes.
    pub fn prepare(&self, stored: &Stored) -> Result<Work> {
        let Some(sha256) = &stored.latest else { return Err(kinds::NOT_BUILT.with("document", stored.id)) };
        let (bytes, hashed) = self.blobs.read_hashed(sha256)?;
        self.prepare_from(stored, bytes, Some(hashed))
    }

    /// Prepares once more what waited too long.
    pub fn renew(&self, stored: &Stored, work: Work) -> Result<Work> {
        self.prepare_from(stored, work.into_base(), None)
    }

    fn prepare_from(&self, stored: &Stored, bytes: Vec<u8>, hashed: Option<Hashing>) -> Result<Work> {
        let at = Timestamp::now();
        let (next, pending) = match self.role {
            Role::Personal => {
                let (next, pending) = self.personal(stored, bytes, hashed, at)?;
                (next, Stage::Signed(pending))
            }
            Role::Organization => {
                let authorised = match self.resign {
                    Some(_) => sign::authorise_again(Signed::open(bytes)?, &self.verifier, at)?,
                    None => self.authorised(stored, bytes, at)?,
                };
                let intent = self.intent(stored, 0, at);
                (State::Sealed, Stage::Sealed(Pending::seal(authorised, hashed, &self.signer, &intent)?))
            }
        };
        Ok(Work { at, next, pending })
    }

    fn personal(
        &self,
        stored: &Stored,
        bytes: Vec<u8>,
        hashed: Option<Hashing>,
        at: Timestamp,
    ) -> Result<(State, Pending<Signed>)> {
        let (present, pending) = match stored.state {
            State::Built => {
                let intent = self.intent(stored, 0, at);
                (0, Pending::personal(ArchivalPdf::open(bytes)?, hashed, &self.signer, &intent)?)
            }
            _ => {
                let verified = self.verified(bytes, at)?;
                let present = verified.personal_signatures();
                let intent = self.intent(stored, present, at);
                (present, Pending::personal_next(verified, hashed, &self.signer, &intent)?)
            }
        };
        let complete = present + 1 >= self.workspace.profile.personal_roles();
        Ok((if complete { State::Signed } else { State::PartlySigned }, pending))
    }

    /// Every personal signature is verified from these very bytes, just now (rule 5).
    fn authorised(&self, stored: &Stored, bytes: Vec<u8>, at: Timestamp) -> Result<Authorised> {
        let profile = &self.workspace.profile;
        if profile.recovery.form.of(stored.document.fields.direction) == Form::SaoY {
            return sign::authorise_attested(ArchivalPdf::open(bytes)?);
        }
        let verified = self.verified(bytes, at)?;
        let own = self.signer.certificate().name();
        if verified.report().signatures.iter().any(|signature| signature.signer == own) {
            return Err(kinds::SIGNED_AS_PERSON.with("signer", own));
        }
        if profile.recovery.seal_requires == SealRequires::Valid && verified.is_provisional() {
            return Err(kinds::PROOF_OWED.error());
        }
        sign::authorise(verified, profile.personal_roles())
    }

    fn verified(&self, bytes: Vec<u8>, at: Timestamp) -> Result<Verified> {
        self.verifier
            .check(Signed::open(bytes)?, at)
            .map_err(|refused| refusal(refused.1.in_language(self.lang)))
    }

    /// What the profile wants a signature to say.
    fn intent(&self, stored: &Stored, nth: usize, at: Timestamp) -> Intent {
        let profile = &self.workspace.profile;
        let rule = profile.signature_rule(self.role, nth);
        let say = |pattern: &String| wording::sentence(pattern, &stored.document, &self.workspace, at);
        if self.resign.is_some() {
            // What shows on the page was put there by the first signature.
            let (reason, visible) = (self.resign.clone(), None);
            let utc_offset_seconds = profile.utc_offset_minutes.saturating_mul(60);
            return Intent { role: self.role, reason, at, visible, lock: false, utc_offset_seconds };
        }
        Intent {
            role: self.role,
            reason: rule.and_then(|r| r.reason.as_ref()).map(say),
            at,
            visible: rule
                .filter(|r| r.visible == Visible::Text)
                .map(|r| sign::Visible::Text(r.lines.iter().map(say).collect())),
            lock: rule.is_some_and(|rule| rule.lock),
            utc_offset_seconds: profile.utc_offset_minutes.saturating_mul(60),
        }
    }

    /// Puts the signature in, with a proof of time and evidence where they can be had, looks at the file, and makes it durable.
    pub fn finish(&self, stored: &Stored, work: Work, signature: &[u8]) -> Result<Made> {
        let (at, next) = (work.at, work.next);
        let stamp = self.stamper.as_ref().and_then(|stamper| stamper.stamp(signature));
        let (bytes, sha256) = work.finish(&self.signer, signature, stamp.as_deref())?;
        let (bytes, sha256, at) = self.archived(bytes, sha256, at)?;
        let report = self.checked(&bytes, at)?;
        let sha256 = self.blobs.keep_as(sha256, &bytes)?;
        if next == State::Sealed {
            copy_out(&self.workspace, stored, &bytes)?;
        }
        Ok(Made { sha256, bytes: bytes.len(), report, next })
    }

    /// The file with the evidence that its level wants, its digest, and the time at which it is to be looked at. What is put
    /// behind the signature is still PDF/A too.
    fn archived(
        &self,
        bytes: Vec<u8>,
        sha256: Sha256,
        at: Timestamp,
    ) -> Result<(Vec<u8>, Sha256, Timestamp)> {
        let Some(archiver) = &self.archiver else { return Ok((bytes, sha256, at)) };
        let (signer, stamper) = (self.signer.certificate().der(), self.stamper.as_deref());
        let bytes = archiver.extended(bytes, signer, stamper, self.resign.is_some())?;
        let violations = pdf::check::violations(&bytes);
        if let Some(violation) = violations.first() {
            return Err(
                kinds::NOT_ARCHIVAL.with("violations", format!("{} {}", violation.clause, violation.what))
            );
        }
        let sha256 = Sha256::of(&bytes);
        Ok((bytes, sha256, Timestamp::now()))
    }

    /// Rule 4, looked at each time: no signature broken. That it is still PDF/A is what the finished stage stands for.
    fn checked(&self, bytes: &[u8], at: Timestamp) -> Result<Report> {
        let report = self.verifier.report(bytes, at, self.lang)?;
        if self.resign.is_some() {
            return self.checked_again(report);
        }
        match report.verdict {
            Verdict::Invalid | Verdict::Unsigned => {
                let codes = report.signatures.iter().flat_map(|s| &s.reasons).map(|r| r.code);
                Err(kinds::INTERNAL
                    .with("cause", format!("own signature: {}", codes.collect::<Vec<_>>().join(" "))))
            }
            // A signature that this office itself does not believe helps nobody: the key's issuer is not among its anchors.
            // An office that names no anchor at all has said nothing about trust yet; doctor warns of that.
            Verdict::Indeterminate if !self.verifier.trust().anchors.is_empty() => Err(refusal(report)),
            _ => Ok(report),
        }
    }
}

impl Batch {
    /// Of an archived file the new signature has to hold, and the earlier ones have to be as whole as before.
    fn checked_again(&self, report: Report) -> Result<Report> {
        let own = report.last_signature();
        let holds =
            own.is_some_and(|own| own.sub_indication.is_none() || self.verifier.trust().anchors.is_empty());
        match (report.broken(), holds) {
            (None, true) => Ok(report),
            (None, false) => Err(refusal(report)),
            (Some(broken), _) => {
                Err(kinds::INTERNAL.with("cause", format!("signed again: {}", broken.field)))
            }
        }
    }
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
