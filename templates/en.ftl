# The words of the pages. A key is what a template says with t("key").

brand = Hearthpost
skip = Straight to the page
untitled = Without a title
done = Done
you = you

nav-main = Main
nav-album = Album
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

album-find = Find by name or words
album-find-short = Find a picture
album-add = Add pictures
album-everything = Everything
album-bin = Bin
album-albums = Albums
album-pictures = Pictures
album-years = Years
album-more = Older pictures
album-drop = Drop your first pictures here
album-drop-what = They stay in this house. No one outside sees them until you share them.
album-choose = Choose pictures
album-nothing = Nothing is found.
album-bin-empty = The bin is empty. What is deleted lies here for 30 days.
album-bin-what = What lies here is gone for good 30 days after it was deleted.
chosen = chosen
chosen-with = With the chosen pictures
choose = Choose { $name }
clear = Clear
delete = Delete
bring-back = Bring back
only-me = Only for me
everyone-here = For all of this house
add-to-album = Add to album
add-to-album-name = Name of the album
album-into = Into which album?
deleted-now = { $count ->
    [one] 1 picture is in the bin.
   *[other] { $count } pictures are in the bin.
}
undo = Undo
added-now = { $count ->
    [one] 1 file is in.
   *[other] { $count } files are in.
}
stayed-out = These stayed out:
uploading = Pictures on their way in
upload-adding = Adding
upload-in = in
upload-failed = stayed out
upload-again = The line is gone; it goes on by itself.
share = Share
caption = Words to this picture
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
