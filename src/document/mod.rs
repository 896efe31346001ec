//! The unit of work: one paper document, its pages in order, and what is known about it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::scan::ScanPage;

mod born;
pub(crate) mod fields;
mod group;
pub mod pages;
mod urgency;

pub use born::{AUTHOR, Born, BornRoute, KeptFile, SentBack};
pub use group::{group, is_secret};
pub use urgency::urgency;

/// Number of a document inside its workspace, shown as `D-000001`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub i64);

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "D-{:06}", self.0)
    }
}

impl std::str::FromStr for DocumentId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.strip_prefix("D-").and_then(|digits| digits.parse().ok()).map(DocumentId).ok_or(())
    }
}

/// SHA-256 as 64 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Sha256(pub String);

/// A digest over the beginning of a file: what is appended to it need not be hashed with all of it again.
#[derive(Clone)]
pub struct Hashing {
    state: sha2::Sha256,
    length: usize,
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashing")
    }
}

impl Hashing {
    /// Over these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest;
        Self { state: sha2::Sha256::new_with_prefix(bytes), length: bytes.len() }
    }

    /// How many bytes it is over.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The state behind them.
    pub(crate) fn state(&self) -> sha2::Sha256 {
        self.state.clone()
    }

    /// The digest of a file that begins with those bytes.
    pub(crate) fn of_file(&self, file: &[u8]) -> Sha256 {
        self.named(&[file.get(self.length..).unwrap_or_default()])
    }

    /// The digest of those bytes with `more` pieces behind them.
    pub fn with(&self, more: &[&[u8]]) -> [u8; 32] {
        use sha2::Digest;
        more.iter().fold(self.state.clone(), |state, piece| state.chain_update(piece)).finalize().into()
    }

    /// As [`Hashing::with`], as files are named by it.
    pub fn named(&self, more: &[&[u8]]) -> Sha256 {
        Sha256(hex(&self.with(more)))
    }
}

/// The digest of a file that was written behind an earlier one, with that of the earlier one to go on from.
#[derive(Clone, Debug)]
pub struct Continued {
    /// Of the whole file.
    pub sha256: Sha256,
    /// Of the file before.
    pub begun: Hashing,
}

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest;
        Self(hex(&sha2::Sha256::digest(bytes)))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    // A signature is thousands of digits, so they are not formatted one by one.
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    String::from_utf8(digits).unwrap_or_default()
}

/// The way a document takes (DESIGN "Routes").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Paper of an outage.
    #[default]
    Recovery,
    /// Born digital, issued.
    Outgoing,
    /// Born digital, not issued, no organization signature.
    Internal,
}

impl Route {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Route::Recovery => "recovery",
            Route::Outgoing => "outgoing",
            Route::Internal => "internal",
        }
    }
}

/// Whether the office sent or received the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Văn bản đi.
    #[default]
    Outgoing,
    /// Văn bản đến.
    Incoming,
}

/// Form of the copy, Decree 30/2020 Art. 25. TRÍCH SAO is never made from a scan and therefore not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CopyForm {
    /// Copy of the original.
    #[serde(rename = "SAO Y")]
    SaoY,
    /// Copy of a copy.
    #[serde(rename = "SAO LỤC")]
    SaoLuc,
}

impl CopyForm {
    /// The words of the decree.
    pub fn as_str(self) -> &'static str {
        match self {
            CopyForm::SaoY => "SAO Y",
            CopyForm::SaoLuc => "SAO LỤC",
        }
    }
}

/// What is known about the document: the input fields of Decree 30/2020 Appendix VI that a recovered paper has, named as
/// in the manifest and in `edit`. Text is stored in NFC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// Số của văn bản.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_number: Option<String>,
    /// Ký hiệu của văn bản.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_notation: Option<String>,
    /// Ngày, tháng, năm văn bản.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_date: Option<Date>,
    /// Tên loại văn bản.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// Trích yếu nội dung.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Tên cơ quan ban hành.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ_name: Option<String>,
    /// Họ và tên người ký.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_name: Option<String>,
    /// Chức vụ người ký, with KT., TL., TM., TUQ., Q. as on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_position: Option<String>,
    /// Hình thức sao.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_form: Option<CopyForm>,
    /// Số trang on paper, for the completeness check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Đi hoặc đến.
    pub direction: Direction,
    /// When the paper was signed, local time of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_signed_at: Option<DateTime>,
    /// Số đến.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival_number: Option<String>,
    /// Ngày đến.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival_date: Option<Date>,
    /// Độ mật, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrecy: Option<String>,
    /// Mức độ khẩn, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// Thời hạn giải quyết.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Date>,
    /// Tủ, hộp, cặp where the paper lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_location: Option<String>,
    /// Who attests the wet signature and stamp, where the manifest names the clerk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attested_by: Option<String>,
    /// Serial of the paper form or cover sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper_serial: Option<String>,
    /// Số và ký hiệu hồ sơ, as it stands in the office's catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_code: Option<String>,
    /// Nơi nhận; of what arrived, đơn vị hoặc người nhận: one behind the other with `; ` between (ToPlaces).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipients: Option<String>,
    /// Đơn vị, người nhận bản lưu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_keeper: Option<String>,
    /// Số lượng bản phát hành (IssuedAmount).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_amount: Option<u32>,
    /// Ngày chuyển, as the paper book has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_date: Option<Date>,
    /// Ghi chú (Description).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Fields {
    /// Its recipients, one by one.
    pub fn recipient_list(&self) -> impl Iterator<Item = &str> {
        self.recipients.iter().flat_map(|all| all.split("; "))
    }
}

/// The clerk's word on the wet signature and stamp, given before build because the XMP is frozen there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Full name of the clerk.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The wet signature was seen on the paper.
    pub wet_signature_seen: bool,
    /// The wet stamp was seen on the paper.
    pub wet_stamp_seen: bool,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A person should look.
    Warning,
    /// The document is held until a person accepts or mends it.
    Hold,
}

/// Code of the finding on a page that could not be read.
pub const PAGE_BROKEN: &str = "page_broken";

/// Something noticed about a scan; its sentence is `finding-<code>` in the locale files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable name, snake_case.
    pub code: String,
    /// Page of the document, counted from 1; none when the whole document is meant.
    pub page: Option<u32>,
    /// How bad.
    pub severity: Severity,
    /// Arguments of the sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
    /// Who accepted it.
    #[serde(default)]
    pub accepted_by: Option<String>,
    /// Why it was accepted, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Finding {
    /// A finding on the page, without arguments.
    pub fn new(code: &str, page: Option<u32>, severity: Severity) -> Self {
        Self { code: code.to_owned(), page, severity, args: Vec::new(), accepted_by: None, reason: None }
    }

    /// Adds an argument of the sentence.
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }
}

/// One paper document. Exists only with an outage reference (or another route).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The outage that sent the office to paper; empty only on other routes.
    pub outage: String,
    /// The way it takes.
    pub route: Route,
    /// What is known about it.
    pub fields: Fields,
    /// Its pages in order.
    pub pages: Vec<ScanPage>,
    /// When the scan was taken in.
    pub captured_at: Timestamp,
    /// The clerk's word, form `sao_y`.
    pub attestation: Option<Attestation>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Made in a drill.
    pub drill: bool,
    /// Cover sheets and empty sheets that were scanned along and are none of its pages; nothing that was scanned goes
    /// unmentioned (rule 2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub separators: Vec<ScanPage>,
    /// Pages that a person took out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<DroppedPage>,
    /// The row of the manifest as it was last given; what a person changed since is told apart from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<Fields>,
    /// What is known of a document that was written on a computer; none for paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<Born>,
}

/// A page that a person took out of the document. It is kept and listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DroppedPage {
    /// The page.
    pub page: ScanPage,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Pages of a source file, by which a person who has no manifest knows a document again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilePages {
    /// Name of the file, NFC, without folder.
    pub file: String,
    /// Its pages as a person writes them, counted from 1: `1-3,7`.
    pub pages: String,
}

impl Document {
    /// Number and notation as people write them: `125/UBND-VP`.
    pub fn number(&self) -> Option<String> {
        self.fields.number()
    }

    /// Whether a finding holds the document back.
    pub fn is_held(&self) -> bool {
        self.holding().is_some() || self.broken_page().is_some()
    }

    /// The first finding that nobody has accepted and that holds the document back.
    pub fn holding(&self) -> Option<&Finding> {
        self.findings.iter().find(|f| f.severity == Severity::Hold && f.accepted_by.is_none())
    }

    /// Number of the first page that could not be read. Such a document is not whole: it stays held whatever anybody
    /// accepts, and is never built (rule 2).
    pub fn broken_page(&self) -> Option<u32> {
        self.findings.iter().find(|f| f.code == PAGE_BROKEN).map(|f| f.page.unwrap_or(1))
    }

    /// Number of its sheets on paper, the ones that could not be read included.
    pub fn page_total(&self) -> usize {
        if let Some(born) = &self.born {
            return born.pages as usize;
        }
        self.pages.len() + self.findings.iter().filter(|f| f.code == PAGE_BROKEN).count()
    }

    /// Its pages with their numbers on paper: pages that could not be read keep their numbers.
    pub fn numbered_pages(&self) -> impl Iterator<Item = (u32, &ScanPage)> {
        let broken: Vec<u32> =
            self.findings.iter().filter(|f| f.code == PAGE_BROKEN).filter_map(|f| f.page).collect();
        (1u32..).filter(move |number| !broken.contains(number)).zip(&self.pages)
    }

    /// The clerk's word on the wet signature and stamp.
    pub fn attest(mut self, attestation: Attestation) -> Self {
        self.attestation = Some(attestation);
        self
    }

    /// The source files of its pages, each once, in page order, with the pages that were taken of it.
    pub fn files(&self) -> Vec<FilePages> {
        if let Some(born) = &self.born {
            let all: Vec<usize> = (1..=born.pages as usize).collect();
            return vec![FilePages { file: born.pdf.name.clone(), pages: pages::worded(&all) }];
        }
        let mut files: Vec<(&ScanPage, Vec<usize>)> = Vec::new();
        for page in &self.pages {
            let place = page.index as usize + 1;
            match files.iter_mut().find(|(first, _)| first.source_sha256 == page.source_sha256) {
                Some((_, places)) => places.push(place),
                None => files.push((page, vec![place])),
            }
        }
        let part = |(page, places): (&ScanPage, Vec<usize>)| FilePages {
            file: page.source_name.clone(),
            pages: pages::worded(&places),
        };
        files.into_iter().map(part).collect()
    }

    /// Digests of its source files, each once, in page order; those of its cover sheets and of pages that were taken out
    /// behind them.
    pub fn source_sha256(&self) -> Vec<Sha256> {
        if let Some(born) = &self.born {
            return born.files().map(|file| file.sha256.clone()).collect();
        }
        let mut digests: Vec<Sha256> = Vec::new();
        let aside = self.separators.iter().chain(self.dropped.iter().map(|d| &d.page));
        for page in self.pages.iter().chain(aside) {
            if !digests.contains(&page.source_sha256) {
                digests.push(page.source_sha256.clone());
            }
        }
        digests
    }
}
