//! Which key signs: the station's own, or a token that is plugged in. It is chosen from a list and never typed.

use maud::{Markup, html};

use crate::error::{Result, kinds};
use crate::pipeline::sign::{self, key_uri};
use crate::sign::Role;
use crate::sign::key::{self, KeyUri, Place, TokenInfo};

use super::App;
use super::words::Words;

/// A key that could sign.
pub(super) struct Choice {
    /// `station`, or `token` with its serial number.
    pub value: String,
    pub name: String,
    pub hint: String,
    /// It can be used now.
    pub usable: bool,
    /// The page asks for its PIN.
    pub asks: bool,
}

/// The keys for a role, and why tokens cannot be listed, if so.
pub(super) async fn choices(app: &App, role: Role, words: Words) -> (Vec<Choice>, Option<String>) {
    let mut all = Vec::new();
    let listed = tokens(app, role).await;
    if let Ok(uri) = key_uri(Some(&app.desk.workspace), role, None) {
        let asks = uri.pin_file.is_none();
        let hint = words.t(if asks { "web-key-station" } else { "web-key-station-pin" });
        // Tokens are asked once for all.
        let signer = match &uri.place {
            Place::File(_) => sign::known_signer(&app.desk, role).await,
            Place::Token(token) => listed.as_ref().ok().and_then(|all| sign::name_on(all, Some(token))),
        };
        let name = named(&uri, signer);
        all.push(Choice { value: "station".to_owned(), name, hint, usable: true, asks });
    }
    match listed {
        Ok(tokens) => {
            all.extend(tokens.iter().map(|token| of_token(token, words)));
            (all, None)
        }
        Err(error) => (all, Some(error.message(words.lang))),
    }
}

/// What a person knows a key by: the name on its certificate where it is known, else its token or its file without the way
/// there.
fn named(uri: &KeyUri, signer: Option<String>) -> String {
    let place = match &uri.place {
        Place::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Place::Token(_) => uri.to_string().split('?').next().unwrap_or_default().to_owned(),
    };
    signer.map_or_else(|| place.clone(), |signer| format!("{signer} ({place})"))
}

async fn tokens(app: &App, role: Role) -> Result<Vec<TokenInfo>> {
    let policy = app.desk.workspace.key_policy_for(role);
    if policy.modules.is_empty() {
        return Ok(Vec::new());
    }
    let listed = tokio::task::spawn_blocking(move || key::list(&policy)).await;
    listed.map_err(|e| kinds::INTERNAL.with("cause", e))?
}

fn of_token(token: &TokenInfo, words: Words) -> Choice {
    let usable = token.certificates.iter().filter(|c| c.usable);
    let holders: Vec<String> = usable
        .map(|c| {
            words.f(
                "web-key-holder",
                &[("name", &c.subject), ("issuer", &c.issuer), ("until", &words.moment(c.until))],
            )
        })
        .collect();
    let warned = match (token.pin_locked, token.pin_last_try, token.pin_few_tries) {
        (true, _, _) => Some("web-key-locked"),
        (_, true, _) => Some("web-key-last-try"),
        (_, _, true) => Some("web-key-few-tries"),
        _ => None,
    };
    let mut hint = match holders.is_empty() {
        true => words.t("web-key-no-certificate").trim_end_matches('.').to_owned(),
        false => holders.join("; "),
    };
    if let Some(id) = warned {
        hint = format!("{hint}. {}", words.t(id));
    }
    Choice {
        value: format!("token:{}", token.serial),
        name: words.f("web-key-token", &[("label", &token.label), ("serial", &token.serial)]),
        hint,
        usable: !token.pin_locked && !holders.is_empty(),
        asks: !token.pad,
    }
}

/// The key that was chosen; none is the station's.
///
/// # Errors
/// [`kinds::KEY_NOT_NAMED`] when the token is gone.
pub(super) async fn chosen(app: &App, role: Role, value: &str) -> Result<Option<KeyUri>> {
    let Some(serial) = value.strip_prefix("token:") else { return Ok(None) };
    let all = tokens(app, role).await?;
    let token = all.iter().find(|token| token.serial == serial);
    let token = token.ok_or_else(|| kinds::KEY_NOT_NAMED.with("role", role.as_str()))?;
    let uri = format!("pkcs11:token={};serial={}", escaped(&token.label), escaped(&token.serial));
    uri.parse().map(Some)
}

/// Percent-encoded for an RFC 7512 address.
fn escaped(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The form that begins a batch of signatures.
pub(super) fn form(
    words: Words,
    to: &str,
    count: usize,
    action: &str,
    choices: &(Vec<Choice>, Option<String>),
) -> Markup {
    let (all, trouble) = choices;
    let first = all.iter().position(|choice| choice.usable);
    html! {
        form.panel.pin #signing action=(to) {
            fieldset {
                legend { (words.t("web-key")) }
                @if all.is_empty() { p { (words.t("web-key-none")) } }
                @for (place, choice) in all.iter().enumerate() {
                    label.choice {
                        input type="radio" name="key" value=(choice.value) checked[first == Some(place)] disabled[!choice.usable] data-asks=[choice.asks.then_some("1")];
                        span { strong { (choice.name) } br; span.hint { (choice.hint) } }
                    }
                }
                @if let Some(trouble) = trouble { p.soft { (trouble) } }
                p.soft { (words.t("web-key-role")) }
            }
            p.field #pin-field {
                label for="pin" { (words.t("web-pin")) }
                // No name: it never becomes part of a form.
                input #pin type="password" autocomplete="off" spellcheck="false" autocapitalize="off" maxlength="64" aria-describedby="pin-hint";
                span.hint #pin-hint { (words.t("web-pin-hint")) }
            }
            button.primary type="submit" disabled[first.is_none() || count == 0] { (words.n(action, count)) }
        }
        dialog #question aria-labelledby="question-text" {
            form method="dialog" {
                p #question-text {}
                label for="pin-again" { (words.t("web-pin")) }
                input #pin-again type="password" autocomplete="off" spellcheck="false" maxlength="64";
                div.row {
                    button.primary type="submit" value="give" { (words.t("web-pin-give")) }
                    button type="submit" value="stop" formnovalidate { (words.t("web-work-stop")) }
                }
            }
        }
    }
}
