//! `doctor`: is this station fit for the next outage?

use serde_json::json;

use super::super::args::{Doctor, Global};
use super::super::console::Console;
use super::super::pin::Pin;
use super::super::render;
use crate::doctor::{self, Health, Line};
use crate::error::{Exit, Result};
use crate::event::{Event, Front};
use crate::platform;
use crate::sign::PinSource;
use crate::station::Workspace;

pub(in super::super) async fn run(args: Doctor, global: &Global, console: &Console) -> Result<Exit> {
    let found = Workspace::find(global.workspace.as_deref());
    let workspace = found.as_ref().ok().cloned();
    console.set_support(workspace.as_ref().and_then(|w| w.station.support.clone()));
    let mut pin = Pin { file: args.pin_file, lang: console.lang() };
    let pins = args.login.then_some(&mut pin as &mut dyn PinSource);
    let (lines, desk) = doctor::examine(found, pins, console.lang()).await;
    lines.iter().for_each(|line| tell(line, console));
    if let Some(path) = &args.bundle {
        let bytes = doctor::bundle(workspace.as_ref(), desk.as_ref(), &lines).await?;
        platform::write_new(path, &bytes)?;
        console.say_id("cli-written", &[("path", &path.display().to_string())]);
    }
    let count = |health: Health| lines.iter().filter(|line| line.health == health).count();
    let (good, warnings, bad) = (count(Health::Good), count(Health::Warning), count(Health::Bad));
    let counts = [("good", good.to_string()), ("warnings", warnings.to_string()), ("bad", bad.to_string())];
    let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
    console.say_id("cli-examined", &counts);
    let exit = doctor::exit(&lines);
    let summary = json!({"command": "doctor", "good": good, "warnings": warnings, "bad": bad});
    console.finish(Event::new("summary", summary), exit);
    Ok(exit)
}

fn tell(line: &Line, console: &Console) {
    if console.is_json() {
        return console.tell(&Event::new("finding", line));
    }
    let sign = match line.health {
        Health::Good => "✓",
        Health::Warning => "!",
        Health::Bad => "✗",
    };
    let advice = match line.advice.is_empty() {
        true => String::new(),
        false => format!("\n  → {}", line.advice),
    };
    console.result(&format!("{sign} {}{advice}", render::shown(&line.text)));
}
