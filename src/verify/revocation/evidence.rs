//! Where lists and answers come from. Nobody is believed for bringing them: each is signed, and the signature is checked where
//! it is used.

use std::borrow::Cow;

use der::oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::verify::container::Container;
use crate::verify::snapshot::Snapshot;
use crate::verify::tlv::{self, SEQUENCE, Tlv};
use crate::verify::value::Value;

/// adbe-revocationInfoArchival (ISO 32000-1 12.8.3.3.2).
const ARCHIVAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
/// id-ri-ocsp-response (RFC 5940 2).
const OTHER_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");
/// Most pieces that are looked at, and the largest of them, bytes.
const MAX_PIECES: usize = 256;
const MAX_PIECE: usize = 32 << 20;

/// One list, answer or certificate.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// The bytes.
    pub der: Cow<'a, [u8]>,
    /// The revision of the file, counted from 0, from which on a document time stamp covers it; none for what is not in the file.
    pub since: Option<usize>,
}

impl<'a> Piece<'a> {
    /// One from outside the file.
    pub fn loose(der: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { der: der.into(), since: None }
    }
}

/// A document time stamp that holds.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// The revision, counted from 0, that it closes.
    pub revision: usize,
    /// Its time.
    pub time: Timestamp,
    /// Until when it proves that.
    pub until: Option<Timestamp>,
    /// Whether the file holds all evidence about its authority.
    pub embedded: bool,
}

/// When bytes of a file are proven to have existed (EN 319 102-1 5.6.2.3: proof of existence per object).
#[derive(Clone, Debug)]
pub struct Known {
    /// The document time stamps that count.
    pub proofs: Vec<Proof>,
    /// The time of the check: what nothing proves to be older exists now.
    pub at: Timestamp,
}

impl Known {
    /// The earliest proven time of what came with a revision.
    pub fn of(&self, since: Option<usize>) -> Timestamp {
        let covering = |revision: usize| self.proofs.iter().filter(move |proof| proof.revision >= revision);
        since.and_then(|revision| covering(revision).map(|proof| proof.time).min()).unwrap_or(self.at)
    }
}

/// Lists, answers and certificates.
#[derive(Clone, Debug, Default)]
pub struct Pool<'a> {
    /// Revocation lists, DER.
    pub lists: Vec<Piece<'a>>,
    /// Answers of responders, DER.
    pub answers: Vec<Piece<'a>>,
    /// Certificates that help to build paths, DER.
    pub certificates: Vec<Piece<'a>>,
}

impl<'a> Pool<'a> {
    /// Lists and answers that a station keeps in files, each told by what it is.
    pub fn of_files(files: &'a [Vec<u8>]) -> Self {
        let mut pool = Self::default();
        for file in files {
            if super::is_list(file) {
                pool.lists.push(Piece::loose(file));
            } else if super::is_answer(file) {
                pool.answers.push(Piece::loose(file));
            }
        }
        pool
    }

    /// The validation data of a file (ETSI EN 319 142-1 5.4.2.2).
    pub fn of_store(snapshot: &Snapshot) -> Self {
        let store = snapshot.get(&snapshot.catalog(), "DSS");
        let streams = |key: &str| {
            let list = snapshot.get(&store, key);
            let numbers =
                list.array().unwrap_or_default().iter().take(MAX_PIECES).filter_map(Value::reference);
            let piece = |number| {
                let der = Cow::Owned(snapshot.content(number, MAX_PIECE)?);
                Some(Piece { der, since: Some(snapshot.since(number)) })
            };
            numbers.filter_map(piece).collect::<Vec<_>>()
        };
        Self { lists: streams("CRLs"), answers: streams("OCSPs"), certificates: streams("Certs") }
    }

    /// What the signer put into the container: RFC 5652 5.1 crls, and the attribute of ISO 32000-1 12.8.3.3.2. `closed` is the
    /// revision that the container closes; time stamps of later ones cover it.
    pub fn of_container(container: &Container<'a>, closed: usize) -> Self {
        let piece = |der: &'a [u8]| Piece { der: der.into(), since: Some(closed + 1) };
        let mut pool = Self::default();
        let archival =
            container.attribute(ARCHIVAL).and_then(|value| value.inside(SEQUENCE)).unwrap_or_default();
        let inside = |tag: u8| {
            let part = archival.iter().find(|part| part.tag == tag)?;
            part.inside(tag)?.first()?.inside(SEQUENCE)
        };
        let whole = |list: Option<Vec<Tlv<'a>>>| {
            list.unwrap_or_default().into_iter().take(MAX_PIECES).map(|item| piece(item.whole))
        };
        pool.lists.extend(whole(inside(0xA0)));
        pool.answers.extend(whole(inside(0xA1)));
        for item in container.crls.iter().take(MAX_PIECES) {
            match item.tag {
                SEQUENCE => pool.lists.push(piece(item.whole)),
                0xA1 => pool.answers.extend(other(item).map(piece)),
                _ => {}
            }
        }
        pool
    }

    /// Adds what another pool has.
    pub fn extend(&mut self, other: Pool<'a>) {
        self.lists.extend(other.lists);
        self.answers.extend(other.answers);
        self.certificates.extend(other.certificates);
    }

    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.answers.is_empty()
    }
}

/// `[1] { id-ri-ocsp-response, OCSPResponse }`.
fn other<'a>(item: &Tlv<'a>) -> Option<&'a [u8]> {
    let parts = tlv::all(item.content)?;
    let [kind, answer] = parts.as_slice() else { return None };
    (kind.oid()? == OTHER_OCSP).then_some(answer.whole)
}
