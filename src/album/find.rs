//! Own items, page after page: newest first, as one person sees them.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};

use super::{AlbumError, OwnItem, Rows};
use crate::address::StationName;

/// Words that name a time: found by it, or where they stand themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dated {
    /// In small letters.
    pub words: Vec<String>,
    /// The beginning of a time, `2024-05-03`, with `?` for digits that may be any. Nothing else is written there.
    pub when: String,
}

/// Which own items are meant. The default: all that do not lie in the bin.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Who looks; `None` sees what is private too.
    pub viewer: Option<StationName>,
    /// Each of these, in small letters, stands in name or caption, or is who of the house added it.
    pub words: Vec<String>,
    /// Each of these is when it is shown, or stands in name or caption with all of its words.
    pub dated: Vec<Dated>,
    /// The reference of the collection they are in.
    pub album: Option<String>,
    /// Not older, by any beginning of `2024-05-03T10:11:12`.
    pub from: Option<String>,
    /// Not newer, by any beginning: all that begins so is in.
    pub until: Option<String>,
    /// Those in the bin, instead of the others.
    pub deleted: bool,
    /// Not by when they are shown, but by when they were added.
    pub by_added: bool,
}

impl Filter {
    /// As a condition, with its values.
    fn condition(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        let mut and = |condition: &str, given: &[&str]| {
            sql += if sql.is_empty() { "" } else { " AND " };
            sql += condition;
            values.extend(given.iter().map(|text| Value::Text((*text).to_owned())));
        };
        let bin = match self.deleted {
            true => "deleted IS NOT NULL",
            false => "deleted IS NULL",
        };
        and(bin, &[]);
        if let Some(viewer) = &self.viewer {
            and("(private = 0 OR added_by = ?)", &[viewer.as_str()]);
        }
        for word in &self.words {
            and("(instr(words, ?) > 0 OR added_by = ?)", &[word, word]);
        }
        for one in &self.dated {
            let stands = " AND instr(words, ?) > 0".repeat(one.words.len());
            let when = format!("{}*", one.when);
            let given = one.words.iter().map(String::as_str).chain([when.as_str()]);
            let given: Vec<&str> = given.collect();
            and(&format!("((true{stands}) OR shown GLOB ?)"), &given);
        }
        if let Some(album) = &self.album {
            let in_it = "id IN (SELECT item FROM collection_item WHERE collection = ?)";
            and(in_it, &[album]);
        }
        if let Some(from) = &self.from {
            and("shown >= ?", &[from]);
        }
        if let Some(until) = &self.until {
            // Behind all that may follow in a time.
            and("shown < ?", &[&format!("{until}~")]);
        }
        (sql, values)
    }
}

impl Rows<'_> {
    /// A number that is another one whenever something changed of what pages of the album show this person, and at nothing
    /// that only another one sees.
    pub fn album_changes(&self, person: &StationName) -> Result<i64, AlbumError> {
        let sql = "SELECT coalesce(sum(count), 0) FROM album_change WHERE person IN ('', ?1)";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row([person.as_str()], |row| row.get(0))?)
    }

    /// At most `limit` items, newest first; `after`: those that follow on the item shown there with that row id. By when
    /// they were added the row id alone says where they stand: none is given twice.
    pub fn find_items(
        &self,
        filter: &Filter,
        after: Option<(&str, i64)>,
        limit: usize,
    ) -> Result<Vec<OwnItem>, AlbumError> {
        let (mut condition, mut values) = filter.condition();
        let order = match filter.by_added {
            true => "id DESC",
            false => "shown DESC, id DESC",
        };
        if let Some((shown, id)) = after {
            if filter.by_added {
                condition += " AND id < ?";
            } else {
                condition += " AND (shown, id) < (?, ?)";
                values.push(Value::Text(shown.to_owned()));
            }
            values.push(Value::Integer(id));
        }
        values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let sql = format!("SELECT * FROM item WHERE {condition} ORDER BY {order} LIMIT ?");
        let mut query = self.0.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(values), OwnItem::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The item that stands just before the one shown there with that row id.
    pub fn find_newer(
        &self,
        filter: &Filter,
        at: (&str, i64),
    ) -> Result<Option<OwnItem>, AlbumError> {
        let (condition, mut values) = filter.condition();
        values.push(Value::Text(at.0.to_owned()));
        values.push(Value::Integer(at.1));
        let sql = format!(
            "SELECT * FROM item WHERE {condition} AND (shown, id) > (?, ?) ORDER BY shown, id LIMIT 1"
        );
        let mut query = self.0.prepare_cached(&sql)?;
        let mut rows = query.query_map(params_from_iter(values), OwnItem::from_row)?;
        Ok(rows.next().transpose()?)
    }

    /// How many of those items there are in each month, newest first.
    pub fn months(&self, filter: &Filter) -> Result<Vec<(String, usize)>, AlbumError> {
        let (condition, values) = filter.condition();
        let sql = format!(
            "SELECT substr(shown, 1, 7) AS month, count(*) AS items FROM item WHERE {condition}
             GROUP BY month ORDER BY month DESC"
        );
        let mut query = self.0.prepare_cached(&sql)?;
        let rows = query.query_map(params_from_iter(values), |row| {
            Ok((row.get("month")?, row.get("items")?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many there are in all.
    pub fn count_items(&self, filter: &Filter) -> Result<u64, AlbumError> {
        let (condition, values) = filter.condition();
        let sql = format!("SELECT count(*) FROM item WHERE {condition}");
        let mut query = self.0.prepare_cached(&sql)?;
        Ok(query.query_row(params_from_iter(values), |row| row.get(0))?)
    }

    /// The newest of them that is a picture with pixels, by its reference.
    pub(super) fn cover(&self, filter: &Filter) -> Result<Option<String>, AlbumError> {
        let (condition, values) = filter.condition();
        let sql = format!(
            "SELECT ref FROM item WHERE {condition} AND width IS NOT NULL ORDER BY shown DESC, id DESC LIMIT 1"
        );
        let mut query = self.0.prepare_cached(&sql)?;
        Ok(query
            .query_row(params_from_iter(values), |row| row.get(0))
            .optional()?)
    }
}
