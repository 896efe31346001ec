//! Looking at every page of a source, and decoding one of them again.

use unicode_normalization::UnicodeNormalization;

use crate::bounded;
use crate::document::{Finding, Sha256};
use crate::error::{Error, Kind, Result, kinds};

use super::format::{self, Format};
use super::{
    Decoded, MAX_PAGE_BYTES, PageImage, ScanPage, Source, jpeg, pdf, png, quality, resolution, separator,
    tiff,
};

/// A source whose pages are known and not yet decoded.
#[derive(Debug)]
pub struct Scan {
    source: Source,
    pages: Pages,
}

#[derive(Debug)]
enum Pages {
    Jpeg,
    Png,
    Tiff(Vec<tiff::Place>),
    Pdf(pdf::Pdf),
}

/// What was found on one page.
#[derive(Debug)]
pub enum Looked {
    /// A page that decodes to its last row.
    Good(ScanPage),
    /// A page that does not: it never enters a document, and the document waits until the paper is scanned again.
    Broken {
        /// Name of the source file.
        source_name: String,
        /// Page inside the source file, counted from 0.
        index: u32,
        /// What is wrong with it.
        error: Error,
    },
}

/// What is known about the pages of a source from a look before this one.
pub trait Memory: Sync {
    /// The page as it was seen then; `index` counts from 0.
    fn recall(&self, index: u32) -> Option<ScanPage>;
    /// A page that was just seen, and is good.
    fn note(&self, page: &ScanPage);
}

/// Looks at every page anew.
struct Forgetful;

impl Memory for Forgetful {
    fn recall(&self, _: u32) -> Option<ScanPage> {
        None
    }

    fn note(&self, _: &ScanPage) {}
}

/// Refusals that are about the file, though a single page shows them.
const OF_THE_FILE: [&Kind; 9] = [
    &kinds::FILE_IO,
    &kinds::FILE_MISSING,
    &kinds::FILE_DENIED,
    &kinds::PDF_ENCRYPTED,
    &kinds::PDF_HAS_TEXT,
    &kinds::PDF_HAS_DRAWING,
    &kinds::PDF_HAS_NOTES,
    &kinds::PDF_HAS_FORM,
    &kinds::PDF_IS_SIGNED,
];

impl Scan {
    /// Recognises a source by its content and lists its pages.
    ///
    /// # Errors
    /// A scan error that says what the file is.
    pub fn open(source: Source) -> Result<Self> {
        let pages = match format::of(&source.up_to(0, format::START)?)? {
            Format::Jpeg => Pages::Jpeg,
            Format::Png => Pages::Png,
            Format::Tiff => Pages::Tiff(tiff::places(&source)?),
            Format::Pdf => Pages::Pdf(pdf::Pdf::open(source.clone())?),
        };
        Ok(Self { source, pages })
    }

    /// Number of pages.
    pub fn len(&self) -> u32 {
        match &self.pages {
            Pages::Jpeg | Pages::Png => 1,
            Pages::Tiff(places) => u32::try_from(places.len()).unwrap_or(u32::MAX),
            Pages::Pdf(pdf) => u32::try_from(pdf.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Decodes one page; `index` counts from 0.
    ///
    /// # Errors
    /// A scan error that says what is wrong with the page.
    pub fn decode(&self, index: u32) -> Result<PageImage> {
        self.page(index).map(|decoded| decoded.image)
    }

    /// Decodes one page and tells what it is, at once; `index` counts from 0.
    ///
    /// # Errors
    /// As [`Self::decode`], with the page.
    pub fn read(&self, name: &str, index: u32) -> Result<(ScanPage, PageImage)> {
        let Decoded { image, stated, findings } = self.page(index).map_err(|e| e.with("page", index + 1))?;
        let source_name: String = name.nfc().collect();
        // The digest of the source is for those who keep it.
        let page = describe(&image, stated, findings, &source_name, &Sha256(String::new()), index);
        Ok((page, image))
    }

    /// The JPEG that holds the page, with the number of its components (1 or 3), when the source is one: a PDF may carry it as
    /// it is. Marker segments that no reader of a PDF asks for are left out.
    ///
    /// # Errors
    /// A disk error.
    pub fn original(&self) -> Result<Option<(u8, Vec<u8>)>> {
        match &self.pages {
            Pages::Jpeg => Ok(jpeg::original(&self.source.whole(MAX_PAGE_BYTES)?)),
            _ => Ok(None),
        }
    }

    fn page(&self, index: u32) -> Result<Decoded> {
        match &self.pages {
            Pages::Jpeg => jpeg::decode(&self.source.whole(MAX_PAGE_BYTES)?),
            Pages::Png => png::decode(&self.source.whole(MAX_PAGE_BYTES)?),
            Pages::Tiff(places) => {
                tiff::decode(&self.source, places.get(index as usize).ok_or_else(|| kinds::SCAN_CUT.error())?)
            }
            Pages::Pdf(pdf) => pdf.decode(index),
        }
    }

    /// Looks at every page without a memory, as [`Self::inspect_with`].
    ///
    /// # Errors
    /// As [`Self::inspect_with`].
    pub fn inspect(&self, name: &str, sha256: &Sha256) -> Result<Vec<Looked>> {
        self.inspect_with(name, sha256, &Forgetful)
    }

    /// Looks at every page. Each is decoded to its last row, so that a damaged scan is found out while the paper is still
    /// at hand; as many at once as the machine has cores, and no pixel is kept.
    ///
    /// # Errors
    /// What is wrong with the file; what is wrong with its first page, when no page is good.
    pub fn inspect_with(&self, name: &str, sha256: &Sha256, memory: &impl Memory) -> Result<Vec<Looked>> {
        let source_name: String = name.nfc().collect();
        let look = |index: u32| {
            if let Some(page) = memory.recall(index) {
                return (index, Ok(ScanPage { source_name: source_name.clone(), ..page }));
            }
            let page = self.page(index).map(|page| record(page, &source_name, sha256, index));
            page.iter().for_each(|page| memory.note(page));
            (index, page)
        };
        let looked = bounded::each(self.len() as usize, |i| look(u32::try_from(i).unwrap_or(u32::MAX)));
        let good = looked.iter().filter(|(_, page)| page.is_ok()).count();
        let mut pages = Vec::with_capacity(looked.len());
        for (index, page) in looked {
            match page {
                Ok(page) => pages.push(Looked::Good(page)),
                Err(error) if good == 0 || is_of_the_file(&error) => {
                    return Err(error.with("page", index + 1));
                }
                Err(error) => {
                    pages.push(Looked::Broken { source_name: source_name.clone(), index, error });
                }
            }
        }
        Ok(pages)
    }
}

fn is_of_the_file(error: &Error) -> bool {
    OF_THE_FILE.iter().any(|kind| kind.code == error.code())
}

fn record(page: Decoded, source_name: &str, sha256: &Sha256, index: u32) -> ScanPage {
    let Decoded { image, stated, findings } = page;
    let mark = separator::mark(&image);
    let page = describe(&image, stated, findings, source_name, sha256, index);
    ScanPage { mark, look: Box::new(quality::look(&image, &page.dpi)), ..page }
}

fn describe(
    image: &PageImage,
    stated: Option<(f64, f64)>,
    findings: Vec<Finding>,
    source_name: &str,
    sha256: &Sha256,
    index: u32,
) -> ScanPage {
    let (dpi, inferred) = resolution::of(image, stated);
    ScanPage {
        source_sha256: sha256.clone(),
        source_name: source_name.to_owned(),
        index,
        width: image.width,
        height: image.height,
        colour: image.colour(),
        dpi,
        findings: inferred.into_iter().chain(findings).collect(),
        mark: None,
        turned: 0,
        look: Box::default(),
    }
}

/// Looks at every page of a source in memory; all have to be good.
///
/// # Errors
/// A scan error that says what the file is or which page is damaged.
pub fn inspect(name: &str, bytes: &[u8]) -> Result<Vec<ScanPage>> {
    let scan = Scan::open(Source::from_bytes(bytes.to_vec()))?;
    let looked = scan.inspect(name, &Sha256::of(bytes))?;
    looked.into_iter().map(Looked::good).collect()
}

impl Looked {
    /// The page, when it is good.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn good(self) -> Result<ScanPage> {
        match self {
            Looked::Good(page) => Ok(page),
            Looked::Broken { source_name, index, error } => {
                Err(error.with("file", source_name).with("page", index + 1))
            }
        }
    }
}

/// Decodes one page of a source in memory; `index` counts from 0.
///
/// # Errors
/// As [`inspect`].
pub fn decode(bytes: &[u8], index: u32) -> Result<PageImage> {
    Scan::open(Source::from_bytes(bytes.to_vec()))?.decode(index)
}
