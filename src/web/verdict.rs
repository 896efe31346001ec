//! A document that is a PDF by now: its pages as any reader shows them, what its signatures are worth in plain words, what the
//! signer saw beside what is there now, and where it went.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::error::{Result, kinds};
use crate::pipeline::sign::document_id;
use crate::profile::SealRequires;
use crate::store::{Record, Stored};
use crate::verify::clerk::{self, Answer as May, Voice};
use crate::verify::{self, Report, Verdict, Verifier};

use super::answer::{self, Answer};
use super::document::written;
use super::layout::{self, Sheet, Tab};
use super::picture::{self, Size};
use super::session::Person;
use super::words::Words;
use super::{App, Shared};

/// How verdicts are put into words here.
pub(super) fn voice(app: &App, words: Words) -> Voice {
    let profile = &app.desk.workspace.profile;
    let strict = profile.recovery.seal_requires == SealRequires::Valid;
    Voice { lang: words.lang, utc_offset_minutes: profile.utc_offset_minutes, strict, receiver: false }
}

/// Judges the latest bytes of documents, anew and offline.
///
/// # Errors
/// When the trust of the workspace cannot be read.
pub(super) async fn reports(app: &App, words: Words, all: Vec<Stored>) -> Result<Vec<Result<Report>>> {
    let verifier = Arc::new(Verifier::new(app.desk.workspace.trust()?));
    let mut judged = Vec::with_capacity(all.len());
    for stored in all {
        let bytes = app.desk.store.latest(&stored).await;
        let verifier = Arc::clone(&verifier);
        let work = move || bytes.and_then(|bytes| verifier.report(&bytes, Timestamp::now(), words.lang));
        let report = tokio::task::spawn_blocking(work).await;
        judged.push(report.unwrap_or_else(|e| Err(kinds::INTERNAL.with("cause", e))));
    }
    Ok(judged)
}

/// The mark and colour of an answer.
pub(super) fn tone(answer: May) -> (&'static str, &'static str) {
    match answer {
        May::Yes => ("good", "✓"),
        May::NotYet => ("warn", "?"),
        May::No => ("bad", "✗"),
    }
}

/// The verdict of a file in a word.
pub(super) fn word(voice: Voice, report: &Report) -> Markup {
    let (class, mark) = tone(clerk::overall(report, voice.strict));
    html! { span class={ "tag " (class) } { (mark) " " (voice.word(report)) } }
}

/// The verdict of a file as a sentence.
fn headline(voice: Voice, report: &Report) -> Markup {
    let (class, mark) = match report.verdict {
        Verdict::Valid => ("good", "✓"),
        Verdict::Indeterminate => ("warn", "?"),
        Verdict::Invalid | Verdict::Unsigned => ("bad", "✗"),
    };
    let words = voice.headline(report);
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    html! { span class={ "tag " (class) } { (mark) } " " (first) (letters.as_str()) }
}

/// Each signature in words.
pub(super) fn lines(words: Words, voice: Voice, report: &Report, details: bool) -> Markup {
    html! {
        ul.signatures {
            @for line in report.signatures.iter().map(|signature| voice.about(report).line(signature)) {
                @let (class, mark) = tone(line.answer);
                li class=(class) {
                    p { strong { (mark) " " (line.who) } }
                    p { (line.words) }
                    @for note in &line.notes { p.soft { (note) } }
                    @if details {
                        details {
                            summary { (words.t("web-verdict-details")) }
                            dl { @for (label, value) in &line.details { dt { (label) } dd { (value) } } }
                        }
                    }
                }
            }
        }
    }
}

/// Pages of a PDF, one below the other. `revision` shows an earlier version.
pub(super) fn sheets(words: Words, stored: &Stored, pages: usize, revision: Option<usize>) -> Markup {
    let version = stored.latest.as_ref().map_or("", |s| s.0.get(..12).unwrap_or_default());
    html! {
        @for number in 1..=pages {
            figure.sheet {
                img.pdf loading=(if number <= 2 { "eager" } else { "lazy" }) width="1280" height="1811"
                    alt=(words.f("cli-page", &[("page", &number.to_string())]))
                    src={ "/pdf/" (stored.id) "/" (number) "?v=" (version) @if let Some(n) = revision { "&revision=" (n) } };
                figcaption.soft { (words.f("web-turn-at", &[("page", &number.to_string()), ("pages", &pages.to_string())])) }
            }
        }
    }
}

/// Number of pages of the latest PDF.
///
/// # Errors
/// A blob error.
pub(super) async fn page_count(app: &App, stored: &Stored) -> Result<usize> {
    let bytes = Arc::new(app.desk.store.latest(stored).await?);
    let counted = tokio::task::spawn_blocking(move || picture::page_count(&bytes)).await.unwrap_or(0);
    // What the renderer cannot even count still has the pages that were scanned.
    Ok(if counted == 0 { stored.document.pages.len() } else { counted })
}

/// The page of a document that is built.
pub(super) async fn document(
    app: &App,
    person: &Person,
    words: Words,
    stored: &Stored,
) -> Answer<Html<String>> {
    let record = app.desk.store.record(stored.id).await?;
    let voice = voice(app, words);
    let (pages, report) = match &stored.latest {
        Some(_) => {
            let report = reports(app, words, vec![stored.clone()]).await?.pop();
            (page_count(app, stored).await?, report.transpose()?)
        }
        None => (0, None),
    };
    let body = html! {
        div.row.spread {
            h1 { (record.fields.number().unwrap_or_else(|| stored.id.to_string())) }
            p.row {
                span.tag.good { (words.t(&format!("web-state-{}", stored.state.as_str().replace('_', "-")))) }
                @if stored.latest.is_some() { a.button href={ "/file/" (stored.id) ".pdf" } { (words.t("web-file")) } }
            }
        }
        @if let Some(subject) = &record.fields.subject { p.big { (subject) } }
        @if let Some(report) = report.as_ref().filter(|report| !report.signatures.is_empty()) {
            section.panel {
                h2 { (words.t("web-verdict")) }
                p.big { (headline(voice, report)) }
                (lines(words, voice, report, true))
                @if report.signatures.len() > 1 || report.signatures.iter().any(|s| s.revision > 0) {
                    p { a href={ "/compare/" (stored.id) } { (words.t("web-compare")) } }
                }
            }
        }
        (facts(words, &record))
        @if pages > 0 { section.reading aria-label=(words.t("web-viewer")) { (sheets(words, stored, pages, None)) } }
    };
    let title = record.fields.number().unwrap_or_else(|| stored.id.to_string());
    let sheet = Sheet { tab: Tab::None, title, scripts: &["sign.js"], body };
    layout::page(app, person, words, sheet).await
}

/// What is known and where it went.
fn facts(words: Words, record: &Record) -> Markup {
    html! {
        section.panel {
            h2 { (words.t("web-facts")) }
            dl.facts {
                @for name in crate::document::Fields::NAMES {
                    @if let Some(value) = record.fields.get(name) {
                        dt { (words.t(&format!("web-field-{}", name.replace('_', "-")))) } dd { (written(name, &value)) }
                    }
                }
                dt { (words.t("web-outage-reference")) } dd { (record.outage) }
                dt { (words.t("web-captured-at")) } dd { (words.moment(record.captured_at)) }
            }
            @if !record.receipts.is_empty() {
                h3 { (words.t("web-receipts")) }
                ul {
                    @for receipt in &record.receipts {
                        li { (words.moment(receipt.at)) " · " (receipt.destination) ": " (words.t(&format!("report-proof-{}", receipt.proof.as_str()))) " · " (receipt.url) }
                    }
                }
            }
        }
    }
}

/// What a signer saw beside what is there now.
pub(super) async fn compare(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
) -> Answer<Html<String>> {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let pages = page_count(&app, &stored).await?;
    let report = reports(&app, words, vec![stored.clone()]).await?.pop().transpose()?;
    let revision = report.as_ref().and_then(|report| report.signatures.first()).map(|s| s.revision);
    let voice = voice(&app, words);
    let body = html! {
        h1 { (words.t("web-compare")) }
        @if let Some(report) = &report { (lines(words, voice, report, false)) }
        div.beside {
            section { h2 { (words.t("web-compare-then")) } (sheets(words, &stored, pages, revision)) }
            section { h2 { (words.t("web-compare-now")) } (sheets(words, &stored, pages, None)) }
        }
    };
    let sheet = Sheet { tab: Tab::Seal, title: words.t("web-compare"), scripts: &["sign.js"], body };
    layout::page(&app, &person, words, sheet).await
}

/// The picture of a page of the PDF; `number` counts from 1.
pub(super) async fn picture(
    State(app): State<Shared>,
    Path((id, number)): Path<(String, usize)>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let mut bytes = app.desk.store.latest(&stored).await?;
    let revision: Option<usize> = query.get("revision").and_then(|n| n.parse().ok());
    if let Some(number) = revision {
        bytes.truncate(verify::revision(&bytes, number)?.len());
    }
    let size = Size::named(query.get("size").map(String::as_str));
    let name = format!("{} {revision:?}", stored.latest.as_ref().map_or("", |s| s.0.as_str()));
    let index = number.saturating_sub(1);
    let drawn = picture::of_pdf(&app, &name, index, size, Arc::new(bytes)).await?;
    Ok(answer::bytes("image/jpeg", drawn.as_ref().clone()))
}

/// The PDF itself, to be kept and opened with another program.
pub(super) async fn file(State(app): State<Shared>, Path(name): Path<String>) -> Answer {
    let id = document_id(name.strip_suffix(".pdf").unwrap_or(&name))?;
    let stored = app.desk.store.document(id).await?;
    let bytes = app.desk.store.latest(&stored).await?;
    let disposition = format!("attachment; filename=\"{id}.pdf\"");
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}
