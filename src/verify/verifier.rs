//! One verifier for many files.

use jiff::Timestamp;

use super::memo::Memo;
use super::{Checked, Report, Trust, judged, passed};
use crate::error::Result;
use crate::fetch::{Fetch, Offline};
use crate::locales::Lang;
use crate::sign::Signed;

/// Judges files one after the other by the same anchors, each as [`super::report()`] does; what it learns of certificates and paths it
/// does not look up again.
#[derive(Debug, Default)]
pub struct Verifier {
    trust: Trust,
    memo: Memo,
}

impl Verifier {
    /// By these anchors.
    pub fn new(trust: Trust) -> Self {
        Self { trust, memo: Memo::default() }
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
        judged(bytes, (&self.trust, &self.memo), at, lang, fetch, None)
    }

    /// As [`super::check`].
    ///
    /// # Errors
    /// As [`super::check`].
    pub fn check(&self, signed: Signed, at: Timestamp) -> Checked {
        let report = self.report(signed.bytes(), at, Lang::En);
        passed(signed, report)
    }
}
