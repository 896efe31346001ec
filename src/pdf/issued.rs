//! A PDF that a program wrote: taken as it is, never compressed again, never built anew. What it may not hold is what nobody
//! should sign: layers, scripts, fields to fill in, content in waiting.

use super::{Read, check, load, signatures_in};
use crate::document::Sha256;
use crate::error::{Result, kinds};
use crate::verify::hidden;

use super::read::Base;

/// Most pages.
const MAX_PAGES: usize = 10_000;

/// Bytes of a PDF that was written on a computer and may be signed, without signatures.
#[derive(Clone, Debug)]
pub struct IssuedPdf {
    bytes: Vec<u8>,
    document: lopdf::Document,
    clean: Option<check::Clean>,
    /// The first clause of PDF/A that does not hold.
    violation: Option<String>,
    pages: usize,
}

impl IssuedPdf {
    /// Takes a file and looks at it.
    ///
    /// # Errors
    /// A file that is no PDF, is damaged or has a password; what [`hidden::refuse`] refuses; [`kinds::ALREADY_SIGNED`];
    /// [`kinds::BORN_IS_RECOVERED`] for the result of a scan.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let base = Base::open(&bytes)?;
        let pages = base.pages(MAX_PAGES)?.len();
        drop(base);
        hidden::refuse(&bytes)?;
        let document = load(&bytes)?;
        if signatures_in(&document)? > 0 {
            return Err(kinds::ALREADY_SIGNED.error());
        }
        let look = check::of(&bytes, Some(&document));
        if look.recovery.is_some() {
            return Err(kinds::BORN_IS_RECOVERED.error());
        }
        let violation = look.violations.first().map(|v| format!("{} {}", v.clause, v.what));
        Ok(Self { clean: look.clean(), bytes, document, violation, pages })
    }

    /// Whether it is PDF/A.
    pub fn is_archival(&self) -> bool {
        self.violation.is_none()
    }

    /// The first clause of PDF/A that does not hold.
    pub fn violation(&self) -> Option<&str> {
        self.violation.as_deref()
    }

    /// Number of its pages.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Digest of the file.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.bytes)
    }

    /// The file and what was read of it, giving the stage up.
    pub(crate) fn into_read(self) -> Read {
        Read { bytes: self.bytes, document: Some(self.document), clean: self.clean, hashed: None }
    }
}
