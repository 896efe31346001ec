//! `find`, `catalogue`, `reconcile`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::pipeline::find::Form;

#[derive(Args, Debug)]
pub(in super::super) struct Find {
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,
    #[arg(long, value_name = "REF")]
    pub outage: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
    #[arg(long, value_name = "outgoing|incoming")]
    pub direction: Option<String>,
    #[arg(long, value_name = "CODE")]
    pub file: Option<String>,
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    #[arg(long, value_enum, value_name = "csv|json|pdf", hide_possible_values = true)]
    pub format: Option<Form>,
    #[arg(short = 'o', long, value_name = "F")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(in super::super) enum Catalogue {
    Add(CatalogueAdd),
    Import(CatalogueImport),
    List,
}

#[derive(Args, Debug)]
pub(in super::super) struct CatalogueAdd {
    #[arg(value_name = "CODE")]
    pub code: String,
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub retention: String,
}

#[derive(Args, Debug)]
pub(in super::super) struct CatalogueImport {
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
}

#[derive(Args, Debug)]
pub(in super::super) struct Reconcile {
    #[arg(long, value_name = "REF")]
    pub outage: String,
    #[arg(long, value_name = "FILE.csv")]
    pub system: Option<PathBuf>,
    #[arg(long, value_name = "LINE", requires = "reason")]
    pub settle: Vec<String>,
    #[arg(long, value_name = "TEXT", requires = "settle")]
    pub reason: Option<String>,
    #[arg(long, value_name = "NAME", requires = "settle")]
    pub by: Option<String>,
    #[arg(long)]
    pub all: bool,
}

/// What `report` writes, and what only the office can say about its notice.
#[derive(Args, Debug)]
pub(in super::super) struct Notice {
    #[arg(long, conflicts_with_all = ["system", "number", "place", "signer", "position", "to", "seal"])]
    pub list: bool,
    #[arg(long, value_name = "FILE.csv")]
    pub system: Option<PathBuf>,
    #[arg(long, value_name = "NO")]
    pub number: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub place: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub signer: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub position: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub to: Vec<String>,
    #[arg(long, value_name = "DIR")]
    pub seal: Option<PathBuf>,
}
