//! The parts of a CMS SignedData (RFC 5652 5.1) with one signer, each as the bytes that it is.

use der::Decode;
use der::oid::ObjectIdentifier;
use spki::AlgorithmIdentifierOwned;

use super::history::Code;
use super::tlv::{self, INTEGER, OCTETS, SEQUENCE, SET, Tlv};

/// Most certificates that a container may carry.
const MAX_CERTIFICATES: usize = 32;
/// Most attributes of one kind.
const MAX_ATTRIBUTES: usize = 64;

const SIGNED_DATA: ObjectIdentifier = const_oid::db::rfc5911::ID_SIGNED_DATA;
/// `[0]`, constructed.
const CONTEXT_0: u8 = 0xA0;
/// `[1]`, constructed.
const CONTEXT_1: u8 = 0xA1;
/// `[0]`, primitive.
const PRIMITIVE_0: u8 = 0x80;

/// A signed attribute with its values.
pub struct Attribute<'a> {
    /// Its kind.
    pub oid: ObjectIdentifier,
    /// Its values.
    pub values: Vec<Tlv<'a>>,
}

/// How the signer's certificate is named.
pub enum Sid<'a> {
    /// Issuer, DER, and contents of the serial number.
    Serial(&'a [u8], &'a [u8]),
    /// Subject key identifier.
    Key(&'a [u8]),
}

/// A container.
pub struct Container<'a> {
    /// Kind of the content.
    pub content_type: ObjectIdentifier,
    /// The content, where it is inside.
    pub content: Option<&'a [u8]>,
    /// Digest algorithms that it announces.
    pub digests: Vec<AlgorithmIdentifierOwned>,
    /// Certificates, DER.
    pub certificates: Vec<&'a [u8]>,
    /// Revocation lists and other evidence; none where they cannot be read, because nothing is built on them unchecked.
    pub crls: Vec<Tlv<'a>>,
    /// The signer's certificate.
    pub sid: Sid<'a>,
    /// The signer's digest algorithm.
    pub digest: AlgorithmIdentifierOwned,
    /// Signed attributes as they are stored, with tag `[0]`.
    pub attributes_stored: &'a [u8],
    /// Signed attributes.
    pub attributes: Vec<Attribute<'a>>,
    /// Signature algorithm.
    pub algorithm: AlgorithmIdentifierOwned,
    /// Signature value.
    pub signature: &'a [u8],
    /// Unsigned attributes; none where they cannot be read, because nothing is built on them but a time stamp.
    pub unsigned: Vec<Attribute<'a>>,
}

/// Takes a container apart.
///
/// # Errors
/// `container_unreadable`; `attributes_wrong` for more than one signer or none, and for damaged signed attributes.
pub fn parse(bytes: &[u8]) -> Result<Container<'_>, Code> {
    let unreadable: Code = "container_unreadable";
    let outer = tlv::only(bytes).and_then(|outer| outer.inside(SEQUENCE)).ok_or(unreadable)?;
    let [kind, content] = outer.as_slice() else { return Err(unreadable) };
    let inner = content.inside(CONTEXT_0).filter(|_| kind.oid() == Some(SIGNED_DATA)).ok_or(unreadable)?;
    let [signed] = inner.as_slice() else { return Err(unreadable) };
    let parts = signed.inside(SEQUENCE).ok_or(unreadable)?;
    let [version, digests, content, rest @ ..] = parts.as_slice() else { return Err(unreadable) };
    let (certificates, rest) = optional(rest, CONTEXT_0);
    let (crls, rest) = optional(rest, CONTEXT_1);
    let [signers] = rest else { return Err(unreadable) };
    // Versions of 5.1: 1 for plain data, 3 for other content or a key identifier, 4 and 5 for rare certificates.
    if !version.of(INTEGER).is_some_and(|v| matches!(v, [1 | 3 | 4 | 5])) {
        return Err(unreadable);
    }
    let signers = signers.inside(SET).ok_or(unreadable)?;
    let [signer] = signers.as_slice() else { return Err("attributes_wrong") };
    let (content_type, content) = encapsulated(content).ok_or(unreadable)?;
    let digests = digests.inside(SET).filter(|list| list.len() <= MAX_ATTRIBUTES).ok_or(unreadable)?;
    let certificates = match certificates {
        Some(set) => tlv::all(set.content).ok_or(unreadable)?,
        None => Vec::new(),
    };
    // Other choices (attribute certificates) are nothing to us.
    let certificates: Vec<&[u8]> =
        certificates.iter().filter(|c| c.tag == SEQUENCE).map(|c| c.whole).collect();
    if certificates.len() > MAX_CERTIFICATES {
        return Err(unreadable);
    }
    let container = Container {
        content_type,
        content,
        digests: digests.iter().map(identifier).collect::<Option<_>>().ok_or(unreadable)?,
        certificates,
        crls: crls.and_then(|set| tlv::all(set.content)).unwrap_or_default(),
        ..signer_info(signer).ok_or(unreadable)??
    };
    Ok(container)
}

fn optional<'l, 'a>(parts: &'l [Tlv<'a>], tag: u8) -> (Option<Tlv<'a>>, &'l [Tlv<'a>]) {
    match parts.split_first() {
        Some((first, rest)) if first.tag == tag => (Some(*first), rest),
        _ => (None, parts),
    }
}

fn identifier(element: &Tlv) -> Option<AlgorithmIdentifierOwned> {
    AlgorithmIdentifierOwned::from_der(element.whole).ok()
}

fn encapsulated<'a>(element: &Tlv<'a>) -> Option<(ObjectIdentifier, Option<&'a [u8]>)> {
    let parts = element.inside(SEQUENCE)?;
    match parts.as_slice() {
        [kind] => Some((kind.oid()?, None)),
        [kind, content] => match content.inside(CONTEXT_0)?.as_slice() {
            [octets] => Some((kind.oid()?, Some(octets.of(OCTETS)?))),
            _ => None,
        },
        _ => None,
    }
}

/// SignerInfo (5.3). What belongs to the whole container is filled in by [`parse`].
fn signer_info<'a>(element: &Tlv<'a>) -> Option<Result<Container<'a>, Code>> {
    let parts = element.inside(SEQUENCE)?;
    let [version, sid, digest, rest @ ..] = parts.as_slice() else { return None };
    let (attributes, rest) = optional(rest, CONTEXT_0);
    let [algorithm, signature, rest @ ..] = rest else { return None };
    let (unsigned, rest) = optional(rest, CONTEXT_1);
    let sid = match (version.of(INTEGER)?, sid.tag) {
        ([1], SEQUENCE) => match sid.inside(SEQUENCE)?.as_slice() {
            [issuer, serial] => Sid::Serial(issuer.whole, serial.of(INTEGER)?),
            _ => return None,
        },
        ([3], PRIMITIVE_0) => Sid::Key(sid.content),
        _ => return None,
    };
    if !rest.is_empty() {
        return None;
    }
    let Some(stored) = attributes else { return Some(Err("attributes_wrong")) };
    let Some(list) = attribute_list(&stored) else { return Some(Err("attributes_wrong")) };
    let der = tlv::all(stored.content).is_some_and(|all| in_order(&all))
        && list.iter().all(|attribute| in_order(&attribute.values));
    if !der {
        return Some(Err("attributes_not_der"));
    }
    Some(Ok(Container {
        content_type: SIGNED_DATA,
        content: None,
        digests: Vec::new(),
        certificates: Vec::new(),
        crls: Vec::new(),
        sid,
        digest: identifier(digest)?,
        attributes_stored: stored.whole,
        attributes: list,
        algorithm: identifier(algorithm)?,
        signature: signature.of(OCTETS)?,
        unsigned: unsigned.and_then(|set| attribute_list(&set)).unwrap_or_default(),
    }))
}

/// Whether attributes stand in the order of DER (ITU-T X.690 11.6): a program that encodes them again before it checks the
/// signature has to come to the very bytes that are stored.
fn in_order(list: &[Tlv]) -> bool {
    list.is_sorted_by(|a, b| a.whole <= b.whole)
}

fn attribute_list<'a>(stored: &Tlv<'a>) -> Option<Vec<Attribute<'a>>> {
    let list = tlv::all(stored.content)?;
    let read = |element: &Tlv<'a>| match element.inside(SEQUENCE)?.as_slice() {
        [oid, values] => Some(Attribute { oid: oid.oid()?, values: values.inside(SET)? }),
        _ => None,
    };
    (list.len() <= MAX_ATTRIBUTES).then(|| list.iter().map(read).collect())?
}

impl<'a> Container<'a> {
    /// The one value of the signed attribute that stands there exactly once.
    pub fn attribute(&self, oid: ObjectIdentifier) -> Option<Tlv<'a>> {
        Self::single(&self.attributes, oid)
    }

    /// The same for an unsigned attribute.
    pub fn unsigned(&self, oid: ObjectIdentifier) -> Option<Tlv<'a>> {
        Self::single(&self.unsigned, oid)
    }

    fn single(attributes: &[Attribute<'a>], oid: ObjectIdentifier) -> Option<Tlv<'a>> {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
        match (found.next().map(|attribute| attribute.values.as_slice()), found.next()) {
            (Some([value]), None) => Some(*value),
            _ => None,
        }
    }

    /// Whether an attribute of this kind is there at all.
    pub fn has(&self, oid: ObjectIdentifier) -> bool {
        self.attributes.iter().any(|attribute| attribute.oid == oid)
    }

    /// Whether no kind of attribute stands there twice.
    pub fn attributes_are_single(&self) -> bool {
        let twice = |(index, attribute): (usize, &Attribute)| {
            self.attributes.iter().skip(index + 1).any(|other| other.oid == attribute.oid)
        };
        !self.attributes.iter().enumerate().any(twice)
    }

    /// The signer's certificate among those in the container.
    pub fn signer(&self) -> Option<&'a [u8]> {
        self.certificates.iter().copied().find(|certificate| match self.sid {
            Sid::Serial(issuer, serial) => {
                identity(certificate).is_some_and(|(i, s, _)| i == issuer && s == serial)
            }
            Sid::Key(id) => super::path::key_identifier(certificate).is_some_and(|own| own == id),
        })
    }
}

/// Issuer, contents of the serial number, and subject of a certificate (RFC 5280 4.1), as they are spelled.
pub fn identity(certificate: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let parts = tlv::only(certificate)?.inside(SEQUENCE)?;
    let tbs = parts.first()?.inside(SEQUENCE)?;
    let (_, rest) = optional(&tbs, CONTEXT_0);
    match rest {
        [serial, _, issuer, _, subject, ..] => Some((issuer.whole, serial.of(INTEGER)?, subject.whole)),
        _ => None,
    }
}
