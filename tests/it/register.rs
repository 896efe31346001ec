//! Look-up from the day of capture on, the books of the register, the catalogue of files.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use scanseal::document::{Document, DocumentId, Fields, Route, Sha256};
use scanseal::pipeline::Desk;
use scanseal::scan::{Colour, Dpi, DpiOrigin, ScanPage};
use scanseal::station::Workspace;
use scanseal::store::{Inserted, Read, Store};
use serde_json::Value;

use crate::support::{Office, Run, other, scans};

/// Waits for what the library does.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// An office as the program opens it.
pub async fn desk(office: &Office) -> Desk {
    Desk::open(Workspace::find(Some(&office.root)).unwrap()).await.unwrap()
}

/// The database of an office, for what no program should do.
pub async fn database(office: &Office) -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    sqlx::AnyPool::connect(&address(&office.root)).await.unwrap()
}

/// Its address, password included.
pub fn address(root: &Path) -> String {
    let station = fs::read_to_string(root.join("scanseal.toml")).unwrap();
    let server = station.lines().find_map(|line| line.strip_prefix("store = \""));
    match server {
        Some(url) => url.trim_end_matches('"').replace("seal@", "seal:s@"),
        None => format!("sqlite:{}", root.join("store.sqlite").display()),
    }
}

/// A document with these fields; its one page is nobody's scan.
pub fn document(outage: &str, seed: &str, fields: &[(&str, &str)]) -> Document {
    let mut known = Fields::default();
    fields.iter().for_each(|(name, value)| known.set(name, value).unwrap());
    let page = ScanPage {
        source_sha256: Sha256::of(seed.as_bytes()),
        source_name: format!("{seed}.jpg"),
        index: 0,
        width: 10,
        height: 10,
        colour: Colour::Grey,
        dpi: Dpi { x: 300.0, y: 300.0, origin: DpiOrigin::File },
        findings: Vec::new(),
        look: Box::default(),
        mark: None,
        turned: 0,
    };
    Document {
        outage: outage.to_owned(),
        route: Route::Recovery,
        fields: known,
        pages: vec![page],
        captured_at: Timestamp::now(),
        attestation: None,
        findings: Vec::new(),
        drill: false,
        separators: Vec::new(),
        dropped: Vec::new(),
        manifest: None,
        born: None,
    }
}

/// Enters a document.
pub async fn enter(store: &Store, document: &Document) -> DocumentId {
    match store.insert(document, 5).await.unwrap() {
        Inserted::New(id) | Inserted::Existing(id) => id,
    }
}

fn found(run: &Run) -> Vec<String> {
    run.events("document").iter().map(|line| line["document"].as_str().unwrap().to_owned()).collect()
}

fn reading(run: &Run) -> String {
    run.events("summary")[0]["reading"].as_str().unwrap().to_owned()
}

/// What an office's clerk enters, in no order.
const DOCUMENTS: [[&str; 7]; 6] = [
    [
        "100",
        "QĐ-UBND",
        "02/11/2026",
        "Quyết định",
        "Về việc điều hòa nguồn nước",
        "Ủy ban nhân dân xã",
        "Nguyễn Thị Thuý",
    ],
    [
        "9",
        "QĐ-UBND",
        "02/11/2026",
        "Quyết định",
        "Phê duyệt kế hoạch hoá đơn",
        "Uỷ ban nhân dân xã",
        "Trần Văn Hòa",
    ],
    ["10", "QĐ-UBND", "03/11/2026", "Quyết định", "Ánh sáng nông thôn", "Ủy ban nhân dân xã", "Trần Văn Hoà"],
    [
        "125",
        "UBND-VP",
        "04/11/2026",
        "Công văn",
        "Đồng ý chủ trương 2026",
        "Ủy ban nhân dân xã",
        "Đỗ Quang Nghĩa",
    ],
    ["12", "UBND-VP", "04/11/2026", "Công văn", "Dong bao lu", "Ủy ban nhân dân xã", "Đỗ Quang Nghĩa"],
    ["7", "UBND-VP", "05/11/2026", "Công văn", "=HYPERLINK(\"http://x\")", "Ủy ban nhân dân xã", "@Nghĩa"],
];
const NAMES: [&str; 7] =
    ["code_number", "code_notation", "issued_date", "type_name", "subject", "organ_name", "signer_name"];

fn six() -> Office {
    let office = Office::new("vn-state", "");
    wait(async {
        let desk = desk(&office).await;
        for (place, row) in DOCUMENTS.iter().enumerate() {
            let fields: Vec<(&str, &str)> = NAMES.into_iter().zip(*row).collect();
            enter(&desk.store, &document("SC-1", &format!("scan{place}"), &fields)).await;
        }
    });
    office
}

#[test]
fn documents_are_found_as_people_type() {
    let office = six();
    for (asked, wanted, how) in [
        (&["125/UBND-VP"][..], &["D-000004"][..], "exact"),
        (&["0125"], &["D-000004"], "exact"),
        (&["12"], &["D-000005"], "exact"),
        (&["hoà"], &["D-000002", "D-000003", "D-000001"], "exact"),
        (&["hòa"], &["D-000002", "D-000003", "D-000001"], "exact"),
        (&["hoá"], &["D-000002"], "exact"),
        (&["hoa"], &["D-000002", "D-000003", "D-000001"], "exact"),
        (&["thúy"], &["D-000001"], "exact"),
        (&["uy", "ban", "thuy"], &["D-000001"], "exact"),
        (&["đồng"], &["D-000004"], "exact"),
        (&["dong"], &["D-000005", "D-000004"], "exact"),
        (&["DIEU HOA NGUON NUOC"], &["D-000001"], "exact"),
        (&["\"nguồn nước\""], &["D-000001"], "exact"),
        (&["\"nước nguồn\""], &[], "beginnings"),
        (&["03/11/2026"], &["D-000003"], "exact"),
        (&["2026-11-03"], &["D-000003"], "exact"),
        (&["điểu hoa"], &["D-000001"], "without_marks"),
        (&["ngh"], &["D-000007", "D-000005", "D-000004"], "beginnings"),
        (&["ke", "hoa*"], &["D-000002"], "exact"),
        (&["D-000006"], &["D-000006"], "exact"),
        (&["scan3"], &["D-000004"], "exact"),
        (&["không có gì như thế"], &[], "beginnings"),
    ] {
        let run = office.run(&[&["find"], asked].concat()).expect(0);
        let wanted: Vec<&str> =
            wanted.iter().map(|id| if *id == "D-000007" { "D-000006" } else { *id }).collect();
        assert_eq!(found(&run), wanted, "{asked:?}");
        assert_eq!(reading(&run), how, "{asked:?}");
    }
    let window = office.run(&["find", "--from", "03/11/2026", "--to", "2026-11-04"]).expect(0);
    assert_eq!(found(&window), ["D-000005", "D-000004", "D-000003"]);
    assert!(found(&office.run(&["find", "--direction", "đến"]).expect(0)).is_empty());
    assert_eq!(office.run(&["find", "x", "--outage", "SC-9"]).expect(2).errors(), ["outage_unknown"]);
    assert_eq!(office.run(&["find", "--from", "11/25/2026"]).expect(2).errors(), ["bad_field_value"]);
}

#[test]
fn the_look_up_follows_every_correction_and_what_is_read_on_pages() {
    let office = six();
    office.run(&["edit", "D-000004", "subject=Khẩn cấp chống hạn", "code_number=500"]).expect(0);
    assert!(found(&office.run(&["find", "chu truong"]).expect(0)).is_empty());
    assert_eq!(found(&office.run(&["find", "500", "chong han"]).expect(0)), ["D-000004"]);
    let read = |text: &str| {
        let read = Read { page: 1, text: text.to_owned(), proposals: Vec::new() };
        wait(async { desk(&office).await.store.keep_read(DocumentId(5), &[read]).await.unwrap() });
    };
    read("Căn cứ Luật Thuỷ lợi ngày 19 tháng 6 năm 2017");
    assert_eq!(found(&office.run(&["find", "luật thủy lợi"]).expect(0)), ["D-000005"]);
    assert_eq!(found(&office.run(&["find", "\"luat thuy loi\"", "12"]).expect(0)), ["D-000005"]);
    read("khác");
    assert!(found(&office.run(&["find", "luật thủy lợi"]).expect(0)).is_empty());
}

/// Makes a store what it was before there was a look-up.
pub fn without_look_up(office: &Office) {
    wait(async {
        let pool = database(office).await;
        for sql in [
            "DROP TABLE IF EXISTS lookup_words",
            "DROP TABLE lookup",
            "DROP TABLE catalogue",
            "DROP TABLE settlement",
            "DROP TABLE reconciliation",
            "UPDATE meta SET value = '2' WHERE name = 'version'",
        ] {
            // The index of a server goes with its table.
            let failed = sqlx::query(sql).execute(&pool).await.is_err();
            assert!(!failed || sql.contains("IF EXISTS"), "{sql}");
        }
        pool.close().await;
    });
}

#[test]
fn a_workspace_of_the_version_before_is_found_in_too() {
    let office = six();
    let wanted = found(&office.run(&["find", "hoa"]).expect(0));
    without_look_up(&office);
    assert_eq!(found(&office.run(&["find", "hoa"]).expect(0)), wanted);
    assert_eq!(found(&office.run(&["find"]).expect(0)).len(), 6);
    with_marked_lines(&office);
    assert_eq!(found(&office.run(&["find", "hoa"]).expect(0)), wanted);
    office.run(&["edit", "D-000004", "subject=Khác"]).expect(0);
    assert!(found(&office.run(&["find", "chu truong"]).expect(0)).is_empty());
    office.run(&["journal", "check"]).expect(0);
}

/// Makes a store what it was when SQLite's index only marked lines that are gone.
fn with_marked_lines(office: &Office) {
    wait(async {
        let pool = database(office).await;
        if address(&office.root).starts_with("sqlite:") {
            for sql in [
                "DROP TABLE lookup_words",
                "CREATE VIRTUAL TABLE lookup_words USING fts5(words, content='', contentless_delete=1)",
            ] {
                sqlx::query(sql).execute(&pool).await.unwrap();
            }
        }
        sqlx::query("UPDATE meta SET value = '4' WHERE name = 'version'").execute(&pool).await.unwrap();
        pool.close().await;
    });
}

/// Cells of a CSV file, heads first.
fn table(path: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(path).unwrap();
    assert!(bytes.starts_with("\u{feff}".as_bytes()), "the mark that spreadsheet programs need");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_register_is_written_in_three_forms() {
    let office = six();
    let path = |name: &str| office.root.join(name);
    let write = |name: &str| {
        office.run(&["find", "--outage", "SC-1", "--lang", "vi", "-o", path(name).to_str().unwrap()])
    };
    write("so.csv").expect(0);
    let rows = table(&path("so.csv"));
    assert_eq!(
        rows[0][..4],
        ["Số, ký hiệu văn bản", "Ngày tháng văn bản", "Tên loại và trích yếu nội dung văn bản", "Người ký"]
    );
    let numbers: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers, ["7/UBND-VP", "12/UBND-VP", "125/UBND-VP", "9/QĐ-UBND", "10/QĐ-UBND", "100/QĐ-UBND"]);
    assert!(rows.iter().all(|row| row.len() == 10));
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{rows:?}");
    assert_eq!(rows[1][3], "'@Nghĩa");
    write("so.json").expect(0);
    let json: Value = serde_json::from_slice(&fs::read(path("so.json")).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 6);
    write("so.pdf").expect(0);
    assert_eq!(write("so.pdf").expect(4).errors(), ["file_exists"]);
    says(&path("so.pdf"), &["SỔ ĐĂNG KÝ VĂN BẢN ĐI", "125/UBND-VP", "Tổng số: 6 dòng"]);
    archival(&path("so.pdf"));
    assert_eq!(office.run(&["find", "--format", "pdf"]).expect(2).errors(), ["register_file"]);
    assert_eq!(office.run(&["find", "-o", "x.docx"]).expect(2).errors(), ["register_file"]);
}

/// Text of a PDF as another program reads it, where it is installed.
pub fn says(path: &Path, wanted: &[&str]) {
    let Some((_, text)) = other("pdftotext", &["-raw", path.to_str().unwrap(), "-"]) else { return };
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let text = bare(&text);
    for wanted in wanted {
        assert!(text.contains(&bare(wanted)), "{wanted}: {text}");
    }
}

/// PDF/A by another judge, where it is installed.
pub fn archival(path: &Path) {
    let Ok(python) = std::env::var("SCANSEAL_TEST_PYTHON") else { return };
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/pdfa_check.py");
    let (good, said) = other(&python, &[judge.to_str().unwrap(), path.to_str().unwrap()]).unwrap();
    assert!(good, "{said}");
}

#[test]
fn both_books_stand_in_one_print_and_in_no_one_table() {
    let office = six();
    let arrived = [
        ("direction", "đến"),
        ("arrival_number", "31"),
        ("arrival_date", "06/11/2026"),
        ("organ_name", "Sở Y tế"),
        ("subject", "Về phòng chống dịch"),
    ];
    wait(async { enter(&desk(&office).await.store, &document("SC-1", "den", &arrived)).await });
    let run = |more: &[&str]| office.run(&[&["find", "--lang", "vi"], more].concat());
    assert_eq!(run(&["-o", "so.csv"]).expect(2).errors(), ["register_mixed"]);
    assert!(!office.root.join("so.csv").exists());
    run(&["-o", "den.csv", "--direction", "incoming"]).expect(0);
    let rows = table(&office.root.join("den.csv"));
    assert_eq!(rows[1][..3], ["06/11/2026", "31", "Sở Y tế"]);
    run(&["-o", "so.pdf"]).expect(0);
    let pdf = lopdf::Document::load(office.root.join("so.pdf")).unwrap();
    assert_eq!(pdf.get_pages().len(), 2);
}

#[test]
fn every_column_of_the_books_is_filled_from_the_manifest_on() {
    let office = Office::new("vn-state", "");
    let heads = "file;code_number;code_notation;issued_date;type_name;subject;signer_position;signer_name;direction;arrival_number;\
                 arrival_date;organ_name;recipients;copy_keeper;issued_amount;forwarded_date;note;paper_location";
    let out = "scan_0001.jpg;125;UBND-VP;02/11/2026;Công văn;Về việc thử;KT. CHỦ TỊCH;Lê Văn Cường;đi;;;UBND xã Mường Lam;\
               - Như trên |- Sở Y tế. |Lưu: VT;Văn phòng;12;03/11/2026;Gửi cả bản giấy;Tủ 1";
    let arrived = "scan_0002.jpg;7;SYT-VP;01/11/2026;Công văn;Phòng dịch;;;đến;31;02/11/2026;Sở Y tế;Phòng Văn hóa;;;02/11/2026;;";
    fs::write(office.root.join("m.csv"), format!("{heads}\n{out}\n{arrived}\n")).unwrap();
    let (one, two) = (scans().join("scan_0001.jpg"), scans().join("scan_0002.jpg"));
    let run =
        ["scan", one.to_str().unwrap(), two.to_str().unwrap(), "--outage", "SC-1", "--manifest", "m.csv"];
    office.run(&run).expect(0);
    let book = |direction: &str, name: &str| {
        office.run(&["find", "--lang", "vi", "--direction", direction, "-o", name]).expect(0);
        office.root.join(name)
    };
    let rows = table(&book("outgoing", "di.csv"));
    assert_eq!(
        rows[1][..9],
        [
            "125/UBND-VP",
            "02/11/2026",
            "Công văn: Về việc thử",
            "KT. CHỦ TỊCH, Lê Văn Cường",
            "Như trên; Sở Y tế; Lưu: VT",
            "Văn phòng; Tủ 1",
            "12",
            "03/11/2026",
            "",
        ]
    );
    assert!(rows[1][9].starts_with("Gửi cả bản giấy; D-000001"), "{:?}", rows[1]);
    let rows = table(&book("incoming", "den.csv"));
    assert_eq!(rows[1][6..9], ["Phòng Văn hóa", "02/11/2026", ""]);
    let json: Value = serde_json::from_slice(&fs::read(book("outgoing", "di.json")).unwrap()).unwrap();
    let fields = &json[0]["fields"];
    assert_eq!(
        (&fields["recipients"], &fields["issued_amount"]),
        (&"Như trên; Sở Y tế; Lưu: VT".into(), &12.into())
    );
    says(&book("outgoing", "di.pdf"), &["Như trên; Sở Y tế; Lưu: VT", "Văn phòng", "Gửi cả bản giấy"]);
    assert_eq!(found(&office.run(&["find", "so y te", "luu vt", "ca ban giay"]).expect(0)), ["D-000001"]);
    for bad in ["issued_amount=0", "issued_amount=1000", "forwarded_date=11/25/2026"] {
        assert_eq!(office.run(&["edit", "D-000001", bad]).expect(2).errors(), ["bad_field_value"], "{bad}");
    }
}

#[test]
fn a_document_belongs_to_a_file_of_the_catalogue_or_is_told() {
    let office = six();
    let refused = office.run(&["edit", "D-000001", "file_code=01.UBND"]).expect(2);
    assert_eq!(refused.errors(), ["file_code_unknown"]);
    office
        .run(&["catalogue", "add", "01.UBND", "--title", "Hồ sơ điều hành", "--retention", "20 năm"])
        .expect(0);
    office.run(&["edit", "D-000001", "file_code=01.UBND"]).expect(0);
    assert_eq!(found(&office.run(&["find", "--file", "01.UBND"]).expect(0)), ["D-000001"]);
    let refused = office.run(&["edit", "D-000002", "file_code=02.UBND", "subject=Khác"]).expect(2);
    let line = &refused.events("error")[0];
    assert!(line["message"].as_str().unwrap().contains("01.UBND"), "{line}");
    assert!(found(&office.run(&["find", "khác"]).expect(0)).is_empty(), "all or nothing");
    fs::write(
        office.root.join("dm.csv"),
        "Số, ký hiệu hồ sơ;Tiêu đề;Thời hạn bảo quản\n02.UBND;Thi đua;5 năm\n",
    )
    .unwrap();
    office.run(&["catalogue", "import", "dm.csv"]).expect(0);
    let listed = office.run(&["catalogue", "list"]).expect(0).events("summary").remove(0);
    assert_eq!(listed["files"].as_array().unwrap().len(), 2);
    fs::write(office.root.join("bad.csv"), "Số, ký hiệu hồ sơ;Tiêu đề\n03.UBND;Mới\n04.UBND;\n").unwrap();
    assert_eq!(office.run(&["catalogue", "import", "bad.csv"]).expect(2).errors(), ["catalogue_entry"]);
    assert_eq!(office.run(&["catalogue", "list"]).expect(0).events("summary")[0]["files"], listed["files"]);
}

#[test]
fn a_file_of_no_catalogue_in_a_manifest_holds_its_document_and_loses_nothing() {
    let office = Office::new("vn-state", "");
    let sample = scans().join("scan_0001.jpg");
    fs::write(office.root.join("m.csv"), "file;subject;file_code\nscan_0001.jpg;Về việc thử;99.KHÔNG\n")
        .unwrap();
    let run = ["scan", sample.to_str().unwrap(), "--outage", "SC-1", "--manifest", "m.csv"];
    let taken = office.run(&run).expect(0);
    let codes: Vec<&str> = vec!["file_code_unknown"];
    let said = taken.events("finding");
    assert!(codes.iter().all(|code| said.iter().any(|line| line["code"] == *code)), "{said:?}");
    assert_eq!(office.state("D-000001"), "held");
    assert_eq!(found(&office.run(&["find", "ve viec thu"]).expect(0)), ["D-000001"], "found from capture on");
    office.run(&["edit", "D-000001", "file_code="]).expect(0);
    let shown = office.run(&["show", "D-000001"]).events("document").remove(0);
    assert!(!shown["findings"].to_string().contains("file_code_unknown"));
}
