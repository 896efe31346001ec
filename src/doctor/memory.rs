//! The store, the bytes and the journal.

use jiff::Timestamp;

use crate::error::{Result, kinds};
use crate::pipeline::{Desk, longterm};
use crate::store::Filter;

use super::clock::Clock;
use super::{Line, Notes};

/// Documents whose latest file is read and hashed again; the newest, because an old archive takes hours.
const SAMPLE: usize = 200;
/// Most deliveries that are named in a line.
const NAMED: i64 = 20;

/// The bucket that other machines share, tried for real.
pub(super) async fn bucket(desk: &Desk, notes: Notes) -> Result<Vec<Line>> {
    let blobs = desk.store.blobs().clone();
    if !blobs.is_shared() {
        return Ok(Vec::new());
    }
    let tried = tokio::task::spawn_blocking(move || blobs.trial()).await;
    tried.map_err(|e| kinds::INTERNAL.with("cause", e))??;
    Ok(vec![notes.good("blobs", "blobs_good", &[("place", desk.workspace.station.blobs.clone())])])
}

/// The database's own check, and the digests of the newest files.
pub(super) async fn store(desk: &Desk, notes: Notes) -> Result<Vec<Line>> {
    desk.store.check_integrity().await?;
    let documents = desk.store.documents(&Filter::default()).await?;
    let with_file: Vec<_> = documents.iter().rev().filter(|d| d.latest.is_some()).take(SAMPLE).collect();
    for stored in &with_file {
        desk.store.latest(stored).await?;
    }
    let counts = [("documents", documents.len().to_string()), ("checked", with_file.len().to_string())];
    Ok(vec![notes.good("store", "store_good", &counts)])
}

/// How long archive time stamps still stand, and proofs that are owed.
pub(super) async fn proofs(desk: &Desk, notes: Notes) -> Result<Vec<Line>> {
    let records = desk.store.records(&Filter::default()).await?;
    let soon = Timestamp::now().saturating_add(longterm::RENEWAL).unwrap_or(Timestamp::MAX);
    let archived: Vec<Timestamp> = records
        .iter()
        .filter(|record| record.levels().any(|level| level == Some("B-LTA")))
        .filter_map(crate::store::Record::stands_until)
        .collect();
    let owed = records.iter().filter(|record| longterm::is_owing(&desk.workspace, record)).count();
    let mut lines = Vec::new();
    if let Some(first) = archived.iter().min() {
        let ending = archived.iter().filter(|end| **end < soon).count();
        let args = [("count", ending.to_string()), ("first", first.strftime("%Y-%m-%d").to_string())];
        lines.push(match ending {
            0 => notes.good("proofs", "proofs_good", &args),
            _ => notes.warning("proofs", "proofs_ending", &args),
        });
    }
    if owed > 0 {
        lines.push(notes.warning("proofs", "proofs_owed", &[("count", owed.to_string())]));
    }
    Ok(lines)
}

/// Deliveries that were set aside, and documents for destinations that are not named any more.
pub(super) async fn queue(desk: &Desk, notes: Notes) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let dead = desk.store.deliveries_in(&["dead"], NAMED).await?;
    if !dead.is_empty() {
        let named: Vec<String> = dead
            .iter()
            .map(|d| format!("{} ({}: {})", d.document, d.destination, d.refusal().code()))
            .collect();
        lines.push(notes.warning("queue", "queue_set_aside", &[("documents", named.join(", "))]));
    }
    for unnamed in desk.store.unnamed(&desk.workspace.station.destination).await? {
        if unnamed.open > 0 {
            let args = [("name", unnamed.name), ("count", unnamed.open.to_string())];
            lines.push(notes.warning("queue", "queue_unnamed", &args));
        }
    }
    Ok(lines)
}

pub(super) async fn journal(desk: &Desk, notes: Notes) -> Result<Vec<Line>> {
    let check = desk.store.check_journal().await?;
    Ok(vec![notes.good("journal", "journal_good", &[("entries", check.entries.to_string())])])
}

/// The journal's last entry: time does not go back.
pub(super) async fn last_entry(desk: &Desk) -> Clock {
    let at = desk.store.last_entry().await.ok().flatten();
    Clock { name: "journal".to_owned(), at: at.unwrap_or(Timestamp::UNIX_EPOCH), only_earliest: true }
}
