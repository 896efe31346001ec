//! How the next signature will show: on the picture of its page, at its true size, drawn by what will sign, before anybody
//! types a PIN; and the choice of its place as far as the profile leaves one.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Extension, Form, Path, Query, State};
use axum::response::Html;
use image::DynamicImage;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Result, kinds};
use crate::pipeline::sign::{self, Look, document_id};
use crate::profile::Visible;
use crate::sign::Role;
use crate::sign::form::{Covered, Wanted};
use crate::sign::preview::Preview;
use crate::store::Stored;

use super::answer::{self, Answer};
use super::layout::{self, Sheet, Tab};
use super::picture::{self, Size};
use super::session::Person;
use super::words::Words;
use super::{App, Shared};

const MM_PER_POINT: f32 = 25.4 / 72.0;
/// What is shown around the form in a small picture, points.
const AROUND: f32 = 56.0;
/// Distance of the frame from the form, millimetres.
const GAP: f32 = 1.5;
/// Longest line of text that a place is named by, characters.
const LONGEST: usize = 200;

type Asked = HashMap<String, String>;

fn text<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked.get(name).map_or("", |value| value.trim())
}

fn role(asked: &Asked) -> Role {
    if text(asked, "role") == "organization" { Role::Organization } else { Role::Personal }
}

/// The place that a request names; none leaves it as it is.
fn wanted(asked: &Asked) -> Result<Option<Wanted>> {
    let bad = |place: &str| kinds::BAD_PLACE.with("place", place);
    match text(asked, "way") {
        "" => Ok(None),
        "rule" => Ok(Some(Wanted::ByRule)),
        "above" => {
            let line: String = text(asked, "line").chars().take(LONGEST).collect();
            if line.is_empty() { Err(bad("…")) } else { Ok(Some(Wanted::Above(line))) }
        }
        "at" => {
            let place = format!("{}:{},{}", text(asked, "page"), text(asked, "left"), text(asked, "top"));
            place.parse().map(Some).map_err(|()| bad(&place))
        }
        other => Err(bad(&other.chars().take(20).collect::<String>())),
    }
}

async fn looked(app: &App, id: DocumentId, role: Role, wanted: Option<&Wanted>) -> Result<Look> {
    let signer = sign::known_signer(&app.desk, role).await;
    sign::look(&app.desk, id, role, signer.as_deref(), wanted).await
}

/// The page.
pub(super) async fn page(
    State(app): State<Shared>,
    Extension(person): Extension<Person>,
    Extension(words): Extension<Words>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer<Html<String>> {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let role = role(&asked);
    // A place that cannot be understood is told on the page; the form stays as it was typed.
    let (wanted, odd) = match wanted(&asked) {
        Ok(wanted) => (wanted, None),
        Err(error) => (None, Some(error)),
    };
    let look = looked(&app, stored.id, role, wanted.as_ref()).await?;
    let name = stored.document.number().unwrap_or_else(|| stored.id.to_string());
    let back = back(&stored, role);
    let body = html! {
        div.row.spread {
            h1 { (words.f("web-form", &[("number", &name)])) }
            a.button href=(back) data-key="Escape" { (words.t("web-form-back")) }
        }
        div.truly {
            div { (whole(words, &stored, role, wanted.as_ref(), &look)) }
            div.side {
                @if let Some(error) = &odd { (refusal(words, error)) }
                (facts(words, &look))
                @if look.may_choose { (chooser(words, &stored, role, &asked, &look)) }
                @if wanted.is_some() && look.may_choose && look.shown.is_ok() { (keeper(words, &stored, &asked, &look)) }
            }
        }
    };
    let tab = if role == Role::Personal { Tab::Sign } else { Tab::Seal };
    let title = words.f("web-form", &[("number", &name)]);
    layout::page(&app, &person, words, Sheet { tab, title, scripts: &["form.js"], body }).await
}

fn back(stored: &Stored, role: Role) -> String {
    match role {
        Role::Personal => format!("/sign/read/{}", stored.id),
        Role::Organization => "/seal".to_owned(),
    }
}

/// Address of the picture.
fn source(stored: &Stored, role: Role, wanted: Option<&Wanted>, close: bool) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("role", role.as_str());
    match wanted {
        None => {}
        Some(Wanted::ByRule) => drop(query.append_pair("way", "rule")),
        Some(Wanted::Above(line)) => drop(query.append_pair("way", "above").append_pair("line", line)),
        Some(Wanted::At { page, left, top }) => {
            query.append_pair("way", "at").append_pair("page", &page.to_string());
            query.append_pair("left", &left.to_string()).append_pair("top", &top.to_string());
        }
    }
    if close {
        query.append_pair("close", "1");
    }
    let version = stored.latest.as_ref().and_then(|s| s.0.get(..12)).unwrap_or_default();
    query.append_pair("v", version);
    format!("/form/{}/picture?{}", stored.id, query.finish())
}

/// A picture of 192 dots an inch: the browser shows it at its true size, a millimetre as a millimetre of CSS.
fn picture_of(source: &str, alt: &str) -> Markup {
    html! { img.form-picture alt=(alt) srcset={ (source) " 2x" }; }
}

/// The whole page with the form on it.
fn whole(words: Words, stored: &Stored, role: Role, wanted: Option<&Wanted>, look: &Look) -> Markup {
    let shown = match &look.shown {
        Err(error) => return refusal(words, error),
        Ok(None) => return html! { p.goodbox { (words.t("web-form-none")) } },
        Ok(Some(shown)) => shown,
    };
    let [left, top, right, bottom] = shown.area.map(|v| v * MM_PER_POINT);
    let (width, height) = (shown.size.0 * MM_PER_POINT, shown.size.1 * MM_PER_POINT);
    // The frame lies around the form and covers none of it.
    let frame =
        [(left - GAP).max(0.0), (top - GAP).max(0.0), (right + GAP).min(width), (bottom + GAP).min(height)];
    html! {
        figure.sheet.true-size {
            div.scroll tabindex="0" role="region" aria-label=(words.t("web-viewer")) {
                div.paper #form-page data-page=(shown.page) data-width=(format!("{width:.2}")) data-height=(format!("{height:.2}"))
                    data-form-width=(format!("{:.2}", right - left)) data-form-height=(format!("{:.2}", bottom - top)) {
                    (picture_of(&source(stored, role, wanted, false), &words.f("web-form-picture", &[("page", &shown.page.to_string())])))
                    svg.places viewBox={ "0 0 " (width) " " (height) } preserveAspectRatio="none" aria-hidden="true" {
                        rect.here x=(frame[0]) y=(frame[1]) width=(frame[2] - frame[0]) height=(frame[3] - frame[1]) {}
                    }
                }
            }
            figcaption.soft { (words.f("web-form-page", &[("page", &shown.page.to_string())])) " " (words.t("web-form-true")) }
        }
    }
}

fn refusal(words: Words, error: &Error) -> Markup {
    let (message, advice) = words.error(error);
    // Options of commands are no advice on a page that has fields for them.
    let on_page = [kinds::FORM_NO_PLACE.code, kinds::FORM_OUTSIDE.code, kinds::BAD_PLACE.code];
    let advice = match on_page.contains(&error.code()) {
        true => words.t("web-form-choose-hint"),
        false => advice,
    };
    html! { div.alert role="alert" { p { strong { (message) } } p { (advice) } } }
}

/// What shows, how large, where.
fn facts(words: Words, look: &Look) -> Markup {
    let mm = |points: f32| format!("{:.0}", points * MM_PER_POINT);
    let what = match look.visible {
        Visible::Picture => "web-form-what-picture",
        Visible::Text => "web-form-what-text",
        Visible::None => "web-form-none",
    };
    html! {
        section.panel {
            h2 { (words.t("web-form-what")) }
            p { (words.t(what)) }
            @if let Ok(Some(Preview { page, area: [left, top, right, bottom], .. })) = &look.shown {
                dl {
                    dt { (words.t("web-form-size")) } dd { (mm(right - left)) " × " (mm(bottom - top)) " mm" }
                    dt { (words.t("web-form-place")) } dd { (words.f("web-form-at", &[("page", &page.to_string()), ("left", &mm(*left)), ("top", &mm(*top))])) }
                }
            }
            @for covered in &look.covered { p.warnbox { "! " (covers(covered, words)) } }
            @if look.visible != Visible::None && !look.may_choose { p.soft { (words.t("web-form-by-profile")) } }
        }
    }
}

fn covers(covered: &Covered, words: Words) -> String {
    match covered {
        Covered::Line(line) => words.f("web-form-covers", &[("text", line)]),
        Covered::Picture => words.t("web-form-covers-picture"),
    }
}

/// Another place: by the rule, above a line, or in millimetres.
fn chooser(words: Words, stored: &Stored, role: Role, asked: &Asked, look: &Look) -> Markup {
    let way = match (text(asked, "way"), &look.wanted) {
        ("", Wanted::ByRule) => "rule",
        ("", Wanted::Above(_)) => "above",
        ("", Wanted::At { .. }) => "at",
        (way, _) => way,
    };
    let line = match &look.wanted {
        Wanted::Above(line) => line.as_str(),
        _ => text(asked, "line"),
    };
    let shown = look.shown.as_ref().ok().and_then(|shown| shown.as_ref());
    let mm = |points: f32| format!("{:.0}", points * MM_PER_POINT);
    let at = |name: &str, shown: Option<String>| match text(asked, name) {
        "" => shown.unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let page = at("page", shown.map(|s| s.page.to_string()));
    let (left, top) = (at("left", shown.map(|s| mm(s.area[0]))), at("top", shown.map(|s| mm(s.area[1]))));
    html! {
        form.panel #choose action={ "/form/" (stored.id) } method="get" {
            h2 { (words.t("web-form-choose")) }
            p.soft { (words.t("web-form-choose-click")) }
            input type="hidden" name="role" value=(role.as_str());
            label.choice { input type="radio" name="way" value="rule" checked[way == "rule"]; span { (words.t("web-form-way-rule")) } }
            label.choice { input type="radio" name="way" value="above" checked[way == "above"]; span { (words.t("web-form-way-above")) } }
            p.field { label.visually-hidden for="line" { (words.t("web-form-line")) } input #line name="line" value=(line) maxlength=(LONGEST) autocomplete="off" placeholder=(words.t("web-form-line")); }
            label.choice { input type="radio" name="way" value="at" checked[way == "at"]; span { (words.t("web-form-way-at")) } }
            div.numbers {
                p.field { label for="page" { (words.t("web-form-number-page")) } input #page name="page" type="number" min="1" max="2000" value=(page); }
                p.field { label for="left" { (words.t("web-form-number-left")) } input #left name="left" type="number" min="0" max="2000" step="any" value=(left); }
                p.field { label for="top" { (words.t("web-form-number-top")) } input #top name="top" type="number" min="0" max="2000" step="any" value=(top); }
            }
            button type="submit" { (words.t("web-form-show")) }
        }
    }
}

/// What is looked at counts from now on.
fn keeper(words: Words, stored: &Stored, asked: &Asked, look: &Look) -> Markup {
    html! {
        form.panel action={ "/form/" (stored.id) } data-send="1" {
            p { (words.t("web-form-keep-what")) }
            input type="hidden" name="sha256" value=(look.sha256);
            @for name in ["role", "way", "line", "page", "left", "top"] { input type="hidden" name=(name) value=(text(asked, name)); }
            button.primary type="submit" { (words.t("web-form-keep")) }
        }
    }
}

/// The place is chosen, for the very bytes that were looked at.
pub(super) async fn keep(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Form(form): Form<Asked>,
) -> Answer {
    let stored = app.desk.store.document(document_id(&id)?).await?;
    let role = role(&form);
    let wanted = wanted(&form)?.unwrap_or(Wanted::ByRule);
    let shown = Sha256(text(&form, "sha256").to_owned());
    sign::place(&app.desk, stored.id, role, Some(&shown), &wanted).await?;
    Ok(answer::go(&back(&stored, role)))
}

/// The picture: the whole page, or the part around the form.
pub(super) async fn picture(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = document_id(&id)?;
    let (role, wanted, close) = (role(&asked), wanted(&asked)?, text(&asked, "close") == "1");
    let look = looked(&app, id, role, wanted.as_ref()).await?;
    let Some(shown) = look.shown? else {
        return Err(kinds::PICTURE_FAILED.with("cause", "–").into());
    };
    // A text block tells the time, which is not the same for ever.
    let minute = Timestamp::now().as_second() / 60;
    let key = format!("form {} {} {:?} {close} {minute}", look.sha256, role.as_str(), shown.area);
    let draw = move || {
        let drawn = picture::render(Arc::new(shown.bytes), shown.page - 1, Size::True)?;
        Ok(if close { around(&drawn, shown.area) } else { drawn })
    };
    let drawn = picture::drawn(&app, key, Size::True, draw).await?;
    Ok(answer::bytes("image/jpeg", drawn.as_ref().clone()))
}

/// The part of a page around the form.
fn around(page: &DynamicImage, [left, top, right, bottom]: [f32; 4]) -> DynamicImage {
    let at = |points: f32, side: u32| (points * picture::TRUE_SCALE).clamp(0.0, side as f32) as u32;
    let (x, y) = (at(left - AROUND, page.width()), at(top - AROUND, page.height()));
    let (end, low) = (at(right + AROUND, page.width()), at(bottom + AROUND, page.height()));
    page.crop_imm(x, y, end.saturating_sub(x).max(1), low.saturating_sub(y).max(1))
}

/// As what the next signature of a role shows, without a look at the file.
pub(super) fn visible(app: &App, stored: &Stored, role: Role) -> Visible {
    let Ok(chain) = app.desk.workspace.profile.chain(&stored.document) else { return Visible::None };
    let rule = match role {
        // Of several persons each has a form of their own.
        Role::Personal if chain.personal.iter().any(|rule| rule.visible != Visible::None) => {
            return Visible::Picture;
        }
        Role::Personal => return Visible::None,
        Role::Organization => chain.organization,
    };
    rule.map_or(Visible::None, |rule| rule.visible)
}

/// The form and what is around it, for pages on which it is one thing of several.
pub(super) fn close(words: Words, stored: &Stored, role: Role, of_many: bool) -> Markup {
    let to = format!("/form/{}?role={}", stored.id, role.as_str());
    html! {
        figure.form-close {
            img.form-picture loading=[of_many.then_some("lazy")] alt=(words.t("web-form-close")) srcset={ (source(stored, role, None, true)) " 2x" };
            figcaption.soft { (words.t("web-form-true")) " " a href=(to) { (words.t("web-form-more")) } }
        }
    }
}

/// For the person who reads: how the own signature will show, or that it will not.
pub(super) async fn section(app: &App, words: Words, stored: &Stored, role: Role) -> Markup {
    let shown = match visible(app, stored, role) {
        Visible::None => None,
        _ => Some(looked(app, stored.id, role, None).await),
    };
    html! {
        section.panel aria-label=(words.t("web-form-section")) {
            h2 { (words.t("web-form-section")) }
            @match shown {
                None | Some(Ok(Look { visible: Visible::None, .. })) => p.soft { (words.t("web-form-none")) },
                Some(Ok(Look { shown: Ok(_), .. })) => (close(words, stored, role, false)),
                Some(Ok(Look { shown: Err(error), .. })) | Some(Err(error)) => {
                    (refusal(words, &error))
                    p { a.button href={ "/form/" (stored.id) "?role=" (role.as_str()) } { (words.t("web-form-choose")) } }
                }
            }
        }
    }
}
