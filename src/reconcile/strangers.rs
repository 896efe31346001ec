//! Rows of the system's export that are no paper of the outage. An export of the whole year has many of them, and most are
//! documents of other days; those of the days of the outage may be a paper that nobody knows, or one with a mistyped number.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;

use super::matching::key;
use super::{Input, Line, SystemRow};

/// Rows that no line of the reconciliation tells about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Strangers {
    /// How many.
    pub count: usize,
    /// Those that a person should look at: of the days of the outage, without a date that can be read, or with the number of a
    /// paper and another year. Line of the export, number, date as far as it is known.
    pub near: Vec<(u64, String, String)>,
}

impl Strangers {
    /// Looks for them. `time`: begin and end of the outage as far as they are known.
    pub fn of(input: &Input, lines: &[Line], time: (Option<Timestamp>, Option<Timestamp>)) -> Self {
        let told: HashSet<u64> = lines.iter().flat_map(|line| &line.system).map(|(line, _)| *line).collect();
        let rows = input.system.unwrap_or_default().iter().filter(|row| !told.contains(&row.line));
        let strangers: Vec<&SystemRow> = rows.collect();
        let days = days(input, time);
        let keys: HashSet<_> = input.papers.iter().filter_map(|paper| key(&paper.fields)).collect();
        let near = |row: &&&SystemRow| match row.fields.issued_date.or(row.fields.arrival_date) {
            None => row.odd_date.is_some(),
            Some(day) => days.is_some_and(|(from, to)| (from..=to).contains(&day)),
        };
        let same = |row: &&&SystemRow| key(&row.fields).is_some_and(|key| keys.contains(&key));
        let shown = |row: &&SystemRow| {
            let day = row.fields.issued_date.or(row.fields.arrival_date);
            let day = day.map(|day| day.strftime("%d/%m/%Y").to_string()).or_else(|| row.odd_date.clone());
            (row.line, row.number(), day.unwrap_or_default())
        };
        let near = strangers.iter().filter(|row| near(row) || same(row)).map(shown).collect();
        Self { count: strangers.len(), near }
    }
}

/// From the first to the last day of the papers, of the window for paper and of the outage.
fn days(input: &Input, (start, restored): (Option<Timestamp>, Option<Timestamp>)) -> Option<(Date, Date)> {
    let offset = Offset::from_seconds(input.utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    let times = [input.window.0, input.window.1, start, restored].into_iter().flatten();
    let papers = input.papers.iter().filter_map(|paper| paper.fields.issued_date);
    let days: Vec<Date> = times.map(|at| offset.to_datetime(at).date()).chain(papers).collect();
    days.iter().min().copied().zip(days.iter().max().copied())
}
