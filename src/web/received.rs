//! What came, as this person may see it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use minijinja::{Value, context};
use serde::Deserialize;

use super::asking;
use super::fault::Failed;
use super::form::encoded;
use super::guard::Caller;
use super::keep_all;
use super::media::{self, Kind};
use super::spoken::{retold, shown_day, shown_end};
use super::station::App;
use crate::encoding::Timestamp;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::personal::{PersonalItem, PersonalShare};
use crate::sharing::requests::asking::Asking;
use crate::sharing::{Fault, Household, Now};

/// So many shares stand on a page.
const ON_PAGE: usize = 40;
/// So many pictures stand on a card.
const ON_CARD: usize = 4;

#[derive(Deserialize)]
pub(super) struct Look {
    /// What is looked for.
    #[serde(default)]
    q: String,
    /// The share on which the page before ended.
    after: Option<String>,
}

/// `GET /received`
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(look): Query<Look>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let text = look.q.clone();
    let ask = move |home: &mut Household, now: Now| {
        let page = home.received_page(&person, &text, look.after.as_deref(), ON_PAGE, now)?;
        let ends = page.0.iter().filter_map(|share| share.left(now.now)).min();
        Ok((page, home.requests_by(&person, now)?, (ends, now.now)))
    };
    let ((shares, next), requests, (ends, now)) = app.house.ask(ask).await?;
    let cards: Vec<Value> = shares
        .iter()
        .map(|share| card(&visitor, share, now))
        .collect::<Result<_, _>>()?;
    let requests: Vec<Value> = requests.iter().map(asking::request).collect();
    let next = next.map(|next| match look.q.as_str() {
        "" => encoded(&[("after", &next)]),
        text => encoded(&[("q", text), ("after", &next)]),
    });
    let values = context! { ..app.frame(&visitor, "received").await?, ..context! { cards, requests, next, ends, q => look.q } };
    app.page("received.html", &caller.language, values)
}

/// A share as a person sees it who opens it now, what that one may ask for, in how many seconds it ends, and the time.
pub(super) async fn opened(
    app: &App,
    visitor: &Visitor,
    reference: &str,
) -> Result<(PersonalShare, Option<Asking>, (Option<u64>, Timestamp)), Fault> {
    let (person, asked) = (visitor.station.clone(), reference.to_owned());
    let ask = move |home: &mut Household, now: Now| {
        let share = home.opened_by(&asked, &person, now)?;
        home.set_seen(&asked, &person)?;
        let asking = home.asking_about(&share, &person)?;
        let ends = share.left(now.now);
        Ok((share, asking, (ends, now.now)))
    };
    app.house.ask(ask).await
}

/// `GET /received/{share}`
pub(super) async fn share(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (share, asking, (ends, now)) = match opened(&app, &visitor, &reference).await {
        Ok(opened) => opened,
        Err(fault) => return asking::denied(&app, &caller, &reference, fault).await,
    };
    let items: Vec<Value> = share
        .items
        .iter()
        .map(|item| cell(&visitor, &share.share, item))
        .collect::<Result<_, _>>()?;
    let keeps = share.items.iter().filter(|item| item.may.keep).count();
    let keep_all = (keeps > 1).then(|| keep_all::path(&visitor, &share.share));
    let values = context! {
        ..app.frame(&visitor, "received").await?,
        ..context! {
            share => card(&visitor, &share, now)?,
            keeps,
            keep_all => keep_all.transpose()?,
            words => share.words,
            items,
            ends,
            asking => asking.map(|asking| asking::value(&asking, &reference)),
        }
    };
    app.page("share.html", &caller.language, values)
}

fn card(visitor: &Visitor, share: &PersonalShare, now: Timestamp) -> Result<Value, Fault> {
    let shown = share
        .items
        .iter()
        .filter(|item| item.pictured)
        .take(ON_CARD);
    let pictures: Vec<Value> = shown
        .map(|item| cell(visitor, &share.share, item))
        .collect::<Result<_, _>>()?;
    Ok(context! {
        id => share.share,
        from => share.from_name,
        from_there => encoded(&[("q", &share.from_name)]),
        title => share.title,
        message => share.message,
        by_unknown => share.by_unknown,
        arrived => shown_day(share.arrived),
        until => share.until.map(|end| shown_end(end, now)),
        complete => share.complete,
        is_new => share.is_new,
        count => share.count,
        kind => share.kind.as_str(),
        may => share.may,
        pictures,
    })
}

pub(super) fn cell(visitor: &Visitor, share: &str, item: &PersonalItem) -> Result<Value, Fault> {
    let thumb = item
        .pictured
        .then(|| media::path(visitor, Kind::Thumb, &item.id));
    let keep = item
        .may
        .keep
        .then(|| media::path(visitor, Kind::Keep, &item.id));
    Ok(context! {
        id => item.id,
        name => item.name,
        kind => item.kind,
        played => item.played,
        caption => item.caption,
        thumb => thumb.transpose()?,
        keep => keep.transpose()?,
        shape => shape(item.width, item.height),
        page => format!("/received/{share}/{}", item.id),
        may => item.may,
        left => item.left,
        why_not => item.why_not.as_deref().map(retold),
    })
}

/// The class of a picture's shape: the nearest of a few, for a strict policy allows no style in a page.
pub(super) fn shape(width: Option<u32>, height: Option<u32>) -> &'static str {
    const SHAPES: [(f64, &str); 8] = [
        (0.667, "w67"),
        (0.75, "w75"),
        (1.0, "w100"),
        (1.333, "w133"),
        (1.5, "w150"),
        (1.778, "w178"),
        (2.0, "w200"),
        (2.4, "w240"),
    ];
    let (Some(width), Some(height)) = (width, height.filter(|&height| height > 0)) else {
        return "w100";
    };
    let wanted = f64::from(width) / f64::from(height);
    let off = |(ratio, _): &(f64, &str)| (ratio / wanted).ln().abs();
    let nearest = SHAPES.into_iter().min_by(|a, b| off(a).total_cmp(&off(b)));
    nearest.map_or("w100", |(_, class)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_gets_the_nearest_shape() {
        assert_eq!(shape(Some(4032), Some(3024)), "w133");
        assert_eq!(shape(Some(3024), Some(4032)), "w75");
        assert_eq!(shape(Some(10), Some(0)), "w100");
        assert_eq!(shape(Some(10_000), Some(10)), "w240");
        assert_eq!(shape(None, None), "w100");
    }
}
