//! `init` and `profile`: the workspace and the law that it rests on.

use std::path::Path;

use serde_json::json;

use super::super::args::{Global, Init, Profile as ProfileArgs};
use super::super::console::Console;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::locales::{self, Lang};
use crate::pipeline::{self, Desk, drill};
use crate::platform;
use crate::profile::{Form, Profile};
use crate::station::{STATION_FILE, TRUST_FOLDER, Workspace};

pub(in super::super) async fn init(args: Init, global: &Global, console: &Console) -> Result<Exit> {
    let folder = args.folder.or_else(|| global.workspace.clone()).unwrap_or_else(|| ".".into());
    Profile::load(&args.profile, &folder)?;
    let station = folder.join(STATION_FILE);
    if station.exists() {
        let shown = folder.canonicalize().unwrap_or(folder);
        return Err(kinds::WORKSPACE_EXISTS.with("path", shown.display()));
    }
    if global.dry_run {
        console
            .tell(&Event::new("plan", json!({"action": "init", "files": [station.display().to_string()]})));
        return Ok(Exit::Done);
    }
    platform::create_private_dir(&folder)?;
    platform::make_private(&folder)?;
    pipeline::refuse_share(&folder, "sqlite:")?;
    platform::create_private_dir(&folder.join(TRUST_FOLDER))?;
    drill::write_station(&station, &station_text(&args.profile, console.lang()))?;
    // A workspace whose store does not open is not one; better now than with the first scan.
    let desk = Desk::open(Workspace::open(folder)?).await?;
    let root = desk.workspace.root.display().to_string();
    console.say_id("cli-init-done", &[("path", &root)]);
    console.finish(Event::new("summary", json!({"command": "init", "workspace": root})), Exit::Done);
    Ok(Exit::Done)
}

/// The first station file, with every section that an office may need, explained.
fn station_text(profile: &str, lang: Lang) -> String {
    let template = match lang {
        Lang::Vi => include_str!("../../locales/vi/station.toml"),
        Lang::En => include_str!("../../locales/en/station.toml"),
    };
    template.replace("{profile}", &toml::Value::String(profile.to_owned()).to_string())
}

pub(in super::super) fn profile(args: ProfileArgs, console: &Console) -> Result<Exit> {
    let (name, explain) = match args {
        ProfileArgs::Check(args) => (args.name, false),
        ProfileArgs::Explain(args) => (args.name, true),
    };
    let profile = Profile::load(&name, Path::new("."))?;
    let lang = console.lang();
    let stale: Vec<&str> = profile.not_in_force(profile.today()).map(|b| b.cite.as_str()).collect();
    for cite in &stale {
        console.say_id("cli-basis-not-in-force", &[("profile", &profile.id), ("cite", cite)]);
    }
    if explain {
        explain_profile(&profile, console);
    } else {
        console.result(&locales::text(lang, "cli-profile-good", &[("name", &profile.id)]));
    }
    let summary = json!({"command": "profile", "profile": profile, "not_in_force": stale});
    console.finish(Event::new("summary", summary), Exit::Done);
    Ok(Exit::Done)
}

/// The profile in words: the law, the form, who signs, what a scan must reach.
fn explain_profile(profile: &Profile, console: &Console) {
    let lang = console.lang();
    console.result(&format!("{} ({}): {}", profile.id, profile.version, profile.title.in_lang(lang)));
    for basis in &profile.legal_basis {
        console.result(&format!("  · {}: {} ({})", basis.cite, basis.title.in_lang(lang), basis.in_force));
    }
    let form = match profile.recovery.form {
        Form::ReSign => "cli-form-re-sign",
        Form::SaoY => "cli-form-sao-y",
    };
    console.result(&format!("  {}", locales::plain(lang, form)));
    let scan =
        [("dpi", profile.scan.min_dpi.to_string()), ("required", profile.metadata.required.join(", "))];
    console.result(&format!("  {}", locales::text(lang, "cli-profile-scan", &scan)));
    for rule in &profile.signature {
        let role = locales::plain(lang, &format!("cli-role-{}", rule.role.as_str()));
        let lines = rule.lines.join(" / ");
        let reason = rule.reason.clone().unwrap_or_default();
        console.result(&format!("  {role}: {reason}  {lines}"));
    }
}
