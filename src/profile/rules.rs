//! What a profile wants of scans, their pages and their text.

use serde::{Deserialize, Serialize};

use super::{ColourRule, SecretRule};
use crate::compress::{Class, MaskCodec};
use crate::ocr::LANGUAGES;

/// Section `[scan]`: checks, not wishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanRules {
    /// Dots per inch.
    pub min_dpi: u32,
    /// Colour.
    pub colour: ColourRule,
    /// Secret documents.
    pub secret: SecretRule,
}

/// Whether something has to be on every document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Its absence is a finding.
    Yes,
    /// It may be there or not.
    #[default]
    Any,
}

/// Section `[quality]`: what is done about a scan that is not as it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QualityRules {
    /// Skewed pages are turned level in the PDF, by their matrix and never by their pixels.
    pub deskew: bool,
    /// A round red stamp.
    pub stamp: Expected,
    /// A signature in ink.
    pub signature: Expected,
    /// Codes of findings that hold a document until a person accepts them; the others are told and pass.
    pub hold: Vec<String>,
}

/// Section `[compress]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompressRules {
    /// Fidelity class.
    pub class: Class,
    /// Encoding of text masks.
    pub mask: MaskCodec,
    /// No layer that holds ink or text falls below this resolution.
    pub min_layer_dpi: u32,
}

/// Section `[ocr]`: the text layer, and what is read for it. Without Tesseract on the machine it is done without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OcrRules {
    /// Whether pages get an invisible text layer.
    pub text_layer: bool,
    /// Languages of Tesseract; the first one decides in doubt.
    pub languages: Vec<String>,
    /// Whether digits are read again after compression; differences are findings.
    pub check_digits: bool,
}

impl Default for OcrRules {
    fn default() -> Self {
        Self { text_layer: true, languages: LANGUAGES.map(str::to_owned).to_vec(), check_digits: false }
    }
}

/// Section `[conversion_mark]` (Decree 137/2024 Art. 4): words, time and name of the converter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionMark {
    /// Text with `{converter}` and `{time}`.
    pub text: String,
    /// On which pages it is drawn; it stands in the metadata in any case.
    #[serde(default)]
    pub show: MarkPlace,
    /// That picture and content agree with the paper (BSI TR-03138 A.NB.4 f).
    pub statement: Option<String>,
}

/// Where the mark of the conversion is drawn, at the lower edge and outside the scan's own text as far as there is room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkPlace {
    /// On the last page.
    #[default]
    LastPage,
    /// On every page.
    EveryPage,
    /// In the metadata only.
    None,
}
