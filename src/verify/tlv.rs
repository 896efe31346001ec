//! Tag, length, value of DER (ITU-T X.690 8.1, 10.1). What is signed is bytes, so the parts of a container are looked at where
//! they stand and never encoded again.

use der::Decode;
use der::oid::ObjectIdentifier;

/// Tag SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Tag SET.
pub const SET: u8 = 0x31;
/// Tag INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag OCTET STRING.
pub const OCTETS: u8 = 0x04;
/// Tag OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// Identifier octet.
    pub tag: u8,
    /// Contents.
    pub content: &'a [u8],
    /// Identifier, length and contents.
    pub whole: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The elements inside, when it has this tag.
    pub fn inside(&self, tag: u8) -> Option<Vec<Tlv<'a>>> {
        (self.tag == tag).then(|| all(self.content))?
    }

    /// The contents, when it has this tag.
    pub fn of(&self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.content)
    }

    /// The object identifier that it is.
    pub fn oid(&self) -> Option<ObjectIdentifier> {
        (self.tag == OID).then(|| ObjectIdentifier::from_der(self.whole).ok())?
    }
}

/// The first element, and what follows it. Definite lengths in their shortest form and low tag numbers only.
pub fn first(bytes: &[u8]) -> Option<(Tlv<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    if tag & 0x1F == 0x1F {
        return None;
    }
    let (length, rest) = match short {
        0..=0x7F => (usize::from(short), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7F))?;
            let length = digits.iter().fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
            if digits.first() == Some(&0) || length < 0x80 {
                return None;
            }
            (usize::try_from(length).ok()?, rest)
        }
        _ => return None,
    };
    let (content, behind) = rest.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len() - behind.len())?;
    Some((Tlv { tag, content, whole }, behind))
}

/// Most elements that are gathered: a few megabytes of empty ones would fill the memory.
const MAX_ELEMENTS: usize = 100_000;

/// All elements; none when something else is left, or when there are too many.
pub fn all(bytes: &[u8]) -> Option<Vec<Tlv<'_>>> {
    let mut out = Vec::new();
    for element in each(bytes) {
        out.push(element.filter(|_| out.len() < MAX_ELEMENTS)?);
    }
    Some(out)
}

/// The elements one after the other; none, and then nothing more, where something else is left.
pub fn each(mut bytes: &[u8]) -> impl Iterator<Item = Option<Tlv<'_>>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let next = first(bytes);
        bytes = next.map_or(&[], |(_, rest)| rest);
        Some(next.map(|(element, _)| element))
    })
}

/// The one element that `bytes` are.
pub fn only(bytes: &[u8]) -> Option<Tlv<'_>> {
    first(bytes).filter(|(_, rest)| rest.is_empty()).map(|(element, _)| element)
}

/// An element of these parts, DER. For questions that we ask ourselves.
pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let digits = length.to_be_bytes();
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = digits.get(zeros..).unwrap_or_default();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
            out.extend_from_slice(digits);
        }
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_definite_and_as_short_as_they_can_be() {
        assert_eq!(only(&[4, 1, 9]).unwrap().of(OCTETS), Some(&[9][..]));
        for bad in
            [&[][..], &[4], &[4, 2, 9], &[4, 0x80, 9, 0, 0], &[4, 0x81, 1, 9], &[4, 1, 9, 0], &[0x1F, 1, 9]]
        {
            assert_eq!(only(bad), None, "{bad:?}");
        }
        let long = [&[4, 0x82, 1, 0][..], &[7; 256]].concat();
        assert_eq!(element(4, &[&[7; 250], &[7; 6]]), long);
        assert_eq!(element(4, &[&[9]]), [4, 1, 9]);
        assert_eq!(element(4, &[&[0; 200]])[..4], [4, 0x81, 200, 0]);
        assert_eq!(only(&long).unwrap().content.len(), 256);
        assert_eq!(only(&[4, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 1]), None);
        assert_eq!(all(&[5, 0, 5, 0, 5]), None);
        assert_eq!(all(&[5, 0].repeat(MAX_ELEMENTS + 1)), None);
        assert_eq!(each(&[5, 0, 5]).map(|element| element.is_some()).collect::<Vec<_>>(), [true, false]);
    }
}
