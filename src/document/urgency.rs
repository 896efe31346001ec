//! The degree of urgency of a document (mức độ khẩn; Decree 30/2020, Appendix I, II.8), as it is written on paper.

use crate::register::folded;

/// Words for what is not urgent.
const ORDINARY: [&str; 7] = ["", "thuong", "binh thuong", "khong", "normal", "ordinary", "routine"];

/// 0 ordinary, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ. What is written there and is no degree of the decree is
/// urgent somehow.
pub fn urgency(written: Option<&str>) -> u8 {
    let plain = folded(written.unwrap_or_default());
    match plain.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "hoa toc hen gio" => 4,
        "hoa toc" | "flash" | "immediate" => 3,
        "thuong khan" | "very urgent" => 2,
        word if ORDINARY.contains(&word) => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::urgency;

    #[test]
    fn degrees_are_read_in_either_spelling() {
        let written = ["Hoả tốc hẹn giờ", "HỎA TỐC", "Thượng khẩn", "khẩn", "Gấp", "Thường", "", "Routine"];
        let degrees: Vec<u8> = written.iter().map(|text| urgency(Some(text))).collect();
        assert_eq!(degrees, [4, 3, 2, 1, 1, 0, 0, 0]);
        assert_eq!(urgency(None), 0);
    }
}
