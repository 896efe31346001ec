//! Copies of plain files at a higher level.

use std::path::PathBuf;

use crate::error::{Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::platform;
use crate::profile::Level;
use crate::station::Workspace;

use super::super::files::output;
use super::Raiser;

/// Largest PDF that is read.
const MAX_PDF_BYTES: u64 = 1 << 30;

/// Writes copies of signed files into a folder, under their own names, raised to a level. Of one that cannot reach it now nothing
/// is written, so that the same command can be given again.
///
/// # Errors
/// [`crate::error::kinds::TIMESTAMP_NOT_NAMED`], [`crate::error::kinds::OUTPUT_TWICE`]; what single files refuse is told and tallied.
pub fn upgrade(
    files: &[PathBuf],
    folder: &std::path::Path,
    level: Level,
    workspace: Option<&Workspace>,
    front: &dyn Front,
) -> Result<Tally> {
    output::check_names(files, output::own_name)?;
    let raiser = Raiser::of(workspace, level, level != Level::BB, front.lang())?;
    output::ready(folder)?;
    let mut tally = Tally::default();
    front.begin("sign", files.len() as u64);
    for file in files {
        let name = file.display().to_string();
        let raised = platform::read_limited(file, MAX_PDF_BYTES).and_then(|bytes| {
            let raised = raiser.raise(&bytes)?;
            if !raised.reached {
                return Err(kinds::LEVEL_NOT_REACHED.with("level", super::name(level)));
            }
            let to = folder.join(file.file_name().unwrap_or_default());
            platform::write_new(&to, raised.bytes.as_deref().unwrap_or(&bytes))?;
            Ok(raised)
        });
        match raised {
            Ok(raised) => {
                front.tell(&Event::new("document", &raised.report).with("file", &name));
                tally.done += 1;
            }
            Err(error) => {
                front.tell(&Event::error(&error, Some(Subject::File(&name)), front.lang()));
                tally.failed(&error);
            }
        }
        front.advance(1);
    }
    for note in raiser.notes() {
        front.tell(&Event::error(&note, None, front.lang()));
    }
    front.end();
    Ok(tally)
}
