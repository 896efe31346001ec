//! Scans come in: dropped on the page, read while one looks on, and shown as documents that a person confirms.

use std::collections::HashMap;

use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};

use crate::document::DocumentId;
use crate::error::{Result, kinds};
use crate::event::{Front, Tally};
use crate::pipeline::board::Row;
use crate::pipeline::intake::{self, Way};
use crate::pipeline::sign::document_id;
use crate::pipeline::{Desk, Selection, build};
use crate::scan::duplex::Duplex;
use crate::store::{State as Stage, Stored};

use super::answer::{self, Answer};
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::words::Words;
use super::work::{self, Kind};
use super::{App, Shared, inbox, outage, watching};

/// Documents on one page of the list.
pub(super) const PER_PAGE: usize = 24;

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Html<String>> {
    let outages = layout::open_outages(&app).await?;
    let left = inbox::left(&app)?;
    let running = app.works.running(Kind::Intake).is_some();
    let (rows, total, plain, place) = to_check(&app, &query).await?;
    let mut cards = Vec::with_capacity(rows.len());
    for row in &rows {
        cards.push(card(words, row, &app.desk.store.document(row.id).await?));
    }
    let body = html! {
        h1 { (words.t("web-digitize")) }
        @if outages.is_empty() {
            (outage::form(words))
        } @else {
            (drop_zone(words, &outages.iter().map(|o| o.reference.as_str()).collect::<Vec<_>>(), total > 0))
        }
        @if !running {
            @for (batch, files) in left.iter().filter(|(_, files)| !files.is_empty()) {
                (left_over(words, batch, files, &outages.iter().map(|o| o.reference.as_str()).collect::<Vec<_>>()))
            }
        }
        (panel_with_history(words, Kind::Intake))
        @if let [first, ..] = outages.as_slice() { (watching::form(&app, words, &first.reference)) }
        (panel(words, Kind::Build))
        section #check data-renew="build intake watch" {
            div.row.spread {
                h2 { (words.n("web-check", total)) }
                @if plain > 0 {
                    form action="/digitize/confirm" data-send="1" {
                        button type="submit" { (words.n("web-check-all", plain)) }
                    }
                }
            }
            @if total == 0 {
                p.soft #check-none { (words.t("web-check-none")) }
                p { a.button href="/" { (words.t("web-check-home")) } }
            }
            @if let Some(first) = rows.first() {
                p { a.button.primary href={ "/doc/" (first.id) } data-key="Enter" { (words.t("web-check-first")) " " kbd { "Enter" } } }
            }
            ul.documents #documents {
                @for card in &cards { (card) }
            }
            (turn(words, "/digitize", place, total, PER_PAGE))
        }
    };
    let sheet = Sheet {
        tab: Tab::Digitize,
        title: words.t("web-digitize"),
        scripts: &["live.js", "intake.js"],
        body,
    };
    layout::page(&app, &person, words, sheet).await
}

/// The rows of a page of what is to be looked at, how many there are, how many of them nothing is wrong with, and the page.
async fn to_check(app: &App, query: &HashMap<String, String>) -> Result<(Vec<Row>, usize, usize, usize)> {
    let board = app.board().await?;
    let mut all = board.rows(Row::is_to_check);
    // What waits for an answer first: the paper is still at hand.
    all.sort_by_key(|row| (row.state != Stage::Held, row.id));
    let total = all.len();
    let plain = all.iter().filter(|row| is_plain(row)).count();
    let place = place(query, total, PER_PAGE);
    let rows = all.into_iter().skip(place * PER_PAGE).take(PER_PAGE).cloned().collect();
    Ok((rows, total, plain, place))
}

/// Nothing was noticed, its number is known, and nobody's word is missing.
fn is_plain(row: &Row) -> bool {
    row.state == Stage::Captured && row.warnings == 0 && !row.to_attest && row.number.is_some()
}

/// Which page of a list is asked for, from 0.
pub(super) fn place(query: &HashMap<String, String>, total: usize, per_page: usize) -> usize {
    let asked: usize = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
    asked.saturating_sub(1).min(total.saturating_sub(1) / per_page.max(1))
}

/// Links to the pages of a list.
pub(super) fn turn(words: Words, to: &str, place: usize, total: usize, per_page: usize) -> Markup {
    let pages = total.div_ceil(per_page);
    let to = if to.contains('?') { format!("{to}&") } else { format!("{to}?") };
    html! {
        @if pages > 1 {
            nav.turn aria-label=(words.t("web-turn")) {
                @if place > 0 { a.button href={ (to) "page=" (place) } rel="prev" { (words.t("web-turn-back")) } }
                span { (words.f("web-turn-at", &[("page", &(place + 1).to_string()), ("pages", &pages.to_string())])) }
                @if place + 1 < pages { a.button href={ (to) "page=" (place + 2) } rel="next" { (words.t("web-turn-on")) } }
            }
        }
    }
}

/// Where files are dropped or chosen.
fn drop_zone(words: Words, outages: &[&str], has_more_to_do: bool) -> Markup {
    html! {
        section.panel {
            form #intake .stack action="/digitize/begin" {
                div #drop .drop .low[has_more_to_do] {
                    p.big { (words.t("web-drop")) }
                    p.soft { (words.t("web-drop-kinds")) }
                    p {
                        label.button .primary[!has_more_to_do] for="files" { (words.t("web-drop-choose")) }
                        input #files type="file" multiple accept=".jpg,.jpeg,.png,.tif,.tiff,.pdf,.csv";
                    }
                }
                (outage_choice(words, outages))
                details {
                    summary { (words.t("web-way")) }
                    (ways(words))
                }
                div #uploads hidden {
                    p { span #upload-text {} " " span #upload-count .number {} }
                    progress #upload-bar max="100" value="0" aria-label=(words.t("web-js-upload")) {}
                    ul #upload-pages .strip {}
                }
            }
        }
    }
}

fn outage_choice(words: Words, outages: &[&str]) -> Markup {
    html! {
        @if let [only] = outages {
            input type="hidden" name="outage" value=(only);
            p.soft { (words.f("web-outage-this", &[("reference", only)])) }
        } @else {
            p.field {
                label for="outage" { (words.t("web-outage-which")) }
                select #outage name="outage" {
                    @for reference in outages { option value=(reference) { (reference) } }
                }
            }
        }
    }
}

/// How a stack becomes documents.
fn ways(words: Words) -> Markup {
    html! {
        fieldset {
            legend { (words.t("web-split")) }
            @for way in ["auto", "sheets", "blank", "file"] {
                label.choice { input type="radio" name="split" value=(way) checked[way == "auto"]; span { (words.t(&format!("web-split-{way}"))) } }
            }
        }
        fieldset {
            legend { (words.t("web-duplex")) }
            @for way in ["", "fronts", "reversed"] {
                @let id = if way.is_empty() { "none" } else { way };
                label.choice { input type="radio" name="duplex" value=(way) checked[way.is_empty()]; span { (words.t(&format!("web-duplex-{id}"))) } }
            }
        }
    }
}

/// A batch that was dropped and not taken in, since the program ended in between.
fn left_over(words: Words, batch: &str, files: &[String], outages: &[&str]) -> Markup {
    html! {
        section.warnbox {
            h2 { (words.n("web-left", files.len())) }
            p { (files.iter().take(5).cloned().collect::<Vec<_>>().join(", ")) @if files.len() > 5 { "…" } }
            div.row {
                @if let Some(outage) = outages.first() {
                    form action="/digitize/begin" data-send="1" {
                        input type="hidden" name="batch" value=(batch);
                        input type="hidden" name="outage" value=(outage);
                        button.primary type="submit" { (words.t("web-left-take")) }
                    }
                }
                form action="/digitize/discard" data-send="1" {
                    input type="hidden" name="batch" value=(batch);
                    button type="submit" { (words.t("web-left-discard")) }
                }
            }
        }
    }
}

/// Where a work of a kind shows itself.
pub(super) fn panel(words: Words, kind: Kind) -> Markup {
    html! {
        section.work data-kind=(kind.as_str()) hidden aria-label=(words.t(&format!("web-kind-{}", kind.as_str()))) {
            div.row.spread {
                h2 { (words.t(&format!("web-kind-{}", kind.as_str()))) ": " span.stage role="status" {} }
                span.count.number {}
                button.stop type="button" { (words.t("web-work-stop")) }
            }
            progress aria-label=(words.t(&format!("web-kind-{}", kind.as_str()))) {}
            ul.lines tabindex="0" aria-label=(words.t("web-work-lines")) {}
        }
    }
}

/// As [`panel`]; it also shows how the last work of its kind ended.
pub(super) fn panel_with_history(words: Words, kind: Kind) -> Markup {
    html! { div.history { (panel(words, kind)) } }
}

/// A document as a group of its pages.
fn card(words: Words, row: &Row, stored: &Stored) -> Markup {
    let document = &stored.document;
    let tone = match (row.holds, row.warnings) {
        (1.., _) => "bad",
        (0, 1..) => "warn",
        _ => "good",
    };
    html! {
        li.document id=(row.id) data-state=(row.state.as_str()) {
            a.pages href={ "/doc/" (row.id) } aria-label=(words.f("web-doc-open", &[("document", &row.id.to_string())])) {
                @for (number, page) in document.numbered_pages().take(6) {
                    img loading="lazy" width="84" height="119" alt=""
                        src={ "/page/" (row.id) "/" (number) "?size=thumb&v=" (page.turned) };
                }
                @if row.pages > 6 { span.more { "+" (row.pages - 6) } }
            }
            div.about {
                h3 { a href={ "/doc/" (row.id) } { (row.name()) } }
                p { @if let Some(subject) = &row.subject { (subject) } @else { (row.file) } }
                p.soft { (row.id) " · " (words.n("web-pages", row.pages)) }
                p {
                    @match tone {
                        "bad" => span.tag.bad { (words.n("web-holds", row.holds)) },
                        "warn" => span.tag.warn { (words.n("web-warnings", row.warnings)) },
                        _ => span.tag.good { (words.t("web-no-findings")) },
                    }
                    @if row.set_aside { " " span.tag.warn { (words.t("web-was-set-aside")) } }
                }
            }
        }
    }
}

/// The group of one document, for a page that is open while it comes in.
pub(super) async fn one(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
) -> Answer<Html<String>> {
    let id = document_id(&id)?;
    let stored = app.desk.store.document(id).await?;
    let row =
        app.board().await?.row(id).cloned().ok_or_else(|| kinds::DOCUMENT_UNKNOWN.with("document", id))?;
    Ok(Html(card(words, &row, &stored).into_string()))
}

/// Takes a batch in.
pub(super) async fn begin(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let folder = inbox::folder(&app, &text("batch"))?;
    let split = text("split");
    let way = Way {
        split: if split.is_empty() { Default::default() } else { split.parse()? },
        duplex: match text("duplex").as_str() {
            "fronts" => Some(Duplex::Fronts),
            "reversed" => Some(Duplex::Reversed),
            _ => None,
        },
        without_back: Vec::new(),
    };
    let request =
        intake::Request { inputs: vec![folder.clone()], outage: text("outage"), manifest: None, way };
    let begun = work::begin(&app, Kind::Intake, words, async move |app, work| {
        tokio::select! {
            taken = take(&app, &request, work.as_ref()) => {
                // Copies of what is in the store now, or was refused: no byte of a refused scan stays.
                inbox::remove(&folder)?;
                taken
            }
            // The rest stays where it is and is offered again.
            () = work.asked_to_stop() => Ok(Tally { stopped: true, ..Tally::default() }),
        }
    })?;
    Ok(answer::json(&serde_json::json!({"work": begun.id})))
}

async fn take(app: &App, request: &intake::Request, front: &work::Work) -> Result<Tally> {
    let plan = intake::plan(&app.desk, request).await?;
    intake::run(&app.desk, plan, front).await
}

/// A batch that nobody wants.
pub(super) async fn discard(State(app): State<Shared>, Form(form): Form<HashMap<String, String>>) -> Answer {
    let batch = form.get("batch").cloned().unwrap_or_default();
    inbox::remove(&inbox::folder(&app, &batch)?)?;
    Ok(answer::again())
}

/// Everything that nothing was noticed about goes on.
pub(super) async fn confirm(State(app): State<Shared>, Extension(words): Extension<Words>) -> Answer {
    let ids: Vec<DocumentId> = app.board().await?.rows(is_plain).into_iter().map(|row| row.id).collect();
    build_later(&app, words, ids)?;
    Ok(answer::again())
}

/// Documents that are confirmed are built behind the scenes, a lot at a time.
///
/// # Errors
/// None but those of beginning a work.
pub(super) fn build_later(app: &Shared, words: Words, ids: Vec<DocumentId>) -> Result<()> {
    if let Ok(mut waiting) = app.to_build.lock() {
        for id in ids {
            if !waiting.contains(&id) {
                waiting.push(id);
            }
        }
    }
    let begun = work::begin(app, Kind::Build, words, async |app, work| {
        let mut tally = Tally::default();
        loop {
            let lot: Vec<DocumentId> = app.to_build.lock().map(|ids| ids.clone()).unwrap_or_default();
            if lot.is_empty() || work.is_stopping() {
                return Ok(tally);
            }
            let selection = Selection { documents: lot.clone(), outage: None };
            let run = async |desk: &Desk| {
                build::run(desk, build::plan(desk, &selection).await?, work.as_ref()).await
            };
            let built = work::apart(&app, &work, run).await;
            if let Ok(mut waiting) = app.to_build.lock() {
                waiting.retain(|id| !lot.contains(id));
            }
            tally.add(built?);
        }
    });
    match begun {
        // The one that runs takes these along.
        Err(error) if error.code() == kinds::WEB_BUSY.code => Ok(()),
        begun => begun.map(|_| ()),
    }
}
