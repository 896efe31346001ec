//! `export --evidence` and `journal check`: what holds up before somebody who does not believe us.

use std::path::Path;

use serde_json::json;

use super::super::args::{Global, Journal};
use super::super::console::Console;
use super::super::desk_to_read;
use crate::document::Finding;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Subject};
use crate::locales;
use crate::pipeline::sign::document_id;
use crate::pipeline::{anchors, evidence};
use crate::store::journal;

pub(super) async fn export(
    document: &str,
    output: &Path,
    global: &Global,
    console: &Console,
) -> Result<Exit> {
    let desk = desk_to_read(global, console).await?;
    let id = document_id(document)?;
    let path = output.display().to_string();
    if global.dry_run {
        desk.store.latest(&desk.store.document(id).await?).await?;
        let line = json!({"action": "export_evidence", "document": id.to_string(), "files": [path]});
        console.tell(&Event::new("plan", line));
        return Ok(Exit::Done);
    }
    let exported = evidence::export(&desk, id, output).await?;
    for note in &exported.notes {
        console.tell(&Event::error(note, Some(Subject::Document(document)), console.lang()));
    }
    let fingerprint = anchors::grouped(&exported.station);
    let words = [("document", document), ("path", &path), ("fingerprint", &fingerprint)];
    console.say_id("cli-evidence-exported", &words);
    let summary = json!({"command": "export", "evidence": document, "file": path, "files": exported.files,
        "sums": exported.sums, "fingerprint": exported.station});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

pub(in super::super) async fn check_journal(
    args: Journal,
    global: &Global,
    console: &Console,
) -> Result<Exit> {
    let Journal::Check { accept_clock } = args;
    if accept_clock.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(kinds::NAME_EMPTY.with("what", "--accept-clock"));
    }
    let desk = desk_to_read(global, console).await?;
    let check = evidence::check_journal(&desk).await?;
    for finding in check.faults.iter().chain(&check.clock) {
        let document = finding.args.iter().find(|(name, _)| name == "document");
        let subject = document.map_or(Subject::File("journal"), |(_, id)| Subject::Document(id));
        console.tell(&Event::finding(finding, subject, console.lang()));
    }
    if let Some(fault) = check.faults.first() {
        return Err(journal::broken(fault));
    }
    match &accept_clock {
        Some(reason) if !check.clock.is_empty() && !global.dry_run => {
            desk.store.accept_clock(&check, reason.trim()).await?;
        }
        _ => refuse_clock(&check.clock)?,
    }
    let counts = [
        ("entries", check.entries.to_string()),
        ("documents", check.documents.to_string()),
        ("roots", check.roots.to_string()),
        ("stamped", check.stamped.to_string()),
    ];
    let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
    console.result(&locales::text(console.lang(), "cli-journal-holds", &counts));
    console.finish(Event::new("summary", check).with("command", "journal check"), Exit::Done);
    Ok(Exit::Done)
}

/// Times that nobody can rely on until a person says why the clock went back.
fn refuse_clock(clock: &[Finding]) -> Result<()> {
    match clock.len() {
        0 => Ok(()),
        count => Err(kinds::JOURNAL_CLOCK.with("count", count)),
    }
}
