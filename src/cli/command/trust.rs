//! `trust`: which issuers this office believes. The word of a person, after comparing digits, makes a certificate an anchor.

use std::io::{BufRead, IsTerminal};

use serde_json::json;

use super::super::args::{Global, Trust, TrustAdd, TrustRemove};
use super::super::console::{self, Console};
use super::super::desk;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::locales;
use crate::pipeline::Desk;
use crate::pipeline::anchors::{self, Anchor};
use crate::pipeline::wording::moment;

pub(in super::super) async fn run(args: Trust, global: &Global, console: &Console) -> Result<Exit> {
    let desk = desk(global, console).await?;
    match args {
        Trust::Add(args) => add(&desk, args, global, console).await,
        Trust::List => {
            let anchors = anchors::list(&desk.workspace)?;
            anchors.iter().for_each(|anchor| console.result(&words(anchor, &desk, console)));
            finish("trust list", &anchors, console);
            Ok(Exit::Done)
        }
        Trust::Remove(args) => remove(&desk, args, global, console).await,
    }
}

async fn add(desk: &Desk, args: TrustAdd, global: &Global, console: &Console) -> Result<Exit> {
    let found = anchors::read(&args.file)?;
    for anchor in &found {
        console.say(&words(anchor, desk, console));
        if !anchor.is_authority {
            console.say_id("cli-anchor-leaf", &[("name", &anchor.name)]);
        }
        compare(anchor, desk, args.fingerprint.as_deref(), console)?;
    }
    if !global.dry_run {
        anchors::add(desk, &args.file, &found).await?;
    }
    for anchor in &found {
        console.result(&locales::text(console.lang(), "cli-trusted", &[("name", &anchor.name)]));
    }
    finish("trust add", &found, console);
    Ok(Exit::Done)
}

/// The digits must have come another way than the file: from the profile, from the command, or typed by a person. A script
/// without any of them has chosen the file itself; the journal says so.
fn compare(anchor: &Anchor, desk: &Desk, given: Option<&str>, console: &Console) -> Result<()> {
    if let Some(given) = given {
        return check(anchor, given);
    }
    let listed = &desk.workspace.profile.trust.fingerprints;
    if listed.iter().any(|known| anchors::digits(known) == anchor.sha256.0) {
        return Ok(());
    }
    if console.is_json() || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(());
    }
    console::warn(&locales::plain(console.lang(), "cli-type-fingerprint"));
    let mut typed = String::new();
    let read = std::io::stdin().lock().read_line(&mut typed);
    read.map_err(|_| kinds::NOT_CONFIRMED.error())?;
    check(anchor, &typed)
}

/// Whole fingerprint, in whatever grouping it is written.
fn check(anchor: &Anchor, given: &str) -> Result<()> {
    match anchors::digits(given) == anchor.sha256.0 {
        true => Ok(()),
        false => Err(kinds::FINGERPRINT_DIFFERS.with("name", &anchor.name).with("sha256", &anchor.sha256)),
    }
}

async fn remove(desk: &Desk, args: TrustRemove, global: &Global, console: &Console) -> Result<Exit> {
    let removed = match global.dry_run {
        true => anchors::find(&desk.workspace, &args.fingerprint)?,
        false => anchors::remove(desk, &args.fingerprint).await?,
    };
    console.result(&locales::text(console.lang(), "cli-untrusted", &[("name", &removed.name)]));
    finish("trust remove", std::slice::from_ref(&removed), console);
    Ok(Exit::Done)
}

fn words(anchor: &Anchor, desk: &Desk, console: &Console) -> String {
    let offset = desk.workspace.profile.utc_offset_minutes;
    let facts = [
        ("name", anchor.name.clone()),
        ("subject", anchor.subject.clone()),
        ("from", moment(anchor.from, offset)),
        ("until", moment(anchor.until, offset)),
        ("sha256", anchors::grouped(&anchor.sha256)),
    ];
    locales::text(console.lang(), "cli-anchor", &facts)
}

fn finish(command: &str, anchors: &[Anchor], console: &Console) {
    console.finish(Event::new("summary", json!({"command": command, "certificates": anchors})), Exit::Done);
}
