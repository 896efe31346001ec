//! The frame of every page: who we are, where one is, what has failed, who helps.

use axum::response::Html;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use crate::error::{Error, Result};
use crate::locales::Lang;
use crate::outage::{Outage, OutageState};
use crate::platform;
use crate::station::Support;
use crate::store::DestinationState;

use super::App;
use super::answer::Answer;
use super::session::Person;
use super::words::Words;

/// Where one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Home,
    Digitize,
    Sign,
    Seal,
    Deliver,
    Reconcile,
    Find,
    None,
}

const TABS: [(Tab, &str, &str); 7] = [
    (Tab::Home, "/", "web-tab-home"),
    (Tab::Digitize, "/digitize", "web-tab-digitize"),
    (Tab::Sign, "/sign", "web-tab-sign"),
    (Tab::Seal, "/seal", "web-tab-seal"),
    (Tab::Deliver, "/deliver", "web-tab-deliver"),
    (Tab::Reconcile, "/reconcile", "web-tab-reconcile"),
    (Tab::Find, "/find", "web-tab-find"),
];

/// A page inside the frame.
pub(super) struct Sheet {
    pub tab: Tab,
    pub title: String,
    /// Scripts beside the common one.
    pub scripts: &'static [&'static str],
    pub body: Markup,
}

/// The page in its frame.
///
/// # Errors
/// A store error.
pub(super) async fn page(app: &App, person: &Person, words: Words, sheet: Sheet) -> Answer<Html<String>> {
    Ok(frame(app, person, words, sheet).await?)
}

async fn frame(app: &App, person: &Person, words: Words, sheet: Sheet) -> Result<Html<String>> {
    let station = &app.desk.workspace.station;
    let outages = open_outages(app).await?;
    let destinations = app.desk.store.destinations(&station.destination).await?;
    let page = html! {
        (DOCTYPE)
        html lang=(words.tag()) {
            head {
                (head(&sheet.title, &station.office.name))
                meta name="csrf" content=(person.token);
            }
            body {
                a.skip href="#main" { (words.t("web-skip")) }
                (top(app, words, sheet.tab))
                @if app.desk.workspace.is_drill() {
                    section.drill aria-label=(words.t("web-drill")) { (words.t("web-drill")) }
                }
                (banner(words, &outages, &destinations))
                div #notice .notice role="status" aria-live="polite" hidden {}
                main #main tabindex="-1" { (sheet.body) }
                (foot(words, station.support.as_ref()))
                (strings(words))
                noscript { p.alert { (words.t("web-noscript")) } }
                script src="/assets/app.js" defer {}
                @for script in sheet.scripts {
                    script src={ "/assets/" (script) } defer {}
                }
            }
        }
    };
    Ok(Html(page.into_string()))
}

fn head(title: &str, office: &str) -> Markup {
    html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { (title) " · " (office) }
        link rel="icon" href="/assets/mark.svg" type="image/svg+xml";
        link rel="stylesheet" href="/assets/app.css";
        link rel="stylesheet" href="/assets/pages.css";
    }
}

fn top(app: &App, words: Words, here: Tab) -> Markup {
    let other = if words.lang == Lang::Vi { ("en", "English") } else { ("vi", "Tiếng Việt") };
    html! {
        header.top {
            div.who {
                img src="/assets/mark.svg" alt="" width="32" height="32";
                span.office { (app.desk.workspace.station.office.name) }
            }
            nav aria-label=(words.t("web-nav")) {
                @for (tab, to, id) in TABS {
                    @if tab == here {
                        a href=(to) aria-current="page" { (words.t(id)) }
                    } @else {
                        a href=(to) { (words.t(id)) }
                    }
                }
            }
            div.tools {
                form action="/lang" data-send="1" {
                    input type="hidden" name="to" value=(other.0);
                    button.quiet type="submit" lang=(other.0) { (other.1) }
                }
                form action="/lock" data-send="1" {
                    button.quiet type="submit" { (words.t("web-lock")) }
                }
            }
        }
    }
}

/// Outages that are not over.
///
/// # Errors
/// A store error.
pub(super) async fn open_outages(app: &App) -> Result<Vec<Outage>> {
    let mut all = app.desk.store.outages().await?;
    all.retain(|outage| !matches!(outage.state, OutageState::Closed | OutageState::Reconciled));
    Ok(all)
}

/// What has failed, since when, and whether the document system is back.
fn banner(words: Words, outages: &[Outage], destinations: &[DestinationState]) -> Markup {
    html! {
        @if !outages.is_empty() {
            section.banner #banner data-live="1" aria-label=(words.t("web-banner")) {
                @for outage in outages.iter().take(2) {
                    p {
                        strong { (words.f("web-banner-outage", &[("reference", &outage.reference)])) }
                        @if !outage.systems.is_empty() { " · " (outage.systems.join(", ")) }
                        @if let Some(at) = outage.start() {
                            " · " (words.f("web-banner-since", &[("at", &words.moment(at))]))
                        }
                    }
                }
                @for destination in destinations {
                    (destination_line(words, destination))
                }
            }
        }
    }
}

/// How a destination stands, in a line.
pub(super) fn destination_line(words: Words, destination: &DestinationState) -> Markup {
    let works = destination.state == "closed";
    let name = destination.name.as_str();
    html! {
        p class=(if works { "destination works" } else { "destination away" }) {
            span.dot aria-hidden="true" {}
            @if works {
                (words.f("web-destination-works", &[("name", name)]))
            } @else if destination.state == "blocked" {
                (words.f("web-destination-blocked", &[("name", name)]))
            } @else {
                (words.f("web-destination-away", &[("name", name)]))
                @if let Some(at) = destination.until.filter(|at| *at > Timestamp::now()) {
                    " " (words.f("web-destination-next", &[("at", &words.clock(at))]))
                }
            }
        }
    }
}

fn foot(words: Words, support: Option<&Support>) -> Markup {
    html! {
        footer {
            p {
                @if let Some(support) = support {
                    (words.f("web-support", &[("name", &support.name), ("phone", support.phone.as_deref().unwrap_or("–"))]))
                    " · "
                }
                (words.f("web-user", &[("user", &platform::user_name())]))
            }
        }
    }
}

/// Sentences that the script of the page says.
const SCRIPT: [&str; 14] = [
    "web-js-away",
    "web-js-back",
    "web-js-locked",
    "web-js-failed",
    "web-js-upload",
    "web-js-uploaded",
    "web-js-empty",
    "web-js-too-large",
    "web-js-page-failed",
    "web-js-scroll",
    "web-js-reason",
    "web-js-stop",
    "web-js-pin",
    "web-js-unsaved",
];

fn strings(words: Words) -> Markup {
    html! {
        template #strings {
            @for id in SCRIPT { span data-id=(id) { (words.t(id)) } }
        }
    }
}

/// A refusal as a page.
pub(super) async fn error(app: &App, person: &Person, words: Words, error: &Error) -> Html<String> {
    let (message, advice) = words.error(error);
    let body = html! {
        h1 { (words.t("web-error")) }
        div.alert role="alert" {
            p { strong { (message) } }
            p { (advice) }
        }
        p { a.button href="/" { (words.t("web-tab-home")) } }
    };
    let sheet = Sheet { tab: Tab::None, title: words.t("web-error"), scripts: &[], body };
    let framed = frame(app, person, words, sheet).await;
    // When not even the frame can be made, the words alone still can.
    framed.unwrap_or_else(|_| Html(html! { p { (message) } p { (advice) } }.into_string()))
}

/// Nobody is known here: how to get in, in both languages, and not a word about the office.
pub(super) fn locked() -> Html<String> {
    alone("web-locked", "web-locked-how")
}

/// The start link was used before.
pub(super) fn used_up() -> Html<String> {
    alone("web-used", "web-locked-how")
}

fn alone(what: &str, how: &str) -> Html<String> {
    let both = [Lang::Vi, Lang::En].map(|lang| Words { lang, offset: 0 });
    let page = html! {
        (DOCTYPE)
        html lang="vi" {
            head { (head("scanseal", "scanseal")) }
            body.alone {
                main {
                    @for words in both {
                        section lang=(words.tag()) {
                            h1 { (words.t(what)) }
                            p { (words.t(how)) }
                        }
                    }
                }
            }
        }
    };
    Html(page.into_string())
}
