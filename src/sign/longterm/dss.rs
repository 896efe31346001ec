//! A revision with validation data (ETSI EN 319 142-1 5.4.2): /Certs, /OCSPs and /CRLs hold each piece once for all signatures
//! of the file, /VRI says which belongs to which signature. What stands there already stays as it is.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::collect::{Material, Proofs};
use crate::error::Result;
use crate::pdf::append::{Appended, Revision};
use crate::pdf::raw::{self, RawDict};
use crate::pdf::read::{Base, ObjectId};
use crate::pdf::sections::damaged;
use crate::verify::needs::{Holdings, Kept};

/// Appends what `proofs` brings.
///
/// # Errors
/// A refusal of the file (`base_...`).
pub(super) fn append(bytes: Vec<u8>, holdings: &Holdings, proofs: &Proofs) -> Result<Appended> {
    let tail = {
        let base = Base::open(&bytes)?;
        let mut revision = Revision::new(&base)?;
        let mut store = Store::of(&base, holdings)?;
        for (key, material) in &proofs.entries {
            store.add(&mut revision, key, material)?;
        }
        store.write(&mut revision)?;
        revision.close()?
    };
    tail.behind(bytes)
}

/// The kinds of pieces, with their keys in /DSS and in an entry of /VRI.
const KINDS: [(&str, &str); 3] = [("Certs", "Cert"), ("OCSPs", "OCSP"), ("CRLs", "CRL")];

/// The store in the making.
struct Store {
    /// The object that holds it; none where there is none yet or the catalogue spells it out.
    place: Option<ObjectId>,
    /// As it is spelled.
    spelled: Vec<u8>,
    /// Pieces by content, a map a kind.
    known: [BTreeMap<Vec<u8>, u32>; 3],
    /// Objects that come into the lists, a list a kind.
    fresh: [Vec<u32>; 3],
    /// Entries of /VRI that come in.
    entries: Vec<(String, Vec<u8>)>,
    /// Keys of /VRI that are there.
    taken: Vec<String>,
}

impl Store {
    fn of(base: &Base, holdings: &Holdings) -> Result<Self> {
        let catalog = base.raw_object(base.root()?)?;
        let catalog = RawDict::parse(&catalog).ok_or_else(|| damaged("/Root"))?;
        let spelled = catalog.get("DSS").map(<[u8]>::to_vec);
        let place = spelled.as_deref().and_then(raw::reference);
        let spelled = match place {
            Some(place) => base.raw_object(place)?.into_owned(),
            None => spelled.unwrap_or_else(|| b"<</Type/DSS>>".to_vec()),
        };
        let map = |kept: &[Kept]| kept.iter().map(|kept| (kept.der.clone(), kept.number)).collect();
        let known = [map(&holdings.certificates), map(&holdings.answers), map(&holdings.lists)];
        let taken = holdings.entries.clone();
        Ok(Self { place, spelled, known, fresh: Default::default(), entries: Vec::new(), taken })
    }

    /// Writes the pieces that are not there yet, and the entry of the signature. An entry that is there stays as it is: other
    /// programs compare it, and the lists hold everything anyway.
    fn add(&mut self, revision: &mut Revision, key: &str, material: &Material) -> Result<()> {
        let mut entry = b"<<".to_vec();
        let kinds = [&material.certificates, &material.answers, &material.lists];
        for (kind, pieces) in kinds.into_iter().enumerate() {
            let numbers =
                pieces.iter().map(|der| self.number(revision, kind, der)).collect::<Result<Vec<u32>>>()?;
            if !numbers.is_empty() {
                entry.extend_from_slice(format!("/{}[{}]", KINDS[kind].1, references(&numbers)).as_bytes());
            }
        }
        entry.extend_from_slice(b">>");
        if !self.taken.iter().any(|taken| taken == key) {
            self.entries.push((key.to_owned(), entry));
        }
        Ok(())
    }

    /// The object of a piece, written now where it is new.
    fn number(&mut self, revision: &mut Revision, kind: usize, der: &[u8]) -> Result<u32> {
        if let Some(number) = self.known[kind].get(der) {
            return Ok(*number);
        }
        let number = revision.allocate()?;
        revision.put(number, &stream(der))?;
        self.known[kind].insert(der.to_vec(), number);
        self.fresh[kind].push(number);
        Ok(number)
    }

    /// Writes the store, and names it in the catalogue where it is new there.
    fn write(self, revision: &mut Revision) -> Result<()> {
        let base = revision.base();
        let mut dict = RawDict::parse(&self.spelled).ok_or_else(|| damaged("/DSS"))?;
        for ((key, _), fresh) in KINDS.iter().zip(&self.fresh) {
            if !fresh.is_empty() {
                dict.set(key, longer(base, dict.get(key), fresh)?);
            }
        }
        if !self.entries.is_empty() {
            let old = match dict.get("VRI").map(<[u8]>::to_vec) {
                Some(old) => resolved(base, &old)?,
                None => b"<<>>".to_vec(),
            };
            let mut entries = RawDict::parse(&old).ok_or_else(|| damaged("/VRI"))?;
            self.entries.iter().for_each(|(key, entry)| entries.set(key, entry.clone()));
            dict.set("VRI", entries.to_bytes());
        }
        if let Some(place) = self.place {
            return revision.replace(place, &dict.to_bytes()).map(|_| ());
        }
        let number = revision.allocate()?;
        revision.put(number, &dict.to_bytes())?;
        let root = base.root()?;
        let catalog = base.raw_object(root)?;
        let mut catalog = RawDict::parse(&catalog).ok_or_else(|| damaged("/Root"))?;
        catalog.set("DSS", format!("{number} 0 R").into_bytes());
        revision.replace(root, &catalog.to_bytes()).map(|_| ())
    }
}

/// What a value is, where it may be a reference.
fn resolved(base: &Base, value: &[u8]) -> Result<Vec<u8>> {
    match raw::reference(value) {
        Some(id) => Ok(base.raw_object(id)?.into_owned()),
        None => Ok(value.to_vec()),
    }
}

/// A list with more at its end, written into its holder.
fn longer(base: &Base, old: Option<&[u8]>, fresh: &[u32]) -> Result<Vec<u8>> {
    let old = old.map(|old| resolved(base, old)).transpose()?.unwrap_or_else(|| b"[]".to_vec());
    let items = raw::array(&old).ok_or_else(|| damaged("/DSS"))?;
    let fresh = references(fresh).into_bytes();
    let items: Vec<&[u8]> = items.into_iter().chain([fresh.as_slice()]).collect();
    Ok([b"[".as_slice(), &items.join(&b' '), b"]"].concat())
}

fn references(numbers: &[u32]) -> String {
    numbers.iter().map(|number| format!("{number} 0 R")).collect::<Vec<_>>().join(" ")
}

/// Most pieces whose streams are kept: those of a batch are nearly the same for every document.
const KEPT: usize = 64;
/// Largest of them, bytes; lists of national authorities are larger.
const MAX_KEPT: usize = 64 << 10;

/// Streams by the piece that they hold.
type Streams = HashMap<Vec<u8>, Arc<Vec<u8>>>;

/// As [`spelled`], once for the same piece.
fn stream(der: &[u8]) -> Arc<Vec<u8>> {
    static STREAMS: LazyLock<Mutex<Streams>> = LazyLock::new(Mutex::default);
    let known = || STREAMS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(stream) = known().get(der) {
        return Arc::clone(stream);
    }
    let stream = Arc::new(spelled(der));
    if der.len() <= MAX_KEPT {
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(der.to_vec(), Arc::clone(&stream));
    }
    stream
}

/// A stream, by Flate where that is shorter; DER of keys and signatures often is not.
fn spelled(der: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(der).and_then(|()| encoder.finish()).unwrap_or_default();
    let filter = "/Filter/FlateDecode";
    let (filter, body) = match !packed.is_empty() && packed.len() + filter.len() < der.len() {
        true => (filter, packed.as_slice()),
        false => ("", der),
    };
    let head = format!("<</Length {}{filter}>>stream\n", body.len());
    [head.as_bytes(), body, b"\nendstream"].concat()
}
