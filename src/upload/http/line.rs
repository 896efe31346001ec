//! One request and its answer: who we are, how long we wait, how much we read, and what each answer means for the queue.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};
use zeroize::Zeroizing;

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};

use super::super::answer::{self, Answer};
use super::super::{Config, client, why};
use super::form::Form;

/// Longest time for one request and its answer where the station names none.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Largest answer that tells something, bytes.
const MAX_ANSWER: u64 = 1 << 20;

/// The line to a system.
pub struct Line {
    name: String,
    base: String,
    agent: Agent,
    headers: Vec<(String, Zeroizing<String>)>,
}

/// What a system makes of something that is handed over.
pub enum Offer {
    /// It took it.
    Taken(Value),
    /// 409 or 412 (RFC 9110 15.5): it may have it already. With the refusal that it is if not.
    Conflict(Error),
}

impl Line {
    /// With the headers of the recipe and the login of the station.
    pub fn new(config: &Config, folder: &Path, wanted: &BTreeMap<String, String>) -> Result<Self> {
        let url = config.url.clone().unwrap_or_default();
        let token = config.token_file.as_ref().map(|file| client::secret(&folder.join(file))).transpose()?;
        let mut headers = Vec::new();
        for (name, value) in wanted {
            match &token {
                Some(token) => {
                    headers.push((name.clone(), Zeroizing::new(value.replace("{token}", token.as_str()))));
                }
                None if value.contains("{token}") => {}
                None => headers.push((name.clone(), Zeroizing::new(value.clone()))),
            }
        }
        if let Some(login) = client::Authorization::of(config, folder)? {
            headers.push(("Authorization".to_owned(), Zeroizing::new(login.header().to_owned())));
        }
        let timeout = config.timeout_seconds.map_or(TIMEOUT, Duration::from_secs);
        Ok(Self {
            name: config.name.clone(),
            base: url.trim_end_matches('/').to_owned(),
            agent: client::agent(config, folder, timeout)?,
            headers,
        })
    }

    /// An address of the system.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn ask(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> Result<Response<ureq::Body>> {
        let mut request = Request::builder().method(method).uri(self.url(path));
        for (name, value) in &self.headers {
            request = request.header(name, value.as_str());
        }
        if !media_type.is_empty() {
            request = request.header("Content-Type", media_type);
        }
        let request =
            request.body(body).map_err(|e| kinds::RECIPE_UNREADABLE.with("path", path).with("cause", e))?;
        self.agent.run(request).map_err(|e| answer::transport(&self.name, &e))
    }

    /// What stands at a path; none when nothing does.
    pub fn json(&self, path: &str) -> Result<Option<Value>> {
        let response = self.ask("GET", path, "", &[])?;
        match Answer::of(&response).status {
            404 | 410 => Ok(None),
            _ => self.told(response).map(Some),
        }
    }

    /// The text that stands at a path; none when nothing does.
    pub fn text(&self, path: &str) -> Result<Option<String>> {
        let response = self.ask("GET", path, "", &[])?;
        let answer = Answer::of(&response);
        match answer.status {
            404 | 410 => return Ok(None),
            200 if answer.is_page => return Err(why::page(&self.name)),
            200 => {}
            _ => return Err(answer.error(&self.name)),
        }
        let body = response.into_body().into_with_config().limit(MAX_ANSWER).read_to_vec();
        Ok(Some(String::from_utf8_lossy(&body.map_err(|e| self.away(e))?).into_owned()))
    }

    /// Hands a form over.
    pub fn send(&self, method: &str, path: &str, form: Form) -> Result<Value> {
        match self.offer(method, path, form)? {
            Offer::Taken(answer) => Ok(answer),
            Offer::Conflict(error) => Err(error),
        }
    }

    /// As [`Line::send`], to a system that may have it already.
    pub fn offer(&self, method: &str, path: &str, form: Form) -> Result<Offer> {
        let response = self.ask(method, path, &form.media_type, &form.body)?;
        match Answer::of(&response).status {
            409 | 412 => Ok(Offer::Conflict(self.refusal(response))),
            _ => self.told(response).map(Offer::Taken),
        }
    }

    /// A refusal of what was handed over, in the words of the system.
    fn refusal(&self, response: Response<ureq::Body>) -> Error {
        let status = response.status().as_u16();
        let body =
            response.into_body().into_with_config().limit(MAX_ANSWER).read_to_vec().unwrap_or_default();
        let words: String = String::from_utf8_lossy(&body).chars().take(300).collect();
        let told = match words.trim() {
            "" => format!("HTTP {status}"),
            words => format!("HTTP {status}: {words}"),
        };
        kinds::DESTINATION_REFUSED.with("destination", &self.name).with("status", told)
    }

    fn told(&self, response: Response<ureq::Body>) -> Result<Value> {
        let answer = Answer::of(&response);
        if answer.is_page && answer.status == 200 {
            return Err(why::page(&self.name));
        }
        if !answer.is_success() {
            let error = answer.error(&self.name);
            let about_it = error.code() == kinds::DESTINATION_REFUSED.code;
            return Err(if about_it { self.refusal(response) } else { error });
        }
        let body = response.into_body().into_with_config().limit(MAX_ANSWER).read_to_vec();
        let body = body.map_err(|e| self.away(e))?;
        serde_json::from_slice(&body).map_err(|e| {
            kinds::DESTINATION_UNEXPECTED
                .with("destination", &self.name)
                .with("status", "not_json")
                .because(e)
        })
    }

    /// Digest of the file at a path; none when nothing is there.
    pub fn digest(&self, path: &str) -> Result<Option<Sha256>> {
        let response = self.ask("GET", path, "", &[])?;
        let answer = Answer::of(&response);
        match answer.status {
            404 | 410 => return Ok(None),
            200 if answer.is_page => return Err(why::page(&self.name)),
            200 => {}
            _ => return Err(answer.error(&self.name)),
        }
        let digest = client::digest(response.into_body().into_reader().take(client::MAX_FILE));
        digest.map(Some).map_err(|e| self.away(e))
    }

    fn away(&self, cause: impl std::fmt::Display) -> Error {
        why::away(&self.name, cause)
    }
}
