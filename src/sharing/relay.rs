//! Passing on for others (Figure 6): a household that may use this one as a relay asks it in its grant. Once all parts are
//! here, a grant of this household's own is made for each that the grant names, or the finished letter is handed on; what is
//! over by then is forgotten (U8), and who asked is told (`relay/word.rs`). What is carried for others alone goes as soon as
//! the origin says that it arrived, and after 30 days in any case.

pub(super) mod asked;
pub(super) mod by_way;
pub(super) mod confirmed;
pub(super) mod jobs;
pub(super) mod late_word;
pub(super) mod never_went;
pub(super) mod not_passed;
pub(super) mod on_its_way;
pub(super) mod still_asked;
pub(super) mod stop;
pub(super) mod straight;
pub(super) mod unanswered;
pub(super) mod unsent;
pub(super) mod untold;
pub(super) mod word;
pub(super) mod word_about;

use std::collections::BTreeSet;

use self::by_way::KEPT;
use self::jobs::{entry_of, settle_job, stays_here};
use self::word::{tell_not_passed, to_be_told};
use super::contacts::ended::has_ended;
use super::contacts::{Whom, known};
use super::correspond::Writer;
use super::correspond::send::heard;
use super::opened::Openers;
use super::poll::look::judge_of;
use super::receipts::send_forwarded;
use super::share::granting::{Making, NewGrant, Recipient, queue_parts};
use super::share::ground::Ground;
use super::share::plan::rights;
use super::{Fault, Household, Now};
use crate::album::{
    Contact, Holding, HoldingState, Reason, RelayJob, RelayState, Share, ShareState,
};
use crate::config::Role;
use crate::encoding::Timestamp;
use crate::envelope::{Card, Digest, Fingerprint};
use crate::message::mime::{Outer, letter_message};
use crate::message::{RelayEntry, SignedManifest};

/// Something that goes on.
struct Onward {
    job: RelayJob,
    message_id: String,
    mail: Vec<u8>,
    parts: BTreeSet<Digest>,
    /// The grant that was made here; `None`: a letter that was handed on.
    grant: Option<NewGrant>,
    granter: Fingerprint,
}

/// What becomes of what is to be passed on.
enum Fate {
    Goes(Box<Onward>),
    /// It is forgotten, and who asked is told.
    Over,
    /// It stays: for its parts, or for a clock that can be believed.
    Later,
}

impl Household {
    /// Lets a household use this one as a relay, or not any more: then what has not left yet stays here, too.
    pub fn let_relay<'w>(
        &mut self,
        whom: impl Into<Whom<'w>>,
        allowed: bool,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let whom = whom.into();
        self.album.commit(|rows| {
            let contact = known(rows, whom)?;
            if allowed && rows.ended(contact.fingerprint)?.is_some() {
                return Err(has_ended(&contact.mailbox));
            }
            if allowed && !contact.is_heard() {
                let words = format!("{} is not accepted, or blocked", contact.mailbox);
                return Err(Fault::new("not_accepted", words)
                    .hint(format!("`hearthpost contact accept {}`", contact.mailbox)));
            }
            rows.set_relay_for(contact.fingerprint, allowed, now)?;
            if !allowed {
                for job in rows.passed_on_for(contact.fingerprint)? {
                    stays_here(rows, job, now)?;
                }
            }
            Ok(contact)
        })
    }

    /// A relay has nobody who shares or looks at anything.
    pub(super) fn refuse_without_people(&self) -> Result<(), Fault> {
        match self.config.role {
            Role::Home => Ok(()),
            Role::Relay => {
                let words = "this is a relay: it has no people, and only carries for others";
                Err(Fault::usage("relay", words)
                    .hint("make a home of its own for people: `hearthpost init`"))
            }
        }
    }

    /// Whether a household may use this one as a relay.
    pub fn relays_for(&self, who: Fingerprint) -> Result<bool, Fault> {
        Ok(self.album.rows().is_relay_for(who)?)
    }

    /// Passes on what others asked this household to, as far as it is here.
    pub(super) fn pass_on_for_others(&mut self, now: Now) -> Result<(), Fault> {
        for share in self.album.rows().shares_to_relay()? {
            // What nothing comes of may have been all that the rest waited for.
            let mut again = true;
            while again {
                let share = self.album.rows().share_by_id(share)?;
                again = self.pass_on_share(&share, now)?;
            }
        }
        Ok(())
    }

    /// The same of one share; gives whether something came to nothing.
    fn pass_on_share(&mut self, share: &Share, now: Now) -> Result<bool, Fault> {
        let rows = self.album.rows();
        let holdings = rows.holdings(share.id)?;
        let manifest = SignedManifest::verify(&rows.manifest(share.id)?)?;
        let (mut ready, mut over) = (Vec::new(), Vec::new());
        for job in rows.relay_jobs(share.id)? {
            if job.state != RelayState::Waits {
                continue;
            }
            // The word to who asked needs no holding that lives.
            let stands = |holding: &&Holding| {
                holding.id == job.holding
                    && (holding.state == HoldingState::Live || job.entry.is_empty())
            };
            let Some(holding) = holdings.iter().find(stands) else {
                over.push((job, None));
                continue;
            };
            match self.fate(share, &manifest, holding, &job, now)? {
                Fate::Goes(onward) => ready.push(*onward),
                Fate::Over => over.push((job, Some(holding))),
                Fate::Later => {}
            }
        }
        if ready.is_empty() && over.is_empty() {
            return Ok(false);
        }
        let judge = judge_of(&self.keys, &self.config, now);
        let writer = &judge.writer;
        let budget = self.config.smtp.message_budget;
        crate::crash::point("relay.before_commit");
        let ended = self.album.commit(|rows| {
            let mut ended = false;
            for (job, holding) in over {
                if let Some(holding) = holding
                    && !tell_not_passed(rows, writer, share, holding, job.household)?
                    && !is_past_telling(&job, now)
                {
                    // It is told once its card has come.
                    if !job.entry.is_empty() {
                        ended = true;
                        to_be_told(rows, job)?;
                    }
                    continue;
                }
                ended = true;
                tracing::info!(share = %share.reference, to = %job.mailbox, "what was to be passed on is over");
                settle_job(rows, job, RelayState::Over, now.now)?;
            }
            let mut to = Vec::new();
            for onward in ready {
                let Onward { job, message_id, mail, parts, grant, granter } = onward;
                let reason = Reason::Carried(job.holding);
                let whom = [(job.mailbox.clone(), reason.clone())];
                rows.queue_whole("letter", &message_id, &mail, Some(share.id), &whom, now.now)?;
                to.push((job.mailbox.clone(), reason, parts));
                if let Some(new) = &grant {
                    let of = (share.origin, share.wire);
                    send_forwarded(rows, writer, of, granter, &new.grant.chain)?;
                }
                tracing::info!(share = %share.reference, to = %job.mailbox, "passed on for another household");
                settle_job(rows, job, RelayState::Passed, now.now)?;
            }
            queue_parts(rows, share, &to, writer.mailbox, budget, now.now)?;
            if ended {
                judge.carry_less(rows, share)?;
            }
            Ok::<_, Fault>(ended)
        })?;
        crate::crash::point("relay.after_commit");
        if ended {
            self.drop_unheld(share)?;
        }
        Ok(ended)
    }

    /// What becomes of what is to be passed on to one household.
    fn fate(
        &self,
        share: &Share,
        manifest: &SignedManifest,
        holding: &Holding,
        job: &RelayJob,
        now: Now,
    ) -> Result<Fate, Fault> {
        let (rows, asker) = (self.album.rows(), holding.granter);
        // All that is left of it is the word to who asked.
        let only_word = job.entry.is_empty();
        if only_word
            || is_old(job, now)
            || !rows.is_relay_for(asker)?
            || heard(rows, asker)?.is_none()
        {
            return Ok(Fate::Over);
        }
        let fated = match entry_of(job) {
            Ok(entry) if is_over(&entry, now.floor) => return Ok(Fate::Over),
            // A clock in doubt passes nothing on that is over by it, and forgets nothing.
            Ok(entry) if share.state != ShareState::Complete || is_over(&entry, now.now) => {
                return Ok(Fate::Later);
            }
            Ok(entry) => self.onward(share, manifest, holding, (job, &entry), now),
            Err(fault) => Err(fault),
        };
        match fated {
            Ok(Some(onward)) => Ok(Fate::Goes(Box::new(onward))),
            Ok(None) => Ok(Fate::Over),
            Err(fault) if fault.is_of_disk() => Err(fault),
            Err(fault) => {
                tracing::warn!(to = %job.mailbox, trouble = %fault, "it is not passed on");
                Ok(Fate::Over)
            }
        }
    }

    /// What goes to one household; `None` where nothing may.
    fn onward(
        &self,
        share: &Share,
        manifest: &SignedManifest,
        holding: &Holding,
        (job, entry): (&RelayJob, &RelayEntry),
        now: Now,
    ) -> Result<Option<Onward>, Fault> {
        let rows = self.album.rows();
        let known = rows.contact(job.household)?;
        if known.as_ref().is_some_and(|contact| contact.blocked) {
            return Ok(None);
        }
        let writer = Writer::new(&self.keys, &self.config, now.now);
        if let Some(sealed) = &entry.sealed {
            let (own, to) = (self.config.mailbox.clone(), job.mailbox.clone());
            let outer = Outer::new(own, Some(to), now.now);
            return Ok(Some(Onward {
                mail: letter_message(&outer, "authEnveloped-data", &sealed.0),
                message_id: outer.message_id,
                parts: entry.parts(manifest.manifest()),
                grant: None,
                granter: holding.granter,
                job: job.clone(),
            }));
        }
        let mut openers = Openers::default();
        openers.of(rows, &self.keys, share.id)?;
        let Some(opened) = openers.get(share.id, holding.id) else {
            return Ok(None);
        };
        let Some(ground) = Ground::of_holding(holding, opened)? else {
            return Ok(None);
        };
        let household = Recipient {
            contact: Contact {
                mailbox: job.mailbox.clone(),
                ..contact_of(entry, known, now.now)?
            },
            stations: entry.stations.clone(),
        };
        let mut items = ground.items(manifest);
        items.retain(|item| entry.covers(item.id));
        let bounds = ground.bounds();
        let given = rights(&entry.stations, None, &items, bounds.as_ref(), now.now);
        let Some(mut given) = given else {
            return Ok(None);
        };
        given = given.of_share_with(manifest.manifest().items.len());
        given.keep_to(entry.tier);
        let making = Making {
            identity: &self.keys.identity,
            ground: &ground,
            manifest,
            issued: now.now,
            now: now.now,
        };
        let grant = making.grant(&household, &given)?;
        let letter = grant.write(&writer, manifest)?;
        Ok(Some(Onward {
            message_id: letter.message_id.clone(),
            mail: letter.into_mail(),
            parts: grant.expected.clone(),
            granter: holding.granter,
            grant: Some(grant),
            job: job.clone(),
        }))
    }
}

/// The household of an entry, as far as a grant needs it: with the newest of its certificates, that of the entry or one that
/// is known here.
fn contact_of(
    entry: &RelayEntry,
    known: Option<Contact>,
    now: Timestamp,
) -> Result<Contact, Fault> {
    let card = entry.card()?;
    let mut contact = Contact::stranger(&card.identity, now);
    contact.encryption = card
        .encryption
        .iter()
        .map(|one| one.der().to_vec())
        .collect();
    let Some(known) = known else {
        return Ok(contact);
    };
    // Of those that have not ended; each is signed by the identity, whoever named it.
    let begin = |card: &Card| card.current(now).map(|one| one.not_before());
    if known.card()?.as_ref().and_then(begin) > begin(&card) {
        contact.encryption = known.encryption;
        contact.identity = known.identity;
    }
    Ok(contact)
}

/// Whether nobody there may do anything with it by then. Of a letter that is only handed on it may not be known when that is.
fn is_over(entry: &RelayEntry, at: Timestamp) -> bool {
    let mut ends = entry.stations.iter().map(|one| one.rules.end(None));
    !entry.stations.is_empty() && ends.all(|end| end.is_some_and(|end| end <= at))
}

fn is_old(job: &RelayJob, now: Now) -> bool {
    job.changed.plus_seconds(KEPT) <= now.floor
}

/// Whether who asked need not be told any more that nothing goes on: as long again nothing could be written to it.
fn is_past_telling(job: &RelayJob, now: Now) -> bool {
    job.changed.plus_seconds(2 * KEPT) <= now.floor
}
