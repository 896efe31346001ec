//! `recover`, and its first stages by themselves: `scan`, `build`.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::super::args::{Build, Global, Reading, Recover, Scan, Stack};
use super::super::console::Console;
use super::super::pin::Pin;
use super::super::{confirmed, desk, documents, ended, ended_with, open, render};
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Tally};
use crate::outage::Outage;
use crate::pipeline::intake::watch::{self, Watch};
use crate::pipeline::{self, Desk, Recovery, Selection, build as building, drill, intake, sign};
use crate::sign::Role;
use crate::station::Workspace;
use crate::store::{Filter, HandedOver, Record};

/// Reason of personal signatures that a drill makes by itself.
const DRILL_REASON: &str = "drill";

/// The whole journey.
pub(in super::super) async fn run(args: Recover, global: &Global, console: &Console) -> Result<Exit> {
    let mut desk = match args.drill {
        true => open_drill(&args.outage, console).await?,
        false => desk(global, console).await?,
    };
    read_as(args.reading, &mut desk)?;
    let request = intake::Request {
        inputs: args.inputs.clone(),
        outage: args.outage.clone(),
        manifest: args.manifest.clone(),
        way: way(&args.stack)?,
    };
    let plan = intake::plan(&desk, &request).await?;
    if global.dry_run {
        plan.tell(console);
        return Ok(Exit::Done);
    }
    if !args.drill {
        let question = [("documents", plan.groups.len().to_string()), ("outage", args.outage.clone())];
        let question = question.each_ref().map(|(name, value)| (*name, value.as_str()));
        confirmed(
            &crate::locales::text(console.lang(), "cli-confirm-recover", &question),
            args.yes,
            console,
        )?;
    }
    let skipped = plan.skipped;
    say_skipped(skipped, console);
    let (mut first, mut second) =
        (Pin { file: None, lang: console.lang() }, Pin { file: None, lang: console.lang() });
    let recovery = Recovery {
        intake: plan,
        personal: signing(&args, &desk.workspace, Role::Personal, args.personal_key.as_deref(), &mut first)?,
        organization: signing(
            &args,
            &desk.workspace,
            Role::Organization,
            args.organization_key.as_deref(),
            &mut second,
        )?,
        destination: args.to.clone(),
    };
    console.set_brief(true);
    let tally = pipeline::recover(&desk, recovery, console).await?;
    let records =
        desk.store.records(&Filter { states: Vec::new(), outage: Some(args.outage.clone()) }).await?;
    Ok(summary(&desk, &args, &tally, &records, skipped, console))
}

/// What the command line says about reading goes before the profile.
fn read_as(reading: Reading, desk: &mut Desk) -> Result<()> {
    let rules = desk.workspace.profile.ocr.clone();
    desk.workspace.profile.ocr = reading.applied(rules)?;
    Ok(())
}

/// A drill signs with its own keys; elsewhere a signature is made only with a key that the command names.
fn signing<'a>(
    args: &Recover,
    workspace: &Workspace,
    role: Role,
    key: Option<&str>,
    pins: &'a mut Pin,
) -> Result<Option<sign::Signing<'a>>> {
    let station = &workspace.station.keys;
    let own = match role {
        Role::Personal => station.personal.as_ref(),
        Role::Organization => station.organization.as_ref(),
    };
    // A key of the station is used by itself only where its PIN needs no person.
    let alone = own.is_some_and(|key| key.pin_source.is_some());
    if !args.drill && !alone && key.is_none() {
        return Ok(None);
    }
    let key = key.map(str::parse).transpose()?;
    let unseen = args.drill.then(|| DRILL_REASON.to_owned());
    Ok(Some(sign::Signing { request: sign::Request { role, key, level: None, unseen, resign: None }, pins }))
}

async fn open_drill(reference: &str, console: &Console) -> Result<Desk> {
    let desk = open(drill::open(Path::new("."))?, console).await?;
    if !desk.store.outages().await?.iter().any(|o| o.reference == reference) {
        let outage = Outage {
            reference: reference.to_owned(),
            detected_at: Some(jiff::Timestamp::now()),
            drill: true,
            ..Outage::default()
        };
        match desk.store.open_outage(&outage).await {
            // Another run has opened it since we looked.
            Err(error) if error.code() == kinds::OUTAGE_EXISTS.code => {}
            opened => opened?,
        }
    }
    Ok(desk)
}

/// A table, totals, where things lie, what waits for whom, what to try next.
fn summary(
    desk: &Desk,
    args: &Recover,
    tally: &Tally,
    records: &[Record],
    skipped: usize,
    console: &Console,
) -> Exit {
    let exit = tally.exit();
    let sum = |of: fn(&Record) -> u64| records.iter().map(of).sum::<u64>();
    let (pages, bytes_in, bytes_out) = (sum(|r| r.pages as u64), sum(|r| r.bytes_in), sum(|r| r.bytes_out));
    let signatures = sum(|r| r.signatures.len() as u64);
    console.result(&render::table(records, console.lang()));
    console.say_id(
        "cli-recovered",
        &[
            ("documents", &records.len().to_string()),
            ("pages", &pages.to_string()),
            ("in", &render::kilobytes(bytes_in, console.lang())),
            ("out", &render::kilobytes(bytes_out, console.lang())),
            ("signatures", &signatures.to_string()),
            ("failed", &tally.failures.len().to_string()),
        ],
    );
    if args.drill {
        let folder = Path::new(drill::FOLDER);
        let delivered = folder.join(drill::DELIVERED).display().to_string();
        let workspace = folder.display().to_string();
        console.say_id(
            "cli-drill-next",
            &[("delivered", &delivered), ("workspace", &workspace), ("outage", &args.outage)],
        );
    } else {
        say_waiting(records, console);
    }
    let counts = json!({"command": "recover", "outage": args.outage, "documents": records.len(), "pages": pages,
        "bytes_in": bytes_in, "bytes_out": bytes_out, "signatures": signatures, "waiting": tally.waiting,
        "failed": tally.failures.len(), "skipped": skipped, "workspace": desk.workspace.root.display().to_string(),
        "states": states(records)});
    console.set_brief(false);
    for record in records.iter().filter(|_| console.is_json()) {
        console.tell(&Event::new("document", record));
    }
    console.finish(Event::new("summary", counts), exit);
    exit
}

/// How many documents stand in which state.
pub(super) fn states(records: &[Record]) -> serde_json::Value {
    let mut counts = std::collections::BTreeMap::new();
    for record in records {
        *counts.entry(record.state.as_str()).or_insert(0) += 1;
    }
    json!(counts)
}

/// One line for each of those whom documents wait for, with the command that helps, and one for what was set aside.
pub(super) fn say_waiting(records: &[Record], console: &Console) {
    let (aside, rest): (Vec<&Record>, Vec<&Record>) =
        records.iter().partition(|record| !record.set_aside.is_empty());
    for role in ["clerk", "personal", "organization", "destination"] {
        let count = rest.iter().filter(|r| r.waiting_for.as_deref() == Some(role)).count();
        if count > 0 {
            console.say_id(&format!("cli-waits-{role}"), &[("count", &count.to_string())]);
        }
    }
    let elsewhere: Vec<&HandedOver> = rest.iter().filter_map(|r| r.handed_over.as_ref()).collect();
    if let Some(last) = elsewhere.iter().max_by_key(|handed| &handed.at) {
        let args = [("count", &*elsewhere.len().to_string()), ("day", &*last.day())];
        console.say_id("cli-waits-elsewhere", &args);
    }
    let behind: Vec<&Record> = rest.iter().filter(|r| r.behind.is_some()).copied().collect();
    if !behind.is_empty() {
        let count = behind.len().to_string();
        let named = render::behind(&behind, records);
        console.say_id("cli-waits-behind", &[("count", &*count), ("documents", &*named)]);
    }
    if let Some(first) = aside.first() {
        let count = aside.len().to_string();
        let named = render::aside(aside.iter().flat_map(|record| &record.set_aside));
        let args = [("count", &*count), ("documents", &*named), ("document", &*first.document)];
        console.say_id("cli-set-aside", &args);
    }
}

fn way(stack: &Stack) -> Result<intake::Way> {
    Ok(intake::Way { split: stack.split.parse()?, duplex: stack.duplex, without_back: stack.no_back.clone() })
}

/// Intake alone.
pub(in super::super) async fn scan(args: Scan, global: &Global, console: &Console) -> Result<Exit> {
    if let Some(route) = args.born.route {
        return super::route::scan(args, route, global, console).await;
    }
    // The grammar wants one of both.
    let outage = args.outage.unwrap_or_default();
    let desk = desk(global, console).await?;
    let way = way(&args.stack)?;
    if let Some(folder) = args.watch {
        let patience = args.patience.map_or(watch::PATIENCE, Duration::from_secs);
        let watch = Watch { folder, outage, manifest: args.manifest, way, patience };
        return watching(&desk, &watch, global, console).await;
    }
    let request = intake::Request { inputs: args.inputs, outage, manifest: args.manifest, way };
    let plan = intake::plan(&desk, &request).await?;
    if global.dry_run {
        plan.tell(console);
        return Ok(Exit::Done);
    }
    let skipped = plan.skipped;
    say_skipped(skipped, console);
    let tally = intake::run(&desk, plan, console).await?;
    Ok(ended_with("scan", &tally, &[("skipped", skipped)], console))
}

/// Other files of the folders are left alone and counted.
fn say_skipped(count: usize, console: &Console) {
    if count > 0 {
        console.say_id("cli-skipped", &[("count", &count.to_string())]);
    }
}

/// Intake from a folder until Ctrl-C, which is an orderly end.
async fn watching(desk: &Desk, watch: &Watch, global: &Global, console: &Console) -> Result<Exit> {
    let folder = watch.folder.display().to_string();
    if global.dry_run {
        console.tell(&Event::new("plan", json!({"action": "watch", "files": [folder]})));
        return Ok(Exit::Done);
    }
    console.say_id("cli-watching", &[("path", &folder)]);
    let tally = watch::run(desk, watch, crate::platform::asked_to_stop(), console).await?;
    Ok(ended("scan", &tally, console))
}

/// PDF/A alone.
pub(in super::super) async fn build(args: Build, global: &Global, console: &Console) -> Result<Exit> {
    let mut desk = desk(global, console).await?;
    read_as(args.reading, &mut desk)?;
    let selection = Selection { documents: documents(&args.documents)?, outage: None };
    let plan = building::plan(&desk, &selection).await?;
    if global.dry_run {
        plan.tell(console);
        return Ok(Exit::Done);
    }
    // Who names a document wants to know about this one; of a backlog the counts are enough.
    let named = if args.documents.is_empty() { Vec::new() } else { plan.waiting() };
    let tally = building::run(&desk, plan, console).await?;
    for record in desk.store.records_of(&named).await? {
        let state = render::state(record.state.as_str(), console.lang());
        let why = [state, render::waiting(&record, console.lang())].join(". ");
        console
            .say_id("cli-not-built", &[("document", &record.document), ("why", why.trim_end_matches(". "))]);
        super::look::tell_open(&record, console);
    }
    if tally.waiting > 0 {
        let records = desk.store.records(&Filter::default()).await?;
        say_waiting(&records, console);
    }
    Ok(ended("build", &tally, console))
}
