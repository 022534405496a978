//! Files that come in by pieces: begin, send pieces, finish. What breaks off goes on later.

use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::fault::Failed;
use super::super::guard::Person;
use super::super::station::App;
use super::body::{Sent, Wants, content};
use crate::envelope::Id;
use crate::sharing::Fault;
use crate::sharing::own::UploadState;
use crate::sharing::own::document::ItemDocument;

/// The largest piece: it is in memory until it is sealed.
const PIECE: usize = 16 * 1024 * 1024;

/// A file that is to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewUpload {
    /// The file's name.
    name: String,
    /// Bytes in all.
    #[schema(minimum = 1)]
    size: u64,
    /// Whether it is for the person alone.
    #[serde(default)]
    #[schema(required = false)]
    private: bool,
}

/// How far a file is.
#[derive(Serialize, ToSchema)]
pub(super) struct Upload {
    /// What it is called.
    upload: String,
    /// The file's name.
    name: String,
    /// Bytes in all.
    size: u64,
    /// Bytes that are here: where the next piece begins.
    received: u64,
}

/// All that is coming in.
#[derive(Serialize, ToSchema)]
pub(super) struct Uploads {
    uploads: Vec<Upload>,
}

/// Where a piece begins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct At {
    /// The first byte's place in the file; else the header `Content-Range` says it, else it is the beginning
    #[param(minimum = 0)]
    offset: Option<u64>,
}

/// What is to become of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Finish {
    /// Put into the album of that name, too, which is made where there is none.
    album: Option<String>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Finished {
    /// The item.
    item: ItemDocument,
    /// Whether the same was in the album before.
    known: bool,
}

impl From<UploadState> for Upload {
    fn from(state: UploadState) -> Self {
        Upload {
            upload: state.id.to_string(),
            name: state.name,
            size: state.size,
            received: state.received,
        }
    }
}

/// So much of a piece is taken.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(PIECE)
}

pub(super) fn id(text: &str) -> Result<Id, Fault> {
    text.parse()
        .map_err(|_| Fault::usage("unknown_upload", "there is no such upload"))
}

/// Begins a file.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "album", request_body = NewUpload,
    responses((status = 201, body = Upload)))]
pub(super) async fn begin(
    State(app): State<App>,
    Person(person): Person,
    sent: Sent<NewUpload>,
) -> Result<Response, Failed> {
    let new = sent.value;
    let begun = app.house.ask(move |home, now| {
        let viewer = Some(&person);
        let id = home.begin_upload_for(viewer, new.private, &new.name, new.size, now.now)?;
        home.upload_state(viewer, id)
    });
    let upload = Upload::from(begun.await?);
    let place = format!("/api/v1/uploads/{}", upload.upload);
    let mut response = (StatusCode::CREATED, Json(upload)).into_response();
    let place = HeaderValue::from_str(&place).expect("an id is base32");
    response.headers_mut().insert(header::LOCATION, place);
    Ok(response)
}

/// What of the person is coming in.
#[utoipa::path(get, path = "/api/v1/uploads", tag = "album", responses((status = 200, body = Uploads)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
) -> Result<Json<Uploads>, Failed> {
    let ask = app.house.ask(move |home, _| home.uploads(Some(&person)));
    let uploads = ask.await?.into_iter().map(Upload::from).collect();
    Ok(Json(Uploads { uploads }))
}

/// How far one is.
#[utoipa::path(get, path = "/api/v1/uploads/{upload}", tag = "album", params(("upload" = String, Path)),
    responses((status = 200, body = Upload)))]
pub(super) async fn get(
    State(app): State<App>,
    Person(person): Person,
    Path(upload): Path<String>,
) -> Result<Json<Upload>, Failed> {
    let upload = id(&upload)?;
    let ask = app
        .house
        .ask(move |home, _| home.upload_state(Some(&person), upload));
    Ok(Json(ask.await?.into()))
}

/// Sends a piece: at least 4 MiB and at most 16, or the rest of the file. The answer says where to go on.
#[utoipa::path(put, path = "/api/v1/uploads/{upload}", tag = "album", params(("upload" = String, Path), At),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload)))]
pub(super) async fn piece(
    State(app): State<App>,
    Person(person): Person,
    Path(upload): Path<String>,
    Wants(at): Wants<At>,
    request: Request,
) -> Result<Json<Upload>, Failed> {
    let upload = id(&upload)?;
    let offset = match at.offset {
        Some(offset) => offset,
        None => range(request.headers())?.unwrap_or(0),
    };
    let bytes = content(request, &app).await?;
    let take = app.house.ask(move |home, now| {
        let viewer = Some(&person);
        home.upload_chunk(viewer, upload, offset, bytes.as_ref(), now.now)?;
        home.upload_state(viewer, upload)
    });
    Ok(Json(take.await?.into()))
}

/// Where the piece begins by its `Content-Range: bytes 0-99/1000` (RFC 9110, 14.4).
fn range(headers: &HeaderMap) -> Result<Option<u64>, Fault> {
    let Some(said) = headers.get(header::CONTENT_RANGE) else {
        return Ok(None);
    };
    let read = || {
        let range = said.to_str().ok()?.strip_prefix("bytes ")?;
        let (first, _) = range.split_once('-')?;
        first.trim().parse().ok()
    };
    let wrong = || {
        let words = "The Content-Range cannot be read; write it like \"bytes 0-99/1000\".";
        Fault::usage("range", words)
    };
    read().map(Some).ok_or_else(wrong)
}

/// Makes an item of a file that is here in full.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/finish", tag = "album", params(("upload" = String, Path)),
    request_body = Finish, responses((status = 201, body = Finished)))]
pub(super) async fn finish(
    State(app): State<App>,
    Person(person): Person,
    Path(upload): Path<String>,
    sent: Sent<Finish>,
) -> Result<Response, Failed> {
    let upload = id(&upload)?;
    let album = sent.value.album;
    // All of the file is read once more.
    let finish = app.house.slowly(move |home, now| {
        home.finish_upload(Some(&person), upload, album.as_deref(), now.now)
    });
    let (item, known) = finish.await?;
    let item = ItemDocument::from(&item);
    Ok((StatusCode::CREATED, Json(Finished { item, known })).into_response())
}

/// Ends one; nothing of it stays.
#[utoipa::path(delete, path = "/api/v1/uploads/{upload}", tag = "album", params(("upload" = String, Path)),
    responses((status = 204)))]
pub(super) async fn cancel(
    State(app): State<App>,
    Person(person): Person,
    Path(upload): Path<String>,
) -> Result<StatusCode, Failed> {
    let upload = id(&upload)?;
    let cancel = app
        .house
        .ask(move |home, _| home.cancel_upload(Some(&person), upload));
    cancel.await?;
    Ok(StatusCode::NO_CONTENT)
}
