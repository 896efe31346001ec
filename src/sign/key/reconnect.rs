//! The way back to a token after a fault in the middle of a batch: first a new session beside the failed one, which needs
//! no PIN; else a new helper, the same token by its serial number, waited for if need be, and its PIN once more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use super::connect::{Found, OPEN_LIMIT, Ready};
use super::token::TokenSession;
use super::wire::{Reply, Request};
use super::{PinSource, Pins};
use crate::error::{Result, kinds};

/// How long a token that was pulled out is waited for. Afterwards the batch ends; what is done stays done.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// Time between two looks for it. Each look is a new helper: many modules see a token again only after they were loaded anew.
const GLANCE: Duration = Duration::from_secs(1);
/// How soon a wish to stop is noticed meanwhile.
const BLINK: Duration = Duration::from_millis(50);

/// Makes the session work again. Messages that were not answered are forgotten; the caller hands them over once more.
///
/// # Errors
/// [`kinds::STOPPED`] when the person ends it, [`kinds::TOKEN_GONE`] when the token does not come back, and every refusal of
/// a log-in. A wrong PIN is not asked for again.
pub(super) fn run(session: &mut TokenSession, pins: &mut dyn PinSource, stop: &AtomicBool) -> Result<()> {
    if resumed(session) {
        return Ok(());
    }
    session.helper.stop();
    let found = awaited(session, pins, stop)?;
    let mut again = Again { ask: pins, stop };
    let mut pins = Pins { file: session.origin.pin_file.clone(), ask: &mut again };
    let Ready { helper, keys, certificates } = session.origin.login(found, &mut pins)?;
    session.helper = helper;
    session.take_up(&keys, &certificates)
}

/// The prompt for a PIN that is wanted once more. A person who types nothing wants to end; an empty PIN is never tried.
struct Again<'a> {
    ask: &'a mut dyn PinSource,
    stop: &'a AtomicBool,
}

impl PinSource for Again<'_> {
    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        let pin = self.ask.pin_again(prompt)?;
        match self.stop.load(Ordering::Relaxed) || pin.expose_secret().is_empty() {
            true => Err(kinds::STOPPED.error()),
            false => Ok(pin),
        }
    }

    fn few_tries_left(&mut self, prompt: &str) {
        self.ask.few_tries_left(prompt);
    }

    fn use_pad(&mut self, prompt: &str) {
        self.ask.use_pad(prompt);
    }
}

/// A new session of the log-in that still counts. Before its answer stand those to messages that were sent already.
fn resumed(session: &mut TokenSession) -> bool {
    let outstanding = std::mem::take(&mut session.waiting).len();
    if session.helper.tell(&Request::Resume).is_err() {
        return false;
    }
    for _ in 0..outstanding {
        // Whatever they are: the caller hands these messages over once more.
        let _ = session.helper.answer(OPEN_LIMIT);
    }
    match session.helper.answer(OPEN_LIMIT) {
        Ok(Reply::Ready { keys, certificates }) => session.take_up(&keys, &certificates).is_ok(),
        _ => false,
    }
}

/// The token, waited for while it is not plugged in.
fn awaited(session: &TokenSession, pins: &mut dyn PinSource, stop: &AtomicBool) -> Result<Found> {
    let (begun, mut told) = (Instant::now(), false);
    loop {
        match session.origin.find() {
            Err(error) if error.code() == kinds::TOKEN_MISSING.code && begun.elapsed() < PATIENCE => {
                if !told {
                    pins.token_away(&session.origin.prompt(), session.origin.uri.serial.as_deref());
                    told = true;
                }
                pause(stop)?;
            }
            found => {
                if told && found.is_ok() {
                    pins.token_back(&session.origin.prompt());
                }
                return found;
            }
        }
    }
}

fn pause(stop: &AtomicBool) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < GLANCE {
        if stop.load(Ordering::Relaxed) {
            return Err(kinds::STOPPED.error());
        }
        std::thread::sleep(BLINK);
    }
    Ok(())
}
