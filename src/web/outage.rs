//! The outage is declared here, when nobody has done it on the command line.

use std::collections::HashMap;

use axum::extract::{Form, State};
use jiff::Timestamp;
use maud::{Markup, html};
use unicode_normalization::UnicodeNormalization;

use crate::error::kinds;
use crate::outage::{Outage, OutageState};

use super::Shared;
use super::answer::{self, Answer};
use super::words::Words;

/// The form.
pub(super) fn form(words: Words) -> Markup {
    html! {
        section.panel {
            h2 { (words.t("web-outage-new")) }
            p { (words.t("web-outage-why")) }
            form.stack action="/outage" data-send="1" {
                p.field {
                    label for="reference" { (words.t("web-outage-reference")) }
                    input #reference name="reference" required maxlength="64" autocomplete="off" aria-describedby="reference-hint";
                    span.hint #reference-hint { (words.t("web-outage-reference-hint")) }
                }
                p.field {
                    label for="systems" { (words.t("web-outage-systems")) }
                    input #systems name="systems" maxlength="200" autocomplete="off";
                }
                p.field {
                    label for="declared" { (words.t("web-outage-declared")) }
                    input #declared name="declared" maxlength="200" autocomplete="off";
                }
                button.primary type="submit" { (words.t("web-outage-open")) }
            }
        }
    }
}

/// Opens it.
pub(super) async fn open(State(app): State<Shared>, Form(form): Form<HashMap<String, String>>) -> Answer {
    let text = |name: &str| -> Option<String> {
        let text: String = form.get(name)?.trim().nfc().filter(|c| !c.is_control()).take(200).collect();
        Some(text).filter(|text| !text.is_empty())
    };
    let Some(reference) = text("reference") else {
        return Err(kinds::NAME_EMPTY.with("what", "REF").into());
    };
    let now = Timestamp::now();
    let declared = text("declared");
    let workspace = &app.desk.workspace;
    let outage = Outage {
        reference,
        systems: text("systems").into_iter().collect(),
        detected_at: Some(now),
        declared_at: declared.is_some().then_some(now),
        state: if declared.is_some() { OutageState::Declared } else { OutageState::Open },
        declared_by: declared,
        legal_basis: workspace.profile.legal_basis.iter().map(|basis| basis.cite.clone()).collect(),
        drill: workspace.is_drill(),
        ..Outage::default()
    };
    app.desk.store.open_outage(&outage).await?;
    Ok(answer::go("/digitize"))
}
