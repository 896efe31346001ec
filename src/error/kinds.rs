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
    /// A folder where a file is wanted.
    FILE_IS_FOLDER = "file_is_folder", AfterYouFix, AllFailed;
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
    /// A key of a profile that nobody knows.
    PROFILE_KEY = "profile_key", AfterYouFix, Workspace;
    /// A route that the profile does not have.
    ROUTE_MISSING = "route_missing", AfterYouFix, Usage;
    /// A step that no route has.
    STEP_UNKNOWN = "step_unknown", AfterYouFix, Usage;
    /// Only documents on a route can be sent back or replaced.
    ROUTE_NEEDED = "route_needed", AfterYouFix, Usage;
    /// A signer who may not sign at this step.
    SIGNER_NOT_ALLOWED = "signer_not_allowed", AfterYouFix, AllFailed;
    /// A capacity in which nobody signs at this step.
    CAPACITY_NOT_ALLOWED = "capacity_not_allowed", AfterYouFix, AllFailed;
    /// All persons of the route have signed.
    ALL_HAVE_SIGNED = "all_have_signed", Never, AllFailed;
    /// The organization never signs this document.
    NEVER_SEALED = "never_sealed", Never, AllFailed;
    /// A file that is no PDF came in where a PDF is wanted.
    BORN_NOT_PDF = "born_not_pdf", AfterYouFix, AllFailed;
    /// A PDF that is not PDF/A where the profile wants PDF/A.
    BORN_NOT_ARCHIVAL = "born_not_archival", AfterYouFix, AllFailed;
    /// The result of a scan is no document that was written on a computer.
    BORN_IS_RECOVERED = "born_is_recovered", Never, AllFailed;
    /// A secret document stays outside.
    BORN_SECRET = "born_secret", Never, AllFailed;
    /// A drill takes no documents that cannot be marked.
    BORN_DRILL = "born_drill", Never, Usage;
    /// Steps of a route that do not fit the profile.
    ROUTE_STEPS = "route_steps", AfterYouFix, Usage;
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
    /// This machine's clock and another disagree.
    CLOCK_WRONG = "clock_wrong", AfterYouFix, AllFailed;

    // --- scan ---------------------------------------------------------------------------------------------------
    /// The file is empty.
    SCAN_EMPTY = "scan_empty", AfterYouFix, AllFailed;
    /// Not a picture at all.
    SCAN_UNKNOWN = "scan_unknown", AfterYouFix, AllFailed;
    /// A known format that is not taken as a scan.
    SCAN_FORMAT = "scan_format", AfterYouFix, AllFailed;
    /// A variant of a known format that is not read yet.
    SCAN_VARIANT = "scan_variant", AfterYouFix, AllFailed;
    /// The file ends too early.
    SCAN_CUT = "scan_cut", AfterYouFix, AllFailed;
    /// The file is damaged.
    SCAN_BROKEN = "scan_broken", AfterYouFix, AllFailed;
    /// The file is another one than a moment ago.
    SCAN_CHANGED = "scan_changed", Later, AllFailed;
    /// More pixels than a page can have.
    SCAN_TOO_LARGE = "scan_too_large", AfterYouFix, AllFailed;
    /// More pages than a file may have.
    SCAN_TOO_MANY_PAGES = "scan_too_many_pages", AfterYouFix, AllFailed;
    /// A page of a document that cannot be read; it is never left out.
    PAGE_BROKEN = "page_broken", AfterYouFix, AllFailed;
    /// A PDF with a password.
    PDF_ENCRYPTED = "pdf_encrypted", AfterYouFix, AllFailed;
    /// A PDF that a program wrote: it has text that one sees.
    PDF_HAS_TEXT = "pdf_has_text", AfterYouFix, AllFailed;
    /// A PDF with drawings or without any scanned picture.
    PDF_HAS_DRAWING = "pdf_has_drawing", AfterYouFix, AllFailed;
    /// A PDF with form fields.
    PDF_HAS_FORM = "pdf_has_form", AfterYouFix, AllFailed;
    /// A PDF with comments or other notes on its pages.
    PDF_HAS_NOTES = "pdf_has_notes", AfterYouFix, AllFailed;
    /// A PDF that is signed already.
    PDF_IS_SIGNED = "pdf_is_signed", AfterYouFix, AllFailed;
    /// More files than a request may have.
    SCAN_TOO_MANY_FILES = "scan_too_many_files", AfterYouFix, Usage;
    /// The manifest is not UTF-8.
    MANIFEST_ENCODING = "manifest_encoding", AfterYouFix, Usage;
    /// The manifest is no table.
    MANIFEST_MALFORMED = "manifest_malformed", AfterYouFix, Usage;
    /// A column that the manifest does not have.
    MANIFEST_COLUMN = "manifest_column", AfterYouFix, Usage;
    /// A column that stands twice in the heading.
    MANIFEST_COLUMN_TWICE = "manifest_column_twice", AfterYouFix, Usage;
    /// Neither `file` nor `paper_serial`.
    MANIFEST_NO_FILE = "manifest_no_file", AfterYouFix, Usage;
    /// A row without file and serial.
    MANIFEST_ROW = "manifest_row", AfterYouFix, Usage;
    /// A row names a file that is not there.
    MANIFEST_FILE_MISSING = "manifest_file_missing", AfterYouFix, AllFailed;
    /// Two rows name one file.
    MANIFEST_FILE_TWICE = "manifest_file_twice", AfterYouFix, AllFailed;
    /// TRÍCH SAO from a scan.
    EXTRACT_FROM_SCAN = "extract_from_scan", Never, Usage;

    // --- kit, stacks, watched folders, corrections --------------------------------------------------------------
    /// Not a block of numbers.
    BAD_BLOCK = "bad_block", AfterYouFix, Usage;
    /// No cover sheet, or more than a kit may have.
    KIT_SIZE = "kit_size", AfterYouFix, Usage;
    /// Not the number of a kit.
    KIT_UNKNOWN = "kit_unknown", AfterYouFix, Usage;
    /// An outage reference with other characters than those that every system takes.
    OUTAGE_REFERENCE = "outage_reference", AfterYouFix, Usage;
    /// A time in which paper is accepted that ends before it begins.
    PAPER_WINDOW = "paper_window", AfterYouFix, Usage;
    /// Not a way to split a stack.
    BAD_SPLIT = "bad_split", AfterYouFix, Usage;
    /// Fronts and backs that do not match.
    DUPLEX_UNEVEN = "duplex_uneven", AfterYouFix, AllFailed;
    /// A row names one document, and cover sheets in its files make several.
    MANIFEST_ROW_SPLIT = "manifest_row_split", AfterYouFix, AllFailed;
    /// A row names a cover sheet that is not among the scans.
    MANIFEST_SHEET_MISSING = "manifest_sheet_missing", AfterYouFix, AllFailed;
    /// Two rows name one cover sheet.
    MANIFEST_SHEET_TWICE = "manifest_sheet_twice", AfterYouFix, AllFailed;
    /// A folder that scanseal itself writes to is not watched.
    WATCH_OWN = "watch_own", AfterYouFix, Usage;
    /// A file in a watched folder that stays half.
    WATCH_HALF = "watch_half", AfterYouFix, AllFailed;
    /// The document has no such page.
    PAGE_UNKNOWN = "page_unknown", AfterYouFix, Usage;
    /// Nothing of the document was corrected, or what was is undone.
    NOTHING_TO_UNDO = "nothing_to_undo", AfterYouFix, Usage;
    /// A correction of pages that stands in a signed or dropped document.
    UNDO_TOO_LATE = "undo_too_late", AfterYouFix, AllFailed;
    /// Documents of two outages.
    PAGES_OTHER_OUTAGE = "pages_other_outage", AfterYouFix, Usage;
    /// Text in an older encoding.
    MANIFEST_LEGACY = "manifest_legacy", AfterYouFix, Usage;
    /// A finding that is accepted with a reason only.
    REASON_MISSING = "reason_missing", AfterYouFix, Usage;

    // --- compress -----------------------------------------------------------------------------------------------
    /// A stream of ours does not decode to what went in.
    GUARD = "guard", Never, AllFailed;

    // --- ocr ------------------------------------------------------------------------------------------------------
    /// No proposal of a document can be accepted.
    NO_PROPOSALS = "no_proposals", AfterYouFix, AllFailed;
    /// Tesseract failed on a page.
    OCR_FAILED = "ocr_failed", Later, AllFailed;
    /// Tesseract is needed for what was asked, and is not installed.
    OCR_MISSING = "ocr_missing", AfterYouFix, AllFailed;

    // --- pdf ----------------------------------------------------------------------------------------------------
    /// Bytes that are not PDF/A.
    NOT_ARCHIVAL = "not_archival", AfterYouFix, AllFailed;
    /// An unsigned file was expected.
    ALREADY_SIGNED = "already_signed", Never, AllFailed;
    /// A character that the font does not have.
    GLYPH_MISSING = "glyph_missing", AfterYouFix, AllFailed;
    /// Metadata that cannot be read.
    XMP_BROKEN = "xmp_broken", AfterYouFix, AllFailed;
    /// A PDF that cannot be read.
    PDF_UNREADABLE = "pdf_unreadable", AfterYouFix, AllFailed;

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
    /// An earlier signature locks this field, or all of them.
    BASE_LOCKED = "base_locked", AfterYouFix, AllFailed;
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
    /// Others can write the key file.
    KEY_FILE_WRITABLE = "key_file_writable", AfterYouFix, Key;
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
    /// A signature by this certificate would not be accepted here; nothing was signed with it.
    SIGNER_NOT_ACCEPTED = "signer_not_accepted", AfterYouFix, Key;
    /// The certificate is not for signatures.
    KEY_USAGE_WRONG = "key_usage_wrong", AfterYouFix, Key;
    /// The profile does not accept the issuer of any certificate of the key.
    ISSUER_NOT_ACCEPTED = "issuer_not_accepted", AfterYouFix, Key;
    /// The key is shorter than the profile allows.
    KEY_TOO_SHORT = "key_too_short", AfterYouFix, Key;
    /// A kind of key that is not supported.
    KEY_TYPE_UNSUPPORTED = "key_type_unsupported", AfterYouFix, Key;
    /// The key wants its PIN for every single signature.
    PIN_PER_SIGNATURE = "pin_per_signature", AfterYouFix, Key;
    /// The key was lost before this file's turn came.
    FILE_NOT_REACHED = "file_not_reached", Later, Key;
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
    /// The person ended the batch; what is done stays done.
    STOPPED = "stopped", Later, SomeFailed;
    /// A person's certificate where the organization signs.
    CERTIFICATE_OF_PERSON = "certificate_of_person", AfterYouFix, Key;
    /// An organization's certificate where a person signs.
    CERTIFICATE_OF_ORGANIZATION = "certificate_of_organization", AfterYouFix, Key;
    /// The organization would sign with the certificate that signed this document as a person.
    SIGNED_AS_PERSON = "signed_as_person", AfterYouFix, Signature;
    /// A signature does not fit the certificate's key; it was thrown away.
    SIGNATURE_MISMATCH = "signature_mismatch", AfterYouFix, Key;
    /// Objects that show something and that nothing leads to.
    BASE_HIDDEN_OBJECTS = "base_hidden_objects", AfterYouFix, AllFailed;
    /// Optional content: what shows depends on the reader.
    BASE_LAYERS = "base_layers", AfterYouFix, AllFailed;
    /// Scripts and other actions that change, send or start something.
    BASE_SCRIPTS = "base_scripts", AfterYouFix, AllFailed;
    /// Embedded files that no page speaks of.
    BASE_ATTACHMENTS = "base_attachments", AfterYouFix, AllFailed;
    /// Fields that can be filled in after signing.
    BASE_FORM = "base_form", AfterYouFix, AllFailed;
    /// Annotations that are hidden or come up by themselves.
    BASE_HIDDEN_ANNOTATION = "base_hidden_annotation", AfterYouFix, AllFailed;
    /// Content that lies outside the file.
    BASE_EXTERNAL = "base_external", AfterYouFix, AllFailed;
    /// Several versions of a picture, of which each program takes the one that it likes.
    BASE_VARIANTS = "base_variants", AfterYouFix, AllFailed;
    /// Films, sounds, three-dimensional models and the like.
    BASE_MEDIA = "base_media", AfterYouFix, AllFailed;
    /// A signature from elsewhere that is not one of this key over this file.
    REMOTE_SIGNATURE_WRONG = "remote_signature_wrong", AfterYouFix, Signature;
    /// An order for a signature from elsewhere and its file do not belong together any more.
    ORDER_CHANGED = "order_changed", AfterYouFix, AllFailed;
    /// The signature from elsewhere is not there yet.
    REMOTE_SIGNATURE_MISSING = "remote_signature_missing", Later, Undecided;
    /// The picture of a visible signature cannot be used.
    PICTURE_UNUSABLE = "picture_unusable", AfterYouFix, Usage;
    /// A visible signature is wanted and the station names no picture.
    PICTURE_NOT_NAMED = "picture_not_named", AfterYouFix, Usage;
    /// Pictures of signatures and seals do not belong on scans.
    FORM_ON_SCAN = "form_on_scan", AfterYouFix, AllFailed;
    /// No place for a visible signature was found.
    FORM_NO_PLACE = "form_no_place", AfterYouFix, AllFailed;
    /// A visible signature would stand outside the page.
    FORM_OUTSIDE = "form_outside", AfterYouFix, AllFailed;
    /// The profile leaves the place of the picture to its rule.
    PLACE_BY_RULE = "place_by_rule", AfterYouFix, AllFailed;
    /// The signature does not show as a picture, so it has no place to be chosen.
    PLACE_NOT_WANTED = "place_not_wanted", AfterYouFix, Usage;
    /// The level wants time stamps and the station names no service.
    TIMESTAMP_NOT_NAMED = "timestamp_not_named", AfterYouFix, Usage;
    /// A time-stamp service does not answer; the proof is owed.
    TIMESTAMP_AWAY = "timestamp_away", Later, Undecided;
    /// A time-stamp service refused; the proof is owed.
    TIMESTAMP_REFUSED = "timestamp_refused", Later, Undecided;
    /// What a time-stamp service answered is not a stamp that holds; the proof is owed.
    TIMESTAMP_WRONG = "timestamp_wrong", AfterYouFix, Undecided;

    /// A signature of an archived file does not hold, so nothing is signed on top of it.
    EARLIER_SIGNATURE_BROKEN = "earlier_signature_broken", Never, Signature;
    /// A signed document that waits for the clerk's word on a finding.
    DOCUMENT_HELD = "document_held", AfterYouFix, AllFailed;
    /// A revocation service does not answer; the proof is owed.
    REVOCATION_AWAY = "revocation_away", Later, Undecided;
    /// What a revocation service answered says nothing that can be believed; the proof is owed.
    REVOCATION_WRONG = "revocation_wrong", Later, Undecided;
    /// The certificate of an earlier signature of the file is revoked.
    SIGNATURE_REVOKED = "signature_revoked", Never, Signature;
    /// The certificate of the key, or one above it, is revoked.
    SIGNER_REVOKED = "signer_revoked", AfterYouFix, Key;

    // --- verify -------------------------------------------------------------------------------------------------
    /// A file of trusted certificates cannot be read.
    TRUST_UNREADABLE = "trust_unreadable", AfterYouFix, Workspace;
    /// The file has no revision of that number.
    REVISION_UNKNOWN = "revision_unknown", AfterYouFix, Usage;

    // --- store --------------------------------------------------------------------------------------------------
    /// The store cannot be opened.
    STORE_UNUSABLE = "store_unusable", AfterYouFix, Workspace;
    /// The server that keeps the store does not answer.
    STORE_AWAY = "store_away", Later, Workspace;
    /// The records of the workspace were moved to a server.
    STORE_MOVED = "store_moved", AfterYouFix, Workspace;
    /// Other records are where a store is to be moved to.
    STORE_NOT_EMPTY = "store_not_empty", AfterYouFix, Usage;
    /// A store cannot be moved there.
    STORE_PLACE = "store_place", AfterYouFix, Usage;
    /// The store was made by another version.
    STORE_VERSION = "store_version", AfterYouFix, Workspace;
    /// A read or write of the store failed.
    STORE_FAILED = "store_failed", Later, Workspace;
    /// Bytes that the store knows are gone.
    BLOB_MISSING = "blob_missing", AfterYouFix, AllFailed;
    /// Bytes that the store knows have changed.
    BLOB_DAMAGED = "blob_damaged", AfterYouFix, AllFailed;
    /// The journal does not hold.
    JOURNAL_BROKEN = "journal_broken", AfterYouFix, Signature;
    /// The clock went back between entries of the journal, and nobody has said why.
    JOURNAL_CLOCK = "journal_clock", AfterYouFix, Undecided;
    /// An outage reference is taken.
    OUTAGE_EXISTS = "outage_exists", AfterYouFix, Usage;
    /// No such outage.
    OUTAGE_UNKNOWN = "outage_unknown", AfterYouFix, Usage;
    /// The outage takes no new paper.
    OUTAGE_CLOSED = "outage_closed", AfterYouFix, Usage;
    /// No such document.
    DOCUMENT_UNKNOWN = "document_unknown", AfterYouFix, Usage;
    /// Another process has taken the document over.
    LEASE_LOST = "lease_lost", Later, AllFailed;
    /// Another process is working on the document and does not finish.
    DOCUMENT_BUSY = "document_busy", Later, AllFailed;
    /// A step that does not fit the document's state.
    WRONG_STATE = "wrong_state", AfterYouFix, AllFailed;
    /// There is no PDF yet.
    NOT_BUILT = "not_built", AfterYouFix, AllFailed;

    // --- upload -------------------------------------------------------------------------------------------------
    /// No such destination.
    DESTINATION_UNKNOWN = "destination_unknown", AfterYouFix, Usage;
    /// The station names no destination.
    DESTINATION_NOT_NAMED = "destination_not_named", AfterYouFix, Usage;
    /// The destination is away.
    DESTINATION_AWAY = "destination_away", Later, DestinationAway;
    /// The destination has no room.
    DESTINATION_FULL = "destination_full", Later, DestinationAway;
    /// The destination denies access.
    DESTINATION_DENIED = "destination_denied", AfterYouFix, AllFailed;
    /// The destination does not let us in.
    DESTINATION_LOGIN = "destination_login", AfterYouFix, AllFailed;
    /// The folder does not exist there.
    DESTINATION_FOLDER_MISSING = "destination_folder_missing", AfterYouFix, AllFailed;
    /// The destination does not take this document.
    DESTINATION_REFUSED = "destination_refused", AfterYouFix, AllFailed;
    /// An answer that a working destination does not give.
    DESTINATION_UNEXPECTED = "destination_unexpected", AfterYouFix, AllFailed;
    /// The destination's certificate, or ours, is not believed.
    DESTINATION_TLS = "destination_tls", AfterYouFix, AllFailed;
    /// Others can read a file with a password or a key.
    PASSWORD_FILE_OPEN = "password_file_open", AfterYouFix, AllFailed;
    /// Other bytes lie under the name.
    DESTINATION_CONFLICT = "destination_conflict", AfterYouFix, AllFailed;
    /// The destination keeps something else than it was given.
    DESTINATION_REWRITES = "destination_rewrites", AfterYouFix, AllFailed;
    /// The destination has taken a document and is not done with it.
    DESTINATION_UNDERWAY = "destination_underway", Later, DestinationAway;
    /// A recipe for a document system cannot be used.
    RECIPE_UNREADABLE = "recipe_unreadable", AfterYouFix, AllFailed;
    /// An e-mail address is none.
    MAILBOX_WRONG = "mailbox_wrong", AfterYouFix, AllFailed;
    /// A document waits for a file that goes along with it.
    ATTACHMENT_OPEN = "attachment_open", AfterYouFix, AllFailed;
    /// An attachment whose document did not go.
    EDXML_ALONG = "edxml_along", AfterYouFix, AllFailed;
    /// None of a document's recipients is a receiver there.
    RECIPIENTS_UNKNOWN = "recipients_unknown", AfterYouFix, AllFailed;
    /// The axis itself failed.
    EDXML_AXIS = "edxml_axis", AfterYouFix, AllFailed;
    /// A gateway of the axis refused a packet by a number.
    EDXML_REFUSED = "edxml_refused", AfterYouFix, AllFailed;
    /// A fact without which a document has no name on the axis.
    EDXML_FACT = "edxml_fact", AfterYouFix, AllFailed;
    /// Drill documents and real destinations do not mix.
    DESTINATION_DRILL = "destination_drill", Never, AllFailed;

    // --- hand-over between machines -----------------------------------------------------------------------------
    /// A bundle that does not hold together any more.
    BUNDLE_CHANGED = "bundle_changed", Never, AllFailed;
    /// Not a bundle.
    BUNDLE_UNREADABLE = "bundle_unreadable", AfterYouFix, AllFailed;
    /// A bundle of a station whose fingerprint nobody has compared.
    STATION_UNKNOWN = "station_unknown", AfterYouFix, Usage;
    /// This station's own key cannot be read.
    STATION_KEY_DAMAGED = "station_key_damaged", AfterYouFix, Workspace;
    /// Two versions of a document that do not continue each other.
    HANDOVER_CONFLICT = "handover_conflict", AfterYouFix, AllFailed;
    /// A document that came from another machine is corrected there.
    DOCUMENT_RECEIVED = "document_received", AfterYouFix, AllFailed;

    // --- register and reconciliation ------------------------------------------------------------------------------
    /// A table of both books of the register.
    REGISTER_MIXED = "register_mixed", AfterYouFix, Usage;
    /// A register in a form that is only a file.
    REGISTER_FILE = "register_file", AfterYouFix, Usage;
    /// A file that the office's catalogue does not have.
    FILE_CODE_UNKNOWN = "file_code_unknown", AfterYouFix, Usage;
    /// An entry of the catalogue without a code or a title.
    CATALOGUE_ENTRY = "catalogue_entry", AfterYouFix, Usage;
    /// A table of another program that cannot be read.
    SHEET_MALFORMED = "sheet_malformed", AfterYouFix, Usage;
    /// A table of another program without a column that is needed.
    SHEET_COLUMN = "sheet_column", AfterYouFix, Usage;

    /// A line that the reconciliation does not have, or that wants no reason.
    LINE_UNKNOWN = "line_unknown", AfterYouFix, Usage;
    /// A line without a reason.
    LINE_REASON = "line_reason", AfterYouFix, Usage;
    /// No line is marked that a reason could be given for.
    LINES_NOT_CHOSEN = "lines_not_chosen", AfterYouFix, Usage;

    // --- report -------------------------------------------------------------------------------------------------
    /// More documents than a printed list may have.
    REPORT_TOO_LARGE = "report_too_large", AfterYouFix, Usage;

    // --- pipeline and command line ------------------------------------------------------------------------------
    /// Not a place on a page.
    BAD_PLACE = "bad_place", AfterYouFix, Usage;
    /// Not a document's number.
    BAD_DOCUMENT_ID = "bad_document_id", AfterYouFix, Usage;
    /// Not a point in time.
    BAD_TIME = "bad_time", AfterYouFix, Usage;
    /// Not a correction.
    BAD_CHANGE = "bad_change", AfterYouFix, Usage;
    /// Not a state.
    BAD_STATE = "bad_state", AfterYouFix, Usage;
    /// Not a field.
    BAD_FIELD = "bad_field", AfterYouFix, Usage;
    /// Not a value of the field.
    BAD_FIELD_VALUE = "bad_field_value", AfterYouFix, Usage;
    /// No open finding of that code, or one that nobody may accept.
    NO_SUCH_FINDING = "no_such_finding", AfterYouFix, Usage;
    /// A personal signature on a document that nobody marked as seen.
    NOT_SEEN = "not_seen", AfterYouFix, AllFailed;
    /// A proof is owed and the profile wants it before sealing.
    PROOF_OWED = "proof_owed", Later, Undecided;
    /// A service did not give what a level wants, so a file stays below it.
    LEVEL_NOT_REACHED = "level_not_reached", Later, Undecided;
    /// A report in another form than a page or a print.
    REPORT_KIND = "report_kind", AfterYouFix, Usage;
    /// The signatures cannot be judged yet.
    VERDICT_OPEN = "verdict_open", AfterYouFix, Undecided;
    /// A signature does not hold.
    VERDICT_INVALID = "verdict_invalid", Never, Signature;
    /// No key is named.
    KEY_NOT_NAMED = "key_not_named", AfterYouFix, Key;
    /// The legal form of the profile has no personal signature.
    ROLE_NOT_IN_FORM = "role_not_in_form", AfterYouFix, Usage;
    /// A typed fingerprint that is not the certificate's.
    FINGERPRINT_DIFFERS = "fingerprint_differs", AfterYouFix, Usage;
    /// No added anchor, or several, with this fingerprint.
    ANCHOR_UNKNOWN = "anchor_unknown", AfterYouFix, Usage;
    /// Two parts of the request that exclude each other.
    OPTIONS_CONFLICT = "options_conflict", AfterYouFix, Usage;
    /// A drill's file and a real key, or the other way round.
    DRILL_MIXED = "drill_mixed", Never, Usage;
    /// A name that has to be given.
    NAME_EMPTY = "name_empty", AfterYouFix, Usage;
    /// An option that says nothing without another one.
    OPTION_NEEDS = "option_needs", AfterYouFix, Usage;
    /// Plain files need a folder for the signed copies.
    OUTPUT_MISSING = "output_missing", AfterYouFix, Usage;
    /// A file where the folder for the signed copies should be.
    OUTPUT_NOT_FOLDER = "output_not_folder", AfterYouFix, Usage;
    /// Two files whose copies would have one name.
    OUTPUT_TWICE = "output_twice", AfterYouFix, Usage;
    /// A person said no.
    NOT_CONFIRMED = "not_confirmed", AfterYouFix, Usage;
    /// Nothing fits the request.
    NOTHING_TO_DO = "nothing_to_do", AfterYouFix, Usage;
    /// A PIN is needed and there is no terminal.
    PIN_NEEDED = "pin_needed", AfterYouFix, Key;
    /// An empty PIN; the token was not asked.
    PIN_EMPTY = "pin_empty", AfterYouFix, Key;
    /// A PIN source other than a file.
    PIN_SOURCE = "pin_source", AfterYouFix, Key;

    // --- web: the local station ---------------------------------------------------------------------------------
    /// The port is in use.
    PORT_TAKEN = "port_taken", AfterYouFix, Usage;
    /// A change without the token of the page.
    WEB_TOKEN = "web_token", Later, Usage;
    /// Work of this kind is under way.
    WEB_BUSY = "web_busy", Later, SomeFailed;
    /// The work that the page speaks of is over.
    WEB_WORK_OVER = "web_work_over", Later, SomeFailed;
    /// The page shows an older state of the document.
    PAGE_OUTDATED = "page_outdated", Later, SomeFailed;
    /// An upload ended too early.
    UPLOAD_CUT = "upload_cut", Later, SomeFailed;
    /// More files than one batch takes.
    UPLOAD_TOO_MANY = "upload_too_many", AfterYouFix, SomeFailed;
    /// A page cannot be shown as a picture.
    PICTURE_FAILED = "picture_failed", Never, SomeFailed;
}
