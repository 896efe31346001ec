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
    /// A person signs before the organization; this file is sealed already.
    ALREADY_SEALED = "already_sealed", AfterYouFix, Signature;
    /// A PDF whose structure a reader would have to repair; nothing is appended to it.
    BASE_DAMAGED = "base_damaged", AfterYouFix, AllFailed;
    /// A PDF protected by a password.
    BASE_ENCRYPTED = "base_encrypted", AfterYouFix, AllFailed;
    /// A hybrid-reference PDF: two readers see two files.
    BASE_HYBRID = "base_hybrid", AfterYouFix, AllFailed;
    /// Bytes behind the end of the PDF.
    BASE_TRAILING_DATA = "base_trailing_data", AfterYouFix, AllFailed;
    /// A PDF above the size that can be signed.
    BASE_TOO_LARGE = "base_too_large", AfterYouFix, AllFailed;
    /// A PDF with a dynamic XFA form, whose look is not in its pages.
    BASE_DYNAMIC_FORM = "base_dynamic_form", AfterYouFix, AllFailed;
    /// A certified PDF that forbids this further signature.
    BASE_CERTIFIED = "base_certified", AfterYouFix, AllFailed;
    /// The page has no room for the text of the signature.
    PAGE_TOO_SMALL = "page_too_small", AfterYouFix, AllFailed;
    /// A key address that cannot be read.
    KEY_URI_INVALID = "key_uri_invalid", AfterYouFix, Usage;
    /// A key address with a PIN or a command in it.
    PIN_IN_URI = "pin_in_uri", AfterYouFix, Usage;
    /// The file that a PIN should be read from cannot be read.
    PIN_FILE_UNREADABLE = "pin_file_unreadable", AfterYouFix, Key;
    /// The key file is missing or cannot be opened.
    KEY_FILE_MISSING = "key_file_missing", AfterYouFix, Key;
    /// The key file cannot be read as PKCS#12.
    KEY_FILE_DAMAGED = "key_file_damaged", AfterYouFix, Key;
    /// Neither the address nor the station says which PKCS#11 module to load.
    MODULE_NOT_NAMED = "module_not_named", AfterYouFix, Key;
    /// A PKCS#11 module that the station does not allow.
    MODULE_NOT_ALLOWED = "module_not_allowed", AfterYouFix, Key;
    /// The PKCS#11 module does not exist.
    MODULE_MISSING = "module_missing", AfterYouFix, Key;
    /// Others could exchange the PKCS#11 module.
    MODULE_UNSAFE = "module_unsafe", AfterYouFix, Key;
    /// The PKCS#11 module does not load or does not start.
    MODULE_BROKEN = "module_broken", AfterYouFix, Key;
    /// No token of this name is plugged in.
    TOKEN_MISSING = "token_missing", AfterYouFix, Key;
    /// Several tokens fit the address.
    TOKEN_AMBIGUOUS = "token_ambiguous", AfterYouFix, Key;
    /// No such private key.
    KEY_MISSING = "key_missing", AfterYouFix, Key;
    /// Several private keys fit the address.
    KEY_AMBIGUOUS = "key_ambiguous", AfterYouFix, Key;
    /// No certificate belongs to the private key.
    CERTIFICATE_MISSING = "certificate_missing", AfterYouFix, Key;
    /// The certificate cannot be read.
    CERTIFICATE_UNREADABLE = "certificate_unreadable", AfterYouFix, Key;
    /// The certificate is not valid any more.
    CERTIFICATE_EXPIRED = "certificate_expired", AfterYouFix, Key;
    /// The certificate is not valid yet.
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid", AfterYouFix, Key;
    /// The certificate is not for signatures.
    KEY_USAGE_WRONG = "key_usage_wrong", AfterYouFix, Key;
    /// The key is shorter than the profile allows.
    KEY_TOO_SHORT = "key_too_short", AfterYouFix, Key;
    /// A kind of key that is not supported.
    KEY_TYPE_UNSUPPORTED = "key_type_unsupported", AfterYouFix, Key;
    /// The key wants its PIN for every single signature.
    PIN_PER_SIGNATURE = "pin_per_signature", AfterYouFix, Key;
    /// The PIN or password is wrong. Never tried again by the program.
    WRONG_PIN = "wrong_pin", AfterYouFix, Key;
    /// The token's PIN is locked.
    PIN_LOCKED = "pin_locked", AfterYouFix, Key;
    /// The token would lock after one more wrong PIN.
    PIN_LAST_TRY = "pin_last_try", AfterYouFix, Key;
    /// The token does not answer in time.
    TOKEN_TIMEOUT = "token_timeout", Later, Key;
    /// The token's module ended without an answer.
    TOKEN_CRASHED = "token_crashed", Later, Key;
    /// The token was pulled out or lost its session.
    TOKEN_GONE = "token_gone", AfterYouFix, Key;
    /// The token refused for another reason.
    TOKEN_REFUSED = "token_refused", AfterYouFix, Key;
    /// A signature does not fit the certificate's key; it was thrown away.
    SIGNATURE_MISMATCH = "signature_mismatch", AfterYouFix, Key;

    // --- verify -------------------------------------------------------------------------------------------------

    // --- store --------------------------------------------------------------------------------------------------

    // --- upload -------------------------------------------------------------------------------------------------

    // --- pipeline and command line ------------------------------------------------------------------------------
}
