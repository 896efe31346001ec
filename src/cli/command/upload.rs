//! `upload` and `status`: the queue.

use jiff::Timestamp;
use serde_json::json;

use super::super::args::{Global, Upload};
use super::super::console::Console;
use super::super::{desk, desk_to_read, ended};
use super::recover::{say_waiting, states};
use crate::error::{Exit, Kept, Result, kinds};
use crate::event::{Event, Front};
use crate::locales;
use crate::pipeline::wording::moment;
use crate::pipeline::{longterm, send};
use crate::station::Workspace;
use crate::store::{DestinationState, Filter, Record};

pub(in super::super) async fn run(args: Upload, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let by_hand = !args.watch;
    let request = send::Request { destination: args.to, watch: args.watch, outage: None, by_hand };
    if global.dry_run {
        send::tell_plan(&desk, &request, console).await?;
        return Ok(Exit::Done);
    }
    let tally = send::run(&desk, &request, console).await?;
    Ok(ended("upload", &tally, console))
}

pub(in super::super) async fn status(global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk_to_read(global, console).await?;
    let destinations = desk.store.destinations(&desk.workspace.station.destination).await?;
    let unnamed = desk.store.unnamed(&desk.workspace.station.destination).await?;
    let records = desk.store.records(&Filter::default()).await?;
    let offset = desk.workspace.profile.utc_offset_minutes;
    for destination in &destinations {
        console.result(&line(destination, offset, console));
    }
    for unnamed in &unnamed {
        let counts = [
            ("name", unnamed.name.clone()),
            ("count", unnamed.documents.to_string()),
            ("open", unnamed.open.to_string()),
        ];
        console.result(&locales::text(console.lang(), "cli-destination-unnamed", &counts));
    }
    if !console.is_json() {
        if records.is_empty() {
            console.result(&locales::plain(console.lang(), "cli-status-nothing"));
        }
        for (state, count) in states(&records).as_object().into_iter().flatten() {
            console.result(&format!("{}: {count}", super::super::render::state(state, console.lang())));
        }
        say_waiting(&records, console);
        say_proofs(&records, &desk.workspace, console);
    }
    let (owed, ending) = (owing(&records, &desk.workspace), ending(&records));
    let first = ending.iter().min().map(Timestamp::to_string);
    let summary = json!({"command": "status", "destinations": destinations, "unnamed": unnamed,
        "set_aside": records.iter().flat_map(|record| &record.set_aside).collect::<Vec<_>>(), "documents": states(&records),
        "owed": owed, "archive": {"ending": ending.len(), "first": first}});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// How many documents owe a proof that is wanted here.
fn owing(records: &[Record], workspace: &Workspace) -> usize {
    records.iter().filter(|record| longterm::is_owing(workspace, record)).count()
}

/// Ends of proofs that have to be renewed soon.
fn ending(records: &[Record]) -> Vec<Timestamp> {
    let soon = Timestamp::now().saturating_add(longterm::RENEWAL).unwrap_or(Timestamp::MAX);
    let archived = records.iter().filter(|record| record.levels().any(|level| level == Some("B-LTA")));
    archived.filter_map(Record::stands_until).filter(|end| *end < soon).collect()
}

fn say_proofs(records: &[Record], workspace: &Workspace, console: &Console) {
    let (owed, ending) = (owing(records, workspace), ending(records));
    let (offset, served) = (workspace.profile.utc_offset_minutes, !workspace.station.timestamp.is_empty());
    if owed > 0 {
        let id = if served { "cli-proofs-owed" } else { "cli-proofs-no-service" };
        console.say_id(id, &[("count", &owed.to_string())]);
    }
    if let Some(first) = ending.iter().min() {
        let args = [("count", ending.len().to_string()), ("first", moment(*first, offset))];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        console.say_id("cli-proofs-ending", &args);
    }
}

fn line(destination: &DestinationState, offset: i32, console: &Console) -> String {
    let lang = console.lang();
    let unknown = || kinds::DESTINATION_AWAY.with("destination", &destination.name).with("cause", "–");
    let reason = destination.reason.as_ref().map_or_else(unknown, Kept::error);
    let counts = [
        ("name", destination.name.clone()),
        // What a system has taken down and is not done with waits as well.
        ("queued", (destination.queued + destination.sent).to_string()),
        ("delivered", destination.delivered.to_string()),
        ("dead", destination.dead.to_string()),
        ("until", destination.until.map(|at| moment(at, offset)).unwrap_or_default()),
        ("reason", reason.message(lang)),
        ("advice", reason.advice(lang)),
    ];
    let id = match destination.state.as_str() {
        "closed" => "cli-destination-works",
        "blocked" => "cli-destination-blocked",
        _ => "cli-destination-away",
    };
    locales::text(lang, id, &counts)
}
