//! `reconcile`: numbers on paper against numbers in the system.

use serde_json::json;

use super::super::args::{Global, Reconcile};
use super::super::console::Console;
use super::super::{desk, render};
use super::find::aligned;
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::locales;
use crate::outage::OutageState;
use crate::pipeline::reconcile::{self, Reconciled, Settle};
use crate::platform;
use crate::reconcile::{Class, sentence};
use crate::register::sheet::MAX_BYTES;

/// Most rows of the export that are named.
const MAX_NAMED: usize = 20;

pub(in super::super) async fn run(args: Reconcile, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let export = args.system.as_deref().map(|path| platform::read_limited(path, MAX_BYTES)).transpose()?;
    if !args.settle.is_empty() {
        let found = reconcile::look(&desk, &args.outage, export.as_deref()).await?;
        let reason = args.reason.clone().unwrap_or_default();
        let settle = Settle { lines: args.settle.clone(), reason, by: args.by.clone() };
        if !global.dry_run {
            reconcile::settle(&desk, &found, &settle).await?;
        }
    }
    let found = match global.dry_run {
        true => reconcile::look(&desk, &args.outage, export.as_deref()).await?,
        false => reconcile::run(&desk, &args.outage, export.as_deref()).await?,
    };
    tell(&found, args.all, console);
    let open = found.open();
    let exit = if open == 0 { Exit::Done } else { Exit::SomeFailed };
    let summary = json!({"command": "reconcile", "outage": found.outage.reference, "state": found.outage.state,
        "counts": found.counts(), "open": open, "system": found.system, "system_rows": found.system_rows,
        "system_unmatched": found.strangers});
    console.finish(Event::new("summary", summary), exit);
    Ok(exit)
}

fn tell(found: &Reconciled, all: bool, console: &Console) {
    if console.is_json() {
        for line in &found.lines {
            let text = sentence(line, console.lang());
            console.tell(&Event::new("line", line).with("text", text));
        }
        return;
    }
    let shown = found.lines.iter().filter(|line| all || line.class.needs_reason());
    let rows: Vec<Vec<String>> = shown
        .map(|line| {
            let mark = if line.open { "✗" } else { "✓" };
            let settled = line.settled.as_ref().map(|s| format!("  ({}: {})", s.by, s.reason));
            let text = sentence(line, console.lang()) + &settled.unwrap_or_default();
            vec![mark.to_owned(), line.line.clone(), text]
        })
        .collect();
    if !rows.is_empty() {
        console.result(&render::shown_lines(&aligned(&rows)));
    }
    counts(found, console);
}

/// Rows of the export that were not asked for, and an export without rows.
fn strangers(found: &Reconciled, console: &Console) {
    if found.system.is_some() && found.system_rows == 0 {
        console.say_id("reconcile-system-empty", &[]);
    }
    let strangers = &found.strangers;
    if strangers.count > 0 {
        console.say_id("reconcile-strangers", &[("count", &strangers.count.to_string())]);
    }
    if !strangers.near.is_empty() {
        let row = |(line, number, day): &(u64, String, String)| {
            let args = [("line", line.to_string()), ("number", number.clone()), ("day", day.clone())];
            locales::text(
                console.lang(),
                "reconcile-stranger",
                &args.each_ref().map(|(n, v)| (*n, v.as_str())),
            )
        };
        let named: Vec<String> = strangers.near.iter().take(MAX_NAMED).map(row).collect();
        let more = if strangers.near.len() > MAX_NAMED { " …" } else { "" };
        let count = strangers.near.len().to_string();
        console
            .say_id("reconcile-strangers-near", &[("count", &count), ("rows", &(named.join("; ") + more))]);
    }
}

fn counts(found: &Reconciled, console: &Console) {
    let lang = console.lang();
    let counts = Class::ALL.iter().filter(|class| found.count(**class) > 0).map(|class| {
        let name = locales::plain(lang, &format!("reconcile-class-{}", class.as_str().replace('_', "-")));
        format!("{name}: {}", found.count(*class))
    });
    console.say(&counts.collect::<Vec<_>>().join(" · "));
    strangers(found, console);
    if found.system.is_none() {
        console.say_id("reconcile-without-system", &[]);
    }
    let (open, reference) = (found.open().to_string(), found.outage.reference.as_str());
    match (found.open(), found.outage.state) {
        (0, OutageState::Reconciled) => console.say_id("reconcile-done", &[("reference", reference)]),
        (0, _) => console.say_id("reconcile-none-open", &[("reference", reference)]),
        _ => console.say_id("reconcile-open", &[("count", &open), ("reference", reference)]),
    }
}
