//! The only way in which an existing PDF changes: a revision appended behind its last byte (ISO 32000-1 7.5.6). The base
//! stays the exact beginning of the new file, so that every earlier signature still covers what it covered.

use std::collections::BTreeMap;

use crate::document::{Continued, Hashing, hex};
use crate::error::{Result, kinds};
use crate::pdf::raw;
use crate::pdf::read::{Base, MAX_BASE, ObjectId};
use crate::pdf::sections::{XrefForm, damaged};
use crate::sign;

/// Room reserved for what a revision adds, bytes; more is only a reallocation.
pub(crate) const USUAL_GROWTH: usize = 24 << 10;

/// A revision in the making. Only what it adds is held here; the base is not copied.
pub struct Revision<'a> {
    base: &'a Base<'a>,
    out: Vec<u8>,
    entries: BTreeMap<u32, (usize, u16)>,
    next: u32,
    base_state: Hashing,
}

impl<'a> Revision<'a> {
    /// Starts behind the last byte of `base`.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when no object number is left.
    pub fn new(base: &'a Base<'a>) -> Result<Self> {
        Self::behind(base, None)
    }

    /// As [`Revision::new`], for a base that was hashed already.
    pub(crate) fn behind(base: &'a Base<'a>, hashed: Option<Hashing>) -> Result<Self> {
        let mut out = Vec::with_capacity(USUAL_GROWTH);
        let base_state = hashed.unwrap_or_else(|| Hashing::of(base.bytes()));
        // A file may end in %%EOF without an end of line; the first object must not run into that comment.
        if !matches!(base.bytes().last(), Some(b'\n' | b'\r')) {
            out.push(b'\n');
        }
        Ok(Self { base, out, entries: BTreeMap::new(), next: base.first_free()?, base_state })
    }

    /// The base that is extended.
    pub fn base(&self) -> &'a Base<'a> {
        self.base
    }

    /// Bytes of the new file so far.
    fn length(&self) -> usize {
        self.base.bytes().len() + self.out.len()
    }

    /// A fresh object number, generation 0.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when none is left.
    pub fn allocate(&mut self) -> Result<u32> {
        let number = self.next;
        self.next = number.checked_add(1).ok_or_else(|| damaged("/Size"))?;
        Ok(number)
    }

    /// Writes a new object and gives the offset of the first byte of `body` in the new file.
    ///
    /// # Errors
    /// [`kinds::BASE_TOO_LARGE`] when the file would outgrow the offsets.
    pub fn put(&mut self, number: u32, body: &[u8]) -> Result<usize> {
        self.replace((number, 0), body)
    }

    /// Writes the new version of an object and gives the offset of the first byte of `body` in the new file.
    ///
    /// # Errors
    /// [`kinds::BASE_TOO_LARGE`] when the file would outgrow the offsets; an internal error when an object is written twice.
    pub fn replace(&mut self, (number, generation): ObjectId, body: &[u8]) -> Result<usize> {
        let start = self.length();
        if start.saturating_add(body.len()) > MAX_BASE {
            return Err(kinds::BASE_TOO_LARGE.with("size", start).with("limit", MAX_BASE));
        }
        if self.entries.insert(number, (start, generation)).is_some() {
            return Err(
                kinds::INTERNAL.with("cause", format!("object {number} written twice in one revision"))
            );
        }
        self.out.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
        let at = self.length();
        self.out.extend_from_slice(body);
        self.out.extend_from_slice(b"\nendobj\n");
        Ok(at)
    }

    /// Closes the revision behind a copy of the base.
    ///
    /// # Errors
    /// As [`Revision::close`].
    pub fn finish(self) -> Result<Appended> {
        let base = self.base.bytes().to_vec();
        self.close()?.behind(base)
    }

    /// Closes the revision with a cross-reference section in the form of the base's newest one.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when no object number is left for a cross-reference stream.
    pub fn close(mut self) -> Result<Tail> {
        let id = self.identifier();
        let startxref = self.length();
        match self.base.form() {
            XrefForm::Table => self.table(&id),
            XrefForm::Stream => self.stream(&id)?,
        }
        self.out.extend_from_slice(format!("startxref\n{startxref}\n%%EOF\n").as_bytes());
        Ok(Tail { bytes: self.out, base_length: self.base.bytes().len(), base_state: self.base_state })
    }

    /// /ID (14.4): the first string stays for ever, the second changes with the content and only with it.
    fn identifier(&self) -> Vec<u8> {
        let digest = self.base_state.with(&[&self.out]);
        let new = format!("<{}>", hex(digest.get(..16).unwrap_or_default())).into_bytes();
        let first = self
            .base
            .trailer("ID")
            .and_then(raw::array)
            .and_then(|id| id.first().map(|first| first.to_vec()));
        [b"[", first.as_deref().unwrap_or(&new), new.as_slice(), b"]"].concat()
    }

    /// Keys that both forms of a section carry.
    fn trailer(&self, id: &[u8]) -> Vec<u8> {
        let mut out = format!("/Size {}/Root ", self.next).into_bytes();
        out.extend_from_slice(self.base.trailer("Root").unwrap_or_default());
        if let Some(info) = self.base.trailer("Info") {
            out.extend_from_slice(b"/Info ");
            out.extend_from_slice(info);
        }
        out.extend_from_slice(b"/ID");
        out.extend_from_slice(id);
        out.extend_from_slice(format!("/Prev {}", self.base.startxref()).as_bytes());
        out
    }

    /// Runs of consecutive object numbers, `(first, count)`.
    fn runs(&self) -> Vec<(u32, u32)> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for &number in self.entries.keys() {
            match runs.last_mut() {
                Some((first, count)) if first.checked_add(*count) == Some(number) => *count += 1,
                _ => runs.push((number, 1)),
            }
        }
        runs
    }

    fn table(&mut self, id: &[u8]) {
        let mut out = b"xref\n".to_vec();
        for (first, count) in self.runs() {
            out.extend_from_slice(format!("{first} {count}\n").as_bytes());
            for (offset, generation) in
                self.entries.range(first..).take(count as usize).map(|(_, entry)| entry)
            {
                out.extend_from_slice(format!("{offset:010} {generation:05} n \n").as_bytes());
            }
        }
        out.extend_from_slice(b"trailer\n<<");
        out.extend_from_slice(&self.trailer(id));
        out.extend_from_slice(b">>\n");
        self.out.extend_from_slice(&out);
    }

    /// A cross-reference stream lists itself too (7.5.8.2); fields of one, four and two bytes, not compressed.
    fn stream(&mut self, id: &[u8]) -> Result<()> {
        let number = self.allocate()?;
        self.entries.insert(number, (self.length(), 0));
        let mut rows = Vec::with_capacity(self.entries.len() * 7);
        for (offset, generation) in self.entries.values() {
            let offset = u32::try_from(*offset).map_err(|_| damaged("offset"))?;
            rows.push(1);
            rows.extend_from_slice(&offset.to_be_bytes());
            rows.extend_from_slice(&generation.to_be_bytes());
        }
        let index: Vec<String> =
            self.runs().iter().map(|(first, count)| format!("{first} {count}")).collect();
        let head =
            format!("{number} 0 obj\n<</Type/XRef/W[1 4 2]/Index[{}]/Length {}", index.join(" "), rows.len());
        let out =
            [head.as_bytes(), &self.trailer(id), b">>stream\n", &rows, b"\nendstream\nendobj\n"].concat();
        self.out.extend_from_slice(&out);
        Ok(())
    }
}

/// A finished revision without its base.
pub struct Tail {
    bytes: Vec<u8>,
    base_length: usize,
    base_state: Hashing,
}

impl Tail {
    /// Puts the revision behind its base, which is taken over and not copied.
    ///
    /// # Errors
    /// An internal error when it is the revision of another base.
    pub fn behind(self, mut base: Vec<u8>) -> Result<Appended> {
        if base.len() != self.base_length {
            return Err(kinds::INTERNAL.with("cause", "a revision of another base"));
        }
        base.reserve_exact(self.bytes.len());
        base.extend_from_slice(&self.bytes);
        Ok(Appended { bytes: base, base_length: self.base_length, base_state: self.base_state })
    }
}

/// A finished revision behind its base. Its bytes may still be patched in place, never moved.
pub struct Appended {
    bytes: Vec<u8>,
    base_length: usize,
    base_state: Hashing,
}

impl Appended {
    /// The whole new file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Overwrites bytes of the revision, length for length.
    ///
    /// # Errors
    /// An internal error when the place is not inside the revision.
    pub fn patch(&mut self, at: usize, bytes: &[u8]) -> Result<()> {
        let inside = at >= self.base_length;
        let place =
            at.checked_add(bytes.len()).and_then(|end| self.bytes.get_mut(at..end)).filter(|_| inside);
        match place {
            Some(place) => {
                place.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(kinds::INTERNAL.with("cause", "a patch outside its revision")),
        }
    }

    /// Digest of the file without the bytes from `gap_start` to `gap_end`, which lie in the revision. For SHA-256 the base
    /// was hashed once already and is not hashed again.
    pub fn digest_without(&self, digest: sign::Digest, gap_start: usize, gap_end: usize) -> Vec<u8> {
        let part = |range| self.bytes.get(range).unwrap_or_default();
        let behind = part(gap_end..self.bytes.len());
        match digest {
            sign::Digest::Sha256 => {
                self.base_state.with(&[part(self.base_length..gap_start), behind]).to_vec()
            }
            other => other.of(&[part(0..gap_start), behind]),
        }
    }

    /// The whole new file, given up.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The whole new file with its digest, given up; of the base, what was hashed already counts.
    pub fn into_hashed(self) -> (Vec<u8>, Continued) {
        let sha256 = self.base_state.of_file(&self.bytes);
        (self.bytes, Continued { sha256, begun: self.base_state })
    }

    /// The base without the revision, given back.
    pub fn into_base(mut self) -> Vec<u8> {
        self.bytes.truncate(self.base_length);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Objects 1 (catalogue), 2 (pages), 3 (page) and a table, written by hand; no end of line at the end.
    fn base() -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut offsets = Vec::new();
        for (number, body) in [
            (1, "<</Type/Catalog/Pages 2 0 R>>"),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>"),
        ] {
            offsets.push(out.len());
            out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        let xref = out.len();
        out.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
        for offset in offsets {
            out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
        }
        let trailer = format!("trailer\n<</Size 4/Root 1 0 R/ID[(one)(two)]>>\nstartxref\n{xref}\n%%EOF");
        out.extend_from_slice(trailer.as_bytes());
        out
    }

    fn revise(base: &[u8], body: &[u8]) -> Appended {
        let read = Base::open(base).unwrap();
        let mut revision = Revision::new(&read).unwrap();
        let number = revision.allocate().unwrap();
        assert_eq!(number, 4);
        let at = revision.put(number, body).unwrap();
        revision.replace((2, 0), b"<</Type/Pages/Kids[3 0 R]/Count 1/X 1>>").unwrap();
        let appended = revision.finish().unwrap();
        assert_eq!(&appended.bytes()[at..at + body.len()], body);
        appended
    }

    #[test]
    fn a_revision_lists_what_it_holds_and_keeps_the_base() {
        let base = base();
        let file = revise(&base, b"(new)").into_bytes();
        assert!(file.starts_with(&[&base[..], b"\n"].concat()));
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.contains("xref\n2 1\n") && text.contains("\n4 1\n"), "{text}");
        let read = Base::open(&file).unwrap();
        assert_eq!(read.raw_object((4, 0)).unwrap().as_ref(), b"(new)");
        assert!(read.dictionary((2, 0)).unwrap().has(b"X"));
        assert_eq!(read.raw_object((5, 0)).unwrap_err().code(), "base_damaged");
        assert_eq!(read.first_free().unwrap(), 5);
    }

    #[test]
    fn the_identifier_changes_with_the_content_and_only_with_it() {
        let base = base();
        let id = |body| Base::open(revise(&base, body).bytes()).unwrap().trailer("ID").unwrap().to_vec();
        assert!(id(b"(a)").starts_with(b"[(one)<"));
        assert_eq!(id(b"(a)"), id(b"(a)"));
        assert_ne!(id(b"(a)"), id(b"(b)"));
    }

    #[test]
    fn a_patch_cannot_reach_the_base() {
        let base = base();
        let mut file = revise(&base, b"(new)");
        let length = file.bytes().len();
        assert!(file.patch(base.len() - 1, b"x").is_err());
        assert!(file.patch(length, b"x").is_err());
        assert!(file.patch(usize::MAX, b"x").is_err());
        assert!(file.patch(length - 1, b"\n").is_ok());
        assert_eq!(file.bytes()[..base.len()], base);
    }

    #[test]
    fn an_object_is_written_once_a_revision() {
        let base = base();
        let read = Base::open(&base).unwrap();
        let mut revision = Revision::new(&read).unwrap();
        revision.put(4, b"1").unwrap();
        assert_eq!(revision.put(4, b"2").unwrap_err().code(), "internal");
    }

    #[test]
    fn the_digest_leaves_out_the_gap() {
        let base = base();
        let file = revise(&base, b"(new)");
        let (start, end) = (base.len() + 3, base.len() + 9);
        let expected = Sha256::digest([&file.bytes()[..start], &file.bytes()[end..]].concat());
        assert_eq!(file.digest_without(sign::Digest::Sha256, start, end).as_slice(), expected.as_slice());
    }
}
