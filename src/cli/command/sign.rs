//! `sign`: documents of the workspace, or copies of plain files.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::args::{FormName, Global, Sign};
use super::super::console::Console;
use super::super::pin::Pin;
use super::super::{confirmed, desk, documents, ended, is_file, render};
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front};
use crate::locales;
use crate::pipeline::{Selection, files, longterm, remote, sign};
use crate::platform;
use crate::sign::Role;
use crate::sign::form::Wanted;

pub(in super::super) async fn run(args: Sign, global: &Global, console: &Console) -> Result<Exit> {
    if args.upgrade.is_some() || args.complete {
        return raise(args, global, console).await;
    }
    let role = args.role.or(args.resign.then_some(Role::Organization));
    let Some(role) = role else { return Err(kinds::NAME_EMPTY.with("what", "--role")) };
    if let (Some(from), Some(to)) = (&args.attach, &args.output) {
        let workspace = super::verify::workspace(global)?;
        let tally = remote::attach(from, to, role, workspace.as_ref(), console)?;
        return Ok(ended("sign", &tally, console));
    }
    match plain_or_named(&args.what)? {
        plain if plain.is_empty() => {
            // Of documents the workspace keeps every version itself.
            let alone = [("--prepare", args.prepare), ("-o", args.output.is_some())];
            if let Some((option, _)) = alone.into_iter().find(|(_, given)| *given) {
                let what = args.what.first().map_or("--all", String::as_str);
                return Err(kinds::OPTIONS_CONFLICT.with("first", option).with("second", what));
            }
            of_workspace(args, role, global, console).await
        }
        plain if args.resign => {
            Err(kinds::OPTIONS_CONFLICT.with("first", "--resign").with("second", plain.join(" ")))
        }
        plain => plain_files(args, role, plain, global, console),
    }
}

/// The plain files among the arguments; none where they are documents.
fn plain_or_named(what: &[String]) -> Result<Vec<String>> {
    let (plain, named): (Vec<String>, Vec<String>) = what.iter().cloned().partition(|w| is_file(w));
    match (plain.first(), named.first()) {
        (Some(first), Some(second)) => {
            Err(kinds::OPTIONS_CONFLICT.with("first", first).with("second", second))
        }
        _ => Ok(plain),
    }
}

/// `--upgrade` and `--complete`: no key, only what services give.
async fn raise(args: Sign, global: &Global, console: &Console) -> Result<Exit> {
    let plain = plain_or_named(&args.what)?;
    if let (Some(level), false) = (args.upgrade, plain.is_empty()) {
        let Some(folder) = args.output else { return Err(kinds::OUTPUT_MISSING.error()) };
        let workspace = super::verify::workspace(global)?;
        let files: Vec<PathBuf> = plain.into_iter().map(PathBuf::from).collect();
        let tally = longterm::upgrade_files(&files, &folder, level, workspace.as_ref(), console)?;
        return Ok(ended("sign", &tally, console));
    }
    let desk = desk(global, console).await?;
    let selection = Selection { documents: documents(&args.what)?, outage: None };
    if global.dry_run {
        longterm::tell_plan(&desk, &selection, args.upgrade, console).await?;
        return Ok(Exit::Done);
    }
    let tally = match args.upgrade {
        Some(level) => longterm::upgrade(&desk, &selection, level, console).await?,
        None => longterm::complete(&desk, &selection, args.level, console).await?,
    };
    Ok(ended("sign", &tally, console))
}

async fn of_workspace(args: Sign, role: Role, global: &Global, console: &Console) -> Result<Exit> {
    if args.reason.is_some() && !args.resign {
        // The profile says what a signature on a document states.
        return Err(kinds::OPTION_NEEDS.with("first", "--reason").with("second", "--resign"));
    }
    let desk = desk(global, console).await?;
    let request = sign::Request {
        role,
        key: args.key.as_deref().map(str::parse).transpose()?,
        level: args.level,
        unseen: args.unseen.clone(),
        resign: args.reason.clone().filter(|_| args.resign),
    };
    let selection = Selection { documents: documents(&args.what)?, outage: None };
    sign::check_role(&desk, &selection, role).await?;
    let wanted = wanted(args.anchor.clone(), args.at.clone())?;
    if wanted != Wanted::ByRule && !global.dry_run {
        for id in &selection.documents {
            sign::place(&desk, *id, role, None, &wanted).await?;
        }
    }
    let plan = sign::plan(&desk, &selection, &request).await?;
    if global.dry_run {
        plan.tell(role, console);
        return Ok(plan.blocked_tally().exit());
    }
    if !plan.is_empty() {
        let key = sign::key_uri(Some(&desk.workspace), role, request.key.clone())?;
        let steps: Vec<String> =
            plan.steps(console.lang()).iter().map(|(step, count)| format!("{step}: {count}")).collect();
        if !steps.is_empty() {
            console.say_id("cli-sign-steps", &[("steps", &steps.join(", "))]);
        }
        let time = render::time_needed(plan.time(), console.lang());
        let question = [("documents", plan.len().to_string()), ("key", key.to_string()), ("time", time)];
        let question = question.each_ref().map(|(name, value)| (*name, value.as_str()));
        confirmed(&locales::text(console.lang(), "cli-confirm-sign", &question), args.yes, console)?;
    }
    let mut pins = Pin { file: args.pin_file, lang: console.lang() };
    let tally = sign::run(&desk, plan, sign::Signing { request, pins: &mut pins }, console).await?;
    Ok(ended("sign", &tally, console))
}

/// Plain files need no workspace; where there is one, its key, its drivers and its trust are used.
fn plain_files(
    args: Sign,
    role: Role,
    plain: Vec<String>,
    global: &Global,
    console: &Console,
) -> Result<Exit> {
    let Some(folder) = args.output else { return Err(kinds::OUTPUT_MISSING.error()) };
    let form = form(args.form, args.anchor, args.at, args.number)?;
    let workspace = super::verify::workspace(global)?;
    let key = args.key.as_deref().map(str::parse).transpose()?;
    let request = files::Signing {
        files: plain.into_iter().map(PathBuf::from).collect(),
        folder,
        role,
        key: match args.prepare {
            true => None,
            false => Some(sign::key_uri(workspace.as_ref(), role, key)?),
        },
        form,
        level: args.level,
        reason: args.reason,
    };
    request.check()?;
    if global.dry_run {
        let action = if args.prepare { "prepare" } else { "sign" };
        for file in &request.files {
            let line = serde_json::json!({"action": action, "role": request.role, "files": [file]});
            console.tell(&Event::new("plan", line));
        }
        return Ok(Exit::Done);
    }
    if let (true, Some(certificate)) = (args.prepare, &args.certificate) {
        let tally = remote::prepare(&request, certificate, workspace.as_ref(), console)?;
        let ready: Vec<String> =
            remote::prepared(&request).iter().map(|path| path.display().to_string()).collect();
        if !ready.is_empty() {
            let folder = request.folder.display().to_string();
            let role = request.role.as_str();
            let words = [("files", ready.join(", ")), ("path", folder), ("role", role.to_owned())];
            console.say_id("cli-prepared", &words.each_ref().map(|(name, value)| (*name, value.as_str())));
        }
        return Ok(ended("sign", &tally, console));
    }
    let mut pins = Pin { file: args.pin_file, lang: console.lang() };
    let stop = Arc::new(AtomicBool::new(false));
    let heard = stop.clone();
    let listening = tokio::spawn(async move {
        platform::asked_to_stop().await;
        heard.store(true, Ordering::Relaxed);
    });
    let signed = files::sign(&request, workspace.as_ref(), &mut pins, (&stop, console));
    listening.abort();
    Ok(ended("sign", &signed?, console))
}

/// The visible form that the options ask for.
fn form(
    name: Option<FormName>,
    anchor: Option<String>,
    at: Option<String>,
    number: Option<String>,
) -> Result<Option<files::Form>> {
    let place = if anchor.is_some() { "--anchor" } else { "--at" };
    let wanted = wanted(anchor, at)?;
    let conflict =
        |first: &str, second: &str| Err(kinds::OPTIONS_CONFLICT.with("first", first).with("second", second));
    let needs =
        |first: &str, second: &str| Err(kinds::OPTION_NEEDS.with("first", first).with("second", second));
    match (name, number) {
        (Some(FormName::Issued), None) => Ok(Some(files::Form::Issued(wanted))),
        (Some(FormName::Issued), Some(_)) => conflict("--form issued", "--number"),
        (Some(FormName::Attachment), _) if wanted != Wanted::ByRule => conflict("--form attachment", place),
        (Some(FormName::Attachment), None) => needs("--form attachment", "--number"),
        (Some(FormName::Attachment), Some(number)) => {
            Ok(Some(files::Form::Attachment(in_words("number", number)?)))
        }
        (None, _) if wanted != Wanted::ByRule => needs(place, "--form issued"),
        (None, _) => Ok(None),
    }
}

/// Where the picture shall stand.
fn wanted(anchor: Option<String>, at: Option<String>) -> Result<Wanted> {
    match (anchor, at) {
        (Some(text), _) => in_words("anchor", text).map(Wanted::Above),
        (None, Some(place)) => place.parse().map_err(|()| kinds::BAD_PLACE.with("place", &place)),
        (None, None) => Ok(Wanted::ByRule),
    }
}

/// What an option says, which must be something.
fn in_words(option: &str, text: String) -> Result<String> {
    match text.trim().is_empty() {
        true => Err(kinds::NAME_EMPTY.with("what", format!("--{option}")).with("where", option)),
        false => Ok(text),
    }
}
