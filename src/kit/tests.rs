use super::*;
use crate::locales::Lang;

#[test]
fn codes_are_read_back_and_a_wrong_or_moved_character_is_found() {
    let kit = KitId::random().unwrap();
    assert_eq!(kit.to_string().parse::<KitId>().unwrap(), kit);
    let code = SheetCode { kit, serial: 17 };
    assert_eq!(SheetCode::from_qr(&code.qr_text()), Some(code.clone()));
    let text = code.to_string();
    assert_eq!(text.to_lowercase().parse::<SheetCode>().unwrap(), code);
    let bytes = text.as_bytes();
    for place in 0..bytes.len() {
        for other in ALPHABET {
            let mut wrong = bytes.to_vec();
            wrong[place] = *other;
            let wrong = String::from_utf8(wrong).unwrap();
            assert!(wrong == text || wrong.parse::<SheetCode>().is_err(), "{wrong} for {text}");
        }
    }
    for place in 1..bytes.len() {
        let mut moved = bytes.to_vec();
        moved.swap(place - 1, place);
        let moved = String::from_utf8(moved).unwrap();
        assert!(moved == text || moved.parse::<SheetCode>().is_err(), "{moved} for {text}");
    }
    for foreign in ["", "https://example.vn", "SCANSEAL:1:", "SCANSEAL:2:AAAAAA:0001:A", "SCANSEAL:1:A:B:C:D"]
    {
        assert_eq!(SheetCode::from_qr(foreign), None);
    }
}

#[test]
fn blocks_are_a_series_and_two_numbers() {
    let block: Block = "CV:120-180".parse().unwrap();
    assert_eq!((block.series.as_str(), block.from, block.to), ("CV", 120, 180));
    assert_eq!("QĐ: 1 - 9".parse::<Block>().unwrap().to_string(), "QĐ:1-9");
    for bad in ["", "CV", "CV:", "CV:5", "CV:9-1", ":1-9", "CV:0-9", "CV:1-999999", "CV:-1-9"] {
        assert!(bad.parse::<Block>().is_err(), "{bad}");
    }
}

#[test]
fn a_kit_is_printed_in_both_languages_with_all_its_sheets() {
    for lang in [Lang::Vi, Lang::En] {
        let order = Order {
            kit: KitId::random().unwrap(),
            count: 3,
            blocks: vec!["CV:120-180".parse().unwrap()],
            office: Some("Ủy ban nhân dân xã Mường Lam".to_owned()),
            lang,
        };
        let bytes = print(&order).unwrap();
        let pdf = lopdf::Document::load_mem(&bytes).unwrap();
        // A form, three pages of the register of 61 numbers, three sheets.
        assert_eq!(pdf.get_pages().len(), 7, "{lang:?}");
    }
}

#[test]
fn a_kit_has_at_least_one_sheet_and_not_too_many() {
    let order =
        |count| Order { kit: KitId::random().unwrap(), count, blocks: vec![], office: None, lang: Lang::En };
    for count in [0, MAX_SHEETS + 1] {
        assert_eq!(print(&order(count)).unwrap_err().code(), "kit_size");
    }
}
