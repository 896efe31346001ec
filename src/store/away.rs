//! Whether destinations work, as all processes know it together.

use sqlx::Row;

use crate::error::{Kept, Result};

use super::{Store, Write, commit, failed};

/// The state in which one document goes all the way.
const HALF_OPEN: &str = "half_open";
/// Beginning of the name under which it is noted who tries a destination.
const TURN: &str = "turn:";

/// How a destination stands, in microseconds since 1970 UTC; the meaning of the states is the breaker's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Away {
    /// `closed`, `open`, `half_open`; empty when nothing was ever sent there.
    pub state: String,
    /// When it is tried next, or until when one process does.
    pub until: i64,
    /// Failures in a row.
    pub failures: i64,
    /// Since when it is away.
    pub since: i64,
    /// Good answers in a row since then.
    pub good: i64,
    /// When the first of them came.
    pub good_since: i64,
    /// Why it is away.
    pub reason: Option<Kept>,
}

impl Store {
    /// Remembers whether a destination works, for every process and for `status`.
    ///
    /// # Errors
    /// A store error.
    pub async fn set_breaker(&self, destination: &str, away: &Away) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO breaker (destination, state, until, failures, since, good, good_since, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (destination) DO UPDATE SET \
             state = $2, until = $3, failures = $4, since = $5, good = $6, good_since = $7, reason = $8",
        )
        .bind(destination)
        .bind(&away.state)
        .bind(away.until)
        .bind(away.failures)
        .bind(away.since)
        .bind(away.good)
        .bind(away.good_since)
        .bind(away.reason.as_ref().map(Kept::as_str))
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let holder = (away.state == HALF_OPEN).then_some(self.holder.name.as_str());
        note_turn(&mut tx, destination, holder).await?;
        commit(tx).await
    }

    /// How a destination stands.
    ///
    /// # Errors
    /// A store error.
    pub async fn breaker(&self, destination: &str) -> Result<Away> {
        let row = sqlx::query(
            "SELECT state, until, failures, since, good, good_since, reason FROM breaker WHERE destination = $1",
        )
        .bind(destination)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        Ok(row.map_or_else(Away::default, |row| Away {
            state: row.get(0),
            until: row.get(1),
            failures: row.get(2),
            since: row.get(3),
            good: row.get(4),
            good_since: row.get(5),
            reason: row.get::<Option<String>, _>(6).map(Kept::stored),
        }))
    }

    /// Takes the turn to try a destination: only one process gets it, and only as long as nobody else has written since.
    ///
    /// # Errors
    /// A store error.
    pub async fn take_turn(&self, destination: &str, seen: i64, until: i64) -> Result<bool> {
        let mut tx = self.write().await?;
        let taken = sqlx::query("UPDATE breaker SET until = $1 WHERE destination = $2 AND until = $3")
            .bind(until)
            .bind(destination)
            .bind(seen)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        if taken.rows_affected() == 1 {
            note_turn(&mut tx, destination, Some(&self.holder.name)).await?;
        }
        commit(tx).await?;
        Ok(taken.rows_affected() == 1)
    }
}

/// Remembers which process is just trying a destination.
async fn note_turn(tx: &mut Write, destination: &str, holder: Option<&str>) -> Result<()> {
    let noted = sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
    )
    .bind(format!("{TURN}{destination}"))
    .bind(holder.unwrap_or_default());
    noted.execute(&mut **tx).await.map(|_| ()).map_err(failed)
}

/// What a process was trying that was killed is tried again at once.
pub(super) async fn free_turns(tx: &mut Write, holder: &str) -> Result<()> {
    let at = tx.at();
    sqlx::query(
        "UPDATE breaker SET until = $1 WHERE until > $1 AND state <> 'closed' AND EXISTS \
         (SELECT 1 FROM meta WHERE meta.name = $2 || breaker.destination AND meta.value = $3)",
    )
    .bind(at)
    .bind(TURN)
    .bind(holder)
    .execute(&mut **tx)
    .await
    .map(|_| ())
    .map_err(failed)
}
