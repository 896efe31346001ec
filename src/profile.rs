//! Law and form as data: which legal basis, which recovery form, what a scan must reach, who signs in which order.
//!
//! One TOML file a legal setting, under `profiles/`. Unknown keys are errors with their line number; text is given in
//! both languages where a person reads it.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::document::{Direction, Route};
use crate::error::{Clause, Result, kinds};
use crate::locales::Lang;
use crate::platform;
use crate::sign::{Holder, Role};

mod check;
pub mod explain;
mod routes;
mod rules;
mod toml_fault;

pub use routes::{CAPACITIES, Chain, Input, RouteRules, capacity};
pub use rules::{CompressRules, ConversionMark, Expected, MarkPlace, OcrRules, QualityRules, ScanRules};
pub(crate) use toml_fault::toml_fault;

/// Profiles that are part of the program.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("drill", include_str!("../profiles/drill.toml")),
    ("vn-state", include_str!("../profiles/vn-state.toml")),
    ("eidas", include_str!("../profiles/eidas.toml")),
];

/// Largest profile file that is read (ours are below 10 KB).
const MAX_PROFILE_BYTES: u64 = 1_000_000;

/// Text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Tiếng Việt.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The text in `lang`.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// A citation with its dates; a repealed one warns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// Number and place: `30/2020/NĐ-CP, Phụ lục I, Phần II, mục I`.
    pub cite: String,
    /// What it rules.
    pub title: Bilingual,
    /// First day in force.
    pub in_force: Date,
    /// First day no longer in force.
    pub repealed: Option<Date>,
    /// A change that is known already.
    pub amended: Option<Amendment>,
}

/// A change of a legal basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// First day of the changed text.
    pub on: Date,
    /// By what.
    pub by: String,
}

/// The legal form in which paper becomes an electronic document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The person signs again, verified, then the organization.
    ReSign,
    /// The clerk attests the wet signature and stamp, only the organization signs (Decree 30/2020 Art. 25(1)(c)).
    SaoY,
}

impl Form {
    /// The form of a document: paper that others issued is copied, whatever happens to our own.
    pub fn of(self, direction: Direction) -> Form {
        match direction {
            Direction::Incoming => Form::SaoY,
            Direction::Outgoing => self,
        }
    }
}

/// What the organization's signature, or delivery, waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealRequires {
    /// Revocation and time proof may still be owed.
    Provisional,
    /// Nothing may be owed.
    Valid,
}

/// Section `[recovery]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// The legal form.
    pub form: Form,
    /// What the organization's signature waits for.
    pub seal_requires: SealRequires,
    /// What delivery waits for.
    #[serde(default = "provisional")]
    pub deliver_requires: SealRequires,
}

fn provisional() -> SealRequires {
    SealRequires::Provisional
}

/// Whether a scan has to be in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColourRule {
    /// A scan without colour is a finding.
    Required,
    /// Anything goes.
    Any,
}

/// What happens to documents marked secret (rule 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretRule {
    /// Held before the scan reaches the blob store.
    Refuse,
    /// Treated like any other.
    Allow,
}

/// How a signature shows on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visible {
    /// Not at all.
    None,
    /// A text block, never a picture on a scan (Decree 30/2020 App. I Part II I.3.b).
    Text,
    /// The picture of the signature or the seal at its true size, on documents that were written on a computer only (App. I Part
    /// I II.7.d and II.8.a).
    Picture,
}

/// Who decides where a picture stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placing {
    /// The person who signs may choose another place than that of the rule.
    #[default]
    Chosen,
    /// The rule; a person chooses only where the rule finds no place.
    Rule,
}

/// One `[[signature]]`, or one `[[route.step]]`, in the order of signing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureRule {
    /// Who.
    pub role: Role,
    /// Whose certificate: `person`, `organization`, or anybody's.
    #[serde(default)]
    pub holder: Holder,
    /// How it shows.
    pub visible: Visible,
    /// Who decides where a picture stands.
    #[serde(default)]
    pub place: Placing,
    /// /Reason, with `{number}`, `{issued_date}`, `{outage}`.
    pub reason: Option<String>,
    /// Lines of the visible form, with `{copy_form}`, `{organ_name}`, `{signed_at}`, `{number}`.
    #[serde(default)]
    pub lines: Vec<String>,
    /// It locks all form fields that are there, so that viewers let nobody change one (ISO 32000-1 12.7.4.5).
    #[serde(default)]
    pub lock: bool,
    /// Name of the step on a route, snake_case.
    #[serde(default)]
    pub step: String,
    /// What the step is called.
    pub title: Option<Bilingual>,
    /// Common names of the certificates that may sign here; none takes everybody's. The station file may name them too.
    #[serde(default)]
    pub signers: Vec<String>,
    /// In which capacities may be signed here, as they stand before the position: `TM.`, `KT.`, `TL.`, `TUQ.`, `Q.`
    /// (Decree 30/2020 App. I Part I II.7.b).
    #[serde(default)]
    pub capacity: Vec<String>,
    /// A document may go without this step.
    #[serde(default)]
    pub optional: bool,
    /// Several persons may sign here, one after the other.
    #[serde(default)]
    pub repeat: bool,
}

/// PAdES baseline level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Level {
    /// Signature.
    #[serde(rename = "b-b")]
    #[value(name = "b-b")]
    BB,
    /// With time stamp.
    #[serde(rename = "b-t")]
    #[value(name = "b-t")]
    BT,
    /// With validation data.
    #[serde(rename = "b-lt")]
    #[value(name = "b-lt")]
    BLt,
    /// With archive time stamp.
    #[serde(rename = "b-lta")]
    #[value(name = "b-lta")]
    BLta,
}

/// Section `[crypto]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CryptoRules {
    /// Level of a new signature.
    pub level: Level,
    /// Smallest RSA modulus in bits.
    pub min_rsa_bits: u32,
    /// How RSA keys sign.
    #[serde(default)]
    pub rsa_padding: RsaPadding,
    /// Common names of the issuers whose certificates the office signs with; none takes every issuer.
    #[serde(default)]
    pub issuer: Vec<String>,
}

/// The two ways in which an RSA key signs (RFC 8017 8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RsaPadding {
    /// RSASSA-PKCS1-v1_5.
    #[default]
    Pkcs1,
    /// RSASSA-PSS.
    Pss,
}

/// Section `[trust]`: anchors that the law or the authority names, so that nobody has to compare digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustRules {
    /// SHA-256 of certificates, hex digits; `trust add` takes them without asking.
    #[serde(default)]
    pub fingerprints: Vec<String>,
}

/// Section `[naming]`: human-readable names of delivered copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// Pattern with `{document}` and manifest column names; missing parts are left out.
    pub pattern: String,
}

/// Section `[metadata]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetadataRules {
    /// Manifest column names that must be known before a document is built; a missing one is a finding.
    pub required: Vec<String>,
    /// Most characters of a field; what is longer is a finding (Decree 30/2020 Appendix VI).
    #[serde(default)]
    pub lengths: std::collections::BTreeMap<String, u32>,
}

/// Section `[retention]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Months between two checks of the archive.
    pub audit_every_months: u32,
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name.
    pub id: String,
    /// Version, year and month.
    pub version: String,
    /// Title.
    pub title: Bilingual,
    /// Language of the documents, RFC 3066.
    pub language: String,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
    /// The law that it rests on.
    #[serde(default)]
    pub legal_basis: Vec<LegalBasis>,
    /// Legal form.
    pub recovery: Recovery,
    /// Checks of a scan.
    pub scan: ScanRules,
    /// What is done about a scan that is not as it should be.
    #[serde(default)]
    pub quality: QualityRules,
    /// Compression.
    pub compress: CompressRules,
    /// Text layer.
    #[serde(default)]
    pub ocr: OcrRules,
    /// Mark on the converted document.
    pub conversion_mark: ConversionMark,
    /// Who signs, in order.
    pub signature: Vec<SignatureRule>,
    /// Ways of documents that were written on a computer.
    #[serde(default)]
    pub route: Vec<RouteRules>,
    /// Cryptography.
    pub crypto: CryptoRules,
    /// Required facts.
    pub metadata: MetadataRules,
    /// Names of copies.
    pub naming: Naming,
    /// Retention.
    pub retention: Retention,
    /// Anchors that need no comparing of digits.
    #[serde(default)]
    pub trust: TrustRules,
}

impl Profile {
    /// A built-in profile by name, or a file by path (anything with a separator or ending in `.toml`).
    ///
    /// # Errors
    /// [`kinds::PROFILE_UNKNOWN`] or [`kinds::PROFILE_INVALID`] with the line.
    pub fn load(name: &str, base: &Path) -> Result<Self> {
        if let Some((_, text)) = BUILT_IN.iter().find(|(id, _)| *id == name) {
            return Self::parse(name, text);
        }
        if !name.ends_with(".toml") && !name.contains(['/', '\\']) {
            let known: Vec<&str> = BUILT_IN.iter().map(|(id, _)| *id).collect();
            return Err(kinds::PROFILE_UNKNOWN.with("name", name).with("known", known.join(", ")));
        }
        let path = base.join(name);
        let bytes = platform::read_limited(&path, MAX_PROFILE_BYTES)?;
        Self::parse(name, &String::from_utf8_lossy(&bytes))
    }

    /// Parses and checks a profile; `name` is for the error.
    ///
    /// # Errors
    /// [`kinds::PROFILE_INVALID`] with the line and what is wrong there.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let invalid = |cause: Clause| kinds::PROFILE_INVALID.with("name", name).with("cause", cause);
        let profile: Self = toml::from_str(text).map_err(|e| match toml_fault::unknown_key(text, &e) {
            Some(key) => kinds::PROFILE_KEY
                .with("name", name)
                .with("line", key.line)
                .with("key", key.name)
                .with("known", key.near)
                .because(e),
            None => invalid(toml_fault(text, &e)).because(e),
        })?;
        match check::fault(&profile) {
            Some(fault) => Err(invalid(fault)),
            None => Ok(profile),
        }
    }

    /// How many personal signatures a document of the form `re_sign` needs before the organization seals it.
    pub fn personal_roles(&self) -> usize {
        self.signature.iter().filter(|s| s.role == Role::Personal).count()
    }

    /// The rule for the `nth` signature of a role on paper of an outage.
    pub fn signature_rule(&self, role: Role, nth: usize) -> Option<&SignatureRule> {
        self.signature.iter().filter(|s| s.role == role).nth(nth)
    }

    /// The rules of a route.
    ///
    /// # Errors
    /// [`kinds::ROUTE_MISSING`] when the profile has none.
    pub fn route_rules(&self, route: Route) -> Result<&RouteRules> {
        let found = self.route.iter().find(|rules| rules.name == route);
        found.ok_or_else(|| kinds::ROUTE_MISSING.with("route", route.as_str()).with("profile", &self.id))
    }

    /// The day that it is in the office.
    pub fn today(&self) -> Date {
        let seconds = self.utc_offset_minutes.saturating_mul(60);
        Offset::from_seconds(seconds).unwrap_or(Offset::UTC).to_datetime(Timestamp::now()).date()
    }

    /// Legal bases that are not in force on `day`.
    pub fn not_in_force(&self, day: Date) -> impl Iterator<Item = &LegalBasis> {
        self.legal_basis.iter().filter(move |b| day < b.in_force || b.repealed.is_some_and(|r| r <= day))
    }
}
