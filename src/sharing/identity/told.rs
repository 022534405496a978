//! Who is told that an identity of this household has ended: whoever has its card, for they may trust it, or that of another
//! one of before. That is not the same as who is heard here; some were never let in, or were blocked or forgotten since.

use super::Ending;
use crate::address::Mailbox;
use crate::album::{Contact, Keys, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::ingest::judge::Judge;
use crate::sharing::notify::daily::{Mails, one_more_today, one_more_with};
use crate::sharing::{Fault, Household};

impl Household {
    /// Tells those who learnt since of an identity of before that it has ended.
    pub(in crate::sharing) fn tell_who_knows_us_of_before(
        &mut self,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let keys = &self.keys;
        let former = all_former(keys);
        if former.is_empty() || !self.album.rows().is_end_untold(&former)? {
            return Ok(());
        }
        let mailbox = &self.config.mailbox;
        self.album
            .commit(|rows| tell_of_ends(rows, keys, mailbox, now))
    }
}

impl Judge<'_> {
    /// Who writes to an identity of before does not know that it has ended, unless the two letters crossed.
    pub(in crate::sharing) fn tell_who_wrote_to(
        &self,
        rows: Rows<'_>,
        former: Fingerprint,
        (contact, mailbox): (Option<&Contact>, &Mailbox),
        written: Timestamp,
    ) -> Result<(), Fault> {
        let mailbox = contact.map_or(mailbox, |contact| &contact.mailbox);
        if mailbox == self.writer.mailbox {
            return Ok(());
        }
        let (now, mails) = (self.now.now, Mails::Ends);
        let may = match contact.filter(|one| one.is_heard()) {
            Some(contact) => one_more_today(rows, mails, contact.fingerprint, now)?,
            None => one_more_with(rows, mails, "strangers", now)?,
        };
        if may {
            rows.put_introduced(former, mailbox, now)?;
            rows.tell_of_ends_again(mailbox, written)?;
        }
        Ok(())
    }

    /// Who asks with an invitation that was given before the identity was replaced looks for that one.
    pub(in crate::sharing) fn tell_who_was_invited_before(
        &self,
        rows: Rows<'_>,
        mailbox: &Mailbox,
    ) -> Result<(), Fault> {
        for one in &self.keys.former {
            rows.put_introduced(one.fingerprint(), mailbox, self.now.now)?;
        }
        Ok(())
    }
}

/// What went to a household before it was noted, or by other ways than mail.
pub(super) fn note_who_has_our_card(
    rows: Rows<'_>,
    who: Fingerprint,
    contacts: &[Contact],
    now: Timestamp,
) -> Result<(), Fault> {
    for contact in contacts {
        let was_answered = contact.card_answered > Timestamp::from_unix(0);
        if contact.accepted || contact.trust > Trust::Pending || was_answered {
            rows.put_introduced(who, &contact.mailbox, now)?;
        }
    }
    Ok(())
}

fn all_former(keys: &Keys) -> Vec<Fingerprint> {
    keys.former.iter().map(|one| one.fingerprint()).collect()
}

/// Puts the word into the outbox for all who have the card of an identity of before, and were not told: the word of each of
/// them, also of one that they never heard of. Whoever has its keys could say there that it is the one of now.
pub(super) fn tell_of_ends(
    rows: Rows<'_>,
    keys: &Keys,
    from: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.introduce_of_all(&all_former(keys))?;
    for former in &keys.former {
        let who = former.fingerprint();
        let untold = rows.untold_of_end(who)?;
        if untold.is_empty() {
            continue;
        }
        let ending = Ending::sign(former, from, now)?;
        for mailbox in &untold {
            let message = ending.queue(rows, from, mailbox, now)?;
            rows.set_told_of_end(who, mailbox, message, now)?;
        }
    }
    Ok(())
}
