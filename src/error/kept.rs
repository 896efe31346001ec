//! A refusal as a store keeps it, to be told later in the language of whoever looks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::{Error, Value, kinds};

/// Longest argument that is kept, in characters; servers say what they like.
const LONGEST: usize = 400;

/// Code and arguments of an [`Error`], as JSON; in older stores the code alone, or an English sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept(String);

#[derive(Serialize, Deserialize)]
struct Fields {
    code: String,
    args: BTreeMap<String, Value>,
}

impl Kept {
    /// Of a refusal.
    pub fn of(error: &Error) -> Self {
        let args =
            error.args.iter().map(|(name, value)| (name.to_string(), value.shortened(LONGEST))).collect();
        let fields = Fields { code: error.code().to_owned(), args };
        Self(serde_json::to_string(&fields).unwrap_or_else(|_| error.code().to_owned()))
    }

    /// As it was read from a store.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is written to a store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The refusal again. What nobody knows any more is the cause of a destination that is away.
    pub fn error(&self) -> Error {
        let fields = serde_json::from_str(&self.0)
            .unwrap_or_else(|_| Fields { code: self.0.clone(), args: BTreeMap::new() });
        match kinds::ALL.iter().find(|kind| kind.code == fields.code) {
            Some(kind) => {
                fields.args.into_iter().fold(kind.error(), |error, (name, value)| error.with(name, value))
            }
            None => kinds::DESTINATION_AWAY.with("destination", "–").with("cause", fields.code),
        }
    }
}

/// In JSON output it is its sentence in English.
impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.error().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;

    #[test]
    fn is_told_again_in_either_language() {
        let error = kinds::DESTINATION_REFUSED.with("destination", "dms").with("status", "HTTP 413");
        let again = Kept::stored(Kept::of(&error).as_str().to_owned()).error();
        for lang in [Lang::En, Lang::Vi] {
            assert_eq!(again.message(lang), error.message(lang));
            assert_eq!(again.advice(lang), error.advice(lang));
        }
    }

    #[test]
    fn what_older_programs_kept_is_still_told() {
        assert_eq!(Kept::stored("destination_full".to_owned()).error().code(), "destination_full");
        let sentence = "The destination dms is away: HTTP 503";
        assert!(Kept::stored(sentence.to_owned()).error().to_string().contains("HTTP 503"));
    }

    #[test]
    fn what_a_server_says_is_kept_in_part() {
        let error = kinds::DESTINATION_AWAY.with("cause", "ă".repeat(100_000));
        assert!(Kept::of(&error).as_str().len() < 1_000);
    }
}
