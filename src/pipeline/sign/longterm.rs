//! Where the evidence of levels B-LT and B-LTA joins a file: behind the key, beside the next signature, so that no token waits
//! for a service.

use std::path::Path;
use std::sync::Mutex;

use jiff::Timestamp;

use crate::error::{Error, Result, kinds};
use crate::fetch::Web;
use crate::profile::Level;
use crate::sign::Session;
use crate::sign::longterm::{self, Collector, Means};
use crate::verify::needs;
use crate::verify::revocation::When;
use crate::verify::{Trust, Verifier};

use super::stamp::Stamper;

/// Raises the files of a batch. Called from several threads at once.
pub(in super::super) struct Archiver {
    collector: Collector,
    verifier: Verifier,
    level: Level,
    faults: Mutex<Vec<Error>>,
}

impl Archiver {
    /// For a level that wants evidence in the file; none for the others. `root` is the folder of a workspace, where there is one.
    pub fn of(level: Level, trust: &Trust, root: Option<&Path>) -> Option<Self> {
        matches!(level, Level::BLt | Level::BLta).then(|| Self {
            collector: Collector::new(Box::new(Web::default()), trust, root),
            verifier: Verifier::new(trust.clone()),
            level,
            faults: Mutex::default(),
        })
    }

    /// Looks at the path of the key before anything is signed with it, and learns what every document of the batch will need.
    ///
    /// # Errors
    /// [`kinds::SIGNER_REVOKED`].
    pub fn warm(&self, certificate: &[u8], chain: &[Vec<u8>]) -> Result<()> {
        let now = Timestamp::now();
        let pool: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
        let path = needs::path(certificate, &pool, self.verifier.trust(), now);
        let when = When { at: now, claimed: now, proof: None };
        match self.collector.standing(&path, when) {
            Some(false) => Err(kinds::SIGNER_REVOKED.with("signer", needs::name(certificate))),
            _ => Ok(()),
        }
    }

    /// As [`Archiver::warm`], for an open key.
    ///
    /// # Errors
    /// As [`Archiver::warm`].
    pub fn warm_for(&self, session: &dyn Session) -> Result<()> {
        self.warm(session.certificate(), session.chain())
    }

    /// The file with what could be had; `alone` looks at the certificate of this signer only. A fault of a service or of this step costs a proof and never the signature.
    ///
    /// # Errors
    /// [`kinds::SIGNER_REVOKED`] for the key of this batch, [`kinds::SIGNATURE_REVOKED`] for an earlier signature of the file.
    pub fn extended(
        &self,
        bytes: Vec<u8>,
        signer: &[u8],
        stamper: Option<&Stamper>,
        alone: bool,
    ) -> Result<Vec<u8>> {
        let archive = stamper.map(Stamper::services).filter(|_| self.level == Level::BLta);
        let (verifier, collector, only) = (&self.verifier, &self.collector, alone.then_some(signer));
        self.raised(bytes, signer, &Means { verifier, collector, archive, only })
    }

    fn raised(&self, bytes: Vec<u8>, signer: &[u8], means: &Means<'_>) -> Result<Vec<u8>> {
        match longterm::extend(&bytes, means, Timestamp::now()) {
            Ok(file) => match file.revoked {
                Some(revoked) if revoked == signer => {
                    Err(kinds::SIGNER_REVOKED.with("signer", needs::name(signer)))
                }
                Some(revoked) => Err(kinds::SIGNATURE_REVOKED.with("signer", needs::name(&revoked))),
                None => Ok(file.bytes.unwrap_or(bytes)),
            },
            Err(error) => {
                self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(error);
                Ok(bytes)
            }
        }
    }

    /// What went wrong since the last call, for the person.
    pub fn notes(&self) -> Vec<Error> {
        let mut notes = self.collector.notes();
        notes.append(&mut self.faults.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        notes
    }
}
