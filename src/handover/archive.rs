//! The ZIP around a list: written once, and read as something that a stranger may have changed on the way.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::identity::holds;
use super::{Identity, Item, List, SCHEMA};
use crate::document::Sha256;
use crate::error::{Clause, Error, Result, kinds};
use crate::platform;

const LIST: &str = "bundle.json";
const SIGNATURE: &str = "bundle.sig";
const STATION: &str = "station.spki";
/// Entries beside the documents.
const OWN: usize = 3;
/// Largest list, most documents, largest document.
const MAX_LIST: u64 = 64 << 20;
const MAX_DOCUMENTS: usize = 20_000;
const MAX_DOCUMENT: u64 = 1 << 30;
/// Largest signature and public key.
const MAX_SMALL: u64 = 1_000;

/// Writes a bundle to a new file; `bytes` gives the file of an item, one after the other.
///
/// # Errors
/// A disk error; what `bytes` fails with. There is no file then.
pub fn write(
    path: &Path,
    list: &List,
    identity: &Identity,
    mut bytes: impl FnMut(&Item) -> Result<Vec<u8>>,
) -> Result<()> {
    let json = serde_json::to_vec(list).map_err(|e| kinds::INTERNAL.with("cause", &e))?;
    let signature = identity.sign(&json)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (staged, ()) = platform::Staged::write(folder, |file| {
        let failed = |e: zip::result::ZipError| Error::io(path, std::io::Error::other(e));
        let mut zip = ZipWriter::new(file);
        let mut add = |name: &str, content: &[u8], method: CompressionMethod| {
            let options = SimpleFileOptions::default().compression_method(method).large_file(true);
            zip.start_file(name, options).map_err(failed)?;
            zip.write_all(content).map_err(|e| Error::io(path, e))
        };
        add(LIST, &json, CompressionMethod::Deflated)?;
        add(SIGNATURE, &signature, CompressionMethod::Stored)?;
        add(STATION, identity.public(), CompressionMethod::Stored)?;
        for item in &list.documents {
            // A PDF is compressed inside.
            add(&item.file, &bytes(item)?, CompressionMethod::Stored)?;
        }
        zip.finish().map(|_| ()).map_err(failed)
    })?;
    staged.publish(path)
}

/// A bundle whose signature and files hold together.
pub struct Opened {
    /// What is in it.
    pub list: List,
    /// Fingerprint of the station that signed the list.
    pub station: Sha256,
    zip: ZipArchive<BufReader<File>>,
}

fn changed(what: &str) -> Error {
    kinds::BUNDLE_CHANGED.with("what", what)
}

/// Opens a bundle: the signature over the list, then every file against its digest. Nothing is taken over before all holds.
///
/// # Errors
/// [`kinds::BUNDLE_CHANGED`] naming the part; [`kinds::BUNDLE_UNREADABLE`] for another file.
pub fn open(path: &Path) -> Result<Opened> {
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let unreadable =
        |cause: Clause| kinds::BUNDLE_UNREADABLE.with("path", path.display()).with("cause", cause);
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(Clause::technical(e)))?;
    if zip.len() > MAX_DOCUMENTS + OWN {
        return Err(unreadable(Clause::new("why-entries").with("found", zip.len())));
    }
    let json = entry(&mut zip, LIST, MAX_LIST).map_err(unreadable)?;
    let signature = entry(&mut zip, SIGNATURE, MAX_SMALL).map_err(unreadable)?;
    let public = entry(&mut zip, STATION, MAX_SMALL).map_err(unreadable)?;
    if !holds(&public, &json, &signature) {
        return Err(changed(LIST));
    }
    let list: List = serde_json::from_slice(&json).map_err(|e| unreadable(Clause::technical(e)))?;
    if list.schema != SCHEMA {
        return Err(unreadable(Clause::new("why-schema").with("found", list.schema)));
    }
    let mut opened = Opened { list, station: Sha256::of(&public), zip };
    opened.check()?;
    Ok(opened)
}

impl Opened {
    /// Every file is there, as large and with the digest that the list says, and there is no other.
    fn check(&mut self) -> Result<()> {
        let documents = self.list.documents.clone();
        if self.zip.len() != documents.len() + OWN {
            return Err(changed("entries"));
        }
        documents.iter().try_for_each(|item| self.bytes(item).map(|_| ()))
    }

    /// The file of an item, its digest computed again.
    ///
    /// # Errors
    /// [`kinds::BUNDLE_CHANGED`].
    pub fn bytes(&mut self, item: &Item) -> Result<Vec<u8>> {
        let limit = item.bytes.min(MAX_DOCUMENT);
        let bytes = entry(&mut self.zip, &item.file, limit).map_err(|_| changed(&item.file))?;
        match Sha256::of(&bytes) == item.sha256 {
            true => Ok(bytes),
            false => Err(changed(&item.file)),
        }
    }
}

/// The content of an entry, at most `limit` bytes of it: what an entry says of its own size is no promise.
fn entry(zip: &mut ZipArchive<BufReader<File>>, name: &str, limit: u64) -> Result<Vec<u8>, Clause> {
    let broken = |e: &dyn std::fmt::Display| Clause::new("why-entry").with("name", name).with("technical", e);
    let entry = zip.by_name(name).map_err(|e| broken(&e))?;
    let mut bytes = Vec::new();
    entry.take(limit + 1).read_to_end(&mut bytes).map_err(|e| broken(&e))?;
    match bytes.len() as u64 > limit {
        true => Err(Clause::new("why-entry-large").with("name", name)),
        false => Ok(bytes),
    }
}
