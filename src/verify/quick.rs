//! The usual signatures, checked by ring with a fraction of the CPU time. Only a yes counts: whatever it does
//! not know or does not accept is judged by certval, which also says why.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use certval::PkiEnvironment;
use const_oid::db::rfc5912;
use der::Encode;
use der::asn1::{BitString, ObjectIdentifier};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// Whether the signature is known to hold.
pub fn holds(
    message: &[u8],
    signature: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> bool {
    let Some(rule) = rule(algorithm.oid, key) else { return false };
    UnparsedPublicKey::new(rule, key.subject_public_key.raw_bytes()).verify(message, signature).is_ok()
}

/// Most signatures that are remembered.
const REMEMBERED: usize = 4_096;

/// As [`holds`], for signatures that are met more than once: those over certificates, lists and answers, which are the same in
/// every file of a batch, and one that was checked when the key gave it and is met again in the file. One that held is remembered
/// by a digest over all that it depends on.
pub fn holds_again(
    message: &[u8],
    signature: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> bool {
    static HELD: LazyLock<Mutex<HashSet<[u8; 32]>>> = LazyLock::new(Mutex::default);
    let held = || HELD.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(digest) = digest(message, signature, algorithm, key) else { return false };
    if held().contains(&digest) {
        return true;
    }
    let holds = holds(message, signature, algorithm, key);
    if holds {
        let mut held = held();
        if held.len() >= REMEMBERED {
            held.clear();
        }
        held.insert(digest);
    }
    holds
}

/// Over everything that a check depends on.
fn digest(
    message: &[u8],
    signature: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> Option<[u8; 32]> {
    let (algorithm, key) = (algorithm.to_der().ok()?, key.to_der().ok()?);
    let mut digest = Sha256::new();
    for part in [&algorithm[..], &key, signature, message] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    Some(digest.finalize().into())
}

/// How ring checks an algorithm with a kind of key (RFC 5754 3.2, 3.3; RFC 8017 8.2).
fn rule(
    algorithm: ObjectIdentifier,
    key: &SubjectPublicKeyInfoOwned,
) -> Option<&'static dyn VerificationAlgorithm> {
    let kind = key.algorithm.oid;
    let curve = || key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok();
    match algorithm {
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION if kind == rfc5912::RSA_ENCRYPTION => {
            Some(&signature::RSA_PKCS1_2048_8192_SHA256)
        }
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION if kind == rfc5912::RSA_ENCRYPTION => {
            Some(&signature::RSA_PKCS1_2048_8192_SHA384)
        }
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION if kind == rfc5912::RSA_ENCRYPTION => {
            Some(&signature::RSA_PKCS1_2048_8192_SHA512)
        }
        rfc5912::ECDSA_WITH_SHA_256 if curve() == Some(rfc5912::SECP_256_R_1) => {
            Some(&signature::ECDSA_P256_SHA256_ASN1)
        }
        rfc5912::ECDSA_WITH_SHA_384 if curve() == Some(rfc5912::SECP_384_R_1) => {
            Some(&signature::ECDSA_P384_SHA384_ASN1)
        }
        _ => None,
    }
}

/// As certval calls it for the certificates of a path; not recognised means that the next one is asked.
///
/// # Errors
/// [`certval::Error::Unrecognized`] unless the signature holds.
pub fn in_path(
    _environment: &PkiEnvironment,
    message: &[u8],
    signature: &BitString,
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> Result<(), certval::Error> {
    match holds_again(message, signature.raw_bytes(), algorithm, key) {
        true => Ok(()),
        false => Err(certval::Error::Unrecognized),
    }
}
