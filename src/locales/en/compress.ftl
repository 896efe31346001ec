# compress

err-guard = Page { $page } could not be compressed faithfully: { $cause }
    .advice = The scan is kept untouched. Send this line to your support.
