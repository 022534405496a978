//! Asking for more of what came: on the page of what is over, and beside what may be done.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};

use super::fault::{Failed, status};
use super::guard::{Caller, Person};
use super::spoken::{retold, shown_day};
use super::station::App;
use crate::sharing::Fault;
use crate::sharing::asking::{Asking, Wish};
use crate::sharing::requests::ListedRequest;

/// `POST /received/{share}/ask`
pub(super) async fn ask(
    State(app): State<App>,
    Person(person): Person,
    Path(reference): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let (mut wishes, mut words) = (Vec::new(), String::new());
    for (name, value) in form {
        match name.as_str() {
            "wish" => wishes.extend(Wish::from_name(&value)),
            "words" => words = value,
            _ => {}
        }
    }
    let ask = app
        .house
        .change(move |home, now| home.ask_for(&reference, &person, &wishes, words.trim(), now));
    ask.await?;
    Ok(Redirect::to("/received#asked").into_response())
}

/// The page of a share that is over for this person, with the way to ask for it again.
pub(super) async fn denied(
    app: &App,
    caller: &Caller,
    reference: &str,
    fault: Fault,
) -> Result<Response, Failed> {
    if fault.code != "denied" {
        return Err(fault.into());
    }
    let visitor = caller.person()?.clone();
    let (share, person) = (reference.to_owned(), visitor.station.clone());
    let asking = app
        .house
        .ask(move |home, now| home.asking(&share, &person, now));
    let Some(asking) = asking.await? else {
        return Err(fault.into());
    };
    let values = context! {
        ..app.frame(&visitor, "received").await?,
        ..context! {
            words => retold(&fault.message),
            asking => value(&asking, reference),
        }
    };
    let page = app.pages.render("denied.html", &caller.language, values)?;
    Ok((status(&fault), page).into_response())
}

/// What the form offers.
pub(super) fn value(asking: &Asking, reference: &str) -> Value {
    let offers = |wish: &Wish| match wish {
        Wish::Longer => true,
        Wish::Print => !asking.may.print,
        Wish::Keep => !asking.may.keep,
        Wish::PassOn => !asking.may.pass_on,
    };
    let wishes = Wish::ALL.into_iter().filter(offers).map(Wish::as_str);
    context! {
        to => format!("/received/{reference}/ask"),
        whom => asking.whom,
        over => asking.over,
        wishes => wishes.collect::<Vec<_>>(),
    }
}

/// What was asked, and what came of it.
pub(super) fn request(request: &ListedRequest) -> Value {
    context! {
        name => request.name,
        title => request.title,
        state => request.state,
        message => request.message,
        answer => request.answer,
        asked => shown_day(request.asked),
    }
}
