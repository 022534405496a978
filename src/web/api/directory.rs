//! Households that the directory has, to be chosen from.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::directory::look_for_one;
use super::super::fault::Failed;
use super::super::station::App;
use super::body::Wants;
use crate::sharing::directory::document::AnswerDocument;

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// A mailbox, a name or a key word
    #[param(min_length = 1, max_length = 200)]
    query: String,
}

/// Households that the directory has for a mailbox, a name or a key word. They are suggestions: nothing is taken by this, and
/// what it answered within the hour is not asked for again.
#[utoipa::path(get, path = "/api/v1/directory", tag = "people", params(Wanted),
    responses((status = 200, body = AnswerDocument)))]
pub(super) async fn find(
    State(app): State<App>,
    Wants(wanted): Wants<Wanted>,
) -> Result<Json<AnswerDocument>, Failed> {
    let answer = look_for_one(&app, wanted.query).await?;
    Ok(Json(AnswerDocument::from(answer)))
}
