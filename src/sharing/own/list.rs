//! The album page after page, newest first.

use std::fmt;
use std::str::FromStr;

use super::AlbumItem;
use crate::address::StationName;
use crate::album::Filter;
use crate::sharing::own::find;
use crate::sharing::{Fault, Household};

/// The most items of one page.
const MOST: usize = 1_000;

/// What somebody wants to see. The default: all that does not lie in the bin, at most 200 at once.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Words that name or caption hold, or who of the house added it, or when it was taken, as people write that: `2024`,
    /// `May 2024`, `2024-05-03`, `3.5.2024`. All of them. Large and small letters are the same.
    pub text: String,
    /// Of this album, by name or reference.
    pub album: Option<String>,
    /// Not older: `2024`, `2024-05` or `2024-05-03`.
    pub from: Option<String>,
    /// Not newer, written as `from`; all of that year, month or day is in.
    pub until: Option<String>,
    /// What lies in the bin, instead of the others.
    pub deleted: bool,
    /// By when they were added, not by when they were taken.
    pub by_added: bool,
    /// Where the page before ended, in the same order.
    pub after: Option<Cursor>,
    /// How many at once, 1 to 1,000.
    pub limit: usize,
}

/// Some items, and where the next ones begin.
#[derive(Debug, Clone)]
pub struct Page {
    /// Newest first: by when they were taken, those that do not say by when they were added; or all by that.
    pub items: Vec<AlbumItem>,
    /// There is more.
    pub next: Option<Cursor>,
}

/// A place between two items. What is added or removed meanwhile moves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    shown: String,
    id: i64,
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted {
            text: String::new(),
            album: None,
            from: None,
            until: None,
            deleted: false,
            by_added: false,
            after: None,
            limit: 200,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.shown, self.id)
    }
}

impl FromStr for Cursor {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let read = || {
            let (shown, id) = text.split_once('.')?;
            let plain = |c: u8| c.is_ascii_digit() || b"-:T".contains(&c);
            let fits = shown.len() <= 32 && shown.bytes().all(plain);
            let id = id.parse().ok().filter(|id| *id >= 0)?;
            fits.then(|| Cursor {
                shown: shown.to_owned(),
                id,
            })
        };
        read().ok_or_else(|| Fault::usage("cursor", "this is not where a page ended"))
    }
}

impl Household {
    /// A page of the album.
    pub fn album_items(
        &self,
        viewer: Option<&StationName>,
        wanted: &Wanted,
    ) -> Result<Page, Fault> {
        let filter = self.filter(viewer, wanted)?;
        let limit = wanted.limit.clamp(1, MOST);
        let after = wanted.after.as_ref();
        let after = after.map(|cursor| (cursor.shown.as_str(), cursor.id));
        let mut items = self.album.rows().find_items(&filter, after, limit + 1)?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| Cursor {
            shown: match wanted.by_added {
                true => last.added.to_string().trim_end_matches('Z').to_owned(),
                false => last.shown.clone(),
            },
            id: last.id,
        });
        Ok(Page { items, next })
    }

    /// How many items each month has, newest first: `("2024-05", 17)`. Where the page begins does not matter.
    pub fn album_months(
        &self,
        viewer: Option<&StationName>,
        wanted: &Wanted,
    ) -> Result<Vec<(String, usize)>, Fault> {
        let filter = self.filter(viewer, wanted)?;
        Ok(self.album.rows().months(&filter)?)
    }

    /// The items beside one in the album: the newer one and the older one. Of the bin it has none.
    pub fn album_neighbours(
        &self,
        viewer: Option<&StationName>,
        reference: &str,
    ) -> Result<(Option<String>, Option<String>), Fault> {
        let item = self.album_item(viewer, reference)?;
        if item.deleted.is_some() {
            return Ok((None, None));
        }
        let filter = self.filter(viewer, &Wanted::default())?;
        let rows = self.album.rows();
        let at = (item.shown.as_str(), item.id);
        let older = rows.find_items(&filter, Some(at), 1)?;
        let newer = rows.find_newer(&filter, at)?;
        let name = |item: AlbumItem| item.reference;
        Ok((newer.map(name), older.into_iter().next().map(name)))
    }

    fn filter(&self, viewer: Option<&StationName>, wanted: &Wanted) -> Result<Filter, Fault> {
        let album = wanted.album.as_deref();
        let album = album.map(|named| self.album_named(named)).transpose()?;
        let looked = find::read(&wanted.text);
        Ok(Filter {
            viewer: viewer.cloned(),
            words: looked.words,
            dated: looked.dated,
            album: album.map(|(reference, _)| reference),
            from: wanted.from.as_deref().map(date).transpose()?,
            until: wanted.until.as_deref().map(date).transpose()?,
            deleted: wanted.deleted,
            by_added: wanted.by_added,
        })
    }
}

/// A year, a month or a day, as the beginning of a time.
fn date(text: &str) -> Result<String, Fault> {
    let shape = b"dddd-dd-dd";
    let fits = [4, 7, 10].contains(&text.len())
        && text.bytes().zip(shape).all(|(c, &s)| match s {
            b'd' => c.is_ascii_digit(),
            _ => c == s,
        });
    let within = |at: std::ops::Range<usize>, most: u32| {
        let number = text.get(at).map(|digits| digits.parse().unwrap_or(0));
        number.is_none_or(|number: u32| (1..=most).contains(&number))
    };
    match fits && within(5..7, 12) && within(8..10, 31) {
        true => Ok(text.to_owned()),
        false => {
            let shown: String = text.chars().take(40).collect();
            let words = format!("{shown:?} is no date; write 2024, 2024-05 or 2024-05-03");
            Err(Fault::usage("date", words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_year_a_month_or_a_day() {
        for good in ["2024", "2024-05", "2024-12-31", "0001"] {
            assert!(date(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "24",
            "2024-",
            "2024-5",
            "2024-13",
            "2024-00",
            "2024-05-32",
            "2024-05-03T",
            "20é4",
        ] {
            assert_eq!(date(bad).map_err(|fault| fault.code), Err("date"), "{bad}");
        }
    }

    #[test]
    fn a_cursor_reads_back_and_nothing_else_is_one() {
        let cursor = Cursor {
            shown: "2024-05-03T10:11:12".to_owned(),
            id: 17,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "17", "2024", "2024.x", "2024.-1", "2024' OR 1.1"] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad}");
        }
    }
}
