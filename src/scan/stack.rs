//! One stack, several documents: where a stack is cut, decided on what the pages are and never on what they say.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result, kinds};
use crate::kit::SheetCode;

use super::separator::Mark;

/// Most pages between two cuts of `count:N` (our limit).
const MAX_COUNT: u32 = 1_000;

/// How a stack is split into documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// Cover sheets split the file that they are in; loose pictures behind a picture of a sheet belong to it.
    #[default]
    Auto,
    /// All inputs, in order, are one stack, split by cover sheets.
    Sheets,
    /// Empty sheets split a file.
    Blank,
    /// So many pages are a document.
    Count(u32),
    /// One file is one document.
    File,
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Split::Auto => f.write_str("auto"),
            Split::Sheets => f.write_str("sheets"),
            Split::Blank => f.write_str("blank"),
            Split::Count(count) => write!(f, "count:{count}"),
            Split::File => f.write_str("file"),
        }
    }
}

impl FromStr for Split {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || kinds::BAD_SPLIT.with("text", text);
        Ok(match text {
            "auto" => Split::Auto,
            "sheets" => Split::Sheets,
            "blank" => Split::Blank,
            "file" => Split::File,
            _ => {
                let count = text.strip_prefix("count:").and_then(|n| n.parse().ok()).ok_or_else(bad)?;
                (1..=MAX_COUNT).contains(&count).then_some(Split::Count(count)).ok_or_else(bad)?
            }
        })
    }
}

/// Pages of a stack that are one document, and what stands between it and the one before. Numbers are places in the stack,
/// counted from 0; every place of the stack stands in exactly one part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The cover sheet that it lies under.
    pub sheet: Option<SheetCode>,
    /// Cover sheets, their empty backs, empty sheets that split.
    pub separators: Vec<usize>,
    /// Its pages in order.
    pub pages: Vec<usize>,
}

impl Part {
    fn is_new(&self) -> bool {
        self.separators.is_empty() && self.pages.is_empty()
    }
}

/// Cuts a stack. `marks` says for each page whether it is more than a page; a page that cannot be read is one.
pub fn split(marks: &[Option<Mark>], rule: Split) -> Vec<Part> {
    let parts = match rule {
        Split::Auto | Split::Sheets => by_sheets(marks),
        Split::Blank => by_empty(marks),
        Split::Count(count) => by_count(marks, count as usize),
        Split::File => whole(marks),
    };
    parts.into_iter().filter(|part| !part.is_new()).collect()
}

fn by_sheets(marks: &[Option<Mark>]) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    for (place, mark) in marks.iter().enumerate() {
        if let Some(Mark::Sheet(code)) = mark
            && !is_same_again(parts.last(), code)
        {
            parts.push(Part { sheet: Some(code.clone()), ..Part::default() });
        }
        if let Some(part) = parts.last_mut() {
            add(part, place, mark.as_ref());
        }
    }
    parts
}

/// The sheet fed twice, or its code seen on the back as well.
fn is_same_again(part: Option<&Part>, code: &SheetCode) -> bool {
    part.is_some_and(|p| p.pages.is_empty() && p.sheet.as_ref() == Some(code))
}

/// A sheet is no page of the document, nor is its empty back; every other page is.
fn add(part: &mut Part, place: usize, mark: Option<&Mark>) {
    let behind_sheet = part.sheet.is_some() && part.pages.is_empty();
    match mark {
        Some(Mark::Sheet(_)) => part.separators.push(place),
        Some(Mark::Empty) if behind_sheet => part.separators.push(place),
        _ => part.pages.push(place),
    }
}

fn by_empty(marks: &[Option<Mark>]) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    for (place, mark) in marks.iter().enumerate() {
        let empty = *mark == Some(Mark::Empty);
        let begun = parts.last().is_some_and(|p| !p.pages.is_empty());
        if empty && begun {
            parts.push(Part::default());
        }
        if let Some(part) = parts.last_mut() {
            if empty { part.separators.push(place) } else { part.pages.push(place) }
        }
    }
    // Empty sheets at the end split nothing; they stay with the last document.
    if parts.last().is_some_and(|p| p.pages.is_empty())
        && parts.len() > 1
        && let Some(end) = parts.pop()
        && let Some(last) = parts.last_mut()
    {
        last.separators.extend(end.separators);
    }
    parts
}

fn by_count(marks: &[Option<Mark>], count: usize) -> Vec<Part> {
    let places: Vec<usize> = (0..marks.len()).collect();
    let part = |pages: &[usize]| Part { pages: pages.to_vec(), ..Part::default() };
    places.chunks(count.max(1)).map(part).collect()
}

/// A sheet on top describes the document; another one inside is left where it is, as a page, for a person to see.
fn whole(marks: &[Option<Mark>]) -> Vec<Part> {
    let mut part = Part::default();
    for (place, mark) in marks.iter().enumerate() {
        match mark {
            Some(Mark::Sheet(code)) if part.is_new() => {
                part.sheet = Some(code.clone());
                part.separators.push(place);
            }
            Some(Mark::Empty) if part.sheet.is_some() && part.pages.is_empty() => part.separators.push(place),
            _ => part.pages.push(place),
        }
    }
    vec![part]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::KitId;

    fn marks(text: &str) -> Vec<Option<Mark>> {
        let kit = KitId::random().unwrap();
        let mark = |c: char| match c {
            '.' => None,
            '_' => Some(Mark::Empty),
            digit => {
                let serial = digit.to_digit(10).unwrap();
                Some(Mark::Sheet(SheetCode { kit: kit.clone(), serial }))
            }
        };
        text.chars().map(mark).collect()
    }

    /// Parts as `serial:separators:pages`.
    fn parts(text: &str, rule: Split) -> Vec<String> {
        let marks = marks(text);
        let parts = split(&marks, rule);
        let mut places: Vec<usize> =
            parts.iter().flat_map(|p| p.separators.iter().chain(&p.pages)).copied().collect();
        places.sort_unstable();
        assert_eq!(places, (0..marks.len()).collect::<Vec<_>>(), "no page disappears, none stands twice");
        let serial = |p: &Part| p.sheet.as_ref().map_or(0, |s| s.serial);
        parts.iter().map(|p| format!("{}:{}:{}", serial(p), p.separators.len(), p.pages.len())).collect()
    }

    #[test]
    fn sheets_split_and_describe_their_own_document_only() {
        assert_eq!(parts("1..2.3...", Split::Auto), ["1:1:2", "2:1:1", "3:1:3"]);
        assert_eq!(parts("..1..", Split::Auto), ["0:0:2", "1:1:2"]);
        assert_eq!(parts("...", Split::Auto), ["0:0:3"]);
        assert_eq!(parts("12.", Split::Auto), ["1:1:0", "2:1:1"]);
        assert_eq!(parts("1_.._.2_.", Split::Auto), ["1:2:4", "2:2:1"], "an empty page inside stays a page");
        assert_eq!(parts("11..1.", Split::Auto), ["1:2:2", "1:1:1"], "a sheet used twice is two parts");
    }

    #[test]
    fn empty_sheets_split_where_asked() {
        assert_eq!(parts(".._.__..", Split::Blank), ["0:0:2", "0:1:1", "0:2:2"]);
        assert_eq!(parts("_.._", Split::Blank), ["0:2:2"]);
        assert_eq!(parts(".._.", Split::Auto), ["0:0:4"]);
    }

    #[test]
    fn counts_and_whole_files() {
        assert_eq!(parts(".....", Split::Count(2)), ["0:0:2", "0:0:2", "0:0:1"]);
        assert_eq!(parts("1_..2.", Split::File), ["1:2:4"]);
        for bad in ["", "count:", "count:0", "count:x", "count:9999", "pages"] {
            assert!(bad.parse::<Split>().is_err(), "{bad}");
        }
        assert_eq!("count:3".parse::<Split>().unwrap().to_string(), "count:3");
    }
}
