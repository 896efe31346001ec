//! Files come in one after the other, documents go out: cover sheets are found, stacks are split, loose pictures are laid
//! under the sheet that came before them.

use std::path::{Path, PathBuf};

use crate::document::{Finding, Severity};
use crate::error::{Result, kinds};
use crate::kit::SheetCode;
use crate::scan::plan::Group;
use crate::scan::separator::Mark;
use crate::scan::stack::{self, Part, Split};
use crate::scan::{Looked, ScanPage};

/// What will be one document.
#[derive(Debug)]
pub(super) struct Bundle {
    /// Its files and what a manifest row says of them.
    pub group: Group,
    /// Its cover sheet.
    pub sheet: Option<SheetCode>,
    /// Cover sheets and empty sheets beside it.
    pub separators: Vec<ScanPage>,
    /// Its pages.
    pub looked: Vec<Looked>,
    /// Its share of the bytes of its files.
    pub size: u64,
    /// It is a part of its files, not all of them.
    pub part: bool,
    /// Its files lie where they came from: nobody has said yet that they are not secret.
    pub unstored: bool,
    /// What the split has to say.
    pub findings: Vec<Finding>,
}

impl Bundle {
    /// A cover sheet with nothing under it.
    pub fn is_bare(&self) -> bool {
        self.looked.is_empty()
    }
}

/// A file that was looked at.
#[derive(Debug)]
pub(super) struct Seen {
    pub group: Group,
    pub looked: Vec<Looked>,
    pub size: u64,
    /// As in [`Bundle`].
    pub unstored: bool,
}

/// Lays files into documents.
#[derive(Debug)]
pub(super) struct Stacker {
    rule: Split,
    /// The document that further loose pictures belong to.
    open: Option<Bundle>,
}

impl Stacker {
    pub fn new(rule: Split) -> Self {
        Self { rule, open: None }
    }

    /// Takes the next file and gives the documents that are complete.
    ///
    /// # Errors
    /// [`kinds::MANIFEST_ROW_SPLIT`] when a row names one document and its files hold the sheets of several.
    pub fn push(&mut self, seen: Seen) -> Result<Vec<Bundle>> {
        if seen.group.row.is_some() {
            let mut done: Vec<Bundle> = self.end().into_iter().collect();
            done.push(one(seen)?);
            return Ok(done);
        }
        match self.rule {
            Split::Auto | Split::Sheets => Ok(self.by_sheets(seen)),
            rule => Ok(by_rule(seen, rule)),
        }
    }

    /// Whether a document waits for further pictures.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Files of the document that waits for further pictures.
    pub fn open_files(&self) -> &[PathBuf] {
        self.open.as_ref().map(|open| open.group.files.as_slice()).unwrap_or_default()
    }

    /// The document that waited for further pictures.
    pub fn end(&mut self) -> Option<Bundle> {
        self.open.take()
    }

    fn by_sheets(&mut self, seen: Seen) -> Vec<Bundle> {
        let loose = self.rule == Split::Sheets || seen.looked.len() == 1;
        let mut done = Vec::new();
        let goes_on = loose && self.open.as_ref().is_some_and(|open| self.continues(open, &seen.group));
        if !goes_on {
            done.extend(self.end());
        }
        let parts = stack::split(&marks(&seen.looked), Split::Sheets);
        let whole = parts.len() == 1;
        for bundle in bundles(seen, parts, whole) {
            match self.open.as_mut() {
                Some(open) if bundle.sheet.is_none() || again(open, &bundle) => join(open, bundle),
                _ => {
                    done.extend(self.end());
                    // Without a sheet in front of it, a file is a document of its own, unless all files are one stack.
                    let alone = bundle.sheet.is_none() && whole && self.rule == Split::Auto;
                    match loose && !alone {
                        true => self.open = Some(begun(bundle)),
                        false if alone || bundle.sheet.is_some() => done.push(bundle),
                        false => done.push(begun(bundle)),
                    }
                }
            }
            if !loose {
                done.extend(self.end());
            }
        }
        done
    }

    /// A loose picture belongs to the sheet before it when both lie in one folder.
    fn continues(&self, open: &Bundle, group: &Group) -> bool {
        let folder = |group: &Group| group.files.first().and_then(|f| f.parent()).map(Path::to_owned);
        self.rule == Split::Sheets || folder(&open.group) == folder(group)
    }
}

/// Pages in front of the first sheet: somebody has to say what they are.
fn begun(mut bundle: Bundle) -> Bundle {
    if bundle.sheet.is_none() {
        bundle.findings.push(Finding::new("before_first_sheet", None, Severity::Hold));
    }
    bundle
}

/// The sheet fed twice.
fn again(open: &Bundle, bundle: &Bundle) -> bool {
    open.looked.is_empty() && open.sheet == bundle.sheet
}

/// Lays pages under the sheet; its empty back is no page.
fn join(open: &mut Bundle, bundle: Bundle) {
    let mut looked = bundle.looked;
    if open.looked.is_empty() && open.sheet.is_some() {
        let pages = looked.iter().take_while(|page| mark(page) == Some(Mark::Empty)).count();
        let backs = looked.drain(..pages).filter_map(|page| page.good().ok());
        open.separators.extend(backs);
    }
    open.separators.extend(bundle.separators);
    open.looked.extend(looked);
    open.size += bundle.size;
    open.part |= bundle.part;
    open.unstored |= bundle.unstored;
    for file in bundle.group.files {
        if !open.group.files.contains(&file) {
            open.group.files.push(file);
        }
    }
}

fn mark(looked: &Looked) -> Option<Mark> {
    match looked {
        Looked::Good(page) => page.mark.clone(),
        Looked::Broken { .. } => None,
    }
}

pub(super) fn marks(looked: &[Looked]) -> Vec<Option<Mark>> {
    looked.iter().map(mark).collect()
}

/// The files of a manifest row are one document, with at most one sheet.
fn one(seen: Seen) -> Result<Bundle> {
    let parts = stack::split(&marks(&seen.looked), Split::Sheets);
    let mut codes: Vec<SheetCode> = parts.iter().filter_map(|p| p.sheet.clone()).collect();
    codes.dedup();
    if codes.len() > 1 {
        let list = codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(kinds::MANIFEST_ROW_SPLIT
            .with("file", seen.group.name())
            .with("line", seen.group.row.unwrap_or(0))
            .with("sheets", list));
    }
    let mut all = Part { sheet: codes.pop(), ..Part::default() };
    for part in parts {
        all.separators.extend(part.separators);
        all.pages.extend(part.pages);
    }
    all.pages.sort_unstable();
    let group = seen.group.clone();
    bundles(seen, vec![all], true)
        .into_iter()
        .next()
        .ok_or_else(|| kinds::SCAN_EMPTY.with("file", group.name()))
}

fn by_rule(seen: Seen, rule: Split) -> Vec<Bundle> {
    let parts = stack::split(&marks(&seen.looked), rule);
    let whole = parts.len() == 1;
    let mut all = bundles(seen, parts, whole);
    if let (Split::Count(count), Some(last)) = (rule, all.last_mut())
        && last.looked.len() != count as usize
    {
        let finding = Finding::new("count_uneven", None, Severity::Hold);
        last.findings.push(finding.with("found", last.looked.len()).with("expected", count));
    }
    all
}

/// Deals the pages of a file out to its parts.
fn bundles(seen: Seen, parts: Vec<Part>, whole: bool) -> Vec<Bundle> {
    let Seen { group, looked, size, unstored } = seen;
    let total = looked.len().max(1) as u64;
    let mut pages: Vec<Option<Looked>> = looked.into_iter().map(Some).collect();
    let mut take = |places: &[usize]| -> Vec<Looked> {
        places.iter().filter_map(|place| pages.get_mut(*place).and_then(Option::take)).collect()
    };
    let bundle = |part: Part| {
        let separators: Vec<ScanPage> =
            take(&part.separators).into_iter().filter_map(|l| l.good().ok()).collect();
        let looked = take(&part.pages);
        let share = (separators.len() + looked.len()) as u64;
        let size = size / total * share + if share == total { size % total } else { 0 };
        let (group, sheet) = (group.clone(), part.sheet);
        Bundle { group, sheet, separators, looked, size, part: !whole, unstored, findings: Vec::new() }
    };
    parts.into_iter().map(bundle).collect()
}

#[cfg(test)]
pub(super) mod tests;
