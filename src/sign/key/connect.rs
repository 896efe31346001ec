//! From the address of a token to a helper that is logged in: the first time, and again after a fault. No PIN is kept.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::helper::Helper;
use super::wire::{Reply, Request, SeenCertificate, SeenKey};
use super::{KeyPolicy, Pins, TokenUri, module};
use crate::error::{Result, kinds};

/// Longest wait for a module to load and list its tokens: a smart card service that starts up takes seconds.
pub(super) const OPEN_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for a log-in with a PIN that was sent along.
const LOGIN_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for a log-in on the token's own pad: a person types.
pub(super) const PAD_LIMIT: Duration = Duration::from_secs(180);

/// What it takes to find a token again.
pub(super) struct Origin {
    /// The address; after the first time with the serial number, so that no other token is taken for this one.
    pub uri: TokenUri,
    /// Where modules may come from.
    pub policy: KeyPolicy,
    /// The module, checked each time before it is loaded.
    module: PathBuf,
    /// File with the PIN, read again for each log-in.
    pub pin_file: Option<PathBuf>,
}

/// A token that is there and at which nobody is logged in.
pub(super) struct Found {
    helper: Helper,
    /// CK_TOKEN_INFO serial number.
    pub serial: String,
    /// The PIN is typed on the token itself.
    pub pad: bool,
    /// Wrong PINs were typed since the last right one.
    pub few_tries_left: bool,
}

/// A token that is logged in, with what it shows.
pub(super) struct Ready {
    /// Its helper.
    pub helper: Helper,
    /// The keys that fit the address.
    pub keys: Vec<SeenKey>,
    /// Its certificates.
    pub certificates: Vec<SeenCertificate>,
}

impl Origin {
    /// The module is chosen once; a change of the station in the middle of a batch is no business of the batch.
    pub fn new(uri: &TokenUri, policy: &KeyPolicy, pin_file: Option<PathBuf>) -> Result<Self> {
        let module = module::choose(uri, policy)?;
        Ok(Self { uri: uri.clone(), policy: policy.clone(), module, pin_file })
    }

    /// The key for people, as prompts name it.
    pub fn prompt(&self) -> String {
        format!("{} / {}", self.uri.token_name(), self.uri.object_name())
    }

    /// Starts a helper and looks for the token.
    ///
    /// # Errors
    /// A key error with its own advice for each cause.
    pub fn find(&self) -> Result<Found> {
        let module = module::check(&self.module)?;
        let mut helper = Helper::start(&self.policy, &self.uri, &module.display().to_string())?;
        let request = Request::Open {
            module,
            token: self.uri.token.clone(),
            serial: self.uri.serial.clone(),
            manufacturer: self.uri.manufacturer.clone(),
            model: self.uri.model.clone(),
            allow_last_try: self.policy.allow_last_try,
        };
        match helper.ask(&request, OPEN_LIMIT)? {
            Reply::Found { serial, pad, few_tries_left } => Ok(Found { helper, serial, pad, few_tries_left }),
            _ => Err(helper.confused()),
        }
    }

    /// Logs in with the PIN from `pins`, asked for at most once.
    ///
    /// # Errors
    /// As [`Origin::find`]; what `pins` fails with.
    pub fn login(&self, mut found: Found, pins: &mut Pins) -> Result<Ready> {
        let prompt = self.prompt();
        let pin = if found.pad {
            pins.use_pad(&prompt);
            None
        } else {
            Some(typed(pins.pin(&prompt, found.few_tries_left)?, &prompt)?)
        };
        let helper = &mut found.helper;
        helper.tell(&Request::Login { object: self.uri.object.clone(), id: self.uri.id.clone() })?;
        tell_pin(helper, pin.as_ref())?;
        match helper.answer(if found.pad { PAD_LIMIT } else { LOGIN_LIMIT })? {
            Reply::Ready { keys, certificates } => Ok(Ready { helper: found.helper, keys, certificates }),
            _ => Err(helper.confused()),
        }
    }
}

/// Sends a PIN, or nothing where it is typed on the token.
pub(super) fn tell_pin(helper: &mut Helper, pin: Option<&SecretString>) -> Result<()> {
    helper.tell_pin(pin.map_or("", |pin| pin.expose_secret()))
}

/// Whether anything was typed at all: an empty PIN would cost one of the token's tries.
fn typed(pin: SecretString, key: &str) -> Result<SecretString> {
    match pin.expose_secret().is_empty() {
        true => Err(kinds::PIN_EMPTY.with("key", key)),
        false => Ok(pin),
    }
}
