//! What cryptography, certificates and time stamps say about one signature.

use const_oid::db::rfc5911;
use der::oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};

use super::container::{self, Container};
use super::find::{Found, Kind};
use super::history::Code;
use super::known::Known;
use super::path::{self, Use};
use super::revocation::evidence::Pool;
use super::revocation::{self, Sources, When};
use super::value::{Value, text_string};
use super::{Revocation, TimestampKind, Trust, TrustState, algorithms, cms, structure, tsp};
use crate::fetch::Fetch;

/// How far a claimed time may lie ahead of the clock that it is compared with.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// id-aa-timeStampToken (RFC 3161 appendix A).
const TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const STAMP_RULES: cms::Rules = cms::Rules { content_type: tsp::TST_INFO, bound: false };

/// What the signer is measured by.
pub struct Measure<'m> {
    /// Who is trusted.
    pub trust: &'m Trust,
    /// The time of the check.
    pub at: Timestamp,
    /// The time that the signer claims.
    pub claimed: Timestamp,
    /// The earliest document time stamp over the signature that counts as proof.
    pub proof: Option<Timestamp>,
    /// Validation data of the file.
    pub store: &'m Pool<'m>,
    /// Lists and answers that the station keeps.
    pub cached: &'m Pool<'m>,
    /// The way to ask services.
    pub fetch: &'m dyn Fetch,
    /// What earlier files have shown of certificates.
    pub known: &'m Known,
}

/// What was found out.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Common name.
    pub name: String,
    /// Organization in the certificate.
    pub organization: Option<String>,
    /// Digest and signature algorithm.
    pub algorithm: String,
    /// Whether the certificate leads to an anchor.
    pub trust: TrustState,
    /// The time in a document time stamp.
    pub time: Option<Timestamp>,
    /// Revocation of its certificate and those above.
    pub revocation: Revocation,
    /// Whether all evidence for that stands in the file.
    pub embedded: bool,
    /// A time at which the signature existed for certain, and what proves it.
    pub proof: Option<(Timestamp, TimestampKind)>,
    /// Digest, attributes and signature value hold.
    pub intact: bool,
    /// What does not hold.
    pub codes: Vec<Code>,
}

impl Signer {
    /// Looks at the container of a signature.
    pub fn of(found: &Found, bytes: &[u8], measure: &Measure) -> Self {
        let named = found.dictionary.get("Name").and_then(Value::text).map(text_string).unwrap_or_default();
        let trust =
            if measure.trust.anchors.is_empty() { TrustState::Unknown } else { TrustState::Untrusted };
        let mut out = Self {
            name: named,
            organization: None,
            algorithm: String::new(),
            trust,
            revocation: Revocation::Unknown,
            embedded: false,
            time: None,
            proof: None,
            intact: false,
            codes: Vec::new(),
        };
        let Some(place) = &found.place else { return out };
        // Thousands of signatures over one revision would be hashed for nothing.
        if found.codes.iter().any(|code| matches!(*code, "byte_range_forged" | "signature_wrapped")) {
            return out;
        }
        match found.kind() {
            Kind::Sha1 => out.read_old(bytes.get(place.gap.clone()).unwrap_or_default(), measure),
            Kind::Other => out.codes.push("sub_filter_unknown"),
            kind => {
                let part = |range| bytes.get(range).unwrap_or_default();
                let pieces = [part(0..place.gap.start), part(place.gap.end..place.end)];
                if let Err(code) = out.look(part(place.gap.clone()), &pieces, kind, measure) {
                    out.codes.push(code);
                }
            }
        }
        out
    }

    /// adbe.pkcs7.sha1 and adbe.x509.rsa_sha1 rest on SHA-1 (ISO 32000-2 12.8.3.3.1 withdraws them): read for the name of the
    /// signer, never believed.
    fn read_old(&mut self, gap: &[u8], measure: &Measure) {
        self.codes.push("weak_algorithm");
        let Ok(der) = structure::container(gap) else { return };
        let Ok(container) = container::parse(&der) else { return };
        let Some(certificate) = container.signer() else { return };
        self.name = measure.known.certificate(certificate).name.clone().unwrap_or_default();
        self.certificate(&container, certificate, Kind::Sha1, measure);
    }

    fn look(&mut self, gap: &[u8], pieces: &[&[u8]], kind: Kind, measure: &Measure) -> Result<(), Code> {
        let der = structure::container(gap)?;
        let container = container::parse(&der)?;
        let certificate = container.signer().ok_or("signer_certificate_missing")?;
        let seen = measure.known.certificate(certificate);
        if let Some(name) = &seen.name {
            self.name.clone_from(name);
        }
        self.organization.clone_from(&seen.organization);
        match self.checked(&container, pieces, kind, certificate, &seen) {
            Ok(algorithm) => (self.intact, self.algorithm) = (true, algorithm),
            Err(code) => self.codes.push(code),
        }
        self.certificate(&container, certificate, kind, measure);
        Ok(())
    }

    fn checked(
        &mut self,
        container: &Container,
        pieces: &[&[u8]],
        kind: Kind,
        certificate: &[u8],
        seen: &path::Certificate,
    ) -> Result<String, Code> {
        match (kind, container.content) {
            (Kind::TimeStamp, Some(info)) => {
                self.time = Some(tsp::time(info, pieces).ok_or("digest_mismatch")?);
                cms::check(container, &[info], certificate, seen, STAMP_RULES)
            }
            (Kind::Cades | Kind::Pkcs7, None) => {
                let rules = cms::Rules { content_type: rfc5911::ID_DATA, bound: kind == Kind::Cades };
                cms::check(container, pieces, certificate, seen, rules)
            }
            _ => Err("attributes_wrong"),
        }
    }

    /// The certificate is judged at the earliest time at which the signature is proven to have existed, else now
    /// (EN 319 102-1 5.6.3: best signature time).
    fn certificate(&mut self, container: &Container, certificate: &[u8], kind: Kind, measure: &Measure) {
        let stamps = kind == Kind::TimeStamp;
        if !stamps {
            let own = signature_stamp(container, measure).map(|time| (time, TimestampKind::Signature));
            let document = measure.proof.map(|time| (time, TimestampKind::Document));
            self.proof = own.into_iter().chain(document).min_by_key(|(time, _)| *time);
        }
        let claimed = self.time.unwrap_or(measure.claimed);
        let best = self.proof.map_or(measure.at, |(time, _)| time);
        let late = |limit: Timestamp| claimed > limit.saturating_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX);
        if late(measure.at) {
            self.codes.push("signing_time_in_future");
        } else if late(best) {
            self.codes.push("time_order_wrong");
        }
        let wanted = if stamps { Use::TimeStamps } else { Use::Documents };
        let mut embedded = Pool::of_container(container);
        embedded.extend(measure.store.clone());
        let helpers = helpers(container, &embedded);
        let known = measure.known;
        let finding = known.judge(certificate, &helpers, measure.trust, claimed, best, wanted);
        self.trust = finding.trust;
        self.codes.extend(finding.codes);
        self.codes.extend(algorithms::outdated(known.certificate(certificate).modulus_bits, best));
        let chain: Vec<&[u8]> = finding.chain.iter().map(Vec::as_slice).collect();
        if self.trust == TrustState::Trusted && self.intact && chain.len() > 1 {
            let sources = Sources { embedded: &embedded, cached: measure.cached, fetch: measure.fetch };
            let when = When { at: measure.at, claimed, proof: self.proof.map(|(time, _)| time) };
            let finding = revocation::judge(&chain, sources, when);
            (self.revocation, self.embedded) = (finding.state, finding.embedded);
            self.codes.extend(finding.codes);
        }
    }
}

/// Certificates that may stand between the signer and an anchor.
fn helpers<'a>(container: &Container<'a>, embedded: &'a Pool) -> Vec<&'a [u8]> {
    let stored = embedded.certificates.iter().map(|certificate| certificate.as_ref());
    container.certificates.iter().copied().chain(stored).collect()
}

/// The time of a signature time stamp (EN 319 122-1 5.3) by an authority that is trusted now, or was at the time of a document
/// time stamp over it.
fn signature_stamp(container: &Container, measure: &Measure) -> Option<Timestamp> {
    let token = container::parse(container.unsigned(TOKEN)?.whole).ok()?;
    let info = token.content?;
    let time = tsp::time(info, &[container.signature])?;
    let authority = token.signer()?;
    let seen = measure.known.certificate(authority);
    cms::check(&token, &[info], authority, &seen, STAMP_RULES).ok()?;
    let best = measure.proof.unwrap_or(measure.at);
    let mut embedded = Pool::of_container(&token);
    embedded.extend(measure.store.clone());
    let helpers = helpers(&token, &embedded);
    let finding = measure.known.judge(authority, &helpers, measure.trust, time, best, Use::TimeStamps);
    let in_time = time <= measure.at.saturating_add(CLOCK_SKEW).ok()?;
    let trusted = finding.trust == TrustState::Trusted && finding.codes.is_empty() && in_time;
    let chain: Vec<&[u8]> = finding.chain.iter().map(Vec::as_slice).collect();
    let sources = Sources { embedded: &embedded, cached: measure.cached, fetch: measure.fetch };
    let when = When { at: measure.at, claimed: time, proof: measure.proof };
    // A time stamp whose authority was revoked is no proof; one about which nobody says anything is taken, as a signature is.
    let revoked = || chain.len() > 1 && revocation::judge(&chain, sources, when).state == Revocation::Revoked;
    (trusted && !revoked()).then_some(time)
}
