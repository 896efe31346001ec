//! The clock: signing times are claims, and a wrong clock makes every one of them a false claim.

use jiff::{SignedDuration, Timestamp};

use crate::error::kinds;
use crate::station::Workspace;
use crate::upload;

use super::{Line, Notes};

/// Clocks of services and of this machine may differ so much (Kerberos allows five minutes, RFC 4120 8.2).
const TOLERANCE: SignedDuration = SignedDuration::from_secs(5 * 60);
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

/// Clocks of the services and destinations that the station names; one that does not answer says nothing.
pub(super) async fn services(workspace: &Workspace) -> Vec<Clock> {
    let workspace = workspace.clone();
    let ask = move || {
        let named = |name: &str, at: Option<Timestamp>| {
            at.map(|at| Clock { name: name.to_owned(), at, only_earliest: false })
        };
        let services = workspace.station.timestamp.iter();
        let services = services.filter_map(|service| named(&service.url, upload::clock_of_url(&service.url)));
        let destinations = workspace.station.destination.iter();
        let destinations = destinations.filter_map(|d| named(&d.name, upload::clock_of(d, &workspace.root)));
        services.chain(destinations).collect()
    };
    tokio::task::spawn_blocking(ask).await.unwrap_or_default()
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
}
