//! What is said of a file beside its signatures: the drill and the outage that it states, and a file whose structure is refused.

use super::history::DAMAGED;
use super::value::Value;
use super::{
    Coverage, Integrity, Modifications, Report, Revocation, SignatureReport, TimestampKind, TrustState,
    Verdict, changes, reasons,
};
use crate::error::{Result, kinds};
use crate::locales::Lang;

/// Largest XMP packet, bytes.
const MAX_PACKET: usize = 1_000_000;

/// Drill, outage reference and what has to be said about them.
pub(super) fn facts(walk: &changes::Walk) -> (bool, Option<String>, Vec<&'static str>) {
    let Some(snapshot) = walk.snapshots.last() else { return (false, None, Vec::new()) };
    let Some(number) = snapshot.catalog().get("Metadata").and_then(Value::reference) else {
        return (false, None, Vec::new());
    };
    let packet = snapshot.content(number, MAX_PACKET);
    match packet.map(|packet| crate::pdf::xmp::parse(&packet)) {
        Some(Ok(Some(recovery))) => (recovery.drill, Some(recovery.outage_reference), Vec::new()),
        Some(Ok(None)) => (false, None, Vec::new()),
        _ => (false, None, vec!["metadata_unreadable"]),
    }
}

/// How far from its end a whole file has its end mark, bytes (ISO 32000-1 Annex H, implementation note 18).
const TAIL: usize = 1_024;

/// A file in which nobody can see whether it is signed: locked by a password, or without its end. To call it unsigned would be a
/// guess.
fn unreadable(bytes: &[u8], code: &'static str) -> Result<()> {
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default();
    match code {
        "encrypted_file" => Err(kinds::VERIFY_ENCRYPTED.error()),
        DAMAGED if bytes.starts_with(b"%PDF-") && memchr::memmem::find(tail, b"%%EOF").is_none() => {
            Err(kinds::VERIFY_CUT.error())
        }
        _ => Ok(()),
    }
}

/// A file whose structure is refused: invalid when it is signed, else simply unsigned.
pub(super) fn refused(bytes: &[u8], code: &'static str, lang: Lang) -> Result<Report> {
    // A signed PDF that is cut off or locked is an invalid signature to whoever has to decide, not an unreadable file.
    let marked = bytes.starts_with(b"%PDF-") && memchr::memmem::find(bytes, b"/ByteRange").is_some();
    if !marked {
        unreadable(bytes, code)?;
    }
    let signed = marked || crate::pdf::signature_count(bytes)? > 0;
    let recovery = crate::pdf::recovery(bytes).ok().flatten();
    let drill = recovery.as_ref().is_some_and(|recovery| recovery.drill);
    let outage = recovery.map(|recovery| recovery.outage_reference);
    if !signed {
        return Ok(Report { verdict: Verdict::Unsigned, drill, outage, signatures: Vec::new() });
    }
    let signature = SignatureReport {
        field: String::new(),
        role: None,
        signer: String::new(),
        organization: None,
        reason: None,
        integrity: Integrity::Broken,
        coverage: Coverage::Partial,
        modifications: Modifications::Suspicious,
        trust: TrustState::Unknown,
        revocation: Revocation::Unknown,
        signed_at: None,
        timestamp_at: None,
        timestamp: TimestampKind::None,
        level: None,
        algorithm: String::new(),
        revision: 1,
        sub_indication: reasons::of(code).sub_indication,
        stands_until: None,
        owed: Vec::new(),
        reasons: vec![reasons::reason(code, lang)],
    };
    Ok(Report { verdict: Verdict::Invalid, drill, outage, signatures: vec![signature] })
}
