//! What the program itself rests on: its version, its font, Tesseract, the station file, the disk.

use crate::error::Result;
use crate::ocr;
use crate::pdf::font::Subset;
use crate::platform;
use crate::station::Workspace;

use super::{Line, Notes};

/// Below this a batch of scans may not fit; a page is about 1 MB as scanned.
const LITTLE_ROOM: u64 = 2_000_000_000;
/// Letters that only a font for Vietnamese has.
const LETTERS: &str = "ẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰ ằẳẵặếềểễệốồổỗộớờởỡợứừửữự ₫";
/// Language of Tesseract for Vietnamese.
const VIETNAMESE: &str = "vie";

pub(super) fn version(notes: Notes) -> Line {
    let facts = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("system", std::env::consts::OS.to_owned()),
        ("machine", std::env::consts::ARCH.to_owned()),
    ];
    notes.good("version", "version", &facts)
}

pub(super) fn font(notes: Notes) -> Line {
    match Subset::new(&[LETTERS]) {
        Ok(_) => notes.good("font", "font_good", &[]),
        Err(error) => notes.bad("font", &error),
    }
}

/// Text recognition is optional, so its absence is worth knowing and no fault.
pub(super) fn tesseract(notes: Notes) -> Line {
    let Some(found) = ocr::installed() else { return notes.good("tesseract", "tesseract_none", &[]) };
    let facts = [("version", found.version.clone()), ("languages", found.languages.join(" "))];
    match found.languages.iter().any(|language| language == VIETNAMESE) {
        true => notes.good("tesseract", "tesseract_good", &facts),
        false => notes.warning("tesseract", "tesseract_no_vie", &facts),
    }
}

/// The law that the profile cites, and the person who helps.
pub(super) fn station(workspace: &Workspace, notes: Notes) -> Vec<Line> {
    let profile = &workspace.profile;
    let id = [("profile", profile.id.clone()), ("version", profile.version.clone())];
    let mut lines = vec![notes.good("workspace", "workspace_good", &id)];
    if let Err(error) = workspace.check_named() {
        lines.push(notes.bad("office", &error));
    }
    for basis in profile.not_in_force(profile.today()) {
        lines.push(notes.warning("law", "law_not_in_force", &[("cite", basis.cite.clone())]));
    }
    if workspace.station.support.is_none() {
        lines.push(notes.warning("support", "support_missing", &[]));
    }
    lines
}

pub(super) fn disk(workspace: &Workspace, notes: Notes) -> Result<Vec<Line>> {
    let free = platform::free_bytes(&workspace.root)?;
    let room = [("gigabytes", format!("{:.1}", free as f64 / 1e9))];
    Ok(vec![match free < LITTLE_ROOM {
        true => notes.warning("disk", "disk_little", &room),
        false => notes.good("disk", "disk_good", &room),
    }])
}
