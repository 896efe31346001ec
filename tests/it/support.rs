//! Running the program as a user does, and making what a user has: workspaces, scans, tokens.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use scanseal::sign::authority::{Issued, Purpose, Recipe};
use serde_json::Value;

/// The samples of the repository.
pub fn scans() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scans")
}

/// One run of the program.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The JSON lines of standard output.
    pub fn lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// The lines of one event.
    pub fn events(&self, name: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["event"] == name).collect()
    }

    /// Codes of all errors, each once, in order of appearance.
    pub fn errors(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for line in self.events("error") {
            let code = line["code"].as_str().unwrap().to_owned();
            assert!(line["message"].as_str().unwrap().len() > 10, "{line}");
            assert!(line["advice"].as_str().unwrap().len() > 10, "{line}");
            assert!(["never", "later", "after_you_fix"].contains(&line["retry"].as_str().unwrap()), "{line}");
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    /// Fails unless the program ended so.
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

/// What a run has said; it must not have panicked.
pub fn finished(output: Output) -> Run {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run
}

/// The program in a folder, without a terminal, in English unless the arguments say otherwise.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scanseal"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("LANG", "C.UTF-8").env("LC_ALL", "C.UTF-8").env_remove("SCANSEAL_WORKSPACE");
    command
}

/// Runs the program in a folder.
pub fn scanseal(folder: &Path, arguments: &[&str]) -> Run {
    finished(command(folder, arguments).output().unwrap())
}

/// Runs the program with text on its standard input.
pub fn scanseal_with(folder: &Path, arguments: &[&str], input: &str) -> Run {
    use std::io::Write;
    let mut command = command(folder, arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    finished(child.wait_with_output().unwrap())
}

/// Runs another program; none when it is not installed here and nobody promised that it is.
pub fn other(program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output() {
        Ok(run) => {
            let text = [run.stdout, run.stderr].concat();
            Some((run.status.success(), String::from_utf8_lossy(&text).into_owned()))
        }
        Err(error) => {
            assert!(std::env::var_os("SCANSEAL_TEST_PYTHON").is_none(), "{program}: {error}");
            None
        }
    }
}

pub const PIN: &str = "135790";

/// An office's keys in files and the issuer's certificate, made once a run.
pub struct Keys {
    pub folder: PathBuf,
}

pub static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("office-keys");
    // Left over from the last run, if any: a static is never dropped.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let root = Issued::root(&recipe("CN=Test office root", (-1, 30), Purpose::Authority)).unwrap();
    for (name, days) in [("person", (-1, 10)), ("organization", (-1, 10)), ("expired", (-9, -1))] {
        let subject = format!("CN=Test {name},O=UBND");
        let key = root.issue(&recipe(&subject, days, Purpose::Signing)).unwrap();
        fs::write(folder.join(format!("{name}.p12")), key.pkcs12(PIN).unwrap()).unwrap();
    }
    fs::write(folder.join("root.pem"), root.pem().unwrap()).unwrap();
    write_private(folder.join("pin"), PIN);
    Keys { folder }
});

/// Writes what nobody else may read, as a PIN has to be kept.
pub fn write_private(path: impl AsRef<Path>, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

pub fn recipe(subject: &str, days: (i64, i64), purpose: Purpose) -> Recipe<'_> {
    let day = |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days);
    Recipe { subject, from: day(days.0), until: day(days.1), purpose }
}

impl Keys {
    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// `p12:` address with the file of its PIN.
    pub fn uri(&self, name: &str) -> String {
        format!("p12:{}?pin-source=file:{}", self.path(name), self.path("pin"))
    }
}

/// A workspace of an office in a folder of its own, with an open outage `SC-1` and a destination `dms`.
pub struct Office {
    _temporary: tempfile::TempDir,
    pub root: PathBuf,
    pub destination: PathBuf,
}

impl Office {
    /// A workspace of a profile; `keys` are lines of the station file. Pages are not read here: that takes most of the time,
    /// and few tests are about it.
    pub fn new(profile: &str, keys: &str) -> Self {
        let office = Self::reading(profile, keys);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("profiles/{profile}.toml"));
        let text = fs::read_to_string(path).unwrap();
        let quick = text.replace("text_layer = true", "text_layer = false");
        assert_ne!(text, quick);
        fs::write(office.root.join("quick.toml"), quick).unwrap();
        let station = office.root.join("scanseal.toml");
        let text = fs::read_to_string(&station).unwrap();
        fs::write(&station, text.replace(&format!("profile = \"{profile}\""), "profile = \"quick.toml\""))
            .unwrap();
        office
    }

    /// Changes a line of the office's profile.
    pub fn change_profile(&self, from: &str, to: &str) {
        let path = self.root.join("quick.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).unwrap();
    }

    /// A workspace of a profile as it is delivered, text layer included.
    pub fn reading(profile: &str, keys: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let (root, destination) = (temporary.path().join("ws"), temporary.path().join("dms"));
        fs::create_dir(&destination).unwrap();
        let office = Self { root, destination, _temporary: temporary };
        scanseal(
            office.destination.as_path(),
            &["init", office.root.to_str().unwrap(), "--profile", profile],
        )
        .expect(0);
        let station = format!(
            "{}profile = \"{profile}\"\n[office]\nname = \"Ủy ban nhân dân xã Mường Lam\"\n{keys}\n\
             [trust]\ncertificates = [\"{}\"]\n[[destination]]\nname = \"dms\"\nkind = \"folder\"\npath = \"{}\"\n",
            crate::postgres::store_lines(office._temporary.path()),
            KEYS.path("root.pem"),
            office.destination.display()
        );
        fs::write(office.root.join("scanseal.toml"), station).unwrap();
        office.run(&["outage", "open", "SC-1", "--system", "iOffice"]).expect(0);
        office
    }

    /// With keys in files for both roles.
    pub fn with_files(profile: &str) -> Self {
        let key = |role: &str, file: &str| format!("[keys.{role}]\nuri = \"{}\"", KEYS.uri(file));
        let keys = [key("personal", "person.p12"), key("organization", "organization.p12")].join("\n");
        Self::new(profile, &keys)
    }

    /// Runs a command with JSON lines.
    pub fn run(&self, arguments: &[&str]) -> Run {
        scanseal(&self.root, &[arguments, &["--json"]].concat())
    }

    /// Takes one sample in and builds it: `D-000001` when it is the first.
    pub fn built(&self, sample: &str) -> &Self {
        let path = scans().join(sample);
        let manifest = scans().join("manifest.csv");
        let manifest = only(&manifest, sample, &self.destination.with_extension("csv"));
        self.run(&["scan", path.to_str().unwrap(), "--outage", "SC-1", "--manifest", &manifest]).expect(0);
        self.run(&["build"]).expect(0);
        self
    }

    /// The latest bytes of a document.
    pub fn latest(&self, document: &str) -> Vec<u8> {
        let shown = self.run(&["show", document]).expect(0).events("document").remove(0);
        let sha256 =
            shown["revisions"].as_array().unwrap().last().unwrap()["sha256"].as_str().unwrap().to_owned();
        fs::read(self.root.join("blobs").join(&sha256[..2]).join(&sha256)).unwrap()
    }

    /// State of a document.
    pub fn state(&self, document: &str) -> String {
        self.run(&["show", document]).events("document").remove(0)["state"].as_str().unwrap().to_owned()
    }
}

/// The manifest with one row, so that the others are not missing.
fn only(manifest: &Path, sample: &str, to: &Path) -> String {
    let text = fs::read_to_string(manifest).unwrap();
    let kept = text.lines().enumerate().filter(|(i, line)| *i == 0 || line.starts_with(sample));
    let rows: Vec<&str> = kept.map(|(_, line)| line).collect();
    assert_eq!(rows.len(), 2, "{sample}");
    fs::write(to, rows.join("\n")).unwrap();
    to.display().to_string()
}
