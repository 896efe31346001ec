//! The bundle for the IT unit: what helps to help, and nothing that is nobody's business. It is built from what is known to
//! be harmless, never by taking secrets out of something bigger.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::error::{Error, Result, kinds};
use crate::pipeline::Desk;
use crate::sign::key::{KeyUri, Place};
use crate::station::{Key, Workspace};

use super::Line;

/// Newest journal entries in the bundle.
const ENTRIES: i64 = 500;

/// A ZIP with versions, the station in outline, the examination by its codes, the journal by its events, and the errors of
/// deliveries. No text of people, no names, no paths, no PINs: codes and counts only.
///
/// # Errors
/// A store error.
pub async fn bundle(workspace: Option<&Workspace>, desk: Option<&Desk>, lines: &[Line]) -> Result<Vec<u8>> {
    let mut files = vec![("versions.json", versions()), ("examination.json", examination(lines))];
    if let Some(workspace) = workspace {
        files.push(("station.json", station(workspace)));
    }
    if let Some(desk) = desk {
        files.push(("journal.json", journal(desk).await?));
        files.push(("queue.json", queue(desk).await?));
    }
    archive(&files)
}

fn versions() -> Value {
    json!({"scanseal": env!("CARGO_PKG_VERSION"), "system": std::env::consts::OS, "machine": std::env::consts::ARCH})
}

fn examination(lines: &[Line]) -> Value {
    let line = |line: &Line| json!({"check": line.check, "health": line.health, "code": line.code});
    lines.iter().map(line).collect()
}

/// Kinds and counts of what is configured; the words behind them stay at home.
fn station(workspace: &Workspace) -> Value {
    let station = &workspace.station;
    let destination = |d: &crate::upload::Config| json!({"kind": d.kind, "required": d.required, "minimum": d.minimum(), "drill": d.drill});
    json!({
        "profile": workspace.profile.id,
        "profile_version": workspace.profile.version,
        "store": station.store.split(':').next(),
        "keys": {"personal": key(station.keys.personal.as_ref()), "organization": key(station.keys.organization.as_ref())},
        "modules": station.token.modules.len(),
        "anchors": workspace.trust_files().map(|files| files.len()).unwrap_or_default(),
        "timestamp_services": station.timestamp.len(),
        "destinations": station.destination.iter().map(destination).collect::<Vec<_>>(),
        "support": station.support.is_some(),
    })
}

fn key(key: Option<&Key>) -> &'static str {
    match key.map(|key| key.uri.parse::<KeyUri>()) {
        None => "none",
        Some(Ok(KeyUri { place: Place::Token(_), .. })) => "pkcs11",
        Some(Ok(KeyUri { place: Place::File(_), .. })) => "p12",
        Some(Err(_)) => "unreadable",
    }
}

/// Events and times; what they were about is left out.
async fn journal(desk: &Desk) -> Result<Value> {
    let entries = desk.store.last_entries(ENTRIES).await?;
    let entry = |e: &crate::store::journal::Entry| json!({"seq": e.seq, "at": e.at, "event": e.event, "document": e.document, "hash": e.hash});
    Ok(entries.iter().map(entry).collect())
}

async fn queue(desk: &Desk) -> Result<Value> {
    let destinations = desk.store.destinations(&desk.workspace.station.destination).await?;
    let state = |d: &crate::store::DestinationState| json!({"state": d.state, "until": d.until, "queued": d.queued, "delivered": d.delivered, "dead": d.dead});
    Ok(json!({
        "destinations": destinations.iter().map(state).collect::<Vec<_>>(),
        "errors": desk.store.delivery_errors().await?,
    }))
}

fn archive(files: &[(&str, Value)]) -> Result<Vec<u8>> {
    let fault = |e: String| -> Error { kinds::INTERNAL.with("cause", e) };
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, value) in files {
        let text = serde_json::to_string_pretty(value).map_err(|e| fault(e.to_string()))?;
        zip.start_file(*name, SimpleFileOptions::default()).map_err(|e| fault(e.to_string()))?;
        zip.write_all(text.as_bytes()).map_err(|e| fault(e.to_string()))?;
    }
    Ok(zip.finish().map_err(|e| fault(e.to_string()))?.into_inner())
}
