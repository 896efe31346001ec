//! Every kind of key from every kind of place, judged by us, pdfsig, pyHanko and OpenSSL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Run, command, scans, write_private};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "135246";

/// Name, how OpenSSL makes the key, the profile's padding, what our verdict calls it.
type Kind = (&'static str, &'static [&'static str], &'static str, &'static str);

const KINDS: [Kind; 8] = [
    ("RSA-2048", &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "pkcs1", "RSA PKCS#1 v1.5, SHA-256"),
    ("RSA-3072", &["RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "pkcs1", "RSA PKCS#1 v1.5, SHA-256"),
    ("RSA-4096", &["RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "pkcs1", "RSA PKCS#1 v1.5, SHA-256"),
    ("RSA-2048 PSS", &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "pss", "RSA-PSS, SHA-256"),
    ("RSA-3072 PSS", &["RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "pss", "RSA-PSS, SHA-256"),
    ("RSA-4096 PSS", &["RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "pss", "RSA-PSS, SHA-256"),
    ("ECDSA P-256", &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "pkcs1", "ECDSA, SHA-256"),
    ("ECDSA P-384", &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "pkcs1", "ECDSA, SHA-384"),
];

/// Settings of SoftHSM: as it comes, and as a token that leaves the hashing to us.
const USUAL: &str = "softhsm2.conf";
const BARE: &str = "softhsm2-bare.conf";

/// Where a key is.
struct Place {
    name: &'static str,
    uri: String,
    configuration: &'static str,
}

/// A folder with an issuer, a token and a PDF to sign.
struct Bench {
    folder: PathBuf,
}

impl Bench {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("tokens")).unwrap();
        let bench = Self { folder };
        let place = format!("directories.tokendir = {}\n", bench.path("tokens"));
        fs::write(bench.path(USUAL), &place).unwrap();
        // SoftHSM 2.6 leaves the first name of the list in.
        let hidden = "-CKM_MD5,CKM_SHA256_RSA_PKCS,CKM_SHA256_RSA_PKCS_PSS";
        let bare = format!("{place}slots.mechanisms = {hidden}\n");
        fs::write(bench.path(BARE), bare).unwrap();
        write_private(bench.path("pin"), PIN);
        let root =
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem"];
        let usage = ["-days", "30", "-subj", "/CN=Keys root", "-addext", "keyUsage=critical,keyCertSign"];
        bench.tool("openssl", &[&root[..], &usage[..]].concat());
        let scan = scans().join("scan_0002.jpg");
        bench.scanseal(&["convert", scan.to_str().unwrap(), "-o", "letter.pdf"]).expect(0);
        bench
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let conf = self.path(USUAL);
        let mut command = Command::new(program);
        let run =
            command.args(arguments).current_dir(&self.folder).env("SOFTHSM2_CONF", conf).output().unwrap();
        let text = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
        assert!(run.status.success(), "{program} {arguments:?}: {text}");
        text
    }

    fn scanseal(&self, arguments: &[&str]) -> Run {
        self.scanseal_at(arguments, USUAL)
    }

    fn scanseal_at(&self, arguments: &[&str], configuration: &str) -> Run {
        let mut command = command(&self.folder, &[arguments, &["--json"]].concat());
        let output = command.env("SOFTHSM2_CONF", self.path(configuration)).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Key and certificate of a kind under the stem `name`.
    fn issue(&self, name: &str, kind: &[&str]) {
        let (key, request, out) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        match kind {
            ["DSA", bits] => self.tool("openssl", &["dsaparam", "-genkey", "-noout", "-out", &key, bits]),
            _ => self.tool("openssl", &[&["genpkey", "-algorithm"], kind, &["-out", &key]].concat()),
        };
        let subject = format!("/CN=Key {name}/O=UBND");
        self.tool("openssl", &["req", "-new", "-key", &key, "-out", &request, "-subj", &subject]);
        fs::write(self.path("usage"), "keyUsage=critical,digitalSignature,nonRepudiation\n").unwrap();
        let sign =
            ["x509", "-req", "-in", &request, "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"];
        self.tool("openssl", &[&sign[..], &["-days", "20", "-out", &out, "-extfile", "usage"]].concat());
    }

    /// The address of a key under `place`, with the file of its PIN.
    fn address(&self, place: &str) -> String {
        format!("{place}?pin-source=file:{}", self.path("pin"))
    }

    /// The key in files as OpenSSL writes them now and wrote them before version 3.
    fn files(&self, name: &str) -> Vec<Place> {
        let (key, pem, pin) = (format!("{name}.key"), format!("{name}.pem"), format!("pass:{PIN}"));
        let made = |place, out: String, more: &[&str]| {
            let make = ["pkcs12", "-export", "-inkey", &key, "-in", &pem, "-out", &out, "-passout", &pin];
            self.tool("openssl", &[&make[..], more].concat());
            let uri = self.address(&format!("p12:{}", self.path(&out)));
            Place { name: place, uri, configuration: USUAL }
        };
        let legacy = made("PKCS#12, legacy", format!("{name}-legacy.p12"), &["-legacy"]);
        vec![made("PKCS#12, AES", format!("{name}.p12"), &[]), legacy]
    }

    /// The key on a token of its own; none where there is no SoftHSM.
    fn token(&self, name: &str, id: &str) -> Option<Place> {
        Path::new(MODULE).exists().then_some(())?;
        let (key, pem, label) = (format!("{name}.key"), format!("{name}.pem"), format!("t{id}"));
        let init = ["--init-token", "--free", "--label", &label, "--so-pin", "0000", "--pin", PIN];
        self.tool("softhsm2-util", &init);
        self.tool("openssl", &["pkcs8", "-topk8", "-nocrypt", "-in", &key, "-out", "import.p8"]);
        let import = ["--import", "import.p8", "--token", &label, "--label", "key", "--id", id, "--pin", PIN];
        self.tool("softhsm2-util", &import);
        self.tool("openssl", &["x509", "-in", &pem, "-outform", "DER", "-out", "import.der"]);
        let login = ["--module", MODULE, "--token-label", &label, "--login", "--pin", PIN];
        let write = ["--write-object", "import.der", "--type", "cert", "--id", id, "--label", "key"];
        self.tool("pkcs11-tool", &[&login[..], &write[..]].concat());
        let uri = self.address(&format!("pkcs11:token={label};object=key"));
        let uri = format!("{uri}&module-path={MODULE}");
        Some(Place { name: "PKCS#11, SoftHSM2", uri, configuration: USUAL })
    }

    /// The places in which a kind of key is tried. SoftHSM 2.6 has no hashing mechanism for ECDSA, so that for EC keys its
    /// usual form is the bare one.
    fn places(&self, name: &str, kind: &[&str], id: &str) -> Vec<Place> {
        let mut places = self.files(name);
        let token = self.token(name, id);
        let bare = token.as_ref().filter(|_| kind.first() == Some(&"RSA")).map(|token| Place {
            name: "PKCS#11, SoftHSM2, hashed by us",
            uri: token.uri.clone(),
            configuration: BARE,
        });
        places.extend(token);
        places.extend(bare);
        places
    }

    /// A workspace whose profile has this padding and which allows the module.
    fn workspace(&self, padding: &str) -> String {
        let root = self.folder.join(format!("ws-{padding}"));
        if !root.exists() {
            let profile =
                fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/eidas.toml"));
            let own =
                profile.unwrap().replace("rsa_padding = \"pkcs1\"", &format!("rsa_padding = \"{padding}\""));
            fs::write(self.path(&format!("{padding}.toml")), own).unwrap();
            let folder = root.display().to_string();
            let profile = self.path(&format!("{padding}.toml"));
            self.scanseal(&["init", &folder, "--profile", &profile]).expect(0);
            let station = format!(
                "profile = \"{profile}\"\n[office]\nname = \"UBND\"\n[token]\nmodules = [\"{MODULE}\"]\n\
                 [trust]\ncertificates = [\"{}\"]\n",
                self.path("root.pem")
            );
            fs::write(root.join("scanseal.toml"), station).unwrap();
        }
        root.display().to_string()
    }
}

/// What OpenSSL says of the newest signature: container and covered bytes taken out of the file.
fn openssl(bench: &Bench, bytes: &[u8]) -> bool {
    let at = bytes.windows(10).rposition(|w| w == b"/ByteRange").unwrap();
    let text = String::from_utf8_lossy(&bytes[at + 10..at + 60]).into_owned();
    let numbers: Vec<usize> =
        text.split(['[', ']', ' ']).filter_map(|word| word.parse().ok()).take(4).collect();
    let (start, end) = (numbers[1], numbers[2]);
    let hex = &bytes[start + 1..end - 1];
    let pair = |p: &[u8]| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap();
    fs::write(bench.path("container.der"), hex.chunks(2).map(pair).collect::<Vec<u8>>()).unwrap();
    fs::write(bench.path("content.bin"), [&bytes[..start], &bytes[end..end + numbers[3]]].concat()).unwrap();
    let verify =
        ["cms", "-verify", "-binary", "-inform", "DER", "-in", "container.der", "-content", "content.bin"];
    let trust = ["-CAfile", "root.pem", "-purpose", "any", "-out", "checked.bin"];
    bench.tool("openssl", &[&verify[..], &trust[..]].concat()).contains("erification successful")
}

/// Signs `from` into a new file under `out` and gives it.
fn signed(bench: &Bench, at: &Place, role: &str, from: &str, padding: &str) -> String {
    let (workspace, out) = (bench.workspace(padding), bench.path(role));
    let _ = fs::remove_dir_all(&out);
    let sign = ["sign", "--role", role, "--key", &at.uri, "-o", &out, from, "--workspace", &workspace];
    bench.scanseal_at(&sign, at.configuration).expect(0);
    format!("{out}/letter.pdf")
}

/// Every judge has to accept both signatures; says who was asked.
fn judged(bench: &Bench, file: &str, algorithm: &str, padding: &str) -> &'static str {
    let verify = ["verify", file, "--workspace", &bench.workspace(padding)];
    let report = bench.scanseal(&verify).expect(0).lines().remove(0);
    assert_eq!(report["verdict"], "valid", "{report}");
    let signatures = report["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 2, "{report}");
    assert!(signatures.iter().all(|signature| signature["algorithm"] == algorithm), "{report}");
    let told = bench.tool("pdfsig", &["-nocert", file]);
    assert_eq!(told.matches("Signature is Valid").count(), 2, "{told}");
    let Ok(pyhanko) = std::env::var("SCANSEAL_TEST_PYHANKO") else { return "not asked" };
    let root = bench.path("root.pem");
    let told = bench.tool(&pyhanko, &["sign", "validate", "--trust", &root, "--no-revocation-check", file]);
    assert_eq!(told.matches("INTACT:TRUSTED,").count(), 2, "{told}");
    assert!(told.contains("UNTOUCHED") && !told.contains("ILLEGAL"), "{told}");
    "valid"
}

/// A configuration that hides nothing would prove nothing.
fn assert_bare(bench: &Bench) {
    let list = ["--module", MODULE, "--list-mechanisms"];
    let mut tool = Command::new("pkcs11-tool");
    let told = tool.args(list).env("SOFTHSM2_CONF", bench.path(BARE)).output().unwrap().stdout;
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("RSA-PKCS,") && !told.contains("SHA256-RSA-PKCS"), "{told}");
}

/// Signs with each of these kinds from each place, and prints the table.
fn matrix(bench: &Bench, kinds: &[Kind]) {
    let size = |file: &str| fs::metadata(file).unwrap().len();
    println!(
        "| key | from | bytes added | verdict | pdfsig | pyHanko | OpenSSL |\n|---|---|---|---|---|---|---|"
    );
    for (number, (name, kind, padding, algorithm)) in kinds.iter().enumerate() {
        // Nobody signs for the organization with the certificate that has signed as a person.
        let [persons, organizations] = [("k", 1), ("o", 51)].map(|(stem, first)| {
            let stem = format!("{stem}{number}");
            bench.issue(&stem, kind);
            bench.places(&stem, kind, &format!("{:02}", number + first))
        });
        for (place, seal) in persons.iter().zip(&organizations) {
            if place.configuration == BARE {
                assert_bare(bench);
            }
            let letter = bench.path("letter.pdf");
            let once = signed(bench, place, "personal", &letter, padding);
            assert!(openssl(bench, &fs::read(&once).unwrap()), "{name} {}", place.name);
            let twice = signed(bench, seal, "organization", &once, padding);
            assert!(openssl(bench, &fs::read(&twice).unwrap()), "{name} {}", place.name);
            let pyhanko = judged(bench, &twice, algorithm, padding);
            let (first, second) = (size(&once) - size(&letter), size(&twice) - size(&once));
            println!("| {name} | {} | {first} + {second} | valid | valid | {pyhanko} | valid |", place.name);
        }
    }
}

#[test]
fn the_usual_kinds_of_keys_sign_from_files_and_tokens() {
    let usual = KINDS
        .into_iter()
        .filter(|kind| ["RSA-2048", "RSA-2048 PSS", "ECDSA P-256", "ECDSA P-384"].contains(&kind.0));
    matrix(&Bench::new("keys"), &usual.collect::<Vec<_>>());
}

#[test]
#[ignore = "a table; tests/run keys"]
fn every_kind_of_key_signs_from_files_and_tokens() {
    matrix(&Bench::new("keys-all"), &KINDS);
}

#[test]
fn keys_that_cannot_be_used_say_what_they_are() {
    let bench = Bench::new("keys-refused");
    let workspace = bench.workspace("pkcs1");
    let refused = [
        ("short", &["RSA", "-pkeyopt", "rsa_keygen_bits:1024"][..], "key_too_short", "1024"),
        ("dsa", &["DSA", "2048"], "key_type_unsupported", "DSA"),
        ("ed", &["ED25519"], "key_type_unsupported", "Ed25519"),
        ("p521", &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "key_type_unsupported", "ECDSA P-521"),
        (
            "brain",
            &["EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"],
            "key_type_unsupported",
            "brainpoolP256r1",
        ),
    ];
    for (number, (name, kind, code, word)) in refused.into_iter().enumerate() {
        bench.issue(name, kind);
        let mut places = bench.files(name);
        // The tool of SoftHSM does not take this one.
        places.extend((name != "ed").then(|| bench.token(name, &format!("{number:02}"))).flatten());
        for (place, lang) in places.iter().flat_map(|place| [(place, "vi"), (place, "en")]) {
            let sign = ["sign", "--role", "personal", "--key", &place.uri, "-o", "out", "letter.pdf"];
            let more = ["--workspace", &workspace, "--lang", lang];
            let run = bench.scanseal(&[&sign[..], &more[..]].concat()).expect(6);
            assert_eq!(run.errors(), [code], "{name}");
            let line = run.events("error").remove(0);
            assert!(line["message"].as_str().unwrap().contains(word), "{line}");
        }
    }
}
