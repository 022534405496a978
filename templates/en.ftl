# The words of the pages. A key is what a template says with t("key").

brand = Hearthpost
skip = Straight to the page
untitled = Without a title
done = Done
you = you

nav-main = Main
nav-received = Received
nav-new = new
nav-settings = { $name }, settings

name = Name
name-what = A short name of this house, such as anna: a to z, 0 to 9, - _ and .
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

denied-what = Nothing went wrong: this is how it was agreed.
back-to-start = Back to the start

received-none = Nothing has come yet. When another household shares something with you, it is here, and a mail tells you.
received-new = new,
pictures = { $count ->
    [one] 1 picture
   *[other] { $count } pictures
}
until = until { $day }
arriving = still arriving

allowed = Allowed
look = Look
print = Print
keep = Keep
pass-on = Pass on
covered = Opens a number of times
close = Close
previous = Previous picture
next = Next picture
number-of = { $number } of { $count }
what-you-may = What you may do
not-a-picture = This is not a picture that can be shown here.
no-print = This picture may be looked at, not printed.
print-here = Use Print on the page: it makes a picture for paper.

settings = Settings
sign-out = Sign out
change-password = Change password
change-password-what = A new password signs you out everywhere but here.
arrives = When something arrives
arrives-mail = A mail without pictures tells you, to { $mail }.
sessions = Where you are signed in
session-here = here
session-remembered = remembered
session-used = last used { $time }
sign-out-elsewhere = Sign out everywhere else
people = The people of this house
people-what = Only whoever keeps the house sees this.
person-link = New password
person-remove = Remove
person-mail = Their mail
person-add = Add a person
link-title = A link for { $name }
link-what = It opens once, within seven days. Show the code to their phone, or send them the address.
link-address = Address

nav-households = Households
nav-waiting = waiting
households-none = No households yet. Give them your file and take theirs, or ask their box to introduce itself.
since = since { $day }
checked = Checked
unchecked = Not checked yet
not-answered = Has not introduced itself yet
blocked = Blocked
asked-on = asked on { $day }, no answer yet
forget = Forget
waits-title = Someone is waiting
waits-what = A house that calls itself { $name } wrote for the first time on { $day }, from { $mailbox }. Nothing it sent has been opened or shown to anyone.
claims-what = Another house says that { $mailbox } is its mailbox, and calls itself { $name }. That mailbox is of a household you know. Ask the people you know, by telephone, whether their box began anew; if so, remove the old one first.
meet = Get to know them
block = Block
unblock = Hear from them again
blocked-what = Nothing they send is taken.
remove-household = Remove
request-title = { $person } of { $name } asks for more
request-of = Of { $title }, asked on { $day }.
request-words = If you say yes: { $words }
answer-words = A few words, if you like
answer-yes = Yes
answer-no = No
key-words = Names for people
key-words-what = One word for one or more addresses, such as grandma or choir. Use it wherever you share.
key-words-none = None yet.
key-word = Name
key-word-addresses = Addresses
key-word-addresses-what = Such as home@example.org for everyone there, or home+ida@example.org for Ida.
key-word-set = Save this name
add-household = Add a household
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
you-read = You read
they-read = They read
words-same = The words are the same
words-typed = Or type or scan what their box shows
words-typed-what = All 24 words, or the 64 signs of their square code.
words-check = Check that
compared = The words were compared, or their file was trusted.
fingerprint = Fingerprint
your-code = Your square code, for their telephone
claimed = Another house says that this mailbox is its own. Do not trust it before you have compared words again.

back-to-received = Back to Received
ask-title = Ask { $whom } for more?
ask-what = What would you like?
ask-go = Ask { $whom }
wish-longer = To look for another 30 days
wish-print = To print them
wish-keep = To keep the originals
wish-pass-on = To pass them on
asked-title = What you asked for
asked-open = Not answered yet
asked-yes = Yes
asked-no = No
