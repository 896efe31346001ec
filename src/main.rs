//! The command `scanseal`.

fn main() {}
