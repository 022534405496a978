# The words of the pages. A key is what a template says with t("key").

brand = Hearthpost
skip = Straight to the page
untitled = Without a title
done = Done
you = you

nav-main = Main
nav-album = Album
nav-received = Received
nav-sent = Sent
nav-new = new
nav-settings = { $name }, settings

name = Name
name-what = A short name for you in this house, such as anna: small letters from a to z and digits.
mail = Mail
mail-what = Where we tell you that something came. Nothing of it is in that mail.
password = Password
password-what = At least { $least } characters. A few words that only you would put together are best.
password-again = The same again
password-old = Password until now
password-new = New password

sign-in-title = Sign in
sign-in-who = Who is it?
sign-in-what = The pictures of this house, and those that others share with it.
sign-in-stay = Stay signed in here
sign-in-stay-for = For a tablet in the kitchen or a picture frame.
sign-in-go = Come in
sign-in-forgotten = Forgotten it? Whoever keeps this house can give you a new one.
sign-in-no-keeper = Nobody keeps this house yet. Open the link that its box shows where it was started.

welcome-title = Welcome
welcome-person = Welcome, { $name }
welcome-person-what = Choose a password. This page opens once.
welcome-keeper = Welcome home
welcome-keeper-what = You are the first here, and so you keep this house: its people, the households it is in touch with, its settings.
welcome-go = Come in

ca-title = This house on your phone
ca-what = Once on each phone and computer, so that it knows this house, and nobody in between can look or listen.
ca-take = Take the certificate
ca-iphone = iPhone and iPad
ca-iphone-1 = Take the certificate above in Safari, and allow it.
ca-iphone-2 = Open Settings, tap “Profile Downloaded”, then Install.
ca-iphone-3 = In Settings, General, About, Certificate Trust Settings, switch on { $name }.
ca-android = Android
ca-android-1 = Take the certificate above.
ca-android-2 = Open Settings and look for “CA certificate”, then tap Install anyway.
ca-android-3 = Choose the file hearthpost.crt among the downloads.
ca-computer = On a computer, open the file and trust it for websites; in Firefox it goes into Settings, Certificates, Authorities.
ca-compare = It is the right one if it shows the same as the box did (SHA-256):
ca-only = It can vouch for the names of this house and for private networks alone, for no bank and no shop.
ca-go = Then come in
ca-phone = To do it on a phone, show it this:

denied-what = Nothing went wrong: this is how it was agreed.
back-to-start = Back to the start

received-none = Nothing has come yet. When another household shares something with you, it is here, and a mail tells you.
received-by-unknown = It came by way of a household that nobody here knows: title and words are as that one wrote them.
received-new = new,
received-find = Find by household, words, name or date
received-all = All that came
came-from = What came from { $name }
received-more = Older ones
until = until { $day }
arriving = still arriving

allowed = Allowed
look = Look
print = Print
keep = Keep
keep-all = Keep all { $count }
keep-all-left-out-name = left out.txt
keep-all-left-out = You may keep these too, but they could not be made:
pass-on = Pass on
covered = { $left ->
    [0] Still open
    [one] One look left
   *[other] { $left } looks left
}
close = Close
previous = Previous
no-line = No connection to your box. It goes on once that is back.
try-again = Try again
next = Next
number-of = { $number } of { $count }
what-you-may = What you may do
excerpt-only = This much of it was shared: its beginning, or all of it where it is short.
open-excerpt = Open what was shared of it
played-whole = If it does not play in this browser, keep it and open it with another program.
no-browser-plays = No browser plays a film that is packed like this one. Keep it, and open it with another program.
goes-with = It belongs to
beside-excerpt = an excerpt
not-played = { $asking ->
    [yes] A browser can play this only by being given its file, which you may not keep. Under “Allowed” you can ask for it.
   *[no] A browser can play this only by being given its file, which may not be kept whole.
}
gif-stands-still = Of a GIF that moves, only the first picture is shown here.
gif-stands-still-kept = Of a GIF that moves, only the first picture is shown here. The file itself moves.
kept-to-open = Another program opens this. Keep it, and open it there.
not-a-picture = This is not a picture that can be shown here.
no-print = This may be looked at, not printed.
no-print-here = Pictures that came are not printed from here. Open one that may be printed: its page has Print.
print-here = Use Print on the page: it makes a picture for paper.

settings = Settings
sign-out = Sign out
change-password = Change password
change-password-what = A new password signs you out everywhere but here.
arrives = When something arrives
own-mail = Where mail to you goes
own-mail-field = Your mail address
mail-empty = Left empty, no mail goes out.
arrives-mail = A mail without pictures tells you, to { $mail }.
arrives-no-mail = No mail tells you: there is no address for you.
sessions = Where you are signed in
session-here = this browser, in use now
session-remembered = remembered
session-used = last used within the hour after { $time }
sign-out-elsewhere = Sign out everywhere else
people = The people of this house
people-what = Only whoever keeps the house sees this.
person-link = New password
person-remove = Remove
person-mail = Their mail
person-add = Add a person
mail-of = Where mail to somebody goes
mail-of-whom = Whose mail
done-password = Your password is changed, and you are signed out everywhere else.
done-elsewhere = You are signed out everywhere else.
done-notices = Saved.
done-mail = Saved. What comes is told at the new address.
done-people = Done.
done-person = Done. “New password” beside the name makes a link by which they come in.
done-announce = Saved. The households that you know are told.
answered-yes = You said yes. They get it with the next mail.
answered-no = You said no. They are told.
answered-instead = The other box is asked now. The first try with the same words, at another address, was let go.
announce = Known by name to others
announce-what = The households that you know can then choose them by name. They may be offered key words for them, such as grandma; each household saves what it wants to use.
announce-words = Key words for { $name }
programs = Programs
programs-go = Programs that act for you
programs-there = They act for you
programs-what = An album program or a script of yours can share for you, without your password.
programs-none = None does.
program-name = What it is called
program-may-read = See the album, and what came and went
program-may-album = Bring pictures into the album and change it
program-may-share = Share, pass on and take back
program-lasts = For how long
program-days = { $days ->
    [0] Without an end
    [1] One day
   *[other] { $days } days
}
program-used = Last used { $time }
program-unused = Never used
program-ends = until { $time }
program-make = Let a program in
program-end = End
program-token = The program's token
program-token-what = Copy it into the program now: it is not shown again.
link-title = A link for { $name }
link-what = It opens once, within seven days. Show the code to their phone, or send them the address.
link-address = Address
mail-title = Where { $name } is told by mail
mail-asks = { $name } keeps this house, and is told by mail of what concerns it. So you are asked for your own password before that goes to { $mail }.
mail-none-asks = { $name } keeps this house, and is told by mail of what concerns it. So you are asked for your own password before { $name } is told by no mail any more.
link-asks = { $name } keeps this house too. Whoever opens this link chooses a new password for { $name }, and can then do all that { $name } may. So you are asked for yours first.
link-go = Make the link
remove-title = Remove { $name }
remove-what = { $name } is signed out everywhere at once; their programs and links end, and what waits to be told them is forgotten. It cannot be undone: a later person of that name is somebody else.
remove-alone = { $count ->
    [one] One thing in the album is { $name }’s alone. It stays, but is seen at the command line only.
   *[other] { $count } things in the album are { $name }’s alone. They stay, but are seen at the command line only.
}
remove-inside = { $count ->
    [one] One thing that was passed on within the house by { $name } or to { $name } ends.
   *[other] { $count } things that were passed on within the house by { $name } or to { $name } end.
}
remove-stays = What { $name } added to the album for the house stays. So does what was shared with other households: that you see under “Sent” and can end there.
remove-asks = { $name } keeps this house too. So you are asked for your own password before { $name } is removed.

album-find = Find by name, words, date or who added it
album-find-short = Find
album-add = Add pictures
album-everything = Everything
album-new = Just added
album-bin = Bin
album-albums = Albums
album-pictures = Pictures
album-years = Years
album-more = Older pictures
album-drop = Drop your first pictures here
album-drop-what = They stay in this house. No one outside sees them until you share them.
album-choose = Choose pictures
album-before = Chosen before
album-nothing = Nothing found.
album-bin-empty = The bin is empty. What is deleted lies here for 30 days.
album-bin-what = What lies here is gone for good 30 days after it was deleted.
chosen = chosen
chosen-with = With what is chosen
choose = Choose { $name }
clear = Clear
delete = Delete
bring-back = Bring back
only-me = Only for me
kind-film = Film
everyone-here = For all of this house
add-to-album = Add to album
add-to-album-name = Name of the album
album-into = Into which album?
album-change = Rename or remove this album
album-remove = Remove the album
album-remove-what = Its pictures stay in this house.
album-is-removed = The album is removed. Its pictures are still here.
take-from-album = Take out of this album
taken-now = { $count ->
    [one] 1 picture is taken out of this album, and still here.
   *[other] { $count } pictures are taken out of this album, and still here.
}
deleted-now = { $count ->
    [one] It is in the bin.
   *[other] All { $count } are in the bin.
}
undo = Undo
added-now = { $count ->
    [one] 1 file is in.
   *[other] { $count } files are in.
}
added-known = { $count ->
    [one] 1 file was here before; it is in the album once.
   *[other] { $count } files were here before; each is in the album once.
}
added-show = Show what was just added
stayed-out = These stayed out:
uploading = On the way in
upload-adding = Adding
upload-done = Added
upload-all = All of it
upload-in = in
upload-known = here before
upload-failed = { $count ->
   *[other] stayed out
}
upload-again = The line is gone; it goes on by itself.
upload-other = Another page is adding it already; this one waits.
share = Share
caption = Words to go with it
save = Save
original = Original
month-name = { $month ->
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
    [12] December
   *[other] Without a date
} { $year }

change = Change
share-with = With whom
share-who = A name, a key word or an address
share-lately = Lately shared with
share-new = Someone new? Bring in their household: by its file, an invitation or its address
share-new-member = Someone new? Type their household's address. Or ask whoever keeps this house: they bring in a household by its file or an invitation.
share-back = Back to what you are sharing
share-directory = Look in the directory
share-offers = Is one of these who you mean?
share-offers-none = The directory has nobody like that.
share-offer-words = The directory says so. To compare: { $words }
share-offer-known = Known here.
share-offer-differs = Not the household that is known here at that address. Ask the people there.
share-offer-age = The directory does not answer; it said so { $time }.
not-compared = words not compared
no-answer-yet = asked, no answer yet
share-may = What they may do
share-may-all = For everyone
share-nobody = Choose with whom first.
preset-look = Look for 30 days
preset-look-what = At screen size. Then they are gone there.
preset-keep = Look and keep
preset-keep-what = The originals are theirs to keep.
preset-all = Everything, and pass it on
preset-all-what = Others may look, but not keep.
preset-own = As I choose
preset-own-what = Every rule, the same for all.
preset-each = Choose for each person
preset-each-what = How large, how long, how often.
preset-before = Chosen as the last time.
person-may = What { $name } may do
how = How large, how long, how often
how-large = How large
how-long = How long
how-often = How often
size-small = Small, for a phone
size-screen = Screen size
size-full = As large as it is
long-7 = 7 days
long-30 = 30 days
long-day = Until a day
long-none = No end
long-until = The day
often = As often as they like
with-name = With their name across the picture
only-part = Of sounds, films and documents only the beginning
long-days = So many days
long-so-many = Days
how-soon = From this day on
how-on-paper = On paper
as-looked-at = As they look at it
how-kept = What they keep
kept-original = The originals
kept-copy = A copy, as they look at it
share-onward = To whom it is passed on
onward-look = They may look for 30 days
onward-keep = They may look, print and keep
onward-same = They may do what the one may who passes it on
share-beginning = How much the beginning of sounds, films and documents is, where somebody gets no more:
beginning-seconds = Seconds
beginning-pages = Pages
beginning-lines = Lines
share-check = What will happen
share-asked-them = It has been asked who it is, and its answer is waited for. This goes out when the answer comes.
share-asks-them = Nobody here knows this household yet. It is asked to introduce itself, and gets this once it has.
share-anyway = Yes, all the same
share-untold = Read what they may do here, then share once more.
share-gone = { $count ->
    [one] 1 picture is not in the album any more, and is left out here.
   *[other] { $count } pictures are not in the album any more, and are left out here.
}
unfit-whole = These can only be handed over whole, for nothing smaller can be made of them: { $names }
unfit-name = No name can be written across these: { $names }
unfit-program = To cut the beginning of these, this box lacks a program, ffmpeg: { $names }
unfit-larger = These can be shown at screen size only, unless they may be kept: { $names }
unfit-large = These are too large for their beginning to be cut here: { $names }
unfit-leave = Leave them out
unfit-give = Let them have everything whole, to look at and keep
share-title = A title
share-words = A few words, if you like
share-place = Let the place where they were taken go along
share-more = More
share-via = Send it by way of
share-via-none = Straight to each
share-via-what = It travels once, to that household, which passes it on sealed. They must have allowed it there.
by-way-of = By way of { $relay }.
passed-on-by = Passed on by { $name }.
share-look-again = Look again at what will happen
share-go = Share { $what } with { $who }
stays-home = Stays at home: { $why }
stays-home-some = { $count } files that belong to these pictures stay at home
share-travels = About { $megabytes } MB, sealed and sent once for all of them by ordinary mail.
share-honest = You can stop it later. What somebody has kept stays with them, and anyone who looks could take a photo of the screen.

sent-what = What is out, with whom, and until when.
sent-none = Nothing is out. Choose pictures in the album and share them.
state-waiting = Waits until the household has sent a new introduction.
state-queued = Goes out as soon as the line allows.
state-sent = Travelling since { $time }. No answer from there yet.
sent-until = That is until { $time } at the latest.
sent-until-everyone = That is until { $time } at the latest; for somebody who comes to that house later, the time begins when they come.
state-delivered = Arrived { $time }.
state-refused = Refused { $time }.
state-failed = Could not be sent { $time }. Nothing was lost.
state-revoked = Stopped { $time }. They are asked to delete it.
state-unreached = Stopped { $time }. Their box has a new identity: it is told once you have compared its words.
state-untold = Stopped { $time }. Nothing had gone there.
state-carried = Handed on from there to the others, and forgotten there { $time }.
state-kept = Nothing was handed on from there, and it was forgotten there { $time }.
state-forgotten = It was to be handed on from there, and was forgotten there { $time }.
state-ended = Ended; deleted there, they say, { $time }.
state-deleted = Stopped; deleted there, they say, { $time }.
asked-waiting = Waits for their box to introduce itself. It was asked { $since }.
asked-failed = Could not be sent { $time }. Nothing was lost.
copy-forwarded = Passed on by { $by }.
copy-revoked = Passed on by { $by }, and stopped.
copy-deleted = Passed on by { $by }; deleted there, they say.
copy-untold = { $by } was to pass it on. Nothing went there.
household-unknown = A household not known here ({ $fingerprint })
recorded = Recorded, and on its way
arrived = All of it has arrived
travels-on = You can close this page; it goes on by itself.
how-it-travels = How the share is travelling
track-recorded = Recorded
track-travels = Travelling
track-arrived = Arrived
send-again = Send again
send-again-what = The same once more. Nobody is given more by it.
again-at = It goes again { $time }.
stop-sharing = Stop sharing
stop-what = It will no longer open there, and they are asked to delete it. You will see here when they have. This cannot be undone.
stop-below = It ends as well for those who have it by way of { $household }:
stop-not-passed = These were to get it by way of { $household } and have not confirmed it. What is not passed on by now does not go there; you can send it to them again, straight:
stop-passed-on = Whoever { $household } passes it on to loses it as well.
stop-kept = What { $household } has already kept stays with them.
stop-with = Stop sharing with { $household }
stop-all = Stop for all of them
stopped-kept = Stopped. Nothing recalls what may have been kept by:
back-to-album = Back to the album
see-all = See all that is out

frame = Picture frame
frame-make = Make this a picture frame
frame-what = Full screen, one picture after another, new ones by themselves. It shows what you may look at; sign in with "Stay signed in here".
frame-of = Of whom
frame-own = Our own pictures
frame-stays = How many seconds a picture stays
frame-night = Dark from this hour
frame-day = Until this hour
frame-begin = Begin
frame-leave = Leave the picture frame
frame-picture = A picture
frame-none = Nothing to show yet. New pictures come by themselves.
nav-households = Households
nav-waiting = waiting
households-none = No households yet. Invite one, and you can share with each other.
households-none-member = No households yet. Whoever keeps this house can invite one.
since = since { $day }
checked = Checked
unchecked = Not checked yet
not-answered = Has not introduced itself yet
blocked = Blocked
kept-out = Kept out for another one
ended = This identity has ended
asked-on = asked on { $day }, no answer yet
forget = Forget
for-nobody = { $household } shared “{ $title }” with { $name }, and nobody of this house is called so. Once somebody is, they see it; if it was a slip, tell the people there.
waits-title = Someone is waiting
waits-what = A house that calls itself { $name } wrote for the first time on { $day }, from { $mailbox }. Nothing it sent has been opened or shown to anyone.
claims-directory = The directory says that { $mailbox } is the mailbox of a house that calls itself { $name }. That mailbox is of a household you know, and nothing goes to this one. Ask the people you know, by telephone, whether their box began anew; if so, type below the words that they read out: this one then takes the place of the old one. If not, the directory is wrong: block this one.
claims-what = Another house says that { $mailbox } is its mailbox, and calls itself { $name }. That mailbox is of a household you know. Ask the people you know, by telephone, whether their box began anew; if so, type below the words that they read out: this one then takes the place of the old one.
meet = Get to know them
relay-title = Passing on for them
relay-what = { $name } can send a share here once, and this box passes it on to the others they name. What is not for this house stays sealed.
relay-on = This box passes on for them.
relay-begin = Pass on for them
relay-end = Do not pass on for them any more
block = Block
unblock = Hear from them again
ended-what = This household said itself that this identity is no more. Nothing of it is taken, and nothing goes to it, for good.
blocked-what = Nothing they send is taken.
kept-out-what = Another identity is known at { $mailbox }, and this one, which calls itself { $name }, is kept out: nothing it sends is taken. If the people you know read out the words of this one, by telephone, type them below: it then takes the place of the other.
remove-household = Remove
request-title = { $person } of { $name } asks for more
request-of = Of “{ $title }”, asked on { $day }.
request-words = If you say yes: { $words }
request-less = What you may not give yourself is left out.
request-no-words = Asked for: { $words }
request-no-yes = You cannot say yes: { $why }
request-gone = It cannot be given once more as it was. What is still in the album can be shared anew from there; what another household gave, only that one can share with them. Then answer no here, with a few words that say so.
answer-words = A few words, if you like
answer-yes = Yes
answer-no = No
directory-entry = The directory
directory-find = Look for a house: its mailbox, its name or a word
directory-find-go = Look there
directory-add = Add
directory-add-what = Add a house only when you are sure of it: it counts as checked then. Compare the words by telephone.
directory-entry-is = This house stands there.
directory-entry-what = Others who use the same directory find this house by its name, its mailbox and the words below.
directory-entry-words = More words to be found by, such as the-brooks
directory-entry-go = Put this house in the directory
directory-entry-again = Write it there anew
key-words = Names for people
key-words-what = One word for one or more addresses, such as grandma or choir. Use it wherever you share.
key-words-none = None yet.
key-word = Name
key-word-addresses = Addresses
key-word-addresses-what = Such as home@example.org for everyone there, or home+ida@example.org for Ida.
key-word-set = Save this name
key-word-add = Give somebody a name
add-household = Add a household
add-otherwise = Without an invitation: by file or mailbox
add-file = Their file
add-file-what = The certificate file that their box gives out. Take it only from somebody you trust: the words need no comparing then.
add-file-go = Add them
add-ask = Ask their box to introduce itself
add-ask-what = By its mailbox. The answer comes by mail; then compare the words.
add-mailbox = Mailbox of their box
add-ask-go = Ask
own-file = Your own file
own-file-what = Hand it to another household, by any way you trust. Your box has the mailbox { $mailbox }.
own-file-go = Save the file
is-it-really = Is this really { $name }?
compare-what = Ring them up. You read your words, they read theirs. If all are the same on both screens, no one stands between you.
compare-words = Compare words
you-read = You read
they-read = They read
words-same = The words are the same
words-typed = Or type or scan what their box shows
words-typed-what = All 24 words, or the 64 signs of their square code.
words-check = Check that
letters-safe = Letters to { $name } are safe from the quantum computers of the future.
letters-not-safe = Letters to { $name } are not safe yet from the quantum computers of the future: the box there has not sent its newer key.
compared = The words were compared, or their file was trusted.
fingerprint = Fingerprint
your-code = Your square code, for their telephone
claimed = Another house says that this mailbox is its own, or the directory says so of one. Do not trust it before you have compared words again.

back-to-received = Back to Received
back-to-share = Back to the pictures
ask-title = Ask { $whom } for more?
ask-what = What would you like?
ask-open = You asked for more on { $day }, and nobody has answered yet. What you ask for now takes the place of that.
ask-go = Ask { $whom }
wish-longer = To look for another 30 days
wish-looks = To look at each as often again
wish-print = To print them
wish-keep = To keep the originals
wish-pass-on = To pass them on
asked-title = What you asked for
asked-open = Not answered yet
asked-yes = Yes
asked-no = No

pass-on-most = As far as you may: { $words }
pass-on-items = Which of them
pass-on-to = To whom
pass-on-households = Everyone of a household
pass-on-inside = In this house
pass-on-also = Others, by address or name
pass-on-may = What they may do
pass-may-look = Look
pass-may-small = At screen size only
pass-may-print = Print
pass-may-keep = Keep
pass-may-further = Pass on to others
pass-on-until = Until
pass-on-views = How many times
pass-on-end = It ends on { $day } at the latest.
pass-on-what = What will happen
pass-on-first = Choose, then look here at what each person will be able to do.
pass-on-check = Show what will happen
all-of-them = All { $count }
pass-on-each = Not the same for all: choose for each of them
pass-on-each-first = Choose to whom, then show what will happen.
pass-on-again = Show again after a change
pass-on-yes = Yes, all the same
pass-on-go = Pass it on
passed-on = Passed on
passed-on-none = You have passed nothing of this on.
passed-state-waiting = waits until their box has introduced itself again
passed-state-queued = on its way
passed-state-sent = sent
passed-state-delivered = arrived
passed-state-refused = not taken
passed-state-failed = could not be sent
passed-state-revoked = taken back
passed-state-deleted = taken back, and gone there

told-at-once = Tell me at once
told-daily = Once a day, in the evening, if there is anything
told-none = Never; I look in by myself
language = Language
language-name = English
language-of-browser = As my browser says
room = Room in the house
room-received = What others shared takes { $size } of { $most }.
room-own = Our own pictures
room-small = Small pictures of them
room-shared = Sealed copies of what we share
room-free = Free on the disk
turned-away = Turned away
turned-away-what = Never shown to anyone. Of the last 30 days.
turned-away-none = Nothing.
times = { $count } times
the-box = The box
box-mailbox = Mailbox
box-looked = Mailbox last read
box-never = not yet
box-listens = Listens on
box-nowhere = nowhere
box-reached = Mails to the people lead to
box-version = Version of Hearthpost
box-check = Look whether all is well
check-good = All is well
check-bad = Something needs you
check-one-good = fine
check-one-bad = needs you

own-identity = Identity of this household
own-identity-go = Move it, replace it or end it
own-identity-what = Other households know yours by these words. They stay the same on a new box and with a new mailbox.
own-identity-ended = This identity has ended: the message that ends it was sent, and other households take nothing more from here. Give the household a new identity; then the others compare words with you again.
own-identity-replaced = This household had another identity before, which was given up. The others take something from here again once they have compared these words with you: ring them up.
own-identity-else = Whoever had the keys may have more. Change the password of the mailbox at its provider, give everyone of the house a new password, end the programs in the settings, and have the box make a new authority for its pages (hearthpost tls --new, at its command line).
own-password = Your password
own-password-what = You are asked again because this page may have been left open.
move-title = Move to another box
move-what = You get one sealed file. In it are the identity, the keys for letters, the households you know and your names for people. Pictures and shares are not in it, nor the people of this house and their passwords: a backup brings all of that (hearthpost backup).
move-1 = Save the file here, and carry it to the new box. Keep the passphrase apart from it: whoever has both is your household.
move-2 = Stop this box for good. Two boxes with one identity take each other's mail.
move-3 = On the new box, at its command line and before it serves anybody: hearthpost init, then hearthpost identity import with the file, then hearthpost serve. It asks for the passphrase.
move-then = The other households hear of it by themselves, and nobody has to compare words again.
move-passphrase = Passphrase for the file
move-passphrase-what = At least { $least } characters; several words in a row are good. It is kept nowhere, and nobody can find it again.
move-again = The same passphrase again
move-go = Save the sealed file
stolen-title = The box was stolen, or somebody may have the keys
stolen-first = First change the password of the mailbox at its provider. Then give this household a new identity.
stolen-what = This cannot be undone. What happens then:
stolen-others = All other households are told that the old identity has ended. They take nothing from you until they have compared the new words with you.
stolen-waits = What waits to go out fails, and open invitations are taken back.
stolen-shared = What is stored here stays, and you can still stop sharing what you have shared. What others gave you cannot be passed on any more: ask them to share it again.
stolen-sure = I have read what happens
stolen-go = Give this household a new identity
last-title = A message for the worst case
last-what = If the box is gone one day, and every backup with it, this message ends your identity, so that nobody can pretend to be you. Any household that knows the others can send it. There is no key in it: it can end this identity, and nothing else.
last-where = Keep it where the box is not, on paper even. It lies in the data folder too, as ended.pem, and in each backup. After a new identity, save it again.
last-go = Save the message
end-title = End an identity
end-what = A household has lost its box and gave you its message? Give it in here, and all households that you know hear of it. First you see whose it is.
end-file = The message (ended.pem)
end-look = Look whose it is
end-known = This ends the identity of { $name } ({ $mailbox }), for good. Nothing of it is taken any more, and nothing goes to it. What it shared stays.
end-unknown = This ends the identity of a household at { $mailbox } that nobody here knows, for good.
end-own = This ends the identity of your own household, for good: the others will take nothing more from here. If you have this box still, give the household a new identity instead, which ends the old one too.
end-already = It is known here already that it has ended, since { $time }.
end-signed = Signed on { $day }.
end-tells = { $count ->
    [0] No other household is known here that would hear of it.
    [one] One household hears of it.
   *[other] { $count } households hear of it.
}
end-sure = End our own identity all the same
end-go = End this identity
end-not = Leave it as it is
end-done-title = This identity has ended
end-told = { $count ->
    [0] No other household is known here that could be told.
    [one] One household is told with the next mail.
   *[other] { $count } households are told with the next mail.
}


card = Card and camera
card-none = No card is in and no camera is plugged in. A card that is put in shows here in a moment; for a camera, open this page again.
card-new = { $count ->
    [one] 1 file is new
   *[other] { $count } files are new
}, { $megabytes } MB. Nothing on the card is changed.
card-nothing-new = Nothing on it is new.
card-begun = { $by ->
    [self] Not all of it came the last time. What you chose then is filled in.
    [other] { $name } has begun to bring it in, and not all of it came. What { $name } chose is filled in; you can bring in the rest so or otherwise, in your own name.
   *[someone] It was begun before, and not all of it came. What was chosen then is filled in; you can bring in the rest so or otherwise, in your own name.
}
card-held = { $count ->
    [one] 1 file
   *[other] { $count } files
} on it: somebody else here has begun to bring that in, for themselves alone. It comes when they go on.
card-trouble = It cannot be read.
card-into = Also into an album, if you like
card-bring = { $count ->
    [one] Bring it in
   *[other] Bring in all { $count }
}
card-read = How much of the card is read
card-goes-on = You can close this page; it goes on by itself.
card-see = See them
card-stopped-at = { $done } of { $total } are in. Put it in again: what is left of it stands here then, and none comes twice.
lamp-off = No card in the reader
lamp-new = { $count ->
    [one] 1 new on the card
   *[other] { $count } new on the card
}
lamp-begins = The card is being read.
lamp-reading = Card: { $at } of { $total }.
lamp-stay = Please leave it in.
lamp-done = You can take the card out now
lamp-stopped = The card came out too early
invite = Invite a household
invite-what = You get a link, a code to scan and words to read out. It lets one household in, for { $days } days, and both houses are checked by it.
invite-go = Make an invitation
invited-on = Invited on { $day }
invited-used = { $name } came in with it
invited-open = open until { $day }
invited-withdrawn = withdrawn
invited-over = over since { $day }
invited-show = Show it
join = Were you invited?
join-field = Link, or address and words
join-field-what = Paste the whole link, or type the address of the other box and the twelve words that were read out to you.
join-go = Meet them
followed-open = You have followed their invitation since { $day }; no answer yet
followed-nothing = Their invitation led to nothing
invitation-title = An invitation
invitation-what = Let them scan this or send the link, by a way on which nobody else reads it. It lets one household in, until { $day }.
invitation-link = Link
copy = Copy
copied = Copied
invitation-words = Or read it out
invitation-words-what = On the telephone: the address { $mailbox } and these twelve words.
invitation-withdraw = Withdraw it
arrive-title = You are invited
arrive-keeper = Another household wants to share with yours. Where the field is empty, copy the whole link and paste it there.
arrive-what = This link is an invitation from one household to another. It is meant for your own box.
arrive-how = Copy the whole link first. Is this your box? Sign in as whoever keeps the house; then there is a field for the link. Otherwise open your own box, and paste it there under Households.
suggested = Suggested by other households
suggested-what = These mean nothing here before you save them.
suggested-by = { $address }, by { $name }
suggested-taken = This word means somebody else here, and stays so.
suggested-save = Save
