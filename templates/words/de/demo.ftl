# Die Vorführung.

demo-begin = Drei Haushalte, nur auf diesem Rechner. Ihr Mailanbieter ist testmail, ein Mailserver im Speicher, der für
    Tests und Vorführungen gemacht ist. Alles liegt in { $place }
demo-look-at = Zum Ansehen: { $page }
demo-kept = Die Haushalte sind entfernt, die Seite bleibt. Zum Ansehen: { $page }
    Wenn du sie gesehen hast: rm -r { $folder }
demo-doors = Oder sei einer von ihnen in deinem Browser; das Passwort ist für alle { $password }:
demo-door = { $name }, als { $people }
demo-or = oder
demo-stays = Alles läuft, bis du Strg-C drückst; dann wird alles entfernt. Zum Ausprobieren, in einem anderen Terminal:
demo-removed = Entfernt.

# Zahlen, Größen und was man tun kann.
demo-bytes = { $number } Bytes
demo-kilobytes = { $number } KB
demo-megabytes = { $whole },{ $tenth } MB
demo-parts = { $count ->
    [one] 1 Teil
   *[other] { $count } Teile
 }
demo-sealed-parts = { $count ->
    [one] 1 versiegelter Teil kam
   *[other] { $count } versiegelte Teile kamen
 }
demo-mails = { $count ->
    [one] 1 Mail
   *[other] { $count } Mails
 }
demo-verb-display = ansehen
demo-verb-print = drucken
demo-verb-store = behalten
demo-verb-forward = weitergeben
demo-same = Bit für Bit
demo-nothing = nichts
demo-denied = { $deed }: { $words }

# Wer spielt, und was geteilt wird.
demo-andersons = Familie Anderson
demo-brooks = Familie Brooks
demo-clarks = Familie Clark
demo-title = Ein langes Wochenende an der Bucht
demo-message = Der Drachen ging nur einmal kaputt. Bis Weihnachten!
demo-relay-share = Endlich Regen

# Szene für Szene.
demo-introduce-title = Zwei Haushalte stellen sich per Mail vor
demo-introduce-who = { $one } ({ $at_one }), mit Ann, und { $other } ({ $at_other }), mit Bob und Bea.
demo-introduce-letters = { $count } Briefe gingen zwischen ihnen hin und her: Jeder fragte, und jeder antwortete mit seiner Karte.
demo-introduce-words = Dann verglichen sie am Telefon Wörter. { $name } hat

demo-import-title = Anns Bilder kommen in ihr Album
demo-import-done = { $count ->
    [one] 1 Datei
   *[other] { $count } Dateien
 }, { $size }, versiegelt, wie sie gelesen wurden.
demo-import-skipped = Übergangen: { $file }: { $reason }
demo-import-left-out = { $count } weitere blieben draußen: Eine Vorführung trägt 40 Dateien mit zusammen 100 MB.

demo-share-title = Ann teilt sie mit Bob und Bea
demo-share-whole = Dateien, die keine Bilder sind, kann man nicht verkleinern; sie gehen ganz oder gar nicht.
demo-share-not = Nicht geteilt: { $why }

demo-provider-title = Was der Mailanbieter sieht
demo-provider-messages = { $count ->
    [one] 1 Mail
   *[other] { $count } Mails
 } im Postfach { $mailbox }, { $size }:
demo-provider-first = Die erste, wie sie dort liegt:
demo-provider-lines = … noch { $count } Zeilen
demo-provider-none = Titel, Nachricht, Namen und Regeln, zusammen { $count }, wurden in jedem Byte gesucht, auch hinter Base64: Nichts davon ist da.
demo-provider-found = Das ist dort zu lesen und sollte es nicht: { $words }
demo-provider-learns = Er erfährt, wer wem schreibt, wann und wie viel.

demo-arrive-title = Es kommt an
demo-arrive-taken = Die Box von { $name } nahm { $count } Briefe und versiegelte Teile auf, wies { $refused } ab und räumte die Mails fort.
demo-arrive-receipt = Ihre Quittung kam zurück; bei Ann steht jetzt: { $states }.
demo-arrive-mail = Bob und Bea bekamen je eine Mail, ohne ein Bild darin. Bobs:

demo-portions-title = Was jede Person bekommt

demo-invite-title = { $one } lädt { $other } ein
demo-invite-link = Beas Box macht einen Link für { $days } Tage, und dasselbe zum Vorlesen am Telefon: { $mailbox }, und
demo-invite-letters = Cleo folgt ihm. { $count } Briefe gehen zwischen den Boxen, jeder mit einem Code, den nur diese Einladung ergibt.
demo-invite-trust = Niemand hat etwas verglichen, und beide sagen voneinander: { $one } und { $other }. Sie lässt sonst niemanden ein.
demo-invite-told = Cleo erfuhr es per Mail: { $subject }
demo-trust-unknown = unbekannt
demo-trust-pending = wartet
demo-trust-seen = gesehen
demo-trust-verified = geprüft

demo-end-title = Etwas Geteiltes kommt an sein Ende
demo-end-began = Noch etwas Geteiltes, für { $seconds } Sekunden. Bob sah es gleich an: { $saw }.
demo-end-then = Danach: { $words }
demo-end-left = Beim nächsten Durchgang beendete die Box { $shares ->
    [one] etwas Geteiltes
   *[other] { $shares }-mal etwas Geteiltes
 } und hält noch { $parts } davon; sie weiß nur noch, dass etwas da war ({ $state }).
demo-end-gone = fort

demo-onward-title = Bea gibt ein Bild weiter
demo-onward-knows = Ann lässt Bea ein Bild weitergeben. Bea kennt { $name }; Ann nicht.
demo-onward-wider = Bea versucht, es Cleo dort noch einmal weitergeben zu lassen: { $words }.
demo-onward-smaller = Kleiner geht es. { $words }
demo-onward-wrapped = Die Box von { $by } hat die Schlüssel neu verpackt und nichts geöffnet: { $parts } Byte für Byte bei { $to } an.
demo-onward-told = Anns Box erfuhr: Ein Haushalt, den sie nicht kennt ({ $who }), hat über { $by } eine Kopie. { $words }

demo-back-title = Ann nimmt es zurück
demo-back-follows = Das Wort folgt jeder Kopie: von Anns Box zur ersten, und von dort zur nächsten.
demo-back-denied = Cleo sieht noch einmal nach: { $words }
demo-back-left = Was bleibt: { $one } { $parts }, { $other } { $more }. Bei Ann steht jetzt: { $states }.
demo-back-kept = Was als Datei behalten wurde, ruft niemand zurück; ihre Box sagt, für wen das so sein kann: { $who }.

demo-relay-title = Bea teilt über Anns Box
demo-relay-allowed = { $relay } lässt Beas Haushalt die eigene Box als Zwischenstation benutzen, und kennt { $other } nicht.
demo-relay-sent = Aus Beas Haus gingen hinaus: { $mails }, alle an { $mailbox }.
demo-relay-passed = Anns Box hat die Schlüssel neu verpackt, wie sie gebeten wurde und nicht weiter, und gab weiter: { $mails }.
demo-relay-seen = { $other } kennt auch { $relay } nicht, und nimmt es, weil Beas Box diese genannt hat. Cleo sieht { $saw }.
demo-relay-states = Bei Bea steht jetzt: { $states }.
demo-relay-via = { $name } { $state } (über { $relay })

demo-directory-title = Ann sieht in einem Verzeichnis nach
demo-directory-none = Ausgelassen: slapd, der Verzeichnisserver von OpenLDAP, ist hier nicht installiert.
demo-directory-not-started = Ausgelassen: slapd ließ sich hier nicht starten ({ $why }).
demo-directory-entry = Ein eigener slapd läuft für einen Augenblick. Die Box von { $name } schreibt ihren Eintrag: { $place }
demo-directory-found = Ann tippt { $word }, und das kennt ihre Box nicht ({ $trust }). Angeboten wird { $name } ({ $mailbox }), mit den Wörtern: { $words } …
demo-directory-taken = Sie nimmt den Haushalt auf; jetzt ist er { $trust }. Dem Verzeichnis wird nicht weiter geglaubt als den Zertifikaten darin.

# Was man danach ausprobieren kann.
demo-try-received = was Bob und Bea bekommen haben
demo-try-look = das Bild, wie Bob es bekommt
demo-try-no = was Bob nicht darf
demo-try-keep = das Original, für Bea
demo-try-sent = was Ann davon sieht
demo-try-title = Regen
demo-try-share = noch eines teilen
demo-try-there = da ist es: die Boxen arbeiten ja

# Die Seite.
demo-page-from = Von { $from } an { $to }, per Mail. Eben auf diesem Rechner gemacht, mit einem Mailserver, der ein Testwerkzeug ist.
demo-page-files = Dateien
demo-page-mail = Die Mail, die es Bob sagte
demo-page-ended = Etwas Geteiltes, das endete
demo-page-onward = Weitergegeben, und zurückgenommen
demo-page-back = Dann nimmt Ann es zurück
demo-page-invited = Eine Einladung
demo-page-relay = Über einen anderen Haushalt
demo-page-directory = Ein Verzeichnis
demo-page-table-from = Von
demo-page-table-to = An
demo-page-table-subject = Betreff
demo-page-table-what = Was
demo-page-table-size = Größe
demo-page-of = von { $size }
