//! Files that are signed already are raised by appended revisions: to a higher level, with proofs that were owed, with a new
//! archive time stamp before the last one loses its worth. No key is needed and no signature is touched (rule 4).
//!
//! ```text
//! raise      one file: time proof, evidence, archive time stamp, and a look at the result
//! documents  those of the workspace, committed in groups
//! files      copies of plain files
//! ```

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Result, kinds};
use crate::fetch::Web;
use crate::locales::Lang;
use crate::pdf;
use crate::profile::Level;
use crate::sign::longterm::{self, Collector, Means};
use crate::sign::timestamp::Services;
use crate::station::Workspace;
use crate::verify::{Report, SignatureReport, TimestampKind, Verdict, Verifier, needs};

use super::sign::refusal;

mod documents;
mod files;

pub use documents::{REVOKED, complete, is_owing, owed_documents, settle, tell_plan, upgrade};
pub use files::upgrade as upgrade_files;

/// An archive time stamp is renewed so long before its end.
pub const RENEWAL: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Raises files. Called from several threads at once.
pub(super) struct Raiser {
    verifier: Verifier,
    collector: Collector,
    services: Option<Services>,
    target: Level,
    lang: Lang,
}

/// A file that was looked at and raised as far as could be.
pub(super) struct Raised {
    /// The file with what was added; none where there was nothing to add.
    pub bytes: Option<Vec<u8>>,
    /// The verdict on it.
    pub report: Report,
    /// Whether every signature has reached the level.
    pub reached: bool,
}

impl Raiser {
    /// For a level. Without a time-stamp service only what needs none can be added.
    ///
    /// # Errors
    /// [`kinds::TIMESTAMP_NOT_NAMED`] where `strict` and none is named; a certificate file that cannot be read.
    pub fn of(workspace: Option<&Workspace>, target: Level, strict: bool, lang: Lang) -> Result<Self> {
        let trust = workspace.map(Workspace::trust).transpose()?.unwrap_or_default();
        let named = workspace.into_iter().flat_map(|w| &w.station.timestamp);
        let urls: Vec<String> = named.map(|service| service.url.clone()).collect();
        let services = match urls.is_empty() && !strict {
            true => None,
            false => Some(Services::new(&urls, Box::new(Web::default()), &trust)?),
        };
        let root = workspace.map(|w| w.root.as_path());
        let collector = Collector::new(Box::new(Web::default()), &trust, root);
        Ok(Self { verifier: Verifier::new(trust), collector, services, target, lang })
    }

    /// What went wrong since the last call, for the person.
    pub fn notes(&self) -> Vec<Error> {
        let mut notes = self.collector.notes();
        notes.extend(self.services.iter().flat_map(Services::notes));
        notes
    }

    /// Raises one file.
    ///
    /// # Errors
    /// [`kinds::NOT_SIGNED`]; the verdict where the signatures do not hold; [`kinds::SIGNATURE_REVOKED`]; [`kinds::CLOCK_WRONG`].
    pub fn raise(&self, bytes: &[u8]) -> Result<Raised> {
        let now = Timestamp::now();
        let before = self.verifier.report(bytes, now, self.lang)?;
        match before.verdict {
            Verdict::Unsigned => return Err(kinds::NOT_SIGNED.error()),
            Verdict::Invalid | Verdict::Indeterminate => return Err(refusal(before)),
            Verdict::Valid => {}
        }
        let mut raised = None;
        let owes_time = signatures(&before).any(|signature| signature.owed.contains(&"timestamp"));
        if let (Some(services), true) = (&self.services, owes_time && self.target != Level::BB) {
            raised = longterm::stamp(bytes, services)?;
        }
        if matches!(self.target, Level::BLt | Level::BLta) {
            let archive = self.services.as_ref().filter(|_| self.target == Level::BLta);
            let means = Means { verifier: &self.verifier, collector: &self.collector, archive, only: None };
            let file = longterm::extend(raised.as_deref().unwrap_or(bytes), &means, Timestamp::now())?;
            if let Some(revoked) = file.revoked {
                return Err(kinds::SIGNATURE_REVOKED.with("signer", needs::name(&revoked)));
            }
            raised = file.bytes.or(raised);
        }
        let report = match &raised {
            Some(raised) => self.checked(bytes, raised)?,
            None => before,
        };
        let reached = signatures(&report).all(|signature| has_reached(signature, self.target));
        Ok(Raised { bytes: raised, report, reached })
    }

    /// Rule 4, looked at each time: no clause of PDF/A broken that held before, and no signature.
    fn checked(&self, before: &[u8], after: &[u8]) -> Result<Report> {
        let violations = pdf::check::violations(after);
        if let Some(first) = violations.first()
            && pdf::check::violations(before).is_empty()
        {
            return Err(kinds::NOT_ARCHIVAL.with("violations", format!("{} {}", first.clause, first.what)));
        }
        let report = self.verifier.report(after, Timestamp::now(), self.lang)?;
        match report.verdict {
            Verdict::Valid => Ok(report),
            _ => Err(refusal(report)),
        }
    }
}

/// The signatures of persons and organizations.
fn signatures(report: &Report) -> impl Iterator<Item = &SignatureReport> {
    report.signatures.iter().filter(|signature| signature.role.as_deref() != Some("timestamp"))
}

/// Whether a signature is at a level or above it; one of a form that knows no levels, whether it has the proofs of that level.
fn has_reached(signature: &SignatureReport, target: Level) -> bool {
    if signature.level.is_some() {
        return rank(signature.level.as_deref()) >= rank(Some(name(target)));
    }
    let (settled, time) = (signature.owed.is_empty(), signature.timestamp);
    match target {
        Level::BB => true,
        Level::BT => time != TimestampKind::None,
        Level::BLt => settled,
        Level::BLta => settled && time == TimestampKind::Document,
    }
}

fn rank(level: Option<&str>) -> usize {
    ["B-B", "B-T", "B-LT", "B-LTA"].iter().position(|known| Some(*known) == level).map_or(0, |at| at + 1)
}

fn name(level: Level) -> &'static str {
    match level {
        Level::BB => "B-B",
        Level::BT => "B-T",
        Level::BLt => "B-LT",
        Level::BLta => "B-LTA",
    }
}
