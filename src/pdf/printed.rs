//! PDF/A of pages that were never on paper: reports and registers, text and lines in one font.

use jiff::Timestamp;

use crate::error::Result;

use super::font::{Subset, stream};
use super::objects::{Objects, raw_stream, text_string};
use super::{ArchivalPdf, Flavour, icc, info, xmp};

/// Name of the font in the content of a page.
pub(crate) const PRINTED_FONT: &str = "F0";

/// A page: size in points, and operators that show text with [`PRINTED_FONT`] only.
#[derive(Clone, Debug)]
pub(crate) struct PrintedPage {
    /// Width and height.
    pub size: (f32, f32),
    /// Operators.
    pub content: Vec<u8>,
}

/// What goes into the file.
#[derive(Debug)]
pub(crate) struct Printed<'a> {
    /// Pages in order.
    pub pages: Vec<PrintedPage>,
    /// The font.
    pub font: &'a Subset,
    /// Title.
    pub title: &'a str,
    /// RFC 3066.
    pub language: &'a str,
    /// When.
    pub made_at: Timestamp,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
}

/// The file, level U: every character can be searched and copied.
///
/// # Errors
/// [`crate::error::kinds::NOT_ARCHIVAL`] when the self-check finds a violation.
pub(crate) fn printed(printed: Printed) -> Result<ArchivalPdf> {
    let mut objects = Objects::default();
    let (root, tree) = (objects.reserve(), objects.reserve());
    let font = objects.add_all(|first| printed.font.objects(first));
    let mut kids = Vec::with_capacity(printed.pages.len());
    for page in &printed.pages {
        let content = objects.add(stream("", &page.content));
        let (width, height) = page.size;
        kids.push(objects.add(format!(
            "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {width:.2} {height:.2}]/Contents {content} 0 R\
             /Resources<</Font<</{PRINTED_FONT} {font} 0 R>>>>>>"
        )));
    }
    let references: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
    objects.set(tree, format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), references.join(" ")));
    let base = xmp::Base {
        title: printed.title,
        language: printed.language,
        created: xmp::date(printed.made_at, printed.utc_offset_minutes),
        flavour: Some(Flavour::fitting(true)),
    };
    let profile = objects.add(stream("/N 3", &icc::srgb()));
    let metadata = objects.add(raw_stream("/Type/Metadata/Subtype/XML", &xmp::plain(&base)));
    let info =
        objects.add(info::dictionary(printed.title, printed.made_at, printed.utc_offset_minutes).as_str());
    objects.set(
        root,
        format!(
            "<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata} 0 R/Lang {}/ViewerPreferences<</DisplayDocTitle true>>\
             /OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)\
             /DestOutputProfile {profile} 0 R>>]>>",
            text_string(printed.language)
        ),
    );
    ArchivalPdf::open(objects.file(root, info))
}
