//! The choice of a language. Who is signed in chooses for all their browsers, others for the one before them.

use axum::extract::{Form, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::door::{LONG, cookie};
use super::fault::Failed;
use super::form::path_within;
use super::guard::Caller;
use super::station::App;
use crate::sharing::Fault;

#[derive(Deserialize)]
pub(super) struct Language {
    /// Empty: as the browser says.
    language: String,
    #[serde(default)]
    next: String,
}

/// `POST /language`
pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Language>,
) -> Result<Response, Failed> {
    let chosen = Some(form.language).filter(|language| !language.is_empty());
    let speaks = |language: &String| {
        app.pages
            .languages()
            .iter()
            .any(|(known, _)| known == language)
    };
    if chosen.as_ref().is_some_and(|language| !speaks(language)) {
        return Err(Fault::usage("language", "These pages do not speak that language.").into());
    }
    if let Some(visitor) = &caller.visitor {
        let (station, language) = (visitor.station.clone(), chosen.clone());
        let set = app
            .house
            .ask(move |home, _| home.set_language(&station, language.as_deref()));
        set.await?;
    }
    let lasts = if chosen.is_some() { LONG } else { 0 };
    let held = chosen.unwrap_or_default();
    let cookie = cookie(&app.language_cookie(), &held, Some(lasts), caller.secure);
    let mut response = Redirect::to(path_within(&form.next)).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
