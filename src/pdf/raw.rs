//! The spelling of PDF objects (ISO 32000-1 7.2, 7.3): where a value ends and which keys a dictionary spells out.
//!
//! An appended revision repeats the catalogue, the first page and the form with one or two keys changed. Everything else
//! in them has to stay exactly as the base wrote it (a real number that is parsed and printed again is no longer the same
//! number to a reader that compares revisions), so their bytes are copied, not rebuilt.

use std::borrow::Cow;

/// Deepest nesting of arrays and dictionaries that is followed; ISO 32000-1 Annex C knows none, real files stay below 20.
const MAX_DEPTH: usize = 64;

/// White space of ISO 32000-1 Table 1.
#[inline]
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Delimiters of ISO 32000-1 Table 2.
const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// For each byte whether it is neither white space nor a delimiter: every byte of a structure is asked.
const REGULAR: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = !is_space(byte as u8) && !is_delimiter(byte as u8);
        byte += 1;
    }
    table
};

#[inline]
fn is_regular(byte: u8) -> bool {
    REGULAR[usize::from(byte)]
}

/// The position after white space and comments.
#[inline]
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        if byte == b'%' {
            at += line_length(bytes, at);
        } else if is_space(byte) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

fn line_length(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len())
}

/// Reads the keyword or number at `at` and gives it with the position behind it; empty at a delimiter.
#[inline]
pub fn word(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|&b| !is_regular(b)).unwrap_or(rest.len());
    (rest.get(..length).unwrap_or_default(), at + length)
}

/// Reads the unsigned whole number at `at` (white space before it is skipped) and gives it with the position behind it.
pub fn integer(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let (digits, end) = word(bytes, skip_space(bytes, at));
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, end))
}

/// Whether the keyword `wanted` stands at `at`; gives the position behind it.
pub fn keyword(bytes: &[u8], at: usize, wanted: &[u8]) -> Option<usize> {
    let (found, end) = word(bytes, skip_space(bytes, at));
    (found == wanted).then_some(end)
}

/// Reads the header `N G obj` and gives number, generation and the position behind it.
pub fn object_header(bytes: &[u8], at: usize) -> Option<(u32, u16, usize)> {
    let (number, at) = integer(bytes, at)?;
    let (generation, at) = integer(bytes, at)?;
    let at = keyword(bytes, at, b"obj")?;
    Some((u32::try_from(number).ok()?, u16::try_from(generation).ok()?, at))
}

/// Reads the reference `N G R` that is the whole of `value`.
pub fn reference(value: &[u8]) -> Option<(u32, u16)> {
    let (number, at) = integer(value, 0)?;
    let (generation, at) = integer(value, at)?;
    keyword(value, at, b"R")?;
    Some((u32::try_from(number).ok()?, u16::try_from(generation).ok()?))
}

/// The value that starts at `at`, after white space.
pub fn value(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let start = skip_space(bytes, at);
    bytes.get(start..value_end(bytes, start, 0)?)
}

/// The position behind the value at `at`; none when it is not one or is cut off.
fn value_end(bytes: &[u8], at: usize, depth: usize) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    match (*bytes.get(at)?, bytes.get(at + 1)) {
        (b'<', Some(b'<')) => items_end(bytes, at + 2, b">>", depth),
        (b'[', _) => items_end(bytes, at + 1, b"]", depth),
        (b'<', _) => find(bytes, at, b'>'),
        (b'(', _) => string_end(bytes, at),
        (b'/', _) => Some(word(bytes, at + 1).1),
        (byte, _) if is_regular(byte) => Some(number_end(bytes, at)),
        _ => None,
    }
}

fn items_end(bytes: &[u8], mut at: usize, close: &[u8], depth: usize) -> Option<usize> {
    loop {
        at = skip_space(bytes, at);
        if bytes.get(at..)?.starts_with(close) {
            return Some(at + close.len());
        }
        at = value_end(bytes, at, depth + 1)?;
    }
}

fn find(bytes: &[u8], at: usize, wanted: u8) -> Option<usize> {
    memchr::memchr(wanted, bytes.get(at..)?).map(|offset| at + offset + 1)
}

/// The position behind the literal string at `at`: balanced parentheses, `\` takes the next byte along (ISO 32000-1 7.3.4.2).
pub fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut open = 0_usize;
    let mut position = at;
    loop {
        match *bytes.get(position)? {
            b'\\' => position += 1,
            b'(' => open += 1,
            b')' if open == 1 => return Some(position + 1),
            b')' => open -= 1,
            _ => {}
        }
        position += 1;
    }
}

/// The position behind the number, the keyword or the whole reference `N G R` at `at`.
pub fn number_end(bytes: &[u8], at: usize) -> usize {
    let (_, end) = word(bytes, at);
    if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
        return end;
    }
    let behind_reference = || {
        let (_, next) = integer(bytes, at)?;
        let (_, next) = integer(bytes, next)?;
        keyword(bytes, next, b"R")
    };
    behind_reference().unwrap_or(end)
}

/// The value of a hexadecimal digit (7.3.4.3).
#[inline]
pub fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The items of an array, each as it is spelled; none when `bytes` is not a whole array.
pub fn array(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut at = 1;
    let mut items = Vec::new();
    if bytes.first() != Some(&b'[') {
        return None;
    }
    loop {
        at = skip_space(bytes, at);
        if bytes.get(at) == Some(&b']') {
            return Some(items);
        }
        let item = value(bytes, at)?;
        at += item.len();
        items.push(item);
    }
}

/// Where the value of `key` stands in the dictionary that starts at `at`; positions count from the start of `bytes`.
pub fn entry_range(bytes: &[u8], at: usize, key: &[u8]) -> Option<std::ops::Range<usize>> {
    let mut at = skip_space(bytes, at);
    at = bytes.get(at..)?.starts_with(b"<<").then_some(at + 2)?;
    loop {
        at = skip_space(bytes, at);
        let spelled = value(bytes, at)?;
        let start = skip_space(bytes, at + spelled.len());
        let end = start + value(bytes, start)?.len();
        if name(spelled)? == key {
            return Some(start..end);
        }
        at = end;
    }
}

/// A dictionary as it is spelled: its keys in their order, each value as raw bytes.
#[derive(Clone, Debug)]
pub struct RawDict<'a> {
    pairs: Vec<(Vec<u8>, Cow<'a, [u8]>)>,
}

impl<'a> RawDict<'a> {
    /// Reads the dictionary that `bytes` starts with. None when it is damaged or spells a key twice: then two readers may
    /// see two different dictionaries.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut pairs: Vec<(Vec<u8>, Cow<'a, [u8]>)> = Vec::new();
        let mut at = bytes.starts_with(b"<<").then_some(2)?;
        loop {
            at = skip_space(bytes, at);
            if bytes.get(at..)?.starts_with(b">>") {
                return Some(Self { pairs });
            }
            let key = value(bytes, at)?;
            at = skip_space(bytes, at + key.len());
            let value = value(bytes, at)?;
            at += value.len();
            let key = name(key)?;
            if pairs.iter().any(|(known, _)| *known == key) {
                return None;
            }
            pairs.push((key, Cow::Borrowed(value)));
        }
    }

    /// The value of `key` as it is spelled.
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.pairs.iter().find(|(known, _)| known == key.as_bytes()).map(|(_, value)| value.as_ref())
    }

    /// The value of `key` as an unsigned whole number.
    pub fn integer(&self, key: &str) -> Option<usize> {
        integer(self.get(key)?, 0).map(|(number, _)| number)
    }

    /// Sets `key` to the raw bytes `value`, in its old place or at the end.
    pub fn set(&mut self, key: &str, value: Vec<u8>) {
        match self.pairs.iter_mut().find(|(known, _)| known == key.as_bytes()) {
            Some(pair) => pair.1 = Cow::Owned(value),
            None => self.pairs.push((key.as_bytes().to_vec(), Cow::Owned(value))),
        }
    }

    /// The dictionary again, without needless white space.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = b"<<".to_vec();
        for (key, value) in &self.pairs {
            put_name(&mut out, key);
            if value.first().copied().is_some_and(is_regular) {
                out.push(b' ');
            }
            out.extend_from_slice(value);
        }
        out.extend_from_slice(b">>");
        out
    }
}

/// The meaning of a name, `#xx` resolved (ISO 32000-1 7.3.5).
pub fn name(spelled: &[u8]) -> Option<Vec<u8>> {
    let mut rest = spelled.strip_prefix(b"/")?;
    let mut out = Vec::with_capacity(rest.len());
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'#').then(|| tail.get(..2)).flatten();
        let code = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(code.unwrap_or(first));
        rest = if code.is_some() { tail.get(2..)? } else { tail };
    }
    Some(out)
}

fn put_name(out: &mut Vec<u8>, meaning: &[u8]) {
    out.push(b'/');
    for &byte in meaning {
        if byte.is_ascii_graphic() && is_regular(byte) && byte != b'#' {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] =
        b"<< /MediaBox [0 0 595.27559055 841.88976378] /A#42 (a(b)\\)c) /R 12 0 R/T<AB>%x>>\n/D<</X[1 2]>>/N 5 >>rest";

    #[test]
    fn a_dictionary_keeps_the_spelling_of_its_values() {
        let mut dict = RawDict::parse(PAGE).unwrap();
        assert_eq!(dict.get("MediaBox").unwrap(), b"[0 0 595.27559055 841.88976378]");
        assert_eq!(dict.get("AB").unwrap(), b"(a(b)\\)c)");
        assert_eq!(dict.get("D").unwrap(), b"<</X[1 2]>>");
        assert_eq!(reference(dict.get("R").unwrap()), Some((12, 0)));
        dict.set("R", b"13 0 R".to_vec());
        dict.set("New Key", b"/Sig".to_vec());
        let again = dict.to_bytes();
        assert_eq!(
            String::from_utf8(again).unwrap(),
            "<</MediaBox[0 0 595.27559055 841.88976378]/AB(a(b)\\)c)/R 13 0 R/T<AB>/D<</X[1 2]>>/N 5/New#20Key/Sig>>"
        );
    }

    #[test]
    fn damage_and_double_keys_are_refused() {
        for bad in
            [&b"<</A 1"[..], b"<</A 1/A 2>>", b"<</A 1/#41 2>>", b"<</A (x>>", b"<<1 2>>", b"[1 2", b""]
        {
            assert!(RawDict::parse(bad).is_none(), "{}", String::from_utf8_lossy(bad));
        }
        let deep = [b"<</A".to_vec(), vec![b'['; 100_000], b">>".to_vec()].concat();
        assert!(RawDict::parse(&deep).is_none());
    }

    #[test]
    fn an_array_gives_whole_references() {
        assert_eq!(
            array(b"[ 1 0 R 2 0 R/Name(x)3 ]").unwrap(),
            [&b"1 0 R"[..], b"2 0 R", b"/Name", b"(x)", b"3"]
        );
        assert!(array(b"[1 0 R").is_none());
    }
}
