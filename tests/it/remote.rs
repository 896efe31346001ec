//! Two-phase signing: what has to be signed goes to a signer that never sees the document (here: openssl), and comes back.

use std::fs;
use std::path::Path;
use std::process::Command;

use scanseal::sign::authority::{Issued, KeyType, Purpose};

use super::support::{Office, recipe, scanseal};

fn openssl(folder: &Path, arguments: &[&str]) {
    let run = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// `root.pem`, `NAME.pem` with the chain and `NAME.key` for RSA and EC, and three PDF files without any signature.
fn bench() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let root = Issued::root(&recipe("CN=Remote root", (-1, 30), Purpose::Authority)).unwrap();
    fs::write(path("root.pem"), root.pem().unwrap()).unwrap();
    for (name, kind) in [("rsa", KeyType::Rsa(2_048)), ("ec", KeyType::P256)] {
        let key = root.issue_with(kind, &recipe("CN=Nguyễn An,O=UBND", (-1, 10), Purpose::Signing)).unwrap();
        fs::write(path(&format!("{name}.pem")), key.pem().unwrap() + &root.pem().unwrap()).unwrap();
        fs::write(path(&format!("{name}.der")), key.key_der().unwrap()).unwrap();
        openssl(
            folder.path(),
            &["pkey", "-inform", "DER", "-in", &format!("{name}.der"), "-out", &format!("{name}.key")],
        );
    }
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    for name in ["a", "b", "c"] {
        fs::write(path(&format!("{name}.pdf")), office.latest("D-000001")).unwrap();
    }
    folder
}

#[test]
fn a_signer_that_never_sees_the_document_signs_it() {
    let folder = bench();
    let run = |arguments: &[&str]| scanseal(folder.path(), &[arguments, &["--json"]].concat());
    for key in ["rsa", "ec"] {
        let (asked, signed, certificate) =
            (format!("asked-{key}"), format!("signed-{key}"), format!("{key}.pem"));
        let files = ["sign", "--role", "personal", "a.pdf", "b.pdf", "c.pdf", "--prepare", "--certificate"];
        run(&[&files[..], &[&certificate, "-o", &asked]].concat()).expect(0);
        let key = format!("{key}.key");
        let sign = |name: &str, key: &str| {
            let (to_sign, to) = (format!("{asked}/{name}.to-sign"), format!("{asked}/{name}.signature"));
            openssl(folder.path(), &["dgst", "-sha256", "-sign", key, "-out", &to, &to_sign]);
            to
        };
        sign("a", &key);
        // Web services answer in text.
        let text = sign("b", &key);
        openssl(folder.path(), &["base64", "-in", &text, "-out", "b.text"]);
        fs::copy(folder.path().join("b.text"), folder.path().join(&text)).unwrap();
        let attach = ["sign", "--role", "personal", "--attach", &asked, "-o", &signed];
        let first = run(&attach).expect(0);
        assert_eq!(first.errors(), ["remote_signature_missing"]);
        assert_eq!(first.events("summary")[0]["done"], 2);
        for name in ["a.pdf", "b.pdf"] {
            let file = format!("{signed}/{name}");
            let verdict = run(&["verify", &file, "--trust", "root.pem"]).expect(0);
            assert_eq!(verdict.lines()[0]["verdict"], "valid", "{}", verdict.stdout);
        }
    }
}

#[test]
fn a_signature_by_another_key_or_over_another_file_is_not_put_in() {
    let folder = bench();
    let run = |arguments: &[&str]| scanseal(folder.path(), &[arguments, &["--json"]].concat());
    let prepare = [
        "sign",
        "--role",
        "personal",
        "a.pdf",
        "b.pdf",
        "--prepare",
        "--certificate",
        "ec.pem",
        "-o",
        "asked",
    ];
    run(&prepare).expect(0);
    let sign = |of: &str, to: &str, key: &str| {
        let (of, to) = (format!("asked/{of}.to-sign"), format!("asked/{to}.signature"));
        openssl(folder.path(), &["dgst", "-sha256", "-sign", key, "-out", &to, &of]);
    };
    let attach = |to: &str| run(&["sign", "--role", "personal", "--attach", "asked", "-o", to]);
    sign("a", "a", "rsa.key");
    sign("b", "b", "ec.key");
    let one = attach("one").expect(5);
    assert_eq!(one.errors(), ["remote_signature_wrong"]);
    assert!(folder.path().join("one/b.pdf").exists() && !folder.path().join("one/a.pdf").exists());
    // A prepared file that was changed meanwhile, with a signature that was right.
    sign("a", "a", "ec.key");
    let prepared = folder.path().join("asked/a.prepared.pdf");
    let mut bytes = fs::read(&prepared).unwrap();
    bytes[2_000] ^= 1;
    fs::write(&prepared, bytes).unwrap();
    assert_eq!(attach("two").expect(3).errors(), ["order_changed"]);
    assert!(run(&["sign", "--role", "organization", "--attach", "asked", "-o", "three"]).code != 0);
}
