//! `[[destination]]` of the station file: where documents go, how strongly arrival has to be known, and what each kind needs.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::Clause;
use crate::station::BlobStore;

use super::{Proof, client};

/// Most documents on their way to one destination at a time, and the default.
const MAX_PARALLEL: u32 = 32;
const PARALLEL: u32 = 4;

/// A `[[destination]]` of the station file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name in commands, receipts and reports.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Folder of kind `folder`; of kind `sftp` the folder there; of kind `s3` the beginning of all names.
    pub path: Option<PathBuf>,
    /// `https://...`, or `http://` on this machine only; of kind `sftp` `sftp://HOST[:PORT]`, of kind `email` `smtps://HOST`,
    /// `smtp://HOST` (STARTTLS, or plain on this machine only).
    pub url: Option<String>,
    /// User of the server; of kind `s3` the access key.
    pub user: Option<String>,
    /// File whose first line is the password; of kind `s3` the secret key.
    pub password_file: Option<PathBuf>,
    /// File whose first line is the token of an interface (kind `http`), or the secret key of a gateway (kind `edxml`).
    pub token_file: Option<PathBuf>,
    /// PEM file of the only CA that is believed; without it the system's roots are.
    pub ca: Option<PathBuf>,
    /// PEM file of our certificate, for mutual TLS.
    pub client_certificate: Option<PathBuf>,
    /// PEM file of its key.
    pub client_key: Option<PathBuf>,
    /// Kind `http`: name of a recipe in `profiles/destinations`, or path of one relative to the workspace.
    pub recipe: Option<String>,
    /// Kind `http`: values of the recipe's own settings, as `document_type = "1"`; kind `edxml`: who we are at the gateway.
    #[serde(default)]
    pub settings: std::collections::BTreeMap<String, String>,
    /// Kind `s3`: the bucket.
    pub bucket: Option<String>,
    /// Kind `s3`: the region, else `us-east-1`.
    pub region: Option<String>,
    /// Kind `sftp`: file of our private key (OpenSSH form, without a passphrase).
    pub key_file: Option<PathBuf>,
    /// Kind `sftp`: file with the server's public keys (`known_hosts` form).
    pub known_hosts: Option<PathBuf>,
    /// Kind `email`: the sender.
    pub from: Option<String>,
    /// Kind `email`: the receivers; kind `edxml`: codes and names of the receiving agencies, `000.00.00.H41 Sở Nội vụ`.
    #[serde(default)]
    pub to: Vec<String>,
    /// Kinds `folder` and `email`: the file that a document was written in (Word) goes along with the signed PDF.
    #[serde(default)]
    pub word: bool,
    /// Longest time for one request in seconds.
    pub timeout_seconds: Option<u64>,
    /// Most documents on their way at a time, from each process that sends.
    pub parallel: Option<u32>,
    /// Most documents a minute, from all processes together.
    pub per_minute: Option<u32>,
    /// Whether a document is delivered only when it is here.
    #[serde(default = "yes")]
    pub required: bool,
    /// Weakest proof that counts as delivered; else the strongest that the kind can give.
    pub minimum: Option<Proof>,
    /// Takes documents of a drill, and only those.
    #[serde(default)]
    pub drill: bool,
}

fn yes() -> bool {
    true
}

/// Kinds of destinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A folder, often a mounted share.
    Folder,
    /// A collection of a WebDAV server (RFC 4918).
    Webdav,
    /// A folder of an SSH server (SSH File Transfer Protocol).
    Sftp,
    /// A bucket of S3-compatible storage.
    S3,
    /// An e-mail with the signed PDF (RFC 5321).
    Email,
    /// A document system's interface over HTTP, described by a recipe.
    Http,
    /// The exchange between agencies (QCVN 102:2016) through the gateway of a province.
    Edxml,
}

impl Kind {
    /// The strongest proof that the kind can give (rule 7).
    pub fn strongest(self) -> Proof {
        match self {
            Kind::Email => Proof::Accepted,
            Kind::Edxml => Proof::Acknowledged,
            _ => Proof::Proven,
        }
    }

    /// Keys of the station file that belong to the kind, the needed ones first; how many of them are needed.
    fn keys(self) -> (&'static [&'static str], usize) {
        match self {
            Kind::Folder => (&["path", "word"], 1),
            Kind::Webdav => (&["url", "user", "password_file", "ca", "client_certificate", "client_key"], 1),
            Kind::Sftp => (&["url", "user", "known_hosts", "key_file", "password_file", "path"], 3),
            Kind::S3 => (&["url", "bucket", "user", "password_file", "path", "region", "ca"], 4),
            Kind::Email => (&["url", "from", "to", "user", "password_file", "ca", "word"], 3),
            Kind::Edxml => {
                (&["url", "token_file", "to", "settings", "ca", "client_certificate", "client_key"], 4)
            }
            Kind::Http => (
                &[
                    "url",
                    "recipe",
                    "user",
                    "password_file",
                    "token_file",
                    "ca",
                    "client_certificate",
                    "client_key",
                    "settings",
                ],
                2,
            ),
        }
    }

    /// Schemes of the address: the encrypted one first, then the one for this machine only.
    fn schemes(self) -> &'static [&'static str] {
        match self {
            Kind::Folder => &[],
            Kind::Sftp => &["sftp"],
            Kind::Email => &["smtps", "smtp"],
            Kind::Webdav | Kind::S3 | Kind::Http | Kind::Edxml => &["https", "http"],
        }
    }
}

impl Config {
    /// A bucket that is no destination: the common place of the office's bytes.
    pub(super) fn of_storage(bucket: &str, prefix: &str, settings: &BlobStore) -> Self {
        Self {
            url: Some(settings.url.clone()),
            bucket: Some(bucket.to_owned()),
            path: (!prefix.is_empty()).then(|| prefix.into()),
            user: Some(settings.user.clone()),
            password_file: Some(settings.password_file.clone()),
            region: settings.region.clone(),
            ca: settings.ca.clone(),
            ..Self::new("blobs", Kind::S3)
        }
    }

    /// A destination of which nothing else is known.
    fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            path: None,
            url: None,
            user: None,
            password_file: None,
            token_file: None,
            ca: None,
            client_certificate: None,
            client_key: None,
            recipe: None,
            settings: Default::default(),
            bucket: None,
            region: None,
            key_file: None,
            known_hosts: None,
            from: None,
            to: Vec::new(),
            word: false,
            timeout_seconds: None,
            parallel: None,
            per_minute: None,
            required: true,
            minimum: None,
            drill: false,
        }
    }

    /// Weakest proof that counts as delivered.
    pub fn minimum(&self) -> Proof {
        self.minimum.unwrap_or_else(|| self.kind.strongest())
    }

    /// Documents on their way at a time.
    pub fn parallel(&self) -> usize {
        self.parallel.unwrap_or(PARALLEL).clamp(1, MAX_PARALLEL) as usize
    }

    /// The first key that is missing, does not belong to the kind, or cannot be used.
    pub fn fault(&self) -> Option<Clause> {
        let given = self.given();
        let (known, needed) = self.kind.keys();
        let missing = known.iter().take(needed).find(|key| !given.contains(key));
        let foreign = given.iter().find(|key| !known.contains(key) && **key != "timeout_seconds");
        let timeout = self.kind == Kind::Folder && given.contains(&"timeout_seconds");
        if let Some(key) = missing {
            return Some(Clause::new("why-missing").with("key", key));
        }
        if let Some(key) = foreign.copied().or(timeout.then_some("timeout_seconds")) {
            return Some(Clause::new("why-foreign").with("key", key));
        }
        let of_edxml = || super::edxml::fault(self).filter(|_| self.kind == Kind::Edxml);
        let numbers = || self.number_fault();
        self.address_fault().or_else(numbers).or_else(|| self.pair_fault()).or_else(of_edxml)
    }

    /// Keys with a value.
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("path", self.path.is_some()),
            ("url", self.url.is_some()),
            ("user", self.user.is_some()),
            ("password_file", self.password_file.is_some()),
            ("token_file", self.token_file.is_some()),
            ("ca", self.ca.is_some()),
            ("client_certificate", self.client_certificate.is_some()),
            ("client_key", self.client_key.is_some()),
            ("recipe", self.recipe.is_some()),
            ("settings", !self.settings.is_empty()),
            ("bucket", self.bucket.as_ref().is_some_and(|bucket| !bucket.is_empty())),
            ("region", self.region.is_some()),
            ("key_file", self.key_file.is_some()),
            ("known_hosts", self.known_hosts.is_some()),
            ("from", self.from.is_some()),
            ("to", !self.to.is_empty()),
            ("word", self.word),
            ("timeout_seconds", self.timeout_seconds.is_some()),
        ];
        all.into_iter().filter(|(_, given)| *given).map(|(key, _)| key).collect()
    }

    fn address_fault(&self) -> Option<Clause> {
        let (url, schemes) = (self.url.as_deref()?, self.kind.schemes());
        let safe = is_safe(url, schemes);
        let [secure, rest @ ..] = schemes else { return None };
        let clause = match (rest.first(), self.kind) {
            // STARTTLS is asked for, and a server that does not offer it is refused.
            (Some(plain), Kind::Email) => Clause::new("why-url-starttls").with("plain", plain),
            (Some(plain), _) => Clause::new("why-url-here").with("plain", plain),
            (None, _) => Clause::new("why-url"),
        };
        if !safe {
            return Some(clause.with("secure", secure));
        }
        let (authority, rest) = parts(url)?;
        let bare = matches!(self.kind, Kind::Sftp | Kind::Email);
        if client::host_and_port(authority).is_none() {
            return Some(Clause::new("why-url-port").with("address", authority));
        }
        // What stands behind the host would not be looked at.
        if bare && !matches!(rest, "" | "/") {
            let id = if self.kind == Kind::Sftp { "why-url-path-sftp" } else { "why-url-path" };
            return Some(Clause::new(id).with("rest", rest));
        }
        let sign = url.chars().find(|sign| sign.is_whitespace() || sign.is_control() || !sign.is_ascii());
        let written = !bare && (sign.is_some() || url.parse::<ureq::http::Uri>().is_err());
        (written || bare && authority.contains(char::is_whitespace)).then(|| Clause::new("why-url-signs"))
    }

    /// Numbers of which none would mean that nothing is ever sent.
    fn number_fault(&self) -> Option<Clause> {
        let zero = [
            ("timeout_seconds", self.timeout_seconds == Some(0)),
            ("parallel", self.parallel == Some(0)),
            ("per_minute", self.per_minute == Some(0)),
        ];
        zero.iter().find(|(_, zero)| *zero).map(|(key, _)| Clause::new("why-at-least-one").with("key", key))
    }

    fn pair_fault(&self) -> Option<Clause> {
        let one_way = self.kind != Kind::Sftp && self.user.is_some() != self.password_file.is_some();
        let certificate = self.client_certificate.is_some() != self.client_key.is_some();
        let two_ways = self.token_file.is_some() && self.user.is_some();
        let no_way = self.kind == Kind::Sftp && self.key_file.is_none() == self.password_file.is_none();
        let weak = self.minimum().gt(&self.kind.strongest());
        let faults = [
            (one_way, "why-pair-password"),
            (certificate, "why-pair-certificate"),
            (two_ways, "why-either-token"),
            (no_way, "why-either-key"),
            (weak, "why-minimum"),
        ];
        faults.iter().find(|(fault, _)| *fault).map(|(_, id)| Clause::new(*id))
    }
}

/// The authority of an address, and what stands behind it.
fn parts(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = url.split_once("://")?;
    Some(rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())))
}

/// Encrypted, or on this machine; a password in it would stand in receipts.
fn is_safe(url: &str, schemes: &[&str]) -> bool {
    let (Some((scheme, _)), Some((authority, _))) = (url.split_once("://"), parts(url)) else { return false };
    let host = client::host_and_port(authority).map_or(authority, |(host, _)| host);
    let here = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
    let encrypted = schemes.first() == Some(&scheme) || scheme == "smtp";
    !authority.contains('@') && !host.is_empty() && (encrypted || schemes.contains(&scheme) && here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;

    fn of(text: &str) -> Option<String> {
        toml::from_str::<Config>(&format!("name = \"dms\"\n{text}"))
            .unwrap()
            .fault()
            .map(|fault| fault.text(Lang::En))
    }

    #[test]
    fn each_kind_has_its_keys() {
        assert_eq!(of("kind = \"folder\"\npath = \"x\""), None);
        assert_eq!(of("kind = \"folder\"").unwrap(), "path is missing");
        let foreign = "kind = \"folder\"\npath = \"x\"\nbucket = \"b\"";
        assert_eq!(of(foreign).unwrap(), "bucket does not belong to this kind of destination");
        let sftp = "kind = \"sftp\"\nurl = \"sftp://h\"\nuser = \"u\"\nknown_hosts = \"k\"";
        assert_eq!(of(sftp).unwrap(), "either key_file or password_file");
        assert_eq!(of(&format!("{sftp}\nkey_file = \"id\"")), None);
        let email = "kind = \"email\"\nurl = \"smtp://mail\"\nfrom = \"a@b\"\nto = [\"c@d\"]";
        assert_eq!(of(email), None);
        let weak = format!("{email}\nminimum = \"proven\"");
        assert_eq!(of(&weak).unwrap(), "minimum is more than this kind of destination can prove");
    }

    #[test]
    fn what_could_never_be_reached_is_told_before_anything_is_sent() {
        let sftp = "kind = \"sftp\"\nuser = \"u\"\nknown_hosts = \"k\"\nkey_file = \"id\"\nurl = ";
        let email = "kind = \"email\"\nfrom = \"a@b\"\nto = [\"c@d\"]\nurl = ";
        let webdav = "kind = \"webdav\"\nurl = ";
        for (text, url, words) in [
            (sftp, "sftp://dms:22/", ""),
            (sftp, "sftp://[2001:db8::1]:22", ""),
            (sftp, "sftp://dms:22/inbox", "path"),
            (sftp, "sftp://dms:99999", "dms:99999"),
            (email, "smtps://mail:465/", ""),
            (email, "smtp://mail:25/office", "/office"),
            (webdav, "https://dms/a%20b/", ""),
            (webdav, "http://[::1]:8080/x", ""),
            (webdav, "https://dms/a b/", "%20"),
            (webdav, "https://dms/công văn/", "%20"),
            (webdav, "https://dms:0/", "dms:0"),
        ] {
            let fault = of(&format!("{text}{url:?}"));
            assert_eq!(fault.is_none(), words.is_empty(), "{url}: {fault:?}");
            assert!(fault.unwrap_or_default().contains(words), "{url}");
        }
        for zero in ["timeout_seconds = 0", "parallel = 0", "per_minute = 0"] {
            let fault = of(&format!("{webdav}\"https://dms/\"\n{zero}")).unwrap();
            assert!(fault.contains("at least 1"), "{fault}");
        }
        let s3 = "kind = \"s3\"\nurl = \"https://s3\"\nuser = \"k\"\npassword_file = \"p\"\nbucket = ";
        assert_eq!(of(&format!("{s3}\"b\"")), None);
        assert_eq!(of(&format!("{s3}\"\"")).unwrap(), "bucket is missing");
    }

    #[test]
    fn passwords_travel_encrypted_or_not_at_all() {
        for (url, good) in [
            ("https://dms/x", true),
            ("http://127.0.0.1:8080/", true),
            ("http://dms/x", false),
            ("https://u:p@dms/", false),
            ("http://127.0.0.1@evil/", false),
            // The host ends where the query begins (RFC 3986 3.2).
            ("http://127.0.0.1?@evil/", true),
            ("ftp://dms", false),
        ] {
            let fault = of(&format!("kind = \"webdav\"\nurl = \"{url}\""));
            assert_eq!(fault.is_none(), good, "{url}: {fault:?}");
        }
    }
}
