//! What a signature shows on the page, and where: worked out by the same lines for the key that signs and for the person who
//! wants to see it before.

use std::sync::OnceLock;

use jiff::Timestamp;

use crate::document::Document;
use crate::error::{Error, Result, kinds};
use crate::pdf::read::Base;
use crate::profile::{Placing, SignatureRule, Visible};
use crate::sign::form::{self, Covered, Wanted};
use crate::sign::picture::{Picture, Placed};
use crate::sign::{self, Role};
use crate::station::Workspace;

use super::super::files::picture;
use super::super::wording;

/// Who signs what, as far as it shows.
pub(super) struct Shows<'a> {
    pub workspace: &'a Workspace,
    pub role: Role,
    /// The picture of the key, once one was needed.
    pub picture: &'a OnceLock<Picture>,
    /// Name on the certificate, where it is known.
    pub signer: Option<&'a str>,
    /// The document that the words are about.
    pub document: &'a Document,
    /// The file that gets the signature.
    pub bytes: &'a [u8],
}

impl Shows<'_> {
    /// The visible form that the profile wants, none for a signature that does not show, with what a picture covers. `chosen` is
    /// the place that a person has chosen.
    ///
    /// # Errors
    /// [`kinds::FORM_NO_PLACE`], [`kinds::FORM_OUTSIDE`], [`kinds::PLACE_BY_RULE`], an unusable picture.
    pub fn by(
        &self,
        rule: &SignatureRule,
        chosen: Option<&Wanted>,
        at: Timestamp,
    ) -> Result<(Option<sign::Visible>, Vec<Covered>)> {
        match rule.visible {
            Visible::None => Ok((None, Vec::new())),
            Visible::Text => {
                let say = |line: &String| wording::sentence(line, self.document, self.workspace, at);
                Ok((Some(sign::Visible::Text(rule.lines.iter().map(say).collect())), Vec::new()))
            }
            Visible::Picture => {
                let (placed, covered) = self.placed(rule, chosen)?;
                Ok((Some(sign::Visible::Picture(Box::new(placed))), covered))
            }
        }
    }

    /// Whether a person may choose another place than that of the rule.
    pub fn may_choose(&self, rule: &SignatureRule) -> bool {
        let none_found = || self.by_rule().is_err_and(|error| is_no_place(&error));
        rule.visible == Visible::Picture && (rule.place == Placing::Chosen || none_found())
    }

    fn placed(&self, rule: &SignatureRule, chosen: Option<&Wanted>) -> Result<(Placed, Vec<Covered>)> {
        match chosen {
            None | Some(Wanted::ByRule) => self.by_rule(),
            Some(_) if !self.may_choose(rule) => {
                Err(kinds::PLACE_BY_RULE.with("profile", &self.workspace.profile.id))
            }
            Some(wanted) => self.at(wanted),
        }
    }

    /// The picture of the key above the name of the signer: the name on the certificate, else the one that the document is
    /// known to be signed by.
    fn by_rule(&self) -> Result<(Placed, Vec<Covered>)> {
        let by_certificate = self.at(&Wanted::ByRule);
        match (by_certificate, &self.document.fields.signer_name) {
            (Err(error), Some(known)) if is_no_place(&error) => self.at(&Wanted::Above(known.clone())),
            (found, _) => found,
        }
    }

    fn at(&self, wanted: &Wanted) -> Result<(Placed, Vec<Covered>)> {
        let picture = match self.picture.get() {
            Some(picture) => picture,
            None => {
                let loaded = picture(Some(self.workspace), self.role)?;
                self.picture.get_or_init(|| loaded)
            }
        };
        let base = Base::open(self.bytes)?;
        match (self.signer, wanted) {
            // Without a name only what needs none is found: the place over a signature that shows.
            (None, Wanted::ByRule) if !form::has_shown(&base) => Err(kinds::FORM_NO_PLACE.with("text", "…")),
            (name, wanted) => form::place(&base, self.role, picture.clone(), name.unwrap_or("…"), wanted),
        }
    }
}

fn is_no_place(error: &Error) -> bool {
    error.code() == kinds::FORM_NO_PLACE.code
}
