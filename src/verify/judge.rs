//! One signature's report: its place, its signer, and what came after it.

use jiff::Timestamp;

use super::changes::Walk;
use super::find::{Found, Kind};
use super::history::Code;
use super::signer::{Measure, Signer};
use super::value::Value;
use super::{
    Coverage, Integrity, Modifications, Revocation, SignatureReport, TimestampKind, Trust, Verdict, fields,
    reasons,
};
use crate::locales::Lang;

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
    /// Document time stamps that count as proof: the revision, counted from 0, that each closes, and its time.
    pub proofs: Vec<(usize, Timestamp)>,
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
        let is_stamp = found.kind() == Kind::TimeStamp;
        let closed = found.place.as_ref().map_or(found.first_seen, |place| place.revision);
        let measure = Measure {
            trust: self.trust,
            at: self.at,
            claimed: signed_at.unwrap_or(self.at),
            proof: self.proofs.iter().filter(|(revision, _)| *revision > closed).map(|(_, time)| *time).min(),
        };
        let signer = Signer::of(found, self.bytes, &measure);
        let after = self.after(closed);
        let mut codes: Vec<Code> = Vec::new();
        let own = found.codes.iter().chain(&after.codes).chain(self.common).chain(&signer.codes);
        own.for_each(|code| add(&mut codes, code));
        let (verdict, sub_indication) = reasons::verdict(&codes);
        let stamped = match signer.time {
            Some(time) if is_stamp && verdict == Verdict::Valid => Some((time, TimestampKind::Document)),
            _ => signer.proof.filter(|_| signer.intact),
        };
        let mut notes: Vec<Code> = Vec::new();
        if is_stamp {
            notes.extend(stamped.is_none().then_some("timestamp_not_judged"));
        } else {
            notes.extend(signed_at.is_none().then_some("signing_time_missing"));
            notes.push("revocation_unknown");
            notes.extend(stamped.is_none().then_some("timestamp_missing"));
        }
        notes.extend(after.further.then_some("further_signatures"));
        notes.iter().for_each(|code| add(&mut codes, code));
        let report = SignatureReport {
            field: found.name.clone(),
            role: if is_stamp { Some("timestamp") } else { fields::role(&found.name) }.map(str::to_owned),
            level: level(found.kind(), &signer, stamped.is_some()),
            signer: signer.name,
            integrity: if signer.intact { Integrity::Intact } else { Integrity::Broken },
            coverage: match &found.place {
                None => Coverage::Partial,
                Some(place) if place.end == self.bytes.len() => Coverage::EntireFile,
                Some(_) => Coverage::EntireRevision,
            },
            modifications: after.level,
            trust: signer.trust,
            revocation: Revocation::Unknown,
            signed_at,
            timestamp_at: stamped.map(|(time, _)| time),
            timestamp: stamped.map_or(TimestampKind::None, |(_, kind)| kind),
            algorithm: signer.algorithm,
            revision: closed + 1,
            sub_indication,
            owed: owed(!is_stamp && verdict != Verdict::Invalid, stamped.is_some()),
            reasons: codes.iter().map(|code| reasons::reason(code, self.lang)).collect(),
        };
        (report, verdict)
    }

    /// The steps of the later revisions, under the rules of a certification if there is one.
    fn after(&self, closed: usize) -> After {
        let mut after = After { level: Modifications::None, further: false, codes: Vec::new() };
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

/// The level of EN 319 142-1 clause 6 that was seen to be reached.
fn level(kind: Kind, signer: &Signer, stamped: bool) -> Option<String> {
    let level = if stamped { "B-T" } else { "B-B" };
    (kind == Kind::Cades && signer.intact).then(|| level.to_owned())
}

fn owed(counts: bool, stamped: bool) -> Vec<&'static str> {
    match (counts, stamped) {
        (false, _) => Vec::new(),
        (true, true) => vec!["revocation"],
        (true, false) => vec!["revocation", "timestamp"],
    }
}

fn add(codes: &mut Vec<Code>, code: Code) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}
