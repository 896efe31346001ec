//! The table of all refusals. Each row needs `err-<code>` with `.advice` in both locale folders (a test compares them).

use std::sync::LazyLock;

use super::Kind;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $retry:ident, $exit:ident;)*) => {
        $($(#[$doc])* pub static $name: Kind = Kind { code: $code, retry: Retry::$retry, exit: Exit::$exit };)*
        /// Every row of this part.
        pub(super) static ROWS: &[&Kind] = &[$(&$name),*];
    };
}

mod delivery;
mod paper;
mod signing;

pub use delivery::*;
pub use paper::*;
pub use signing::*;

/// Every row, for the manual and for the test that compares the locales.
pub static ALL: LazyLock<Vec<&'static Kind>> =
    LazyLock::new(|| [paper::ROWS, signing::ROWS, delivery::ROWS].concat());
