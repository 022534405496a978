# Mails an die Leute des Hauses.

notice-hello = Hallo { $person },
notice-hello-nobody = Hallo,
notice-what = { $kind ->
    [pictures] { $count ->
        [one] Bild
       *[other] Bilder
    }
    [videos] { $count ->
        [one] Film
       *[other] Filme
    }
    [recordings] { $count ->
        [one] Tonaufnahme
       *[other] Tonaufnahmen
    }
   *[files] { $count ->
        [one] Datei
       *[other] Dateien
    }
}
notice-things = { $count } { notice-what }
notice-them = { $count ->
    [one] es
   *[other] sie
}
notice-a-household = Ein Haushalt
notice-shared = { $household } teilt { $things } mit dir
notice-until = Bis zum { $time }.
notice-look = { $count ->
    [one] Hier ansehen
   *[other] Hier ansehen
}
notice-look-at-it = Hier ansehen
notice-from-box = Diese Mail kommt von eurer eigenen Box. Was geteilt wurde, liegt dort, nicht in dieser Mail.
notice-from-box-alone = Diese Mail kommt von eurer eigenen Box.
notice-gathered = { $things } von { $from }
notice-gathered-since = das kam seit der letzten Mail:
notice-gathered-line = { $household }: { $things }
notice-households = { $count } Haushalten
notice-another-household = Ein anderer Haushalt
notice-asks = Jemand von { $household } bittet um mehr
notice-asks-several = { $count } Haushalte bitten um mehr
notice-waits = Ein Haushalt wartet darauf, aufgenommen zu werden
notice-waits-too = ein Haushalt wartet darauf, aufgenommen zu werden
notice-waits-several = { $count } Haushalte warten darauf, aufgenommen zu werden
notice-asks-what = { $begins ->
    [line] jemand
   *[sentence] Jemand
} von { $household } bittet um mehr von dem, was mit ihnen geteilt wurde.
notice-stranger = { $begins ->
    [line] ein
   *[sentence] Ein
} Haushalt, den hier noch niemand kennt, hat eurem geschrieben. Nichts davon wird gezeigt, ehe du ihn aufnimmst.
notice-strangers = { $count } Haushalte, die hier noch niemand kennt, haben eurem geschrieben. Nichts davon wird gezeigt, ehe du sie aufnimmst.
notice-met = { $household } und euer Haushalt haben sich gefunden
notice-met-several = { $count } Haushalte und eurer haben sich gefunden
notice-met-what = { $household } und euer Haushalt haben sich durch eine Einladung gefunden. Niemand muss mehr etwas vergleichen.
notice-invitation-failed = Aus einer Einladung ist nichts geworden
notice-invitation-failed-too = aus einer Einladung ist nichts geworden
