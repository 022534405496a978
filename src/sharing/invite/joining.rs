//! Invitations of others, as this household follows them: ask for the inviter's card, send our own with a code, and be
//! welcomed. Only a welcome whose code is good makes the inviter a contact, and that one is checked.

use crate::address::{Mailbox, StationName};
use crate::album::{Contact, Joining, JoiningState, News, Rows};
use crate::encoding::Timestamp;
use crate::envelope::{Card, Fingerprint, Id};
use crate::message::{
    Answer, Body, CardLetter, Code, Invitation, Join, JoinAnswer, Letter, NotAnInvitation,
    SignedCard,
};
use crate::sharing::contacts::card_request::queue_card_request_with;
use crate::sharing::contacts::claims::{note_claim, refuse_second_identity};
use crate::sharing::contacts::ended::refuse_ended_identity;
use crate::sharing::contacts::introduction::own_card_letter;
use crate::sharing::contacts::met::{card_of, meet};
use crate::sharing::contacts::moved::{follow_typed, mail_follows};
use crate::sharing::contacts::said_again::say_again;
use crate::sharing::contacts::typed::is_typed;
use crate::sharing::correspond::Writer;
use crate::sharing::ingest::judge::{Judge, Judged, refused};
use crate::sharing::invite::{open_secret, seal_secret};
use crate::sharing::words::{clean_line, english_time};
use crate::sharing::{Fault, Household, Now};

/// How often an inviter is asked that has not answered, in seconds.
const ASK_AGAIN: u64 = 86_400;
/// How long.
const ASK_FOR: u64 = 30 * 86_400;
/// The most invitations that are followed at one time.
const MAX_OPEN: usize = 50;

/// An invitation that was begun to be followed.
#[derive(Debug, Clone)]
pub struct Following {
    /// How far it got.
    pub joining: Joining,
    /// Where the same invitation was followed before: a mailbox that was mistyped, and is not asked any more.
    pub instead_of: Option<Mailbox>,
}

impl Household {
    /// Follows an invitation: a link, or a mailbox and twelve words. `person`: who follows it, and is told. One that let
    /// this household in already is left as it is; one that waits for its answer is asked for once more. The same words at
    /// another mailbox take the place of what was tried before. A link that is over by a confirmed clock is refused.
    pub fn join(
        &mut self,
        text: &str,
        person: Option<&StationName>,
        time: Now,
    ) -> Result<Following, Fault> {
        let now = time.now;
        let invitation = read_invitation(text)?;
        if let Some(person) = person {
            self.refuse_unknown_person(person)?;
        }
        let me = self.me();
        let inviter = invitation.named.map(|named| named.inviter);
        let own = match inviter {
            Some(inviter) => inviter == me || invitation.mailbox == self.config.mailbox,
            None => is_typed(&invitation.mailbox, &self.config.mailbox),
        };
        if own {
            let words = "that is an invitation of this household itself";
            return Err(Fault::usage("self", words).hint("hand it over to the other household"));
        }
        let file = Id::random();
        let mut joining = Joining {
            mailbox: invitation.mailbox.clone(),
            nonce: invitation.secret.ask(me),
            inviter,
            ends: invitation.named.map(|named| named.ends),
            file,
            secret: seal_secret(&self.keys, file, &invitation.secret)?,
            person: person.cloned(),
            begun: now,
            asked: now,
            sent: None,
            state: JoiningState::Asked,
            reason: None,
        };
        let (keys, own) = (&self.keys, &self.config.mailbox);
        crate::crash::point("join.before_commit");
        let begun = self.album.commit(|rows| {
            let before = rows.joining_of_nonce(joining.nonce)?;
            if let Some(before) = &before {
                match before.state {
                    JoiningState::Joined => {
                        return Ok(Following {
                            joining: before.clone(),
                            instead_of: None,
                        });
                    }
                    JoiningState::Asked | JoiningState::Sent
                        if before.mailbox == joining.mailbox =>
                    {
                        joining.begun = before.begun;
                    }
                    JoiningState::Asked | JoiningState::Sent | JoiningState::Refused => {}
                }
            }
            if let Some(ends) = joining.ends.filter(|ends| *ends <= time.floor) {
                return Err(over(ends));
            }
            if let Some(inviter) = inviter {
                refuse_second_identity(rows, &joining.mailbox, inviter)?;
                refuse_ended_identity(rows, inviter)?;
                refuse_blocked(rows, inviter)?;
            }
            let others = rows.joinings()?;
            let open = |one: &&Joining| {
                one.is_open() && one.mailbox != joining.mailbox && one.nonce != joining.nonce
            };
            if others.iter().filter(open).count() >= MAX_OPEN {
                let words = format!("{MAX_OPEN} invitations of others wait for an answer");
                return Err(Fault::new("quota", words));
            }
            // In the place of an earlier try, and of a question without an invitation.
            rows.forget_card_requests(&joining.mailbox)?;
            let before = before.map(|before| before.mailbox);
            let instead_of = before.filter(|mailbox| *mailbox != joining.mailbox);
            if let Some(mailbox) = &instead_of {
                let_go(rows, mailbox, joining.nonce)?;
            }
            rows.put_joining(&joining)?;
            queue_card_request_with(rows, keys, own, &joining.mailbox, joining.nonce, now)?;
            Ok::<_, Fault>(Following {
                joining,
                instead_of,
            })
        })?;
        crate::crash::point("join.after_commit");
        Ok(begun)
    }

    /// The invitations of others that are or were followed, the newest first.
    pub fn joinings(&self) -> Result<Vec<Joining>, Fault> {
        Ok(self.album.rows().joinings()?)
    }

    /// Asks inviters again that have not answered, for a while, and forgets what is long over.
    pub(in crate::sharing) fn ask_inviters_again(&mut self, now: Now) -> Result<(), Fault> {
        // It is over by a clock that is confirmed alone.
        let (now, floor) = (now.now, now.floor);
        let due: Vec<Joining> = self
            .album
            .rows()
            .joinings()?
            .into_iter()
            .filter(|one| match one.is_open() {
                true => one.asked.plus_seconds(ASK_AGAIN) <= now,
                false => one.begun.plus_seconds(ASK_FOR) <= floor,
            })
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        let (keys, own) = (&self.keys, &self.config.mailbox);
        crate::crash::point("join_again.before_commit");
        self.album.commit(|rows| {
            for mut joining in due {
                let over = joining.begun.plus_seconds(ASK_FOR) <= floor;
                match (joining.is_open(), over) {
                    (false, _) => {
                        rows.forget_joining(&joining.mailbox)?;
                    }
                    (true, true) => {
                        let words = "no answer came; perhaps the address is wrong, or that box does not run";
                        end(rows, joining, words.to_owned(), now)?;
                    }
                    (true, false) => {
                        joining.asked = now;
                        // Whatever was lost on the way: the next card is answered by a join once more.
                        joining.state = JoiningState::Asked;
                        rows.put_joining(&joining)?;
                        let (mailbox, nonce) = (&joining.mailbox, joining.nonce);
                        rows.end_card_request(nonce)?;
                        queue_card_request_with(rows, keys, own, mailbox, nonce, now)?;
                    }
                }
            }
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("join_again.after_commit");
        Ok(())
    }
}

/// Lets go of an invitation that was followed at a mailbox where its inviter is not: what has not gone out does not go.
fn let_go(rows: Rows<'_>, mailbox: &Mailbox, nonce: Id) -> Result<(), Fault> {
    rows.cancel_card_request(nonce)?;
    rows.end_card_request(nonce)?;
    rows.forget_card_requests(mailbox)?;
    rows.forget_joining(mailbox)?;
    Ok(())
}

fn over(ends: Timestamp) -> Fault {
    let words = format!("the invitation ended on {}", english_time(ends));
    Fault::new("invitation_over", words).hint("ask the household that gave it for a new one")
}

/// When an inviter is next to be asked.
pub(in crate::sharing) fn next_ask(rows: Rows<'_>) -> Result<Option<Timestamp>, Fault> {
    let asked = rows.joining_asked_first()?;
    Ok(asked.map(|asked| asked.plus_seconds(ASK_AGAIN)))
}

impl Joining {
    /// Whether an answer is still waited for.
    pub fn is_open(&self) -> bool {
        matches!(self.state, JoiningState::Asked | JoiningState::Sent)
    }

    /// Whether it is an invitation of that identity, as far as is known.
    pub(in crate::sharing) fn is_of(&self, who: Fingerprint) -> bool {
        self.inviter == Some(who) || self.sent.is_some_and(|(_, to)| to == who)
    }
}

/// Reads what somebody pasted or typed. Nothing of it is repeated in the fault.
pub fn read_invitation(text: &str) -> Result<Invitation, Fault> {
    text.parse().map_err(|error: NotAnInvitation| {
        let hint = match error {
            NotAnInvitation::Form | NotAnInvitation::Mailbox => {
                "paste the whole link, or type the address of the other box and the twelve words"
            }
            NotAnInvitation::Damaged => "copy the whole link once more",
            NotAnInvitation::Several => "paste one of them",
            NotAnInvitation::Version => "bring this box up to date",
            NotAnInvitation::Words => "have the words read out once more",
        };
        Fault::usage("invitation", error.to_string()).hint(hint)
    })
}

/// The card of an inviter that was asked for it with the secret. It is answered by our own, with a code that is good for
/// the true inviter alone: so it may go to whoever answers, where the link did not say who that is.
pub(in crate::sharing) fn take_inviter_card(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    name: &str,
    (letter, received, card): (&Letter, &CardLetter, &Card),
    mut joining: Joining,
) -> Result<(), Fault> {
    let (from, now) = (letter.header.from, writer.now);
    let same = match joining.inviter {
        Some(inviter) => inviter == from && received.mailbox == joining.mailbox,
        None => is_typed(&joining.mailbox, &received.mailbox),
    };
    if !same {
        // Another one may have answered before it: the true one still can.
        let asked = &joining.mailbox;
        let words = match joining.inviter {
            Some(_) => format!(
                "who answered at {asked} is not who the invitation names: it was changed on its way, or somebody else answers there"
            ),
            None => format!(
                "who answered at {asked} has another address, {}: have the address read out once more",
                received.mailbox
            ),
        };
        tracing::warn!(mailbox = %joining.mailbox, answered = %from.short(), "an invitation names another household");
        if joining.reason.as_ref() != Some(&words) {
            let news = News::Failed(words.clone());
            rows.put_news(joining.person.as_ref(), &news, now)?;
            joining.reason = Some(words);
        }
        return Ok(rows.put_joining(&joining)?);
    }
    let Some(certificate) = card.current(now) else {
        return Ok(());
    };
    if joining.mailbox != received.mailbox {
        rows.forget_joining(&joining.mailbox)?;
        follow_typed(rows, &joining.mailbox, &received.mailbox)?;
        joining.mailbox = received.mailbox.clone();
    }
    let secret = open_secret(writer.keys, joining.file, &joining.secret)?;
    let own = own_card_letter(writer.keys, name, writer.mailbox, None);
    let (own, digest) = SignedCard::write(own, &writer.keys.identity, now)?;
    let body = Body::Join(Join {
        card: own,
        mac: secret.join(from, digest),
    });
    let join = writer.write(&body, from, &joining.mailbox, certificate, now)?;
    join.queue(rows, &joining.mailbox, None, None, now)?;
    joining.sent = Some((join.id, from));
    joining.state = JoiningState::Sent;
    joining.reason = None;
    Ok(rows.put_joining(&joining)?)
}

impl Judge<'_> {
    /// The answer of an inviter.
    pub(in crate::sharing) fn take_join_answer(
        &self,
        rows: Rows<'_>,
        letter: &Letter,
        answer: &JoinAnswer,
    ) -> Result<Judged, Fault> {
        let (from, now) = (letter.header.from, self.now.now);
        let joining = rows.joining_of_letter(answer.join, from)?;
        let Some(joining) = joining.filter(Joining::is_open) else {
            return Ok(refused(Code::Addressee, "an answer to what was not asked"));
        };
        let (Some(der), Some(mac)) = (&answer.card, answer.mac) else {
            let words = match answer.answer {
                Answer::Used => "another household came in with this invitation before",
                Answer::Ended | Answer::Welcome => "the invitation is over, or was withdrawn",
                Answer::No => "another household is known there under the address of this one",
            };
            end(rows, joining, words.to_owned(), now)?;
            return Ok(Judged::Taken);
        };
        let signed = match SignedCard::read(der, from) {
            Ok(signed) => signed,
            Err(refused) => return Ok(Judged::Refused(refused)),
        };
        let secret = open_secret(self.keys, joining.file, &joining.secret)?;
        let me = self.keys.identity.fingerprint();
        if secret.welcome(me, signed.digest) != mac {
            let words = "a welcome whose code is not that of the invitation";
            return Ok(refused(Code::Signature, words));
        }
        let card = match card_of(&signed.card.certificates, letter) {
            Ok(card) => card,
            Err(fault) => return Ok(refused(Code::Signature, &fault.message)),
        };
        if signed.card.mailbox != joining.mailbox {
            let words = "a welcome from another mailbox than was asked";
            return Ok(refused(Code::Addressee, words));
        }
        let known = rows.contact(from)?;
        let contact = known.unwrap_or_else(|| Contact::stranger(&card.identity, now));
        let claim = Contact {
            mailbox: signed.card.mailbox.clone(),
            ..contact.clone()
        };
        if note_claim(rows, &claim, now)? {
            let words = format!(
                "another household is known at {} already; remove that one first, and follow the invitation again",
                joining.mailbox
            );
            end(rows, joining, words, now)?;
            return Ok(Judged::Taken);
        }
        let before = contact.clone();
        let contact = meet(rows, contact, &card, &signed, now)?;
        say_again(rows, &self.writer, &contact)?;
        mail_follows(rows, &before, &contact, now)?;
        rows.forget_card_requests(&joining.mailbox)?;
        let news = News::Met(contact.name);
        rows.put_news(joining.person.as_ref(), &news, now)?;
        rows.put_joining(&Joining {
            state: JoiningState::Joined,
            secret: Vec::new(),
            reason: None,
            ..joining
        })?;
        tracing::info!(who = %from.short(), "an invitation was followed, and both have met");
        Ok(Judged::Taken)
    }
}

/// The invitations of an identity that has ended come to nothing.
pub(in crate::sharing) fn end_joining_of(
    rows: Rows<'_>,
    who: Fingerprint,
    now: Timestamp,
) -> Result<(), Fault> {
    for joining in rows.joinings()? {
        if joining.is_open() && joining.is_of(who) {
            let words = "the identity of that household has ended; ask it for a new invitation";
            end(rows, joining, words.to_owned(), now)?;
        }
    }
    Ok(())
}

/// It came to nothing: why is kept and told, the secret is not.
fn end(rows: Rows<'_>, joining: Joining, words: String, now: Timestamp) -> Result<(), Fault> {
    let told = format!("{}: {}", joining.mailbox, clean_line(&words));
    rows.put_news(joining.person.as_ref(), &News::Failed(told), now)?;
    rows.forget_card_requests(&joining.mailbox)?;
    Ok(rows.put_joining(&Joining {
        state: JoiningState::Refused,
        secret: Vec::new(),
        reason: Some(words),
        ..joining
    })?)
}

fn refuse_blocked(rows: Rows<'_>, who: Fingerprint) -> Result<(), Fault> {
    let blocked = rows.contact(who)?.filter(|contact| contact.blocked);
    blocked.map_or(Ok(()), |contact| Err(blocked_fault(&contact.mailbox)))
}

fn blocked_fault(mailbox: &Mailbox) -> Fault {
    let words = format!("the household at {mailbox} is blocked here");
    Fault::new("blocked", words).hint(format!("first `hearthpost contact unblock {mailbox}`"))
}
