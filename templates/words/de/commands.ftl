# Was die Befehlszeile sagt.

# Anzahlen und kleine Worte.
count-item = { $count ->
    [one] 1 Stück
   *[other] { $count } Stück
}
count-file = { $count ->
    [one] 1 Datei
   *[other] { $count } Dateien
}
count-own-file = { $count ->
    [one] 1 eigene Datei
   *[other] { $count } eigene Dateien
}
count-sealed-part = { $count ->
    [one] 1 versiegelter Teil
   *[other] { $count } versiegelte Teile
}
trust-pending = noch nicht bekannt
trust-seen = hat per Mail geantwortet, Wörter nicht verglichen
trust-verified = Wörter verglichen
tier-about = Angaben
tier-thumb = kleines Bild
tier-preview = Bildschirmgröße
tier-original = Original
cli-error = Fehler: { $words }
cli-hint = Rat: { $words }
cli-not-taken = nicht genommen: { $what }
cli-yes-no = { $question } [j/N]
cli-yes = j
cli-yes-long = ja
cli-nothing = Nichts.
cli-bytes = { $count } Bytes
cli-bar = von

# import und album
import-known = {" "}({ $count } davon von früher)
import-done = { $items } im Album{ $known }.
album-renamed = Es heißt jetzt „{ $name }“.
album-removed = Entfernt. Was darin war, bleibt.
album-put-new = { $items } in ein neues Album „{ $name }“ gelegt.
album-put = { $items } in das Album „{ $name }“ gelegt.
album-taken = { $items } aus „{ $name }“ genommen.
album-empty = Noch nichts. `hearthpost import PFAD` holt Bilder herein.

# backup und restore
backup-damaged = weggelassen, weil die Platte es verändert hat: { $name }
backup-done =
    { $file }: { $bytes } Bytes, darin { $files } und { $parts }; noch einmal gelesen, und es ist ganz.
    Wer diese Datei hat, ist dieser Haushalt: Bewahre sie auf, wo sonst niemand sie lesen kann.
    Das Passwort des Mailkontos ist nicht darin.
restore-done = { $mailbox } ist wieder, wie es am { $time } war, in { $folder }.
restore-kept = Was vorher dort war, liegt in { $folder }.
restore-config = Die Einstellungen stehen in { $file }.
restore-parts = { $count } versiegelte Teile fehlten darin, und es wird wieder um sie gebeten.
restore-items = { $count } eigene Dateien fehlten darin.
restore-password = Schreib das Passwort des Mailkontos in die erste Zeile von { $file }.
restore-next = Als Nächstes: `hearthpost doctor`, dann `hearthpost sync`.

# Speicherkarten
card-take-out = Du kannst { $card } jetzt herausnehmen.
card-nowhere = Hier ist keine Karte und keine Kamera. `hearthpost import PFAD` nimmt Dateien und Ordner.
card-unread = lässt sich nicht lesen: { $why }
card-files-new = neu: { $files }
card-how = `hearthpost import --card NAME` holt sie herein.

# contact
contact-removed = Der Haushalt unter { $mailbox } ist vergessen.
contact-removed-one = Von denen, die unter { $mailbox } sein wollen, ist der Haushalt mit dem Fingerabdruck { $one } vergessen. Was sonst dort bekannt ist, bleibt, wie es ist.
contact-none = Noch keine Haushalte. `hearthpost contact invite` lädt einen ein.
contact-asked-on = gefragt am { $time }, noch keine Antwort
contact-perhaps = ; vielleicht nicht angekommen: { $why }
contact-words = { $name } ({ $mailbox }) hat diese Vergleichswörter:
contact-same = Lesen die Leute dort dasselbe vor?
contact-asked = { $mailbox } wird gebeten, sich vorzustellen, sobald Mail hinausgeht (`hearthpost sync`).
contact-comparing = Vergleichswörter:
contact-fingerprint = Fingerabdruck:
contact-claimed = Ein anderer Haushalt beansprucht dieses Postfach. Trau ihm nicht, ehe du die Wörter verglichen hast.
contact-blocked = ausgesperrt; { $level }
contact-blocked-alone = ausgesperrt
contact-kept-out = ausgeschlossen: Unter diesem Postfach ist eine andere Identität bekannt; lesen die Leute, die du kennst, die Wörter von dieser vor, lässt `hearthpost contact verify` sie an deren Stelle treten
contact-ended = seine Identität ist beendet, wie er am { $time } selbst sagte
contact-claims = ALARM: Er beansprucht dieses Postfach, unter dem ein anderer Haushalt bekannt ist; nichts von ihm wird angenommen, ehe du die Wörter verglichen hast (`hearthpost contact verify`)
contact-claims-directory = ALARM: Das Verzeichnis hat ihn unter diesem Postfach, unter dem ein anderer Haushalt bekannt ist; nichts geht an ihn, ehe du die Wörter verglichen hast (`hearthpost contact verify`)
contact-is-claimed = { $level }; ALARM: Ein anderer Haushalt beansprucht dieses Postfach
contact-waits = wartet auf `hearthpost contact accept`; { $level }
contact-introduce = gebeten, sich vorzustellen; `hearthpost sync` bringt die Antwort, dann vergleicht die Wörter

# init und user
init-here = Das ist jetzt der Haushalt { $mailbox }. Seine Einstellungen stehen in { $file }.
init-words = Andere erkennen ihn an diesen Vergleichswörtern:
init-fingerprint = und an diesem Fingerabdruck:
init-ended = Eine Kopie von { $file } gehört an einen anderen Ort: Wird die Box gestohlen, beendet sie diese Identität (`hearthpost identity end`).
init-next-relay = Als Nächstes: `hearthpost doctor` prüft beide Anmeldungen, `hearthpost contact relay ADRESSE on` sagt, für wen es trägt.
init-next = Als Nächstes: `hearthpost doctor` prüft beide Anmeldungen, `hearthpost user add NAME --mail ADRESSE` nennt die Leute.
user-added = { $name } gehört zu diesem Haus. Andere teilen mit { $address }.
user-none = Noch niemand. `hearthpost user add NAME --mail ADRESSE` fügt jemanden hinzu.
user-mail = { $name } erfährt es unter { $mail }.
user-no-mail = { $name } erfährt es durch keine Mail mehr.
user-removed = { $name } gehört nicht mehr zu diesem Haus.
user-password = { $name } meldet sich von nun an mit dem neuen Passwort an.
user-whoever = alle, die ihn öffnen; wer es tut, verwaltet das Haus
user-link =
    Dieser Link geht einmal auf, für { $whom }, um ein Passwort zu wählen:
    {"  "}{ $url }
user-told-at-once = { $name } erfährt gleich, was kommt.
user-told-daily = { $name } erfährt in einer Mail am Tag, was kommt.
user-told-never = { $name } bekommt darüber keine Mail.
user-announced = Die Haushalte, die dieser kennt, erfahren von { $name }.
user-announced-as = Die Haushalte, die dieser kennt, erfahren von { $name } und bekommen dafür { $words } vorgeschlagen.
user-announced-off = Kein anderer Haushalt erfährt von { $name }.
user-is-announced = andere erfahren davon
user-is-announced-as = andere erfahren davon, als { $words }
user-keeper = { $name } verwaltet dieses Haus.
user-no-keeper = { $name } verwaltet dieses Haus nicht.
user-new-password = Das neue Passwort:

# identity
identity-passphrase = Die Passphrase:
identity-again = Noch einmal dieselbe:
identity-exported =
    { $count ->
        [0] { $file } enthält die Identität dieses Haushalts und sonst niemanden.
        [one] { $file } enthält die Identität dieses Haushalts und einen anderen, den er kennt.
       *[other] { $file } enthält die Identität dieses Haushalts und { $count } andere, die er kennt.
    } Ohne die Passphrase öffnet sie niemand. Bilder und Geteiltes sind nicht darin: Das sichert `hearthpost backup`.
identity-imported = Dieser Haushalt unter { $mailbox } ist jetzt der aus jener Datei. Die Box, auf der er war, gehört nun angehalten.
identity-moved = Dieser Haushalt ist von { $from } nach { $mailbox } umgezogen. Die Box, auf der er war, gehört nun angehalten.
identity-told =
    { $count ->
        [0] Sonst muss niemand davon erfahren.
        [one] Ein anderer Haushalt erfährt davon mit der nächsten Post (`hearthpost sync`).
       *[other] { $count } andere Haushalte erfahren davon mit der nächsten Post (`hearthpost sync`).
    }
identity-left = Von der alten Box hat diese hier die Identität, die Schlüssel für Briefe, die bekannten Haushalte, mit denen, die es zum Weitergeben benutzen dürfen, und die Kurznamen. Die Bilder, das Geteilte, die offenen Einladungen, die Leute, ihre Passwörter und die Schlüssel von Programmen blieben dort: Wo ihr Album oder eine Sicherung davon noch ist, bringt `hearthpost restore` all das.
identity-ask = Wo nichts davon übrig ist: Nenne die Leute neu (`hearthpost user add`), und bitte die anderen Haushalte, noch einmal zu teilen, was sie gaben (`hearthpost contact list` nennt sie). Was von der alten Box aus geteilt wurde, lässt sich von hier nicht zurücknehmen.
identity-replaced = Dieser Haushalt hat eine neue Identität. Andere erkennen ihn von nun an an diesen Vergleichswörtern:
identity-verify =
    { $count ->
        [0] Es ist kein anderer Haushalt bekannt, der sie vergleichen müsste.
        [one] Ein anderer Haushalt erfährt, dass die alte beendet ist, und muss die Wörter vergleichen, ehe er wieder etwas annimmt.
       *[other] { $count } andere Haushalte erfahren, dass die alte beendet ist, und müssen die Wörter vergleichen, ehe sie wieder etwas annehmen.
    }
identity-else = Wer die Box hat, hat mehr als die Identität: Ändere das Passwort des Postfachs und die der Leute, beende die Schlüssel von Programmen, und leg eine neue Stelle für Zertifikate an (`hearthpost tls --new`).
identity-ended = { $file } beendet diese Identität für immer, falls sie je verschickt wird (`hearthpost identity end`). Es ist kein Schlüssel darin. Sie gehört dorthin, wo die Box nicht ist.
ended-file =
    Hearthpost: Das beendet die Identität des Haushalts unter { $mailbox }, für immer.
    Sein Fingerabdruck ist { $fingerprint }.
    Wird die Box gestohlen: `hearthpost identity end DATEI`, in irgendeinem Haushalt, der die anderen kennt.
    Es ist kein Schlüssel darin.
identity-ends = Die Identität { $fingerprint } von { $mailbox } endet.
identity-end-told =
    { $count ->
        [0] Hier ist sonst niemand bekannt, der es erfahren könnte.
        [one] Ein Haushalt erfährt davon mit der nächsten Post (`hearthpost sync`).
       *[other] { $count } Haushalte erfahren davon mit der nächsten Post (`hearthpost sync`).
    }

# item
item-described = { $items } beschrieben.
item-deleted = { $items } in den Papierkorb gelegt, für 30 Tage; `hearthpost item restore` holt es heraus.
item-restored = { $items } im Album.
item-private = { $items } nur für die Person, die es hinzugefügt hat.
item-public = { $items } für alle im Haus.
item-for-alone = nur für { $who }
item-nobody = niemanden
item-pixels = , { $width } × { $height } Pixel
item-size = { $type }{ $pixels }, { $size } Bytes
item-taken = aufgenommen { $time }
item-by = {" "}von { $who }
item-added = hinzugefügt am { $time }{ $by }
item-in-bin = im Papierkorb seit dem { $time }
item-in-album = im Album „{ $name }“

# keyword
keyword-set = { $word } heißt jetzt { $addresses }.
keyword-none = Noch keine Kurznamen. `hearthpost keyword set oma ADRESSE` macht einen.
keyword-gone = { $word } heißt nichts mehr.

# wie die Box zu erreichen ist
reach-somewhere = ihren Namen oder ihre Adresse
reach-only-here =
    Noch erreicht sie nur dieser Rechner. So öffnest du sie für euer Haus:
      1. Schreib in den Einstellungen in den Abschnitt [web]: listen = "0.0.0.0:{ $port }"
      2. Ruf `hearthpost tls` auf, damit niemand dazwischen mitsieht oder mithört
      3. Lass TCP-Port { $port } durch die Firewall dieses Rechners für euer eigenes Netz, und nie durch die
         eures Routers aus dem Internet
      4. Starte `hearthpost serve` noch einmal; Telefone öffnen dann { $there }
reach-only-here-secure =
    Noch erreicht sie nur dieser Rechner. So öffnest du sie für euer Haus:
      1. Schreib in den Einstellungen in den Abschnitt [web]: listen = "0.0.0.0:{ $port }"
      2. Lass TCP-Port { $port } durch die Firewall dieses Rechners für euer eigenes Netz, und nie durch die
         eures Routers aus dem Internet
      3. Starte `hearthpost serve` noch einmal; Telefone öffnen dann { $there }

# ask, requests und answer
asked-as = Gefragt, als { $request }; es geht mit dem nächsten `hearthpost sync` hinaus.
requests-none = Niemand hat um etwas gebeten.
answered-granted = Mit { $answer } beantwortet, gegeben als { $share }.
answered = Mit { $answer } beantwortet.
answer-word-yes = ja
answer-word-no = nein
request-untitled = etwas ohne Titel
request-asks = { $person } von { $household } bittet um mehr von { $title } ({ $share }): { $state }. { $words }
request-asked = { $person } hat { $household } um mehr von { $title } gebeten ({ $share }): { $state }. { $words }
request-if-yes = Wenn du ja sagst: { $words }
request-state-open = offen
request-state-yes = ja
request-state-no = nein
request-answer = Antwort: „{ $line }“
request-line = „{ $line }“

# revoke
revoked = { $share } ist zurückgenommen.
revoked-asked = { $household } wird gebeten, die Kopie zu löschen, und jeden Tag wieder, bis es geschehen ist.
revoked-unreached = { $household } hat inzwischen eine andere Identität und konnte es nicht erfahren: Das geschieht, sobald ihre Wörter verglichen sind.
revoked-kept = Was dort als Datei behalten wurde, lässt sich nicht zurücknehmen: { $who }.
revoked-not-passed = { $household } sollte es von dort bekommen und hat es nicht bestätigt: Was bis jetzt nicht weitergegeben ist, geht nicht dorthin. `hearthpost resend { $share } --to { $household }` schickt es dann geradewegs.

# share und forward
share-no-end = Hinweis: Das wird ohne Ende gegeben: { $who }; --until oder --period setzt eines
share-foreseen = Nichts wird festgehalten. So ginge es hinaus:
share-would-ask = Vorher würde gefragt: { $question }
share-would-look-up = Vorher würde das Verzeichnis nach { $who } gefragt.
share-from-directory = Hinweis: { $name } ({ $mailbox }) wurde dem Verzeichnis entnommen
share-recorded = Aufgenommen als { $share }.
share-waits = wartet, bis der Haushalt sich neu vorgestellt hat
share-asks = ist hier nicht bekannt; wird um die Karte gebeten und bekommt dies, sobald sie da ist
share-here = ist schon hier
share-by-way = geht über { $relay }
share-goes = geht mit dem nächsten `hearthpost sync` hinaus
share-left = Bleibt zu Hause: { $why }.

# received, sent und show
received-nothing = Noch ist nichts gekommen.
sent-nothing = Noch wurde nichts geteilt. `hearthpost share ITEM --to ADRESSE` tut es.
share-from = von { $name }
share-from-here = von hier
share-by-unknown = Es kam über einen Haushalt, den hier niemand kennt: Titel und Worte sind so, wie der sie geschrieben hat.
share-made = gemacht am { $time }
show-people = Leute:
show-parts = Versiegelte Teile hier:
show-parts-own = { $held } von { $listed }
show-parts-come = { $held } von { $wanted }, die kommen sollen, { $listed } im Ganzen
show-permits = Erlaubnisse:
show-way = Wie weit es kam:
show-household = Haushalt { $name }
copy-passed = { $by } hat es an { $to } weitergegeben. { $words }
copy-asked = { $by } hat es an { $to } weitergegeben; ums Löschen gebeten, nicht bestätigt. { $words }
copy-gone = { $by } hat es an { $to } weitergegeben; gelöscht. { $words }
copy-never-went = { $by } sollte es an { $to } weitergeben; dorthin ging nichts.
copy-until = {" "}Höchstens bis zum { $time }.
share-until = {" "}Bis zum { $time }.
way-via = über { $relay }
way-by = weitergegeben von { $name }
way-perhaps = vielleicht nicht angekommen: { $said }
permit-all = alles
permit-not-on = darf nicht weitergegeben werden
permit-on = darf bis { $tier } weitergegeben werden
permit = { $from } an { $to }: { $items } bis { $tier }, { $onward }; { $time }
share-untitled = ohne Titel
share-state-arriving = kommt an
share-state-complete = vollständig
share-state-expired = abgelaufen
share-state-revoked = zurückgenommen
way-state-waiting = wartet
way-state-queued = eingereiht
way-state-sent = gesendet
way-state-delivered = angekommen
way-state-refused = abgelehnt
way-state-failed = gescheitert
way-state-revoked = ums Löschen gebeten, nicht bestätigt
way-state-unreached = zurückgenommen; seine neue Identität erfährt es, sobald ihre Wörter verglichen sind
way-state-untold = zurückgenommen; dorthin war nichts gegangen
way-state-carried = weitergereicht, und dort vergessen
way-state-kept = nichts wurde weitergereicht; dort vergessen
way-state-forgotten = dort vergessen
way-state-deleted = gelöscht
way-asked-waiting = wartet auf die Karte, um die am { $time } gebeten wurde
way-asked-failed = gescheitert

# inspect
inspect-empty = eine leere Datei
inspect-private-keys = private Schlüssel: Bewahre sie auf, und halte sie geheim
inspect-no-message = keine Nachricht von Hearthpost; nach den ersten Bytes { $format }
inspect-mail-letter = eine Mail mit einem Brief von Hearthpost
inspect-mail-parts = eine Mail mit versiegelten Teilen von etwas Geteiltem
inspect-mail-other = eine Mail, die nicht von Hearthpost ist
inspect-not-readable = nicht zu lesen: { $why }
inspect-part = ein versiegelter Teil von etwas Geteiltem
inspect-part-unreadable = ein versiegelter Teil, der sich nicht lesen lässt
inspect-not-a-part = kein versiegelter Teil: { $why }
inspect-part-is = { $digest }, und das stimmt
inspect-part-is-not = { $digest }, und das stimmt nicht: Er wurde verändert
inspect-signature-bad = etwas Unterschriebenes, dessen Unterschrift nicht stimmt
inspect-der-unknown = DER oder BER, aber nichts, was Hearthpost liest: { $why }
inspect-sealed = ein versiegelter Brief
inspect-sealed-by-both = P-256 und ML-KEM-768
inspect-opened-nobody = nein: Hier ist kein Haushalt
inspect-opened-no = nein: { $why }
inspect-opened-yes = ja, mit einem Schlüssel dieses Haushalts
inspect-unsigned = was darin ist, ist kein unterschriebener Brief: { $why }
inspect-certificates = die Zertifikate eines Haushalts
inspect-certificates-other = Zertifikate, aber nicht die eines Haushalts: { $why }
inspect-certificates-unreadable = Zertifikate, die sich nicht lesen lassen
inspect-identity = das Zertifikat der Identität eines Haushalts
inspect-exported = die Identität eines Haushalts, versiegelt mit einer Passphrase
inspect-exported-cut = die Identität eines Haushalts, versiegelt mit einer Passphrase; ihr Ende fehlt, so dass nichts sie öffnet
inspect-exported-opens = nein: nur mit ihrer Passphrase, durch `hearthpost identity import`
inspect-ending = die Nachricht, die die Identität eines Haushalts beendet: Wer sie schickt, beendet sie für immer (`hearthpost identity end`)
inspect-ending-damaged = eine Nachricht, wie die, die eine Identität beendet; sie ist abgeschnitten oder beschädigt
inspect-certificate-other = ein Zertifikat, das nicht die Identität eines Haushalts ist
inspect-permit = eine Erlaubnis
inspect-permit-refused = eine Erlaubnis, die abgelehnt wird: { $why }
inspect-revocation = eine Rücknahme
inspect-revocation-refused = eine Rücknahme, die abgelehnt wird: { $why }
inspect-signed-refused = etwas Unterschriebenes, das abgelehnt wird: { $why }
inspect-manifest = eine Liste dessen, was geteilt wird
inspect-relay = bitte weitergeben
inspect-letter-grant = ein Brief: Es wird etwas geteilt (grant)
inspect-letter-receipt = ein Brief: Quittung (receipt)
inspect-letter-part-request = ein Brief: Bitte um Teile (part-request)
inspect-letter-grant-request = ein Brief: Bitte um mehr (grant-request)
inspect-letter-grant-answer = ein Brief: Antwort auf eine Bitte (grant-answer)
inspect-letter-revocation = ein Brief: Rücknahme (revocation)
inspect-letter-card = ein Brief: Karte (card)
inspect-letter-card-request = ein Brief: Bitte um die Karte (card-request)
inspect-letter-join = ein Brief: Antwort auf eine Einladung (join)
inspect-letter-join-answer = ein Brief: Empfang nach einer Einladung (join-answer)
inspect-letter-ended = ein Brief: Ende einer Identität (ended)
inspect-to-nobody = niemand Bestimmtes
inspect-key-of-share = der Schlüssel zu allem, was geteilt wird
inspect-key-up-to = { $id } bis { $tier }
inspect-keys-of = von { $count } Stück: { $each }
inspect-is-refused = abgelehnt: { $why }
inspect-from-to = von { $from } bis { $to }
inspect-onward-no = nein
inspect-onward-anyone = alle
inspect-onward-households = { $count } Haushalte
inspect-onward = an { $to }, bis { $tier }, innerhalb von { $rules }
inspect-items-all = alle
inspect-item-tier = { $tier } mit { $size } Bytes in { $count }
inspect-kind-picture = Bild
inspect-kind-sound = Ton
inspect-kind-video = Film
inspect-kind-document = Dokument
inspect-kind-file = Datei
inspect-takes-back-all = alles davon
inspect-takes-back-permit = die Erlaubnis { $permit }
inspect-said-yes = ja
inspect-said-no = nein
inspect-said-welcome = willkommen
inspect-said-used = schon benutzt
inspect-said-ended = abgelaufen
inspect-receipt-complete = vollständig
inspect-receipt-refused = abgelehnt
inspect-receipt-deleted = gelöscht
inspect-receipt-forwarded = weitergegeben

inspect-size = Größe
inspect-named = heißt
inspect-says-it-is = nennt sich
inspect-digest = Prüfsumme
inspect-opens-with-key = geht auf mit Schlüssel
inspect-content = Inhalt
inspect-sealed-by = versiegelt mit
inspect-opened = geöffnet
inspect-letters-can-be-sent = Briefe können dorthin gehen
inspect-of = von
inspect-issued-by = ausgestellt von
inspect-from = von
inspect-until = bis
inspect-household = Haushalt
inspect-mailbox = Postfach
inspect-fingerprint = Fingerabdruck
inspect-words = Vergleichswörter
inspect-signed-by = unterschrieben von
inspect-signer = Fingerabdruck dazu
inspect-id = Kennung
inspect-to = an
inspect-issued = geschrieben
inspect-missing-parts = fehlende Teile
inspect-asks-for = bittet um
inspect-message = Nachricht
inspect-answers = antwortet auf
inspect-answer = Antwort
inspect-refused = abgelehnt
inspect-title = Titel
inspect-keys = Schlüssel
inspect-up-to = bis
inspect-rules = Regeln
inspect-chain = Kette
inspect-state = Stand
inspect-reason = Grund
inspect-about-letter = zum Brief
inspect-people = Leute
inspect-key-word = Kurzname
inspect-its-card = seine Karte
inspect-nonce = Nonce
inspect-its-certificates = seine Zertifikate
inspect-items = Stücke
inspect-may-be-passed-on = darf weitergegeben werden
inspect-made = gemacht
inspect-item = Stück
inspect-takes-back = nimmt zurück
inspect-share = Geteiltes
inspect-origin = Ursprung

# serve und sync
sync-submitted = { $count } dem Mailanbieter übergeben
sync-fetched = { $count } aus dem Postfach geholt
sync-ingested = { $count } aufgenommen
sync-notified = { $count } den Leuten gesagt
sync-expired = { $count } beendet und gelöscht
sync-nothing = Nichts Neues.
sync-waits =
    { $count ->
        [one] Eine Mail wartet, bis sie an der Reihe ist
       *[other] { $count } Mails warten, bis sie an der Reihe sind
    }
sync-waits-why =
    { $count ->
        [one] Eine Mail wartet: { $why }
       *[other] { $count } Mails warten: { $why }
    }
sync-to-accept =
    { $count ->
        [one] Ein Haushalt wartet darauf, aufgenommen zu werden: `hearthpost contact list` zeigt ihn
       *[other] { $count } Haushalte warten darauf, aufgenommen zu werden: `hearthpost contact list` zeigt sie
    }
sync-unsent = ein Brief an { $to } wird nicht angenommen: { $why }
sync-unsent-share = { $share } wird für { $to } nicht angenommen: { $why }

# tls
tls-names = Dieses Haus hat ein Zertifikat bis { $day }, das `serve` erneuert, für:
tls-running = Ein laufendes `serve` benutzt es von nun an; ein hier neuer Name gilt nach dem nächsten Start.
tls-off = Kein Browser bekommt Antwort: web.listen steht in den Einstellungen auf "off".
tls-tell =
    Sag jedem Telefon und Rechner einmal, dass es diesem Haus trauen soll. Öffne dort, und vergleiche, was es zeigt:
    {"  "}{ $page }
    {"  "}{ $fingerprint }
tls-go-on =
    Telefone, die diesem Haus trauen, tun es weiter. Für ein neues:
    {"  "}{ $page }
tls-links =
    Für Links in Mails schreib in den Einstellungen in den Abschnitt [notify]:
      url = "https://{ $name }:{ $port }/"

# Schlüssel von Programmen
token-made =
    Mit diesem Schlüssel handelt ein Programm für { $name }. Er wird nicht noch einmal gezeigt:
    {"  "}{ $token }
token-none = Kein Programm handelt für { $name }.
token-unused = nie benutzt
token-used = benutzt am { $time }
token-endless = ohne Ende
token-until = bis { $day }
token-ended = „{ $program }“ handelt nicht mehr für { $name }.
view-done = { $file }: { $pixels }{ $type }, { $size } Bytes
doctor-good = gut
doctor-bad = NEIN

# Worte der Grammatik.
grammar-help = Zeigt diese Hilfe
grammar-version = Zeigt die Version
grammar-summary = (kürzer mit -h)
grammar-more = (mehr mit --help)
grammar-values = Möglich:
grammar-possible = {"["}möglich:
grammar-default = {"["}sonst:
grammar-options-mark = {"["}SCHALTER]
grammar-command-mark = <BEFEHL>
grammar-commands = Befehle:
grammar-arguments = Angaben:
grammar-options = Schalter:
grammar-value-action = AKTION
grammar-value-addr = ADRESSE
grammar-value-album = ALBUM
grammar-value-allowed = ERLAUBT
grammar-value-answer = ANTWORT
grammar-value-config = DATEI
grammar-value-date = TAG
grammar-value-dir = ORDNER
grammar-value-edge = PIXEL
grammar-value-file = DATEI
grammar-value-fingerprint = FINGERABDRUCK
grammar-value-folder = ORDNER
grammar-value-invitation = EINLADUNG
grammar-value-item = STÜCK
grammar-value-keeper = VERWALTET
grammar-value-link = LINK
grammar-value-location = ORT
grammar-value-mailbox = POSTFACH
grammar-value-message = NACHRICHT
grammar-value-name = NAME
grammar-value-path = PFAD
grammar-value-private = PRIVAT
grammar-value-program = PROGRAMM
grammar-value-request = BITTE
grammar-value-role = ROLLE
grammar-value-rules = REGELN
grammar-value-scope = DARF
grammar-value-seconds = SEKUNDEN
grammar-value-share = GETEILTES
grammar-value-text = TEXT
grammar-value-time = ZEIT
grammar-value-title = TITEL
grammar-value-url = URL
grammar-value-user = NAME
grammar-value-what = WAS
grammar-value-when = WANN
grammar-value-word = WORT
grammar-value-words = WÖRTER

# resend, und mehr zu contact
contact-relay = Er darf diesen Haushalt zum Weitergeben benutzen (`hearthpost contact relay ADRESSE off` beendet das).
contact-quantum = Briefe dorthin sind sicher vor Quantenrechnern.
contact-tells = Er nennt diese Leute, mit denen du unter ihrem Namen teilen kannst:
contact-suggests = { $word } für { $address }, ein Vorschlag: `hearthpost keyword set { $word } { $address }` übernimmt ihn
contact-not-quantum = Briefe dorthin sind nicht sicher vor Quantenrechnern: Die Box dort hat noch keinen Schlüssel dafür geschickt.
resent = { $share } geht noch einmal an { $mailbox }, wie es war.

# directory
directory-none = So jemanden hat das Verzeichnis nicht.
directory-known = hier bekannt
directory-differs = NICHT der Haushalt, der hier unter dieser Adresse bekannt ist
directory-published = Das Verzeichnis hat diesen Haushalt als { $dn }.

# Die Hilfe. Jeder Satz wird an seinen englischen Worten in der Grammatik erkannt.
help-share-photos-with-other-households = Teilt Fotos mit anderen Haushalten über gewöhnliche Postfächer, versiegelt, und nur so weit ihr es erlaubt
help-the-configuration-file-default-hearthpost = Die Datei mit den Einstellungen [sonst: $HEARTHPOST_CONFIG, dann ~/.config/hearthpost/hearthpost.toml, dann /etc/hearthpost/hearthpost.toml]
help-print-one-json-document = Gibt ein JSON-Dokument aus
help-print-help = Zeigt diese Hilfe
help-print-version = Zeigt die Version
help-show-it-all-on-this = Zeigt alles auf diesem Rechner: Haushalte, Mail und Beispielbilder, in einem vorläufigen Ordner
help-your-own-pictures-instead-of = Eigene Bilder statt der Beispiele
help-end-when-everything-was-shown = Endet, wenn alles gezeigt ist
help-set-up-this-household-settings = Richtet diesen Haushalt ein: Einstellungen, Schlüssel, Album
help-run-the-box-fetch-and = Lässt die Box laufen: holt und sendet Mail, sagt den Leuten Bescheid, beendet, was vorbei ist
help-the-configurations-of-several-households = Die Einstellungen mehrerer Haushalte, statt --config
help-all-households-of-a-folder-of = Alle Haushalte, deren Einstellungen in diesem Ordner liegen, wie sie kommen und gehen
help-one-pass-send-fetch-take = Ein Durchgang: senden, holen, aufnehmen, Bescheid sagen, beenden, was vorbei ist
help-wait-so-long-for-another = Wartet so lange, bis ein anderer Durchgang fertig ist
help-check-settings-keys-folders-clock = Prüft Einstellungen, Schlüssel, Ordner, Uhr und beide Anmeldungen
help-of-all-households-of-a-folder = Bei allen Haushalten, deren Einstellungen in diesem Ordner liegen
help-make-a-certificate-of-this = Macht ein eigenes Zertifikat dieses Hauses, damit Browser es mit HTTPS erreichen; `serve` erneuert es
help-another-name-or-address-under = Noch ein Name oder eine Adresse, unter der es zu erreichen ist; auch mehrmals
help-a-new-authority-for-it = Auch eine neue Stelle dafür, von der jedes Telefon erfahren muss
help-write-all-of-this-household = Schreibt alles von diesem Haushalt in eine Datei, während die Box läuft
help-the-file-it-holds-the = Die Datei; sie enthält die privaten Schlüssel
help-bring-a-household-back-from = Holt einen Haushalt aus einer solchen Datei zurück, während die Box steht
help-the-file = Die Datei
help-also-where-a-household-is = Auch wo schon ein Haushalt ist; sein Ordner bleibt unter einem anderen Namen
help-who-this-household-is-to = Wer dieser Haushalt für andere ist: zieht um auf eine andere Box oder in ein anderes Postfach, ersetzt, beendet
help-write-the-identity-and-the = Schreibt Identität und Adressbuch in eine neue Datei, unter einer Passphrase versiegelt
help-the-file-to-write = Die Datei, die geschrieben wird
help-a-file-whose-first-line-2 = Eine Datei, deren erste Zeile die Passphrase ist [ohne Angabe wird danach gefragt]
help-take-over-such-an-identity = Übernimmt eine solche Identität, in einem eben eingerichteten Haushalt; die anderen erfahren, wo er jetzt ist
help-replace-the-identity-and-its = Ersetzt Identität und Schlüssel, wenn jemand anderes sie haben könnte; die anderen müssen die Wörter neu vergleichen
help-write-the-message-that-ends = Schreibt die Nachricht, die diese Identität beendet, in eine neue Datei, die dorthin gehört, wo die Box nicht ist
help-send-such-a-message-of = Schickt eine solche Nachricht, von einer verlorenen oder gestohlenen Box, an alle Haushalte, die hier bekannt sind
help-also-to-this-mailbox-may = Auch an dieses Postfach; mehrmals möglich
help-the-people-of-the-house = Die Leute des Hauses
help-other-households = Andere Haushalte
help-names-for-addresses-such-as = Kurznamen für Adressen, etwa oma
help-put-files-folders-or-a = Holt Dateien, Ordner oder eine Speicherkarte ins Album
help-files-and-folders-without-any = Dateien und Ordner; ohne sie zeigt es die Speicherkarten und Kameras, die da sind
help-instead-of-files-all-that = Statt Dateien alles, was auf dieser Karte oder Kamera neu ist, oder auf der einzigen
help-also-gather-them-under-this = Sammelt sie auch unter diesem Namen
help-who-of-this-house-adds = Wer aus diesem Haus sie hinzufügt
help-for-that-person-alone = Nur für diese Person
help-what-the-album-holds-and = Was im Album ist, und benannte Alben darin
help-find-describe-hide-and-delete = Findet, beschreibt, verbirgt und löscht Einzelnes
help-share-items-or-files-with = Teilt etwas aus dem Album oder Dateien mit Leuten anderer Haushalte
help-what-others-shared-with-this = Was andere mit diesem Haushalt geteilt haben
help-what-was-shared-from-here = Was von hier geteilt wurde, und wie weit es kam
help-one-share-in-full = Etwas Geteiltes in allen Einzelheiten
help-the-share = Das Geteilte
help-write-what-a-person-would = Schreibt in eine Datei, was eine Person davon bekäme
help-say-what-a-message-or = Sagt, was eine Nachricht oder eine Datei von Hearthpost ist
help-the-file-is-standard-input = Die Datei; - ist die Standardeingabe
help-pass-a-share-on-as = Gibt Geteiltes weiter, so weit du darfst; gibt Eigenes mehr Leuten oder mit anderen Rechten
help-ask-the-household-that-granted = Bittet den Haushalt, der etwas geteilt hat, um mehr
help-who-of-this-house-asks = Wer aus diesem Haus bittet
help-what-to-write-with-it = Was dazu geschrieben wird
help-what-people-asked-for-those = Worum Leute gebeten haben: die anderer Haushalte, und die von diesem
help-answer-what-another-household-asked = Beantwortet, worum ein anderer Haushalt gebeten hat
help-the-request = Die Bitte
help-whether-it-is-granted = Ob es gegeben wird
help-take-a-share-back-from = Nimmt Geteiltes zurück, von allen oder von einem Haushalt
help-only-from-this-household-its = Nur von diesem Haushalt: sein Postfach oder sein Fingerabdruck
help-only-what-this-person-of = Nur, was diese Person des Hauses weitergegeben hat
help-the-mail-account-of-this = Das Mailkonto dieser Box
help-what-other-households-see-as = Was andere Haushalte als euren Namen sehen
help-where-mail-is-fetched-imaps = Wo Mail abgeholt wird: imaps://rechner[:port], oder imap:// für STARTTLS
help-where-mail-is-handed-in = Wo Mail aufgegeben wird: smtps://rechner[:port], oder smtp:// für STARTTLS
help-the-login-name-at-both = Der Anmeldename bei beiden
help-a-file-whose-first-line = Eine Datei, deren erste Zeile das Passwort ist
help-where-keys-album-and-pictures = Wo Schlüssel, Album und Bilder liegen sollen [sonst: data, neben den Einstellungen]
help-one-more-certificate-authority-to = Noch eine Zertifizierungsstelle, der vertraut wird, als PEM
help-items-by-their-short-ids = Etwas aus dem Album mit seinem Kürzel, oder Dateien
help-with-whom-addresses-like-home = Mit wem: Adressen wie home-b+bob@example.org, oder Kurznamen
help-rules-for-one-address-such = Regeln für eine Adresse, etwa home-b+bob@example.org=display=1280,period=P7D
help-a-title = Ein Titel
help-a-message = Eine Nachricht
help-the-certificate-file-of-a = Die Zertifikatsdatei eines Haushalts, der noch nicht bekannt ist
help-whether-originals-keep-the-place = Ob Originale den Ort behalten, an dem sie aufgenommen wurden
help-leave-at-home-what-belongs = Lässt zu Hause, was zu einem Bild gehört: seinen Ton, seine Rohdatei, seinen Film
help-do-not-ask = Fragt nicht nach
help-what-they-may-do-without = Was sie dürfen [ohne Angabe: --display 2048 --period P30D]
help-what-they-may-do-without-any = Was sie dürfen [ohne Angabe: alles, was weitergegeben werden darf; bei Eigenem --display 2048 --period P30D]
help-for-what-without-any = Worum [ohne Angabe: dasselbe für weitere 30 Tage]
help-record-nothing-and-say-what = Nichts festhalten und sagen, was jeder könnte
help-look-at-so-many-pixels = Ansehen, mit höchstens so vielen Pixeln
help-print = Drucken
help-keep-a-file-full-is = Eine Datei behalten; full ist das Original
help-pass-it-on-one-step = Weitergeben, einen Schritt, so weit sie selbst dürfen
help-what-those-may-do-to = Was die dürfen, an die es weitergegeben wird
help-until-then-a-day-or = Bis dahin: ein Tag, oder eine Zeit wie 2026-12-24T18:00:00Z
help-so-long-after-it-can = So lange, nachdem es dort zum ersten Mal zu sehen ist, etwa P7D oder 7d
help-so-many-times = So oft
help-with-the-viewers-name-across = Mit dem Namen der Person quer über dem Bild
help-of-sound-and-video-only = Von Ton und Film nur so viele Sekunden, von einem PDF Seiten, von Text Zeilen; mehrere mit Komma
help-only-this-item-may-be = Nur dieses; auch mehrmals
help-who-of-this-house-passes = Wer aus diesem Haus es weitergibt
help-to-whom-addresses-like-home = An wen: Adressen wie home-c+carol@example.org, oder Kurznamen
help-rules-for-one-address-such-as = Regeln für eine Adresse, etwa home-c+carol@example.org=display=1280
help-it-is-so = Es ist so
help-it-is-not = Es ist nicht so
help-at-once = Gleich
help-once-a-day-in-the = Einmal am Tag, abends, wenn es etwas gibt
help-never = Nie
help-leave-it-in = Lässt ihn darin
help-take-it-out = Nimmt ihn heraus
help-the-item = Das Stück
help-the-person-of-this-house = Die Person aus diesem Haus
help-what-for = Wofür
help-where-to-write-it = Wohin es geschrieben wird
help-to-look-at = Zum Ansehen
help-to-print = Zum Drucken
help-to-keep = Zum Behalten
help-add-a-person = Fügt eine Person hinzu
help-a-short-name-a-z = Ein kurzer Name: a-z, 0-9, '-', '_' und '.'
help-where-to-tell-this-person = Wohin dieser Person gesagt wird, dass etwas gekommen ist
help-where-to-tell-this-person-or-nowhere = Wohin dieser Person gesagt wird, dass etwas gekommen ist; none: nirgends
help-all-people = Alle Leute
help-remove-a-person = Entfernt eine Person
help-who = Wer
help-give-a-person-a-password = Gibt einer Person ein Passwort für den Browser und meldet sie überall ab
help-a-file-whose-first-line-is = Eine Datei, deren erste Zeile das Passwort ist, statt danach zu fragen
help-make-a-link-that-opens = Macht einen Link, der einmal aufgeht und mit dem eine Person ein Passwort wählt
help-who-nobody-whoever-becomes-the = Wer; niemand: wer ein neues Haus verwalten wird
help-say-to-which-address-a = Sagt, unter welcher Adresse eine Person erfährt, dass etwas gekommen ist
help-say-when-a-person-is = Sagt, wann eine Person per Mail erfährt, dass etwas gekommen ist
help-when = Wann
help-say-whether-the-households-that = Sagt, ob die Haushalte, die dieser kennt, von einer Person erfahren und sie beim Namen wählen können
help-a-key-word-that-is = Ein Kurzname, der ihnen für diese Person vorgeschlagen wird, etwa oma; mehrfach möglich
help-make-a-token-with-which = Macht einen Schlüssel, mit dem ein Programm für eine Person handelt: siehe docs/api.md
help-for-whom = Für wen
help-what-the-program-is-called = Wie das Programm heißt; unter den Schlüsseln dieser Person noch nicht vergeben
help-what-it-may-do-read = Was es darf: read, album, share; mit Komma dazwischen
help-how-many-days-it-is = Wie viele Tage er gilt; ohne Angabe für immer
help-the-tokens-of-a-person = Die Schlüssel einer Person
help-whose = Wessen
help-end-a-token = Beendet einen Schlüssel
help-what-the-program-is-called-2 = Wie das Programm heißt
help-say-whether-a-person-is = Sagt, ob eine Person das Haus verwaltet: Haushalte, Leute und Einstellungen im Browser
help-whether = Ob
help-add-a-household-by-its = Nimmt einen Haushalt auf: mit seiner Zertifikatsdatei, oder indem er gebeten wird, sich vorzustellen
help-its-mailbox = Sein Postfach
help-its-mailbox-or-what-its = Sein Postfach, oder womit sein Fingerabdruck beginnt
help-households-in-an-ldap-directory = Haushalte in einem LDAP-Verzeichnis
help-look-for-households = Sucht Haushalte
help-a-mailbox-a-name-or-a-key-word = Ein Postfach, ein Name oder ein Kurzname
help-take-a-household-from-there = Übernimmt einen Haushalt von dort, wenn du dir seiner sicher bist
help-write-this-households-own-entry = Schreibt den Eintrag dieses Haushalts
help-a-key-word-under-which-it = Ein Kurzname, unter dem er auch gefunden wird; mehrmals möglich
help-the-file-that-contact-export = Die Datei, die `contact export` dort geschrieben hat
help-ask-a-household-by-mail = Bittet einen Haushalt per Mail, sich vorzustellen
help-hear-from-a-household-that = Hört von einem Haushalt, der uns geschrieben hat
help-all-households-known-here = Alle Haushalte, die hier bekannt sind
help-one-household-with-its-comparing = Ein Haushalt, mit seinen Vergleichswörtern
help-note-that-the-words-there = Hält fest, dass die Wörter dort die Wörter hier sind
help-what-was-read-out-there = Was dort vorgelesen wurde: die 24 Wörter, oder die Zeichen
help-take-nothing-more-from-a = Nimmt von einem Haushalt nichts mehr an
help-hear-from-it-again = Hört wieder von ihm
help-forget-a-household = Vergisst einen Haushalt
help-this-households-own-certificates-for = Die eigenen Zertifikate dieses Haushalts, damit andere ihn aufnehmen
help-give-a-name-to-addresses = Gibt Adressen einen Kurznamen
help-the-name-such-as-grandma = Der Kurzname, etwa oma
help-what-it-stands-for = Wofür er steht
help-all-names = Alle Kurznamen
help-forget-a-name = Vergisst einen Kurznamen
help-the-name = Der Kurzname
help-all-albums-and-items = Alle Alben und was darin ist
help-the-items-of-one-album = Was in einem Album ist
help-its-name-or-short-id = Sein Name oder Kürzel
help-give-an-album-another-name = Gibt einem Album einen anderen Namen
help-the-new-name = Der neue Name
help-remove-an-album-its-items = Entfernt ein Album; was darin war, bleibt
help-put-items-into-an-album = Legt etwas in ein Album, in ein neues, wo es keines dieses Namens gibt
help-the-items = Was gemeint ist
help-take-items-out-of-an = Nimmt etwas aus einem Album; gelöscht wird es nicht
help-items-newest-first = Was im Album ist, das Neueste zuerst
help-words-that-name-or-caption = Wörter aus Namen oder Beschreibung, wer es dazugetan hat, oder wann es aufgenommen ist: Mai 2024
help-not-older-2024-2024-05 = Nicht älter: 2024, 2024-05 oder 2024-05-03
help-not-newer-all-of-that = Nicht neuer; das ganze Jahr, der ganze Monat oder Tag ist dabei
help-of-this-album-its-name = Aus diesem Album: sein Name oder Kürzel
help-what-lies-in-the-bin = Was im Papierkorb liegt
help-one-item-in-full = Eines in allen Einzelheiten
help-say-what-it-shows-the = Sagt, was es zeigt; die Worte reisen mit, wenn es geteilt wird
help-what-to-write-nothing-takes = Was geschrieben wird; nichts nimmt die Worte weg
help-put-items-into-the-bin = Legt etwas in den Papierkorb; nach 30 Tagen ist es endgültig weg
help-take-items-out-of-the = Holt etwas aus dem Papierkorb
help-say-whether-items-are-for = Sagt, ob etwas nur für die Person ist, die es hinzugefügt hat
help-whether-they-are = Ob es so ist
help-only-to-this-household-whatever = Nur an diesen Haushalt, was auch dort daraus wurde
help-send-a-share-once-more = Schickt Geteiltes noch einmal, wie es war: wo es scheiterte, zurückkam oder fehlt, oder an einen Haushalt

# Was die Grammatik zu einem Versehen sagt, Zeile für Zeile.
usage-error-unrecognized-subcommand = Fehler: unbekannter Befehl „{ $word }“
usage-error-unexpected-argument-found = Fehler: „{ $word }“ wird hier nicht erwartet
usage-error-the-following-required-arguments = Fehler: Das muss noch angegeben werden:
usage-error-invalid-value-for = Fehler: „{ $value }“ passt nicht zu „{ $what }“: { $why }
usage-error-invalid-value-for-2 = Fehler: „{ $value }“ passt nicht zu „{ $what }“
usage-a-whole-number-of-seconds = verlangt ist eine ganze Zahl von Sekunden, wie 60
usage-a-whole-number-from-to = verlangt ist eine ganze Zahl von { $least } bis { $most }
usage-error-a-value-is-required = Fehler: Zu „{ $what }“ fehlt ein Wert
usage-error-the-argument-cannot-be = Fehler: „{ $word }“ geht nicht zusammen mit „{ $other }“
usage-error-the-argument-cannot-be-used = Fehler: „{ $word }“ steht zweimal da
usage-error-requires-a-subcommand-but = Fehler: Hinter „{ $name }“ fehlt ein Befehl
usage-usage = Aufruf: { $usage }
usage-for-more-information-try-help = Mehr dazu mit --help.
usage-tip-a-similar-subcommand-exists = Rat: Einen ähnlichen Befehl gibt es: „{ $word }“
usage-tip-a-similar-argument-exists = Rat: Etwas Ähnliches gibt es: „{ $word }“
usage-tip-some-similar-subcommands-exist = Rat: Ähnliche Befehle gibt es: { $words }
usage-tip-to-pass-as-a = Rat: Um „{ $word }“ als Wert anzugeben, schreib „{ $how }“
usage-possible-values = {"["}möglich: { $values }]
usage-subcommands = {"["}Befehle: { $names }]

# Einladungen
invite-link = Gib diesen Link weiter, auf einem Weg, auf dem sonst niemand ihn liest:
invite-aloud = Oder lies am Telefon die Adresse { $mailbox } und diese Wörter vor:
invite-ends = Sie lässt einen Haushalt ein, bis zum { $time }. `hearthpost contact withdraw { $invitation }` nimmt sie zurück.
invite-none = Niemand ist eingeladen. `hearthpost contact invite` macht eine Einladung.
invite-used-by = benutzt von { $name }
invite-open = offen bis { $time }
invite-withdrawn = Die Einladung { $invitation } lässt niemanden mehr ein.
invite-asked = { $mailbox } wird gefragt, sobald Mail hinausgeht (`hearthpost sync`). Mit der Antwort kennen beide Haushalte einander.
invite-asked-again = Dieser Einladung von { $mailbox } wird seit { $since } gefolgt, und noch kam keine Antwort: Es wird noch einmal gefragt, wenn das nächste Mal Post hinausgeht (`hearthpost sync`).
invite-instead = Der erste Versuch mit derselben Einladung, unter { $mailbox }, ist vergessen.
invite-joined-before = Dieser Einladung von { $mailbox } seid ihr schon gefolgt: Beide Haushalte kennen einander.
invite-not-let-in = nicht eingelassen: { $why }
invite-unanswered = hat uns eingeladen; noch keine Antwort: { $why }
invite-silent = hat uns eingeladen; noch keine Antwort, seit dem { $time }
help-invite-household = Lädt einen Haushalt ein: ein Link, oder Wörter zum Vorlesen, die beide miteinander bekannt machen
help-invite-days = Wie viele Tage sie einlässt
help-invite-again = Zeigt diese noch einmal, die noch einlässt
help-invite-who = Wer aus diesem Haus einlädt und davon erfährt { "[" }sonst: wer es verwaltet]
help-invitations = Die Einladungen, die vergeben wurden, und wer mit ihnen kam
help-withdraw = Nimmt eine Einladung zurück
help-invitation = Die Einladung
help-join = Folgt der Einladung eines anderen Haushalts
help-join-what = Der Link, oder die Adresse und die zwölf Wörter; ohne Angabe von der Standardeingabe
help-join-who = Wer aus diesem Haus ihr folgt und davon erfährt { "[" }sonst: wer es verwaltet]
invite-state-open = offen
invite-state-used = benutzt
invite-state-ended = abgelaufen
invite-state-withdrawn = zurückgenommen

keyword-suggested = { $address }, vorgeschlagen von { $name }

# Und außerdem.
help-send-it-once-to-this-household = Schickt es einmal, an diesen Haushalt, der es an die anderen weitergibt
help-it-may = Er darf
help-it-may-not = Er darf nicht
help-let-a-household-use-this-one = Lässt einen Haushalt diesen als Zwischenstation benutzen, die für ihn an andere weitergibt, oder nicht mehr
help-a-home-or-a-relay = Ein Zuhause für Leute, oder eine Zwischenstation, die keine hat und nur für andere trägt, was sie nicht öffnen kann
help-a-home = Ein Zuhause für Leute
help-it-carries = Sie trägt für andere
