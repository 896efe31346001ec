//! The export of a document system: a table whose heads every product names otherwise.

use jiff::civil::Date;

use crate::document::{Direction, Fields};
use crate::error::{Result, kinds};
use crate::register::sheet::{Known, Sheet};

/// Heads, without capitals, marks and signs.
const HEADS: [Known; 11] = [
    (
        "code",
        &[
            "so ky hieu",
            "so ky hieu van ban",
            "so va ky hieu",
            "so va ky hieu van ban",
            "so hieu",
            "code",
            "so hieu van ban",
        ],
    ),
    ("code_number", &["so", "so van ban", "so di", "codenumber", "number"]),
    ("code_notation", &["ky hieu", "ky hieu van ban", "codenotation", "notation"]),
    (
        "issued_date",
        &[
            "ngay van ban",
            "ngay ban hanh",
            "ngay thang van ban",
            "ngay thang nam van ban",
            "ngay ky",
            "issueddate",
            "date",
        ],
    ),
    ("type_name", &["loai van ban", "ten loai", "ten loai van ban", "hinh thuc", "typename", "type"]),
    (
        "subject",
        &["trich yeu", "trich yeu noi dung", "ten loai va trich yeu noi dung van ban", "noi dung", "subject"],
    ),
    ("signer_name", &["nguoi ky", "ho ten nguoi ky", "ho va ten nguoi ky", "signer", "fullname"]),
    ("organ_name", &["co quan ban hanh", "tac gia", "don vi ban hanh", "noi ban hanh", "organname"]),
    (
        "paper_number",
        &["so tren giay", "so giay", "so ky hieu tren giay", "so van ban giay", "so cu", "paper number"],
    ),
    ("arrival_number", &["so den", "arrivalnumber"]),
    ("arrival_date", &["ngay den", "arrivaldate"]),
];

/// A document as the system knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemRow {
    /// Line of the export, heads included.
    pub line: u64,
    /// Its facts, as far as the export has them.
    pub fields: Fields,
    /// The number that stood on the paper, where the system keeps it beside its own.
    pub paper_number: Option<(String, String)>,
    /// Date as it was written, where it cannot be read.
    pub odd_date: Option<String>,
}

impl SystemRow {
    /// Number and notation as people write them.
    pub fn number(&self) -> String {
        self.fields.number().unwrap_or_default()
    }
}

/// Reads an export. Columns that mean nothing here are passed over.
///
/// # Errors
/// What [`Sheet::read`] refuses; [`kinds::SHEET_COLUMN`] without numbers.
pub fn read(bytes: &[u8]) -> Result<Vec<SystemRow>> {
    let sheet = Sheet::read(bytes, &HEADS, &[])?;
    if !["code", "code_number", "arrival_number"].iter().any(|name| sheet.has(name)) {
        let names = HEADS.iter().find(|(name, _)| *name == "code").map(|(_, names)| names.join(", "));
        return Err(kinds::SHEET_COLUMN.with("column", "code").with("spellings", names.unwrap_or_default()));
    }
    Ok(sheet.rows.iter().map(|(line, cells)| row(&sheet, *line, cells)).collect())
}

fn row(sheet: &Sheet, line: u64, cells: &[String]) -> SystemRow {
    let cell = |name: &str| Some(sheet.cell(cells, name).to_owned()).filter(|text| !text.is_empty());
    let mut row = SystemRow { line, ..SystemRow::default() };
    let written = cell("code").or_else(|| cell("code_number"));
    if let Some((number, notation)) = written.as_deref().map(parts) {
        row.fields.code_number = Some(number);
        row.fields.code_notation = Some(notation).filter(|n| !n.is_empty()).or_else(|| cell("code_notation"));
    }
    row.paper_number = cell("paper_number").as_deref().map(parts);
    for name in ["type_name", "subject", "signer_name", "organ_name", "arrival_number"] {
        // A text that is longer than a field is the system's own matter.
        if let Some(text) = cell(name) {
            let _ = row.fields.set(name, &text.chars().take(500).collect::<String>());
        }
    }
    if let Some(text) = cell("issued_date") {
        row.fields.issued_date = date(&text);
        row.odd_date = row.fields.issued_date.is_none().then_some(text);
    }
    row.fields.arrival_date = cell("arrival_date").as_deref().and_then(date);
    if row.fields.arrival_number.is_some() {
        row.fields.direction = Direction::Incoming;
    }
    row
}

/// `125/UBND-VP` in its two parts.
fn parts(text: &str) -> (String, String) {
    let (number, notation) = text.split_once('/').unwrap_or((text, ""));
    (number.trim().to_owned(), notation.trim().to_owned())
}

/// A date, with or without a time behind it; never month first.
fn date(text: &str) -> Option<Date> {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let mut fields = Fields::default();
    fields.set("issued_date", &day.replace('.', "/")).ok()?;
    fields.issued_date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_of_several_products_are_read() {
        for text in [
            "STT,Số ký hiệu,Ngày ban hành,Trích yếu,Người ký\n1,0125/UBND-VP,02/11/2026 08:00,Về việc A,Đỗ Quang Nghĩa\n",
            "\u{feff}Số;Ký hiệu;Ngày VB khác;Ngày văn bản;Trích yếu nội dung;Họ và tên người ký\n\
             0125;UBND-VP;x;2026-11-02;Về việc A;Đỗ Quang Nghĩa\n",
        ] {
            let rows = read(text.as_bytes()).unwrap();
            let fields = &rows[0].fields;
            assert_eq!(rows[0].number(), "0125/UBND-VP");
            assert_eq!(fields.issued_date.unwrap().to_string(), "2026-11-02");
            assert_eq!(fields.signer_name.as_deref(), Some("Đỗ Quang Nghĩa"));
            assert_eq!(rows[0].line, 2);
        }
        assert_eq!(read("Tên,Ngày\nx,y\n".as_bytes()).unwrap_err().code(), "sheet_column");
        let odd = read("Số,Ngày văn bản\n1,11/25/2026\n".as_bytes()).unwrap();
        assert_eq!(odd[0].odd_date.as_deref(), Some("11/25/2026"));
    }
}
