# Mails an die Leute des Hauses.

notice-hello = Hallo { $person },
notice-hello-nobody = Hallo,
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
notice-mail-moved = Mail von deiner Box kommt nicht mehr an diese Adresse
notice-mail-moved-what = Es wurde geändert, wo du erfährst, was deinen Haushalt betrifft: Dies ist die letzte Mail an diese Adresse. Warst du das nicht, dann hat jemand dein Passwort oder einen Browser von dir: Wähle in den Einstellungen ein neues Passwort, melde dich anderswo ab, und trag deine Adresse wieder ein.
notice-mail-silenced = Deine Box sagt dir nichts mehr per Mail
notice-mail-silenced-what = Es wurde gewählt, dass du nichts mehr per Mail erfährst: Dies ist die letzte Mail, und auch was du über Identitäten wissen solltest, kommt nicht mehr per Mail. Warst du das nicht, dann hat jemand einen Browser von dir oder dein Passwort: Wähle in den Einstellungen ein neues Passwort, melde dich anderswo ab, und wähle wieder, wann man es dir sagen soll.
notice-own-ended = Die Identität eures eigenen Haushalts ist beendet
notice-own-ended-what = Jemand hat die Nachricht verschickt, die die Identität eures eigenen Haushalts beendet: Andere nehmen von ihr nichts mehr an. Gib dem Haushalt eine neue, in den Einstellungen unter Identität dieses Haushalts; dann vergleichen die anderen die Wörter noch einmal mit euch.
notice-ended = { $begins ->
    [later] die
   *[first] Die
} Identität von { $household } ist beendet
notice-ended-several = { $count } Haushalte sagen, dass ihre Identität beendet ist
notice-ended-what = Die Identität von { $household } ist beendet; dieser Haushalt hat es selbst gesagt, etwa weil eine Box gestohlen wurde. Nichts wird mehr von ihr angenommen, und nichts geht mehr an sie, für immer. Was sie geteilt hat, bleibt. Sagt jemand, er sei der neue, dann vergleiche die Wörter mit den Leuten, die ihr kennt.
notice-claimed = { $begins ->
    [later] ein
   *[first] Ein
} anderer Haushalt beansprucht das Postfach von { $household }
notice-claimed-several = Die Postfächer von { $count } Haushalten werden von anderen beansprucht
notice-claimed-what = Ein anderer Haushalt sagt, das Postfach von { $household } sei seines. Vielleicht haben sie neu begonnen, vielleicht gibt sich jemand für sie aus: Nichts davon wird gezeigt oder angenommen. Ruf die Leute an, die ihr kennt, und lass ihn nur dann an die Stelle des alten treten, wenn seine Wörter die sind, die sie vorlesen.
notice-asks = { $begins ->
    [later] jemand
   *[first] Jemand
} von { $household } bittet um mehr
notice-asks-several = { $count } Haushalte bitten um mehr
notice-waits = { $begins ->
    [later] ein
   *[first] Ein
} Haushalt wartet darauf, aufgenommen zu werden
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
notice-unconfirmed = { $household } hat nicht bestätigt, was über andere ging
notice-unconfirmed-several = { $count } Haushalte haben nicht bestätigt, was über andere ging
notice-unconfirmed-what = Etwas, das mit { $household } geteilt wurde, ging über einen anderen Haushalt, und seit 30 Tagen war nichts davon zu hören. Auf seiner Seite, unter dem Geteilten, lässt es sich noch einmal senden, geradewegs.
notice-invitation-failed = { $begins ->
    [later] aus
   *[first] Aus
} einer Einladung ist nichts geworden
