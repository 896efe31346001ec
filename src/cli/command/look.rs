//! `list`, `show`, `edit`, `attest`: a person looks, corrects and attests.

use serde_json::json;

use super::super::args::{Attest, Edit, Global, List, Show};
use super::super::console::Console;
use super::super::{desk, desk_to_read, documents, ended, render, tell_failure};
use crate::document::{Fields, Finding};
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Subject, Tally, finding_text};
use crate::locales;
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
            false => console.result(&page(&record, console)),
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

/// Everything about a document, a fact a line.
fn page(record: &Record, console: &Console) -> String {
    let lang = console.lang();
    let mut lines = vec![render::table(std::slice::from_ref(record), lang)];
    let mut fact = |name: &str, value: String| lines.push(format!("  {name}: {}", render::shown(&value)));
    for name in Fields::NAMES {
        if let Some(value) = record.fields.get(name) {
            fact(name, value);
        }
    }
    fact("captured_at", record.captured_at.to_string());
    if let Some(at) = record.entered_at {
        fact("entered_at", at.to_string());
    }
    fact("outage", record.outage.clone());
    for aside in record.separators.iter().chain(&record.dropped_pages) {
        let name = if aside.reason.is_some() { "dropped_page" } else { "separator" };
        let parts =
            [Some(format!("{} [{}]", aside.file, aside.page)), aside.sheet.clone(), aside.reason.clone()];
        fact(name, parts.into_iter().flatten().collect::<Vec<_>>().join("  "));
    }
    record.files.iter().for_each(|f| fact("file", format!("{} [{}]", f.file, f.pages)));
    record.source_sha256.iter().for_each(|s| fact("source_sha256", s.to_string()));
    record.revisions.iter().for_each(|r| fact(&r.reason, format!("{}  {}", r.at, r.sha256)));
    for signature in &record.signatures {
        let text = |name: &str| signature.0.get(name).and_then(|v| v.as_str()).unwrap_or("–").to_owned();
        fact(
            "signature",
            [
                text("role"),
                text("signer"),
                text("signed_at"),
                text("integrity"),
                text("trust"),
                text("level"),
            ]
            .join("  "),
        );
    }
    if !record.owed.is_empty() {
        fact("owed", owed(record, lang));
    }
    if let Some(until) = record.stands_until() {
        fact("stands_until", until.to_string());
    }
    record
        .receipts
        .iter()
        .for_each(|r| fact("receipt", format!("{}  {}  {}", r.destination, r.proof.as_str(), r.url)));
    for delivery in &record.set_aside {
        let (refusal, name) = (delivery.refusal(), render::shown(&delivery.destination));
        fact("set_aside", format!("{name}: {} → {}", refusal.message(lang), refusal.advice(lang)));
    }
    record.findings.iter().for_each(|f| fact(&f.code, sentence(f, console)));
    lines.extend(proposed(record, console));
    lines.join("\n")
}

/// What is owed, in words.
fn owed(record: &Record, lang: locales::Lang) -> String {
    let words: Vec<String> =
        record.owed.iter().map(|what| locales::plain(lang, &format!("report-owed-{what}"))).collect();
    words.join(", ")
}

/// What seems to stand on the paper, how sure that is, and how to take it over.
fn proposed(record: &Record, console: &Console) -> Vec<String> {
    let lang = console.lang();
    if record.proposals.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![locales::plain(lang, "cli-proposals")];
    for proposal in &record.proposals {
        let percent = (proposal.confidence * 100.0).round();
        let given = record.fields.get(&proposal.field);
        let given = given.map(|value| {
            format!("  {}", locales::text(lang, "cli-proposal-given", &[("value", render::shown(&value))]))
        });
        let value = render::shown(&proposal.value);
        lines.push(format!("  ? {}=\"{value}\"  {percent} %{}", proposal.field, given.unwrap_or_default()));
    }
    let document = [("document", record.document.as_str())];
    lines.push(locales::text(lang, "cli-proposals-accept", &document));
    lines
}

fn sentence(finding: &Finding, console: &Console) -> String {
    let lang = console.lang();
    let page = finding.page.map(|n| locales::text(lang, "cli-page", &[("page", n.to_string())]));
    let accepted = finding.accepted_by.as_ref().map(|by| locales::text(lang, "cli-accepted", &[("by", by)]));
    let parts = [page, Some(finding_text(finding, lang)), accepted, finding.reason.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
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
            false => console.result(&page(&record, console)),
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
    Ok(Exit::Done)
}

pub(super) fn tell(record: &Record, console: &Console) {
    console.tell(&Event::new("document", record));
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
