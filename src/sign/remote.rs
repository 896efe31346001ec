//! Signatures whose key is elsewhere: a remote signing service, a token on a machine that must not see documents. Two phases
//! (as in ETSI TS 119 432 for services that sign a hash): the file is prepared here, its signed attributes go away to be signed,
//! and what comes back is put in and looked at.

use serde::{Deserialize, Serialize};

use super::certificate::{Certificate, Checker};
use super::signing::{self, Prepared, Signer};
use super::{Algorithm, Intent, Role, cms};
use crate::document::{Sha256, hex};
use crate::error::{Result, kinds};

/// Version of the order.
const SCHEMA: u32 = 1;
/// Largest signature: RSA with 8,192 bits.
pub const MAX_SIGNATURE: u64 = 4_096;

/// What has to be known to put the signature in, beside the prepared file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    schema: u32,
    /// Whose signature it is.
    pub role: Role,
    /// How the attributes have to be signed.
    pub algorithm: Algorithm,
    /// Certificate of the signer, then the chain above it, DER in hex digits.
    certificates: Vec<String>,
    /// First byte of the gap for the signature, and the first one behind it.
    gap: (usize, usize),
    /// Digest of the prepared file.
    file: Sha256,
    /// Digest of what has to be signed, by the digest of the algorithm, hex digits: for services that take a hash.
    pub digest: String,
}

/// A prepared file, what has to be signed, and the order that brings both together again.
pub struct Asked {
    /// The file with room for its signature.
    pub file: Vec<u8>,
    /// The signed attributes, DER (RFC 5652 5.4).
    pub message: Vec<u8>,
    /// The order.
    pub order: Order,
}

/// Prepares a file for a signature with the key of `certificates`, signer first.
///
/// # Errors
/// As [`signing::prepare`]; a certificate error.
pub fn ask(bytes: Vec<u8>, certificates: &[Vec<u8>], rsa_pss: bool, intent: &Intent) -> Result<Asked> {
    let signer = Signer::elsewhere(certificates, rsa_pss)?;
    let prepared: Prepared = signing::prepare(bytes, &signer, intent)?;
    let (file, message, gap) = prepared.into_parts();
    let algorithm = signer.algorithm();
    let order = Order {
        schema: SCHEMA,
        role: intent.role,
        algorithm,
        certificates: certificates.iter().map(|der| hex(der)).collect(),
        gap,
        file: Sha256::of(&file),
        digest: hex(&algorithm.digest().of(&[&message])),
    };
    Ok(Asked { file, message, order })
}

/// Puts a signature into its prepared file.
///
/// # Errors
/// [`kinds::ORDER_CHANGED`] when file and order do not belong together; [`kinds::REMOTE_SIGNATURE_WRONG`] when the signature is not
/// one of the certificate's key over the attributes of this very file.
pub fn attach(mut file: Vec<u8>, order: &Order, signature: &[u8]) -> Result<Vec<u8>> {
    let changed = |what: &str| kinds::ORDER_CHANGED.with("what", what);
    if order.schema != SCHEMA || Sha256::of(&file) != order.file {
        return Err(changed("file"));
    }
    let certificates = order.certificates.iter().map(|text| bytes_of(text)).collect::<Option<Vec<_>>>();
    let certificates = certificates.ok_or_else(|| changed("certificates"))?;
    let certificates = certificates.iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>>>()?;
    let (signer, chain) = certificates.split_first().ok_or_else(|| changed("certificates"))?;
    let (start, end) = order.gap;
    let (Some(before), Some(behind), Some(gap)) = (file.get(..start), file.get(end..), file.get(start..end))
    else {
        return Err(changed("gap"));
    };
    if !(gap.starts_with(b"<0") && gap.ends_with(b"0>")) {
        return Err(changed("gap"));
    }
    let room = gap.len() - 2;
    let hash = order.algorithm.digest();
    let attributes = cms::signed_attributes(signer, hash, &hash.of(&[before, behind]))?;
    if !Checker::new(signer, order.algorithm)?.holds(&attributes, signature) {
        return Err(kinds::REMOTE_SIGNATURE_WRONG.with("signer", signer.name()));
    }
    let container = cms::assemble(signer, chain, order.algorithm, &attributes, signature)?;
    let digits = hex(&container);
    match file.get_mut(start + 1..start + 1 + digits.len()).filter(|_| digits.len() <= room) {
        Some(place) => place.copy_from_slice(digits.as_bytes()),
        None => return Err(changed("gap")),
    }
    Ok(file)
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
