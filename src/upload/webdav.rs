//! Destination `webdav`: a collection of a WebDAV server (RFC 4918). Strongest proof: `proven`, read back byte for byte.
//!
//! PUT goes to a temporary name, MOVE without overwriting gives the final one, GET reads it back. Servers differ in what
//! they honour of conditional PUT, so none is relied on. `Overwrite: F` of MOVE is honoured by most; until that is tried, and
//! where it is not honoured, each document is looked for before it is put.

use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use ureq::Agent;
use ureq::http::{Request, Response};

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};

use super::answer::{self, Answer};
use super::parcel::Parcel;
use super::{Config, Destination, Probe, Put, client, why};

/// Longest time for one request and its answer where the station names none.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Documents that are looked for before it is tried what the server honours; that costs as many requests.
const LOOKED_FOR: u32 = 5;
/// Names of that trial. All stations have the same: what one leaves that is killed, the next one removes, and two at once find
/// less than they could.
const TRIAL: [&str; 2] = [".scanseal-probe-a.tmp", ".scanseal-probe-b.tmp"];
/// Content of a probe.
const PROBE: &[u8] = b"scanseal: probe of this destination. It may be deleted.\n";

/// A collection on a server.
pub(super) struct WebDav {
    name: String,
    /// Address of the collection, with a slash at its end.
    base: String,
    agent: Agent,
    authorization: Option<client::Authorization>,
    /// Whether the server refuses a MOVE onto a name that is taken, once that is known.
    refuses: OnceLock<bool>,
    /// So many documents are looked for before it is tried.
    untried: Mutex<u32>,
    /// What a trial may have left is removed.
    swept: AtomicBool,
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
            refuses: OnceLock::new(),
            untried: Mutex::new(LOOKED_FOR),
            swept: AtomicBool::default(),
        })
    }

    fn url(&self, name: &str) -> String {
        format!("{}{}", self.base, client::escaped(name))
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
            200 if answer.is_page => return Err(why::page(&self.name)),
            200 => {}
            _ => return Err(self.refusal(answer)),
        }
        let digest = client::digest(response.into_body().into_reader().take(client::MAX_FILE));
        digest.map(Some).map_err(|e| why::away(&self.name, e))
    }

    /// Puts bytes under a name of ours. A server whose disk is full may have kept half of them, which is asked to go again.
    fn put_at(&self, url: &str, bytes: &[u8]) -> Result<()> {
        let answer = Answer::of(&self.ask("PUT", url, &[("Content-Type", "application/pdf")], bytes)?);
        if answer.is_success() {
            return Ok(());
        }
        if matches!(answer.status, 500 | 507) {
            let _ = self.ask("DELETE", url, &[], &[]);
        }
        Err(self.refusal(answer))
    }

    /// Whether `Overwrite: F` keeps what lies under a name, tried with two files of ours. Some servers do not know it.
    fn refuses_to_overwrite(&self) -> Result<bool> {
        let [from, to] = TRIAL.map(|name| self.url(name));
        let tried = self.put_at(&from, PROBE).and_then(|()| self.put_at(&to, PROBE));
        let tried = tried.and_then(|()| self.moved(&from, &to));
        self.sweep_trial();
        Ok(tried?.status == 412)
    }

    fn sweep_trial(&self) {
        TRIAL.iter().for_each(|name| drop(self.ask("DELETE", &self.url(name), &[], &[])));
    }

    /// MOVE without overwriting.
    fn moved(&self, from: &str, to: &str) -> Result<Answer> {
        let headers = [("Destination", to), ("Overwrite", "F")];
        self.ask("MOVE", from, &headers, &[]).map(|response| Answer::of(&response))
    }

    /// Whether the server knows the methods of a folder: it is asked to remove what is not there.
    fn removes(&self) -> Result<()> {
        let nothing = self.url(&format!(".scanseal-{}.tmp", uuid::Uuid::now_v7().simple()));
        let answer = Answer::of(&self.ask("DELETE", &nothing, &[], &[])?);
        match answer.status {
            404 | 409 | 410 => Ok(()),
            _ if answer.is_success() => Ok(()),
            _ => Err(self.refusal(answer)),
        }
    }
}

impl Destination for WebDav {
    /// PROPFIND of the collection: reads something that only a WebDAV server with our login answers (RFC 4918 9.1).
    fn reach(&self) -> Result<()> {
        let answer = Answer::of(&self.ask("PROPFIND", &self.base, &[("Depth", "0")], &[])?);
        match answer.status {
            207 => Ok(()),
            // A server that takes files and lists nothing, or one that shows a page in the place of it.
            405 => self.removes(),
            404 | 410 => {
                Err(kinds::DESTINATION_FOLDER_MISSING.with("destination", &self.name).with("url", &self.base))
            }
            _ => Err(self.refusal(answer)),
        }
    }

    fn probe(&self, parcel: &Parcel, _ticket: Option<&str>) -> Result<Probe> {
        let url = self.url(&parcel.name);
        let Some(found) = self.read_back(&url)? else { return Ok(Probe::Absent) };
        super::compared(&self.name, parcel, found, url)
    }

    /// MOVE without overwriting (RFC 4918 9.9.4), where the server is found to honour it.
    fn put_is_probe(&self) -> bool {
        if let Some(known) = self.refuses.get() {
            return *known;
        }
        // While another thread tries, this one looks first.
        let Ok(mut untried) = self.untried.try_lock() else { return false };
        if *untried > 0 {
            *untried -= 1;
            return false;
        }
        match self.refuses_to_overwrite() {
            Ok(known) => *self.refuses.get_or_init(|| known),
            Err(_) => {
                *untried = LOOKED_FOR;
                false
            }
        }
    }

    /// The temporary name belongs to these bytes alone: what a run that was cut off left there is written again and moved,
    /// so nothing is left over. Servers of the ownCloud family refuse names that end in `.part`.
    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        let part = self.url(&client::temporary(&parcel.sha256));
        self.put_at(&part, bytes)?;
        let target = self.url(&parcel.name);
        let answer = self.moved(&part, &target)?;
        match answer.status {
            // RFC 4918 9.9.4: something lies under the final name. The probe that follows tells whether it is ours.
            412 => self.ask("DELETE", &part, &[], &[]).map(|_| Put::Occupied),
            _ if answer.is_success() => Ok(Put::Stored),
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
            (false, _) => Err(why::not_kept(&self.name)),
        }
    }

    /// What a request that was cut off may have left behind after the document had arrived. Nothing answers 404, which is as good.
    fn sweep(&self, parcel: &Parcel) {
        if !self.swept.swap(true, Ordering::Relaxed) {
            self.sweep_trial();
        }
        let _ = self.ask("DELETE", &self.url(&client::temporary(&parcel.sha256)), &[], &[]);
    }
}
