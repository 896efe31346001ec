//! Looks into a PDF that is about to get an appended revision: where its newest cross-reference section is and in which
//! form, what its first page and its form hold. Structure is read as written; a file that a reader would have to repair is
//! refused, because two readers may repair it in two ways.

use std::borrow::Cow;

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, LoadOptions, Object};

use crate::error::{Result, kinds};
use crate::pdf::check::{Archival, Clean};
use crate::pdf::raw;
use crate::pdf::sections::{self, Chain, XrefForm, damaged};
use crate::pdf::strict::{self, Streams};

/// Number and generation of an object.
pub type ObjectId = (u32, u16);

/// Largest base, bytes. Offsets then fit the ten digits of a table and the four bytes of our cross-reference streams.
pub const MAX_BASE: usize = 1 << 30;
/// Largest decompressed object or cross-reference stream, bytes: 400,000 objects with room to spare.
const MAX_STREAM: usize = 32 << 20;
/// Page tree nodes looked at on the way to page 1, and levels of inheritance.
const MAX_NODES: usize = 1_000;
/// Fields looked at for their names.
const MAX_FIELDS: usize = 10_000;

/// A PDF that can be extended.
pub struct Base<'a> {
    bytes: &'a [u8],
    chain: Chain<'a>,
    document: Document,
}

/// A page, with what it inherits (ISO 32000-1 7.7.3.4).
#[derive(Clone, Debug)]
pub struct PageBox {
    /// Its object.
    pub id: ObjectId,
    /// Visible area in default user space units, `[left, bottom, right, top]`: the crop box inside the media box.
    pub area: [f32; 4],
    /// Clockwise turn for display: 0, 90, 180 or 270 degrees.
    pub rotate: i64,
    /// Points in a unit of its user space (/UserUnit, Table 30); 1 unless the page says so.
    pub unit: f32,
}

impl PageBox {
    /// Width and height as it is displayed, points.
    pub fn size(&self) -> (f32, f32) {
        let [left, bottom, right, top] = self.area;
        let (width, height) = ((right - left) * self.unit, (top - bottom) * self.unit);
        match self.rotate {
            90 | 270 => (height, width),
            _ => (width, height),
        }
    }

    /// Where a point of default user space is displayed: points from the left and the top edge.
    pub fn displayed(&self, x: f64, y: f64) -> (f64, f64) {
        let [left, bottom, right, top] = self.area.map(f64::from);
        let (across, down) = match self.rotate {
            90 => (y - bottom, x - left),
            180 => (right - x, y - bottom),
            270 => (top - y, right - x),
            _ => (x - left, top - y),
        };
        (across * f64::from(self.unit), down * f64::from(self.unit))
    }
}

impl<'a> Base<'a> {
    /// Reads the structure.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`], [`kinds::BASE_ENCRYPTED`], [`kinds::BASE_HYBRID`], [`kinds::BASE_TRAILING_DATA`],
    /// [`kinds::BASE_TOO_LARGE`].
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        Self::open_read(bytes, None)
    }

    /// As [`Base::open`], for a file whose objects were read already by this crate.
    pub(crate) fn open_read(bytes: &'a [u8], document: Option<Document>) -> Result<Self> {
        if bytes.len() > MAX_BASE {
            return Err(kinds::BASE_TOO_LARGE.with("size", bytes.len()).with("limit", MAX_BASE));
        }
        if !bytes.starts_with(b"%PDF-") {
            return Err(damaged("%PDF"));
        }
        let chain = sections::follow(bytes)?;
        let document = match document {
            Some(document) => unrepaired(document)?,
            None => load(bytes, chain.startxref)?,
        };
        Ok(Self { bytes, chain, document })
    }

    /// The file and what is known of it, for a look at what will stand behind it.
    pub(crate) fn looked_at(self, clean: Clean) -> Archival {
        Archival::new(self.document, clean, self.bytes.len(), self.chain.startxref)
    }

    /// The file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Form of the newest cross-reference section; an appended one has to follow it.
    pub fn form(&self) -> XrefForm {
        self.chain.form
    }

    /// Offset of the newest cross-reference section.
    pub fn startxref(&self) -> usize {
        self.chain.startxref
    }

    /// Raw value of `key` in the newest trailer.
    pub fn trailer(&self, key: &str) -> Option<&[u8]> {
        self.chain.trailer.get(key)
    }

    /// Smallest object number that the file does not use.
    ///
    /// # Errors
    /// When all numbers are used up.
    pub fn first_free(&self) -> Result<u32> {
        let used = self.document.reference_table.entries.keys().next_back().copied().unwrap_or(0);
        let size = u32::try_from(self.chain.size).map_err(|_| damaged("/Size"))?;
        used.checked_add(1).map(|next| next.max(size)).ok_or_else(|| damaged("/Size"))
    }

    /// The object that holds the catalogue.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when the trailer names none.
    pub fn root(&self) -> Result<ObjectId> {
        self.trailer("Root").and_then(raw::reference).ok_or_else(|| damaged("/Root"))
    }

    /// The dictionary of an object.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when there is none.
    pub fn dictionary(&self, id: ObjectId) -> Result<&Dictionary> {
        self.document.get_dictionary(id).map_err(|e| damaged("dictionary").because(e))
    }

    /// The value of `key` in `dictionary`, references followed.
    pub fn entry<'d>(&'d self, dictionary: &'d Dictionary, key: &str) -> Option<&'d Object> {
        self.follow(dictionary.get(key.as_bytes()).ok()?)
    }

    /// The object itself, or the one that it refers to.
    pub fn follow<'d>(&'d self, object: &'d Object) -> Option<&'d Object> {
        self.document.dereference(object).ok().map(|(_, object)| object)
    }

    /// The bytes of an object's value as the file spells them, from an object stream if need be.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when the cross-reference entry does not lead to this very object.
    pub fn raw_object(&self, id: ObjectId) -> Result<Cow<'_, [u8]>> {
        match self.document.reference_table.get(id.0) {
            Some(XrefEntry::Normal { offset, .. }) => {
                let at = usize::try_from(*offset).map_err(|_| damaged("offset"))?;
                let (number, generation, at) =
                    raw::object_header(self.bytes, at).ok_or_else(|| damaged("offset"))?;
                let value = raw::value(self.bytes, at).ok_or_else(|| damaged("object"))?;
                if (number, generation) == id { Ok(Cow::Borrowed(value)) } else { Err(damaged("offset")) }
            }
            Some(XrefEntry::Compressed { container, index }) => {
                self.raw_compressed(id, *container, usize::from(*index)).map(Cow::Owned)
            }
            _ => Err(damaged("xref")),
        }
    }

    /// An object in an object stream (7.5.7): pairs of number and offset, then the objects from /First on.
    fn raw_compressed(&self, id: ObjectId, container: u32, index: usize) -> Result<Vec<u8>> {
        let stream = self.document.get_object((container, 0)).and_then(Object::as_stream);
        let stream = stream.map_err(|e| damaged("object stream").because(e))?;
        let content = stream.get_plain_content_with_limit(MAX_STREAM);
        let content = content.map_err(|e| damaged("object stream").because(e))?;
        let first = stream.dict.get(b"First").and_then(Object::as_i64).unwrap_or(-1);
        let find = || {
            let mut at = 0;
            for _ in 0..index {
                at = raw::integer(&content, raw::integer(&content, at)?.1)?.1;
            }
            let (number, at) = raw::integer(&content, at)?;
            let (offset, _) = raw::integer(&content, at)?;
            let start = usize::try_from(first).ok()?.checked_add(offset)?;
            let value = raw::value(&content, start)?;
            (u32::try_from(number) == Ok(id.0)).then(|| value.to_vec())
        };
        find().ok_or_else(|| damaged("object stream"))
    }

    /// The first page.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when the page tree has no page or is tangled.
    pub fn first_page(&self) -> Result<PageBox> {
        self.pages(1)?.pop().ok_or_else(|| damaged("/Pages"))
    }

    /// The first pages in order, at most `count`.
    ///
    /// # Errors
    /// As [`Base::first_page`].
    pub fn pages(&self, count: usize) -> Result<Vec<PageBox>> {
        let mut pages = Vec::new();
        let catalog = self.dictionary(self.root()?)?;
        let root = catalog.get(b"Pages").and_then(Object::as_reference).map_err(|_| damaged("/Pages"))?;
        let mut waiting = vec![(root, Inherited::default())];
        for _ in 0..MAX_NODES.max(count.saturating_mul(2)) {
            if pages.len() == count {
                return Ok(pages);
            }
            let Some((id, inherited)) = waiting.pop() else { return Ok(pages) };
            let node = self.dictionary(id)?;
            let inherited = inherited.with(self, node);
            match self.entry(node, "Kids").and_then(|kids| kids.as_array().ok()) {
                Some(kids) => {
                    let kids = kids.iter().rev().filter_map(|kid| kid.as_reference().ok());
                    waiting.extend(kids.map(|kid| (kid, inherited.clone())));
                }
                None => pages.push(inherited.page(id, self.unit(node))?),
            }
        }
        Err(damaged("/Pages"))
    }

    /// /UserUnit, which does not pass down the tree (Table 30).
    fn unit(&self, page: &Dictionary) -> f32 {
        let stated = self.entry(page, "UserUnit").and_then(|unit| unit.as_float().ok());
        stated.filter(|unit| unit.is_finite() && *unit > 0.0).unwrap_or(1.0)
    }

    /// A rectangle with its corners in order (7.9.5).
    pub fn rectangle(&self, value: &Object) -> Option<[f32; 4]> {
        rectangle(self, value)
    }

    /// The form dictionary with the object that holds it; none where it stands in the catalogue itself.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when /AcroForm is something else.
    pub fn form_dictionary(&self) -> Result<Option<(Option<ObjectId>, &Dictionary)>> {
        match self.dictionary(self.root()?)?.get(b"AcroForm") {
            Ok(Object::Reference(id)) => Ok(Some((Some(*id), self.dictionary(*id)?))),
            Ok(Object::Dictionary(form)) => Ok(Some((None, form))),
            Ok(_) => Err(damaged("/AcroForm")),
            Err(_) => Ok(None),
        }
    }

    /// Partial names of the top fields of the form, as raw text.
    ///
    /// # Errors
    /// [`kinds::BASE_DAMAGED`] when the form cannot be read or is absurdly large.
    pub fn field_names(&self) -> Result<Vec<Vec<u8>>> {
        let Some((_, form)) = self.form_dictionary()? else { return Ok(Vec::new()) };
        let Some(fields) = self.entry(form, "Fields").and_then(|f| f.as_array().ok()) else {
            return Ok(Vec::new());
        };
        if fields.len() > MAX_FIELDS {
            return Err(damaged("/Fields"));
        }
        let name = |field: &Object| {
            let field = self.follow(field)?.as_dict().ok()?;
            self.entry(field, "T")?.as_str().ok().map(<[u8]>::to_vec)
        };
        Ok(fields.iter().filter_map(name).collect())
    }
}

/// Loads the objects; what is not an object stream keeps no content, because nobody here looks at pixels.
fn load(bytes: &[u8], startxref: usize) -> Result<Document> {
    if let Some(document) = strict::load(bytes, startxref, Streams::Out) {
        return Ok(document);
    }
    let options = LoadOptions {
        max_decompressed_size: Some(MAX_STREAM),
        filter: Some(|id, object| match object {
            Object::Stream(stream) if !stream.dict.has_type(b"ObjStm") => None,
            _ => Some((id, object.clone())),
        }),
        ..LoadOptions::default()
    };
    Document::load_mem_with_options(bytes, options)
        .map_err(|e| damaged("objects").because(e))
        .and_then(unrepaired)
}

/// A reader that repairs is not believed: two readers may repair in two ways.
fn unrepaired(document: Document) -> Result<Document> {
    if document.xref_recovery.is_some() {
        return Err(damaged("xref"));
    }
    Ok(document)
}

/// Page attributes that pass down the tree.
#[derive(Clone, Debug, Default)]
struct Inherited {
    media: Option<[f32; 4]>,
    crop: Option<[f32; 4]>,
    rotate: i64,
}

impl Inherited {
    fn with(mut self, base: &Base, node: &Dictionary) -> Self {
        let rectangle = |key| base.entry(node, key).and_then(|value| rectangle(base, value));
        self.media = rectangle("MediaBox").or(self.media);
        self.crop = rectangle("CropBox").or(self.crop);
        if let Some(turn) = base.entry(node, "Rotate").and_then(|value| value.as_i64().ok()) {
            self.rotate = turn.rem_euclid(360);
        }
        self
    }

    fn page(self, id: ObjectId, unit: f32) -> Result<PageBox> {
        let media = self.media.ok_or_else(|| damaged("/MediaBox"))?;
        let crop = self.crop.unwrap_or(media);
        let area =
            [media[0].max(crop[0]), media[1].max(crop[1]), media[2].min(crop[2]), media[3].min(crop[3])];
        Ok(PageBox { id, area, rotate: self.rotate, unit })
    }
}

/// Two opposite corners in any order (ISO 32000-1 7.9.5).
fn rectangle(base: &Base, value: &Object) -> Option<[f32; 4]> {
    let corner = |object: &Object| {
        let number = base.follow(object)?.as_float().ok()?;
        number.is_finite().then_some(number)
    };
    let numbers: Vec<f32> = value.as_array().ok()?.iter().take(5).map_while(corner).collect();
    match numbers[..] {
        [a, b, c, d] => Some([a.min(c), b.min(d), a.max(c), b.max(d)]),
        _ => None,
    }
}
