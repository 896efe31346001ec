//! Two-phase signing of plain files: prepared here, signed wherever the key is, put together here.
//!
//! ```text
//! FILE.prepared.pdf   the file with room for its signature
//! FILE.order.json     whose signature, by which algorithm, over which digest
//! FILE.to-sign        the bytes to be signed, hashing included (the signed attributes of RFC 5652 5.4)
//! FILE.signature      what the service gives back; put there by the person or their script
//! ```

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::{Clause, Error, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::platform;
use crate::profile::RsaPadding;
use crate::sign::certificate::Certificate;
use crate::sign::remote::{self, MAX_SIGNATURE, Order};
use crate::sign::{KeyPolicy, Role};
use crate::station::Workspace;
use crate::verify::Report;

use super::files::{Shared, Signing, keep, output, ready};

/// Largest prepared file and order.
const MAX_FILE: u64 = 1 << 30;
const MAX_ORDER: u64 = 1 << 20;
const PREPARED: &str = "prepared.pdf";
const ORDER: &str = "order.json";
const TO_SIGN: &str = "to-sign";
const SIGNATURE: &str = "signature";

/// Writes what has to be signed into the folder of the request, four names a file.
///
/// # Errors
/// A certificate error before the first file; what single files refuse is told and tallied.
pub fn prepare(
    request: &Signing,
    certificate: &Path,
    workspace: Option<&Workspace>,
    front: &dyn Front,
) -> Result<Tally> {
    request.check()?;
    output::check_names(&request.files, |file| file.file_stem().map(OsString::from))?;
    let certificates = crate::verify::trust::load(&[certificate.to_owned()])?;
    let signer = certificates.first().map(|der| Certificate::parse(der)).transpose()?;
    let signer = signer
        .ok_or_else(|| kinds::CERTIFICATE_UNREADABLE.with("cause", Clause::new("why-certificate-none")))?;
    signer.check_usable(Timestamp::now(), workspace.map_or(0, |w| w.profile.crypto.min_rsa_bits))?;
    workspace.map_or_else(KeyPolicy::default, |w| w.key_policy_for(request.role)).holder.check(&signer)?;
    let rsa_pss = workspace.is_some_and(|w| w.profile.crypto.rsa_padding == RsaPadding::Pss);
    let shared = Shared::of(request, workspace)?;
    let above = certificates.get(1..).unwrap_or_default();
    super::sign::accepted(signer.der(), above, &shared.trust, front.lang())?;
    output::ready(&request.folder)?;
    each(&request.files, front, |file| {
        let (bytes, intent) = ready(file, request, &signer.name(), &shared, front)?;
        let asked = remote::ask(bytes, &certificates, rsa_pss, &intent)?;
        let order = serde_json::to_vec_pretty(&asked.order).map_err(|e| kinds::INTERNAL.with("cause", &e))?;
        let stem = request.folder.join(file.file_stem().unwrap_or_default());
        // The order comes last: where it is, the others are whole.
        platform::write_new(&beside(&stem, PREPARED), &asked.file)?;
        platform::write_new(&beside(&stem, TO_SIGN), &asked.message)?;
        platform::write_new(&beside(&stem, ORDER), &order)?;
        Ok(None)
    })
}

/// What of a request is prepared: the bytes that have to be signed, a file each.
pub fn prepared(request: &Signing) -> Vec<PathBuf> {
    let stems = request.files.iter().map(|file| request.folder.join(file.file_stem().unwrap_or_default()));
    // Where the order is, the others are whole.
    stems.filter(|stem| beside(stem, ORDER).is_file()).map(|stem| beside(&stem, TO_SIGN)).collect()
}

/// Puts the signatures that have come back into their files.
///
/// # Errors
/// A disk error for the folder; what single files refuse is told and tallied. One whose signature is not there yet waits.
pub fn attach(
    from: &Path,
    to: &Path,
    role: Role,
    workspace: Option<&Workspace>,
    front: &dyn Front,
) -> Result<Tally> {
    let trust = workspace.map(Workspace::trust).transpose()?.unwrap_or_default();
    let entries = std::fs::read_dir(from).map_err(|e| Error::io(from, e))?;
    let name = |path: PathBuf| {
        let stem = path.file_name()?.to_str()?.strip_suffix(ORDER)?.strip_suffix('.')?.to_owned();
        Some(path.with_file_name(stem))
    };
    let mut stems: Vec<PathBuf> = entries.filter_map(|entry| name(entry.ok()?.path())).collect();
    stems.sort();
    if stems.is_empty() {
        return Err(kinds::NOTHING_TO_DO.error());
    }
    output::ready(to)?;
    each(&stems, front, |stem| {
        let order = platform::read_limited(&beside(stem, ORDER), MAX_ORDER)?;
        let order: Order = serde_json::from_slice(&order)
            .map_err(|e| kinds::ORDER_CHANGED.with("what", format!("{ORDER}: {e}")))?;
        if order.role != role {
            return Err(kinds::ORDER_CHANGED.with("what", order.role.as_str()));
        }
        let signature = signature(&beside(stem, SIGNATURE))?;
        let file = platform::read_limited(&beside(stem, PREPARED), MAX_FILE)?;
        let signed = remote::attach(file, &order, &signature)?;
        let target = to.join(stem.file_name().unwrap_or_default());
        keep(&signed, &beside(&target, "pdf"), &trust, Timestamp::now(), front).map(Some)
    })
}

fn beside(stem: &Path, end: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

/// The signature as it is, or in base64 as web services give it.
fn signature(path: &Path) -> Result<Vec<u8>> {
    if !path.exists() {
        return Err(kinds::REMOTE_SIGNATURE_MISSING.with("path", path.display()));
    }
    let bytes = platform::read_limited(path, 2 * MAX_SIGNATURE)?;
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let is_text = text.len() > 32 && text.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b));
    Ok(if is_text { unbase64(&text).unwrap_or(bytes) } else { bytes })
}

/// RFC 4648 4.
fn unbase64(text: &[u8]) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.iter().filter(|byte| **byte != b'=');
    let (mut out, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in digits {
        let value = ALPHABET.iter().position(|letter| letter == digit)?;
        word = word << 6 | u32::try_from(value).ok()?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits & 0xFF) as u8);
        }
    }
    Some(out)
}

fn each(
    files: &[PathBuf],
    front: &dyn Front,
    mut work: impl FnMut(&Path) -> Result<Option<Report>>,
) -> Result<Tally> {
    let mut tally = Tally::default();
    front.begin("sign", files.len() as u64);
    for file in files {
        let name = file.display().to_string();
        match work(file) {
            Ok(report) => {
                let last = report.and_then(|report| report.signatures.into_iter().next_back());
                if let Some(signature) = last {
                    front.tell(&Event::new("signature", signature).with("file", &name));
                }
                tally.done += 1;
            }
            Err(error) => {
                front.tell(&Event::error(&error, Some(Subject::File(&name)), front.lang()));
                match error.code() == kinds::REMOTE_SIGNATURE_MISSING.code {
                    true => tally.waiting += 1,
                    false => tally.failed(&error),
                }
            }
        }
        front.advance(1);
    }
    front.end();
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::unbase64;

    #[test]
    fn base64_is_read_as_the_rfc_has_it() {
        for (coded, plain) in [("Zg==", "f"), ("Zm8=", "fo"), ("Zm9vYg==", "foob"), ("TeG6rQ==", "Mậ")] {
            assert_eq!(unbase64(coded.as_bytes()).unwrap(), plain.as_bytes());
        }
        assert_eq!(unbase64(b"!"), None);
    }
}
