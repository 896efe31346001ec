//! The office's memory: records in SQL (SQLite or PostgreSQL, one text for both), bytes as write-once blobs, and a journal
//! that cannot be changed unnoticed. A row never grants a stage of the journey; bytes are checked again when taken up.
//!
//! Every writing transaction begins with the same `UPDATE` of one row. It takes the write lock at once on SQLite (no
//! upgrade from a read that could fail as busy) and orders writers on PostgreSQL, so that the journal is one chain.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, Executor, Transaction};

use crate::error::{Error, Result, kinds};
use crate::platform;
use crate::profile::Form;

mod away;
mod blobs;
mod corrections;
mod documents;
mod extend;
mod handover;
mod holder;
pub mod journal;
mod kits;
mod outages;
mod queue;
mod read;
mod record;
mod records;
mod register;
mod speeds;
mod stacks;
mod steps;
#[cfg(test)]
mod tests;

use holder::Holder;

pub use away::Away;
pub use blobs::Blobs;
pub use corrections::{Before, Correction, Snapshot, Undoable};
pub use documents::{Filter, Inserted, Stored};
pub use kits::Kit;
pub use queue::{Delivery, DestinationState, Job};
pub use read::Read;
pub use record::{Aside, Record, Revision, SignatureRow, State};
pub use steps::{Advance, NewRevision, Step};

/// Version of the schema; a store of another version is refused, never guessed at.
const SCHEMA_VERSION: &str = "2";
/// How a store of an earlier version becomes one of the next: from which, and the statements. They are never changed afterwards.
const MIGRATIONS: [(&str, &str); 1] = [("1", include_str!("migrations/2.sql"))];
/// How long a connection waits for another process's write (SQLite).
const BUSY_TIMEOUT_MS: u32 = 15_000;
/// Folder of the workspace with human-named copies of sealed documents; never the truth.
pub const OUT: &str = "out";
/// Folder of the workspace with one locked file a process.
const LEASES: &str = "leases";
/// Connections of one process; SQLite has one writer anyway.
const CONNECTIONS: u32 = 4;

/// Records, blobs and journal of one workspace.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    blobs: Blobs,
    setting: Setting,
    holder: Holder,
    engine: Engine,
}

/// What keeps the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// Who writes, and under which legal form; goes into the journal and decides who a document waits for.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Folder of the workspace.
    pub root: PathBuf,
    /// Name of the station.
    pub station: String,
    /// Login name of the person or program.
    pub actor: String,
    /// Legal form of the profile.
    pub form: Form,
}

/// A writing transaction.
pub(crate) type Write = Transaction<'static, Any>;

impl Store {
    /// Opens the store, and makes it when it is new.
    ///
    /// # Errors
    /// [`kinds::STORE_UNUSABLE`] when it is damaged or not ours, [`kinds::STORE_VERSION`] when it is of another version.
    pub async fn open(url: &str, blobs: &Path, setting: Setting) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let target = if sqlite { format!("{url}?mode=rwc") } else { url.to_owned() };
        let options = AnyConnectOptions::from_str(&target).map_err(|e| unusable(url, e))?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(30))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        let settings = format!(
                            "PRAGMA busy_timeout={BUSY_TIMEOUT_MS}; PRAGMA journal_mode=WAL; \
                             PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
                        );
                        connection.execute(sqlx::AssertSqlSafe(settings)).await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|e| unusable(url, e))?;
        let holder = Holder::enter(&setting.root.join(LEASES))?;
        platform::mark_temporary_files(&holder.name);
        let store = Self {
            pool,
            blobs: Blobs::open(blobs)?,
            holder,
            setting,
            engine: if sqlite { Engine::Sqlite } else { Engine::Postgres },
        };
        store.prepare(url).await?;
        store.free_leases_of_the_dead().await?;
        Ok(store)
    }

    /// Whatever a process that was killed was working on can be taken up at once.
    pub(crate) async fn free_leases_of_the_dead(&self) -> Result<()> {
        let folder = self.setting.root.join(LEASES);
        for name in holder::dead(&folder) {
            let mut tx = self.write().await?;
            for table in ["document", "job"] {
                let sql = format!("UPDATE {table} SET lease_until = 0 WHERE lease LIKE $1");
                let mine = format!("{name}/%");
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(mine).execute(&mut *tx).await.map_err(failed)?;
            }
            commit(tx).await?;
            self.sweep_of(&name);
            holder::forget(&folder, &name);
        }
        Ok(())
    }

    /// Files that a process that was killed was just writing.
    fn sweep_of(&self, name: &str) {
        for folder in self.blobs.folders().into_iter().chain([self.setting.root.join(OUT)]) {
            platform::sweep_marked(&folder, name);
        }
    }

    /// Applies the schema under the writers' lock and checks its version.
    async fn prepare(&self, url: &str) -> Result<()> {
        if self.version().await.is_ok_and(|version| version == SCHEMA_VERSION) {
            return Ok(());
        }
        // The schema is for a new store; an old one is brought up step by step.
        if self.version().await.is_ok() {
            return self.migrate(url).await;
        }
        for statement in include_str!("schema.sql").split("\n;\n") {
            self.pool.execute(statement).await.map_err(|e| unusable(url, e))?;
        }
        for (name, value) in [("version", SCHEMA_VERSION), ("writer", "0")] {
            sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(name)
                .bind(value)
                .execute(&self.pool)
                .await
                .map_err(|e| unusable(url, e))?;
        }
        self.migrate(url).await
    }

    /// Brings a store of an earlier version up, a version a transaction; one of a later version is refused.
    async fn migrate(&self, url: &str) -> Result<()> {
        loop {
            let found = self.version().await?;
            if found == SCHEMA_VERSION {
                return Ok(());
            }
            let Some((_, statements)) = MIGRATIONS.iter().find(|(from, _)| *from == found) else {
                return Err(kinds::STORE_VERSION.with("found", found).with("known", SCHEMA_VERSION));
            };
            let mut tx = self.write().await?;
            // Another process may have done it while this one waited for the lock.
            let now: (String,) = sqlx::query_as("SELECT value FROM meta WHERE name = 'version'")
                .fetch_one(&mut *tx)
                .await
                .map_err(failed)?;
            if now.0 == found {
                for statement in statements.split("\n;\n") {
                    sqlx::query(statement).execute(&mut *tx).await.map_err(|e| unusable(url, e))?;
                }
            }
            commit(tx).await?;
        }
    }

    /// Where this station stands, for what differs from station to station and never changes.
    pub(crate) fn place(&self) -> String {
        format!("{}\n{}", self.setting.station, self.setting.root.display())
    }

    async fn version(&self) -> Result<String> {
        let row: (String,) = sqlx::query_as("SELECT value FROM meta WHERE name = 'version'")
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        Ok(row.0)
    }

    /// The database's own check of its file; a server looks after its files itself.
    ///
    /// # Errors
    /// [`kinds::STORE_UNUSABLE`] with the first fault.
    pub async fn check_integrity(&self) -> Result<()> {
        if self.engine != Engine::Sqlite {
            return Ok(());
        }
        let rows: Vec<(String,)> =
            sqlx::query_as("PRAGMA integrity_check(1)").fetch_all(&self.pool).await.map_err(failed)?;
        match rows.first() {
            Some((verdict,)) if verdict == "ok" => Ok(()),
            found => {
                let cause = found.map(|(fault,)| fault.clone()).unwrap_or_default();
                Err(kinds::STORE_UNUSABLE.with("store", "sqlite").with("cause", cause))
            }
        }
    }

    /// The write-once bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Begins a writing transaction, which holds the writers' lock until it ends.
    pub(crate) async fn write(&self) -> Result<Write> {
        let mut tx = self.pool.begin().await.map_err(failed)?;
        sqlx::query("UPDATE meta SET value = value WHERE name = 'writer'")
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        Ok(tx)
    }
}

/// Commits; the rows are durable afterwards.
pub(crate) async fn commit(tx: Write) -> Result<()> {
    tx.commit().await.map_err(failed)
}

/// Microseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The timestamp of a stored value; values that no clock can show are read as 1970.
pub(crate) fn timestamp(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn unusable(url: &str, error: sqlx::Error) -> Error {
    // A password may stand in the URL of a server; only the part before it is shown.
    let shown = url.split('@').next_back().unwrap_or_default().to_owned();
    kinds::STORE_UNUSABLE.with("store", shown).with("cause", &error).because(error)
}

/// SQLite says "disk is full" with result code 13 (SQLITE_FULL).
pub(crate) fn failed(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(e)
            if e.code().as_deref() == Some("13") || e.message().contains("disk is full") =>
        {
            kinds::DISK_FULL.with("path", "store").because(error)
        }
        _ => kinds::STORE_FAILED.with("cause", &error).because(error),
    }
}

/// A record that this version cannot read.
pub(crate) fn unreadable(error: serde_json::Error) -> Error {
    kinds::STORE_FAILED.with("cause", &error).because(error)
}
