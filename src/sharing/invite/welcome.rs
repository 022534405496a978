//! Who comes with an invitation that was given here: let in by a good code, once, and otherwise told why not.

use crate::address::Mailbox;
use crate::album::{Contact, InvitationRow, News, Rows};
use crate::envelope::{Card, Fingerprint, Id, InvitationSecret};
use crate::message::{Answer, Body, CardRequest, Code, Join, JoinAnswer, Letter, SignedCard};
use crate::sharing::Fault;
use crate::sharing::contacts::card_request::ask_for_card;
use crate::sharing::contacts::claims::note_claim;
use crate::sharing::contacts::introduction::own_card_letter;
use crate::sharing::contacts::met::{card_of, meet};
use crate::sharing::contacts::said_again::say_again;
use crate::sharing::ingest::judge::{Judge, Judged, refused};
use crate::sharing::invite::open_secret;
use crate::sharing::notify::daily::{Mails, one_more_with};
use crate::sharing::words::clean_name;

/// So often a mailbox that has not answered is asked whether it does, in seconds.
const DAY: u64 = 86_400;

impl Judge<'_> {
    /// Whether a letter, of whomever, belongs to an invitation that was given or is followed here: it is no stranger's.
    pub(in crate::sharing) fn is_invited(
        &self,
        rows: Rows<'_>,
        letter: &Letter,
    ) -> Result<bool, Fault> {
        let from = letter.header.from;
        Ok(match &letter.body {
            Body::CardRequest(request) => self.asked_with(rows, from, request.nonce)?.is_some(),
            Body::Join(join) => match SignedCard::read(&join.card, from) {
                Ok(card) => self.joined_with(rows, join, &card)?.is_some(),
                Err(_) => false,
            },
            Body::JoinAnswer(answer) => rows.joining_of_letter(answer.join, from)?.is_some(),
            _ => false,
        })
    }

    /// The invitation with whose secret a household asks for our card.
    pub(in crate::sharing) fn asked_with(
        &self,
        rows: Rows<'_>,
        from: Fingerprint,
        nonce: Id,
    ) -> Result<Option<InvitationRow>, Fault> {
        for row in rows.invitations()? {
            let secret = open_secret(self.keys, row.file, &row.secret)?;
            if secret.ask(from) == nonce {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The invitation with whose secret a join was made, for us and over this card.
    fn joined_with(
        &self,
        rows: Rows<'_>,
        join: &Join,
        card: &SignedCard,
    ) -> Result<Option<(InvitationRow, InvitationSecret)>, Fault> {
        let me = self.keys.identity.fingerprint();
        for row in rows.invitations()? {
            let secret = open_secret(self.keys, row.file, &row.secret)?;
            if secret.join(me, card.digest) == join.mac {
                return Ok(Some((row, secret)));
            }
        }
        Ok(None)
    }

    /// Gives our card to who asks with an invitation. Nothing of the asker is kept yet.
    pub(in crate::sharing) fn answer_invited(
        &self,
        rows: Rows<'_>,
        letter: &Letter,
        request: &CardRequest,
        invitation: &InvitationRow,
    ) -> Result<(), Fault> {
        let card = card_of(&request.certificates, letter)?;
        rows.set_invitation_asked(&invitation.reference, self.now.now)?;
        if !one_more_with(rows, Mails::Invited, &invitation.reference, self.now.now)? {
            return Ok(());
        }
        let own = own_card_letter(
            self.keys,
            &self.config.name,
            self.writer.mailbox,
            Some(request.nonce),
        );
        if invitation.withdrawn {
            self.tell_who_was_invited_before(rows, &request.mailbox)?;
        }
        self.write_to(rows, &Body::Card(own), &card, &request.mailbox)
    }

    /// A household comes in.
    pub(in crate::sharing) fn take_join(
        &self,
        rows: Rows<'_>,
        letter: &Letter,
        join: &Join,
    ) -> Result<Judged, Fault> {
        if let Some(judged) = self.check_age(letter)? {
            return Ok(judged);
        }
        let (from, now) = (letter.header.from, self.now.now);
        let signed = match SignedCard::read(&join.card, from) {
            Ok(signed) => signed,
            Err(refused) => return Ok(Judged::Refused(refused)),
        };
        let card = match card_of(&signed.card.certificates, letter) {
            Ok(card) => card,
            Err(fault) => return Ok(refused(Code::Signature, &fault.message)),
        };
        let Some((invitation, secret)) = self.joined_with(rows, join, &signed)? else {
            self.tell_of_strange_join(rows)?;
            let words = "a join whose code fits no invitation of this house";
            return Ok(refused(Code::Signature, words));
        };
        let comer = Comer {
            letter,
            invitation: &invitation,
            card: &card,
            signed: &signed,
        };
        if invitation.joined.is_some_and(|(who, _)| who == from) {
            // Our welcome may have been lost. That it is in does not change.
            if self.may_answer(rows, from)? {
                self.welcome(rows, &comer, &secret)?;
            }
            if let Some(contact) = rows.contact(from)?.filter(|one| one.unproven) {
                ask_for_card(rows, &self.writer, &contact.mailbox, DAY)?;
            }
            return Ok(Judged::Taken);
        }
        if invitation.joined.is_some() {
            return self.turn_away(rows, &comer, Answer::Used);
        }
        if invitation.withdrawn {
            return self.turn_away(rows, &comer, Answer::Ended);
        }
        if invitation.ends <= now {
            return match self.now.confirmed {
                true => self.turn_away(rows, &comer, Answer::Ended),
                false => Ok(Judged::Waits("clock".to_owned())),
            };
        }
        let known = rows.contact(from)?;
        let contact = known.unwrap_or_else(|| Contact::stranger(&card.identity, now));
        let claim = Contact {
            mailbox: signed.card.mailbox.clone(),
            ..contact.clone()
        };
        if note_claim(rows, &claim, now)? {
            return self.turn_away(rows, &comer, Answer::No);
        }
        let proven = contact.is_proven();
        let before = contact.mailbox.clone();
        let mut contact = meet(rows, contact, &card, &signed, now)?;
        if !proven || contact.mailbox != before {
            // Where it is says nobody but itself: until that mailbox answers nothing else goes there.
            contact.unproven = true;
            rows.put_contact(&contact)?;
            ask_for_card(rows, &self.writer, &contact.mailbox, DAY)?;
        }
        say_again(rows, &self.writer, &contact)?;
        rows.set_invitation_joined(&invitation.reference, from, now)?;
        self.welcome(rows, &comer, &secret)?;
        let news = News::Met(contact.name.clone());
        rows.put_news(invitation.person.as_ref(), &news, now)?;
        tracing::info!(invitation = %invitation.reference, who = %from.short(), "a household came in");
        Ok(Judged::Taken)
    }

    fn welcome(
        &self,
        rows: Rows<'_>,
        comer: &Comer<'_>,
        secret: &InvitationSecret,
    ) -> Result<(), Fault> {
        let own = own_card_letter(self.keys, &self.config.name, self.writer.mailbox, None);
        let (card, digest) = SignedCard::write(own, &self.keys.identity, self.now.now)?;
        let body = Body::JoinAnswer(JoinAnswer {
            join: comer.letter.header.id,
            answer: Answer::Welcome,
            card: Some(card),
            mac: Some(secret.welcome(comer.letter.header.from, digest)),
        });
        self.write_to(rows, &body, comer.card, &comer.signed.card.mailbox)
    }

    /// Tells both sides why a household that holds the secret is not let in.
    fn turn_away(
        &self,
        rows: Rows<'_>,
        comer: &Comer<'_>,
        answer: Answer,
    ) -> Result<Judged, Fault> {
        let (from, now) = (comer.letter.header.from, self.now.now);
        let mailbox = &comer.signed.card.mailbox;
        let name = clean_name(&comer.signed.card.name, mailbox.as_str());
        let (code, why) = match answer {
            Answer::Used => (
                Code::Replayed,
                "an invitation that another household had used before",
            ),
            Answer::Ended if comer.invitation.withdrawn => {
                (Code::Stale, "an invitation that was withdrawn")
            }
            Answer::Ended => (Code::Stale, "an invitation that was over"),
            Answer::No | Answer::Welcome => (
                Code::Addressee,
                "an invitation, from a mailbox at which another household is known",
            ),
        };
        let reference = &comer.invitation.reference;
        if one_more_with(rows, Mails::TurnedAway, reference, now)? {
            let words = format!("{name} ({mailbox}) came with {why}");
            rows.set_invitation_trouble(reference, &words)?;
            let news = News::Failed(words);
            rows.put_news(comer.invitation.person.as_ref(), &news, now)?;
            let body = Body::JoinAnswer(JoinAnswer {
                join: comer.letter.header.id,
                answer,
                card: None,
                mac: None,
            });
            self.write_to(rows, &body, comer.card, mailbox)?;
        }
        // The same letter in a folder made anew is not told again.
        rows.put_letter_seen(from, comer.letter.header.id, now)?;
        Ok(refused(code, &format!("a join with {why}")))
    }

    /// Somebody without the secret tried, or a link was changed on its way. Told once a day, and only where anybody is
    /// invited at all; who it was is their own choice of a name, and is not told.
    fn tell_of_strange_join(&self, rows: Rows<'_>) -> Result<(), Fault> {
        const TOLD: &str = "strange join told";
        let today = self.now.now.to_string()[..10].to_owned();
        let invitations = rows.invitations()?;
        let told = rows.setting(TOLD)?.is_some_and(|day| day == today);
        if told || invitations.is_empty() {
            return Ok(());
        }
        rows.set_setting(TOLD, &today)?;
        let words = "Somebody came with an invitation that is not one of this house, or was changed on its way";
        let news = News::Failed(words.to_owned());
        let mut people: Vec<_> = invitations.into_iter().map(|row| row.person).collect();
        people.sort_unstable();
        people.dedup();
        for person in people {
            rows.put_news(person.as_ref(), &news, self.now.now)?;
        }
        Ok(())
    }

    /// Writes to a household that need not be a contact, by the certificates that it brought.
    fn write_to(
        &self,
        rows: Rows<'_>,
        body: &Body,
        card: &Card,
        mailbox: &Mailbox,
    ) -> Result<(), Fault> {
        let Some(certificate) = card.current(self.now.now) else {
            return Ok(());
        };
        let to = card.identity.fingerprint();
        let letter = self
            .writer
            .write(body, to, mailbox, certificate, self.now.now)?;
        letter.queue(rows, mailbox, None, None, self.now.now)?;
        Ok(())
    }
}

/// Who comes with a good code.
struct Comer<'c> {
    letter: &'c Letter,
    invitation: &'c InvitationRow,
    card: &'c Card,
    signed: &'c SignedCard,
}
