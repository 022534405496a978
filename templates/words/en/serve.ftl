# What `serve` says when it begins. It rests long after that, and keeps what it read.

serve-nobody =
    Nobody keeps { $name } yet. Open this in a browser to begin; it opens once, within a day:
    {"  "}{ $url }
serve-first = A phone or computer that does not know this house yet opens { $page } first.
