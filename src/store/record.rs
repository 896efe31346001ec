//! A document as `list` and `show` tell it, and the states that it passes.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{Born, Direction, Fields, FilePages, Finding, Route, Sha256};
use crate::ocr::Proposal;
use crate::scan::ScanPage;
use crate::scan::separator::Mark;
use crate::upload::Receipt;

use super::deliveries::Delivery;
use super::handover::HandedOver;

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Taken in.
    Captured,
    /// A finding waits for a person.
    Held,
    /// PDF/A.
    Built,
    /// Some of several persons have signed.
    PartlySigned,
    /// All persons have signed.
    Signed,
    /// Cleared for the organization.
    Authorised,
    /// The organization has signed.
    Sealed,
    /// Waits for a destination.
    Queued,
    /// Handed over, nothing heard yet.
    Sent,
    /// A relay took it.
    Accepted,
    /// Every required destination has it.
    Delivered,
    /// Registered and never sealed.
    Closed,
    /// A corrected document stands in its place.
    Replaced,
    /// Given up with a reason.
    Dropped,
}

impl State {
    /// Whether the organization has signed it and it is in force.
    pub fn is_sealed(self) -> bool {
        use State::{Accepted, Delivered, Queued, Sealed, Sent};
        matches!(self, Sealed | Queued | Sent | Accepted | Delivered)
    }

    /// All of them, in the order of the journey.
    pub const ALL: [State; 14] = [
        State::Captured,
        State::Held,
        State::Built,
        State::PartlySigned,
        State::Signed,
        State::Authorised,
        State::Sealed,
        State::Queued,
        State::Sent,
        State::Accepted,
        State::Delivered,
        State::Closed,
        State::Replaced,
        State::Dropped,
    ];

    /// Whether the document bears a signature and is still the one that counts.
    pub fn is_signed(self) -> bool {
        let unsigned = [State::Captured, State::Held, State::Built];
        !unsigned.contains(&self) && !matches!(self, State::Replaced | State::Dropped)
    }

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Captured => "captured",
            State::Held => "held",
            State::Built => "built",
            State::PartlySigned => "partly_signed",
            State::Signed => "signed",
            State::Authorised => "authorised",
            State::Sealed => "sealed",
            State::Queued => "queued",
            State::Sent => "sent",
            State::Accepted => "accepted",
            State::Delivered => "delivered",
            State::Closed => "closed",
            State::Replaced => "replaced",
            State::Dropped => "dropped",
        }
    }

    /// Whether a document may go from here to `next`. Forward only; signing again and dropping are the exceptions.
    pub fn may_become(self, next: State) -> bool {
        use State as S;
        match self {
            S::Captured => matches!(next, S::Held | S::Built | S::Replaced | S::Dropped),
            S::Held => matches!(next, S::Captured | S::Replaced | S::Dropped),
            S::Built => matches!(
                next,
                S::PartlySigned
                    | S::Signed
                    | S::Authorised
                    | S::Sealed
                    | S::Closed
                    | S::Replaced
                    | S::Dropped
            ),
            S::PartlySigned => matches!(next, S::PartlySigned | S::Signed | S::Closed | S::Replaced),
            S::Signed => matches!(next, S::Authorised | S::Sealed | S::Closed | S::Replaced),
            S::Authorised => matches!(next, S::Sealed | S::Signed | S::Replaced),
            S::Sealed => matches!(next, S::Sealed | S::Queued | S::Replaced),
            S::Queued | S::Sent | S::Accepted => {
                matches!(next, S::Queued | S::Sent | S::Accepted | S::Delivered)
            }
            S::Delivered => matches!(next, S::Sealed | S::Replaced),
            S::Closed => next == S::Replaced,
            S::Replaced | S::Dropped => false,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for State {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        State::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// Reason of a version that was built and then corrected before anybody signed it.
pub const REPLACED: &str = "build:replaced";

/// One stored version of a document's PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Digest of the file.
    pub sha256: Sha256,
    /// `build`, `build:replaced`, `sign:personal`, `sign:organization`.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A signature as it was judged when it was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SignatureRow(pub Value);

impl SignatureRow {
    /// The row of a report's signature.
    pub fn from_report(report: &crate::verify::SignatureReport) -> Self {
        Self(serde_json::to_value(report).unwrap_or(Value::Null))
    }
}

/// A document as the JSON contract tells it.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// `D-000001`.
    pub document: String,
    /// Outage reference.
    pub outage: String,
    /// Route.
    pub route: Route,
    /// Direction.
    pub direction: Direction,
    /// State.
    pub state: State,
    /// `personal`, `organization`, `clerk`, `destination`.
    pub waiting_for: Option<String>,
    /// The step of its route that it waits at, or that it was sent back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// `revocation`, `timestamp`.
    pub owed: Vec<String>,
    /// Number of pages.
    pub pages: usize,
    /// Bytes of its source files.
    pub bytes_in: u64,
    /// Bytes of its latest PDF.
    pub bytes_out: u64,
    /// What is known about it.
    pub fields: Fields,
    /// Names of the files of its pages, with the pages that were taken of each.
    pub files: Vec<FilePages>,
    /// Digests of its source files.
    pub source_sha256: Vec<Sha256>,
    /// When the scan was taken in; when the paper was signed stands in its fields.
    pub captured_at: Timestamp,
    /// When it was entered where it belongs: when the last required destination had it. None before that, whatever others have.
    pub entered_at: Option<Timestamp>,
    /// Cover sheets and empty sheets that were scanned along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub separators: Vec<Aside>,
    /// Pages that a person took out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped_pages: Vec<Aside>,
    /// Its stored versions.
    pub revisions: Vec<Revision>,
    /// Its signatures.
    pub signatures: Vec<SignatureRow>,
    /// Its receipts.
    pub receipts: Vec<Receipt>,
    /// Its deliveries that a destination refused; `upload` tries them again once a person has dealt with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<Delivery>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Facts that seem to stand on the paper and are not given so; nobody has accepted them yet.
    pub proposals: Vec<Proposal>,
    /// The document whose signatures it waits for: it goes along with that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// For what this very version went to another machine, as long as nothing has come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over: Option<HandedOver>,
    /// Made in a drill.
    pub drill: bool,
    /// What is known of a document that was written on a computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<Born>,
}

impl Record {
    /// Levels of the signatures of persons and organizations.
    pub fn levels(&self) -> impl Iterator<Item = Option<&str>> {
        let ours = self.signatures.iter().filter(|row| row.0["role"] != "timestamp");
        ours.map(|row| row.0["level"].as_str())
    }

    /// When the first signature stops being provable from the file alone, unless its proofs are renewed before.
    pub fn stands_until(&self) -> Option<Timestamp> {
        let ours = self.signatures.iter().filter(|row| row.0["role"] != "timestamp");
        ours.filter_map(|row| row.0["stands_until"].as_str()?.parse().ok()).min()
    }

    /// The version that counts now.
    pub fn latest(&self) -> Option<&Revision> {
        self.revisions.last().filter(|revision| revision.reason != REPLACED)
    }
}

/// A scanned sheet that is none of the document's pages.
#[derive(Clone, Debug, Serialize)]
pub struct Aside {
    /// Name of its file.
    pub file: String,
    /// Page of the file, counted from 1.
    pub page: u32,
    /// Code of the cover sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Why it was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Aside {
    /// A page that stands aside.
    pub(super) fn of(page: &ScanPage, reason: Option<String>) -> Self {
        let sheet = match &page.mark {
            Some(Mark::Sheet(code)) => Some(code.to_string()),
            _ => None,
        };
        Self { file: page.source_name.clone(), page: page.index + 1, sheet, reason }
    }
}

/// What is owed over all signatures, each once.
pub(super) fn owed(signatures: &[SignatureRow]) -> Vec<String> {
    let mut owed: Vec<String> = signatures
        .iter()
        .filter_map(|row| row.0.get("owed")?.as_array().cloned())
        .flatten()
        .filter_map(|v| v.as_str().map(str::to_owned))
        .collect();
    owed.sort();
    owed.dedup();
    owed
}
