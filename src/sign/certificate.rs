//! The signer's certificate (RFC 5280): who it names, when it is valid, whether it may sign, and whether a signature is
//! really made with its key.

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use jiff::Timestamp;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::PublicKeyParts;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::algorithm::{Algorithm, kind_name};
use crate::document::hex;
use crate::error::{Clause, Error, Result, kinds};
use crate::verify::quick;

/// rsaEncryption, RFC 8017 A.1.
const RSA: der::oid::ObjectIdentifier = const_oid::db::rfc5912::RSA_ENCRYPTION;
/// id-ecPublicKey and the two curves, RFC 5480 2.1.1.
const EC: ObjectIdentifier = const_oid::db::rfc5912::ID_EC_PUBLIC_KEY;
const P256: ObjectIdentifier = const_oid::db::rfc5912::SECP_256_R_1;
const P384: ObjectIdentifier = const_oid::db::rfc5912::SECP_384_R_1;
/// Smallest RSA modulus in bits where the profile names none (Circular 15/2025/TT-BKHCN Annex I; ETSI TS 119 312).
pub const MIN_RSA_BITS: u32 = 2_048;
/// Largest certificate, bytes.
const MAX_CERTIFICATE: usize = 64 << 10;
/// Longest chain that is followed.
const MAX_CHAIN: usize = 8;

/// The kinds of keys that sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with a modulus of so many bytes.
    Rsa {
        /// Bytes of the modulus.
        bytes: usize,
    },
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
}

/// A certificate whose DER form is canonical, so that what is embedded is what was read.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

fn unreadable(cause: impl std::fmt::Display) -> Error {
    refused(Clause::technical(cause))
}

fn refused(cause: Clause) -> Error {
    kinds::CERTIFICATE_UNREADABLE.with("cause", cause)
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_UNREADABLE`] when it is not DER or far too large.
    pub fn parse(der: &[u8]) -> Result<Self> {
        if der.len() > MAX_CERTIFICATE {
            return Err(refused(Clause::new("why-size")));
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(unreadable)?;
        if parsed.to_der().map_err(unreadable)? != der {
            return Err(refused(Clause::new("why-not-canonical")));
        }
        Ok(Self { der: der.to_vec(), parsed })
    }

    /// Whether it may issue certificates (RFC 5280 4.2.1.9). The first version of X.509 could not say so; a root of that age is
    /// one that has issued itself.
    pub fn is_authority(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        match tbs.get_extension::<BasicConstraints>() {
            Ok(Some((_, constraints))) => constraints.ca,
            _ => tbs.version() == x509_cert::Version::V1 && self.is_self_issued(),
        }
    }

    /// The bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The parsed form, for the assembly of a signature.
    pub(super) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// The name for people: common name, else the whole subject.
    pub fn name(&self) -> String {
        let subject = self.parsed.tbs_certificate().subject();
        match subject.common_name() {
            Ok(Some(name)) => name.value().into_owned(),
            _ => subject.to_string(),
        }
    }

    /// The whole subject, RFC 4514.
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate().subject().to_string()
    }

    /// The name of its issuer for people: common name, else the whole name.
    pub fn issuer(&self) -> String {
        let issuer = self.parsed.tbs_certificate().issuer();
        match issuer.common_name() {
            Ok(Some(name)) => name.value().into_owned(),
            _ => issuer.to_string(),
        }
    }

    /// Its serial number, hex digits.
    pub fn serial(&self) -> String {
        hex(self.parsed.tbs_certificate().serial_number().as_bytes())
    }

    /// Whether it names the same subject as `other`.
    pub fn names_same(&self, other: &Certificate) -> bool {
        self.parsed.tbs_certificate().subject() == other.parsed.tbs_certificate().subject()
    }

    /// Whether issuer and subject are the same, as in a root.
    pub fn is_self_issued(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        tbs.issuer() == tbs.subject()
    }

    /// Whether `other` carries the name of this certificate's issuer.
    fn names_issuer(&self, other: &Certificate) -> bool {
        self.parsed.tbs_certificate().issuer() == other.parsed.tbs_certificate().subject()
    }

    /// First and last moment of validity.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_UNREADABLE`] when they are no times.
    pub fn validity(&self) -> Result<(Timestamp, Timestamp)> {
        let validity = self.parsed.tbs_certificate().validity();
        let moment = |time: &x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(unreadable)?;
            Timestamp::from_second(seconds).map_err(unreadable)
        };
        Ok((moment(&validity.not_before)?, moment(&validity.not_after)?))
    }

    /// The RSA key.
    ///
    /// # Errors
    /// [`kinds::KEY_TYPE_UNSUPPORTED`] for every other kind of key.
    pub fn rsa_key(&self) -> Result<rsa::RsaPublicKey> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        if info.algorithm.oid != RSA {
            return Err(kinds::KEY_TYPE_UNSUPPORTED.with("detail", kind_name(info.algorithm.oid)));
        }
        rsa::RsaPublicKey::from_pkcs1_der(info.subject_public_key.raw_bytes())
            .map_err(|e| kinds::KEY_TYPE_UNSUPPORTED.with("detail", format!("RSA, {e}")))
    }

    /// What kind of key it is for.
    ///
    /// # Errors
    /// [`kinds::KEY_TYPE_UNSUPPORTED`] for every other kind than RSA, P-256 and P-384.
    pub fn key_kind(&self) -> Result<KeyKind> {
        let algorithm = &self.parsed.tbs_certificate().subject_public_key_info().algorithm;
        if algorithm.oid != EC {
            return self.rsa_key().map(|key| KeyKind::Rsa { bytes: key.size() });
        }
        let curve = algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
        match curve {
            Some(P256) => Ok(KeyKind::P256),
            Some(P384) => Ok(KeyKind::P384),
            Some(other) => Err(kinds::KEY_TYPE_UNSUPPORTED.with("detail", kind_name(other))),
            None => Err(kinds::KEY_TYPE_UNSUPPORTED.with("detail", kind_name(EC))),
        }
    }

    /// How its key signs; `pss` decides between the two ways of RSA.
    ///
    /// # Errors
    /// As [`Certificate::key_kind`].
    pub fn algorithm(&self, pss: bool) -> Result<Algorithm> {
        Ok(match self.key_kind()? {
            KeyKind::Rsa { .. } if pss => Algorithm::RsaPssSha256,
            KeyKind::Rsa { .. } => Algorithm::RsaPkcs1Sha256,
            KeyKind::P256 => Algorithm::EcdsaP256Sha256,
            KeyKind::P384 => Algorithm::EcdsaP384Sha384,
        })
    }

    /// Whether it is meant for signatures that a person is bound by (nonRepudiation, RFC 5280 4.2.1.3).
    pub fn binds(&self) -> bool {
        let usage = self.parsed.tbs_certificate().get_extension::<KeyUsage>();
        usage.is_ok_and(|usage| usage.is_some_and(|(_, usage)| usage.non_repudiation()))
    }

    /// Its kind of key for people, with bits: `RSA 3072`, `ECDSA P-256`; also those that do not sign here.
    pub fn key_name(&self) -> String {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        let curve = info.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
        match self.key_kind() {
            Ok(KeyKind::Rsa { .. }) => match self.rsa_key() {
                Ok(key) => format!("RSA {}", key.n().bit_width()),
                Err(_) => String::from("RSA"),
            },
            Ok(KeyKind::P256) => String::from("ECDSA P-256"),
            Ok(KeyKind::P384) => String::from("ECDSA P-384"),
            Err(_) => kind_name(curve.filter(|_| info.algorithm.oid == EC).unwrap_or(info.algorithm.oid)),
        }
    }

    /// The point of an EC key as it stands in the certificate (RFC 5480 2.2).
    pub fn ec_point(&self) -> Option<&[u8]> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        (info.algorithm.oid == EC).then(|| info.subject_public_key.raw_bytes())
    }

    /// The curve of an EC key, DER (ECParameters, RFC 5480 2.1.1).
    pub fn ec_parameters(&self) -> Option<Vec<u8>> {
        let info = self.parsed.tbs_certificate().subject_public_key_info();
        let parameters = info.algorithm.parameters.as_ref().filter(|_| info.algorithm.oid == EC);
        parameters.and_then(|parameters| parameters.to_der().ok())
    }

    /// Whether its key usage, if it states one, has a signature among it (RFC 5280 4.2.1.3).
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_UNREADABLE`].
    pub fn signs(&self) -> Result<bool> {
        let usage = self.parsed.tbs_certificate().get_extension::<KeyUsage>().map_err(unreadable)?;
        Ok(usage.is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation()))
    }

    /// Modulus of the RSA key, big-endian without leading zeros.
    ///
    /// # Errors
    /// As [`Certificate::rsa_key`].
    pub fn modulus(&self) -> Result<Vec<u8>> {
        Ok(self.rsa_key()?.n_bytes().to_vec())
    }

    /// Whether it is valid at `at`.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_EXPIRED`], [`kinds::CERTIFICATE_NOT_YET_VALID`].
    pub fn check_time(&self, at: Timestamp) -> Result<()> {
        let (from, until) = self.validity()?;
        if at < from {
            return Err(kinds::CERTIFICATE_NOT_YET_VALID
                .with("signer", self.name())
                .with("from", from)
                .with("at", at));
        }
        if at > until {
            return Err(kinds::CERTIFICATE_EXPIRED
                .with("signer", self.name())
                .with("until", until)
                .with("at", at));
        }
        Ok(())
    }

    /// Whether it may sign documents at `at` with a key of at least `min_rsa_bits` (0: [`MIN_RSA_BITS`]).
    ///
    /// # Errors
    /// As [`Certificate::check_time`]; [`kinds::KEY_USAGE_WRONG`], [`kinds::KEY_TOO_SHORT`],
    /// [`kinds::KEY_TYPE_UNSUPPORTED`].
    pub fn check_usable(&self, at: Timestamp, min_rsa_bits: u32) -> Result<()> {
        self.check_time(at)?;
        if !self.signs()? {
            return Err(kinds::KEY_USAGE_WRONG.with("signer", self.name()));
        }
        let KeyKind::Rsa { .. } = self.key_kind()? else { return Ok(()) };
        let minimum = if min_rsa_bits == 0 { MIN_RSA_BITS } else { min_rsa_bits };
        let bits = self.rsa_key()?.n().bit_width();
        if bits < minimum {
            return Err(kinds::KEY_TOO_SHORT
                .with("signer", self.name())
                .with("bits", bits)
                .with("minimum", minimum));
        }
        Ok(())
    }

    /// Greatest length of a signature by its key, bytes.
    ///
    /// # Errors
    /// As [`Certificate::key_kind`].
    pub fn signature_length(&self) -> Result<usize> {
        Ok(match self.key_kind()? {
            KeyKind::Rsa { bytes } => bytes,
            // Two integers with a sign byte each, in a sequence (RFC 3279 2.2.3).
            KeyKind::P256 => 2 + 2 * (2 + 33),
            KeyKind::P384 => 2 + 2 * (2 + 49),
        })
    }
}

/// Checks signatures with one key, many times.
pub struct Checker {
    /// For what the verifier does not remember.
    bare: UnparsedPublicKey<Vec<u8>>,
    algorithm: AlgorithmIdentifierOwned,
    key: SubjectPublicKeyInfoOwned,
}

impl Checker {
    /// For the key of `certificate` and signatures by `algorithm`.
    ///
    /// # Errors
    /// As [`Certificate::key_kind`].
    pub fn new(certificate: &Certificate, algorithm: Algorithm) -> Result<Self> {
        certificate.key_kind()?;
        let info = certificate.parsed.tbs_certificate().subject_public_key_info();
        let rule: &'static dyn VerificationAlgorithm = match algorithm {
            Algorithm::RsaPkcs1Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            // Salt as long as the digest (RFC 4056 2.2), which is what our identifier says.
            Algorithm::RsaPssSha256 => &signature::RSA_PSS_2048_8192_SHA256,
            Algorithm::EcdsaP256Sha256 => &signature::ECDSA_P256_SHA256_ASN1,
            Algorithm::EcdsaP384Sha384 => &signature::ECDSA_P384_SHA384_ASN1,
        };
        let bare = UnparsedPublicKey::new(rule, info.subject_public_key.raw_bytes().to_vec());
        Ok(Self { bare, algorithm: algorithm.identifier(), key: info.clone() })
    }

    /// Whether `signature` is one of the key over `message`. One that holds is remembered for the look at the signed file.
    pub fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        quick::holds_again(message, signature, &self.algorithm, &self.key)
            || self.bare.verify(message, signature).is_ok()
    }
}

/// The chain of `leaf` as far as `pool` has it, by names, issuer of the leaf first.
pub fn chain(leaf: &Certificate, pool: &[Certificate]) -> Vec<Vec<u8>> {
    let mut chain: Vec<&Certificate> = Vec::new();
    let mut last = leaf;
    while chain.len() < MAX_CHAIN && !last.is_self_issued() {
        let next = pool
            .iter()
            .find(|c| last.names_issuer(c) && c.der != leaf.der && !chain.iter().any(|k| k.der == c.der));
        let Some(next) = next else { break };
        chain.push(next);
        last = next;
    }
    chain.into_iter().map(|certificate| certificate.der.clone()).collect()
}
