//! Help in the person's language: every command and argument of the grammar gets its text from the locale files. A text is
//! looked up under `help-<command>-<argument>`, then under `help-arg-<argument>`.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use crate::locales::{self, Lang};

/// Options that every command has stand below the command's own.
const BEHIND_THE_COMMANDS_OWN: usize = 900;

/// The grammar with its texts.
pub(super) fn localized(grammar: Command, lang: Lang) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let grammar = grammar.arg(help).arg(version).after_help(locales::plain(lang, "help-after"));
    texts(grammar, "help", lang)
}

/// Texts of a command and of what is below it; `id` is the identifier of its own text.
fn texts(command: Command, id: &str, lang: Lang) -> Command {
    let template = template(&command, lang);
    let mut command = command
        .about(locales::plain(lang, id))
        .subcommand_help_heading(locales::plain(lang, "help-heading-commands"))
        .help_template(template)
        .mut_args(|argument| {
            let heading =
                if argument.is_positional() { "help-heading-arguments" } else { "help-heading-options" };
            let general = argument.is_global_set() || argument.get_id() == "version";
            let place = if general { BEHIND_THE_COMMANDS_OWN } else { 0 };
            let name = argument.get_id().to_string();
            argument_text(id, &name, lang, argument)
                .help_heading(locales::plain(lang, heading))
                .display_order(place)
        });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        let below = format!("{id}-{name}");
        command = command.mut_subcommand(&name, |c| texts(c, &below, lang));
    }
    command
}

fn argument_text(command: &str, argument: &str, lang: Lang, arg: Arg) -> Arg {
    arg.help(locales::plain(lang, &argument_id(command, argument, lang)))
}

/// The identifier of an argument's text.
pub(super) fn argument_id(command: &str, argument: &str, lang: Lang) -> String {
    let name = argument.replace('_', "-");
    let own = format!("{command}-{name}");
    if locales::has(lang, &own) { own } else { format!("help-arg-{name}") }
}

fn template(command: &Command, lang: Lang) -> StyledStr {
    let usage = locales::plain(lang, "help-heading-usage");
    let after = if command.has_subcommands() { "{after-help}" } else { "" };
    format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{after}\n").into()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::args::Cli;
    use super::*;

    fn missing(command: &Command, id: &str, lang: Lang, found: &mut Vec<String>) {
        if !locales::has(lang, id) {
            found.push(id.to_owned());
        }
        for argument in command.get_arguments() {
            let id = argument_id(id, argument.get_id().as_str(), lang);
            if !locales::has(lang, &id) {
                found.push(id);
            }
        }
        for below in command.get_subcommands() {
            missing(below, &format!("{id}-{}", below.get_name()), lang, found);
        }
    }

    #[test]
    fn every_command_and_argument_has_a_text_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            let mut found = Vec::new();
            missing(&Cli::command(), "help", lang, &mut found);
            assert!(found.is_empty(), "{lang:?}: {found:?}");
        }
    }
}
