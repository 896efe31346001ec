//! The table of all refusals. Each row needs `err-<code>` with `.advice` in both locale folders (a test compares them).

use super::{Exit, Kind, Retry};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $retry:ident, $exit:ident;)*) => {
        $($(#[$doc])* pub static $name: Kind = Kind { code: $code, retry: Retry::$retry, exit: Exit::$exit };)*
        /// Every row, for the manual and for the test that compares the locales.
        pub static ALL: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    // --- core: files, workspace, profile, station -------------------------------------------------------------
    /// A fault of the program itself: a condition that its own rules exclude.
    INTERNAL = "internal", Never, Internal;
    /// Input or output failed.
    FILE_IO = "file_io", Later, AllFailed;
    /// The file or folder does not exist.
    FILE_MISSING = "file_missing", AfterYouFix, AllFailed;
    /// The operating system denies access.
    FILE_DENIED = "file_denied", AfterYouFix, AllFailed;
    /// No room on the disk.
    DISK_FULL = "disk_full", AfterYouFix, AllFailed;
    /// A file above the stated limit.
    FILE_TOO_LARGE = "file_too_large", AfterYouFix, AllFailed;
    /// A file that may never be overwritten exists already.
    FILE_EXISTS = "file_exists", AfterYouFix, AllFailed;
    /// No profile of that name.
    PROFILE_UNKNOWN = "profile_unknown", AfterYouFix, Usage;
    /// The profile cannot be read.
    PROFILE_INVALID = "profile_invalid", AfterYouFix, Workspace;
    /// `scanseal.toml` cannot be read.
    STATION_INVALID = "station_invalid", AfterYouFix, Workspace;
    /// Others can write `scanseal.toml`.
    STATION_WRITABLE = "station_writable", AfterYouFix, Workspace;
    /// There is no workspace here.
    WORKSPACE_MISSING = "workspace_missing", AfterYouFix, Workspace;
    /// A workspace exists where one should be made.
    WORKSPACE_EXISTS = "workspace_exists", AfterYouFix, Workspace;
    /// SQLite on a network share.
    WORKSPACE_ON_SHARE = "workspace_on_share", AfterYouFix, Workspace;
    /// A drill was started inside a real workspace.
    DRILL_IN_WORKSPACE = "drill_in_workspace", AfterYouFix, Workspace;

    // --- scan ---------------------------------------------------------------------------------------------------

    // --- compress -----------------------------------------------------------------------------------------------

    // --- pdf ----------------------------------------------------------------------------------------------------

    // --- sign ---------------------------------------------------------------------------------------------------
    /// A stage that wants a signed file got one without signatures.
    NOT_SIGNED = "not_signed", AfterYouFix, Signature;
    /// The organization may not seal yet: a personal role has not signed.
    ROLE_MISSING = "role_missing", AfterYouFix, Signature;
    /// Form sao_y without the clerk's attestation.
    ATTESTATION_MISSING = "attestation_missing", AfterYouFix, Signature;

    // --- verify -------------------------------------------------------------------------------------------------

    // --- store --------------------------------------------------------------------------------------------------

    // --- upload -------------------------------------------------------------------------------------------------

    // --- pipeline and command line ------------------------------------------------------------------------------
}
