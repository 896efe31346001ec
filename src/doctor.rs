//! Is this station fit for the next outage? Every part is tried for real: files read, keys opened, tokens listed, a probe
//! delivered. Each line says what was found and, where something is wrong, what to do.

use jiff::Timestamp;
use serde::Serialize;

use crate::error::{Error, Exit, Result, kinds};
use crate::event::Tally;
use crate::locales::{self, Lang};
use crate::pipeline::Desk;
use crate::sign::PinSource;
use crate::station::Workspace;

mod bundle;
mod clock;
mod keys;
mod memory;
mod routes;
mod tools;

pub use bundle::bundle;

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Works.
    Good,
    /// Works, and will not always.
    Warning,
    /// Does not work.
    Bad,
}

/// One line of the examination.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Which part.
    pub check: &'static str,
    /// How it is.
    pub health: Health,
    /// Stable name of what was found.
    pub code: String,
    /// What was found.
    pub text: String,
    /// What to do; empty where nothing is.
    pub advice: String,
    /// The exit code that it leads to.
    #[serde(skip)]
    exit: Option<Exit>,
}

impl Line {
    /// The same line, failing the examination.
    fn failing(self) -> Self {
        Self { exit: Some(Exit::Key), ..self }
    }
}

/// Writes lines in one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notes {
    lang: Lang,
}

impl Notes {
    /// Sentence `doctor-<code>`, advice as its attribute.
    fn line(self, check: &'static str, health: Health, code: &str, args: &[(&str, String)]) -> Line {
        let id = format!("doctor-{}", code.replace('_', "-"));
        Line {
            check,
            health,
            code: code.to_owned(),
            text: locales::text(self.lang, &id, args),
            advice: locales::attribute(self.lang, &id, "advice", args),
            exit: None,
        }
    }

    fn good(self, check: &'static str, code: &str, args: &[(&str, String)]) -> Line {
        self.line(check, Health::Good, code, args)
    }

    fn warning(self, check: &'static str, code: &str, args: &[(&str, String)]) -> Line {
        self.line(check, Health::Warning, code, args)
    }

    /// A refusal of the program is a bad line with the refusal's own words.
    fn bad(self, check: &'static str, error: &Error) -> Line {
        Line {
            check,
            health: Health::Bad,
            code: error.code().to_owned(),
            text: error.message(self.lang),
            advice: error.advice(self.lang),
            exit: Some(error.kind().exit),
        }
    }

    /// The lines of a check, or its refusal.
    fn lines(self, check: &'static str, found: Result<Vec<Line>>) -> Vec<Line> {
        found.unwrap_or_else(|error| vec![self.bad(check, &error)])
    }
}

/// Examines a station. A part that cannot be examined is a bad line; the others are examined all the same. Keys are opened
/// with their PIN only when `pins` is given.
pub async fn examine(
    workspace: Result<Workspace>,
    pins: Option<&mut dyn PinSource>,
    lang: Lang,
) -> (Vec<Line>, Option<Desk>) {
    let notes = Notes { lang };
    let mut lines = vec![tools::version(notes), tools::font(notes), tools::tesseract(notes)];
    let workspace = match workspace {
        Ok(workspace) => workspace,
        Err(error) => {
            lines.push(notes.bad("workspace", &error));
            return (lines, None);
        }
    };
    lines.extend(tools::station(&workspace, notes));
    lines.extend(notes.lines("disk", tools::disk(&workspace, notes)));
    lines.extend(notes.lines("trust", keys::anchors(&workspace, notes)));
    let mut holders = keys::Holders::default();
    lines.extend(keys::tokens(&workspace, &mut holders, notes));
    lines.extend(keys::keys(&workspace, pins, &mut holders, notes));
    lines.extend(routes::routes(&workspace, &holders, notes));
    let opened = Desk::open(workspace.clone()).await;
    let store = opened.as_ref().ok().map(|desk| &desk.store);
    for destination in &workspace.station.destination {
        lines.push(match crate::upload::trial(store, destination, &workspace.root).await {
            Ok(()) => notes.good("destination", "destination_good", &[("name", destination.name.clone())]),
            Err(error) => notes.bad("destination", &error),
        });
    }
    if workspace.station.destination.is_empty() {
        lines.push(notes.bad("destination", &kinds::DESTINATION_NOT_NAMED.error()));
    }
    let desk = match opened {
        Ok(desk) => desk,
        Err(error) => {
            lines.push(notes.bad("store", &error));
            return (lines, None);
        }
    };
    lines.extend(notes.lines("store", memory::store(&desk, notes).await));
    lines.extend(notes.lines("blobs", memory::bucket(&desk, notes).await));
    lines.extend(notes.lines("proofs", memory::proofs(&desk, notes).await));
    lines.extend(notes.lines("queue", memory::queue(&desk, notes).await));
    lines.extend(notes.lines("journal", memory::journal(&desk, notes).await));
    let mut clocks = vec![memory::last_entry(&desk).await];
    clocks.extend(clock::services(&workspace).await);
    lines.extend(clock::compare(Timestamp::now(), &clocks, notes));
    (lines, Some(desk))
}

/// The exit code of an examination: what is bad fails, a warning does not.
pub fn exit(lines: &[Line]) -> Exit {
    let mut tally = Tally::default();
    for line in lines {
        match line.exit {
            Some(exit) => tally.failures.push(exit),
            None => tally.done += 1,
        }
    }
    tally.exit()
}
