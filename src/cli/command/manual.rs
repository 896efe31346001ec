//! `completions` and `man`.

use clap::CommandFactory;

use super::super::args::{Cli, Completions, Man};
use super::super::console::Console;
use super::super::help;
use crate::error::{Error, Exit, Result};
use crate::event::Front;
use crate::platform;

/// Name of the program in scripts and pages.
const NAME: &str = "scanseal";

pub(in super::super) fn completions(args: Completions, console: &Console) -> Result<Exit> {
    let mut grammar = help::localized(Cli::command(), console.lang());
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut grammar, NAME, &mut script);
    console.raw(&script);
    Ok(Exit::Done)
}

/// The manual page of the program to stdout, or one page a command into a folder.
pub(in super::super) fn man(args: Man, console: &Console) -> Result<Exit> {
    let mut grammar = help::localized(Cli::command(), console.lang());
    grammar.build();
    let Some(folder) = args.output else {
        console.raw(&page(grammar)?);
        return Ok(Exit::Done);
    };
    platform::create_private_dir(&folder)?;
    let mut waiting = vec![(NAME.to_owned(), grammar)];
    while let Some((name, command)) = waiting.pop() {
        let below = command.get_subcommands().filter(|c| !c.is_hide_set());
        waiting.extend(below.map(|c| (format!("{name}-{}", c.get_name()), c.clone())));
        platform::write_new(&folder.join(format!("{name}.1")), &page(command)?)?;
    }
    console.say_id("cli-written", &[("path", &folder.display().to_string())]);
    Ok(Exit::Done)
}

fn page(command: clap::Command) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out).map_err(|e| Error::io("man".as_ref(), e))?;
    Ok(out)
}
