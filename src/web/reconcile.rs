//! The board of numbers: what was handed out on paper, what was scanned, what the document system holds, each line that is not
//! as it should be with the reason that somebody gives, and the papers that an office hands over afterwards.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{Extension, Form, Query, State};
use axum::response::Html;
use maud::{Markup, html};

use crate::document::Fields;
use crate::error::{Result, kinds};
use crate::kit::Block;
use crate::outage::{Outage, OutageState};
use crate::pipeline::reconcile::{self, Reconciled, Settle};
use crate::reconcile::{Cell, Class, Line, board, sentence};
use crate::register::sheet::MAX_BYTES;
use crate::report::notice;
use crate::store::State as Stage;

use super::answer::{self, Answer};
use super::digitize::{place, turn};
use super::find::{download, escaped};
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::words::Words;
use super::{App, Shared, body};

/// Lines on one page of the table.
const PER_PAGE: usize = 50;
/// Longest value of a field of the notice, characters.
const LONGEST: usize = 300;

type Asked = HashMap<String, String>;

/// The outage that is asked for, else the newest that is not over, else the newest.
async fn outage(app: &App, asked: &Asked) -> Result<(Vec<Outage>, Option<Outage>)> {
    let all = app.desk.store.outages().await?;
    let named = asked.get("outage").and_then(|name| all.iter().find(|outage| outage.reference == *name));
    let over = |outage: &&Outage| !matches!(outage.state, OutageState::Closed);
    let newest = all.iter().max_by_key(|outage| (over(outage), outage.start()));
    let chosen = named.or(newest).cloned();
    Ok((all, chosen))
}

fn reference(asked: &Asked) -> &str {
    asked.get("outage").map_or("", String::as_str)
}

/// Which lines are on view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Open,
    All,
    Of(Class),
}

impl Show {
    fn of(asked: &Asked, found: &Reconciled) -> Self {
        let name = asked.get("show").map_or("", String::as_str);
        let class = Class::ALL.into_iter().find(|class| class.as_str() == name);
        match (class, name) {
            (Some(class), _) => Show::Of(class),
            (None, "open") => Show::Open,
            (None, "") if found.open() > 0 => Show::Open,
            _ => Show::All,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Show::Open => "open",
            Show::All => "all",
            Show::Of(class) => class.as_str(),
        }
    }

    fn fits(self, line: &Line) -> bool {
        match self {
            Show::Open => line.open,
            Show::All => true,
            Show::Of(class) => line.class == class,
        }
    }
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Query(asked): Query<Asked>,
) -> Answer<Html<String>> {
    let (all, chosen) = outage(&app, &asked).await?;
    let body = match chosen {
        None => html! {
            h1 { (words.t("web-reconcile")) }
            p { (words.t("web-reconcile-no-outage")) }
            p { a.button href="/" { (words.t("web-check-home")) } }
        },
        Some(outage) => {
            let found = reconcile::look(&app.desk, &outage.reference, None).await?;
            whole(words, &all, &found, &asked)
        }
    };
    let sheet =
        Sheet { tab: Tab::Reconcile, title: words.t("web-reconcile"), scripts: &["reconcile.js"], body };
    layout::page(&app, &person, words, sheet).await
}

fn whole(words: Words, all: &[Outage], found: &Reconciled, asked: &Asked) -> Markup {
    let show = Show::of(asked, found);
    html! {
        h1 { (words.f("web-reconcile-of", &[("reference", &found.outage.reference)])) }
        @if all.len() > 1 { (choice(words, all, &found.outage)) }
        (state(words, found))
        (sides(words, found))
        (boards(words, found))
        (tiles(words, found, show))
        (lines(words, found, show, asked))
        (papers(words, found))
    }
}

fn choice(words: Words, all: &[Outage], now: &Outage) -> Markup {
    html! {
        form.row action="/reconcile" method="get" {
            label for="outage" { (words.t("web-outage-reference")) }
            select.short #outage name="outage" {
                @for outage in all { option value=(outage.reference) selected[outage.reference == now.reference] { (outage.reference) } }
            }
            button type="submit" { (words.t("web-reconcile-show")) }
        }
    }
}

/// Whether every number is accounted for.
fn state(words: Words, found: &Reconciled) -> Markup {
    let open = found.open();
    html! {
        @match (open, found.outage.state) {
            (0, OutageState::Reconciled | OutageState::Closed) => p.goodbox { "✓ " (words.t("web-reconcile-done")) },
            (0, _) => div.goodbox {
                p { "✓ " (words.t("web-reconcile-none-open")) }
                form action="/reconcile/run" data-send="1" {
                    input type="hidden" name="outage" value=(found.outage.reference);
                    button.primary type="submit" { (words.t("web-reconcile-finish")) }
                }
            },
            _ => p.warnbox { "! " (words.n("web-reconcile-open", open)) },
        }
    }
}

/// What is compared: handed out, scanned, in the system.
fn sides(words: Words, found: &Reconciled) -> Markup {
    let outage = &found.outage;
    let counted =
        found.records.iter().filter(|r| !matches!(r.state, Stage::Dropped | Stage::Replaced)).count();
    let handed = outage.number_blocks.iter().map(|block| block.replace(':', " "));
    let kits = outage.kits.iter().map(|kit| words.f("web-reconcile-kit", &[("kit", kit)]));
    let handed: Vec<String> = handed.chain(kits).collect();
    html! {
        div.sides {
            section.panel {
                h2 { (words.t("web-reconcile-handed")) }
                @if handed.is_empty() { p.soft { (words.t("web-reconcile-handed-none")) } }
                @else { p { (handed.join(" · ")) } }
            }
            section.panel {
                h2 { (words.t("web-reconcile-scanned")) }
                p { (words.n("web-reconcile-documents", counted)) }
            }
            section.panel {
                h2 { (words.t("web-reconcile-system")) }
                @if found.system.is_some() { p { (words.n("web-reconcile-rows", found.system_rows)) } }
                @else { p.soft { (words.t("web-reconcile-system-none")) } }
                form #system-form action={ "/reconcile/system?outage=" (escaped(&outage.reference)) } {
                    p {
                        label.button .primary[found.system.is_none()] for="system" { (words.t("web-reconcile-upload")) }
                        input.behind #system type="file" accept=".csv,text/csv" aria-describedby="system-hint";
                    }
                    p.hint #system-hint { (words.t("web-reconcile-upload-hint")) }
                }
                @if found.system.is_some() { (strangers(words, found)) }
            }
        }
    }
}

/// Mark, class of style and word of what is said about a number.
fn tone(class: Option<Class>, open: bool) -> (&'static str, &'static str) {
    match (class, open) {
        (None | Some(Class::Unused), _) => ("", "none"),
        (Some(Class::Matched), _) => ("✓", "good"),
        (Some(Class::Spoilt | Class::Renumbered | Class::OutsideWindow | Class::OutsideBlock), true) => {
            ("!", "warn")
        }
        (_, true) => ("✗", "bad"),
        (_, false) => ("✓", "settled"),
    }
}

fn class_word(words: Words, class: Class) -> String {
    words.t(&format!("reconcile-class-{}", class.as_str().replace('_', "-")))
}

fn boards(words: Words, found: &Reconciled) -> Markup {
    let blocks: Vec<Block> = found.outage.number_blocks.iter().filter_map(|text| text.parse().ok()).collect();
    let fields: HashMap<&str, &Fields> =
        found.records.iter().map(|record| (record.document.as_str(), &record.fields)).collect();
    html! {
        @for block in &blocks {
            section aria-label=(words.f("web-reconcile-board", &[("block", &block.to_string())])) {
                h2 { (words.f("web-reconcile-board", &[("block", &block.to_string())])) }
                ol.board {
                    @for cell in board(block, &fields, &found.lines) { (cell_of(words, &cell)) }
                }
            }
        }
        @if !blocks.is_empty() {
            p.soft.legend {
                span.good { "✓" } " " (words.t("web-reconcile-legend-good")) " · "
                span.bad { "✗" } " " span.warn { "!" } " " (words.t("web-reconcile-legend-open")) " · "
                span.settled { "✓" } " " (words.t("web-reconcile-legend-settled")) " · "
                (words.t("web-reconcile-legend-none"))
            }
        }
    }
}

fn cell_of(words: Words, cell: &Cell) -> Markup {
    let (mark, class) = tone(cell.class, cell.open);
    let word = cell.class.map(|class| class_word(words, class)).unwrap_or_default();
    html! {
        li class=(class) title=(word) { (cell.number) @if !mark.is_empty() { span aria-hidden="true" { (mark) } } span.visually-hidden { " " (word) } }
    }
}

/// How many lines of each class; each leads to its lines.
fn tiles(words: Words, found: &Reconciled, show: Show) -> Markup {
    let to = |name: &str| format!("/reconcile?outage={}&show={name}#lines", escaped(&found.outage.reference));
    let tile = |name: &str, count: usize, word: String, here: bool| {
        html! {
            li { a.tile href=(to(name)) aria-current=[here.then_some("true")] { strong.number { (count) } " " (word) } }
        }
    };
    html! {
        h2 #lines { (words.t("web-reconcile-lines")) }
        ul.tiles {
            (tile("open", found.open(), words.t("web-reconcile-still-open"), show == Show::Open))
            @for class in Class::ALL.into_iter().filter(|class| found.count(*class) > 0) {
                (tile(class.as_str(), found.count(class), class_word(words, class), show == Show::Of(class)))
            }
            (tile("all", found.lines.len(), words.t("web-reconcile-all"), show == Show::All))
        }
    }
}

fn lines(words: Words, found: &Reconciled, show: Show, asked: &Asked) -> Markup {
    let all: Vec<&Line> = found.lines.iter().filter(|line| show.fits(line)).collect();
    let at = place(asked, all.len(), PER_PAGE);
    let shown: Vec<&Line> = all.iter().skip(at * PER_PAGE).take(PER_PAGE).copied().collect();
    let wanting = shown.iter().any(|line| line.class.needs_reason());
    let to = format!("/reconcile?outage={}&show={}", escaped(&found.outage.reference), show.name());
    html! {
        @if shown.is_empty() { p.soft { (words.t("web-reconcile-no-lines")) } } @else {
            form.printed #settle action="/reconcile/settle" data-send="1" {
                input type="hidden" name="outage" value=(found.outage.reference);
                div.wide tabindex="0" role="region" aria-label=(words.t("web-reconcile-lines")) { (table(words, &shown, wanting)) }
                @if wanting { (reason(words)) }
            }
        }
        (turn(words, &to, at, all.len(), PER_PAGE))
    }
}

fn table(words: Words, shown: &[&Line], wanting: bool) -> Markup {
    html! {
        table.lines {
            thead { tr {
                @if wanting { th scope="col" { label.pick { input #pick-all type="checkbox"; span.visually-hidden { (words.t("web-reconcile-pick-all")) } } } }
                th scope="col" { (words.t("web-reconcile-col-number")) }
                th scope="col" { (words.t("web-reconcile-col-paper")) }
                th scope="col" { (words.t("web-reconcile-col-system")) }
                th scope="col" { (words.t("web-reconcile-col-what")) }
                th scope="col" { (words.t("web-reconcile-col-reason")) }
            } }
            tbody { @for line in shown { (row(words, line, wanting)) } }
        }
    }
}

fn row(words: Words, line: &Line, wanting: bool) -> Markup {
    let name = line.number.as_deref().or(line.sheet.as_deref()).unwrap_or("–");
    let (mark, class) = tone(Some(line.class), line.open);
    html! {
        tr {
            @if wanting {
                td { @if line.class.needs_reason() { label.pick { input type="checkbox" name="line" value=(line.line); span.visually-hidden { (words.f("web-reconcile-pick", &[("number", name)])) } } } }
            }
            td { (name) @if line.number.is_some() { @if let Some(sheet) = &line.sheet { br; span.soft.small { (sheet) } } } }
            td { @for (at, document) in line.documents.iter().enumerate() { @if at > 0 { ", " } a href={ "/doc/" (document) } { (document) } } @if line.documents.is_empty() { "–" } }
            td { @for (at, (place, number)) in line.system.iter().enumerate() { @if at > 0 { br; } (number) " " span.soft.small { (words.f("web-reconcile-row", &[("row", &place.to_string())])) } } @if line.system.is_empty() { "–" } }
            td { span class={ "tag " (class) } { (mark) " " (class_word(words, line.class)) } " " (sentence(line, words.lang)) }
            td { @match &line.settled {
                Some(settled) => { (settled.reason) br; span.soft.small { (settled.by) ", " (words.moment(settled.at)) } },
                None if line.open => span.soft { (words.t("web-reconcile-wanted")) },
                None => {},
            } }
        }
    }
}

/// One reason for all lines that are marked.
fn reason(words: Words) -> Markup {
    html! {
        fieldset.settle {
            legend { (words.t("web-reconcile-settle")) }
            p.soft { (words.t("web-reconcile-settle-how")) }
            div.pairs {
                p.field.whole { label for="reason" { (words.t("web-reconcile-reason")) } input #reason name="reason" required maxlength="500" autocomplete="off"; }
                p.field { label for="by" { (words.t("web-reconcile-by")) } input #by name="by" required maxlength="100" autocomplete="name"; }
            }
            button.primary type="submit" { (words.t("web-reconcile-settle-do")) }
        }
    }
}

/// What is handed over: the notice with what only the office can say, the list, the registers.
fn papers(words: Words, found: &Reconciled) -> Markup {
    let reference = &found.outage.reference;
    html! {
        section.panel {
            h2 { (words.t("web-papers")) }
            ul {
                li { a href={ "/report.pdf?outage=" (escaped(reference)) } { (words.f("web-report", &[("reference", reference)])) } " (PDF)" }
                @for (way, id) in [("outgoing", "web-register-outgoing"), ("incoming", "web-register-incoming")] {
                    li { (words.t(id)) ": "
                        a href={ "/register/" (way) ".pdf" } aria-label={ (words.t(id)) ", PDF" } { "PDF" } ", "
                        a href={ "/register/" (way) ".csv" } aria-label={ (words.t(id)) ", " (words.t("web-register-csv")) } { (words.t("web-register-csv")) } }
                }
            }
            h3 { (words.t("web-notice")) }
            p.soft { (words.t("web-notice-why")) }
            @if found.open() > 0 { p.warnbox { "! " (words.n("web-notice-open", found.open())) } }
            form.stack action="/notice.pdf" method="get" {
                input type="hidden" name="outage" value=(reference);
                div.pairs {
                    @for name in ["number", "place", "signer", "position", "to"] {
                        p.field { label for={ "notice-" (name) } { (words.t(&format!("web-notice-{name}"))) } input id={ "notice-" (name) } name=(name) maxlength=(LONGEST) autocomplete="off"; }
                    }
                }
                button type="submit" { (words.t("web-notice-do")) }
            }
        }
    }
}

/// The table that the document system has exported: compared at once, and kept.
pub(super) async fn system(State(app): State<Shared>, Query(asked): Query<Asked>, body: Body) -> Answer {
    let export = body::whole(body, MAX_BYTES).await?;
    reconcile::run(&app.desk, reference(&asked), Some(&export)).await?;
    Ok(answer::again())
}

/// Compares once more, keeps what it came to, and moves the outage on.
pub(super) async fn compare(State(app): State<Shared>, Form(form): Form<Asked>) -> Answer {
    reconcile::run(&app.desk, reference(&form), None).await?;
    Ok(answer::again())
}

/// Lines are closed with a reason and a name.
pub(super) async fn settle(State(app): State<Shared>, Form(form): Form<Vec<(String, String)>>) -> Answer {
    let text = |wanted: &str| form.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let lines: Vec<String> = form.iter().filter(|(name, _)| name == "line").map(|(_, v)| v.clone()).collect();
    if lines.is_empty() {
        return Err(kinds::LINES_NOT_CHOSEN.error().into());
    }
    let reference = text("outage").unwrap_or_default();
    let found = reconcile::look(&app.desk, &reference, None).await?;
    // The page asks for a name: who runs the program may be another person than the one who answers for the number.
    let by = Some(text("by").unwrap_or_default());
    let settle = Settle { lines, reason: text("reason").unwrap_or_default(), by };
    reconcile::settle(&app.desk, &found, &settle).await?;
    reconcile::run(&app.desk, &reference, None).await?;
    Ok(answer::again())
}

/// The recovery result notice, as PDF/A.
pub(super) async fn notice(
    State(app): State<Shared>,
    Extension(words): Extension<Words>,
    Query(asked): Query<Asked>,
) -> Answer {
    let text = |name: &str| {
        let text: String =
            asked.get(name)?.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        Some(text).filter(|text| !text.is_empty())
    };
    let recipients = text("to").map(|to| to.split(';').map(|name| name.trim().to_owned()).collect());
    let form = notice::Form {
        number: text("number"),
        place: text("place"),
        signer: text("signer"),
        position: text("position"),
        recipients: recipients.unwrap_or_default(),
    };
    let found = reconcile::look(&app.desk, reference(&asked), None).await?;
    let (desk, lang) = (app.desk.clone(), words.lang);
    let make = move || reconcile::notice(&desk, &found, &form, lang);
    let made = tokio::task::spawn_blocking(make).await.map_err(|e| kinds::INTERNAL.with("cause", e))?;
    Ok(download("application/pdf", "notice.pdf", made?.0))
}

/// Rows of the list that are no paper of the outage: how many, what a person should ask of those that look like one, and the
/// first of them, folded away.
fn strangers(words: Words, found: &Reconciled) -> Markup {
    let strangers = &found.strangers;
    let near = strangers.near.len();
    let counted = [("count", near.to_string()), ("rows", String::new())];
    let question =
        words.f("reconcile-strangers-near", &counted.each_ref().map(|(name, value)| (*name, value.as_str())));
    let shown = [("shown", near.min(PER_PAGE).to_string()), ("count", near.to_string())];
    let shown = words.f("web-reconcile-near", &shown.each_ref().map(|(name, value)| (*name, value.as_str())));
    html! {
        @if strangers.count > 0 {
            p.soft { (words.f("reconcile-strangers", &[("count", &strangers.count.to_string())])) }
        }
        @if near > 0 {
            p { (question.trim()) }
            details #strangers {
                summary { (shown) }
                ul {
                    @for (line, number, day) in strangers.near.iter().take(PER_PAGE) {
                        li { (words.f("reconcile-stranger", &[("line", &line.to_string()), ("number", number), ("day", day)])) }
                    }
                }
            }
        }
    }
}
