//! The people of the house.

use super::{Fault, Household};
use crate::address::{Mailbox, StationName};
use crate::album::Person;
use crate::encoding::Timestamp;

impl Household {
    /// Adds a person.
    pub fn add_person(
        &mut self,
        station: StationName,
        mail: Mailbox,
        now: Timestamp,
    ) -> Result<(), Fault> {
        if station.is_everyone() {
            return Err(Fault::usage(
                "reserved",
                "everyone is the name for all people of the house; choose another",
            ));
        }
        let person = Person { station, mail };
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

    /// Removes a person. What others granted to that name stays granted to nobody.
    pub fn remove_person(&mut self, station: &StationName) -> Result<(), Fault> {
        let removed = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.remove_person(station)?))?;
        if !removed {
            return Err(unknown(station));
        }
        Ok(())
    }

    /// Refuses a name that nobody of the house has.
    pub(super) fn refuse_unknown_person(&self, station: &StationName) -> Result<(), Fault> {
        let people = self.album.rows().people()?;
        match people.iter().any(|person| person.station == *station) {
            true => Ok(()),
            false => Err(unknown(station)),
        }
    }
}

fn unknown(station: &StationName) -> Fault {
    let words = format!("there is no {station} in this house");
    Fault::usage("unknown_person", words)
}
