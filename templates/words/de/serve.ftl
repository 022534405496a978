# Was `serve` am Anfang sagt.

serve-nobody =
    Noch verwaltet niemand { $name }. Öffne das in einem Browser, um zu beginnen; es geht einmal auf, innerhalb eines Tages:
    {"  "}{ $url }
serve-first = Ein Telefon oder Rechner, der dieses Haus noch nicht kennt, öffnet zuerst { $page }.
