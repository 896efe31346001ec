//! What one revision did, as far as rules explain it.

use crate::verify::Modifications;
use crate::verify::history::Code;

/// What a revision did.
#[derive(Clone, Debug)]
pub struct Step {
    /// The level of what is explained, or `Suspicious`.
    pub level: Modifications,
    /// Codes of what is not explained.
    pub codes: Vec<Code>,
    /// A signature field came in or was filled; a document time stamp does not count.
    pub signature: bool,
    /// It shows on a page.
    pub visible: bool,
    /// Full names of the fields that came in.
    pub added: Vec<String>,
    /// Full names of older fields that were signed.
    pub signed: Vec<String>,
    /// Full names of older fields that got another value, which is harmless only where a certification allows it.
    pub filled: Vec<String>,
}

impl Default for Step {
    fn default() -> Self {
        Self {
            level: Modifications::None,
            codes: Vec::new(),
            signature: false,
            visible: false,
            added: Vec::new(),
            signed: Vec::new(),
            filled: Vec::new(),
        }
    }
}

impl Step {
    pub(super) fn raise(&mut self, level: Modifications) {
        self.level = self.level.max(level);
    }

    /// Enters what no rule explains.
    pub fn suspect(&mut self, code: Code) {
        if removed(code) {
            return self.raise(Modifications::LtaUpdates);
        }
        self.raise(Modifications::Suspicious);
        if !self.codes.contains(&code) {
            self.codes.push(code);
        }
    }

    /// Something was drawn onto a page.
    pub(super) fn draws(&mut self) {
        if removed("annotation_added") {
            return self.raise(Modifications::LtaUpdates);
        }
        self.raise(Modifications::Annotations);
        if !self.codes.contains(&"annotation_added") {
            self.codes.push("annotation_added");
        }
    }

    /// A revision that brings nothing that a rule knows has no business behind a signature.
    pub(super) fn needs_a_reason(&mut self) {
        if self.level == Modifications::None && self.filled.is_empty() {
            self.suspect("revision_unexplained");
        }
    }
}

#[cfg(not(test))]
const fn removed(_: Code) -> bool {
    false
}

#[cfg(test)]
thread_local! {
    static REMOVED: std::cell::Cell<Code> = const { std::cell::Cell::new("") };
}

#[cfg(test)]
fn removed(code: Code) -> bool {
    REMOVED.get() == code
}

/// Runs `work` as if the rule with this code were not there: the negative control of the gallery.
#[cfg(test)]
pub fn without_rule<T>(code: Code, work: impl FnOnce() -> T) -> T {
    REMOVED.set(code);
    let result = work();
    REMOVED.set("");
    result
}
