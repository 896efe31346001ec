//! `sign`.

use std::path::PathBuf;

use clap::Args;

use crate::profile::Level;
use crate::sign::Role;

#[derive(Args, Debug)]
pub(in super::super) struct Sign {
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "personal|organization",
        required_unless_present_any = ["upgrade", "complete", "resign"]
    )]
    pub role: Option<Role>,
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    #[arg(
        value_name = "DOC|FILE.pdf",
        required_unless_present_any = ["all", "attach", "complete"],
        conflicts_with_all = ["all", "attach"]
    )]
    pub what: Vec<String>,
    #[arg(long)]
    pub all: bool,
    #[arg(short = 'o', long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[arg(long, value_enum, hide_possible_values = true, value_name = "LEVEL")]
    pub level: Option<Level>,
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "LEVEL",
        conflicts_with_all = ["role", "key", "level", "unseen", "prepare", "attach", "form"]
    )]
    pub upgrade: Option<Level>,
    #[arg(
        long,
        conflicts_with_all = ["role", "key", "unseen", "prepare", "attach", "form", "upgrade", "output"]
    )]
    pub complete: bool,
    #[arg(
        long,
        requires = "reason",
        conflicts_with_all = ["role", "unseen", "prepare", "attach", "form", "upgrade", "complete", "output"]
    )]
    pub resign: bool,
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["upgrade", "complete", "attach"])]
    pub reason: Option<String>,
    #[arg(long, value_name = "F|-")]
    pub pin_file: Option<PathBuf>,
    #[arg(long)]
    pub yes: bool,
    #[arg(long, value_name = "REASON")]
    pub unseen: Option<String>,
    #[arg(long, requires_all = ["certificate", "output"], conflicts_with_all = ["all", "key", "level"])]
    pub prepare: bool,
    #[arg(long, value_name = "FILE", requires = "prepare")]
    pub certificate: Option<PathBuf>,
    #[arg(
        long,
        value_name = "DIR",
        requires = "output",
        conflicts_with_all = ["all", "key", "prepare", "level", "form"]
    )]
    pub attach: Option<PathBuf>,
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "issued|attachment",
        requires = "output"
    )]
    pub form: Option<FormName>,
    #[arg(long, value_name = "TEXT", conflicts_with = "at", requires = "what")]
    pub anchor: Option<String>,
    #[arg(long, value_name = "PAGE:LEFT,TOP", requires = "what")]
    pub at: Option<String>,
    #[arg(long, value_name = "NO", requires = "form")]
    pub number: Option<String>,
}

/// How signatures on plain files show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in super::super) enum FormName {
    Issued,
    Attachment,
}
