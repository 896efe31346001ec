//! A small certificate authority for drills and tests: RSA and EC keys that live for a day or a year, certificates that say so in
//! every name, PKCS#12 files that other tools open. Never used for a real document.

use std::str::FromStr;
use std::time::Duration;

use der::Encode;
use der::pem::LineEnding;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use p12_keystore::{KeyStore, KeyStoreEntry, PrivateKeyChain};
use p256::elliptic_curve::Generate;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::{RsaPrivateKey, pkcs1v15::Signature};
use sha2::{Digest, Sha256};
use signature::RandomizedSigner;
use spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, SubjectPublicKeyInfoOwned,
    SubjectPublicKeyInfoRef,
};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use zeroize::Zeroizing;

use super::Algorithm;
use crate::error::{Error, Result, kinds};

/// Kind of drill keys, and of test keys that are about something else.
const USUAL: KeyType = KeyType::Rsa(2_048);
/// Random bytes in a serial number: 127 bits, positive (CA/Browser Forum BR 7.1 wants 64).
const SERIAL: usize = 16;

/// Kinds of keys that are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// RSA with a modulus of so many bits.
    Rsa(usize),
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing certificates.
    Authority,
    /// Signing documents: digitalSignature and nonRepudiation.
    Signing,
    /// Log-in: digitalSignature alone.
    Login,
    /// Encryption only: a signer must refuse it.
    Encryption,
}

/// A certificate to be issued.
#[derive(Clone, Debug)]
pub struct Recipe<'a> {
    /// Subject, RFC 4514.
    pub subject: &'a str,
    /// First moment of validity.
    pub from: Timestamp,
    /// Last moment of validity.
    pub until: Timestamp,
    /// What it is for.
    pub purpose: Purpose,
}

/// A key with its certificate and the chain above it.
pub struct Issued {
    key: Key,
    subject: Name,
    /// Its certificate, then the chain up to the root, DER.
    pub certificates: Vec<Vec<u8>>,
}

fn fault(error: impl std::fmt::Display) -> Error {
    kinds::INTERNAL.with("cause", format!("drill certificate: {error}"))
}

impl Issued {
    /// A root that signs itself, RSA with 2048 bits.
    ///
    /// # Errors
    /// An internal error only.
    pub fn root(recipe: &Recipe) -> Result<Self> {
        Self::root_with(USUAL, recipe)
    }

    /// A root of any kind.
    ///
    /// # Errors
    /// An internal error only.
    pub fn root_with(kind: KeyType, recipe: &Recipe) -> Result<Self> {
        let key = Key::new(kind)?;
        let subject = Name::from_str(recipe.subject).map_err(fault)?;
        let certificate = certify(&key, &subject, recipe, &key)?;
        Ok(Self { key, subject, certificates: vec![certificate] })
    }

    /// A certificate under this one, RSA with 2048 bits.
    ///
    /// # Errors
    /// An internal error only.
    pub fn issue(&self, recipe: &Recipe) -> Result<Self> {
        self.issue_with(USUAL, recipe)
    }

    /// A certificate of any kind under this one.
    ///
    /// # Errors
    /// An internal error only.
    pub fn issue_with(&self, kind: KeyType, recipe: &Recipe) -> Result<Self> {
        let key = Key::new(kind)?;
        let certificate = certify(&self.key, &self.subject, recipe, &key)?;
        let mut certificates = vec![certificate];
        certificates.extend_from_slice(&self.certificates);
        Ok(Self { key, subject: Name::from_str(recipe.subject).map_err(fault)?, certificates })
    }

    /// Its certificate as PEM.
    ///
    /// # Errors
    /// An internal error only.
    pub fn pem(&self) -> Result<String> {
        let certificate = self.certificates.first().map(Vec::as_slice).unwrap_or_default();
        der::pem::encode_string("CERTIFICATE", LineEnding::LF, certificate).map_err(fault)
    }

    /// The private key as PKCS#8 DER, to be written onto a test token.
    ///
    /// # Errors
    /// An internal error only.
    pub fn key_der(&self) -> Result<Zeroizing<Vec<u8>>> {
        let document = match &self.key {
            Key::Rsa(key) => key.to_pkcs8_der(),
            Key::P256(key) => key.to_pkcs8_der(),
            Key::P384(key) => key.to_pkcs8_der(),
        };
        Ok(document.map_err(fault)?.to_bytes())
    }

    /// Key and chain as a PKCS#12 file (PBES2 with AES-256, HMAC-SHA-256).
    ///
    /// # Errors
    /// An internal error only.
    pub fn pkcs12(&self, password: &str) -> Result<Vec<u8>> {
        pkcs12(&[("scanseal", self)], password)
    }

    fn chain(&self) -> Result<PrivateKeyChain> {
        let certificates = self.certificates.iter().map(|der| p12_keystore::Certificate::from_der(der));
        let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let id = Sha256::digest(self.key.public()?.subject_public_key.raw_bytes());
        Ok(PrivateKeyChain::new(self.key_der()?.as_slice(), id.get(..20).unwrap_or_default(), certificates))
    }
}

/// Several keys, each with its name, in one PKCS#12 file.
///
/// # Errors
/// An internal error only.
pub fn pkcs12(keys: &[(&str, &Issued)], password: &str) -> Result<Vec<u8>> {
    let mut store = KeyStore::new();
    for (name, issued) in keys {
        store.add_entry(name, KeyStoreEntry::PrivateKeyChain(issued.chain()?));
    }
    store.writer(password).write().map_err(fault)
}

/// A private key. Each kind wipes itself.
enum Key {
    Rsa(RsaPrivateKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl Key {
    fn new(kind: KeyType) -> Result<Self> {
        // A source of randomness that works once keeps working; where it does not, this is an error and not a panic.
        getrandom::fill(&mut [0; 8]).map_err(fault)?;
        Ok(match kind {
            KeyType::Rsa(bits) => Key::Rsa(RsaPrivateKey::new(&mut UnwrapErr(SysRng), bits).map_err(fault)?),
            KeyType::P256 => {
                Key::P256(p256::ecdsa::SigningKey::try_generate_from_rng(&mut SysRng).map_err(fault)?)
            }
            KeyType::P384 => {
                Key::P384(p384::ecdsa::SigningKey::try_generate_from_rng(&mut SysRng).map_err(fault)?)
            }
        })
    }

    fn public(&self) -> Result<SubjectPublicKeyInfoOwned> {
        let info = match self {
            Key::Rsa(key) => SubjectPublicKeyInfoOwned::from_key(&key.to_public_key()),
            Key::P256(key) => SubjectPublicKeyInfoOwned::from_key(key.verifying_key()),
            Key::P384(key) => SubjectPublicKeyInfoOwned::from_key(key.verifying_key()),
        };
        info.map_err(fault)
    }

    /// The certificate that `builder` describes, signed by this key.
    fn sign<P: BuilderProfile>(&self, builder: CertificateBuilder<P>) -> Result<x509_cert::Certificate> {
        let certificate = match self {
            Key::Rsa(key) => builder.build::<_, Signature>(&Signer(SigningKey::new(key.clone()))),
            Key::P256(key) => builder.build::<_, p256::ecdsa::DerSignature>(key),
            Key::P384(key) => builder.build::<_, p384::ecdsa::DerSignature>(key),
        };
        certificate.map_err(fault)
    }
}

fn certify(issuer: &Key, issuer_name: &Name, recipe: &Recipe, key: &Key) -> Result<Vec<u8>> {
    let mut serial = [0; SERIAL];
    getrandom::fill(&mut serial).map_err(fault)?;
    // The first bit is sign and the first byte must not be zero.
    serial[0] = serial[0] & 0x7F | 0x40;
    let profile = Profile {
        issuer: issuer_name.clone(),
        subject: Name::from_str(recipe.subject).map_err(fault)?,
        purpose: recipe.purpose,
    };
    let validity = Validity::new(time(recipe.from)?, time(recipe.until)?);
    let serial = SerialNumber::new(&serial).map_err(fault)?;
    let builder = CertificateBuilder::new(profile, serial, validity, key.public()?).map_err(fault)?;
    issuer.sign(builder)?.to_der().map_err(fault)
}

fn time(at: Timestamp) -> Result<Time> {
    let seconds = u64::try_from(at.as_second()).map_err(fault)?;
    let date = der::DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(fault)?;
    Ok(Time::from(date))
}

/// An RSA key that says which algorithm it signs with; the `rsa` crate says so only with a feature that we do not build.
struct Signer(SigningKey<Sha256>);

impl signature::Signer<Signature> for Signer {
    fn try_sign(&self, message: &[u8]) -> signature::Result<Signature> {
        self.0.try_sign_with_rng(&mut SysRng, message)
    }
}

impl signature::Keypair for Signer {
    type VerifyingKey = rsa::RsaPublicKey;

    fn verifying_key(&self) -> rsa::RsaPublicKey {
        self.0.as_ref().to_public_key()
    }
}

impl DynSignatureAlgorithmIdentifier for Signer {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(Algorithm::RsaPkcs1Sha256.identifier())
    }
}

/// Names and extensions (RFC 5280 4.2.1).
struct Profile {
    issuer: Name,
    subject: Name,
    purpose: Purpose,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        own: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        _tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let usage = match self.purpose {
            Purpose::Authority => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Purpose::Signing => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
            Purpose::Login => KeyUsages::DigitalSignature.into(),
            Purpose::Encryption => KeyUsages::KeyEncipherment.into(),
        };
        let mut out = Vec::new();
        if self.purpose == Purpose::Authority {
            let constraints = BasicConstraints { ca: true, path_len_constraint: None };
            out.push((&constraints).to_extension(&self.subject, &out)?);
        }
        out.push((&KeyUsage(usage)).to_extension(&self.subject, &out)?);
        out.push((&SubjectKeyIdentifier::try_from(own)?).to_extension(&self.subject, &out)?);
        out.push((&AuthorityKeyIdentifier::try_from(issuer)?).to_extension(&self.subject, &out)?);
        Ok(out)
    }
}
