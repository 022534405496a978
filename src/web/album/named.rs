//! Named albums: another name for one, pictures out of it, and its end. Each can be undone right after it.

use axum::extract::{Path, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::fault::Failed;
use super::super::form::{Form, encoded};
use super::super::guard::Person;
use super::super::station::App;
use super::choose::{Chosen, UNDO_AT_ONCE, undo};
use crate::sharing::own::Wanted;
use crate::sharing::{Household, Now};

/// `POST /albums/{album}/take`: the pictures stay in the house's album.
pub(in crate::web) async fn take(
    State(app): State<App>,
    Path(album): Path<String>,
    chosen: Chosen,
) -> Result<Response, Failed> {
    let undo = undo(&chosen.items);
    let take = move |home: &mut Household, _: Now| {
        home.take_from_album(Some(&chosen.person), &album, &chosen.items)?;
        home.album_named(&album)
    };
    let (reference, _) = app.house.change(take).await?;
    let query = encoded(&[("album", &reference), ("taken", &undo)]);
    Ok(Redirect::to(&format!("/?{query}")).into_response())
}

/// `POST /albums/{album}/rename`
pub(in crate::web) async fn rename(
    State(app): State<App>,
    Path(album): Path<String>,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let name = Form::read(&body)?.one("name");
    let rename = move |home: &mut Household, _: Now| {
        let (reference, _) = home.album_named(&album)?;
        home.rename_album(&reference, &name)?;
        Ok(reference)
    };
    let reference = app.house.change(rename).await?;
    Ok(Redirect::to(&format!("/?{}", encoded(&[("album", &reference)]))).into_response())
}

/// `POST /albums/{album}/remove`: its pictures stay.
pub(in crate::web) async fn remove(
    State(app): State<App>,
    Person(person): Person,
    Path(album): Path<String>,
) -> Result<Response, Failed> {
    let remove = move |home: &mut Household, _: Now| {
        let (reference, name) = home.album_named(&album)?;
        let wanted = Wanted {
            album: Some(reference.clone()),
            limit: UNDO_AT_ONCE + 1,
            ..Wanted::default()
        };
        let had = home.album_items(Some(&person), &wanted)?.items;
        home.remove_album(&reference)?;
        Ok((name, had))
    };
    let (name, had) = app.house.change(remove).await?;
    let had: Vec<String> = had.into_iter().map(|item| item.reference).collect();
    let query = encoded(&[("removed", &name), ("had", &undo(&had))]);
    Ok(Redirect::to(&format!("/?{query}")).into_response())
}
