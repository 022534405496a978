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
program-used = last used { $time }
program-unused = never used
program-ends = until { $time }
program-make = Let a program in
program-end = End
program-token = The program's token
program-token-what = Copy it into the program now: it is not shown again.
link-title = A link for { $name }
link-what = It opens once, within seven days. Show the code to their phone, or send them the address.
link-address = Address
