//! What stages need from the network comes through here, so that they stay functions on bytes: answers about revocation, lists,
//! time stamps. Nobody is believed for an answer; each is signed and checked by whoever asked.

use crate::error::{Result, kinds};

/// A question over HTTP (RFC 9110).
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Address, `http:` or `https:`.
    pub url: &'a str,
    /// Type and content of what is sent by POST; none asks by GET.
    pub body: Option<(&'a str, &'a [u8])>,
    /// Type of the answer that is wanted.
    pub accept: &'a str,
    /// Longest answer that is read, bytes.
    pub limit: u64,
}

/// A way to ask.
pub trait Fetch: Sync {
    /// Gives the content of the answer.
    ///
    /// # Errors
    /// When there is no answer, a refusal, or one that is too long.
    fn fetch(&self, request: &Request) -> Result<Vec<u8>>;
}

/// Asks nobody. What is missing stays owed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Fetch for Offline {
    fn fetch(&self, request: &Request) -> Result<Vec<u8>> {
        Err(kinds::OFFLINE.with("url", request.url))
    }
}
