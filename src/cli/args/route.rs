//! Documents that were written on a computer: options of `scan`, and `return`.

use std::path::PathBuf;

use clap::Args;

use crate::document::BornRoute;

#[derive(Args, Clone, Debug)]
pub(in super::super) struct BornOptions {
    #[arg(
        long,
        value_enum,
        value_name = "outgoing|internal",
        hide_possible_values = true,
        conflicts_with_all = ["outage", "watch", "duplex", "no_back"]
    )]
    pub route: Option<BornRoute>,
    #[arg(long, value_name = "STEP,STEP", requires = "route", value_delimiter = ',')]
    pub steps: Vec<String>,
    #[arg(long = "attachment", value_name = "FILE.pdf", requires = "route")]
    pub attachments: Vec<PathBuf>,
    #[arg(long, value_name = "DOC", requires = "route")]
    pub replaces: Option<String>,
}

#[derive(Args, Debug)]
pub(in super::super) struct SendBack {
    #[arg(value_name = "DOC")]
    pub document: String,
    #[arg(long, value_name = "STEP|author")]
    pub to: String,
    #[arg(long, value_name = "REASON")]
    pub reason: String,
}
