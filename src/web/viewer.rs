//! One picture, and little more.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use minijinja::{Value, context};
use serde::Deserialize;

use super::asking;
use super::fault::Failed;
use super::guard::Caller;
use super::media::{self, Kind};
use super::received::opened;
use super::spoken::{retold, shown_end};
use super::station::App;
use crate::sharing::Fault;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::personal::PersonalItem;

#[derive(Deserialize)]
pub(super) struct View {
    /// For paper.
    print: Option<String>,
}

/// `GET /received/{share}/{item}`
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    Path((reference, id)): Path<(String, String)>,
    Query(view): Query<View>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (share, asking, (ends, now)) = match opened(&app, &visitor, &reference).await {
        Ok(opened) => opened,
        Err(fault) => return asking::denied(&app, &caller, &reference, fault).await,
    };
    let at = share.items.iter().position(|item| item.id == id);
    let unknown = || Fault::new("unknown_item", "There is no such picture here.");
    let at = at.ok_or_else(unknown)?;
    let item = &share.items[at];
    let page = |at: usize| {
        let item = share.items.get(at)?;
        Some(page_of(&reference, item))
    };
    let may = item.may;
    let path = |kind, may: bool| {
        may.then(|| media::path(&visitor, kind, &item.id))
            .transpose()
    };
    // What is counted is fetched when it is opened, and not before.
    let ahead = share
        .items
        .get(at + 1)
        .filter(|next| next.may.look && !next.may.excerpt && !next.counted);
    let ahead = ahead
        .map(|next| media::path(&visitor, shown_by(next), &next.id))
        .transpose()?;
    let for_paper = view.print.is_some() && may.print;
    let shown = match for_paper {
        true => path(Kind::Print, true)?,
        false => path(shown_by(item), may.look && !may.excerpt)?,
    };
    let beside = share
        .items
        .iter()
        .filter(|one| one.goes_with.as_ref() == Some(&id));
    let beside: Vec<Value> = beside
        .map(|one| belonging(&visitor, &reference, one))
        .collect::<Result<_, _>>()?;
    let with = item.goes_with.as_ref();
    let with = with.and_then(|with| share.items.iter().find(|one| one.id == *with));
    let with = with.map(|one| context! { name => shown_as(one), page => page_of(&reference, one) });
    let values = context! {
        house => app.name,
        title => share.title,
        from => share.from_name,
        until => share.until.map(|end| shown_end(end, now)),
        words => share.words,
        back => format!("/received/{reference}"),
        number => at + 1,
        count => share.items.len(),
        previous => at.checked_sub(1).and_then(page),
        next => page(at + 1),
        here => page(at),
        name => item.name,
        caption => item.caption,
        kind => item.kind,
        unplayed => item.unplayed,
        stands_still => item.moves && (!item.moved || for_paper),
        beside,
        with,
        counted => item.counted,
        may,
        width => item.width,
        height => item.height,
        shown,
        whole => path(Kind::Play, item.played)?,
        excerpt => path(Kind::Show, may.excerpt)?,
        poster => path(Kind::Thumb, item.pictured && item.kind != "picture")?,
        for_paper,
        keep => path(Kind::Keep, may.keep)?,
        ahead,
        ends,
        why_not => item.why_not.as_deref().map(retold),
        asking => asking.map(|asking| asking::value(&asking, &reference)),
        lamp => app.lamp_now(false).await?,
    };
    app.page("viewer.html", &caller.language, values)
}

/// As what a picture is shown: one that moves as its file.
fn shown_by(item: &PersonalItem) -> Kind {
    match item.moved {
        true => Kind::Keep,
        false => Kind::Show,
    }
}

/// What belongs to a picture, to be heard, seen or kept beside it as far as the person may.
fn belonging(visitor: &Visitor, share: &str, item: &PersonalItem) -> Result<Value, Fault> {
    let path = |kind, may: bool| {
        may.then(|| media::path(visitor, kind, &item.id))
            .transpose()
    };
    Ok(context! {
        name => shown_as(item),
        kind => item.kind,
        page => page_of(share, item),
        counted => item.counted,
        whole => path(Kind::Play, item.played)?,
        excerpt => path(Kind::Show, item.may.excerpt)?,
        poster => path(Kind::Thumb, item.pictured)?,
        keep => path(Kind::Keep, item.may.keep)?,
    })
}

fn shown_as(item: &PersonalItem) -> &str {
    item.caption.as_deref().unwrap_or(&item.name)
}

fn page_of(share: &str, item: &PersonalItem) -> String {
    format!("/received/{share}/{}", item.id)
}
