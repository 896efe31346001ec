//! Every signature of a file, in whichever revision it stands, and whether it stands where it should.

use std::collections::BTreeMap;

use super::changes::Walk;
use super::fields::{self, Field};
use super::history::{Code, Revision};
use super::snapshot::Snapshot;
use super::structure::{self, Place};
use super::value::Value;

/// How a signature is to be read (ISO 32000-1 Table 252, /SubFilter; EN 319 142-1 6.3, 5.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PAdES.
    Cades,
    /// The older form of ISO 32000-1.
    Pkcs7,
    /// A document time stamp.
    TimeStamp,
    /// One of the two old forms that rest on SHA-1.
    Sha1,
    /// Anything else.
    Other,
}

/// A signature.
pub struct Found {
    /// Full name of its field.
    pub name: String,
    /// Its dictionary.
    pub dictionary: Value,
    /// Object number of its dictionary.
    pub number: Option<u32>,
    /// /Lock of its field.
    pub lock: Value,
    /// The revision, counted from 0, in which it was met first.
    pub first_seen: usize,
    /// What it covers, where that holds.
    pub place: Option<Place>,
    /// What is wrong with its place.
    pub codes: Vec<Code>,
}

impl Found {
    /// How it is to be read.
    pub fn kind(&self) -> Kind {
        match self.dictionary.get("SubFilter").and_then(Value::name) {
            Some(b"ETSI.CAdES.detached") => Kind::Cades,
            Some(b"adbe.pkcs7.detached") => Kind::Pkcs7,
            Some(b"adbe.pkcs7.sha1" | b"adbe.x509.rsa_sha1") => Kind::Sha1,
            Some(b"ETSI.RFC3161") => Kind::TimeStamp,
            _ => Kind::Other,
        }
    }
}

/// A signed field of one revision, with the offset of its dictionary where it is an object of its own.
type Seen = (Field, Option<usize>);

fn seen(snapshot: &Snapshot) -> (Vec<Seen>, bool) {
    let place = |field: &Field| snapshot.place(field.signature?);
    let (fields, whole) = fields::signed(snapshot);
    (fields.into_iter().map(|field| (place(&field), field)).map(|(at, field)| (field, at)).collect(), whole)
}

/// All signatures, in the order of their revisions, and whether every form could be read. A signature that a later revision
/// hides is still found.
pub fn signatures(bytes: &[u8], revisions: &[Revision], walk: &Walk) -> (Vec<Found>, bool) {
    let (each, whole): (Vec<Vec<Seen>>, Vec<bool>) = walk.snapshots.iter().map(seen).unzip();
    let mut found: BTreeMap<(Option<usize>, String), Found> = BTreeMap::new();
    for (index, (fields, snapshot)) in each.iter().zip(&walk.snapshots).enumerate() {
        for (field, at) in fields {
            let key = (*at, if at.is_some() { String::new() } else { field.name.clone() });
            found.entry(key).or_insert_with(|| one(bytes, revisions, snapshot, field, *at, index, &each));
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    let ends: Vec<Option<usize>> =
        found.iter().map(|f| f.place.as_ref().map(|place| place.revision)).collect();
    for signature in &mut found {
        // A revision is closed by one signature; a second one over the same bytes can only cover the hole of the first.
        let own = signature.place.as_ref().map(|place| place.revision);
        if own.is_some() && ends.iter().filter(|end| **end == own).count() > 1 {
            signature.codes.push("byte_range_forged");
        }
    }
    found.sort_by_key(|f| (f.place.as_ref().map_or(f.first_seen, |place| place.revision), f.number));
    (found, whole.into_iter().all(|whole| whole))
}

fn one(
    bytes: &[u8],
    revisions: &[Revision],
    snapshot: &Snapshot,
    field: &Field,
    at: Option<usize>,
    index: usize,
    each: &[Vec<Seen>],
) -> Found {
    let dictionary = field.signature.and_then(|number| snapshot.value(number).ok()).unwrap_or(Value::Null);
    let mut found = Found {
        name: field.name.clone(),
        dictionary,
        number: field.signature,
        lock: field.lock.clone(),
        first_seen: index,
        place: None,
        codes: Vec::new(),
    };
    let Some(at) = at else {
        found.codes.push("signature_wrapped");
        return found;
    };
    match structure::place(bytes, revisions, at) {
        Ok(place) => {
            // The signed bytes alone have to lead to this very signature, through one field.
            let there = each
                .get(place.revision)
                .map_or(0, |fields| fields.iter().filter(|f| f.1 == Some(at)).count());
            if there != 1 {
                found.codes.push("signature_wrapped");
            }
            found.place = Some(place);
        }
        Err(code) => found.codes.push(code),
    }
    if each.last().is_some_and(|fields| !fields.iter().any(|(_, last)| *last == Some(at))) {
        found.codes.push("signature_removed");
    }
    found
}
