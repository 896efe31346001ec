//! `[[route]]`: the way of documents that were written on a computer, step by step.

use serde::{Deserialize, Serialize};

use super::{Bilingual, Form, Profile, SealRequires, SignatureRule, provisional};
use crate::document::{Document, Route};
use crate::error::{Result, kinds};
use crate::sign::Role;

/// In which capacity somebody signs for another (Decree 30/2020 Appendix I Part I II.7.b): on behalf of the collective, acting
/// head, for the head, by order, by sub-authorisation.
pub const CAPACITIES: [&str; 5] = ["TM.", "Q.", "KT.", "TL.", "TUQ."];

/// The capacity that stands before a position: `KT. CHỦ TỊCH` is `KT.`.
pub fn capacity(position: &str) -> Option<&'static str> {
    let first = position.split_whitespace().next()?.to_uppercase();
    let first = first.split_inclusive('.').next()?;
    CAPACITIES.into_iter().find(|known| *known == first)
}

/// Which PDF files a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// PDF/A only.
    Pdfa,
    /// Any PDF, with the advice to save it as PDF/A.
    Pdf,
}

/// One `[[route]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteRules {
    /// `outgoing` or `internal`.
    pub name: Route,
    /// What it is for.
    pub title: Bilingual,
    /// Which files it takes.
    pub input: Input,
    /// Manifest column names that must be known before anybody signs.
    #[serde(default)]
    pub required: Vec<String>,
    /// What the organization's signature waits for.
    #[serde(default = "provisional")]
    pub seal_requires: SealRequires,
    /// Who signs, in order; each verified before the next.
    pub step: Vec<SignatureRule>,
    /// The organization's signature on attachments in files of their own (Decree 30/2020 App. I Part I II.8).
    pub attachment: Option<SignatureRule>,
}

impl RouteRules {
    /// The steps of persons.
    pub fn personal(&self) -> impl Iterator<Item = &SignatureRule> {
        self.step.iter().filter(|step| step.role == Role::Personal)
    }

    /// The organization's step.
    pub fn organization(&self) -> Option<&SignatureRule> {
        self.step.iter().find(|step| step.role == Role::Organization)
    }

    /// A personal step by its name.
    pub fn step_named(&self, name: &str) -> Option<&SignatureRule> {
        self.personal().find(|step| step.step == name)
    }

    /// The personal steps that a document takes, by name: those that were asked for, else all that are not optional.
    ///
    /// # Errors
    /// [`kinds::ROUTE_STEPS`] when an unknown one is asked for, one stands before its turn or twice, or one is missing.
    pub fn chosen(&self, wanted: &[String]) -> Result<Vec<String>> {
        let known: Vec<&SignatureRule> = self.personal().collect();
        let names = known.iter().map(|step| step.step.as_str()).collect::<Vec<_>>().join(", ");
        if wanted.is_empty() {
            return Ok(known.iter().filter(|step| !step.optional).map(|step| step.step.clone()).collect());
        }
        let wrong = |step: &str| kinds::ROUTE_STEPS.with("step", step).with("known", &names);
        let mut last: Option<usize> = None;
        for name in wanted {
            let place = known.iter().position(|step| step.step == *name).ok_or_else(|| wrong(name))?;
            let again = last == Some(place) && !known[place].repeat;
            if again || last.is_some_and(|last| place < last) {
                return Err(wrong(name));
            }
            last = Some(place);
        }
        match known.iter().find(|step| !step.optional && !wanted.contains(&step.step)) {
            Some(missing) => Err(wrong(&missing.step)),
            None => Ok(wanted.to_vec()),
        }
    }
}

/// Who signs one document.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    /// Persons, in order.
    pub personal: Vec<&'a SignatureRule>,
    /// The organization; none where it does not sign.
    pub organization: Option<&'a SignatureRule>,
    /// What the organization's signature waits for.
    pub seal_requires: SealRequires,
}

impl Profile {
    /// What a step of a route is called; by its own name where the profile has changed meanwhile.
    pub fn step_title(&self, route: Route, step: &str) -> Bilingual {
        let rule = self.route_rules(route).ok().and_then(|rules| rules.step_named(step));
        let title = rule.and_then(|rule| rule.title.clone());
        title.unwrap_or_else(|| Bilingual { vi: step.to_owned(), en: step.to_owned() })
    }

    /// Who signs this document.
    ///
    /// # Errors
    /// [`kinds::ROUTE_MISSING`], [`kinds::ROUTE_STEPS`] where the profile has changed since the document was taken in.
    pub fn chain(&self, document: &Document) -> Result<Chain<'_>> {
        let Some(born) = &document.born else {
            let copied = document.form(self.recovery.form) == Form::SaoY;
            let personal = self.signature.iter().filter(|rule| rule.role == Role::Personal && !copied);
            return Ok(Chain {
                personal: personal.collect(),
                organization: self.signature_rule(Role::Organization, 0),
                seal_requires: self.recovery.seal_requires,
            });
        };
        let rules = self.route_rules(document.route)?;
        let seal_requires = rules.seal_requires;
        if document.is_attachment() {
            return Ok(Chain {
                personal: Vec::new(),
                organization: rules.attachment.as_ref(),
                seal_requires,
            });
        }
        let known = || rules.personal().map(|step| step.step.as_str()).collect::<Vec<_>>().join(", ");
        let step = |name: &String| {
            let missing = || kinds::ROUTE_STEPS.with("step", name).with("known", known());
            rules.step_named(name).ok_or_else(missing)
        };
        let personal = born.steps.iter().map(step).collect::<Result<Vec<_>>>()?;
        Ok(Chain { personal, organization: rules.organization(), seal_requires })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{BUILT_IN, Profile};

    #[test]
    fn capacities_are_read_before_the_position() {
        for (position, wanted) in [
            ("KT. CHỦ TỊCH", Some("KT.")),
            ("TL.CHỦ TỊCH", Some("TL.")),
            ("Tuq. Giám đốc", Some("TUQ.")),
            ("Q. TRƯỞNG PHÒNG", Some("Q.")),
            ("TM. ỦY BAN NHÂN DÂN", Some("TM.")),
            ("CHỦ TỊCH", None),
            ("TLX. ai đó", None),
            ("", None),
        ] {
            assert_eq!(capacity(position), wanted, "{position}");
        }
    }

    #[test]
    fn steps_keep_their_order_and_only_optional_ones_are_left_out() {
        let (_, text) = BUILT_IN[1];
        let profile = Profile::parse("vn-state", text).unwrap();
        let outgoing = profile.route_rules(Route::Outgoing).unwrap();
        let names = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(outgoing.chosen(&[]).unwrap(), names("content_check format_check approval"));
        assert_eq!(outgoing.chosen(&names("content_check approval")).unwrap_err().code(), "route_steps");
        assert!(outgoing.chosen(&names("format_check content_check approval")).is_err());
        assert!(outgoing.chosen(&names("content_check format_check approval approval")).is_err());
        assert!(outgoing.chosen(&names("content_check format_check blessing")).is_err());
        let internal = profile.route_rules(Route::Internal).unwrap();
        assert_eq!(internal.chosen(&names("approval approval approval")).unwrap().len(), 3);
        assert_eq!(internal.chosen(&[]).unwrap(), ["approval"]);
        assert!(internal.organization().is_none());
        assert_eq!(profile.step_title(Route::Outgoing, "approval").en, "Approval");
        assert_eq!(profile.step_title(Route::Outgoing, "blessing").vi, "blessing");
    }
}
