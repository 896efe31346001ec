//! Several keys behind one address: which one signs, when nobody can say, and what a token shows without a log-in.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use scanseal::error::Result;
use scanseal::locales::Lang;
use scanseal::sign::authority::{self, Issued, KeyType, Purpose, Recipe};
use scanseal::sign::certificate::Certificate;
use scanseal::sign::{KeyPolicy, PinSource, Session, key};
use secrecy::SecretString;

use crate::support::recipe;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "864209";

struct Pin(&'static str);

impl PinSource for Pin {
    fn pin(&mut self, _prompt: &str) -> Result<SecretString> {
        Ok(SecretString::from(self.0))
    }
}

/// A folder with tokens of its own.
struct Bench {
    folder: PathBuf,
    issuer: Issued,
}

impl Bench {
    /// None where there is no SoftHSM.
    fn new(name: &str) -> Option<Self> {
        Path::new(MODULE).exists().then_some(())?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tokens")).unwrap();
        let issuer = Issued::root_with(KeyType::P256, &recipe("CN=Office CA", (-9, 60), Purpose::Authority));
        let bench = Self { folder, issuer: issuer.unwrap() };
        let place = format!("directories.tokendir = {}\n", bench.path("tokens"));
        fs::write(bench.path("softhsm2.conf"), place).unwrap();
        let program = env!("CARGO_BIN_EXE_scanseal");
        let line = format!("SOFTHSM2_CONF='{}' exec '{program}' \"$@\"", bench.path("softhsm2.conf"));
        fs::write(bench.path("helper"), format!("#!/bin/sh\n{line}\n")).unwrap();
        fs::set_permissions(bench.path("helper"), fs::Permissions::from_mode(0o755)).unwrap();
        Some(bench)
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn tool(&self, program: &str, arguments: &[&str]) {
        let conf = self.path("softhsm2.conf");
        let run = Command::new(program).args(arguments).env("SOFTHSM2_CONF", conf).output().unwrap();
        assert!(run.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    }

    fn token(&self, label: &str) {
        let init = ["--init-token", "--free", "--label", label, "--so-pin", "0000", "--pin", PIN];
        self.tool("softhsm2-util", &init);
    }

    fn pkcs11(&self, token: &str, arguments: &[&str]) {
        let login = ["--module", MODULE, "--token-label", token, "--login", "--pin", PIN];
        self.tool("pkcs11-tool", &[&login, arguments].concat());
    }

    /// Private and public key.
    fn put_key(&self, token: &str, key: &Issued, id: &str, label: &str) {
        let file = self.path("import.p8");
        let pem = der::pem::encode_string("PRIVATE KEY", der::pem::LineEnding::LF, &key.key_der().unwrap());
        fs::write(&file, pem.unwrap()).unwrap();
        let what = ["--import", &file, "--token", token, "--label", label, "--id", id, "--pin", PIN];
        self.tool("softhsm2-util", &what);
    }

    fn put_certificate(&self, token: &str, key: &Issued, id: &str) {
        let file = self.path("import.der");
        fs::write(&file, &key.certificates[0]).unwrap();
        self.pkcs11(token, &["--write-object", &file, "--type", "cert", "--id", id, "--label", "any"]);
    }

    fn put(&self, token: &str, key: &Issued, id: &str, label: &str) {
        self.put_key(token, key, id, label);
        self.put_certificate(token, key, id);
    }

    fn policy(&self) -> KeyPolicy {
        let helper = Some(self.path("helper").into());
        KeyPolicy { modules: vec![MODULE.into()], helper, ..KeyPolicy::default() }
    }

    fn open(&self, uri: &str, policy: &KeyPolicy) -> Result<Box<dyn Session>> {
        key::open(&uri.parse()?, policy, &mut Pin(PIN))
    }
}

fn issued(issuer: &Issued, kind: KeyType, recipe: &Recipe) -> Issued {
    issuer.issue_with(kind, recipe).unwrap()
}

/// Whether the session signs with this certificate, shown by a signature.
fn is(session: &mut Box<dyn Session>, key: &Issued) -> bool {
    session.sign(b"message").unwrap();
    session.certificate() == key.certificates[0]
}

#[test]
fn of_several_keys_on_a_token_the_rule_takes_one_or_refuses() {
    let Some(bench) = Bench::new("choice") else { return };
    let an = |days, purpose, kind| issued(&bench.issuer, kind, &recipe("CN=An,O=UBND", days, purpose));
    let short = an((-1, 5), Purpose::Signing, KeyType::P256);
    let long = an((-1, 9), Purpose::Signing, KeyType::P384);
    let login = an((-1, 20), Purpose::Login, KeyType::Rsa(2_048));
    let over = an((-9, -1), Purpose::Signing, KeyType::P256);
    let shop = Issued::root_with(KeyType::P256, &recipe("CN=Shop CA", (-9, 60), Purpose::Authority)).unwrap();
    let binh = issued(&shop, KeyType::P256, &recipe("CN=Bình,O=UBND", (-1, 30), Purpose::Signing));
    bench.token("many");
    for (key, id, label) in [
        (&short, "01", "an"),
        (&long, "02", "an"),
        (&login, "03", "an"),
        (&over, "04", "an"),
        (&binh, "05", "binh"),
    ] {
        bench.put("many", key, id, label);
    }
    let any = bench.policy();
    let mut session = bench.open("pkcs11:token=many;object=an", &any).unwrap();
    assert!(is(&mut session, &long), "{}", session.signer_name());
    assert!(is(&mut bench.open("pkcs11:token=many;id=%01", &any).unwrap(), &short));
    assert!(is(&mut bench.open("pkcs11:token=many;id=%03", &any).unwrap(), &login));
    let error = bench.open("pkcs11:token=many", &any).err().unwrap();
    assert_eq!(error.code(), "key_ambiguous");
    for lang in [Lang::Vi, Lang::En] {
        let words = error.message(lang);
        let serial = Certificate::parse(&binh.certificates[0]).unwrap().serial();
        assert!(words.contains("Bình (Shop CA") && words.contains(&serial), "{words}");
        assert!(words.contains("id=%05") && words.contains("id=%02") && words.contains("many"), "{words}");
        assert!(!words.contains("id=%03"), "a log-in certificate is no candidate: {words}");
    }
    let office = KeyPolicy { issuers: vec!["Office CA".into()], ..bench.policy() };
    assert!(is(&mut bench.open("pkcs11:token=many", &office).unwrap(), &long));
    let refused = bench.open("pkcs11:token=many;object=binh", &office).err().unwrap();
    assert_eq!(refused.code(), "issuer_not_accepted");
    assert!(refused.message(Lang::En).contains("only certificates of Office CA"), "{refused}");
}

#[test]
fn an_ec_key_finds_its_certificate_by_point_or_by_a_trial() {
    let Some(bench) = Bench::new("points") else { return };
    let make =
        |subject, days| issued(&bench.issuer, KeyType::P256, &recipe(subject, (-1, days), Purpose::Signing));
    let (stray, mixed, other) = (make("CN=stray", 9), make("CN=mixed", 9), make("CN=mixed", 30));
    bench.token("points");
    // Its certificate lies under another id, and one that is valid longer but of another key under its own.
    bench.put_key("points", &stray, "01", "stray");
    bench.put_certificate("points", &other, "01");
    bench.put_certificate("points", &stray, "11");
    assert!(is(&mut bench.open("pkcs11:token=points;object=stray", &bench.policy()).unwrap(), &stray));
    // No public key beside it: the id counts, and the wrong one of two is found out before a document is.
    bench.put("points", &mixed, "02", "mixed");
    bench.put_certificate("points", &other, "02");
    bench.pkcs11("points", &["--delete-object", "--type", "pubkey", "--id", "02"]);
    assert!(is(&mut bench.open("pkcs11:token=points;object=mixed", &bench.policy()).unwrap(), &mixed));
    // Only a certificate of another key.
    bench.put_key("points", &make("CN=lone", 9), "03", "lone");
    bench.put_certificate("points", &other, "03");
    let refusal = |uri: &str| bench.open(uri, &bench.policy()).err().unwrap().code();
    assert_eq!(refusal("pkcs11:token=points;object=lone"), "certificate_missing");
    bench.pkcs11("points", &["--delete-object", "--type", "pubkey", "--id", "03"]);
    assert_eq!(refusal("pkcs11:token=points;object=lone"), "certificate_missing");
}

#[test]
fn of_several_keys_in_a_file_the_rule_takes_one_or_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let root =
        Issued::root_with(KeyType::P256, &recipe("CN=Office CA", (-9, 60), Purpose::Authority)).unwrap();
    let make = |subject, days| issued(&root, KeyType::P384, &recipe(subject, days, Purpose::Signing));
    let (old, new) = (make("CN=An,O=UBND", (-9, 3)), make("CN=An,O=UBND", (-1, 9)));
    let (over, binh) = (make("CN=An,O=UBND", (-9, -1)), make("CN=Bình", (-1, 9)));
    let open = |keys: &[(&str, &Issued)]| {
        let file = folder.path().join("keys.p12");
        fs::write(&file, authority::pkcs12(keys, PIN).unwrap()).unwrap();
        let uri = format!("p12:{}", file.display()).parse().unwrap();
        key::open(&uri, &KeyPolicy::default(), &mut Pin(PIN))
    };
    for keys in [[("a", &old), ("b", &new), ("c", &over)], [("a", &new), ("b", &over), ("c", &old)]] {
        assert!(is(&mut open(&keys).unwrap(), &new));
    }
    let error = open(&[("a", &new), ("b", &binh)]).err().unwrap();
    assert_eq!(error.code(), "key_ambiguous");
    let words = error.message(Lang::Vi);
    assert!(words.contains("An (Office CA") && words.contains("Bình (Office CA"), "{words}");
    assert!(error.advice(Lang::En).contains("export the wanted key alone"));
}

#[test]
fn tokens_are_listed_without_a_log_in() {
    let Some(bench) = Bench::new("listed") else { return };
    for label in ["first", "Thứ hai"] {
        bench.token(label);
    }
    let make = |days, purpose, kind| issued(&bench.issuer, kind, &recipe("CN=An,O=UBND", days, purpose));
    for (id, days, purpose, kind) in [
        ("01", (-1, 9), Purpose::Signing, KeyType::P384),
        ("02", (-9, -1), Purpose::Signing, KeyType::P256),
        ("03", (-1, 9), Purpose::Encryption, KeyType::Rsa(2_048)),
    ] {
        bench.put("Thứ hai", &make(days, purpose, kind), id, "an");
    }
    let list = |policy: &KeyPolicy| {
        let mut tokens = key::list(policy).unwrap();
        tokens.sort_by(|a, b| a.label.cmp(&b.label));
        let [second, first] = &tokens[..] else { panic!("{tokens:?}") };
        (second.clone(), first.clone())
    };
    let (second, first) = list(&bench.policy());
    assert_eq!((first.label.as_str(), second.label.as_str()), ("first", "Thứ hai"));
    assert!(first.certificates.is_empty() && first.slot != second.slot && first.serial != second.serial);
    assert!(first.manufacturer.contains("SoftHSM") && !first.model.is_empty());
    let flags = |t: &key::TokenInfo| (t.pin_locked, t.pin_last_try, t.pin_few_tries, t.pad);
    assert_eq!(flags(&second), (false, false, false, false));
    let mut seen: Vec<_> = second.certificates.iter().map(|c| (c.key.as_str(), c.usable)).collect();
    seen.sort_unstable();
    assert_eq!(seen, [("ECDSA P-256", false), ("ECDSA P-384", true), ("RSA 2048", false)]);
    assert!(second.certificates.iter().all(|c| c.subject == "An" && c.issuer == "Office CA"));
    assert!(second.certificates.iter().all(|c| c.serial.len() == 32 && c.from < c.until));
    let shop = KeyPolicy { issuers: vec!["Shop CA".into()], ..bench.policy() };
    assert!(list(&shop).0.certificates.iter().all(|c| !c.usable));

    let uri = "pkcs11:token=first;object=none".parse().unwrap();
    assert_eq!(key::open(&uri, &bench.policy(), &mut Pin("000000")).err().unwrap().code(), "wrong_pin");
    assert_eq!(flags(&list(&bench.policy()).1), (false, false, true, false));
    let absent = KeyPolicy { modules: vec!["/does/not/exist.so".into()], ..bench.policy() };
    assert_eq!(key::list(&absent).unwrap_err().code(), "module_missing");
}
