//! Coming in and going out.

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use serde::Deserialize;

use super::fault::Failed;
use super::form::{encoded, path_within};
use super::guard::{Caller, KnownBrowser};
use super::spoken::retold;
use super::station::{App, Station};
use crate::address::{Mailbox, StationName};
use crate::sharing::Fault;
use crate::sharing::accounts::{LEAST_PASSWORD, Origin, Password, SignedIn};

/// What a browser is given to be known again lasts so long, in seconds; so does a session that is to be remembered.
pub(super) const LONG: u64 = 400 * 86_400;

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    name: String,
    password: String,
    #[serde(default)]
    stay: Option<String>,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct ComeIn {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mail: String,
    password: String,
    again: String,
}

/// `GET /sign-in`
pub(super) async fn form(
    State(app): State<App>,
    caller: Caller,
    Query(next): Query<Next>,
) -> Result<Response, Failed> {
    let next = path_within(&next.next);
    if caller.visitor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    sign_in_page(&app, &caller, next, "", None).await
}

async fn sign_in_page(
    app: &Station,
    caller: &Caller,
    next: &str,
    name: &str,
    trouble: Option<&Fault>,
) -> Result<Response, Failed> {
    let has_keeper = app.house.ask(|home, _| home.has_keeper()).await?;
    let here = match next {
        "/" => "/sign-in".to_owned(),
        next => format!("/sign-in?{}", encoded(&[("next", next)])),
    };
    let values = context! {
        house => app.name, next, name, has_keeper, here,
        trouble => trouble.map(|fault| retold(&fault.message)),
    };
    app.page("sign-in.html", &caller.language, values)
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    State(app): State<App>,
    caller: Caller,
    KnownBrowser(known): KnownBrowser,
    Form(form): Form<SignIn>,
) -> Result<Response, Failed> {
    let next = path_within(&form.next).to_owned();
    let (house, name) = (app.house.clone(), form.name.clone());
    let password = Password::new(form.password);
    let stay = form.stay.is_some();
    let (address, browser) = (caller.address, caller.browser.clone());
    let turn = app.hashing.acquire().await;
    let done = app.house.ask(move |home, now| {
        let origin = Origin {
            address,
            known: known.as_deref(),
            browser: &browser,
        };
        home.sign_in(&name, &password, stay, origin, house.tries(), now.now)
    });
    let done = done.await;
    drop(turn);
    match done {
        Ok(signed_in) => Ok(welcomed(&app, &caller, &signed_in, stay, &next)),
        Err(fault) if ["sign_in", "too_many"].contains(&fault.code) => {
            let mut page = sign_in_page(&app, &caller, &next, &form.name, Some(&fault)).await?;
            *page.status_mut() = match fault.code {
                "too_many" => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::FORBIDDEN,
            };
            Ok(page)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /welcome/{secret}`
pub(super) async fn welcome(
    State(app): State<App>,
    caller: Caller,
    Path(secret): Path<String>,
) -> Result<Response, Failed> {
    welcome_page(&app, &caller, secret, &ComeIn::default(), None).await
}

impl Default for ComeIn {
    fn default() -> Self {
        let none = String::new;
        ComeIn {
            name: none(),
            mail: none(),
            password: none(),
            again: none(),
        }
    }
}

async fn welcome_page(
    app: &Station,
    caller: &Caller,
    secret: String,
    typed: &ComeIn,
    trouble: Option<&Fault>,
) -> Result<Response, Failed> {
    let here = format!("/welcome/{secret}");
    let look = move |home: &mut crate::sharing::Household, now: crate::sharing::Now| {
        let people = home.people()?;
        Ok((home.look_at_welcome(&secret, now.now)?, people))
    };
    let (meant, people) = app.house.ask(look).await?;
    let values = context! {
        house => app.name,
        here,
        meant => meant.as_ref().map(StationName::as_str),
        people => people.iter().map(|person| person.station.as_str()).collect::<Vec<_>>(),
        name => typed.name, mail => typed.mail,
        least => LEAST_PASSWORD,
        trouble => trouble.map(|fault| retold(&fault.message)),
    };
    app.page("welcome.html", &caller.language, values)
}

/// `POST /welcome/{secret}`
pub(super) async fn come_in(
    State(app): State<App>,
    caller: Caller,
    Path(secret): Path<String>,
    Form(form): Form<ComeIn>,
) -> Result<Response, Failed> {
    match enter(&app, &caller, secret.clone(), &form).await {
        Ok(signed_in) => Ok(welcomed(&app, &caller, &signed_in, false, "/")),
        Err(fault) if fault.usage => {
            let mut page = welcome_page(&app, &caller, secret, &form, Some(&fault)).await?;
            *page.status_mut() = StatusCode::BAD_REQUEST;
            Ok(page)
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn enter(
    app: &Station,
    caller: &Caller,
    secret: String,
    form: &ComeIn,
) -> Result<SignedIn, Fault> {
    if form.password != form.again {
        let words = "The two passwords are not the same.";
        return Err(Fault::usage("password_again", words));
    }
    let look = secret.clone();
    let meant = app
        .house
        .ask(move |home, now| home.look_at_welcome(&look, now.now));
    let name = match meant.await? {
        Some(name) => name,
        None => name_of(&form.name)?,
    };
    let mail = match form.mail.trim() {
        "" => None,
        mail => {
            let mail = mail.parse::<Mailbox>();
            Some(mail.map_err(|error| Fault::usage("mail", error.to_string()))?)
        }
    };
    let password = Password::new(form.password.clone());
    let (address, browser) = (caller.address, caller.browser.clone());
    let turn = app.hashing.acquire().await;
    let done = app.house.change(move |home, now| {
        let origin = Origin {
            address,
            known: None,
            browser: &browser,
        };
        home.come_in(&secret, &name, mail, &password, origin, now.now)
    });
    let done = done.await;
    drop(turn);
    done
}

/// A name as a person types it.
pub(super) fn name_of(typed: &str) -> Result<StationName, Fault> {
    let name = typed.trim().to_lowercase();
    name.parse().map_err(|_| {
        let words =
            format!("{typed:?} cannot be a name here: use a to z, 0 to 9, '-', '_' and '.'");
        Fault::usage("name", words)
    })
}

/// On to the page, with what the browser holds from now on.
fn welcomed(
    app: &Station,
    caller: &Caller,
    signed_in: &SignedIn,
    stay: bool,
    next: &str,
) -> Response {
    let mut response = Redirect::to(next).into_response();
    let session = cookie(
        &app.cookie,
        signed_in.session.text(),
        stay.then_some(LONG),
        caller.secure,
    );
    let known = signed_in
        .known
        .as_ref()
        .map(|known| cookie(&app.known_cookie(), known.text(), Some(LONG), caller.secure));
    for cookie in [session].into_iter().chain(known) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /sign-out`
pub(super) async fn sign_out(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    app.house
        .ask(move |home, _| home.sign_out(&visitor))
        .await?;
    let mut response = Redirect::to("/sign-in").into_response();
    let gone = cookie(&app.cookie, "", Some(0), caller.secure);
    response.headers_mut().append(header::SET_COOKIE, gone);
    // What was on the screen does not come back with the back button.
    let clear = HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert("clear-site-data", clear);
    Ok(response)
}

/// RFC 6265, 4.1; `lasts` in seconds, `None`: until the browser is closed.
pub(super) fn cookie(name: &str, value: &str, lasts: Option<u64>, secure: bool) -> HeaderValue {
    let lasts = lasts.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{lasts}{secure}");
    HeaderValue::from_str(&text).expect("names and values of cookies are base64 and hex")
}
