//! A drill: its own workspace, its own throw-away keys and anchor, its own destination (rule 11).

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, kinds};
use crate::platform;
use crate::sign::drill_keys;
use crate::station::{self, STATION_FILE, Workspace};

/// Folder of a drill, beside where it is started.
pub const FOLDER: &str = "scanseal-drill";
/// Folder of its keys inside.
const KEYS: &str = "keys";
/// Where its documents are delivered inside.
pub const DELIVERED: &str = "delivered";

/// Its station file. The paths are relative, so that the folder may be moved.
const STATION: &str = r#"# A drill: throw-away keys, no legal value. Delete the folder to start afresh.
profile = "drill"

[office]
name = "Cơ quan diễn tập"

[station]
name = "drill"

[keys.personal]
uri = "p12:keys/drill-personal.p12"
pin_source = "file:keys/drill-password"

[keys.organization]
uri = "p12:keys/drill-organization.p12"
pin_source = "file:keys/drill-password"

[trust]
certificates = ["keys/drill-root.pem"]

[[destination]]
name = "delivered"
kind = "folder"
path = "delivered"
drill = true
"#;

/// Opens the drill under `base`, made now when there is none.
///
/// # Errors
/// [`kinds::DRILL_IN_WORKSPACE`] inside a real workspace; a disk error.
pub fn open(base: &Path) -> Result<Workspace> {
    let here = base.canonicalize().map_err(|e| Error::io(base, e))?;
    if let Some(around) = station::nearest(&here)
        && !Workspace::open(around.clone())?.is_drill()
    {
        return Err(kinds::DRILL_IN_WORKSPACE.with("path", around.display()));
    }
    let root: PathBuf = base.join(FOLDER);
    super::refuse_share(&here, "sqlite:")?;
    platform::create_private_dir(&root)?;
    drill_keys::ensure(&root.join(KEYS))?;
    platform::create_private_dir(&root.join(DELIVERED))?;
    write_station(&root.join(STATION_FILE), STATION)?;
    let workspace = Workspace::open(root)?;
    match workspace.is_drill() {
        true => Ok(workspace),
        false => Err(kinds::DRILL_IN_WORKSPACE.with("path", workspace.root.display())),
    }
}

/// Writes a station file that only its owner can read, unless there is one.
///
/// # Errors
/// A disk error.
pub fn write_station(path: &Path, text: &str) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}.part", std::process::id()));
    let draft = PathBuf::from(draft);
    let write = || -> std::io::Result<()> {
        let mut file = platform::private_file().open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    };
    write().map_err(|e| Error::io(path, e))?;
    platform::sync_dir(path.parent().unwrap_or(Path::new(".")))
}
