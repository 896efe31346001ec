//! Every kind of key from every kind of place, judged by us, pdfsig, pyHanko and OpenSSL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, command, scans};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "135246";

/// Name, how OpenSSL makes the key, the profile's padding, what our verdict calls it.
const KINDS: [(&str, &[&str], &str, &str); 7] = [
    ("RSA-2048", &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "pkcs1", "RSA PKCS#1 v1.5, SHA-256"),
    ("RSA-3072", &["RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "pkcs1", "RSA PKCS#1 v1.5, SHA-256"),
    ("RSA-4096", &["RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "pkcs1", "RSA PKCS#1 v1.5, SHA-256"),
    ("RSA-2048 PSS", &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "pss", "RSA-PSS, SHA-256"),
    ("RSA-4096 PSS", &["RSA", "-pkeyopt", "rsa_keygen_bits:4096"], "pss", "RSA-PSS, SHA-256"),
    ("ECDSA P-256", &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "pkcs1", "ECDSA, SHA-256"),
    ("ECDSA P-384", &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "pkcs1", "ECDSA, SHA-384"),
];

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
        fs::write(bench.path("softhsm2.conf"), place).unwrap();
        fs::write(bench.path("pin"), PIN).unwrap();
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
        let conf = self.path("softhsm2.conf");
        let mut command = Command::new(program);
        let run =
            command.args(arguments).current_dir(&self.folder).env("SOFTHSM2_CONF", conf).output().unwrap();
        let text = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
        assert!(run.status.success(), "{program} {arguments:?}: {text}");
        text
    }

    fn scanseal(&self, arguments: &[&str]) -> Run {
        let mut command = command(&self.folder, &[arguments, &["--json"]].concat());
        let output = command.env("SOFTHSM2_CONF", self.path("softhsm2.conf")).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Key and certificate of a kind under the stem `name`.
    fn issue(&self, name: &str, kind: &[&str]) {
        let (key, request, out) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        self.tool("openssl", &[&["genpkey", "-algorithm"], kind, &["-out", &key]].concat());
        let subject = format!("/CN=Key {name}/O=UBND");
        self.tool("openssl", &["req", "-new", "-key", &key, "-out", &request, "-subj", &subject]);
        fs::write(self.path("usage"), "keyUsage=critical,digitalSignature,nonRepudiation\n").unwrap();
        let sign =
            ["x509", "-req", "-in", &request, "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"];
        self.tool("openssl", &[&sign[..], &["-days", "20", "-out", &out, "-extfile", "usage"]].concat());
    }

    /// The addresses under which the key can be used, with the name of the place.
    fn places(&self, name: &str, id: &str) -> Vec<(&'static str, String)> {
        let (key, pem, pin) = (format!("{name}.key"), format!("{name}.pem"), format!("pass:{PIN}"));
        let export = |out: &str, more: &[&str]| {
            let make = ["pkcs12", "-export", "-inkey", &key, "-in", &pem, "-out", out, "-passout", &pin];
            self.tool("openssl", &[&make[..], more].concat());
        };
        let (modern, legacy) = (format!("{name}.p12"), format!("{name}-legacy.p12"));
        export(&modern, &[]);
        export(&legacy, &["-legacy"]);
        let source = format!("?pin-source=file:{}", self.path("pin"));
        let mut places = vec![
            ("PKCS#12, AES", format!("p12:{}{source}", self.path(&modern))),
            ("PKCS#12, legacy", format!("p12:{}{source}", self.path(&legacy))),
        ];
        if Path::new(MODULE).exists() {
            let label = format!("t{id}");
            let init = ["--init-token", "--free", "--label", &label, "--so-pin", "0000", "--pin", PIN];
            self.tool("softhsm2-util", &init);
            self.tool("openssl", &["pkcs8", "-topk8", "-nocrypt", "-in", &key, "-out", "import.p8"]);
            let import =
                ["--import", "import.p8", "--token", &label, "--label", "key", "--id", id, "--pin", PIN];
            self.tool("softhsm2-util", &import);
            self.tool("openssl", &["x509", "-in", &pem, "-outform", "DER", "-out", "import.der"]);
            let login = ["--module", MODULE, "--token-label", &label, "--login", "--pin", PIN];
            let write = ["--write-object", "import.der", "--type", "cert", "--id", id, "--label", "key"];
            self.tool("pkcs11-tool", &[&login[..], &write[..]].concat());
            let uri = format!("pkcs11:token={label};object=key{source}&module-path={MODULE}");
            places.push(("PKCS#11, SoftHSM2", uri));
        }
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

#[test]
fn every_kind_of_key_signs_from_files_and_tokens() {
    let bench = Bench::new("keys");
    let before = fs::metadata(bench.path("letter.pdf")).unwrap().len();
    println!(
        "| key | from | bytes added | verdict | pdfsig | pyHanko | OpenSSL |\n|---|---|---|---|---|---|---|"
    );
    for (number, (name, kind, padding, algorithm)) in KINDS.into_iter().enumerate() {
        let stem = format!("k{number}");
        bench.issue(&stem, kind);
        for (place, uri) in bench.places(&stem, &format!("{:02}", number + 1)) {
            let (workspace, out) = (bench.workspace(padding), bench.path("out"));
            let _ = fs::remove_dir_all(&out);
            let common = ["--workspace", &workspace];
            let sign = ["sign", "--role", "personal", "--key", &uri, "-o", &out, "letter.pdf"];
            bench.scanseal(&[&sign[..], &common[..]].concat()).expect(0);
            let file = format!("{out}/letter.pdf");
            let bytes = fs::read(&file).unwrap();
            let report =
                bench.scanseal(&[&["verify", &file][..], &common[..]].concat()).expect(0).lines().remove(0);
            assert_eq!(report["verdict"], "valid", "{name} {place}: {report}");
            assert_eq!(report["signatures"][0]["algorithm"], Value::from(algorithm));
            let pdfsig = bench.tool("pdfsig", &["-nocert", &file]).contains("Signature is Valid");
            assert!(pdfsig && openssl(&bench, &bytes), "{name} {place}");
            let pyhanko = std::env::var("SCANSEAL_TEST_PYHANKO").map(|pyhanko| {
                let root = bench.path("root.pem");
                let told = bench
                    .tool(&pyhanko, &["sign", "validate", "--trust", &root, "--no-revocation-check", &file]);
                assert!(told.contains("INTACT:TRUSTED,UNTOUCHED"), "{name} {place}: {told}");
                "valid"
            });
            let added = bytes.len() as u64 - before;
            let pyhanko = pyhanko.unwrap_or("not asked");
            println!("| {name} | {place} | {added} | valid | valid | {pyhanko} | valid |");
        }
    }
}

#[test]
fn keys_that_cannot_be_used_say_what_they_are() {
    let bench = Bench::new("keys-refused");
    let workspace = bench.workspace("pkcs1");
    for (name, kind, code) in [
        ("short", &["RSA", "-pkeyopt", "rsa_keygen_bits:1024"][..], "key_too_short"),
        ("ed", &["ED25519"], "key_type_unsupported"),
        ("p521", &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "key_type_unsupported"),
        ("brain", &["EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"], "key_type_unsupported"),
    ] {
        bench.issue(name, kind);
        let (key, pem, pin) = (format!("{name}.key"), format!("{name}.pem"), format!("pass:{PIN}"));
        let file = format!("{name}.p12");
        let export = ["pkcs12", "-export", "-inkey", &key, "-in", &pem, "-out", &file, "-passout", &pin];
        bench.tool("openssl", &export);
        let uri = format!("p12:{}?pin-source=file:{}", bench.path(&file), bench.path("pin"));
        let sign = [
            "sign",
            "--role",
            "personal",
            "--key",
            &uri,
            "-o",
            "out",
            "letter.pdf",
            "--workspace",
            &workspace,
        ];
        assert_eq!(bench.scanseal(&sign).expect(6).errors(), [code], "{name}");
    }
}
