//! Invitations given from here: a secret that goes from hand to hand, and the household that comes in with it.
//!
//! 1. [`Household::invite`] makes one: a link, and the same as words.
//! 2. Who holds it asks for our card. That is no stranger, so nobody is told, and nothing waits.
//! 3. A join whose code is good brings a card; the first one is let in and answered by our own card, with a code. Both
//!    are then checked, and nobody compared anything.
//!
//! It ends with its one use, by this box's clock, or when it is withdrawn. What comes then is refused, told to the other
//! side, which showed that it holds the secret, and to whoever gave the invitation. Without a good code nobody is answered.

pub mod joining;
pub(super) mod welcome;

use zeroize::Zeroizing;

use super::contacts::ended::refuse_own_end;
use super::site::home_page;
use super::words::clean_line;
use super::{Fault, Household};
use crate::address::{Mailbox, StationName};
use crate::album::{InvitationRow, Keys};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id, InvitationSecret, PartBuffer, open_part};
use crate::message::{Invitation, Named};

/// How many days an invitation lets in, where nothing else is said.
pub const DAYS: u32 = 7;
/// How many at most.
pub const MOST_DAYS: u32 = 90;
/// The most invitations that let in at one time.
const MAX_OPEN: usize = 50;
/// So long after its end an invitation is remembered, so that who is late learns why, in seconds.
const REMEMBERED: u64 = 30 * 86_400;
const DAY: u64 = 86_400;

/// An invitation to hand over.
pub struct Invited {
    /// What people type.
    pub reference: String,
    /// The link. Who has it comes in.
    pub link: Zeroizing<String>,
    /// Twelve words that do the same, together with the mailbox.
    pub words: Zeroizing<String>,
    /// The mailbox that goes with the words.
    pub mailbox: Mailbox,
    /// Until when it lets in.
    pub ends: Timestamp,
}

/// An invitation as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What people type.
    pub reference: String,
    /// Who of the house gave it; `None`: somebody at the command line.
    pub person: Option<StationName>,
    /// When.
    pub made: Timestamp,
    /// Until when it lets in.
    pub ends: Timestamp,
    /// How it stands.
    pub state: GivenState,
    /// Who came in with it: name and fingerprint.
    pub household: Option<(String, Fingerprint)>,
    /// When somebody last asked for our card with it.
    pub asked: Option<Timestamp>,
    /// What came with it last and was refused, in words.
    pub trouble: Option<String>,
}

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenState {
    /// It lets in.
    Open,
    /// Somebody came in.
    Used,
    /// Its time is over.
    Ended,
    /// It was taken back.
    Withdrawn,
}

impl GivenState {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            GivenState::Open => "open",
            GivenState::Used => "used",
            GivenState::Ended => "ended",
            GivenState::Withdrawn => "withdrawn",
        }
    }

    fn of(row: &InvitationRow, now: Timestamp) -> Self {
        match (row.joined, row.withdrawn) {
            (Some(_), _) => GivenState::Used,
            (None, true) => GivenState::Withdrawn,
            (None, false) if row.ends <= now => GivenState::Ended,
            (None, false) => GivenState::Open,
        }
    }
}

impl Household {
    /// Makes an invitation that lets one household in within so many days. `person`: who gives it, and is told.
    pub fn invite(
        &mut self,
        person: Option<&StationName>,
        days: u32,
        now: Timestamp,
    ) -> Result<Invited, Fault> {
        if !(1..=MOST_DAYS).contains(&days) {
            let words = format!("an invitation lets in for 1 to {MOST_DAYS} days");
            return Err(Fault::usage("days", words));
        }
        if let Some(person) = person {
            self.refuse_unknown_person(person)?;
        }
        refuse_own_end(self.album.rows(), self.me())?;
        let secret = InvitationSecret::random();
        let file = Id::random();
        let row = InvitationRow {
            reference: Digest::of(format!("hearthpost invitation {file}").as_bytes()).to_string()
                [..8]
                .to_owned(),
            file,
            secret: seal_secret(&self.keys, file, &secret)?,
            person: person.cloned(),
            made: now,
            ends: now.plus_seconds(u64::from(days) * DAY),
            withdrawn: false,
            asked: None,
            joined: None,
            trouble: None,
        };
        crate::crash::point("invite.before_commit");
        self.album.commit(|rows| {
            let open = |row: &InvitationRow| GivenState::of(row, now) == GivenState::Open;
            let rows_open = rows.invitations()?.iter().filter(|row| open(row)).count();
            if rows_open >= MAX_OPEN {
                let words = format!("{MAX_OPEN} invitations wait to be used");
                return Err(Fault::new("quota", words)
                    .hint("`hearthpost contact invitations` shows them, and `hearthpost contact withdraw` ends one"));
            }
            Ok(rows.add_invitation(&row)?)
        })?;
        crate::crash::point("invite.after_commit");
        self.invited(&row, secret)
    }

    /// An invitation that still lets in, to be handed over once more.
    pub fn invitation(&self, reference: &str, now: Timestamp) -> Result<Invited, Fault> {
        let row = self.album.rows().invitation(reference)?;
        let row = row.ok_or_else(|| no_invitation(reference))?;
        if GivenState::of(&row, now) != GivenState::Open {
            let words = format!("the invitation {} lets nobody in any more", row.reference);
            return Err(Fault::new("invitation_over", words)
                .hint("make a new one: `hearthpost contact invite`"));
        }
        let secret = open_secret(&self.keys, row.file, &row.secret)?;
        self.invited(&row, secret)
    }

    fn invited(&self, row: &InvitationRow, secret: InvitationSecret) -> Result<Invited, Fault> {
        let words = secret.words();
        let invitation = Invitation {
            mailbox: self.config.mailbox.clone(),
            secret,
            named: Some(Named {
                inviter: self.me(),
                ends: row.ends,
            }),
        };
        let link = invitation.link(&home_page(&self.config));
        Ok(Invited {
            reference: row.reference.clone(),
            link: link.expect("the inviter is named"),
            words,
            mailbox: invitation.mailbox,
            ends: row.ends,
        })
    }

    /// All invitations that are remembered, the newest first.
    pub fn invitations(&self, now: Timestamp) -> Result<Vec<Given>, Fault> {
        let rows = self.album.rows();
        let mut given = Vec::new();
        for row in rows.invitations()? {
            let household = match row.joined {
                None => None,
                Some((who, _)) => {
                    let name = rows.contact(who)?.map(|contact| clean_line(&contact.name));
                    let forgotten = || "a household that was forgotten".to_owned();
                    Some((name.unwrap_or_else(forgotten), who))
                }
            };
            given.push(Given {
                state: GivenState::of(&row, now),
                reference: row.reference,
                person: row.person,
                made: row.made,
                ends: row.ends,
                household,
                asked: row.asked,
                trouble: row.trouble,
            });
        }
        Ok(given)
    }

    /// Takes an invitation back.
    pub fn withdraw_invitation(&mut self, reference: &str) -> Result<(), Fault> {
        self.album.commit(|rows| {
            if rows.withdraw_invitation(reference)? {
                return Ok(());
            }
            match rows.invitation(reference)? {
                None => Err(no_invitation(reference)),
                Some(_) => Err(Fault::new(
                    "used",
                    format!("somebody came in with the invitation {reference} already"),
                )
                .hint("`hearthpost contact block` keeps that household out")),
            }
        })
    }

    /// Forgets invitations that are long over.
    pub(super) fn forget_invitations(&mut self, floor: Timestamp) -> Result<(), Fault> {
        let until = floor.minus_seconds(REMEMBERED);
        let old = |row: &InvitationRow| row.ends < until;
        if self.album.rows().invitations()?.iter().any(old) {
            self.album.commit(|rows| rows.forget_invitations(until))?;
        }
        Ok(())
    }
}

/// The secret of an invitation as it stands in a row: sealed under the storage key, by a name of its own.
pub(super) fn seal_secret(
    keys: &Keys,
    file: Id,
    secret: &InvitationSecret,
) -> Result<Vec<u8>, Fault> {
    let mut buffer = PartBuffer::default();
    buffer
        .fill(&mut &secret.as_bytes()[..])
        .map_err(|error| Fault::new("system", error.to_string()))?;
    Ok(buffer.seal_undigested(&keys.storage.file(file))?.to_vec())
}

pub(super) fn open_secret(keys: &Keys, file: Id, sealed: &[u8]) -> Result<InvitationSecret, Fault> {
    let mut der = Zeroizing::new(sealed.to_vec());
    let plain = open_part(&mut der, &keys.storage.file(file))?;
    let bytes = <[u8; 16]>::try_from(&*plain)
        .map_err(|_| Fault::new("database", "a sealed invitation of another length"))?;
    Ok(InvitationSecret::from_bytes(bytes))
}

fn no_invitation(reference: &str) -> Fault {
    let shown: String = reference.chars().take(40).collect();
    Fault::usage(
        "unknown_invitation",
        format!("there is no invitation {shown:?}"),
    )
    .hint("`hearthpost contact invitations` shows them")
}
