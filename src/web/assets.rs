//! The files that a page loads, part of the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

const ALL: [(&str, &str, &[u8]); 10] = [
    ("app.css", "text/css; charset=utf-8", include_bytes!("assets/app.css")),
    ("pages.css", "text/css; charset=utf-8", include_bytes!("assets/pages.css")),
    ("app.js", "text/javascript; charset=utf-8", include_bytes!("assets/app.js")),
    ("live.js", "text/javascript; charset=utf-8", include_bytes!("assets/live.js")),
    ("intake.js", "text/javascript; charset=utf-8", include_bytes!("assets/intake.js")),
    ("pages.js", "text/javascript; charset=utf-8", include_bytes!("assets/pages.js")),
    ("sign.js", "text/javascript; charset=utf-8", include_bytes!("assets/sign.js")),
    ("form.js", "text/javascript; charset=utf-8", include_bytes!("assets/form.js")),
    ("reconcile.js", "text/javascript; charset=utf-8", include_bytes!("assets/reconcile.js")),
    ("mark.svg", "image/svg+xml", include_bytes!("assets/mark.svg")),
];

/// One of them.
pub(super) async fn file(Path(name): Path<String>) -> Response {
    match ALL.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, bytes)) => {
            let headers = [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache")];
            (headers, *bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
