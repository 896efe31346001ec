//! Documents that go from one machine to another and back without a database server between them: on a stick, in a shared
//! folder. A bundle is a ZIP with a list that the sending station has signed and one PDF a document.
//!
//! ```text
//! bundle.json   what is in it: documents with state, digest and record; outages; who sent it, for which role
//! bundle.sig    ECDSA P-256 with SHA-256 over bundle.json by the station's own key (DER)
//! station.spki  the public key (SubjectPublicKeyInfo), which the receiver knows by its fingerprint
//! D-000001.pdf  the latest version of each document
//! ```
//! The signature says from which station it came; what the PDFs are worth is found out from their own signatures, by the
//! receiver, as if they had come from anywhere.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Sha256};
use crate::outage::Outage;
use crate::store::State;

mod archive;
mod identity;

pub use archive::{Opened, open, write};
pub use identity::Identity;

/// Version of the list.
pub const SCHEMA: u32 = 1;

/// For whom a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Documents that wait for a personal signature.
    Personal,
    /// Documents that wait for the organization's signature.
    Organization,
    /// Sealed documents, for the machine that delivers.
    Delivery,
}

impl Purpose {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Personal => "personal",
            Purpose::Organization => "organization",
            Purpose::Delivery => "delivery",
        }
    }
}

/// The list of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Name of the sending station, for people.
    pub station: String,
    /// Name of its office, for people.
    pub office: String,
    /// For whom.
    pub purpose: Purpose,
    /// When it was made.
    pub made_at: Timestamp,
    /// Documents of a drill.
    pub drill: bool,
    /// The outages of its documents.
    pub outages: Vec<Outage>,
    /// Its documents.
    pub documents: Vec<Item>,
}

/// Where a document was taken in: its home, whatever machines it went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Fingerprint of the station's key.
    pub station: Sha256,
    /// Its number there, `D-000001`.
    pub document: String,
}

/// One document of a bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Name of its file in the bundle.
    pub file: String,
    /// Its home.
    pub origin: Origin,
    /// Where it stood.
    pub state: State,
    /// Digest of the file.
    pub sha256: Sha256,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of its scans, which stay at home.
    pub bytes_in: u64,
    /// What is known about it.
    pub document: Document,
}
