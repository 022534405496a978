//! The programs that act for a person: which, what they may do, and an end to it.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use minijinja::{Value, context};
use serde::Deserialize;

use super::fault::Failed;
use super::guard::Caller;
use super::spoken::{retold, shown_day};
use super::station::App;
use crate::album::TokenRow;
use crate::sharing::Fault;
use crate::sharing::accounts::Scope;

/// A day, in seconds.
const DAY: u64 = 86_400;
/// What a person chooses from, in days; 0: without an end.
const DAYS: [u64; 4] = [30, 90, 365, 0];

#[derive(Deserialize)]
pub(super) struct NewProgram {
    name: String,
    #[serde(default)]
    read: Option<String>,
    #[serde(default)]
    album: Option<String>,
    #[serde(default)]
    share: Option<String>,
    days: u64,
}

#[derive(Deserialize)]
pub(super) struct OldProgram {
    name: String,
}

/// `GET /settings/programs`
pub(super) async fn page(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    programs_page(&app, &caller, None, None).await
}

async fn programs_page(
    app: &App,
    caller: &Caller,
    fresh: Option<&str>,
    trouble: Option<&Fault>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let tokens = app.house.ask(move |home, _| home.tokens(&person)).await?;
    let program = |row: &TokenRow| {
        context! {
            name => row.name,
            scopes => row.scopes.split(' ').collect::<Vec<_>>(),
            made => shown_day(row.made),
            used => row.used.map(shown_day),
            ends => row.ends.map(shown_day),
        }
    };
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            programs => tokens.iter().map(program).collect::<Vec<Value>>(),
            days => DAYS,
            fresh,
            trouble => trouble.map(|fault| retold(&fault.message)),
        }
    };
    app.page("programs.html", &caller.language, values)
}

/// `POST /settings/programs`: the token stands in the answer, and nowhere else ever.
pub(super) async fn make(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<NewProgram>,
) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let ticked = [
        (Scope::Read, form.read.is_some()),
        (Scope::Album, form.album.is_some()),
        (Scope::Share, form.share.is_some()),
    ];
    let scopes: Vec<Scope> = ticked
        .into_iter()
        .filter_map(|(scope, ticked)| ticked.then_some(scope))
        .collect();
    if scopes.is_empty() {
        let words = "Choose what the program may do.";
        let fault = Fault::usage("scopes", words);
        let mut page = programs_page(&app, &caller, None, Some(&fault)).await?;
        *page.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(page);
    }
    // Of what the page offers; anything else is the shortest.
    let days = DAYS.into_iter().find(|days| *days == form.days);
    let days = days.unwrap_or(DAYS[0]);
    let made = app.house.ask(move |home, now| {
        let ends = (days > 0).then(|| now.now.plus_seconds(days * DAY));
        home.make_token(&person, &form.name, &scopes, ends, now.now)
    });
    match made.await {
        Ok(secret) => Ok(programs_page(&app, &caller, Some(secret.text()), None).await?),
        Err(fault) if fault.usage => {
            let mut page = programs_page(&app, &caller, None, Some(&fault)).await?;
            *page.status_mut() = StatusCode::BAD_REQUEST;
            Ok(page)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /settings/programs/end`
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<OldProgram>,
) -> Result<Redirect, Failed> {
    let person = caller.person()?.station.clone();
    app.house
        .ask(move |home, _| home.end_token(&person, &form.name))
        .await?;
    Ok(Redirect::to("/settings/programs"))
}
