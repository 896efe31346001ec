//! What lies on a token: private keys that can sign, and certificates. Runs in the helper process.

use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use der::Decode;
use der::asn1::OctetStringRef;

use super::token_process::{Answer, refuse};
use super::wire::{Public, SeenCertificate, SeenKey};
use crate::error::kinds;

/// Most certificates that are read from a token.
const MAX_CERTIFICATES: usize = 64;
/// Most private keys that an address may fit.
const MAX_KEYS: usize = 64;
/// First byte of a point with both coordinates (SEC 1 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// The private keys that fit an address. Those that cannot sign are passed over where another can.
pub(super) fn keys(
    session: &Session,
    object: Option<String>,
    id: Option<Vec<u8>>,
) -> Answer<Vec<(ObjectHandle, SeenKey)>> {
    let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
    template.extend(object.map(|label| Attribute::Label(label.into_bytes())));
    template.extend(id.map(Attribute::Id));
    let (mut keys, mut first_refusal) = (Vec::new(), None);
    for handle in session.find_objects(&template)?.into_iter().take(MAX_KEYS) {
        match key(session, handle) {
            Ok(key) => keys.push((handle, key)),
            Err(refusal) => first_refusal = first_refusal.or(Some(refusal)),
        }
    }
    match (keys.is_empty(), first_refusal) {
        (false, _) => Ok(keys),
        (true, Some(refusal)) => Err(refusal),
        (true, None) => refuse(&kinds::KEY_MISSING, ""),
    }
}

fn key(session: &Session, handle: ObjectHandle) -> Answer<SeenKey> {
    let wanted = [
        AttributeType::KeyType,
        AttributeType::Modulus,
        AttributeType::EcParams,
        AttributeType::EcPoint,
        AttributeType::Id,
        AttributeType::AlwaysAuthenticate,
    ];
    let (mut modulus, mut parameters, mut point, mut id) = (Vec::new(), Vec::new(), None, Vec::new());
    let (mut kind, mut always) = (None, false);
    for attribute in session.get_attributes(handle, &wanted)? {
        match attribute {
            Attribute::KeyType(is) => kind = Some(is),
            Attribute::AlwaysAuthenticate(each) => always = each,
            Attribute::Modulus(bytes) => modulus = bytes,
            Attribute::EcParams(bytes) => parameters = bytes,
            Attribute::EcPoint(bytes) => point = plain_point(&bytes),
            Attribute::Id(bytes) => id = bytes,
            _ => {}
        }
    }
    let public = match kind {
        Some(KeyType::RSA) => Public::Rsa { modulus },
        Some(KeyType::EC) => {
            let point = point.or_else(|| public_point(session, &id));
            Public::Ec { parameters, point }
        }
        Some(other) => return refuse(&kinds::KEY_TYPE_UNSUPPORTED, kind_name(other)),
        None => return refuse(&kinds::KEY_TYPE_UNSUPPORTED, "CKA_KEY_TYPE"),
    };
    Ok(SeenKey { id, public, always })
}

/// The kinds of keys by the names that people know.
fn kind_name(kind: KeyType) -> String {
    match kind {
        KeyType::DSA => String::from("DSA"),
        KeyType::EC_EDWARDS => String::from("Ed25519 / Ed448"),
        KeyType::EC_MONTGOMERY => String::from("X25519 / X448"),
        other => other.to_string(),
    }
}

/// PKCS#11 2.40 mechanisms 2.3.3: a private EC key does not tell its point; the public key beside it does.
fn public_point(session: &Session, id: &[u8]) -> Option<Vec<u8>> {
    let template = [Attribute::Class(ObjectClass::PUBLIC_KEY), Attribute::Id(id.to_vec())];
    let found = session.find_objects(&template).ok()?;
    let [public] = found[..] else { return None };
    let attributes = session.get_attributes(public, &[AttributeType::EcPoint]).ok()?;
    attributes.into_iter().find_map(|attribute| match attribute {
        Attribute::EcPoint(bytes) => plain_point(&bytes),
        _ => None,
    })
}

/// The point as it stands in a certificate. Tokens wrap it into an octet string (2.3.3); older ones do not.
fn plain_point(bytes: &[u8]) -> Option<Vec<u8>> {
    let point = match <&OctetStringRef>::from_der(bytes) {
        Ok(wrapped) => wrapped.as_bytes().to_vec(),
        Err(_) => bytes.to_vec(),
    };
    (point.first() == Some(&UNCOMPRESSED)).then_some(point)
}

/// X.509 certificates of the token with their CKA_ID.
pub(super) fn certificates(session: &Session) -> Answer<Vec<SeenCertificate>> {
    let template =
        [Attribute::Class(ObjectClass::CERTIFICATE), Attribute::CertificateType(CertificateType::X_509)];
    let mut certificates = Vec::new();
    for handle in session.find_objects(&template)?.into_iter().take(MAX_CERTIFICATES) {
        let (mut id, mut der) = (Vec::new(), Vec::new());
        for attribute in session.get_attributes(handle, &[AttributeType::Id, AttributeType::Value])? {
            match attribute {
                Attribute::Id(bytes) => id = bytes,
                Attribute::Value(bytes) => der = bytes,
                _ => {}
            }
        }
        certificates.push(SeenCertificate { id, der });
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_with_and_without_its_wrapping() {
        let point = [&[4][..], &[7; 64]].concat();
        assert_eq!(plain_point(&point), Some(point.clone()));
        assert_eq!(plain_point(&[&[4, 65][..], &point].concat()), Some(point));
        assert_eq!(plain_point(&[&[4, 33, 2][..], &[7; 32]].concat()), None, "compressed");
        assert_eq!(plain_point(&[]), None);
    }
}
