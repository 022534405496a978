//! Before a deed that cannot be undone a person shows once more who they are: a browser may have been left open.

use std::net::IpAddr;
use std::sync::Mutex;

use super::{Password, Tries, Visitor, too_many};
use crate::sharing::{Fault, Household};

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
