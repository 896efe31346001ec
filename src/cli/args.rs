//! The command line's grammar. Its help texts stand in the locale files (`help-...`), see [`super::help`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::compress::Class;
use crate::error::Result;
use crate::locales::Lang;
use crate::pdf::Flavour;
use crate::pipeline::reading::Reader;
use crate::profile::OcrRules;
use crate::scan::duplex::Duplex;

mod handover;
mod register;
mod route;
mod sign;

pub(super) use handover::{Export, Import};
pub(super) use register::{Catalogue, CatalogueAdd, Find, Notice, Reconcile};
pub(super) use route::{BornOptions, SendBack};
pub(super) use sign::{FormName, Sign};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "scanseal", version, disable_help_subcommand = true, disable_help_flag = true)]
#[command(disable_version_flag = true, subcommand_required = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Debug)]
pub(super) struct Global {
    #[arg(long, global = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "vi|en")]
    pub lang: Option<Lang>,
    #[arg(long, global = true)]
    pub dry_run: bool,
    #[arg(short, long, global = true)]
    pub verbose: bool,
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Recover(Recover),
    Init(Init),
    #[command(subcommand)]
    Outage(Outage),
    Kit(Kit),
    Scan(Scan),
    List(List),
    Show(Show),
    Edit(Edit),
    Attest(Attest),
    Pages(Pages),
    #[command(name = "return")]
    SendBack(SendBack),
    Build(Build),
    Sign(Sign),
    Verify(Verify),
    Upload(Upload),
    Status,
    Export(Export),
    Import(Import),
    Find(Find),
    #[command(subcommand)]
    Catalogue(Catalogue),
    Reconcile(Reconcile),
    Report(Report),
    #[command(subcommand)]
    Journal(Journal),
    Convert(Convert),
    #[command(subcommand)]
    Trust(Trust),
    #[command(subcommand)]
    Store(StoreCommand),
    #[command(subcommand)]
    Profile(Profile),
    Doctor(Doctor),
    Serve(Serve),
    Completions(Completions),
    Man(Man),
}

#[derive(Args, Debug)]
pub(super) struct Recover {
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    #[arg(long, value_name = "REF")]
    pub outage: String,
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    #[command(flatten)]
    pub stack: Stack,
    #[arg(long, value_name = "KEY", conflicts_with = "drill")]
    pub personal_key: Option<String>,
    #[arg(long, value_name = "KEY", conflicts_with = "drill")]
    pub organization_key: Option<String>,
    #[arg(long, value_name = "DEST", conflicts_with = "drill")]
    pub to: Option<String>,
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub reading: Reading,
    #[arg(long, conflicts_with = "workspace")]
    pub drill: bool,
}

#[derive(Args, Debug)]
pub(super) struct Init {
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub profile: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum Outage {
    Open(OutageOpen),
    Close(OutageClose),
    Reopen(OutageShow),
    List,
    Show(OutageShow),
}

#[derive(Args, Debug)]
pub(super) struct OutageOpen {
    #[arg(value_name = "REF")]
    pub reference: String,
    #[arg(long = "system", value_name = "S")]
    pub systems: Vec<String>,
    #[arg(long = "unit", value_name = "U")]
    pub units: Vec<String>,
    #[arg(long, value_name = "T")]
    pub paper_from: Option<String>,
    #[arg(long, value_name = "T")]
    pub paper_to: Option<String>,
    #[arg(long, value_name = "N")]
    pub declared_by: Option<String>,
    #[arg(long, value_name = "NO")]
    pub document: Option<String>,
    #[arg(long, value_name = "T")]
    pub ticket: Option<String>,
    #[arg(long = "kit", value_name = "K")]
    pub kits: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct OutageClose {
    #[arg(value_name = "REF")]
    pub reference: String,
    #[arg(long, value_name = "T")]
    pub restored: Option<String>,
    #[arg(long)]
    pub yes: bool,
}

#[derive(Args, Debug)]
pub(super) struct OutageShow {
    #[arg(value_name = "REF")]
    pub reference: String,
}

#[derive(Args, Debug)]
pub(super) struct Kit {
    #[arg(long, value_name = "N")]
    pub count: u32,
    #[arg(long = "block", value_name = "SERIES:FROM-TO")]
    pub blocks: Vec<String>,
    #[arg(short = 'o', long, value_name = "kit.pdf")]
    pub output: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct Scan {
    #[arg(required_unless_present = "watch", value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    #[arg(long, value_name = "REF", required_unless_present = "route")]
    pub outage: Option<String>,
    #[command(flatten)]
    pub born: BornOptions,
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    #[command(flatten)]
    pub stack: Stack,
    #[arg(long, value_name = "DIR", conflicts_with = "inputs")]
    pub watch: Option<PathBuf>,
    #[arg(long, value_name = "SECONDS", requires = "watch")]
    pub patience: Option<u64>,
}

/// How stacks become documents.
#[derive(Args, Clone, Debug)]
pub(super) struct Stack {
    #[arg(
        long,
        value_name = "auto|sheets|blank|count:N|file",
        default_value = "auto",
        hide_default_value = true
    )]
    pub split: String,
    #[arg(long, value_enum, value_name = "fronts|reversed", hide_possible_values = true)]
    pub duplex: Option<Duplex>,
    #[arg(long, value_name = "N", requires = "duplex", value_delimiter = ',')]
    pub no_back: Vec<u32>,
}

#[derive(Args, Debug)]
pub(super) struct List {
    #[arg(long, value_name = "S")]
    pub state: Option<String>,
    #[arg(long, value_name = "ROLE|STEP")]
    pub waiting_for: Option<String>,
    #[arg(long, value_name = "REF")]
    pub outage: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Show {
    #[arg(required = true, value_name = "DOC")]
    pub documents: Vec<String>,
    #[arg(long)]
    pub seen: bool,
}

#[derive(Args, Debug)]
pub(super) struct Edit {
    #[arg(value_name = "DOC")]
    pub document: String,
    #[arg(value_name = "key=value|accept-proposals")]
    pub changes: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct Attest {
    #[arg(value_name = "DOC", required_unless_present = "all", conflicts_with = "all")]
    pub documents: Vec<String>,
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Pages {
    #[arg(value_name = "DOC")]
    pub document: String,
    #[command(subcommand)]
    pub action: PageAction,
}

#[derive(Debug, Subcommand)]
pub(super) enum PageAction {
    Rotate {
        #[arg(value_name = "PAGES")]
        pages: String,
        #[arg(value_name = "90|180|270", value_parser = turn)]
        degrees: u16,
    },
    Move {
        #[arg(value_name = "PAGE")]
        page: usize,
        #[arg(value_name = "TO")]
        to: usize,
    },
    Split {
        #[arg(value_name = "PAGE")]
        page: usize,
    },
    Merge {
        #[arg(value_name = "DOC")]
        other: String,
    },
    Replace {
        #[arg(value_name = "PAGE")]
        page: usize,
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
        from: u32,
    },
    Drop {
        #[arg(value_name = "PAGES")]
        pages: String,
        #[arg(long, value_name = "REASON")]
        reason: String,
    },
    Undo,
    Preview {
        #[arg(short = 'o', long, value_name = "DIR")]
        output: PathBuf,
    },
}

/// A quarter turn, or several, clockwise.
fn turn(text: &str) -> std::result::Result<u16, String> {
    match text.parse() {
        Ok(degrees @ (90 | 180 | 270)) => Ok(degrees),
        _ => Err("90, 180, 270".to_owned()),
    }
}

#[derive(Args, Debug)]
pub(super) struct Build {
    #[arg(value_name = "DOC")]
    pub documents: Vec<String>,
    #[command(flatten)]
    pub reading: Reading,
}

/// What is done about the text on pages.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Reading {
    #[arg(long)]
    pub no_ocr: bool,
    #[arg(long)]
    pub check_digits: bool,
}

impl Reading {
    /// The rules with what the command line says about them.
    ///
    /// # Errors
    /// What was asked for by name and cannot be done here.
    pub fn applied(self, rules: OcrRules) -> Result<OcrRules> {
        let rules = OcrRules {
            text_layer: rules.text_layer && !self.no_ocr,
            check_digits: rules.check_digits || self.check_digits,
            ..rules
        };
        if self.check_digits {
            Reader::demand(&rules)?;
        }
        Ok(rules)
    }
}

#[derive(Args, Debug)]
pub(super) struct Verify {
    #[arg(required = true, value_name = "DOC|FILE.pdf")]
    pub what: Vec<String>,
    #[arg(long, value_name = "CERT")]
    pub trust: Vec<PathBuf>,
    #[arg(long, value_name = "T")]
    pub at: Option<String>,
    #[arg(long, value_name = "N", requires = "output")]
    pub revision: Option<usize>,
    #[arg(short = 'o', long, value_name = "F", requires = "revision")]
    pub output: Option<PathBuf>,
    #[arg(long, value_name = "F.html|F.pdf", conflicts_with = "revision")]
    pub report: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Upload {
    #[arg(long)]
    pub watch: bool,
    #[arg(long, value_name = "DEST")]
    pub to: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Report {
    #[arg(long, value_name = "REF")]
    pub outage: String,
    #[arg(short = 'o', long, value_name = "F.pdf")]
    pub output: PathBuf,
    #[command(flatten)]
    pub notice: Notice,
}

#[derive(Debug, Subcommand)]
pub(super) enum Journal {
    Check {
        #[arg(long, value_name = "REASON")]
        accept_clock: Option<String>,
    },
}

#[derive(Args, Debug)]
pub(super) struct Convert {
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    #[arg(short = 'o', long, value_name = "OUT.pdf")]
    pub output: PathBuf,
    #[arg(long, value_enum, default_value_t = Class::Normal, hide_possible_values = true, hide_default_value = true)]
    #[arg(value_name = "small|normal|high")]
    pub class: Class,
    #[arg(long, value_enum, value_name = "2b|2u|3b", hide_possible_values = true)]
    pub pdfa: Option<Flavour>,
    #[command(flatten)]
    pub reading: Reading,
    #[arg(long)]
    pub deskew: bool,
    #[arg(long)]
    pub explain: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Trust {
    Add(TrustAdd),
    List,
    Remove(TrustRemove),
}

#[derive(Args, Debug)]
pub(super) struct TrustAdd {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long, value_name = "SHA256")]
    pub fingerprint: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct TrustRemove {
    #[arg(value_name = "SHA256")]
    pub fingerprint: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    Move(MoveStore),
}

#[derive(Args, Debug)]
pub(super) struct MoveStore {
    #[arg(value_name = "URL")]
    pub target: String,
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Profile {
    Check(ProfileName),
    Explain(ProfileName),
}

#[derive(Args, Debug)]
pub(super) struct ProfileName {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "dd/MM/yyyy")]
    pub at: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Doctor {
    #[arg(long, value_name = "F.zip")]
    pub bundle: Option<PathBuf>,
    #[arg(long)]
    pub login: bool,
    #[arg(long, value_name = "F|-", requires = "login")]
    pub pin_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct Serve {
    #[arg(long, value_name = "N", default_value_t = crate::web::PORT)]
    pub port: u16,
    #[arg(long, conflicts_with = "workspace")]
    pub drill: bool,
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=480))]
    pub lock_after: u64,
}

#[derive(Args, Debug)]
pub(super) struct Completions {
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub(super) struct Man {
    #[arg(short = 'o', long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}
