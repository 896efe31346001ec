//! Word between machines that share a server: who waits for work is woken when there is some (PostgreSQL LISTEN, NOTIFY).

use std::time::Duration;

use sqlx::postgres::PgListener;

use crate::error::Result;

use super::access::Access;
use super::connect::{Engine, Place, Write};
use super::{Store, failed};

/// Channel on which it is said that something waits to be delivered.
const CHANNEL: &str = "scanseal_queue";

/// An ear at the server; without a server, nobody else has anything to say.
#[derive(Debug)]
pub struct News(Option<PgListener>);

impl News {
    /// For who does not wait.
    pub fn none() -> Self {
        Self(None)
    }

    /// Comes back when something new waits, or after `longest`.
    ///
    /// # Errors
    /// A store error.
    pub async fn wait(&mut self, longest: Duration) -> Result<()> {
        match &mut self.0 {
            None => tokio::time::sleep(longest).await,
            Some(listener) => {
                // A connection that was cut off is made again by the listener; what was said meanwhile is found by looking.
                if let Ok(heard) = tokio::time::timeout(longest, listener.try_recv()).await {
                    heard.map_err(failed)?;
                }
            }
        }
        Ok(())
    }
}

impl Store {
    /// Listens for news from other machines.
    ///
    /// # Errors
    /// A store error.
    pub async fn news(&self) -> Result<News> {
        if !self.is_shared() {
            return Ok(News(None));
        }
        let mut listener = PgListener::connect(&self.place.target(Access::Write)?)
            .await
            .map_err(|e| self.place.unusable(e))?;
        listener.listen(CHANNEL).await.map_err(failed)?;
        Ok(News(Some(listener)))
    }

    /// Whether other machines work on the same records.
    pub fn is_shared(&self) -> bool {
        Place::is_server(&self.place)
    }

    /// Says with the commit of a transaction that something waits to be delivered.
    pub(super) async fn say(&self, tx: &mut Write) -> Result<()> {
        if self.engine == Engine::Postgres {
            let sql = format!("NOTIFY {CHANNEL}");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut **tx).await.map_err(failed)?;
        }
        Ok(())
    }
}
