//! `store`: where records and bytes are kept.

use serde_json::json;

use super::super::args::{Global, MoveStore};
use super::super::console::Console;
use super::super::desk;
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::locales;
use crate::pipeline::relocate;

pub(in super::super) async fn run(args: MoveStore, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let request = relocate::Request { store: args.target, password_file: args.password_file };
    if global.dry_run {
        let plan = relocate::plan(&desk, &request).await?;
        console.tell(&Event::new("plan", json!({"action": "move_store", "store": plan})));
        return Ok(Exit::Done);
    }
    let moved = relocate::run(&desk, &request).await?;
    let (rows, blobs) = (moved.rows.to_string(), moved.blobs.to_string());
    let words = [("store", moved.store.as_str()), ("rows", &rows), ("blobs", &blobs)];
    console.result(&locales::text(console.lang(), "cli-store-moved", &words));
    let line =
        json!({"command": "store move", "store": moved.store, "rows": moved.rows, "blobs": moved.blobs});
    console.tell(&Event::new("summary", line));
    Ok(Exit::Done)
}
