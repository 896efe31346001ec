//! Text as the look-up keeps it: words of letters and digits only, so that both databases cut it in the same places.
//!
//! Each word stands in two forms. Plain: lower case without marks (`hoa`). Marked: with the marks that make another letter,
//! and the tone as one letter at the end, wherever it was placed (`hòa` and `hoà` are both `hoaα`). A number stands by its
//! value: `05` is `5`.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::document::{Document, DocumentId, Fields};
use crate::reconcile::series;

use super::folded;

/// Tone marks, and the letters that stand for them. No Vietnamese word has such letters, so nothing else is found by them.
const TONES: [(char, char); 5] =
    [('\u{300}', 'α'), ('\u{309}', 'β'), ('\u{303}', 'γ'), ('\u{301}', 'δ'), ('\u{323}', 'ε')];
/// Longest word in characters; what is longer is no word.
const MAX_WORD: usize = 60;
/// Most bytes of a document's text of whose words the order is kept; of what follows each word is kept once.
const MAX_ORDERED: usize = 300_000;
/// Most bytes of a document's text in all; PostgreSQL takes a megabyte of words and places.
const MAX_TEXT: usize = 400_000;

/// A word in its two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Without marks.
    pub plain: String,
    /// With marks, when it has any.
    pub marked: Option<String>,
}

impl Word {
    /// The form with marks, which is the plain one for a word without any.
    pub fn exact(&self) -> &str {
        self.marked.as_deref().unwrap_or(&self.plain)
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        self.plain.bytes().all(|b| b.is_ascii_digit())
    }
}

/// The words of a text, in their order.
pub fn words(text: &str) -> Vec<Word> {
    let text: String = narrow(text).nfc().collect();
    parts(&text).filter(|part| part.chars().nth(MAX_WORD).is_none()).map(word).collect()
}

/// The words of a question: what is too long to be in a text is looked for all the same, and not found.
pub fn words_asked(text: &str) -> Vec<Word> {
    let text: String = narrow(text).nfc().collect();
    parts(&text).map(word).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// Signs as wide as Chinese ones (U+FF01 to U+FF5E) are the signs that they are wide forms of: `１２５` is `125`.
pub fn narrow(text: &str) -> String {
    let wide = '\u{ff01}'..='\u{ff5e}';
    let one = |c: char| match wide.contains(&c) {
        true => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        false => c,
    };
    text.chars().map(one).collect()
}

fn word(text: &str) -> Word {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let value = text.trim_start_matches('0');
        return Word { plain: if value.is_empty() { "0" } else { value }.to_owned(), marked: None };
    }
    let plain = folded(text);
    let marked = marked(text);
    Word { marked: (marked != plain).then_some(marked), plain }
}

fn marked(text: &str) -> String {
    let (mut letters, mut tones) = (String::new(), String::new());
    for c in text.to_lowercase().nfd() {
        match TONES.iter().find(|(mark, _)| *mark == c) {
            Some((_, letter)) => tones.push(*letter),
            None => letters.push(c),
        }
    }
    letters.nfc().chain(tones.chars()).collect()
}

/// Everything by which a document is found: its facts first, then what was read on its pages.
pub fn of(id: DocumentId, document: &Document, pages: &[String]) -> String {
    let mut text = String::new();
    for fact in facts(id, document) {
        both(&mut text, &words(&fact));
    }
    let mut seen = HashSet::new();
    for page in pages {
        let words = words(page);
        match text.len() < MAX_ORDERED {
            true => both(&mut text, &words),
            false => news(&mut text, &mut seen, &words),
        }
    }
    text
}

fn facts(id: DocumentId, document: &Document) -> Vec<String> {
    let fields = &document.fields;
    let dates = [fields.issued_date, fields.arrival_date].into_iter().flatten();
    let dates = dates.map(|date| date.strftime("%d/%m/%Y").to_string());
    let others = Fields::NAMES.into_iter().filter(|name| !OWN.contains(name));
    let files = document.files().into_iter().map(|part| part.file);
    // Offices write the short form of a type before its number: CV 125.
    let short = fields.type_name.as_deref().and_then(series::short).map(str::to_owned);
    [Some(id.to_string()), short, document.number(), Some(document.outage.clone())]
        .into_iter()
        .flatten()
        .chain(dates)
        .chain(others.filter_map(|name| fields.get(name)))
        .chain(files)
        .collect()
}

/// Fields that are given in another form, or by which nobody looks.
const OWN: [&str; 11] = [
    "code_number",
    "code_notation",
    "issued_date",
    "arrival_date",
    "due_date",
    "paper_signed_at",
    "pages",
    "issued_amount",
    "forwarded_date",
    "direction",
    "copy_form",
];

/// Adds a run of words: plain, and once more with its marks when it has any, so that both can be found as a phrase.
fn both(text: &mut String, words: &[Word]) {
    let mut add = |word: &str| {
        text.push_str(word);
        text.push(' ');
    };
    words.iter().for_each(|word| add(&word.plain));
    if words.iter().any(|word| word.marked.is_some()) {
        words.iter().for_each(|word| add(word.exact()));
    }
}

/// Adds each word that was not added before.
fn news(text: &mut String, seen: &mut HashSet<String>, words: &[Word]) {
    for form in words.iter().flat_map(|word| [&word.plain].into_iter().chain(&word.marked)) {
        if text.len() + form.len() < MAX_TEXT && seen.insert(form.clone()) {
            text.push_str(form);
            text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Vec<String> {
        words(text).iter().map(|word| word.exact().to_owned()).collect()
    }

    #[test]
    fn tones_count_and_their_places_do_not() {
        for (one, other) in
            [("hoà", "hòa"), ("uỷ", "ủy"), ("Khoẻ", "khỏe"), ("THUÝ", "thúy"), ("quý", "quy\u{301}")]
        {
            assert_eq!(exact(one), exact(other));
        }
        for (one, other) in [("hòa", "hóa"), ("hoa", "hòa"), ("dân", "đân"), ("ban", "bân")] {
            assert_ne!(exact(one), exact(other));
            assert_eq!(words(one)[0].plain, words(other)[0].plain);
        }
    }

    #[test]
    fn numbers_stand_by_their_value() {
        assert_eq!(exact("005/QĐ-UBND 02/11/2026 000"), ["5", "qđ", "ubnd", "2", "11", "2026", "0"]);
    }

    #[test]
    fn a_very_long_text_is_cut_and_loses_no_word_before_that() {
        let document: Document = serde_json::from_value(serde_json::json!({
            "outage": "O-1", "route": "recovery", "fields": {"direction": "outgoing"}, "pages": [],
            "captured_at": "2026-11-02T00:00:00Z", "attestation": null, "findings": [], "drill": false,
        }))
        .unwrap();
        let pages: Vec<String> =
            (0..200).map(|n| format!("{} trang{n}", "một hai ba ".repeat(500))).collect();
        let text = of(DocumentId(1), &document, &pages);
        assert!(text.len() < MAX_TEXT && text.contains("trang199"), "{}", text.len());
    }
}
