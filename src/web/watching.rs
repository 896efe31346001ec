//! The folder into which a scanner writes, looked after for as long as the program runs or the person wants.

use std::collections::HashMap;
use std::path::PathBuf;

use axum::extract::{Extension, Form, State};
use maud::{Markup, html};

use crate::error::{Error, Result, kinds};
use crate::event::Front;
use crate::pipeline::intake::Way;
use crate::pipeline::intake::watch::{self, Watch};

use super::answer::{self, Answer};
use super::digitize::panel;
use super::words::Words;
use super::work::{self, Kind};
use super::{App, Shared};

/// Longest path, bytes.
const LONGEST: u64 = 4_096;

fn note(app: &App) -> PathBuf {
    app.folder().join("scanner")
}

/// The folder that was watched last.
fn last(app: &App) -> String {
    let known = crate::platform::read_limited(&note(app), LONGEST).unwrap_or_default();
    String::from_utf8_lossy(&known).into_owned()
}

/// The form, and what is going on in the folder.
pub(super) fn form(app: &App, words: Words, outage: &str) -> Markup {
    let running = app.works.running(Kind::Watch).is_some();
    html! {
        @if !running {
            details {
                summary { (words.t("web-watch")) }
                form.row action="/digitize/watch" data-send="1" {
                    input type="hidden" name="outage" value=(outage);
                    p.field {
                        label for="folder" { (words.t("web-watch-folder")) }
                        input #folder name="folder" value=(last(app)) required maxlength="500" autocomplete="off" spellcheck="false" aria-describedby="folder-hint";
                        span.hint #folder-hint { (words.t("web-watch-hint")) }
                    }
                    button type="submit" { (words.t("web-watch-begin")) }
                }
            }
        }
        (panel(words, Kind::Watch))
    }
}

/// Begins to watch.
pub(super) async fn begin(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let text = |name: &str| form.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let folder = whole(&text("folder"))?;
    app.desk.store.outage(&text("outage")).await?.accepts_intake()?;
    super::session::replace_private(&note(&app), folder.display().to_string().as_bytes())?;
    let watched = Watch {
        folder,
        outage: text("outage"),
        manifest: None,
        way: Way::default(),
        patience: watch::PATIENCE,
    };
    work::begin(&app, Kind::Watch, words, async move |app, work| {
        watch::run(&app.desk, &watched, work.asked_to_stop(), work.as_ref()).await
    })?;
    Ok(answer::again())
}

/// An existing folder by its whole path.
fn whole(text: &str) -> Result<PathBuf> {
    let path = PathBuf::from(text);
    if !path.is_absolute() {
        return Err(kinds::FILE_MISSING.with("path", text));
    }
    match path.is_dir() {
        true => path.canonicalize().map_err(|e| Error::io(&path, e)),
        false => Err(kinds::FILE_MISSING.with("path", text)),
    }
}
