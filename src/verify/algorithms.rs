//! How long an algorithm or a key is good enough. What is too weak today is refused whatever the date: a time stamp made with
//! it could be forged along. What has an end ahead is judged at the time at which the signature is proven to have existed
//! (EN 319 102-1 5.2.8).

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::history::Code;
use super::path::Certificate;

/// A rule with its end.
struct Rule {
    /// Shortest RSA modulus, bits, that the rule is about, and the first that it is no longer about.
    bits: std::ops::Range<usize>,
    /// Last year in which it is good enough.
    until: i16,
}

/// NIST SP 800-57 Part 1 Rev. 5 Table 4: 112 bits of security (RSA from 2,048 bits) end with 2030. Shorter keys are refused by
/// `key_too_short`; SHA-1, SHA-224 and MD5 by `weak_algorithm`.
const RULES: [Rule; 1] = [Rule { bits: 2_048..3_072, until: 2030 }];

/// Until when a certificate proves anything: its own end, or that of its key.
pub fn end(certificate: &Certificate) -> Option<Timestamp> {
    let own = Timestamp::from_second(certificate.validity?.1).ok()?;
    let bits = certificate.modulus_bits;
    let rule = RULES.iter().find(|rule| bits.is_some_and(|bits| rule.bits.contains(&bits)));
    let after =
        rule.and_then(|rule| TimeZone::UTC.to_timestamp(date(rule.until + 1, 1, 1).at(0, 0, 0, 0)).ok());
    Some(after.map_or(own, |after| after.min(own)))
}

/// Whether an RSA key of so many bits was no longer good enough at a time.
pub fn outdated(bits: Option<usize>, at: Timestamp) -> Option<Code> {
    let bits = bits?;
    let over =
        |rule: &Rule| rule.bits.contains(&bits) && at.to_zoned_datetime(TimeZone::UTC).year() > rule.until;
    RULES.iter().any(over).then_some("algorithm_outdated")
}
