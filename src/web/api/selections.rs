//! What an album program has chosen, for a person to share.

use axum::extract::{DefaultBodyLimit, State};

use axum::response::Response;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::Person;
use super::super::station::App;
use super::body::{Object, Sent, once_slowly};
use super::uploads;
use crate::sharing::Fault;
use crate::sharing::own::Chosen;

/// The largest document, with files in it: larger ones are uploaded.
const LARGEST: usize = 48 * 1024 * 1024;

/// What is to be shared: items, uploads, files, or some of each.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSelection {
    /// Items of the album, by their ids.
    #[serde(default)]
    #[schema(required = false, max_items = 2000)]
    items: Vec<String>,
    /// Uploads that are here in full, by their ids; they become items.
    #[serde(default)]
    #[schema(required = false, max_items = 500)]
    uploads: Vec<String>,
    /// Small files; they become items. 48 MiB in all, as they are written here.
    #[serde(default)]
    #[schema(required = false, max_items = 2000, value_type = Vec<File>)]
    files: Vec<Object<File>>,
    /// What the share is to be called.
    #[serde(default)]
    #[schema(required = false)]
    title: String,
}

/// A file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Its name.
    name: String,
    /// Its content in base64.
    #[schema(content_encoding = "base64")]
    data: String,
}

/// What was chosen.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeSelection {
    /// What it is called.
    selection: String,
    /// The page on which the person says with whom and how; open it in their browser.
    url: String,
    /// The items, by their ids.
    items: Vec<String>,
}

/// So large a document is taken.
pub(super) fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST)
}

/// Hands items or files over to be shared, and gives the page on which the person does so. It is kept for a day.
#[utoipa::path(post, path = "/api/v1/selections", tag = "album", request_body = NewSelection,
    responses((status = 201, body = MadeSelection)))]
pub(super) async fn select(
    State(app): State<App>,
    Person(person): Person,
    sent: Sent<NewSelection>,
) -> Result<Response, Failed> {
    let new = sent.value;
    let uploads = new.uploads.iter().map(|upload| uploads::id(upload));
    let file = |Object(file): Object<File>| {
        let content = BASE64.decode(file.data.as_bytes()).map_err(|error| {
            Fault::usage("base64", format!("{:?} is not base64: {error}", file.name))
        })?;
        Ok((file.name, content))
    };
    let chosen = Chosen {
        uploads: uploads.collect::<Result<_, _>>()?,
        items: new.items,
        files: new
            .files
            .into_iter()
            .map(file)
            .collect::<Result<_, Fault>>()?,
        title: new.title,
    };
    let who = person.clone();
    let made = once_slowly(&app, person, sent.request, move |home, now| {
        let selection = home.select(&who, &chosen, now)?;
        Ok(MadeSelection {
            url: home.selection_url(&selection),
            selection: selection.id.to_string(),
            items: selection.items,
        })
    });
    Ok(made.await?.created())
}
