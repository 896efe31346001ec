//! What opening a PKCS#12 file would cost, found out before its password is tried.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

use crate::error::Clause;

/// Most rounds of key derivation, about 4 s; OpenSSL writes 2,048, Java 10,000, OWASP advises 600,000.
const MAX_ROUNDS: u64 = 5_000_000;
/// Deepest nesting of the outer structure that is followed for the rounds.
const MAX_DEPTH: usize = 24;
/// Algorithms whose parameters hold rounds: PKCS#12 PBE (RFC 7292 App. C), PBKDF2 (RFC 8018 A.2).
const DERIVATIONS: [&str; 2] = ["1.2.840.113549.1.12.1.", "1.2.840.113549.1.5.12"];
/// RFC 7914 7: its cost is memory, and no tool writes it without being told to.
const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
/// Depth of MacData in a PFX.
const MAC_DEPTH: usize = 2;

/// Why a file is refused before its password is tried; `None`: these bytes are not DER, which is no fault inside an octet
/// string.
type Refusal = Option<Clause>;

/// Refuses a file that would keep this computer busy for minutes, before a round is done. What names rounds stands outside
/// of what it encrypts, so walking the outer structure finds all of them.
pub(super) fn check_cost(bytes: &[u8]) -> std::result::Result<(), Clause> {
    walk(bytes, 0).map_err(|refusal| refusal.unwrap_or_else(|| Clause::new("why-p12-none")))
}

fn walk(bytes: &[u8], depth: usize) -> std::result::Result<(), Refusal> {
    if depth > MAX_DEPTH {
        return Err(Some(Clause::new("why-p12-nesting")));
    }
    let mut reader = SliceReader::new(bytes).map_err(|_| None)?;
    let mut derivation = false;
    while !reader.is_finished() {
        let value = AnyRef::decode(&mut reader).map_err(|_| None)?;
        match value.tag() {
            Tag::ObjectIdentifier => derivation = is_derivation(value)?,
            // MacData (RFC 7292 4) is the only place this far out, beside the version, that holds a number: its rounds.
            Tag::Integer if depth <= MAC_DEPTH => check_rounds(value)?,
            Tag::Sequence if derivation => check_parameters(value.value())?,
            Tag::OctetString => {
                walk(value.value(), depth + 1).or_else(|e| if e.is_none() { Ok(()) } else { Err(e) })?
            }
            tag if tag.is_constructed() => walk(value.value(), depth + 1)?,
            _ => {}
        }
    }
    Ok(())
}

fn is_derivation(oid: AnyRef) -> std::result::Result<bool, Refusal> {
    let oid = oid.decode_as::<ObjectIdentifier>().map_err(|_| None)?.to_string();
    if oid == SCRYPT {
        return Err(Some(Clause::new("why-p12-scrypt")));
    }
    Ok(DERIVATIONS.iter().any(|known| oid.starts_with(known)))
}

fn check_parameters(bytes: &[u8]) -> std::result::Result<(), Refusal> {
    let mut reader = SliceReader::new(bytes).map_err(|_| None)?;
    while !reader.is_finished() {
        let value = AnyRef::decode(&mut reader).map_err(|_| None)?;
        if value.tag() == Tag::Integer {
            check_rounds(value)?;
        }
    }
    Ok(())
}

fn check_rounds(value: AnyRef) -> std::result::Result<(), Refusal> {
    match value.decode_as::<u64>() {
        Ok(rounds) if rounds <= MAX_ROUNDS => Ok(()),
        _ => Err(Some(Clause::new("why-p12-rounds").with("most", MAX_ROUNDS))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;

    /// PBKDF2 parameters with these rounds, in an AlgorithmIdentifier.
    fn pbkdf2(rounds: [u8; 3]) -> Vec<u8> {
        let oid = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 12];
        let parameters = [&[0x30, 8, 4, 1, 7, 2, 3][..], &rounds].concat();
        [&[0x30, 21][..], &oid, &parameters].concat()
    }

    #[test]
    fn absurd_rounds_are_refused_wherever_they_hide() {
        assert_eq!(check_cost(&pbkdf2([0x4C, 0x4B, 0x40])), Ok(()));
        let absurd = pbkdf2([0x4C, 0x4B, 0x41]);
        assert!(check_cost(&absurd).unwrap_err().text(Lang::En).contains("rounds"));
        let hidden = [&[0x30, 25, 4, 23][..], &absurd].concat();
        assert!(check_cost(&hidden).unwrap_err().text(Lang::En).contains("rounds"));
        let mac = [0x30, 10, 0x30, 8, 2, 6, 1, 0, 0, 0, 0, 0];
        assert!(check_cost(&mac).unwrap_err().text(Lang::En).contains("rounds"));
        let scrypt = [0x30, 11, 6, 9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 4, 11];
        assert_eq!(check_cost(&scrypt), Err(Clause::new("why-p12-scrypt")));
    }

    #[test]
    fn what_is_not_der_is_refused_and_deep_nesting_ends() {
        assert!(check_cost(b"not a key").is_err());
        let deep = (0..200_u32).fold(vec![5, 0], |inner, _| {
            let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
            let head = if inner.len() < 128 {
                vec![0x30, length[1]]
            } else {
                vec![0x30, 0x82, length[0], length[1]]
            };
            [head, inner].concat()
        });
        assert!(check_cost(&deep).is_err());
    }
}
