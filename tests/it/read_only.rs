//! A workspace on media that nobody can write: everything that only looks still works, and whatever writes says why it does not.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Office;

/// A second, read-only look at a folder; none where the machine does not let a test mount anything.
struct Disc(PathBuf);

impl Disc {
    fn of(folder: &Path) -> Option<Self> {
        let mount = |arguments: &[&str]| {
            let done = Command::new("mount").args(arguments).arg(folder).status();
            done.is_ok_and(|status| status.success())
        };
        mount(&["--bind", folder.to_str()?]).then_some(())?;
        let disc = Self(folder.to_owned());
        mount(&["-o", "remount,bind,ro"]).then_some(disc)
    }
}

impl Drop for Disc {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn read_only_media_are_read_and_never_written() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let Some(disc) = Disc::of(&office.root) else { return };
    for command in [&["list"][..], &["show", "D-000001"], &["find", "muong", "lam"], &["journal", "check"]] {
        office.run(command).expect(0);
    }
    assert_eq!(office.run(&["verify", "D-000001"]).expect(5).events("document")[0]["verdict"], "unsigned");
    for command in [
        &["edit", "D-000001", "note=x"][..],
        &["show", "D-000001", "--seen"],
        &["build"],
        &["upload"],
        &["serve", "--port", "0"],
    ] {
        assert_eq!(office.run(command).expect(8).errors(), ["workspace_read_only"], "{command:?}");
    }
    drop(disc);
    office.run(&["edit", "D-000001", "note=x"]).expect(0);
}
