//! How long a key took for a signature the last time, for the estimate of the next plan. A convenience, not a record.

use std::time::Duration;

use crate::error::Result;

use super::{Store, failed};

/// Beginning of the names of these values; the rest is the key's address.
const PREFIX: &str = "speed:";

impl Store {
    /// Time of one signature of a key when it was last measured here.
    ///
    /// # Errors
    /// A store error.
    pub async fn speed(&self, key: &str) -> Result<Option<Duration>> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
            .bind(format!("{PREFIX}{key}"))
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        Ok(row.and_then(|(value,)| value.parse().ok()).map(Duration::from_micros))
    }

    /// Keeps the time of one signature of a key.
    ///
    /// # Errors
    /// A store error.
    pub async fn set_speed(&self, key: &str, each: Duration) -> Result<()> {
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
        )
        .bind(format!("{PREFIX}{key}"))
        .bind(each.as_micros().to_string())
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(failed)
    }
}
