# core
err-internal = scanseal found a fault in itself: { $cause }
    .advice = Nothing that was saved is lost. Run the command again; if it happens again, send this line to your support.
err-file-io = { $path } could not be read or written: { $cause }
    .advice = Check that the disk or the network share is connected, then run the same command again; finished documents are kept.
err-file-missing = { $path } does not exist.
    .advice = Check the name and the folder, then run the command again.
err-file-denied = The system denies access to { $path }: { $cause }
    .advice = Ask your administrator for the right to read and write there, or choose another folder.
err-disk-full = No room is left to write { $path }.
    .advice = Free some space on that disk, then run the same command again; finished documents are kept and nothing half-written was left.
err-file-exists = { $path } exists already; scanseal never overwrites a file.
    .advice = Choose another name, or move the existing file away first.
err-file-too-large = { $path } is { $size } bytes long; the limit here is { $limit } bytes.
    .advice = Check that it is the file you meant; split it or scan it again in parts.
