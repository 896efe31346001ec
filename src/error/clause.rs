//! Parts of a sentence that are sentences themselves: why a file cannot be used, what is wrong with a key. They stand in the
//! locale files as `why-...` and are put in the reader's language when the message is made, not where the fault is found.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Error, message_id};
use crate::locales::{self, Lang};

/// Part of a sentence, in the language of whoever reads it. It is no [`fmt::Display`] on purpose: to print it one has to say in
/// which language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    id: Cow<'static, str>,
    args: Vec<(Cow<'static, str>, Value)>,
}

impl Clause {
    /// The clause `id` of the locale files, without arguments.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Self {
        Self { id: id.into(), args: Vec::new() }
    }

    /// Text of a library or of the operating system, which nobody has translated; it is said to be that.
    pub fn technical(text: impl fmt::Display) -> Self {
        Self::new("why-technical").with("technical", text)
    }

    /// The sentence of a refusal that stands behind another one.
    pub fn of(error: &Error) -> Self {
        let args = error.args.iter().map(|(name, value)| (name.clone(), value.clone()));
        Self { args: args.collect(), ..Self::new(message_id(error.kind.code)) }
    }

    /// Adds an argument.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Argument) -> Self {
        self.args.push((name.into(), value.into_value()));
        self
    }

    /// The clause in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        locales::text(lang, &self.id, &in_lang(&self.args, lang))
    }
}

/// What can stand in a sentence: everything that looks the same in every language, and clauses.
pub trait Argument {
    /// The argument as it is kept.
    fn into_value(self) -> Value;
}

impl<T: fmt::Display> Argument for T {
    fn into_value(self) -> Value {
        Value { plain: self.to_string(), clause: None }
    }
}

impl Argument for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl Argument for Clause {
    fn into_value(self) -> Value {
        Value { plain: self.text(Lang::En), clause: Some(self) }
    }
}

/// An argument as it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// The text; that of a clause in English.
    plain: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clause: Option<Clause>,
}

impl Value {
    /// The text that programs compare and logs keep.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// Not more than so many characters of text; what is longer is no clause of ours.
    pub(super) fn shortened(&self, most: usize) -> Self {
        match self.plain.char_indices().nth(most) {
            Some((end, _)) => {
                Self { plain: self.plain.get(..end).unwrap_or_default().to_owned(), clause: None }
            }
            None => self.clone(),
        }
    }

    fn in_lang(&self, lang: Lang) -> Cow<'_, str> {
        match &self.clause {
            Some(clause) if lang != Lang::En => Cow::Owned(clause.text(lang)),
            _ => Cow::Borrowed(&self.plain),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

/// Arguments as they stand in a sentence of `lang`.
pub(super) fn in_lang<N: AsRef<str>>(args: &[(N, Value)], lang: Lang) -> Vec<(&str, Cow<'_, str>)> {
    args.iter().map(|(name, value)| (name.as_ref(), value.in_lang(lang))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::kinds;

    #[test]
    fn a_clause_is_said_in_the_language_of_the_sentence_around_it() {
        let inner = kinds::FILE_MISSING.with("path", "pin.txt");
        let error = kinds::PIN_FILE_UNREADABLE.with("path", "p").with("cause", Clause::of(&inner));
        assert!(error.message(Lang::Vi).contains(&inner.message(Lang::Vi)));
        assert!(error.message(Lang::En).contains(&inner.message(Lang::En)));
        assert_eq!(error.arg("cause"), Some(inner.message(Lang::En).as_str()));
        let deep = Clause::new("why-destination")
            .with("destination", "dms")
            .with("fault", Clause::new("why-missing").with("key", "url"));
        assert_eq!(deep.text(Lang::En), "[[destination]] dms: url is missing");
        assert!(deep.text(Lang::Vi).ends_with("còn thiếu url"), "{}", deep.text(Lang::Vi));
    }
}
