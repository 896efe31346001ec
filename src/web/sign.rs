//! For the person who signs: read each document, then one PIN for all that were read.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};

use crate::document::{DocumentId, Sha256, urgency};
use crate::error::{Result, kinds};
use crate::pipeline::Selection;
use crate::pipeline::board::Row;
use crate::pipeline::correct;
use crate::pipeline::sign::{self, document_id};
use crate::profile::{Bilingual, Form as Legal};
use crate::sign::Role;

use super::answer::{self, Answer};
use super::digitize::{panel_with_history, place, turn};
use super::layout::{self, Sheet, Tab};
use super::pin::PagePin;
use super::session::Person;
use super::words::Words;
use super::work::{self, Kind};
use super::{App, Shared, form, keys, verdict};

/// Documents on one page of a list.
pub(super) const PER_PAGE: usize = 50;

/// What waits for a person, the urgent first.
async fn queue(app: &App) -> Result<(Vec<Row>, HashSet<DocumentId>)> {
    let seen = app.desk.store.seen_waiting().await?;
    let board = app.board().await?;
    let mut rows: Vec<Row> = board.rows(|row| row.waits == Some("personal")).into_iter().cloned().collect();
    rows.sort_by_key(|row| (Reverse(urgency(row.urgency.as_deref())), row.due.is_none(), row.due, row.id));
    Ok((rows, seen))
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Html<String>> {
    let (rows, seen) = queue(&app).await?;
    let unread: Vec<&Row> = rows.iter().filter(|row| !seen.contains(&row.id)).collect();
    let read = rows.len() - unread.len();
    let at = place(&query, rows.len(), PER_PAGE);
    let choices = keys::choices(&app, Role::Personal, words).await;
    let steps = steps(&app, &rows).await?;
    let alone = app.desk.workspace.profile.recovery.form == Legal::SaoY;
    let body = html! {
        h1 { (words.t("web-sign")) }
        @if alone && rows.is_empty() { p.warnbox { (words.t("web-sign-not-here")) } }
        @else if alone { p.soft { (words.t("web-sign-written-here")) } }
        (panel_with_history(words, Kind::Sign))
        div data-renew="sign build" {}
        @if rows.is_empty() {
            p { (words.t("web-sign-none")) }
            p { a.button href="/" { (words.t("web-check-home")) } }
        }
        @if let Some(first) = unread.first() {
            p.row {
                a.button.primary href={ "/sign/read/" (first.id) } data-key="Enter" { (words.n("web-sign-read", unread.len())) " " kbd { "Enter" } }
                @if read > 0 { span.soft { (words.n("web-sign-read-done", read)) } }
            }
        }
        @if read > 0 { (steps_of(words, rows.iter().filter(|row| seen.contains(&row.id)), &steps)) }
        @if read > 0 { (keys::form(words, "/sign/start", read, "web-sign-do", &choices)) }
        @if !rows.is_empty() { (table(words, rows.iter().skip(at * PER_PAGE).take(PER_PAGE), &seen, &steps)) }
        (turn(words, "/sign", at, rows.len(), PER_PAGE))
    };
    let sheet = Sheet { tab: Tab::Sign, title: words.t("web-sign"), scripts: &["live.js", "sign.js"], body };
    layout::page(&app, &person, words, sheet).await
}

/// The steps at which documents wait that go a route, by what they are called.
type Steps = HashMap<DocumentId, (String, Bilingual)>;

async fn steps(app: &App, rows: &[Row]) -> Result<Steps> {
    let born: Vec<DocumentId> = rows.iter().filter(|row| row.born).map(|row| row.id).collect();
    let steps = app.desk.store.steps(&born).await?.into_iter();
    let profile = &app.desk.workspace.profile;
    Ok(steps.map(|(id, (route, step))| (id, (step.clone(), profile.step_title(route, &step)))).collect())
}

/// At which steps the PIN below signs.
fn steps_of<'a>(words: Words, rows: impl Iterator<Item = &'a Row>, steps: &Steps) -> Markup {
    let counted = sign::counted(rows.filter_map(|row| steps.get(&row.id)), words.lang);
    html! {
        @if !counted.is_empty() {
            p { (words.t("web-sign-steps")) " "
                @for (at, (step, count)) in counted.iter().enumerate() { @if at > 0 { ", " } strong { (step) } " (" (count) ")" }
            }
        }
    }
}

fn table<'a>(
    words: Words,
    rows: impl Iterator<Item = &'a Row>,
    seen: &HashSet<DocumentId>,
    steps: &Steps,
) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(words.t("web-sign-list")) {
            table {
                thead { tr {
                    th scope="col" { (words.t("web-col-read")) }
                    th scope="col" { (words.t("cli-head-number")) }
                    th scope="col" { (words.t("cli-head-subject")) }
                    th.number scope="col" { (words.t("cli-head-pages")) }
                    th scope="col" { (words.t("web-col-due")) }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            td { @if seen.contains(&row.id) { span.tag.good { "✓ " (words.t("web-read")) } } @else { span.tag.warn { (words.t("web-unread")) } } }
                            td { a href={ "/sign/read/" (row.id) } { (row.name()) } @if let Some((_, step)) = steps.get(&row.id) { br; span.soft { (step.in_lang(words.lang)) } } }
                            td { (row.subject.as_deref().unwrap_or(&row.file)) }
                            td.number { (row.pages) }
                            td { @if let Some(urgency) = &row.urgency { strong { (urgency) } " " } @if let Some(due) = row.due { (due.strftime("%d/%m/%Y").to_string()) } }
                        }
                    }
                }
            }
        }
    }
}

/// A document to be read.
pub(super) async fn read(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
) -> Answer<Html<String>> {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let (rows, seen) = queue(&app).await?;
    let Some(at) = rows.iter().position(|row| row.id == stored.id) else {
        return verdict::document(&app, &person, words, &stored).await;
    };
    let Some(sha256) = stored.latest.clone() else {
        return Err(kinds::NOT_BUILT.with("document", stored.id).into());
    };
    let pages = verdict::page_count(&app, &stored).await?;
    let fields = &stored.document.fields;
    let left = rows.iter().filter(|row| !seen.contains(&row.id)).count();
    let step = steps(&app, rows.get(at..=at).unwrap_or_default()).await?;
    let shows = form::section(&app, words, &stored, Role::Personal).await;
    let body = html! {
        div.row.spread {
            h1 { (stored.document.number().unwrap_or_else(|| stored.id.to_string())) }
            p.row {
                span.soft { (words.f("web-read-place", &[("place", &(at + 1).to_string()), ("total", &rows.len().to_string()), ("left", &left.to_string())])) }
                a.button href="/sign" { (words.t("web-doc-list")) }
            }
        }
        @if let Some(subject) = &fields.subject { p.big { (subject) } }
        @if let Some((_, step)) = step.get(&stored.id) { p { (words.t("web-sign-step")) " " strong { (step.in_lang(words.lang)) } } }
        section.reading #reading-area aria-label=(words.t("web-viewer")) { (verdict::sheets(words, &stored, pages, None)) }
        div.reading { (shows) }
        div #end-of-pages {}
        div.bar {
            form #seen action="/sign/seen" data-send="1" {
                input type="hidden" name="document" value=(stored.id);
                input type="hidden" name="sha256" value=(sha256);
                button.primary #seen-button type="submit" data-key="Enter" { (words.t(if left <= 1 { "web-seen-last" } else { "web-seen-next" })) " " kbd { "Enter" } }
                span.soft #seen-hint role="status" hidden { (words.t("web-js-scroll")) }
            }
            a.button href={ "/file/" (stored.id) ".pdf" } #open-file { (words.t("web-file")) }
            form.row action="/sign/aside" data-send="1" {
                input type="hidden" name="document" value=(stored.id);
                label.visually-hidden for="why" { (words.t("web-aside-why")) }
                input #why name="reason" maxlength="300" required placeholder=(words.t("web-aside-why"));
                button.danger type="submit" { (words.t("web-aside")) }
            }
        }
    };
    let title = stored.document.number().unwrap_or_else(|| stored.id.to_string());
    let sheet = Sheet { tab: Tab::Sign, title, scripts: &["sign.js"], body };
    layout::page(&app, &person, words, sheet).await
}

/// Where to go after a document.
async fn next(app: &App, after: DocumentId) -> Result<String> {
    let (rows, seen) = queue(app).await?;
    let at = rows.iter().position(|row| row.id == after).map_or(0, |place| place + 1);
    let mut behind = rows.iter().skip(at).chain(rows.iter().take(at)).filter(|row| !seen.contains(&row.id));
    Ok(behind.next().map_or_else(|| "/sign".to_owned(), |row| format!("/sign/read/{}", row.id)))
}

/// It was read, at this very hash (rule 13).
pub(super) async fn seen(State(app): State<Shared>, Form(form): Form<HashMap<String, String>>) -> Answer {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let id = document_id(&text("document"))?;
    correct::see_at(&app.desk, id, &Sha256(text("sha256"))).await?;
    Ok(answer::go(&next(&app, id).await?))
}

/// It is not signed, and the clerk is told why.
pub(super) async fn aside(State(app): State<Shared>, Form(form): Form<HashMap<String, String>>) -> Answer {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let id = document_id(&text("document"))?;
    let to = next(&app, id).await?;
    correct::set_aside(&app.desk, id, &text("reason")).await?;
    Ok(answer::go(if to.ends_with(&id.to_string()) { "/sign" } else { &to }))
}

/// Signs everything that was read.
pub(super) async fn start(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let (rows, seen) = queue(&app).await?;
    let documents: Vec<DocumentId> = rows.iter().map(|row| row.id).filter(|id| seen.contains(id)).collect();
    if documents.is_empty() {
        return Err(kinds::NOTHING_TO_DO.error().into());
    }
    let key = keys::chosen(&app, Role::Personal, form.get("key").map_or("", String::as_str)).await?;
    let selection = Selection { documents, outage: None };
    begin(&app, words, Kind::Sign, Role::Personal, key, selection)
}

/// Begins a batch of signatures.
///
/// # Errors
/// [`kinds::WEB_BUSY`] while one of the same role runs.
pub(super) fn begin(
    app: &Shared,
    words: Words,
    kind: Kind,
    role: Role,
    key: Option<crate::sign::key::KeyUri>,
    selection: Selection,
) -> Answer {
    let begun = work::begin(app, kind, words, async move |app, work| {
        let request = sign::Request { role, key, level: None, unseen: None, resign: None };
        let plan = sign::plan(&app.desk, &selection, &request).await?;
        let mut pins = PagePin { work: work.clone() };
        let signed =
            sign::run(&app.desk, plan, sign::Signing { request, pins: &mut pins }, work.as_ref()).await;
        if role == Role::Organization {
            app.to_send.notify_one();
        }
        signed
    })?;
    Ok(answer::json(&serde_json::json!({"work": begun.id})))
}
