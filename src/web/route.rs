//! Which address is which page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use super::{
    Shared, answer, assets, attest, deliver, digitize, document, events, find, form, guard, home, inbox,
    outage, pages, reconcile, seal, sign, verdict, watching,
};

/// Largest form, bytes. Uploads and PINs have readers and limits of their own.
const MAX_FORM: usize = 64 << 10;

/// All of them, behind the guard.
pub(super) fn routes(app: Shared) -> Router {
    let guarded = middleware::from_fn_with_state(app.clone(), guard::guard);
    Router::new()
        .route("/", get(home::page))
        .route("/start", get(home::start))
        .route("/assets/{name}", get(assets::file))
        .route("/lang", post(home::language))
        .route("/lock", post(home::lock))
        .route("/csrf", get(home::token))
        .route("/events", get(events::stream))
        .route("/work/{id}/pin", post(events::pin))
        .route("/work/{id}/stop", post(events::stop))
        .route("/outage", post(outage::open))
        .merge(intake())
        .merge(signatures())
        .merge(numbers())
        .route("/find", get(find::page))
        .route("/register/{name}", get(find::register))
        .route("/report.pdf", get(find::report))
        .route("/deliver", get(deliver::page))
        .route("/deliver/pause", post(deliver::pause))
        .route("/deliver/resume", post(deliver::resume))
        .route("/deliver/retry", post(deliver::retry))
        .fallback(answer::nowhere)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(guarded)
        .with_state(app)
}

/// From the scanner to the confirmed document.
fn intake() -> Router<Shared> {
    Router::new()
        .route("/digitize", get(digitize::page))
        .route("/digitize/batch", post(inbox::begin))
        .route("/digitize/upload/{batch}", post(inbox::upload))
        .route("/digitize/begin", post(digitize::begin))
        .route("/digitize/watch", post(watching::begin))
        .route("/digitize/discard", post(digitize::discard))
        .route("/digitize/confirm", post(digitize::confirm))
        .route("/digitize/card/{id}", get(digitize::one))
        .route("/inbox/{batch}/{name}/{page}", get(inbox::page))
        .route("/doc/{id}", get(document::page))
        .route("/doc/{id}/look", post(document::look))
        .route("/doc/{id}/confirm", post(document::confirm))
        .route("/doc/{id}/accept", post(document::accept))
        .route("/doc/{id}/pages", post(pages::correct))
        .route("/doc/{id}/replace", post(pages::replace))
        .route("/page/{id}/{number}", get(pages::picture))
}

/// The board of numbers and its papers.
fn numbers() -> Router<Shared> {
    Router::new()
        .route("/reconcile", get(reconcile::page))
        .route("/reconcile/system", post(reconcile::system))
        .route("/reconcile/run", post(reconcile::compare))
        .route("/reconcile/settle", post(reconcile::settle))
        .route("/notice.pdf", get(reconcile::notice))
}

/// Reading, signing, verifying, sealing.
fn signatures() -> Router<Shared> {
    Router::new()
        .route("/sign", get(sign::page))
        .route("/sign/read/{id}", get(sign::read))
        .route("/sign/seen", post(sign::seen))
        .route("/sign/aside", post(sign::aside))
        .route("/sign/start", post(sign::start))
        .route("/seal", get(seal::page))
        .route("/seal/start", post(seal::start))
        .route("/attest/{id}", get(attest::page).post(attest::attest))
        .route("/closer/{id}/{number}", get(attest::closer))
        .route("/compare/{id}", get(verdict::compare))
        .route("/pdf/{id}/{number}", get(verdict::picture))
        .route("/file/{name}", get(verdict::file))
        .route("/form/{id}", get(form::page).post(form::keep))
        .route("/form/{id}/picture", get(form::picture))
}
