//! The signature's container: CMS SignedData (RFC 5652) in the profile of PAdES B-B (ETSI EN 319 142-1 clause 6.3).
//!
//! Detached; one signer; signed attributes contentType, messageDigest and signingCertificateV2 (RFC 5035) and no others:
//! signing-time shall not be present, the time stands in /M. Assembled by hand in two steps, because between them the
//! attributes travel to a token.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo,
    SignerInfos,
};
use const_oid::db::rfc5911;
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence, Tagged};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attribute;

use super::certificate::Certificate;
use super::{Algorithm, Digest};
use crate::error::{Error, Result, kinds};

/// ESSCertIDv2 (RFC 5035 4), without issuerSerial.
#[derive(Sequence)]
struct EssCertIdV2 {
    /// None for the default, SHA-256: DER leaves defaults out.
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
}

/// SigningCertificateV2 (RFC 5035 3), without policies.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

/// Encoding own values cannot fail but for a fault of the program.
fn fault(error: der::Error) -> Error {
    kinds::INTERNAL.with("cause", format!("CMS: {error}")).because(error)
}

/// The signed attributes for a document whose digest of kind `hash` is `digest`, DER with the tag SET OF: exactly the bytes
/// that are signed (RFC 5652 5.4). The certificate is bound by the same kind of digest, so that no part of a signature is
/// weaker than another.
///
/// # Errors
/// An internal error only.
pub fn signed_attributes(signer: &Certificate, hash: Digest, digest: &[u8]) -> Result<Vec<u8>> {
    build_attributes(signer, hash, digest).map_err(fault)
}

fn build_attributes(signer: &Certificate, hash: Digest, digest: &[u8]) -> der::Result<Vec<u8>> {
    let bound = EssCertIdV2 {
        hash_algorithm: (hash != Digest::Sha256).then(|| hash.identifier()),
        cert_hash: OctetString::new(hash.of(&[signer.der()]))?,
    };
    let ess = SigningCertificateV2 { certs: vec![bound] };
    let attributes: SignedAttributes = SetOfVec::try_from(vec![
        attribute(rfc5911::ID_CONTENT_TYPE, &rfc5911::ID_DATA)?,
        attribute(rfc5911::ID_MESSAGE_DIGEST, &OctetString::new(digest)?)?,
        attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, &ess)?,
    ])?;
    attributes.to_der()
}

fn attribute<T: Encode + Tagged + der::EncodeValue>(
    oid: ObjectIdentifier,
    value: &T,
) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::encode_from(value)?])? })
}

/// Bytes that a time stamp needs beside its own: attribute, set, and longer lengths around.
pub const STAMP_FRAME: usize = 64;
/// id-aa-timeStampToken (RFC 3161 appendix A).
const STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// Puts attributes and signature into a SignedData with the certificates of `signer` and `chain`.
///
/// Self-issued certificates are left out: a verifier has the anchor from elsewhere or does not trust it at all
/// (EN 319 142-1 6.3 note on certificates "up to but not including" the anchor), and each costs two hex digits a byte.
///
/// # Errors
/// An internal error only.
pub fn assemble(
    signer: &Certificate,
    chain: &[Certificate],
    algorithm: Algorithm,
    attributes: &[u8],
    signature: &[u8],
) -> Result<Vec<u8>> {
    build(signer, chain, algorithm, attributes, signature, None).map_err(fault)
}

/// As [`assemble`], with a time-stamp token over the signature (ETSI EN 319 122-1 5.3, an unsigned attribute) where there is
/// one.
///
/// # Errors
/// An internal error only.
pub fn assemble_stamped(
    signer: &Certificate,
    chain: &[Certificate],
    algorithm: Algorithm,
    attributes: &[u8],
    signature: &[u8],
    stamp: Option<&[u8]>,
) -> Result<Vec<u8>> {
    build(signer, chain, algorithm, attributes, signature, stamp).map_err(fault)
}

/// Length of what [`assemble`] gives for this signer at most, bytes: only an ECDSA signature may be a few bytes shorter.
///
/// # Errors
/// As [`Certificate::signature_length`].
pub fn length(signer: &Certificate, chain: &[Certificate], algorithm: Algorithm) -> Result<usize> {
    let signature = vec![0; signer.signature_length()?];
    let hash = algorithm.digest();
    let attributes = signed_attributes(signer, hash, &vec![0; hash.length()])?;
    Ok(assemble(signer, chain, algorithm, &attributes, &signature)?.len())
}

fn build(
    signer: &Certificate,
    chain: &[Certificate],
    algorithm: Algorithm,
    attributes: &[u8],
    signature: &[u8],
    stamp: Option<&[u8]>,
) -> der::Result<Vec<u8>> {
    let digest = algorithm.digest().identifier();
    let stamped = |token: &[u8]| {
        let values = SetOfVec::try_from(vec![Any::from_der(token)?])?;
        SetOfVec::try_from(vec![Attribute { oid: STAMP, values }])
    };
    let tbs = signer.parsed().tbs_certificate();
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: digest.clone(),
        signed_attrs: Some(SignedAttributes::from_der(attributes)?),
        signature_algorithm: algorithm.identifier(),
        signature: OctetString::new(signature)?,
        unsigned_attrs: stamp.map(stamped).transpose()?,
    };
    let certificates = std::iter::once(signer).chain(chain.iter().filter(|c| !c.is_self_issued()));
    let certificates =
        certificates.map(|c| CertificateChoices::Certificate(c.parsed().clone())).collect::<Vec<_>>();
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: rfc5911::ID_DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![info])?,
    };
    ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::{Issued, KeyType, Purpose, Recipe};

    #[test]
    fn the_certificate_is_bound_by_the_digest_of_the_signature() {
        let now = jiff::Timestamp::now();
        let until = now + jiff::SignedDuration::from_hours(24);
        let recipe = Recipe { subject: "CN=An", from: now, until, purpose: Purpose::Signing };
        let issued = Issued::root_with(KeyType::P384, &recipe).unwrap();
        let signer = Certificate::parse(&issued.certificates[0]).unwrap();
        let holds = |attributes: &[u8], part: &[u8]| attributes.windows(part.len()).any(|w| w == part);
        let value = |hash: Digest| {
            let digest = hash.of(&[signer.der()]);
            [&[4, u8::try_from(digest.len()).unwrap()][..], &digest].concat()
        };
        // RFC 5754 2.3: id-sha384 without parameters, in front of the hash.
        let sha384 = [0x30, 0x0B, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
        let attributes = signed_attributes(&signer, Digest::Sha384, &[0; 48]).unwrap();
        assert!(holds(&attributes, &[&sha384[..], &value(Digest::Sha384)].concat()));
        // The default stays unsaid (X.690 11.5): two sequences with nothing before the hash.
        let attributes = signed_attributes(&signer, Digest::Sha256, &[0; 32]).unwrap();
        let list = [&[0x30, 0x26, 0x30, 0x24, 0x30, 0x22][..], &value(Digest::Sha256)].concat();
        assert!(holds(&attributes, &list));
    }
}
