//! The households that this one is in touch with. Its people may look; who keeps it may change.

pub(super) mod invitations;
pub(super) mod look_up;
mod pages;

use axum::extract::{Form, Multipart, Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use self::pages::{HERE, list_page, one_page};
use super::directory;
use super::fault::{Failed, is_ours, status};
use super::form::first_file;
use super::guard::Caller;
use super::station::App;
use crate::address::{AddressError, Mailbox, StationAddress};
use crate::envelope::Fingerprint;
use crate::sharing::contacts::Whom;
use crate::sharing::contacts::households::read_fingerprint;
use crate::sharing::{Fault, Household, Now};

#[derive(Deserialize)]
pub(super) struct At {
    mailbox: String,
}

#[derive(Deserialize)]
pub(super) struct Compared {
    /// What was read out there, where it was typed.
    #[serde(default)]
    read: String,
}

#[derive(Deserialize)]
pub(super) struct Word {
    word: String,
    #[serde(default)]
    addresses: String,
}

#[derive(Deserialize)]
pub(super) struct Found {
    /// By which words others find this household.
    #[serde(default)]
    words: String,
}

#[derive(Deserialize)]
pub(super) struct Relay {
    /// `on`: it may; anything else: it may not.
    #[serde(default)]
    relay: String,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    answer: String,
    #[serde(default)]
    words: String,
}

/// How a question was answered a moment ago.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    done: String,
}

/// `GET /households`
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(look): Query<Look>,
) -> Result<Response, Failed> {
    list_page(&app, &caller, Err(&look.done), None).await
}

/// `GET /households/{who}`
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    one_page(&app, &caller, named(&who)?, None).await
}

/// `GET /households/introduction`: this household's own certificate file.
pub(super) async fn introduction(State(app): State<App>) -> Result<Response, Failed> {
    let pem = app.house.ask(|home, _| home.own_card_pem()).await?;
    let kind = HeaderValue::from_static("application/x-pem-file");
    let name = HeaderValue::from_static("attachment; filename=\"household.pem\"");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, pem).into_response())
}

/// `POST /households/ask`
pub(super) async fn ask(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<At>,
) -> Result<Response, Failed> {
    let meet = |home: &mut Household, mailbox: Mailbox, now: Now| {
        home.meet(&mailbox, now.now)?;
        Ok(mailbox)
    };
    let done = with(&app, mailbox(&form.mailbox), meet).await;
    brought_in(&app, &caller, done).await
}

/// `POST /households/file`
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failed> {
    let add =
        |home: &mut Household, bytes: Vec<u8>, now: Now| home.add_household_file(&bytes, now.now);
    let too_large = "That file is no household's certificates.";
    match with(&app, first_file(form, too_large).await, add).await {
        Ok(contact) => {
            let back = app.way_back(caller.person()?, Some(&contact.mailbox));
            let page = back.unwrap_or_else(|| format!("{HERE}/{}", contact.fingerprint));
            Ok(Redirect::to(&page).into_response())
        }
        Err(fault) => after(&app, &caller, None, Err(fault)).await,
    }
}

/// `POST /households/forget`: one that was asked and never answered.
pub(super) async fn forget(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<At>,
) -> Result<Response, Failed> {
    let forget =
        |home: &mut Household, mailbox: Mailbox, now: Now| home.remove_contact(&mailbox, now.now);
    let done = with(&app, mailbox(&form.mailbox), forget).await;
    after(&app, &caller, None, done).await
}

/// `POST /households/{who}/accept`
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    let who = named(&who)?;
    let done = app
        .house
        .change(move |home, now| home.accept_contact(who, now.now).map(drop));
    let done = done.await;
    after(&app, &caller, Some(who), done).await
}

/// `POST /households/{who}/verify`: the words are those on the page, or those that were typed.
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
    Form(form): Form<Compared>,
) -> Result<Response, Failed> {
    let who = named(&who)?;
    let typed = match form.read.trim() {
        "" => Ok(None),
        read => read_fingerprint(read).map(Some),
    };
    let verify = move |home: &mut Household, typed: Option<Fingerprint>, now: Now| {
        home.verify_household(who, typed.as_ref(), now.now)
            .map(drop)
    };
    let done = with(&app, typed, verify).await;
    after(&app, &caller, Some(who), done).await
}

/// `POST /households/{who}/block`
pub(super) async fn block(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    set_blocked(&app, &caller, &who, true).await
}

/// `POST /households/{who}/unblock`
pub(super) async fn unblock(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    set_blocked(&app, &caller, &who, false).await
}

async fn set_blocked(
    app: &App,
    caller: &Caller,
    who: &str,
    blocked: bool,
) -> Result<Response, Failed> {
    let who = named(who)?;
    let done = app
        .house
        .change(move |home, _| home.block_contact(who, blocked).map(drop));
    let done = done.await;
    after(app, caller, Some(who), done).await
}

/// `POST /households/{who}/relay`: whether that household may use this one as a relay.
pub(super) async fn relay(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
    Form(form): Form<Relay>,
) -> Result<Response, Failed> {
    let who = named(&who)?;
    let allowed = form.relay == "on";
    let done = app
        .house
        .change(move |home, now| home.let_relay(who, allowed, now.now).map(drop));
    let done = done.await;
    after(&app, &caller, Some(who), done).await
}

/// `POST /households/{who}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    let who = named(&who)?;
    let remove = app
        .house
        .change(move |home, now| home.remove_contact(Whom::Is(who), now.now));
    match remove.await {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(fault) => after(&app, &caller, Some(who), Err(fault)).await,
    }
}

/// `POST /households/words`
pub(super) async fn set_word(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Word>,
) -> Result<Response, Failed> {
    let done = match addresses(&form.addresses) {
        Ok(addresses) => {
            let word = form.word.trim().to_owned();
            let set = app
                .house
                .ask(move |home, _| home.set_keyword(&word, &addresses).map(drop));
            set.await
        }
        Err(fault) => Err(fault),
    };
    after(&app, &caller, None, done).await
}

/// `POST /households/words/remove`
pub(super) async fn remove_word(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Word>,
) -> Result<Response, Failed> {
    let done = app
        .house
        .ask(move |home, _| home.remove_keyword(&form.word));
    let done = done.await.map(drop);
    after(&app, &caller, None, done).await
}

/// `POST /households/directory`: this household is put into the directory.
pub(super) async fn publish(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Found>,
) -> Result<Response, Failed> {
    let words = words_in(&form.words).map(str::to_owned).collect();
    let done = directory::publish(&app, words).await;
    after(&app, &caller, None, done).await
}

/// `POST /households/requests/{request}`: what people elsewhere asked for is answered.
pub(super) async fn answer(
    State(app): State<App>,
    caller: Caller,
    Path(request): Path<String>,
    Form(form): Form<Answer>,
) -> Result<Response, Failed> {
    let yes = match form.answer.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::usage("answer", "Say yes or no.").into()),
    };
    let answer = app
        .house
        .change(move |home, now| home.answer(&request, yes, form.words.trim(), now));
    let done = answer.await.map(drop);
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}?done={}", form.answer)).into_response()),
        failed => after(&app, &caller, None, failed).await,
    }
}

/// Does something with what was typed, if that can be read.
async fn with<T: Send + 'static, D: Send + 'static>(
    app: &App,
    typed: Result<T, Fault>,
    deed: impl FnOnce(&mut Household, T, Now) -> Result<D, Fault> + Send + 'static,
) -> Result<D, Fault> {
    let typed = typed?;
    app.house
        .change(move |home, now| deed(home, typed, now))
        .await
}

/// Back to what is to be shared with a household that was asked, where somebody came from there; else to the page.
async fn brought_in(
    app: &App,
    caller: &Caller,
    done: Result<Mailbox, Fault>,
) -> Result<Response, Failed> {
    if let Ok(mailbox) = &done
        && let Some(back) = app.way_back(caller.person()?, Some(mailbox))
    {
        return Ok(Redirect::to(&back).into_response());
    }
    after(app, caller, None, done.map(drop)).await
}

/// Back to the page, which says what could not be done.
async fn after(
    app: &App,
    caller: &Caller,
    who: Option<Fingerprint>,
    done: Result<(), Fault>,
) -> Result<Response, Failed> {
    let fault = match done {
        Ok(()) => {
            let page = who.map_or(HERE.to_owned(), |who| format!("{HERE}/{who}"));
            return Ok(Redirect::to(&page).into_response());
        }
        Err(fault) if is_ours(&fault) || fault.code == "unknown_contact" => {
            return Err(fault.into());
        }
        Err(fault) => fault,
    };
    let mut page = match who {
        Some(who) => one_page(app, caller, who, Some(&fault)).await?,
        None => list_page(app, caller, Ok(&fault), None).await?,
    };
    *page.status_mut() = status(&fault);
    Ok(page)
}

/// Who is meant in a path.
fn named(who: &str) -> Result<Fingerprint, Fault> {
    who.parse()
        .map_err(|_| Fault::new("no_page", "There is no such page."))
}

fn mailbox(typed: &str) -> Result<Mailbox, Fault> {
    let parsed = typed.trim().parse();
    parsed.map_err(|error: AddressError| Fault::usage("mail", error.to_string()))
}

/// Addresses with blanks, commas or new lines between.
fn addresses(typed: &str) -> Result<Vec<StationAddress>, Fault> {
    let one = |text: &str| {
        let parsed = text.parse();
        parsed.map_err(|error: AddressError| Fault::usage("address", error.to_string()))
    };
    words_in(typed).map(one).collect()
}

fn words_in(typed: &str) -> impl Iterator<Item = &str> {
    typed
        .split([',', ';', ' ', '\n', '\r', '\t'])
        .filter(|text| !text.is_empty())
}
