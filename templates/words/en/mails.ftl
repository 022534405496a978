# Mails to the people of the house.

notice-hello = Hello { $person },
notice-hello-nobody = Hello,
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
notice-mail-moved = Mail from your box does not come to this address any more
notice-mail-moved-what = It was changed where you are told of what concerns your household: this is the last mail to this address. If that was not you, somebody has your password or a browser of yours: choose a new password, sign out elsewhere, and put your address back, in the settings.
notice-mail-silenced = Your box tells you nothing by mail any more
notice-mail-silenced-what = It was chosen that you are told by no mail: this is the last one, and what you should know of identities does not come by mail either. If that was not you, somebody has a browser of yours or your password: choose a new password, sign out elsewhere, and choose again when you are told, in the settings.
notice-own-ended = The identity of your own household has ended
notice-own-ended-what = Somebody sent the message that ends the identity of your own household: others take nothing more from it. Give it a new one, in the settings, under Identity of this household; then the others compare words with you again.
notice-ended = { $begins ->
    [later] the
   *[first] The
} identity of { $household } has ended
notice-ended-several = { $count } households say that their identity has ended
notice-ended-what = The identity of { $household } has ended; that household said so itself, as after a stolen box. Nothing of it is taken any more and nothing goes to it, for good. What it shared stays. Should somebody say that they are the new one, compare words with the people you know.
notice-claimed = { $begins ->
    [later] another
   *[first] Another
} household claims the mailbox of { $household }
notice-claimed-several = The mailboxes of { $count } households are claimed by others
notice-claimed-what = Another household says that the mailbox of { $household } is its own. Perhaps they began anew, perhaps somebody pretends to be them: nothing of it is shown or taken. Ring up the people you know, and let it take the place of the old one only if its words are those that they read out.
notice-asks = { $begins ->
    [later] somebody
   *[first] Somebody
} of { $household } asks for more
notice-asks-several = { $count } households ask for more
notice-waits = { $begins ->
    [later] a
   *[first] A
} household waits to be accepted
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
notice-unconfirmed = { $household } has not confirmed what went by way of others
notice-unconfirmed-several = { $count } households have not confirmed what went by way of others
notice-unconfirmed-what = Something that was shared with { $household } went by way of another household, and for 30 days nothing was heard of it. On its page, under what is shared, it can be sent again, straight.
notice-invitation-failed = { $begins ->
    [later] an
   *[first] An
} invitation led to nothing
