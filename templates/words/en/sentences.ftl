# What people may do, and times: the same in pages, mails and on the command line.

time-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
time-day = { $day } { time-month } { $year }
time = { time-day }, { $clock } { $zone }
time-there = { time-day }, { $clock }
size = { $whole }.{ $tenths } { $unit }

# What was shared, brought in or taken away, in one word: `kind` is a kind of item, or `things` where they are of several.
things-word = { $kind ->
    [picture] { $count ->
        [one] picture
       *[other] pictures
    }
    [video] { $count ->
        [one] film
       *[other] films
    }
    [sound] { $count ->
        [one] recording
       *[other] recordings
    }
    [document] { $count ->
        [one] document
       *[other] documents
    }
    [file] { $count ->
        [one] file
       *[other] files
    }
   *[things] { $count ->
        [one] thing
       *[other] things
    }
}
things = { $count } { things-word }

# A sentence is put together of these, each with the space or the comma before it.
can = { $who ->
    [you] You can
    [everyone] Everyone can
    [else] Everyone else can
    [there] Everyone there can
    [else-there] Everyone else there can
    [others] Others can
    [someone] At most, someone there can
   *[named] { $name } can
} { $deeds }.
could = { $who ->
    [you] You could
    [everyone] Everyone could
    [else] Everyone else could
    [there] Everyone there could
    [else-there] Everyone else there could
    [others] Others could
    [someone] At most, someone there could
   *[named] { $name } could
} { $deeds }.
gets-nothing = { $who ->
    [you] You get nothing
    [everyone] Everyone gets nothing
    [else] Everyone else gets nothing
    [there] Everyone there gets nothing
    [else-there] Everyone else there gets nothing
    [others] Others get nothing
    [someone] Nobody there gets anything
   *[named] { $name } gets nothing
} from this share.
got-nothing = { $who ->
    [you] You got nothing
    [everyone] Everyone got nothing
    [else] Everyone else got nothing
    [there] Everyone there got nothing
    [else-there] Everyone else there got nothing
    [others] Others got nothing
    [someone] Nobody there got anything
   *[named] { $name } got nothing
} from this share.
deed-look = look at these{ $time }{ $marks }
deed-print = print them{ $marks }
deed-keep = keep the originals
deed-keep-copy = keep a copy{ $marks }
deed-keep-excerpt = keep the originals of pictures, and of anything else an excerpt
deed-keep-copy-excerpt = keep a copy of pictures{ $marks }, and of anything else an excerpt
deed-pass-on = pass them on to other households
deed-pass-on-all = pass them on to other households, who may do the same{ $time }
deed-pass-on-same = pass them on to other households, who may do the same but not pass them on{ $time }
deed-pass-on-look = pass them on to other households, who may only look{ $views }{ $marks }{ $time }
deed-pass-on-may = pass them on to other households, who may { $deeds }{ $time }
further-until = , until { $time }
deeds-more = { $most }, { $last }
deeds-last = { $most } and { $last }
deeds-then = { $most }, and { $last }
deeds-in-time = { $deeds }{ $time }
deeds-without-end = { $deeds }, without an end
span-days = {" "}for { $count ->
    [one] 1 day
   *[other] { $count } days
} after they arrive
span-hours = {" "}for { $count ->
    [one] 1 hour
   *[other] { $count } hours
} after they arrive
span-minutes = {" "}for { $count ->
    [one] 1 minute
   *[other] { $count } minutes
} after they arrive
span-seconds = {" "}for { $count ->
    [one] 1 second
   *[other] { $count } seconds
} after they arrive
span-from = {" "}from { $time }
span-until = {" "}until { $time }
span-until-most = , at most until { $time }
span-views = , { $count ->
    [1] once
    [2] twice
    [3] three times
   *[other] { $count } times
}
mark-screen = , at screen size
mark-screen-exactly = , at screen size ({ $edge })
mark-edge = , at { $edge } pixels
mark-excerpt = , of anything but pictures an excerpt only
mark-name = , with { $who ->
    [you] your
   *[other] their
} name across the picture
mark-counted = , each time counted as a look

# What somebody asks for, and what they have.
more-looks = { $words } That is { $count ->
    [1] once
    [2] twice
    [3] three times
   *[other] { $count } times
} more than so far; what was used of it stays used.
asked-so-far = { $asked } So far: { $has }

action-look = look at
action-print = print
action-keep = keep
action-pass-on = pass on

# A denial: the rule and the way out. Told in other languages by its English words, so these are plain.
denied-look = You may not look at this. Ask { $household } for more?
denied-print = You may not print this. Ask { $household } for more?
denied-keep = You may not keep this. Ask { $household } for more?
denied-pass-on = You may not pass on this. Ask { $household } for more?
denied-not-yet = You can open this from { $from }.
denied-ended = You could look at this until { $end }. Ask { $household } for longer?
denied-ended-print = You could print this until { $end }. Ask { $household } for longer?
denied-ended-keep = You could keep this until { $end }. Ask { $household } for longer?
denied-ended-pass-on = You could pass this on until { $end }. Ask { $household } for longer?
denied-views-once = You could open this once, and have. Ask { $household } for more?
denied-views = You could open this { $count } times, and have. Ask { $household } for more?

# What has no name, or none any more.
kept-by = { $names } of { $there }
kept-by-someone = someone of { $there }
forgotten-household = a household that was forgotten
nameless-picture = picture { $number }
nameless-sound = sound { $number }
nameless-video = video { $number }
nameless-document = document { $number }
nameless-file = file { $number }
