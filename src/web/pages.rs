//! The pages of a document: looked at, turned, moved, cut apart, put together, scanned again, taken out, and all of it undone.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use maud::{Markup, html};

use crate::document::DocumentId;
use crate::error::kinds;
use crate::pipeline::pages::{self, Action};
use crate::pipeline::sign::document_id;
use crate::store::Stored;

use super::answer::{self, Answer};
use super::document::as_shown;
use super::picture::{self, Size};
use super::words::Words;
use super::{Shared, body, inbox, marks};

/// Largest scan that replaces a page, bytes.
const MOST_BYTES: u64 = 256 << 20;

/// Thumbnails, the page that is looked at, and what can be done with it.
pub(super) fn viewer(words: Words, stored: &Stored, others: &[(DocumentId, String)]) -> Markup {
    let document = &stored.document;
    let first = document.numbered_pages().next().map(|(number, _)| number);
    html! {
        section.viewer aria-label=(words.t("web-viewer")) {
            @if document.page_total() > 1 {
                ol.strip #strip {
                    @for (number, page) in document.numbered_pages() {
                        li {
                            button.thumb type="button" data-page=(number) aria-current=[(number == 1).then_some("true")]
                                aria-label=(words.f("cli-page", &[("page", &number.to_string())])) {
                                img loading="lazy" alt="" width="84" height="119" src={ "/page/" (stored.id) "/" (number) "?size=thumb&v=" (page.turned) };
                                span.of { (number) }
                                @if document.findings.iter().any(|f| marks::is_open_on(f, number)) { span.flag { "!" } }
                            }
                        }
                    }
                }
            }
            (tools(words, stored, others))
            @for (number, page) in document.numbered_pages() {
                figure.sheet id={ "page-" (number) } data-page=(number) hidden[number != 1] {
                    div.paper {
                        img loading="lazy" alt=(words.f("web-page-of", &[("page", &number.to_string()), ("file", &page.source_name)]))
                            width=(page.width) height=(page.height) src={ "/page/" (stored.id) "/" (number) "?v=" (page.turned) };
                        (marks::on(words, stored, number, Some(number) == first, page))
                    }
                    figcaption.soft { (words.f("web-page-of", &[("page", &number.to_string()), ("file", &page.source_name)])) }
                }
            }
        }
    }
}

fn tools(words: Words, stored: &Stored, others: &[(DocumentId, String)]) -> Markup {
    let several = stored.document.page_total() > 1;
    let button = |action: &str, key: &str, id: &str| {
        html! { button type="button" data-action=(action) data-key=(key) { (words.t(id)) " " kbd { (key.to_uppercase()) } } }
    };
    html! {
        div.tools.row role="toolbar" aria-label=(words.t("web-pages-tools")) {
            (button("right", "r", "web-pages-right"))
            (button("left", "l", "web-pages-left"))
            @if several {
                (button("earlier", ",", "web-pages-earlier"))
                (button("later", ".", "web-pages-later"))
                (button("split", "s", "web-pages-split"))
            }
            (button("undo", "z", "web-pages-undo"))
            button type="button" data-action="zoom" data-key="+" { (words.t("web-pages-zoom")) " " kbd { "+" } }
        }
        details.more-tools {
            summary { (words.t("web-pages-more")) }
            div.row {
                label for="drop-why" { (words.t("web-pages-drop")) }
                input #drop-why maxlength="300" placeholder=(words.t("web-pages-drop-why"));
                button.danger type="button" data-action="drop" { (words.t("web-pages-drop-do")) }
            }
            div.row {
                label for="replace-file" { (words.t("web-pages-replace")) }
                input #replace-file type="file" accept=".jpg,.jpeg,.png,.tif,.tiff,.pdf";
                button type="button" data-action="replace" { (words.t("web-pages-replace-do")) }
            }
            @if !others.is_empty() {
                div.row {
                    label for="merge-with" { (words.t("web-pages-merge")) }
                    select #merge-with {
                        @for (id, name) in others { option value=(id) { (id) " · " (name) } }
                    }
                    button type="button" data-action="merge" { (words.t("web-pages-merge-do")) }
                }
            }
        }
    }
}

/// A correction.
pub(super) async fn correct(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let stored = as_shown(&app, &id, &form).await?;
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let page: usize = text("page").parse().unwrap_or(1);
    let action = match text("action").as_str() {
        "right" => Action::Rotate { pages: page.to_string(), degrees: 90 },
        "left" => Action::Rotate { pages: page.to_string(), degrees: 270 },
        "earlier" => Action::Move { page, to: page.saturating_sub(1) },
        "later" => Action::Move { page, to: page + 1 },
        "split" => Action::Split { page },
        "drop" => Action::Drop { pages: page.to_string(), reason: text("reason") },
        "merge" => Action::Merge { other: document_id(&text("other"))? },
        "undo" => {
            pages::undo(&app.desk, stored.id).await?;
            return Ok(answer::again());
        }
        other => {
            return Err(kinds::BAD_CHANGE.with("change", other.chars().take(20).collect::<String>()).into());
        }
    };
    let records = pages::correct(&app.desk, stored.id, &action).await?;
    // A document whose last page went is no longer to be looked at.
    let gone = records
        .iter()
        .any(|r| r.document == stored.id.to_string() && r.state == crate::store::State::Dropped);
    Ok(if gone { answer::go("/digitize") } else { answer::again() })
}

/// A new scan instead of a page.
pub(super) async fn replace(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let stored = as_shown(&app, &id, &query).await?;
    let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let name = inbox::harmless(query.get("name").map(String::as_str).unwrap_or_default());
    let folder = app.folder().join("replace").join(uuid::Uuid::now_v7().simple().to_string());
    crate::platform::create_private_dir(&folder)?;
    let done = async {
        inbox::has_room(&folder, &headers)?;
        let file = folder.join(&name);
        body::to_file(body, &file, MOST_BYTES).await?;
        pages::correct(&app.desk, stored.id, &Action::Replace { page, file, from: 1 }).await
    };
    let done = done.await;
    inbox::remove(&folder)?;
    done?;
    Ok(answer::again())
}

/// The picture of a page; `number` counts from 1, as on paper.
pub(super) async fn picture(
    State(app): State<Shared>,
    Path((id, number)): Path<(String, u32)>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let mut pages = stored.document.numbered_pages();
    let Some((_, page)) = pages.find(|(n, _)| *n == number) else {
        let pages = stored.document.page_total();
        return Err(kinds::PAGE_UNKNOWN
            .with("document", id)
            .with("page", number)
            .with("pages", pages)
            .into());
    };
    let size = Size::named(query.get("size").map(String::as_str));
    let drawn = picture::of_scan(&app, page, size).await?;
    Ok(answer::bytes("image/jpeg", drawn.as_ref().clone()))
}
