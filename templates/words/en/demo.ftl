# The demonstration.

demo-begin = Three households, on this machine only. Their mail provider is testmail, a mail server in memory that is made
    for tests and demonstrations. Everything lies in { $place }
demo-look-at = To look at: { $page }
demo-kept = The households are removed, the page stays. To look at: { $page }
    When you have seen it: rm -r { $folder }
demo-doors = Or be one of them in your browser; everybody's password is { $password }:
demo-door = { $name }, as { $people }
demo-or = or
demo-stays = Everything stays up until you press Ctrl-C; then all of it is removed. To try, in another terminal:
demo-removed = Removed.

# Numbers, sizes and what can be done.
demo-bytes = { $number } bytes
demo-kilobytes = { $number } KB
demo-megabytes = { $whole }.{ $tenth } MB
demo-parts = { $count ->
    [one] 1 part
   *[other] { $count } parts
 }
demo-sealed-parts = { $count ->
    [one] 1 sealed part
   *[other] { $count } sealed parts
 }
demo-mails = { $count ->
    [one] 1 mail
   *[other] { $count } mails
 }
demo-verb-display = look
demo-verb-print = print
demo-verb-store = keep
demo-verb-forward = pass on
demo-same = bit for bit
demo-nothing = nothing
demo-denied = To { $deed }: { $words }

# Who plays, and what they share.
demo-andersons = The Andersons
demo-brooks = The Brooks family
demo-clarks = The Clarks
demo-title = A long weekend at the bay
demo-message = The kite broke only once. See you at Christmas!
demo-relay-share = Rain at last

# Scene by scene.
demo-introduce-title = Two households introduce themselves by mail
demo-introduce-who = { $one } ({ $at_one }), with Ann, and { $other } ({ $at_other }), with Bob and Bea.
demo-introduce-letters = { $count } letters went between them: each asked, and each answered with its card.
demo-introduce-words = Then they compared words on the telephone. { $name } are

demo-import-title = Ann's pictures go into her album
demo-import-done = { $count ->
    [one] 1 file
   *[other] { $count } files
 }, { $size }, sealed as they were read.
demo-import-skipped = Passed over: { $file }: { $reason }
demo-import-left-out = { $count } more stayed out: a demonstration carries 40 files of 100 MB in all.

demo-share-title = Ann shares them with Bob and Bea
demo-share-whole = Files that are no pictures cannot be made smaller, so they go whole or not at all.
demo-share-not = Not shared: { $why }

demo-provider-title = What the mail provider sees
demo-provider-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
 } in the mailbox { $mailbox }, { $size }:
demo-provider-first = The first as it lies there:
demo-provider-lines = … { $count } lines more
demo-provider-none = Title, message, names and rules, { $count } in all, were looked for in every byte, behind base64 too: none is there.
demo-provider-found = This can be read there and should not: { $words }
demo-provider-learns = It learns who writes to whom, when and how much.

demo-arrive-title = It arrives
demo-arrive-taken = The box of { $name } took { $count } letters and sealed parts in, refused { $refused }, and removed the mail.
demo-arrive-receipt = Its receipt came back; at Ann's it now says: { $states }.
demo-arrive-mail = Bob and Bea each got a mail, without a picture in it. Bob's:

demo-portions-title = What each person gets

demo-invite-title = { $one } invites { $other }
demo-invite-link = Bea's box makes a link for { $days } days, and the same to read out on the telephone: { $mailbox }, and
demo-invite-letters = Cleo follows it. { $count } letters go between the boxes, each with a code that only this invitation makes.
demo-invite-trust = Nobody compared anything, and both say of each other: { $one } and { $other }. It lets in nobody else.
demo-invite-told = Cleo was told by mail: { $subject }
demo-trust-unknown = unknown
demo-trust-pending = waiting
demo-trust-seen = seen
demo-trust-verified = checked

demo-end-title = A share comes to its end
demo-end-began = Another share, for { $seconds } seconds. Bob looked at once: { $saw }.
demo-end-then = Then: { $words }
demo-end-left = At its next pass the box ended { $shares ->
    [one] 1 share
   *[other] { $shares } shares
 } and holds { $parts } of it; it remembers only that it was there ({ $state }).
demo-end-gone = gone

demo-onward-title = Bea passes a picture on
demo-onward-knows = Ann lets Bea pass a picture on. Bea knows { $name }; Ann does not.
demo-onward-wider = Bea tries to let Cleo there pass it on again: { $words }.
demo-onward-smaller = Smaller goes. { $words }
demo-onward-wrapped = The box of { $by } wrapped the keys anew and opened nothing: { $parts } came to { $to } byte for byte.
demo-onward-told = Ann's box was told: a household that it does not know ({ $who }) has a copy, by way of { $by }. { $words }

demo-back-title = Ann takes it back
demo-back-follows = The word follows every copy: from Ann's box to the first, and from there to the next.
demo-back-denied = Cleo looks again: { $words }
demo-back-left = What is left: { $one } { $parts }, { $other } { $more }. At Ann's it now says: { $states }.
demo-back-kept = What was kept as a file nobody can call back, and her box says for whom that may be so: { $who }.

demo-relay-title = Bea shares by way of Ann's box
demo-relay-allowed = { $relay } let Bea's household use their box as a relay. They do not know { $other }.
demo-relay-sent = { $mails } went out of Bea's house, all to { $mailbox }.
demo-relay-passed = Ann's box wrapped the keys anew as it was asked, no wider, and passed on { $mails }.
demo-relay-seen = { $other } do not know { $relay } either, and take it because Bea's box named them. Cleo sees { $saw }.
demo-relay-states = At Bea's it now says: { $states }.
demo-relay-via = { $name } { $state } (by way of { $relay })

demo-directory-title = Ann looks in a directory
demo-directory-none = Left out: slapd, the directory server of OpenLDAP, is not installed here.
demo-directory-not-started = Left out: slapd could not be started here ({ $why }).
demo-directory-entry = A slapd of its own runs for a moment. The box of { $name } writes its entry: { $place }
demo-directory-found = Ann types { $word }, whom her box does not know ({ $trust }). It is offered { $name } ({ $mailbox }), whose words begin: { $words } …
demo-directory-taken = She takes them; now they are { $trust }. The directory is believed no further than the certificates in it.

# What can be tried afterwards.
demo-try-received = what Bob and Bea have been sent
demo-try-look = the picture as Bob gets it
demo-try-no = what Bob may not do
demo-try-keep = the original, for Bea
demo-try-sent = what Ann sees of it
demo-try-title = Rain
demo-try-share = share one more
demo-try-there = there it is: the boxes are at work

# The page.
demo-page-from = From { $from } to { $to }, by mail. Made a moment ago on this machine, with a mail server that is a test tool.
demo-page-files = Files
demo-page-mail = The mail that told Bob
demo-page-ended = A share that ended
demo-page-onward = Passed on, and taken back
demo-page-back = Then Ann takes it back
demo-page-invited = An invitation
demo-page-relay = By way of another household
demo-page-directory = A directory
demo-page-table-from = From
demo-page-table-to = To
demo-page-table-subject = Subject
demo-page-table-what = What
demo-page-table-size = Size
demo-page-of = of { $size }
