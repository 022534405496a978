# What the command line prints.

# Counts, and small words.
count-item = { $count ->
    [one] 1 item
   *[other] { $count } items
}
count-file = { $count ->
    [one] 1 file
   *[other] { $count } files
}
count-own-file = { $count ->
    [one] 1 own file
   *[other] { $count } own files
}
count-sealed-part = { $count ->
    [one] 1 sealed part
   *[other] { $count } sealed parts
}
trust-pending = not known yet
trust-seen = answered by mail, words not compared
trust-verified = words compared
tier-about = about
tier-thumb = small picture
tier-preview = preview
tier-original = original
cli-error = error: { $words }
cli-hint = hint: { $words }
cli-not-taken = not taken: { $what }
cli-yes-no = { $question } [y/N]
cli-yes = y
cli-yes-long = yes
cli-nothing = Nothing.
cli-bytes = { $count } bytes
cli-bar = of

# import and album
import-known = {" "}({ $count } of them from before)
import-done = { $items } in the album{ $known }.
album-renamed = It is called "{ $name }" now.
album-removed = Removed. Its items stay.
album-put-new = { $items } put into a new album "{ $name }".
album-put = { $items } put into the album "{ $name }".
album-taken = { $items } taken out of "{ $name }".
album-empty = Nothing yet. `hearthpost import PATH` puts pictures in.

# backup and restore
backup-damaged = left out, since the disk has changed it: { $name }
backup-done =
    { $file }: { $bytes } bytes, with { $files } and { $parts }; read again and whole.
    Who has this file is this household: keep it where nobody else can read it.
    The mail password is not in it.
restore-done = { $mailbox } is again as it was on { $time }, in { $folder }.
restore-kept = What was there before is in { $folder }.
restore-config = The settings are in { $file }.
restore-parts = { $count } sealed parts were not in it and are asked for again.
restore-items = { $count } items of your own were not in it.
restore-password = Write the mail password into the first line of { $file }.
restore-next = Next: `hearthpost doctor`, then `hearthpost sync`.

# memory cards
card-take-out = You can take out { $card } now.
card-nowhere = No card and no camera is here. `hearthpost import PATH` takes files and folders.
card-unread = cannot be read: { $why }
card-files-new = { $files } new
card-how = `hearthpost import --card NAME` brings them in.

# contact
contact-removed = The household at { $mailbox } is forgotten.
contact-removed-one = Of those that say that they are at { $mailbox }, the one with the fingerprint { $one } is forgotten. What else is known there stays as it is.
contact-none = No households yet. `hearthpost contact invite` invites one.
contact-asked-on = asked on { $time }, no answer yet
contact-perhaps = ; perhaps not arrived: { $why }
contact-words = { $name } ({ $mailbox }) has these comparing words:
contact-same = Do the people there read out the same?
contact-asked = { $mailbox } is asked to introduce itself when mail goes out next (`hearthpost sync`).
contact-comparing = Comparing words:
contact-fingerprint = Fingerprint:
contact-claimed = Another household claims this mailbox. Do not trust it before you have compared words.
contact-blocked = blocked; { $level }
contact-blocked-alone = blocked
contact-kept-out = kept out: another identity is known at this mailbox; if the people you know read out the words of this one, `hearthpost contact verify` lets it take that place
contact-ended = its identity has ended, as it said itself on { $time }
contact-claims = ALARM: it claims this mailbox, at which another household is known; nothing of it is taken before you have compared words (`hearthpost contact verify`)
contact-claims-directory = ALARM: the directory has it at this mailbox, at which another household is known; nothing goes to it before you have compared words (`hearthpost contact verify`)
contact-is-claimed = { $level }; ALARM: another household claims this mailbox
contact-waits = waits for `hearthpost contact accept`; { $level }
contact-introduce = asked to introduce itself; `hearthpost sync` brings the answer, then compare words

# init and user
init-here = This is now the household at { $mailbox }. Its settings are in { $file }.
init-words = Others know it by these comparing words:
init-fingerprint = and by this fingerprint:
init-ended = Keep a copy of { $file } somewhere else: if the box is stolen, it ends this identity (`hearthpost identity end`).
init-next-relay = Next: `hearthpost doctor` checks both logins, `hearthpost contact relay ADDR on` says for whom it carries.
init-next = Next: `hearthpost doctor` checks both logins, `hearthpost user add NAME --mail ADDR` names the people.
user-added = { $name } belongs to this house. Others share with { $address }.
user-none = Nobody yet. `hearthpost user add NAME --mail ADDR` adds a person.
user-mail = { $name } is told at { $mail }.
user-no-mail = { $name } is told by no mail any more.
user-removed = { $name } does not belong to this house any more.
user-password = { $name } signs in with the new password from now on.
user-whoever = whoever opens it, as the keeper
user-link =
    This link opens once, for { $whom }, to choose a password:
    {"  "}{ $url }
user-told-at-once = { $name } is told at once of what comes.
user-told-daily = { $name } is told of what comes in one mail a day.
user-told-never = { $name } is told of nothing by mail.
user-announced = The households that this one knows are told of { $name }.
user-announced-as = The households that this one knows are told of { $name }, and offered { $words } for them.
user-announced-off = No other household is told of { $name }.
user-is-announced = others are told of them
user-is-announced-as = others are told of them, as { $words }
user-keeper = { $name } is a keeper of this house.
user-no-keeper = { $name } is not a keeper of this house.
user-new-password = The new password:

# identity
identity-passphrase = The passphrase:
identity-again = The same once more:
identity-exported =
    { $count ->
        [0] { $file } holds the identity of this household, and nobody else.
        [one] { $file } holds the identity of this household, and one other that it knows.
       *[other] { $file } holds the identity of this household, and { $count } others that it knows.
    } Without the passphrase nobody opens it. Pictures and shares are not in it: `hearthpost backup` keeps those.
identity-imported = This household at { $mailbox } is the one of that file now. Stop the box that it was on.
identity-moved = This household moved from { $from } to { $mailbox }. Stop the box that it was on.
identity-told =
    { $count ->
        [0] Nobody else has to hear of it.
        [one] One other household hears of it with the next mail (`hearthpost sync`).
       *[other] { $count } other households hear of it with the next mail (`hearthpost sync`).
    }
identity-left = Of the old box this one has the identity, the keys for letters, the households that are known, with those that may use it as a relay, and the key words. The pictures, shares, open invitations, people, passwords and tokens stayed there: where its album or a backup of it still is, `hearthpost restore` brings all of that.
identity-ask = Where nothing of it is left: name the people anew (`hearthpost user add`), and ask the other households to share again what they gave (`hearthpost contact list` names them). What was shared from the old box cannot be taken back from here.
identity-replaced = This household has a new identity. Others know it by these comparing words from now on:
identity-verify =
    { $count ->
        [0] No other household is known that would have to compare them.
        [one] One other household is told that the old one has ended, and has to compare the words before it takes anything again.
       *[other] { $count } other households are told that the old one has ended, and have to compare the words before they take anything again.
    }
identity-else = Whoever has the box has more than the identity: change the password of the mailbox and those of the people, end the tokens of programs, and make a new authority (`hearthpost tls --new`).
identity-ended = { $file } ends this identity for good, if ever it is sent (`hearthpost identity end`). There is no key in it. Keep it where the box is not.
ended-file =
    Hearthpost: this ends the identity of the household at { $mailbox }, for good.
    Its fingerprint is { $fingerprint }.
    When the box is stolen: `hearthpost identity end FILE`, in any household that knows the others.
    There is no key in it.
identity-ends = The identity { $fingerprint } of { $mailbox } ends.
identity-end-told =
    { $count ->
        [0] Nobody else is known here who could be told.
        [one] One household is told with the next mail (`hearthpost sync`).
       *[other] { $count } households are told with the next mail (`hearthpost sync`).
    }

# item
item-described = { $items } described.
item-deleted = { $items } put into the bin, for 30 days; `hearthpost item restore` takes it out.
item-restored = { $items } in the album.
item-private = { $items } for the one alone who added it.
item-public = { $items } for all of the house.
item-for-alone = for { $who } alone
item-nobody = nobody
item-pixels = , { $width } x { $height } pixels
item-size = { $type }{ $pixels }, { $size } bytes
item-taken = taken { $time }
item-by = {" "}by { $who }
item-added = added { $time }{ $by }
item-in-bin = in the bin since { $time }
item-in-album = in the album "{ $name }"

# keyword
keyword-set = { $word } now means { $addresses }.
keyword-none = No names yet. `hearthpost keyword set grandma ADDR` makes one.
keyword-gone = { $word } means nothing any more.

# how the box is reached
reach-somewhere = its name or address
reach-only-here =
    Only this machine reaches it so far. To open it to your house:
      1. write in the settings, in the section [web]: listen = "0.0.0.0:{ $port }"
      2. run `hearthpost tls`, so that nobody in between can look or listen
      3. let TCP port { $port } through the firewall of this machine for your own network, and never through that
         of your router from the internet
      4. start `hearthpost serve` again; phones then open { $there }
reach-only-here-secure =
    Only this machine reaches it so far. To open it to your house:
      1. write in the settings, in the section [web]: listen = "0.0.0.0:{ $port }"
      2. let TCP port { $port } through the firewall of this machine for your own network, and never through that
         of your router from the internet
      3. start `hearthpost serve` again; phones then open { $there }

# ask, requests and answer
asked-as = Asked, as { $request }; it goes out with the next `hearthpost sync`.
requests-none = Nobody asked for anything.
answered-granted = Answered { $answer }, granted as { $share }.
answered = Answered { $answer }.
answer-word-yes = yes
answer-word-no = no
request-untitled = a share without a title
request-asks = { $person } of { $household } asks for more of { $title } ({ $share }): { $state }. { $words }
request-asked = { $person } asked { $household } for more of { $title } ({ $share }): { $state }. { $words }
request-if-yes = If you say yes: { $words }
request-state-open = open
request-state-yes = yes
request-state-no = no
request-answer = answer: “{ $line }”
request-line = “{ $line }”

# revoke
revoked = { $share } is taken back.
revoked-asked = { $household } is asked to delete its copy, and again every day until it says it has.
revoked-unreached = { $household } has another identity by now and could not be told: it is, once its words are compared.
revoked-kept = Files that were kept there cannot be taken back: { $who }.
revoked-not-passed = { $household } was to get it from there and has not confirmed it: what is not passed on by now does not go there. `hearthpost resend { $share } --to { $household }` then sends it straight.

# share and forward
share-no-end = note: this is given without an end: { $who }; --until or --period sets one
share-foreseen = Nothing is recorded. It would go so:
share-would-ask = It would ask first: { $question }
share-would-look-up = The directory would be asked first about { $who }.
share-from-directory = note: { $name } ({ $mailbox }) is taken from the directory
share-recorded = Recorded as { $share }.
share-waits = waits until the household has sent a new introduction
share-asks = is not known here; it is asked for its card, and gets this once that has come
share-here = is here already
share-by-way = goes by way of { $relay }
share-goes = goes out with the next `hearthpost sync`
share-left = Stays at home: { $why }.

# received, sent and show
received-nothing = Nothing has come yet.
sent-nothing = Nothing was shared yet. `hearthpost share ITEM --to ADDR` does.
share-from = from { $name }
share-from-here = from here
share-by-unknown = It came by way of a household that nobody here knows: title and words are as that one wrote them.
share-made = made { $time }
show-people = People:
show-parts = Sealed parts here:
show-parts-own = { $held } of { $listed }
show-parts-come = { $held } of { $wanted } that are meant to come, { $listed } in all
show-permits = Permits:
show-way = How far it got:
show-household = the household { $name }
copy-passed = { $by } passed it on to { $to }. { $words }
copy-asked = { $by } passed it on to { $to }; asked to delete, not confirmed. { $words }
copy-gone = { $by } passed it on to { $to }; deleted. { $words }
copy-never-went = { $by } was to pass it on to { $to }; nothing went there.
copy-until = {" "}At most until { $time }.
share-until = {" "}Until { $time }.
way-via = by way of { $relay }
way-by = passed on by { $name }
way-perhaps = perhaps not arrived: { $said }
permit-all = all items
permit-not-on = may not be passed on
permit-on = may be passed on up to { $tier }
permit = { $from } to { $to }: { $items } up to { $tier }, { $onward }; { $time }
share-untitled = without a title
share-state-arriving = arriving
share-state-complete = complete
share-state-expired = expired
share-state-revoked = revoked
way-state-waiting = waiting
way-state-queued = queued
way-state-sent = sent
way-state-delivered = delivered
way-state-refused = refused
way-state-failed = failed
way-state-revoked = asked to delete, not confirmed
way-state-unreached = taken back; its new identity is told once its words are compared
way-state-untold = taken back; nothing had gone there
way-state-carried = handed on, and forgotten there
way-state-kept = nothing was handed on; forgotten there
way-state-forgotten = forgotten there
way-state-deleted = deleted
way-asked-waiting = waiting for its card, which it was asked for on { $time }
way-asked-failed = failed

# inspect
inspect-empty = an empty file
inspect-private-keys = private keys: keep them, and keep them secret
inspect-no-message = no message of Hearthpost; by its first bytes { $format }
inspect-mail-letter = a mail with a letter of Hearthpost
inspect-mail-parts = a mail with sealed parts of a share
inspect-mail-other = a mail that is not of Hearthpost
inspect-not-readable = not readable: { $why }
inspect-part = a sealed part of a share
inspect-part-unreadable = a sealed part that cannot be read
inspect-not-a-part = not a sealed part: { $why }
inspect-part-is = { $digest }, and is
inspect-part-is-not = { $digest }, but is not: it was changed
inspect-signature-bad = a signed object whose signature is not good
inspect-der-unknown = DER or BER, but nothing that Hearthpost reads: { $why }
inspect-sealed = a sealed letter
inspect-sealed-by-both = P-256 and ML-KEM-768
inspect-opened-nobody = no: there is no household here
inspect-opened-no = no: { $why }
inspect-opened-yes = yes, with a key of this household
inspect-unsigned = what is inside is not a signed letter: { $why }
inspect-certificates = the certificates of a household
inspect-certificates-other = certificates, but not those of a household: { $why }
inspect-certificates-unreadable = certificates that cannot be read
inspect-identity = the identity certificate of a household
inspect-exported = the identity of a household, sealed under a passphrase
inspect-exported-cut = the identity of a household, sealed under a passphrase; its end is missing, so that nothing opens it
inspect-exported-opens = no: with its passphrase alone, by `hearthpost identity import`
inspect-ending = the message that ends the identity of a household: whoever sends it ends that for good (`hearthpost identity end`)
inspect-ending-damaged = a message such as the one that ends an identity; it is cut off or damaged
inspect-certificate-other = a certificate that is not the identity of a household
inspect-permit = a permit
inspect-permit-refused = a permit that is refused: { $why }
inspect-revocation = a revocation
inspect-revocation-refused = a revocation that is refused: { $why }
inspect-signed-refused = a signed object that is refused: { $why }
inspect-manifest = a manifest
inspect-relay = please pass it on
inspect-letter-grant = a letter: grant
inspect-letter-receipt = a letter: receipt
inspect-letter-part-request = a letter: part-request
inspect-letter-grant-request = a letter: grant-request
inspect-letter-grant-answer = a letter: grant-answer
inspect-letter-revocation = a letter: revocation
inspect-letter-card = a letter: card
inspect-letter-card-request = a letter: card-request
inspect-letter-join = a letter: join
inspect-letter-join-answer = a letter: join-answer
inspect-letter-ended = a letter: ended
inspect-to-nobody = nobody in particular
inspect-key-of-share = the key of the whole share
inspect-key-up-to = { $id } up to { $tier }
inspect-keys-of = of { $count } items: { $each }
inspect-is-refused = refused: { $why }
inspect-from-to = from { $from } to { $to }
inspect-onward-no = no
inspect-onward-anyone = anyone
inspect-onward-households = { $count } households
inspect-onward = to { $to }, up to { $tier }, within { $rules }
inspect-items-all = all
inspect-item-tier = { $tier } of { $size } bytes in { $count }
inspect-kind-picture = picture
inspect-kind-sound = sound
inspect-kind-video = video
inspect-kind-document = document
inspect-kind-file = file
inspect-takes-back-all = the whole share
inspect-takes-back-permit = the permit { $permit }
inspect-said-yes = yes
inspect-said-no = no
inspect-said-welcome = welcome
inspect-said-used = used
inspect-said-ended = ended
inspect-receipt-complete = complete
inspect-receipt-refused = refused
inspect-receipt-deleted = deleted
inspect-receipt-forwarded = forwarded

inspect-size = size
inspect-named = named
inspect-says-it-is = says it is
inspect-digest = digest
inspect-opens-with-key = opens with key
inspect-content = content
inspect-sealed-by = sealed by
inspect-opened = opened
inspect-letters-can-be-sent = letters can be sent to it
inspect-of = of
inspect-issued-by = issued by
inspect-from = from
inspect-until = until
inspect-household = household
inspect-mailbox = mailbox
inspect-fingerprint = fingerprint
inspect-words = comparing words
inspect-signed-by = signed by
inspect-signer = signer's fingerprint
inspect-id = id
inspect-to = to
inspect-issued = issued
inspect-missing-parts = missing parts
inspect-asks-for = asks for
inspect-message = message
inspect-answers = answers
inspect-answer = answer
inspect-refused = refused
inspect-title = title
inspect-keys = keys
inspect-up-to = up to
inspect-rules = rules
inspect-chain = chain
inspect-state = state
inspect-reason = reason
inspect-about-letter = about the letter
inspect-people = people
inspect-key-word = key word
inspect-its-card = its card
inspect-nonce = nonce
inspect-its-certificates = its certificates
inspect-items = items
inspect-may-be-passed-on = may be passed on
inspect-made = made
inspect-item = item
inspect-takes-back = takes back
inspect-share = share
inspect-origin = origin

# serve and sync
sync-submitted = { $count } handed to the mail provider
sync-fetched = { $count } fetched from the mailbox
sync-ingested = { $count } taken in
sync-notified = { $count } told to people
sync-expired = { $count } ended and deleted
sync-nothing = Nothing new.
sync-waits =
    { $count ->
        [one] One mail waits for its time
       *[other] { $count } mails wait for their time
    }
sync-waits-why =
    { $count ->
        [one] One mail waits: { $why }
       *[other] { $count } mails wait: { $why }
    }
sync-to-accept =
    { $count ->
        [one] A household waits to be accepted: `hearthpost contact list` shows it
       *[other] { $count } households wait to be accepted: `hearthpost contact list` shows them
    }
sync-unsent = a letter to { $to } is refused: { $why }
sync-unsent-share = { $share } is refused for { $to }: { $why }

# tls
tls-names = This house has a certificate until { $day }, which `serve` renews, for:
tls-running = A `serve` that runs uses it from now on; a name that is new here is answered after its next start.
tls-off = No browser is answered: web.listen is "off" in the settings.
tls-tell =
    Tell each phone and computer once to trust this house. Open there, and compare what it shows:
    {"  "}{ $page }
    {"  "}{ $fingerprint }
tls-go-on =
    Phones that trust this house go on doing so. For a new one:
    {"  "}{ $page }
tls-links =
    For links in mails, write in the settings, in the section [notify]:
      url = "https://{ $name }:{ $port }/"

# tokens
token-made =
    With this token a program acts for { $name }. It is not shown again:
    {"  "}{ $token }
token-none = No program acts for { $name }.
token-unused = never used
token-used = used { $time }
token-endless = without an end
token-until = until { $day }
token-ended = "{ $program }" does not act for { $name } any more.
view-done = { $file }: { $pixels }{ $type }, { $size } bytes
doctor-good = ok
doctor-bad = BAD

# Words of the grammar.
grammar-help = Print help
grammar-version = Print version
grammar-summary = (see a summary with '-h')
grammar-more = (see more with '--help')
grammar-values = Possible values:
grammar-possible = {"["}possible values:
grammar-default = {"["}default:
grammar-options-mark = {"["}OPTIONS]
grammar-command-mark = <COMMAND>
grammar-commands = Commands:
grammar-arguments = Arguments:
grammar-options = Options:
grammar-value-action = ACTION
grammar-value-addr = ADDR
grammar-value-album = ALBUM
grammar-value-allowed = ALLOWED
grammar-value-answer = ANSWER
grammar-value-config = CONFIG
grammar-value-date = DATE
grammar-value-dir = DIR
grammar-value-edge = EDGE
grammar-value-file = FILE
grammar-value-fingerprint = FINGERPRINT
grammar-value-folder = FOLDER
grammar-value-invitation = INVITATION
grammar-value-item = ITEM
grammar-value-keeper = KEEPER
grammar-value-link = LINK
grammar-value-location = LOCATION
grammar-value-mailbox = MAILBOX
grammar-value-message = MESSAGE
grammar-value-name = NAME
grammar-value-path = PATH
grammar-value-private = PRIVATE
grammar-value-program = PROGRAM
grammar-value-request = REQUEST
grammar-value-role = ROLE
grammar-value-rules = RULES
grammar-value-scope = SCOPE
grammar-value-seconds = SECONDS
grammar-value-share = SHARE
grammar-value-text = TEXT
grammar-value-time = TIME
grammar-value-title = TITLE
grammar-value-url = URL
grammar-value-user = USER
grammar-value-what = WHAT
grammar-value-when = WHEN
grammar-value-word = WORD
grammar-value-words = WORDS

# resend, and more of contact
contact-relay = It may use this household as a relay (`hearthpost contact relay ADDR off` ends that).
contact-quantum = Letters to it are quantum-safe.
contact-tells = It tells of these people, to share with by name:
contact-suggests = { $word } for { $address }, a suggestion: `hearthpost keyword set { $word } { $address }` takes it
contact-not-quantum = Letters to it are not quantum-safe: its box has not sent a key for that yet.
resent = { $share } goes to { $mailbox } again, as it was.

# directory
directory-none = The directory has nobody like that.
directory-known = known here
directory-differs = NOT the household that is known here at that address
directory-published = The directory has this household as { $dn }.

# The help. Each is found by its English words in the grammar.
help-share-photos-with-other-households = Share photos with other households over ordinary mailboxes, sealed, and only as far as you allow
help-the-configuration-file-default-hearthpost = The configuration file [default: $HEARTHPOST_CONFIG, else ~/.config/hearthpost/hearthpost.toml, else /etc/hearthpost/hearthpost.toml]
help-print-one-json-document = Print one JSON document
help-print-help = Print help
help-print-version = Print version
help-show-it-all-on-this = Show it all on this machine: households, mail and sample pictures, in a temporary folder
help-your-own-pictures-instead-of = Your own pictures instead of the samples
help-end-when-everything-was-shown = End when everything was shown
help-set-up-this-household-settings = Set up this household: settings, keys, album
help-run-the-box-fetch-and = Run the box: fetch and send mail, tell people, let end what is over
help-the-configurations-of-several-households = The configurations of several households, instead of --config
help-all-households-of-a-folder-of = All households of a folder of configurations, as they come and go
help-one-pass-send-fetch-take = One pass: send, fetch, take in, tell people, let end what is over
help-wait-so-long-for-another = Wait so long for another run to finish
help-check-settings-keys-folders-clock = Check settings, keys, folders, clock and both logins
help-of-all-households-of-a-folder = Of all households of a folder of configurations
help-make-a-certificate-of-this = Make a certificate of this house's own, so that browsers reach it by HTTPS; `serve` renews it
help-another-name-or-address-under = Another name or address under which it is reached; may be given several times
help-a-new-authority-for-it = A new authority for it too, which each phone has to be told of
help-write-all-of-this-household = Write all of this household into one file, while the box runs
help-the-file-it-holds-the = The file; it holds the private keys
help-bring-a-household-back-from = Bring a household back from such a file, while the box does not run
help-the-file = The file
help-also-where-a-household-is = Also where a household is; its folder is kept under another name
help-who-this-household-is-to = Who this household is to others: move that to another box or mailbox, replace it, end it
help-write-the-identity-and-the = Write the identity and the address book into a new file, sealed under a passphrase
help-the-file-to-write = The file to write
help-a-file-whose-first-line-2 = A file whose first line is the passphrase [default: it is asked for]
help-take-over-such-an-identity = Take over such an identity, in a household that was just set up; the others hear where it is now
help-replace-the-identity-and-its = Replace the identity and its keys, when somebody else may have them; the others have to compare words again
help-write-the-message-that-ends = Write the message that ends this identity into a new file, to be kept where the box is not
help-send-such-a-message-of = Send such a message, of a box that is lost or stolen, to all households that are known here
help-also-to-this-mailbox-may = Also to this mailbox; may be given several times
help-the-people-of-the-house = The people of the house
help-other-households = Other households
help-names-for-addresses-such-as = Names for addresses, such as grandma
help-put-files-folders-or-a = Put files, folders or a memory card into the album
help-files-and-folders-without-any = Files and folders; without any it lists the memory cards and cameras that are there
help-instead-of-files-all-that = Instead of files, all that is new on this card or camera, or on the only one
help-also-gather-them-under-this = Also gather them under this name
help-who-of-this-house-adds = Who of this house adds them
help-for-that-person-alone = For that person alone
help-what-the-album-holds-and = What the album holds, and named albums in it
help-find-describe-hide-and-delete = Find, describe, hide and delete single items
help-share-items-or-files-with = Share items or files with people of other households
help-what-others-shared-with-this = What others shared with this household
help-what-was-shared-from-here = What was shared from here, and how far it got
help-one-share-in-full = One share in full
help-the-share = The share
help-write-what-a-person-would = Write what a person would get of an item to a file
help-say-what-a-message-or = Say what a message or a file of Hearthpost is
help-the-file-is-standard-input = The file; - is standard input
help-pass-a-share-on-as = Pass a share on, as far as you may; give an own share to more people, or with other rights
help-ask-the-household-that-granted = Ask the household that granted a share for more
help-who-of-this-house-asks = Who of this house asks
help-what-to-write-with-it = What to write with it
help-what-people-asked-for-those = What people asked for: those of other households, and those of this one
help-answer-what-another-household-asked = Answer what another household asked for
help-the-request = The request
help-whether-it-is-granted = Whether it is granted
help-take-a-share-back-from = Take a share back, from all or from one household
help-only-from-this-household-its = Only from this household: its mailbox, or its fingerprint
help-only-what-this-person-of = Only what this person of the house passed on
help-the-mail-account-of-this = The mail account of this box
help-what-other-households-see-as = What other households see as your name
help-where-mail-is-fetched-imaps = Where mail is fetched: imaps://host[:port], or imap:// for STARTTLS
help-where-mail-is-handed-in = Where mail is handed in: smtps://host[:port], or smtp:// for STARTTLS
help-the-login-name-at-both = The login name at both
help-a-file-whose-first-line = A file whose first line is the password
help-where-keys-album-and-pictures = Where keys, album and pictures shall lie [default: data, beside the configuration]
help-one-more-certificate-authority-to = One more certificate authority to trust, as PEM
help-items-by-their-short-ids = Items by their short ids, or files
help-with-whom-addresses-like-home = With whom: addresses like home-b+bob@example.org, or key words
help-rules-for-one-address-such = Rules for one address, such as home-b+bob@example.org=display=1280,period=P7D
help-a-title = A title
help-a-message = A message
help-the-certificate-file-of-a = The certificate file of a household that is not known yet
help-whether-originals-keep-the-place = Whether originals keep the place where they were taken
help-leave-at-home-what-belongs = Leave at home what belongs to a picture: its sound, its raw file, its clip
help-do-not-ask = Do not ask
help-what-they-may-do-without = What they may do [without any: --display 2048 --period P30D]
help-what-they-may-do-without-any = What they may do [without any: all that may be passed on; of an own share --display 2048 --period P30D]
help-for-what-without-any = For what [without any: the same for another 30 days]
help-record-nothing-and-say-what = Record nothing, and say what each could do
help-look-at-so-many-pixels = Look, at so many pixels at most
help-print = Print
help-keep-a-file-full-is = Keep a file; full is the original
help-pass-it-on-one-step = Pass it on, one step, as far as they may themselves
help-what-those-may-do-to = What those may do to whom it is passed on
help-until-then-a-day-or = Until then: a day, or a time like 2026-12-24T18:00:00Z
help-so-long-after-it-can = So long after it can first be seen there, such as P7D or 7d
help-so-many-times = So many times
help-with-the-viewers-name-across = With the viewer's name across the picture
help-of-sound-and-video-only = Of sound and video only so many seconds, of a PDF pages, of text lines; several with commas
help-only-this-item-may-be = Only this item; may be given several times
help-who-of-this-house-passes = Who of this house passes it on
help-to-whom-addresses-like-home = To whom: addresses like home-c+carol@example.org, or key words
help-rules-for-one-address-such-as = Rules for one address, such as home-c+carol@example.org=display=1280
help-it-is-so = It is so
help-it-is-not = It is not
help-at-once = At once
help-once-a-day-in-the = Once a day, in the evening, if there is anything
help-never = Never
help-leave-it-in = Leave it in
help-take-it-out = Take it out
help-the-item = The item
help-the-person-of-this-house = The person of this house
help-what-for = What for
help-where-to-write-it = Where to write it
help-to-look-at = To look at
help-to-print = To print
help-to-keep = To keep
help-add-a-person = Add a person
help-a-short-name-a-z = A short name: a-z, 0-9, '-', '_' and '.'
help-where-to-tell-this-person = Where to tell this person that something came
help-where-to-tell-this-person-or-nowhere = Where to tell this person that something came; none: nowhere
help-all-people = All people
help-remove-a-person = Remove a person
help-who = Who
help-give-a-person-a-password = Give a person a password for the browser, which signs them out everywhere
help-a-file-whose-first-line-is = A file whose first line is the password, instead of asking for it
help-make-a-link-that-opens = Make a link that opens once, with which a person chooses a password
help-who-nobody-whoever-becomes-the = Who; nobody: whoever becomes the keeper of a new house
help-say-to-which-address-a = Say to which address a person is told that something came
help-say-when-a-person-is = Say when a person is told by mail that something came
help-when = When
help-say-whether-the-households-that = Say whether the households that this one knows are told of a person, and can choose them by name
help-a-key-word-that-is = A key word that is suggested to them for this person, such as grandma; may be repeated
help-make-a-token-with-which = Make a token, with which a program acts for a person: see docs/api.md
help-for-whom = For whom
help-what-the-program-is-called = What the program is called; of all tokens of this person another one
help-what-it-may-do-read = What it may do: read, album, share; with commas between
help-how-many-days-it-is = How many days it is good; for ever without
help-the-tokens-of-a-person = The tokens of a person
help-whose = Whose
help-end-a-token = End a token
help-what-the-program-is-called-2 = What the program is called
help-say-whether-a-person-is = Say whether a person is a keeper, who manages households, people and settings in the browser
help-whether = Whether
help-add-a-household-by-its = Add a household: by its certificate file, or by asking it to introduce itself
help-its-mailbox = Its mailbox
help-its-mailbox-or-what-its = Its mailbox, or what its fingerprint begins with
help-households-in-an-ldap-directory = Households in an LDAP directory
help-look-for-households = Look for households
help-a-mailbox-a-name-or-a-key-word = A mailbox, a name or a key word
help-take-a-household-from-there = Take a household from there, once you are sure of it
help-write-this-households-own-entry = Write this household's own entry
help-a-key-word-under-which-it = A key word under which it is found, too; may be given again
help-the-file-that-contact-export = The file that `contact export` wrote there
help-ask-a-household-by-mail = Ask a household by mail to introduce itself
help-hear-from-a-household-that = Hear from a household that wrote to us
help-all-households-known-here = All households known here
help-one-household-with-its-comparing = One household, with its comparing words
help-note-that-the-words-there = Note that the words there are the words here
help-what-was-read-out-there = What was read out there: the 24 words, or the digits
help-take-nothing-more-from-a = Take nothing more from a household
help-hear-from-it-again = Hear from it again
help-forget-a-household = Forget a household
help-this-households-own-certificates-for = This household's own certificates, for others to add
help-give-a-name-to-addresses = Give a name to addresses
help-the-name-such-as-grandma = The name, such as grandma
help-what-it-stands-for = What it stands for
help-all-names = All names
help-forget-a-name = Forget a name
help-the-name = The name
help-all-albums-and-items = All albums and items
help-the-items-of-one-album = The items of one album
help-its-name-or-short-id = Its name or short id
help-give-an-album-another-name = Give an album another name
help-the-new-name = The new name
help-remove-an-album-its-items = Remove an album; its items stay
help-put-items-into-an-album = Put items into an album, a new one where there is none of that name
help-the-items = The items
help-take-items-out-of-an = Take items out of an album; they are not deleted
help-items-newest-first = Items, newest first
help-words-that-name-or-caption = Words that name or caption hold, who added it, or when it was taken: May 2024
help-not-older-2024-2024-05 = Not older: 2024, 2024-05 or 2024-05-03
help-not-newer-all-of-that = Not newer; all of that year, month or day is in
help-of-this-album-its-name = Of this album: its name or short id
help-what-lies-in-the-bin = What lies in the bin
help-one-item-in-full = One item in full
help-say-what-it-shows-the = Say what it shows; the words travel with it when it is shared
help-what-to-write-nothing-takes = What to write; nothing takes the caption away
help-put-items-into-the-bin = Put items into the bin; after 30 days they are gone for good
help-take-items-out-of-the = Take items out of the bin
help-say-whether-items-are-for = Say whether items are for the person alone who added them
help-whether-they-are = Whether they are
help-only-to-this-household-whatever = Only to this household, whatever became of it there
help-send-a-share-once-more = Send a share once more, as it was: where it failed, came back or is missing, or to one household

# What the grammar says of a slip, line by line.
usage-error-unrecognized-subcommand = error: unrecognized subcommand '{ $word }'
usage-error-unexpected-argument-found = error: unexpected argument '{ $word }' found
usage-error-the-following-required-arguments = error: the following required arguments were not provided:
usage-error-invalid-value-for = error: invalid value '{ $value }' for '{ $what }': { $why }
usage-error-invalid-value-for-2 = error: invalid value '{ $value }' for '{ $what }'
usage-a-whole-number-of-seconds = a whole number of seconds, such as 60, is expected
usage-a-whole-number-from-to = a whole number from { $least } to { $most } is expected
usage-error-a-value-is-required = error: a value is required for '{ $what }' but none was supplied
usage-error-the-argument-cannot-be = error: the argument '{ $word }' cannot be used with '{ $other }'
usage-error-the-argument-cannot-be-used = error: the argument '{ $word }' cannot be used multiple times
usage-error-requires-a-subcommand-but = error: '{ $name }' requires a subcommand but one was not provided
usage-usage = Usage: { $usage }
usage-for-more-information-try-help = For more information, try '--help'.
usage-tip-a-similar-subcommand-exists = tip: a similar subcommand exists: '{ $word }'
usage-tip-a-similar-argument-exists = tip: a similar argument exists: '{ $word }'
usage-tip-some-similar-subcommands-exist = tip: some similar subcommands exist: { $words }
usage-tip-to-pass-as-a = tip: to pass '{ $word }' as a value, use '{ $how }'
usage-possible-values = {"["}possible values: { $values }]
usage-subcommands = {"["}subcommands: { $names }]

# invitations
invite-link = Hand this link over, by a way on which nobody else reads it:
invite-aloud = Or read out on the telephone the address { $mailbox } and these words:
invite-ends = It lets one household in, until { $time }. `hearthpost contact withdraw { $invitation }` takes it back.
invite-none = Nobody is invited. `hearthpost contact invite` makes an invitation.
invite-used-by = used by { $name }
invite-open = open until { $time }
invite-withdrawn = The invitation { $invitation } lets nobody in any more.
invite-asked = { $mailbox } is asked when mail goes out next (`hearthpost sync`). When it has answered, both households know each other.
invite-asked-again = This invitation of { $mailbox } is followed since { $since }, and has not been answered yet: it is asked once more when mail goes out next (`hearthpost sync`).
invite-instead = The first try with the same invitation, at { $mailbox }, is let go.
invite-joined-before = This invitation of { $mailbox } was followed before: both households know each other.
invite-not-let-in = not let in: { $why }
invite-unanswered = invited us; not answered yet: { $why }
invite-silent = invited us; no answer yet, since { $time }
help-invite-household = Invite a household: a link, or words to read out, that make both known to each other
help-invite-days = For how many days it lets in
help-invite-again = Show this one once more, which still lets in
help-invite-who = Who of this house invites, and is told { "[" }default: those who keep it]
help-invitations = The invitations that were given, and who came in with them
help-withdraw = Take an invitation back
help-invitation = The invitation
help-join = Follow an invitation of another household
help-join-what = The link, or the address and the twelve words; read from standard input where nothing is given
help-join-who = Who of this house follows it, and is told { "[" }default: those who keep it]
invite-state-open = open
invite-state-used = used
invite-state-ended = ended
invite-state-withdrawn = withdrawn

keyword-suggested = { $address }, suggested by { $name }

# And besides.
help-send-it-once-to-this-household = Send it once, to this household, which passes it on to the others
help-it-may = It may
help-it-may-not = It may not
help-let-a-household-use-this-one = Let a household use this one as a relay, which passes on to others for it, or not any more
help-a-home-or-a-relay = A home of people, or a relay, which has none and only carries for others what it cannot open
help-a-home = A home of people
help-it-carries = It carries for others
