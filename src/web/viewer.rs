//! One picture, and little more.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use minijinja::context;
use serde::Deserialize;

use super::asking;
use super::fault::Failed;
use super::guard::Caller;
use super::media::{self, Kind};
use super::spoken::{retold, shown_end};
use super::station::App;
use crate::sharing::{Fault, Household, Now};

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
    let person = visitor.station.clone();
    let asked = reference.clone();
    let ask = move |home: &mut Household, now: Now| {
        let share = home.opened_by(&asked, &person, now)?;
        home.set_seen(&asked, &person)?;
        let asking = home.asking_about(&share, &person)?;
        let ends = share.left(now.now);
        Ok((share, asking, (ends, now.now)))
    };
    let (share, asking, (ends, now)) = match app.house.ask(ask).await {
        Ok(opened) => opened,
        Err(fault) => return asking::denied(&app, &caller, &reference, fault).await,
    };
    let at = share.items.iter().position(|item| item.id == id);
    let unknown = || Fault::new("unknown_item", "There is no such picture here.");
    let at = at.ok_or_else(unknown)?;
    let item = &share.items[at];
    let page = |at: usize| {
        let item = share.items.get(at)?;
        Some(format!("/received/{reference}/{}", item.id))
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
        .map(|next| media::path(&visitor, Kind::Show, &next.id))
        .transpose()?;
    let for_paper = view.print.is_some() && may.print;
    let shown = match for_paper {
        true => path(Kind::Print, true)?,
        false => path(Kind::Show, may.look && !may.excerpt)?,
    };
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
        moves => item.moves,
        unplayed => item.unplayed,
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
    };
    app.page("viewer.html", &caller.language, values)
}
