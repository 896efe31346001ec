//! One signature's report: its place, its signer, and what came after it.

use jiff::Timestamp;

use super::changes::Walk;
use super::content::Begun;
use super::find::{Found, Kind};
use super::history::Code;
use super::learned::Learned;
use super::needs::{self, Ledger};
use super::permissions::Permissions;
use super::revocation::evidence::{Known, Pool, Proof};
use super::signer::{Measure, Signer};
use super::value::{Value, text_string};
use super::{
    Coverage, Integrity, Modifications, Revocation, SignatureReport, TimestampKind, Trust, Verdict, fields,
    reasons,
};
use crate::fetch::Fetch;
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
    /// What earlier signers allow.
    pub permissions: &'c Permissions,
    /// Validation data of the file.
    pub store: &'c Pool<'c>,
    /// Lists and answers that the station keeps.
    pub cached: &'c Pool<'c>,
    /// The way to ask services.
    pub fetch: &'c dyn Fetch,
    /// What earlier files have shown of certificates.
    pub learned: &'c Learned,
    /// What was hashed of the file.
    pub begun: &'c Begun,
    /// Document time stamps that count as proof.
    pub known: Known,
    /// Takes the paths that are judged.
    pub ledger: Option<&'c Ledger>,
}

/// What came of one signature.
pub struct Judged {
    /// Its report.
    pub report: SignatureReport,
    /// What it means for the file.
    pub verdict: Verdict,
    /// The proof that it is, where it is a document time stamp that holds.
    pub proof: Option<Proof>,
}

/// What came after a signature.
struct After {
    level: Modifications,
    further: bool,
    codes: Vec<Code>,
}

/// Longest reason that is told, in characters.
const LONGEST_REASON: usize = 500;

/// What the signer states to sign for.
fn stated(found: &Found) -> Option<String> {
    let reason = found.dictionary.get("Reason").and_then(Value::text).map(text_string)?;
    let reason: String = reason.trim().chars().take(LONGEST_REASON).collect();
    Some(reason).filter(|reason| !reason.is_empty())
}

impl Case<'_> {
    /// Judges one signature.
    pub fn judge(&self, found: &Found) -> Judged {
        let signed_at = found.dictionary.get("M").and_then(Value::text).and_then(fields::date);
        let is_stamp = found.kind() == Kind::TimeStamp;
        let closed = found.place.as_ref().map_or(found.first_seen, |place| place.revision);
        // A stamp proves what lies before it, and never its own authority.
        let later: Vec<Proof> =
            self.known.proofs.iter().filter(|proof| proof.revision > closed).copied().collect();
        let measure = Measure {
            trust: self.trust,
            at: self.at,
            claimed: signed_at.unwrap_or(self.at),
            proof: later.iter().min_by_key(|proof| proof.time).copied(),
            closed,
            known: &Known { proofs: later, at: self.at },
            store: self.store,
            cached: self.cached,
            fetch: self.fetch,
            learned: self.learned,
            begun: self.begun,
            ledger: self.ledger.map(|ledger| (ledger, needs::entry_key(found))),
        };
        let signer = Signer::of(found, self.bytes, &measure);
        let after = self.after(closed);
        let mut codes: Vec<Code> = Vec::new();
        let own = found.codes.iter().chain(&after.codes).chain(self.common).chain(&signer.codes);
        own.for_each(|code| add(&mut codes, code));
        let (verdict, sub_indication) = reasons::verdict(&codes);
        let stamped = match signer.time {
            Some(time) if is_stamp && verdict == Verdict::Valid => Some((time, TimestampKind::Document)),
            _ => signer.proof.filter(|_| signer.intact && !is_stamp),
        };
        let mut notes: Vec<Code> = Vec::new();
        if is_stamp {
            notes.extend(stamped.is_none().then_some("timestamp_not_judged"));
        } else {
            notes.extend(signed_at.is_none().then_some("signing_time_missing"));
            notes.extend((signer.revocation == Revocation::Unknown).then_some("revocation_unknown"));
            notes.extend(stamped.is_none().then_some("timestamp_missing"));
        }
        notes.extend((after.further && after.codes.is_empty()).then_some("further_signatures"));
        notes.iter().for_each(|code| add(&mut codes, code));
        let newest = measure.known.proofs.iter().max_by_key(|proof| proof.revision);
        let stands_until = newest.map_or(signer.until, |proof| proof.until).filter(|_| signer.intact);
        let report = SignatureReport {
            field: found.name.clone(),
            role: if is_stamp { Some("timestamp") } else { fields::role(&found.name) }.map(str::to_owned),
            level: self.level(found.kind(), &signer, stamped.is_some(), closed),
            signer: signer.name,
            organization: signer.organization,
            reason: stated(found),
            integrity: if signer.intact { Integrity::Intact } else { Integrity::Broken },
            coverage: match &found.place {
                None => Coverage::Partial,
                Some(place) if place.end == self.bytes.len() => Coverage::EntireFile,
                Some(_) => Coverage::EntireRevision,
            },
            modifications: after.level,
            trust: signer.trust,
            revocation: signer.revocation,
            signed_at,
            timestamp_at: stamped.map(|(time, _)| time),
            timestamp: stamped.map_or(TimestampKind::None, |(_, kind)| kind),
            algorithm: signer.algorithm,
            revision: closed + 1,
            sub_indication,
            stands_until,
            owed: match is_stamp || verdict == Verdict::Invalid {
                true => Vec::new(),
                false => owed(signer.revocation, stamped.is_some()),
            },
            reasons: codes.iter().map(|code| reasons::reason(code, self.lang)).collect(),
        };
        let holds = stamped.filter(|(_, kind)| is_stamp && *kind == TimestampKind::Document);
        let proof = holds.map(|(time, _)| Proof {
            revision: closed,
            time,
            until: signer.until,
            embedded: signer.embedded,
        });
        Judged { report, verdict, proof }
    }

    /// The level of EN 319 142-1 clause 6 that was seen to be reached.
    fn level(&self, kind: Kind, signer: &Signer, stamped: bool, closed: usize) -> Option<String> {
        let has_store = |revision: usize| {
            let snapshot = self.walk.snapshots.get(revision);
            snapshot.is_some_and(|snapshot| snapshot.catalog().get("DSS").is_some())
        };
        let long =
            stamped && signer.embedded && signer.stamp_embedded && signer.revocation == Revocation::Good;
        let covers = |proof: &Proof| proof.revision > closed && has_store(proof.revision);
        let archived = self.known.proofs.iter().any(covers);
        let level = match (stamped, long && !self.store.is_empty(), archived) {
            (false, _, _) => "B-B",
            (true, false, _) => "B-T",
            (true, true, false) => "B-LT",
            (true, true, true) => "B-LTA",
        };
        (kind == Kind::Cades && signer.intact).then(|| level.to_owned())
    }

    /// The steps of the later revisions, under the rules of a certification if there is one.
    fn after(&self, closed: usize) -> After {
        let mut after = After { level: Modifications::None, further: false, codes: Vec::new() };
        for (index, step) in self.walk.steps.iter().enumerate().skip(closed + 1) {
            after.level = after.level.max(step.level);
            after.further |= step.signature;
            step.codes.iter().for_each(|code| add(&mut after.codes, code));
            let refused = self.permissions.judge(index, step);
            refused.iter().for_each(|code| add(&mut after.codes, code));
            after.level = after.level.max(match (refused.is_empty(), step.filled.is_empty()) {
                (false, _) => Modifications::Suspicious,
                (true, false) => Modifications::FormFilling,
                (true, true) => Modifications::None,
            });
        }
        after
    }
}

/// What a signature that is not refused still owes.
fn owed(revocation: Revocation, stamped: bool) -> Vec<&'static str> {
    let revocation = (revocation == Revocation::Unknown).then_some("revocation");
    revocation.into_iter().chain((!stamped).then_some("timestamp")).collect()
}

fn add(codes: &mut Vec<Code>, code: Code) {
    if !codes.contains(&code) {
        codes.push(code);
    }
}
