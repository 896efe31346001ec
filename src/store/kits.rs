//! Kits that were printed here: how many sheets they have and which numbers they hand out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::kit::{Block, KitId};

use super::{Store, commit, failed, journal, unreadable};

/// A kit as it was printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kit {
    /// Its number.
    pub id: KitId,
    /// Number of its cover sheets.
    pub sheets: u32,
    /// Blocks of document numbers.
    pub blocks: Vec<Block>,
    /// When.
    pub printed_at: Timestamp,
}

/// Name of a kit's row; rows of `meta` belong to no outage, as a kit in the drawer does not.
fn row(id: &KitId) -> String {
    format!("kit:{id}")
}

impl Store {
    /// Remembers a printed kit.
    ///
    /// # Errors
    /// A store error.
    pub async fn keep_kit(&self, kit: &Kit) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2)")
            .bind(row(&kit.id))
            .bind(serde_json::to_string(kit).map_err(unreadable)?)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        journal::append(self, &mut tx, "kit_printed", None, serde_json::json!(kit)).await?;
        commit(tx).await
    }

    /// All kits that were printed here.
    ///
    /// # Errors
    /// A store error.
    pub async fn kits(&self) -> Result<Vec<Kit>> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT value FROM meta WHERE name LIKE 'kit:%' ORDER BY name")
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        rows.iter().map(|(text,)| serde_json::from_str(text).map_err(unreadable)).collect()
    }

    /// A kit that was printed here; none for one that another workspace printed, or none at all.
    ///
    /// # Errors
    /// A store error.
    pub async fn kit(&self, id: &KitId) -> Result<Option<Kit>> {
        let found: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
            .bind(row(id))
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        found.map(|(text,)| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }
}
