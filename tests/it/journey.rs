//! Both legal forms as separate commands with keys on a token, and what other people's programs say of the result.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use scanseal::document::Sha256;
use scanseal::sign::authority::{Issued, Purpose};

use crate::support::{Office, Run, command, other, recipe, scans, write_private};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "246810";

/// A token with the keys of a person and of an organization, and their issuer.
struct Token {
    folder: PathBuf,
}

static TOKEN: LazyLock<Option<Token>> = LazyLock::new(|| Path::new(MODULE).exists().then(make));

fn make() -> Token {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journey-token");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("tokens")).unwrap();
    let token = Token { folder };
    let place = format!("directories.tokendir = {}\n", token.path("tokens"));
    fs::write(token.path("softhsm2.conf"), place).unwrap();
    write_private(token.path("pin"), PIN);
    let root = Issued::root(&recipe("CN=Journey root", (-1, 30), Purpose::Authority)).unwrap();
    fs::write(token.path("root.pem"), root.pem().unwrap()).unwrap();
    let init = ["--init-token", "--free", "--label", "office", "--so-pin", "0000", "--pin", PIN];
    token.tool("softhsm2-util", &init);
    for (id, label) in [("01", "person"), ("02", "organization")] {
        let subject = format!("CN={label},O=UBND");
        let key = root.issue(&recipe(&subject, (-1, 10), Purpose::Signing)).unwrap();
        token.write(&key.key_der().unwrap(), "privkey", id, label);
        token.write(&key.certificates[0], "cert", id, label);
    }
    token
}

impl Token {
    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn tool(&self, program: &str, arguments: &[&str]) {
        let conf = self.path("softhsm2.conf");
        let run = Command::new(program).args(arguments).env("SOFTHSM2_CONF", conf).output().unwrap();
        assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    }

    fn write(&self, der: &[u8], kind: &str, id: &str, label: &str) {
        let file = self.path("object.der");
        fs::write(&file, der).unwrap();
        let login = ["--module", MODULE, "--token-label", "office", "--login", "--pin", PIN];
        let what = ["--write-object", &file, "--type", kind, "--id", id, "--label", label];
        self.tool("pkcs11-tool", &[&login[..], &what[..]].concat());
    }

    /// Lines of a station file for both roles.
    fn station(&self) -> String {
        let key = |role: &str, object: &str| {
            let pin = self.path("pin");
            format!(
                "[keys.{role}]\nuri = \"pkcs11:token=office;object={object}\"\npin_source = \"file:{pin}\"\n"
            )
        };
        let modules = format!("[token]\nmodules = [\"{MODULE}\"]\n");
        [modules, key("personal", "person"), key("organization", "organization")].concat()
    }

    fn run(&self, office: &Office, arguments: &[&str]) -> Run {
        let arguments = [arguments, &["--json"]].concat();
        let output =
            command(&office.root, &arguments).env("SOFTHSM2_CONF", self.path("softhsm2.conf")).output();
        let output = output.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// All commands of a form; gives the office with everything delivered.
fn journey(token: &Token, profile: &str) -> Office {
    let office = Office::reading(profile, &token.station());
    let run = |arguments: &[&str]| token.run(&office, arguments).expect(0);
    run(&["trust", "add", &token.path("root.pem")]);
    assert_eq!(run(&["scan", scans().to_str().unwrap(), "--outage", "SC-1"]).events("document").len(), 8);
    let built = run(&["build"]).events("document");
    assert!(built.iter().all(|d| d["state"] == "built") && built.len() == 8);
    if profile == "eidas" {
        let numbers: Vec<String> = (1..=8).map(|n| format!("D-{n:06}")).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        run(&[&["show"], &numbers[..], &["--seen"]].concat());
        // One of the samples came from outside: our person does not sign what others wrote.
        assert_eq!(run(&["sign", "--role", "personal", "--all"]).events("signature").len(), 7);
    }
    assert_eq!(run(&["sign", "--role", "organization", "--all"]).events("signature").len(), 8);
    assert_eq!(run(&["upload"]).events("receipt").len(), 8);
    run(&["journal", "check"]);
    let list = office.destination.with_extension("pdf");
    run(&["report", "--outage", "SC-1", "-o", list.to_str().unwrap()]);
    office
}

/// The metadata packet as it stands in a file.
fn packet(bytes: &[u8]) -> &[u8] {
    let find = |wanted: &[u8]| bytes.windows(wanted.len()).position(|w| w == wanted).unwrap();
    &bytes[find(b"<?xpacket begin")..find(b"<?xpacket end")]
}

/// Asks pdfsig, pyHanko, qpdf, exiftool and the PDF/A judge about a delivered file.
fn judge(file: &Path, root: &str, signatures: usize) {
    let name = file.to_str().unwrap();
    if let Some((_, text)) = other("pdfsig", &["-nocert", name]) {
        assert_eq!(text.matches("Signature is Valid").count(), signatures, "{name}: {text}");
    }
    if let Some((good, text)) = other("qpdf", &["--check", name]) {
        assert!(good && !text.contains("WARNING"), "{text}");
    }
    if let Some((_, text)) = other("exiftool", &["-s3", "-XMP-recovery:OutageReference", name]) {
        assert_eq!(text.trim(), "SC-1", "{name}");
    }
    if let Ok(python) = std::env::var("SCANSEAL_TEST_PYTHON") {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/pdfa_check.py");
        let (good, text) = other(&python, &[script.to_str().unwrap(), name]).unwrap();
        assert!(good, "{text}");
    }
    if let Ok(pyhanko) = std::env::var("SCANSEAL_TEST_PYHANKO") {
        let arguments = ["sign", "validate", "--trust", root, "--no-revocation-check", name];
        let (good, text) = other(&pyhanko, &arguments).unwrap();
        assert!(good, "{text}");
        assert_eq!(text.matches("INTACT:TRUSTED").count(), signatures, "{text}");
    }
}

fn everything_is_delivered_and_judged(profile: &str) {
    let Some(token) = TOKEN.as_ref() else { return };
    let office = journey(token, profile);
    let documents = office.run(&["list"]).expect(0).events("document");
    assert_eq!(documents.len(), 8);
    for document in documents {
        assert_eq!(document["state"], "delivered", "{document}");
        let receipt = &document["receipts"][0];
        let file = office.destination.join(receipt["remote_id"].as_str().unwrap());
        let bytes = fs::read(&file).unwrap();
        assert_eq!(Sha256::of(&bytes).0, receipt["sha256"].as_str().unwrap());
        let revisions = document["revisions"].as_array().unwrap();
        let built = revisions[0]["sha256"].as_str().unwrap();
        let built = fs::read(office.root.join("blobs").join(&built[..2]).join(built)).unwrap();
        assert_eq!(packet(&built), packet(&bytes));
        assert!(bytes.starts_with(&built), "only appended revisions");
        judge(&file, &token.path("root.pem"), document["signatures"].as_array().unwrap().len());
        let verdict =
            office.run(&["verify", document["document"].as_str().unwrap()]).expect(0).lines().remove(0);
        assert_eq!(verdict["verdict"], "valid");
    }
}

#[test]
fn re_sign_goes_from_paper_to_delivered_with_keys_on_a_token() {
    everything_is_delivered_and_judged("eidas");
}

#[test]
fn sao_y_goes_from_paper_to_delivered_with_keys_on_a_token() {
    everything_is_delivered_and_judged("vn-state");
}
