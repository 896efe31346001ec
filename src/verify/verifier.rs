//! One verifier for many files, and the door that only files that hold pass through.

use jiff::Timestamp;

use super::learned::Learned;
use super::{By, Report, Trust, Verdict, Verified, judged, report};
use crate::document::Hashing;
use crate::error::Result;
use crate::fetch::{Fetch, Offline};
use crate::locales::Lang;
use crate::sign::Signed;

/// Judges files one after the other by the same anchors, each as [`super::report()`] does; what it learns of certificates and paths it
/// does not look up again.
#[derive(Debug, Default)]
pub struct Verifier {
    trust: Trust,
    learned: Learned,
}

impl Verifier {
    /// By these anchors.
    pub fn new(trust: Trust) -> Self {
        Self { trust, learned: Learned::default() }
    }

    /// The anchors.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// As [`super::report()`].
    ///
    /// # Errors
    /// As [`super::report()`].
    pub fn report(&self, bytes: &[u8], at: Timestamp, lang: Lang) -> Result<Report> {
        self.report_with(bytes, at, lang, &Offline)
    }

    /// As [`super::report_with`].
    ///
    /// # Errors
    /// As [`super::report()`].
    pub fn report_with(&self, bytes: &[u8], at: Timestamp, lang: Lang, fetch: &dyn Fetch) -> Result<Report> {
        judged(bytes, &self.by(None), at, lang, fetch, None)
    }

    /// As [`Verifier::report`], of a file whose beginning was hashed in these very bytes of memory and is not hashed again.
    ///
    /// # Errors
    /// As [`super::report()`].
    pub(crate) fn report_begun(
        &self,
        bytes: &[u8],
        begun: &Hashing,
        at: Timestamp,
        lang: Lang,
    ) -> Result<Report> {
        judged(bytes, &self.by(Some(begun)), at, lang, &Offline, None)
    }

    pub(super) fn by<'v>(&'v self, begun: Option<&'v Hashing>) -> By<'v> {
        By { trust: &self.trust, learned: &self.learned, begun }
    }

    /// As [`check`].
    ///
    /// # Errors
    /// As [`check`].
    pub fn check(&self, signed: Signed, at: Timestamp) -> Checked {
        let report = self.report(signed.bytes(), at, Lang::En);
        passed(signed, report)
    }
}

/// Lets a file through whose every signature is intact, trusted and followed by nothing but further signatures; what is
/// owed (revocation, time proof) stands in its report. Every other file comes back with the report.
///
/// # Errors
/// The file and its report, sentences in English; [`Report::in_language`] gives others.
pub fn check(signed: Signed, trust: &Trust, at: Timestamp) -> Checked {
    let report = report(signed.bytes(), trust, at, Lang::En);
    passed(signed, report)
}

/// A file that was let through, or one that comes back with its report.
pub type Checked = std::result::Result<Verified, Box<(Signed, Report)>>;

fn passed(signed: Signed, report: Result<Report>) -> Checked {
    let unreadable = Report { verdict: Verdict::Invalid, drill: false, outage: None, signatures: Vec::new() };
    let report = report.unwrap_or(unreadable);
    match report.verdict {
        Verdict::Valid => Ok(Verified { signed, report }),
        _ => Err(Box::new((signed, report))),
    }
}
