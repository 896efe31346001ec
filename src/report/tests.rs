//! The list read back with another program's eyes: pages, text, and nothing outside the sheet.

use jiff::Timestamp;

use super::*;
use crate::document::{Direction, Fields, Route, Sha256};
use crate::store::{Revision, SignatureRow, State};
use crate::upload::{Proof, Receipt};

const SUBJECTS: [&str; 4] = [
    "Về việc triển khai phương án bảo đảm hoạt động khám bệnh, chữa bệnh và tiếp nhận hồ sơ của công dân bằng hình thức \
     văn bản giấy trong thời gian Hệ thống quản lý văn bản và điều hành gặp sự cố kỹ thuật tại Trung tâm dữ liệu tỉnh",
    "Về việc cử cán bộ tham gia đoàn kiểm tra",
    "Phê duyệt kế hoạch lựa chọn nhà thầu gói thầu số 03: Mua sắm thiết bị lưu trữ, sao lưu dự phòng và khôi phục dữ liệu \
     phục vụ vận hành Hệ thống thông tin giải quyết thủ tục hành chính của tỉnh giai đoạn 2026-2030 (điều chỉnh lần thứ \
     hai), thuộc Đề án chuyển đổi số được phê duyệt tại Nghị quyết của Hội đồng nhân dân tỉnh",
    "Trả lời kiến nghị của cử tri trước kỳ họp thứ mười lăm, Hội đồng nhân dân tỉnh khóa XV, nhiệm kỳ 2026-2031",
];
const STATES: [(State, Option<&str>); 6] = [
    (State::Delivered, None),
    (State::Delivered, None),
    (State::Built, Some("personal")),
    (State::Authorised, Some("organization")),
    (State::Held, Some("clerk")),
    (State::Queued, Some("destination")),
];

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn outage(drill: bool) -> Outage {
    Outage {
        reference: "SC-H01.151-2026-0007".into(),
        systems: vec!["Hệ thống quản lý văn bản và điều hành".into(), "Cổng dịch vụ công".into()],
        units: vec!["Văn phòng Ủy ban nhân dân xã".into()],
        detected_at: Some(moment("2026-11-02T01:12:00Z")),
        restored_at: Some(moment("2026-11-03T02:40:00Z")),
        declared_by: Some("Nguyễn Thị Hằng, Chánh Văn phòng".into()),
        declaration_document: Some("214/TB-VP".into()),
        drill,
        ..Outage::default()
    }
}

fn record(index: usize) -> Record {
    let (state, waiting) = STATES[index % STATES.len()];
    let sha256 = Sha256::of(&index.to_be_bytes());
    let receipt = Receipt {
        destination: "kho-van-ban".into(),
        proof: Proof::Proven,
        remote_id: "1".into(),
        url: String::new(),
        sha256: sha256.clone(),
        at: moment("2026-11-03T07:05:00Z"),
    };
    let signature = |role: &str| SignatureRow(serde_json::json!({ "role": role, "integrity": "intact" }));
    let delivered = state == State::Delivered;
    let built = state != State::Held;
    Record {
        files: Vec::new(),
        document: format!("D-{:06}", index + 1),
        outage: "SC-H01.151-2026-0007".into(),
        route: Route::Recovery,
        direction: Direction::Outgoing,
        state,
        waiting_for: waiting.map(str::to_owned),
        behind: None,
        handed_over: None,
        step: None,
        born: None,
        owed: if state == State::Queued { vec!["timestamp".into()] } else { Vec::new() },
        pages: 1 + index % 7,
        bytes_in: 1_240_000,
        bytes_out: 98_700,
        fields: Fields {
            code_number: Some((120 + index).to_string()),
            code_notation: Some(if index.is_multiple_of(3) { "QĐ-UBND" } else { "UBND-VXHNC" }.into()),
            issued_date: Some("2026-11-02".parse().unwrap()),
            type_name: Some(if index.is_multiple_of(3) { "Quyết định" } else { "Công văn" }.into()),
            subject: Some(SUBJECTS[index % SUBJECTS.len()].into()),
            signer_name: Some("Trần Nguyễn Hoàng Phước".into()),
            signer_position: Some("KT. Chủ tịch, Phó Chủ tịch".into()),
            ..Fields::default()
        },
        source_sha256: Vec::new(),
        captured_at: jiff::Timestamp::UNIX_EPOCH,
        entered_at: None,
        separators: Vec::new(),
        dropped_pages: Vec::new(),
        revisions: built
            .then(|| Revision { sha256, reason: "build".into(), at: Timestamp::UNIX_EPOCH })
            .into_iter()
            .collect(),
        signatures: if delivered {
            vec![signature("personal"), signature("organization")]
        } else {
            Vec::new()
        },
        receipts: delivered.then_some(receipt).into_iter().collect(),
        set_aside: Vec::new(),
        findings: Vec::new(),
        proposals: Vec::new(),
        drill: false,
    }
}

fn list(records: &[Record], drill: bool, lang: Lang) -> Vec<u8> {
    let outage = outage(drill);
    let facts = Facts {
        outage: &outage,
        records,
        office: "ỦY BAN NHÂN DÂN XÃ CHIỀNG MAI",
        made_at: moment("2026-11-03T08:00:00Z"),
        utc_offset_minutes: 420,
        lang,
    };
    batch(&facts).unwrap()
}

/// Text of each page without spaces and line breaks, so that wrapped cells can be found.
fn pages(bytes: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let numbers = document.get_pages();
    let text = |number: &u32| document.extract_text(&[*number]).unwrap().split_whitespace().collect();
    numbers.keys().map(text).collect()
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn everything_that_was_asked_for_is_on_paper() {
    let records: Vec<Record> = (0..60).map(record).collect();
    let bytes = list(&records, false, Lang::Vi);
    assert!(bytes.len() < 200_000, "{} bytes", bytes.len());
    let pages = pages(&bytes);
    let all = pages.concat();
    for text in [
        "DANH SÁCH VĂN BẢN KHÔI PHỤC SAU SỰ CỐ",
        "ỦY BAN NHÂN DÂN XÃ CHIỀNG MAI",
        "08:12 ngày 02/11/2026",
        "Nguyễn Thị Hằng, Chánh Văn phòng (văn bản số 214/TB-VP)",
        "D-000060",
        "Tổng số: 60 văn bản, 234 trang.",
        "Dung lượng bản quét: 74,4 MB",
        "Đã đến nơi nhận: 20 văn bản.",
        "chờ văn thư xử lý: 10",
        "NGƯỜI GIAO",
        "NGƯỜI NHẬN",
    ] {
        assert!(all.contains(&bare(text)), "{text}");
    }
    for record in &records {
        let subject = record.fields.subject.as_deref().unwrap();
        assert!(all.contains(&bare(&subject[..20])) || all.contains(&bare(&subject[..21])));
        for revision in &record.revisions {
            assert!(all.contains(&revision.sha256.0));
        }
    }
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Trang{}/{}", index + 1, pages.len())), "{page}");
        assert!(!page.contains("DIỄNTẬP"));
    }
    assert!(pages.iter().filter(|p| p.contains("TTMãvănbản")).count() >= 3, "heads stand on each page");
}

#[test]
fn a_drill_says_so_on_every_page() {
    let records: Vec<Record> = (0..40).map(record).collect();
    for (lang, words) in [(Lang::Vi, "DIỄNTẬP–KHÔNGCÓGIÁTRỊPHÁPLÝ"), (Lang::En, "DRILL–WITHOUTLEGALEFFECT")]
    {
        let pages = pages(&list(&records, true, lang));
        assert!(pages.len() > 3 && pages.iter().all(|page| page.contains(words)));
    }
}

#[test]
fn an_empty_list_can_be_signed_too() {
    let pages = pages(&list(&[], false, Lang::En));
    assert_eq!(pages.len(), 1);
    assert!(pages[0].contains("HANDEDOVERBY") && pages[0].contains("Documents:0"), "{}", pages[0]);
}

#[test]
fn hostile_text_neither_breaks_the_sheet_nor_the_program() {
    let mut records: Vec<Record> = (0..3).map(record).collect();
    records[0].fields.subject = Some("Ấ".repeat(500_000));
    records[0].fields.signer_name = Some("漢字 \u{0}\u{1F600}\u{301}) Tj ET".into());
    records[1].fields.code_number = Some("9".repeat(3_000));
    records[2].receipts = vec![record(0).receipts[0].clone(); 500];
    records[2].waiting_for = Some("nobody_knows".into());
    let pages = pages(&list(&records, true, Lang::Vi));
    let all = pages.concat();
    assert!(all.contains("…") && all.contains("??") && all.contains("nobody_knows"));
    assert!(pages.len() < 10, "{}", pages.len());
}

#[test]
fn nothing_is_drawn_outside_the_sheet() {
    let records: Vec<Record> = (0..60).map(record).collect();
    let bytes = list(&records, true, Lang::Vi);
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    for page in document.page_iter() {
        let content = document.get_and_decode_page_content(page).unwrap();
        let (mut x, mut y) = (0.0, 0.0);
        for operation in &content.operations {
            let at = |i: usize| operation.operands[i].as_float().unwrap();
            match operation.operator.as_str() {
                "Td" => (x, y) = (x + at(0), y + at(1)),
                "m" | "l" => assert!((30.0..=815.0).contains(&at(0)) && (40.0..=565.0).contains(&at(1))),
                "Tj" => assert!((50.0..=815.0).contains(&x) && (25.0..=565.0).contains(&y), "{x} {y}"),
                _ => {}
            }
        }
    }
}

#[test]
fn a_proof_of_an_earlier_version_is_marked() {
    let mut late = record(0);
    let mark = bare("(bản trước, chưa phải bản cuối)");
    assert!(!pages(&list(&[late.clone()], false, Lang::Vi)).concat().contains(&mark));
    late.revisions.push(Revision { sha256: Sha256::of(b"later"), ..late.revisions[0].clone() });
    assert!(pages(&list(&[late], false, Lang::Vi)).concat().contains(&mark));
}

#[test]
fn too_many_documents_are_refused() {
    let outage = Outage::default();
    let records = vec![record(4); MAX_DOCUMENTS + 1];
    let facts = Facts {
        outage: &outage,
        records: &records,
        office: "",
        made_at: Timestamp::UNIX_EPOCH,
        utc_offset_minutes: 0,
        lang: Lang::En,
    };
    assert_eq!(batch(&facts).unwrap_err().code(), "report_too_large");
}

/// Writes lists for people: `SCANSEAL_LOOK=DIR cargo test --release -- --ignored look`.
#[test]
#[ignore = "for people who want to look"]
fn look_report() {
    let folder = std::env::var("SCANSEAL_LOOK").expect("SCANSEAL_LOOK=DIR");
    let folder = std::path::Path::new(&folder);
    let records: Vec<Record> = (0..60).map(record).collect();
    std::fs::write(folder.join("list-vi.pdf"), list(&records, false, Lang::Vi)).unwrap();
    std::fs::write(folder.join("list-en-drill.pdf"), list(&records, true, Lang::En)).unwrap();
}
