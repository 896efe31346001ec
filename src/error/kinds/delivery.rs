//! Refusals about records, destinations, the register, and the two fronts.

use crate::error::{Exit, Kind, Retry};

kinds! {
    // --- store --------------------------------------------------------------------------------------------------
    /// The store cannot be opened.
    STORE_UNUSABLE = "store_unusable", AfterYouFix, Workspace;
    /// The server that keeps the store does not answer.
    STORE_AWAY = "store_away", Later, Workspace;
    /// The server that keeps the store does not let us in.
    STORE_LOGIN = "store_login", AfterYouFix, Workspace;
    /// The server that keeps the store has no such database.
    STORE_NO_DATABASE = "store_no_database", AfterYouFix, Workspace;
    /// The server that keeps the store answers with an error.
    STORE_SERVER = "store_server", AfterYouFix, Workspace;
    /// The records of the workspace were moved to a server.
    STORE_MOVED = "store_moved", AfterYouFix, Workspace;
    /// Other records are where a store is to be moved to.
    STORE_NOT_EMPTY = "store_not_empty", AfterYouFix, Usage;
    /// A store cannot be moved there.
    STORE_PLACE = "store_place", AfterYouFix, Usage;
    /// The store was made by a newer version.
    STORE_VERSION = "store_version", AfterYouFix, Workspace;
    /// A read or write of the store failed.
    STORE_FAILED = "store_failed", Later, Workspace;
    /// Another process keeps writing to the store.
    STORE_BUSY = "store_busy", Later, Workspace;
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
    /// An outage that was closed before.
    OUTAGE_CLOSED_BEFORE = "outage_closed_before", AfterYouFix, Usage;
    /// An outage that is not closed cannot be opened again.
    OUTAGE_NOT_CLOSED = "outage_not_closed", Never, Usage;
    /// Systems that would be back before they failed, or in the future.
    RESTORED_TIME = "restored_time", AfterYouFix, Usage;
    /// Paper that would begin in the future.
    PAPER_FUTURE = "paper_future", AfterYouFix, Usage;
    /// No such outage.
    OUTAGE_UNKNOWN = "outage_unknown", AfterYouFix, Usage;
    /// The outage takes no new paper.
    OUTAGE_CLOSED = "outage_closed", AfterYouFix, Usage;
    /// No such document.
    DOCUMENT_UNKNOWN = "document_unknown", AfterYouFix, Usage;
    /// A document that carries signatures is not changed any more.
    DOCUMENT_SIGNED = "document_signed", AfterYouFix, AllFailed;
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
    /// Name or folder of a destination cannot be used.
    DESTINATION_PLACE = "destination_place", AfterYouFix, Workspace;
    /// Documents were to go to a destination that the station does not name any more.
    DESTINATION_UNNAMED = "destination_unnamed", AfterYouFix, DestinationAway;
    /// The destination is away.
    DESTINATION_AWAY = "destination_away", Later, DestinationAway;
    /// The folder of the destination was a mounted share, and now is not.
    DESTINATION_UNMOUNTED = "destination_unmounted", Later, DestinationAway;
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
    /// The SSH server is not the one that the station knows.
    DESTINATION_HOST_KEY = "destination_host_key", AfterYouFix, AllFailed;
    /// A private key for an SSH server cannot be read.
    KEY_FILE_UNREADABLE = "key_file_unreadable", AfterYouFix, AllFailed;
    /// Others can read a file with a password or a key.
    PASSWORD_FILE_OPEN = "password_file_open", AfterYouFix, AllFailed;
    /// Other bytes lie under the name.
    DESTINATION_CONFLICT = "destination_conflict", AfterYouFix, AllFailed;
    /// The destination keeps something else than it was given.
    DESTINATION_REWRITES = "destination_rewrites", AfterYouFix, AllFailed;
    /// The destination answers and fails over one document again and again.
    DESTINATION_STUMBLES = "destination_stumbles", AfterYouFix, AllFailed;
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
    /// The destination took a document down and does not tell what became of it.
    DESTINATION_FORGOT = "destination_forgot", AfterYouFix, AllFailed;
    /// A mail relay does not take mail from our mailbox, or to one of the receivers.
    DESTINATION_MAILBOX = "destination_mailbox", AfterYouFix, AllFailed;

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
    /// A table with two columns of one head.
    SHEET_COLUMN_TWICE = "sheet_column_twice", AfterYouFix, Usage;
    /// A table with a quotation mark that is opened and not closed.
    SHEET_QUOTE = "sheet_quote", AfterYouFix, Usage;
    /// A question of signs alone.
    QUESTION_WITHOUT_WORDS = "question_without_words", AfterYouFix, Usage;
    /// No documents are to be shown.
    FIND_LIMIT = "find_limit", AfterYouFix, Usage;
    /// A file that the office's catalogue does not have.
    FILE_CODE_UNKNOWN = "file_code_unknown", AfterYouFix, Usage;
    /// An entry of the catalogue without a code or a title.
    CATALOGUE_ENTRY = "catalogue_entry", AfterYouFix, Usage;
    /// A table of another program that cannot be read.
    SHEET_MALFORMED = "sheet_malformed", AfterYouFix, Usage;
    /// A table of another program without a column that is needed.
    SHEET_COLUMN = "sheet_column", AfterYouFix, Usage;
    /// A table of another program in an old Vietnamese encoding.
    SHEET_LEGACY = "sheet_legacy", AfterYouFix, Usage;
    /// A table of another program that is no text in UTF-8 or UTF-16, or no text at all.
    SHEET_ENCODING = "sheet_encoding", AfterYouFix, Usage;

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
    /// Another server of this workspace runs.
    STATION_OPEN = "station_open", AfterYouFix, Usage;
    /// An address that is no page of the station.
    WEB_NOWHERE = "web_nowhere", Never, Usage;
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
