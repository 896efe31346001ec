//! What a person looks for, and how a database is asked for it.
//!
//! Words are all wanted, wherever they stand. Between quotation marks, or written together (`125/QĐ-UBND`, `02/11/2026`),
//! they are wanted next to each other. `quy*` wants a word that begins so.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::text::{Word, narrow, words_asked};

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

/// A word as an index is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The word.
    pub word: String,
    /// It may be the beginning of one.
    pub open: bool,
}

impl Key {
    /// As PostgreSQL's `to_tsquery` is asked.
    pub fn tsquery(&self) -> String {
        format!("'{}'{}", self.word, if self.open { ":*" } else { "" })
    }
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
        let text: String = narrow(text).chars().take(MAX_CHARS).collect();
        let mut terms = Vec::new();
        // Every second part stands between quotation marks.
        for (place, part) in text.split(['"', '“', '”']).enumerate() {
            match place % 2 {
                0 => terms.extend(without_fillers(part).into_iter().filter_map(term)),
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

    /// All words that a line must have, wherever they stand, each once.
    pub fn keys(&self, reading: Reading) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for term in &self.terms {
            let (forms, pairs) = (term.forms(reading), term.pairs(reading));
            let open = |place: usize| place + 1 == forms.len() && term.is_open(reading);
            let words = forms.iter().enumerate();
            let words = words.map(|(place, word)| Key { word: (*word).to_owned(), open: open(place) });
            for key in words.chain(pairs.map(|word| Key { word, open: false })) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// As PostgreSQL's `to_tsquery` is asked. Its index knows the lines that have words, not where they stand: short numbers side
    /// by side, as in a date, are asked for as the one word that the store makes of them too.
    pub fn tsquery(&self, reading: Reading) -> String {
        let term = |term: &Term| {
            let star = if term.is_open(reading) { ":*" } else { "" };
            let words: Vec<String> = term.forms(reading).iter().map(|word| format!("'{word}'")).collect();
            let pairs: String = term.pairs(reading).map(|pair| format!(" & '{pair}'")).collect();
            format!("({}{star}){pairs}", words.join(" <-> "))
        };
        self.terms.iter().map(term).collect::<Vec<_>>().join(" & ")
    }
}

impl Term {
    fn forms(&self, reading: Reading) -> Vec<&str> {
        let marked = reading == Reading::Exact && self.words.iter().any(|word| word.marked.is_some());
        self.words.iter().map(|word| if marked { word.exact() } else { &word.plain }).collect()
    }

    /// Short numbers side by side as one word; the last of an open term may go on.
    fn pairs(&self, reading: Reading) -> impl Iterator<Item = String> {
        let whole = self.words.len() - usize::from(self.is_open(reading));
        let number = |word: &Word, digits: usize| word.is_number() && word.plain.len() <= digits;
        let pair = move |pair: &[Word]| match pair {
            [first, second] if number(first, 2) && number(second, 4) => {
                Some(format!("n{}n{}", first.plain, second.plain))
            }
            _ => None,
        };
        self.words.get(..whole).unwrap_or_default().windows(2).filter_map(pair)
    }

    fn is_open(&self, reading: Reading) -> bool {
        let number = self.words.last().is_some_and(Word::is_number);
        self.open || reading == Reading::Beginnings && !number
    }
}

/// What people write before a number and no register holds: `số 125`, `ngày 02 tháng 11 năm 2026`. Day, month and year are
/// wanted all the same, wherever they stand.
fn without_fillers(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is = |place: usize, known: [&str; 2]| {
        words
            .get(place)
            .is_some_and(|word| known.contains(&word.nfc().collect::<String>().to_lowercase().as_str()))
    };
    let number =
        |place: usize| words.get(place).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let (mut kept, mut place) = (Vec::new(), 0);
    while place < words.len() {
        let day = is(place, ["ngày", "ngay"]);
        if !number(place + 1) || !(day || is(place, ["số", "so"])) {
            kept.push(words[place]);
            place += 1;
            continue;
        }
        kept.push(words[place + 1]);
        place += 2;
        for known in [["tháng", "thang"], ["năm", "nam"]] {
            if day && is(place, known) && number(place + 1) {
                kept.push(words[place + 1]);
                place += 2;
            }
        }
    }
    kept
}

fn term(text: &str) -> Option<Term> {
    let open = text.ends_with('*');
    let written = match text.parse::<Date>() {
        Ok(date) if text.contains('-') => date.strftime("%d/%m/%Y").to_string(),
        _ => text.to_owned(),
    };
    Some(Term { words: words_asked(&written), open }).filter(|term| !term.words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_digits_are_digits_and_no_word_is_left_out() {
        assert_eq!(Query::parse("số １２５／ＱĐ"), Query::parse("số 125/QĐ"));
        for nothing in ["😀", "%", "((", "\"\"", " "] {
            assert!(Query::parse(nothing).is_empty(), "{nothing}");
        }
        let long = "a".repeat(70);
        assert_eq!(Query::parse(&long).fts5(Reading::Exact), format!("\"{long}\""));
    }

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
        let asked = |text: &str| Query::parse(text).tsquery(Reading::Exact);
        assert_eq!(asked("02/11/2026"), "('2' <-> '11' <-> '2026') & 'n2n11' & 'n11n2026'");
        let keys = |text: &str| {
            let keys = Query::parse(text).keys(Reading::Exact);
            keys.iter().map(Key::tsquery).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys("văn van 2/11/20* van"), "'văn' 'van' '2' '11' '20':* 'n2n11'");
        assert_eq!(asked("2/11/20*"), "('2' <-> '11' <-> '20':*) & 'n2n11'");
        assert_eq!(asked("125/11/20260"), "('125' <-> '11' <-> '20260')");
        assert_eq!(Query::parse("125").fts5(Reading::Beginnings), "\"125\"");
    }

    #[test]
    fn words_before_a_number_that_no_register_holds_are_left_out() {
        for (typed, meant) in [
            ("công văn số 125/UBND-VP", "công văn 125/UBND-VP"),
            ("so 125", "125"),
            ("quyết định ngày 02/11/2026", "quyết định 02/11/2026"),
            ("Ngày 02 tháng 11 năm 2026", "02 11 2026"),
            ("ngay 2 thang 11 nam 2026 ubnd", "2 11 2026 ubnd"),
        ] {
            assert_eq!(Query::parse(typed), Query::parse(meant), "{typed}");
        }
        for whole in ["số liệu", "sở 125", "ngày hội", "Quảng Nam 2026", "tháng 11", "số", "\"số 125\""]
        {
            let words = Query::parse(whole).fts5(Reading::WithoutMarks);
            assert!(
                words.contains("so")
                    || words.contains("ngay")
                    || words.contains("nam")
                    || words.contains("thang"),
                "{words}"
            );
        }
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
