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
    let id = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "usage-no-command"
        }
        ErrorKind::InvalidSubcommand => "usage-unknown-command",
        ErrorKind::UnknownArgument if !named.starts_with('-') => "usage-superfluous",
        ErrorKind::UnknownArgument => "usage-unknown-argument",
        ErrorKind::MissingRequiredArgument | ErrorKind::TooFewValues => "usage-missing-argument",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::WrongNumberOfValues => {
            if value.is_empty() { "usage-no-value" } else { "usage-bad-value" }
        }
        ErrorKind::TooManyValues => "usage-takes-none",
        ErrorKind::ArgumentConflict if prior == named => "usage-twice",
        ErrorKind::ArgumentConflict => "usage-conflict",
        _ => "usage-other",
    };
    let id = match id {
        id if !suggested.is_empty() => id.to_owned(),
        "usage-bad-value" | "usage-no-value" => format!("{id}-alone"),
        id => id.replace("unknown", "no-such"),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::args::Cli;
    use super::*;

    #[test]
    fn nothing_is_said_of_values_that_are_not_there() {
        for (line, vi, en) in [
            ("kit --count", "còn thiếu giá trị.", "--count <N> needs a value."),
            ("kit --count x", "Không dùng được \"x\" cho --count <N>.", "cannot be used for --count <N>."),
            ("sign --role", "Có thể dùng: personal, organization", "Possible: personal, organization"),
            ("status --json=5", "không ghi giá trị", "--json takes no value"),
            ("status --lang vi --lang en", "được ghi hai lần", "was given twice"),
            ("status extra", "không ghi \"extra\"", "\"extra\" has no place here"),
            ("status --extra", "Không có tùy chọn \"--extra\"", "The option \"--extra\" is not known here."),
        ] {
            let line = ["scanseal"].into_iter().chain(line.split(' '));
            let error = Cli::command().try_get_matches_from(line).unwrap_err();
            for (lang, wanted) in [(Lang::Vi, vi), (Lang::En, en)] {
                let told = message(&error, lang);
                assert!(told.contains(wanted), "{told}");
                assert!(!told.contains("\"\"") && !told.trim_end().ends_with(':'), "{told}");
            }
        }
    }
}
