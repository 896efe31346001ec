//! Tokens and their certificates, as anybody who plugs them in can see them.

use jiff::Timestamp;
use serde::Serialize;

use super::{KeyPolicy, token};
use crate::document::Sha256;
use crate::error::Result;
use crate::sign::certificate::Certificate;

/// A token behind one of the station's modules.
#[derive(Clone, Debug, Serialize)]
pub struct TokenInfo {
    /// Its label, which an address names as `token=`.
    pub label: String,
    /// Its serial number, `serial=`.
    pub serial: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// The PIN is locked.
    pub pin_locked: bool,
    /// One more wrong PIN locks it.
    pub pin_last_try: bool,
    /// Wrong PINs were typed since the last right one.
    pub pin_few_tries: bool,
    /// The PIN is typed on the token itself.
    pub pad: bool,
    /// Number of its slot, which may be another one the next time.
    pub slot: u64,
    /// Its public certificates that can be read.
    pub certificates: Vec<CertificateInfo>,
}

/// A certificate on a token.
#[derive(Clone, Debug, Serialize)]
pub struct CertificateInfo {
    /// Whom it names.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its serial number, hex digits.
    pub serial: String,
    /// Kind of its key with bits.
    pub key: String,
    /// First moment of validity.
    pub from: Timestamp,
    /// Last moment of validity.
    pub until: Timestamp,
    /// Fingerprint.
    pub sha256: Sha256,
    /// It may sign documents now: its time, its use, its kind and length of key, and an accepted issuer.
    pub usable: bool,
}

/// Lists the tokens of all modules that the station allows, without a log-in.
///
/// # Errors
/// A key error of the first module that does not answer.
pub fn list(policy: &KeyPolicy) -> Result<Vec<TokenInfo>> {
    let mut all = Vec::new();
    for module in &policy.modules {
        for seen in token::list(module, policy)? {
            let certificates =
                seen.certificates.iter().filter_map(|der| certificate(der, policy).ok()).collect();
            all.push(TokenInfo {
                label: seen.label,
                serial: seen.serial,
                manufacturer: seen.manufacturer,
                model: seen.model,
                pin_locked: seen.pin_locked,
                pin_last_try: seen.pin_last_try,
                pin_few_tries: seen.pin_few_tries,
                pad: seen.pad,
                slot: seen.slot,
                certificates,
            });
        }
    }
    Ok(all)
}

fn certificate(der: &[u8], policy: &KeyPolicy) -> Result<CertificateInfo> {
    let certificate = Certificate::parse(der)?;
    let (from, until) = certificate.validity()?;
    let accepted = policy.issuers.is_empty() || policy.issuers.contains(&certificate.issuer());
    Ok(CertificateInfo {
        subject: certificate.name(),
        issuer: certificate.issuer(),
        serial: certificate.serial(),
        key: certificate.key_name(),
        from,
        until,
        sha256: Sha256::of(der),
        usable: accepted && certificate.check_usable(Timestamp::now(), policy.min_rsa_bits).is_ok(),
    })
}
