//! Documents that were written on a computer: a PDF that is taken as it is, the file that it was written in, and the persons who
//! sign it, step by step (DESIGN, routes `outgoing` and `internal`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Direction, Document, Fields, Route, Sha256};
use crate::profile::Form;

/// Step of whoever wrote the document: there a corrected one comes from.
pub const AUTHOR: &str = "author";

/// A route that no outage leads to. There is no other way to a document without an outage reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum BornRoute {
    /// Issued.
    Outgoing,
    /// Not issued.
    Internal,
}

impl From<BornRoute> for Route {
    fn from(route: BornRoute) -> Self {
        match route {
            BornRoute::Outgoing => Route::Outgoing,
            BornRoute::Internal => Route::Internal,
        }
    }
}

/// A file that lies among the blobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its name, NFC, without folder.
    pub name: String,
    /// Its digest.
    pub sha256: Sha256,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A document that was sent back; its signatures stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// To which step, or to [`AUTHOR`].
    pub to: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What is known of a document that was written on a computer, beside its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Born {
    /// The PDF as it came. It never changes but by appended signatures.
    pub pdf: KeptFile,
    /// Number of its pages.
    pub pages: u32,
    /// Whether it is PDF/A.
    pub archival: bool,
    /// The Word file, or whatever else it was written in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub written_in: Vec<KeptFile>,
    /// Files that go along, as they came; each is a document of its own ([`Born::attachment_of`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<KeptFile>,
    /// Steps of its personal signatures, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// The document that it goes along with; then only the organization signs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_of: Option<String>,
    /// The document in whose place it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The document that stands in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// Where it was sent back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SentBack>,
}

impl Born {
    /// The step that a document with so many personal signatures waits at; none when all have signed.
    pub fn step(&self, signed: usize) -> Option<&str> {
        self.steps.get(signed).map(String::as_str)
    }

    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = &KeptFile> {
        std::iter::once(&self.pdf).chain(&self.written_in)
    }
}

impl Document {
    /// A document that was written on a computer.
    pub fn born(route: BornRoute, fields: Fields, born: Born, captured_at: Timestamp) -> Self {
        Self {
            outage: String::new(),
            route: route.into(),
            fields: Fields { direction: Direction::Outgoing, ..fields },
            pages: Vec::new(),
            captured_at,
            attestation: None,
            findings: Vec::new(),
            // Nothing marks the pages of a file that is taken as it is, so a drill takes none.
            drill: false,
            separators: Vec::new(),
            dropped: Vec::new(),
            manifest: None,
            born: Some(born),
        }
    }

    /// The legal form of this document under a profile of the form `form`: what others wrote is copied, never signed again by our
    /// persons; what was written on a computer is signed by them; what goes along with it by the organization only.
    pub fn form(&self, form: Form) -> Form {
        match (&self.born, self.is_attachment()) {
            (Some(_), false) => Form::ReSign,
            (_, true) => Form::SaoY,
            _ => form.of(self.fields.direction),
        }
    }

    /// Whether nothing that a person has to attest before it is built is missing.
    pub fn is_attested(&self, form: Form) -> bool {
        self.born.is_some() || self.form(form) == Form::ReSign || self.attestation.is_some()
    }

    /// Whether it goes along with another document.
    pub fn is_attachment(&self) -> bool {
        self.born.as_ref().is_some_and(|born| born.attachment_of.is_some())
    }
}
