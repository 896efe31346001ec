//! One page on its way into a PDF: read by Tesseract while it is compressed, and read once more afterwards where digits are
//! compared. What goes wrong with reading costs the page its text layer and never the page.

use crate::compress::{self, PageLayers};
use crate::document::{Finding, Severity};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Subject};
use crate::ocr::{self, PageText, Tesseract};
use crate::pdf;
use crate::profile::OcrRules;
use crate::scan::cleanup::Placed;
use crate::scan::{Dpi, PageImage};

/// How pages are read.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    tesseract: Option<Tesseract>,
    text_layer: bool,
    check_digits: bool,
}

/// A page, and what a person should know of it.
#[derive(Debug)]
pub(super) struct Made {
    pub page: pdf::Page,
    pub findings: Vec<Finding>,
}

impl Reader {
    /// The reader that the rules ask for. What they ask for and this machine does not have is told, and done without.
    pub fn find(rules: &OcrRules, front: &dyn Front) -> Self {
        if !rules.text_layer && !rules.check_digits {
            return Self::default();
        }
        let tesseract = Tesseract::find(&rules.languages);
        let note = match &tesseract {
            None => Some(Finding::new("ocr_missing", None, Severity::Info)),
            Some(found) if !found.missing.is_empty() => Some(
                Finding::new("ocr_language_missing", None, Severity::Info)
                    .with("missing", found.missing.join(", "))
                    .with("languages", found.languages()),
            ),
            Some(_) => None,
        };
        if let Some(note) = note {
            front.tell(&Event::finding(&note, Subject::File("Tesseract"), front.lang()));
        }
        Self { tesseract, text_layer: rules.text_layer, check_digits: rules.check_digits }
    }

    /// Refuses what a person asked for by name and cannot have.
    ///
    /// # Errors
    /// [`kinds::OCR_MISSING`].
    pub fn demand(rules: &OcrRules) -> Result<()> {
        match Tesseract::find(&rules.languages) {
            Some(_) => Ok(()),
            None => Err(kinds::OCR_MISSING.with("languages", rules.languages.join(", "))),
        }
    }

    /// By what pages are read, when they are.
    pub fn describe(&self) -> Option<String> {
        self.tesseract.as_ref().filter(|_| self.text_layer).map(Tesseract::describe)
    }

    /// Compresses a page that is painted as `placed` says, and reads it as it then stands. `original` is the JPEG that it came
    /// in, if it did.
    pub(super) fn page(
        &self,
        image: PageImage,
        original: Option<(u8, Vec<u8>)>,
        dpi: Dpi,
        placed: Placed,
        settings: &compress::Settings,
    ) -> Result<Made> {
        // What has to be turned anticlockwise lies clockwise.
        let skew = -f64::from(placed.quarters) * 90.0 - placed.degrees;
        let reading = self.tesseract.as_ref().map(|t| t.begin(&image, dpi, skew));
        let layers = compress::page_or_original(image, dpi, settings, original)?;
        let mut findings = Vec::new();
        let text = reading.and_then(|reading| match reading.and_then(ocr::Reading::finish) {
            Ok(text) => Some(text),
            Err(error) => {
                findings.push(unread(&error));
                None
            }
        });
        if let Some(before) = text.as_ref().filter(|_| self.check_digits) {
            match self.again(&layers, dpi, skew) {
                Ok(after) => findings.extend(differing(before, &after)),
                Err(error) => findings.push(unread(&error)),
            }
        }
        let text = text.filter(|_| self.text_layer);
        Ok(Made { page: pdf::Page { layers, text, placed }, findings })
    }

    /// What is read on the page as its layers show it.
    fn again(&self, layers: &PageLayers, dpi: Dpi, skew: f64) -> Result<PageText> {
        let tesseract = self.tesseract.as_ref().ok_or_else(|| kinds::OCR_MISSING.error())?;
        tesseract.begin(&compress::reconstruct(layers)?, dpi, skew)?.finish()
    }
}

fn unread(error: &Error) -> Finding {
    let cause = error.arg("cause").unwrap_or_default().to_owned();
    Finding::new("ocr_failed", None, Severity::Warning).with("cause", cause)
}

/// A finding for each place where other digits are read after compression.
fn differing(before: &PageText, after: &PageText) -> Vec<Finding> {
    let shown = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let finding = |d: ocr::Difference| {
        Finding::new("digits_differ", None, Severity::Warning)
            .with("before", shown(d.before))
            .with("after", shown(d.after))
            .with("x", d.at[0].round())
            .with("y", d.at[1].round())
    };
    ocr::differences(before, after).into_iter().map(finding).collect()
}
