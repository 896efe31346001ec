//! Opening a key: from its address to a [`Session`] whose certificate may sign now.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::{KeyPolicy, PinSource, Session};
use crate::error::{Error, Result, kinds};

mod choose;
mod cost;
mod helper;
mod list;
pub mod module;
mod objects;
pub mod pkcs12;
pub mod token;
pub mod token_process;
pub mod uri;
pub mod wire;

pub use list::{CertificateInfo, TokenInfo, list};
pub use uri::{KeyUri, Place, TokenUri};

/// Longest PIN or password, bytes, with its end of line.
const MAX_PIN_FILE: u64 = 1_024;

/// Opens the key at `uri`. The PIN is asked for at most once and tried at most once.
///
/// # Errors
/// A key error (exit 6) with its own advice for each cause; before the first document, also for a certificate that is
/// expired, not yet valid or not for signatures.
pub fn open(uri: &KeyUri, policy: &KeyPolicy, pins: &mut dyn PinSource) -> Result<Box<dyn Session>> {
    let mut pins = Pins { file: uri.pin_file.as_deref().map(|path| resolve(policy, path)), ask: pins };
    match &uri.place {
        Place::File(path) => {
            let session = pkcs12::open(&resolve(policy, path), policy, &mut pins)?;
            check(session, policy)
        }
        Place::Token(token) => {
            let session = token::open(token, policy, &mut pins)?;
            check(session, policy)
        }
    }
}

fn check<S: Session + 'static>(session: S, policy: &KeyPolicy) -> Result<Box<dyn Session>> {
    Certificate::parse(session.certificate())?.check_usable(Timestamp::now(), policy.min_rsa_bits)?;
    Ok(Box::new(session))
}

fn resolve(policy: &KeyPolicy, path: &Path) -> PathBuf {
    policy.base.join(path)
}

/// The PIN from the file that the address names, else from the person.
pub(crate) struct Pins<'a> {
    file: Option<PathBuf>,
    ask: &'a mut dyn PinSource,
}

impl Pins<'_> {
    /// The PIN of what `prompt` names.
    pub(crate) fn pin(&mut self, prompt: &str, few_tries_left: bool) -> Result<SecretString> {
        if few_tries_left {
            self.ask.few_tries_left(prompt);
        }
        match &self.file {
            Some(path) => read_pin(path),
            None => self.ask.pin(prompt),
        }
    }

    /// Tells the person to use the token's own pad.
    pub(crate) fn use_pad(&mut self, prompt: &str) {
        self.ask.use_pad(prompt);
    }
}

/// The first line of a file.
///
/// # Errors
/// [`kinds::PIN_FILE_UNREADABLE`].
pub fn read_pin(path: &Path) -> Result<SecretString> {
    let unreadable = |cause: &dyn std::fmt::Display| {
        kinds::PIN_FILE_UNREADABLE.with("path", path.display()).with("cause", cause)
    };
    let bytes =
        Zeroizing::new(crate::platform::read_limited(path, MAX_PIN_FILE).map_err(|e: Error| unreadable(&e))?);
    let text = std::str::from_utf8(&bytes).map_err(|e| unreadable(&e))?;
    Ok(SecretString::from(text.lines().next().unwrap_or_default()))
}
