//! `pages`: turned, moved, split, merged, replaced, taken out, and all of it undone.

use serde_json::json;

use super::super::args::{Global, PageAction, Pages as Args};
use super::super::console::Console;
use super::super::desk;
use super::look::tell;
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::pipeline::pages::{self, Action, preview};
use crate::pipeline::sign::document_id;

pub(in super::super) async fn run(args: Args, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let id = document_id(&args.document)?;
    if global.dry_run {
        let line =
            json!({"action": "edit", "document": id.to_string(), "changes": format!("{:?}", args.action)});
        console.tell(&Event::new("plan", line));
        return Ok(Exit::Done);
    }
    let action = match args.action {
        PageAction::Preview { output } => {
            let written = preview::write(&desk, id, &output).await?;
            for path in &written {
                console.result(&path.display().to_string());
            }
            let files: Vec<String> = written.iter().map(|p| p.display().to_string()).collect();
            let summary = json!({"command": "pages preview", "document": id.to_string(), "files": files});
            console.finish(Event::new("summary", summary), Exit::Done);
            return Ok(Exit::Done);
        }
        PageAction::Undo => {
            let records = pages::undo(&desk, id).await?;
            records.iter().for_each(|record| tell(record, console));
            return Ok(Exit::Done);
        }
        PageAction::Rotate { pages, degrees } => Action::Rotate { pages, degrees },
        PageAction::Move { page, to } => Action::Move { page, to },
        PageAction::Split { page } => Action::Split { page },
        PageAction::Merge { other } => Action::Merge { other: document_id(&other)? },
        PageAction::Replace { page, file, from } => Action::Replace { page, file, from },
        PageAction::Drop { pages, reason } => Action::Drop { pages, reason },
    };
    let records = pages::correct(&desk, id, &action).await?;
    records.iter().for_each(|record| tell(record, console));
    Ok(Exit::Done)
}
