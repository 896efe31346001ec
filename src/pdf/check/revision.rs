//! A revision behind a file that violates nothing: what it brings is looked at, by the same rules as a whole file. Where it is
//! more than new objects and new versions of dictionaries and arrays, the whole file is looked at.

use lopdf::xref::XrefEntry;
use lopdf::{Document, Object};

use super::{Clean, Violation, catalog_rules, every_object, outside, violations};
use crate::pdf::sections;
use crate::pdf::strict::{self, Section};

/// A file that was looked at whole.
#[derive(Debug)]
pub(crate) struct Archival {
    document: Document,
    clean: Clean,
    length: usize,
    startxref: usize,
}

impl Archival {
    /// The file of `length` bytes whose newest cross-reference section is at `startxref`, as it was read for the look.
    pub(crate) fn new(document: Document, clean: Clean, length: usize, startxref: usize) -> Self {
        Self { document, clean, length, startxref }
    }

    /// All violations of a file that begins with the bytes of this one, as [`violations`] tells them.
    pub(crate) fn followed_by(self, bytes: &[u8]) -> Vec<Violation> {
        self.brought(bytes).unwrap_or_else(|| violations(bytes))
    }

    /// What the last revision violates; none where it does more than a few rules can tell.
    pub(crate) fn brought(mut self, bytes: &[u8]) -> Option<Vec<Violation>> {
        let section = Section::read(bytes, sections::start(bytes).ok()?)?;
        if section.number(b"Prev") != Some(self.startxref) {
            return None;
        }
        let numbers: Vec<u32> = section.entries.keys().copied().collect();
        let touches = |value: Option<&Object>| match value {
            None => false,
            Some(Object::Reference((number, _))) => numbers.binary_search(number).is_ok(),
            Some(_) => true,
        };
        let trailers = [&self.document.trailer, &section.trailer];
        let [root, info] = [b"Root".as_slice(), b"Info"].map(|key| trailers.map(|t| t.get(key).ok()));
        let metadata = self.metadata();
        if root[0] != root[1] || info[0] != info[1] || touches(info[0]) || touches(metadata.as_ref()) {
            return None;
        }
        let mut new = Vec::with_capacity(numbers.len());
        let mut read = 0;
        for (number, entry) in &section.entries {
            let (offset, generation) = (*entry)?;
            let id = (*number, generation);
            let (object, end) = strict::object(bytes, id, offset, &|_| None)?;
            read += end - offset;
            let behind = offset >= self.length && read <= bytes.len() - self.length;
            if !behind || !self.may_become(id, &object) {
                return None;
            }
            new.push((id, object));
        }
        let ids: Vec<_> = new.iter().map(|(id, _)| *id).collect();
        self.document.objects.extend(new);
        self.document.trailer = section.trailer;
        (self.metadata() == metadata).then(|| self.violated(bytes, &ids))
    }

    /// What the catalogue names as metadata.
    fn metadata(&self) -> Option<Object> {
        self.document.catalog().ok()?.get(b"Metadata").ok().cloned()
    }

    /// Whether the new version of an object is one that no rule about other objects asks for: these want streams and names.
    fn may_become(&self, id: (u32, u16), new: &Object) -> bool {
        let plain = |object: &Object| matches!(object, Object::Dictionary(_) | Object::Array(_));
        match (self.document.reference_table.get(id.0), self.document.objects.get(&id)) {
            (None | Some(XrefEntry::Free), None) => true,
            (Some(XrefEntry::Normal { generation, .. }), Some(old)) => {
                *generation == id.1 && plain(old) && plain(new)
            }
            _ => false,
        }
    }

    fn violated(&self, bytes: &[u8], new: &[(u32, u16)]) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut say =
            |clause: &'static str, what: &str| found.push(Violation { clause, what: what.to_owned() });
        outside(bytes, Some(&self.document), &mut say);
        match self.document.catalog() {
            Ok(catalog) => catalog_rules(&self.document, catalog, self.clean.0, &mut say),
            Err(_) => say("6.1", "no catalog"),
        }
        let objects = new.iter().filter_map(|id| self.document.objects.get(id));
        every_object(&self.document, objects, self.clean.0, &mut say);
        found
    }
}
