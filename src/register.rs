//! Look-up for years: the words under which a document is found, with and without diacritics, the order in which documents
//! stand, and the two books of Decree 30/2020 Appendix IV.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::document::Document;

pub mod book;
pub mod order;
pub mod query;
pub mod sheet;
pub mod text;

/// The words of a document's facts, folded for search.
pub fn words(document: &Document) -> String {
    let fields = &document.fields;
    let parts = [
        document.number(),
        fields.type_name.clone(),
        fields.subject.clone(),
        fields.organ_name.clone(),
        fields.signer_name.clone(),
        fields.arrival_number.clone(),
        fields.issued_date.map(|d| d.strftime("%d/%m/%Y").to_string()),
        Some(document.outage.clone()),
    ];
    folded(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// Lower case without diacritics, so that `hoà`, `hòa` and `hoa` are found alike. Stored text is never changed.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn tone_placement_and_missing_diacritics_are_found_alike() {
        assert_eq!(folded("Uỷ ban"), folded("Ủy ban"));
        assert_eq!(folded("ĐIỀU HÒA"), "dieu hoa");
    }
}
