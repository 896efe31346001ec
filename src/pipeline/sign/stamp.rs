//! Where a proof of time joins a signature: after the key, beside the next signature, so that no token waits for a service.

use std::sync::Mutex;

use crate::error::{Error, Result};
use crate::fetch::Web;
use crate::profile::Level;
use crate::sign::timestamp::Services;
use crate::station::Station;
use crate::verify::Trust;

/// The time-stamp services of the station as a batch uses them (RFC 3161). Called from several threads at once.
pub(in super::super) struct Stamper {
    services: Services,
    room: usize,
    faults: Mutex<Vec<Error>>,
}

/// The services that a level wants, tried once before anybody is asked for a PIN: a trial stamp tells how much room one needs
/// and whether this machine's clock is right. None where the level wants no time stamp.
///
/// # Errors
/// [`crate::error::kinds::TIMESTAMP_NOT_NAMED`], [`crate::error::kinds::CLOCK_WRONG`].
pub(in super::super) fn stamper(
    station: Option<&Station>,
    trust: &Trust,
    level: Level,
) -> Result<Option<Stamper>> {
    if level == Level::BB {
        return Ok(None);
    }
    let urls: Vec<String> =
        station.into_iter().flat_map(|s| &s.timestamp).map(|service| service.url.clone()).collect();
    let services = Services::new(&urls, Box::new(Web::default()), trust)?;
    let room = services.room()?.unwrap_or(0);
    Ok(Some(Stamper { services, room, faults: Mutex::default() }))
}

impl Stamper {
    /// The longest token in bytes that finds room; 0 while no service answers.
    pub fn room(&self) -> usize {
        self.room
    }

    /// The services themselves.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// A token over a signature's value, checked; none when no service answers as it should, and the proof is owed then.
    pub fn stamp(&self, signature: &[u8]) -> Option<Vec<u8>> {
        if self.room == 0 {
            return None;
        }
        match self.services.stamp(&[signature]) {
            // A service that took over in mid batch may give longer ones.
            Ok(token) => token.map(|token| token.der).filter(|der| der.len() <= self.room),
            Err(error) => {
                self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(error);
                None
            }
        }
    }

    /// What went wrong since the last call, for the person.
    pub fn notes(&self) -> Vec<Error> {
        let mut faults = self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut notes = self.services.notes();
        notes.append(&mut faults);
        notes
    }
}
