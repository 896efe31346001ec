//! For the clerk who holds the organization's key: each signature in plain words, the word that is still to be given, and one
//! PIN for all.

use std::collections::HashMap;

use axum::extract::{Extension, Form, Query, State};
use axum::response::Html;
use maud::{Markup, html};

use crate::document::DocumentId;
use crate::error::Result;
use crate::pipeline::Selection;
use crate::pipeline::board::Row;
use crate::profile::{Form as Legal, Visible};
use crate::sign::Role;
use crate::store::{State as Stage, Stored};
use crate::verify::Report;
use crate::verify::clerk;

use super::answer::Answer;
use super::digitize::{panel, panel_with_history, place, turn};
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::sign::{PER_PAGE, begin};
use super::words::Words;
use super::work::Kind;
use super::{App, Shared, form, home, keys, verdict};

/// Rows that wait for the organization, and those that wait for the clerk's word.
async fn queues(app: &App) -> Result<(Vec<Row>, Vec<Row>)> {
    let board = app.board().await?;
    let sealing = board.rows(|row| row.waits == Some("organization")).into_iter().cloned().collect();
    let attesting =
        board.rows(|row| row.to_attest && row.state == Stage::Captured).into_iter().cloned().collect();
    Ok((sealing, attesting))
}

/// Attachments that wait for the signatures on their documents: what each is, its document, and what that is called.
async fn behind(app: &App) -> Result<Vec<(String, DocumentId, String)>> {
    let board = app.board().await?;
    let told = |(row, parent): (&Row, &Row)| {
        let name = row.subject.clone().unwrap_or_else(|| row.id.to_string());
        (name, parent.id, parent.number.clone().unwrap_or_else(|| parent.id.to_string()))
    };
    Ok(board.behind().into_iter().take(PER_PAGE).map(told).collect())
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Html<String>> {
    let (rows, attesting) = queues(&app).await?;
    let behind = behind(&app).await?;
    let at = place(&query, rows.len(), PER_PAGE);
    let mut shown = Vec::new();
    for row in rows.iter().skip(at * PER_PAGE).take(PER_PAGE) {
        shown.push(app.desk.store.document(row.id).await?);
    }
    let reports = verdict::reports(&app, words, shown.clone()).await?;
    let choices = keys::choices(&app, Role::Organization, words).await;
    let time = home::time(&app, Role::Organization, rows.len(), words).await?;
    let body = html! {
        h1 { (words.t("web-seal")) }
        (panel_with_history(words, Kind::Seal))
        (panel(words, Kind::Build))
        div data-renew="seal sign build" {}
        @if let Some(first) = attesting.first() {
            section.panel {
                h2 { (words.n("web-attest-waiting", attesting.len())) }
                p { (words.t("web-attest-why")) }
                p { a.button href={ "/attest/" (first.id) } data-key="a" .primary[rows.is_empty()] { (words.t("web-attest-begin")) " " kbd { "A" } } }
            }
        }
        @for (name, document, number) in &behind {
            p.soft { (words.f("web-seal-behind", &[("name", name), ("number", number)])) " " a href={ "/doc/" (document) } { (words.t("web-seal-behind-look")) } }
        }
        @if rows.is_empty() {
            p { (words.t("web-seal-none")) }
            p { a.button href="/deliver" { (words.t("web-card-send-do")) } }
        } @else {
            div.desk {
                div {
                    (list(&app, words, &shown, &reports))
                    (turn(words, "/seal", at, rows.len(), PER_PAGE))
                }
                div.side.follows {
                    (summary(&app, words, &shown, &reports))
                    @if !time.is_empty() { p.soft { (words.f("web-card-time", &[("time", &time)])) } }
                    (keys::form(words, "/seal/start", rows.len(), "web-seal-do", &choices))
                }
            }
        }
    };
    let sheet = Sheet { tab: Tab::Seal, title: words.t("web-seal"), scripts: &["live.js", "sign.js"], body };
    layout::page(&app, &person, words, sheet).await
}

/// How many of those on view may be sealed.
fn summary(app: &App, words: Words, shown: &[Stored], reports: &[Result<Report>]) -> Markup {
    let strict = verdict::voice(app, words).strict;
    let may = |(stored, report): &(&Stored, &Result<Report>)| match report {
        // Its document has all its signatures, or it would not wait here.
        _ if stored.document.is_attachment() => true,
        _ if app.desk.form(stored) == Legal::SaoY => stored.document.attestation.is_some(),
        Ok(report) => clerk::overall(report, strict) == clerk::Answer::Yes,
        Err(_) => false,
    };
    let good = shown.iter().zip(reports).filter(may).count();
    html! {
        @if good == shown.len() {
            p.goodbox { "✓ " (words.n("web-seal-all-good", good)) }
        } @else {
            p.warnbox { "! " (words.f("web-seal-some-bad", &[("good", &good.to_string()), ("bad", &(shown.len() - good).to_string())])) }
        }
    }
}

/// Each document with the answer to the one question: may I seal?
fn list(app: &App, words: Words, shown: &[Stored], reports: &[Result<Report>]) -> Markup {
    html! {
        ul.verdicts {
            @for (place, (stored, report)) in shown.iter().zip(reports).enumerate() {
                li { (one(app, words, stored, report, place == 0)) }
            }
        }
    }
}

fn one(app: &App, words: Words, stored: &Stored, report: &Result<Report>, first: bool) -> Markup {
    let voice = verdict::voice(app, words);
    let name = stored.document.number().unwrap_or_else(|| stored.id.to_string());
    html! {
        h2 { a href={ "/doc/" (stored.id) } { (name) } " " span.soft { (stored.document.fields.subject.as_deref().unwrap_or_default()) } }
        @match report {
            Err(error) => p.alert { (error.message(words.lang)) },
            // The clerk's own word stands for the wet signature; there is no other one before the organization's.
            Ok(_) if stored.document.is_attachment() => p { span.tag.good { "✓ " (words.t("web-seal-along")) } },
            Ok(_) if app.desk.form(stored) == Legal::SaoY => p { (attested(words, stored)) },
            Ok(report) => {
                p { (verdict::word(voice, report)) }
                (verdict::lines(words, voice, report, false))
                @if clerk::overall(report, voice.strict) != clerk::Answer::Yes { p.soft { (words.t("web-seal-passed-over")) } }
                p { a href={ "/compare/" (stored.id) } { (words.t("web-compare")) } }
            }
        }
        @if form::visible(app, stored, Role::Organization) != Visible::None {
            details open[first] {
                summary { (words.t("web-form-seal")) }
                (form::close(words, stored, Role::Organization, true))
            }
        }
    }
}

fn attested(words: Words, stored: &Stored) -> Markup {
    html! {
        @match &stored.document.attestation {
            Some(word) => span.tag.good { "✓ " (words.f("web-attested", &[("by", &word.by), ("at", &words.moment(word.at))])) },
            None => span.tag.bad { "✗ " (words.t("web-not-attested")) },
        }
    }
}

/// Seals everything that may be sealed; what may not is refused by the pipeline, each with its reason.
pub(super) async fn start(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let key = keys::chosen(&app, Role::Organization, form.get("key").map_or("", String::as_str)).await?;
    begin(&app, words, Kind::Seal, Role::Organization, key, Selection::default())
}
