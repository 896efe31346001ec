"""Why the judges differ, case by case. pdfsig (`-nocert`) checks each signature over its own range and looks at nothing that came
later; where it alone says valid no reason is repeated."""

TAIL = "pyHanko takes bytes behind the last %%EOF for white space; no signature covers them"
TILES = "pyHanko looks only at objects that a table leads to; a reader that repairs files finds the others"
CHAIN = "pyHanko follows /Prev; the revision that it passes over holds a seal"
REASON = "pyHanko lets revisions pass that change nothing a reader shows; here nobody may save behind a signature without a reason"
FACTS = "pyHanko takes any well-formed XMP and any /Info; here title, number and outage are what was signed"
PROOFS = "pyHanko looks at the form of the store and not at what its streams hold"

NOTES = {
    "objects_without_table": TAIL,
    "text_behind_the_end": TAIL,
    "empty_lines_behind_the_end": TAIL,
    "zeros_behind_the_end": TAIL,
    "cut_off": "the last revision lost its end, so it is a tail of the one before",
    "appearances_made_by_the_reader": "pyHanko allows the form to ask for new appearances; the reader then draws what the signer never saw",
    "filled_without_permission": "pyHanko allows filling in where no certification forbids it; here only where one allows it",
    "unsigned_field_covers_the_text": "pyHanko allows new signature fields of any look; a look without a signature is a drawing",
    "seal_taken_out_of_the_form": "pyHanko starts from the newest form and no longer sees the seal",
    "seal_passed_over": CHAIN,
    "passed_over_and_signed_over": CHAIN,
    "all_signatures_passed_over": CHAIN,
    "another_file_behind": "the newest part is a whole file of its own; the signed one in front of it is not looked at",
    "another_root": "the newest catalogue has no form, so no signature is looked for; here every revision is",
    "table_switched_to_an_older_catalogue": "the newest catalogue has no form, so no signature is looked for; here every revision is",
    "object_that_no_table_lists": TILES,
    "garbage_in_front_of_a_revision": TILES,
    "orphan": TILES.replace("; a reader that repairs files finds the others", ", and lets new ones pass that nothing leads to yet"),
    "empty_revision": REASON,
    "same_object_again": REASON,
    "outage_changed": FACTS,
    "metadata_taken_away": FACTS,
    "title_changed": FACTS,
    "garbage_for_a_certificate": PROOFS,
    "proofs_taken_away": "pyHanko allows proofs to go as PAdES does; here a proof that was there stays",
    "bytes_behind_the_container": "pyHanko ignores what stands behind the container",
    "attributes_out_of_order": "pyHanko verifies the stored bytes and does not ask for their order; OpenSSL would encode them again and refuse",
    "document_time_stamp": "pdfsig does not know ETSI.RFC3161",
    "two_document_time_stamps": "pdfsig does not know ETSI.RFC3161",
    "validation_data_and_document_time_stamp": "pdfsig does not know ETSI.RFC3161",
    "proofs_renewed": "pdfsig does not know ETSI.RFC3161",
    "time_stamp_after_certification_1": "pdfsig does not know ETSI.RFC3161",
    "time_stamp_under_a_lock_of_all": "pdfsig does not know ETSI.RFC3161",
    "unlocked_field_filled": "pyHanko counts the untouched appearance of the locked field among the updates",
    "field_outside_of_an_excluding_lock": "pyHanko counts the untouched appearance of the locked field among the updates",
    "unused_numbers_listed_as_free": "pyHanko's strict reader refuses free numbers that were never used",
}
