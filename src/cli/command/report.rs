//! `report`: the recovery result notice with the reconciliation, or the printed list of an outage's documents.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use serde_json::json;

use super::super::args::{Global, Report};
use super::super::console::Console;
use super::super::pin::Pin;
use super::super::{desk, ended};
use crate::error::{Exit, Result};
use crate::event::{Event, Front, Tally};
use crate::pipeline::{Desk, files, reconcile, sign};
use crate::platform;
use crate::register::sheet::MAX_BYTES;
use crate::report;
use crate::report::notice::Form;
use crate::sign::Role;
use crate::store::Filter;

pub(in super::super) async fn run(args: Report, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    let (bytes, documents, open) = match args.notice.list {
        true => list(&desk, &args.outage, console).await?,
        false => recovery(&desk, &args, console).await?,
    };
    let path = args.output.display().to_string();
    if global.dry_run {
        console.tell(&Event::new("plan", json!({"action": "report", "files": [path]})));
        return Ok(Exit::Done);
    }
    platform::write_new(&args.output, &bytes)?;
    console.say_id("cli-written", &[("path", &path)]);
    if let Some(folder) = &args.notice.seal {
        return seal(&desk, &args.output, folder, console);
    }
    if !args.notice.list {
        console.say_id("notice-how-to-seal", &[("path", &path)]);
    }
    let summary = json!({"command": "report", "outage": args.outage, "documents": documents, "file": path,
        "bytes": bytes.len(), "open": open});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// The print for the minutes of the hand-over.
async fn list(desk: &Desk, reference: &str, console: &Console) -> Result<(Vec<u8>, usize, Option<usize>)> {
    let outage = desk.store.outage(reference).await?;
    let filter = Filter { states: Vec::new(), outage: Some(reference.to_owned()) };
    let records = desk.store.records(&filter).await?;
    let facts = report::Facts {
        outage: &outage,
        records: &records,
        office: &desk.workspace.station.office.name,
        made_at: Timestamp::now(),
        utc_offset_minutes: desk.workspace.profile.utc_offset_minutes,
        lang: console.lang(),
    };
    Ok((report::batch(&facts)?, records.len(), None))
}

/// The notice; nothing is kept of the comparison that it makes.
async fn recovery(desk: &Desk, args: &Report, console: &Console) -> Result<(Vec<u8>, usize, Option<usize>)> {
    let wanted = &args.notice;
    let export = wanted.system.as_deref().map(|path| platform::read_limited(path, MAX_BYTES)).transpose()?;
    let found = reconcile::look(desk, &args.outage, export.as_deref()).await?;
    let form = Form {
        number: wanted.number.clone(),
        place: wanted.place.clone(),
        signer: wanted.signer.clone(),
        position: wanted.position.clone(),
        recipients: wanted.to.clone(),
    };
    let open = found.open();
    if open > 0 {
        console.say_id("notice-still-open", &[("count", &open.to_string())]);
    }
    let (bytes, unshown) = reconcile::notice(desk, &found, &form, console.lang())?;
    if !unshown.is_empty() {
        console.say_id("notice-unshown", &[("letters", &unshown)]);
    }
    Ok((bytes, found.records.len(), Some(open)))
}

/// A copy signed by the person, then by the organization, as every plain file is: the organization seals what a person has
/// signed (Decree 30/2020 Art. 32(2)(c)). The copy with the first signature alone lies beside it in `personal`.
fn seal(desk: &Desk, file: &Path, folder: &Path, console: &Console) -> Result<Exit> {
    let first = folder.join(Role::Personal.as_str());
    let between = first.join(file.file_name().unwrap_or_default());
    let mut all = Tally::default();
    for (role, from, to) in
        [(Role::Personal, file, first.as_path()), (Role::Organization, between.as_path(), folder)]
    {
        let request = files::Signing {
            files: vec![from.to_owned()],
            folder: to.to_owned(),
            role,
            key: Some(sign::key_uri(Some(&desk.workspace), role, None)?),
            form: None,
            reason: None,
            level: None,
        };
        let mut pins = Pin { file: None, lang: console.lang() };
        let tally =
            files::sign(&request, Some(&desk.workspace), &mut pins, (&AtomicBool::new(false), console))?;
        let failed = !tally.failures.is_empty();
        all.add(tally);
        if failed {
            break;
        }
    }
    Ok(ended("report", &all, console))
}
