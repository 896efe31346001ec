# upload

err-destination-unknown = There is no destination { $name }. Known: { $known }
    .advice = Check the spelling, or add it to scanseal.toml.
err-destination-place = The destination "{ $destination }" in { $path } cannot be used: { $why ->
        [empty] its name is empty
        [space] its name begins or ends with a space
        [control] its name holds a character that cannot be shown
        [slash] its name holds a slash
        [long] its name is longer than 64 characters
        [twice] its name stands twice, capital and small letters not told apart
        [no_folder] its path is empty
        [inside] its folder lies inside the workspace, so nothing would leave it
       *[same_folder] another destination has the same folder, so a second copy there would be none
    }.
    .advice = Correct its name or its path under [[destination]]. Receipts and the queue keep the name, so choose one that lasts.
err-destination-unnamed = scanseal.toml does not name the destination { $destination }, and documents were to go there: { $count }.
    .advice = { $shared ->
        [yes] They wait for it, because another station may name it: run scanseal upload there, or put its name back into scanseal.toml here.
       *[no] They go to the destinations that scanseal.toml names now and wait for no other one. If they are to go to { $destination } as well, put its name back and run scanseal upload again.
    }
err-destination-away = { $why ->
        [refused] The destination { $destination } is away: it accepts no connections.
        [silent] The destination { $destination } is away: it did not answer in time.
        [unknown] The destination { $destination } is away: this computer does not find its name in the network.
        [unreachable] The destination { $destination } is away: there is no way to it through the network.
        [cut] The destination { $destination } is away: the connection broke off.
        [busy] The destination { $destination } is busy and asks to be left alone for now ({ $cause }).
        [trouble] The destination { $destination } is in trouble ({ $cause }).
        [elsewhere] The destination { $destination } is away: a server answers there, but not as one that takes files ({ $cause }); it may be under maintenance.
        [page] The destination { $destination } is away: it shows a page for people, to sign in or because of maintenance.
        [lost] The destination { $destination } is away: what is written there does not stay as it was written.
        [folder] The destination { $destination } is away: its folder { $cause } is not there.
       *[other] The destination { $destination } is away: { $cause }.
    }
    .advice = Nothing is lost: the documents wait in the queue. scanseal upload --watch sends them as soon as it is back.
err-destination-unmounted = The folder { $path } of the destination { $destination } was a mounted share or disk when documents arrived there, and is none now.
    .advice = Mount it again; the documents wait in the queue and go then. If the copies are to lie on this computer from now on, name another folder in scanseal.toml.
err-destination-full = The destination { $destination } has no room left.
    .advice = Free some space there; the documents wait in the queue and nothing half-written was left.
err-destination-denied = The destination { $destination } does not allow writing.
    .advice = Ask its administrator for the right to write there, then run scanseal upload again.
err-destination-conflict = Another file lies at { $destination } under the name { $name }; it is never overwritten.
    .advice = Look at that file and move it away if it does not belong there, then run scanseal upload again. If it is still there then, as another station's letter with the same number may be, the copy goes beside it under a longer name.
err-destination-drill = Drill documents and the destination { $destination } do not go together.
    .advice = Drill documents go only to destinations marked drill = true, real documents only to the others.
err-destination-not-named = This workspace names no destination, so there is nowhere to send to. The sealed documents lie in its folder "out".
    .advice = Add a [[destination]] to scanseal.toml, then run scanseal upload.
err-destination-login = The destination { $destination } does not let us in ({ $status }).
    .advice = Check user and password, key or client certificate in scanseal.toml; nothing is tried again until then. The documents wait in the queue.
err-destination-folder-missing = The folder of the destination { $destination } does not exist there.
    .advice = Check the url in scanseal.toml, or ask the server's administrator to make the folder. The documents wait in the queue.
err-destination-refused = The destination { $destination } does not take this document ({ $status }).
    .advice = Ask its administrator which size and kind of files it takes, then run scanseal upload again; the others go on.
err-destination-unexpected = The destination { $destination } gave an answer that a working system does not give: { $status ->
        [no_search] it has no search under the address of the recipe
        [list_missing] a list was asked for, and the answer holds none
        [canary] what only a working system tells was missing
        [number_missing] it took a document and gave no number for it
        [search_unfiltered] asked for one file by its SHA-256, it also named other files
        [search_without_number] its search found the file and gave no number for it
        [not_json] the answer is not JSON
       *[other] { $status }
    }.
    .advice = Check the url in scanseal.toml and open it in a browser: it may be a login or maintenance page, another program, or another version than the recipe describes. The documents wait in the queue.
err-destination-tls = The certificate of the destination { $destination }, or ours, is not accepted: { $cause }
    .advice = Check the url and the ca and client_certificate files in scanseal.toml, and this computer's clock. Nothing was sent.
err-destination-host-key = The SSH server { $host } of the destination { $destination } is not believed: { $why ->
        [changed] { $path } knows it by another key
       *[unknown] no key of it stands in { $path }
    }.
    .advice = { $why ->
        [changed] Ask its administrator whether the server got a new key. If so, replace its line in { $path } (known_hosts) with the one that they give you; if not, somebody else answers there.
       *[unknown] Ask its administrator for the server's key, compare it with what ssh-keyscan writes, and put that line into { $path } (known_hosts).
    } Nothing was sent.
err-key-file-unreadable = The private key { $path } for the SSH server cannot be used: { $cause }
    .advice = key_file must be a private key in OpenSSH form without a passphrase (made by ssh-keygen -t ed25519 -N ""); the server's administrator enters its public half. The documents wait in the queue.
err-password-file-open = Other users can read { $path }, which holds a password or a key.
    .advice = Take the right away (on Linux: chmod 600 { $path }), change the password, and run the command again.
err-destination-rewrites = The destination { $destination } keeps another file than the one it was given: it changes documents, which breaks their signatures.
    .advice = Have it keep the original unchanged (no text recognition, no stamp, no conversion of its own) and remove the changed copies there, then run scanseal upload again. The document here is unchanged; the others wait in the queue.
err-destination-stumbles = The destination { $destination } answers and takes other documents, but failed over this one { $times } times. Last: { $cause }
    .advice = Ask its administrator what happens to this file there; the log of the system says more. scanseal upload tries it again.
err-destination-underway = The destination { $destination } has taken documents and has not yet stored them.
    .advice = They count as delivered only when it has. Run scanseal upload again later, or scanseal upload --watch; nothing is sent twice. If it stays so, its administrator has to look at its own queue.
err-recipe-unreadable = The recipe { $path } for a document system cannot be used: { $cause }
    .advice = Correct the recipe, or recipe and settings of the destination in scanseal.toml.
err-mailbox-wrong = "{ $address }" is not an e-mail address: { $cause }
    .advice = Correct from and to of the destination in scanseal.toml.
err-destination-forgot = The destination { $destination } took this document down, and { $why ->
        [number] says that it is stored, but not under which number
        [file] says that it is stored, but does not give the file out
       *[task] knows nothing of it any more; its search does not find it either
    }.
    .advice = Look for the document there first, because it is not sent a second time by itself. If it is not there, run scanseal upload: it asks once more and then sends it again. If it is there, its administrator has to see to it that it is found by its SHA-256, or remove it, before that.
err-destination-mailbox = The mail server of the destination { $destination } does not take mail from or to { $address } ({ $status }), so nobody got the message.
    .advice = Correct from and to of the destination in scanseal.toml, or ask the mail server's administrator; then run scanseal upload again. The documents wait in the queue.
