//! The one table of what can be said against a signature. Each row has a sentence `reason-<code>` in both locale folders.

use super::history::Code;
use super::{Reason, Verdict};
use crate::locales::{self, Lang};

/// What follows from a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// Nothing; it is good to know.
    Note,
    /// The verdict is open.
    Indeterminate,
    /// The signature is refused.
    Invalid,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Stable code.
    pub code: Code,
    /// What follows.
    pub consequence: Consequence,
    /// Sub-indication of ETSI EN 319 102-1 clause 5.1.3, where it has one.
    pub sub_indication: Option<&'static str>,
    /// Whether it is the mark of a known attack on signed PDFs.
    pub attack: bool,
}

use Consequence::{Indeterminate, Invalid, Note};

const fn attack(code: Code) -> Row {
    Row { code, consequence: Invalid, sub_indication: Some("FORMAT_FAILURE"), attack: true }
}

const fn row(code: Code, consequence: Consequence, sub_indication: Option<&'static str>) -> Row {
    Row { code, consequence, sub_indication, attack: false }
}

/// Every reason.
pub const TABLE: &[Row] = &[
    // Attacks: universal forgery, wrapping, incremental saving, shadows, certification.
    attack("byte_range_forged"),
    attack("signature_wrapped"),
    attack("incremental_page_change"),
    attack("shadow_hide"),
    attack("shadow_replace"),
    attack("shadow_hide_and_replace"),
    attack("annotation_after_certification"),
    attack("signature_after_certification"),
    attack("appearance_swapped"),
    attack("font_swapped"),
    attack("page_tree_swapped"),
    attack("object_freed"),
    attack("trailing_data"),
    // Structure.
    row("structure_damaged", Invalid, Some("FORMAT_FAILURE")),
    row("hybrid_file", Invalid, Some("FORMAT_FAILURE")),
    row("encrypted_file", Invalid, Some("FORMAT_FAILURE")),
    row("duplicate_key", Invalid, Some("FORMAT_FAILURE")),
    row("hidden_bytes", Invalid, Some("FORMAT_FAILURE")),
    row("hidden_revision", Invalid, Some("FORMAT_FAILURE")),
    row("too_much_work", Invalid, Some("FORMAT_FAILURE")),
    // Later changes that are no named attack.
    row("catalog_changed", Invalid, Some("FORMAT_FAILURE")),
    row("metadata_changed", Invalid, Some("FORMAT_FAILURE")),
    row("form_changed", Invalid, Some("FORMAT_FAILURE")),
    row("field_changed", Invalid, Some("FORMAT_FAILURE")),
    row("annotation_added", Invalid, Some("FORMAT_FAILURE")),
    row("signature_replaced", Invalid, Some("FORMAT_FAILURE")),
    row("signature_removed", Invalid, Some("FORMAT_FAILURE")),
    row("object_overwritten", Invalid, Some("FORMAT_FAILURE")),
    row("orphan_object", Invalid, Some("FORMAT_FAILURE")),
    row("revision_unexplained", Invalid, Some("FORMAT_FAILURE")),
    row("information_changed", Invalid, Some("FORMAT_FAILURE")),
    row("validation_data_changed", Invalid, Some("FORMAT_FAILURE")),
    row("certification_not_first", Invalid, Some("FORMAT_FAILURE")),
    row("locked_field_changed", Invalid, Some("FORMAT_FAILURE")),
    // Cryptography.
    row("container_unreadable", Invalid, Some("FORMAT_FAILURE")),
    row("container_padding", Invalid, Some("FORMAT_FAILURE")),
    row("attributes_wrong", Invalid, Some("FORMAT_FAILURE")),
    row("attributes_not_der", Invalid, Some("FORMAT_FAILURE")),
    row("digest_mismatch", Invalid, Some("HASH_FAILURE")),
    row("signature_value_wrong", Invalid, Some("SIG_CRYPTO_FAILURE")),
    row("signer_certificate_missing", Invalid, Some("NO_SIGNING_CERTIFICATE_FOUND")),
    row("certificate_mismatch", Invalid, Some("NO_SIGNING_CERTIFICATE_FOUND")),
    row("certificate_not_bound", Invalid, Some("SIG_CONSTRAINTS_FAILURE")),
    row("weak_algorithm", Invalid, Some("CRYPTO_CONSTRAINTS_FAILURE")),
    row("key_too_short", Invalid, Some("CRYPTO_CONSTRAINTS_FAILURE")),
    row("algorithm_outdated", Indeterminate, Some("CRYPTO_CONSTRAINTS_FAILURE_NO_POE")),
    row("algorithm_unknown", Indeterminate, Some("CRYPTO_CONSTRAINTS_FAILURE_NO_POE")),
    row("sub_filter_unknown", Indeterminate, Some("FORMAT_FAILURE")),
    // Certificate and time.
    row("no_anchors", Indeterminate, Some("NO_CERTIFICATE_CHAIN_FOUND")),
    row("untrusted", Indeterminate, Some("NO_CERTIFICATE_CHAIN_FOUND")),
    row("path_invalid", Indeterminate, Some("CERTIFICATE_CHAIN_GENERAL_FAILURE")),
    row("path_names", Indeterminate, Some("CHAIN_CONSTRAINTS_FAILURE")),
    row("path_too_long", Indeterminate, Some("CHAIN_CONSTRAINTS_FAILURE")),
    row("path_policies", Indeterminate, Some("CHAIN_CONSTRAINTS_FAILURE")),
    row("path_unknown_extension", Indeterminate, Some("CHAIN_CONSTRAINTS_FAILURE")),
    row("key_usage_wrong", Indeterminate, Some("CHAIN_CONSTRAINTS_FAILURE")),
    row("expired_no_poe", Indeterminate, Some("OUT_OF_BOUNDS_NO_POE")),
    row("expired_at_signing", Indeterminate, Some("EXPIRED")),
    row("certificate_not_yet_valid", Indeterminate, Some("NOT_YET_VALID")),
    row("revoked", Invalid, Some("REVOKED")),
    row("revoked_no_poe", Indeterminate, Some("REVOKED_NO_POE")),
    row("authority_revoked", Indeterminate, Some("REVOKED_CA_NO_POE")),
    row("revocation_no_poe", Indeterminate, Some("REVOCATION_OUT_OF_BOUNDS_NO_POE")),
    row("revocation_undecidable", Indeterminate, Some("REVOCATION_OUT_OF_BOUNDS_NO_POE")),
    row("certificate_no_poe", Indeterminate, Some("OUT_OF_BOUNDS_NO_POE")),
    row("signing_time_in_future", Indeterminate, Some("SIG_CONSTRAINTS_FAILURE")),
    row("time_order_wrong", Indeterminate, Some("TIMESTAMP_ORDER_FAILURE")),
    row("drill_document", Indeterminate, Some("POLICY_PROCESSING_ERROR")),
    // Good to know.
    row("further_signatures", Note, None),
    row("revocation_unknown", Note, None),
    row("revoked_later", Note, None),
    row("crl_delta", Note, None),
    row("crl_indirect", Note, None),
    row("crl_partial", Note, None),
    row("crl_unknown_extension", Note, None),
    row("timestamp_missing", Note, None),
    row("signing_time_missing", Note, None),
    row("timestamp_not_judged", Note, None),
    row("metadata_unreadable", Note, None),
];

/// The row of a code. A code without a row would be a fault of the program and is treated as the worst.
pub fn of(code: Code) -> Row {
    TABLE.iter().copied().find(|row| row.code == code).unwrap_or_else(|| row(code, Invalid, None))
}

/// The verdict on a signature, and the sub-indication of the first reason that leads to it.
pub fn verdict(codes: &[Code]) -> (Verdict, Option<&'static str>) {
    let rows: Vec<Row> = codes.iter().map(|code| of(code)).collect();
    let worst = rows.iter().map(|row| row.consequence).max().unwrap_or(Note);
    let verdict = match worst {
        Note => return (Verdict::Valid, None),
        Indeterminate => Verdict::Indeterminate,
        Invalid => Verdict::Invalid,
    };
    (verdict, rows.iter().find(|row| row.consequence == worst).and_then(|row| row.sub_indication))
}

/// The identifier of a code's sentence in the locale files.
pub fn message_id(code: &str) -> String {
    format!("reason-{}", code.replace('_', "-"))
}

/// A reason with its sentence.
pub fn reason(code: Code, lang: Lang) -> Reason {
    Reason { code, text: locales::plain(lang, &message_id(code)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_sentence_in_both_languages() {
        for (index, row) in TABLE.iter().enumerate() {
            for lang in [Lang::Vi, Lang::En] {
                assert!(locales::has(lang, &message_id(row.code)), "{} {lang:?}", row.code);
            }
            assert_ne!(reason(row.code, Lang::Vi).text, reason(row.code, Lang::En).text, "{}", row.code);
            assert!(!TABLE[..index].iter().any(|other| other.code == row.code), "{} stands twice", row.code);
        }
    }

    #[test]
    fn the_worst_reason_decides() {
        assert_eq!(verdict(&[]), (Verdict::Valid, None));
        assert_eq!(verdict(&["timestamp_missing"]), (Verdict::Valid, None));
        assert_eq!(verdict(&["no_anchors", "digest_mismatch"]), (Verdict::Invalid, Some("HASH_FAILURE")));
        assert_eq!(verdict(&["untrusted"]), (Verdict::Indeterminate, Some("NO_CERTIFICATE_CHAIN_FOUND")));
        assert_eq!(verdict(&["no such code"]).0, Verdict::Invalid);
    }
}
