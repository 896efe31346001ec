//! Live progress: one stream of server-sent events (HTML Living Standard 9.2) a page, each event all that has changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;

use super::answer::{self, Answer};
use super::{Shared, body, work};

/// Changes within this time are one event.
const BREATH: Duration = Duration::from_millis(120);

/// The stream. It ends with the program, so that an orderly end waits for nobody's page.
pub(super) async fn stream(State(app): State<Shared>) -> Response {
    let changes = app.works.changes();
    let ending = app.ending.clone();
    let first = (app, changes, ending, 0u64, true);
    let events = stream::unfold(first, async |(app, mut changes, mut ending, known, first)| {
        if !first {
            let mut end = ending.clone();
            tokio::select! {
                changed = changes.changed() => changed.ok()?,
                _ = end.wait_for(|ending| *ending) => return None,
            }
            tokio::time::sleep(BREATH).await;
        }
        if *ending.borrow_and_update() {
            return None;
        }
        changes.borrow_and_update();
        // Lines that come between these two are told twice rather than never.
        let last = app.works.last_line();
        let data = json!({"works": app.works.snapshots(known)}).to_string();
        let event = Ok::<_, Infallible>(Event::default().data(data));
        Some((event, (app, changes, ending, last, false)))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

/// The PIN that a work waits for.
pub(super) async fn pin(State(app): State<Shared>, Path(id): Path<u64>, body: Body) -> Answer {
    let pin = body::pin(body).await?;
    let work = work::find(&app, id)?;
    match work.question() {
        Some(question) => {
            question.answer(pin);
            Ok(answer::json(&json!({"taken": true})))
        }
        None => Err(crate::error::kinds::WEB_WORK_OVER.error().into()),
    }
}

/// A work shall end.
pub(super) async fn stop(State(app): State<Shared>, Path(id): Path<u64>) -> Answer {
    work::find(&app, id)?.stop();
    Ok(answer::json(&json!({"taken": true})))
}
