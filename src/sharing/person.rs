//! Whether somebody is of the house.

use super::Fault;
use crate::address::StationName;
use crate::album::Rows;

/// As [`Household::refuse_unknown_person`], also inside a commit.
pub(super) fn refuse_unknown(rows: Rows<'_>, station: &StationName) -> Result<(), Fault> {
    let people = rows.people()?;
    match people.iter().any(|person| person.station == *station) {
        true => Ok(()),
        false => Err(unknown(station)),
    }
}

pub(super) fn unknown(station: &StationName) -> Fault {
    let words = format!("there is no {station} in this house");
    Fault::usage("unknown_person", words)
}
