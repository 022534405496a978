//! What came for somebody of this house whom there is not. The sender is not told who lives here; the keeper is told what came.

use crate::address::StationName;
use crate::album::Contact;
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household};

/// A share for a name that nobody here has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForNobody {
    /// The name.
    pub name: StationName,
    /// What the household that granted it calls itself.
    pub household: String,
    /// The title of the share; may be empty.
    pub title: String,
}

impl Household {
    /// What came for nobody, the newest first; the first few. Once somebody is called so, it is theirs.
    pub fn for_nobody(&self) -> Result<Vec<ForNobody>, Fault> {
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let mut all = Vec::new();
        for (name, share, granter) in rows.for_nobody()? {
            let heard = rows.contact(granter)?.filter(Contact::is_heard);
            let Some(contact) = heard else {
                continue;
            };
            all.push(ForNobody {
                name,
                household: clean_line(&contact.name),
                title: clean_line(&rows.share_by_id(share)?.title),
            });
        }
        Ok(all)
    }
}
