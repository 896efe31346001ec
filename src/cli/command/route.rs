//! `scan --route` and `return`: documents that were written on a computer.

use serde_json::json;

use super::super::args::{BornOptions, Global, Scan, SendBack};
use super::super::console::Console;
use super::super::{desk, ended};
use super::look::tell;
use crate::document::BornRoute;
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::pipeline::sign::document_id;
use crate::pipeline::{born, route};

/// Takes documents in on a route that no outage leads to.
pub(super) async fn scan(args: Scan, route: BornRoute, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let BornOptions { steps, attachments, replaces, .. } = args.born;
    let replaces = replaces.as_deref().map(document_id).transpose()?;
    let (inputs, manifest) = (args.inputs, args.manifest);
    let request = born::Request { inputs, route, manifest, steps, attachments, replaces };
    let plan = born::plan(&desk, &request)?;
    if global.dry_run {
        plan.tell(console);
        return Ok(Exit::Done);
    }
    let tally = born::run(&desk, plan, console).await?;
    Ok(ended("scan", &tally, console))
}

pub(in super::super) async fn send_back(args: SendBack, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let id = document_id(&args.document)?;
    if global.dry_run {
        let line = json!({"action": "return", "document": id.to_string(), "step": args.to});
        console.tell(&Event::new("plan", line));
        return Ok(Exit::Done);
    }
    tell(&route::send_back(&desk, id, &args.to, &args.reason).await?, console);
    Ok(Exit::Done)
}
