//! Signatures as appended revisions (PAdES, ETSI EN 319 142-1), and the order that the law wants: persons first, each
//! verified, the organization last. The order is in the types; see [`stages`].

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Result;

pub mod stages;

pub use stages::{Authorised, Sealed, Signed, authorise, authorise_attested};

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A person with authority.
    Personal,
    /// The organization, by its clerk.
    Organization,
}

impl Role {
    /// Stable name, also the stem of the signature field's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Personal => "personal",
            Role::Organization => "organization",
        }
    }
}

/// How a raw signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 8.2).
    RsaPkcs1Sha256,
}

/// A key that can sign, with its certificate. A PKCS#11 session lives in a helper process; a PKCS#12 key in memory.
pub trait Session: Send {
    /// The signer's certificate, DER.
    fn certificate(&self) -> &[u8];
    /// Further certificates of the chain as far as the key's container has them, DER, without the signer's.
    fn chain(&self) -> &[Vec<u8>];
    /// Common name of the signer for people.
    fn signer_name(&self) -> &str;
    /// The algorithm of [`Session::sign`].
    fn algorithm(&self) -> Algorithm;
    /// Signs `message` (hashing included). The result was verified with the certificate's key before it is returned.
    ///
    /// # Errors
    /// A key error (exit 6) when the token is gone or refuses.
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>>;
}

/// Asks for a PIN when a session is opened: a prompt, a file, never an argument.
pub trait PinSource {
    /// The PIN of the key that `prompt` describes. Called at most once a login.
    fn pin(&mut self, prompt: &str) -> Result<secrecy::SecretString>;
}

/// What a signature says beside its cryptography.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Role of the signer.
    pub role: Role,
    /// /Reason: for `re_sign` the number and date of the paper.
    pub reason: Option<String>,
    /// Signing time, /M and the text of a visible form.
    pub at: Timestamp,
    /// Lines of the visible text block, page 1 top right, Times New Roman 10 black (Decree 30 App. I Part II I.3); none is invisible.
    pub visible: Option<Vec<String>>,
    /// Offset of the office's time zone in seconds, for /M.
    pub utc_offset_seconds: i32,
}

/// Where keys are looked for and which modules may be loaded.
#[derive(Clone, Debug, Default)]
pub struct KeyPolicy {
    /// PKCS#11 modules that the station allows; absolute, owned by root or us, not writable by others.
    pub modules: Vec<PathBuf>,
    /// Folder against which relative `p12:` paths are resolved.
    pub base: PathBuf,
    /// Smallest RSA modulus in bits.
    pub min_rsa_bits: u32,
}
