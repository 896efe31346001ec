//! What cryptography, certificates and time stamps say about one signature.

use const_oid::db::rfc5911;
use der::oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};

use super::container::{self, Container};
use super::content::{Begun, Content};
use super::find::{Found, Kind};
use super::history::Code;
use super::learned::Learned;
use super::needs::{Ledger, Need};
use super::path::{self, Use};
use super::revocation::evidence::{Known, Piece, Pool, Proof};
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
    pub proof: Option<Proof>,
    /// The revision, counted from 0, that the signature closes.
    pub closed: usize,
    /// Since when pieces of the file are proven to exist.
    pub known: &'m Known,
    /// Validation data of the file.
    pub store: &'m Pool<'m>,
    /// Lists and answers that the station keeps.
    pub cached: &'m Pool<'m>,
    /// The way to ask services.
    pub fetch: &'m dyn Fetch,
    /// What earlier files have shown of certificates.
    pub learned: &'m Learned,
    /// What was hashed of the file.
    pub begun: &'m Begun,
    /// Takes the paths that are judged, under this key.
    pub ledger: Option<(&'m Ledger, String)>,
}

impl Measure<'_> {
    /// Until when a certificate proves anything.
    fn end(&self, certificate: &[u8]) -> Option<Timestamp> {
        algorithms::end(&self.learned.certificate(certificate))
    }

    /// Remembers that evidence about a path is needed.
    fn note(&self, container: &Container, chain: &[&[u8]], stamps: bool, when: When, embedded: bool) {
        if let Some((ledger, entry)) = &self.ledger {
            let own = |list: &[&[u8]]| list.iter().map(|der| der.to_vec()).collect();
            let (chain, carried) = (own(chain), own(&container.certificates));
            ledger.note(Need { entry: entry.clone(), chain, carried, stamps, when, embedded });
        }
    }
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
    /// Until when its own certificate, or that of the authority whose time stamp proves its time, proves anything.
    pub until: Option<Timestamp>,
    /// Whether the same holds for the authority of the time stamp that proves its time.
    pub stamp_embedded: bool,
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
            until: None,
            stamp_embedded: false,
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
                let (start, rest) = (part(0..place.gap.start), part(place.gap.end..place.end));
                let content = Content::Covered { start, rest, begun: measure.begun };
                if let Err(code) = out.look(part(place.gap.clone()), content, kind, measure) {
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
        self.name = measure.learned.certificate(certificate).name.clone().unwrap_or_default();
        self.certificate(&container, certificate, Kind::Sha1, measure);
    }

    fn look(&mut self, gap: &[u8], content: Content, kind: Kind, measure: &Measure) -> Result<(), Code> {
        let der = structure::container(gap)?;
        let container = container::parse(&der)?;
        let certificate = container.signer().ok_or("signer_certificate_missing")?;
        let seen = measure.learned.certificate(certificate);
        if let Some(name) = &seen.name {
            self.name.clone_from(name);
        }
        self.organization.clone_from(&seen.organization);
        match self.checked(&container, content, kind, certificate, &seen) {
            Ok(algorithm) => (self.intact, self.algorithm) = (true, algorithm),
            Err(code) => self.codes.push(code),
        }
        self.certificate(&container, certificate, kind, measure);
        Ok(())
    }

    fn checked(
        &mut self,
        container: &Container,
        content: Content,
        kind: Kind,
        certificate: &[u8],
        seen: &path::Certificate,
    ) -> Result<String, Code> {
        match (kind, container.content) {
            (Kind::TimeStamp, Some(info)) => {
                self.time = Some(tsp::time(info, content).ok_or("digest_mismatch")?);
                cms::check(container, Content::Pieces(&[info]), certificate, seen, STAMP_RULES)
            }
            (Kind::Cades | Kind::Pkcs7, None) => {
                let rules = cms::Rules { content_type: rfc5911::ID_DATA, bound: kind == Kind::Cades };
                cms::check(container, content, certificate, seen, rules)
            }
            _ => Err("attributes_wrong"),
        }
    }

    /// The certificate is judged at the earliest time at which the signature is proven to have existed, else now
    /// (EN 319 102-1 5.6.3: best signature time).
    fn certificate(&mut self, container: &Container, certificate: &[u8], kind: Kind, measure: &Measure) {
        let stamps = kind == Kind::TimeStamp;
        if !stamps {
            let own = signature_stamp(container, measure).map(|stamp| (stamp, TimestampKind::Signature));
            let document = measure.proof.map(|proof| (proof, TimestampKind::Document));
            let first = own.into_iter().chain(document).min_by_key(|(proof, _)| proof.time);
            self.proof = first.map(|(proof, kind)| (proof.time, kind));
            self.stamp_embedded = first.is_some_and(|(proof, _)| proof.embedded);
            self.until = first.map_or_else(|| measure.end(certificate), |(proof, _)| proof.until);
        } else {
            self.proof = measure.proof.map(|proof| (proof.time, TimestampKind::Document));
            self.until = measure.end(certificate);
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
        let mut embedded = Pool::of_container(container, measure.closed);
        embedded.extend(measure.store.clone());
        let helpers = helpers(container, &embedded);
        let learned = measure.learned;
        let finding = learned.judge(certificate, &helpers, measure.trust, claimed, best, wanted);
        self.trust = finding.trust;
        self.codes.extend(finding.codes);
        self.codes.extend(algorithms::outdated(learned.certificate(certificate).modulus_bits, best));
        let chain: Vec<&[u8]> = finding.chain.iter().map(Vec::as_slice).collect();
        if self.trust == TrustState::Trusted && self.intact && chain.len() > 1 {
            self.codes.extend(unproven(&chain, container, &embedded, measure));
            let when = When { at: measure.at, claimed, proof: self.proof.map(|(time, _)| time) };
            let finding = revocation::judge(&chain, sources(&embedded, measure), when);
            measure.note(container, &chain, stamps, when, finding.embedded);
            (self.revocation, self.embedded) = (finding.state, finding.embedded);
            self.codes.extend(finding.codes);
        }
        // An anchor itself is trusted by decision; nothing has to be known about it.
        self.embedded |= self.trust == TrustState::Trusted && self.intact && chain.len() <= 1;
    }
}

/// Certificates that may stand between the signer and an anchor.
fn helpers<'a>(container: &Container<'a>, embedded: &'a Pool) -> Vec<&'a [u8]> {
    let stored = embedded.certificates.iter().map(|certificate| certificate.der.as_ref());
    container.certificates.iter().copied().chain(stored).collect()
}

fn sources<'s>(embedded: &'s Pool<'s>, measure: &'s Measure<'s>) -> Sources<'s> {
    let Measure { cached, known, fetch, .. } = *measure;
    Sources { embedded, cached, known, fetch }
}

/// A certificate between signer and anchor that the file brings counts only where it is proven to have existed before the end
/// of the one above: afterwards anybody may hold that key (EN 319 102-1 5.6.2.1). The signer's own is bound by the signature.
fn unproven(chain: &[&[u8]], container: &Container, embedded: &Pool, measure: &Measure) -> Option<Code> {
    let since = |der: &[u8]| {
        let carried = container.certificates.contains(&der).then_some(measure.closed + 1);
        let stored = embedded.certificates.iter().filter(|piece| piece.der == der);
        carried.into_iter().chain(stored.filter_map(|piece: &Piece| piece.since)).min()
    };
    let late = |pair: &[&[u8]]| match (pair, since(pair[0])) {
        ([_, issuer], Some(since)) => {
            let until = measure.learned.certificate(issuer).validity.map(|(_, until)| until);
            let until = until.and_then(|until| Timestamp::from_second(until).ok());
            until.is_some_and(|until| measure.known.of(Some(since)) > until)
        }
        _ => false,
    };
    let between = chain.get(1..).unwrap_or_default();
    between.windows(2).any(late).then_some("certificate_no_poe")
}

/// The time of a signature time stamp (EN 319 122-1 5.3) by an authority that is trusted now, or was at the time of a document
/// time stamp over it.
fn signature_stamp(container: &Container, measure: &Measure) -> Option<Proof> {
    let token = container::parse(container.unsigned(TOKEN)?.whole).ok()?;
    let info = token.content?;
    let time = tsp::time(info, Content::Pieces(&[container.signature]))?;
    let authority = token.signer()?;
    let seen = measure.learned.certificate(authority);
    cms::check(&token, Content::Pieces(&[info]), authority, &seen, STAMP_RULES).ok()?;
    let proof = measure.proof.map(|proof| proof.time);
    let best = proof.unwrap_or(measure.at);
    let mut embedded = Pool::of_container(&token, measure.closed);
    embedded.extend(measure.store.clone());
    let helpers = helpers(&token, &embedded);
    let finding = measure.learned.judge(authority, &helpers, measure.trust, time, best, Use::TimeStamps);
    let in_time = time <= measure.at.saturating_add(CLOCK_SKEW).ok()?;
    let trusted = finding.trust == TrustState::Trusted && finding.codes.is_empty() && in_time;
    let chain: Vec<&[u8]> = finding.chain.iter().map(Vec::as_slice).collect();
    let when = When { at: measure.at, claimed: time, proof };
    if !trusted || unproven(&chain, &token, &embedded, measure).is_some() {
        return None;
    }
    if chain.len() <= 1 {
        return Some(Proof { revision: measure.closed, time, until: measure.end(authority), embedded: true });
    }
    // A time stamp whose authority was revoked is no proof; one about which nobody says anything is taken, as a signature is.
    let finding = revocation::judge(&chain, sources(&embedded, measure), when);
    measure.note(&token, &chain, true, when, finding.embedded);
    let (revision, until) = (measure.closed, measure.end(authority));
    let proof = Proof { revision, time, until, embedded: finding.embedded };
    (finding.state != Revocation::Revoked).then_some(proof)
}
