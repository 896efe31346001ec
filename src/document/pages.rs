//! Corrections of pages: turned, moved, taken out, put in. Pages keep their sources; what is taken out is listed beside the
//! document. Numbers are those of the paper, from 1, pages that could not be read included.

use jiff::Timestamp;

use crate::scan::ScanPage;

use super::{Document, DroppedPage, Finding, PAGE_BROKEN, Severity};

/// A page with what was noticed about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The page; none when it could not be read.
    pub page: Option<ScanPage>,
    /// Findings about it, without their number.
    findings: Vec<Finding>,
}

impl Slot {
    /// A page that was just looked at.
    pub fn new(page: ScanPage) -> Self {
        let findings = page.findings.clone();
        Self { page: Some(page), findings }
    }

    /// Further findings about it.
    pub fn with(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self
    }
}

/// Pages of a document as a person counts them.
pub fn slots(document: &Document) -> Vec<Slot> {
    let mut pages = document.pages.iter();
    let of = |number: u32| document.findings.iter().filter(move |f| f.page == Some(number));
    let slot = |number: u32| {
        let broken = of(number).any(|f| f.code == PAGE_BROKEN);
        let page = if broken { None } else { pages.next().cloned() };
        let findings = of(number).cloned().map(|f| Finding { page: None, ..f }).collect();
        Slot { page, findings }
    };
    (1..=u32::try_from(document.page_total()).unwrap_or(u32::MAX)).map(slot).collect()
}

/// The document with these pages; findings about the whole document stay.
pub fn assembled(mut document: Document, slots: Vec<Slot>) -> Document {
    document.findings.retain(|f| f.page.is_none());
    document.pages.clear();
    for (number, slot) in (1u32..).zip(slots) {
        let numbered = slot.findings.into_iter().map(|f| Finding { page: Some(number), ..f });
        document.findings.extend(numbered);
        document.pages.extend(slot.page);
    }
    document
}

/// Turns a page clockwise by 90, 180 or 270 degrees. Its source stays as it lies.
pub fn turn(slot: &mut Slot, degrees: u16) {
    let Some(page) = &mut slot.page else { return };
    page.turned = (page.turned + degrees) % 360;
    if !degrees.is_multiple_of(180) {
        std::mem::swap(&mut page.width, &mut page.height);
        std::mem::swap(&mut page.dpi.x, &mut page.dpi.y);
    }
    // The person has answered the question which way up it is.
    slot.findings.retain(|f| f.code != TURNED && f.code != "turn_unsure");
    if page.turned != 0 {
        slot.findings.push(Finding::new(TURNED, None, Severity::Info).with("degrees", page.turned));
    }
}

/// Code of the finding on a page that a person turned: a step with a name, logged on its page.
const TURNED: &str = "turned_by_hand";

/// Lists a page that was taken out; one that could not be read leaves nothing but its entry in the journal.
pub fn put_aside(document: &mut Document, slot: Slot, reason: &str, by: &str) {
    if let Some(page) = slot.page {
        let (reason, by) = (reason.to_owned(), by.to_owned());
        document.dropped.push(DroppedPage { page, reason, by, at: Timestamp::now() });
    }
}

/// The document as it was before a correction, with the facts that it has now: pages, what lies beside them and findings
/// about them go back.
pub fn restored(now: Document, before: Document) -> Document {
    let kept: Vec<Finding> = now.findings.iter().filter(|f| f.page.is_none()).cloned().collect();
    let pages = before.findings.iter().filter(|f| f.page.is_some()).cloned();
    let findings = pages.chain(kept).collect();
    Document {
        findings,
        pages: before.pages,
        separators: before.separators,
        dropped: before.dropped,
        attestation: before.attestation.or(now.attestation.clone()),
        ..now
    }
}

/// Numbers as a person writes them, `1,3-5`, each once and in order; none when one is not between 1 and `pages`.
///
/// # Errors
/// The part that cannot be understood or does not exist.
pub fn numbers(text: &str, pages: usize) -> Result<Vec<usize>, String> {
    let mut found = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|n| (1..=pages).contains(n));
        match number(from).zip(number(to)) {
            Some((from, to)) if from <= to => found.extend(from..=to),
            _ => return Err(part.to_owned()),
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Numbers as [`numbers`] reads them, in the order given: `1-3,7`.
pub fn worded(numbers: &[usize]) -> String {
    let run = |run: &[usize]| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    };
    numbers.chunk_by(|a, b| *b == *a + 1).map(run).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(numbers("1, 3-5,4", 6).unwrap(), [1, 3, 4, 5]);
        for (text, part) in [("0", "0"), ("7", "7"), ("1,x", "x"), ("5-3", "5-3"), ("", ""), ("1-99", "1-99")]
        {
            assert_eq!(numbers(text, 6).unwrap_err(), part);
        }
        assert_eq!(worded(&[1, 3, 4, 5, 9, 8]), "1,3-5,9,8");
        assert_eq!(worded(&[]), "");
    }
}
