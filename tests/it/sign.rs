//! Signatures by a token (SoftHSM2) and by files, judged by other people's programs: pdfsig, qpdf, openssl and, where it is
//! installed, pyHanko (`SCANSEAL_PYHANKO` names it).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use scanseal::error::Result;
use scanseal::sign::authority::{Issued, Purpose, Recipe};
use scanseal::sign::{Intent, KeyPolicy, PinSource, Role, Session, Visible, apply, drill_keys, key};
use secrecy::SecretString;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "246810";
const LABEL: &str = "Văn thư";
/// Its address.
const VAN_THU: &str = "pkcs11:token=V%C4%83n%20th%C6%B0";

/// A token with keys, made once a run.
struct Token {
    folder: PathBuf,
}

static TOKEN: LazyLock<Option<Token>> = LazyLock::new(|| Path::new(MODULE).exists().then(make_token));

fn make_token() -> Token {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("token");
    // Left over from the last run, if any: a static is never dropped.
    let _ = fs::remove_dir_all(&folder);
    let token = Token { folder };
    fs::create_dir_all(token.path("tokens")).unwrap();
    let place = format!("directories.tokendir = {}\n", token.path("tokens").display());
    fs::write(token.path("softhsm2.conf"), place).unwrap();
    let root = Issued::root(&recipe("CN=Test root", (-1, 30), Purpose::Authority)).unwrap();
    let between = root.issue(&recipe("CN=Test CA", (-1, 20), Purpose::Authority)).unwrap();
    for label in [LABEL, "PIN tries"] {
        let arguments = ["--init-token", "--free", "--label", label, "--so-pin", "0000", "--pin", PIN];
        token.tool("softhsm2-util", &arguments);
    }
    for (id, label, days) in
        [("01", "person", (-1, 10)), ("02", "organization", (-1, 10)), ("03", "expired", (-9, -1))]
    {
        let subject = format!("CN={label} trên thiết bị,O=UBND tỉnh");
        let key = between.issue(&recipe(&subject, days, Purpose::Signing)).unwrap();
        token.write(LABEL, &key.key_der().unwrap(), &["--type", "privkey", "--id", id, "--label", label]);
        token.write(LABEL, &key.certificates[0], &["--type", "cert", "--id", id, "--label", label]);
    }
    token.write(LABEL, &between.certificates[0], &["--type", "cert", "--id", "0f", "--label", "ca"]);
    let key = between.issue(&recipe("CN=tries", (-1, 10), Purpose::Signing)).unwrap();
    let (der, alone) = (key.key_der().unwrap(), &["--type", "privkey", "--id", "04", "--label", "alone"][..]);
    token.write(LABEL, &der, alone);
    // The certificate of another key under the same id.
    token.write(LABEL, &root.certificates[0], &["--type", "cert", "--id", "04", "--label", "alone"]);
    token.write(LABEL, &der, &["--type", "privkey", "--id", "05", "--label", "each", "--always-auth"]);
    token.write("PIN tries", &der, &["--type", "privkey", "--id", "01", "--label", "tries"]);
    token.write("PIN tries", &key.certificates[0], &["--type", "cert", "--id", "01", "--label", "tries"]);
    fs::write(token.path("root.pem"), root.pem().unwrap()).unwrap();
    token
}

fn recipe(subject: &str, days: (i64, i64), purpose: Purpose) -> Recipe<'_> {
    let day = |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days);
    Recipe { subject, from: day(days.0), until: day(days.1), purpose }
}

impl Token {
    fn tool(&self, program: &str, arguments: &[&str]) {
        let conf = self.path("softhsm2.conf");
        let run = Command::new(program).args(arguments).env("SOFTHSM2_CONF", conf).output().unwrap();
        assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    }

    fn write(&self, label: &str, der: &[u8], what: &[&str]) {
        let file = self.path("object.der");
        fs::write(&file, der).unwrap();
        let login = ["--module", MODULE, "--token-label", label, "--login", "--pin", PIN];
        self.tool("pkcs11-tool", &[&login, &["--write-object", file.to_str().unwrap()][..], what].concat());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The real helper, told where this token is: environment is per process, and tests share one.
    fn helper(&self) -> PathBuf {
        let line = format!(
            "SOFTHSM2_CONF='{}' exec '{}' \"$@\"",
            self.path("softhsm2.conf").display(),
            env!("CARGO_BIN_EXE_scanseal")
        );
        self.script("helper", &line)
    }

    /// A stand-in for the helper process.
    fn script(&self, name: &str, line: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(name);
        let draft = self.path(&format!("{name}.{:?}", std::thread::current().id()));
        fs::write(&draft, format!("#!/bin/sh\n{line}\n")).unwrap();
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(draft, &path).unwrap();
        path
    }

    fn policy(&self) -> KeyPolicy {
        KeyPolicy { modules: vec![MODULE.into()], helper: Some(self.helper()), ..KeyPolicy::default() }
    }

    fn open(&self, object: &str) -> Result<Box<dyn Session>> {
        let uri = format!("{VAN_THU};object={object}?module-path={MODULE}");
        key::open(&uri.parse()?, &self.policy(), &mut Pin(PIN))
    }

    fn refusal(&self, uri: &str, policy: &KeyPolicy, pin: &'static str) -> &'static str {
        match uri.parse().and_then(|uri| key::open(&uri, policy, &mut Pin(pin))) {
            Ok(_) => "opened",
            Err(error) => error.code(),
        }
    }
}

struct Pin(&'static str);

impl PinSource for Pin {
    fn pin(&mut self, _prompt: &str) -> Result<SecretString> {
        Ok(SecretString::from(self.0))
    }
}

fn intent(role: Role) -> Intent {
    Intent {
        role,
        reason: Some(String::from("Văn bản giấy số 125/UBND-VP ngày 24/11/2026")),
        at: Timestamp::now(),
        visible: None,
        lock: false,
        utc_offset_seconds: 7 * 3600,
    }
}

fn one_page() -> Vec<u8> {
    use lopdf::{Document, Object, dictionary};
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let media = vec![0.into(), 0.into(), Object::Real(595.276), Object::Real(841.89)];
    let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "MediaBox" => media });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

fn run(program: &str, arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = Command::new(program).args(arguments).output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

/// Two signatures of a file; every judge at hand has to accept each.
fn judge(file: &Path, root: &Path, signatures: usize) {
    let name = file.to_str().unwrap();
    let (sound, words) = run("qpdf", &["--check", name]);
    assert!(sound && !words.contains("WARNING"), "{words}");
    let (_, words) = run("pdfsig", &["-nocert", name]);
    assert_eq!(words.matches("Signature is Valid.").count(), signatures, "{words}");
    assert_eq!(words.matches("Total document signed").count(), 1, "{words}");
    if let Ok(pyhanko) = std::env::var("SCANSEAL_PYHANKO") {
        let arguments = ["sign", "validate", "--pretty-print", "--trust", root.to_str().unwrap(), name];
        let (_, words) = run(&pyhanko, &arguments);
        assert_eq!(words.matches("Bottom line").count(), signatures, "{words}");
        assert_eq!(words.matches("The signature is judged VALID.").count(), signatures, "{words}");
    }
}

#[test]
fn a_token_signs_twice_and_other_programs_agree() {
    let Some(token) = TOKEN.as_ref() else { return };
    let (mut person, mut organization) = (token.open("person").unwrap(), token.open("organization").unwrap());
    assert_eq!(person.signer_name(), "person trên thiết bị");
    let plain = token.path("plain.pdf");
    fs::write(&plain, one_page()).unwrap();
    for (index, form) in [
        &["--object-streams=disable"][..],
        &["--object-streams=generate"],
        &["--linearize", "--object-streams=disable"],
        &["--linearize", "--object-streams=generate"],
    ]
    .into_iter()
    .enumerate()
    {
        let base = token.path(&format!("base-{index}.pdf"));
        assert!(run("qpdf", &[form, &[plain.to_str().unwrap(), base.to_str().unwrap()]].concat()).0);
        let base = fs::read(base).unwrap();
        let once = apply(&base, &mut *person, &intent(Role::Personal)).unwrap();
        let twice = apply(&once, &mut *organization, &intent(Role::Organization)).unwrap();
        let file = token.path(&format!("twice-{index}.pdf"));
        fs::write(&file, &twice).unwrap();
        judge(&file, &token.path("root.pem"), 2);
        assert!(twice.starts_with(&once) && once.starts_with(&base));
        // Two certificates of 0.8 KB as hex are 3.2 KB of it; nothing is padded.
        assert!(once.len() - base.len() < 5_500 && twice.len() - once.len() < 5_500);
    }
}

#[test]
fn a_visible_text_is_in_the_file_and_changes_nothing_else() {
    let Some(token) = TOKEN.as_ref() else { return };
    let mut session = token.open("organization").unwrap();
    let mut intent = intent(Role::Organization);
    let organ = "Văn phòng Ủy ban nhân dân tỉnh Sơn La, thành phố Sơn La";
    let lines = vec!["SAO Y".into(), organ.into(), "24/11/2026 11:30:00 +07:00".into()];
    intent.visible = Some(Visible::Text(lines));
    let once = apply(&one_page(), &mut *session, &self::intent(Role::Personal)).unwrap();
    let file = token.path("visible.pdf");
    fs::write(&file, apply(&once, &mut *session, &intent).unwrap()).unwrap();
    judge(&file, &token.path("root.pem"), 2);
    let (_, text) = run("pdftotext", &["-layout", file.to_str().unwrap(), "-"]);
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(words.join(" "), format!("SAO Y {organ} 24/11/2026 11:30:00 +07:00"));
}

#[test]
fn a_password_protected_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("plain.pdf"), one_page()).unwrap();
    let lock = ["--encrypt", "", "owner", "256", "--", &at("plain.pdf"), &at("locked.pdf")];
    assert!(run("qpdf", &lock).0);
    let keys = drill_keys::ensure(&folder.path().join("keys")).unwrap();
    let mut session = key::open(&keys.personal, &KeyPolicy::default(), &mut Pin("never asked")).unwrap();
    let error =
        apply(&fs::read(at("locked.pdf")).unwrap(), &mut *session, &intent(Role::Personal)).unwrap_err();
    assert_eq!(error.code(), "base_encrypted");
}

/// Counts what it is asked and told.
#[derive(Default)]
struct Counting {
    pin: &'static str,
    asked: usize,
    warned: usize,
}

impl PinSource for Counting {
    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        assert_eq!(prompt, "PIN tries / tries");
        self.asked += 1;
        Ok(SecretString::from(self.pin))
    }

    fn few_tries_left(&mut self, _prompt: &str) {
        self.warned += 1;
    }
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_next_attempt_is_warned() {
    let Some(token) = TOKEN.as_ref() else { return };
    let uri = "pkcs11:token=PIN%20tries;object=tries".parse().unwrap();
    let attempt = |pin| {
        let mut pins = Counting { pin, ..Counting::default() };
        let outcome = key::open(&uri, &token.policy(), &mut pins).map_or_else(|e| e.code(), |_| "opened");
        assert_eq!(pins.asked, 1);
        (outcome, pins.warned)
    };
    assert_eq!(attempt("999999"), ("wrong_pin", 0));
    assert_eq!(attempt(""), ("pin_empty", 1));
    assert_eq!(attempt(PIN), ("opened", 1));
    assert_eq!(attempt(PIN), ("opened", 0));
}

#[test]
fn every_missing_part_has_its_own_name() {
    let Some(token) = TOKEN.as_ref() else { return };
    let refusal = |rest: &str| token.refusal(&format!("{VAN_THU}{rest}"), &token.policy(), PIN);
    assert_eq!(token.refusal("pkcs11:token=other;object=person", &token.policy(), PIN), "token_missing");
    assert_eq!(token.refusal("pkcs11:object=person", &token.policy(), PIN), "token_ambiguous");
    assert_eq!(refusal(";serial=0;object=person"), "token_missing");
    assert_eq!(refusal(";object=nobody"), "key_missing");
    assert_eq!(refusal(""), "key_ambiguous");
    assert_eq!(refusal(";id=%02"), "opened");
    assert_eq!(refusal(";object=expired"), "certificate_expired");
    assert_eq!(refusal(";object=alone"), "certificate_missing");
    assert_eq!(refusal(";object=each"), "certificate_missing");
    assert_eq!(refusal(";object=person?module-path=/lib/none.so"), "module_not_allowed");
    let not_a_module = token.path("root.pem");
    let policy = KeyPolicy { modules: vec![not_a_module], ..token.policy() };
    assert_eq!(token.refusal(&format!("{VAN_THU};object=person"), &policy, PIN), "module_broken");
}

#[test]
fn a_helper_that_crashes_hangs_or_lies_is_an_error_and_not_a_hang() {
    let Some(token) = TOKEN.as_ref() else { return };
    let with = |name: &str, line: &str| KeyPolicy {
        helper: Some(token.script(name, line)),
        reply_deadline: Some(Duration::from_millis(400)),
        ..token.policy()
    };
    let refusal = |policy: &KeyPolicy| token.refusal(&format!("{VAN_THU};object=person"), policy, PIN);
    assert_eq!(refusal(&with("crash", "kill -SEGV $$")), "token_crashed");
    assert_eq!(refusal(&with("silent", "exit 0")), "token_crashed");
    assert_eq!(refusal(&with("hang", "exec sleep 30")), "token_timeout");
    assert_eq!(refusal(&with("noise", "exec yes lies")), "token_crashed");
    let gone = KeyPolicy { helper: Some("/does/not/exist".into()), ..token.policy() };
    assert_eq!(refusal(&gone), "module_broken");
}

#[test]
fn a_helper_that_dies_between_two_documents_costs_no_document() {
    let Some(token) = TOKEN.as_ref() else { return };
    let pid = token.path("pid");
    let line = format!(
        "echo $$ > '{}'; SOFTHSM2_CONF='{}' exec '{}' \"$@\"",
        pid.display(),
        token.path("softhsm2.conf").display(),
        env!("CARGO_BIN_EXE_scanseal")
    );
    let policy = KeyPolicy { helper: Some(token.script("mortal", &line)), ..token.policy() };
    let mut session =
        key::open(&format!("{VAN_THU};object=person").parse().unwrap(), &policy, &mut Pin(PIN)).unwrap();
    let base = one_page();
    apply(&base, &mut *session, &intent(Role::Personal)).unwrap();
    assert!(run("kill", &["-KILL", fs::read_to_string(pid).unwrap().trim()]).0);
    let error = apply(&base, &mut *session, &intent(Role::Personal)).unwrap_err();
    assert_eq!(error.code(), "token_crashed");
    assert!(error.message(scanseal::locales::Lang::En).contains("SIGKILL"), "{error}");
}

#[test]
fn drill_keys_are_made_once_renewed_and_open_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("keys");
    let first = drill_keys::ensure(&place).unwrap();
    let root = fs::read(&first.root).unwrap();
    let again = drill_keys::ensure(&place).unwrap();
    assert_eq!(fs::read(&again.root).unwrap(), root);
    let mut signed = one_page();
    for (uri, role) in [(&first.personal, Role::Personal), (&first.organization, Role::Organization)] {
        let mut session = key::open(uri, &KeyPolicy::default(), &mut Pin("never asked")).unwrap();
        assert!(session.signer_name().starts_with("DIỄN TẬP / DRILL"));
        signed = apply(&signed, &mut *session, &intent(role)).unwrap();
        let key::Place::File(file) = &uri.place else { panic!("a file") };
        let password = format!("file:{}", uri.pin_file.as_ref().unwrap().display());
        let arguments = ["pkcs12", "-info", "-noout", "-in", file.to_str().unwrap(), "-passin", &password];
        let (sound, words) = run("openssl", &arguments);
        assert!(sound, "{words}");
    }
    let file = folder.path().join("signed.pdf");
    fs::write(&file, signed).unwrap();
    judge(&file, &first.root, 2);

    let expired = Issued::root(&recipe("CN=old", (-9, -1), Purpose::Authority)).unwrap();
    fs::write(&first.root, expired.pem().unwrap()).unwrap();
    let renewed = drill_keys::ensure(&place).unwrap();
    assert_ne!(fs::read(&renewed.root).unwrap(), root);
    let kept = fs::read_dir(folder.path()).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(kept, 2, "the old keys are set aside, not overwritten");
}

#[test]
fn key_files_of_other_programs_open() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let root = Issued::root(&recipe("CN=Root", (-1, 9), Purpose::Authority)).unwrap();
    let key = root.issue(&recipe("CN=Key", (-1, 9), Purpose::Signing)).unwrap();
    fs::write(at("key.der"), key.key_der().unwrap().as_slice()).unwrap();
    fs::write(at("cert.pem"), key.pem().unwrap()).unwrap();
    assert!(run("openssl", &["pkey", "-inform", "DER", "-in", &at("key.der"), "-out", &at("key.pem")]).0);
    let export =
        ["pkcs12", "-export", "-inkey", &at("key.pem"), "-in", &at("cert.pem"), "-passout", "pass:mật mã"];
    for (name, more) in [("modern", &[][..]), ("legacy", &["-legacy"]), ("nomac", &["-nomac"])] {
        let file = at(name);
        let (made, words) = run("openssl", &[&export[..], more, &["-out", &file]].concat());
        assert!(made, "{words}");
        let open =
            |pin| key::open(&format!("p12:{file}").parse().unwrap(), &KeyPolicy::default(), &mut Pin(pin));
        assert_eq!(open("mật mã").unwrap().signer_name(), "Key", "{name}");
        assert_eq!(open("mat ma").err().unwrap().code(), "wrong_pin", "{name}");
    }
    fs::write(at("damaged"), &fs::read(at("modern")).unwrap()[..900]).unwrap();
    let damaged =
        key::open(&format!("p12:{}", at("damaged")).parse().unwrap(), &KeyPolicy::default(), &mut Pin("x"));
    assert_eq!(damaged.err().unwrap().code(), "key_file_damaged");
}

/// Not a test of speed: prints documents per second and bytes per signature (`--nocapture`).
#[test]
#[ignore = "a measurement"]
fn measure_token_signing() {
    let Some(token) = TOKEN.as_ref() else { return };
    let mut session = token.open("person").unwrap();
    for padding in [150_000, 5_000_000] {
        let base = padded(padding);
        let start = std::time::Instant::now();
        let mut count = 0;
        let mut added = 0;
        while start.elapsed() < Duration::from_secs(3) {
            added = apply(&base, &mut *session, &intent(Role::Personal)).unwrap().len() - base.len();
            count += 1;
        }
        println!(
            "{} bytes: {} documents/s, {added} bytes added",
            base.len(),
            f64::from(count) / start.elapsed().as_secs_f64()
        );
    }
    let start = std::time::Instant::now();
    let mut count = 0;
    while start.elapsed() < Duration::from_secs(3) {
        session.sign(&[7; 150]).unwrap();
        count += 1;
    }
    println!("session.sign alone: {}/s", f64::from(count) / start.elapsed().as_secs_f64());
}

/// A page with an incompressible stream of this length.
fn padded(length: usize) -> Vec<u8> {
    use lopdf::{Document, Stream, dictionary};
    let mut document = Document::load_mem(&one_page()).unwrap();
    let noise = (0..length).map(|i| (i.wrapping_mul(2_654_435_761) >> 7) as u8).collect();
    document.add_object(Stream::new(dictionary! {}, noise));
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

#[test]
fn copies_that_are_there_cost_no_signature_and_long_names_are_names() {
    let office = crate::support::Office::with_files("eidas");
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}.pdf", "Thông báo ".repeat(18));
    let name = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(name(&long), one_page()).unwrap();
    let to = name("signed");
    let sign = ["sign", "--role", "personal", &name(&long), "-o", &to];
    office.run(&sign).expect(0);
    assert_eq!(office.run(&sign).expect(4).errors(), ["file_exists"]);
    let left: Vec<_> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [std::ffi::OsString::from(&long)]);
    // What is asked of files is not done to documents without a word.
    let run = office.run(&["sign", "--role", "organization", "--all", "-o", &to]);
    assert_eq!(run.expect(2).errors(), ["options_conflict"]);
}
