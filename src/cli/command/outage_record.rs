//! Everything that the record of an outage says, as a person reads it.

use jiff::Timestamp;

use super::super::console::Console;
use super::super::render;
use crate::event::Front;
use crate::locales::{self, Lang};
use crate::outage::Outage;

/// The facts below the line of `outage list`, one a line; what nobody has stated is left out.
pub(super) fn facts(outage: &Outage, offset_minutes: i32, console: &Console) -> String {
    let lang = console.lang();
    let at = |at: Option<Timestamp>| at.map(|at| render::moment(at, offset_minutes)).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let facts = [
        ("systems", outage.systems.join(", ")),
        ("units", outage.units.join(", ")),
        ("paper", window(outage, offset_minutes, lang)),
        ("detected", at(outage.detected_at)),
        ("declared", [text(&outage.declared_by), at(outage.declared_at)].join("  ").trim().to_owned()),
        ("document", text(&outage.declaration_document)),
        ("ticket", text(&outage.ticket)),
        ("kits", outage.kits.join(", ")),
        ("blocks", outage.number_blocks.join(", ")),
        ("restored", at(outage.restored_at)),
        ("basis", outage.legal_basis.join("; ")),
    ];
    let said = facts.iter().filter(|(_, value)| !value.is_empty());
    let line = |(name, value): &(&str, String)| {
        format!("  {}: {}", locales::plain(lang, &format!("outage-fact-{name}")), render::shown(value))
    };
    said.map(line).collect::<Vec<_>>().join("\n")
}

/// The time in which paper is accepted.
fn window(outage: &Outage, offset_minutes: i32, lang: Lang) -> String {
    let side =
        |at: Option<Timestamp>| at.map_or_else(|| "…".to_owned(), |at| render::moment(at, offset_minutes));
    match (outage.paper_from, outage.paper_to) {
        (None, None) => locales::plain(lang, "outage-fact-paper-open"),
        (from, to) => format!("{} – {}", side(from), side(to)),
    }
}
