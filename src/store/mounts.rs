//! How many mounted file systems lay between the root of this machine and a folder that took documents. A number that stays the same
//! over restarts, which the number of a device does not.

use std::path::Path;

use crate::document::Sha256;
use crate::error::Result;

use super::{Store, failed};

/// Beginning of the names of these values; the rest is a digest over station, destination and folder.
const PREFIX: &str = "mounts:";

impl Store {
    /// The largest number that was ever seen for the folder of a destination on this machine.
    ///
    /// # Errors
    /// A store error.
    pub async fn mounts(&self, destination: &str, folder: &Path) -> Result<usize> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
            .bind(self.mounts_row(destination, folder))
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        Ok(row.and_then(|(value,)| value.parse().ok()).unwrap_or(0))
    }

    /// Keeps a larger number, once a document has arrived there.
    ///
    /// # Errors
    /// A store error.
    pub async fn keep_mounts(&self, destination: &str, folder: &Path, mounts: usize) -> Result<()> {
        if mounts <= self.mounts(destination, folder).await? {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
        )
        .bind(self.mounts_row(destination, folder))
        .bind(mounts.to_string())
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(failed)
    }

    fn mounts_row(&self, destination: &str, folder: &Path) -> String {
        let whose = [&self.place(), destination, &folder.display().to_string()].join("\n");
        format!("{PREFIX}{}", Sha256::of(whose.as_bytes()))
    }
}
