//! For whoever looks after the delivery: what waits, what arrived with which proof, what was refused and what to do about it.

use axum::extract::{Extension, State};
use axum::response::Html;
use maud::{Markup, html};

use crate::store::{Delivery, DestinationState};

use super::answer::{self, Answer};
use super::digitize::panel;
use super::layout::{self, Sheet, Tab};
use super::session::Person;
use super::words::Words;
use super::work::Kind;
use super::{Shared, sender};

/// Lines of a list.
const MOST: i64 = 100;

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
) -> Answer<Html<String>> {
    let store = &app.desk.store;
    let destinations = store.destinations(&app.desk.workspace.station.destination).await?;
    let dead = store.deliveries_in(&["dead"], MOST).await?;
    let open = store.deliveries_in(&["ready", "leased"], MOST).await?;
    let receipts = store.last_receipts(MOST).await?;
    let paused = sender::is_paused(&app);
    let body = html! {
        h1 { (words.t("web-deliver")) }
        @if destinations.is_empty() { p.warnbox { (words.t("web-deliver-nowhere")) } }
        div #destinations data-live="1" { @for destination in &destinations { (destination_of(words, destination)) } }
        @if !destinations.is_empty() { (switch(words, paused)) }
        (panel(words, Kind::Send))
        div #refused data-live="1" { @if !dead.is_empty() { (refused(words, &dead)) } }
        div #waiting data-live="1" { (waiting(words, &open)) }
        section #arrived data-live="1" {
            h2 { (words.t("web-deliver-arrived")) }
            @if receipts.is_empty() { p.soft { (words.t("web-deliver-none-arrived")) } } @else {
                div.wide tabindex="0" role="region" aria-label=(words.t("web-deliver-arrived")) {
                    table.stack {
                        thead { tr {
                            th scope="col" { (words.t("web-col-at")) } th scope="col" { (words.t("cli-head-document")) }
                            th scope="col" { (words.t("web-col-destination")) } th scope="col" { (words.t("web-col-proof")) }
                        } }
                        tbody {
                            @for (id, destination, proof, at) in &receipts {
                                tr {
                                    td.when { (words.moment(*at)) }
                                    td { a href={ "/doc/" (id) } { (id) } }
                                    td { (destination) }
                                    td { span.tag.good { "✓ " (words.t(&format!("report-proof-{proof}"))) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    let sheet = Sheet { tab: Tab::Deliver, title: words.t("web-deliver"), scripts: &["live.js"], body };
    layout::page(&app, &person, words, sheet).await
}

fn destination_of(words: Words, destination: &DestinationState) -> Markup {
    let counts = [
        ("queued", destination.queued.to_string()),
        ("sent", destination.sent.to_string()),
        ("delivered", destination.delivered.to_string()),
        ("dead", destination.dead.to_string()),
    ];
    let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
    html! {
        section.panel {
            (layout::destination_line(words, destination))
            p { (words.f("web-destination-counts", &counts)) }
            @if let Some(reason) = &destination.reason {
                @let (message, advice) = words.error(&reason.error());
                details { summary { (words.t("web-destination-reason")) } p { (message) } p.soft { (advice) } }
            }
        }
    }
}

fn switch(words: Words, paused: bool) -> Markup {
    html! {
        div.row {
            @if paused {
                p.warnbox { (words.t("web-paused")) }
                form action="/deliver/resume" data-send="1" { button.primary type="submit" { (words.t("web-resume")) } }
            } @else {
                form action="/deliver/pause" data-send="1" { button type="submit" { (words.t("web-pause")) } }
                span.soft { (words.t("web-pause-what")) }
            }
        }
    }
}

/// What a person has to look at.
fn refused(words: Words, dead: &[Delivery]) -> Markup {
    html! {
        section.alert {
            h2 { (words.n("web-deliver-refused", dead.len())) }
            ul {
                @for delivery in dead {
                    @let (message, advice) = words.error(&delivery.refusal());
                    li {
                        p { a href={ "/doc/" (delivery.document) } { (delivery.document) } " → " (delivery.destination) ": " (message) }
                        p.soft { (advice) }
                    }
                }
            }
            form action="/deliver/retry" data-send="1" { button.primary type="submit" { (words.t("web-deliver-retry")) } }
        }
    }
}

fn waiting(words: Words, open: &[Delivery]) -> Markup {
    html! {
        section {
            h2 { (words.n("web-deliver-waiting", open.len())) }
            @if open.is_empty() { p.soft { (words.t("web-deliver-none")) } } @else {
                div.wide tabindex="0" role="region" aria-label=(words.n("web-deliver-waiting", open.len())) {
                    table.stack {
                        thead { tr {
                            th scope="col" { (words.t("cli-head-document")) } th scope="col" { (words.t("web-col-destination")) }
                            th scope="col" { (words.t("web-col-name")) } th scope="col" { (words.t("web-col-last")) }
                        } }
                        tbody {
                            @for delivery in open {
                                tr {
                                    td { a href={ "/doc/" (delivery.document) } { (delivery.document) } }
                                    td { (delivery.destination) }
                                    td { (delivery.name) }
                                    td { @if delivery.last_error.is_some() { (words.error(&delivery.refusal()).0) } @else if delivery.state == "leased" { (words.t("web-deliver-underway")) } @else { (words.t("web-deliver-first")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Nothing is sent until somebody resumes.
pub(super) async fn pause(State(app): State<Shared>) -> Answer {
    sender::pause(&app)?;
    app.desk.store.note("delivery_paused", None, serde_json::json!({})).await?;
    Ok(answer::again())
}

/// Goes on.
pub(super) async fn resume(State(app): State<Shared>) -> Answer {
    sender::resume(&app)?;
    app.desk.store.note("delivery_resumed", None, serde_json::json!({})).await?;
    Ok(answer::again())
}

/// What was refused is tried again, now that a person has dealt with it.
pub(super) async fn retry(State(app): State<Shared>) -> Answer {
    for destination in &app.desk.workspace.station.destination {
        app.desk.store.revive(&destination.name, true).await?;
    }
    app.to_send.notify_one();
    Ok(answer::again())
}
