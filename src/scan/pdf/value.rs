//! Values of PDF syntax (ISO 32000-1 7.3), in objects and in content streams.

use crate::pdf::raw;

/// Deepest nesting that is followed; real files stay below 20.
const MAX_DEPTH: usize = 48;
/// Most items of an array or entries of a dictionary (our limit): a page tree node of 2,000 pages has 2,000.
const MAX_ITEMS: usize = 200_000;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Value>),
    Dict(Dict),
    /// Object number and generation.
    Ref(u32, u16),
    /// Any other word: an operator of a content stream.
    Word(Vec<u8>),
}

/// A dictionary; of a key that stands twice the last one counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dict(pub(super) Vec<(Vec<u8>, Value)>);

impl Dict {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub fn set(&mut self, key: &str, value: Value) {
        self.0.push((key.as_bytes().to_vec(), value));
    }
}

impl Value {
    pub fn number(&self) -> Option<f64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }

    /// A whole number that is not negative.
    pub fn whole(&self) -> Option<u64> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        self.number().filter(|n| *n >= 0.0 && *n < 1e15 && n.fract() == 0.0).map(|n| n as u64)
    }

    pub fn name(&self) -> Option<&[u8]> {
        if let Value::Name(name) = self { Some(name) } else { None }
    }

    pub fn array(&self) -> Option<&[Value]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    pub fn dict(&self) -> Option<&Dict> {
        if let Value::Dict(dict) = self { Some(dict) } else { None }
    }
}

/// Reads values one after the other.
#[derive(Clone, Debug)]
pub(super) struct Parser<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// `N G R` is a reference; content streams have none.
    references: bool,
}

impl<'a> Parser<'a> {
    /// Of an object.
    pub fn object(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, references: true }
    }

    /// Of a content stream.
    pub fn content(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, references: false }
    }

    /// The next value; none at the end, or when what stands there is none.
    pub fn next(&mut self) -> Option<Value> {
        self.value(0)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.at = raw::skip_space(self.bytes, self.at);
        let first = *self.bytes.get(self.at)?;
        if depth > MAX_DEPTH {
            return None;
        }
        match (first, self.bytes.get(self.at + 1)) {
            (b'<', Some(b'<')) => self.dict(depth),
            (b'<', _) => self.hex(),
            (b'(', _) => self.literal(),
            (b'[', _) => self.array(depth),
            (b'/', _) => {
                let (_, end) = raw::word(self.bytes, self.at + 1);
                let spelled = self.bytes.get(self.at..end)?;
                self.at = end;
                raw::name(spelled).map(Value::Name)
            }
            (b')' | b']' | b'>' | b'{' | b'}', _) => None,
            _ => self.word(),
        }
    }

    fn dict(&mut self, depth: usize) -> Option<Value> {
        self.at += 2;
        let mut dict = Dict::default();
        loop {
            self.at = raw::skip_space(self.bytes, self.at);
            if self.bytes.get(self.at..)?.starts_with(b">>") {
                self.at += 2;
                return Some(Value::Dict(dict));
            }
            let Value::Name(key) = self.value(depth + 1)? else { return None };
            dict.0.push((key, self.value(depth + 1)?));
            if dict.0.len() > MAX_ITEMS {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.at = raw::skip_space(self.bytes, self.at);
            if *self.bytes.get(self.at)? == b']' {
                self.at += 1;
                return Some(Value::Array(items));
            }
            items.push(self.value(depth + 1)?);
            if items.len() > MAX_ITEMS {
                return None;
            }
        }
    }

    fn word(&mut self) -> Option<Value> {
        let (word, end) = raw::word(self.bytes, self.at);
        if word.is_empty() {
            return None;
        }
        if self.references
            && word.iter().all(u8::is_ascii_digit)
            && let Some((reference, end)) = self.reference(end)
        {
            self.at = end;
            return Some(reference);
        }
        self.at = end;
        Some(match word {
            b"true" => Value::Bool(true),
            b"false" => Value::Bool(false),
            b"null" => Value::Null,
            _ => number(word).map_or_else(|| Value::Word(word.to_vec()), Value::Number),
        })
    }

    /// The rest of `N G R`, when the number at hand begins one.
    fn reference(&self, _end: usize) -> Option<(Value, usize)> {
        let (object, at) = raw::integer(self.bytes, self.at)?;
        let (generation, at) = raw::integer(self.bytes, at)?;
        let end = raw::keyword(self.bytes, at, b"R")?;
        Some((Value::Ref(u32::try_from(object).ok()?, u16::try_from(generation).ok()?), end))
    }

    fn hex(&mut self) -> Option<Value> {
        let rest = self.bytes.get(self.at + 1..)?;
        let length = rest.iter().position(|b| *b == b'>')?;
        self.at += length + 2;
        Some(Value::Text(unhex(&rest[..length])))
    }

    /// A literal string (ISO 32000-1 7.3.4.2).
    fn literal(&mut self) -> Option<Value> {
        let mut text = Vec::new();
        let mut open = 1u32;
        self.at += 1;
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' if open == 1 => return Some(Value::Text(text)),
                b')' => open -= 1,
                b'\\' => {
                    text.extend(self.escape()?);
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
    }

    fn escape(&mut self) -> Option<Option<u8>> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.bytes.get(self.at) {
                        Some(digit @ b'0'..=b'7') => code = code * 8 + u32::from(digit - b'0'),
                        _ => break,
                    }
                    self.at += 1;
                }
                Some(u8::try_from(code & 0xFF).unwrap_or(0))
            }
            b'\r' => {
                self.at += usize::from(self.bytes.get(self.at) == Some(&b'\n'));
                None
            }
            b'\n' => None,
            other => Some(other),
        })
    }
}

/// Digits, sign, point; anything else is a word.
fn number(word: &[u8]) -> Option<f64> {
    let plain = word.iter().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'));
    plain.then(|| std::str::from_utf8(word).ok()?.parse().ok()).flatten()
}

/// Bytes of hex digits, white space left out, an odd last digit counted as if 0 followed.
pub(super) fn unhex(digits: &[u8]) -> Vec<u8> {
    let value = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let nibbles: Vec<u8> = digits.iter().filter_map(value).collect();
    nibbles.chunks(2).map(|two| two[0] << 4 | two.get(1).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_kind() {
        let text = b"<</A[1 -2.5 .5 12 0 R null true]/B(a\\(b\\051\\n(c)\\\n)/C<48 65 7>/D#20E/F>>rest";
        let mut parser = Parser::object(text, 0);
        let Some(Value::Dict(dict)) = parser.next() else { panic!() };
        let items = dict.get("A").unwrap().array().unwrap();
        assert_eq!(items[..3], [Value::Number(1.0), Value::Number(-2.5), Value::Number(0.5)]);
        assert_eq!(items[3], Value::Ref(12, 0));
        assert_eq!(dict.get("B"), Some(&Value::Text(b"a(b)\n(c)".to_vec())));
        assert_eq!(dict.get("C"), Some(&Value::Text(b"Hep".to_vec())));
        assert_eq!(dict.get("D E").unwrap().name(), Some(&b"F"[..]));
        assert_eq!(&text[parser.at..], b"rest");
        assert_eq!(Parser::content(b"1 0 R").next(), Some(Value::Number(1.0)));
    }

    #[test]
    fn what_is_cut_or_too_deep_is_none() {
        for cut in [&b"<</A 1"[..], b"[1 2", b"(a", b"<41", b"<</A>>", b"", b")"] {
            assert_eq!(Parser::object(cut, 0).next(), None, "{}", String::from_utf8_lossy(cut));
        }
        assert_eq!(Parser::object(&[b'['; 100_000], 0).next(), None);
    }
}
