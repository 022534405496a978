//! Households that want something of this one, or of whose identity there is something to know, and who of the house is still
//! to be told.

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// The people who keep the house.
const KEEPERS: &str = "person JOIN account USING (station) WHERE keeper = 1";

/// What a household wants, or what there is to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnockKind {
    /// Somebody there asks for more.
    Request,
    /// It waits to be accepted.
    Stranger,
    /// Its identity has ended.
    Ended,
    /// It claims the mailbox of another one that is known.
    Claim,
}

impl KnockKind {
    fn as_str(self) -> &'static str {
        match self {
            KnockKind::Request => "request",
            KnockKind::Stranger => "stranger",
            KnockKind::Ended => "ended",
            KnockKind::Claim => "claim",
        }
    }

    /// Who is told.
    fn whom(self) -> &'static str {
        match self {
            KnockKind::Request | KnockKind::Stranger => "person WHERE true",
            KnockKind::Ended | KnockKind::Claim => KEEPERS,
        }
    }

    /// Whether that is so still: answered, accepted, blocked or forgotten a household wants nothing any more.
    fn still(self) -> &'static str {
        match self {
            KnockKind::Request => {
                "EXISTS (SELECT 1 FROM request WHERE request.contact = knock.contact AND incoming = 1 AND state = 'open')"
            }
            KnockKind::Stranger => {
                "EXISTS (SELECT 1 FROM contact WHERE fingerprint = knock.contact AND accepted = 0 AND blocked = 0)"
            }
            KnockKind::Ended => {
                "EXISTS (SELECT 1 FROM ended_identity WHERE fingerprint = knock.contact)"
            }
            // One that only came with an invitation is no contact.
            KnockKind::Claim => {
                "EXISTS (SELECT 1 FROM claim WHERE fingerprint = knock.contact)
                 AND NOT EXISTS (SELECT 1 FROM contact WHERE fingerprint = knock.contact AND blocked = 1)
                 AND NOT EXISTS (SELECT 1 FROM ended_identity WHERE fingerprint = knock.contact)"
            }
        }
    }
}

impl Rows<'_> {
    /// Every person of the house is to be told that a household wants something; of identities, who keeps the house.
    pub fn put_knock(
        &self,
        contact: Fingerprint,
        kind: KnockKind,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        let sql = format!(
            "INSERT INTO knock (station, contact, kind, at) SELECT station, ?1, ?2, ?3 FROM {}
             ON CONFLICT DO NOTHING",
            kind.whom()
        );
        let values = params![contact.to_string(), kind.as_str(), now.unix()];
        self.0.prepare_cached(&sql)?.execute(values)?;
        Ok(())
    }

    /// The households of which a person is to be told, as far as they still want it, in the order in which they came.
    pub fn knocks(
        &self,
        station: &StationName,
        kind: KnockKind,
    ) -> Result<Vec<Fingerprint>, AlbumError> {
        let sql = format!(
            "SELECT contact FROM knock WHERE station = ?1 AND kind = ?2 AND ({}) ORDER BY at, contact",
            kind.still()
        );
        let mut query = self.0.prepare_cached(&sql)?;
        let rows = query.query_map([station.as_str(), kind.as_str()], |row| {
            parsed(row, "contact")
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A person was told of all that is of this kind.
    pub fn forget_knocks(&self, station: &StationName, kind: KnockKind) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM knock WHERE station = ?1 AND kind = ?2",
            [station.as_str(), kind.as_str()],
        )?;
        Ok(())
    }

    /// Forgets what is not wanted any more, and what was for people who do not belong to the house any more.
    pub fn forget_old_knocks(&self) -> Result<(), AlbumError> {
        use KnockKind::{Claim, Ended, Request, Stranger};
        for kind in [Request, Stranger, Ended, Claim] {
            let sql = format!(
                "DELETE FROM knock WHERE kind = ?1 AND (NOT ({}) OR station NOT IN (SELECT station FROM {}))",
                kind.still(),
                kind.whom()
            );
            self.0.prepare_cached(&sql)?.execute([kind.as_str()])?;
        }
        Ok(())
    }
}
