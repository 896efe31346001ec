//! What a person looks for, and how a database is asked for it.
//!
//! Words are all wanted, wherever they stand. Between quotation marks, or written together (`125/QĐ-UBND`, `02/11/2026`),
//! they are wanted next to each other. `quy*` wants a word that begins so.

use jiff::civil::Date;

use super::text::{Word, words};

/// Most terms of a question (our limit).
const MAX_TERMS: usize = 20;
/// Longest question in characters (our limit).
const MAX_CHARS: usize = 500;

/// A question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

/// Words that are wanted next to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    words: Vec<Word>,
    /// The last word may be the beginning of one.
    open: bool,
}

/// How strictly a question is read; one after the other is tried until something is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Marks count where they were typed.
    Exact,
    /// Marks do not count.
    WithoutMarks,
    /// Words may be beginnings of words; numbers are whole.
    Beginnings,
}

impl Reading {
    /// In the order in which they are tried.
    pub const ALL: [Reading; 3] = [Reading::Exact, Reading::WithoutMarks, Reading::Beginnings];
}

impl Query {
    /// Reads what was typed; signs that are no letters and digits separate words.
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let mut terms = Vec::new();
        // Every second part stands between quotation marks.
        for (place, part) in text.split(['"', '“', '”']).enumerate() {
            match place % 2 {
                0 => terms.extend(part.split_whitespace().filter_map(term)),
                _ => terms.extend(term(part)),
            }
        }
        terms.truncate(MAX_TERMS);
        Self { terms }
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// As SQLite's full-text table is asked (FTS5, "Full-text Query Syntax").
    pub fn fts5(&self, reading: Reading) -> String {
        let term = |term: &Term| {
            let star = if term.is_open(reading) { " *" } else { "" };
            format!("\"{}\"{star}", term.forms(reading).join(" "))
        };
        self.terms.iter().map(term).collect::<Vec<_>>().join(" AND ")
    }

    /// As PostgreSQL's `to_tsquery` is asked.
    pub fn tsquery(&self, reading: Reading) -> String {
        let term = |term: &Term| {
            let star = if term.is_open(reading) { ":*" } else { "" };
            let words: Vec<String> = term.forms(reading).iter().map(|word| format!("'{word}'")).collect();
            format!("({}{star})", words.join(" <-> "))
        };
        self.terms.iter().map(term).collect::<Vec<_>>().join(" & ")
    }
}

impl Term {
    fn forms(&self, reading: Reading) -> Vec<&str> {
        let marked = reading == Reading::Exact && self.words.iter().any(|word| word.marked.is_some());
        self.words.iter().map(|word| if marked { word.exact() } else { &word.plain }).collect()
    }

    fn is_open(&self, reading: Reading) -> bool {
        let number = self.words.last().is_some_and(Word::is_number);
        self.open || reading == Reading::Beginnings && !number
    }
}

fn term(text: &str) -> Option<Term> {
    let open = text.ends_with('*');
    let written = match text.parse::<Date>() {
        Ok(date) if text.contains('-') => date.strftime("%d/%m/%Y").to_string(),
        _ => text.to_owned(),
    };
    Some(Term { words: words(&written), open }).filter(|term| !term.words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_put_to_both_databases() {
        let query = Query::parse("  125/QĐ-UBND \"hoà bình\" quy* ");
        assert_eq!(query.fts5(Reading::Exact), "\"125 qđ ubnd\" AND \"hoaα binhα\" AND \"quy\" *");
        assert_eq!(query.fts5(Reading::WithoutMarks), "\"125 qd ubnd\" AND \"hoa binh\" AND \"quy\" *");
        assert_eq!(
            query.tsquery(Reading::Beginnings),
            "('125' <-> 'qd' <-> 'ubnd':*) & ('hoa' <-> 'binh':*) & ('quy':*)"
        );
        assert_eq!(Query::parse("2026-11-02"), Query::parse("02/11/2026"));
        assert_eq!(Query::parse("125").fts5(Reading::Beginnings), "\"125\"");
    }

    #[test]
    fn nothing_that_is_typed_becomes_a_command_of_the_database() {
        for text in ["", " ", "\"", "*", "'", "-", "\" OR 1=1 --", "NEAR(", "a\u{0}b", "a':* | 'b", "{}^:+()"]
        {
            for reading in Reading::ALL {
                let query = Query::parse(text);
                let (fts5, tsquery) = (query.fts5(reading), query.tsquery(reading));
                assert!(
                    !fts5.replace(['"', '*'], "").contains(|c: char| !c.is_alphanumeric() && c != ' '),
                    "{fts5}"
                );
                assert!(!tsquery.contains(['|', '!', '"']), "{tsquery}");
            }
        }
        assert_eq!(Query::parse(&"a ".repeat(5_000)).terms.len(), MAX_TERMS);
    }
}
