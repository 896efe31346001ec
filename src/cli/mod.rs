//! The command line: a thin front over the requests of [`crate::pipeline`]. Words go to stderr, results to stdout.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use serde_json::json;

use crate::document::{Finding, Severity};
use crate::error::{Error, Exit, Result, kinds};
use crate::event::{Event, Front, Subject};
use crate::locales::{self, Lang};
use crate::pipeline::Desk;
use crate::profile::Profile;
use crate::station::Workspace;

mod args;
mod codes;
mod command;
mod console;
mod help;
mod pin;
mod render;
mod time;
mod usage;

use args::{Cli, Command, Global};
use console::{Console, Volume};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    crate::platform::no_core_dumps();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = language(&arguments);
    let grammar = help::localized(Cli::command(), lang);
    let parsed = grammar.try_get_matches_from(&arguments).and_then(|m| Cli::from_arg_matches(&m));
    let exit = match parsed {
        Ok(cli) => run(cli, lang),
        Err(error) => misunderstood(&error, &arguments, lang),
    };
    ExitCode::from(exit as u8)
}

/// `--lang`, wherever it stands, else the locale: help and refusals of the grammar need it before the grammar is read.
fn language(arguments: &[OsString]) -> Lang {
    let texts: Vec<&str> = arguments.iter().filter_map(|a| a.to_str()).take_while(|a| *a != "--").collect();
    let behind = texts.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let named = behind.or_else(|| texts.iter().find_map(|a| a.strip_prefix("--lang=")));
    match named {
        Some("vi") => Lang::Vi,
        Some("en") => Lang::En,
        _ => Lang::of_system(),
    }
}

/// Help and version are results; everything else is a refusal in words.
fn misunderstood(error: &clap::Error, arguments: &[OsString], lang: Lang) -> Exit {
    if !error.use_stderr() {
        console::out(error.to_string().trim_end());
        return Exit::Done;
    }
    let (message, advice) = (usage::message(error, lang), locales::plain(lang, "usage-advice"));
    if arguments.iter().any(|a| a == "--json") {
        let line = json!({"code": "usage", "message": message, "advice": advice, "retry": "after_you_fix"});
        console::out(&Event::new("error", line).to_json().to_string());
    } else {
        console::warn(&format!("✗ {message}\n  → {advice}"));
    }
    Exit::Usage
}

fn run(cli: Cli, lang: Lang) -> Exit {
    let volume = match (cli.global.quiet, cli.global.verbose) {
        (true, _) => Volume::Quiet,
        (_, true) => Volume::Verbose,
        _ => Volume::Normal,
    };
    let console = Console::new(lang, cli.global.json, volume);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(cli, &console)),
        Err(error) => Err(kinds::INTERNAL.with("cause", error)),
    };
    let exit = outcome.unwrap_or_else(|error| failed(&error, &console));
    // Findings that nothing came behind.
    console.flush();
    match console::lost() {
        Some(error) if exit == Exit::Done => failed(&error, &console),
        _ => exit,
    }
}

fn failed(error: &Error, console: &Console) -> Exit {
    console.fail(error);
    console.say_support();
    error.kind().exit
}

async fn dispatch(cli: Cli, console: &Console) -> Result<Exit> {
    let global = &cli.global;
    match cli.command {
        Command::Recover(args) => command::recover::run(args, global, console).await,
        Command::Init(args) => command::workspace::init(args, global, console).await,
        Command::Outage(args) => command::outage::run(args, global, console).await,
        Command::Kit(args) => command::kit::run(args, global, console).await,
        Command::Scan(args) => command::recover::scan(args, global, console).await,
        Command::List(args) => command::look::list(args, global, console).await,
        Command::Show(args) => command::look::show(args, global, console).await,
        Command::Edit(args) => command::look::edit(args, global, console).await,
        Command::Attest(args) => command::look::attest(args, global, console).await,
        Command::Pages(args) => command::pages::run(args, global, console).await,
        Command::SendBack(args) => command::route::send_back(args, global, console).await,
        Command::Build(args) => command::recover::build(args, global, console).await,
        Command::Sign(args) => command::sign::run(args, global, console).await,
        Command::Verify(args) => command::verify::run(args, global, console).await,
        Command::Upload(args) => command::upload::run(args, global, console).await,
        Command::Status => command::upload::status(global, console).await,
        Command::Export(args) => command::handover::export(args, global, console).await,
        Command::Import(args) => command::handover::import(args, global, console).await,
        Command::Find(args) => command::find::run(args, global, console).await,
        Command::Catalogue(args) => command::find::catalogue(args, global, console).await,
        Command::Reconcile(args) => command::reconcile::run(args, global, console).await,
        Command::Report(args) => command::report::run(args, global, console).await,
        Command::Journal(args) => command::evidence::check_journal(args, global, console).await,
        Command::Convert(args) => command::convert::run(args, global, console),
        Command::Trust(args) => command::trust::run(args, global, console).await,
        Command::Store(args::StoreCommand::Move(args)) => command::store::run(args, global, console).await,
        Command::Profile(args) => command::profile::run(args, console),
        Command::Doctor(args) => command::doctor::run(args, global, console).await,
        Command::Serve(args) => command::serve::run(args, global, console).await,
        Command::Completions(args) => command::manual::completions(args, console),
        Command::Man(args) => command::manual::man(args, console),
    }
}

/// Opens the workspace of the command line.
async fn desk(global: &Global, console: &Console) -> Result<Desk> {
    let workspace = Workspace::find(global.workspace.as_deref())?;
    open(workspace, console).await
}

/// As [`desk`], for commands that only look: they work on read-only media too.
async fn desk_to_read(global: &Global, console: &Console) -> Result<Desk> {
    let workspace = Workspace::find(global.workspace.as_deref())?;
    introduce(&workspace, console);
    Desk::open_to_read(workspace).await
}

async fn open(workspace: Workspace, console: &Console) -> Result<Desk> {
    introduce(&workspace, console);
    Desk::open(workspace).await
}

/// What is said about a workspace before anything is done in it.
fn introduce(workspace: &Workspace, console: &Console) {
    console.set_support(workspace.station.support.clone());
    console.set_offset(workspace.profile.utc_offset_minutes);
    warn_of_repealed_law(workspace, console);
}

/// A profile that rests on repealed law still works, and says so.
fn warn_of_repealed_law(workspace: &Workspace, console: &Console) {
    for finding in not_in_force(&workspace.profile, workspace.profile.today()) {
        console.tell(&Event::finding(&finding, Subject::File(&workspace.station.profile), console.lang()));
    }
}

/// What of a profile's law is not in force on a day.
fn not_in_force(profile: &Profile, day: jiff::civil::Date) -> Vec<Finding> {
    let finding = |cite: &str| {
        let finding = Finding::new("basis_not_in_force", None, Severity::Warning);
        finding.with("profile", &profile.id).with("cite", cite).with("day", day.strftime("%d/%m/%Y"))
    };
    profile.not_in_force(day).map(|basis| finding(&basis.cite)).collect()
}

/// The counts of a batch and its exit code; every batch command ends here.
fn ended(command: &str, tally: &crate::event::Tally, console: &Console) -> Exit {
    ended_with(command, tally, &[], console)
}

/// As [`ended`], with further counts for programs.
fn ended_with(command: &str, tally: &crate::event::Tally, more: &[(&str, usize)], console: &Console) -> Exit {
    let exit = tally.exit();
    let waiting = tally.waiting + tally.queued;
    let summary = Event::new(
        "summary",
        json!({"command": command, "done": tally.done, "waiting": waiting, "failed": tally.failures.len()}),
    );
    let summary = more.iter().fold(summary, |summary, (name, count)| summary.with(name, count));
    console.say_id(
        "cli-ended",
        &[
            ("done", &tally.done.to_string()),
            ("waiting", &waiting.to_string()),
            ("failed", &tally.failures.len().to_string()),
        ],
    );
    console.finish(summary, exit);
    exit
}

/// Asks for a yes where a person can be asked; scripts have said what they want by calling.
fn confirmed(question: &str, yes: bool, console: &Console) -> Result<()> {
    use std::io::{BufRead, IsTerminal};
    if yes || console.is_json() || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(());
    }
    console::warn(question);
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    let agreed = ["y", "yes", "c", "có", "co"].contains(&answer.trim().to_lowercase().as_str());
    match read {
        Ok(_) if agreed => Ok(()),
        _ => Err(kinds::NOT_CONFIRMED.error()),
    }
}

/// Whether an argument is a file and not a document (DESIGN 4).
fn is_file(argument: &str) -> bool {
    argument.ends_with(".pdf") || argument.ends_with(".PDF") || argument.contains(['/', '\\'])
}

/// Document numbers of the command line.
fn documents(texts: &[String]) -> Result<Vec<crate::document::DocumentId>> {
    texts.iter().map(|text| crate::pipeline::sign::document_id(text)).collect()
}

/// Told and counted, for commands whose items are not in a batch.
fn tell_failure(
    console: &Console,
    error: &Error,
    subject: crate::event::Subject<'_>,
    tally: &mut crate::event::Tally,
) {
    console.tell(&Event::error(error, Some(subject), console.lang()));
    tally.failed(error);
}
