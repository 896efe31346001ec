//! The command `scanseal`: chooses a front.

use std::process::ExitCode;

use scanseal::sign::key::token_process;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == token_process::ARGUMENT) {
        return token_process::main();
    }
    scanseal::cli::main()
}
