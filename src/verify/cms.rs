//! Does the signature value hold (RFC 5652 5.4, 5.6; ETSI EN 319 142-1 6.3)? Every rule refuses, none warns.

use certval::{PkiEnvironment, verify_signature_message_rust_crypto};
use const_oid::db::{rfc5911, rfc5912};
use der::asn1::{BitString, Null};
use der::oid::ObjectIdentifier;
use der::{Any, Encode};
use sha2::{Digest, Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::container::Container;
use super::content::Content;
use super::history::Code;
use super::path::Certificate;
use super::tlv::{self, OCTETS, SEQUENCE};

/// id-aa-signingCertificate (RFC 2634 5.4), bound by SHA-1.
const ESS_V1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// md5WithRSAEncryption and md5.
const MD5_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
const MD5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.5");

/// A digest that is good enough (ETSI TS 119 312 clause 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The digest that an identifier names.
    ///
    /// # Errors
    /// `weak_algorithm`, `algorithm_unknown`.
    pub fn of(oid: ObjectIdentifier) -> Result<Self, Code> {
        match oid {
            rfc5912::ID_SHA_256 => Ok(Self::Sha256),
            rfc5912::ID_SHA_384 => Ok(Self::Sha384),
            rfc5912::ID_SHA_512 => Ok(Self::Sha512),
            rfc5912::ID_SHA_1 | rfc5912::ID_SHA_224 | MD5 => Err("weak_algorithm"),
            _ => Err("algorithm_unknown"),
        }
    }

    /// The digest of some pieces, one after the other.
    pub fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        fn run<D: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
            pieces.iter().fold(D::new(), |state, piece| state.chain_update(piece)).finalize().to_vec()
        }
        match self {
            Self::Sha256 => run::<Sha256>(pieces),
            Self::Sha384 => run::<Sha384>(pieces),
            Self::Sha512 => run::<Sha512>(pieces),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    fn with_rsa(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
            Self::Sha384 => rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
            Self::Sha512 => rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
        }
    }

    fn with_ecdsa(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => rfc5912::ECDSA_WITH_SHA_256,
            Self::Sha384 => rfc5912::ECDSA_WITH_SHA_384,
            Self::Sha512 => rfc5912::ECDSA_WITH_SHA_512,
        }
    }
}

/// What the profile of the signature asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Kind of content that the attribute has to name.
    pub content_type: ObjectIdentifier,
    /// Whether the signer's certificate has to be bound by a signed attribute.
    pub bound: bool,
}

/// Checks all but the certificate's trust; `content` is what the digest is over, `seen` is what the signer's certificate says.
/// Gives the name of the algorithm.
///
/// # Errors
/// The codes of the first rules that do not hold.
pub fn check(
    container: &Container,
    content: Content,
    signer: &[u8],
    seen: &Certificate,
    rules: Rules,
) -> Result<String, Code> {
    let hash = Hash::of(container.digest.oid)?;
    plain_parameters(&container.digest)?;
    if !container.digests.iter().any(|digest| digest.oid == container.digest.oid) {
        return Err("attributes_wrong");
    }
    attributes(container, &content.digest(hash), rules)?;
    bound(container, signer, rules)?;
    let (algorithm, name) = signature_algorithm(&container.algorithm, hash)?;
    value(container, &algorithm, seen)?;
    Ok(format!("{name}, {}", hash.name()))
}

fn attributes(container: &Container, digest: &[u8], rules: Rules) -> Result<(), Code> {
    let kind = container.attribute(rfc5911::ID_CONTENT_TYPE).and_then(|value| value.oid());
    let stated = container.attribute(rfc5911::ID_MESSAGE_DIGEST).and_then(|value| value.of(OCTETS));
    if !container.attributes_are_single()
        || kind != Some(rules.content_type)
        || container.content_type != rules.content_type
    {
        return Err("attributes_wrong");
    }
    match stated {
        None => Err("attributes_wrong"),
        Some(stated) if stated != digest => Err("digest_mismatch"),
        Some(_) => Ok(()),
    }
}

/// SigningCertificateV2 (RFC 5035 3): its first entry is the hash of the signer's certificate.
fn bound(container: &Container, signer: &[u8], rules: Rules) -> Result<(), Code> {
    if !container.has(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2) {
        return match (rules.bound, container.has(ESS_V1)) {
            (true, true) => Err("weak_algorithm"),
            (true, false) => Err("certificate_not_bound"),
            (false, _) => Ok(()),
        };
    }
    let value = container.attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2).ok_or("attributes_wrong")?;
    let find = || {
        let list = value.inside(SEQUENCE)?.first()?.inside(SEQUENCE)?;
        let parts = list.first()?.inside(SEQUENCE)?;
        match parts.as_slice() {
            [hash, ..] if hash.tag == OCTETS => Some((Ok(Hash::Sha256), hash.content)),
            [algorithm, hash, ..] => {
                Some((Hash::of(algorithm.inside(SEQUENCE)?.first()?.oid()?), hash.of(OCTETS)?))
            }
            _ => None,
        }
    };
    let (hash, stated) = find().ok_or("attributes_wrong")?;
    if hash?.digest(&[signer]) == stated { Ok(()) } else { Err("certificate_mismatch") }
}

/// NULL or nothing (RFC 5754 2).
fn plain_parameters(algorithm: &AlgorithmIdentifierOwned) -> Result<(), Code> {
    let plain = algorithm.parameters.as_ref().is_none_or(|parameters| *parameters == Any::from(Null));
    if plain { Ok(()) } else { Err("algorithm_unknown") }
}

/// The algorithm in the form that the check of the value wants, and its name. It has to use the signer's digest.
fn signature_algorithm(
    stated: &AlgorithmIdentifierOwned,
    hash: Hash,
) -> Result<(AlgorithmIdentifierOwned, &'static str), Code> {
    let oid = stated.oid;
    let rsa = |oid| AlgorithmIdentifierOwned { oid, parameters: Some(Any::from(Null)) };
    if oid == rfc5912::RSA_ENCRYPTION || oid == hash.with_rsa() {
        plain_parameters(stated)?;
        return Ok((rsa(hash.with_rsa()), "RSA PKCS#1 v1.5"));
    }
    if oid == hash.with_ecdsa() {
        return Ok((stated.clone(), "ECDSA"));
    }
    if oid == rfc5912::ID_RSASSA_PSS {
        return if pss_hash(stated)? == hash {
            Ok((stated.clone(), "RSA-PSS"))
        } else {
            Err("attributes_wrong")
        };
    }
    let weak = [rfc5912::SHA_1_WITH_RSA_ENCRYPTION, rfc5912::SHA_224_WITH_RSA_ENCRYPTION, MD5_RSA];
    let other = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
    if weak.contains(&oid) {
        return Err("weak_algorithm");
    }
    let confused = other.iter().any(|hash| oid == hash.with_rsa() || oid == hash.with_ecdsa());
    Err(if confused { "attributes_wrong" } else { "algorithm_unknown" })
}

/// hashAlgorithm of RSASSA-PSS-params (RFC 4055 3.1); the default is SHA-1.
fn pss_hash(algorithm: &AlgorithmIdentifierOwned) -> Result<Hash, Code> {
    let encoded = algorithm.parameters.as_ref().and_then(|p| p.to_der().ok()).ok_or("weak_algorithm")?;
    let first = tlv::only(&encoded).and_then(|p| p.inside(SEQUENCE)).and_then(|parts| parts.first().copied());
    let hash = first.and_then(|first| first.inside(0xA0)).and_then(|inner| inner.first().copied());
    let oid = hash.and_then(|hash| hash.inside(SEQUENCE)).and_then(|parts| parts.first()?.oid());
    Hash::of(oid.ok_or("weak_algorithm")?)
}

/// The signature value over the stored attributes with the tag of a SET OF (RFC 5652 5.4), their other bytes untouched.
fn value(
    container: &Container,
    algorithm: &AlgorithmIdentifierOwned,
    signer: &Certificate,
) -> Result<(), Code> {
    let message = match container.attributes_stored.split_first() {
        Some((_, rest)) => [&[tlv::SET], rest].concat(),
        None => return Err("attributes_wrong"),
    };
    let key = signer.key.as_ref().ok_or("container_unreadable")?;
    if super::quick::holds_again(&message, container.signature, algorithm, key) {
        return Ok(());
    }
    let signature = BitString::from_bytes(container.signature).map_err(|_| "container_unreadable")?;
    verify_signature_message_rust_crypto(&PkiEnvironment::default(), &message, &signature, algorithm, key)
        .map_err(|error| match error {
            certval::Error::Unrecognized => "algorithm_unknown",
            _ => "signature_value_wrong",
        })
}

/// Whether a signature over a certificate, a list or an answer holds, by an algorithm that is good enough.
pub fn holds(
    message: &[u8],
    signature: &BitString,
    stated: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> bool {
    let hashes = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
    let strong = match stated.oid {
        rfc5912::ID_RSASSA_PSS => pss_hash(stated).is_ok(),
        oid => hashes.iter().any(|hash| oid == hash.with_rsa() || oid == hash.with_ecdsa()),
    };
    if super::quick::holds_again(message, signature.raw_bytes(), stated, key) {
        return strong;
    }
    let environment = PkiEnvironment::default();
    strong && verify_signature_message_rust_crypto(&environment, message, signature, stated, key).is_ok()
}
