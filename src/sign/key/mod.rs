//! Opening a key: from its address to a [`Session`] whose certificate may sign now.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::{KeyPolicy, PinSource, Session};
use crate::error::{Clause, Result, kinds};

mod choose;
mod connect;
mod cost;
mod helper;
mod list;
pub mod module;
mod objects;
pub mod pkcs12;
mod reconnect;
pub mod token;
pub mod token_process;
pub mod uri;
pub mod wire;

pub use list::{CertificateInfo, TokenInfo, list};
pub use uri::{KeyUri, Place, TokenUri};

/// Longest PIN or password, bytes, with its end of line.
const MAX_PIN_FILE: u64 = 1_024;

/// Opens the key at `uri`. The PIN is asked for at most once and tried at most once. How it works afterwards, and comes back
/// after a fault, is told at [`Session`].
///
/// # Errors
/// A key error (exit 6) with its own advice for each cause; before the first document, also for a certificate that is
/// expired, not yet valid or not for signatures.
pub fn open(uri: &KeyUri, policy: &KeyPolicy, pins: &mut dyn PinSource) -> Result<Box<dyn Session>> {
    // Who names a file for this run means it.
    let own = uri.pin_file.as_deref().filter(|_| !pins.is_named());
    let mut pins = Pins { file: own.map(|path| resolve(policy, path)), ask: pins };
    match &uri.place {
        Place::File(path) => {
            let session = pkcs12::open(&resolve(policy, path), policy, &mut pins)?;
            check(session, policy)
        }
        Place::Token(token) => {
            let file = pins.file.clone();
            let session = token::open(token, policy, file, &mut pins)?;
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
/// [`kinds::PIN_FILE_OPEN`] when others can read it too, [`kinds::PIN_FILE_UNREADABLE`].
pub fn read_pin(path: &Path) -> Result<SecretString> {
    read_line(path, 0)
}

/// The PIN of a key that wants one for each signature: the second line of a file where there is one, since some tokens have
/// a PIN of their own for signatures, else the first.
///
/// # Errors
/// [`kinds::PIN_FILE_OPEN`] when others can read it too, [`kinds::PIN_FILE_UNREADABLE`].
pub fn read_signing_pin(path: &Path) -> Result<SecretString> {
    read_line(path, 1)
}

/// The line of a number, else the first.
fn read_line(path: &Path, number: usize) -> Result<SecretString> {
    let unreadable =
        |cause: Clause| kinds::PIN_FILE_UNREADABLE.with("path", path.display()).with("cause", cause);
    // A pipe or a terminal is nobody else's; a file that others can read has told them the PIN already.
    if path.is_file() && crate::platform::others_can_read(path)? {
        return Err(kinds::PIN_FILE_OPEN.with("path", path.display()));
    }
    let bytes = Zeroizing::new(
        crate::platform::read_limited(path, MAX_PIN_FILE).map_err(|e| unreadable(Clause::of(&e)))?,
    );
    // Editors of Windows begin a file with a mark of its encoding, which is no part of a PIN.
    let text = std::str::from_utf8(&bytes)
        .map_err(|e| unreadable(Clause::technical(e)))?
        .trim_start_matches('\u{feff}');
    let line = text.lines().nth(number).filter(|line| !line.is_empty()).or_else(|| text.lines().next());
    Ok(SecretString::from(line.unwrap_or_default()))
}
