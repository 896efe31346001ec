//! The first page: what waits for whom, and the one thing to do next.

use axum::extract::{Extension, State};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

use crate::locales::Lang;
use crate::pipeline::sign;
use crate::sign::Role;
use crate::store::State as Stage;

use super::answer::{self, Answer};
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::words::Words;
use super::{Shared, outage, start, work};

/// Counts by what waits.
struct Waiting {
    held: usize,
    check: usize,
    attest: usize,
    building: usize,
    personal: usize,
    organization: usize,
    destination: usize,
    delivered: usize,
    dead: i64,
}

async fn waiting(app: &Shared) -> crate::error::Result<Waiting> {
    let station = &app.desk.workspace.station;
    let dead = app.desk.store.destinations(&station.destination).await?.iter().map(|d| d.dead).sum();
    let board = app.board().await?;
    let count = |role: &'static str| board.count(|row| row.waits == Some(role));
    let to_build = app.to_build.lock().map(|ids| ids.len()).unwrap_or_default();
    Ok(Waiting {
        held: board.count(|row| row.state == Stage::Held),
        check: board.count(|row| row.state == Stage::Captured && !row.to_attest),
        attest: board.count(|row| row.state == Stage::Captured && row.to_attest),
        building: to_build,
        personal: count("personal"),
        organization: count("organization"),
        destination: count("destination"),
        delivered: board.count(|row| row.state == Stage::Delivered),
        dead,
    })
}

/// How long so many signatures take, as far as the station's key was measured here; empty when it was not.
pub(super) async fn time(
    app: &Shared,
    role: Role,
    count: usize,
    words: Words,
) -> crate::error::Result<String> {
    let Ok(uri) = sign::key_uri(Some(&app.desk.workspace), role, None) else { return Ok(String::new()) };
    let each = app.desk.store.speed(&uri.to_string()).await?;
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let whole = each.filter(|_| count > 0).map(|each| each.saturating_mul(count).as_secs());
    Ok(whole.map(|seconds| needed(seconds, words)).unwrap_or_default())
}

/// A time in words.
fn needed(seconds: u64, words: Words) -> String {
    match seconds {
        0 => words.t("cli-time-moment"),
        1..120 => words.n("cli-time-seconds", usize::try_from(seconds).unwrap_or_default()),
        _ => words.n("cli-time-minutes", usize::try_from(seconds.div_ceil(60)).unwrap_or_default()),
    }
}

struct Card {
    count: usize,
    to: &'static str,
    title: String,
    what: String,
    action: String,
    bad: bool,
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
) -> Answer<Html<String>> {
    let waiting = waiting(&app).await?;
    let outages = layout::open_outages(&app).await?;
    let personal = time(&app, Role::Personal, waiting.personal, words).await?;
    let seal = time(&app, Role::Organization, waiting.organization, words).await?;
    let cards = cards(&waiting, words, &personal, &seal);
    let first = cards.iter().position(|card| card.count > 0);
    let body = html! {
        h1 { (words.t("web-home")) }
        @if outages.is_empty() {
            (outage::form(words))
        }
        @if first.is_none() && !outages.is_empty() {
            section.empty {
                p { (words.t("web-home-nothing")) }
                p {
                    a.button.primary href="/digitize" { (words.t("web-home-begin")) }
                    @if waiting.delivered > 0 { " " a.button href="/reconcile" { (words.t("web-home-reconcile")) } }
                }
            }
        }
        ol.cards #cards data-live="1" {
            @for (place, card) in cards.iter().enumerate() {
                (card_of(card, first == Some(place), words))
            }
        }
        p.done #done data-live="1" {
            (words.n("web-home-delivered", waiting.delivered))
            @if waiting.building > 0 { " " (words.n("web-home-building", waiting.building)) }
        }
    };
    let sheet = Sheet { tab: Tab::Home, title: words.t("web-home"), scripts: &["live.js"], body };
    layout::page(&app, &person, words, sheet).await
}

fn card_of(card: &Card, is_next: bool, words: Words) -> Markup {
    let class = match (card.count, card.bad) {
        (0, _) => "card none",
        (_, true) => "card bad",
        _ => "card",
    };
    html! {
        li class=(class) {
            p.count { (card.count) }
            div.what {
                h2 { (card.title) }
                p { @if card.count == 0 { (words.t("web-card-none")) } @else { (card.what) } }
            }
            @if card.count > 0 {
                a class=(if is_next { "button primary" } else { "button" }) href=(card.to) { (card.action) }
            }
        }
    }
}

fn cards(waiting: &Waiting, words: Words, personal: &str, seal: &str) -> Vec<Card> {
    let with_time = |id: &str, time: &str| match time.is_empty() {
        true => words.t(id),
        false => format!("{} {}", words.t(id), words.f("web-card-time", &[("time", time)])),
    };
    let checks = waiting.held + waiting.check + waiting.attest;
    let what = match waiting.held {
        0 => words.t("web-card-check-what"),
        held => words.n("web-card-check-held", held),
    };
    let send = match waiting.dead {
        0 => words.t("web-card-send-what"),
        dead => words.n("web-card-send-dead", usize::try_from(dead).unwrap_or_default()),
    };
    let card = |count, to, name: &str, what, bad| Card {
        count,
        to,
        title: words.t(&format!("web-card-{name}")),
        what,
        action: words.t(&format!("web-card-{name}-do")),
        bad,
    };
    vec![
        card(checks, "/digitize#check", "check", what, waiting.held > 0),
        card(waiting.personal, "/sign", "personal", with_time("web-card-personal-what", personal), false),
        card(
            waiting.organization,
            "/seal",
            "organization",
            with_time("web-card-organization-what", seal),
            false,
        ),
        card(waiting.destination, "/deliver", "send", send, waiting.dead > 0),
    ]
}

/// The way in.
pub(super) async fn start(
    State(app): State<Shared>,
    axum::extract::Query(query): axum::extract::Query<std::collections::HashMap<String, String>>,
) -> Answer {
    let given = query.get("token").map(String::as_str).unwrap_or_default();
    if !app.start.take(given)? {
        return Ok((axum::http::StatusCode::FORBIDDEN, layout::used_up()).into_response());
    }
    let lang = app.lang.lock().map(|lang| *lang).unwrap_or_default();
    let secret = app.sessions.open(lang)?;
    let name = super::guard::cookie_name(app.port);
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict");
    Ok(([(axum::http::header::SET_COOKIE, cookie)], start::hand_over()).into_response())
}

/// Another language for this browser.
pub(super) async fn language(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    axum::extract::Form(form): axum::extract::Form<std::collections::HashMap<String, String>>,
) -> Answer {
    let lang = if form.get("to").is_some_and(|to| to == "vi") { Lang::Vi } else { Lang::En };
    app.sessions.speak(&person, lang)?;
    if let Ok(mut usual) = app.lang.lock() {
        *usual = lang;
    }
    Ok(answer::again())
}

/// The person leaves the desk.
pub(super) async fn lock(State(app): State<Shared>, Extension(person): Extension<Person>) -> Answer {
    app.sessions.close(&person)?;
    Ok(answer::go("/"))
}

/// The token of a page that was open before the browser was let in anew.
pub(super) async fn token(Extension(person): Extension<Person>) -> Response {
    answer::json(&serde_json::json!({"token": person.token}))
}

/// Whether anything of a kind runs.
pub(super) fn is_running(app: &Shared, kind: work::Kind) -> bool {
    app.works.running(kind).is_some()
}
