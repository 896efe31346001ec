//! `export` and `import`.

use std::path::PathBuf;

use clap::Args;

use crate::handover::Purpose;

#[derive(Args, Debug)]
pub(in super::super) struct Export {
    #[arg(
        long = "for",
        value_enum,
        hide_possible_values = true,
        value_name = "personal|organization|delivery",
        required_unless_present = "evidence"
    )]
    pub purpose: Option<Purpose>,
    #[arg(long, value_name = "DOC", conflicts_with_all = ["purpose", "documents", "all"])]
    pub evidence: Option<String>,
    #[arg(value_name = "DOC", required_unless_present_any = ["all", "evidence"], conflicts_with = "all")]
    pub documents: Vec<String>,
    #[arg(long)]
    pub all: bool,
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Args, Debug)]
pub(in super::super) struct Import {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long, value_name = "FINGERPRINT")]
    pub from: Option<String>,
}
