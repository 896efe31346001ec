//! Certificates that a station trusts, read from its own files.

use std::path::{Path, PathBuf};

use super::path;
use crate::error::{Clause, Error, Result, kinds};

/// Largest file of certificates, bytes, and most certificates in it.
const MAX_FILE: u64 = 4 << 20;
const MAX_CERTIFICATES: usize = 1_000;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Reads certificates, DER or PEM, one or several a file, and gives their DER.
///
/// # Errors
/// [`kinds::TRUST_UNREADABLE`] for a file that holds none or a damaged one; an input error where it cannot be read.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>> {
    let mut out: Vec<Vec<u8>> = Vec::new();
    for path in paths {
        for certificate in file(path)? {
            if !out.contains(&certificate) {
                out.push(certificate);
            }
        }
    }
    Ok(out)
}

fn file(path: &Path) -> Result<Vec<Vec<u8>>> {
    let length = std::fs::metadata(path).map_err(|e| Error::io(path, e))?.len();
    if length > MAX_FILE {
        return Err(unreadable(path, Clause::new("why-bytes").with("bytes", length)));
    }
    let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
    parse(&bytes).map_err(|cause| unreadable(path, cause))
}

fn unreadable(path: &Path, cause: Clause) -> Error {
    kinds::TRUST_UNREADABLE.with("path", path.display()).with("cause", cause)
}

/// The certificates in the bytes of a file.
fn parse(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Clause> {
    let found = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains(BEGIN) => pem(text)?,
        _ => vec![bytes.to_vec()],
    };
    match found.iter().position(|der| !path::is_certificate(der)) {
        None => Ok(found),
        Some(index) => Err(Clause::new("why-no-certificate").with("number", index + 1)),
    }
}

/// What stands around the certificates (names, other objects, comments) is left alone, as other programs leave it.
fn pem(text: &str) -> Result<Vec<Vec<u8>>, Clause> {
    let mut out = Vec::new();
    for part in text.split(BEGIN).skip(1) {
        let at = |why| Clause::new(why).with("number", out.len() + 1);
        let (body, _) = part.split_once(END).ok_or_else(|| at("why-certificate-cut"))?;
        let lines: Vec<&str> = body.split_ascii_whitespace().collect();
        let whole = format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"));
        let (_, der) = der::pem::decode_vec(whole.as_bytes())
            .map_err(|e| at("why-certificate-broken").with("technical", e))?;
        out.push(der);
        if out.len() > MAX_CERTIFICATES {
            return Err(Clause::new("why-many-certificates"));
        }
    }
    Ok(out)
}
