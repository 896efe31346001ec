//! Which pages there are, and what makes a PDF no scan: fields, signatures, notes (ISO 32000-1 7.7.3, 12.5, 12.7, 12.8).

use std::collections::HashSet;

use crate::error::{Result, kinds};

use super::super::MAX_PAGES;
use super::file::{File, damaged};
use super::value::{Dict, Value};

/// Keys that pages inherit (ISO 32000-1 7.7.3.4).
const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];
/// Nodes of the page tree that are looked at: pages and as many folders.
const MAX_NODES: usize = 2 * MAX_PAGES as usize;
/// Fields that are looked at.
const MAX_FIELDS: usize = 10_000;

/// Where a page is, and what it inherits.
#[derive(Clone, Debug)]
pub(super) struct Page {
    object: Value,
    inherited: Dict,
}

impl Page {
    /// Its dictionary with what it inherits, when it has nothing on it that a scanner never puts there.
    pub fn read(&self, file: &File) -> Result<Dict> {
        let object = file.resolve(&self.object)?;
        let mut dict = object.dict().cloned().ok_or_else(|| damaged("page"))?;
        for (key, value) in &self.inherited.0 {
            if dict.get(&String::from_utf8_lossy(key)).is_none() {
                dict.0.push((key.clone(), value.clone()));
            }
        }
        notes(file, &dict)?;
        Ok(dict)
    }
}

/// Lists the pages, and refuses a file that is no scan as a whole.
///
/// # Errors
/// [`kinds::PDF_HAS_FORM`], [`kinds::PDF_IS_SIGNED`], [`kinds::SCAN_TOO_MANY_PAGES`], [`kinds::SCAN_BROKEN`].
pub(super) fn list(file: &File) -> Result<Vec<Page>> {
    let root = file.get(&file.trailer, "Root")?;
    let root = root.dict().ok_or_else(|| damaged("catalogue"))?;
    form(file, root)?;
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    let mut nodes = 0;
    let mut waiting =
        vec![Page { object: root.get("Pages").cloned().unwrap_or(Value::Null), inherited: Dict::default() }];
    while let Some(node) = waiting.pop() {
        nodes += 1;
        if pages.len() >= MAX_PAGES as usize || nodes > MAX_NODES {
            return Err(kinds::SCAN_TOO_MANY_PAGES.with("limit", MAX_PAGES));
        }
        if let Value::Ref(number, _) = node.object
            && !seen.insert(number)
        {
            return Err(damaged("page tree in a circle"));
        }
        let object = file.resolve(&node.object)?;
        let dict = object.dict().ok_or_else(|| damaged("page tree"))?;
        let kids = file.get(dict, "Kids")?;
        let Some(kids) = kids.value.array() else {
            pages.push(node);
            continue;
        };
        let mut inherited = node.inherited.clone();
        for key in INHERITED {
            if let Some(value) = dict.get(key) {
                inherited.set(key, value.clone());
            }
        }
        let child = |kid: &Value| Page { object: kid.clone(), inherited: inherited.clone() };
        waiting.extend(kids.iter().rev().map(child));
    }
    if pages.is_empty() { Err(damaged("no page")) } else { Ok(pages) }
}

/// Fields and signatures of the document. An empty form, which some scanners write, is none.
fn form(file: &File, root: &Dict) -> Result<()> {
    if !matches!(file.get(root, "Perms")?.value, Value::Null) {
        return Err(kinds::PDF_IS_SIGNED.error());
    }
    let form = file.get(root, "AcroForm")?;
    let Some(form) = form.dict() else { return Ok(()) };
    let fields = file.get(form, "Fields")?;
    let fields = fields.value.array().unwrap_or_default();
    let mut waiting: Vec<Value> = fields.to_vec();
    let (mut looked, mut any) = (0, false);
    while let Some(value) = waiting.pop() {
        looked += 1;
        let object = file.resolve(&value)?;
        let Some(field) = object.dict().filter(|_| looked <= MAX_FIELDS) else { continue };
        any = true;
        if is_signed(file, field)? {
            return Err(kinds::PDF_IS_SIGNED.error());
        }
        waiting.extend(file.get(field, "Kids")?.value.array().unwrap_or_default().iter().cloned());
    }
    let dynamic = !matches!(file.get(form, "XFA")?.value, Value::Null);
    if any || dynamic { Err(kinds::PDF_HAS_FORM.error()) } else { Ok(()) }
}

fn is_signed(file: &File, field: &Dict) -> Result<bool> {
    let signature = file.get(field, "FT")?.value.name() == Some(b"Sig");
    Ok(signature && !matches!(file.get(field, "V")?.value, Value::Null))
}

/// Annotations of a page: links do not change what one sees.
fn notes(file: &File, page: &Dict) -> Result<()> {
    let annotations = file.get(page, "Annots")?;
    for item in annotations.value.array().unwrap_or_default() {
        let object = file.resolve(item)?;
        let Some(note) = object.dict() else { continue };
        match file.get(note, "Subtype")?.value.name() {
            Some(b"Link") => {}
            Some(b"Widget") if is_signed(file, note)? => return Err(kinds::PDF_IS_SIGNED.error()),
            Some(b"Widget") => return Err(kinds::PDF_HAS_FORM.error()),
            _ => return Err(kinds::PDF_HAS_NOTES.error()),
        }
    }
    Ok(())
}
