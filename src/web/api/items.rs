//! The household's own album: its items, and what they look like.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::fault::Failed;
use super::super::guard::{Caller, Person};
use super::super::media::{attach, own_picture, picture};
use super::super::station::App;
use super::super::stream::{Pieces, read_through};
use super::body::{Sent, Wants};
use crate::sharing::own::document::{ItemDocument, ShownItemDocument};
use crate::sharing::own::{Change, Size, Wanted};
use crate::sharing::{Fault, Household};

/// Which items.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Search {
    /// Words that name or caption hold, who added it, or when it was taken (`2024`, `May 2024`, `2024-05-03`, `3.5.2024`);
    /// all of them
    #[serde(default)]
    #[param(required = false)]
    text: String,
    /// Of this album, by name or id
    album: Option<String>,
    /// Not older than that year, month or day
    #[param(
        pattern = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        example = "2024-05"
    )]
    from: Option<String>,
    /// Not newer than that year, month or day
    #[param(
        pattern = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        example = "2024-05-03"
    )]
    until: Option<String>,
    /// What lies in the bin, instead of the others
    #[serde(default)]
    #[param(required = false)]
    deleted: bool,
    /// `next` of the page before
    after: Option<String>,
    /// How many at once
    #[serde(default = "many")]
    #[param(required = false, minimum = 1, maximum = 1000, default = 200)]
    limit: usize,
}

fn many() -> usize {
    Wanted::default().limit
}

/// A page of the album.
#[derive(Serialize, ToSchema)]
pub(super) struct Items {
    /// The newest first, by when they were taken.
    items: Vec<ItemDocument>,
    /// There is more: ask for it with `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemChange {
    /// What people say of it, in at most 2,000 characters; empty for nothing.
    caption: Option<String>,
    /// Whether it is for the one alone who brought it.
    private: Option<bool>,
}

/// Items of the album, as the person sees it, page after page.
#[utoipa::path(get, path = "/api/v1/items", tag = "album", params(Search), responses((status = 200, body = Items)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
    Wants(search): Wants<Search>,
) -> Result<Json<Items>, Failed> {
    if !(1..=1000).contains(&search.limit) {
        return Err(Fault::usage("limit", "limit is 1 to 1000").into());
    }
    let after = search.after.as_deref();
    let wanted = Wanted {
        after: after.map(str::parse).transpose()?,
        text: search.text,
        album: search.album,
        from: search.from,
        until: search.until,
        deleted: search.deleted,
        limit: search.limit,
        ..Wanted::default()
    };
    let page = app
        .house
        .ask(move |home, _| home.album_items(Some(&person), &wanted))
        .await?;
    Ok(Json(Items {
        items: page.items.iter().map(ItemDocument::from).collect(),
        next: page.next.map(|next| next.to_string()),
    }))
}

/// One item.
#[utoipa::path(get, path = "/api/v1/items/{item}", tag = "album", params(("item" = String, Path)),
    responses((status = 200, body = ShownItemDocument)))]
pub(super) async fn get(
    State(app): State<App>,
    Person(person): Person,
    Path(item): Path<String>,
) -> Result<Json<ShownItemDocument>, Failed> {
    let ask = app
        .house
        .ask(move |home, _| home.shown_item(Some(&person), &item));
    Ok(Json(ask.await?))
}

/// Changes an item's caption, or for whom it is.
#[utoipa::path(patch, path = "/api/v1/items/{item}", tag = "album", params(("item" = String, Path)),
    request_body = ItemChange, responses((status = 200, body = ShownItemDocument)))]
pub(super) async fn change(
    State(app): State<App>,
    Person(person): Person,
    Path(item): Path<String>,
    sent: Sent<ItemChange>,
) -> Result<Json<ShownItemDocument>, Failed> {
    let change = Change {
        caption: sent.value.caption,
        private: sent.value.private,
    };
    let ask = app.house.ask(move |home, _| {
        let viewer = Some(&person);
        home.change_item(viewer, &item, &change)?;
        home.shown_item(viewer, &item)
    });
    Ok(Json(ask.await?))
}

/// Puts an item into the bin, for 30 days.
#[utoipa::path(delete, path = "/api/v1/items/{item}", tag = "album", params(("item" = String, Path)),
    responses((status = 204)))]
pub(super) async fn delete(
    State(app): State<App>,
    Person(person): Person,
    Path(item): Path<String>,
) -> Result<StatusCode, Failed> {
    let ask = app
        .house
        .ask(move |home, now| home.delete_items(Some(&person), &[item], now.now));
    ask.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an item out of the bin.
#[utoipa::path(post, path = "/api/v1/items/{item}/restore", tag = "album", params(("item" = String, Path)),
    responses((status = 204)))]
pub(super) async fn restore(
    State(app): State<App>,
    Person(person): Person,
    Path(item): Path<String>,
) -> Result<StatusCode, Failed> {
    let ask = app
        .house
        .ask(move |home, _| home.undelete_items(Some(&person), &[item]));
    ask.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An item's small picture, of at most 320 pixels.
#[utoipa::path(get, path = "/api/v1/items/{item}/thumb", tag = "album", params(("item" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub(super) async fn thumb(
    State(app): State<App>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    sized(&app, &caller, item, Size::Thumb).await
}

/// An item's picture for the screen, of at most 2048 pixels.
#[utoipa::path(get, path = "/api/v1/items/{item}/screen", tag = "album", params(("item" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub(super) async fn screen(
    State(app): State<App>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    sized(&app, &caller, item, Size::Screen).await
}

async fn sized(app: &App, caller: &Caller, item: String, size: Size) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let jpeg = own_picture(app, person, item, size).await?;
    Ok(picture(jpeg, None, false))
}

/// An item as it was brought, bit for bit.
#[utoipa::path(get, path = "/api/v1/items/{item}/original", tag = "album", params(("item" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)))]
pub(super) async fn original(
    State(app): State<App>,
    Person(person): Person,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    let ask = move |home: &mut Household, _| {
        let mut original = home.own_original(Some(&person), &item)?;
        // Read here, so that one that cannot be read is told of.
        let first = Pieces::next(&mut original)?;
        Ok((first, original))
    };
    let (first, original) = app.house.ask(ask).await?;
    let (name, size) = (original.name.clone(), original.size);
    let body = Body::from_stream(read_through(app.house.clone(), first, original));
    let kind = (header::CONTENT_TYPE, "application/octet-stream".to_owned());
    let length = (header::CONTENT_LENGTH, size.to_string());
    let mut response = ([kind, length], body).into_response();
    attach(&mut response, &name);
    Ok(response)
}
