//! From bytes to a report: structure, then cryptography, then trust, then what came after.

use jiff::{SignedDuration, Timestamp};

use super::changes::Walk;
use super::container::{self, Container};
use super::find::{Found, Kind};
use super::history::Code;
use super::path::{self, Use};
use super::structure;
use super::value::{Value, text_string};
use super::{
    Coverage, Integrity, Modifications, Revocation, SignatureReport, TimestampKind, Trust, TrustState,
    Verdict, cms, fields, reasons, tsp,
};
use crate::locales::Lang;

/// How far a claimed time may lie ahead of this clock.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// All that the signatures of one file share.
pub struct Case<'c> {
    /// The file.
    pub bytes: &'c [u8],
    /// Who is trusted.
    pub trust: &'c Trust,
    /// The time of the check.
    pub at: Timestamp,
    /// The language of the sentences.
    pub lang: Lang,
    /// The revisions.
    pub walk: &'c Walk<'c>,
    /// What holds for every signature.
    pub common: &'c [Code],
    /// /P of the certification and the revision that it closes.
    pub certified: Option<(i64, usize)>,
}

/// What cryptography and certificates say.
struct Signer {
    name: String,
    algorithm: String,
    trust: TrustState,
    time: Option<Timestamp>,
    intact: bool,
    codes: Vec<Code>,
}

/// What came after a signature.
struct After {
    level: Modifications,
    further: bool,
    codes: Vec<Code>,
}

impl Case<'_> {
    /// Judges one signature; gives its report and what it means for the file.
    pub fn judge(&self, found: &Found) -> (SignatureReport, Verdict) {
        let signed_at = found.dictionary.get("M").and_then(Value::text).and_then(fields::date);
        let kind = found.kind();
        let signer = self.signer(found, kind, signed_at.unwrap_or(self.at));
        let after = self.after(found);
        let mut codes: Vec<Code> = Vec::new();
        let own = found.codes.iter().chain(&after.codes).chain(self.common).chain(&signer.codes);
        own.for_each(|code| add(&mut codes, code));
        let (verdict, sub_indication) = reasons::verdict(&codes);
        let is_signature = kind != Kind::TimeStamp;
        notes(&mut codes, signed_at.is_some(), after.further, kind);
        let place = found.place.as_ref();
        let proven = signer.time.filter(|_| signer.intact && verdict == Verdict::Valid);
        let report = SignatureReport {
            field: found.name.clone(),
            role: match kind {
                Kind::TimeStamp => Some("timestamp".to_owned()),
                _ => fields::role(&found.name).map(str::to_owned),
            },
            signer: signer.name,
            integrity: if signer.intact { Integrity::Intact } else { Integrity::Broken },
            coverage: match place {
                None => Coverage::Partial,
                Some(place) if place.end == self.bytes.len() => Coverage::EntireFile,
                Some(_) => Coverage::EntireRevision,
            },
            modifications: after.level,
            trust: signer.trust,
            revocation: Revocation::Unknown,
            signed_at,
            timestamp_at: proven,
            timestamp: if proven.is_some() { TimestampKind::Document } else { TimestampKind::None },
            level: (kind == Kind::Cades && signer.intact).then(|| "B-B".to_owned()),
            algorithm: signer.algorithm,
            revision: place.map_or(found.first_seen, |place| place.revision) + 1,
            sub_indication,
            owed: if is_signature && verdict != Verdict::Invalid {
                vec!["revocation", "timestamp"]
            } else {
                Vec::new()
            },
            reasons: codes.iter().map(|code| reasons::reason(code, self.lang)).collect(),
        };
        (report, verdict)
    }

    /// Digest, attributes, signature value, certificate.
    fn signer(&self, found: &Found, kind: Kind, claimed: Timestamp) -> Signer {
        let named = found.dictionary.get("Name").and_then(Value::text).map(text_string).unwrap_or_default();
        let mut out = Signer {
            name: named,
            algorithm: String::new(),
            trust: if self.trust.anchors.is_empty() { TrustState::Unknown } else { TrustState::Untrusted },
            time: None,
            intact: false,
            codes: Vec::new(),
        };
        let Some(place) = &found.place else { return out };
        // Thousands of signatures over one revision would be hashed for nothing.
        if found.codes.iter().any(|code| matches!(*code, "byte_range_forged" | "signature_wrapped")) {
            return out;
        }
        match kind {
            Kind::Sha1 => out.codes.push("weak_algorithm"),
            Kind::Other => out.codes.push("sub_filter_unknown"),
            _ => {}
        }
        if !out.codes.is_empty() {
            return out;
        }
        let part = |range| self.bytes.get(range).unwrap_or_default();
        let pieces = [part(0..place.gap.start), part(place.gap.end..place.end)];
        match structure::container(part(place.gap.clone())) {
            Ok(der) => match container::parse(&der) {
                Ok(container) => self.contained(&container, &pieces, kind, claimed, &mut out),
                Err(code) => out.codes.push(code),
            },
            Err(code) => out.codes.push(code),
        }
        out
    }

    fn contained(
        &self,
        container: &Container,
        pieces: &[&[u8]],
        kind: Kind,
        claimed: Timestamp,
        out: &mut Signer,
    ) {
        let Some(certificate) = container.signer() else {
            out.codes.push("signer_certificate_missing");
            return;
        };
        if let Some(name) = path::name(certificate) {
            out.name = name;
        }
        let checked = match (kind, container.content) {
            (Kind::TimeStamp, Some(info)) => {
                out.time = tsp::time(info, pieces);
                let rules = cms::Rules { content_type: tsp::TST_INFO, bound: false };
                match out.time {
                    Some(_) => cms::check(container, &[info], certificate, rules),
                    None => Err("digest_mismatch"),
                }
            }
            (Kind::Cades | Kind::Pkcs7, None) => {
                let content_type = const_oid::db::rfc5911::ID_DATA;
                let rules = cms::Rules { content_type, bound: kind == Kind::Cades };
                cms::check(container, pieces, certificate, rules)
            }
            _ => Err("attributes_wrong"),
        };
        match checked {
            Ok(algorithm) => {
                out.intact = true;
                out.algorithm = algorithm;
            }
            Err(code) => out.codes.push(code),
        }
        let wanted = if kind == Kind::TimeStamp { Use::TimeStamps } else { Use::Documents };
        let claimed = out.time.unwrap_or(claimed);
        if claimed > self.at.saturating_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX) {
            out.codes.push("signing_time_in_future");
        }
        let finding = path::judge(certificate, &container.certificates, self.trust, claimed, self.at, wanted);
        out.trust = finding.trust;
        out.codes.extend(finding.codes);
    }

    /// The steps of the later revisions, under the rules of a certification if there is one.
    fn after(&self, found: &Found) -> After {
        let mut after = After { level: Modifications::None, further: false, codes: Vec::new() };
        let closed = found.place.as_ref().map_or(found.first_seen, |place| place.revision);
        for (index, step) in self.walk.steps.iter().enumerate().skip(closed + 1) {
            after.level = after.level.max(step.level);
            after.further |= step.signature;
            step.codes.iter().for_each(|code| add(&mut after.codes, code));
            if let Some((p, _)) = self.certified.filter(|(_, certified)| index > *certified) {
                if step.codes.contains(&"annotation_added") {
                    add(&mut after.codes, "annotation_after_certification");
                }
                if step.signature && (p == 1 || step.visible) {
                    add(&mut after.codes, "signature_after_certification");
                }
            }
        }
        after
    }
}

/// What is good to know beside the verdict.
fn notes(codes: &mut Vec<Code>, timed: bool, further: bool, kind: Kind) {
    if kind == Kind::TimeStamp {
        add(codes, "timestamp_not_judged");
    } else {
        if !timed {
            add(codes, "signing_time_missing");
        }
        add(codes, "revocation_unknown");
        add(codes, "timestamp_missing");
    }
    if further {
        add(codes, "further_signatures");
    }
}

fn add(codes: &mut Vec<Code>, code: Code) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}
