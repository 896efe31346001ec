//! `serve`: the pages for those who open no terminal.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::super::args::{Global, Serve};
use super::super::console::Console;
use super::super::{desk, open};
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::pipeline::drill;
use crate::web;

pub(in super::super) async fn run(args: Serve, global: &Global, console: &Console) -> Result<Exit> {
    let desk = match args.drill {
        true => open(drill::open(Path::new("."))?, console).await?,
        false => desk(global, console).await?,
    };
    if global.dry_run {
        let root = desk.workspace.root.display().to_string();
        console.tell(&Event::new("plan", json!({"action": "serve", "files": [root]})));
        return Ok(Exit::Done);
    }
    let request = web::Request {
        port: args.port,
        lang: console.lang(),
        idle: Duration::from_secs(60 * args.lock_after),
    };
    web::run(desk, request, console).await?;
    Ok(Exit::Done)
}
