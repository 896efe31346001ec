//! What signing and verifying need from the network, behind one small trait that is handed in: time stamps and evidence of
//! revocation. Both are asked of services that the station or a certificate names, both over plain HTTP by design (RFC 3161
//! 3.4, RFC 6960 A.1, RFC 5280 4.2.1.13): what comes back is signed.

use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// Longest time until a service takes the call, and until its answer is complete.
const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// HTTP status (RFC 9110 15).
    pub status: u16,
    /// Media type as stated, without parameters, in small letters; empty when none is.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Asks services over the network. Every call ends in bounded time and reads at most `limit` bytes.
pub trait Fetch: Send + Sync {
    /// Posts `body`, which is of `media_type`.
    ///
    /// # Errors
    /// Why there is no answer, for people.
    fn post(&self, url: &str, media_type: &str, body: &[u8], limit: u64) -> Result<Fetched, String>;

    /// Gets what is at `url`.
    ///
    /// # Errors
    /// Why there is no answer, for people.
    fn get(&self, url: &str, limit: u64) -> Result<Fetched, String>;

    /// Whether anybody is asked at all.
    fn asks(&self) -> bool {
        true
    }
}

/// The network, by HTTP and HTTPS with the roots of the system.
#[derive(Debug)]
pub struct Web(Agent);

impl Default for Web {
    fn default() -> Self {
        Self::with_patience(PATIENCE)
    }
}

impl Web {
    /// Waits at most so long for an answer.
    pub fn with_patience(patience: Duration) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT.min(patience)))
            .timeout_global(Some(patience))
            .user_agent(concat!("scanseal/", env!("CARGO_PKG_VERSION")));
        Self(config.build().into())
    }
}

impl Fetch for Web {
    fn post(&self, url: &str, media_type: &str, body: &[u8], limit: u64) -> Result<Fetched, String> {
        let request = self.0.post(url).header("Content-Type", media_type);
        read(request.send(body), limit)
    }

    fn get(&self, url: &str, limit: u64) -> Result<Fetched, String> {
        read(self.0.get(url).call(), limit)
    }
}

/// Asks nobody: what is missing stays owed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Fetch for Offline {
    fn post(&self, _: &str, _: &str, _: &[u8], _: u64) -> Result<Fetched, String> {
        Err("offline".to_owned())
    }

    fn get(&self, _: &str, _: u64) -> Result<Fetched, String> {
        Err("offline".to_owned())
    }

    fn asks(&self) -> bool {
        false
    }
}

fn read(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    limit: u64,
) -> Result<Fetched, String> {
    let mut answer = answer.map_err(|e| e.to_string())?;
    let media_type = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    Ok(Fetched {
        status: answer.status().as_u16(),
        media_type: media_type.trim().to_ascii_lowercase(),
        body: answer.body_mut().with_config().limit(limit).read_to_vec().map_err(|e| e.to_string())?,
    })
}
