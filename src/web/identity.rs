//! The identity of the household, for who keeps it: it goes to another box, is replaced, or ended. What cannot be undone, and
//! what gives keys out, takes the password once more. Taking an identity over is done on the other box, at its command line.

use std::time::Duration;

use axum::extract::{Form, Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use serde::Deserialize;

use super::fault::{Failed, is_ours, status};
use super::form::first_file;
use super::guard::Caller;
use super::page::{in_groups, qr};
use super::spoken::{retold, shown_day, shown_time};
use super::station::App;
use crate::envelope::Fingerprint;
use crate::sharing::accounts::Password;
use crate::sharing::identity::{Ending, LEAST_PASSPHRASE, Passphrase};
use crate::sharing::{Fault, Household, Now};

const HERE: &str = "/settings/identity";
/// So often a pass of the box that is at work is waited for, and so long each time.
const WAITS: u32 = 40;
const WAIT: Duration = Duration::from_millis(250);

#[derive(Deserialize)]
pub(super) struct Export {
    passphrase: String,
    again: String,
    password: String,
}

#[derive(Deserialize)]
pub(super) struct Rekey {
    /// The fingerprint that the page showed: a form may be sent twice.
    #[serde(default)]
    of: String,
    password: String,
    /// Ticked: what it brings about was read.
    #[serde(default)]
    sure: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Confirmed {
    password: String,
}

#[derive(Deserialize)]
pub(super) struct End {
    /// The text of the file that was looked at.
    ending: String,
    password: String,
    #[serde(default)]
    sure: Option<String>,
}

/// `GET /settings/identity`
pub(super) async fn page(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    identity_page(&app, &caller, None).await
}

/// `POST /settings/identity/export`: the sealed file is the answer, and lies nowhere on the box.
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Export>,
) -> Result<Response, Failed> {
    let sealed = match Passphrase::twice(form.passphrase, form.again) {
        Ok(passphrase) => {
            let seal = move |home: &mut Household, now: Now| {
                let (text, _) = home.sealed_identity(&passphrase, now.now)?;
                Ok(text)
            };
            confirmed(&app, &caller, form.password, seal).await
        }
        Err(fault) => Err(fault),
    };
    match sealed {
        Ok(text) => Ok(saved(
            "attachment; filename=\"hearthpost-identity.txt\"",
            text,
        )),
        Err(fault) => trouble(&app, &caller, fault).await,
    }
}

/// `POST /settings/identity/rekey`
pub(super) async fn rekey(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Rekey>,
) -> Result<Response, Failed> {
    let sure = form.sure.is_some();
    let shown = form.of.parse::<Fingerprint>().map_err(|_| {
        let words = "Open this page again: it does not say which identity it showed.";
        Fault::usage("of", words)
    });
    let done = match shown {
        Ok(shown) => match confirmed(&app, &caller, form.password, |_, _| Ok(())).await {
            Ok(()) => rekey_between_passes(&app, shown, sure).await,
            Err(fault) => Err(fault),
        },
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(fault) => trouble(&app, &caller, fault).await,
    }
}

/// The box may be reading its mail just now, under the identity that is replaced.
async fn rekey_between_passes(app: &App, shown: Fingerprint, sure: bool) -> Result<(), Fault> {
    for _ in 0..WAITS {
        let rekey =
            move |home: &mut Household, now: Now| home.rekey_shown(shown, sure, now).map(drop);
        match app.house.change(rekey).await {
            Err(fault) if fault.code == "busy" => tokio::time::sleep(WAIT).await,
            done => return done,
        }
    }
    let words = "The box is at its mail just now. Try again in a minute.";
    Err(Fault::new("busy", words))
}

/// `POST /settings/identity/ended`: the message that ends this identity, to be kept where the box is not.
pub(super) async fn ended(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Confirmed>,
) -> Result<Response, Failed> {
    let sign = |home: &mut Household, now: Now| Ok(home.own_ending(now.now)?.text());
    match confirmed(&app, &caller, form.password, sign).await {
        Ok(text) => Ok(saved("attachment; filename=\"ended.pem\"", text)),
        Err(fault) => trouble(&app, &caller, fault).await,
    }
}

/// `POST /settings/identity/end`: whose end a file is; nothing is done yet.
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failed> {
    let too_large = "That file is too large for a message that ends an identity.";
    let read = match first_file(form, too_large).await {
        Ok(bytes) => Ending::of_bytes(&bytes),
        Err(fault) => Err(fault),
    };
    match read {
        Ok(ending) => Ok(end_page(&app, &caller, ending, None, None).await?),
        Err(fault) => trouble(&app, &caller, fault).await,
    }
}

/// `POST /settings/identity/end/send`
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<End>,
) -> Result<Response, Failed> {
    let ending = match Ending::of_bytes(form.ending.as_bytes()) {
        Ok(ending) => ending,
        Err(fault) => return trouble(&app, &caller, fault).await,
    };
    let (sent, sure) = (ending.clone(), form.sure.is_some());
    let send = move |home: &mut Household, now: Now| {
        let told = home.send_ending(sent, &[], sure, now.now)?;
        Ok(told.to.len())
    };
    match confirmed(&app, &caller, form.password, send).await {
        Ok(told) => Ok(end_page(&app, &caller, ending, Some(told), None).await?),
        Err(fault) if is_ours(&fault) => Err(fault.into()),
        Err(fault) => {
            let mut page = end_page(&app, &caller, ending, None, Some(&fault)).await?;
            *page.status_mut() = status(&fault);
            Ok(page)
        }
    }
}

/// Does what takes the password once more.
async fn confirmed<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    password: String,
    deed: impl FnOnce(&mut Household, Now) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let visitor = caller.person()?.clone();
    let (house, address) = (app.house.clone(), caller.address);
    let password = Password::new(password);
    // Both the password and the passphrase cost memory and time.
    let turn = app.hashing.acquire().await;
    let done = app.house.change(move |home, now| {
        let (tries, second) = house.tries();
        home.confirm(&visitor, &password, (address, tries, second))?;
        deed(home, now)
    });
    let done = done.await;
    drop(turn);
    done
}

/// A file for the browser to save.
fn saved(disposition: &'static str, text: String) -> Response {
    let kind = HeaderValue::from_static("application/octet-stream");
    let name = HeaderValue::from_static(disposition);
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, text).into_response()
}

/// The page again, which says what could not be done.
async fn trouble(app: &App, caller: &Caller, fault: Fault) -> Result<Response, Failed> {
    if is_ours(&fault) {
        return Err(fault.into());
    }
    let mut page = identity_page(app, caller, Some(&fault)).await?;
    *page.status_mut() = status(&fault);
    Ok(page)
}

async fn identity_page(
    app: &App,
    caller: &Caller,
    trouble: Option<&Fault>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let look = |home: &mut Household, _| {
        let me = home.me();
        Ok((me, home.ended(me)?, home.had_another_identity()))
    };
    let (me, ended, replaced) = app.house.ask(look).await?;
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            ours => me.words().split(' ').collect::<Vec<_>>(),
            code => qr(&me.to_string())?,
            digits => in_groups(&me.to_string()),
            fingerprint => me.to_string(),
            ended => ended.is_some(),
            replaced,
            least => LEAST_PASSPHRASE,
            trouble => trouble.map(|fault| retold(&fault.message)),
        }
    };
    app.page("identity.html", &caller.language, values)
}

/// Whose end it is; `told`: so many households hear of it now.
async fn end_page(
    app: &App,
    caller: &Caller,
    ending: Ending,
    told: Option<usize>,
    trouble: Option<&Fault>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let looked_at = ending.clone();
    let whose = app
        .house
        .ask(move |home, _| home.whose_end(&looked_at))
        .await?;
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            own => whose.is_own,
            name => whose.name,
            mailbox => ending.mailbox.as_str(),
            digits => in_groups(&ending.fingerprint.to_string()),
            signed => shown_day(ending.signed),
            ended => whose.ended.map(shown_time),
            tells => whose.tells,
            told,
            ending => ending.text(),
            trouble => trouble.map(|fault| retold(&fault.message)),
        }
    };
    app.page("identity-end.html", &caller.language, values)
}
