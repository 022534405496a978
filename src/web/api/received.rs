//! What came for a person, by the same gate as in the browser.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::{Caller, Person};
use super::super::media::{self, Kind, Wish};
use super::super::station::App;
use crate::sharing::listing::personal::PersonalShare;

/// What came for the person.
#[derive(Serialize, ToSchema)]
pub(super) struct Received {
    /// The newest first; without what is over.
    shares: Vec<PersonalShare>,
}

/// What came for the person.
#[utoipa::path(get, path = "/api/v1/received", tag = "received", responses((status = 200, body = Received)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
) -> Result<Json<Received>, Failed> {
    let ask = app
        .house
        .ask(move |home, now| home.received_by(&person, now));
    Ok(Json(Received { shares: ask.await? }))
}

/// One share, with what may be done with each item now.
#[utoipa::path(get, path = "/api/v1/received/{share}", tag = "received", params(("share" = String, Path)),
    responses((status = 200, body = PersonalShare)))]
pub(super) async fn get(
    State(app): State<App>,
    Person(person): Person,
    Path(share): Path<String>,
) -> Result<Json<PersonalShare>, Failed> {
    let ask = app
        .house
        .ask(move |home, now| home.opened_by(&share, &person, now));
    Ok(Json(ask.await?))
}

/// An item's small picture.
#[utoipa::path(get, path = "/api/v1/received/items/{item}/thumb", tag = "received",
    params(("item" = String, Path)), responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub(super) async fn thumb(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    handed(&app, &caller, &method, Kind::Thumb, item).await
}

/// An item to look at: a picture, or the excerpt as it was cut. Where looks are counted, this is one.
#[utoipa::path(get, path = "/api/v1/received/items/{item}/show", tag = "received", params(("item" = String, Path)),
    responses((status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "application/octet-stream")))))]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    handed(&app, &caller, &method, Kind::Show, item).await
}

/// An item for paper.
#[utoipa::path(get, path = "/api/v1/received/items/{item}/print", tag = "received", params(("item" = String, Path)),
    responses((status = 200, content((Vec<u8> = "image/jpeg"), (Vec<u8> = "application/octet-stream")))))]
pub(super) async fn print(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    handed(&app, &caller, &method, Kind::Print, item).await
}

/// An item to keep as a file, in what format the rules leave it.
#[utoipa::path(get, path = "/api/v1/received/items/{item}/keep", tag = "received",
    params(("item" = String, Path)), responses((status = 200, content_type = "*/*", body = Vec<u8>)))]
pub(super) async fn keep(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    handed(&app, &caller, &method, Kind::Keep, item).await
}

async fn handed(
    app: &App,
    caller: &Caller,
    method: &Method,
    kind: Kind,
    item: String,
) -> Result<Response, Failed> {
    media::handed(app, caller.person()?, method, kind, item, Wish::AsFile).await
}
