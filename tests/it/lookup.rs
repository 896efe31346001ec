//! Look-up among a hundred thousand lines of a register, on either engine: forty questions without diacritics find what another
//! way of reading the same lines finds, and many times faster than a scan of the table in the same run.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use scanseal::register::query::Query;
use scanseal::store::{Search, Store};
use sqlx::Row;

use crate::register::{database, desk, document, wait, without_look_up};
use crate::support::Office;

const LINES: usize = 100_000;
/// How much faster than a scan the look-up has to be.
const TIMES: f64 = 50.0;
/// Documents that a person is shown.
const SHOWN: usize = 50;

const TYPES: [(&str, &str); 6] = [
    ("Quyết định", "QĐ-UBND"),
    ("Công văn", "UBND-VP"),
    ("Thông báo", "TB-UBND"),
    ("Báo cáo", "BC-UBND"),
    ("Kế hoạch", "KH-UBND"),
    ("Tờ trình", "TTr-UBND"),
];
const DEEDS: [&str; 16] = [
    "Phê duyệt",
    "Điều chỉnh",
    "Khắc phục",
    "Triển khai",
    "Thẩm định",
    "Thanh lý",
    "Uỷ quyền",
    "Thu hồi",
    "Bổ sung",
    "Kiểm tra",
    "Hoàn thiện",
    "Tuyên truyền",
    "Khen thưởng",
    "Rà soát",
    "Xử lý",
    "Thuý Hoà báo cáo về",
];
const THINGS: [&str; 24] = [
    "sạt lở taluy dương",
    "hồ chứa nước",
    "nguồn kinh phí",
    "đất ở nông thôn",
    "thủy lợi nội đồng",
    "rừng phòng hộ",
    "trường mầm non",
    "trạm y tế",
    "hoá đơn điện tử",
    "đường liên thôn",
    "chợ trung tâm",
    "nhà văn hóa",
    "lúa đông xuân",
    "dịch tả lợn",
    "hộ nghèo",
    "người có công",
    "an ninh trật tự",
    "bảo hiểm xã hội",
    "quy hoạch khu dân cư",
    "cháy rừng mùa khô",
    "nước sạch",
    "đê điều",
    "di tích lịch sử",
    "chuyển đổi số",
];
const PLACES: [&str; 20] = [
    "Nà Sáng",
    "Phiêng Lanh",
    "Mường Lam",
    "Chiềng Mai",
    "Bản Hìn",
    "Nậm Ét",
    "Tà Xùa",
    "Pá Uôn",
    "Huổi Một",
    "Đứa Mòn",
    "Quỳnh Nhai",
    "Sốp Cộp",
    "Yên Châu",
    "Thuận Châu",
    "Vân Hồ",
    "Mai Sơn",
    "Bắc Yên",
    "Phù Yên",
    "Mộc Châu",
    "Sông Mã",
];
const PEOPLE: [&str; 12] = [
    "Đỗ Quang Nghĩa",
    "Vũ Đình Lượng",
    "Hoàng Thị Ngọc Bích",
    "Trần Văn Hòa",
    "Nguyễn Thị Thuý",
    "Lò Văn Uý",
    "Cầm Thị Hiền",
    "Quàng Văn Khoẻ",
    "Tòng Thị Lả",
    "Bùi Đức Thắng",
    "Phạm Hữu Phước",
    "Lường Văn Ợi",
];

/// A line of the register: what it says about itself.
struct Line {
    number: usize,
    kind: usize,
    day: String,
    subject: String,
    signer: &'static str,
}

/// Small numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

fn lines() -> Vec<Line> {
    let mut dice = Dice(30);
    (0..LINES)
        .map(|n| {
            let (deed, thing, place) = (dice.roll(16), dice.roll(24), dice.roll(20));
            let (month, day, people) = (1 + n / (LINES / 12 + 1), 1 + dice.roll(28), dice.roll(12));
            Line {
                number: 1 + n / 6,
                kind: n % 6,
                day: format!("{day:02}/{month:02}/2026"),
                subject: format!(
                    "{} {} tại {} đợt {}",
                    DEEDS[deed],
                    THINGS[thing],
                    PLACES[place],
                    dice.roll(400)
                ),
                signer: PEOPLE[people],
            }
        })
        .collect()
}

/// Letters without marks by a table of their own: another way than the program's.
fn bare(text: &str) -> String {
    const TABLE: [(&str, char); 7] = [
        ("aàáảãạăằắẳẵặâầấẩẫậ", 'a'),
        ("dđ", 'd'),
        ("eèéẻẽẹêềếểễệ", 'e'),
        ("iìíỉĩị", 'i'),
        ("oòóỏõọôồốổỗộơờớởỡợ", 'o'),
        ("uùúủũụưừứửữự", 'u'),
        ("yỳýỷỹỵ", 'y'),
    ];
    let plain = |c: char| TABLE.iter().find(|(all, _)| all.contains(c)).map_or(c, |(_, base)| *base);
    text.to_lowercase().chars().map(plain).collect()
}

impl Line {
    /// Words without marks, numbers without leading zeros, as a person would tick them off.
    fn words(&self) -> Vec<String> {
        let (kind, notation) = TYPES[self.kind];
        let text = format!("{} {notation} {kind} {} {} {}", self.number, self.subject, self.signer, self.day);
        let text = bare(&text);
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(|word| word.trim_start_matches('0').to_owned()).collect()
    }
}

/// Forty questions without diacritics, each of which a line of the register answers: numbers, dates, subjects, signers.
fn questions(lines: &[Line]) -> Vec<String> {
    let mut dice = Dice(7);
    (0..40)
        .map(|n| {
            let line = &lines[dice.roll(lines.len())];
            let notation = bare(TYPES[line.kind].1).to_uppercase();
            let subject = bare(&line.subject);
            match n % 4 {
                0 => format!("{}/{notation}", line.number),
                1 => subject,
                2 => format!("{} {}", bare(line.signer), line.day),
                _ => format!(
                    "{} {} {}",
                    subject.split(" dot ").next().unwrap(),
                    bare(line.signer),
                    bare(TYPES[line.kind].0)
                ),
            }
        })
        .collect()
}

/// Lines that have all words, those with a sign inside next to each other.
fn expected(question: &str, words: &[Vec<String>]) -> BTreeSet<i64> {
    let parts: Vec<Vec<String>> = question
        .split(' ')
        .map(|part| {
            let part = part.to_lowercase();
            part.split(['/', '-']).map(|word| word.trim_start_matches('0').to_owned()).collect()
        })
        .collect();
    let has = |line: &Vec<String>| parts.iter().all(|part| line.windows(part.len()).any(|at| at == part));
    (1..).zip(words).filter(|(_, line)| has(line)).map(|(id, _)| id).collect()
}

/// Rows of the version before, in one transaction; the program then brings the store up by itself.
async fn fill(office: &Office, lines: &[Line]) {
    let pool = database(office).await;
    let mut tx = pool.begin().await.unwrap();
    for (chunk, first) in lines.chunks(200).zip((0..).step_by(200)) {
        let places: Vec<String> = (0..chunk.len())
            .map(|row| {
                let (key, record, id) = (2 * row + 1, 2 * row + 2, first + row + 1);
                format!("({id}, 'SC-1', ${key}, 'delivered', ${record}, 5, 5, 0, 0)")
            })
            .collect();
        let sql = format!(
            "INSERT INTO document (id, outage, source_key, state, record, bytes_in, bytes_out, lease_until, created_at) VALUES {}",
            places.join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for (row, line) in chunk.iter().enumerate() {
            let (kind, notation) = TYPES[line.kind];
            let number = line.number.to_string();
            let fields = [
                ("code_number", number.as_str()),
                ("code_notation", notation),
                ("issued_date", &line.day),
                ("type_name", kind),
                ("subject", &line.subject),
                ("organ_name", "Ủy ban nhân dân xã Mường Lam"),
                ("signer_name", line.signer),
            ];
            let id = first + row + 1;
            let document = document("SC-1", &format!("quet{id}"), &fields);
            query = query.bind(format!("k{id}")).bind(serde_json::to_string(&document).unwrap());
        }
        query.execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    pool.close().await;
}

/// The same question as a scan of the same text: every word with a space on both sides, in the order of the books.
fn scan(question: &str) -> String {
    let words: Vec<String> = Query::parse(question)
        .fts5(scanseal::register::query::Reading::WithoutMarks)
        .split(" AND ")
        .map(|term| format!("' ' || search_text LIKE '% {} %'", term.trim_matches('"')))
        .collect();
    format!(
        "SELECT document FROM lookup WHERE {} ORDER BY sort_key, document LIMIT {SHOWN}",
        words.join(" AND ")
    )
}

/// The faster of two turns, so that neither side pays for a cold disk.
async fn fastest<T, F: Future<Output = T>>(mut work: impl FnMut() -> F) -> (Duration, T) {
    let begin = Instant::now();
    work().await;
    let (first, again) = (begin.elapsed(), Instant::now());
    let result = work().await;
    (first.min(again.elapsed()), result)
}

async fn asked(store: &Store, question: &str, limit: Option<usize>) -> Vec<i64> {
    let search = Search { query: Query::parse(question), limit, ..Search::default() };
    store.look_up(&search).await.unwrap().documents.iter().map(|id| id.0).collect()
}

#[test]
#[ignore = "a hundred thousand lines on a database; tests/run lookup"]
fn look_up_among_a_hundred_thousand_lines() {
    let office = Office::new("vn-state", "");
    let engine = match std::env::var("SCANSEAL_TEST_STORE").as_deref() {
        Ok("postgres") => "PostgreSQL",
        _ => "SQLite",
    };
    let lines = lines();
    without_look_up(&office);
    wait(fill(&office, &lines));
    let begin = Instant::now();
    office.run(&["find", "0"]).expect(0);
    let migration = begin.elapsed();
    let words: Vec<Vec<String>> = lines.iter().map(Line::words).collect();
    let (mut table, mut totals, mut worst) = (String::new(), [Duration::ZERO; 2], f64::INFINITY);
    wait(async {
        let store = desk(&office).await.store;
        let pool = database(&office).await;
        if engine == "PostgreSQL" {
            sqlx::query("ANALYZE lookup").execute(&pool).await.unwrap();
        }
        for question in questions(&lines) {
            let wanted = expected(&question, &words);
            let found: BTreeSet<i64> = asked(&store, &question, None).await.into_iter().collect();
            assert!(!wanted.is_empty() && found == wanted, "{question}: {} of {}", found.len(), wanted.len());
            let (quick, shown) = fastest(|| asked(&store, &question, Some(SHOWN))).await;
            let sql = scan(&question);
            let (slow, rows) =
                fastest(|| sqlx::query(sqlx::AssertSqlSafe(sql.clone())).fetch_all(&pool)).await;
            let rows: Vec<i64> = rows.unwrap().iter().map(|row| row.get(0)).collect();
            assert_eq!(shown, rows, "{question}: the scan shows the same documents in the same order");
            totals[0] += quick;
            totals[1] += slow;
            let ratio = slow.as_secs_f64() / quick.as_secs_f64();
            worst = worst.min(ratio);
            let (quick, slow) = (quick.as_secs_f64() * 1e3, slow.as_secs_f64() * 1e3);
            let _ =
                writeln!(table, "| {question} | {} | {quick:.2} | {slow:.1} | {ratio:.0} |", wanted.len());
        }
        pool.close().await;
    });
    let ratio = totals[1].as_secs_f64() / totals[0].as_secs_f64();
    let head = format!(
        "All 40 questions without diacritics find exactly the lines that have their words. Look-up: {:.0} ms for all, scan of the \
         same text: {:.0} ms, **{ratio:.0} times**; the closest question {worst:.0} times. A store of the version before \
         with {LINES} documents is brought up in {:.0} s.\n\n\
         | question | lines | look-up, ms | scan, ms | times |\n|---|---|---|---|---|\n{table}",
        totals[0].as_secs_f64() * 1e3,
        totals[1].as_secs_f64() * 1e3,
        migration.as_secs_f64()
    );
    println!("## {engine}\n\n{head}");
    section(engine, &head);
    assert!(ratio >= TIMES, "{ratio:.0} times");
}

/// Puts the section of an engine into `tests/results/lookup.md`; the other one stays.
fn section(engine: &str, body: &str) {
    if std::env::var_os("SCANSEAL_TEST_RESULTS").is_none() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/results/lookup.md");
    let intro = "# Look-up among 100,000 lines of a register\n\nMade by `tests/run lookup`: find against a scan of the same \
                 table with the same conditions and the same order, the faster of two turns each, 50 documents shown.\n";
    let old = fs::read_to_string(&path).unwrap_or_else(|_| intro.to_owned());
    let mut parts: Vec<&str> = old.split("\n## ").collect();
    parts.retain(|part| !part.starts_with(engine));
    fs::write(&path, format!("{}\n\n## {engine}\n\n{}\n", parts.join("\n## ").trim_end(), body.trim_end()))
        .unwrap();
}

#[test]
fn a_question_without_words_does_not_ask_for_everything() {
    let office = crate::support::Office::with_files("eidas");
    office.built("scan_0001.jpg");
    for nothing in ["😀", "%", "((", "\"\""] {
        assert_eq!(
            office.run(&["find", nothing]).expect(2).errors(),
            ["question_without_words"],
            "{nothing}"
        );
    }
    let found = |words: &str| office.run(&["find", words]).expect(0).events("summary")[0]["found"].clone();
    assert_eq!((found(&"a".repeat(63)), found(" ")), (0.into(), 1.into()));
    let number = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    let number = number["fields"]["code_number"].as_str().unwrap().to_owned();
    let wide: String = number.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    assert_eq!((found(&number), found(&wide)), (1.into(), 1.into()), "{wide}");
    assert_eq!(office.run(&["find", "--limit", "0"]).expect(2).errors(), ["find_limit"]);
}
