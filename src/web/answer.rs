//! Answers for the script of a page, and refusals on their way to words.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::{Error, Exit, kinds};

use super::words::Words;

/// A refusal; the guard puts it into the person's language.
#[derive(Clone, Debug)]
pub(super) struct Fault(pub Arc<Error>);

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// An address that is no page.
pub(super) async fn nowhere() -> Fault {
    kinds::WEB_NOWHERE.error().into()
}

/// What a handler gives.
pub(super) type Answer<T = Response> = std::result::Result<T, Fault>;

/// The HTTP status of a refusal.
pub(super) fn status(error: &Error) -> StatusCode {
    let missing =
        [&kinds::DOCUMENT_UNKNOWN, &kinds::BAD_DOCUMENT_ID, &kinds::PAGE_UNKNOWN, &kinds::WEB_NOWHERE]
            .map(|kind| kind.code);
    match error.kind().exit {
        _ if missing.contains(&error.code()) => StatusCode::NOT_FOUND,
        Exit::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// JSON.
pub(super) fn json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// The page shall go there.
pub(super) fn go(to: &str) -> Response {
    json(&json!({"go": to}))
}

/// The page shall show itself anew.
pub(super) fn again() -> Response {
    json(&json!({"again": true}))
}

/// A refusal in words.
pub(super) fn refused(error: &Error, words: Words, status: StatusCode) -> Response {
    let (message, advice) = words.error(error);
    refused_as(status, error.code(), &message, &advice)
}

/// As [`refused`], with the words themselves.
pub(super) fn refused_as(status: StatusCode, code: &str, message: &str, advice: &str) -> Response {
    let body = json!({"error": {"code": code, "message": message, "advice": advice}});
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(body.to_string())).into_response()
}

/// Bytes of a kind.
pub(super) fn bytes(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}
