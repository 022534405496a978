//! Asking for more of what came.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::Person;
use super::super::station::App;
use super::body::{Sent, once};
use super::shares::WrittenRules;
use crate::sharing::requests::ListedRequest;

/// What the person asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRequest {
    /// The share.
    share: String,
    /// For what. Without, the same as there is, for 30 days more than are left; where there is nothing, to look at for 30 days.
    rules: Option<WrittenRules>,
    /// A few words to whoever answers.
    #[serde(default)]
    #[schema(required = false)]
    message: String,
}

/// A request that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeRequest {
    /// What it is called.
    request: String,
}

/// What the person asked for.
#[derive(Serialize, ToSchema)]
pub(super) struct Requests {
    /// The newest first.
    requests: Vec<ListedRequest>,
}

/// What the person asked for, and the answers.
#[utoipa::path(get, path = "/api/v1/requests", tag = "received", responses((status = 200, body = Requests)))]
pub(super) async fn list(
    State(app): State<App>,
    Person(person): Person,
) -> Result<Json<Requests>, Failed> {
    let ask = app
        .house
        .ask(move |home, now| home.requests_by(&person, now));
    Ok(Json(Requests {
        requests: ask.await?,
    }))
}

/// Asks the household that granted a share for more.
#[utoipa::path(post, path = "/api/v1/requests", tag = "received", request_body = NewRequest,
    responses((status = 201, body = MadeRequest)))]
pub(super) async fn ask(
    State(app): State<App>,
    Person(person): Person,
    sent: Sent<NewRequest>,
) -> Result<Response, Failed> {
    let new = sent.value;
    let rules = new.rules.map(WrittenRules::read).transpose()?;
    let who = person.clone();
    let asked = once(&app, person, sent.request, move |home, now| {
        let request = home.ask_for_rules(&new.share, &who, rules, &new.message, now)?;
        Ok(MadeRequest { request })
    });
    Ok(asked.await?.created())
}
