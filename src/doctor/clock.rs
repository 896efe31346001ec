//! The clock: signing times are claims, and a wrong clock makes every one of them a false claim.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::error::kinds;
use crate::station::Workspace;

use super::{Line, Notes};

/// Clocks of services and of this machine may differ so much (Kerberos allows five minutes, RFC 4120 8.2).
const TOLERANCE: SignedDuration = SignedDuration::from_secs(5 * 60);
/// How long a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest head of an answer that is read.
const MAX_HEAD: u64 = 16_384;

/// What another clock says.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// Whose.
    pub name: String,
    /// When it is there, or was at least.
    pub at: Timestamp,
    /// It tells only that it is not earlier.
    pub only_earliest: bool,
}

/// One line for each clock that disagrees, or one that all agree.
pub(super) fn compare(now: Timestamp, clocks: &[Clock], notes: Notes) -> Vec<Line> {
    let wrong = |clock: &&Clock| {
        let difference = now.duration_since(clock.at);
        difference < -TOLERANCE || !clock.only_earliest && difference > TOLERANCE
    };
    let lines: Vec<Line> = clocks
        .iter()
        .filter(wrong)
        .map(|clock| {
            let error =
                kinds::CLOCK_WRONG.with("source", &clock.name).with("there", clock.at).with("here", now);
            notes.bad("clock", &error)
        })
        .collect();
    match lines.is_empty() {
        true => vec![notes.good("clock", "clock_good", &[("sources", clocks.len().to_string())])],
        false => lines,
    }
}

/// Clocks of the services that the station names; one that does not answer says nothing.
pub(super) async fn services(workspace: &Workspace) -> Vec<Clock> {
    let urls: Vec<String> = workspace.station.timestamp.iter().map(|service| service.url.clone()).collect();
    let ask = move || {
        let known = |url: &String| date(url).map(|at| Clock { name: url.clone(), at, only_earliest: false });
        urls.iter().filter_map(known).collect()
    };
    tokio::task::spawn_blocking(ask).await.unwrap_or_default()
}

/// The `Date` of an answer over plain HTTP (RFC 9110 6.6.1); the time itself is no secret and needs no trust to be compared.
fn date(url: &str) -> Option<Timestamp> {
    let rest = url.strip_prefix("http://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
    let address = address.to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let request = format!("HEAD /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut head = Vec::new();
    // A service that keeps the line open after its answer has answered all the same.
    let _ = stream.take(MAX_HEAD).read_to_end(&mut head);
    date_of(&String::from_utf8_lossy(&head))
}

fn date_of(head: &str) -> Option<Timestamp> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Health;
    use crate::locales::Lang;

    fn found(now: &str, clocks: &[(&str, bool)]) -> Health {
        let clock = |(at, only_earliest): &(&str, bool)| Clock {
            name: "x".to_owned(),
            at: at.parse().unwrap(),
            only_earliest: *only_earliest,
        };
        let clocks: Vec<Clock> = clocks.iter().map(clock).collect();
        compare(now.parse().unwrap(), &clocks, Notes { lang: Lang::En })[0].health
    }

    #[test]
    fn a_clock_that_went_back_or_differs_is_found() {
        let now = "2026-11-25T10:00:00Z";
        assert_eq!(
            found(now, &[("2026-11-25T09:00:00Z", true), ("2026-11-25T10:02:00Z", false)]),
            Health::Good
        );
        assert_eq!(found(now, &[("2026-11-25T11:00:00Z", true)]), Health::Bad);
        assert_eq!(found(now, &[("2026-11-25T09:00:00Z", false)]), Health::Bad);
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        let head = "HTTP/1.1 200 OK\r\nServer: x\r\nDate: Wed, 25 Nov 2026 10:00:00 GMT\r\n\r\n";
        assert_eq!(date_of(head).unwrap().to_string(), "2026-11-25T10:00:00Z");
        assert_eq!(date_of("HTTP/1.1 200 OK\r\nDate: yesterday\r\n"), None);
    }
}
