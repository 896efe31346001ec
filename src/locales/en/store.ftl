# store

err-store-unusable = The store of this workspace ({ $store }) cannot be opened: { $cause }
    .advice = Check the path in scanseal.toml and that no other program has damaged the file. The documents themselves lie in the blobs folder; ask your support before you move anything.
err-store-away = The database of this workspace does not answer.
    .advice = Nothing is lost: what was finished is kept, and nothing was half done. Check the network and that the server runs, then run the same command again.
err-store-login = The database server of { $store } does not let us in: { $cause }
    .advice = Check the user in the address and the first line of the password file (store_password_file, or --password-file). Nothing was changed.
err-store-no-database = The database server of { $store } has no database { $database }.
    .advice = Check the name at the end of the address, or ask its administrator to make the database (createdb). Nothing was changed.
err-store-server = The database server of { $store } cannot be used: { $cause }
    .advice = Check the address (store in scanseal.toml), and show this sentence to the administrator of the server. Nothing was changed.
err-store-moved = The records of this workspace were moved to { $store }.
    .advice = Use the scanseal.toml that names the new place; the old file stays as it was on that day and is used no more.
err-store-not-empty = Other records are in { $store } already.
    .advice = Name a database that is empty. Nothing was changed.
err-store-place = The records cannot be moved there: { $cause }.
    .advice = Name a PostgreSQL database, for example: scanseal store move postgres://seal@db.example/office --password-file pg.txt
err-store-version = The store is of version { $found }, which a newer scanseal has made; this program is older and knows version { $known }.
    .advice = Use the newer program on this computer as well; nothing has to be done to the store.
err-store-failed = The store could not be read or written: { $cause }
    .advice = Check disk and network, then run the same command again; finished documents are kept.
err-store-busy = Another scanseal is writing to the store and does not finish.
    .advice = Wait for it, or end it if it hangs (the list of running programs shows it), then run the same command again; finished documents are kept.
err-blob-missing = Stored bytes are gone: { $path }
    .advice = Restore this file from the backup, then run the command again. Where several stations share one store, blobs must name a place that all of them reach (s3://... or a shared folder): if it does not, the bytes lie on the station that made them.
err-blob-damaged = Stored bytes have changed since they were saved: { $path }
    .advice = Nothing is built on changed bytes. Restore this file from the backup and have the disk checked.
err-outage-exists = There is a record of the outage { $reference } already.
    .advice = Use it as it is (scanseal outage show { $reference }); if it is closed, open it again with scanseal outage reopen { $reference }. For another outage choose another reference.
err-outage-unknown = There is no outage { $reference }. Known: { $known }
    .advice = Check the spelling, or open it with scanseal outage open { $reference }.
err-outage-closed-before = The outage { $reference } was closed before; its systems were back at { $at }.
    .advice = Nothing was changed. scanseal outage show { $reference } shows the record; scanseal outage reopen { $reference } opens it again.
err-restored-time = The systems cannot have been back at { $restored }: the outage began at { $from }, and now it is { $now }.
    .advice = Check the time after --restored; the day comes before the month. Without --restored the systems are back now.
err-paper-future = Paper cannot be allowed from { $from } on: that is in the future, and now it is { $now }.
    .advice = Check the time after --paper-from; the day comes before the month.
err-outage-closed = The outage { $reference } is closed and takes no new paper.
    .advice = Check the reference. If paper of this outage turned up late, open its record again with scanseal outage reopen { $reference }, take the paper in and close it afterwards.
err-document-unknown = There is no document { $document } in this workspace.
    .advice = Look for its number with scanseal list.
err-lease-lost = Another run of scanseal has taken over document { $document } meanwhile.
    .advice = Nothing is lost; look with scanseal list and run the command again if needed.
err-wrong-state =
    This step needs the document to be: { $wanted ->
        [captured] { report-state-captured }
        [held] { report-state-held }
        [built] { report-state-built }
        [partly_signed] { report-state-partly-signed }
        [signed] { report-state-signed }
        [authorised] { report-state-authorised }
        [sealed] { report-state-sealed }
        [queued] { report-state-queued }
        [sent] { report-state-sent }
        [accepted] { report-state-accepted }
        [delivered] { report-state-delivered }
        [closed] { report-state-closed }
        [replaced] { report-state-replaced }
       *[dropped] { report-state-dropped }
    }. It stands at: { $state ->
        [captured] { report-state-captured }
        [held] { report-state-held }
        [built] { report-state-built }
        [partly_signed] { report-state-partly-signed }
        [signed] { report-state-signed }
        [authorised] { report-state-authorised }
        [sealed] { report-state-sealed }
        [queued] { report-state-queued }
        [sent] { report-state-sent }
        [accepted] { report-state-accepted }
        [delivered] { report-state-delivered }
        [closed] { report-state-closed }
        [replaced] { report-state-replaced }
       *[dropped] { report-state-dropped }
    }
    .advice = Look at it with scanseal show; it may be done already, or an earlier step is missing.
err-not-built = There is no PDF of document { $document } yet.
    .advice = Build it first with scanseal build.
err-document-busy = Another run of scanseal is working on document { $document } and has not finished.
    .advice = Wait until it has ended, then run the same command again.
err-bundle-changed = The bundle was changed on its way ({ $what }). Nothing was taken over.
    .advice = Copy it again from the machine that sent it, or make a new one there (scanseal export).
err-bundle-unreadable = { $path } is not a bundle that can be read: { $cause }
    .advice = Choose the file that scanseal export wrote; if it is that one, copy it again.
err-station-unknown = This bundle comes from the station "{ $station }" ({ $office }), from which this one has never taken any. Fingerprint of its key: { $fingerprint }
    .advice = Compare these digits with those that the sending station showed when it made the bundle (by telephone, or look there), then import again with --from and the digits. This is needed once a station.
err-station-key-damaged = This station's key { $path } cannot be read: { $cause }
    .advice = Bring the file back from a backup; or rename the old one: a new key is made, and other stations have to compare its fingerprint again.
err-handover-conflict = Document { $document } went another way here than in the bundle (it was signed on both machines, for example). The version in the bundle was not taken over.
    .advice = Look at both (scanseal show { $document }) and decide which one counts; neither is lost.
err-document-received = Document { $document } came from another machine and cannot be corrected here.
    .advice = Correct it on the machine where it was scanned, build it again and make a new bundle.
finding-already-imported = The document is here already; the bundle has nothing new.
cli-store-moved = The records are now in { $store }: { $rows } rows; { $blobs } blobs were put into the common bucket. scanseal.toml names the new place.
err-outage-not-closed = The outage { $reference } is not closed, so it need not be opened again.
    .advice = Use it as it is: it takes paper. scanseal outage show { $reference } shows the record.
err-document-signed = { $document } carries signatures already, so nothing of it is changed any more. It stands at: { $state ->
        [partly_signed] { report-state-partly-signed }
        [signed] { report-state-signed }
        [authorised] { report-state-authorised }
        [sealed] { report-state-sealed }
        [queued] { report-state-queued }
        [sent] { report-state-sent }
        [accepted] { report-state-accepted }
        [delivered] { report-state-delivered }
       *[closed] { report-state-closed }
    }
    .advice = { $route ->
        [recovery] Scan the paper again and take the new scan in as a document of its own; the signed one stays as it is.
       *[other] Take the corrected file in in its place: scanseal scan FILE.pdf --route { $route } --replaces { $document }. The signed one stays as it is.
    }
finding-handed-over-before = This version went to another machine before, at { $at }, { $purpose ->
    [personal] for the signatures of persons
    [organization] for the organization's signature
   *[delivery] to be delivered
  }, and nothing has come back since. Make sure that it is not signed twice.
