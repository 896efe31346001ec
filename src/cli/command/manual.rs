//! `completions` and `man`.

use clap::CommandFactory;

use super::super::args::{Cli, Completions, Man};
use super::super::console::Console;
use super::super::{codes, help};
use crate::error::{Error, Exit, Result};
use crate::event::Front;
use crate::locales::Lang;
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
        console.raw(&whole(grammar, console.lang())?);
        return Ok(Exit::Done);
    };
    platform::create_private_dir(&folder)?;
    let mut waiting = vec![(NAME.to_owned(), grammar)];
    while let Some((name, command)) = waiting.pop() {
        let below = command.get_subcommands().filter(|c| !c.is_hide_set());
        waiting.extend(below.map(|c| (format!("{name}-{}", c.get_name()), c.clone())));
        let page = if name == NAME { whole(command, console.lang())? } else { page(command)? };
        platform::write_new(&folder.join(format!("{name}.1")), &page)?;
    }
    console.say_id("cli-written", &[("path", &folder.display().to_string())]);
    Ok(Exit::Done)
}

/// The program's own page, with every code behind it.
fn whole(grammar: clap::Command, lang: Lang) -> Result<Vec<u8>> {
    let page = clap_mangen::Man::new(grammar);
    let mut out = Vec::new();
    let parts = [
        clap_mangen::Man::render_title,
        clap_mangen::Man::render_name_section,
        clap_mangen::Man::render_synopsis_section,
        clap_mangen::Man::render_description_section,
        clap_mangen::Man::render_subcommands_section,
        clap_mangen::Man::render_options_section,
    ];
    for part in parts {
        part(&page, &mut out).map_err(|e| Error::io("man".as_ref(), e))?;
    }
    out.extend_from_slice(codes::manual(lang).as_bytes());
    Ok(out)
}

fn page(command: clap::Command) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out).map_err(|e| Error::io("man".as_ref(), e))?;
    Ok(out)
}
