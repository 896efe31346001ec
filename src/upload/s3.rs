//! Destination `s3`: a bucket of S3-compatible storage. Strongest proof: `proven`, read back byte for byte.
//!
//! PUT goes out with `If-None-Match: *` and the SHA-256 of the body, so that a server that knows them never overwrites and never
//! stores a damaged file; what it really did is read back. Requests are signed in their address (AWS Signature Version 4).

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use ureq::Agent;
use ureq::http::{Request, Response};

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};

use super::answer::{self, Answer};
use super::parcel::Parcel;
use super::{Config, Destination, Probe, Put, client, why};

/// How long a signed address holds; also the longest time for one request where the station names none.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Region of servers that have none.
const REGION: &str = "us-east-1";
/// Longest refusal that is read, bytes.
const MAX_ANSWER: u64 = 1 << 16;
/// Content of a probe.
const PROBE: &[u8] = b"scanseal: probe of this destination. It may be deleted.\n";

/// A bucket.
pub(super) struct S3 {
    name: String,
    bucket: Bucket,
    credentials: Credentials,
    /// Beginning of all names.
    prefix: String,
    agent: Agent,
    timeout: Duration,
}

impl S3 {
    /// The destination of a checked configuration; files lie under `folder`.
    ///
    /// # Errors
    /// [`kinds::PASSWORD_FILE_OPEN`], [`kinds::DESTINATION_UNEXPECTED`] for an address that is none, or a file that cannot be read.
    pub fn new(config: &Config, folder: &Path) -> Result<Self> {
        let fault = |cause: String| {
            kinds::DESTINATION_UNEXPECTED.with("destination", &config.name).with("status", cause)
        };
        let endpoint = config.url.as_deref().unwrap_or_default().parse();
        let endpoint = endpoint.map_err(|e: url::ParseError| fault(e.to_string()))?;
        let (bucket, region) = (config.bucket.clone().unwrap_or_default(), config.region.clone());
        // The bucket in the path works with every server; in the host name only where DNS was made for it.
        let bucket =
            Bucket::new(endpoint, UrlStyle::Path, bucket, region.unwrap_or_else(|| REGION.to_owned()));
        let secret = client::secret(&folder.join(config.password_file.clone().unwrap_or_default()))?;
        let prefix = config.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let timeout = config.timeout_seconds.map_or(TIMEOUT, Duration::from_secs);
        Ok(Self {
            name: config.name.clone(),
            bucket: bucket.map_err(|e| fault(e.to_string()))?,
            credentials: Credentials::new(config.user.clone().unwrap_or_default(), secret.as_str()),
            prefix: if prefix.is_empty() { prefix } else { format!("{}/", prefix.trim_matches('/')) },
            agent: client::agent(config, folder, timeout)?,
            timeout,
        })
    }

    pub(super) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// One request, whose headers are signed with it.
    fn ask<'a, A: S3Action<'a>>(
        &self,
        method: &str,
        mut action: A,
        headers: &'a [(&'a str, String)],
        body: &[u8],
    ) -> Result<Response<ureq::Body>> {
        for (name, value) in headers {
            action.headers_mut().insert(*name, value.as_str());
        }
        let url = action.sign(self.timeout);
        let mut request = Request::builder().method(method).uri(url.as_str());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(body).map_err(|e| kinds::INTERNAL.with("cause", e))?;
        self.agent.run(request).map_err(|e| answer::transport(&self.name, &e))
    }

    /// Digest of what lies under a key; none when nothing does. A key that may not list is told of a missing object that it may not
    /// read it; PUT, which overwrites nothing, finds out what is true of it.
    fn read_back(&self, key: &str) -> Result<Option<Sha256>> {
        let action = self.bucket.get_object(Some(&self.credentials), key);
        let response = self.ask("GET", action, &[], &[])?;
        if response.status() == 403 && is_storage(&response) {
            return self.denied(response).map(|()| None);
        }
        let Some(body) = self.found(response)? else { return Ok(None) };
        let digest = client::digest(body.into_reader().take(client::MAX_FILE));
        digest.map(Some).map_err(|e| self.away(e))
    }

    /// What lies under a key of the prefix, to be read; none when nothing does.
    pub(super) fn read(&self, key: &str) -> Result<Option<ureq::Body>> {
        let action = self.bucket.get_object(Some(&self.credentials), key);
        self.found(self.ask("GET", action, &[], &[])?)
    }

    /// Whether something lies under a key.
    pub(super) fn lies(&self, key: &str) -> Result<bool> {
        let action = self.bucket.head_object(Some(&self.credentials), key);
        Ok(self.found(self.ask("HEAD", action, &[], &[])?)?.is_some())
    }

    /// A denial that is about a single object or about the list, and not about who we are.
    fn denied(&self, response: Response<ureq::Body>) -> Result<()> {
        let answer = Answer::of(&response);
        let body =
            response.into_body().into_with_config().limit(MAX_ANSWER).read_to_vec().unwrap_or_default();
        match String::from_utf8_lossy(&body).contains("<Code>AccessDenied</Code>") {
            true => Ok(()),
            false => Err(answer.error(&self.name)),
        }
    }

    fn found(&self, response: Response<ureq::Body>) -> Result<Option<ureq::Body>> {
        let answer = Answer::of(&response);
        match answer.status {
            404 | 410 => Ok(None),
            200 if !is_storage(&response) => Err(why::page(&self.name)),
            200 => Ok(Some(response.into_body())),
            _ => Err(answer.error(&self.name)),
        }
    }

    /// Puts bytes under a key where nothing lies yet.
    pub(super) fn put_at(&self, key: &str, sha256: &[u8], bytes: &[u8]) -> Result<Answer> {
        let response = self.send(key, sha256, bytes)?;
        match Answer::of(&response) {
            answer if answer.status == 200 && !is_storage(&response) => Err(why::page(&self.name)),
            answer => Ok(answer),
        }
    }

    fn send(&self, key: &str, sha256: &[u8], bytes: &[u8]) -> Result<Response<ureq::Body>> {
        let headers = [
            ("content-type", "application/pdf".to_owned()),
            ("if-none-match", "*".to_owned()),
            ("x-amz-checksum-sha256", client::base64(sha256)),
        ];
        let action = self.bucket.put_object(Some(&self.credentials), key);
        self.ask("PUT", action, &headers, bytes)
    }

    fn away(&self, cause: impl std::fmt::Display) -> Error {
        why::away(&self.name, cause)
    }
}

impl Destination for S3 {
    fn reach(&self) -> Result<()> {
        let response = self.ask("HEAD", self.bucket.head_bucket(Some(&self.credentials)), &[], &[])?;
        let answer = Answer::of(&response);
        match answer.status {
            200 if is_storage(&response) => Ok(()),
            200 => Err(why::page(&self.name)),
            // HEAD of a bucket wants the right to list. Whether it is only that, an object that nobody has tells.
            403 if is_storage(&response) => {
                self.read_back(&self.key(&format!("scanseal-{}", uuid::Uuid::now_v7().simple()))).map(drop)
            }
            404 | 410 => {
                let missing = kinds::DESTINATION_FOLDER_MISSING.with("destination", &self.name);
                Err(missing.with("url", self.bucket.base_url()))
            }
            _ => Err(answer.error(&self.name)),
        }
    }

    fn probe(&self, parcel: &Parcel, _ticket: Option<&str>) -> Result<Probe> {
        let key = self.key(&parcel.name);
        let Some(found) = self.read_back(&key)? else { return Ok(Probe::Absent) };
        super::compared(&self.name, parcel, found, self.bucket.object_url(&key).to_string())
    }

    /// 412: something lies under the name. 409: another request is just putting it. The probe that follows tells what it is.
    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        let digest = crate::document::Hashing::of(bytes).with(&[]);
        let answer = self.put_at(&self.key(&parcel.name), &digest, bytes)?;
        match answer.status {
            200..=299 => Ok(Put::Stored),
            409 | 412 => Ok(Put::Occupied),
            _ => Err(answer.error(&self.name)),
        }
    }

    fn trial(&self) -> Result<()> {
        self.reach()?;
        let key = self.key(&format!("scanseal-probe-{}.txt", uuid::Uuid::now_v7().simple()));
        let answer = self.put_at(&key, &crate::document::Hashing::of(PROBE).with(&[]), PROBE)?;
        if !(200..300).contains(&answer.status) {
            return Err(answer.error(&self.name));
        }
        let read = self.read_back(&key);
        // The probe is ours: its name is new and nobody else's.
        let action = self.bucket.delete_object(Some(&self.credentials), &key);
        let removed = Answer::of(&self.ask("DELETE", action, &[], &[])?);
        match (read? == Some(Sha256::of(PROBE)), (200..300).contains(&removed.status)) {
            (true, true) => Ok(()),
            (true, false) => Err(removed.error(&self.name)),
            (false, _) => Err(why::not_kept(&self.name)),
        }
    }

    /// Nothing travels under a name of its own.
    fn sweep(&self, _parcel: &Parcel) {}
}

/// Storage tells a number for each request in a header of its own; a login page in front of it does not.
fn is_storage(response: &Response<ureq::Body>) -> bool {
    response.headers().keys().any(|name| name.as_str().starts_with("x-amz"))
}
