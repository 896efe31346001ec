//! What is sealed is sent without being asked, unless a person has paused it; a destination that is away is waited for. What
//! was confirmed is built.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::pipeline::send;

use super::words::Words;
use super::work::{self, Kind};
use super::{App, Shared};

/// Time between two looks whether there is something to send; another process may have sealed it.
const GLANCE: Duration = Duration::from_secs(5);

fn mark(app: &App) -> PathBuf {
    app.folder().join("paused")
}

/// Whether a person has paused the delivery. It stays so over a restart.
pub(super) fn is_paused(app: &App) -> bool {
    mark(app).exists()
}

/// Pauses the delivery; what is on its way arrives or is found by the next run.
///
/// # Errors
/// A disk error.
pub(super) fn pause(app: &App) -> Result<()> {
    super::session::replace_private(&mark(app), b"")?;
    if let Some(running) = app.works.running(Kind::Send) {
        running.stop();
    }
    Ok(())
}

/// Goes on.
///
/// # Errors
/// A disk error.
pub(super) fn resume(app: &App) -> Result<()> {
    match std::fs::remove_file(mark(app)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&mark(app), e)),
        _ => {
            app.to_send.notify_one();
            Ok(())
        }
    }
}

/// Looks after the queue as long as the program runs.
pub(super) async fn watch(app: Shared) {
    loop {
        tokio::select! {
            () = app.to_send.notified() => {}
            () = tokio::time::sleep(GLANCE) => {}
        }
        let lang = app.lang.lock().map(|lang| *lang).unwrap_or_default();
        let words = Words { lang, offset: app.desk.workspace.profile.utc_offset_minutes };
        // What was confirmed in the moment in which a build ended.
        if app.to_build.lock().is_ok_and(|ids| !ids.is_empty()) {
            let _ = super::digitize::build_later(&app, words, Vec::new());
        }
        let wanted = !is_paused(&app) && !super::home::is_running(&app, Kind::Send);
        if wanted && has_work(&app).await.unwrap_or(false) {
            // Another one may have begun in this moment, which is as good.
            let _ = begin(&app, words);
        }
    }
}

/// Whether anything is sealed and not queued, or queued and not there.
async fn has_work(app: &App) -> Result<bool> {
    let destinations = &app.desk.workspace.station.destination;
    if destinations.is_empty() {
        return Ok(false);
    }
    for destination in destinations {
        if app.desk.store.has_open_jobs(&destination.name).await? {
            return Ok(true);
        }
    }
    let board = app.board().await?;
    Ok(board.count(|row| row.state == crate::store::State::Sealed && row.holds == 0) > 0)
}

/// Sends now.
///
/// # Errors
/// [`crate::error::kinds::WEB_BUSY`] while it is sent already.
pub(super) fn begin(app: &Shared, words: Words) -> Result<()> {
    work::begin(app, Kind::Send, words, async |app, work| {
        let request = send::Request { watch: true, ..send::Request::default() };
        work::apart(&app, &work, async |desk| send::run(desk, &request, work.as_ref()).await).await
    })
    .map(|_| ())
}
