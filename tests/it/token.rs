//! A token that fails as real ones do: SoftHSM2 behind the module in `tests/shim`, with a key for each office.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use scanseal::sign::authority::{Issued, Purpose};

use crate::support::{Office, Run, command, recipe, write_private};

const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
pub const PIN: &str = "864209";

/// A folder with the module, its control files, and a token.
pub struct FaultyToken {
    pub folder: PathBuf,
}

impl FaultyToken {
    /// None where there is no SoftHSM; whoever runs `tests/run` has it. `more` are arguments for the private key.
    pub fn new(name: &str, more: &[&str]) -> Option<Self> {
        Path::new(SOFTHSM).exists().then_some(())?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faulty-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let token = Self { folder };
        fs::create_dir_all(token.path("tokens")).unwrap();
        fs::create_dir_all(token.path("control")).unwrap();
        let place = format!("directories.tokendir = {}\n", token.path("tokens").display());
        fs::write(token.path("softhsm2.conf"), place).unwrap();
        write_private(token.path("pin"), PIN);
        token.compile();
        token.fill(more);
        Some(token)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn compile(&self) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shim/faulty_token.c");
        let control = format!("-DCONTROL=\"{}\"", self.path("control").display());
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O1", "-I/usr/include/p11-kit-1", &control, "-o"]);
        let built = cc.arg(self.path("faulty.so")).arg(source).arg("-ldl").output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    }

    fn tool(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(program);
        let run = command.args(arguments).env("SOFTHSM2_CONF", self.path("softhsm2.conf")).output().unwrap();
        assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    }

    /// A key with its certificate; the root goes into `root.pem`.
    fn fill(&self, more: &[&str]) {
        let root = Issued::root(&recipe("CN=Faulty root", (-1, 30), Purpose::Authority)).unwrap();
        let key = root.issue(&recipe("CN=Nguyễn An,O=UBND", (-1, 10), Purpose::Signing)).unwrap();
        fs::write(self.path("root.pem"), root.pem().unwrap()).unwrap();
        let init = ["--init-token", "--free", "--label", "faulty", "--so-pin", "0000", "--pin", PIN];
        self.tool("softhsm2-util", &init);
        let login = ["--module", SOFTHSM, "--token-label", "faulty", "--login", "--pin", PIN, "--id", "01"];
        for (der, kind) in [(&key.key_der().unwrap()[..], "privkey"), (&key.certificates[0], "cert")] {
            fs::write(self.path("object.der"), der).unwrap();
            let object = self.path("object.der").display().to_string();
            let write = ["--label", "key", "--write-object", &object, "--type", kind];
            let own = if kind == "privkey" { more } else { &[] };
            self.tool("pkcs11-tool", &[&login[..], &write, own].concat());
        }
        let _ = fs::remove_file(self.path("object.der"));
    }

    /// An office whose personal key this is; `pin` is where the PIN comes from.
    pub fn office(&self, pin: &str) -> Office {
        let office = Office::new("eidas", &self.station(pin));
        fs::create_dir_all(office.root.join("trust")).unwrap();
        fs::copy(self.path("root.pem"), office.root.join("trust/root.pem")).unwrap();
        office
    }

    fn station(&self, pin: &str) -> String {
        let module = self.path("faulty.so");
        format!(
            "[token]\nmodules = [\"{}\"]\n[keys.personal]\nuri = \"pkcs11:token=faulty;object=key\"\n{pin}",
            module.display()
        )
    }

    /// The real helper, told where this token is: environment is per process, and tests share one.
    pub fn helper(&self) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path("helper");
        let conf = self.path("softhsm2.conf").display().to_string();
        let program = env!("CARGO_BIN_EXE_scanseal");
        fs::write(&path, format!("#!/bin/sh\nSOFTHSM2_CONF='{conf}' exec '{program}' \"$@\"\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// The line of the station file for a PIN that stands in a file.
    pub fn pin_file(&self) -> String {
        format!("pin_source = \"file:{}\"", self.path("pin").display())
    }

    /// Sets a control file of the module.
    pub fn set(&self, name: &str, text: &str) {
        fs::write(self.path("control").join(name), text).unwrap();
    }

    pub fn unset(&self, name: &str) {
        let _ = fs::remove_file(self.path("control").join(name));
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.path("control").join(name).exists()
    }

    /// What the module saw of log-ins.
    pub fn logins(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("control/logins")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// How many signatures the module was asked for.
    pub fn count(&self) -> u32 {
        let text = fs::read_to_string(self.path("control/count")).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    fn command(&self, office: &Office, arguments: &[&str]) -> Command {
        let mut command = command(&office.root, &[arguments, &["--json"]].concat());
        command.env("SOFTHSM2_CONF", self.path("softhsm2.conf"));
        command
    }

    /// Runs the program with this token plugged in.
    pub fn run(&self, office: &Office, arguments: &[&str]) -> Run {
        crate::support::finished(self.command(office, arguments).output().unwrap())
    }

    /// Starts the program and leaves it running.
    pub fn start(&self, office: &Office, arguments: &[&str]) -> Child {
        let mut command = self.command(office, arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

/// Every document is signed exactly once, by one personal signature, and verifies; nothing is left behind.
pub fn assert_signed_once(office: &Office, count: usize) {
    let all = office.run(&["list"]).expect(0).events("document");
    assert_eq!(all.len(), count);
    for document in &all {
        let told = document.to_string();
        assert_eq!(document["state"], "signed", "{told}");
        let reasons: Vec<&str> =
            document["revisions"].as_array().unwrap().iter().map(|r| r["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["build", "sign:personal"], "{told}");
        let signatures = document["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 1, "{told}");
        assert_eq!(signatures[0]["integrity"], "intact", "{told}");
        assert_eq!(signatures[0]["trust"], "trusted", "{told}");
    }
    for id in ["D-000001".to_owned(), format!("D-{count:06}")] {
        let verdict = office.run(&["verify", &id]).expect(0).lines().remove(0);
        assert_eq!(verdict["verdict"], "valid", "{verdict}");
    }
    assert_eq!(parts(&office.root), Vec::<PathBuf>::new());
    office.run(&["journal", "check"]).expect(0);
}

/// Temporary files of writes that were cut off.
pub fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(parts(&entry.path())),
            false if entry.file_name().to_string_lossy().ends_with(".part") => found.push(entry.path()),
            false => {}
        }
    }
    found
}
