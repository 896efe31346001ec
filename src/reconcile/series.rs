//! Which documents are numbered together. A block names its series as people do (`CV`, `QĐ`); a document says it by its
//! notation (`QĐ-UBND`) or by its type (Decree 30/2020 Appendix III: abbreviations of the names of types).

use crate::register::folded;

/// Types with their abbreviations. A letter (công văn) has none in its notation; offices write CV.
const TYPES: [(&str, &str); 29] = [
    ("nghị quyết", "NQ"),
    ("quyết định", "QĐ"),
    ("chỉ thị", "CT"),
    ("quy chế", "QC"),
    ("quy định", "QyĐ"),
    ("thông cáo", "TC"),
    ("thông báo", "TB"),
    ("hướng dẫn", "HD"),
    ("chương trình", "CTr"),
    ("kế hoạch", "KH"),
    ("phương án", "PA"),
    ("đề án", "ĐA"),
    ("dự án", "DA"),
    ("báo cáo", "BC"),
    ("biên bản", "BB"),
    ("tờ trình", "TTr"),
    ("hợp đồng", "HĐ"),
    ("công văn", "CV"),
    ("công điện", "CĐ"),
    ("bản ghi nhớ", "BGN"),
    ("bản thỏa thuận", "BTT"),
    ("giấy ủy quyền", "GUQ"),
    ("giấy mời", "GM"),
    ("giấy giới thiệu", "GGT"),
    ("giấy nghỉ phép", "GNP"),
    ("phiếu gửi", "PG"),
    ("phiếu chuyển", "PC"),
    ("phiếu báo", "PB"),
    ("sao y", "SY"),
];

/// The short form of a type of document (Decree 30/2020 Appendix III).
pub fn short(type_name: &str) -> Option<&'static str> {
    let known = TYPES.iter().find(|(name, _)| folded(name) == folded(type_name.trim()));
    known.map(|(_, short)| *short)
}

/// Whether a document of this notation and type is numbered in the series. Marks count, because QĐ and QD are two series;
/// capitals and the place of a tone do not.
pub fn belongs(series: &str, notation: &str, type_name: &str) -> bool {
    let wanted = same(series);
    let first = notation.split(['-', '/']).next().unwrap_or_default();
    let short = short(type_name).unwrap_or_default();
    [notation, first, type_name, short].iter().any(|text| !text.is_empty() && same(text) == wanted)
}

/// Whether two names are one series.
pub fn is_same(one: &str, other: &str) -> bool {
    same(one) == same(other)
}

fn same(text: &str) -> String {
    let words = crate::register::text::words(text);
    words.iter().map(|word| word.exact().to_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_known_by_notation_or_by_type() {
        assert!(belongs("CV", "UBND-VP", "Công văn"));
        assert!(belongs("QĐ", "QĐ-UBND", ""));
        assert!(belongs("qđ-ubnd", "QĐ-UBND", "Quyết định"));
        assert!(belongs("UBND-VP", "UBND-VP", ""));
        assert!(!belongs("CV", "QĐ-UBND", "Quyết định"));
        assert!(!belongs("CĐ", "", "Công văn"));
        assert!(!belongs("CV", "", ""));
    }
}
