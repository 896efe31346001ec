//! A command line that cannot be understood, said in the person's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::locales::{self, Lang};

/// What is wrong with the command line, in words.
pub(super) fn message(error: &clap::Error, lang: Lang) -> String {
    let named = context(error, &[ContextKind::InvalidArg, ContextKind::InvalidSubcommand]);
    // Of few values all are named, not only the one that is spelled most like it.
    let suggested = context(
        error,
        &[
            ContextKind::SuggestedSubcommand,
            ContextKind::SuggestedArg,
            ContextKind::ValidValue,
            ContextKind::SuggestedValue,
            ContextKind::ValidSubcommand,
        ],
    );
    let (value, prior) =
        (context(error, &[ContextKind::InvalidValue]), context(error, &[ContextKind::PriorArg]));
    let option = named.starts_with('-');
    let id = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "usage-no-command"
        }
        ErrorKind::InvalidSubcommand => "usage-unknown-command",
        // What stands alone is no option that could be spelled otherwise.
        ErrorKind::UnknownArgument if !option => "usage-surplus",
        ErrorKind::UnknownArgument => "usage-unknown-argument",
        ErrorKind::MissingRequiredArgument | ErrorKind::TooFewValues => "usage-missing-argument",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::WrongNumberOfValues => {
            "usage-bad-value"
        }
        ErrorKind::ArgumentConflict => "usage-conflict",
        _ => "usage-other",
    };
    // Without anything to suggest a sentence ends before it would.
    let id = match suggested.is_empty() {
        true => id.replace("unknown", "no-such").replace("bad-value", "value-alone"),
        false => id.to_owned(),
    };
    locales::text(
        lang,
        &id,
        &[("named", named), ("suggested", suggested), ("value", value), ("prior", prior)],
    )
}

/// The first of `kinds` that the error knows.
fn context(error: &clap::Error, kinds: &[ContextKind]) -> String {
    kinds.iter().find_map(|kind| error.get(*kind)).map(text).unwrap_or_default()
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join(", "),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
