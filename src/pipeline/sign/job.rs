//! One signature on one document: everything before the key and everything behind it, and a look at the result.

use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};
use unicode_normalization::UnicodeNormalization;

use crate::document::{Continued, Hashing, Sha256};
use crate::document::{Document, Route};
use crate::error::{Error, Result, kinds};
use crate::locales::Lang;
use crate::pdf::{self, ArchivalPdf, IssuedPdf};
use crate::platform;
use crate::profile::{Form, SealRequires, SignatureRule, Visible};
use crate::sign::picture::Picture;
use crate::sign::{self, Authorised, Intent, Pending, Role, Sealed, Signed, Signer};
use crate::station::Workspace;
use crate::store::{Blobs, OUT, State, Step, Store, Stored};
use crate::verify::{Report, Verdict, Verified, Verifier};

use super::super::wording;
use super::longterm::Archiver;
use super::stamp::Stamper;
use super::visible::Shows;

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
    /// Where the documents of attachments are looked up.
    pub store: Store,
    pub runtime: tokio::runtime::Handle,
    /// The picture of the key, once one was needed.
    pub picture: OnceLock<Picture>,
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

    fn finish(self, signer: &Signer, signature: &[u8], stamp: Option<&[u8]>) -> Result<(Vec<u8>, Continued)> {
        Ok(match self.pending {
            Stage::Signed(pending) => {
                let (signed, digest) = pending.finish(signer, signature, stamp)?;
                (signed.into_bytes(), digest)
            }
            Stage::Sealed(pending) => {
                let (sealed, digest) = pending.finish(signer, signature, stamp)?;
                (sealed.into_bytes(), digest)
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
                let intent = self.sealing(stored, &authorised, at)?;
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
        let chain = self.workspace.profile.chain(&stored.document)?;
        let rule = |present: usize| -> Result<&SignatureRule> {
            let all = || kinds::ALL_HAVE_SIGNED.with("document", stored.id);
            let rule = *chain.personal.get(present).ok_or_else(all)?;
            self.may_sign(rule, &self.signer.certificate().name(), &stored.document)?;
            Ok(rule)
        };
        let (present, pending) = match stored.state {
            State::Built if stored.document.born.is_some() => {
                let intent = self.intent(stored, &stored.document, Some(rule(0)?), &bytes, at)?;
                (0, Pending::personal_issued(IssuedPdf::open(bytes)?, hashed, &self.signer, &intent)?)
            }
            State::Built => {
                let intent = self.intent(stored, &stored.document, Some(rule(0)?), &bytes, at)?;
                (0, Pending::personal(ArchivalPdf::open(bytes)?, hashed, &self.signer, &intent)?)
            }
            _ => {
                let verified = self.verified(bytes, at)?;
                let present = verified.personal_signatures();
                let intent =
                    self.intent(stored, &stored.document, Some(rule(present)?), verified.bytes(), at)?;
                (present, Pending::personal_next(verified, hashed, &self.signer, &intent)?)
            }
        };
        let next = match (present + 1 >= chain.personal.len(), stored.document.route) {
            (false, _) => State::PartlySigned,
            (true, Route::Internal) => State::Closed,
            (true, _) => State::Signed,
        };
        Ok((next, pending))
    }

    /// Whether a person may sign at this step: by the names of the profile and the station, and in the capacity that stands before
    /// the position (Decree 30/2020 Appendix I Part I II.7.b).
    fn may_sign(&self, rule: &SignatureRule, signer: &str, document: &Document) -> Result<()> {
        let mut names = self.workspace.signers_of(rule).peekable();
        if names.peek().is_some() && !names.clone().any(|name| same_name(name, signer)) {
            let allowed = names.cloned().collect::<Vec<_>>().join(", ");
            return Err(kinds::SIGNER_NOT_ALLOWED
                .with("signer", signer)
                .with("step", self.step_title(rule))
                .with("allowed", allowed));
        }
        let position = document.fields.signer_position.as_deref().unwrap_or_default();
        match crate::profile::capacity(position) {
            Some(capacity) if !rule.capacity.is_empty() && !rule.capacity.iter().any(|c| c == capacity) => {
                Err(kinds::CAPACITY_NOT_ALLOWED
                    .with("capacity", capacity)
                    .with("step", self.step_title(rule))
                    .with("allowed", rule.capacity.join(" ")))
            }
            _ => Ok(()),
        }
    }

    fn step_title(&self, rule: &SignatureRule) -> String {
        rule.title.as_ref().map_or_else(|| rule.step.clone(), |title| title.in_lang(self.lang).to_owned())
    }

    /// Every personal signature is verified from these very bytes, just now (rule 5).
    fn authorised(&self, stored: &Stored, bytes: Vec<u8>, at: Timestamp) -> Result<Authorised> {
        let profile = &self.workspace.profile;
        if let Some(parent) = stored.document.born.as_ref().and_then(|born| born.attachment_of.as_ref()) {
            let file = IssuedPdf::open(bytes)?;
            return Ok(sign::authorise_attachment(file, &self.parent_of(parent, at)?));
        }
        if stored.document.form(profile.recovery.form) == Form::SaoY {
            return sign::authorise_attested(ArchivalPdf::open(bytes)?);
        }
        let chain = profile.chain(&stored.document)?;
        if chain.organization.is_none() {
            return Err(kinds::NEVER_SEALED.with("document", stored.id));
        }
        let verified = self.verified(bytes, at)?;
        let own = self.signer.certificate().name();
        if verified.report().signatures.iter().any(|signature| signature.signer == own) {
            return Err(kinds::SIGNED_AS_PERSON.with("signer", own));
        }
        let personal = verified.report().signatures.iter().filter(|s| s.role.as_deref() == Some("personal"));
        for (rule, signature) in chain.personal.iter().zip(personal) {
            self.may_sign(rule, &signature.signer, &stored.document)?;
        }
        if chain.seal_requires == SealRequires::Valid && verified.is_provisional() {
            return Err(kinds::PROOF_OWED.error());
        }
        sign::authorise(verified, chain.personal.len())
    }

    /// The document that an attachment goes along with, cleared for the organization from its own bytes, just now.
    fn parent_of(&self, parent: &str, at: Timestamp) -> Result<Authorised> {
        let id = parent.parse().map_err(|()| kinds::BAD_DOCUMENT_ID.with("name", parent))?;
        let stored = self.runtime.block_on(self.store.document(id))?;
        let sha256 = stored.latest.as_ref().ok_or_else(|| kinds::NOT_BUILT.with("document", id))?;
        let verified = self.verified(self.blobs.read(sha256)?, at)?;
        sign::authorise(verified, self.workspace.profile.chain(&stored.document)?.personal.len())
    }

    fn verified(&self, bytes: Vec<u8>, at: Timestamp) -> Result<Verified> {
        self.verifier
            .check(Signed::open(bytes)?, at)
            .map_err(|refused| refusal(refused.1.in_language(self.lang)))
    }

    /// What the organization's signature says. On an attachment it names the document that it goes along with.
    fn sealing(&self, stored: &Stored, file: &Authorised, at: Timestamp) -> Result<Intent> {
        let chain = self.workspace.profile.chain(&stored.document)?;
        let parent = stored.document.born.as_ref().and_then(|born| born.attachment_of.as_ref());
        let Some(parent) = parent.and_then(|parent| parent.parse().ok()) else {
            return self.intent(stored, &stored.document, chain.organization, file.bytes(), at);
        };
        let parent = self.runtime.block_on(self.store.document(parent))?;
        self.intent(stored, &parent.document, chain.organization, file.bytes(), at)
    }

    /// What the profile wants a signature to say.
    fn intent(
        &self,
        stored: &Stored,
        document: &Document,
        rule: Option<&SignatureRule>,
        bytes: &[u8],
        at: Timestamp,
    ) -> Result<Intent> {
        let profile = &self.workspace.profile;
        let say = |pattern: &String| wording::sentence(pattern, document, &self.workspace, at);
        let utc_offset_seconds = profile.utc_offset_minutes.saturating_mul(60);
        if self.resign.is_some() {
            // What shows on the page was put there by the first signature.
            let (reason, visible) = (self.resign.clone(), None);
            return Ok(Intent { role: self.role, reason, at, visible, lock: false, utc_offset_seconds });
        }
        let visible = rule.map(|rule| self.shown(stored, document, rule, bytes, at)).transpose()?.flatten();
        let reason = rule.and_then(|rule| rule.reason.as_ref()).map(say);
        let lock = rule.is_some_and(|rule| rule.lock);
        Ok(Intent { role: self.role, reason, at, visible, lock, utc_offset_seconds })
    }

    /// How the signature shows, at the place that a person has chosen for these very bytes where the profile lets them.
    fn shown(
        &self,
        stored: &Stored,
        document: &Document,
        rule: &SignatureRule,
        bytes: &[u8],
        at: Timestamp,
    ) -> Result<Option<sign::Visible>> {
        let chosen = match (rule.visible, &stored.latest) {
            (Visible::Picture, Some(sha256)) => {
                self.runtime.block_on(self.store.chosen_place(stored.id, self.role, sha256))?
            }
            _ => None,
        };
        let name = self.signer.certificate().name();
        let (workspace, role, picture) = (&self.workspace, self.role, &self.picture);
        let shows = Shows { workspace, role, picture, signer: Some(&name), document, bytes };
        Ok(shows.by(rule, chosen.as_ref(), at)?.0)
    }

    /// Puts the signature in, with a proof of time and evidence where they can be had, looks at the file, and makes it durable.
    pub fn finish(&self, stored: &Stored, work: Work, signature: &[u8]) -> Result<Made> {
        let (at, next) = (work.at, work.next);
        let stamp = self.stamper.as_ref().and_then(|stamper| stamper.stamp(signature));
        let (bytes, digest) = work.finish(&self.signer, signature, stamp.as_deref())?;
        let (bytes, digest, at) = self.archived(bytes, digest, at)?;
        let report = self.checked(&bytes, &digest.begun, at)?;
        if next == State::Closed {
            // The last signature is verified as all before it were; nothing comes behind it.
            sign::close(self.verified(bytes.clone(), Timestamp::now())?);
        }
        let sha256 = self.blobs.keep_as(digest.sha256, &bytes)?;
        if next == State::Sealed {
            let named = wording::name_of(&self.store, stored, &self.workspace);
            copy_out(&self.workspace, stored, &self.runtime.block_on(named)?, &bytes)?;
        }
        Ok(Made { sha256, bytes: bytes.len(), report, next })
    }

    /// The file with the evidence that its level wants, its digest, and the time at which it is to be looked at. What is put
    /// behind the signature is still PDF/A too.
    fn archived(
        &self,
        bytes: Vec<u8>,
        digest: Continued,
        at: Timestamp,
    ) -> Result<(Vec<u8>, Continued, Timestamp)> {
        let Some(archiver) = &self.archiver else { return Ok((bytes, digest, at)) };
        let (signer, stamper) = (self.signer.certificate().der(), self.stamper.as_deref());
        let before = bytes.len();
        let bytes = archiver.extended(bytes, signer, stamper, self.resign.is_some())?;
        let violations = pdf::check::violations(&bytes);
        // A file that was no PDF/A when it came is none afterwards; it is the beginning of this one.
        let was_archival = || pdf::check::violations(bytes.get(..before).unwrap_or_default()).is_empty();
        if let Some(violation) = violations.first()
            && was_archival()
        {
            return Err(
                kinds::NOT_ARCHIVAL.with("violations", format!("{} {}", violation.clause, violation.what))
            );
        }
        let begun = digest.begun;
        let sha256 = begun.of_file(&bytes);
        Ok((bytes, Continued { sha256, begun }, Timestamp::now()))
    }

    /// Rule 4, looked at each time: no signature broken. That it is still PDF/A is what the finished stage stands for.
    fn checked(&self, bytes: &[u8], begun: &Hashing, at: Timestamp) -> Result<Report> {
        let report = self.verifier.report_begun(bytes, begun, at, self.lang)?;
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

/// Names are compared as people read them.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        name.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    plain(a) == plain(b)
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
fn copy_out(workspace: &Workspace, stored: &Stored, name: &str, bytes: &[u8]) -> Result<()> {
    let folder = workspace.root.join(OUT);
    platform::create_private_dir(&folder)?;
    let again = format!("{name}.{}.{}", stored.id, Timestamp::now().strftime("%Y%m%dT%H%M%SZ"));
    for name in [name, &again] {
        match platform::write_new(&folder.join(format!("{name}.pdf")), bytes) {
            Err(error) if error.code() == kinds::FILE_EXISTS.code => {}
            written => return written,
        }
    }
    Ok(())
}
