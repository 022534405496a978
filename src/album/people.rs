//! The people of the house.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, named, parsed};
use crate::address::{Mailbox, StationName};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// A person: a station, and how they are told of what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The station name.
    pub station: StationName,
    /// The mail address for notices; `None`: they are told by no mail.
    pub mail: Option<Mailbox>,
    /// When they are told; never, where there is no address.
    pub told: WhenTold,
    /// In which language pages speak to them; `None`: as the browser says.
    pub language: Option<String>,
}

/// When a person is told by mail that something came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhenTold {
    /// At once; what follows soon after, together.
    #[default]
    AtOnce,
    /// Once a day, in the evening, if there is anything.
    Daily,
    /// Never.
    Never,
}

impl WhenTold {
    /// All of them.
    pub const ALL: [WhenTold; 3] = [WhenTold::AtOnce, WhenTold::Daily, WhenTold::Never];

    /// The name in rows, forms and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            WhenTold::AtOnce => "at-once",
            WhenTold::Daily => "daily",
            WhenTold::Never => "none",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        WhenTold::ALL.into_iter().find(|when| when.as_str() == name)
    }
}

impl Person {
    /// A person who has not said anything else.
    pub fn new(station: StationName, mail: impl Into<Option<Mailbox>>) -> Self {
        Person {
            station,
            mail: mail.into(),
            told: WhenTold::default(),
            language: None,
        }
    }
}

impl Rows<'_> {
    /// For whom of this house something was granted though nobody is called so: the name, the row id of the share, and who
    /// granted it; the newest first, and not all where there are many.
    pub fn for_nobody(&self) -> Result<Vec<(StationName, i64, Fingerprint)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT station, holding.share, granter FROM holding_station
             JOIN holding ON holding.id = holding_station.holding AND holding.state = 'live'
             JOIN share ON share.id = holding.share AND share.state IN ('arriving', 'complete')
             WHERE station <> 'everyone' AND station NOT LIKE '.%'
                AND NOT EXISTS (SELECT 1 FROM person WHERE person.station = holding_station.station)
             ORDER BY holding.id DESC LIMIT 20",
        )?;
        let rows = query.query_map([], |row| {
            let share = row.get("share")?;
            Ok((parsed(row, "station")?, share, parsed(row, "granter")?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All people, by name.
    pub fn people(&self) -> Result<Vec<Person>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT station, mail, notices, language FROM person ORDER BY station",
        )?;
        let rows = query.query_map([], |row| {
            let language: String = row.get("language")?;
            let mail = match row.get::<_, String>("mail")?.is_empty() {
                true => None,
                false => Some(parsed(row, "mail")?),
            };
            Ok(Person {
                station: parsed(row, "station")?,
                told: match &mail {
                    Some(_) => named(row, "notices", WhenTold::from_name)?,
                    None => WhenTold::Never,
                },
                mail,
                language: Some(language).filter(|language| !language.is_empty()),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes when a person is told of what comes.
    pub fn set_when_told(&self, station: &StationName, told: WhenTold) -> Result<(), AlbumError> {
        let sql = "UPDATE person SET notices = ?2 WHERE station = ?1";
        self.0
            .execute(sql, params![station.as_str(), told.as_str()])?;
        Ok(())
    }

    /// Notes where a person is told; `None`: nowhere.
    pub fn set_mail(
        &self,
        station: &StationName,
        mail: Option<&Mailbox>,
    ) -> Result<(), AlbumError> {
        let sql = "UPDATE person SET mail = ?2 WHERE station = ?1";
        self.0.execute(
            sql,
            params![station.as_str(), mail.map_or("", Mailbox::as_str)],
        )?;
        Ok(())
    }

    /// How many own items a person has alone.
    pub fn count_private(&self, station: &StationName) -> Result<u64, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT count(*) FROM item WHERE private = 1 AND added_by = ?1 AND deleted IS NULL",
        )?;
        let count: i64 = query.query_row([station.as_str()], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// In which language pages speak to a person, where they chose one.
    pub fn language(&self, station: &StationName) -> Result<Option<String>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT language FROM person WHERE station = ?1")?;
        let language: Option<String> = query
            .query_row([station.as_str()], |row| row.get(0))
            .optional()?;
        Ok(language.filter(|language| !language.is_empty()))
    }

    /// Notes in which language pages speak to a person.
    pub fn set_language(
        &self,
        station: &StationName,
        language: Option<&str>,
    ) -> Result<(), AlbumError> {
        let sql = "UPDATE person SET language = ?2 WHERE station = ?1";
        self.0
            .execute(sql, params![station.as_str(), language.unwrap_or_default()])?;
        Ok(())
    }

    /// Adds a person; gives `false` where the name is taken.
    pub fn add_person(&self, person: &Person, now: Timestamp) -> Result<bool, AlbumError> {
        let added = self.0.execute(
            "INSERT INTO person (station, mail, added) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![
                person.station.as_str(),
                person.mail.as_ref().map_or("", Mailbox::as_str),
                now.unix()
            ],
        )?;
        self.look_again_at_all()?;
        Ok(added > 0)
    }

    /// Removes a person; gives whether there was one. Their items stay, those for them alone as nobody's; so does what they
    /// shared and passed on. What was for them alone to see goes. What they have used of their rights stays with the name.
    /// `nobody`: the name by which what they passed on is known from now on, together with what others did.
    pub fn remove_person(
        &self,
        station: &StationName,
        nobody: &StationName,
    ) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM person WHERE station = ?1";
        let removed = self.0.execute(sql, [station.as_str()])?;
        self.disown_items(station)?;
        self.0.execute(
            "UPDATE given_by SET person = ?2 WHERE person = ?1",
            [station.as_str(), nobody.as_str()],
        )?;
        // What was to be for that one alone is not for a later person of the name, nor for all.
        self.0.execute(
            "UPDATE card_begun SET person = ?2 WHERE person = ?1",
            [station.as_str(), nobody.as_str()],
        )?;
        for sql in [
            "UPDATE shared_by SET station = '' WHERE station = ?1",
            "UPDATE destination SET passed_by = NULL WHERE passed_by = ?1",
            "UPDATE invitation SET person = NULL WHERE person = ?1",
            "UPDATE joining SET person = NULL WHERE person = ?1",
            "DELETE FROM request WHERE station = ?1 AND incoming = 0",
            "DELETE FROM finished_upload WHERE person = ?1",
            "DELETE FROM album_change WHERE person = ?1",
            "DELETE FROM seen WHERE station = ?1",
            "DELETE FROM noticed WHERE station = ?1",
            "DELETE FROM gathered WHERE station = ?1",
            "DELETE FROM quiet WHERE station = ?1",
            "DELETE FROM knock WHERE station = ?1",
            "DELETE FROM invitation_news WHERE station = ?1",
            "DELETE FROM unconfirmed WHERE station = ?1",
        ] {
            self.0.execute(sql, [station.as_str()])?;
        }
        self.look_again_at_all()?;
        Ok(removed > 0)
    }
}
