//! This house's own pictures: the grid, what is done with the chosen ones, and one picture.

mod choose;
mod named;
mod picture;
mod upload;

use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use minijinja::{Value, context};
use serde::Deserialize;

pub(super) use choose::{add, delete, hide, undelete};
pub(super) use named::{remove, rename, take};
pub(super) use picture::{caption, page as picture_page};
pub(super) use upload::{MOST_OF_CHUNK, begin, chunk, finish, several, state};

use super::fault::Failed;
use super::form::{Form, encoded};
use super::guard::Caller;
use super::manifest::FILES;
use super::media::{self, Kind};
use super::received::shape;
use super::said;
use super::spoken::shown_day;
use super::station::App;
use crate::sharing::accounts::Visitor;
use crate::sharing::own::{AlbumItem, Page, Seen, Wanted, may_be_seen};
use crate::sharing::{Fault, Household, Now};

/// So many pictures stand on a page.
const ON_PAGE: usize = 150;
/// So many that were just added stand on one at most, chosen at once.
const MOST_NEW: usize = 1_000;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    /// Words.
    q: String,
    /// Of this album.
    album: String,
    /// Of this year, month or day, and not newer.
    until: String,
    /// Where the page before ended.
    after: String,
    /// What lies in the bin.
    bin: Option<String>,
    /// By when they were added; the newest of this person are chosen, where it is a number so many.
    new: Option<String>,
    /// What is to be shared, and is chosen otherwise here.
    change: String,
    /// Nothing of that is chosen any more.
    clear: Option<String>,
    /// What was deleted a moment ago: references with dots between.
    gone: String,
    /// What was taken out of the album a moment ago, written likewise.
    taken: String,
    /// The name of an album that was removed a moment ago, and what was in it.
    removed: Option<String>,
    had: String,
    /// How many came in a moment ago, how many of them were not here before, and which files did not.
    added: Option<usize>,
    #[serde(default)]
    fresh: usize,
    said: String,
    by: String,
}

impl Look {
    fn wanted(&self) -> Result<Wanted, Fault> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let after = some(&self.after).map(|text| text.parse()).transpose()?;
        Ok(Wanted {
            text: self.q.clone(),
            album: some(&self.album),
            until: some(&self.until),
            deleted: self.bin.is_some(),
            by_added: self.new.is_some(),
            after,
            limit: self.just_added().clamp(ON_PAGE, MOST_NEW),
            ..Wanted::default()
        })
    }

    /// So many of the newest are to be chosen.
    fn just_added(&self) -> usize {
        let new = self.new.as_deref().unwrap_or_default();
        new.parse().unwrap_or_default()
    }

    /// The same page, from another place on.
    fn query(&self, after: &str, until: &str) -> String {
        let bin = if self.bin.is_some() { "yes" } else { "" };
        let pairs = [
            ("q", self.q.as_str()),
            ("album", &self.album),
            ("until", until),
            ("after", after),
            ("bin", bin),
            ("new", self.new.as_deref().map_or("", |_| "yes")),
            ("change", &self.change),
        ];
        let set: Vec<_> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        encoded(&set)
    }
}

/// What the page is made of.
struct Found {
    page: Page,
    /// What is chosen and not on the page, and what can be seen of it.
    before: Vec<(Option<Seen>, AlbumItem)>,
    /// What can be seen of each.
    seen: Vec<Option<Seen>>,
    months: Vec<(String, usize)>,
    albums: Vec<crate::sharing::own::Collection>,
    /// The album that is looked at: its reference and name.
    named: Option<(String, String)>,
}

/// `GET /`
pub(super) async fn grid(
    State(app): State<App>,
    caller: Caller,
    Query(look): Query<Look>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (person, wanted) = (visitor.station.clone(), look.wanted()?);
    let chosen = Form::read(query.unwrap_or_default().as_bytes())?.all("picture");
    let before = chosen.clone();
    let find = move |home: &mut Household, _: Now| {
        let viewer = Some(&person);
        let named = wanted.album.as_deref().map(|album| home.album_named(album));
        let page = home.album_items(viewer, &wanted)?;
        let seen = page.items.iter().map(|item| home.own_seen(item));
        let is_here = |id: &&String| page.items.iter().any(|item| item.reference == **id);
        let elsewhere = before.iter().filter(|id| !is_here(id)).take(MOST_NEW);
        // Another may have deleted it meanwhile.
        let elsewhere = elsewhere.filter_map(|id| home.album_item(viewer, id).ok());
        let elsewhere = elsewhere.filter(|item| item.deleted.is_some() == wanted.deleted);
        let elsewhere = elsewhere.map(|item| Ok((home.own_seen(&item)?, item)));
        Ok(Found {
            before: elsewhere.collect::<Result<_, Fault>>()?,
            seen: seen.collect::<Result<_, _>>()?,
            page,
            months: home.album_months(viewer, &wanted)?,
            albums: home.albums(viewer)?,
            named: named.transpose()?,
        })
    };
    let found = app.house.ask(find).await?;
    let change = app.drafts.kept(&visitor, &look.change);
    let chosen = match &change {
        Some(form) if look.clear.is_none() && chosen.is_empty() => Form::read(form)?.all("picture"),
        _ => chosen,
    };
    let own = found.page.items.iter();
    let own = own.filter(|item| item.added_by.as_ref() == Some(&visitor.station));
    let fresh = own.take(look.just_added().min(MOST_NEW));
    let fresh = fresh.map(|item| item.reference.clone());
    let ticked: Vec<String> = chosen.iter().cloned().chain(fresh).collect();
    let mut months = match look.new {
        Some(_) => by_day_added(&visitor, &found, &ticked)?,
        None => by_month(&visitor, &found, &ticked)?,
    };
    if !found.before.is_empty() {
        let items = found.before.iter();
        let items = items.map(|(seen, item)| cell(&visitor, item, *seen, true));
        let items: Vec<Value> = items.collect::<Result<_, _>>()?;
        months.insert(
            0,
            context! { before => true, count => None::<usize>, items },
        );
    }
    let is_here = |id: &&String| {
        let mut shown = found
            .page
            .items
            .iter()
            .chain(found.before.iter().map(|(_, item)| item));
        shown.any(|item| item.reference == **id)
    };
    let rest: Vec<&String> = chosen.iter().filter(|id| !is_here(id)).collect();
    let next = found.page.next.as_ref();
    let next = next.map(|next| format!("/?{}", look.query(&next.to_string(), &look.until)));
    let albums: Vec<Value> = found
        .albums
        .iter()
        .map(|album| {
            context! { id => album.reference, name => album.name, count => album.items }
        })
        .collect();
    let years = match look.new {
        Some(_) => Vec::new(),
        None => years(&found.months),
    };
    let years: Vec<Value> = years
        .iter()
        .map(|(year, count)| {
            context! { year, count, page => format!("/?{}", look.query("", year)) }
        })
        .collect();
    let ids = |text: &'_ str| {
        let ids = text.split('.').filter(|id| !id.is_empty());
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    let (gone, taken, had) = (ids(&look.gone), ids(&look.taken), ids(&look.had));
    let (album_id, album_name) = found.named.clone().unzip();
    let out = said::lines(&visitor, &look.said, &look.by)?;
    let plain = look.q.is_empty() && look.album.is_empty() && look.bin.is_none();
    let values = context! {
        ..app.frame(&visitor, "album").await?,
        ..context! {
            months, rest, next, albums, years, gone, taken, had, out, album_id, album_name,
            change => change.map(|_| &look.change),
            removed => look.removed,
            added => look.added,
            fresh => look.fresh,
            by_added => look.new.is_some(),
            empty => plain && found.page.items.is_empty() && look.after.is_empty(),
            nothing => found.page.items.is_empty(),
            q => look.q,
            album => look.album,
            bin => look.bin.is_some(),
            takes => FILES.join(","),
            here => "album",
        }
    };
    app.page("album.html", &caller.language, values)
}

/// The items under their months, newest first.
fn by_month(visitor: &Visitor, found: &Found, chosen: &[String]) -> Result<Vec<Value>, Fault> {
    let mut months: Vec<(&str, Vec<Value>)> = Vec::new();
    for (item, seen) in found.page.items.iter().zip(&found.seen) {
        let month = item.shown.get(..7).unwrap_or_default();
        if months.last().is_none_or(|(last, _)| *last != month) {
            months.push((month, Vec::new()));
        }
        if let Some((_, items)) = months.last_mut() {
            items.push(cell(
                visitor,
                item,
                *seen,
                chosen.contains(&item.reference),
            )?);
        }
    }
    let month = |(month, items): (&str, Vec<Value>)| {
        let count = found.months.iter().find(|(name, _)| name == month);
        context! { before => false, name => None::<String>, year => month.get(..4), month => month.get(5..7).and_then(|month| month.parse::<i64>().ok()).unwrap_or_default(), count => count.map(|(_, count)| count), items }
    };
    Ok(months.into_iter().map(month).collect())
}

/// The items under the days on which they were added, newest first.
fn by_day_added(visitor: &Visitor, found: &Found, chosen: &[String]) -> Result<Vec<Value>, Fault> {
    let mut days: Vec<(String, Vec<Value>)> = Vec::new();
    for (item, seen) in found.page.items.iter().zip(&found.seen) {
        let day = shown_day(item.added);
        if days.last().is_none_or(|(last, _)| *last != day) {
            days.push((day, Vec::new()));
        }
        if let Some((_, items)) = days.last_mut() {
            items.push(cell(
                visitor,
                item,
                *seen,
                chosen.contains(&item.reference),
            )?);
        }
    }
    let day = |(name, items)| context! { before => false, name, count => None::<usize>, items };
    Ok(days.into_iter().map(day).collect())
}

/// The path of an item's small picture, if it may have one.
pub(super) fn thumb(visitor: &Visitor, item: &AlbumItem) -> Result<Option<String>, Fault> {
    may_be_seen(item)
        .then(|| thumb_path(visitor, item))
        .transpose()
}

fn thumb_path(visitor: &Visitor, item: &AlbumItem) -> Result<String, Fault> {
    media::path(visitor, Kind::OwnThumb, &item.reference)
}

fn cell(
    visitor: &Visitor,
    item: &AlbumItem,
    seen: Option<Seen>,
    chosen: bool,
) -> Result<Value, Fault> {
    let pixels = seen.unwrap_or_default();
    Ok(context! {
        id => item.reference,
        name => item.name,
        caption => item.caption,
        kind => item.kind.as_str(),
        thumb => seen.map(|_| thumb_path(visitor, item)).transpose()?,
        shape => shape(pixels.width, pixels.height),
        private => item.private,
        chosen,
    })
}

fn years(months: &[(String, usize)]) -> Vec<(String, usize)> {
    let mut years: Vec<(String, usize)> = Vec::new();
    for (month, count) in months {
        let year = month.get(..4).unwrap_or_default();
        match years.last_mut() {
            Some((last, sum)) if last == year => *sum += count,
            _ => years.push((year.to_owned(), *count)),
        }
    }
    years
}
