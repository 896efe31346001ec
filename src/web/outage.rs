//! The outage is declared here, when nobody has done it on the command line.

use std::collections::HashMap;

use axum::extract::{Form, State};
use jiff::Timestamp;
use jiff::tz::Offset;
use maud::{Markup, html};
use unicode_normalization::UnicodeNormalization;

use crate::document::fields;
use crate::error::{Result, kinds};
use crate::outage::{Outage, OutageState};
use crate::pipeline::outages;

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
                    label for="paper_from" { (words.t("web-outage-from")) }
                    input #paper_from name="paper_from" required maxlength="20" autocomplete="off" aria-describedby="from-hint";
                    span.hint #from-hint { (words.t("web-outage-from-hint")) }
                }
                p.field {
                    label for="kit" { (words.t("web-outage-kit")) }
                    input #kit name="kit" maxlength="60" autocomplete="off" aria-describedby="kit-hint";
                    span.hint #kit-hint { (words.t("web-outage-kit-hint")) }
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
    let paper_from = begin(&app, &text("paper_from").unwrap_or_default(), now)?;
    let named: Vec<String> =
        text("kit").iter().flat_map(|kits| kits.split([',', ';', ' '])).map(str::to_owned).collect();
    let named: Vec<String> = named.into_iter().filter(|kit| !kit.is_empty()).collect();
    let (kits, number_blocks) = outages::kits(&app.desk, &named).await?;
    let declared = text("declared");
    let workspace = &app.desk.workspace;
    let outage = Outage {
        reference,
        systems: text("systems").into_iter().collect(),
        detected_at: Some(now),
        declared_at: declared.is_some().then_some(now),
        state: if declared.is_some() { OutageState::Declared } else { OutageState::Open },
        declared_by: declared,
        paper_from: Some(paper_from),
        kits,
        number_blocks,
        legal_basis: workspace.profile.legal_basis.iter().map(|basis| basis.cite.clone()).collect(),
        drill: workspace.is_drill(),
        ..Outage::default()
    };
    app.desk.store.open_outage(&outage).await?;
    Ok(answer::go("/digitize"))
}

/// When work on paper began, as it was typed. Only a person knows: the record is mostly made when the systems are back.
fn begin(app: &Shared, text: &str, now: Timestamp) -> Result<Timestamp> {
    let bad = || kinds::BAD_TIME.with("text", text);
    let minutes = app.desk.workspace.profile.utc_offset_minutes;
    let offset = Offset::from_seconds(minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    let from = offset.to_timestamp(fields::date_time(text).ok_or_else(bad)?).map_err(|_| bad())?;
    match from > now {
        true => Err(kinds::PAPER_FUTURE.with("from", from).with("now", now)),
        false => Ok(from),
    }
}
