//! The outage record: what failed, since when, who declared it, and what was handed out on paper meanwhile.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Result, kinds};

/// State of an outage; it only moves forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageState {
    /// Noticed.
    #[default]
    Open,
    /// Declared by someone with the authority to do so.
    Declared,
    /// The systems are back.
    Restored,
    /// Paper is being entered.
    Recovering,
    /// Every number is accounted for.
    Reconciled,
    /// Done.
    Closed,
}

/// One outage (biên bản ghi nhận sự cố; notes of Decree 30/2020 App. VI IV.1.e).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outage {
    /// The reference that goes into every document, for example `SC-H01.151-2026-0007`.
    pub reference: String,
    /// Number at the help desk.
    pub ticket: Option<String>,
    /// Systems that failed.
    pub systems: Vec<String>,
    /// Units that were hit.
    pub units: Vec<String>,
    /// Planned, power, network, application, cyber, provider, trust service.
    pub category: Option<String>,
    /// When it was noticed.
    pub detected_at: Option<Timestamp>,
    /// When it was declared.
    pub declared_at: Option<Timestamp>,
    /// Who declared it.
    pub declared_by: Option<String>,
    /// The document that declares it.
    pub declaration_document: Option<String>,
    /// When the systems were back.
    pub restored_at: Option<Timestamp>,
    /// Begin of the window in which paper is accepted.
    pub paper_from: Option<Timestamp>,
    /// End of that window.
    pub paper_to: Option<Timestamp>,
    /// Cover-sheet kits handed out.
    pub kits: Vec<String>,
    /// Number blocks handed out, as written: `CV:120-180`.
    pub number_blocks: Vec<String>,
    /// Citations of the legal basis.
    pub legal_basis: Vec<String>,
    /// Where it stands.
    pub state: OutageState,
    /// A drill, not a real outage.
    pub drill: bool,
}

impl Outage {
    /// When it began, as well as it is known.
    pub fn start(&self) -> Option<Timestamp> {
        self.paper_from.or(self.detected_at).or(self.declared_at)
    }

    /// Whether paper of this outage is still taken in.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_CLOSED`].
    pub fn accepts_intake(&self) -> Result<()> {
        match self.state {
            OutageState::Closed | OutageState::Reconciled => {
                Err(kinds::OUTAGE_CLOSED.with("reference", &self.reference))
            }
            _ => Ok(()),
        }
    }
}
