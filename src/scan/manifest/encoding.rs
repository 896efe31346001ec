//! The letters of a manifest. Older Vietnamese encodings cannot be told apart with certainty, so they are refused with
//! advice; a wrong letter in a name is worse than a file saved once more.

use crate::error::{Result, kinds};

/// Bytes that stand for combining tone marks in Windows-1258 and are rare letters elsewhere: grave, hook, tilde, acute, dot.
const TONES_1258: [u8; 5] = [0xCC, 0xD2, 0xDE, 0xEC, 0xF2];

/// The text of a manifest.
///
/// # Errors
/// [`kinds::MANIFEST_LEGACY`] for what looks like Windows-1258, [`kinds::MANIFEST_ENCODING`] for anything else that is not
/// UTF-8, nor UTF-16 that says so.
pub(crate) fn text(bytes: &[u8]) -> Result<String> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes)),
    }
}

fn utf8(bytes: &[u8]) -> Result<String> {
    match std::str::from_utf8(bytes) {
        // Text in UTF-16 without its mark is full of zero bytes.
        Ok(text) if text.contains('\0') => Err(kinds::MANIFEST_ENCODING.with("line", 1)),
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let line = line(bytes, error.valid_up_to());
            let kind = if is_1258(bytes) { &kinds::MANIFEST_LEGACY } else { &kinds::MANIFEST_ENCODING };
            Err(kind.with("line", line).with("encoding", "Windows-1258"))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: std::result::Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(kinds::MANIFEST_ENCODING.with("line", 1)),
    }
}

/// The line of a byte, counted from 1.
fn line(bytes: &[u8], place: usize) -> usize {
    1 + bytes.iter().take(place).filter(|b| **b == b'\n').count()
}

/// A tone mark that follows a vowel, several times: Vietnamese written in Windows-1258.
fn is_1258(bytes: &[u8]) -> bool {
    let vowel = |b: u8| b"aeiouyAEIOUY\xE2\xEA\xF4\xE3\xF5\xFD\xC2\xCA\xD4\xC3\xD5\xDD".contains(&b);
    let tones = bytes.windows(2).filter(|pair| vowel(pair[0]) && TONES_1258.contains(&pair[1])).count();
    // No text has these: what has them is another kind of file, in which such pairs stand by chance.
    let binary = bytes.iter().any(|b| matches!(b, 0..=8 | 14..=25 | 27..=31));
    tones >= 2 && !binary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_when_it_says_so() {
        let wide = |text: &str, order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            mark.into_iter().chain(text.encode_utf16().flat_map(order)).collect::<Vec<u8>>()
        };
        let words = "file\tsubject\na.jpg\tQuyết định 😀\n";
        assert_eq!(text(&wide(words, u16::to_le_bytes, [0xFF, 0xFE])).unwrap(), words);
        assert_eq!(text(&wide(words, u16::to_be_bytes, [0xFE, 0xFF])).unwrap(), words);
        assert_eq!(
            text(&wide(words, u16::to_le_bytes, [b'a', b'b'])).unwrap_err().code(),
            "manifest_encoding"
        );
        assert_eq!(text(&[0xFF, 0xFE, 0x41]).unwrap_err().code(), "manifest_encoding");
        assert_eq!(text(&[0xFF, 0xFE, 0x00, 0xD8]).unwrap_err().code(), "manifest_encoding");
    }

    #[test]
    fn windows_1258_is_recognised_and_other_old_encodings_are_not_read_either() {
        // "Về việc sửa chữa": tone marks behind their vowels.
        let old = b"file,subject\na.jpg,V\xEA\xCC vi\xEA\xF2c s\xFD\xD2a ch\xFD\xDEa\n";
        let error = text(old).unwrap_err();
        assert_eq!((error.code(), error.arg("line")), ("manifest_legacy", Some("2")));
        assert_eq!(text(b"file,subject\na,\xC1\xE9\n").unwrap_err().code(), "manifest_encoding");
    }
}
