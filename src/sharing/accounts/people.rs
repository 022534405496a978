//! The people of the house.

use std::collections::BTreeSet;

use super::person::{refuse_unknown, unknown};
use crate::address::{Mailbox, StationName};
use crate::album::{Person, Rows, WhenTold};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::notice::{Knock, LastMail};
use crate::sharing::contacts::introduction::announce_no_more;
use crate::sharing::forward::inside::narrow_inside;
use crate::sharing::notify::telling::{compose, language_of, queue};
use crate::sharing::share::awaited::leave_awaited;
use crate::sharing::site::home_page;
use crate::sharing::{Fault, Household};

/// What goes with a person who leaves the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// So many items of the album that are theirs alone: nobody sees them in a browser any more.
    pub alone: u64,
    /// So many times something was passed on within the house by them or to them: that ends.
    pub inside: usize,
}

impl Household {
    /// Adds a person who is told at that address.
    pub fn add_person(
        &mut self,
        station: StationName,
        mail: Mailbox,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.add_to_house(Person::new(station, mail), now)
    }

    /// Adds a person; without an address they are told by no mail.
    pub fn add_to_house(&mut self, person: Person, now: Timestamp) -> Result<(), Fault> {
        self.refuse_without_people()?;
        refuse_reserved(&person.station)?;
        refuse_long(&self.config.mailbox, &person.station)?;
        let added = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.add_person(&person, now)?))?;
        if !added {
            let words = format!("there is a {} already", person.station);
            return Err(
                Fault::new("exists", words).hint("remove that one first, or choose another name")
            );
        }
        Ok(())
    }

    /// All people.
    pub fn people(&self) -> Result<Vec<Person>, Fault> {
        Ok(self.album.rows().people()?)
    }

    /// Removes a person. What others granted to that name stays granted to nobody. A later person of the name is another
    /// one, and gets nothing of what this one shared and passed on: that stays out, and is for whoever keeps the house to
    /// see and to end. What stood on the person's own rights within the house ends, and so does what waits on them. Others are told of the
    /// name no more before somebody chooses that.
    pub fn remove_person(&mut self, station: &StationName, now: Timestamp) -> Result<(), Fault> {
        self.remove_person_unless(station, now, |_| Ok(()))
    }

    /// The same, where `check` has nothing against it at the moment when it is done.
    pub(super) fn remove_person_unless(
        &mut self,
        station: &StationName,
        now: Timestamp,
        check: impl FnOnce(Rows<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (keys, config, nobody) = (
            &self.keys,
            &self.config,
            StationName::of_nobody(&Id::random().to_string()),
        );
        self.album.commit(|rows| {
            check(rows)?;
            if !rows.remove_person(station, &nobody)? {
                return Err(unknown(station));
            }
            leave_awaited(rows, keys, station)?;
            announce_no_more(rows, config, station)?;
            let inside = rows.local_grants_of(station)?;
            for (_, _, local) in &inside {
                rows.remove_local_grant(*local)?;
            }
            let grounds: BTreeSet<_> = inside.iter().map(|one| (one.0, one.1)).collect();
            for (share, holding) in grounds {
                narrow_inside(rows, share, holding, now)?;
            }
            Ok(())
        })
    }

    /// What would go with a person who is removed.
    pub fn leaving(&self, station: &StationName) -> Result<Leaving, Fault> {
        self.refuse_unknown_person(station)?;
        let rows = self.album.rows();
        Ok(Leaving {
            alone: rows.count_private(station)?,
            inside: rows.local_grants_of(station)?.len(),
        })
    }

    /// Sets the mail address at which a person is told of what comes; `None`: they are told by no mail, and what was gathered
    /// for them is forgotten. What is under way goes where it was to go. Who keeps the house hears of it at the address of
    /// before: a browser that somebody else has must not turn alarms away unseen.
    pub fn set_mail(
        &mut self,
        station: &StationName,
        mail: Option<&Mailbox>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let config = &self.config;
        self.album.commit(|rows| {
            refuse_unknown(rows, station)?;
            let moved = keeper(rows, station)?.filter(|one| one.mail.as_ref() != mail);
            if let Some(before) = moved {
                tell_last(rows, config, (&before, LastMail::Moved), now)?;
            }
            rows.set_mail(station, mail)?;
            if mail.is_none() {
                rows.forget_gathered(station)?;
            }
            Ok(())
        })
    }

    /// Sets when a person is told by mail of what comes. What was gathered for one who is told no more is forgotten; who keeps
    /// the house hears of that in a last mail, for the same reason.
    pub fn set_when_told(
        &mut self,
        station: &StationName,
        told: WhenTold,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let config = &self.config;
        self.album.commit(|rows| {
            refuse_unknown(rows, station)?;
            let silenced = keeper(rows, station)?;
            let silenced = silenced.filter(|one| one.told != told && told == WhenTold::Never);
            if let Some(before) = silenced {
                tell_last(rows, config, (&before, LastMail::Silenced), now)?;
            }
            rows.set_when_told(station, told)?;
            if told == WhenTold::Never {
                rows.forget_gathered(station)?;
            }
            Ok(())
        })
    }

    /// Sets in which language pages speak to a person; `None`: as the browser says.
    pub fn set_language(
        &mut self,
        station: &StationName,
        language: Option<&str>,
    ) -> Result<(), Fault> {
        self.refuse_unknown_person(station)?;
        let set = |rows: Rows<'_>| rows.set_language(station, language);
        Ok(self.album.commit(set)?)
    }

    /// Refuses a name that nobody of the house has.
    pub(in crate::sharing) fn refuse_unknown_person(
        &self,
        station: &StationName,
    ) -> Result<(), Fault> {
        refuse_unknown(self.album.rows(), station)
    }
}

/// Refuses a name that is too long to stand in an address of this house (RFC 5321, 4.5.3.1).
pub(super) fn refuse_long(mailbox: &Mailbox, station: &StationName) -> Result<(), Fault> {
    let (local, all) = (mailbox.local_part().len(), mailbox.as_str().len());
    let room = 64_usize
        .saturating_sub(local)
        .min(254_usize.saturating_sub(all));
    let most = room.saturating_sub(1);
    if station.as_str().len() > most {
        let words = format!(
            "a name has at most {most} characters beside {mailbox}, so that mail addresses can hold both"
        );
        return Err(Fault::usage("long", words));
    }
    Ok(())
}

/// Refuses a name that means something else.
pub(super) fn refuse_reserved(station: &StationName) -> Result<(), Fault> {
    if station.is_everyone() {
        let words = "everyone is the name for all people of the house; choose another";
        return Err(Fault::usage("reserved", words));
    }
    if station.is_nobody() {
        let words = "a name does not begin with a dot; choose another";
        return Err(Fault::usage("reserved", words));
    }
    Ok(())
}

/// That person, where they keep the house.
fn keeper(rows: Rows<'_>, station: &StationName) -> Result<Option<Person>, Fault> {
    let keeps = rows.account(station)?.is_some_and(|one| one.keeper);
    let mut people = rows.people()?.into_iter();
    Ok(people.find(|one| keeps && one.station == *station))
}

/// The last mail to the address where somebody was told until now. It does not say where the next ones go.
fn tell_last(
    rows: Rows<'_>,
    config: &Config,
    (before, why): (&Person, LastMail),
    now: Timestamp,
) -> Result<(), Fault> {
    let url = home_page(config);
    let composed = compose(config, |notices| {
        notices.compose_knock(&Knock {
            language: language_of(config, before),
            person: before.station.as_str(),
            last: Some(why),
            own_ended: false,
            ended: &[],
            claimed: &[],
            asking: &[],
            strangers: 0,
            met: &[],
            failed: &[],
            unconfirmed: &[],
            url: &url,
        })
    });
    queue(rows, config, before, composed, now).map(drop)
}
