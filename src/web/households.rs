//! The households that this one is in touch with. Its people may look; who keeps it may change.

use axum::extract::{Form, Multipart, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};
use serde::Deserialize;

use super::fault::{Failed, is_ours, status};
use super::guard::Caller;
use super::language::{retold, shown_day};
use super::page::qr;
use super::routes::App;
use crate::address::{Mailbox, StationAddress};
use crate::album::{CardRequested, Trust};
use crate::envelope::Fingerprint;
use crate::sharing::contacts::Whom;
use crate::sharing::households::{KnownHousehold, Standing, read_fingerprint};
use crate::sharing::listing::clean_line;
use crate::sharing::requests::ListedRequest;
use crate::sharing::{Fault, Household};

const HERE: &str = "/households";

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
pub(super) struct Answer {
    answer: String,
    #[serde(default)]
    words: String,
}

/// `GET /households`
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    Ok(list_page(&app, &caller, None).await?)
}

/// `GET /households/{who}`
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    Ok(one_page(&app, &caller, named(&who)?, None).await?)
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
    let done = match mailbox(&form.mailbox) {
        Ok(mailbox) => {
            let meet =
                move |home: &mut Household, now: crate::sharing::Now| home.meet(&mailbox, now.now);
            app.house.change(meet).await.map(drop)
        }
        Err(fault) => Err(fault),
    };
    after(&app, &caller, None, done).await
}

/// `POST /households/file`
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failed> {
    let done = match first_file(form).await {
        Ok(bytes) => {
            let add = app
                .house
                .change(move |home, now| home.add_household_file(&bytes, now.now));
            add.await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(contact) => {
            let page = format!("{HERE}/{}", contact.fingerprint);
            Ok(Redirect::to(&page).into_response())
        }
        Err(fault) => after(&app, &caller, None, Err(fault)).await,
    }
}

/// The one file of a form, which is small.
async fn first_file(mut form: Multipart) -> Result<Vec<u8>, Fault> {
    let unreadable = |_| Fault::new("too_large", "That file is no household's certificates.");
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            let bytes = field.bytes().await.map_err(unreadable)?;
            return Ok(bytes.to_vec());
        }
    }
    Err(Fault::usage("file", "Choose the file first."))
}

/// `POST /households/forget`: one that was asked and never answered.
pub(super) async fn forget(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<At>,
) -> Result<Response, Failed> {
    let done = match mailbox(&form.mailbox) {
        Ok(mailbox) => {
            let remove = app
                .house
                .change(move |home, _| home.remove_contact(&mailbox));
            remove.await
        }
        Err(fault) => Err(fault),
    };
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
    let compared = match form.read.trim() {
        "" => Ok(who),
        read => read_fingerprint(read),
    };
    let done = match compared {
        Ok(compared) => {
            let verify = move |home: &mut Household, now: crate::sharing::Now| {
                let mailbox = home.household(who)?.mailbox;
                home.verify_contact(&mailbox, &compared, now.now).map(drop)
            };
            app.house.change(verify).await
        }
        Err(fault) => Err(fault),
    };
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

/// `POST /households/{who}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(who): Path<String>,
) -> Result<Response, Failed> {
    let who = named(&who)?;
    let remove = app
        .house
        .change(move |home, _| home.remove_contact(Whom::Is(who)));
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
                .ask(move |home, _| home.set_keyword(&word, &addresses));
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
    let done = done.await;
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
    after(&app, &caller, None, done).await
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
        None => list_page(app, caller, Some(&fault)).await?,
    };
    *page.status_mut() = status(&fault);
    Ok(page)
}

async fn list_page(app: &App, caller: &Caller, trouble: Option<&Fault>) -> Result<Response, Fault> {
    let visitor = caller.person()?.clone();
    let keeper = visitor.keeper;
    let ask = move |home: &mut Household, _| {
        let requests = if keeper { home.requests()? } else { Vec::new() };
        Ok((
            home.households()?,
            home.asked()?,
            home.keywords()?,
            requests,
            home.config.mailbox.clone(),
        ))
    };
    let (mut households, asked, words, requests, own) = app.house.ask(ask).await?;
    // Who is not let in is the keeper's business.
    households.retain(|one| keeper || one.standing == Standing::Heard);
    let (strangers, households): (Vec<_>, Vec<_>) = households
        .iter()
        .partition(|one| matches!(one.standing, Standing::Waits | Standing::Claims));
    let open = requests
        .iter()
        .filter(|one| one.incoming && one.state == "open");
    let values = context! {
        ..app.frame(&visitor, "households").await?,
        ..context! {
            strangers => strangers.into_iter().map(household).collect::<Vec<_>>(),
            households => households.into_iter().map(household).collect::<Vec<_>>(),
            asked => asked.iter().map(asked_value).collect::<Vec<_>>(),
            requests => open.map(request_value).collect::<Vec<_>>(),
            words => words_values(&words),
            own => own.as_str(),
            trouble => trouble.map(|fault| retold(&fault.message)),
        }
    };
    let page = app
        .pages
        .render("households.html", &caller.language, values)?;
    Ok(page.into_response())
}

async fn one_page(
    app: &App,
    caller: &Caller,
    who: Fingerprint,
    trouble: Option<&Fault>,
) -> Result<Response, Fault> {
    let visitor = caller.person()?.clone();
    let ask = move |home: &mut Household, _| {
        let words: Vec<(String, StationAddress)> = home.keywords()?;
        Ok((home.household(who)?, home.me(), words))
    };
    let (one, me, mut words) = app.house.ask(ask).await?;
    if !visitor.keeper && one.standing != Standing::Heard {
        return Err(Fault::new("unknown_contact", "that household is not known"));
    }
    words.retain(|(_, address)| address.mailbox == one.mailbox);
    let list = |fingerprint: &Fingerprint| {
        let words = fingerprint.words();
        words.split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let values = context! {
        ..app.frame(&visitor, "households").await?,
        ..context! {
            one => household(&one),
            ours => list(&me),
            theirs => list(&who),
            code => qr(&me.to_string())?,
            digits => in_groups(&who.to_string()),
            words => words_values(&words),
            trouble => trouble.map(|fault| retold(&fault.message)),
        }
    };
    let page = app
        .pages
        .render("household.html", &caller.language, values)?;
    Ok(page.into_response())
}

fn household(one: &KnownHousehold) -> Value {
    context! {
        page => format!("{HERE}/{}", one.fingerprint),
        name => one.name,
        mailbox => one.mailbox.as_str(),
        since => shown_day(one.since),
        standing => match one.standing {
            Standing::Heard => "heard",
            Standing::Waits => "waits",
            Standing::Claims => "claims",
            Standing::Blocked => "blocked",
        },
        trust => match one.trust {
            Trust::Verified => "checked",
            Trust::Seen => "unchecked",
            Trust::Pending => "asked",
        },
        is_claimed => one.is_claimed,
    }
}

fn asked_value(one: &CardRequested) -> Value {
    context! {
        mailbox => one.mailbox.as_str(),
        since => shown_day(one.sent),
        trouble => one.trouble.as_deref().map(clean_line).as_deref().map(retold),
    }
}

fn request_value(request: &ListedRequest) -> Value {
    context! {
        id => request.request,
        name => request.name,
        person => request.station.as_str(),
        title => request.title,
        words => request.words,
        message => request.message,
        asked => shown_day(request.asked),
    }
}

/// Each word once, with what it names.
fn words_values(words: &[(String, StationAddress)]) -> Vec<Value> {
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    for (word, address) in words {
        match all.last_mut() {
            Some((last, addresses)) if *last == word.as_str() => {
                addresses.push(address.to_string())
            }
            _ => all.push((word, vec![address.to_string()])),
        }
    }
    let value = |(word, addresses): (&str, Vec<String>)| {
        context! { word, addresses => addresses.join(", ") }
    };
    all.into_iter().map(value).collect()
}

/// Digits as they are best read.
fn in_groups(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups = digits
        .chunks(8)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// Who is meant in a path.
fn named(who: &str) -> Result<Fingerprint, Fault> {
    who.parse()
        .map_err(|_| Fault::new("no_page", "There is no such page."))
}

fn mailbox(typed: &str) -> Result<Mailbox, Fault> {
    typed.trim().parse().map_err(|error| {
        let words = format!("{:?} is no mail address: {error}", typed.trim());
        Fault::usage("mail", words)
    })
}

/// Addresses with blanks, commas or new lines between.
fn addresses(typed: &str) -> Result<Vec<StationAddress>, Fault> {
    let one = |text: &str| {
        text.parse()
            .map_err(|error| Fault::usage("address", format!("{text:?} is no address: {error}")))
    };
    typed
        .split([',', ';', ' ', '\n', '\r', '\t'])
        .filter(|text| !text.is_empty())
        .map(one)
        .collect()
}
