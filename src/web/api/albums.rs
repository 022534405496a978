//! Named albums of the house.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::Person;
use super::super::station::App;
use super::body::Sent;
use crate::sharing::own::document::AlbumDocument;

/// All albums.
#[derive(Serialize, ToSchema)]
pub(super) struct Albums {
    /// By name.
    albums: Vec<AlbumDocument>,
}

/// What an album is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlbumName {
    /// Its name, of 1 to 200 characters.
    name: String,
}

/// An album that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeAlbum {
    /// What it is called here.
    id: String,
}

/// Some items.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SomeItems {
    /// By their ids.
    items: Vec<String>,
}

/// All albums, with what the person sees of them.
#[utoipa::path(get, path = "/api/v1/albums", tag = "album", responses((status = 200, body = Albums)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
) -> Result<Json<Albums>, Failed> {
    let ask = app.house.ask(move |home, _| home.albums(Some(&person)));
    let albums = ask.await?.into_iter().map(AlbumDocument::from).collect();
    Ok(Json(Albums { albums }))
}

/// Makes an empty album.
#[utoipa::path(post, path = "/api/v1/albums", tag = "album", request_body = AlbumName,
    responses((status = 201, body = MadeAlbum)))]
pub(super) async fn create(
    State(app): State<App>,
    sent: Sent<AlbumName>,
) -> Result<Response, Failed> {
    let name = sent.value.name;
    let create = app
        .house
        .ask(move |home, now| home.create_album(&name, now.now));
    let id = create.await?;
    Ok((StatusCode::CREATED, Json(MadeAlbum { id })).into_response())
}

/// Gives an album another name.
#[utoipa::path(patch, path = "/api/v1/albums/{album}", tag = "album", params(("album" = String, Path)),
    request_body = AlbumName, responses((status = 204)))]
pub(super) async fn rename(
    State(app): State<App>,
    Path(album): Path<String>,
    sent: Sent<AlbumName>,
) -> Result<StatusCode, Failed> {
    let name = sent.value.name;
    let rename = app
        .house
        .ask(move |home, _| home.rename_album(&album, &name));
    rename.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an album; its items stay.
#[utoipa::path(delete, path = "/api/v1/albums/{album}", tag = "album", params(("album" = String, Path)),
    responses((status = 204)))]
pub(super) async fn remove(
    State(app): State<App>,
    Path(album): Path<String>,
) -> Result<StatusCode, Failed> {
    app.house
        .ask(move |home, _| home.remove_album(&album))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts items into an album.
#[utoipa::path(post, path = "/api/v1/albums/{album}/add", tag = "album", params(("album" = String, Path)),
    request_body = SomeItems, responses((status = 204)))]
pub(super) async fn add(
    State(app): State<App>,
    Person(person): Person,
    Path(album): Path<String>,
    sent: Sent<SomeItems>,
) -> Result<StatusCode, Failed> {
    let items = sent.value.items;
    let add = app
        .house
        .ask(move |home, _| home.add_to_album(Some(&person), &album, &items));
    add.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes items out of an album.
#[utoipa::path(post, path = "/api/v1/albums/{album}/take", tag = "album", params(("album" = String, Path)),
    request_body = SomeItems, responses((status = 204)))]
pub(super) async fn take(
    State(app): State<App>,
    Person(person): Person,
    Path(album): Path<String>,
    sent: Sent<SomeItems>,
) -> Result<StatusCode, Failed> {
    let items = sent.value.items;
    let take = app
        .house
        .ask(move |home, _| home.take_from_album(Some(&person), &album, &items));
    take.await?;
    Ok(StatusCode::NO_CONTENT)
}
