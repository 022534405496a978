//! Before a deed that cannot be undone a person shows once more who they are: a browser may have been left open.

use std::net::IpAddr;
use std::sync::Mutex;

use super::{Password, Secret, Tries, Visitor, too_many};
use crate::address::{Mailbox, StationName};
use crate::album::Rows;
use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household};

/// Refuses what is done to another keeper without one's own password, which was looked at before.
fn refuse_unconfirmed(
    rows: Rows<'_>,
    station: &StationName,
    typed: Option<&Password>,
) -> Result<(), Fault> {
    let keeps = rows.account(station)?.is_some_and(|one| one.keeper);
    match keeps && typed.is_none() {
        true => {
            let words = format!("{station} keeps this house too: say your own password first.");
            Err(Fault::new("asks_password", words))
        }
        false => Ok(()),
    }
}

impl Household {
    /// Refuses whoever has a browser in which a person is signed in and does not know that person's password. `tries` as
    /// for [`Household::sign_in`]: nobody finds out the password by it.
    pub fn confirm(
        &self,
        visitor: &Visitor,
        typed: &Password,
        tries: (IpAddr, &Mutex<Tries>, u64),
    ) -> Result<(), Fault> {
        match self.is_password_of(visitor, typed, tries)? {
            true => Ok(()),
            false => Err(Fault::new("sign_in", "That is not your password.")),
        }
    }

    /// As [`Household::welcome`], asked for on a page by one who keeps the house. With a link for a keeper a password is
    /// chosen that confirms everything else: so one's own is changed with the one until now, and for another keeper
    /// `typed` is one's own. `None`: nothing was typed yet.
    pub fn welcome_by(
        &mut self,
        visitor: &Visitor,
        station: &StationName,
        typed: Option<&Password>,
        tries: (IpAddr, &Mutex<Tries>, u64),
        now: Timestamp,
    ) -> Result<Secret, Fault> {
        if *station == visitor.station {
            let words = "Your own password is changed with the one until now. If nobody knows that one any more, \
                         `hearthpost user link NAME` at the box makes a link for a new one.";
            return Err(Fault::usage("own", words));
        }
        self.refuse_unknown_person(station)?;
        if let Some(typed) = typed {
            self.confirm(visitor, typed, tries)?;
        }
        self.put_welcome(Some(station), now, |rows| {
            refuse_unconfirmed(rows, station, typed)
        })
    }

    /// Removes a person, asked for on a page by one who keeps the house; another keeper only with one's own password, as
    /// `typed`. `None`: nothing was typed yet.
    pub fn remove_person_by(
        &mut self,
        visitor: &Visitor,
        station: &StationName,
        typed: Option<&Password>,
        tries: (IpAddr, &Mutex<Tries>, u64),
        now: Timestamp,
    ) -> Result<(), Fault> {
        if *station == visitor.station {
            let words = "Whoever keeps the house cannot remove themselves.";
            return Err(Fault::usage("own", words));
        }
        self.refuse_unknown_person(station)?;
        if let Some(typed) = typed {
            self.confirm(visitor, typed, tries)?;
        }
        self.remove_person_unless(station, now, |rows| {
            refuse_unconfirmed(rows, station, typed)
        })
    }

    /// Sets where a person is told by mail, asked for on a page; of one who keeps the house only with one's own password, as
    /// `typed`: what concerns the house is told by that mail. `None`: nothing was typed yet.
    pub fn set_mail_by(
        &mut self,
        visitor: &Visitor,
        (station, mail): (&StationName, Option<&Mailbox>),
        typed: Option<&Password>,
        tries: (IpAddr, &Mutex<Tries>, u64),
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.refuse_unknown_person(station)?;
        if let Some(typed) = typed {
            self.confirm(visitor, typed, tries)?;
        }
        refuse_unconfirmed(self.album.rows(), station, typed)?;
        self.set_mail(station, mail, now)
    }

    pub(super) fn is_password_of(
        &self,
        visitor: &Visitor,
        typed: &Password,
        (address, tries, second): (IpAddr, &Mutex<Tries>, u64),
    ) -> Result<bool, Fault> {
        let tries = || tries.lock().unwrap_or_else(|broken| broken.into_inner());
        let (name, by) = (visitor.station.as_str(), Some(*visitor.session.as_bytes()));
        if let Some(seconds) = tries().wait(address, name, by, second) {
            return Err(too_many(seconds));
        }
        let account = self.album.rows().account(&visitor.station)?;
        // Counted before it is known to be wrong: many at once are not one.
        tries().wrong(address, name, by, second);
        let is_right = typed.is(account.as_ref().map(|account| account.password.as_str()));
        if is_right {
            tries().right(address, name, by);
        }
        Ok(is_right)
    }
}
