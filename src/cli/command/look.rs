//! `list`, `show`, `edit`, `attest`: a person looks, corrects and attests.

use serde_json::json;

use super::super::args::{Attest, Edit, Global, List, Show};
use super::super::console::Console;
use super::super::{desk, desk_to_read, documents, ended, render, tell_failure};
use super::show;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::pipeline::born;
use crate::pipeline::correct::{self, Change};
use crate::pipeline::propose;
use crate::pipeline::sign::document_id;
use crate::store::{Filter, Record, State};

/// What `edit` takes proposals over by.
const ACCEPT_PROPOSALS: &str = "accept-proposals";

pub(in super::super) async fn list(args: List, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk_to_read(global, console).await?;
    let state =
        args.state.as_deref().map(|s| s.parse::<State>().map_err(|()| kinds::BAD_STATE.with("state", s)));
    let filter = Filter { states: state.transpose()?.into_iter().collect(), outage: args.outage };
    if let Some(role) = &args.waiting_for {
        born::known_step(&desk.workspace.profile, role)?;
    }
    let mut records = desk.store.records(&filter).await?;
    if let Some(role) = &args.waiting_for {
        records.retain(|r| r.waiting_for.as_ref() == Some(role) || r.step.as_ref() == Some(role));
    }
    for record in &records {
        if console.is_json() {
            console.tell(&Event::new("document", record));
        }
    }
    if records.is_empty() {
        console.say_id("cli-none", &[]);
    } else {
        console.result(&render::table(&records, console.lang()));
    }
    Ok(Exit::Done)
}

pub(in super::super) async fn show(args: Show, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk_to_read(global, console).await?;
    for id in documents(&args.documents)? {
        if args.seen && !global.dry_run {
            correct::see(&desk, id).await?;
            console.say_id("cli-seen", &[("document", &id.to_string())]);
        }
        let record = desk.store.record(id).await?;
        match console.is_json() {
            true => console.tell(&Event::new("document", &record)),
            false => console.result(&show::page(&record, &desk, console)),
        }
        if !global.dry_run
            && desk.store.is_writable()
            && let Some(path) = correct::viewing_copy(&desk, id).await?
        {
            console.say_id("cli-latest", &[("path", &path.display().to_string())]);
        }
    }
    Ok(Exit::Done)
}

pub(in super::super) async fn edit(args: Edit, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let id = document_id(&args.document)?;
    let accept = args.changes.iter().any(|c| c == ACCEPT_PROPOSALS);
    let changes = args.changes.iter().filter(|c| *c != ACCEPT_PROPOSALS);
    let changes: Vec<Change> = changes.map(|c| c.parse()).collect::<Result<_>>()?;
    if !global.dry_run && args.changes.is_empty() {
        let record = propose::look(&desk, id, console).await?;
        match console.is_json() {
            true => console.tell(&Event::new("document", &record)),
            false => console.result(&show::page(&record, &desk, console)),
        }
        return Ok(Exit::Done);
    }
    if global.dry_run {
        console.tell(&Event::new(
            "plan",
            json!({"action": "edit", "document": id.to_string(), "changes": args.changes}),
        ));
        return Ok(Exit::Done);
    }
    let before = desk.store.document(id).await?.state;
    // What a person types goes before what is only proposed.
    if !changes.is_empty() {
        let record = correct::edit(&desk, id, &changes).await?;
        if !accept {
            tell(&record, console);
        }
    }
    if accept {
        tell(&propose::accept(&desk, id, console).await?, console);
    }
    // Its file no longer says what is known about it.
    if before == State::Built && desk.store.document(id).await?.state != before {
        console.say_id("cli-opened-again", &[("document", &id.to_string())]);
    }
    Ok(Exit::Done)
}

pub(super) fn tell(record: &Record, console: &Console) {
    console.tell(&Event::new("document", record));
    tell_open(record, console);
}

/// The findings that nobody has accepted.
pub(super) fn tell_open(record: &Record, console: &Console) {
    for finding in record.findings.iter().filter(|f| f.accepted_by.is_none()) {
        console.tell(&Event::finding(finding, Subject::Document(&record.document), console.lang()));
    }
}

pub(in super::super) async fn attest(args: Attest, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let ids = match args.all {
        true => {
            let filter = Filter { states: vec![State::Captured], outage: None };
            let open = desk.store.documents(&filter).await?;
            open.into_iter().filter(|s| s.document.attestation.is_none()).map(|s| s.id).collect()
        }
        false => documents(&args.documents)?,
    };
    let mut tally = Tally::default();
    for id in ids {
        if global.dry_run {
            console.tell(&Event::new("plan", json!({"action": "attest", "document": id.to_string()})));
            continue;
        }
        match correct::attest(&desk, id, args.by.as_deref()).await {
            Ok(record) => {
                tell(&record, console);
                tally.done += 1;
            }
            Err(error) => tell_failure(console, &error, Subject::Document(&id.to_string()), &mut tally),
        }
    }
    Ok(if global.dry_run { Exit::Done } else { ended("attest", &tally, console) })
}
