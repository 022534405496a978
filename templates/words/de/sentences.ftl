# Was jemand darf, und Zeiten: gleich auf den Seiten, in Mails und auf der Befehlszeile.

time-month = { $month ->
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
   *[12] Dezember
}
time-day = { $day }. { time-month } { $year }
time = { time-day }, { $clock } Uhr { $zone }
time-there = { time-day }, { $clock } Uhr
size = { $whole },{ $tenths } { $unit }

# Was geteilt, hereingeholt oder weggenommen wurde, in einem Wort: `kind` ist eine Art von Eintrag, oder `things`, wo es
# mehrere sind.
things-word = { $kind ->
    [picture] { $count ->
        [one] Bild
       *[other] Bilder
    }
    [video] { $count ->
        [one] Film
       *[other] Filme
    }
    [sound] { $count ->
        [one] Tonaufnahme
       *[other] Tonaufnahmen
    }
    [document] { $count ->
        [one] Dokument
       *[other] Dokumente
    }
    [file] { $count ->
        [one] Datei
       *[other] Dateien
    }
   *[things] { $count ->
        [one] Ding
       *[other] Dinge
    }
}
things = { $count } { things-word }

# Daraus wird ein Satz zusammengesetzt, jedes Stück mit dem Leerzeichen davor.
can = { $who ->
    [you] Du kannst
    [everyone] Alle können
    [else] Alle anderen können
    [there] Alle dort können
    [else-there] Alle anderen dort können
    [others] Andere können
    [someone] Dort kann höchstens jemand
   *[named] { $name } kann
} { $deeds }.
could = { $who ->
    [you] Du konntest
    [everyone] Alle konnten
    [else] Alle anderen konnten
    [there] Alle dort konnten
    [else-there] Alle anderen dort konnten
    [others] Andere konnten
    [someone] Dort konnte höchstens jemand
   *[named] { $name } konnte
} { $deeds }.
gets-nothing = { $who ->
    [you] Du bekommst nichts
    [everyone] Alle bekommen nichts
    [else] Alle anderen bekommen nichts
    [there] Alle dort bekommen nichts
    [else-there] Alle anderen dort bekommen nichts
    [others] Andere bekommen nichts
    [someone] Dort bekommt niemand etwas
   *[named] { $name } bekommt nichts
} davon.
got-nothing = { $who ->
    [you] Du hast nichts
    [everyone] Alle haben nichts
    [else] Alle anderen haben nichts
    [there] Alle dort haben nichts
    [else-there] Alle anderen dort haben nichts
    [others] Andere haben nichts
    [someone] Dort hat niemand etwas
   *[named] { $name } hat nichts
} davon bekommen.
deed-look = sie{ $time }{ $marks } ansehen
deed-print = sie{ $marks } drucken
deed-keep = die Originale behalten
deed-keep-copy = eine Kopie{ $marks } behalten
deed-keep-excerpt = von Bildern die Originale und von allem anderen einen Ausschnitt behalten
deed-keep-copy-excerpt = von Bildern eine Kopie{ $marks } und von allem anderen einen Ausschnitt behalten
deed-pass-on = sie an andere Haushalte weitergeben
deed-pass-on-all = sie an andere Haushalte weitergeben, die{ $time } dasselbe dürfen
deed-pass-on-same = sie an andere Haushalte weitergeben, die{ $time } dasselbe dürfen, nur nicht weitergeben
deed-pass-on-look = sie an andere Haushalte weitergeben, die sie{ $time }{ $views }{ $marks } nur ansehen dürfen
deed-pass-on-may = sie an andere Haushalte weitergeben, die{ $time } { $deeds } dürfen
further-until = {" "}bis zum { $time }
deeds-more = { $most }, { $last }
deeds-last = { $most } und { $last }
deeds-then = { $most }, und { $last }
deeds-in-time = { $deeds }, und zwar{ $time }
deeds-without-end = { $deeds }, ohne Ende
span-days = {" "}bis { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
} nach der Ankunft
span-hours = {" "}bis { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
} nach der Ankunft
span-minutes = {" "}bis { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
} nach der Ankunft
span-seconds = {" "}bis { $count ->
    [one] 1 Sekunde
   *[other] { $count } Sekunden
} nach der Ankunft
span-from = {" "}ab dem { $time }
span-until = {" "}bis zum { $time }
span-until-most = {" "}(höchstens bis zum { $time })
span-views = {" "}{ $count ->
    [1] einmal
    [2] zweimal
    [3] dreimal
   *[other] { $count }-mal
}
mark-screen = {" "}in Bildschirmgröße
mark-screen-exactly = {" "}in Bildschirmgröße ({ $edge })
mark-edge = {" "}mit { $edge } Pixeln
mark-excerpt = {" "}(außer Bildern nur im Ausschnitt)
mark-name = {" "}mit { $who ->
    [you] deinem Namen
   *[other] Namen
} quer über dem Bild
mark-counted = {" "}(jedes Mal zählt als Ansehen)

# Worum jemand bittet, und was er hat.
more-looks = { $words } Das ist { $count ->
    [1] einmal
    [2] zweimal
    [3] dreimal
   *[other] { $count }-mal
} mehr als bisher; was davon verbraucht ist, bleibt verbraucht.
asked-so-far = { $asked } Bisher: { $has }

action-look = ansehen
action-print = drucken
action-keep = behalten
action-pass-on = weitergeben

# Eine Absage: die Regel und der Ausweg.
denied-look = Du darfst das nicht ansehen. Möchtest du { $household } um mehr bitten?
denied-print = Du darfst das nicht drucken. Möchtest du { $household } um mehr bitten?
denied-keep = Du darfst das nicht behalten. Möchtest du { $household } um mehr bitten?
denied-pass-on = Du darfst das nicht weitergeben. Möchtest du { $household } um mehr bitten?
denied-not-yet = Du kannst das ab dem { $from } öffnen.
denied-ended = Du konntest das bis zum { $end } ansehen. Möchtest du { $household } bitten, es zu verlängern?
denied-ended-print = Du konntest das bis zum { $end } drucken. Möchtest du { $household } bitten, es zu verlängern?
denied-ended-keep = Du konntest das bis zum { $end } behalten. Möchtest du { $household } bitten, es zu verlängern?
denied-ended-pass-on = Du konntest das bis zum { $end } weitergeben. Möchtest du { $household } bitten, es zu verlängern?
denied-views-once = Du konntest das einmal öffnen und hast es getan. Möchtest du { $household } um mehr bitten?
denied-views = Du konntest das { $count }-mal öffnen und hast es getan. Möchtest du { $household } um mehr bitten?

# Was keinen Namen hat, oder keinen mehr.
kept-by = { $names } von { $there }
kept-by-someone = jemand von { $there }
forgotten-household = ein Haus, das vergessen wurde
nameless-picture = Bild { $number }
nameless-sound = Ton { $number }
nameless-video = Film { $number }
nameless-document = Dokument { $number }
nameless-file = Datei { $number }
