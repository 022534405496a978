//! A person's own settings; and, for the keeper, the people of the house.

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};
use serde::Deserialize;

use super::door::name_of;
use super::fault::Failed;
use super::guard::Caller;
use super::spoken::{retold, shown_day, shown_time};
use super::station::App;
use super::the_box;
use crate::address::{Mailbox, StationName};
use crate::album::{SessionRow, WhenTold};
use crate::config::Announce;
use crate::sharing::accounts::{LEAST_PASSWORD, Password};
use crate::sharing::{Fault, Household};

#[derive(Deserialize)]
pub(super) struct NewPassword {
    old: String,
    new: String,
    again: String,
}

#[derive(Deserialize)]
pub(super) struct Notices {
    when: String,
}

/// What was done a moment ago, and is said once.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    done: String,
}

/// What is said of what was done; of anything else in an address, nothing.
const DONE: [&str; 7] = [
    "password",
    "elsewhere",
    "notices",
    "mail",
    "people",
    "person",
    "announce",
];

/// `GET /settings`
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    Query(look): Query<Look>,
) -> Result<Response, Failed> {
    settings_page(&app, &caller, Err(&look.done), context! { form => "" }).await
}

async fn settings_page(
    app: &App,
    caller: &Caller,
    said: Result<&Fault, &str>,
    typed: Value,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (person, keeper) = (visitor.station.clone(), visitor.keeper);
    let ask = move |home: &mut Household, now| {
        let the_box = keeper.then(|| the_box::look(home, now)).transpose()?;
        let sessions = home.sessions(&person)?;
        let people = if keeper { home.people()? } else { Vec::new() };
        let mail = home.people()?.into_iter().find(|one| one.station == person);
        Ok((sessions, people, mail, the_box, home.announced()?))
    };
    let (sessions, people, own, the_box, announced) = app.house.ask(ask).await?;
    let session = |row: &SessionRow| {
        context! {
            browser => browser_words(&row.browser),
            here => row.digest == visitor.session,
            // It is noted once an hour.
            used => shown_time(row.used),
            begun => shown_day(row.begun),
            remembered => row.remembered,
        }
    };
    let people: Vec<Value> = people
        .iter()
        .map(|person| {
            context! {
                name => person.station.as_str(),
                mail => person.mail.as_ref().map(Mailbox::as_str),
                own => person.station == visitor.station,
                announced => announced.named().any(|one| *one == person.station),
                words => words_of(&announced, &person.station).join(", "),
            }
        })
        .collect();
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            told => own.as_ref().map(|own| own.told.as_str()),
            mail => own.and_then(|own| own.mail.map(|mail| mail.to_string())),
            chosen => visitor.language.unwrap_or_default(),
            the_box => the_box.map(|the_box| the_box.value()),
            sessions => sessions.iter().map(session).collect::<Vec<_>>(),
            people,
            least => LEAST_PASSWORD,
            trouble => said.ok().map(|fault| retold(&fault.message)),
            done => said.err().filter(|done| DONE.contains(done)),
            typed,
        }
    };
    app.page("settings.html", &caller.language, values)
}

/// Back to the page, which says what was done, or why it was not.
pub(super) async fn again(
    app: &App,
    caller: &Caller,
    what: &str,
    done: Result<(), Fault>,
) -> Result<Response, Failed> {
    again_with(app, caller, what, context! { form => "" }, done).await
}

/// As [`again`]; where it was not done, with what was typed into the form `what`.
pub(super) async fn again_with(
    app: &App,
    caller: &Caller,
    what: &str,
    typed: Value,
    done: Result<(), Fault>,
) -> Result<Response, Failed> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/settings?done={what}")).into_response()),
        Err(fault) if fault.usage || ["sign_in", "exists"].contains(&fault.code) => {
            let mut page = settings_page(app, caller, Ok(&fault), typed).await?;
            *page.status_mut() = StatusCode::BAD_REQUEST;
            Ok(page)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /settings/password`
pub(super) async fn password(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<NewPassword>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    if form.new != form.again {
        let fault = Fault::usage("password_again", "The two passwords are not the same.");
        return again(&app, &caller, "password", Err(fault)).await;
    }
    let (old, new) = (Password::new(form.old), Password::new(form.new));
    let (house, address) = (app.house.clone(), caller.address);
    let turn = app.hashing.acquire().await;
    let done = app.house.ask(move |home, now| {
        let (tries, second) = house.tries();
        home.change_password(&visitor, &old, &new, (address, tries, second), now.now)
    });
    let done = done.await;
    drop(turn);
    again(&app, &caller, "password", done).await
}

/// `POST /settings/elsewhere`
pub(super) async fn elsewhere(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let done = app
        .house
        .ask(move |home, _| home.sign_out_elsewhere(&visitor))
        .await;
    again(&app, &caller, "elsewhere", done).await
}

/// `POST /settings/notices`
pub(super) async fn notices(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Notices>,
) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let unknown = || Fault::usage("notices", "Say when you want to be told.");
    let done = match WhenTold::from_name(&form.when).ok_or_else(unknown) {
        Ok(told) => {
            app.house
                .change(move |home, now| home.set_when_told(&person, told, now.now))
                .await
        }
        Err(fault) => Err(fault),
    };
    again(&app, &caller, "notices", done).await
}

/// `POST /settings/announce`: a tick and a line of key words for each person.
pub(super) async fn announce(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    caller.person()?;
    let done = match announced(&form) {
        Ok(chosen) => {
            app.house
                .change(move |home, _| home.set_announced(chosen))
                .await
        }
        Err(fault) => Err(fault),
    };
    again(&app, &caller, "announce", done).await
}

fn announced(form: &[(String, String)]) -> Result<Announce, Fault> {
    let mut chosen = Announce::default();
    for (field, text) in form {
        if field == "person" {
            chosen.people.push(name_of(text)?);
        }
    }
    for (field, text) in form {
        let Some(name) = field.strip_prefix("words-") else {
            continue;
        };
        let name = name_of(name)?;
        // Whoever is not told of is suggested by no word either.
        if chosen.people.contains(&name) {
            let words = text.split([',', ' ']).map(str::trim);
            let words = words.filter(|word| !word.is_empty());
            chosen
                .words
                .extend(words.map(|word| (word.to_owned(), name.clone())));
        }
    }
    Ok(chosen)
}

fn words_of<'a>(announced: &'a Announce, name: &StationName) -> Vec<&'a str> {
    let words = announced.words.iter().filter(|(_, one)| one == name);
    words.map(|(word, _)| word.as_str()).collect()
}

/// What a person calls the browser that calls itself that.
fn browser_words(agent: &str) -> String {
    let find = |words: &[(&str, &'static str)]| {
        words
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, word)| *word)
    };
    let program = find(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let machine = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (program, machine) {
        (Some(program), Some(machine)) => format!("{program}, {machine}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1";
        assert_eq!(browser_words(phone), "Safari, iPhone");
        assert_eq!(browser_words("curl/8"), "?");
    }
}
