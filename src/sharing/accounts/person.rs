//! Whether somebody is of the house.

use crate::address::StationName;
use crate::album::Rows;
use crate::sharing::Fault;

/// As [`Household::refuse_unknown_person`], also inside a commit.
pub(in crate::sharing) fn refuse_unknown(
    rows: Rows<'_>,
    station: &StationName,
) -> Result<(), Fault> {
    let people = rows.people()?;
    match people.iter().any(|person| person.station == *station) {
        true => Ok(()),
        false => Err(unknown(station)),
    }
}

pub(in crate::sharing) fn unknown(station: &StationName) -> Fault {
    let words = format!("there is no {station} in this house");
    Fault::usage("unknown_person", words)
}
