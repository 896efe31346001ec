//! Everything about one document in one ZIP, for somebody who has none of our programs: an auditor, a court, the other side.
//! It is checked with `sha256sum`, `openssl`, `qpdf` and `pdfsig`, by the instructions that lie in it.
//!
//! ```text
//! README.vi.txt README.en.txt   what this is and how it is checked
//! document.pdf                  the latest version
//! revisions/1-build.pdf ...     every version that there was
//! scans/1-name.tif ...          the scans, as they came from the scanner
//! report.vi.html report.en.html report.json   what this program says of the signatures
//! receipts/1.json ...           what the destinations answered
//! journal/000012.entry ...      entries of the journal, the very bytes that their hashes are over
//! journal/proofs.txt            from the hash of each entry to its root (RFC 6962 2.1.1)
//! journal/root-1.bin root-1.tst the 32 bytes of a root, and the time stamp over them (RFC 3161)
//! certificates/                 who signed, who issued, whom the office trusts
//! evidence.json                 all facts for programs
//! SHA256SUMS SHA256SUMS.sig station.pem       digests of all files, signed by the station (ECDSA P-256, SHA-256)
//! ```

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::handover::Identity;
use crate::locales::Lang;
use crate::outage::Outage;
use crate::platform::Staged;
use crate::store::Record;
use crate::store::journal::{Entry, Excerpt, Proven, Root};

pub mod certificates;

/// Version of `evidence.json`.
const SCHEMA: u32 = 1;
const SUMS: &str = "SHA256SUMS";

/// A file of the ZIP.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name, ASCII, with `/`.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Part {
    /// A file.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// A file of the ZIP that lies among the blobs and is read when its turn comes.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Name, ASCII, with `/`.
    pub name: String,
    /// Digest.
    pub sha256: Sha256,
}

/// What the small files tell.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The document.
    pub record: &'a Record,
    /// Its outage, where its route has one.
    pub outage: Option<&'a Outage>,
    /// Its part of the journal.
    pub excerpt: &'a Excerpt,
    /// Name of the office.
    pub office: &'a str,
    /// Name of the station.
    pub station: &'a str,
    /// When it is put together.
    pub made_at: Timestamp,
    /// Whether its scans lie on the machine on which it was taken in.
    pub scans_elsewhere: bool,
}

/// The small files, all but the sums.
///
/// # Errors
/// An internal error only.
pub fn parts(facts: &Facts) -> Result<Vec<Part>> {
    let text =
        |value: &Value| serde_json::to_vec_pretty(value).map_err(|e| kinds::INTERNAL.with("cause", &e));
    let mut parts = vec![
        Part::new("README.vi.txt", readme(facts, Lang::Vi)),
        Part::new("README.en.txt", readme(facts, Lang::En)),
    ];
    for (number, receipt) in (1..).zip(&facts.record.receipts) {
        parts.push(Part::new(format!("receipts/{number}.json"), text(&json!(receipt))?));
    }
    parts.extend(journal(facts.excerpt));
    let evidence = json!({"schema": SCHEMA, "made_at": facts.made_at, "made_by": {"office": facts.office,
        "station": facts.station, "program": concat!("scanseal ", env!("CARGO_PKG_VERSION"))},
        "scans_elsewhere": facts.scans_elsewhere, "record": facts.record, "outage": facts.outage,
        "journal": facts.excerpt});
    parts.push(Part::new("evidence.json", text(&evidence)?));
    Ok(parts)
}

fn readme(facts: &Facts, lang: Lang) -> String {
    let template = match lang {
        Lang::Vi => include_str!("../locales/vi/evidence.txt"),
        Lang::En => include_str!("../locales/en/evidence.txt"),
    };
    let record = facts.record;
    let known = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let values = [
        ("{document}", record.document.clone()),
        ("{number}", known(record.fields.number())),
        ("{date}", known(record.fields.issued_date.map(|date| date.strftime("%d/%m/%Y").to_string()))),
        ("{subject}", known(record.fields.subject.clone())),
        ("{outage}", known(Some(record.outage.clone()).filter(|outage| !outage.is_empty()))),
        ("{state}", record.state.to_string()),
        ("{office}", facts.office.to_owned()),
        ("{station}", facts.station.to_owned()),
        ("{made_at}", facts.made_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ("{stamps}", facts.excerpt.roots.iter().filter(|root| root.token.is_some()).count().to_string()),
        ("{roots}", facts.excerpt.roots.len().to_string()),
    ];
    // What a value holds is no placeholder: each is looked for in the template only.
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                text.extend(value.chars().filter(|c| !c.is_control()));
                rest = &rest[name.len()..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// Name of an entry's file.
fn entry_name(entry: &Entry) -> String {
    format!("{:06}.entry", entry.seq)
}

fn journal(excerpt: &Excerpt) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut proofs, mut lines) = (String::new(), String::new());
    for Proven { entry, root, path } in &excerpt.entries {
        parts.push(Part::new(format!("journal/{}", entry_name(entry)), entry.image()));
        proofs.push_str(&format!("{} {} root-{root}.bin", entry_name(entry), entry.hash));
        for sibling in path {
            proofs.push_str(&format!(" {}:{}", if sibling.left { 'L' } else { 'R' }, sibling.hash));
        }
        proofs.push('\n');
        let at = Timestamp::from_microsecond(entry.at).unwrap_or_default();
        lines.push_str(&format!(
            "{} {at} {} {} {} {}\n",
            entry.seq, entry.station, entry.actor, entry.event, entry.detail
        ));
    }
    parts.push(Part::new("journal/proofs.txt", proofs));
    parts.push(Part::new("journal/journal.txt", lines));
    excerpt.roots.iter().for_each(|root| parts.extend(root_parts(root)));
    parts
}

fn root_parts(root: &Root) -> Vec<Part> {
    let name = format!("journal/root-{}", root.ordinal);
    let token = root.token.as_deref().and_then(bytes).map(|token| Part::new(format!("{name}.tst"), token));
    let root = Part::new(format!("{name}.bin"), bytes(&root.root).unwrap_or_default());
    [Some(root), token].into_iter().flatten().collect()
}

/// The bytes that hex digits spell.
pub fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    (0..hex.len()).step_by(2).map(pair).collect()
}

/// A name for a file of the ZIP: ASCII that no program takes for anything else.
pub fn plain_name(name: &str) -> String {
    let plain: String = crate::register::folded(name)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' })
        .take(100)
        .collect();
    plain.trim_start_matches('.').to_owned()
}

/// Writes the ZIP to a new file; `read` gives the bytes of what lies among the blobs, one after the other. Gives the digest of
/// its sums.
///
/// # Errors
/// A disk error; what `read` fails with. There is no file then.
pub fn write(
    path: &Path,
    parts: Vec<Part>,
    stored: &[Stored],
    identity: &Identity,
    mut read: impl FnMut(&Sha256) -> Result<Vec<u8>>,
) -> Result<Sha256> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (staged, sums) = Staged::write(folder, |file| {
        let mut zip = ZipWriter::new(file);
        let mut sums = String::new();
        let mut add = |part: Part, method: CompressionMethod| -> Result<()> {
            sums.push_str(&format!("{}  {}\n", Sha256::of(&part.bytes), part.name));
            put(&mut zip, path, &part, method)
        };
        for part in parts {
            add(part, CompressionMethod::Deflated)?;
        }
        for one in stored {
            // Scans and PDFs are compressed inside.
            add(Part::new(&one.name, read(&one.sha256)?), CompressionMethod::Stored)?;
        }
        let station = certificates::pem("PUBLIC KEY", identity.public())?;
        add(Part::new("station.pem", station), CompressionMethod::Deflated)?;
        let signature = identity.sign(sums.as_bytes())?;
        let digest = Sha256::of(sums.as_bytes());
        put(&mut zip, path, &Part::new(SUMS, sums), CompressionMethod::Deflated)?;
        put(&mut zip, path, &Part::new(format!("{SUMS}.sig"), signature), CompressionMethod::Stored)?;
        zip.finish().map_err(|e| Error::io(path, std::io::Error::other(e)))?;
        Ok(digest)
    })?;
    staged.publish(path)?;
    Ok(sums)
}

fn put<W: Write + std::io::Seek>(
    zip: &mut ZipWriter<W>,
    path: &Path,
    part: &Part,
    method: CompressionMethod,
) -> Result<()> {
    let options = SimpleFileOptions::default().compression_method(method).large_file(true);
    zip.start_file(&*part.name, options).map_err(|e| Error::io(path, std::io::Error::other(e)))?;
    zip.write_all(&part.bytes).map_err(|e| Error::io(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_cannot_leave_the_folder() {
        assert_eq!(plain_name("Kế hoạch thu gom.tif"), "ke_hoach_thu_gom.tif");
        assert_eq!(plain_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(bytes("00ff"), Some(vec![0, 255]));
        assert_eq!(bytes("0"), None);
    }
}
