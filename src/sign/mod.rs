//! Signatures as appended revisions (PAdES, ETSI EN 319 142-1), and the order that the law wants: persons first, each
//! verified, the organization last. The order is in the types; see [`stages`].

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::error::{Result, kinds};

pub mod algorithm;
pub mod appearance;
pub mod authority;
pub mod byte_range;
pub mod certificate;
pub mod cms;
mod dictionary;
pub mod drill_keys;
pub mod field;
pub mod form;
pub mod holder;
pub mod key;
pub mod longterm;
pub mod picture;
pub mod preview;
pub mod remote;
pub mod signing;
pub mod stages;
#[cfg(test)]
mod tests;
pub mod timestamp;

pub use algorithm::{Algorithm, Digest};
pub use holder::Holder;
pub use signing::{Pending, Prepared, Signer, apply, personal, personal_next, prepare, seal};
pub use stages::{
    Authorised, Closed, Sealed, Signed, authorise, authorise_again, authorise_attachment, authorise_attested,
    close,
};

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
///
/// Messages are handed over by [`Session::submit`] and their signatures taken by [`Session::collect`], in the same order;
/// two at a time keep a token busy without a pause. After an error, [`Session::reconnect`] may bring the key back, and what
/// was not collected is handed over again. [`Session::sign`] is both for a single one.
pub trait Session: Send {
    /// The signer's certificate, DER.
    fn certificate(&self) -> &[u8];
    /// Further certificates of the chain as far as the key's container has them, DER, without the signer's.
    fn chain(&self) -> &[Vec<u8>];
    /// Common name of the signer for people.
    fn signer_name(&self) -> &str;
    /// The algorithm of the signatures.
    fn algorithm(&self) -> Algorithm;

    /// Whether the key wants its PIN for every signature (CKA_ALWAYS_AUTHENTICATE); then one message at a time.
    fn asks_each_time(&self) -> bool {
        false
    }

    /// The PIN for the next signature of a key that wants it each time; none for other keys and where it is typed on the
    /// token. `about` names the document for the person.
    ///
    /// # Errors
    /// What `pins` fails with.
    fn signing_pin(&mut self, _pins: &mut dyn PinSource, _about: &str) -> Result<Option<SecretString>> {
        Ok(None)
    }

    /// One signature by itself, hashing included, verified with the certificate's key.
    ///
    /// # Errors
    /// A key error (exit 6) when the token is gone or refuses; [`kinds::PIN_PER_SIGNATURE`] for a key that wants its PIN each
    /// time.
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>>;

    /// Hands a message over, hashing included. `pin` is what [`Session::signing_pin`] gave.
    ///
    /// # Errors
    /// A key error (exit 6) when the token is gone.
    fn submit(&mut self, _message: &[u8], _pin: Option<&SecretString>) -> Result<()> {
        Err(kinds::INTERNAL.with("cause", "a key for single signatures"))
    }

    /// The signature of the oldest message, verified with the certificate's key.
    ///
    /// # Errors
    /// A key error (exit 6) when the token is gone or refuses.
    fn collect(&mut self) -> Result<Vec<u8>> {
        Err(kinds::INTERNAL.with("cause", "a key for single signatures"))
    }

    /// Brings the key back after an error: without a PIN where the log-in still counts, else by waiting for the same token
    /// and asking once more. What was submitted and not collected is forgotten. Ends soon after `stop` is set.
    ///
    /// # Errors
    /// A key error when there is no way back; [`kinds::STOPPED`] when the person ends it.
    fn reconnect(&mut self, _pins: &mut dyn PinSource, _stop: &AtomicBool) -> Result<()> {
        Err(kinds::INTERNAL.with("cause", "a key that cannot be lost"))
    }
}

/// Asks for a PIN when a session is opened: a prompt, a file, never an argument.
pub trait PinSource {
    /// Whether the person said for this run where the PIN is; it goes before what the key's address names.
    fn is_named(&self) -> bool {
        false
    }

    /// The PIN of the key that `prompt` describes. Called at most once a login.
    fn pin(&mut self, prompt: &str) -> Result<SecretString>;

    /// The PIN once more, because the connection to the token was lost. An empty one ends the batch.
    fn pin_again(&mut self, prompt: &str) -> Result<SecretString> {
        self.pin(prompt)
    }

    /// The PIN for one signature, `about` which document, of a key that wants it each time. An empty one ends the batch.
    fn signing_pin(&mut self, prompt: &str, _about: &str) -> Result<SecretString> {
        self.pin(prompt)
    }

    /// The token says that wrong PINs were typed since the last right one. Called before [`PinSource::pin`].
    fn few_tries_left(&mut self, _prompt: &str) {}

    /// The PIN is typed on the token's own pad now; [`PinSource::pin`] is not called.
    fn use_pad(&mut self, _prompt: &str) {}

    /// The key will want its PIN for each of `count` documents.
    fn each_time(&mut self, _signer: &str, _count: usize) {}

    /// The token was pulled out and is waited for.
    fn token_away(&mut self, _prompt: &str, _serial: Option<&str>) {}

    /// The token is back.
    fn token_back(&mut self, _prompt: &str) {}
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
    /// It locks all form fields that are there (ISO 32000-1 12.7.4.5 /Lock).
    pub lock: bool,
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
    /// Whose certificate the role wants.
    pub holder: Holder,
    /// Whether a PIN may be tried although the token locks after one more wrong one.
    pub allow_last_try: bool,
    /// Program that runs PKCS#11 modules; none is this program itself, see [`key::token_process`].
    pub helper: Option<PathBuf>,
    /// Longest wait for one answer of a token; none takes the limits of [`key::token`].
    pub reply_deadline: Option<std::time::Duration>,
}
