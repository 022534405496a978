# Mails to the people of the house.

notice-hello = Hello { $person },
notice-hello-nobody = Hello,
notice-what = { $kind ->
    [pictures] { $count ->
        [one] picture
       *[other] pictures
    }
    [videos] { $count ->
        [one] video
       *[other] videos
    }
    [recordings] { $count ->
        [one] recording
       *[other] recordings
    }
   *[files] { $count ->
        [one] file
       *[other] files
    }
}
notice-things = { $count } { notice-what }
notice-them = { $count ->
    [one] it
   *[other] them
}
notice-a-household = A household
notice-shared = { $household } shared { $things } with you
notice-until = Until { $time }.
notice-look = { $count ->
    [one] Look at it
   *[other] Look at them
}
notice-look-at-it = Look at it
notice-from-box = This mail comes from your own box. What was shared is there, not in this mail.
notice-from-box-alone = This mail comes from your own box.
notice-gathered = { $things } from { $from }
notice-gathered-since = this came since the last mail:
notice-gathered-line = { $household }: { $things }
notice-households = { $count } households
notice-another-household = Another household
notice-asks = Somebody of { $household } asks for more
notice-asks-several = { $count } households ask for more
notice-waits = A household waits to be accepted
notice-waits-too = a household waits to be accepted
notice-waits-several = { $count } households wait to be accepted
notice-asks-what = { $begins ->
    [line] somebody
   *[sentence] Somebody
} of { $household } asks for more of what was shared with them.
notice-stranger = { $begins ->
    [line] a household
   *[sentence] A household
} that is not known here yet wrote to yours. Nothing of it is shown before you accept it.
notice-strangers = { $count } households that are not known here yet wrote to yours. Nothing of them is shown before you accept them.
notice-met = { $household } and your household have met
notice-met-several = { $count } households and yours have met
notice-met-what = { $household } and your household have met by an invitation. Nobody has to compare anything any more.
notice-invitation-failed = An invitation led to nothing
notice-invitation-failed-too = an invitation led to nothing
