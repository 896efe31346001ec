//! What an answer means for the queue: who has to act, and whether it is about this document or about the destination.

use std::time::Duration;

use jiff::Timestamp;
use ureq::http::Response;

use crate::error::{Error, kinds};

use super::why;

/// Longest `Retry-After` that is obeyed; a longer one is looked at again after this time.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// The head of an answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// RFC 9110 15.
    pub status: u16,
    /// HTML where a file was expected: a login or a maintenance page.
    pub is_page: bool,
    retry_after: Option<Duration>,
}

impl Answer {
    pub fn of(response: &Response<ureq::Body>) -> Self {
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok());
        Self {
            status: response.status().as_u16(),
            is_page: header("content-type").is_some_and(is_page),
            retry_after: header("retry-after").and_then(|text| wait(text, Timestamp::now())),
        }
    }

    /// Done. Servers describe a new file in HTML (201), but a plain 200 with a page is a login.
    pub fn is_success(&self) -> bool {
        matches!(self.status, 201..=299) || self.status == 200 && !self.is_page
    }

    /// The refusal of a request that did not succeed.
    pub fn error(&self, destination: &str) -> Error {
        if self.status == 200 && self.is_page {
            return why::page(destination);
        }
        let kind = match self.status {
            401 | 403 | 407 => &kinds::DESTINATION_LOGIN,
            404 | 409 => &kinds::DESTINATION_FOLDER_MISSING,
            400 | 413 | 414 | 415 | 422 => &kinds::DESTINATION_REFUSED,
            507 => &kinds::DESTINATION_FULL,
            // Temporarily elsewhere, or nothing but pages to be read: so answers who is being repaired.
            302 | 303 | 307 | 405 | 408 | 423 | 425 | 429 | 500..=599 => &kinds::DESTINATION_AWAY,
            _ => &kinds::DESTINATION_UNEXPECTED,
        };
        let status = format!("HTTP {}", self.status);
        let error = match kind.code == kinds::DESTINATION_AWAY.code {
            true => why::status(destination, self.status),
            false => kind.with("destination", destination).with("cause", &status).with("url", destination),
        };
        let error = error.with("status", status);
        match self.retry_after {
            Some(wait) => error.with("retry_after", wait.as_secs()),
            None => error,
        }
    }
}

/// HTML, in which people read of a login or of maintenance. Media types know no case (RFC 9110 8.3.1).
fn is_page(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(name.as_str(), "text/html" | "application/xhtml+xml")
}

/// `Retry-After` (RFC 9110 10.2.3): seconds or a date.
fn wait(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let seconds = match text.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            u64::try_from(at.duration_since(now).as_secs()).unwrap_or(0)
        }
    };
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

/// A request without an answer: the line was cut, the server hangs or is gone, or it is not who it should be.
pub(super) fn transport(destination: &str, error: &ureq::Error) -> Error {
    let told = error.to_string();
    let certificate =
        ["certificate", "tls", "Tls", "TLS", "UnknownIssuer"].iter().any(|word| told.contains(word));
    let known = match error {
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) | ureq::Error::Pem(_) => &kinds::DESTINATION_TLS,
        ureq::Error::Io(_) if certificate => &kinds::DESTINATION_TLS,
        ureq::Error::RedirectFailed | ureq::Error::TooManyRedirects => &kinds::DESTINATION_UNEXPECTED,
        _ => return why::away(destination, told),
    };
    known.with("destination", destination).with("status", &told).with("cause", told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Retry;

    fn answer(status: u16) -> Answer {
        Answer { status, is_page: false, retry_after: None }
    }

    #[test]
    fn each_status_has_its_class() {
        for (status, code, retry) in [
            (401, "destination_login", Retry::AfterYouFix),
            (403, "destination_login", Retry::AfterYouFix),
            (404, "destination_folder_missing", Retry::AfterYouFix),
            (409, "destination_folder_missing", Retry::AfterYouFix),
            (413, "destination_refused", Retry::AfterYouFix),
            (415, "destination_refused", Retry::AfterYouFix),
            (422, "destination_refused", Retry::AfterYouFix),
            (423, "destination_away", Retry::Later),
            (429, "destination_away", Retry::Later),
            (500, "destination_away", Retry::Later),
            (503, "destination_away", Retry::Later),
            (507, "destination_full", Retry::Later),
            (301, "destination_unexpected", Retry::AfterYouFix),
            (302, "destination_away", Retry::Later),
            (303, "destination_away", Retry::Later),
            (307, "destination_away", Retry::Later),
            (308, "destination_unexpected", Retry::AfterYouFix),
            (405, "destination_away", Retry::Later),
            (501, "destination_away", Retry::Later),
            (200, "destination_unexpected", Retry::AfterYouFix),
        ] {
            let error = answer(status).error("dms");
            assert_eq!((error.code(), error.kind().retry), (code, retry), "{status}");
        }
    }

    #[test]
    fn a_page_is_one_in_whatever_letters() {
        for (media_type, page) in [
            ("text/html", true),
            ("Text/HTML; charset=utf-8", true),
            ("application/xhtml+xml;charset=utf-8", true),
            ("application/xml", false),
            ("application/pdf", false),
        ] {
            assert_eq!(is_page(media_type), page, "{media_type}");
        }
        let error = Answer { is_page: true, ..answer(200) }.error("dms");
        assert_eq!((error.code(), error.arg("why")), ("destination_away", Some("page")));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        assert_eq!(wait("7", now), Some(Duration::from_secs(7)));
        assert_eq!(wait("Wed, 25 Nov 2026 10:01:00 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!(wait("Wed, 25 Nov 2020 10:01:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(wait("99999999999", now), Some(LONGEST_WAIT));
        assert_eq!(wait("soon", now), None);
    }
}
