//! The office's catalogue of files (danh mục hồ sơ): code, title, how long a file is kept.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;

use crate::error::Result;

use super::{Store, commit, failed, journal};

/// A file of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Số và ký hiệu hồ sơ.
    pub code: String,
    /// Tiêu đề hồ sơ.
    pub title: String,
    /// Thời hạn bảo quản, as written.
    pub retention: String,
}

impl Store {
    /// Enters files; one that is there already gets the new title and retention, and the journal knows the old ones.
    ///
    /// # Errors
    /// A store error; then none is entered.
    pub async fn keep_files(&self, files: &[FileEntry]) -> Result<()> {
        let mut tx = self.write().await?;
        for file in files {
            sqlx::query(
                "INSERT INTO catalogue (code, title, retention, at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (code) DO UPDATE SET title = excluded.title, retention = excluded.retention, at = excluded.at",
            )
            .bind(&file.code)
            .bind(&file.title)
            .bind(&file.retention)
            .bind(tx.at())
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        }
        journal::append(self, &mut tx, "catalogue_kept", None, json!({ "files": files })).await?;
        commit(tx).await
    }

    /// The catalogue in order of its codes.
    ///
    /// # Errors
    /// A store error.
    pub async fn files(&self) -> Result<Vec<FileEntry>> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT code, title, retention FROM catalogue ORDER BY code")
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let entry = |(code, title, retention)| FileEntry { code, title, retention };
        let mut files: Vec<FileEntry> = rows.into_iter().map(entry).collect();
        files.sort_by_cached_key(|file| crate::register::order::key(&file.code));
        Ok(files)
    }

    /// The codes of the catalogue.
    ///
    /// # Errors
    /// A store error.
    pub async fn file_codes(&self) -> Result<BTreeSet<String>> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT code FROM catalogue").fetch_all(&self.pool).await.map_err(failed)?;
        Ok(rows.into_iter().map(|(code,)| code).collect())
    }
}
