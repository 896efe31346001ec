//! What time it is elsewhere: the `Date` of an answer (RFC 9110 6.6.1), whatever its status.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use ureq::Agent;
use ureq::http::HeaderMap;

use super::{Config, Kind, client};

/// How long a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The clock of a service by its address; none when it does not answer, or without a date.
pub fn clock_of_url(url: &str) -> Option<Timestamp> {
    ask(&client::plain_agent(PATIENCE), url)
}

/// The clock of a destination's server, over its own TLS settings; none where it does not speak HTTP, or does not answer.
pub fn clock_of(config: &Config, folder: &Path) -> Option<Timestamp> {
    match config.kind {
        Kind::Folder | Kind::Sftp | Kind::Email => None,
        Kind::Webdav | Kind::Http | Kind::S3 | Kind::Edxml => {
            ask(&client::agent(config, folder, PATIENCE).ok()?, config.url.as_deref()?)
        }
    }
}

fn ask(agent: &Agent, url: &str) -> Option<Timestamp> {
    date(agent.head(url).call().ok()?.headers())
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let value = headers.get("date")?.to_str().ok()?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        let mut headers = HeaderMap::new();
        assert_eq!(date(&headers), None);
        headers.insert("date", "Wed, 25 Nov 2026 10:00:00 GMT".parse().unwrap());
        assert_eq!(date(&headers).unwrap().to_string(), "2026-11-25T10:00:00Z");
        headers.insert("date", "yesterday".parse().unwrap());
        assert_eq!(date(&headers), None);
    }
}
