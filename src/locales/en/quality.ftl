finding-deskewed = The lines of the page were { $degrees } degrees askew; the page is turned level in the PDF. No pixel was changed.
finding-skewed = The lines of the page are { $degrees } degrees askew. The page stays as it was scanned.
finding-page-turned = The page lay wrong and is turned by { $degrees } degrees in the PDF ({ $sure } % sure). No pixel was changed.
finding-turn-unsure = Which way up does this page go? The program would turn it by { $degrees } degrees but is only { $sure } % sure, so it was left as it is. Please look at the page.
finding-border-found = Dark strips lie beside the sheet (left { $left }, top { $top }, right { $right }, bottom { $bottom } mm). Nothing was cut off.
finding-blank-page = The page looks blank. It stays in the document; look at the picture and take it out only if nothing is on the paper.
finding-size-odd = The scan measures { $width } x { $height } mm, which is no usual paper size. Was it reduced or enlarged? Scan at 100 % if you can.
finding-text-cut = Text reaches the { $side ->
    [left] left
    [top] top
    [right] right
   *[bottom] bottom
  } edge of the scan and seems to be cut off. Lay the sheet straight against the stop and scan it again.
finding-blurred = The page is out of focus. Clean the glass, press the paper flat and scan it again.
finding-too-dark = The page is too dark; pale ink may be lost. Scan it again, brighter.
finding-too-pale = The print is very pale. Scan it again, darker.
finding-stamp-missing = No red stamp was found in the document. If the paper has one, scan it again in colour; if it has none, it is not finished.
finding-stamp-not-judged = The scan has no colour, so nobody can tell from it whether the stamp is red.
finding-signature-missing = No signature in ink was found in the document. Is it signed? If it is, accept this finding and say why.
finding-secret-mark-seen = Page { $page } seems to carry a red framed secrecy mark ("MẬT"). The scan was not stored. If the document is not secret, write "Thường" into the column secrecy of the manifest and scan again; if it is, tell the person in charge of secret documents.
finding-beside-secret = Page { $pages } of this file is another document. It was not stored either: a file is stored as a whole or not at all, and this one also holds a page that seems to be secret. Take that paper out of the stack and scan the rest again.
finding-scanned-twice = This paper seems to have been scanned before: document { $document }, page { $other }. Compare both pages before you go on.
