//! Where a proof of time joins a signature: after the key, beside the next signature, so that no token waits for a service.

use super::super::Desk;

/// A time-stamp service as the batch uses it (RFC 3161). Called from several threads at once.
pub trait Stamper: Send + Sync {
    /// The longest token in bytes that it will give; so much room is left beside each signature.
    fn room(&self) -> usize;

    /// A token over a signature's value, checked; none when no service answers as it should, and the proof is owed then.
    fn stamp(&self, signature: &[u8]) -> Option<Vec<u8>>;
}

/// The time-stamp service of the station, where signatures get a proof of time at once. None yet: every signature is made at
/// level B-B, and its proof of time is owed.
pub(super) fn stamper(_desk: &Desk) -> Option<Box<dyn Stamper>> {
    None
}
