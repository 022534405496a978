//! One own picture.

use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use super::super::fault::Failed;
use super::super::form::Form;
use super::super::guard::{Caller, Person};
use super::super::media::{self, Kind};
use super::super::spoken::shown_taken;
use super::super::station::App;
use crate::rendition::Format;
use crate::sharing::own::{self, may_be_seen};
use crate::sharing::{Household, Now};

/// `GET /album/{item}`
pub(in crate::web) async fn page(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let find = move |home: &mut Household, _: Now| {
        let item = home.album_item(Some(&person), &reference)?;
        let albums = home.albums_of(Some(&person), &reference)?;
        let (newer, older) = home.album_neighbours(Some(&person), &reference)?;
        let seen = home.own_seen(&item)?;
        let ahead = older
            .as_deref()
            .map(|id| home.album_item(Some(&person), id));
        let ahead = ahead.transpose()?.filter(may_be_seen);
        Ok((item, seen, ahead, albums, newer, older))
    };
    let (item, seen, ahead, albums, newer, older) = app.house.ask(find).await?;
    let path = |kind| media::path(&visitor, kind, &item.reference);
    let moved = own::moves(&item);
    let kind = if moved { Kind::OwnKeep } else { Kind::OwnShow };
    let shown = seen.map(|_| path(kind)).transpose()?;
    let ahead = ahead.map(|next| media::path(&visitor, Kind::OwnShow, &next.reference));
    let pixels = seen.unwrap_or_default();
    let page = |id: Option<String>| id.map(|id| format!("/album/{id}"));
    let (day, taken) = shown_taken(item.taken.as_deref());
    let values = context! {
        house => app.name,
        id => item.reference,
        name => item.name,
        caption => item.caption,
        kind => item.kind.as_str(),
        unplayed => Format::of_media_type(&item.media_type).is_unplayed_film(),
        stands_still => item.media_type == Format::Gif.media_type() && !moved,
        day,
        taken,
        width => pixels.width,
        height => pixels.height,
        size => item.size,
        private => item.private,
        own => item.added_by.as_ref() == Some(&visitor.station),
        deleted => item.deleted.is_some(),
        albums => albums.into_iter().map(|(id, name)| context! { id, name }).collect::<Vec<_>>(),
        shown,
        keep => path(Kind::OwnKeep)?,
        previous => page(newer),
        next => page(older),
        ahead => ahead.transpose()?,
        lamp => app.lamp_now(false).await?,
    };
    app.page("picture.html", &caller.language, values)
}

/// `POST /album/{item}`
pub(in crate::web) async fn caption(
    State(app): State<App>,
    Person(person): Person,
    Path(reference): Path<String>,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let caption = Form::read(&body)?.one("caption");
    let page = format!("/album/{reference}");
    app.house
        .change(move |home, _| home.set_caption(Some(&person), &reference, &caption))
        .await?;
    Ok(Redirect::to(&page).into_response())
}
