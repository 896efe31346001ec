//! The office's memory: records in SQL (SQLite or PostgreSQL, one text for both), bytes as write-once blobs, and a journal
//! that cannot be changed unnoticed. A row never grants a stage of the journey; bytes are checked again when taken up.
//!
//! Every writing transaction begins with the same `UPDATE` of one row. It takes the write lock at once on SQLite (no
//! upgrade from a read that could fail as busy) and orders writers on PostgreSQL, so that the journal is one chain.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use jiff::Timestamp;
use sqlx::AnyPool;

use crate::error::{Clause, Error, Result, kinds};
use crate::platform;
use crate::profile::Form;

mod access;
mod again;
mod align;
mod away;
mod blobs;
mod born;
mod catalogue;
mod claims;
mod connect;
mod corrections;
mod deliveries;
mod documents;
mod extend;
mod handover;
mod holder;
pub mod journal;
mod kits;
mod mounts;
mod news;
mod outages;
mod places;
mod queue;
mod rare;
mod read;
mod reconcile;
mod record;
mod records;
mod register;
mod search;
mod speeds;
mod stacks;
mod steps;
#[cfg(test)]
mod tests;
mod transfer;

use access::Access;
use connect::Engine;
use holder::Holder;

pub use align::Unnamed;
pub use away::Away;
pub use blobs::Blobs;
pub use catalogue::FileEntry;
pub use connect::Place;
pub(crate) use connect::{Write, commit};
pub use corrections::{Before, Correction, Snapshot, Undoable};
pub use deliveries::Delivery;
pub use documents::{Filter, Inserted, Stored};
pub use handover::HandedOver;
pub use kits::Kit;
pub use news::News;
pub use queue::{DestinationState, Failed, Job};
pub use read::Read;
pub use reconcile::Reconciliation;
pub use record::{Aside, Record, Revision, SignatureRow, State};
pub use search::{Found, Search};
pub use steps::{Advance, NewRevision, Step};

/// Version of the schema; a store of another version is refused, never guessed at.
const SCHEMA_VERSION: &str = "5";
/// How a store of an earlier version becomes one of the next: from which, and the statements. They are never changed afterwards.
const MIGRATIONS: [(&str, &str); 4] = [
    ("1", include_str!("migrations/2.sql")),
    ("2", include_str!("migrations/3.sql")),
    ("3", include_str!("migrations/4.sql")),
    ("4", include_str!("migrations/5.sql")),
];
/// The last version whose look-up had other words or another index over them, or none.
const BEFORE_WORDS_SQLITE: &str = "4";
const BEFORE_WORDS_POSTGRES: &str = "3";
/// Beginning of the version of a store whose records were moved; behind it stands where to.
const MOVED: &str = "moved:";
/// Folder of the workspace with human-named copies of sealed documents; never the truth.
pub const OUT: &str = "out";
/// Folder of the workspace with one locked file a process.
const LEASES: &str = "leases";
/// Number under which PostgreSQL keeps all but one process from making the tables.
const MAKING: i64 = 0x7363_616e;

/// Records, blobs and journal of one workspace.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    blobs: Blobs,
    setting: Setting,
    holder: Holder,
    engine: Engine,
    place: Arc<Place>,
    /// Microseconds by which the server's clock is ahead of this machine's, as last read.
    skew: Arc<AtomicI64>,
    /// How often words are in the look-up of a server.
    counted: rare::Counted,
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

impl Store {
    /// Opens the store, and makes it when it is new.
    ///
    /// # Errors
    /// [`kinds::STORE_UNUSABLE`] when it is damaged or not ours, [`kinds::STORE_AWAY`] when a server does not answer,
    /// [`kinds::STORE_VERSION`] when it is of another version.
    /// [`kinds::WORKSPACE_READ_ONLY`] when nothing can be written there.
    pub async fn open(place: Place, blobs: Blobs, setting: Setting) -> Result<Self> {
        let holder = Holder::enter(&setting.root.join(LEASES)).map_err(|e| access::refused(&setting, e))?;
        platform::mark_temporary_files(&holder.name);
        let pool = place.connect(Access::Write).await?;
        let store = Self::on(pool, place, blobs, setting, holder);
        store.prepare().await?;
        store.free_leases_of_the_dead().await?;
        Ok(store)
    }

    fn on(pool: AnyPool, place: Place, blobs: Blobs, setting: Setting, holder: Holder) -> Self {
        let (engine, skew) = (place.engine(), Arc::new(AtomicI64::new(0)));
        let place = Arc::new(place);
        Self { pool, blobs, holder, setting, engine, place, skew, counted: Arc::default() }
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
            away::free_turns(&mut tx, &name).await?;
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

    /// Makes the tables of a new store; brings an old one up step by step.
    async fn prepare(&self) -> Result<()> {
        match self.version().await {
            Ok(version) if version == SCHEMA_VERSION => return Ok(()),
            Ok(_) => {}
            Err(_) => self.make().await?,
        }
        self.migrate().await
    }

    /// All tables in one transaction; where several machines begin at once, the first makes them.
    async fn make(&self) -> Result<()> {
        let mut tx = self.pool.begin().await.map_err(|e| self.place.unusable(e))?;
        let mut statements: Vec<String> =
            include_str!("schema.sql").split("\n;\n").map(str::to_owned).collect();
        if self.engine == Engine::Postgres {
            let wait = format!("SELECT CAST(pg_advisory_xact_lock({MAKING}) AS TEXT)");
            let waited = sqlx::query(sqlx::AssertSqlSafe(wait)).execute(&mut *tx).await;
            waited.map_err(|e| self.place.unusable(e))?;
            // Made by another one meanwhile, which may be writing already: statements about tables would lock it out, and it them.
            let there = sqlx::query_as("SELECT CAST(to_regclass('meta') AS TEXT)").fetch_one(&mut *tx).await;
            let there: (Option<String>,) = there.map_err(|e| self.place.unusable(e))?;
            if there.0.is_some() {
                return Ok(());
            }
        }
        let first = "INSERT INTO meta (name, value) VALUES";
        statements.push(format!("{first} ('version', '{SCHEMA_VERSION}') ON CONFLICT (name) DO NOTHING"));
        statements.push(format!("{first} ('writer', '0') ON CONFLICT (name) DO NOTHING"));
        for statement in statements {
            let made = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await;
            made.map_err(|e| self.place.unusable(e))?;
        }
        search::prepare(&mut tx).await?;
        tx.commit().await.map_err(|e| self.place.unusable(e))
    }

    /// Brings a store of an earlier version up, a version a transaction; one of a later version is refused.
    async fn migrate(&self) -> Result<()> {
        loop {
            let found = self.version().await?;
            if found == SCHEMA_VERSION {
                return Ok(());
            }
            let Some((_, statements)) = MIGRATIONS.iter().find(|(from, _)| *from == found) else {
                return Err(self.not_ours().await);
            };
            let mut tx = self.write_any().await?;
            // Another process may have done it while this one waited for the lock.
            let now: (String,) = sqlx::query_as("SELECT value FROM meta WHERE name = 'version'")
                .fetch_one(&mut *tx)
                .await
                .map_err(failed)?;
            if now.0 == found {
                for statement in statements.split("\n;\n") {
                    sqlx::query(statement).execute(&mut *tx).await.map_err(|e| self.place.unusable(e))?;
                }
                let last = match self.engine {
                    Engine::Sqlite => BEFORE_WORDS_SQLITE,
                    Engine::Postgres => BEFORE_WORDS_POSTGRES,
                };
                if found == last {
                    search::fill(&mut tx).await?;
                }
            }
            commit(tx).await?;
        }
    }

    /// Why a store that is not of our version cannot be used.
    pub(super) async fn not_ours(&self) -> Error {
        match self.version().await {
            Ok(found) => match found.strip_prefix(MOVED) {
                Some(place) => kinds::STORE_MOVED.with("store", place),
                None => kinds::STORE_VERSION.with("found", found).with("known", SCHEMA_VERSION),
            },
            Err(error) => error,
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
                let fault = found.map(|(fault,)| fault.as_str()).unwrap_or_default();
                let cause = Clause::new("why-database").with("technical", fault);
                Err(kinds::STORE_UNUSABLE.with("store", "sqlite").with("cause", cause))
            }
        }
    }

    /// Who writes.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The write-once bytes.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }
}

/// Microseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The timestamp of a stored value; values that no clock can show are read as 1970.
pub(crate) fn timestamp(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// SQLite says "disk is full" with result code 13 (SQLITE_FULL).
pub(crate) fn failed(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(e)
            if e.code().as_deref() == Some("13") || e.message().contains("disk is full") =>
        {
            kinds::DISK_FULL.with("path", "store").because(error)
        }
        // SQLITE_BUSY and its extended codes, after as long as is waited for it.
        sqlx::Error::Database(e) if e.message().contains("database is locked") => {
            kinds::STORE_BUSY.error().because(error)
        }
        _ if connect::is_away(&error) => kinds::STORE_AWAY.with("store", "").because(error),
        _ => kinds::STORE_FAILED
            .with("cause", Clause::new("why-database").with("technical", &error))
            .because(error),
    }
}

/// A record that this version cannot read.
pub(crate) fn unreadable(error: serde_json::Error) -> Error {
    kinds::STORE_FAILED.with("cause", Clause::technical(&error)).because(error)
}
