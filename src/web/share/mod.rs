//! Sharing: pictures → with whom → what they may do → check → done. One page, one form; what will happen is said by the
//! use case that would do it.

mod choice;
mod draft;
mod looked;
mod offers;
mod preset;
mod record;
mod shown;
mod unfit;

use axum::extract::{RawForm, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use self::draft::Draft;
use self::looked::Why;
use self::record::{Ended, record};
use self::shown::share_page;
use super::directory::{look_for, look_for_unknown};
use super::drafts::{Answered, not_kept};
use super::fault::Failed;
use super::form::{Form, encoded};
use super::guard::Caller;
use super::said;
use super::station::App;
use crate::sharing::accounts::Visitor;
use crate::sharing::{Fault, Household, Now};

/// `GET /share?picture=…`, or `?selection=…`, which an album program made; `change=…` names what else was in the form when
/// somebody went to choose other pictures, and `rest=…` those of before that the album did not show; `draft=…` all of a form
/// that was left to bring in a household, and `to=…` that household; `sent=…` one whose button was pressed.
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let form = Form::read(query.unwrap_or_default().as_bytes())?;
    let mut draft = Draft::read(&form);
    let person = caller.person()?;
    if let Some(sent) = form.given("sent") {
        let answered = app.answered.kept(person, sent).ok_or_else(not_kept)?;
        return pressed(&app, &caller, sent, answered).await;
    }
    if let Some(kept) = app.drafts.kept(person, &form.one("change")) {
        let mut pictures = draft.pictures;
        pictures.extend(form.all("rest"));
        draft = Draft::read(&Form::read(&kept)?);
        draft.pictures = pictures;
    }
    if let Some(kept) = app.away.kept(person, &form.one("draft")) {
        let to = draft.to;
        draft = Draft::read(&Form::read(&kept)?);
        draft.to.retain(|one| !to.contains(one));
        draft.to.extend(to);
    }
    if let Some(id) = form.given("selection") {
        let unknown = |_| Fault::new("unknown_selection", "What was chosen is not kept any more.");
        let id = id.parse().map_err(unknown)?;
        let person = caller.person()?.station.clone();
        let chosen = app
            .house
            .ask(move |home, now| home.selection(&person, id, now));
        let chosen = chosen.await?;
        draft.pictures = chosen.items;
        draft.title = chosen.title;
    }
    let draft = settled(&app, draft).await?;
    share_page(&app, &caller, draft, Why::Opened, None).await
}

/// A form with everyone who is known as they are known.
async fn settled(app: &App, mut draft: Draft) -> Result<Draft, Fault> {
    let settle = move |home: &mut Household, _: Now| draft.settle(home).map(|()| draft);
    app.house.ask(settle).await
}

/// `POST /share`: looks again at what would happen, or does it, once that was said of this very choice. What is not done is
/// looked at again at an address of its own; a script that looks presses no button, and has its answer at once.
pub(super) async fn share(
    State(app): State<App>,
    caller: Caller,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let person = caller.person()?;
    let mut draft = settled(&app, Draft::read(&form)).await?;
    let trouble = match form.given("do") {
        None => return share_page(&app, &caller, draft, Why::Looked, None).await,
        Some("change") => {
            let name = app.drafts.keep(person, body.to_vec()).to_string();
            let album = format!("/?{}", encoded(&[("change", &name)]));
            return Ok(Redirect::to(&album).into_response());
        }
        Some("new") => {
            app.away.keep(person, body.to_vec());
            return Ok(Redirect::to("/households").into_response());
        }
        Some("directory") => {
            draft.looked = std::mem::take(&mut draft.typed);
            look(&app, &draft).await.err()
        }
        Some("share") => match do_share(&app, draft, person).await {
            Ok(Ended::Recorded(share, left)) => {
                app.away.forget(person);
                let said = said::query(person, &left)?;
                let more = if said.is_empty() { "" } else { "&" };
                let page = format!("/sent/{share}?new=yes{more}{said}");
                return Ok(Redirect::to(&page).into_response());
            }
            Ok(Ended::Untold) => None,
            // Whatever stands in the way, what was chosen is not lost.
            Err(fault) => Some(fault),
        },
        Some(_) => None,
    };
    let form = body.to_vec();
    let name = app.answered.keep(person, Answered { form, trouble });
    let page = format!("/share?{}", encoded(&[("sent", &name.to_string())]));
    Ok(Redirect::to(&page).into_response())
}

async fn do_share(app: &App, draft: Draft, visitor: &Visitor) -> Result<Ended, Fault> {
    let asked = draft.clone();
    let meant = app.house.ask(move |home, _| asked.meant(home)).await;
    if let Ok(meant) = meant {
        // A directory that is of no use keeps nobody from sharing.
        let to = meant.iter().map(ToString::to_string).collect();
        let looked = look_for_unknown(app, to).await;
        if let Err(fault) = looked {
            tracing::debug!(trouble = %fault, "the directory was not asked");
        }
    }
    record(app, &draft, visitor).await
}

/// The page after a button, whenever somebody comes to it.
async fn pressed(
    app: &App,
    caller: &Caller,
    name: &str,
    answered: Answered,
) -> Result<Response, Failed> {
    let Answered { form, trouble } = answered;
    let form = Form::read(&form)?;
    let mut draft = settled(app, Draft::read(&form)).await?;
    let mut why = Why::Looked;
    match form.one("do").as_str() {
        "share" => why = Why::Untold,
        "directory" => draft.looked = std::mem::take(&mut draft.typed),
        "leave" => {
            let (asked, person) = (draft.clone(), caller.person()?.station.clone());
            let unfit = move |home: &mut Household, _| unfit::of(home, &asked, &person);
            let unfit = app.house.ask(unfit).await?;
            let left = |item: &String| !unfit.iter().any(|one| one.item == *item);
            draft.pictures.retain(left);
        }
        "whole" => draft.give_whole(),
        _ => {}
    }
    let was_before = |fault: &Fault| ["begun", "stopped"].contains(&fault.code);
    if trouble.as_ref().is_some_and(was_before) {
        // Whoever was told so and does it all the same means it, and once.
        draft.once = name.parse().ok();
    }
    share_page(app, caller, draft, why, trouble).await
}

/// Asks the directory for what was typed. What it says is kept, and the page shows that.
async fn look(app: &App, draft: &Draft) -> Result<(), Fault> {
    let words = draft.words();
    if words.is_empty() {
        let words = "say what to look for: a mailbox, a name or a key word";
        return Err(Fault::usage("nothing", words));
    }
    for answer in look_for(app, words).await? {
        answer.or_trouble()?;
    }
    Ok(())
}
