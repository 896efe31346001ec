//! The algorithms of signatures, each with its digest and its spelling in CMS (RFC 5754, RFC 4056) and on tokens.

use const_oid::db::rfc5912;
use der::asn1::{Null, ObjectIdentifier};
use der::{Any, Decode};
use serde::{Deserialize, Serialize};
use sha2::{Sha256, Sha384};
use spki::AlgorithmIdentifierOwned;

/// RSASSA-PSS-params (RFC 4055 3.1): SHA-256, MGF1 with SHA-256, a salt of 32 bytes.
const PSS_SHA256: &[u8] = &[
    0x30, 0x34, 0xA0, 0x0F, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
    0x05, 0x00, 0xA1, 0x1C, 0x30, 0x1A, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08,
    0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0xA2, 0x03,
    0x02, 0x01, 0x20,
];

/// Kinds of keys and curves that do not sign here, by the names that people know: RFC 8410 3, RFC 5480 2.1.1, SEC 2, RFC 5639
/// 4.1, RFC 3279 2.3.2, RFC 4055 1.2.
const OTHER_KINDS: [(&str, &str); 14] = [
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.113549.1.1.10", "RSA for PSS only"),
    ("1.2.840.10045.2.1", "ECDSA, explicit parameters"),
    ("1.2.840.10045.3.1.1", "ECDSA P-192"),
    ("1.3.132.0.33", "ECDSA P-224"),
    ("1.3.132.0.35", "ECDSA P-521"),
    ("1.3.132.0.10", "ECDSA secp256k1"),
    ("1.3.36.3.3.2.8.1.1.7", "ECDSA brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.11", "ECDSA brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "ECDSA brainpoolP512r1"),
];

/// The name of a kind of key or of a curve that is not supported; its number where it has none that people know.
pub fn kind_name(oid: ObjectIdentifier) -> String {
    let number = oid.to_string();
    match OTHER_KINDS.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => (*name).to_owned(),
        None => number,
    }
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 8.2).
    RsaPkcs1Sha256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, salt of 32 bytes (RFC 8017 8.1).
    RsaPssSha256,
    /// ECDSA over P-256 with SHA-256 (FIPS 186-5), DER (RFC 3279 2.2.3).
    EcdsaP256Sha256,
    /// ECDSA over P-384 with SHA-384.
    EcdsaP384Sha384,
}

/// How a document is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// FIPS 180-4.
    Sha256,
    /// FIPS 180-4.
    Sha384,
}

impl Digest {
    /// The digest of pieces one after the other.
    pub fn of(self, pieces: &[&[u8]]) -> Vec<u8> {
        use sha2::Digest as _;
        match self {
            Digest::Sha256 => pieces.iter().fold(Sha256::new(), |h, p| h.chain_update(p)).finalize().to_vec(),
            Digest::Sha384 => pieces.iter().fold(Sha384::new(), |h, p| h.chain_update(p)).finalize().to_vec(),
        }
    }

    /// Bytes of a digest.
    pub fn length(self) -> usize {
        match self {
            Digest::Sha256 => 32,
            Digest::Sha384 => 48,
        }
    }

    /// RFC 5754 2: without parameters.
    pub(super) fn identifier(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Digest::Sha256 => rfc5912::ID_SHA_256,
            Digest::Sha384 => rfc5912::ID_SHA_384,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }
}

impl Algorithm {
    /// The digest that goes with it, for the document and for the attributes alike.
    pub fn digest(self) -> Digest {
        match self {
            Algorithm::EcdsaP384Sha384 => Digest::Sha384,
            _ => Digest::Sha256,
        }
    }

    /// RFC 5754 3.2: RSA identifiers carry NULL parameters; 3.3: those of ECDSA carry none; RFC 4056 3: PSS carries all.
    pub(super) fn identifier(self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            Algorithm::RsaPkcs1Sha256 => (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Some(Any::from(Null))),
            Algorithm::RsaPssSha256 => (rfc5912::ID_RSASSA_PSS, Any::from_der(PSS_SHA256).ok()),
            Algorithm::EcdsaP256Sha256 => (rfc5912::ECDSA_WITH_SHA_256, None),
            Algorithm::EcdsaP384Sha384 => (rfc5912::ECDSA_WITH_SHA_384, None),
        };
        AlgorithmIdentifierOwned { oid, parameters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_or_at_least_numbers() {
        let name = |number| kind_name(ObjectIdentifier::new_unwrap(number));
        assert_eq!(name("1.3.132.0.35"), "ECDSA P-521");
        assert_eq!(name("1.2.3.4"), "1.2.3.4");
    }

    #[test]
    fn the_parameters_of_pss_are_whole() {
        let identifier = Algorithm::RsaPssSha256.identifier();
        assert_eq!(der::Encode::to_der(&identifier.parameters.unwrap()).unwrap(), PSS_SHA256);
    }
}
