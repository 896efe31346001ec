//! This office's facts: `scanseal.toml`, and the workspace folder around it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Clause, Error, Result, kinds};
use crate::platform;
use crate::profile::{Profile, RsaPadding, SignatureRule};
use crate::sign::{KeyPolicy, Role};
use crate::store::{Blobs, Place};
use crate::upload::{self, Fault, Storage};

/// What stands where the name of the office belongs, in the templates of both languages.
const TEMPLATE_NAMES: [&str; 2] = ["Tên cơ quan, tổ chức", "Name of the office"];
/// Name of the station file; its folder is the workspace.
pub const STATION_FILE: &str = "scanseal.toml";
/// Folder of a workspace in which every certificate file is a trust anchor (`trust add`).
pub const TRUST_FOLDER: &str = "trust";
/// Scheme of bytes that lie in a bucket.
const BUCKET: &str = "s3://";
/// Largest station file that is read (ours are below 3 KB).
const MAX_STATION_BYTES: u64 = 1_000_000;

/// `scanseal.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Name of a profile, or path of one relative to the workspace.
    pub profile: String,
    /// `sqlite:FILE` relative to the workspace, or `postgres://...`.
    #[serde(default = "default_store")]
    pub store: String,
    /// File whose first line is the password of the user of `postgres://USER@...`.
    pub store_password_file: Option<PathBuf>,
    /// Folder of the blobs, relative to the workspace, or `s3://BUCKET/PREFIX`.
    #[serde(default = "default_blobs")]
    pub blobs: String,
    /// Who keeps the bucket of `blobs`.
    pub blob_store: Option<BlobStore>,
    /// The office.
    pub office: Office,
    /// This workplace.
    #[serde(default)]
    pub station: Workplace,
    /// Who helps; shown under every error.
    pub support: Option<Support>,
    /// Keys by role.
    #[serde(default)]
    pub keys: Keys,
    /// Token modules that may be loaded.
    #[serde(default)]
    pub token: Token,
    /// Common names of the certificates that may sign at a step of a route, by the name of the step.
    #[serde(default)]
    pub signers: std::collections::BTreeMap<String, Vec<String>>,
    /// Certificates that this office trusts.
    #[serde(default)]
    pub trust: TrustFiles,
    /// Time-stamp services.
    #[serde(default)]
    pub timestamp: Vec<TimestampService>,
    /// How verdicts are reached.
    #[serde(default)]
    pub verify: VerifyRules,
    /// Where sealed documents go.
    #[serde(default)]
    pub destination: Vec<upload::Config>,
}

fn default_store() -> String {
    "sqlite:store.sqlite".to_owned()
}

fn default_blobs() -> String {
    "blobs".to_owned()
}

/// Section `[blob_store]`: S3-compatible storage that several machines share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobStore {
    /// `https://...`, or `http://` on this machine only.
    pub url: String,
    /// The access key.
    pub user: String,
    /// File whose first line is the secret key.
    pub password_file: PathBuf,
    /// The region, else `us-east-1`.
    pub region: Option<String>,
    /// PEM file of the only CA that is believed.
    pub ca: Option<PathBuf>,
}

/// Section `[office]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Tên cơ quan, tổ chức.
    pub name: String,
    /// Mã định danh, 13 characters at most.
    pub organ_id: Option<String>,
}

/// Section `[station]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workplace {
    /// Name of this workplace.
    pub name: String,
}

impl Default for Workplace {
    fn default() -> Self {
        Self { name: "station-1".to_owned() }
    }
}

/// Section `[support]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// Who.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
}

/// Section `[keys]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Key of the personal signature.
    pub personal: Option<Key>,
    /// Key of the organization's signature.
    pub organization: Option<Key>,
}

/// One key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// RFC 7512 URI, or `p12:FILE`.
    pub uri: String,
    /// `file:PATH` of a file with the PIN; without it the PIN is asked for.
    pub pin_source: Option<String>,
    /// PNG of the signature or the seal, for documents that were written on a computer; relative to the workspace.
    pub picture: Option<PathBuf>,
    /// Its true width, millimetres.
    pub picture_mm: Option<f32>,
}

/// Section `[token]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// PKCS#11 modules, absolute paths.
    #[serde(default)]
    pub modules: Vec<PathBuf>,
}

/// Folder of a workspace in which revocation lists and answers (DER) may lie, for stations without a network.
pub const REVOCATION_FOLDER: &str = "revocation";
/// Largest of them, bytes.
const MAX_EVIDENCE: u64 = 32 << 20;

/// Section `[trust]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustFiles {
    /// PEM or DER files relative to the workspace.
    #[serde(default)]
    pub certificates: Vec<PathBuf>,
}

/// Section `[verify]`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyRules {
    /// Whether `verify` asks the revocation services that certificates name. They learn then who looks at whose signature, and
    /// addresses come from the file; so a verdict asks nobody unless the station says so.
    #[serde(default)]
    pub fetch: bool,
}

/// One `[[timestamp]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampService {
    /// RFC 3161 service over HTTP.
    pub url: String,
}

impl Station {
    /// Reads and checks a station file.
    ///
    /// # Errors
    /// [`kinds::STATION_WRITABLE`], [`kinds::STATION_INVALID`] with the line, [`kinds::DESTINATION_PLACE`], or a disk error.
    pub fn load(path: &Path) -> Result<Self> {
        if platform::others_can_write(path)? {
            return Err(kinds::STATION_WRITABLE.with("path", path.display()));
        }
        let bytes = platform::read_limited(path, MAX_STATION_BYTES)?;
        let text = String::from_utf8_lossy(&bytes);
        let invalid =
            |cause: Clause| kinds::STATION_INVALID.with("path", path.display()).with("cause", cause);
        let station: Self =
            toml::from_str(&text).map_err(|e| invalid(crate::profile::toml_fault(&text, &e)))?;
        if let Some(fault) = station.place_fault() {
            return Err(invalid(fault));
        }
        let root = path.parent().unwrap_or(Path::new("."));
        match upload::fault(&station.destination, root) {
            Some((name, Fault::Key(fault))) => {
                let clause = Clause::new("why-destination").with("destination", name);
                Err(invalid(clause.with("fault", fault)))
            }
            Some((name, Fault::Place(why))) => {
                let error = kinds::DESTINATION_PLACE.with("path", path.display()).with("destination", name);
                Err(error.with("why", why))
            }
            None => Ok(station),
        }
    }
}

impl Station {
    /// What is wrong with where records and bytes are kept.
    fn place_fault(&self) -> Option<Clause> {
        let server = self.store.strip_prefix("postgres://");
        let authority = server.unwrap_or_default().split(['/', '?']).next().unwrap_or_default();
        let user = authority.split_once('@').map(|(user, _)| user);
        let bucket = self.blobs.starts_with(BUCKET);
        let faults = [
            (server.is_none() && !self.store.starts_with("sqlite:"), "why-store-scheme"),
            (user.is_some_and(|user| user.contains(':')), "why-store-password"),
            (server.is_none() && self.store_password_file.is_some(), "why-store-password-file"),
            (bucket && self.blob_store.is_none(), "why-blobs"),
            (!bucket && self.blob_store.is_some(), "why-blob-store"),
        ];
        faults.iter().find(|(fault, _)| *fault).map(|(_, id)| Clause::new(*id))
    }
}

/// A folder with its station file and profile, before its store is opened.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder.
    pub root: PathBuf,
    /// This office's facts.
    pub station: Station,
    /// Law and form.
    pub profile: Profile,
}

impl Workspace {
    /// Common names of the certificates that may sign at a step, by the profile and the station; none where everybody may.
    pub fn signers_of<'a>(&'a self, rule: &'a SignatureRule) -> impl Iterator<Item = &'a String> + Clone {
        rule.signers.iter().chain(self.station.signers.get(&rule.step).into_iter().flatten())
    }

    /// The workspace named on the command line, else the nearest `scanseal.toml` upwards, else `SCANSEAL_WORKSPACE`.
    ///
    /// # Errors
    /// [`kinds::WORKSPACE_MISSING`], or what [`Station::load`] and [`Profile::load`] refuse.
    pub fn find(named: Option<&Path>) -> Result<Self> {
        let here = std::env::current_dir().map_err(|e| Error::io(Path::new("."), e))?;
        let from_environment = || std::env::var_os("SCANSEAL_WORKSPACE").map(PathBuf::from);
        let root = match named {
            Some(root) => Some(root.to_owned()),
            None => nearest(&here).or_else(from_environment),
        };
        let shown = named.unwrap_or(&here).display().to_string();
        let file = root.as_ref().map(|root| std::fs::metadata(root.join(STATION_FILE)));
        match (root, file) {
            (Some(root), Some(Ok(file))) if file.is_file() => Self::open(root),
            (Some(root), Some(Err(error))) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                Err(kinds::WORKSPACE_CLOSED.with("path", root.display()).because(error))
            }
            _ => Err(kinds::WORKSPACE_MISSING.with("path", shown)),
        }
    }

    /// The workspace in `root`.
    ///
    /// # Errors
    /// As [`Workspace::find`].
    pub fn open(root: PathBuf) -> Result<Self> {
        let root = root.canonicalize().map_err(|e| Error::io(&root, e))?;
        let station = Station::load(&root.join(STATION_FILE))?;
        let profile = Profile::load(&station.profile, &root)?;
        Ok(Self { root, station, profile })
    }

    /// Whether everything here is a rehearsal (rule 11).
    pub fn is_drill(&self) -> bool {
        self.profile.id == "drill"
    }

    /// Refuses to make documents in the name of nobody: the office's name stands in their metadata, their marks and their seal.
    ///
    /// # Errors
    /// [`kinds::OFFICE_NOT_NAMED`], except in a drill.
    pub fn check_named(&self) -> Result<()> {
        let name = self.station.office.name.trim();
        let nameless = name.is_empty() || TEMPLATE_NAMES.contains(&name);
        match nameless && !self.is_drill() {
            true => Err(kinds::OFFICE_NOT_NAMED
                .with("path", self.root.join(STATION_FILE).display())
                .with("name", name)),
            false => Ok(()),
        }
    }

    /// Where the records are.
    ///
    /// # Errors
    /// [`kinds::PASSWORD_FILE_OPEN`], or a password file that cannot be read.
    pub fn place(&self) -> Result<Place> {
        self.place_of(&self.station.store, self.station.store_password_file.as_deref())
    }

    /// As [`Workspace::place`] for another address; SQLite paths are made absolute.
    ///
    /// # Errors
    /// As [`Workspace::place`].
    pub fn place_of(&self, store: &str, password_file: Option<&Path>) -> Result<Place> {
        if let Some(file) = store.strip_prefix("sqlite:") {
            return Ok(Place::new(format!("sqlite:{}", self.root.join(file).display()), None));
        }
        let password = password_file.map(|file| upload::secret(&self.root.join(file))).transpose()?;
        Ok(Place::new(store.to_owned(), password))
    }

    /// Folder of the blobs; where they are in a bucket, of those that this machine has used.
    pub fn blobs_folder(&self) -> PathBuf {
        match self.station.blobs.starts_with(BUCKET) {
            true => self.root.join(default_blobs()),
            false => self.root.join(&self.station.blobs),
        }
    }

    /// The bytes of the office.
    ///
    /// # Errors
    /// A disk error; settings of the bucket that cannot be used.
    pub fn blobs(&self) -> Result<Blobs> {
        let (place, folder) = (&self.station.blobs, self.blobs_folder());
        match (&self.station.blob_store, place.starts_with(BUCKET)) {
            (Some(settings), true) => Blobs::shared(&folder, Storage::new(place, settings, &self.root)?),
            _ => Blobs::open(&folder),
        }
    }

    /// Which keys may be used, and how.
    pub fn key_policy(&self) -> KeyPolicy {
        KeyPolicy {
            modules: self.station.token.modules.clone(),
            base: self.root.clone(),
            min_rsa_bits: self.profile.crypto.min_rsa_bits,
            issuers: self.profile.crypto.issuer.clone(),
            rsa_pss: self.profile.crypto.rsa_padding == RsaPadding::Pss,
            ..KeyPolicy::default()
        }
    }

    /// As [`Workspace::key_policy`], for a role: whose certificate it wants.
    pub fn key_policy_for(&self, role: Role) -> KeyPolicy {
        // Where only the organization signs paper, persons still sign what is written on a computer.
        let steps = || self.profile.route.iter().flat_map(|route| &route.step).find(|step| step.role == role);
        let rule = self.profile.signature_rule(role, 0).or_else(steps);
        let holder = rule.map(|rule| rule.holder).unwrap_or_default();
        KeyPolicy { holder, ..self.key_policy() }
    }

    /// Trust of profile and station; never from a file that is verified (rule 5).
    ///
    /// # Errors
    /// When a certificate file cannot be read.
    pub fn trust(&self) -> Result<crate::verify::Trust> {
        Ok(crate::verify::Trust {
            anchors: crate::verify::trust::load(&self.trust_files()?)?,
            intermediates: Vec::new(),
            drill: self.is_drill(),
            min_rsa_bits: self.profile.crypto.min_rsa_bits,
            evidence: evidence(&self.root.join(REVOCATION_FOLDER))?,
        })
    }
}

impl Workspace {
    /// Files of the anchors: those of the station file, then those of the folder `trust`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn trust_files(&self) -> Result<Vec<PathBuf>> {
        let mut paths: Vec<PathBuf> =
            self.station.trust.certificates.iter().map(|file| self.root.join(file)).collect();
        paths.extend(files_in(&self.root.join(TRUST_FOLDER))?);
        Ok(paths)
    }
}

/// The nearest folder upwards that holds a station file.
pub fn nearest(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join(STATION_FILE).is_file()).map(Path::to_owned)
}

/// The files of the folder [`REVOCATION_FOLDER`].
fn evidence(folder: &Path) -> Result<Vec<Vec<u8>>> {
    files_in(folder)?.iter().map(|path| crate::platform::read_limited(path, MAX_EVIDENCE)).collect()
}

/// Files of a folder in order of name; none when there is no folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))?;
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_file()).collect();
    paths.sort();
    Ok(paths)
}
