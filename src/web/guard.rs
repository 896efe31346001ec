//! Before any page: who may ask. The browser is on this machine, but so are other users' programs and every page that the
//! person has open elsewhere; neither gets anything.
//!
//! - The name of the host is exactly ours, whatever name led here (DNS rebinding).
//! - The cookie is there, and nobody was away for too long.
//! - A change comes from our own page (Origin, Sec-Fetch-Site) and brings its token.
//! - An answer is never framed, cached, sniffed or read by another origin, and holds no script of its own.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::error::kinds;

use super::answer::{self, Fault};
use super::session::{Person, same};
use super::words::Words;
use super::{App, Shared, layout};

/// What an answer may load: our own files, and nothing that stands in the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Headers of every answer.
const HEADERS: [(&str, &str); 9] = [
    ("content-security-policy", POLICY),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    // Not "no-referrer": a browser would send the origin of our own forms as "null".
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), display-capture=()"),
    ("cache-control", "no-store"),
    ("x-robots-tag", "noindex"),
];
/// Addresses that need no cookie: they say nothing about anybody.
const OPEN: [&str; 2] = ["/assets/", "/start"];
/// Requests that the page makes by itself.
const BY_ITSELF: &str = "x-scanseal-quiet";

/// Lets a request through, or not.
pub(super) async fn guard(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let refused = if is_ours(&app, request.headers()) { None } else { Some(foreign()) };
    let mut response = match refused {
        Some(refused) => refused,
        None => inside(&app, request, next).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Names by which the person reaches us.
fn hosts(port: u16) -> [String; 2] {
    [format!("127.0.0.1:{port}"), format!("localhost:{port}")]
}

fn is_ours(app: &App, headers: &HeaderMap) -> bool {
    let named = text(headers, header::HOST.as_str());
    let alone = headers.get_all(header::HOST).iter().count() == 1;
    alone && hosts(app.port).iter().any(|host| Some(host.as_str()) == named)
}

async fn inside(app: &Shared, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !matches!(*request.method(), Method::GET | Method::POST) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if request.method() == Method::GET && OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    let touch = !request.headers().contains_key(BY_ITSELF) && path != "/events";
    let person = secret(app, request.headers())
        .and_then(|secret| app.sessions.person(&secret, touch, Timestamp::now()));
    let wants_page = request.method() == Method::GET && path != "/events";
    let Some(person) = person else { return locked(wants_page) };
    if request.method() == Method::POST && !is_from_our_page(app, request.headers()) {
        return foreign();
    }
    let words = Words { lang: person.lang, offset: app.desk.workspace.profile.utc_offset_minutes };
    let given = text(request.headers(), "x-csrf").unwrap_or_default();
    if request.method() == Method::POST && !same(given, &person.token) {
        return answer::refused(&kinds::WEB_TOKEN.error(), words, StatusCode::FORBIDDEN);
    }
    request.extensions_mut().insert(person.clone());
    request.extensions_mut().insert(words);
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Fault>() {
        Some(fault) => told(app, &person, words, &fault, wants_page).await,
        None => response,
    }
}

/// A refusal of the pipeline, as a page or for the script of the page.
async fn told(app: &App, person: &Person, words: Words, fault: &Fault, wants_page: bool) -> Response {
    let status = answer::status(&fault.0);
    match wants_page {
        true => (status, layout::error(app, person, words, &fault.0).await).into_response(),
        false => answer::refused(&fault.0, words, status),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Name of the cookie; another station on this machine has another one.
pub(super) fn cookie_name(port: u16) -> String {
    format!("scanseal_{port}")
}

fn secret(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app.port);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// A browser says where a change comes from; one that does not say it is none.
fn is_from_our_page(app: &App, headers: &HeaderMap) -> bool {
    let origins = hosts(app.port).map(|host| format!("http://{host}"));
    let from = text(headers, header::ORIGIN.as_str());
    let named = origins.iter().any(|origin| Some(origin.as_str()) == from);
    let site = text(headers, "sec-fetch-site");
    named && site.is_none_or(|site| site == "same-origin")
}

/// Somebody else's page or name: nothing is said.
fn foreign() -> Response {
    (StatusCode::FORBIDDEN, Body::from("403\n")).into_response()
}

/// Nobody is known here: the way in, in both languages, and nothing about the office.
fn locked(wants_page: bool) -> Response {
    match wants_page {
        true => (StatusCode::UNAUTHORIZED, layout::locked()).into_response(),
        false => answer::refused_as(StatusCode::UNAUTHORIZED, "web_locked", "", ""),
    }
}
