//! `report`: the printed list of a batch.

use jiff::Timestamp;
use serde_json::json;

use super::super::args::{Global, Report};
use super::super::console::Console;
use super::super::desk;
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::platform;
use crate::report;
use crate::store::Filter;

pub(in super::super) async fn run(args: Report, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let outage = desk.store.outage(&args.outage).await?;
    let records =
        desk.store.records(&Filter { states: Vec::new(), outage: Some(args.outage.clone()) }).await?;
    let facts = report::Facts {
        outage: &outage,
        records: &records,
        office: &desk.workspace.station.office.name,
        made_at: Timestamp::now(),
        utc_offset_minutes: desk.workspace.profile.utc_offset_minutes,
        lang: console.lang(),
    };
    let bytes = report::batch(&facts)?;
    let path = args.output.display().to_string();
    if global.dry_run {
        console.tell(&Event::new("plan", json!({"action": "report", "files": [path]})));
        return Ok(Exit::Done);
    }
    platform::write_new(&args.output, &bytes)?;
    console.say_id("cli-written", &[("path", &path)]);
    let summary = json!({"command": "report", "outage": args.outage, "documents": records.len(), "file": path,
        "bytes": bytes.len()});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}
