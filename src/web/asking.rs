//! Asking for more of what came: on the page of what is over, and beside what may be done.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};

use super::fault::{Failed, status};
use super::guard::Caller;
use super::spoken::{retold, shown_day};
use super::station::App;
use crate::sharing::accounts::Visitor;
use crate::sharing::requests::ListedRequest;
use crate::sharing::requests::asking::{Asking, Wish};
use crate::sharing::{Fault, Household};

/// What stood in the form.
#[derive(Debug, Clone, Default)]
struct Typed {
    wishes: Vec<Wish>,
    words: String,
}

/// `POST /received/{share}/ask`
pub(super) async fn ask(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let mut typed = Typed::default();
    for (name, value) in form {
        match name.as_str() {
            "wish" => typed.wishes.extend(Wish::from_name(&value)),
            "words" => typed.words = value,
            _ => {}
        }
    }
    let (share, asked) = (reference.clone(), typed.clone());
    let ask = app.house.change(move |home, now| {
        home.ask_for(&share, &person, &asked.wishes, asked.words.trim(), now)
    });
    match ask.await {
        Ok(_) => Ok(Redirect::to("/received#asked").into_response()),
        Err(fault) if fault.usage => once_more(&app, &caller, &reference, &typed, fault).await,
        Err(fault) => Err(fault.into()),
    }
}

/// What somebody may ask for of a share; `None`: there is nobody to ask.
async fn asking_of(app: &App, visitor: &Visitor, reference: &str) -> Result<Option<Asking>, Fault> {
    let (share, person) = (reference.to_owned(), visitor.station.clone());
    let asking = move |home: &mut Household, now| home.asking(&share, &person, now);
    app.house.ask(asking).await
}

/// The form as it was filled in, with what it lacks.
async fn once_more(
    app: &App,
    caller: &Caller,
    reference: &str,
    typed: &Typed,
    fault: Fault,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let Some(asking) = asking_of(app, &visitor, reference).await? else {
        return Err(fault.into());
    };
    let values = context! {
        ..app.frame(&visitor, "received").await?,
        ..context! {
            trouble => retold(&fault.message),
            back => format!("/received/{reference}"),
            asking => filled(&asking, reference, typed),
        }
    };
    let page = app.page("ask-again.html", &caller.language, values)?;
    Ok((status(&fault), page).into_response())
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
    let Some(asking) = asking_of(app, &visitor, reference).await? else {
        return Err(fault.into());
    };
    let values = context! {
        ..app.frame(&visitor, "received").await?,
        ..context! {
            words => retold(&fault.message),
            asking => value(&asking, reference),
        }
    };
    let page = app.page("denied.html", &caller.language, values)?;
    Ok((status(&fault), page).into_response())
}

/// What the form offers.
pub(super) fn value(asking: &Asking, reference: &str) -> Value {
    let wishes = asking.wishes.iter().copied();
    let wishes = wishes.filter(|wish| asking.over && wish.is_for_more());
    let wishes = wishes.collect();
    let words = String::new();
    filled(asking, reference, &Typed { wishes, words })
}

/// The same with what stands in it.
fn filled(asking: &Asking, reference: &str, typed: &Typed) -> Value {
    let wishes = asking.wishes.iter().map(|wish| wish.as_str());
    context! {
        to => format!("/received/{reference}/ask"),
        whom => asking.whom,
        over => asking.over,
        asked => asking.asked.map(shown_day),
        wishes => wishes.collect::<Vec<_>>(),
        wished => typed.wishes.iter().map(|wish| wish.as_str()).collect::<Vec<_>>(),
        words => typed.words,
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
