# Die Worte der Seiten. Ein Schlüssel ist, was eine Vorlage mit t("key") sagt.

brand = Hearthpost
skip = Gleich zur Seite
untitled = Ohne Titel
done = Fertig
you = du

nav-main = Hauptmenü
nav-album = Album
nav-received = Erhalten
nav-sent = Geteilt
nav-new = neu
nav-settings = { $name }, Einstellungen

name = Name
name-what = Ein kurzer Name für dich in diesem Haus, zum Beispiel anna: kleine Buchstaben von a bis z und Ziffern.
mail = Mail
mail-what = Dort sagen wir dir, dass etwas gekommen ist. In der Mail selbst steht nichts davon.
password = Passwort
password-what = Mindestens { $least } Zeichen. Am besten ein paar Wörter, die nur du so zusammenstellst.
password-again = Noch einmal dasselbe
password-old = Bisheriges Passwort
password-new = Neues Passwort

sign-in-title = Anmelden
sign-in-who = Wer ist da?
sign-in-what = Die Bilder dieses Hauses, und die, die andere mit ihm teilen.
sign-in-stay = Hier angemeldet bleiben
sign-in-stay-for = Für ein Tablet in der Küche oder einen Bilderrahmen.
sign-in-go = Herein
sign-in-forgotten = Vergessen? Wer dieses Haus verwaltet, kann dir ein neues geben.
sign-in-no-keeper = Noch verwaltet niemand dieses Haus. Öffne den Link, den seine Box dort gezeigt hat, wo sie gestartet wurde.

welcome-title = Willkommen
welcome-person = Willkommen, { $name }
welcome-person-what = Wähle ein Passwort. Diese Seite geht nur einmal auf.
welcome-keeper = Willkommen zu Hause
welcome-keeper-what = Du bist hier zuerst, darum verwaltest du dieses Haus: seine Leute, die Haushalte, mit denen es verbunden ist, seine Einstellungen.
welcome-go = Herein

ca-title = Dieses Haus auf deinem Telefon
ca-what = Einmal auf jedem Telefon und Rechner, damit es dieses Haus kennt und niemand dazwischen mitsieht oder mithört.
ca-take = Zertifikat holen
ca-iphone = iPhone und iPad
ca-iphone-1 = Hol das Zertifikat oben in Safari, und erlaube es.
ca-iphone-2 = Öffne die Einstellungen, tippe auf „Profil geladen“, dann auf „Installieren“.
ca-iphone-3 = Schalte in den Einstellungen unter Allgemein, Info, Zertifikatsvertrauenseinstellungen { $name } ein.
ca-android = Android
ca-android-1 = Hol das Zertifikat oben.
ca-android-2 = Öffne die Einstellungen, suche nach „CA-Zertifikat“ und tippe auf „Trotzdem installieren“.
ca-android-3 = Wähle unter den Downloads die Datei hearthpost.crt.
ca-computer = Öffne die Datei auf einem Rechner und vertraue ihr für Webseiten; in Firefox gehört sie unter Einstellungen, Zertifikate, Zertifizierungsstellen.
ca-compare = Es ist das richtige, wenn es dasselbe zeigt wie die Box (SHA-256):
ca-only = Es kann nur für die Namen dieses Hauses und für private Netze bürgen, für keine Bank und keinen Laden.
ca-go = Dann herein
ca-phone = Für ein Telefon: zeig ihm das hier:

denied-what = Nichts ist schiefgegangen: So ist es ausgemacht.
back-to-start = Zurück zum Anfang

received-none = Noch ist nichts gekommen. Wenn ein anderer Haushalt etwas mit dir teilt, steht es hier, und eine Mail sagt es dir.
received-by-unknown = Es kam über einen Haushalt, den hier niemand kennt: Titel und Worte sind so, wie der sie geschrieben hat.
received-new = neu,
received-find = Nach Haushalt, Wörtern, Namen oder Datum suchen
received-all = Alles, was kam
came-from = Was von { $name } kam
received-more = Ältere
until = bis { $day }
arriving = noch unterwegs

allowed = Erlaubt
look = Ansehen
print = Drucken
keep = Behalten
keep-all = Alle { $count } behalten
keep-all-left-out-name = Ausgelassen.txt
keep-all-left-out = Auch dies darf behalten werden, konnte aber nicht hergestellt werden:
pass-on = Weitergeben
covered = { $left ->
    [0] Noch offen
    [one] Noch einmal
   *[other] Noch { $left }-mal
}
close = Schließen
previous = Voriges
no-line = Keine Verbindung zu deiner Box. Es geht weiter, sobald sie wieder da ist.
try-again = Noch einmal versuchen
next = Nächstes
number-of = { $number } von { $count }
what-you-may = Was du darfst
excerpt-only = So viel davon wurde geteilt: der Anfang, oder alles, wenn es kurz ist.
open-excerpt = Öffnen, was davon geteilt wurde
played-whole = Spielt dieser Browser es nicht ab, dann behalte es und öffne es mit einem anderen Programm.
no-browser-plays = Einen Film, der so verpackt ist, spielt kein Browser. Behalte ihn und öffne ihn mit einem anderen Programm.
goes-with = Gehört zu
beside-excerpt = ein Ausschnitt
not-played = { $asking ->
    [yes] Ein Browser kann das nur abspielen, wenn er die Datei bekommt, und behalten darfst du sie nicht. Unter „Erlaubt“ kannst du darum bitten.
   *[no] Ein Browser kann das nur abspielen, wenn er die Datei bekommt, und ganz darf sie nicht behalten werden.
}
gif-stands-still = Von einem bewegten GIF ist hier nur das erste Bild zu sehen.
gif-stands-still-kept = Von einem bewegten GIF ist hier nur das erste Bild zu sehen. Die Datei selbst bewegt sich.
kept-to-open = Das öffnet ein anderes Programm. Behalte es und öffne es damit.
not-a-picture = Das ist kein Bild, das sich hier zeigen lässt.
no-print = Das darf angesehen werden, nicht gedruckt.
no-print-here = Bilder, die gekommen sind, werden von hier aus nicht gedruckt. Öffne eines, das gedruckt werden darf: Auf seiner Seite steht „Drucken“.
print-here = Nimm „Drucken“ auf der Seite: Es macht ein Bild fürs Papier.

settings = Einstellungen
sign-out = Abmelden
change-password = Passwort ändern
change-password-what = Ein neues Passwort meldet dich überall ab, nur hier nicht.
arrives = Wenn etwas ankommt
own-mail = Wohin Mail an dich geht
own-mail-field = Deine Mailadresse
mail-empty = Bleibt es leer, geht keine Mail hinaus.
arrives-mail = Eine Mail ohne Bilder sagt es dir, an { $mail }.
arrives-no-mail = Keine Mail sagt es dir: Es gibt keine Adresse für dich.
sessions = Wo du angemeldet bist
session-here = dieser Browser, gerade in Gebrauch
session-remembered = bleibt angemeldet
session-used = zuletzt benutzt in der Stunde nach dem { $time }
sign-out-elsewhere = Überall sonst abmelden
people = Die Leute dieses Hauses
people-what = Das sieht nur, wer das Haus verwaltet.
person-link = Neues Passwort
person-remove = Entfernen
person-mail = Mailadresse
mail-of = Wohin Mail an jemanden geht
mail-of-whom = Für wen
person-add = Jemanden hinzufügen
done-password = Dein Passwort ist geändert, und du bist überall sonst abgemeldet.
done-elsewhere = Du bist überall sonst abgemeldet.
done-notices = Gespeichert.
done-mail = Gespeichert. Was kommt, geht an die neue Adresse.
done-people = Erledigt.
done-person = Erledigt. „Neues Passwort“ neben dem Namen macht einen Link, mit dem sie hereinkommen.
done-announce = Gespeichert. Die Haushalte, die du kennst, erfahren es.
answered-yes = Du hast Ja gesagt. Sie bekommen es mit der nächsten Mail.
answered-no = Du hast Nein gesagt. Sie erfahren es.
answered-instead = Jetzt wird die andere Box gefragt. Der erste Versuch mit denselben Wörtern, unter einer anderen Adresse, ist vergessen.
announce = Anderen beim Namen bekannt
announce-what = Die Haushalte, die du kennst, können sie dann beim Namen wählen. Du kannst ihnen Kurznamen dafür vorschlagen, etwa oma; jeder Haushalt speichert, was er benutzen will.
announce-words = Kurznamen für { $name }
programs = Programme
programs-go = Programme, die für dich handeln
programs-there = Sie handeln für dich
programs-what = Ein Albumprogramm oder ein eigenes Skript kann für dich teilen, ohne dein Passwort.
programs-none = Keines.
program-name = Wie es heißt
program-may-read = Das Album sehen, und was kam und ging
program-may-album = Bilder ins Album bringen und es ändern
program-may-share = Teilen, weitergeben und zurücknehmen
program-lasts = Wie lange
program-days = { $days ->
    [0] Ohne Ende
    [1] Einen Tag
   *[other] { $days } Tage
}
program-used = Zuletzt benutzt am { $time }
program-unused = Nie benutzt
program-ends = bis { $time }
program-make = Ein Programm einlassen
program-end = Beenden
program-token = Der Schlüssel des Programms
program-token-what = Kopiere ihn jetzt in das Programm: Er wird nicht noch einmal gezeigt.
link-title = Ein Link für { $name }
link-what = Er geht einmal auf, innerhalb von sieben Tagen. Zeig den Code ihrem Telefon, oder schick ihnen die Adresse.
link-address = Adresse
mail-title = Wo { $name } per Mail etwas erfährt
mail-asks = { $name } verwaltet dieses Haus und erfährt per Mail, was es betrifft. Darum wirst du nach deinem eigenen Passwort gefragt, bevor das an { $mail } geht.
mail-none-asks = { $name } verwaltet dieses Haus und erfährt per Mail, was es betrifft. Darum wirst du nach deinem eigenen Passwort gefragt, bevor { $name } nichts mehr per Mail erfährt.
link-asks = Auch { $name } verwaltet dieses Haus. Wer diesen Link öffnet, wählt für { $name } ein neues Passwort und kann dann alles, was { $name } darf. Darum wirst du erst nach deinem gefragt.
link-go = Link machen
remove-title = { $name } entfernen
remove-what = { $name } wird sofort überall abgemeldet; Programme und Links enden, und was noch mitzuteilen wäre, wird vergessen. Das lässt sich nicht rückgängig machen: Wer später so heißt, ist jemand anderes.
remove-alone = { $count ->
    [one] Etwas im Album gehört { $name } allein. Es bleibt, ist aber nur noch auf der Befehlszeile zu sehen.
   *[other] { $count } Dinge im Album gehören { $name } allein. Sie bleiben, sind aber nur noch auf der Befehlszeile zu sehen.
}
remove-inside = { $count ->
    [one] Etwas, das im Haus von oder an { $name } weitergegeben wurde, endet.
   *[other] { $count } Dinge, die im Haus von oder an { $name } weitergegeben wurden, enden.
}
remove-stays = Was { $name } für das Haus ins Album gelegt hat, bleibt. Was mit anderen Haushalten geteilt wurde, bleibt auch: Das siehst du unter „Geteilt“ und kannst es dort beenden.
remove-asks = Auch { $name } verwaltet dieses Haus. Darum wirst du nach deinem eigenen Passwort gefragt, bevor { $name } entfernt wird.

album-find = Nach Namen, Wörtern, Datum oder wer es dazugetan hat suchen
album-find-short = Suchen
album-add = Bilder hinzufügen
album-everything = Alles
album-new = Neu dazugekommen
album-bin = Papierkorb
album-albums = Alben
album-pictures = Bilder
album-years = Jahre
album-more = Ältere Bilder
album-drop = Leg hier deine ersten Bilder ab
album-drop-what = Sie bleiben in diesem Haus. Draußen sieht sie niemand, bis du sie teilst.
album-choose = Bilder auswählen
album-before = Vorher ausgewählt
album-nothing = Nichts gefunden.
album-bin-empty = Der Papierkorb ist leer. Was gelöscht wird, liegt hier 30 Tage.
album-bin-what = Was hier liegt, ist 30 Tage nach dem Löschen endgültig weg.
chosen = gewählt
chosen-with = Mit dem, was gewählt ist
choose = { $name } auswählen
clear = Abwählen
delete = Löschen
bring-back = Zurückholen
only-me = Nur für mich
kind-film = Film
everyone-here = Für alle im Haus
add-to-album = Ins Album
add-to-album-name = Name des Albums
album-into = In welches Album?
album-change = Dieses Album umbenennen oder entfernen
album-remove = Das Album entfernen
album-remove-what = Seine Bilder bleiben in diesem Haus.
album-is-removed = Das Album ist entfernt. Seine Bilder sind noch hier.
take-from-album = Aus diesem Album nehmen
taken-now = { $count ->
    [one] 1 Bild ist aus diesem Album genommen und noch hier.
   *[other] { $count } Bilder sind aus diesem Album genommen und noch hier.
}
deleted-now = { $count ->
    [one] Es liegt im Papierkorb.
   *[other] Alle { $count } liegen im Papierkorb.
}
undo = Rückgängig
added-now = { $count ->
    [one] 1 Datei ist da.
   *[other] { $count } Dateien sind da.
}
added-known = { $count ->
    [one] 1 Datei war schon vorher da; sie steht nur einmal im Album.
   *[other] { $count } Dateien waren schon vorher da; jede steht nur einmal im Album.
}
added-show = Zeigen, was gerade dazukam
stayed-out = Das blieb draußen:
uploading = Auf dem Weg hierher
upload-adding = Es kommen hinzu:
upload-done = Fertig:
upload-all = Alles zusammen
upload-in = da
upload-known = schon vorher da
upload-failed = { $count ->
    [one] blieb draußen
   *[other] blieben draußen
}
upload-again = Die Verbindung ist weg; es geht von selbst weiter.
upload-other = Eine andere Seite bringt sie schon herein; diese wartet.
share = Teilen
caption = Worte dazu
save = Sichern
original = Original
month-name = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
    [12] Dezember
   *[other] Ohne Datum
} { $year }

change = Ändern
share-with = Mit wem
share-who = Ein Name, ein Kurzname oder eine Adresse
share-lately = Zuletzt geteilt mit
share-new = Jemand Neues? Nimm den Haushalt auf: mit seiner Datei, einer Einladung oder seiner Adresse
share-new-member = Jemand Neues? Gib die Adresse des Haushalts ein. Oder frag, wer dieses Haus verwaltet: Dort nimmt man einen Haushalt mit seiner Datei oder einer Einladung auf.
share-back = Zurück zu dem, was du teilst
share-directory = Im Verzeichnis nachsehen
share-offers = Ist hier dabei, wen du meinst?
share-offers-none = So jemanden hat das Verzeichnis nicht.
share-offer-words = Das sagt das Verzeichnis. Zum Vergleichen: { $words }
share-offer-known = Hier bekannt.
share-offer-differs = Nicht der Haushalt, der hier unter dieser Adresse bekannt ist. Fragt die Leute dort.
share-offer-age = Das Verzeichnis antwortet nicht; das sagte es am { $time }.
not-compared = Wörter nicht verglichen
no-answer-yet = gefragt, noch keine Antwort
share-may = Was sie dürfen
share-may-all = Für alle
share-nobody = Wähle zuerst, mit wem.
preset-look = 30 Tage ansehen
preset-look-what = In Bildschirmgröße. Dann sind sie dort wieder weg.
preset-keep = Ansehen und behalten
preset-keep-what = Die Originale dürfen sie behalten.
preset-all = Alles, und weitergeben
preset-all-what = Andere dürfen ansehen, aber nicht behalten.
preset-own = Wie ich es wähle
preset-own-what = Jede Regel, für alle gleich.
preset-each = Für jeden einzeln wählen
preset-each-what = Wie groß, wie lange, wie oft.
preset-before = Gewählt wie beim letzten Mal.
person-may = Was { $name } darf
how = Wie groß, wie lange, wie oft
how-large = Wie groß
how-long = Wie lange
how-often = Wie oft
size-small = Klein, fürs Telefon
size-screen = Bildschirmgröße
size-full = So groß, wie es ist
long-7 = 7 Tage
long-30 = 30 Tage
long-day = Bis zu einem Tag
long-none = Ohne Ende
long-until = Der Tag
often = So oft sie wollen
with-name = Mit ihrem Namen quer über dem Bild
only-part = Von Tönen, Filmen und Dokumenten nur den Anfang
long-days = So viele Tage
long-so-many = Tage
how-soon = Ab diesem Tag
how-on-paper = Auf Papier
as-looked-at = So, wie sie es ansehen
how-kept = Was sie behalten
kept-original = Die Originale
kept-copy = Eine Kopie, so wie sie es ansehen
share-onward = An wen es weitergegeben wird
onward-look = Sie dürfen 30 Tage ansehen
onward-keep = Sie dürfen ansehen, drucken und behalten
onward-same = Sie dürfen, was darf, wer es weitergibt
share-beginning = Wie viel der Anfang von Tönen, Filmen und Dokumenten ist, wo jemand nicht mehr bekommt:
beginning-seconds = Sekunden
beginning-pages = Seiten
beginning-lines = Zeilen
share-check = Was geschehen wird
share-asked-them = Er ist gefragt worden, wer er ist; auf seine Antwort wird gewartet. Dies geht hinaus, sobald sie kommt.
share-asks-them = Diesen Haushalt kennt hier noch niemand. Er wird gebeten, sich vorzustellen, und bekommt dies, sobald er es getan hat.
share-anyway = Ja, trotzdem
share-untold = Lies hier, was sie dürfen, dann teile noch einmal.
share-gone = { $count ->
    [one] 1 Bild ist nicht mehr im Album und ist hier weggelassen.
   *[other] { $count } Bilder sind nicht mehr im Album und sind hier weggelassen.
}
unfit-whole = Diese kann man nur ganz aus der Hand geben, denn Kleineres lässt sich nicht daraus machen: { $names }
unfit-name = Quer über diese lässt sich kein Name schreiben: { $names }
unfit-program = Um den Anfang von diesen zu schneiden, fehlt hier ein Programm, ffmpeg: { $names }
unfit-larger = Diese lassen sich nur in Bildschirmgröße zeigen, wenn man sie nicht auch behalten darf: { $names }
unfit-large = Diese sind zu groß, um hier ihren Anfang zu schneiden: { $names }
unfit-leave = Diese weglassen
unfit-give = Alles ganz geben, zum Ansehen und Behalten
share-title = Ein Titel
share-words = Ein paar Worte, wenn du magst
share-place = Der Ort, an dem sie aufgenommen wurden, darf mitgehen
share-more = Mehr
share-via = Schicken über
share-via-none = Geradewegs an jeden
share-via-what = Es reist einmal, zu diesem Haushalt, der es versiegelt weitergibt. Dort muss man es erlaubt haben.
by-way-of = Über { $relay }.
passed-on-by = Weitergegeben von { $name }.
share-look-again = Noch einmal ansehen, was geschehen wird
share-go = { $what } mit { $who } teilen
stays-home = Bleibt zu Hause: { $why }
stays-home-some = { $count } Dateien, die zu diesen Bildern gehören, bleiben zu Hause
share-travels = Etwa { $megabytes } MB, versiegelt und für alle zusammen einmal mit gewöhnlicher Mail verschickt.
share-honest = Du kannst es später beenden. Was jemand behalten hat, bleibt dort, und wer ansieht, könnte den Bildschirm abfotografieren.

sent-what = Was draußen ist, bei wem, und bis wann.
sent-none = Nichts ist draußen. Wähle Bilder im Album und teile sie.
state-waiting = Wartet, bis der Haushalt sich neu vorgestellt hat.
state-queued = Geht hinaus, sobald die Verbindung es erlaubt.
state-sent = Unterwegs seit dem { $time }. Von dort kam noch keine Antwort.
sent-until = Das ist spätestens bis zum { $time }.
sent-until-everyone = Das ist spätestens bis zum { $time }; wer später in jenes Haus kommt, für den beginnt die Zeit erst dann.
state-delivered = Angekommen am { $time }.
state-refused = Abgelehnt am { $time }.
state-failed = Ließ sich am { $time } nicht senden. Nichts ging verloren.
state-revoked = Beendet am { $time }. Sie sind gebeten, es zu löschen.
state-unreached = Beendet am { $time }. Ihre Box hat eine neue Identität: Sie erfährt es, sobald ihr ihre Wörter verglichen habt.
state-untold = Beendet am { $time }. Dorthin war nichts gegangen.
state-carried = Von dort an die anderen weitergereicht, und dort am { $time } vergessen.
state-kept = Von dort wurde nichts weitergereicht; dort wurde es am { $time } vergessen.
state-forgotten = Es sollte von dort weitergereicht werden, und wurde dort am { $time } vergessen.
state-ended = Abgelaufen; dort am { $time } gelöscht, sagen sie.
state-deleted = Beendet; dort am { $time } gelöscht, sagen sie.
asked-waiting = Wartet, bis die Box dort sich vorgestellt hat. Gefragt wurde sie am { $since }.
asked-failed = Ließ sich am { $time } nicht senden. Nichts ging verloren.
copy-forwarded = Weitergegeben von { $by }.
copy-revoked = Weitergegeben von { $by }, und beendet.
copy-deleted = Weitergegeben von { $by }; dort gelöscht, sagen sie.
copy-untold = { $by } sollte es weitergeben. Dorthin ging nichts.
household-unknown = Ein hier unbekannter Haushalt ({ $fingerprint })
recorded = Aufgenommen und auf dem Weg
arrived = Alles ist angekommen
travels-on = Du kannst diese Seite schließen; es geht von selbst weiter.
how-it-travels = Wie es unterwegs ist
track-recorded = Aufgenommen
track-travels = Unterwegs
track-arrived = Angekommen
send-again = Noch einmal senden
send-again-what = Dasselbe noch einmal. Niemand bekommt dadurch mehr.
again-at = Es geht noch einmal hinaus am { $time }.
stop-sharing = Nicht mehr teilen
stop-what = Dort lässt es sich dann nicht mehr öffnen, und sie werden gebeten, es zu löschen. Du siehst hier, wann sie es getan haben. Das lässt sich nicht rückgängig machen.
stop-below = Es endet auch bei denen, die es über { $household } haben:
stop-not-passed = Diese sollten es über { $household } bekommen und haben es nicht bestätigt. Was bis jetzt nicht weitergegeben ist, geht nicht dorthin; du kannst es ihnen noch einmal senden, dann geradewegs:
stop-passed-on = Auch an wen { $household } es weitergibt, verliert es.
stop-kept = Was { $household } schon behalten hat, bleibt dort.
stop-with = Nicht mehr mit { $household } teilen
stop-all = Für alle beenden
stopped-kept = Beendet. Was diese behalten haben, holt nichts zurück:
back-to-album = Zurück zum Album
see-all = Alles sehen, was draußen ist

frame = Bilderrahmen
frame-make = Hieraus einen Bilderrahmen machen
frame-what = Bildschirmfüllend, ein Bild nach dem anderen, neue von selbst. Er zeigt, was du ansehen darfst; melde dich dort mit „Hier angemeldet bleiben“ an.
frame-of = Von wem
frame-own = Unsere eigenen Bilder
frame-stays = Wie viele Sekunden ein Bild bleibt
frame-night = Dunkel ab dieser Stunde
frame-day = Bis zu dieser Stunde
frame-begin = Beginnen
frame-leave = Bilderrahmen verlassen
frame-picture = Ein Bild
frame-none = Noch nichts zu zeigen. Neue Bilder kommen von selbst.
nav-households = Haushalte
nav-waiting = warten
households-none = Noch keine Haushalte. Lade einen ein, dann könnt ihr miteinander teilen.
households-none-member = Noch keine Haushalte. Wer dieses Haus verwaltet, kann einen einladen.
since = seit { $day }
checked = Geprüft
unchecked = Noch nicht geprüft
not-answered = Hat sich noch nicht vorgestellt
blocked = Ausgesperrt
kept-out = Ausgeschlossen für einen anderen
ended = Diese Identität ist beendet
asked-on = gefragt am { $day }, noch keine Antwort
forget = Vergessen
for-nobody = { $household } hat „{ $title }“ mit { $name } geteilt, und so heißt hier niemand. Sobald jemand so heißt, ist es zu sehen; war es ein Versehen, sag es den Leuten dort.
waits-title = Jemand wartet
waits-what = Ein Haus, das sich { $name } nennt, hat am { $day } zum ersten Mal geschrieben, von { $mailbox }. Nichts davon wurde geöffnet oder jemandem gezeigt.
claims-directory = Das Verzeichnis sagt, { $mailbox } sei das Postfach eines Hauses, das sich { $name } nennt. Unter diesem Postfach kennt ihr schon einen Haushalt; an das andere Haus geht nichts. Frag die Leute, die ihr kennt, am Telefon, ob ihre Box neu begonnen hat; wenn ja, tippe unten die Wörter ein, die sie vorlesen: Dann tritt das andere Haus an die Stelle des bekannten. Wenn nicht, irrt das Verzeichnis: Sperr das andere Haus aus.
claims-what = Ein anderes Haus sagt, { $mailbox } sei sein Postfach, und nennt sich { $name }. Dieses Postfach gehört einem Haushalt, den ihr kennt. Frag die Leute, die ihr kennt, am Telefon, ob ihre Box neu begonnen hat; wenn ja, tippe unten die Wörter ein, die sie vorlesen: Dieses tritt dann an die Stelle des alten.
meet = Kennenlernen
relay-title = Für sie weitergeben
relay-what = { $name } kann etwas einmal hierher schicken, und diese Box gibt es an die anderen weiter, die dort genannt sind. Was nicht für dieses Haus ist, bleibt versiegelt.
relay-on = Diese Box gibt für sie weiter.
relay-begin = Für sie weitergeben
relay-end = Nicht mehr für sie weitergeben
block = Aussperren
unblock = Wieder von ihnen hören
ended-what = Dieser Haushalt hat selbst gesagt, dass es diese Identität nicht mehr gibt. Von ihr wird nichts mehr angenommen, und nichts geht mehr an sie.
blocked-what = Nichts, was sie senden, wird angenommen.
kept-out-what = Unter { $mailbox } ist eine andere Identität bekannt, und diese, die sich { $name } nennt, bleibt ausgeschlossen: Nichts, was sie sendet, wird angenommen. Lesen die Leute, die ihr kennt, am Telefon die Wörter von dieser vor, tippe sie unten ein: Dann tritt sie an die Stelle der anderen.
remove-household = Entfernen
request-title = { $person } von { $name } bittet um mehr
request-of = Von „{ $title }“, gefragt am { $day }.
request-words = Wenn du ja sagst: { $words }
request-less = Was du selbst nicht geben darfst, bleibt weg.
request-no-words = Gebeten wird um: { $words }
request-no-yes = Ja sagen kannst du nicht: { $why }
request-gone = So, wie es war, lässt es sich nicht noch einmal geben. Was noch im Album ist, kannst du von dort neu teilen; was ein anderer Haushalt gegeben hat, kann nur der mit ihnen teilen. Antworte dann hier mit Nein und ein paar Worten dazu.
answer-words = Ein paar Worte, wenn du magst
answer-yes = Ja
answer-no = Nein
directory-entry = Das Verzeichnis
directory-find = Ein Haus suchen: sein Postfach, sein Name oder ein Wort
directory-find-go = Dort suchen
directory-add = Aufnehmen
directory-add-what = Nimm ein Haus nur auf, wenn du sicher bist: Es gilt dann als geprüft. Vergleicht die Wörter am Telefon.
directory-entry-is = Dieses Haus steht darin.
directory-entry-what = Andere mit demselben Verzeichnis finden dieses Haus unter seinem Namen, seinem Postfach und den Wörtern hier.
directory-entry-words = Mehr Wörter, unter denen man es findet, zum Beispiel die-brooks
directory-entry-go = Dieses Haus ins Verzeichnis eintragen
directory-entry-again = Neu eintragen
key-words = Namen für Leute
key-words-what = Ein Wort für eine oder mehrere Adressen, zum Beispiel oma oder chor. Du kannst es überall nehmen, wo du teilst.
key-words-none = Noch keine.
key-word = Name
key-word-addresses = Adressen
key-word-addresses-what = Zum Beispiel home@example.org für alle dort, oder home+ida@example.org für Ida.
key-word-set = Diesen Namen sichern
key-word-add = Jemandem einen Namen geben
add-household = Einen Haushalt aufnehmen
add-otherwise = Ohne Einladung: mit Datei oder Postfach
add-file = Ihre Datei
add-file-what = Die Zertifikatsdatei, die ihre Box ausgibt. Nimm sie nur von jemandem, dem du vertraust: Dann müssen die Wörter nicht mehr verglichen werden.
add-file-go = Aufnehmen
add-ask = Ihre Box bitten, sich vorzustellen
add-ask-what = Über ihr Postfach. Die Antwort kommt per Mail; dann vergleicht die Wörter.
add-mailbox = Postfach ihrer Box
add-ask-go = Fragen
own-file = Eure eigene Datei
own-file-what = Gib sie einem anderen Haushalt, auf irgendeinem Weg, dem du traust. Eure Box hat das Postfach { $mailbox }.
own-file-go = Datei sichern
is-it-really = Ist das wirklich { $name }?
compare-what = Ruft einander an. Du liest deine Wörter vor, sie lesen ihre. Sind auf beiden Bildschirmen alle gleich, steht niemand dazwischen.
compare-words = Wörter vergleichen
you-read = Du liest
they-read = Sie lesen
words-same = Die Wörter sind gleich
words-typed = Oder tippe oder scanne, was ihre Box zeigt
words-typed-what = Alle 24 Wörter, oder die 64 Zeichen ihres quadratischen Codes.
words-check = Das prüfen
letters-safe = Briefe an { $name } sind sicher vor den Quantenrechnern der Zukunft.
letters-not-safe = Briefe an { $name } sind noch nicht sicher vor den Quantenrechnern der Zukunft: Die Box dort hat ihren neueren Schlüssel noch nicht geschickt.
compared = Die Wörter wurden verglichen, oder ihrer Datei wurde vertraut.
fingerprint = Fingerabdruck
your-code = Dein quadratischer Code, für ihr Telefon
claimed = Ein anderes Haus sagt, dieses Postfach sei seines, oder das Verzeichnis sagt es von einem. Trau ihm nicht, ehe du die Wörter noch einmal verglichen hast.

back-to-received = Zurück zu Erhalten
back-to-share = Zurück zu den Bildern
ask-title = { $whom } um mehr bitten?
ask-what = Was hättest du gern?
ask-open = Du hast am { $day } um mehr gebeten, und noch hat niemand geantwortet. Worum du jetzt bittest, tritt an die Stelle davon.
ask-go = { $whom } bitten
wish-longer = Noch 30 Tage ansehen
wish-looks = Jedes noch einmal so oft ansehen
wish-print = Sie drucken
wish-keep = Die Originale behalten
wish-pass-on = Sie weitergeben
asked-title = Worum du gebeten hast
asked-open = Noch nicht beantwortet
asked-yes = Ja
asked-no = Nein

pass-on-most = So weit du darfst: { $words }
pass-on-items = Welche davon
pass-on-to = An wen
pass-on-households = Alle eines Haushalts
pass-on-inside = In diesem Haus
pass-on-also = Andere, mit Adresse oder Namen
pass-on-may = Was sie dürfen
pass-may-look = Ansehen
pass-may-small = Nur in Bildschirmgröße
pass-may-print = Drucken
pass-may-keep = Behalten
pass-may-further = An andere weitergeben
pass-on-until = Bis
pass-on-views = Wie oft
pass-on-end = Spätestens am { $day } ist Schluss.
pass-on-what = Was geschehen wird
pass-on-first = Wähle, dann sieh hier nach, was jede Person tun kann.
pass-on-check = Zeigen, was geschehen wird
all-of-them = Alle { $count }
pass-on-each = Nicht für alle dasselbe: für jeden einzeln wählen
pass-on-each-first = Wähle, an wen, dann lass dir zeigen, was geschehen wird.
pass-on-again = Nach einer Änderung noch einmal zeigen
pass-on-yes = Ja, trotzdem
pass-on-go = Weitergeben
passed-on = Weitergegeben
passed-on-none = Hiervon hast du nichts weitergegeben.
passed-state-waiting = wartet, bis ihre Box sich wieder vorgestellt hat
passed-state-queued = auf dem Weg
passed-state-sent = verschickt
passed-state-delivered = angekommen
passed-state-refused = nicht angenommen
passed-state-failed = ließ sich nicht senden
passed-state-revoked = zurückgenommen
passed-state-deleted = zurückgenommen und dort gelöscht

told-at-once = Sag es mir gleich
told-daily = Einmal am Tag, abends, wenn es etwas gibt
told-none = Nie; ich sehe selbst nach
language = Sprache
language-name = Deutsch
language-of-browser = Wie mein Browser es sagt
room = Platz im Haus
room-received = Was andere geteilt haben, braucht { $size } von { $most }.
room-own = Unsere eigenen Bilder
room-small = Kleine Bilder davon
room-shared = Versiegelte Kopien dessen, was wir teilen
room-free = Auf der Platte frei
turned-away = Abgewiesen
turned-away-what = Niemandem gezeigt. Aus den letzten 30 Tagen.
turned-away-none = Nichts.
times = { $count }-mal
the-box = Die Box
box-mailbox = Postfach
box-looked = Postfach zuletzt gelesen
box-never = noch nie
box-listens = Ist zu erreichen unter
box-nowhere = nirgends
box-reached = Mails an die Leute führen zu
box-version = Version von Hearthpost
box-check = Nachsehen, ob alles in Ordnung ist
check-good = Alles in Ordnung
check-bad = Etwas braucht dich
check-one-good = in Ordnung
check-one-bad = braucht dich

own-identity = Identität dieses Haushalts
own-identity-go = Umziehen, ersetzen oder beenden
own-identity-what = Andere Haushalte erkennen euren an diesen Wörtern. Sie bleiben gleich, auf einer neuen Box und mit einem neuen Postfach.
own-identity-ended = Diese Identität ist beendet: Die Nachricht, die sie beendet, wurde verschickt, und andere Haushalte nehmen von hier nichts mehr an. Gib dem Haushalt eine neue Identität; dann vergleichen die anderen die Wörter noch einmal mit euch.
own-identity-replaced = Dieser Haushalt hatte vorher eine andere Identität, die aufgegeben wurde. Die anderen nehmen wieder etwas von hier an, wenn sie diese Wörter mit euch verglichen haben: Ruf sie an.
own-identity-else = Wer die Schlüssel hatte, hat vielleicht mehr. Ändere das Passwort des Postfachs beim Anbieter, gib allen im Haus ein neues Passwort, beende die Programme in den Einstellungen und lass die Box eine neue Stelle für die Zertifikate ihrer Seiten anlegen (hearthpost tls --new, auf ihrer Befehlszeile).
own-password = Dein Passwort
own-password-what = Du wirst noch einmal gefragt, weil diese Seite offen geblieben sein könnte.
move-title = Auf eine andere Box umziehen
move-what = Du bekommst eine versiegelte Datei. Darin sind die Identität, die Schlüssel für Briefe, die Haushalte, die ihr kennt, und eure Namen für Leute. Bilder und Geteiltes sind nicht darin, auch nicht die Leute dieses Hauses und ihre Passwörter: All das bringt eine Sicherung (hearthpost backup).
move-1 = Sichere die Datei hier und trag sie zur neuen Box. Bewahr die Passphrase woanders auf: Wer beides hat, ist euer Haushalt.
move-2 = Halt diese Box für immer an. Zwei Boxen mit einer Identität nehmen einander die Post weg.
move-3 = Auf der neuen Box, auf ihrer Befehlszeile und ehe sie für jemanden da ist: hearthpost init, dann hearthpost identity import mit der Datei, dann hearthpost serve. Sie fragt nach der Passphrase.
move-then = Die anderen Haushalte erfahren es von selbst, und niemand muss noch einmal Wörter vergleichen.
move-passphrase = Passphrase für die Datei
move-passphrase-what = Mindestens { $least } Zeichen; mehrere Wörter hintereinander sind gut. Sie wird nirgends aufgehoben, und niemand kann sie wiederfinden.
move-again = Dieselbe Passphrase noch einmal
move-go = Versiegelte Datei sichern
stolen-title = Die Box wurde gestohlen, oder jemand könnte die Schlüssel haben
stolen-first = Ändere zuerst das Passwort des Postfachs beim Anbieter. Dann gib diesem Haushalt eine neue Identität.
stolen-what = Das lässt sich nicht rückgängig machen. Was dann geschieht:
stolen-others = Alle anderen Haushalte erfahren, dass die alte Identität beendet ist. Sie nehmen nichts von euch an, ehe sie die neuen Wörter mit euch verglichen haben.
stolen-waits = Was darauf wartet, hinauszugehen, schlägt fehl, und offene Einladungen werden zurückgenommen.
stolen-shared = Was hier liegt, bleibt, und du kannst weiterhin beenden, was du teilst. Was andere euch gegeben haben, lässt sich nicht mehr weitergeben: Bitte sie, es noch einmal zu teilen.
stolen-sure = Ich habe gelesen, was geschieht
stolen-go = Diesem Haushalt eine neue Identität geben
last-title = Eine Nachricht für den schlimmsten Fall
last-what = Ist die Box eines Tages fort, und jede Sicherung mit ihr, dann beendet diese Nachricht eure Identität, damit sich niemand für euch ausgeben kann. Jeder Haushalt, der die anderen kennt, kann sie verschicken. Es ist kein Schlüssel darin: Sie kann diese Identität beenden, und sonst nichts.
last-where = Bewahr sie dort auf, wo die Box nicht ist, gern auf Papier. Sie liegt auch im Datenordner, als ended.pem, und in jeder Sicherung. Nach einer neuen Identität sichere sie noch einmal.
last-go = Nachricht sichern
end-title = Eine Identität beenden
end-what = Ein Haushalt hat seine Box verloren und dir seine Nachricht gegeben? Gib sie hier hinein, und alle Haushalte, die ihr kennt, erfahren davon. Zuerst siehst du, wessen sie ist.
end-file = Die Nachricht (ended.pem)
end-look = Ansehen, wessen sie ist
end-known = Das beendet die Identität von { $name } ({ $mailbox }), für immer. Nichts wird mehr von ihr angenommen, und nichts geht mehr an sie. Was sie geteilt hat, bleibt.
end-unknown = Das beendet die Identität eines Haushalts unter { $mailbox }, den hier niemand kennt, für immer.
end-own = Das beendet die Identität eures eigenen Haushalts, für immer: Die anderen werden von hier nichts mehr annehmen. Habt ihr diese Box noch, dann gib dem Haushalt stattdessen eine neue Identität; das beendet auch die alte.
end-already = Dass sie beendet ist, ist hier schon bekannt, seit dem { $time }.
end-signed = Unterschrieben am { $day }.
end-tells = { $count ->
    [0] Hier ist kein anderer Haushalt bekannt, der es erfahren würde.
    [one] Ein Haushalt erfährt davon.
   *[other] { $count } Haushalte erfahren davon.
}
end-sure = Unsere eigene Identität trotzdem beenden
end-go = Diese Identität beenden
end-not = So lassen, wie es ist
end-done-title = Diese Identität ist beendet
end-told = { $count ->
    [0] Hier ist kein anderer Haushalt bekannt, der es erfahren könnte.
    [one] Ein Haushalt erfährt es mit der nächsten Post.
   *[other] { $count } Haushalte erfahren es mit der nächsten Post.
}


card = Karte und Kamera
card-none = Keine Karte steckt, und keine Kamera ist angeschlossen. Eine Karte, die du hineinsteckst, erscheint gleich hier; für eine Kamera öffne diese Seite noch einmal.
card-new = { $count ->
    [one] 1 Datei ist neu
   *[other] { $count } Dateien sind neu
}, { $megabytes } MB. Auf der Karte wird nichts geändert.
card-nothing-new = Darauf ist nichts Neues.
card-begun = { $by ->
    [self] Beim letzten Mal kam nicht alles herein. Was du damals gewählt hast, ist eingetragen.
    [other] { $name } hat angefangen, sie hereinzuholen, und nicht alles kam herein. Was { $name } gewählt hat, ist eingetragen; du kannst den Rest so oder anders hereinholen, in deinem eigenen Namen.
   *[someone] Sie wurde angefangen, und nicht alles kam herein. Was damals gewählt wurde, ist eingetragen; du kannst den Rest so oder anders hereinholen, in deinem eigenen Namen.
}
card-held = { $count ->
    [one] 1 Datei
   *[other] { $count } Dateien
} darauf: Jemand anderes hier hat begonnen, das für sich allein hereinzuholen. Es kommt, wenn es dort weitergeht.
card-trouble = Sie lässt sich nicht lesen.
card-into = Auch in ein Album, wenn du magst
card-bring = { $count ->
    [one] Hereinholen
   *[other] Alle { $count } hereinholen
}
card-read = Wie viel von der Karte gelesen ist
card-goes-on = Du kannst diese Seite schließen; es geht von selbst weiter.
card-see = Ansehen
card-stopped-at = { $done } von { $total } sind da. Steck sie noch einmal hinein: Was übrig ist, steht dann hier, und nichts kommt doppelt.
lamp-off = Keine Karte steckt
lamp-new = { $count ->
    [one] 1 neu auf der Karte
   *[other] { $count } neu auf der Karte
}
lamp-begins = Die Karte wird gelesen.
lamp-reading = Karte: { $at } von { $total }.
lamp-stay = Bitte lass sie stecken.
lamp-done = Du kannst die Karte jetzt herausnehmen
lamp-stopped = Die Karte kam zu früh heraus
invite = Einen Haushalt einladen
invite-what = Du bekommst einen Link, einen Code zum Scannen und Wörter zum Vorlesen. Das lässt einen Haushalt herein, { $days } Tage lang, und beide Häuser sind dadurch geprüft.
invite-go = Einladung machen
invited-on = Eingeladen am { $day }
invited-used = { $name } ist damit gekommen
invited-open = gilt bis { $day }
invited-withdrawn = zurückgenommen
invited-over = abgelaufen am { $day }
invited-show = Zeigen
join = Seid ihr eingeladen?
join-field = Link, oder Adresse und Wörter
join-field-what = Füge den ganzen Link ein, oder tippe die Adresse der anderen Box und die zwölf Wörter, die dir vorgelesen wurden.
join-go = Kennenlernen
followed-open = Ihr folgt ihrer Einladung seit dem { $day }; noch keine Antwort
followed-nothing = Aus ihrer Einladung ist nichts geworden
invitation-title = Eine Einladung
invitation-what = Lass sie das scannen oder schick den Link, auf einem Weg, auf dem niemand sonst mitliest. Er lässt einen Haushalt herein, bis zum { $day }.
invitation-link = Link
copy = Kopieren
copied = Kopiert
invitation-words = Oder lies es vor
invitation-words-what = Am Telefon: die Adresse { $mailbox } und diese zwölf Wörter.
invitation-withdraw = Zurücknehmen
arrive-title = Ihr seid eingeladen
arrive-keeper = Ein anderer Haushalt will mit eurem teilen. Ist das Feld leer, kopiere den ganzen Link und füge ihn dort ein.
arrive-what = Dieser Link ist eine Einladung von einem Haushalt an einen anderen. Er ist für eure eigene Box gedacht.
arrive-how = Kopiere zuerst den ganzen Link. Ist das eure Box? Melde dich als jemand an, der das Haus verwaltet; dann ist da ein Feld für den Link. Sonst öffne eure eigene Box und füge ihn dort unter Haushalte ein.
suggested = Von anderen Haushalten vorgeschlagen
suggested-what = Hier bedeuten sie nichts, ehe du sie speicherst.
suggested-by = { $address }, von { $name }
suggested-taken = Dieses Wort meint hier jemand anderen, und das bleibt so.
suggested-save = Speichern
