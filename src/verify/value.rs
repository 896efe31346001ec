//! PDF objects by their meaning (ISO 32000-1 7.3), for comparing two revisions: two spellings of one value are equal, and a
//! dictionary that spells a key twice is no value at all.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::pdf::raw;

/// Deepest nesting that is followed, as in [`raw`].
const MAX_DEPTH: usize = 64;

/// A dictionary; entries whose value is null are absent (7.3.7).
pub type Dict = BTreeMap<Vec<u8>, Value>;

/// Why bytes are not a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Damaged, cut off or nested too deep.
    Syntax,
    /// A dictionary spells a key twice.
    Twice,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// null, and what a missing object stands for.
    Null,
    /// A number or keyword, as it is spelled.
    Word(Vec<u8>),
    /// A name, escapes resolved.
    Name(Vec<u8>),
    /// A string, escapes or hexadecimal digits resolved.
    Text(Vec<u8>),
    /// An array.
    Array(Rc<[Value]>),
    /// A dictionary.
    Dict(Rc<Dict>),
    /// A reference to an object.
    Ref(u32, u16),
}

impl Value {
    /// Reads the value that is the whole of `spelled`.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(spelled: &[u8]) -> Result<Self, Fault> {
        let mut reader = Reader { bytes: spelled, at: 0 };
        let value = reader.value(0)?;
        if reader.at == spelled.len() { Ok(value) } else { Err(Fault::Syntax) }
    }

    /// The dictionary that it is.
    pub fn dict(&self) -> Option<&Dict> {
        if let Self::Dict(dict) = self { Some(dict) } else { None }
    }

    /// The items of the array that it is.
    pub fn array(&self) -> Option<&[Value]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The name that it is.
    pub fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// The string that it is.
    pub fn text(&self) -> Option<&[u8]> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The object number that it refers to.
    pub fn reference(&self) -> Option<u32> {
        if let Self::Ref(number, _) = self { Some(*number) } else { None }
    }

    /// The whole number that it is.
    pub fn integer(&self) -> Option<i64> {
        let Self::Word(word) = self else { return None };
        std::str::from_utf8(word).ok()?.parse().ok()
    }

    /// The number that it is.
    pub fn number(&self) -> Option<f64> {
        let Self::Word(word) = self else { return None };
        std::str::from_utf8(word).ok()?.parse().ok()
    }

    /// The value under `key` of the dictionary that it is.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.dict()?.get(key.as_bytes())
    }

    /// Calls `visit` with every object number that it refers to, as often as it does.
    pub fn references(&self, visit: &mut impl FnMut(u32)) {
        match self {
            Self::Ref(number, _) => visit(*number),
            Self::Array(items) => items.iter().for_each(|item| item.references(visit)),
            Self::Dict(dict) => dict.values().for_each(|item| item.references(visit)),
            _ => {}
        }
    }
}

/// Reads a value in one go: what stands around it was found by [`raw::value`] already.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The bytes up to `end`, which is then the place to go on from.
    fn take(&mut self, end: usize) -> Result<&'a [u8], Fault> {
        let taken = self.bytes.get(self.at..end).ok_or(Fault::Syntax)?;
        self.at = end;
        Ok(taken)
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::Syntax);
        }
        match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
            (Some(b'<'), Some(b'<')) => self.dictionary(depth).map(|dict| Value::Dict(Rc::new(dict))),
            (Some(b'['), _) => self.array(depth).map(|items| Value::Array(items.into())),
            (Some(b'<'), _) => {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                let end = memchr::memchr(b'>', rest).ok_or(Fault::Syntax)?;
                self.take(self.at + end + 1).and_then(hexadecimal).map(Value::Text)
            }
            (Some(b'('), _) => {
                let end = raw::string_end(self.bytes, self.at).ok_or(Fault::Syntax)?;
                self.take(end).map(literal).map(Value::Text)
            }
            (Some(b'/'), _) => self.name().map(Value::Name),
            _ => self.word(),
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, Fault> {
        let end = raw::word(self.bytes, self.at + 1).1;
        raw::name(self.take(end)?).ok_or(Fault::Syntax)
    }

    /// A number, a keyword or a reference; nothing else begins with a regular character.
    fn word(&mut self) -> Result<Value, Fault> {
        let spelled = self.take(raw::number_end(self.bytes, self.at))?;
        Ok(match spelled {
            [] => return Err(Fault::Syntax),
            b"null" => Value::Null,
            [.., b'R'] => match raw::reference(spelled) {
                Some((number, generation)) => Value::Ref(number, generation),
                None => Value::Word(spelled.to_vec()),
            },
            _ => Value::Word(spelled.to_vec()),
        })
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Fault> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.at = raw::skip_space(self.bytes, self.at);
            if self.bytes.get(self.at) == Some(&b']') {
                self.at += 1;
                return Ok(items);
            }
            items.push(self.value(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Dict, Fault> {
        let mut dict = Dict::new();
        let mut nulls = Vec::new();
        self.at += 2;
        loop {
            self.at = raw::skip_space(self.bytes, self.at);
            if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b">>")) {
                self.at += 2;
                return Ok(dict);
            }
            let key = self.name()?;
            if dict.contains_key(&key) || nulls.contains(&key) {
                return Err(Fault::Twice);
            }
            self.at = raw::skip_space(self.bytes, self.at);
            match self.value(depth + 1)? {
                Value::Null => nulls.push(key),
                value => {
                    dict.insert(key, value);
                }
            }
        }
    }
}

fn hexadecimal(spelled: &[u8]) -> Result<Vec<u8>, Fault> {
    let inner = spelled.strip_prefix(b"<").and_then(|s| s.strip_suffix(b">")).ok_or(Fault::Syntax)?;
    let mut out = Vec::with_capacity(inner.len() / 2);
    let mut high = None;
    for &byte in inner.iter().filter(|byte| !raw::is_space(**byte)) {
        let digit = raw::hex_digit(byte).ok_or(Fault::Syntax)?;
        match high.take() {
            None => high = Some(digit << 4),
            Some(high) => out.push(high | digit),
        }
    }
    out.extend(high);
    Ok(out)
}

/// A literal string, escapes resolved (7.3.4.2).
fn literal(spelled: &[u8]) -> Vec<u8> {
    let inner = spelled.get(1..spelled.len().saturating_sub(1)).unwrap_or_default();
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'n') => out.push(b'\n'),
                Some(b'r') => out.push(b'\r'),
                Some(b't') => out.push(b'\t'),
                Some(b'b') => out.push(8),
                Some(b'f') => out.push(0x0C),
                Some(b'\n') | None => {}
                Some(b'\r') => {
                    bytes.next_if_eq(&b'\n');
                }
                Some(first @ b'0'..=b'7') => {
                    let mut code = u32::from(first - b'0');
                    for _ in 0..2 {
                        let Some(next) = bytes.next_if(|b| matches!(b, b'0'..=b'7')) else { break };
                        code = code * 8 + u32::from(next - b'0');
                    }
                    // High-order overflow is ignored, as the standard says.
                    out.push(code.to_le_bytes()[0]);
                }
                Some(other) => out.push(other),
            },
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                out.push(b'\n');
            }
            other => out.push(other),
        }
    }
    out
}

/// A text string for people (7.9.2.2): UTF-16BE or UTF-8 by its mark, else Latin-1, which agrees with PDFDocEncoding where
/// names of fields are concerned.
pub fn text_string(bytes: &[u8]) -> String {
    if let Some(units) = bytes.strip_prefix(b"\xFE\xFF") {
        let units: Vec<u16> = units.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter_and_double_keys_do() {
        let value = |bytes: &[u8]| Value::parse(bytes).unwrap();
        assert_eq!(
            value(b"<</A (a\\050\\\nb)/B[1 0 R/X]>>"),
            value(b"<< /B [ 1 0 R /X ] /#41 <6128 62> /N null>>")
        );
        assert_ne!(value(b"[1 0]"), value(b"[1 0 R]"));
        assert_eq!(Value::parse(b"<</A 1/#41 2>>"), Err(Fault::Twice));
        assert_eq!(Value::parse(b"<</A null/A 2>>"), Err(Fault::Twice));
        assert_eq!(Value::parse(b"[<</X[<</A 1/A 2>>]>>]"), Err(Fault::Twice));
        assert_eq!(Value::parse(b"<0x>"), Err(Fault::Syntax));
        assert_eq!(text_string(b"\xFE\xFF\x1E\xBE"), "Ế");
        let mut seen = Vec::new();
        value(b"[1 0 R<</A 2 0 R>>1 0 R]").references(&mut |number| seen.push(number));
        assert_eq!(seen, [1, 2, 1]);
    }
}
