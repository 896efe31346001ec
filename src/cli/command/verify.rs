//! `verify`: the verdict, one line a file.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::super::args::{Global, Verify};
use super::super::console::Console;
use super::super::{desk, is_file, render, tell_failure, time};
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::locales;
use crate::pipeline::sign::document_id;
use crate::pipeline::wording::moment;
use crate::platform;
use crate::station::Workspace;
use crate::verify::{self, Report, SignatureReport, Trust, Verdict};

/// Largest PDF that is read.
const MAX_PDF_BYTES: u64 = 1 << 30;

/// The workspace around, when there is one; a broken one is said and not passed over.
///
/// # Errors
/// What [`Workspace::find`] refuses, except that there is none.
pub(in super::super) fn workspace(global: &Global) -> Result<Option<Workspace>> {
    match Workspace::find(global.workspace.as_deref()) {
        Err(error) if error.code() == kinds::WORKSPACE_MISSING.code && global.workspace.is_none() => Ok(None),
        found => found.map(Some),
    }
}

pub(in super::super) async fn run(args: Verify, global: &Global, console: &Console) -> Result<Exit> {
    let around = workspace(global)?;
    let offset = around.as_ref().map_or(0, |w| w.profile.utc_offset_minutes);
    let at = args.at.as_deref().map(|t| time::parse(t, offset)).transpose()?.unwrap_or_else(Timestamp::now);
    let trust = trust(around.as_ref(), &args.trust)?;
    if let (Some(number), Some(output)) = (args.revision, &args.output) {
        return extract(&args.what, number, output, global, console).await;
    }
    let mut tally = Tally::default();
    for what in &args.what {
        let judged = bytes(what, global, console)
            .await
            .and_then(|bytes| verify::report(&bytes, &trust, at, console.lang()));
        match judged {
            Ok(report) => tell(what, &report, offset, &mut tally, console),
            Err(error) => tell_failure(console, &error, Subject::File(what), &mut tally),
        }
    }
    console.say_support();
    Ok(tally.exit())
}

/// Trust of the workspace and of `--trust`; never from the file.
fn trust(workspace: Option<&Workspace>, named: &[PathBuf]) -> Result<Trust> {
    let mut trust = workspace.map(Workspace::trust).transpose()?.unwrap_or_default();
    trust.anchors.extend(verify::trust::load(named)?);
    Ok(trust)
}

async fn bytes(what: &str, global: &Global, console: &Console) -> Result<Vec<u8>> {
    if is_file(what) || Path::new(what).is_file() {
        return platform::read_limited(Path::new(what), MAX_PDF_BYTES);
    }
    let id = document_id(what)?;
    let desk = desk(global, console).await?;
    desk.store.latest(&desk.store.document(id).await?).await
}

/// Writes the bytes of one revision, for a look at what a signer saw.
async fn extract(
    what: &[String],
    number: usize,
    output: &Path,
    global: &Global,
    console: &Console,
) -> Result<Exit> {
    let [only] = what else {
        return Err(kinds::OPTIONS_CONFLICT.with("first", "--revision").with("second", what.join(" ")));
    };
    let bytes = bytes(only, global, console).await?;
    let revision = verify::revision(&bytes, number)?;
    platform::write_new(output, revision)?;
    console.say_id("cli-written", &[("path", &output.display().to_string())]);
    Ok(Exit::Done)
}

fn tell(file: &str, report: &Report, offset: i32, tally: &mut Tally, console: &Console) {
    match report.verdict {
        Verdict::Valid => tally.done += 1,
        Verdict::Indeterminate => tally.failures.push(Exit::Undecided),
        Verdict::Invalid | Verdict::Unsigned => tally.failures.push(Exit::Signature),
    }
    if console.is_json() {
        return console.tell(&Event::new("document", report).with("file", file));
    }
    console.result(&words(file, report, offset, console));
}

/// The verdict in words: first the answer, then each signature with its reasons.
fn words(file: &str, report: &Report, offset: i32, console: &Console) -> String {
    let lang = console.lang();
    let name = serde_json::to_value(report.verdict).ok().and_then(|v| v.as_str().map(str::to_owned));
    let sign = match report.verdict {
        Verdict::Valid => "✓",
        Verdict::Indeterminate => "?",
        Verdict::Invalid | Verdict::Unsigned => "✗",
    };
    let verdict = locales::plain(lang, &format!("cli-verdict-{}", name.unwrap_or_default()));
    let mut lines = vec![format!("{sign} {}: {verdict}", render::shown(file))];
    if report.drill {
        lines.push(format!("  {}", locales::plain(lang, "cli-verdict-drill")));
    }
    if let Some(outage) = &report.outage {
        lines.push(format!(
            "  {}",
            locales::text(lang, "cli-verdict-outage", &[("outage", render::shown(outage))])
        ));
    }
    report.signatures.iter().for_each(|s| signature(s, offset, console, &mut lines));
    lines.join("\n")
}

fn signature(signature: &SignatureReport, offset: i32, console: &Console, lines: &mut Vec<String>) {
    let lang = console.lang();
    let at = signature.signed_at.map_or_else(|| "–".to_owned(), |at| moment(at, offset));
    let role = match &signature.role {
        Some(role) => locales::plain(lang, &format!("cli-role-{role}")),
        None => render::shown(&signature.field),
    };
    let who = [("signer", render::shown(&signature.signer)), ("role", role), ("at", at)];
    lines.push(format!("  · {}", locales::text(lang, "cli-verdict-signature", &who)));
    for reason in &signature.reasons {
        lines.push(format!("    {}", render::shown(&reason.text)));
    }
}
