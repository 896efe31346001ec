//! Refusals about the workspace, scans, their pages and the PDF that is made of them.

use crate::error::{Exit, Kind, Retry};

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
    /// A file that is here already as a document of its own is named as the correction of another one.
    REPLACEMENT_KNOWN = "replacement_known", AfterYouFix, AllFailed;
    /// A person is to sign what goes along with a document.
    ATTACHMENT_ROLE = "attachment_role", AfterYouFix, Usage;
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
    /// Nothing can be written into the workspace.
    WORKSPACE_READ_ONLY = "workspace_read_only", AfterYouFix, Workspace;
    /// A workspace whose folder this user may not enter.
    WORKSPACE_CLOSED = "workspace_closed", AfterYouFix, Workspace;
    /// The station file still has the words of the template where the name of the office belongs.
    OFFICE_NOT_NAMED = "office_not_named", AfterYouFix, Workspace;

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
    /// Two blocks of one kit, or of kits for one outage, that hand out the same number.
    BLOCKS_OVERLAP = "blocks_overlap", AfterYouFix, Usage;
    /// Numbers that another kit of this year hands out.
    NUMBERS_TAKEN = "numbers_taken", AfterYouFix, Usage;
    /// A kit that belongs to another outage.
    KIT_BOUND = "kit_bound", AfterYouFix, Usage;
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
    /// Nothing was read surely enough to be taken over without a look.
    PROPOSALS_UNSURE = "proposals_unsure", AfterYouFix, AllFailed;
    /// A PDF that cannot be read.
    PDF_UNREADABLE = "pdf_unreadable", AfterYouFix, AllFailed;
}
