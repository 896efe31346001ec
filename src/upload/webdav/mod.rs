//! Destination `webdav`: a collection of a WebDAV server (RFC 4918). Strongest proof: `proven`, read back byte for byte.
//!
//! PUT goes to a temporary name, MOVE without overwriting gives the final one, GET reads it back. Servers differ in what
//! they honour of conditional PUT, so none is relied on; `Overwrite: F` of MOVE is honoured by all that were tried.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256 as Hasher};
use ureq::Agent;
use ureq::http::{Request, Response};

use crate::document::{Sha256, hex};
use crate::error::{Error, Result, kinds};

use super::{Config, Destination, Proof, Receipt};

mod answer;
pub(super) mod client;

use answer::Answer;

/// Longest time for one request and its answer where the station names none.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Largest file that is read back.
const MAX_BYTES: u64 = 2_000_000_000;
/// Content of a probe.
const PROBE: &[u8] = b"scanseal: probe of this destination. It may be deleted.\n";

/// A collection on a server.
pub(super) struct WebDav {
    name: String,
    /// Address of the collection, with a slash at its end.
    base: String,
    agent: Agent,
    authorization: Option<client::Authorization>,
}

impl WebDav {
    /// The destination of a checked configuration; files lie under `folder`.
    ///
    /// # Errors
    /// [`kinds::PASSWORD_FILE_OPEN`], or a file that cannot be read.
    pub fn new(config: &Config, folder: &Path) -> Result<Self> {
        let url = config.url.clone().unwrap_or_default();
        let timeout = config.timeout_seconds.map_or(TIMEOUT, Duration::from_secs);
        Ok(Self {
            name: config.name.clone(),
            base: format!("{}/", url.trim_end_matches('/')),
            agent: client::agent(config, folder, timeout)?,
            authorization: client::Authorization::of(config, folder)?,
        })
    }

    fn url(&self, name: &str) -> String {
        format!("{}{}", self.base, encoded(name))
    }

    /// One request; an answer of any status is an answer.
    fn ask(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response<ureq::Body>> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization.header());
        }
        let request = request.body(body).map_err(|e| kinds::INTERNAL.with("cause", e))?;
        self.agent.run(request).map_err(|e| answer::transport(&self.name, &e))
    }

    /// The refusal that a status stands for.
    fn refusal(&self, answer: Answer) -> Error {
        answer.error(&self.name)
    }

    /// Digest of what lies under a URL; none when nothing does.
    fn read_back(&self, url: &str) -> Result<Option<Sha256>> {
        let response = self.ask("GET", url, &[], &[])?;
        let answer = Answer::of(&response);
        match answer.status {
            404 | 410 => return Ok(None),
            // A login page instead of the file is no proof of anything.
            200 if answer.is_page => return Err(self.refusal(answer)),
            200 => {}
            _ => return Err(self.refusal(answer)),
        }
        let mut reader = response.into_body().into_reader().take(MAX_BYTES);
        let (mut hasher, mut buffer) = (Hasher::new(), vec![0; 1 << 16]);
        loop {
            let away =
                |e: std::io::Error| kinds::DESTINATION_AWAY.with("destination", &self.name).with("cause", e);
            match reader.read(&mut buffer).map_err(away)? {
                0 => return Ok(Some(Sha256(hex(&hasher.finalize())))),
                count => hasher.update(buffer.get(..count).unwrap_or_default()),
            }
        }
    }

    fn put_at(&self, url: &str, bytes: &[u8]) -> Result<()> {
        let answer = Answer::of(&self.ask("PUT", url, &[("Content-Type", "application/pdf")], bytes)?);
        if answer.is_success() { Ok(()) } else { Err(self.refusal(answer)) }
    }
}

impl Destination for WebDav {
    /// PROPFIND of the collection: reads something that only a WebDAV server with our login answers (RFC 4918 9.1).
    fn reach(&self) -> Result<()> {
        let answer = Answer::of(&self.ask("PROPFIND", &self.base, &[("Depth", "0")], &[])?);
        match answer.status {
            // 405: a server that takes files and lists nothing.
            207 | 405 => Ok(()),
            404 | 410 => {
                Err(kinds::DESTINATION_FOLDER_MISSING.with("destination", &self.name).with("url", &self.base))
            }
            _ => Err(self.refusal(answer)),
        }
    }

    fn probe(&self, name: &str, sha256: &Sha256) -> Result<Option<Receipt>> {
        let url = self.url(name);
        let Some(found) = self.read_back(&url)? else { return Ok(None) };
        if found != *sha256 {
            return Err(kinds::DESTINATION_CONFLICT
                .with("destination", &self.name)
                .with("name", name)
                .with("found", &found));
        }
        Ok(Some(Receipt {
            destination: self.name.clone(),
            proof: Proof::Proven,
            remote_id: name.to_owned(),
            url,
            sha256: found,
            at: Timestamp::now(),
        }))
    }

    /// The temporary name belongs to these bytes alone: what a run that was cut off left there is written again and moved,
    /// so nothing is left over. Servers of the ownCloud family refuse names that end in `.part`.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let digest = Sha256::of(bytes).0;
        let part = self.url(&format!(".scanseal-{}.tmp", digest.get(..32).unwrap_or_default()));
        self.put_at(&part, bytes)?;
        let target = self.url(name);
        let answer =
            Answer::of(&self.ask("MOVE", &part, &[("Destination", &target), ("Overwrite", "F")], &[])?);
        match answer.status {
            // RFC 4918 9.9.4: something lies under the final name. The probe that follows tells whether it is ours.
            412 => self.ask("DELETE", &part, &[], &[]).map(|_| ()),
            _ if answer.is_success() => Ok(()),
            _ => Err(self.refusal(answer)),
        }
    }

    fn trial(&self) -> Result<()> {
        self.reach()?;
        let url = self.url(&format!("scanseal-probe-{}.txt", uuid::Uuid::now_v7().simple()));
        self.put_at(&url, PROBE)?;
        let read = self.read_back(&url);
        // The probe is ours: its name is new and nobody else's.
        let removed = Answer::of(&self.ask("DELETE", &url, &[], &[])?);
        match (read? == Some(Sha256::of(PROBE)), removed.is_success()) {
            (true, true) => Ok(()),
            (true, false) => Err(self.refusal(removed)),
            (false, _) => Err(kinds::DESTINATION_AWAY
                .with("destination", &self.name)
                .with("cause", "what is written there does not stay as it was written")),
        }
    }

    /// Nothing to do: see [`WebDav::put`].
    fn sweep(&self, _name: &str) {}
}

/// A name as a path segment (RFC 3986 3.3): everything but unreserved characters is escaped.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_path_segment() {
        assert_eq!(encoded("2026.57.QĐ-UBND.pdf"), "2026.57.Q%C4%90-UBND.pdf");
        assert_eq!(encoded("../a b?#%"), "..%2Fa%20b%3F%23%25");
    }
}
