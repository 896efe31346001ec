//! Signatures that still stand in ten years (ETSI EN 319 142-1 5.4, 5.5): the evidence that validators will need goes into the
//! file while it can still be had, and a time stamp over all of it proves that it is that old.
//!
//! ```text
//! collect    evidence about every path of a file, each service asked once while its answer is fresh
//! keep       what services answered, on disk, for the next batch
//! dss        a revision with certificates, answers and lists (5.4.2)
//! archive    a revision with a document time stamp (5.4.3)
//! ```
//!
//! [`extend`] raises a file; the earlier bytes stay its exact beginning (rule 4).

use jiff::Timestamp;

use super::timestamp::Services;
use crate::error::Result;
use crate::verify::Verifier;
use crate::verify::needs::survey;

mod archive;
mod collect;
mod dss;
mod keep;

pub use collect::{Collector, Material, Proofs};

/// What [`extend`] came to.
#[derive(Debug)]
pub struct Extended {
    /// The file with what was added; none where there was nothing to add.
    pub bytes: Option<Vec<u8>>,
    /// Whether evidence about every path is in the file, and the time stamp that was wanted.
    pub complete: bool,
    /// The certificate of a signature whose path was found to be revoked in time to matter, DER; nothing was added then.
    pub revoked: Option<Vec<u8>>,
}

/// What a file is raised with.
#[derive(Debug)]
pub struct Means<'m> {
    /// By whom the file is judged.
    pub verifier: &'m Verifier,
    /// Evidence about revocation.
    pub collector: &'m Collector,
    /// Document time stamps, where the level wants one.
    pub archive: Option<&'m Services>,
    /// Only the path of this certificate decides, DER; what has become of others is passed over.
    pub only: Option<&'m [u8]>,
}

/// Adds what is missing to a signed file: evidence, then a document time stamp over it where one is wanted and every path is
/// covered. Where services are out of reach, what could be had is added and the rest stays owed.
///
/// # Errors
/// [`crate::error::kinds::CLOCK_WRONG`]; a refusal of the file (`base_...`); bytes that are no readable PDF.
pub fn extend(bytes: &[u8], means: &Means<'_>, now: Timestamp) -> Result<Extended> {
    let found = survey(bytes, means.verifier, now)?;
    let proofs = means.collector.gather(&found, means.only);
    let mut file = Extended { bytes: None, complete: proofs.complete, revoked: proofs.revoked.clone() };
    if file.revoked.is_some() {
        return Ok(file);
    }
    if proofs.brings_something() {
        file.bytes = Some(dss::append(bytes.to_vec(), &found.holdings, &proofs)?.into_bytes());
    }
    if let (Some(services), true) = (means.archive, proofs.complete) {
        let under = file.bytes.as_deref().unwrap_or(bytes);
        match archive::append(under, services)? {
            Some(stamped) => file.bytes = Some(stamped),
            None => file.complete = false,
        }
    }
    Ok(file)
}

/// Only a document time stamp: the late proof of time for a signature that got none (rule 4). None while no service answers.
///
/// # Errors
/// As [`extend`].
pub fn stamp(bytes: &[u8], services: &Services) -> Result<Option<Vec<u8>>> {
    archive::append(bytes, services)
}
