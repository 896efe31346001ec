//! `init`: the workspace.

use serde_json::json;

use super::super::args::{Global, Init};
use super::super::console::Console;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::locales::Lang;
use crate::pipeline::{self, Desk, drill};
use crate::platform;
use crate::profile::Profile;
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
