//! The verdict for somebody who never heard of CMS: one line a signature (who, for which organization, when), and the answer to
//! the one question that counts: may I seal?

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;

use super::reasons::{self, Consequence};
use super::{Coverage, Integrity, Modifications, Report, Revocation, SignatureReport, TrustState, Verdict};
use crate::locales::{self, Lang};

/// Reasons that leave a verdict open and that no waiting and no setting of the station mends: the signer has to sign again.
const FINAL: [&str; 14] = [
    "expired_no_poe",
    "expired_at_signing",
    "certificate_not_yet_valid",
    "revoked_no_poe",
    "authority_revoked",
    "key_usage_wrong",
    "path_invalid",
    "path_names",
    "path_too_long",
    "path_policies",
    "path_unknown_extension",
    "time_order_wrong",
    "algorithm_outdated",
    "drill_document",
];

/// May the organization seal behind this signature?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It holds.
    Yes,
    /// Something is missing that can still come.
    NotYet,
    /// It does not hold.
    No,
}

/// How a verdict is put into words.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    /// Language.
    pub lang: Lang,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
    /// Whether the profile wants every proof before it seals (`seal_requires = "valid"`).
    pub strict: bool,
    /// Whether it is for somebody who got the document and has nothing to seal.
    pub receiver: bool,
}

/// One signature in words.
#[derive(Clone, Debug)]
pub struct Line {
    /// Role, who, for which organization, when.
    pub who: String,
    /// The answer.
    pub answer: Answer,
    /// The answer in words, with its reason.
    pub words: String,
    /// Everything else that is to be said.
    pub notes: Vec<String>,
    /// Labels and values for those who want to know more.
    pub details: Vec<(String, String)>,
}

/// The answer about one signature, and the code of the reason for it.
pub fn answer(signature: &SignatureReport, strict: bool) -> (Answer, Option<&'static str>) {
    let codes: Vec<&'static str> = signature.reasons.iter().map(|reason| reason.code).collect();
    let first = |wanted| codes.iter().copied().find(|code| reasons::of(code).consequence == wanted);
    if let Some(code) = first(Consequence::Invalid) {
        return (Answer::No, Some(code));
    }
    if let Some(code) = codes.iter().copied().find(|code| FINAL.contains(code)) {
        return (Answer::No, Some(code));
    }
    if let Some(code) = first(Consequence::Indeterminate) {
        return (Answer::NotYet, Some(code));
    }
    let owed = codes.iter().copied().find(|code| matches!(*code, "revocation_unknown" | "timestamp_missing"));
    match owed.filter(|_| strict && !signature.owed.is_empty()) {
        Some(code) => (Answer::NotYet, Some(code)),
        None => (Answer::Yes, None),
    }
}

/// The answer about a whole file: the worst of its signatures.
pub fn overall(report: &Report, strict: bool) -> Answer {
    match report.verdict {
        Verdict::Unsigned | Verdict::Invalid => Answer::No,
        _ => report
            .signatures
            .iter()
            .filter(|signature| signature.role.as_deref() != Some("timestamp"))
            .map(|signature| answer(signature, strict).0)
            .max()
            .unwrap_or(Answer::No),
    }
}

impl Voice {
    fn say(&self, id: &str) -> String {
        locales::plain(self.lang, id)
    }

    /// The voice for this file: what the organization has sealed is no question of sealing any more.
    pub fn about(self, report: &Report) -> Self {
        let sealed =
            report.signatures.iter().any(|signature| signature.role.as_deref() == Some("organization"));
        Self { receiver: self.receiver || sealed, ..self }
    }

    /// The identifier of a sentence about an answer, for whoever reads it.
    fn answer_id(&self, of_file: bool, answer: Answer, owed: bool) -> String {
        let (who, what) =
            (if self.receiver { "receiver" } else { "clerk" }, if of_file { "-answer" } else { "" });
        let answer = match (answer, owed) {
            (Answer::Yes, false) => "yes",
            (Answer::Yes, true) => "yes-owed",
            (Answer::NotYet, _) => "not-yet",
            (Answer::No, _) => "no",
        };
        format!("{who}{what}-{answer}")
    }

    /// A moment as people write it, with the distance from UTC.
    pub fn moment(&self, at: Timestamp) -> String {
        let offset = Offset::from_seconds(self.utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
        at.to_zoned_datetime(TimeZone::fixed(offset)).strftime("%H:%M:%S %d/%m/%Y (%:z)").to_string()
    }

    /// The answer about a whole file, as a word.
    pub fn word(&self, report: &Report) -> String {
        let owed = report.signatures.iter().any(|signature| !signature.owed.is_empty());
        self.say(&self.about(report).answer_id(true, overall(report, self.strict), owed))
    }

    /// The headline of a file.
    pub fn headline(&self, report: &Report) -> String {
        self.say(match report.verdict {
            Verdict::Valid => "cli-verdict-valid",
            Verdict::Indeterminate => "cli-verdict-indeterminate",
            Verdict::Unsigned => "cli-verdict-unsigned",
            Verdict::Invalid => "cli-verdict-invalid",
        })
    }

    /// One signature in words.
    pub fn line(&self, signature: &SignatureReport) -> Line {
        let (answer, because) = answer(signature, self.strict);
        let id = self.answer_id(false, answer, !signature.owed.is_empty());
        let words = match answer {
            _ if signature.role.as_deref() == Some("timestamp") => self.stamp(signature, because),
            Answer::Yes => self.say(&id),
            Answer::NotYet | Answer::No => self.because(&id, because),
        };
        let told = |reason: &&super::Reason| Some(reason.code) != because;
        let others = signature.reasons.iter().filter(told).map(|reason| reason.text.clone());
        Line {
            who: self.who(signature),
            answer,
            words,
            notes: self.stated(signature).into_iter().chain(others).collect(),
            details: self.details(signature),
        }
    }

    /// What was signed for: it tells the steps of a route apart. Of a broken signature nothing is believed.
    fn stated(&self, signature: &SignatureReport) -> Option<String> {
        let reason = signature.reason.as_deref().filter(|_| signature.integrity == Integrity::Intact)?;
        Some(locales::text(self.lang, "clerk-stated", &[("reason", reason)]))
    }

    fn stamp(&self, signature: &SignatureReport, because: Option<&'static str>) -> String {
        match (signature.timestamp_at, because) {
            (Some(at), _) => {
                let at = self.moment(at);
                locales::text(self.lang, "clerk-stamp", &[("at", at.as_str())])
            }
            (None, Some(code)) => self.because("clerk-stamp-none", Some(code)),
            (None, None) => self.because("clerk-stamp-none", Some("timestamp_not_judged")),
        }
    }

    fn because(&self, id: &str, code: Option<&'static str>) -> String {
        let reason = code.map(|code| reasons::reason(code, self.lang).text).unwrap_or_default();
        locales::text(self.lang, id, &[("reason", reason.as_str())])
    }

    fn who(&self, signature: &SignatureReport) -> String {
        if signature.signer.is_empty() && signature.field.is_empty() {
            return self.say("clerk-unread");
        }
        let role = match &signature.role {
            Some(role) => self.say(&format!("cli-role-{role}")),
            None => signature.field.clone(),
        };
        let at = signature.signed_at.map_or_else(|| "–".to_owned(), |at| self.moment(at));
        let organization = signature.organization.as_deref().unwrap_or_default();
        let mut args =
            vec![("role", role.as_str()), ("signer", signature.signer.as_str()), ("at", at.as_str())];
        let id = match organization.is_empty() || organization == signature.signer {
            true => "cli-verdict-signature",
            false => "clerk-signature",
        };
        args.extend((id == "clerk-signature").then_some(("organization", organization)));
        locales::text(self.lang, id, &args)
    }

    fn details(&self, signature: &SignatureReport) -> Vec<(String, String)> {
        let label = |name: &str| self.say(&format!("clerk-label-{name}"));
        let value = |family: &str, name: &str| self.say(&format!("clerk-{family}-{name}"));
        let mut out = vec![
            (label("covers"), value("covers", coverage(signature.coverage))),
            (label("bytes"), value("bytes", integrity(signature.integrity))),
            (label("later"), value("later", modifications(signature.modifications))),
            (label("trust"), value("trust", trust(signature.trust))),
            (label("revoked"), value("revoked", revocation(signature.revocation))),
        ];
        let stamped = signature.timestamp_at.map(|at| self.moment(at));
        out.push((label("stamped"), stamped.unwrap_or_else(|| self.say("clerk-stamped-none"))));
        let technical = [&signature.level.clone().unwrap_or_default(), &signature.algorithm];
        let technical: Vec<&str> =
            technical.into_iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
        if !technical.is_empty() {
            out.push((label("technical"), technical.join("; ")));
        }
        out
    }
}

fn coverage(value: Coverage) -> &'static str {
    match value {
        Coverage::EntireFile => "file",
        Coverage::EntireRevision => "revision",
        Coverage::Partial => "partial",
    }
}

fn integrity(value: Integrity) -> &'static str {
    match value {
        Integrity::Intact => "intact",
        Integrity::Broken => "broken",
    }
}

fn modifications(value: Modifications) -> &'static str {
    match value {
        Modifications::None => "none",
        Modifications::LtaUpdates => "proofs",
        Modifications::FormFilling => "signatures",
        Modifications::Annotations => "notes",
        Modifications::Suspicious => "suspicious",
    }
}

fn trust(value: TrustState) -> &'static str {
    match value {
        TrustState::Trusted => "yes",
        TrustState::Untrusted => "no",
        TrustState::Unknown => "unknown",
    }
}

fn revocation(value: Revocation) -> &'static str {
    match value {
        Revocation::Good => "no",
        Revocation::Revoked => "yes",
        Revocation::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_final_leaves_a_verdict_open_and_stands_in_the_table() {
        for code in FINAL {
            assert_eq!(reasons::of(code).consequence, Consequence::Indeterminate, "{code}");
        }
    }
}
