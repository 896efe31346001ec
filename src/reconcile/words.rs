//! Lines of a reconciliation as a person reads them.

use crate::locales::{self, Lang};

use super::Line;

/// A line of a reconciliation in words.
pub fn sentence(line: &Line, lang: Lang) -> String {
    let differences = line.differences.iter().map(|d| {
        let field = locales::plain(lang, &format!("reconcile-field-{}", d.field.replace('_', "-")));
        let args = [("field", field.as_str()), ("paper", &d.paper), ("system", &d.system)];
        locales::text(lang, "reconcile-difference", &args)
    });
    let system: Vec<String> =
        line.system.iter().map(|(place, number)| format!("{number} [{place}]")).collect();
    let dash = || "–".to_owned();
    let with =
        line.sheet.as_ref().map(|sheet| locales::text(lang, "reconcile-with-sheet", &[("sheet", sheet)]));
    let args = [
        ("with", with.unwrap_or_default()),
        ("number", line.number.clone().unwrap_or_else(dash)),
        ("sheet", line.sheet.clone().unwrap_or_else(dash)),
        ("documents", line.documents.join(", ")),
        ("system", if system.is_empty() { dash() } else { system.join(", ") }),
        ("differences", differences.collect::<Vec<_>>().join("; ")),
    ];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    locales::text(lang, &format!("reconcile-{}", line.cause.replace('_', "-")), &args)
}
