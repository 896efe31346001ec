//! `outage`: the record of what failed.

use jiff::Timestamp;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use super::super::args::{Global, Outage as Args, OutageClose, OutageOpen, OutageShow};
use super::super::console::Console;
use super::super::{confirmed, desk, desk_to_read, time};
use super::outage_record;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::locales;
use crate::outage::{Outage, OutageState};
use crate::pipeline::wording::moment;
use crate::pipeline::{Desk, outages};

pub(in super::super) async fn run(args: Args, global: &Global, console: &Console) -> Result<Exit> {
    let desk = match args {
        Args::List | Args::Show(_) => desk_to_read(global, console).await?,
        _ => desk(global, console).await?,
    };
    match args {
        Args::Open(args) => open(&desk, args, global, console).await,
        Args::Close(args) => close(&desk, args, global, console).await,
        Args::Reopen(args) => reopen(&desk, args, global, console).await,
        Args::List => {
            let outages = desk.store.outages().await?;
            for outage in &outages {
                console.result(&line(outage, &desk, console));
            }
            console.finish(
                Event::new("summary", json!({"command": "outage list", "outages": outages})),
                Exit::Done,
            );
            Ok(Exit::Done)
        }
        Args::Show(args) => {
            let outage = desk.store.outage(&args.reference).await?;
            console.result(&line(&outage, &desk, console));
            let offset = desk.workspace.profile.utc_offset_minutes;
            console.result(&outage_record::facts(&outage, offset, console));
            console.finish(
                Event::new("summary", json!({"command": "outage show", "outage": outage})),
                Exit::Done,
            );
            Ok(Exit::Done)
        }
    }
}

async fn open(desk: &Desk, args: OutageOpen, global: &Global, console: &Console) -> Result<Exit> {
    let offset = desk.workspace.profile.utc_offset_minutes;
    let at = |text: Option<String>| text.map(|t| time::parse(&t, offset)).transpose();
    let now = Timestamp::now();
    if args.reference.trim().is_empty() {
        return Err(kinds::NAME_EMPTY.with("what", "REF"));
    }
    // A day alone is meant to its end.
    let paper_to = args.paper_to.map(|text| time::parse_end(&text, offset)).transpose()?;
    let paper_from = at(args.paper_from)?;
    if let Some(from) = paper_from.filter(|from| *from > now) {
        return Err(kinds::PAPER_FUTURE.with("from", from).with("now", now));
    }
    let (kits, number_blocks) = outages::kits(desk, &args.kits).await?;
    let outage = Outage {
        reference: composed(args.reference),
        ticket: args.ticket.map(composed),
        systems: args.systems.into_iter().map(composed).collect(),
        units: args.units.into_iter().map(composed).collect(),
        detected_at: Some(now),
        declared_at: args.declared_by.is_some().then_some(now),
        state: if args.declared_by.is_some() { OutageState::Declared } else { OutageState::Open },
        declared_by: args.declared_by.map(composed),
        declaration_document: args.document.map(composed),
        paper_from,
        paper_to,
        kits,
        number_blocks,
        legal_basis: desk.workspace.profile.legal_basis.iter().map(|b| b.cite.clone()).collect(),
        drill: desk.workspace.is_drill(),
        ..Outage::default()
    };
    match global.dry_run {
        true => {
            outage.check()?;
            outage.check_kits(&desk.store.outages().await?)?;
        }
        false => desk.store.open_outage(&outage).await?,
    }
    if outage.paper_from.is_none() {
        let shown = moment(now, offset);
        console.say_id("cli-outage-begins-now", &[("at", &shown)]);
    }
    tell("outage open", &outage, desk, console);
    Ok(Exit::Done)
}

/// Text as it is kept: composed (NFC), without white space around it.
fn composed(text: String) -> String {
    text.trim().nfc().collect()
}

async fn close(desk: &Desk, args: OutageClose, global: &Global, console: &Console) -> Result<Exit> {
    let offset = desk.workspace.profile.utc_offset_minutes;
    let restored = args.restored.map(|t| time::parse(&t, offset)).transpose()?.unwrap_or_else(Timestamp::now);
    let outage = desk.store.outage(&args.reference).await?;
    outage.check_close(restored, Timestamp::now())?;
    let left = outages::left(desk, &outage).await?;
    if !left.is_nothing() {
        say_left(&args.reference, &left, console);
    }
    if !global.dry_run {
        if !left.is_nothing() {
            let question = [("reference", args.reference.clone())];
            confirmed(&locales::text(console.lang(), "cli-confirm-close", &question), args.yes, console)?;
        }
        desk.store.close_outage(&args.reference, restored).await?;
    }
    let outage = desk.store.outage(&args.reference).await?;
    console.result(&line(&outage, desk, console));
    let summary = json!({"command": "outage close", "outage": outage, "left": left});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// What is not done yet for the paper of an outage, before it is closed over it.
fn say_left(reference: &str, left: &outages::Left, console: &Console) {
    let lang = console.lang();
    let counts = [("held", left.held), ("unsealed", left.unsealed), ("undelivered", left.undelivered)];
    let open = counts.iter().filter(|(_, count)| *count > 0);
    let mut parts: Vec<String> = open
        .map(|(name, count)| {
            locales::text(lang, &format!("cli-left-{name}"), &[("count", count.to_string())])
        })
        .collect();
    parts.extend(left.unreconciled.then(|| locales::plain(lang, "cli-left-unreconciled")));
    console.say_id("cli-outage-left", &[("reference", reference), ("left", &parts.join("; "))]);
}

async fn reopen(desk: &Desk, args: OutageShow, global: &Global, console: &Console) -> Result<Exit> {
    match global.dry_run {
        true => desk.store.outage(&args.reference).await?.check_reopen()?,
        false => desk.store.reopen_outage(&args.reference).await?,
    }
    tell("outage reopen", &desk.store.outage(&args.reference).await?, desk, console);
    Ok(Exit::Done)
}

fn tell(command: &str, outage: &Outage, desk: &Desk, console: &Console) {
    console.result(&line(outage, desk, console));
    console.finish(Event::new("summary", json!({"command": command, "outage": outage})), Exit::Done);
}

fn line(outage: &Outage, desk: &Desk, console: &Console) -> String {
    let offset = desk.workspace.profile.utc_offset_minutes;
    let state = serde_json::to_value(outage.state).ok().and_then(|v| v.as_str().map(str::to_owned));
    let state = locales::plain(console.lang(), &format!("cli-outage-{}", state.unwrap_or_default()));
    let since = outage.start().map(|at| moment(at, offset)).unwrap_or_default();
    let facts = [outage.reference.clone(), state, since, outage.systems.join(", "), outage.units.join(", ")];
    facts.into_iter().filter(|f| !f.is_empty()).collect::<Vec<_>>().join("  ")
}
