//! The outage record: what failed, since when, who declared it, and what was handed out on paper meanwhile.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{Result, kinds};

/// Longest reference in characters (our limit): it stands in every signature and in names of files.
const MAX_REFERENCE: usize = 64;

/// Clocks of two machines differ.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// State of an outage; it moves forward, except that a closed one is opened again when paper turns up.
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

    /// Refuses a record that would make trouble in every document: the reference goes into metadata, reasons and names, and
    /// the window of paper has to have an inside.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_REFERENCE`], [`kinds::PAPER_WINDOW`].
    pub fn check(&self) -> Result<()> {
        if !is_reference(&self.reference) {
            let shown: String = self.reference.chars().take(MAX_REFERENCE).collect();
            return Err(kinds::OUTAGE_REFERENCE.with("reference", shown).with("limit", MAX_REFERENCE));
        }
        match (self.paper_from, self.paper_to) {
            (Some(from), Some(to)) if from > to => Err(kinds::PAPER_WINDOW.with("from", from).with("to", to)),
            _ => Ok(()),
        }
    }

    /// Refuses a time at which the systems cannot have been back, and an outage that is over.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_CLOSED_BEFORE`], [`kinds::RESTORED_TIME`].
    pub fn check_close(&self, restored: Timestamp, now: Timestamp) -> Result<()> {
        if self.state == OutageState::Closed {
            let at = self.restored_at.map(|at| at.to_string()).unwrap_or_default();
            return Err(kinds::OUTAGE_CLOSED_BEFORE.with("reference", &self.reference).with("at", at));
        }
        let early = self.start().filter(|start| restored < *start);
        match early.is_some() || restored > now + TOLERANCE {
            true => {
                let from = self.start().map(|at| at.to_string()).unwrap_or_default();
                Err(kinds::RESTORED_TIME.with("restored", restored).with("from", from).with("now", now))
            }
            false => Ok(()),
        }
    }

    /// Refuses to open again what is not closed.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_NOT_CLOSED`].
    pub fn check_reopen(&self) -> Result<()> {
        match self.state {
            OutageState::Closed => Ok(()),
            _ => Err(kinds::OUTAGE_NOT_CLOSED.with("reference", &self.reference)),
        }
    }

    /// Refuses kits that belong to one of the others: a cover sheet says of one outage only.
    ///
    /// # Errors
    /// [`kinds::KIT_BOUND`].
    pub fn check_kits(&self, others: &[Outage]) -> Result<()> {
        for other in others.iter().filter(|other| other.reference != self.reference) {
            if let Some(kit) = self.kits.iter().find(|kit| other.kits.contains(kit)) {
                return Err(kinds::KIT_BOUND.with("kit", kit).with("reference", &other.reference));
            }
        }
        Ok(())
    }

    /// Whether paper of this outage is still taken in.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_CLOSED`].
    pub fn accepts_intake(&self) -> Result<()> {
        match self.state {
            OutageState::Closed => Err(kinds::OUTAGE_CLOSED.with("reference", &self.reference)),
            // Paper that turns up after the reconciliation is taken in, and the next one says so.
            _ => Ok(()),
        }
    }
}

/// Letters, digits and `- _ . /`; between two slashes there is a name and not a way to another folder.
fn is_reference(text: &str) -> bool {
    let known = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    let named = |part: &str| part.contains(char::is_alphanumeric);
    text.chars().count() <= MAX_REFERENCE && text.chars().all(known) && text.split('/').all(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_names_that_every_system_takes() {
        for good in ["SC-1", "SC-H01.151-2026-0007", "2026/07", "Sự_cố.3"] {
            assert!(is_reference(good), "{good}");
        }
        for bad in
            ["", "../x y'", "a b", "a'b", "a/../b", "/a", "a/", "a//b", "SC;1", "a\nb", &"a".repeat(65)]
        {
            assert!(!is_reference(bad), "{bad}");
        }
    }
}
