//! The evidence about a document, checked by a third party with other people's programs; and a store that somebody edits by
//! hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{KEYS, Office, scanseal};

/// An office with one delivered document.
fn delivered() -> Office {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    office.run(&["show", "D-000001", "--seen"]).expect(0);
    office.run(&["sign", "--role", "personal", "--all"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    office.run(&["upload"]).expect(0);
    office
}

/// Unpacks the evidence of a document beside the office.
pub fn evidence(office: &Office, name: &str) -> PathBuf {
    let zip = office.destination.with_file_name(format!("{name}.zip"));
    let run = office.run(&["export", "--evidence", "D-000001", "-o", zip.to_str().unwrap()]).expect(0);
    assert_eq!(run.events("summary")[0]["evidence"], "D-000001");
    let folder = office.destination.with_file_name(name);
    zip::ZipArchive::new(fs::File::open(&zip).unwrap()).unwrap().extract(&folder).unwrap();
    folder
}

/// The script that uses nothing but openssl, qpdf, pdfsig and sha256sum; none where they are not installed.
pub fn judged(folder: &Path, root: &str, stamps: Option<&str>) -> Option<(bool, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/evidence.sh");
    crate::support::other(script.to_str().unwrap(), &[folder.to_str().unwrap(), root, stamps.unwrap_or(root)])
}

#[test]
fn a_third_party_checks_the_evidence_with_standard_tools() {
    let office = delivered();
    let folder = evidence(&office, "whole");
    let root = KEYS.path("root.pem");
    for (name, word) in [("README.vi.txt", "HỒ SƠ CHỨNG CỨ"), ("README.en.txt", "EVIDENCE ABOUT")] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.starts_with(word) && text.contains("D-000001"), "{text}");
        assert!(!text.contains("{document}") && !text.contains("{roots}"));
    }
    let Some((good, text)) = judged(&folder, &root, None) else { return };
    assert!(good, "{text}");
    let station = scanseal::handover::Identity::of(&office.root).unwrap().fingerprint();
    let compare = format!("! {station} is its fingerprint: compare it");
    let unstamped = "– journal/root-1.bin has no time stamp";
    let held = ["2 signatures", "openssl: signature 1", "versions continue", "1 scans", "receipts/1.json"];
    for line in held.into_iter().chain([compare.as_str(), unstamped]) {
        assert!(text.contains(line), "{line}: {text}");
    }
    // The instructions in the README are the same commands: its loop over the proofs is run as it stands there.
    let readme = fs::read_to_string(folder.join("README.vi.txt")).unwrap();
    let from = readme.find("    bin()").unwrap();
    let to = readme[from..].find("journal/proofs.txt").unwrap() + from + "journal/proofs.txt".len();
    let run = Command::new("bash").args(["-c", &readme[from..to]]).current_dir(&folder).output().unwrap();
    assert!(run.status.success() && run.stdout.is_empty(), "{run:?}");
    let entry = fs::read_dir(folder.join("journal")).unwrap().map(|e| e.unwrap().path());
    let entry = entry.filter(|p| p.extension().is_some_and(|e| e == "entry")).min().unwrap();
    forge(&entry, |bytes| bytes[20] ^= 1);
    let run = Command::new("bash").args(["-c", &readme[from..to]]).current_dir(&folder).output().unwrap();
    assert!(!run.stdout.is_empty());
}

fn forge(path: &Path, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Makes the sums fit again, as a forger would who has no key of the station.
fn sum_again(folder: &Path) {
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let line = |line: &str| {
        let name = line.split_once("  ").unwrap().1;
        let digest = scanseal::document::Sha256::of(&fs::read(folder.join(name)).unwrap());
        format!("{digest}  {name}\n")
    };
    fs::write(folder.join("SHA256SUMS"), sums.lines().map(line).collect::<String>()).unwrap();
}

fn sign_again(office: &Office, folder: &Path) {
    let identity = scanseal::handover::Identity::of(&office.root).unwrap();
    let sums = fs::read(folder.join("SHA256SUMS")).unwrap();
    fs::write(folder.join("SHA256SUMS.sig"), identity.sign(&sums).unwrap()).unwrap();
}

#[test]
fn evidence_that_was_changed_is_found_out() {
    let office = delivered();
    let root = KEYS.path("root.pem");
    // A receipt that leads elsewhere, in a folder that the station itself has signed.
    let folder = evidence(&office, "elsewhere");
    let receipt = folder.join("receipts/1.json");
    let text = fs::read_to_string(&receipt).unwrap();
    assert!(text.contains("\"url\": \""), "{text}");
    fs::write(&receipt, text.replace("\"url\": \"", "\"url\": \"x")).unwrap();
    sum_again(&folder);
    sign_again(&office, &folder);
    let Some((good, text)) = judged(&folder, &root, None) else { return };
    assert!(!good && text.contains("does not know url of receipts/1.json"), "{text}");
    for (number, part) in
        ["document.pdf", "receipts/1.json", "journal/proofs.txt", "scans"].iter().enumerate()
    {
        let folder = evidence(&office, &format!("forged-{number}"));
        let path = match *part {
            "scans" => fs::read_dir(folder.join("scans")).unwrap().next().unwrap().unwrap().path(),
            part => folder.join(part),
        };
        forge(&path, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        let Some((good, text)) = judged(&folder, &root, None) else { return };
        assert!(!good && text.contains("✗ sums"), "{part}: {text}");
        // Sums that fit again are not signed by the station.
        sum_again(&folder);
        let (good, text) = judged(&folder, &root, None).unwrap();
        assert!(!good && text.contains("✗ signature of the station"), "{part}: {text}");
        // And even a station's own key does not mend what the signatures and the journal say.
        sign_again(&office, &folder);
        let (good, text) = judged(&folder, &root, None).unwrap();
        assert!(!good && !text.contains("✗ signature of the station"), "{part}: {text}");
    }
}

#[test]
fn evidence_needs_a_document_that_was_built_and_never_overwrites() {
    let office = Office::with_files("eidas");
    let zip = office.destination.with_extension("zip");
    let path = zip.to_str().unwrap();
    assert_eq!(
        office.run(&["export", "--evidence", "D-000001", "-o", path]).expect(2).errors(),
        ["document_unknown"]
    );
    office.built("scan_0001.jpg");
    office.run(&["edit", "D-000001", "subject=X"]).expect(0);
    assert_eq!(office.run(&["export", "--evidence", "D-000001", "-o", path]).errors(), ["not_built"]);
    assert!(!zip.exists());
    office.run(&["build"]).expect(0);
    office.run(&["export", "--evidence", "D-000001", "-o", path]).expect(0);
    let before = fs::read(&zip).unwrap();
    let again = office.run(&["export", "--evidence", "D-000001", "-o", path]).expect(4);
    assert_eq!((again.errors(), fs::read(&zip).unwrap()), (vec!["file_exists".to_owned()], before));
}

/// Runs SQL on a store, as somebody does who has a database tool.
pub fn by_hand(root: &Path, statements: &[&str]) {
    let url = crate::register::address(root);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let mut tool = <sqlx::AnyConnection as sqlx::Connection>::connect(&url).await.unwrap();
        // As the tools are that people use.
        let careless = match url.starts_with("postgres") {
            true => "SET session_replication_role = replica",
            false => "PRAGMA foreign_keys=OFF",
        };
        sqlx::query(careless).execute(&mut tool).await.unwrap();
        for statement in statements {
            let done = sqlx::query(sqlx::AssertSqlSafe((*statement).to_owned())).execute(&mut tool).await;
            let done = done.unwrap_or_else(|e| panic!("{statement}: {e}"));
            assert!(done.rows_affected() > 0 || statement.contains("page_text"), "{statement}");
        }
        sqlx::Connection::close(tool).await.unwrap();
    });
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_tree(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A copy of an office with all its records, on a database of its own.
fn copy_of(office: &Office, name: &str) -> PathBuf {
    let copy = office.root.with_file_name(name);
    copy_tree(&office.root, &copy);
    let station = copy.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    if let Some(url) = text.lines().find_map(|line| line.strip_prefix("store = \"")) {
        let url = url.trim_end_matches('"');
        let other = crate::postgres::Postgres::get().unwrap().copy_of(url);
        fs::write(&station, text.replace(url, &other)).unwrap();
    }
    copy
}

/// A kit with its outage, a reconciliation and a reason, so that there is something of every kind.
fn told(office: &Office) {
    fs::write(office.root.join("system.csv"), "Số ký hiệu;Ngày ban hành;Trích yếu\n").unwrap();
    let kit = ["kit", "--count", "2", "--block", "CV:125-130", "-o", "kit.pdf"];
    let kit = office.run(&kit).expect(0).events("summary")[0]["kit"].as_str().unwrap().to_owned();
    office.run(&["outage", "open", "SC-K", "--kit", &kit, "--paper-from", "01/11/2026 12:00"]).expect(0);
    office.run(&["reconcile", "--outage", "SC-1"]);
    let run = office.run(&["reconcile", "--outage", "SC-1", "--system", "system.csv"]);
    let open = run.events("line").into_iter().find(|line| line["open"] == true).unwrap();
    let line = open["line"].as_str().unwrap();
    let reason = ["--reason", "Entered tomorrow", "--by", "Vân"];
    office.run(&[&["reconcile", "--outage", "SC-1", "--settle", line][..], &reason].concat());
    office.run(&["outage", "close", "SC-K"]).expect(0);
}

/// Each case on a copy of the office: what is edited, how, and what is found.
fn each_is_found(office: &Office, cases: &[(&str, Vec<&str>, &str)]) {
    for (number, (what, statements, wanted)) in cases.iter().enumerate() {
        let copy = copy_of(office, &format!("edited-{wanted}-{number}"));
        by_hand(&copy, statements);
        let run = scanseal(&copy, &["journal", "check", "--json"]).expect(5);
        let found: Vec<String> =
            run.events("finding").iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect();
        assert!(found.contains(&(*wanted).to_owned()), "{what}: {found:?}");
        assert_eq!(run.errors(), ["journal_broken"], "{what}");
    }
}

#[test]
fn whatever_is_edited_by_hand_in_the_store_is_found() {
    let office = delivered();
    office.run(&["journal", "check"]).expect(0);
    let last = "(SELECT MAX(seq) FROM journal)";
    let removed = format!("DELETE FROM journal WHERE seq = {last}");
    let swapped = [
        "UPDATE journal SET seq = -1 WHERE seq = 4",
        "UPDATE journal SET seq = 4 WHERE seq = 5",
        "UPDATE journal SET seq = 5 WHERE seq = -1",
    ];
    let copied = "INSERT INTO journal SELECT seq + 1, at, station, actor, event, document, detail, hash, hash FROM journal \
                  WHERE seq = (SELECT MAX(seq) FROM journal)";
    let inserted = "INSERT INTO document SELECT 2, outage, 'x', state, record, latest, bytes_in, bytes_out, lease, \
                    lease_until, created_at FROM document WHERE id = 1";
    let gone = ["signature", "revision", "receipt", "job", "register_line", "seen", "page_text", "document"];
    let gone: Vec<String> = gone
        .iter()
        .map(|table| {
            format!("DELETE FROM {table} WHERE {} = 1", if *table == "document" { "id" } else { "document" })
        })
        .collect();
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    let cases: [(&str, Vec<&str>, &str); 16] = [
        (
            "record",
            vec!["UPDATE document SET record = replace(record, 'recovery', 'internal')"],
            "journal_document_changed",
        ),
        ("state", vec!["UPDATE document SET state = 'sealed'"], "journal_document_changed"),
        (
            "latest",
            vec!["UPDATE document SET latest = (SELECT sha256 FROM revision WHERE ordinal = 1)"],
            "journal_document_changed",
        ),
        ("receipt", vec!["UPDATE receipt SET proof = 'acknowledged'"], "journal_document_changed"),
        ("receipt removed", vec!["DELETE FROM receipt"], "journal_document_changed"),
        (
            "signature",
            vec!["UPDATE signature SET report = replace(report, 'personal', 'organization')"],
            "journal_document_changed",
        ),
        ("revision removed", vec!["DELETE FROM revision WHERE ordinal = 1"], "journal_document_changed"),
        ("seen", vec!["UPDATE seen SET who = 'somebody'"], "journal_document_changed"),
        ("document put in", vec![inserted], "journal_document_unknown"),
        ("document removed", gone, "journal_document_missing"),
        (
            "entry edited",
            vec!["UPDATE journal SET detail = replace(detail, 'outage', 'outrage') WHERE seq = 2"],
            "journal_entry_changed",
        ),
        ("entry removed", vec!["DELETE FROM journal WHERE seq = 4"], "journal_entries_missing"),
        ("last entry removed", vec![&removed], "journal_end_wrong"),
        ("entries reordered", swapped.to_vec(), "journal_entry_changed"),
        ("entry put in", vec![copied], "journal_entry_changed"),
        ("root", vec!["UPDATE journal_root SET root = '00'"], "journal_root_changed"),
    ];
    each_is_found(&office, &cases);
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn whatever_is_edited_beside_the_documents_is_found() {
    let office = delivered();
    told(&office);
    office.run(&["journal", "check"]).expect(0);
    let root = "INSERT INTO journal_root SELECT ordinal + 1, last_seq + 1, last_seq + 1, root, at, NULL FROM journal_root \
                WHERE ordinal = (SELECT MAX(ordinal) FROM journal_root)";
    let last_root = "DELETE FROM journal_root WHERE ordinal = (SELECT MAX(ordinal) FROM journal_root)";
    let cases: [(&str, Vec<&str>, &str); 21] = [
        ("roots removed", vec!["DELETE FROM journal_root"], "journal_row_missing"),
        ("last root removed", vec![last_root], "journal_row_missing"),
        ("time of a root", vec!["UPDATE journal_root SET at = at - 1"], "journal_row_changed"),
        ("stamp of a root", vec!["UPDATE journal_root SET token = '00'"], "journal_row_changed"),
        ("root put in", vec![root], "journal_row_unknown"),
        ("reason", vec!["UPDATE settlement SET reason = 'Fine'"], "journal_row_changed"),
        ("name under a reason", vec!["UPDATE settlement SET who = 'somebody'"], "journal_row_changed"),
        ("reason removed", vec!["DELETE FROM settlement"], "journal_row_missing"),
        (
            "reason put in",
            vec!["INSERT INTO settlement VALUES ('SC-1', 'missing:CV:126', 1, 'Fine', 'somebody', 1)"],
            "journal_row_unknown",
        ),
        ("reconciliation", vec!["UPDATE reconciliation SET open = 0"], "journal_row_changed"),
        (
            "blocks of an outage",
            vec!["UPDATE outage SET record = replace(record, 'CV:125-130', 'CV:127-130')"],
            "journal_row_changed",
        ),
        (
            "window of an outage",
            vec!["UPDATE outage SET record = replace(record, '2026-11-01', '2026-01-01')"],
            "journal_row_changed",
        ),
        ("outage removed", vec!["DELETE FROM outage WHERE reference = 'SC-K'"], "journal_row_missing"),
        (
            "kit",
            vec!["UPDATE meta SET value = replace(value, '130', '127') WHERE name LIKE 'kit:%'"],
            "journal_row_changed",
        ),
        ("kit removed", vec!["DELETE FROM meta WHERE name LIKE 'kit:%'"], "journal_row_missing"),
        ("delivery removed", vec!["DELETE FROM receipt", "DELETE FROM job"], "journal_document_changed"),
        ("delivery not wanted", vec!["UPDATE job SET required = 0"], "journal_document_filed"),
        ("other bytes to deliver", vec!["UPDATE job SET sha256 = '00'"], "journal_document_filed"),
        ("delivery to be done again", vec!["UPDATE job SET state = 'ready'"], "journal_document_filed"),
        ("line of the register", vec!["UPDATE register_line SET words = 'x'"], "journal_document_filed"),
        ("register emptied", vec!["DELETE FROM register_line"], "journal_document_filed"),
    ];
    each_is_found(&office, &cases);
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn a_removed_last_entry_stays_missing_when_the_journal_goes_on() {
    let office = delivered();
    by_hand(&office.root, &["DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"]);
    office.run(&["outage", "open", "SC-2"]).expect(0);
    let run = office.run(&["journal", "check"]).expect(5);
    let codes: Vec<_> = run.events("finding").iter().map(|f| f["code"].clone()).collect();
    assert!(codes.contains(&"journal_entries_missing".into()), "{codes:?}");
    assert!(codes.contains(&"journal_head_differed".into()), "{codes:?}");
}

#[test]
fn a_clock_that_was_set_back_is_told_until_a_person_says_why() {
    let office = Office::with_files("eidas");
    // The entry that opened the outage is written once more an hour ahead, as a machine would whose clock runs ahead.
    ahead(&office.root);
    office.run(&["outage", "open", "SC-2"]).expect(0);
    let run = office.run(&["journal", "check"]).expect(9);
    assert_eq!(run.errors(), ["journal_clock"]);
    let finding = run.events("finding").remove(0);
    assert_eq!(finding["code"], "journal_clock_back");
    assert!(finding["text"].as_str().unwrap().contains("35"), "{finding}");
    office.run(&["journal", "check", "--accept-clock", " "]).expect(2);
    office.run(&["journal", "check", "--accept-clock", "The battery was empty"]).expect(0);
    office.run(&["journal", "check"]).expect(0);
    // The next time is told again.
    ahead(&office.root);
    assert_eq!(
        office.run(&["journal", "check"]).expect(9).events("finding")[0]["code"],
        "journal_clock_behind"
    );
    office.run(&["outage", "open", "SC-3"]).expect(0);
    office.run(&["journal", "check"]).expect(9);
}

/// Rewrites the last entry so that it is of an hour later, with the hash that it would have had.
fn ahead(root: &Path) {
    use sqlx::Row;
    let url = crate::register::address(root);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let sql = "SELECT seq, at, station, actor, event, document, detail, previous FROM journal ORDER BY seq DESC LIMIT 1";
        let row = sqlx::query(sql).fetch_one(&pool).await.unwrap();
        let (seq, at) = (row.get::<i64, _>(0), row.get::<i64, _>(1) + 3_600_000_000);
        let entry = scanseal::store::journal::Entry {
            seq,
            at,
            station: row.get(2),
            actor: row.get(3),
            event: row.get(4),
            document: row.get(5),
            detail: row.get(6),
            previous: row.get(7),
            hash: String::new(),
        };
        let hash = scanseal::document::Sha256::of(&entry.image()).0;
        let update = sqlx::query("UPDATE journal SET at = $1, hash = $2 WHERE seq = $3");
        update.bind(at).bind(&hash).bind(seq).execute(&pool).await.unwrap();
        let head = sqlx::query("UPDATE meta SET value = $1 WHERE name = 'journal_head'");
        head.bind(format!("{seq} {hash}")).execute(&pool).await.unwrap();
        pool.close().await;
    });
}
