//! The clerk's word on the wet signature and the stamp, with both enlarged beside the whole page.

use std::collections::HashMap;

use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::Html;
use maud::html;

use crate::document::DocumentId;
use crate::error::{Result, kinds};
use crate::pipeline::correct;
use crate::pipeline::pages::preview;
use crate::pipeline::route;
use crate::pipeline::sign::document_id;
use crate::store::State as Stage;

use super::answer::{self, Answer};
use super::document::{as_shown, tag};
use super::layout::{self, Sheet, Tab};
use super::picture::{self, Size};
use super::session::Person;
use super::words::Words;
use super::{App, Shared, digitize};

async fn waiting(app: &App) -> Result<Vec<DocumentId>> {
    let board = app.board().await?;
    Ok(board
        .rows(|row| row.to_attest && row.state == Stage::Captured)
        .into_iter()
        .map(|row| row.id)
        .collect())
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
) -> Answer<Html<String>> {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let waiting = waiting(&app).await?;
    let place = waiting.iter().position(|id| *id == stored.id).map_or(0, |place| place + 1);
    let document = &stored.document;
    // Signature and stamp stand where one was seen, else on the last page.
    let seen = document
        .numbered_pages()
        .filter(|(_, page)| page.look.stamp.is_some() || page.look.signature.is_some());
    let last = document.numbered_pages().last().map(|(number, _)| number);
    let mut near: Vec<u32> = seen.map(|(number, _)| number).collect();
    if near.is_empty() {
        near.extend(last);
    }
    let by = document.fields.attested_by.clone().unwrap_or_default();
    let body = html! {
        div.row.spread {
            h1 { (words.t("web-attest")) ": " (document.number().unwrap_or_else(|| stored.id.to_string())) }
            p.row { @if place > 0 { span.soft { (words.f("web-doc-of", &[("place", &place.to_string()), ("total", &waiting.len().to_string())])) } } a.button href="/seal" { (words.t("web-doc-list")) } }
        }
        @if let Some(subject) = &document.fields.subject { p.big { (subject) } }
        div.desk {
            section.viewer aria-label=(words.t("web-attest-closer")) {
                @for number in &near {
                    figure.sheet.close {
                        img width="1200" height="800" alt=(words.f("web-attest-closer-of", &[("page", &number.to_string())])) src={ "/closer/" (stored.id) "/" (number) };
                        figcaption.soft { (words.f("web-attest-closer-of", &[("page", &number.to_string())])) }
                    }
                }
                @for (number, page) in document.numbered_pages() {
                    figure.sheet {
                        img loading="lazy" width=(page.width) height=(page.height) alt=(words.f("web-page-of", &[("page", &number.to_string()), ("file", &page.source_name)])) src={ "/page/" (stored.id) "/" (number) "?v=" (page.turned) };
                    }
                }
            }
            div.side {
                form.panel action={ "/attest/" (stored.id) } data-send="1" {
                    h2 { (words.t("web-attest-word")) }
                    p { (words.t("web-attest-what")) }
                    input type="hidden" name="tag" value=(tag(&stored));
                    label.choice { input type="checkbox" name="signature" value="1" required; span { (words.t("web-attest-signature")) } }
                    label.choice { input type="checkbox" name="stamp" value="1" required; span { (words.t("web-attest-stamp")) } }
                    p.field {
                        label for="by" { (words.t("web-attest-by")) }
                        input #by name="by" value=(by) required maxlength="120" autocomplete="name";
                    }
                    button.primary type="submit" { (words.t("web-attest-do")) }
                }
                p { a href={ "/doc/" (stored.id) } { (words.t("web-attest-back")) } }
            }
        }
    };
    let title = words.t("web-attest");
    let sheet = Sheet { tab: Tab::Seal, title, scripts: &["pages.js"], body };
    layout::page(&app, &person, words, sheet).await
}

/// The word is given.
pub(super) async fn attest(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let stored = as_shown(&app, &id, &form).await?;
    if stored.document.is_held() {
        return Err(route::held(&stored).into());
    }
    let given = |name: &str| form.get(name).is_some_and(|value| value == "1");
    if !given("signature") || !given("stamp") {
        return Err(kinds::NOT_CONFIRMED.error().into());
    }
    let by = form.get("by").cloned().unwrap_or_default();
    correct::attest(&app.desk, stored.id, Some(&by)).await?;
    digitize::build_later(&app, words, vec![stored.id])?;
    let next = waiting(&app).await?.into_iter().find(|id| *id != stored.id);
    Ok(answer::go(&next.map_or_else(|| "/seal".to_owned(), |id| format!("/attest/{id}"))))
}

/// The part of a page on which the stamp is, and beside it the signature; without a stamp the lower half.
pub(super) async fn closer(
    State(app): State<Shared>,
    Path((id, number)): Path<(String, u32)>,
    Query(_): Query<HashMap<String, String>>,
) -> Answer {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let found = stored.document.numbered_pages().find(|(n, _)| *n == number).map(|(_, page)| page.clone());
    let Some(page) = found else {
        let pages = stored.document.page_total();
        return Err(kinds::PAGE_UNKNOWN
            .with("document", id)
            .with("page", number)
            .with("pages", pages)
            .into());
    };
    let key = format!("closer {} {} {}", page.source_sha256, page.index, page.turned);
    let blobs = app.desk.store.blobs().clone();
    let drawn = picture::drawn(&app, key, Size::Full, move || preview::closer(&blobs, &page)).await?;
    Ok(answer::bytes("image/jpeg", drawn.as_ref().clone()))
}
