//! A small certificate authority for drills and tests: RSA keys that live for a day or a year, certificates that say so in
//! every name, PKCS#12 files that other tools open. Never used for a real document.

use std::str::FromStr;
use std::time::Duration;

use der::Encode;
use der::pem::LineEnding;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use p12_keystore::{KeyStore, KeyStoreEntry, PrivateKeyChain};
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, pkcs1v15::Signature};
use sha2::{Digest, Sha256};
use signature::RandomizedSigner;
use spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, SubjectPublicKeyInfoRef};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfo;
use x509_cert::time::{Time, Validity};
use zeroize::Zeroizing;

use super::Algorithm;
use crate::error::{Error, Result, kinds};

/// Bits of drill and test keys.
const BITS: usize = 2_048;
/// Random bytes in a serial number: 127 bits, positive (CA/Browser Forum BR 7.1 wants 64).
const SERIAL: usize = 16;

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing certificates.
    Authority,
    /// Signing documents: digitalSignature and nonRepudiation.
    Signing,
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
    key: RsaPrivateKey,
    subject: Name,
    /// Its certificate, then the chain up to the root, DER.
    pub certificates: Vec<Vec<u8>>,
}

fn fault(error: impl std::fmt::Display) -> Error {
    kinds::INTERNAL.with("cause", format!("drill certificate: {error}"))
}

impl Issued {
    /// A root that signs itself.
    ///
    /// # Errors
    /// An internal error only.
    pub fn root(recipe: &Recipe) -> Result<Self> {
        let key = new_key()?;
        let subject = Name::from_str(recipe.subject).map_err(fault)?;
        let certificate = certify(&key, &subject, recipe, &key)?;
        Ok(Self { key, subject, certificates: vec![certificate] })
    }

    /// A certificate under this one.
    ///
    /// # Errors
    /// An internal error only.
    pub fn issue(&self, recipe: &Recipe) -> Result<Self> {
        let key = new_key()?;
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
        Ok(self.key.to_pkcs8_der().map_err(fault)?.to_bytes())
    }

    /// Key and chain as a PKCS#12 file (PBES2 with AES-256, HMAC-SHA-256).
    ///
    /// # Errors
    /// An internal error only.
    pub fn pkcs12(&self, password: &str) -> Result<Vec<u8>> {
        let certificates = self.certificates.iter().map(|der| p12_keystore::Certificate::from_der(der));
        let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let id = Sha256::digest(self.key.n_bytes());
        let chain =
            PrivateKeyChain::new(self.key_der()?.as_slice(), id.get(..20).unwrap_or_default(), certificates);
        let mut store = KeyStore::new();
        store.add_entry("scanseal", KeyStoreEntry::PrivateKeyChain(chain));
        store.writer(password).write().map_err(fault)
    }
}

fn new_key() -> Result<RsaPrivateKey> {
    // A source of randomness that works once keeps working; where it does not, this is an error and not a panic.
    getrandom::fill(&mut [0; 8]).map_err(fault)?;
    RsaPrivateKey::new(&mut UnwrapErr(SysRng), BITS).map_err(fault)
}

fn certify(
    issuer: &RsaPrivateKey,
    issuer_name: &Name,
    recipe: &Recipe,
    key: &RsaPrivateKey,
) -> Result<Vec<u8>> {
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
    let public = SubjectPublicKeyInfo::from_key(&key.to_public_key()).map_err(fault)?;
    let serial = SerialNumber::new(&serial).map_err(fault)?;
    let builder = CertificateBuilder::new(profile, serial, validity, public).map_err(fault)?;
    let signer = Signer(SigningKey::new(issuer.clone()));
    let certificate = builder.build::<_, Signature>(&signer).map_err(fault)?;
    certificate.to_der().map_err(fault)
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
