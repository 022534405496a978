//! What a picture frame shows: whatever the person who is signed in there may look at without it being counted.

use super::{clean_line, clean_text};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::rules::Kind;
use crate::sharing::own::Wanted;
use crate::sharing::view::gate::Asked;
use crate::sharing::{Fault, Household, Now};

/// So many pictures go round at most, the newest.
const MOST: usize = 1_000;

/// What to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameWish {
    /// Of these households, by the names they go by here; none: of all.
    pub households: Vec<String>,
    /// This house's own pictures too, those for all of the house.
    pub own: bool,
}

/// A picture for the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FramePicture {
    /// The item's short name.
    pub id: String,
    /// Whether it is this house's own.
    pub own: bool,
    /// What stands below it.
    pub caption: String,
    /// Whose it is.
    pub from: String,
    /// When it was taken or came.
    pub at: Timestamp,
    /// How long it may still be looked at, in seconds, where that ends.
    pub left: Option<u64>,
}

impl Household {
    /// The pictures for a frame, newest share first.
    pub fn frame(
        &self,
        person: &StationName,
        wish: &FrameWish,
        now: Now,
    ) -> Result<Vec<FramePicture>, Fault> {
        let mut pictures = Vec::new();
        self.refuse_unknown_person(person)?;
        let moment = self.album.moment()?;
        let rows = self.album.rows();
        let (shares, granted) = (rows.shares()?, self.granted_more(person)?);
        for row in &shares {
            if !self.came(row) {
                continue;
            }
            if pictures.len() >= MOST {
                break;
            }
            let asked = Asked::about(rows, row.clone())?;
            let Some(share) = self.personal(&asked, person, MOST, now)? else {
                continue;
            };
            if self.is_given_anew((row, &share), (&shares, &granted), person, now)? {
                continue;
            }
            if !wish.households.is_empty() && !wish.households.contains(&share.from_name) {
                continue;
            }
            let left = share.left(now.now);
            let shown = share
                .items
                .into_iter()
                .filter(|item| item.may.look && !item.may.excerpt && !item.counted);
            pictures.extend(shown.map(|item| FramePicture {
                id: item.id,
                own: false,
                caption: item.caption.unwrap_or_default(),
                from: share.from_name.clone(),
                at: share.arrived,
                left,
            }));
        }
        drop(moment);
        if wish.own {
            let wanted = Wanted {
                limit: MOST,
                ..Wanted::default()
            };
            let items = self.album_items(Some(person), &wanted)?.items;
            // Whoever is in the room sees it: what is for one person alone stays away.
            let shown = items
                .into_iter()
                .filter(|item| !item.private && item.kind == Kind::Picture && item.width.is_some());
            pictures.extend(shown.map(|item| FramePicture {
                id: item.reference,
                own: true,
                caption: clean_text(&item.caption),
                from: clean_line(&self.config.name),
                at: item.added,
                left: None,
            }));
        }
        pictures.truncate(MOST);
        Ok(pictures)
    }
}
