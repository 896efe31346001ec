//! The store, the bytes and the journal.

use jiff::Timestamp;

use crate::error::Result;
use crate::pipeline::Desk;
use crate::store::Filter;

use super::clock::Clock;
use super::{Line, Notes};

/// Documents whose latest file is read and hashed again; the newest, because an old archive takes hours.
const SAMPLE: usize = 200;

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

pub(super) async fn journal(desk: &Desk, notes: Notes) -> Result<Vec<Line>> {
    let check = desk.store.check_journal().await?;
    Ok(vec![notes.good("journal", "journal_good", &[("entries", check.entries.to_string())])])
}

/// The journal's last entry: time does not go back.
pub(super) async fn last_entry(desk: &Desk) -> Clock {
    let at = desk.store.last_entry().await.ok().flatten();
    Clock { name: "journal".to_owned(), at: at.unwrap_or(Timestamp::UNIX_EPOCH), only_earliest: true }
}
