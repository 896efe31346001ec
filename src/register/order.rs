//! The order of the Vietnamese alphabet: a ă â b c d đ e ê … u ư … y, tones only where the letters are equal, numbers by
//! their value. A key consists of digits, so that every database compares two keys in the same way whatever its language.

use unicode_normalization::UnicodeNormalization;

use crate::document::{Direction, Fields};

/// The letters in their order; f, j, w and z stand where other languages have them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
/// Tones in their order: huyền, hỏi, ngã, sắc, nặng; none comes first.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
/// Most characters of a text that count.
const MAX_CHARS: usize = 60;
/// Ends the letters; smaller than everything that may stand there.
const END: &str = "00";
/// Between two words.
const GAP: &str = "01";

/// The key of a text.
pub fn key(text: &str) -> String {
    let text: String = text.to_lowercase().nfc().take(MAX_CHARS).collect();
    let (mut letters, mut tones) = (String::new(), String::new());
    let mut number = String::new();
    let mut gap = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if c.is_alphanumeric() {
            word_begins(&mut letters, &mut number, &mut gap);
            let (weight, tone) = weight(c);
            letters.push_str(&weight);
            tones.push(tone);
        } else {
            flush(&mut letters, &mut number, &mut gap);
            gap = !letters.is_empty();
        }
    }
    flush(&mut letters, &mut number, &mut gap);
    format!("{letters}{END}{tones}")
}

fn word_begins(letters: &mut String, number: &mut String, gap: &mut bool) {
    flush(letters, number, gap);
    if std::mem::take(gap) {
        letters.push_str(GAP);
    }
}

/// A number: its length first, so that the longer one is the larger one.
fn flush(letters: &mut String, number: &mut String, gap: &mut bool) {
    if number.is_empty() {
        return;
    }
    if std::mem::take(gap) {
        letters.push_str(GAP);
    }
    let value = number.trim_start_matches('0');
    letters.push_str(&format!("1{:02}{value}", value.len()));
    number.clear();
}

/// Place of a letter in the alphabet, and of its tone. Letters of other alphabets come behind.
fn weight(c: char) -> (String, char) {
    let parts: Vec<char> = std::iter::once(c).nfd().collect();
    let tone = parts.iter().find_map(|part| TONES.iter().position(|tone| tone == part));
    let digit = char::from_digit(tone.map_or(0, |place| place as u32 + 1), 10).unwrap_or('0');
    let letter = parts.into_iter().filter(|part| !TONES.contains(part)).nfc().next().unwrap_or(c);
    let weight = match ALPHABET.chars().position(|known| known == letter) {
        Some(place) => (30 + place).to_string(),
        None => format!("9{:07}", u32::from(letter)),
    };
    (weight, digit)
}

/// Where a document stands in its book: by year, then kind of document (which is numbered on its own), then number.
pub fn of(fields: &Fields) -> String {
    let (date, kind, number) = match fields.direction {
        Direction::Outgoing => (
            fields.issued_date,
            fields.type_name.as_ref().or(fields.code_notation.as_ref()),
            &fields.code_number,
        ),
        Direction::Incoming => (fields.arrival_date.or(fields.issued_date), None, &fields.arrival_number),
    };
    let book = match fields.direction {
        Direction::Outgoing => '1',
        Direction::Incoming => '2',
    };
    let part = |text: Option<&String>| key(text.map_or("", String::as_str));
    let year = date.map_or(9999, |date| date.year().max(0));
    let parts = [kind, number.as_ref(), fields.code_notation.as_ref(), fields.subject.as_ref()];
    format!("{year:04}{book}{}", parts.map(part).concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_in_a_vietnamese_dictionary() {
        let sorted = [
            "",
            "9",
            "10",
            "100",
            "a",
            "à",
            "ả",
            "ã",
            "á",
            "ạ",
            "an",
            "an ninh",
            "anh",
            "ă",
            "ăn",
            "â",
            "ấn",
            "b",
            "bàn",
            "băng",
            "c",
            "công văn 9",
            "công văn 10",
            "d",
            "da",
            "đ",
            "đa",
            "đà",
            "e",
            "ê",
            "o",
            "ô",
            "ơ",
            "p",
            "t",
            "u",
            "ư",
            "v",
            "x",
            "y",
            "ý",
            "漢",
        ];
        for pair in sorted.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?} {} {}", key(pair[0]), key(pair[1]));
        }
        assert_eq!(key("Quyết  định"), key("quyết định"));
        assert!(key(&sorted.concat()).bytes().all(|b| b.is_ascii_digit()));
    }

    #[test]
    fn a_book_is_in_order_of_its_numbers() {
        let fields = |number: &str, notation: &str, year: &str| {
            let mut fields = Fields::default();
            for (name, value) in [
                ("code_number", number),
                ("code_notation", notation),
                ("issued_date", &format!("02/11/{year}")),
            ] {
                fields.set(name, value).unwrap();
            }
            of(&fields)
        };
        assert!(fields("9", "QĐ-UBND", "2026") < fields("010", "QĐ-UBND", "2026"));
        assert!(fields("999", "QĐ-UBND", "2026") < fields("1", "UBND-VP", "2026"));
        assert!(fields("999", "UBND-VP", "2025") < fields("1", "QĐ-UBND", "2026"));
        let letter = |number: &str, notation: &str| {
            let mut fields = Fields::default();
            for (name, value) in
                [("code_number", number), ("code_notation", notation), ("type_name", "Công văn")]
            {
                fields.set(name, value).unwrap();
            }
            of(&fields)
        };
        assert!(letter("9", "UBND-VP") < letter("10", "UBND-KT"), "one kind is numbered together");
    }
}
