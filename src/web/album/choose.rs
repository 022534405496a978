//! What is done with the chosen pictures.

use axum::extract::{RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::fault::Failed;
use super::super::form::{Form, encoded, path_within};
use super::super::guard::Caller;
use super::super::routes::App;
use crate::sharing::Fault;

/// So many can be brought back by the button right after it; more lie in the bin all the same.
const UNDO_AT_ONCE: usize = 200;

/// The chosen ones.
fn chosen(form: &Form) -> Result<Vec<String>, Fault> {
    let chosen = form.all("picture");
    match chosen.is_empty() {
        true => Err(Fault::usage("nothing", "Choose a picture first.")),
        false => Ok(chosen),
    }
}

fn back(form: &Form) -> Response {
    Redirect::to(path_within(&form.one("back"))).into_response()
}

/// `POST /album/delete`
pub(in crate::web) async fn delete(
    State(app): State<App>,
    caller: Caller,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let (person, chosen) = (caller.person()?.station.clone(), chosen(&form)?);
    let gone = chosen.clone();
    let delete = app
        .house
        .change(move |home, now| home.delete_items(Some(&person), &gone, now.now));
    delete.await?;
    let undo = match chosen.len() {
        0..=UNDO_AT_ONCE => chosen.join("."),
        _ => String::new(),
    };
    Ok(Redirect::to(&format!("/?{}", encoded(&[("gone", &undo)]))).into_response())
}

/// `POST /album/undelete`
pub(in crate::web) async fn undelete(
    State(app): State<App>,
    caller: Caller,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let (person, chosen) = (caller.person()?.station.clone(), chosen(&form)?);
    app.house
        .change(move |home, _| home.undelete_items(Some(&person), &chosen))
        .await?;
    Ok(back(&form))
}

/// `POST /album/add`
pub(in crate::web) async fn add(
    State(app): State<App>,
    caller: Caller,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let (person, chosen) = (caller.person()?.station.clone(), chosen(&form)?);
    let album = form.one("album-name");
    let named = album.clone();
    let gather = move |home: &mut crate::sharing::Household, now: crate::sharing::Now| {
        home.gather(Some(&person), &album, &chosen, now.now)?;
        home.album_named(&named)
    };
    let (reference, _) = app.house.change(gather).await?;
    Ok(Redirect::to(&format!("/?{}", encoded(&[("album", &reference)]))).into_response())
}

/// `POST /album/hide`: for me alone, or for all of the house again.
pub(in crate::web) async fn hide(
    State(app): State<App>,
    caller: Caller,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let (person, chosen) = (caller.person()?.station.clone(), chosen(&form)?);
    let private = form.one("private") == "yes";
    app.house
        .change(move |home, _| home.set_private(Some(&person), &chosen, private))
        .await?;
    Ok(back(&form))
}
