//! `profile check` and `profile explain`: the law that a workspace rests on.

use std::path::Path;

use jiff::civil::Date;
use serde_json::json;

use super::super::args::Profile as Args;
use super::super::console::Console;
use super::super::not_in_force;
use crate::document::fields;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Subject};
use crate::locales;
use crate::profile::{Profile, explain};

pub(in super::super) fn run(args: Args, console: &Console) -> Result<Exit> {
    let (args, explained) = match args {
        Args::Check(args) => (args, false),
        Args::Explain(args) => (args, true),
    };
    let profile = Profile::load(&args.name, Path::new("."))?;
    let day = args.at.as_deref().map(day).transpose()?.unwrap_or_else(|| profile.today());
    let stale: Vec<&str> = profile.not_in_force(day).map(|basis| basis.cite.as_str()).collect();
    let text = if explained { explain::lines(&profile, console.lang(), day) } else { Vec::new() };
    text.iter().for_each(|line| console.result(line));
    for finding in not_in_force(&profile, day) {
        console.tell(&Event::finding(&finding, Subject::File(&args.name), console.lang()));
    }
    if !explained {
        let good = [("name", profile.id.as_str())];
        console.result(&locales::text(console.lang(), "cli-profile-good", &good));
    }
    let summary =
        json!({"command": "profile", "profile": profile, "not_in_force": stale, "at": day, "text": text});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

fn day(text: &str) -> Result<Date> {
    fields::date(text).ok_or_else(|| kinds::BAD_TIME.with("text", text))
}
