//! Which document is which row of the system.

use std::collections::{BTreeMap, HashSet};

use crate::document::{Direction, Fields};
use crate::register::folded;

use super::{Difference, Paper, SystemRow};

/// Number and notation, compared without regard to capitals, marks and leading zeros; for a paper that arrived, the
/// arrival number.
pub(super) type Key = (bool, String, String);

/// The key of a document or a row; none without a number.
pub(super) fn key(fields: &Fields) -> Option<Key> {
    let arrived = fields.direction == Direction::Incoming && fields.arrival_number.is_some();
    let (number, notation) = match arrived {
        true => (fields.arrival_number.as_deref()?, ""),
        false => (fields.code_number.as_deref()?, fields.code_notation.as_deref().unwrap_or_default()),
    };
    Some((arrived, value(number), plain(notation)))
}

pub(super) fn value(number: &str) -> String {
    let number = plain(number);
    let short = number.trim_start_matches('0');
    if short.is_empty() { number } else { short.to_owned() }
}

/// Text for comparing: no capitals, no marks, one space between words.
pub(super) fn plain(text: &str) -> String {
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether two sides can be the same document: numbers begin anew each year, and others issue under the same numbers.
pub(super) fn may_be(paper: &Fields, row: &Fields) -> bool {
    let years = paper.issued_date.zip(row.issued_date).is_none_or(|(a, b)| a.year() == b.year());
    let organs = match paper.direction {
        // Our own office is written in many ways.
        Direction::Outgoing => true,
        Direction::Incoming => {
            paper.organ_name.as_ref().zip(row.organ_name.as_ref()).is_none_or(|(a, b)| plain(a) == plain(b))
        }
    };
    years && organs
}

/// Rows of the system by key, and which of them have found their document.
pub(super) struct Rows<'a> {
    all: &'a [SystemRow],
    by_key: BTreeMap<Key, Vec<usize>>,
    by_paper_number: BTreeMap<Key, Vec<usize>>,
    by_subject: BTreeMap<String, Vec<usize>>,
    taken: HashSet<usize>,
}

impl<'a> Rows<'a> {
    pub fn new(all: &'a [SystemRow]) -> Self {
        let mut rows = Self {
            all,
            by_key: BTreeMap::new(),
            by_paper_number: BTreeMap::new(),
            by_subject: BTreeMap::new(),
            taken: HashSet::new(),
        };
        for (place, row) in all.iter().enumerate() {
            if let Some(key) = key(&row.fields) {
                rows.by_key.entry(key).or_default().push(place);
            }
            if let Some((number, notation)) = &row.paper_number {
                let key = (false, value(number), plain(notation));
                rows.by_paper_number.entry(key).or_default().push(place);
            }
            if let Some(subject) = row.fields.subject.as_deref().map(plain).filter(|text| !text.is_empty()) {
                rows.by_subject.entry(subject).or_default().push(place);
            }
        }
        rows
    }

    pub fn row(&self, place: usize) -> &'a SystemRow {
        &self.all[place]
    }

    pub fn take(&mut self, place: usize) {
        self.taken.insert(place);
    }

    pub fn is_taken(&self, place: usize) -> bool {
        self.taken.contains(&place)
    }

    /// Rows with the number of the paper. One that says which other number stood on its paper is another document.
    pub fn same_number(&self, fields: &Fields) -> Vec<usize> {
        let Some(key) = key(fields) else { return Vec::new() };
        let own = |place: &&usize| {
            let row = self.row(**place);
            let other = row.paper_number.as_ref().map(|(n, notation)| (false, value(n), plain(notation)));
            may_be(fields, &row.fields) && other.is_none_or(|other| other.1 == key.1)
        };
        self.by_key.get(&key).into_iter().flatten().filter(own).copied().collect()
    }

    /// The row of the same document under another number: it names the number on paper, or says the same about everything
    /// else.
    pub fn other_number(&self, fields: &Fields) -> Option<usize> {
        let named = key(fields).and_then(|key| self.by_paper_number.get(&key));
        let named = named.into_iter().flatten().find(|place| !self.is_taken(**place));
        let subject = plain(fields.subject.as_deref().unwrap_or_default());
        let alike = |place: &&usize| {
            let row = &self.row(**place).fields;
            let dates = fields.issued_date.zip(row.issued_date).is_some_and(|(a, b)| a == b);
            let signers = fields.signer_name.as_ref().zip(row.signer_name.as_ref());
            !self.is_taken(**place) && dates && signers.is_none_or(|(a, b)| plain(a) == plain(b))
        };
        named.or_else(|| self.by_subject.get(&subject).into_iter().flatten().find(alike)).copied()
    }
}

/// What the system says otherwise than the paper.
pub(super) fn differences(paper: &Paper, row: &SystemRow) -> Vec<Difference> {
    let (a, b) = (&paper.fields, &row.fields);
    let mut found = Vec::new();
    let mut differ = |field, paper: String, system: String| found.push(Difference { field, paper, system });
    let day = |date: jiff::civil::Date| date.strftime("%d/%m/%Y").to_string();
    match (a.issued_date, b.issued_date, &row.odd_date) {
        (Some(a), Some(b), _) if a != b => differ("issued_date", day(a), day(b)),
        (Some(a), None, Some(odd)) => differ("issued_date", day(a), odd.clone()),
        _ => {}
    }
    if let (Some(a), Some(b)) = (&a.signer_name, &b.signer_name)
        && !same_person(a, b)
    {
        differ("signer_name", a.clone(), b.clone());
    }
    if let (Some(a), Some(b)) = (&a.subject, &b.subject)
        && !same_subject(a, b)
    {
        differ("subject", a.clone(), b.clone());
    }
    found
}

/// A system may write the position beside the name.
fn same_person(a: &str, b: &str) -> bool {
    let (a, b) = (plain(a), plain(b));
    let within = |long: &str, short: &str| format!(" {long} ").contains(&format!(" {short} "));
    within(&a, &b) || within(&b, &a)
}

/// The same subject typed twice is never the same text; less than half of the words in common is another document.
fn same_subject(a: &str, b: &str) -> bool {
    let words = |text: &str| plain(text).split(' ').map(str::to_owned).collect::<HashSet<_>>();
    let (a, b) = (words(a), words(b));
    let fewer = a.len().min(b.len());
    2 * a.intersection(&b).count() >= fewer
}
