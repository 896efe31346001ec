//! Throw-away keys for a drill, made at its first run and reused later (DESIGN rule 11: a drill never uses a real key).
//!
//! The folder appears whole or not at all: it is filled under another name and renamed. Keys that ran out are set aside,
//! never overwritten, so that an old drill can still be looked into.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::authority::{Issued, Purpose, Recipe};
use super::certificate::Certificate;
use super::key::{KeyUri, Place};
use crate::document::hex;
use crate::error::{Error, Result, kinds};
use crate::platform;

/// Life of drill keys.
const LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Drill keys are renewed when less than this is left, so that a drill does not run out in its middle.
const REST: SignedDuration = SignedDuration::from_hours(24);
/// Clocks differ a little between machines.
const SLACK: SignedDuration = SignedDuration::from_hours(1);
/// Random bytes of the password.
const PASSWORD: usize = 24;

const ROOT: &str = "drill-root.pem";
const PASSWORD_FILE: &str = "drill-password";
const PERSONAL: &str = "drill-personal.p12";
const ORGANIZATION: &str = "drill-organization.p12";

/// The keys of a drill.
#[derive(Clone, Debug)]
pub struct DrillKeys {
    /// The anchor, PEM.
    pub root: PathBuf,
    /// Key of the person.
    pub personal: KeyUri,
    /// Key of the organization.
    pub organization: KeyUri,
}

/// Gives the keys in `folder`, made now when there are none or they have run out. The folder holds nothing else.
///
/// # Errors
/// An error of the disk.
pub fn ensure(folder: &Path) -> Result<DrillKeys> {
    if folder.join(ROOT).exists() && !is_fresh(folder)? {
        let aside = folder.with_extension(format!("until-{}", Timestamp::now().strftime("%Y%m%dT%H%M%SZ")));
        fs::rename(folder, aside).map_err(|e| Error::io(folder, e))?;
    }
    if !folder.join(ROOT).exists() {
        make(folder)?;
    }
    let key =
        |name| KeyUri { place: Place::File(folder.join(name)), pin_file: Some(folder.join(PASSWORD_FILE)) };
    Ok(DrillKeys { root: folder.join(ROOT), personal: key(PERSONAL), organization: key(ORGANIZATION) })
}

/// Whether the anchor, and with it all the keys, is valid for a while.
fn is_fresh(folder: &Path) -> Result<bool> {
    let path = folder.join(ROOT);
    let pem = platform::read_limited(&path, 1 << 16)?;
    let Ok((_, der)) = der::pem::decode_vec(&pem) else { return Ok(false) };
    let Ok((from, until)) = Certificate::parse(&der).and_then(|root| root.validity()) else {
        return Ok(false);
    };
    let now = Timestamp::now();
    Ok(from <= now && now + REST < until)
}

fn make(folder: &Path) -> Result<()> {
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = parent.join(format!(".{}.part", uuid::Uuid::now_v7().simple()));
    platform::create_private_dir(&draft)?;
    let published = fill(&draft).and_then(|()| publish(&draft, folder));
    // After a success the draft is gone; after a failure nothing in it is worth keeping.
    let _ = fs::remove_dir_all(&draft);
    published?;
    platform::sync_dir(parent)
}

/// Another run may have been faster; then its keys are as good as ours.
fn publish(draft: &Path, folder: &Path) -> Result<()> {
    match fs::rename(draft, folder) {
        Err(_) if folder.join(ROOT).exists() => Ok(()),
        outcome => outcome.map_err(|e| Error::io(folder, e)),
    }
}

fn fill(folder: &Path) -> Result<()> {
    let now = Timestamp::now();
    let (from, until) = (now - SLACK, now + LIFE);
    let recipe = |subject, purpose| Recipe { subject, from, until, purpose };
    let root = Issued::root(&recipe("O=DIỄN TẬP / DRILL,CN=DIỄN TẬP / DRILL – Root", Purpose::Authority))?;
    let mut secret = [0; PASSWORD];
    getrandom::fill(&mut secret).map_err(|e| kinds::INTERNAL.with("cause", e))?;
    let password = hex(&secret);
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        let file = platform::private_file().open(&path);
        let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
        written.map_err(|e| Error::io(&path, e))
    };
    for (name, subject) in [
        (PERSONAL, "O=DIỄN TẬP / DRILL,GN=Ký,SN=Người,CN=DIỄN TẬP / DRILL – Người ký"),
        (ORGANIZATION, "O=DIỄN TẬP / DRILL,CN=DIỄN TẬP / DRILL – Cơ quan"),
    ] {
        write(name, &root.issue(&recipe(subject, Purpose::Signing))?.pkcs12(&password)?)?;
    }
    write(PASSWORD_FILE, password.as_bytes())?;
    write(ROOT, root.pem()?.as_bytes())?;
    platform::sync_dir(folder)
}
