//! One document: its pages, what was noticed about them, what is known about it, and from where.

use std::collections::HashMap;

use axum::extract::{Extension, Form, Path, State};
use axum::response::Html;
use maud::{Markup, html};
use serde_json::json;

use crate::document::{DocumentId, Fields, Finding, PAGE_BROKEN, Severity, Sha256};
use crate::error::{Result, kinds};
use crate::event::{Event, Front, finding_text};
use crate::locales::Lang;
use crate::pipeline::board::Row;
use crate::pipeline::correct::{self, Change};
use crate::pipeline::propose;
use crate::pipeline::route;
use crate::pipeline::sign::document_id;
use crate::profile::Form as Legal;
use crate::progress::Progress;
use crate::store::{Record, State as Stage, Stored};

use super::answer::{self, Answer};
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::words::Words;
use super::{App, Shared, digitize, pages, verdict};

/// Facts that every document has, in the order in which a clerk reads them off the paper.
const FIRST: [&str; 8] = [
    "code_number",
    "code_notation",
    "issued_date",
    "type_name",
    "subject",
    "organ_name",
    "signer_name",
    "signer_position",
];

/// Facts that need the whole width.
const WIDE: [&str; 3] = ["subject", "organ_name", "signer_position"];
/// Facts that need more room than a line.
const LONG: [&str; 1] = ["subject"];

/// A front for requests that answer at once.
pub(super) struct Quiet(pub Lang);

impl Progress for Quiet {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

impl Front for Quiet {
    fn tell(&self, _: &Event) {}
    fn lang(&self) -> Lang {
        self.0
    }
}

/// By which a page knows that the document is still as it was shown.
pub(super) fn tag(stored: &Stored) -> String {
    let record = serde_json::to_string(&stored.document).unwrap_or_default();
    let all = format!("{} {} {record}", stored.state, stored.latest.as_ref().map_or("", |s| s.0.as_str()));
    Sha256::of(all.as_bytes()).0.chars().take(16).collect()
}

/// The document, unless it is another one than the page shows by now.
///
/// # Errors
/// [`kinds::PAGE_OUTDATED`]; an unknown document.
pub(super) async fn as_shown(app: &App, id: &str, form: &HashMap<String, String>) -> Result<Stored> {
    let stored = app.desk.store.document(document_id(id)?).await?;
    match form.get("tag").is_some_and(|shown| *shown == tag(&stored)) {
        true => Ok(stored),
        false => Err(kinds::PAGE_OUTDATED.with("document", stored.id)),
    }
}

/// Whether pages and facts may still be corrected.
fn is_open(stored: &Stored) -> bool {
    matches!(stored.state, Stage::Captured | Stage::Held)
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
) -> Answer<Html<String>> {
    let id = document_id(&id)?;
    let stored = app.desk.store.document(id).await?;
    if !is_open(&stored) {
        return verdict::document(&app, &person, words, &stored).await;
    }
    let record = app.desk.store.record(id).await?;
    let read = app.desk.store.read(id).await?.iter().any(|read| read.page == 1);
    let (before, after, place, total) = neighbours(&app, id).await?;
    let others = others(&app, &stored).await?;
    let seals_alone = app.desk.form(&stored) == Legal::SaoY;
    let shown = Shown { words, stored: &stored, record: &record, read, seals_alone };
    let body = html! {
        div.row.spread {
            h1 {
                @match record.fields.number() {
                    Some(number) => { (number) " " span.soft.small { (id) " · " (words.f("web-doc-of", &[("place", &place.to_string()), ("total", &total.to_string())])) } },
                    None => { (words.f("web-doc", &[("document", &id.to_string())])) " " span.soft.small { (words.f("web-doc-of", &[("place", &place.to_string()), ("total", &total.to_string())])) } },
                }
            }
            p.row {
                @if let Some(before) = before { a.button href={ "/doc/" (before) } data-key="p" { (words.t("web-doc-before")) " " kbd { "P" } } }
                @if let Some(after) = after { a.button href={ "/doc/" (after) } data-key="n" { (words.t("web-doc-after")) " " kbd { "N" } } }
                a.button href="/digitize#check" { (words.t("web-doc-list")) }
            }
        }
        div.desk data-document=(id) data-tag=(tag(&stored)) {
            (pages::viewer(words, &stored, &others))
            div.side {
                (findings(&shown))
                (form_of(&shown))
            }
        }
        // Always in reach, and over none of the facts that it is about.
        div.bar {
            button.primary type="submit" form="facts" name="next" value="1" data-key="Enter" {
                (words.t(if seals_alone { "web-confirm-attest" } else { "web-confirm" })) " " kbd { "Ctrl+Enter" }
            }
            button type="submit" form="facts" name="next" value="" { (words.t("web-save")) }
        }
    };
    let sheet = Sheet {
        tab: Tab::Digitize,
        title: record.fields.number().unwrap_or_else(|| id.to_string()),
        scripts: &["pages.js"],
        body,
    };
    layout::page(&app, &person, words, sheet).await
}

/// What the page shows.
struct Shown<'a> {
    words: Words,
    stored: &'a Stored,
    record: &'a Record,
    read: bool,
    seals_alone: bool,
}

/// The documents before and behind this one in the list of what is to be looked at, its place there and their number.
async fn neighbours(
    app: &App,
    id: DocumentId,
) -> Result<(Option<DocumentId>, Option<DocumentId>, usize, usize)> {
    let board = app.board().await?;
    let mut all = board.rows(Row::is_to_check);
    all.sort_by_key(|row| (row.state != Stage::Held, row.id));
    let place = all.iter().position(|row| row.id == id).unwrap_or(0);
    let at = |place: Option<usize>| place.and_then(|place| all.get(place)).map(|row| row.id);
    Ok((at(place.checked_sub(1)), at(Some(place + 1)), place + 1, all.len()))
}

/// Documents that this one could be put together with.
async fn others(app: &App, stored: &Stored) -> Result<Vec<(DocumentId, String)>> {
    let board = app.board().await?;
    let fits = |row: &Row| row.is_to_check() && row.id != stored.id && row.outage == stored.document.outage;
    let mut near = board.rows(fits);
    near.sort_by_key(|row| (row.id.0 - stored.id.0).abs());
    Ok(near.into_iter().take(12).map(|row| (row.id, row.name())).collect())
}

/// What was noticed, and how to answer.
fn findings(shown: &Shown<'_>) -> Markup {
    let Shown { words, stored, .. } = *shown;
    let mut groups: Vec<(&Finding, Vec<u32>)> = Vec::new();
    for finding in stored.document.findings.iter().filter(|finding| !is_missing(finding)) {
        let same = |(first, _): &&mut (&Finding, Vec<u32>)| {
            first.code == finding.code
                && first.args == finding.args
                && first.accepted_by == finding.accepted_by
        };
        match groups.iter_mut().find(same) {
            Some((_, pages)) => pages.extend(finding.page),
            None => groups.push((finding, finding.page.into_iter().collect())),
        }
    }
    groups.sort_by_key(|(finding, _)| (finding.accepted_by.is_some(), std::cmp::Reverse(finding.severity)));
    // Facts that are missing are asked for by their fields; here they are one line.
    let missing = stored.document.findings.iter().filter(|finding| is_missing(finding));
    let named = missing.flat_map(|finding| finding.args.iter().filter(|(name, _)| name == "field"));
    let missing: Vec<String> =
        named.map(|(_, field)| words.t(&format!("web-field-{}", field.replace('_', "-")))).collect();
    // What needs no answer stays out of the way of what does, and of the facts below.
    let waits = |(finding, _): &(&Finding, Vec<u32>)| {
        finding.accepted_by.is_none() && finding.severity != Severity::Info
    };
    let (to_answer, notes): (Vec<_>, Vec<_>) = groups.into_iter().partition(waits);
    html! {
        section.panel aria-label=(words.t("web-findings")) {
            h2 { (words.t("web-findings")) }
            @if to_answer.is_empty() && missing.is_empty() { p.soft { (words.t("web-no-findings")) } }
            ul.findings {
                @if !missing.is_empty() {
                    li.hold { p { span.tag.bad { (words.t("web-finding-hold")) } " " (words.f("web-fields-missing", &[("fields", &missing.join(", "))])) } }
                }
                @for (finding, pages) in &to_answer { (finding_of(words, stored, finding, pages)) }
            }
            @if !notes.is_empty() {
                details {
                    summary { (words.n("web-findings-notes", notes.len())) }
                    ul.findings {
                        @for (finding, pages) in &notes { (finding_of(words, stored, finding, pages)) }
                    }
                }
            }
        }
    }
}

/// A fact that is still to be given.
fn is_missing(finding: &Finding) -> bool {
    finding.code == "field_missing" && finding.accepted_by.is_none()
}

fn finding_of(words: Words, stored: &Stored, finding: &Finding, pages: &[u32]) -> Markup {
    let open = finding.accepted_by.is_none();
    let class = match (open, finding.severity) {
        (true, Severity::Hold) => "hold",
        (true, Severity::Warning) => "warning",
        _ => "info",
    };
    // A fact is given below, a broken page is scanned again: nobody can look away from these.
    let answered = !["field_missing", PAGE_BROKEN, "secret_known_late"].contains(&finding.code.as_str());
    html! {
        li class=(class) {
            p {
                @if open && finding.severity == Severity::Hold { span.tag.bad { (words.t("web-finding-hold")) } " " }
                @for page in pages { a href={ "#page-" (page) } data-page=(page) { (words.f("cli-page", &[("page", &page.to_string())])) } " " }
                (words.with_facts(&finding_text(finding, words.lang)))
            }
            @if let Some(by) = &finding.accepted_by {
                p.soft { (words.f("cli-accepted", &[("by", by)])) @if let Some(reason) = &finding.reason { ": " (reason) } }
            } @else if answered && finding.severity != Severity::Info {
                form.row action={ "/doc/" (stored.id) "/accept" } data-send="1" {
                    input type="hidden" name="tag" value=(tag(stored));
                    input type="hidden" name="code" value=(finding.code);
                    label.visually-hidden for={ "why-" (finding.code) } { (words.t("web-accept-why")) }
                    input id={ "why-" (finding.code) } name="reason" maxlength="300" placeholder=(words.t("web-accept-why"));
                    button type="submit" { (words.t("web-accept")) }
                }
            }
        }
    }
}

/// The facts.
fn form_of(shown: &Shown<'_>) -> Markup {
    let Shown { words, stored, read, seals_alone, .. } = *shown;
    let rest = Fields::NAMES.iter().filter(|name| !FIRST.contains(name) && !unused(name, seals_alone));
    html! {
        form.panel.printed #facts action={ "/doc/" (stored.id) "/confirm" } data-send="1" data-keep="1" data-look=[(!read).then_some("1")] {
            h2 { (words.t("web-facts")) }
            p.soft #reading hidden role="status" { (words.t("web-facts-reading")) }
            input type="hidden" name="tag" value=(tag(stored));
            div.pairs { @for name in FIRST { (field(shown, name)) } }
            details {
                summary { (words.t("web-facts-more")) }
                @for name in rest { (field(shown, name)) }
            }
        }
    }
}

/// What the page does not ask for: the clerk's word has a page of its own.
fn unused(name: &str, _seals_alone: bool) -> bool {
    name == "attested_by"
}

fn field(shown: &Shown<'_>, name: &str) -> Markup {
    let Shown { words, record, stored, .. } = *shown;
    let known = record.fields.get(name);
    let guess = record.proposals.iter().find(|p| p.field == name && p.is_sure() && known.is_none());
    let guess = guess.map(|p| p.value.clone()).filter(|_| FIRST.contains(&name));
    let class = guess.is_some().then_some("guess");
    let value = known.or(guess).map(|value| written(name, &value)).unwrap_or_default();
    let id = format!("f-{name}");
    let missing = stored.document.findings.iter().any(|f| {
        f.code == "field_missing" && f.args.iter().any(|(_, value)| value == name) && f.accepted_by.is_none()
    });
    html! {
        div.field .whole[WIDE.contains(&name)] {
            label for=(id) { (words.t(&format!("web-field-{}", name.replace('_', "-")))) @if missing { " " span.tag.bad { (words.t("web-field-needed")) } } }
            @match name {
                "direction" => select id=(id) name=(name) {
                    @for (value, now) in [("outgoing", "Outgoing"), ("incoming", "Incoming")] {
                        option value=(value) selected[format!("{:?}", record.fields.direction) == now] { (words.t(&format!("web-field-direction-{value}"))) }
                    }
                },
                "copy_form" => select id=(id) name=(name) {
                    @for form in ["", "SAO Y", "SAO LỤC"] { option value=(form) selected[value == form] { (form) } }
                },
                _ if LONG.contains(&name) => textarea id=(id) name=(name) class=[class] rows="3" maxlength="500" { (value) },
                _ => input id=(id) name=(name) class=[class] value=(value) maxlength="500" autocomplete="off" aria-describedby={ (id) "-from" };
            }
            div.from id={ (id) "-from" } data-field=(name) { (source(shown, name)) }
        }
    }
}

/// From where a fact is known, and what else the paper seems to say.
fn source(shown: &Shown<'_>, name: &str) -> Markup {
    let Shown { words, record, stored, .. } = *shown;
    let value = record.fields.get(name);
    let listed = stored.document.manifest.as_ref().and_then(|row| row.get(name));
    html! {
        @if value.is_some() && listed == value { span.hint { (words.t("web-from-manifest")) } }
        @if name == "paper_serial" && value.is_some() && listed != value { span.hint { (words.t("web-from-sheet")) } }
        @for proposal in record.proposals.iter().filter(|p| p.field == name) {
            (proposed(words, name, &proposal.value, proposal.confidence.into()))
        }
    }
}

fn proposed(words: Words, name: &str, value: &str, confidence: f64) -> Markup {
    let percent = format!("{:.0}", confidence * 100.0);
    let value = written(name, value);
    html! {
        span.hint {
            (words.f("web-from-paper", &[("value", &value), ("percent", &percent)])) " "
            button.small type="button" data-use=(value) data-for={ "f-" (name) } { (words.t("web-use")) }
        }
    }
}

/// Dates as they are written on paper.
pub(super) fn written(name: &str, value: &str) -> String {
    let known = match name {
        "issued_date" | "arrival_date" | "due_date" | "forwarded_date" => {
            value.parse().ok().map(|day: jiff::civil::Date| day.strftime("%d/%m/%Y").to_string())
        }
        "paper_signed_at" => {
            value.parse().ok().map(|at: jiff::civil::DateTime| at.strftime("%d/%m/%Y %H:%M").to_string())
        }
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

/// Reads the paper, unless that was done, and gives what it seems to say.
pub(super) async fn look(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
) -> Answer {
    let record = propose::look(&app.desk, document_id(&id)?, &Quiet(words.lang)).await?;
    let all: Vec<_> = record
        .proposals
        .iter()
        .map(|p| json!({"field": p.field, "value": written(&p.field, &p.value), "sure": p.is_sure(), "html": proposed(words, &p.field, &p.value, p.confidence.into()).into_string()}))
        .collect();
    Ok(answer::json(&json!({"proposals": all})))
}

/// What the form changes; what was read from the paper and left as it was read is told apart from what was typed.
fn changes(stored: &Stored, record: &Record, form: &HashMap<String, String>) -> Result<Vec<Change>> {
    let mut all = Vec::new();
    for name in Fields::NAMES {
        let Some(typed) = form.get(name).map(|value| value.trim()) else { continue };
        let known = match name {
            "direction" => serde_json::to_value(stored.document.fields.direction)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned)),
            _ => stored.document.fields.get(name),
        };
        if written(name, known.as_deref().unwrap_or_default()) != typed {
            let read = |p: &&crate::ocr::Proposal| p.field == name && written(name, &p.value) == typed;
            all.push(match record.proposals.iter().find(read) {
                Some(proposal) => Change::accepted(name, &proposal.value),
                None => format!("{name}={typed}").parse()?,
            });
        }
    }
    Ok(all)
}

/// Saves the facts; confirmed, the document goes on and the next one comes.
pub(super) async fn confirm(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let stored = as_shown(&app, &id, &form).await?;
    let (_, after, _, _) = neighbours(&app, stored.id).await?;
    let changes = changes(&stored, &app.desk.store.record(stored.id).await?, &form)?;
    if !changes.is_empty() {
        correct::edit(&app.desk, stored.id, &changes).await?;
    }
    if form.get("next").is_none_or(|next| next.is_empty()) {
        return Ok(answer::again());
    }
    let now = app.desk.store.document(stored.id).await?;
    if now.document.is_held() {
        return Err(route::held(&now).into());
    }
    if app.desk.form(&now) == Legal::SaoY && now.document.attestation.is_none() {
        return Ok(answer::go(&format!("/attest/{}", now.id)));
    }
    digitize::build_later(&app, words, vec![now.id])?;
    Ok(answer::go(&after.map_or_else(|| "/digitize".to_owned(), |next| format!("/doc/{next}"))))
}

/// A finding is answered.
pub(super) async fn accept(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let stored = as_shown(&app, &id, &form).await?;
    let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default().trim().to_owned();
    let what = match text("reason") {
        reason if reason.is_empty() => format!("accept={}", text("code")),
        reason => format!("accept={}:{reason}", text("code")),
    };
    correct::edit(&app.desk, stored.id, &[what.parse()?]).await?;
    Ok(answer::again())
}
