//! Looking documents up for years, and the lists that an office hands over: the register, the list of a recovery.

use std::collections::HashMap;

use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::document::Direction;
use crate::error::kinds;
use crate::pipeline::find::{self, Form};
use crate::register::query::Reading;
use crate::report;
use crate::store::{Filter, Record, Search};

use super::Shared;
use super::answer::Answer;
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::words::Words;

/// Documents that are shown of what was found.
const SHOWN: usize = 60;
/// Longest question, characters.
const LONGEST: usize = 200;

fn asked(query: &HashMap<String, String>) -> String {
    query.get("words").map(|words| words.trim().chars().take(LONGEST).collect()).unwrap_or_default()
}

fn direction(query: &HashMap<String, String>) -> Option<Direction> {
    match query.get("direction").map(String::as_str) {
        Some("outgoing") => Some(Direction::Outgoing),
        Some("incoming") => Some(Direction::Incoming),
        _ => None,
    }
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Html<String>> {
    let asked = asked(&query);
    let outages = app.desk.store.outages().await?;
    let search = Search {
        query: find::question(&asked).unwrap_or_default(),
        direction: direction(&query),
        limit: Some(SHOWN),
        ..Search::default()
    };
    let found = match search.query.is_empty() {
        true => None,
        false => Some(find::find(&app.desk, &search).await?),
    };
    let body = html! {
        h1 { (words.t("web-find")) }
        form.row action="/find" method="get" role="search" {
            label.visually-hidden for="words" { (words.t("web-find-words")) }
            input #words name="words" type="search" value=(asked) maxlength=(LONGEST) placeholder=(words.t("web-find-words")) autocomplete="off";
            button.primary type="submit" { (words.t("web-find-do")) }
        }
        p.soft { (words.t("web-find-hint")) }
        @if let Err(error) = find::question(&asked) { p role="status" { (error.message(words.lang)) } }
        @if let Some((found, records)) = &found {
            p role="status" {
                (words.f("web-find-found", &[("count", &found.total.to_string()), ("shown", &records.len().to_string())]))
                @if found.reading == Reading::WithoutMarks { " " (words.t("web-find-without-marks")) }
            }
            @if !records.is_empty() { (table(words, records)) }
        }
        section.panel {
            h2 { (words.t("web-lists")) }
            ul {
                @for (way, id) in [("outgoing", "web-register-outgoing"), ("incoming", "web-register-incoming")] {
                    li { (words.t(id)) ": "
                        a href={ "/register/" (way) ".pdf" } { "PDF" } ", " a href={ "/register/" (way) ".csv" } { (words.t("web-register-csv")) } }
                }
                @for outage in &outages {
                    li { (words.f("web-report", &[("reference", &outage.reference)])) ": " a href={ "/report.pdf?outage=" (escaped(&outage.reference)) } { "PDF" } }
                }
            }
        }
    };
    let sheet = Sheet { tab: Tab::Find, title: words.t("web-find"), scripts: &[], body };
    layout::page(&app, &person, words, sheet).await
}

pub(super) fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn table(words: Words, records: &[Record]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(words.t("web-find")) {
            table {
                thead { tr {
                    th scope="col" { (words.t("cli-head-number")) } th scope="col" { (words.t("web-field-issued-date")) }
                    th scope="col" { (words.t("cli-head-subject")) } th scope="col" { (words.t("cli-head-state")) }
                } }
                tbody {
                    @for record in records {
                        tr {
                            td { a href={ "/doc/" (record.document) } { (record.fields.number().unwrap_or_else(|| record.document.clone())) } }
                            td { @if let Some(day) = record.fields.issued_date { (day.strftime("%d/%m/%Y").to_string()) } }
                            td { (record.fields.subject.as_deref().unwrap_or_default()) }
                            td { (words.t(&format!("web-state-{}", record.state.as_str().replace('_', "-")))) }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}

/// A book of the register.
pub(super) async fn register(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    axum::extract::Path(name): axum::extract::Path<String>,
) -> Answer {
    let (way, form, kind) = match name.as_str() {
        "outgoing.pdf" => (Direction::Outgoing, Form::Pdf, "application/pdf"),
        "incoming.pdf" => (Direction::Incoming, Form::Pdf, "application/pdf"),
        "outgoing.csv" => (Direction::Outgoing, Form::Csv, "text/csv; charset=utf-8"),
        "incoming.csv" => (Direction::Incoming, Form::Csv, "text/csv; charset=utf-8"),
        _ => return Err(kinds::REGISTER_FILE.with("name", name).into()),
    };
    let search = Search { direction: Some(way), ..Search::default() };
    let (_, records) = find::find(&app.desk, &search).await?;
    let (desk, lang) = (app.desk.clone(), words.lang);
    let scope = find::scope(&search, "", lang);
    let made = tokio::task::spawn_blocking(move || find::file(&desk, form, &records, &scope, lang)).await;
    let bytes = made.map_err(|e| kinds::INTERNAL.with("cause", e))??;
    Ok(download(kind, &name, bytes))
}

/// The printed list of a recovery.
pub(super) async fn report(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let reference = query.get("outage").cloned().unwrap_or_default();
    let outage = app.desk.store.outage(&reference).await?;
    let filter = Filter { states: Vec::new(), outage: Some(reference) };
    let records = app.desk.store.records(&filter).await?;
    let office = app.desk.workspace.station.office.name.clone();
    let work = move || {
        report::batch(&report::Facts {
            outage: &outage,
            records: &records,
            office: &office,
            made_at: Timestamp::now(),
            utc_offset_minutes: words.offset,
            lang: words.lang,
        })
    };
    let made = tokio::task::spawn_blocking(work).await;
    let bytes = made.map_err(|e| kinds::INTERNAL.with("cause", e))??;
    Ok(download("application/pdf", "report.pdf", bytes))
}
