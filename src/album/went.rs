//! Whether anything of what was given, or is passed on for others, may have left the house. It is noted before the first
//! mail is handed in, for the box may die at any moment, and undone where the provider says that it did not take it.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, OutboxMessage, OutboxRecipient, QueuedBody, Reason, Rows};
use crate::envelope::Fingerprint;

/// Whether anything of what a household was given may have left the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Went {
    /// Nothing did.
    Nothing,
    /// Something of a grant before the one that it is given now.
    Earlier,
    /// Something of that one, or it may have.
    This,
    /// It is there: the household itself said so. Nobody else's word undoes that.
    Confirmed,
}

/// One row in which it was noted, with what stood there before.
#[derive(Debug, Clone)]
pub struct Mark(Place);

#[derive(Debug, Clone)]
enum Place {
    Destination(i64, Went),
    ByWay { share: i64, contact: String },
    Job { holding: i64, household: String },
}

impl Went {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        match row.get("went")? {
            0 => Ok(Went::Nothing),
            1 => Ok(Went::Earlier),
            2 => Ok(Went::This),
            3 => Ok(Went::Confirmed),
            other => Err(rusqlite::Error::IntegralValueOutOfRange(0, other)),
        }
    }

    fn number(self) -> i64 {
        match self {
            Went::Nothing => 0,
            Went::Earlier => 1,
            Went::This => 2,
            Went::Confirmed => 3,
        }
    }
}

impl Rows<'_> {
    /// What is to be noted before a message is handed in for a recipient; nothing where that was done.
    pub fn unmarked(
        &self,
        message: &OutboxMessage,
        recipient: &OutboxRecipient,
    ) -> Result<Vec<Mark>, AlbumError> {
        let mut places = Vec::new();
        match recipient.reason {
            Reason::Itself | Reason::Asked(_) => {}
            Reason::Given(id) => {
                places.extend(self.unmarked_destination(id)?);
                // Of what a relay is asked it knows by the letter alone.
                if matches!(message.body, QueuedBody::Whole(_)) {
                    places.extend(self.unmarked_behind(id)?);
                }
            }
            Reason::Carried(holding) => {
                let sql = "SELECT household FROM relay_job WHERE holding = ?1 AND mailbox = ?2 AND went = 0";
                let mut query = self.0.prepare_cached(sql)?;
                let key = params![holding, recipient.mailbox.as_str()];
                let rows = query.query_map(key, |row| row.get(0))?;
                for household in rows {
                    let household = household?;
                    places.push(Place::Job { holding, household });
                }
            }
        }
        Ok(places.into_iter().map(Mark).collect())
    }

    fn unmarked_destination(&self, id: i64) -> Result<Option<Place>, AlbumError> {
        let sql = "SELECT went FROM destination WHERE id = ?1 AND went < 2";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([id], Went::from_row).optional()?;
        Ok(found.map(|went| Place::Destination(id, went)))
    }

    /// The households to which a relay passes on what the letter to that destination brings.
    fn unmarked_behind(&self, relay: i64) -> Result<Vec<Place>, AlbumError> {
        let mut places = Vec::new();
        let sealed = "SELECT other.id AS id, other.went AS went FROM destination AS relay
             JOIN by_way ON by_way.share = relay.share AND by_way.relay = relay.contact
             JOIN destination AS other ON other.share = by_way.share AND other.contact = by_way.contact
             WHERE relay.id = ?1 AND by_way.stations IS NULL AND other.went < 2
             AND other.state NOT IN ('revoked', 'deleted')";
        let mut query = self.0.prepare_cached(sealed)?;
        let rows = query.query_map([relay], |row| {
            Ok(Place::Destination(row.get("id")?, Went::from_row(row)?))
        })?;
        for place in rows {
            places.push(place?);
        }
        let made_there =
            "SELECT by_way.share AS share, by_way.contact AS contact FROM destination AS relay
             JOIN by_way ON by_way.share = relay.share AND by_way.relay = relay.contact
             WHERE relay.id = ?1 AND by_way.stations IS NOT NULL AND by_way.went = 0
             AND by_way.state NOT IN ('revoked', 'deleted')";
        let mut query = self.0.prepare_cached(made_there)?;
        let rows = query.query_map([relay], |row| {
            let (share, contact) = (row.get("share")?, row.get("contact")?);
            Ok(Place::ByWay { share, contact })
        })?;
        for place in rows {
            places.push(place?);
        }
        Ok(places)
    }

    /// Notes it: from now on something may have left the house.
    pub fn mark(&self, marks: &[Mark]) -> Result<(), AlbumError> {
        for Mark(place) in marks {
            match place {
                Place::Destination(id, _) => self.set_went(*id, Went::This)?,
                Place::ByWay { share, contact } => self
                    .0
                    .execute(
                        "UPDATE by_way SET went = 1 WHERE share = ?1 AND contact = ?2 AND went = 0",
                        params![share, contact],
                    )
                    .map(drop)?,
                Place::Job { holding, household } => self
                    .0
                    .execute(
                        "UPDATE relay_job SET went = 1 WHERE holding = ?1 AND household = ?2",
                        params![holding, household],
                    )
                    .map(drop)?,
            }
        }
        Ok(())
    }

    /// The provider did not take it. What was taken back meanwhile was so as something that may have gone.
    pub fn unmark(&self, marks: &[Mark]) -> Result<(), AlbumError> {
        for Mark(place) in marks {
            match place {
                Place::Destination(id, before) => self.0.execute(
                    "UPDATE destination SET went = ?2 WHERE id = ?1 AND went = 2
                     AND state NOT IN ('revoked', 'deleted')",
                    params![id, before.number()],
                )?,
                Place::ByWay { share, contact } => self.0.execute(
                    "UPDATE by_way SET went = 0 WHERE share = ?1 AND contact = ?2 AND went = 1
                     AND state NOT IN ('revoked', 'deleted')",
                    params![share, contact],
                )?,
                Place::Job { holding, household } => self.0.execute(
                    "UPDATE relay_job SET went = 0 WHERE holding = ?1 AND household = ?2
                     AND state IN ('waits', 'passed')",
                    params![holding, household],
                )?,
            };
        }
        Ok(())
    }

    /// Sets what may have left the house for a destination; what the household confirmed stays so.
    pub fn set_went(&self, destination: i64, went: Went) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE destination SET went = ?2 WHERE id = ?1 AND went < 3",
            params![destination, went.number()],
        )?;
        Ok(())
    }

    /// Sets whether a relay may have been asked to make a grant for a household; what that one confirmed stays so.
    pub fn set_way_went(
        &self,
        share: i64,
        contact: Fingerprint,
        went: bool,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE by_way SET went = ?3 WHERE share = ?1 AND contact = ?2 AND went < 2",
            params![share, contact.to_string(), went],
        )?;
        Ok(())
    }

    /// A household itself said that it has the copy for which a relay was asked.
    pub fn confirm_way(&self, share: i64, contact: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE by_way SET went = 2 WHERE share = ?1 AND contact = ?2",
            params![share, contact.to_string()],
        )?;
        Ok(())
    }
}
