//! `export --for` and `import`: documents that are signed or delivered on another machine.

use serde_json::json;

use super::super::args::{Export, Global, Import};
use super::super::console::Console;
use super::super::{desk, documents, ended};
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::handover;
use crate::pipeline::{Selection, anchors, handover as pipeline};

pub(in super::super) async fn export(args: Export, global: &Global, console: &Console) -> Result<Exit> {
    if let Some(document) = &args.evidence {
        return super::evidence::export(document, &args.output, global, console).await;
    }
    let desk = desk(global, console).await?;
    // The grammar wants one of both.
    let Some(purpose) = args.purpose else { return Err(kinds::NOTHING_TO_DO.error()) };
    let selection = Selection { documents: documents(&args.documents)?, outage: None };
    let planned = pipeline::plan(&desk, &selection, purpose).await?;
    pipeline::tell_again(&desk, &planned, console).await?;
    let path = args.output.display().to_string();
    if global.dry_run {
        for stored in &planned {
            let line = json!({"action": "export", "role": purpose, "document": stored.id.to_string(),
                "number": stored.document.number(), "subject": stored.document.fields.subject});
            console.tell(&Event::new("plan", line));
        }
        return Ok(Exit::Done);
    }
    let exported = pipeline::export(&desk, planned, purpose, &args.output).await?;
    let fingerprint = anchors::grouped(&exported.fingerprint);
    let count = exported.documents.len().to_string();
    let words = [("count", count.as_str()), ("path", &path), ("fingerprint", &fingerprint)];
    console.say_id("cli-exported", &words);
    let numbers: Vec<String> = exported.documents.iter().map(ToString::to_string).collect();
    let summary = json!({"command": "export", "for": purpose, "file": path, "documents": numbers,
        "fingerprint": exported.fingerprint});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

pub(in super::super) async fn import(args: Import, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    if global.dry_run {
        for item in handover::open(&args.file)?.list.documents {
            let line = json!({"action": "import", "origin": item.origin, "state": item.state,
                "number": item.document.number(), "subject": item.document.fields.subject});
            console.tell(&Event::new("plan", line));
        }
        return Ok(Exit::Done);
    }
    let tally = pipeline::import(&desk, &args.file, args.from.as_deref(), console).await?;
    Ok(ended("import", &tally, console))
}
