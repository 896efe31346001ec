//! Pages become a document, with an outage reference and what the manifest says.

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::scan::plan::Group;
use crate::scan::{Looked, ScanPage};

use super::{Attestation, Document, Fields, Finding, PAGE_BROKEN, Route, Severity};

/// Makes the document of a group of files from their inspected pages, in order. A manifest that names the clerk is the
/// clerk's word on wet signature and stamp, given with the paper in hand.
pub fn group(
    files: &Group,
    looked: Vec<Looked>,
    outage: &str,
    captured_at: Timestamp,
    drill: bool,
) -> Document {
    let mut findings: Vec<Finding> = Vec::new();
    let mut pages: Vec<ScanPage> = Vec::with_capacity(looked.len());
    for (number, looked) in (1u32..).zip(looked) {
        match looked {
            Looked::Good(page) => {
                findings.extend(page.findings.iter().cloned().map(|f| Finding { page: Some(number), ..f }));
                pages.push(page);
            }
            Looked::Broken { source_name, index, error } => {
                let finding = Finding::new(PAGE_BROKEN, Some(number), Severity::Hold);
                findings.push(
                    finding.with("file", source_name).with("page", index + 1).with("cause", error.code()),
                );
            }
        }
    }
    if files.unlisted {
        findings.push(Finding::new("not_in_manifest", None, Severity::Warning).with("file", files.name()));
    }
    let attestation = files.fields.attested_by.clone().map(|by| Attestation {
        by,
        at: captured_at,
        wet_signature_seen: true,
        wet_stamp_seen: true,
    });
    Document {
        outage: outage.to_owned(),
        route: Route::Recovery,
        fields: files.fields.clone(),
        pages,
        captured_at,
        attestation,
        findings,
        drill,
        separators: Vec::new(),
        dropped: Vec::new(),
        manifest: files.row.is_some().then(|| files.fields.clone()),
        born: None,
    }
}

/// What says that a document is not secret, without accents and in small letters.
const NOT_SECRET: &[&str] =
    &["thuong", "khong", "khong mat", "none", "no", "normal", "ordinary", "public", "unclassified", "-"];

/// Whether the document is marked MẬT, TỐI MẬT or TUYỆT MẬT, however it is spelt (rule 12). A mark that is not understood
/// counts as secret: a question too many is better than a secret in the store.
pub fn is_secret(fields: &Fields) -> bool {
    let Some(mark) = &fields.secrecy else { return false };
    let letters: String = mark.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect();
    let plain = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    !plain.is_empty() && !NOT_SECRET.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrecy_is_known_in_every_spelling() {
        let marked = |mark: &str| is_secret(&Fields { secrecy: Some(mark.to_owned()), ..Fields::default() });
        for mark in
            ["MẬT", "Tối mật", "TUYỆT  MẬT", "ma\u{323}\u{302}t", "MAT", "Top Secret", "A", "confidential"]
        {
            assert!(marked(mark), "{mark}");
        }
        for mark in ["Thường", "không", "Không  mật", "none", " "] {
            assert!(!marked(mark), "{mark}");
        }
        assert!(!is_secret(&Fields::default()));
    }
}
