# core
err-internal = scanseal found a fault in itself: { $cause }
    .advice = Nothing that was saved is lost. Run the command again; if it happens again, send this line to your support.
err-file-io = { $path } could not be read or written: { $cause }
    .advice = Check that the disk or the network share is connected, then run the same command again; finished documents are kept.
err-file-missing = { $path } does not exist.
    .advice = Check the name and the folder, then run the command again.
err-file-is-folder = { $path } is a folder, and a file is needed here.
    .advice = Name the files in it, for example with *.pdf behind its name, or choose another one.
err-file-denied = The system denies access to { $path }: { $cause }
    .advice = Ask your administrator for the right to read and write there, or choose another folder.
err-disk-full = No room is left to write { $path }.
    .advice = Free some space on that disk, then run the same command again; finished documents are kept and nothing half-written was left.
err-file-exists = { $path } exists already; scanseal never overwrites a file.
    .advice = Choose another name, or move the existing file away first.
err-file-too-large = { $path } is { $size } bytes long; the limit here is { $limit } bytes.
    .advice = Check that it is the file you meant; split it or scan it again in parts.
err-profile-unknown = There is no profile called { $name }. Known profiles: { $known }
    .advice = Use one of these names, or give the path of your own profile file (ending in .toml).
err-profile-invalid = The profile { $name } cannot be used: { $cause }
    .advice = Correct that line, then check it with scanseal profile check { $name }.
err-station-invalid = { $path } cannot be used: { $cause }
    .advice = Correct that line in scanseal.toml and run the command again.
err-station-writable = Other users can write { $path }, so its keys, trust and destinations cannot be relied on.
    .advice = Take the right away (on Linux: chmod go-w { $path }), check its content, and run the command again.
err-workspace-missing = No workspace was found from { $path } upwards.
    .advice = Make one with scanseal init DIR --profile vn-state, or name it with --workspace DIR.
err-workspace-exists = A workspace exists already in { $path }.
    .advice = Use it as it is, or choose another folder.
err-workspace-on-share = { $path } lies on a network share, where the database of this workspace would not be safe.
    .advice = Choose a folder on a local disk, or use PostgreSQL (store = "postgres://..." in scanseal.toml).
err-drill-in-workspace = This folder belongs to the real workspace { $path }; a drill is never run inside one.
    .advice = Change to another folder and start the drill there.
err-clock-wrong = This computer's clock says { $here }, but { $source } says { $there }.
    .advice = Set the clock right before anything is signed: the time of signing stands in every signature.
err-office-not-named = { $path } does not say yet what this office is called: under [office], name = "{ $name }" is the template's. The name would stand in every document.
    .advice = Write the office's own name there, as it stands on its letters, then run the command again.
