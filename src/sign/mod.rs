//! Signatures as appended revisions (PAdES, ETSI EN 319 142-1), and the order that the law wants: persons first, each
//! verified, the organization last. The order is in the types; see [`stages`].

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Result;

pub mod algorithm;
pub mod appearance;
pub mod authority;
pub mod byte_range;
pub mod certificate;
pub mod cms;
pub mod drill_keys;
pub mod field;
pub mod form;
pub mod key;
pub mod picture;
pub mod signing;
pub mod stages;
#[cfg(test)]
mod tests;
pub mod timestamp;

pub use algorithm::{Algorithm, Digest};
pub use signing::{apply, personal, personal_next, seal};
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

    /// The token says that wrong PINs were typed since the last right one. Called before [`PinSource::pin`].
    fn few_tries_left(&mut self, _prompt: &str) {}

    /// The PIN is typed on the token's own pad now; [`PinSource::pin`] is not called.
    fn use_pad(&mut self, _prompt: &str) {}
}

/// How a signature shows on a page.
#[derive(Clone, Debug)]
pub enum Visible {
    /// Lines of a text block, page 1 top right, Times New Roman 10 black (Decree 30 App. I Part II I.3).
    Text(Vec<String>),
    /// A picture at its true size, on documents that were written on a computer only.
    Picture(Box<picture::Placed>),
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
    /// How it shows; none is invisible.
    pub visible: Option<Visible>,
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
    /// Smallest RSA modulus in bits; 0 is [`certificate::MIN_RSA_BITS`].
    pub min_rsa_bits: u32,
    /// Whether RSA keys sign with PSS instead of PKCS#1 v1.5.
    pub rsa_pss: bool,
    /// Common names of the issuers whose certificates may sign; none takes every issuer.
    pub issuers: Vec<String>,
    /// Whether a PIN may be tried although the token locks after one more wrong one.
    pub allow_last_try: bool,
    /// Program that runs PKCS#11 modules; none is this program itself, see [`key::token_process`].
    pub helper: Option<PathBuf>,
    /// Longest wait for one answer of a token; none takes the limits of [`key::token`].
    pub reply_deadline: Option<std::time::Duration>,
}
