//! Certificates out of a signed PDF, in the form that other programs read.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::pem::LineEnding;
use der::{Decode, Encode, SliceReader};
use lopdf::{Document, Object};

use crate::error::{Result, kinds};

/// Most certificates that are taken out of a file.
const MOST: usize = 500;

/// PEM of one object.
///
/// # Errors
/// An internal error only.
pub fn pem(label: &str, der: &[u8]) -> Result<String> {
    der::pem::encode_string(label, LineEnding::LF, der).map_err(|e| kinds::INTERNAL.with("cause", e))
}

/// PEM of several certificates, one behind the other.
///
/// # Errors
/// An internal error only.
pub fn bundle(certificates: &[Vec<u8>]) -> Result<String> {
    certificates.iter().map(|der| pem("CERTIFICATE", der)).collect()
}

/// All certificates of a PDF, each once: those of its signatures and time stamps, and those of its store of evidence (/DSS,
/// ETSI EN 319 142-1 5.4.2.2). What cannot be read is left out: the verdict on the file is somebody else's.
///
/// # Errors
/// A file that is no PDF.
pub fn of_pdf(bytes: &[u8]) -> Result<Vec<Vec<u8>>> {
    let (_, document) = crate::pdf::signatures(bytes)?;
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut take = |der: Vec<u8>| {
        if all.len() < MOST && !all.contains(&der) {
            all.push(der);
        }
    };
    for object in document.objects.values() {
        let Ok(dictionary) = object.as_dict() else { continue };
        let Ok(Object::String(contents, _)) = dictionary.get(b"Contents") else { continue };
        if dictionary.has(b"ByteRange") {
            of_signature(contents).into_iter().for_each(&mut take);
        }
    }
    of_store(&document).into_iter().for_each(&mut take);
    Ok(all)
}

/// Certificates in a signature, which zeros may follow.
fn of_signature(contents: &[u8]) -> Vec<Vec<u8>> {
    let parse = || -> Option<Vec<Vec<u8>>> {
        let mut reader = SliceReader::new(contents).ok()?;
        let whole = ContentInfo::decode(&mut reader).ok()?;
        let signed: SignedData = whole.content.decode_as().ok()?;
        let choices = signed.certificates?.0;
        let der = |choice: &CertificateChoices| match choice {
            CertificateChoices::Certificate(certificate) => certificate.to_der().ok(),
            CertificateChoices::Other(_) => None,
        };
        Some(choices.iter().filter_map(der).collect())
    };
    parse().unwrap_or_default()
}

fn of_store(document: &Document) -> Vec<Vec<u8>> {
    let parse = || -> Option<Vec<Vec<u8>>> {
        let store = document.catalog().ok()?.get(b"DSS").ok()?;
        let (_, store) = document.dereference(store).ok()?;
        let (_, list) = document.dereference(store.as_dict().ok()?.get(b"Certs").ok()?).ok()?;
        let stream = |object: &Object| {
            let (_, stream) = document.dereference(object).ok()?;
            let stream = stream.as_stream().ok()?;
            stream.decompressed_content().ok().or_else(|| Some(stream.content.clone()))
        };
        Some(list.as_array().ok()?.iter().filter_map(stream).collect())
    };
    let found = parse().unwrap_or_default();
    found.into_iter().filter(|der| x509_cert::Certificate::from_der(der).is_ok()).collect()
}
