//! An outage of three days as an office has it: five units, three hundred papers, twelve faults; and what nobody may get past
//! the reconciliation.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use scanseal::kit::{KitId, SheetCode};
use serde_json::{Value, json};

use crate::register::{archival, database, desk, document, enter, says, wait};
use crate::support::{Office, Run};

/// A unit with its series, notation, type, first number and signer.
const UNITS: [(&str, &str, &str, u32, &str); 5] = [
    ("CV", "UBND-VP", "Công văn", 101, "Đỗ Quang Nghĩa"),
    ("CV", "UBND-KT", "Công văn", 201, "Vũ Đình Lượng"),
    ("QĐ", "QĐ-UBND", "Quyết định", 1, "Đỗ Quang Nghĩa"),
    ("TB", "TB-UBND", "Thông báo", 1, "Hoàng Thị Ngọc Bích"),
    ("BC", "BC-UBND", "Báo cáo", 1, "Vũ Đình Lượng"),
];
/// Papers of a unit, and numbers that it was given.
const PAPERS: u32 = 60;
const GIVEN: u32 = 70;

/// A paper of the simulation.
#[derive(Clone)]
struct Sheet {
    unit: usize,
    number: u32,
    serial: u32,
    signed: String,
}

impl Sheet {
    fn values(&self) -> Vec<(&'static str, String)> {
        let (_, notation, kind, _, signer) = UNITS[self.unit];
        vec![
            ("code_number", self.number.to_string()),
            ("code_notation", notation.to_owned()),
            ("type_name", kind.to_owned()),
            ("issued_date", self.signed[..10].to_owned()),
            ("paper_signed_at", self.signed.clone()),
            ("subject", format!("Về việc giải quyết hồ sơ số {} của đơn vị {}", self.number, self.unit + 1)),
            ("organ_name", "Ủy ban nhân dân xã Mường Lam".to_owned()),
            ("signer_name", signer.to_owned()),
        ]
    }

    /// Two working days after the systems are back, unit beside unit.
    fn scanned(&self) -> Timestamp {
        let (day, minute) =
            (u64::from(self.serial) / 31, u64::from(self.serial) % 31 * 14 + self.unit as u64);
        moment(day, minute)
    }

    /// As a line of the export, with another number, another signer, and the number on paper where they are given.
    fn row(&self, number: Option<u32>, signer: Option<&str>, paper: &str) -> String {
        let values = self.values();
        let number = number.unwrap_or(self.number);
        let signer = signer.unwrap_or(&values[7].1);
        format!("{number}/{};{} 08:00;{};{signer};{paper}\n", values[1].1, values[3].1, values[5].1)
    }
}

/// Minutes after eight o'clock on the first day, or a later one, after the systems are back.
fn moment(day: u64, minute: u64) -> Timestamp {
    let first: Timestamp = "2026-11-05T01:00:00Z".parse().unwrap();
    first + Duration::from_secs(day * 86_400 + minute * 60)
}

struct Outage {
    office: Office,
    kits: Vec<KitId>,
}

impl Outage {
    /// Kits are printed and handed out before anything fails.
    fn begin() -> Self {
        let office = Office::with_files("vn-state");
        let mut open: Vec<String> = [
            "outage",
            "open",
            "SC-3N",
            "--paper-from",
            "02/11/2026",
            "--paper-to",
            "04/11/2026",
            "--system",
            "Hệ thống quản lý văn bản và điều hành",
            "--unit",
            "Văn phòng",
            "--unit",
            "Phòng Kinh tế",
            "--declared-by",
            "Đỗ Quang Nghĩa, Chủ tịch",
            "--document",
            "214/TB-UBND",
            "--ticket",
            "IT-5512",
        ]
        .map(str::to_owned)
        .to_vec();
        let mut kits = Vec::new();
        for (place, (series, _, _, first, _)) in UNITS.iter().enumerate() {
            let block = format!("{series}:{first}-{}", first + GIVEN - 1);
            let pdf = format!("kit{place}.pdf");
            let run = office.run(&["kit", "--count", "80", "--block", &block, "-o", &pdf]).expect(0);
            let kit = run.events("summary")[0]["kit"].as_str().unwrap().to_owned();
            open.extend(["--kit".to_owned(), kit.clone()]);
            kits.push(kit.parse().unwrap());
        }
        office.run(&open.iter().map(String::as_str).collect::<Vec<_>>()).expect(0);
        Self { office, kits }
    }

    fn code(&self, unit: usize, serial: u32) -> String {
        SheetCode { kit: self.kits[unit].clone(), serial }.to_string()
    }

    /// Rows by hand, so that they have times of their own: signed by the organization and delivered, an hour and a half and three hours after they were scanned.
    fn deliver(&self, sheets: &[Sheet], but: usize) {
        wait(async {
            let pool = database(&self.office).await;
            let mut tx = pool.begin().await.unwrap();
            for (id, sheet) in (1i64..).zip(sheets).filter(|(id, _)| *id != but as i64 + 1) {
                let at = sheet.scanned().as_microsecond();
                let (sealed, delivered) = (at + 5_400_000_000, at + 10_800_000_000);
                for sql in [
                    format!("INSERT INTO revision VALUES ({id}, 1, 'x', 'sign:organization', {sealed})"),
                    format!(
                        "INSERT INTO job (id, document, destination, name, sha256, required, state, run_at, lease_until, \
                         attempts) VALUES ('D{id}/dms', {id}, 'dms', 'n', 'x', 1, 'done', 0, 0, 1)"
                    ),
                    format!(
                        "INSERT INTO receipt VALUES ('D{id}/dms', {id}, 'dms', 'proven', '1', '', 'x', {delivered})"
                    ),
                ] {
                    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
                }
            }
            tx.commit().await.unwrap();
            pool.close().await;
        });
    }

    fn reconcile(&self, more: &[&str]) -> Run {
        self.office.run(&[&["reconcile", "--outage", "SC-3N"], more].concat())
    }

    fn scan(&self, sheets: &[Sheet]) {
        wait(async {
            let desk = desk(&self.office).await;
            for sheet in sheets {
                let mut values = sheet.values();
                values.push(("paper_serial", self.code(sheet.unit, sheet.serial)));
                let values: Vec<(&str, &str)> = values.iter().map(|(name, v)| (*name, v.as_str())).collect();
                let seed = format!("{}-{}-{}", sheet.unit, sheet.number, sheet.serial);
                let mut document = document("SC-3N", &seed, &values);
                document.captured_at = sheet.scanned();
                enter(&desk.store, &document).await;
            }
        });
    }
}

/// Names of the lines that need a reason, settled or not.
pub fn faults(run: &Run) -> BTreeSet<String> {
    let lines = run.events("line").into_iter();
    let named = lines.filter(|line| !["matched", "unused"].contains(&line["class"].as_str().unwrap()));
    named.map(|line| line["line"].as_str().unwrap().to_owned()).collect()
}

pub fn summary(run: &Run) -> Value {
    run.events("summary").remove(0)
}

/// Papers of all units over three days, in order; each unit takes its numbers and its cover sheets from the top.
fn papers() -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for (unit, (_, _, _, first, _)) in UNITS.iter().enumerate() {
        for n in 0..=PAPERS {
            let signed = format!("{:02}/11/2026 {:02}:{:02}", 2 + n / 21, 8 + n % 9, n % 60);
            sheets.push(Sheet { unit, number: first + n, serial: n + 1, signed });
        }
    }
    sheets
}

#[test]
fn an_outage_of_three_days_with_twelve_faults_is_reconciled() {
    let outage = Outage::begin();
    let mut sheets = papers();
    // Each unit has sixty papers; the second has given one number more, because one of its papers is lost.
    sheets.retain(|s| s.number < UNITS[s.unit].3 + PAPERS || s.unit == 1);
    let at = |sheets: &[Sheet], unit: usize, number: u32| {
        sheets.iter().position(|s| s.unit == unit && s.number == number).unwrap()
    };
    let mut export = String::from("\u{feff}Số ký hiệu;Ngày ban hành;Trích yếu;Người ký;Số trên giấy\n");
    for n in 1..=1_000 {
        let _ = writeln!(export, "{n}/UBND-TH;15/0{}/2026;Văn bản khác thứ {n};Ai đó;", 1 + n % 9);
    }
    // 1: a number was passed by; its paper and its sheet are lost.
    sheets.remove(at(&sheets, 0, 110));
    // 2: two papers with one number; the second came last and has a sheet of its own.
    let twin = Sheet { serial: PAPERS + 1, ..sheets[at(&sheets, 0, 120)].clone() };
    // 3: entered by hand into the system, and its paper is lost.
    let lost = sheets.remove(at(&sheets, 1, 230));
    export.push_str(&lost.row(None, None, ""));
    // 4 and 5: signed after and before the time in which paper was allowed.
    for (unit, number, signed) in [(3, 40, "06/11/2026 09:00"), (4, 5, "31/10/2026 16:00")] {
        let place = at(&sheets, unit, number);
        sheets[place].signed = signed.to_owned();
    }
    for sheet in &sheets {
        let line = match (sheet.unit, sheet.number) {
            // 6: scanned and never entered.
            (2, 20) => String::new(),
            // 7 and 8: another number in the system, once the system says so itself.
            (2, 30) => sheet.row(Some(512), None, ""),
            (3, 33) => sheet.row(Some(513), None, "33/TB-UBND"),
            // 9: another signer.
            (0, 150) => sheet.row(None, Some("Trần Văn Hòa"), ""),
            // 10: entered twice.
            (3, 12) => sheet.row(None, None, "").repeat(2),
            // 11: given up, see below.
            (4, 50) => String::new(),
            _ => sheet.row(None, None, ""),
        };
        export.push_str(&line);
    }
    sheets.push(twin);
    assert_eq!(sheets.len(), 300);
    outage.scan(&sheets);
    let office = &outage.office;
    // 11: a spoilt paper was scanned and given up with a reason.
    let spoilt = format!("D-{:06}", at(&sheets, 4, 50) + 1);
    office.run(&["pages", &spoilt, "drop", "1", "--reason", "Đóng dấu nhầm, đã hủy"]).expect(0);
    outage.deliver(&sheets, at(&sheets, 2, 20));
    // 12: a cover sheet without paper under it.
    wait(async {
        let detail = json!({"sheet": outage.code(1, 62), "outage": "SC-3N", "pages": []});
        desk(office).await.store.note("sheet_without_pages", None, detail).await.unwrap();
    });
    fs::write(office.root.join("he-thong.csv"), export).unwrap();
    let id = |unit, number| format!("D-{:06}", at(&sheets, unit, number) + 1);
    let wanted: BTreeSet<String> = [
        "missing:CV:110".to_owned(),
        "duplicate:120/UBND-VP".to_owned(),
        "missing:CV:230".to_owned(),
        format!("outside_window:{}", id(3, 40)),
        format!("outside_window:{}", id(4, 5)),
        format!("missing:{}", id(2, 20)),
        format!("renumbered:{}", id(2, 30)),
        format!("renumbered:{}", id(3, 33)),
        format!("conflict:{}", id(0, 150)),
        "duplicate:12/TB-UBND".to_owned(),
        format!("spoilt:{spoilt}"),
        format!("spoilt:{}", outage.code(1, 62)),
    ]
    .into();
    assert_eq!(wanted.len(), 12);
    let run = outage.reconcile(&["--system", "he-thong.csv"]).expect(3);
    assert_eq!(faults(&run), wanted);
    let said = summary(&run);
    // All papers but the eleven that are told (the duplicate has two; two numbers and a sheet have none).
    assert_eq!(said["counts"]["matched"], 300 - 10, "{said}");
    assert_eq!((&said["open"], &said["system_rows"]), (&json!(11), &json!(1_299)), "{said}");
    let open = outage.notice("con-mo.pdf", &[]);
    says(&open, &["Còn 11 trường hợp chưa có lý do", "(chưa có lý do)", "Số: ......../TB-........"]);
    settle_all(&outage, &wanted, &spoilt);
}

impl Outage {
    /// The notice, as PDF/A by another judge.
    fn notice(&self, name: &str, more: &[&str]) -> PathBuf {
        let path = self.office.root.join(name);
        let run = ["report", "--outage", "SC-3N", "--lang", "vi", "-o", path.to_str().unwrap()];
        self.office.run(&[&run, more].concat()).expect(0);
        archival(&path);
        path
    }
}

/// The notice in its form, sealed by the organization; whoever wants to look finds it under `SCANSEAL_LOOK`.
fn sealed_notice(outage: &Outage) {
    let office = &outage.office;
    let form = [
        "--number",
        "45/TB-UBND",
        "--place",
        "Mường Lam",
        "--position",
        "TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH",
        "--signer",
        "Đỗ Quang Nghĩa",
        "--to",
        "Ủy ban nhân dân tỉnh (để báo cáo)",
        "--to",
        "Các phòng, đơn vị thuộc xã",
        "--seal",
        "da-ky",
    ];
    let path = outage.notice("thong-bao.pdf", &form);
    let wanted = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN XÃ MƯỜNG LAM",
        "Số: 45/TB-UBND",
        "Mường Lam, ngày",
        "Kết quả phục hồi thông tin, dữ liệu sau sự cố SC-3N",
        "Căn cứ văn bản số 214/TB-UBND",
        "- Ủy ban nhân dân tỉnh (để báo cáo);",
        "- Lưu: VT.",
        "Mọi số đã cấp trên giấy trong thời gian sự cố đều đã được làm rõ",
        "Đã xác minh với đơn vị",
        "Khớp giữa văn bản giấy và hệ thống 290",
        "đã gửi đến nơi: 298",
    ];
    says(&path, &wanted);
    let signed = office.root.join("da-ky").join("thong-bao.pdf");
    archival(&signed);
    let verdict = office.run(&["verify", signed.to_str().unwrap()]);
    let line = verdict.lines().into_iter().find(|line| line["verdict"].is_string()).unwrap();
    assert_eq!(line["verdict"], "valid", "{line}");
    let roles: Vec<&Value> =
        line["signatures"].as_array().unwrap().iter().map(|signature| &signature["role"]).collect();
    assert_eq!(roles, ["personal", "organization"]);
    let list = office.root.join("danh-sach.pdf");
    let run = ["report", "--outage", "SC-3N", "--list", "-o", list.to_str().unwrap()];
    office.run(&run).expect(0);
    says(&list, &["LIST OF", "D-000300"]);
    if let Ok(folder) = std::env::var("SCANSEAL_LOOK") {
        fs::copy(&signed, Path::new(&folder).join("thong-bao.pdf")).unwrap();
        for name in ["con-mo.pdf", "danh-sach.pdf"] {
            fs::copy(office.root.join(name), Path::new(&folder).join(name)).unwrap();
        }
        let book = Path::new(&folder).join("so-di.pdf");
        let run = ["find", "--outage", "SC-3N", "--direction", "outgoing", "--lang", "vi", "-o"];
        office.run(&[run.as_slice(), &[book.to_str().unwrap()]].concat()).expect(0);
        let english = Path::new(&folder).join("notice.pdf");
        let run = ["report", "--outage", "SC-3N", "--lang", "en", "-o", english.to_str().unwrap()];
        office.run(&run).expect(0);
    }
}

/// Each line gets its reason and its name; then every number is accounted for, until something new turns up.
fn settle_all(outage: &Outage, wanted: &BTreeSet<String>, spoilt: &str) {
    let office = &outage.office;
    let reason = ["--reason", "Đã xác minh với đơn vị", "--by", "Nguyễn Thị Hồng Vân"];
    assert_eq!(outage.reconcile(&["--settle", "missing:CV:110"]).expect(2).errors(), ["usage"]);
    let wrong = [&["--settle", "missing:CV:110", "--settle", "missing:CV:999"][..], &reason].concat();
    assert_eq!(outage.reconcile(&wrong).expect(2).errors(), ["line_unknown"]);
    let empty = ["--settle", "missing:CV:110", "--reason", "  "];
    assert_eq!(outage.reconcile(&empty).expect(2).errors(), ["line_reason"]);
    let again = summary(&outage.reconcile(&[]).expect(3));
    assert_eq!(again["open"], 11, "all or nothing, and the last export is compared with again");
    let first = [&["--settle", "missing:CV:110"][..], &reason].concat();
    assert_eq!(summary(&outage.reconcile(&first).expect(3))["open"], 10);
    let others = wanted.iter().filter(|line| *line != "missing:CV:110" && !line.ends_with(spoilt));
    let mut all: Vec<&str> = others.flat_map(|line| ["--settle", line.as_str()]).collect();
    all.extend(reason);
    let done = outage.reconcile(&all).expect(0);
    assert_eq!(&faults(&done), wanted, "lines stay, with their reasons");
    let line = done.events("line").into_iter().find(|line| line["line"] == "missing:CV:110").unwrap();
    assert_eq!(line["settled"]["by"], "Nguyễn Thị Hồng Vân");
    assert_eq!(summary(&done)["state"], "reconciled");
    let given_up =
        done.events("line").into_iter().find(|line| line["line"] == format!("spoilt:{spoilt}")).unwrap();
    assert_eq!(given_up["settled"]["reason"], "Đóng dấu nhầm, đã hủy", "said when it was dropped");
    let shown = office.run(&["outage", "show", "SC-3N"]).expect(0);
    assert_eq!(summary(&shown)["outage"]["state"], "reconciled");
    sealed_notice(outage);
    // Paper that turns up late.
    outage.scan(&[Sheet { unit: 0, number: 110, serial: 10, signed: "03/11/2026 10:00".to_owned() }]);
    let late = outage.reconcile(&[]).expect(3);
    assert!(!faults(&late).contains("missing:CV:110") && faults(&late).contains("missing:D-000301"));
    assert_eq!(summary(&late)["state"], "recovering");
}

#[test]
fn what_does_not_belong_is_named_and_nothing_is_lost() {
    let outage = Outage::begin();
    let office = &outage.office;
    let sheet = |number, serial, signed: &str| Sheet { unit: 2, number, serial, signed: signed.to_owned() };
    let inside = "03/11/2026 10:00";
    // The same triple twice, a number outside its block, a date outside the window.
    outage.scan(&[
        sheet(1, 1, inside),
        sheet(1, 2, inside),
        sheet(99, 3, inside),
        sheet(2, 4, "09/11/2026 10:00"),
    ]);
    let run = outage.reconcile(&[]).expect(3);
    let found = faults(&run);
    for wanted in ["duplicate:1/QĐ-UBND", "outside_block:D-000003", "outside_window:D-000004"] {
        assert!(found.contains(wanted), "{wanted}: {found:?}");
    }
    for line in run.events("line") {
        let text = line["text"].as_str().unwrap();
        assert!(text.len() > 15 && !text.starts_with("reconcile-"), "{line}");
    }
    assert_eq!(office.run(&["list", "--outage", "SC-3N"]).expect(0).events("document").len(), 4);
    for (text, code) in
        [("Tên;Ngày\nx;y\n", "sheet_column"), ("", "sheet_column"), ("\u{0}\u{0}", "sheet_encoding")]
    {
        fs::write(office.root.join("x.csv"), text).unwrap();
        assert_eq!(outage.reconcile(&["--system", "x.csv"]).expect(2).errors(), [code], "{text:?}");
    }
    let reason = ["--reason", "Số của sổ chính", "--by", "Vân"];
    outage.reconcile(&[&["--settle", "outside_block:D-000003"][..], &reason].concat()).expect(3);
    office.run(&["journal", "check"]).expect(0);
    assert_eq!(outage.reconcile(&["--system", "nowhere.csv"]).errors(), ["file_missing"]);
    assert_eq!(office.run(&["reconcile", "--outage", "SC-8"]).expect(2).errors(), ["outage_unknown"]);
    let dry = outage.reconcile(&["--dry-run", "--settle", "duplicate:1/QĐ-UBND", "--reason", "x"]).expect(3);
    let line = dry.events("line").into_iter().find(|line| line["line"] == "duplicate:1/QĐ-UBND").unwrap();
    assert_eq!(line["open"], json!(true), "a dry run enters nothing");
}

#[test]
fn rows_of_the_export_that_nobody_asked_for_are_told() {
    let outage = Outage::begin();
    let sheet = |number, serial| Sheet { unit: 2, number, serial, signed: "03/11/2026 10:00".to_owned() };
    let sheets = [sheet(1, 1), sheet(2, 2)];
    outage.scan(&sheets);
    let heads = "Số ký hiệu;Ngày ban hành;Trích yếu;Người ký;Số trên giấy\n";
    let write = |text: String| fs::write(outage.office.root.join("x.csv"), text).unwrap();
    let other = "9999/UBND-VP;03/11/2026;Việc khác;A;\n7/UBND-TH;15/02/2026;Việc khác;A;\n";
    // A number with the date of another year is no paper of this outage.
    let wrong = sheets[1].row(None, None, "").replace("2026", "2025");
    write(format!("{heads}{}{wrong}{other}", sheets[0].row(None, None, "")));
    let run = outage.reconcile(&["--system", "x.csv"]).expect(3);
    assert_eq!(faults(&run), ["missing:D-000002".to_owned()].into());
    let said = &summary(&run)["system_unmatched"];
    let near =
        said["near"].as_array().unwrap().iter().map(|row| row[1].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!((&said["count"], near), (&json!(3), vec!["2/QĐ-UBND", "9999/UBND-VP"]), "{said}");
    let shown = crate::support::scanseal(&outage.office.root, &["reconcile", "--outage", "SC-3N"]).expect(3);
    assert!(shown.stderr.contains("line 4: 9999/UBND-VP (03/11/2026)"), "{}", shown.stderr);
    write(heads.to_owned());
    let empty = ["reconcile", "--outage", "SC-3N", "--system", "x.csv"];
    let empty = crate::support::scanseal(&outage.office.root, &empty).expect(3);
    assert!(empty.stderr.contains("not a single row"), "{}", empty.stderr);
    for (text, code) in [
        (format!("{heads}\"1/QĐ-UBND;03/11/2026\n2/QĐ-UBND;03/11/2026\n"), "sheet_quote"),
        (format!("Số ký hiệu;{heads}1/A;1/B;03/11/2026;;;\n"), "sheet_column_twice"),
    ] {
        write(text);
        assert_eq!(outage.reconcile(&["--system", "x.csv"]).expect(2).errors(), [code]);
    }
}
