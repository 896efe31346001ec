//! Number, notation, date, type and subject of an official letter, proposed from its first page. The places are those of
//! Decree 30/2020 Appendix I: number under the issuing organ at the left, place and date at the right, the subject under the
//! number ("V/v ...") or under the name of the type. A proposal is never written without a person.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::register::folded;

use super::{PageText, Word};

/// Types of documents (Decree 30/2020 Art. 7) as they stand above the subject.
const TYPES: [&str; 29] = [
    "Nghị quyết",
    "Quyết định",
    "Chỉ thị",
    "Quy chế",
    "Quy định",
    "Thông cáo",
    "Thông báo",
    "Hướng dẫn",
    "Chương trình",
    "Kế hoạch",
    "Phương án",
    "Đề án",
    "Dự án",
    "Báo cáo",
    "Biên bản",
    "Tờ trình",
    "Hợp đồng",
    "Công điện",
    "Bản ghi nhớ",
    "Bản thỏa thuận",
    "Giấy ủy quyền",
    "Giấy mời",
    "Giấy giới thiệu",
    "Giấy nghỉ phép",
    "Phiếu gửi",
    "Phiếu chuyển",
    "Phiếu báo",
    "Thư công",
    "Giấy đi đường",
];
/// The type of a letter that names none.
const LETTER: &str = "Công văn";
/// Lines of the head that are looked at.
const HEAD_ROWS: usize = 24;
/// Most lines of a subject.
const SUBJECT_ROWS: usize = 6;
/// Longest number and notation in characters (Decree 30/2020 App. VI).
const MAX_NUMBER: usize = 11;
const MAX_NOTATION: usize = 30;
/// How sure the place alone makes us: a rule of the decree, a guess from the layout, letters written by hand.
const BY_RULE: f32 = 0.98;
const BY_LAYOUT: f32 = 0.9;
const BY_HAND: f32 = 0.6;

/// What was read less surely than this is not offered as if it were known: of letters written by hand every other digit is wrong.
const SURE: f32 = 0.7;

/// A fact that seems to stand on the paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Name of the field as in the manifest.
    pub field: String,
    /// Its value as `edit` takes it.
    pub value: String,
    /// How sure, 0 to 1 with two decimals.
    pub confidence: f32,
    /// Page of the document, from 1.
    pub page: u32,
}

impl Proposal {
    /// Whether it may stand where a person would have typed it. A subject is read before it is believed; a number is one digit away
    /// from another document.
    pub fn is_sure(&self) -> bool {
        self.field == "subject" || self.confidence >= SURE
    }
}

/// Words that stand beside each other on the paper, from the left.
struct Row<'a> {
    words: Vec<&'a Word>,
    size: f32,
    y: f32,
}

impl Row<'_> {
    fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn left(&self) -> f32 {
        self.words.first().map_or(0.0, |w| w.at[0])
    }

    fn right(&self) -> f32 {
        self.words.last().map_or(0.0, |w| w.at[0] + w.length)
    }
}

/// What the first page of a document says about it.
pub fn proposals(text: &PageText) -> Vec<Proposal> {
    let rows = rows(text);
    let head = rows.get(..HEAD_ROWS.min(rows.len())).unwrap_or_default();
    let mut found = Vec::new();
    found.extend(number(head));
    found.extend(date(head));
    found.extend(subject(head, &rows));
    found
}

fn proposal(field: &str, value: &str, words: &[&Word], certainty: f32) -> Option<Proposal> {
    let least = words.iter().map(|w| w.confidence).fold(1.0, f32::min);
    let value: String = value.trim().nfc().collect();
    let confidence = (least * certainty * 100.0).round() / 100.0;
    (!value.is_empty()).then(|| Proposal { field: field.to_owned(), value, confidence, page: 1 })
}

/// Words by their height on the paper, the slope of the page taken out. Turned lines are left out.
fn rows(text: &PageText) -> Vec<Row<'_>> {
    let level = text.lines.iter().filter(|line| line.angle.abs() < 0.2);
    let mut angles: Vec<f32> = level.clone().map(|line| line.angle).collect();
    angles.sort_by(f32::total_cmp);
    let slope = angles.get(angles.len() / 2).map_or(0.0, |angle| angle.tan());
    let mut words: Vec<(f32, f32, &Word)> = level
        .flat_map(|line| {
            line.words.iter().map(move |word| (word.at[1] - word.at[0] * slope, line.size, word))
        })
        .collect();
    words.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<Row> = Vec::new();
    for (y, size, word) in words {
        match rows.last_mut() {
            Some(row) if y - row.y < row.size.max(size) * 0.4 => row.words.push(word),
            _ => rows.push(Row { words: vec![word], size, y }),
        }
    }
    rows.iter_mut().for_each(|row| row.words.sort_by(|a, b| a.at[0].total_cmp(&b.at[0])));
    rows
}

/// `Số: 125/UBND-VP`.
fn number(head: &[Row]) -> Vec<Proposal> {
    for row in head {
        let Some(start) = row.words.iter().position(|w| {
            folded(&w.text).trim_end_matches([':', '.']) == "so" || folded(&w.text).starts_with("so:")
        }) else {
            continue;
        };
        if let Some(found) = row.words.get(start..).and_then(numbers) {
            return found;
        }
    }
    Vec::new()
}

/// From the word "Số" on.
fn numbers(words: &[&Word]) -> Option<Vec<Proposal>> {
    let slash = words.iter().position(|w| w.text.contains('/'))?;
    let before = words.get(..=slash)?;
    let mut joined: String = before.iter().map(|w| w.text.as_str()).collect();
    // What stands behind the word with the slash, when the notation was torn off.
    let torn = joined.ends_with('/');
    let used = words.get(..slash + 1 + usize::from(torn))?;
    if torn {
        joined.push_str(&used.last()?.text);
    }
    let (left, right) = joined.split_once('/')?;
    let number: String =
        left.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_alphanumeric).collect();
    let is_notation = |c: &char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '&' | '/');
    let notation: String = right.chars().take_while(is_notation).collect();
    let notation = notation.trim_end_matches(['.', '-', '/']);
    let letters = notation.chars().filter(|c| c.is_uppercase()).count();
    if letters < 2 || notation.chars().count() > MAX_NOTATION {
        return None;
    }
    let digits: Vec<&Word> =
        used.iter().copied().filter(|w| w.text.contains(|c: char| c.is_ascii_digit())).collect();
    let last: Vec<&Word> = used.last().copied().into_iter().collect();
    // A number that stands apart from the printed notation was filled in with a pen, which Tesseract reads badly.
    let printed = digits.len() == 1 && digits.first().is_some_and(|w| w.text.contains('/'));
    let certainty = if printed { BY_RULE } else { BY_HAND };
    let number =
        (number.len() <= MAX_NUMBER).then(|| proposal("code_number", &number, &digits, certainty)).flatten();
    Some(number.into_iter().chain(proposal("code_notation", notation, &last, BY_RULE)).collect())
}

/// `Mường Lam, ngày 02 tháng 11 năm 2026`.
fn date(head: &[Row]) -> Option<Proposal> {
    for row in head {
        let find = |name: &str, from: usize| {
            let rest = row.words.get(from..)?;
            rest.iter()
                .position(|w| folded(&w.text).trim_matches(|c: char| !c.is_alphabetic()) == name)
                .map(|i| i + from)
        };
        let Some(day) = find("ngay", 0) else { continue };
        let (Some(month), Some(year)) = (find("thang", day), find("nam", day)) else { continue };
        let value = |from: usize, to: usize| -> Option<i16> {
            let digits: String = row
                .words
                .get(from + 1..to)?
                .iter()
                .flat_map(|w| w.text.chars())
                .filter(char::is_ascii_digit)
                .collect();
            digits.parse().ok()
        };
        let date = (|| {
            let (d, m) = (i8::try_from(value(day, month)?).ok()?, i8::try_from(value(month, year)?).ok()?);
            let y = value(year, (year + 2).min(row.words.len()))?;
            Date::new(y, m, d).ok().filter(|date| (1945..2200).contains(&date.year()))
        })();
        let words = row.words.get(day..(year + 2).min(row.words.len())).unwrap_or_default();
        // The first line with a date is the one; when it cannot be read, a later one is another date.
        return proposal("issued_date", &date?.to_string(), words, BY_RULE);
    }
    None
}

/// The subject of a letter, or what stands under the name of the type.
fn subject(head: &[Row], rows: &[Row]) -> Vec<Proposal> {
    for (index, row) in head.iter().enumerate() {
        let text = folded(&row.text());
        if let Some(start) = row.words.iter().position(|w| folded(&w.text).starts_with("v/v")) {
            return letter(rows.get(index..).unwrap_or_default(), start);
        }
        let is_type = |name: &&&str| text.trim_matches(|c: char| !c.is_alphabetic()) == folded(name);
        if let Some(name) =
            TYPES.iter().find(is_type).filter(|_| row.text().chars().all(|c| !c.is_lowercase()))
        {
            let below = titled(rows, index);
            return proposal("type_name", name, &row.words, BY_RULE).into_iter().chain(below).collect();
        }
    }
    Vec::new()
}

/// `V/v ...`, down the left column.
fn letter(rows: &[Row], start: usize) -> Vec<Proposal> {
    let (mut words, mut last): (Vec<&Word>, Option<&Row>) = (Vec::new(), None);
    for row in rows.iter().take(2 * SUBJECT_ROWS) {
        let first = if last.is_none() { start } else { 0 };
        let column = column(row.words.get(first..).unwrap_or_default(), row.size);
        let far = last.is_some_and(|above| row.y - above.y > above.size * 1.9);
        if last.is_some() && right_of(&words, column) {
            continue;
        }
        if far || column.first().is_none_or(|w| folded(&w.text) == "kinh") {
            break;
        }
        words.extend_from_slice(column);
        last = Some(row);
    }
    let text = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    let bare: String = text.chars().skip(3).collect();
    let subject = proposal("subject", &capital(bare.trim_start_matches([':', '.', ' '])), &words, BY_LAYOUT);
    proposal("type_name", LETTER, words.get(..1).unwrap_or_default(), BY_LAYOUT)
        .into_iter()
        .chain(subject)
        .collect()
}

/// Words up to the first gap that separates two columns.
fn column<'a, 'b>(words: &'b [&'a Word], size: f32) -> &'b [&'a Word] {
    let gap = |pair: &[&Word]| match pair {
        [a, b] => b.at[0] - a.at[0] - a.length > size * 2.0,
        _ => false,
    };
    let end = words.windows(2).position(gap).map_or(words.len(), |i| i + 1);
    words.get(..end).unwrap_or_default()
}

/// Whether a line begins behind the middle of those above it: it belongs to the other column.
fn right_of(above: &[&Word], line: &[&Word]) -> bool {
    let left = above.iter().map(|w| w.at[0]).fold(f32::MAX, f32::min);
    let right = above.iter().map(|w| w.at[0] + w.length).fold(0.0, f32::max);
    line.first().is_some_and(|w| w.at[0] > right || w.at[0] > (left + right) / 2.0 + (right - left) * 0.25)
}

/// The centred lines under the name of the type.
fn titled(rows: &[Row], index: usize) -> Option<Proposal> {
    let left = rows.iter().map(Row::left).fold(f32::MAX, f32::min);
    let right = rows.iter().map(Row::right).fold(0.0, f32::max);
    let title = rows.get(index)?;
    let centre = (title.left() + title.right()) / 2.0;
    let (mut words, mut above): (Vec<&Word>, &Row) = (Vec::new(), title);
    for row in rows.get(index + 1..)?.iter().take(SUBJECT_ROWS) {
        let shouting = row.text().chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        let off = ((row.left() + row.right()) / 2.0 - centre).abs() > (right - left) * 0.05;
        let wide = row.right() - row.left() > (right - left) * 0.88;
        let far = row.y - above.y > above.size * if words.is_empty() { 3.5 } else { 1.9 };
        if shouting || off || wide || far {
            break;
        }
        words.extend_from_slice(&row.words);
        above = row;
    }
    let text = words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    proposal("subject", &capital(&text), &words, BY_LAYOUT)
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_written_by_hand_is_never_taken_for_read() {
        let read = |field: &str, confidence| Proposal {
            field: field.into(),
            value: "2".into(),
            confidence,
            page: 1,
        };
        assert!(!read("code_number", BY_HAND).is_sure() && !read("issued_date", 0.55).is_sure());
        assert!(read("code_number", BY_RULE).is_sure() && read("subject", 0.55).is_sure());
    }
}
