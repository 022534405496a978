//! The people of the house, as whoever keeps it sees to them: who comes in, where each is told, who leaves.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use minijinja::{Value, context};
use serde::Deserialize;

use super::door::name_of;
use super::fault::{Failed, status};
use super::guard::Caller;
use super::page::qr;
use super::settings::{again, again_with};
use super::spoken::retold;
use super::station::App;
use crate::address::{AddressError, Mailbox, StationName};
use crate::album::Person;
use crate::sharing::accounts::Password;
use crate::sharing::{Fault, Household, Now};

#[derive(Deserialize)]
pub(super) struct NewPerson {
    name: String,
    mail: String,
}

#[derive(Deserialize)]
pub(super) struct OwnMail {
    mail: String,
    /// One's own, where one keeps the house.
    password: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct NamedMail {
    whose: String,
    mail: String,
    /// One's own, where that is a keeper.
    password: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    /// One's own, where it is about another keeper.
    password: Option<String>,
    /// What goes with it was read.
    sure: Option<String>,
}

/// What is done with a person that takes one's own password where that one keeps the house too.
enum Deed {
    Link,
    Remove,
    /// The address where they are to be told; empty: nowhere.
    Mail(String),
}

/// The codes of faults that ask for one's own password, or say what is wrong with it.
const ASKS: [&str; 3] = ["asks_password", "sign_in", "too_many"];

/// `POST /settings/people`
pub(super) async fn add_person(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<NewPerson>,
) -> Result<Response, Failed> {
    let read = || {
        let mail = mail_or_none(&form.mail)?;
        Ok(Person::new(name_of(&form.name)?, mail))
    };
    let done = match read() {
        Ok(person) => {
            let add = move |home: &mut Household, now: Now| home.add_to_house(person, now.now);
            app.house.change(add).await
        }
        Err(fault) => Err(fault),
    };
    let typed = context! { form => "person", name => form.name, mail => form.mail };
    again_with(&app, &caller, "person", typed, done).await
}

/// `POST /settings/mail`: where one is told oneself.
pub(super) async fn own_mail(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<OwnMail>,
) -> Result<Response, Failed> {
    let name = caller.person()?.station.clone();
    let typed = context! { form => "own", mail => form.mail };
    set_mail(&app, &caller, (Ok(name), form.mail, typed), form.password).await
}

/// `POST /settings/people/mail`: where somebody of the house is told.
pub(super) async fn mail_of(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<NamedMail>,
) -> Result<Response, Failed> {
    caller.person()?;
    let name = name_of(&form.whose);
    let typed = context! { form => "mail", name => form.whose, mail => form.mail };
    set_mail(&app, &caller, (name, form.mail, typed), form.password).await
}

async fn set_mail(
    app: &App,
    caller: &Caller,
    (name, mail, typed): (Result<StationName, Fault>, String, Value),
    password: Option<String>,
) -> Result<Response, Failed> {
    let address = mail_or_none(&mail);
    let (name, address) = match name.and_then(|name| Ok((name, address?))) {
        Ok(both) => both,
        Err(fault) => return again_with(app, caller, "mail", typed, Err(fault)).await,
    };
    let (whom, by, from) = (name.clone(), caller.person()?.clone(), caller.address);
    let password = password.map(Password::new);
    let house = app.house.clone();
    let turn = match &password {
        Some(_) => Some(app.hashing.acquire().await),
        None => None,
    };
    let done = app.house.change(move |home, now| {
        let (tries, second) = house.tries();
        let tries = (from, tries, second);
        let whose = (&whom, address.as_ref());
        home.set_mail_by(&by, whose, password.as_ref(), tries, now.now)
    });
    let done = done.await;
    drop(turn);
    match done {
        Err(fault) if ASKS.contains(&fault.code) => {
            let deed = Deed::Mail(mail.trim().to_owned());
            Ok(password_page(app, caller, &name, deed, &fault).await?)
        }
        done => again_with(app, caller, "mail", typed, done).await,
    }
}

/// Where somebody is told; left empty, by no mail.
fn mail_or_none(typed: &str) -> Result<Option<Mailbox>, Fault> {
    let typed = Some(typed.trim()).filter(|typed| !typed.is_empty());
    let mail = typed.map(str::parse).transpose();
    mail.map_err(|error: AddressError| Fault::usage("mail", error.to_string()))
}

/// `POST /settings/people/{name}/link`
pub(super) async fn link(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<StationName>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (whom, by) = (name.clone(), visitor.clone());
    let typed = form.password.map(Password::new);
    let (house, address) = (app.house.clone(), caller.address);
    let turn = match &typed {
        Some(_) => Some(app.hashing.acquire().await),
        None => None,
    };
    let made = app.house.ask(move |home, now| {
        let (tries, second) = house.tries();
        home.welcome_by(
            &by,
            &whom,
            typed.as_ref(),
            (address, tries, second),
            now.now,
        )
    });
    let made = made.await;
    drop(turn);
    let secret = match made {
        Ok(secret) => secret,
        Err(fault) if fault.code == "own" => {
            return again(&app, &caller, "people", Err(fault)).await;
        }
        Err(fault) if ASKS.contains(&fault.code) => {
            return password_page(&app, &caller, &name, Deed::Link, &fault).await;
        }
        Err(fault) => return Err(fault.into()),
    };
    // The name under which the keeper reached the box is one that works.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let scheme = if caller.secure { "https" } else { "http" };
    let url = format!(
        "{scheme}://{}/welcome/{}",
        host.unwrap_or("localhost"),
        secret.text()
    );
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! { name => name.as_str(), asks => "", url, qr => qr(&url)? }
    };
    app.page("link.html", &caller.language, values)
}

/// Before something is done with another keeper: asks for one's own password, and says what was wrong with the last one.
async fn password_page(
    app: &App,
    caller: &Caller,
    name: &StationName,
    deed: Deed,
    fault: &Fault,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let wrong = Some(fault).filter(|fault| fault.code != "asks_password");
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            name => name.as_str(),
            asks => match deed {
                Deed::Link => "link",
                Deed::Remove => "remove",
                Deed::Mail(_) => "mail",
            },
            mail => match &deed {
                Deed::Mail(mail) => mail.as_str(),
                _ => "",
            },
            own => *name == visitor.station,
            trouble => wrong.map(|fault| retold(&fault.message)),
        }
    };
    let page = app.page("link.html", &caller.language, values)?;
    Ok((status(fault), page).into_response())
}

/// `GET /settings/people/{name}/remove`: what goes with a person, before it does.
pub(super) async fn leaving(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<StationName>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let whom = name.clone();
    let goes = app.house.ask(move |home, _| home.leaving(&whom)).await?;
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            name => name.as_str(),
            alone => goes.alone,
            inside => goes.inside,
        }
    };
    app.page("remove-person.html", &caller.language, values)
}

/// `POST /settings/people/{name}/remove`: only from the page that says what goes with them.
pub(super) async fn remove_person(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<StationName>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Failed> {
    if form.sure.is_none() {
        return leaving(State(app), caller, Path(name)).await;
    }
    let (whom, by) = (name.clone(), caller.person()?.clone());
    let typed = form.password.map(Password::new);
    let (house, address) = (app.house.clone(), caller.address);
    let turn = match &typed {
        Some(_) => Some(app.hashing.acquire().await),
        None => None,
    };
    let removed = app.house.change(move |home, now| {
        let (tries, second) = house.tries();
        let tries = (address, tries, second);
        home.remove_person_by(&by, &whom, typed.as_ref(), tries, now.now)
    });
    let removed = removed.await;
    drop(turn);
    match removed {
        Err(fault) if ASKS.contains(&fault.code) => {
            Ok(password_page(&app, &caller, &name, Deed::Remove, &fault).await?)
        }
        removed => again(&app, &caller, "people", removed).await,
    }
}
