//! The evidence about one document is put together, and the journal's roots get their time stamps.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use crate::document::{Document, DocumentId, Finding, Severity, Sha256};
use crate::error::{Error, Result, kinds};
use crate::evidence::{self, Facts, Part, Stored, certificates};
use crate::fetch::Web;
use crate::handover::Identity;
use crate::locales::Lang;
use crate::report::verdict;
use crate::sign::timestamp::Services;
use crate::store::journal::JournalCheck;
use crate::store::{Record, Revision};
use crate::verify::clerk::Voice;
use crate::verify::{self, Verifier, stamp};

use super::Desk;

/// What an export came to.
#[derive(Debug)]
pub struct Exported {
    /// Digest of its sums, which the journal keeps.
    pub sums: Sha256,
    /// Fingerprint of the station's key that signed them.
    pub station: Sha256,
    /// Files in it.
    pub files: usize,
    /// What went wrong with the time stamp of the journal's root; the export is whole without it.
    pub notes: Vec<Error>,
}

/// Writes everything about a document into a new ZIP.
///
/// # Errors
/// [`kinds::DOCUMENT_UNKNOWN`], [`kinds::NOT_BUILT`]; a blob that is missing or damaged; a disk error.
pub async fn export(desk: &Desk, id: DocumentId, output: &Path) -> Result<Exported> {
    let stored = desk.store.document(id).await?;
    let latest = desk.store.latest(&stored).await?;
    desk.store.close_root().await?;
    let notes = stamp_roots(desk).await?;
    let record = desk.store.record(id).await?;
    let outage = match record.outage.is_empty() {
        true => None,
        false => Some(desk.store.outage(&record.outage).await?),
    };
    let excerpt = desk.store.excerpt(id).await?;
    let made_at = Timestamp::now();
    let scans_elsewhere = desk.store.origin(id).await?.is_some();
    let facts = Facts {
        record: &record,
        outage: outage.as_ref(),
        excerpt: &excerpt,
        office: &desk.workspace.station.office.name,
        station: &desk.workspace.station.station.name,
        made_at,
        scans_elsewhere,
    };
    let mut parts = evidence::parts(&facts)?;
    parts.extend(verdicts(desk, &latest, made_at)?);
    parts.extend(certificate_parts(desk, &latest)?);
    let blobs = listed(&record, &stored.document, scans_elsewhere);
    let identity = Identity::of(&desk.workspace.root)?;
    let (files, station) = (parts.len() + blobs.len() + 3, identity.fingerprint());
    let (store, path) = (desk.store.blobs().clone(), output.to_owned());
    let write = move || evidence::write(&path, parts, &blobs, &identity, |sha256| store.read(sha256));
    let sums = tokio::task::spawn_blocking(write).await.map_err(|e| kinds::INTERNAL.with("cause", &e))??;
    desk.store.note("evidence_exported", Some(id), json!({"sums": sums})).await?;
    Ok(Exported { sums, station, files, notes })
}

/// What this program says of the latest version, for people and for programs.
fn verdicts(desk: &Desk, latest: &[u8], at: Timestamp) -> Result<Vec<Part>> {
    let trust = desk.workspace.trust()?;
    let mut parts = Vec::new();
    for (lang, name) in [(Lang::Vi, "vi"), (Lang::En, "en")] {
        let report = verify::report(latest, &trust, at, lang)?;
        if lang == Lang::En {
            let json = serde_json::to_vec_pretty(&report).map_err(|e| kinds::INTERNAL.with("cause", &e))?;
            parts.push(Part::new("report.json", json));
        }
        let offset = desk.workspace.profile.utc_offset_minutes;
        let voice = Voice { lang, utc_offset_minutes: offset, strict: false, receiver: true };
        let (file, sha256) = ("document.pdf".to_owned(), Sha256::of(latest));
        let files = [verdict::Checked { name: file, subject: None, sha256, report }];
        let page = verdict::html(&verdict::Facts { files: &files, at, voice });
        parts.push(Part::new(format!("report.{name}.html"), page));
    }
    Ok(parts)
}

fn certificate_parts(desk: &Desk, latest: &[u8]) -> Result<Vec<Part>> {
    let trust = desk.workspace.trust()?;
    let mut chain = certificates::of_pdf(latest)?;
    chain.extend(trust.intermediates.iter().cloned());
    Ok(vec![
        Part::new("certificates/in-the-document.pem", certificates::bundle(&chain)?),
        Part::new("certificates/trusted-by-the-office.pem", certificates::bundle(&trust.anchors)?),
    ])
}

/// Files that lie among the blobs. A version that was there twice (opened again and built the same) stands there twice.
fn listed(record: &Record, document: &Document, scans_elsewhere: bool) -> Vec<Stored> {
    let mut all = Vec::new();
    if let Some(latest) = record.latest() {
        all.push(Stored { name: "document.pdf".to_owned(), sha256: latest.sha256.clone() });
    }
    let version = |(number, revision): (usize, &Revision)| Stored {
        name: format!("revisions/{number}-{}.pdf", evidence::plain_name(&revision.reason)),
        sha256: revision.sha256.clone(),
    };
    all.extend((1..).zip(&record.revisions).map(version));
    if scans_elsewhere {
        return all;
    }
    let dropped = document.dropped.iter().map(|dropped| &dropped.page);
    let pages: Vec<_> = document.pages.iter().chain(&document.separators).chain(dropped).collect();
    for (number, sha256) in (1..).zip(&record.source_sha256) {
        let page = pages.iter().find(|page| page.source_sha256 == *sha256).map(|page| &page.source_name);
        let kept = || document.born.iter().flat_map(|born| born.files()).find(|file| file.sha256 == *sha256);
        let name = page.or_else(|| kept().map(|file| &file.name)).map(String::as_str).unwrap_or_default();
        let name = format!("scans/{number}-{}", evidence::plain_name(name));
        all.push(Stored { name, sha256: sha256.clone() });
    }
    all
}

/// Number of a root, and its token.
type Stamped = (i64, Vec<u8>);

/// Asks for the time stamps that roots still lack, newest first; a service that is away leaves them owed. Gives what went wrong.
///
/// # Errors
/// A store error; a certificate file of the station that cannot be read.
pub async fn stamp_roots(desk: &Desk) -> Result<Vec<Error>> {
    let urls: Vec<String> = desk.workspace.station.timestamp.iter().map(|s| s.url.clone()).collect();
    let roots = desk.store.roots().await?;
    let open: Vec<_> = roots.into_iter().rev().filter(|root| root.token.is_none()).collect();
    if urls.is_empty() || open.is_empty() {
        return Ok(Vec::new());
    }
    let trust = desk.workspace.trust()?;
    let ask = move || -> Result<(Vec<Stamped>, Vec<Error>)> {
        let services = Services::new(&urls, Box::new(Web::default()), &trust)?;
        let mut tokens = Vec::new();
        for root in open {
            let bytes = evidence::bytes(&root.root).unwrap_or_default();
            match services.stamp(&[&bytes])? {
                Some(token) => tokens.push((root.ordinal, token.der)),
                None => break,
            }
        }
        Ok((tokens, services.notes()))
    };
    let asked = tokio::task::spawn_blocking(ask).await.map_err(|e| kinds::INTERNAL.with("cause", &e))?;
    // A wrong clock is told; the journal is whole all the same.
    let (tokens, notes) = match asked {
        Ok(asked) => asked,
        Err(error) => return Ok(vec![error]),
    };
    for (ordinal, token) in tokens {
        desk.store.keep_root_token(ordinal, &token).await?;
    }
    Ok(notes)
}

/// The journal with all that can be said of it: chain, rows, roots, and the time stamps of roots.
///
/// # Errors
/// A store error; what was found is in the result.
pub async fn check_journal(desk: &Desk) -> Result<JournalCheck> {
    let mut check = desk.store.audit_journal().await?;
    let (now, anybody) = (Timestamp::now(), Verifier::default());
    for root in desk.store.roots().await? {
        let Some(token) = &root.token else { continue };
        let (token, bytes) = (evidence::bytes(token).unwrap_or_default(), evidence::bytes(&root.root));
        // Whom the office trusts may have changed since; whether it is a stamp over this root has not.
        if stamp::look(&token, &[&bytes.unwrap_or_default()], &anybody, now).is_err() {
            let finding = Finding::new("journal_stamp_wrong", None, Severity::Hold);
            check.faults.push(finding.with("root", root.ordinal));
        }
    }
    Ok(check)
}
