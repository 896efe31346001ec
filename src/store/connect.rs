//! How the records are reached: a file of SQLite on this machine, or a server of PostgreSQL that several machines share.
//! What differs between the two stands here, in [`super::news`] and in the look-up; every other statement is one text.

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor, Row, Transaction};
use zeroize::Zeroizing;

use crate::error::{Clause, Error, Result, kinds};
use crate::platform;

use super::access::Access;
use super::{Store, failed, now};

/// How long a connection waits for another process's write (SQLite).
const BUSY_TIMEOUT_MS: u32 = 15_000;
/// Pages that each connection keeps (SQLite), KB; the operating system keeps the file anyway.
const CACHE_KB: u32 = 512;
/// Connections of one process; SQLite has one writer anyway.
const CONNECTIONS: u32 = 4;
/// How long a free connection, or a new one to a server, is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a server that does not answer at all is waited for at the start.
const FIRST_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that SQLite needs beside the file to open it: its shared memory and the first pages of its log.
const ROOM: u64 = 64 << 10;
/// Scheme of a server.
const POSTGRES: &str = "postgres://";

/// What keeps the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

/// Where the records are.
#[derive(Clone)]
pub struct Place {
    /// `sqlite:FILE` or `postgres://USER@HOST/DATABASE`.
    url: String,
    /// Password of the server's user.
    password: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Place {
    /// A place; the password stands in a file, never in the address.
    pub fn new(url: String, password: Option<Zeroizing<String>>) -> Self {
        Self { url, password }
    }

    /// Whether several machines work on it.
    pub fn is_server(&self) -> bool {
        self.url.starts_with(POSTGRES)
    }

    pub(super) fn engine(&self) -> Engine {
        if self.is_server() { Engine::Postgres } else { Engine::Sqlite }
    }

    /// The address as it may be shown: without the user.
    pub fn shown(&self) -> String {
        self.url.split('@').next_back().unwrap_or_default().to_owned()
    }

    /// The address with what has to be known to connect.
    pub(super) fn target(&self, access: Access) -> Result<Zeroizing<String>> {
        if !self.is_server() {
            let mode = match access {
                Access::Write => "mode=rwc",
                // Pages of a log that nobody could write into the file count as well, and need the files beside it.
                Access::Read if self.has_log() => "mode=ro",
                Access::Read => "mode=ro&immutable=true",
            };
            return Ok(Zeroizing::new(format!("{}?{mode}", self.url)));
        }
        let wrong = |cause: Clause| kinds::STORE_UNUSABLE.with("store", self.shown()).with("cause", cause);
        let mut url =
            url::Url::parse(&self.url).map_err(|e| wrong(Clause::new("why-address").with("technical", e)))?;
        if let Some(password) = &self.password {
            let set = url.set_password(Some(password.as_str()));
            set.map_err(|()| wrong(Clause::new("why-no-host")))?;
        }
        Ok(Zeroizing::new(url.into()))
    }

    /// Opens the connections.
    ///
    /// # Errors
    /// [`kinds::STORE_AWAY`] when a server does not answer, [`kinds::STORE_LOGIN`], [`kinds::STORE_NO_DATABASE`] or
    /// [`kinds::STORE_SERVER`] when it refuses; [`kinds::STORE_UNUSABLE`] for a file.
    pub(super) async fn connect(&self, access: Access) -> Result<AnyPool> {
        sqlx::any::install_default_drivers();
        let target = self.target(access)?;
        let options = AnyConnectOptions::from_str(&target).map_err(|e| self.unusable(e))?;
        let engine = self.engine();
        let _first = self.first(engine, access, &options).await?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(if engine == Engine::Postgres { FIRST_PATIENCE } else { PATIENCE })
            .after_connect(move |connection, _| Box::pin(prepare(engine, access, connection)))
            .connect_with(options)
            .await;
        pool.map_err(|e| self.unusable(e))
    }

    /// A connection that tells at once when the disk is full: the pool goes on trying for as long as it waits for a busy file.
    /// It stays open until the pool is there, because the last one to close a file of SQLite writes it.
    async fn first(
        &self,
        engine: Engine,
        access: Access,
        options: &AnyConnectOptions,
    ) -> Result<Option<AnyConnection>> {
        if engine == Engine::Postgres {
            return Ok(None);
        }
        let open = async {
            let mut connection = AnyConnection::connect_with(options).await?;
            prepare(engine, access, &mut connection).await?;
            Ok(connection)
        };
        match open.await {
            Err(error) if self.is_full() => Err(self.unusable(error)),
            opened => Ok(opened.ok()),
        }
    }

    pub(super) fn unusable(&self, error: sqlx::Error) -> Error {
        if self.is_server() {
            return self.refused(error);
        }
        match self.is_full() {
            true => kinds::DISK_FULL.with("path", self.shown()).because(error),
            false => {
                let cause = Clause::new("why-database").with("technical", &error);
                kinds::STORE_UNUSABLE.with("store", self.shown()).with("cause", cause).because(error)
            }
        }
    }

    /// What a server's refusal means: PostgreSQL's class 28 is the login, 3D000 a database that is not there.
    fn refused(&self, error: sqlx::Error) -> Error {
        let code = match &error {
            sqlx::Error::Database(e) => e.code().unwrap_or_default().into_owned(),
            _ => String::new(),
        };
        let kind = match code.as_str() {
            _ if is_away(&error) => &kinds::STORE_AWAY,
            "3D000" => &kinds::STORE_NO_DATABASE,
            code if code.starts_with("28") => &kinds::STORE_LOGIN,
            _ => &kinds::STORE_SERVER,
        };
        let database = self.url.rsplit('/').next().unwrap_or_default();
        let database = database.split('?').next().unwrap_or_default();
        kind.with("store", self.shown()).with("database", database).with("cause", &error).because(error)
    }

    /// Whether a log with pages lies beside the file (SQLite): a station that was cut off has left it.
    fn has_log(&self) -> bool {
        let log = self.url.strip_prefix("sqlite:").map(|file| format!("{file}-wal"));
        log.and_then(|log| std::fs::metadata(log).ok()).is_some_and(|log| log.len() > 0)
    }

    /// Whether there is no room beside the file: SQLite says then that it cannot open it.
    fn is_full(&self) -> bool {
        let Some(file) = self.url.strip_prefix("sqlite:") else { return false };
        let folder = std::path::Path::new(file).parent();
        folder.and_then(|folder| platform::free_bytes(folder).ok()).is_some_and(|free| free < ROOM)
    }
}

/// Settings of a new connection.
async fn prepare(engine: Engine, access: Access, connection: &mut AnyConnection) -> sqlx::Result<()> {
    if engine == Engine::Sqlite {
        let settings = match access {
            Access::Write => format!(
                "PRAGMA busy_timeout={BUSY_TIMEOUT_MS}; PRAGMA journal_mode=WAL; \
                 PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-{CACHE_KB}"
            ),
            Access::Read => format!("PRAGMA query_only=ON; PRAGMA cache_size=-{CACHE_KB}"),
        };
        connection.execute(sqlx::AssertSqlSafe(settings)).await?;
    }
    Ok(())
}

/// Whether a server could not be reached, is starting or is shutting down (PostgreSQL's classes 08 and 57P).
pub(super) fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(e) => {
            e.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        _ => false,
    }
}

/// A writing transaction, which holds the writers' lock until it ends.
#[derive(Debug)]
pub(crate) struct Write {
    tx: Transaction<'static, Any>,
    at: i64,
}

impl Write {
    /// The time of the transaction, microseconds since 1970 UTC: the server's where several machines share one, because the
    /// clocks of stations differ and leases must not.
    pub fn at(&self) -> i64 {
        self.at
    }
}

impl Deref for Write {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}

/// Commits; the rows are durable afterwards.
pub(crate) async fn commit(write: Write) -> Result<()> {
    write.tx.commit().await.map_err(failed)
}

impl Store {
    /// Begins a writing transaction under the writers' lock.
    ///
    /// # Errors
    /// [`kinds::WORKSPACE_READ_ONLY`]; as [`Store::open`] when the records were moved or brought to another version since.
    pub(crate) async fn write(&self) -> Result<Write> {
        self.begin(&format!("{LOCK} AND {}", ours())).await
    }

    /// Begins a writing transaction in a store of whatever version.
    pub(super) async fn write_any(&self) -> Result<Write> {
        self.begin(LOCK).await
    }

    async fn begin(&self, lock: &str) -> Result<Write> {
        self.check_writable()?;
        let mut tx = self.pool.begin().await.map_err(failed)?;
        let at = match self.engine {
            Engine::Sqlite => {
                let locked = sqlx::query(sqlx::AssertSqlSafe(lock.to_owned())).execute(&mut *tx).await;
                (locked.map_err(failed)?.rows_affected() > 0).then(now)
            }
            // The time is taken when the lock is held.
            Engine::Postgres => self.told(&mut tx, &format!("{lock} RETURNING {SERVER_TIME}")).await?,
        };
        match at {
            Some(at) => Ok(Write { tx, at }),
            None => {
                drop(tx);
                Err(self.not_ours().await)
            }
        }
    }

    /// Begins a transaction that changes one row which nobody else is at, and writes nothing into the journal. On a server
    /// such ones go side by side.
    pub(super) async fn write_apart(&self) -> Result<Write> {
        if self.engine == Engine::Sqlite {
            return self.write().await;
        }
        self.check_writable()?;
        let mut tx = self.pool.begin().await.map_err(failed)?;
        let sql = format!("SELECT {SERVER_TIME} FROM meta WHERE name = 'writer' AND {}", ours());
        match self.told(&mut tx, &sql).await? {
            Some(at) => Ok(Write { tx, at }),
            None => {
                drop(tx);
                Err(self.not_ours().await)
            }
        }
    }

    /// The server's time where a row says so; the difference from this machine's clock is remembered.
    async fn told(&self, tx: &mut Transaction<'static, Any>, sql: &str) -> Result<Option<i64>> {
        let row = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_optional(&mut **tx).await;
        let at: Option<i64> = row.map_err(failed)?.map(|row| row.get(0));
        if let Some(at) = at {
            self.skew.store(at - now(), std::sync::atomic::Ordering::Relaxed);
        }
        Ok(at)
    }

    /// The time that leases and turns go by, microseconds since 1970 UTC.
    pub(crate) fn clock(&self) -> i64 {
        now() + self.skew.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// What keeps a row that another process is just taking out of a choice.
    pub(super) fn skip_locked(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
}

/// The writers' lock.
const LOCK: &str = "UPDATE meta SET value = value WHERE name = 'writer'";
/// Whether the records are still of the version that this program knows, and here.
fn ours() -> String {
    let version = super::SCHEMA_VERSION;
    format!("EXISTS (SELECT 1 FROM meta AS now WHERE now.name = 'version' AND now.value = '{version}')")
}

/// A statement over several rows. Its text is hardly ever the same again, so it is not kept prepared: hundreds of long ones would
/// stay in memory.
pub(super) fn several<'q>(sql: String) -> sqlx::query::Query<'q, Any, sqlx::any::AnyArguments> {
    sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false)
}

/// PostgreSQL's clock at the moment of reading, microseconds since 1970 UTC.
const SERVER_TIME: &str = "CAST(extract(epoch from clock_timestamp()) * 1000000 AS BIGINT)";
