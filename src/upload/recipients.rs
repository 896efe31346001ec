//! Whom a document goes to, where a destination has several receivers: its own recipients (Nơi nhận) decide.

use crate::error::{Error, kinds};
use crate::register::folded;

use super::Parcel;

/// Recipients of a document as they are compared; none when it names none and goes to everybody.
pub(super) struct Recipients {
    written: String,
    plain: Vec<String>,
    document: String,
}

impl Recipients {
    /// Of a parcel; none where the document names none.
    pub fn of(parcel: &Parcel) -> Option<Self> {
        let written = parcel.facts.get("recipients").filter(|all| !all.is_empty())?.clone();
        let plain = written.split("; ").map(plain).collect();
        Some(Self { written, plain, document: parcel.facts.get("document").cloned().unwrap_or_default() })
    }

    /// Whether one of these names is a recipient, without regard to marks and capitals.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.plain.contains(&plain(name)))
    }

    /// None of them is a receiver of the destination, which has these: it must not go to others.
    pub fn unknown(&self, destination: &str, receivers: &str) -> Error {
        kinds::RECIPIENTS_UNKNOWN
            .with("document", &self.document)
            .with("recipients", &self.written)
            .with("destination", destination)
            .with("receivers", receivers)
    }
}

/// A name without marks, capitals and doubled spaces.
fn plain(name: &str) -> String {
    folded(name).split_whitespace().collect::<Vec<_>>().join(" ")
}
