# routes: evidence, the journal, profiles in plain words, routes of documents that were written on a computer

# evidence and journal
help-export = Make a bundle of documents for another machine (--for), or a file with all evidence about one document (--evidence)
help-export-evidence = Everything about this document in one ZIP: scans, every version, verdict, receipts, journal with proofs; a third party checks it with openssl, qpdf, pdfsig and sha256sum
help-journal-check = Check that neither the journal nor the rows of documents were changed by hand, and that the clock never went back
help-journal-check-accept-clock = Why the clock went back; the reason goes into the journal, and these places are not told again
cli-evidence-exported = Evidence about { $document } written: { $path }
    Fingerprint of this station, for whoever checks it: { $fingerprint }
cli-journal-holds = The journal holds: { $entries } entries, { $documents } documents as it says, { $roots } roots, { $stamped } of them with a time stamp.
err-journal-broken = The journal or the rows of documents were changed by hand: { $at }.
    .advice = Keep the workspace as it is and call your support; compare with the last backup. Nothing was repaired.
err-journal-clock = The clock of this machine went back { $count } times between entries of the journal.
    .advice = Find out who set it and why. Then say so: scanseal journal check --accept-clock "REASON"
finding-journal-entries-missing = Entries { $first } to { $last } of the journal are missing: they were removed.
finding-journal-link-broken = Entry { $entry } of the journal does not follow the one before it: entries were exchanged or put in.
finding-journal-entry-changed = Entry { $entry } of the journal was changed after it was written.
finding-journal-head-differed = Before entry { $entry } the journal did not end where it should have: its last entries were removed or added by hand.
finding-journal-end-wrong = The journal ends at entry { $found } and should end at entry { $wanted }: its last entries were removed or added by hand.
finding-journal-root-changed = Root { $root } of the journal does not belong to its entries.
finding-journal-stamp-wrong = The time stamp of root { $root } is not one over this root.
finding-journal-document-changed = Document { $document }: its record, a version, a signature, a receipt or a mark "seen" was changed by hand; the journal says something else.
finding-journal-document-missing = Document { $document } stands in the journal and is gone from the store.
finding-journal-document-unknown = Document { $document } stands in the store, and the journal knows nothing of it.
finding-journal-clock-back = Before entry { $entry } the clock of the station was set back by { $seconds } seconds.
finding-journal-clock-behind = The clock of this machine is behind the journal: the last entry is of { $at }, now it is { $now }.
