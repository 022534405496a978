//! Pictures on their way in: in pieces that can be gone on with, or, without script, as one form.

use std::io::{self, Read};

use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::super::fault::Failed;
use super::super::form::Form;
use super::super::guard::{Caller, Person};
use super::super::said;
use super::super::spoken::retold;
use super::super::station::App;
use crate::envelope::Id;
use crate::sharing::Fault;
use crate::sharing::own::import::Adding;

/// The largest piece that is taken at once, in bytes.
pub(in crate::web) const MOST_OF_CHUNK: usize = 16 << 20;
/// So many pieces of a form's file wait for the disk at most.
const AHEAD: usize = 4;

#[derive(Deserialize)]
pub(in crate::web) struct From {
    offset: u64,
}

#[derive(Serialize)]
struct Received {
    received: u64,
}

#[derive(Serialize)]
struct Begun {
    id: Id,
}

#[derive(Serialize)]
struct Finished {
    id: String,
    name: String,
    known: bool,
}

/// `POST /album/uploads`: `name` and `size`.
pub(in crate::web) async fn begin(
    State(app): State<App>,
    Person(person): Person,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let name = form.one("name");
    let size = form.one("size").parse::<u64>();
    let size = size.map_err(|_| Fault::usage("size", "say how many bytes the file has"))?;
    let begin = move |home: &mut crate::sharing::Household, now: crate::sharing::Now| {
        home.begin_upload(Some(&person), &name, size, now.now)
    };
    let id = app.house.ask(begin).await?;
    Ok((StatusCode::CREATED, Json(Begun { id })).into_response())
}

/// `PUT /album/uploads/{id}?offset=`
pub(in crate::web) async fn chunk(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<String>,
    Query(from): Query<From>,
    bytes: Bytes,
) -> Result<Response, Failed> {
    let id = id_of(&id)?;
    let take = move |home: &mut crate::sharing::Household, now: crate::sharing::Now| {
        home.upload_chunk(Some(&person), id, from.offset, bytes.as_ref(), now.now)
    };
    let received = app.house.ask(take).await?;
    Ok(Json(Received { received }).into_response())
}

/// `GET /album/uploads/{id}`: how far it is.
pub(in crate::web) async fn state(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let id = id_of(&id)?;
    let state = app
        .house
        .ask(move |home, _| home.upload_state(Some(&person), id));
    let received = state.await?.received;
    Ok(Json(Received { received }).into_response())
}

/// `POST /album/uploads/{id}`
pub(in crate::web) async fn finish(
    State(app): State<App>,
    Person(person): Person,
    Path(id): Path<String>,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let id = id_of(&id)?;
    let album = Form::read(&body)?.one("album");
    let finish = move |home: &mut crate::sharing::Household, now: crate::sharing::Now| {
        let album = (!album.is_empty()).then_some(album.as_str());
        home.finish_upload(Some(&person), id, album, now.now)
    };
    // All of the file is read once more.
    let (item, known) = app.house.slowly_change(finish).await?;
    let finished = Finished {
        id: item.reference,
        name: item.name,
        known,
    };
    Ok(Json(finished).into_response())
}

fn id_of(text: &str) -> Result<Id, Fault> {
    let unknown = |_| Fault::usage("unknown_upload", "there is no such upload");
    text.parse().map_err(unknown)
}

/// `POST /album/files`: a form of files, of which the broken ones are named and the rest goes in.
pub(in crate::web) async fn several(
    State(app): State<App>,
    caller: Caller,
    mut form: Multipart,
) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let (mut added, mut fresh, mut out) = (0, 0, Vec::new());
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Fault::new("too_large", "The body is larger than is taken here.")
        }
        _ => Fault::usage("form", "the form cannot be read"),
    };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let Some(name) = field
            .file_name()
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
        else {
            continue;
        };
        let (give, take) = mpsc::channel(AHEAD);
        let adding = Adding {
            person: Some(person.clone()),
            ..Adding::default()
        };
        let called = name.clone();
        let store = app
            .house
            .slowly(move |home, now| home.add_file(&adding, &called, Pieces::new(take), now.now));
        let (stored, ()) = tokio::join!(store, feed(&mut field, give));
        match stored {
            Ok((_, known)) => {
                added += 1;
                fresh += usize::from(!known);
            }
            Err(fault) if fault.code == "disk_full" => return Err(fault.into()),
            Err(fault) => out.push(format!("{name}: {}", retold(&fault.message))),
        }
    }
    let said = said::query(caller.person()?, &out)?;
    Ok(Redirect::to(&format!("/?added={added}&fresh={fresh}&{said}")).into_response())
}

/// Passes a file of a form on, piece after piece. Where nobody takes it any more, the reason comes from there.
async fn feed(field: &mut Field<'_>, give: mpsc::Sender<io::Result<Bytes>>) {
    loop {
        let piece = match field.chunk().await {
            Ok(Some(piece)) => Ok(piece),
            Ok(None) => return,
            Err(_) => Err(io::Error::other("it broke off on its way here")),
        };
        let ended = piece.is_err();
        if give.send(piece).await.is_err() || ended {
            return;
        }
    }
}

/// What comes from a browser, for somebody who reads and waits.
struct Pieces {
    take: mpsc::Receiver<io::Result<Bytes>>,
    rest: Bytes,
}

impl Pieces {
    fn new(take: mpsc::Receiver<io::Result<Bytes>>) -> Self {
        let rest = Bytes::new();
        Pieces { take, rest }
    }
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.take.blocking_recv() {
                Some(piece) => self.rest = piece?,
                None => return Ok(0),
            }
        }
        let len = self.rest.len().min(out.len());
        out[..len].copy_from_slice(&self.rest.split_to(len));
        Ok(len)
    }
}
