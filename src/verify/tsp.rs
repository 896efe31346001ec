//! What a time stamp token says (RFC 3161 2.4.2).

use der::oid::ObjectIdentifier;
use jiff::Timestamp;

use super::cms::Hash;
use super::content::Content;
use super::tlv::{self, OCTETS, SEQUENCE};

/// id-ct-TSTInfo.
pub const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// Tag GeneralizedTime.
const TIME: u8 = 0x18;

/// The time in a token over this content; none when it is over something else or cannot be read.
pub fn time(info: &[u8], content: Content) -> Option<Timestamp> {
    let parts = tlv::only(info)?.inside(SEQUENCE)?;
    let [_, _, imprint, _, time, ..] = parts.as_slice() else { return None };
    let imprint = imprint.inside(SEQUENCE)?;
    let [algorithm, digest] = imprint.as_slice() else { return None };
    let hash = Hash::of(algorithm.inside(SEQUENCE)?.first()?.oid()?).ok()?;
    if content.digest(hash) != digest.of(OCTETS)? {
        return None;
    }
    // 20261124043000Z or with fractions of a second, which do not matter here.
    let text = std::str::from_utf8(time.of(TIME)?).ok()?;
    text.ends_with('Z').then(|| super::fields::date(text.get(..14)?.as_bytes()))?
}
