//! Text with names in braces, as `/api/documents/{id}/`. In addresses every value is escaped, so that no fact of a document can
//! lead elsewhere.

use std::borrow::Cow;

use serde::Deserialize;

use crate::error::Clause;
use crate::upload::parcel::Parcel;

/// A text with places for values.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(String),
}

impl From<String> for Template {
    fn from(text: String) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Value(name.to_owned()));
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self(pieces)
    }
}

impl Template {
    /// Whether every name is a fact of documents or one of `known`.
    ///
    /// # Errors
    /// The name that nobody knows.
    pub fn check(&self, known: &[&str]) -> Result<(), Clause> {
        let names = self.0.iter().filter_map(|piece| match piece {
            Piece::Value(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        });
        let mut unknown = names.filter(|name| !Parcel::is_fact(name) && !known.contains(name));
        unknown
            .next()
            .map_or(Ok(()), |name| Err(Clause::new("why-recipe-name").with("name", format!("{{{name}}}"))))
    }

    /// The text with its values; what is not known comes out empty.
    pub fn fill(&self, value: &dyn Fn(&str) -> Option<String>) -> String {
        self.with(value, |value| Cow::Borrowed(value))
    }

    /// The same for an address (RFC 3986 2.1).
    pub fn address(&self, value: &dyn Fn(&str) -> Option<String>) -> String {
        self.with(value, |value| Cow::Owned(crate::upload::client::escaped(value)))
    }

    fn with(&self, value: &dyn Fn(&str) -> Option<String>, write: impl Fn(&str) -> Cow<'_, str>) -> String {
        self.0.iter().fold(String::new(), |mut out, piece| {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(name) => out.push_str(&write(&value(name).unwrap_or_default())),
            }
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_their_names_stood() {
        let template = Template::from("/d/{id}/?q={sha256}&x={".to_owned());
        let value = |name: &str| (name == "id").then(|| "../a b&c".to_owned());
        assert_eq!(template.fill(&value), "/d/../a b&c/?q=&x={");
        assert_eq!(template.address(&value), "/d/..%2Fa%20b%26c/?q=&x={");
        assert!(template.check(&["id"]).is_ok());
        assert!(template.check(&[]).unwrap_err().text(crate::locales::Lang::En).contains("{id}"));
    }
}
