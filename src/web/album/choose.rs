//! What is done with the chosen pictures.

use axum::extract::{FromRequest, FromRequestParts, RawForm, Request, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::fault::Failed;
use super::super::form::{Form, encoded, path_within};
use super::super::guard::Person;
use super::super::station::App;
use crate::address::StationName;
use crate::sharing::{Fault, Household, Now};

/// So many can be brought back by the button right after it; more are where they are all the same.
pub(super) const UNDO_AT_ONCE: usize = 200;

/// The chosen ones, who chose them, and what else the form says.
pub(in crate::web) struct Chosen {
    pub(super) person: StationName,
    pub(super) items: Vec<String>,
    form: Form,
}

impl FromRequest<App> for Chosen {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, app).await;
        let read = RawForm::from_request(Request::from_parts(parts, body), app).await;
        let RawForm(body) = read.map_err(IntoResponse::into_response)?;
        let chosen = person.and_then(|Person(person)| Ok(Chosen::read(person, &body)?));
        chosen.map_err(IntoResponse::into_response)
    }
}

impl Chosen {
    fn read(person: StationName, body: &[u8]) -> Result<Self, Fault> {
        let form = Form::read(body)?;
        let items = form.all("picture");
        if items.is_empty() {
            return Err(Fault::usage("nothing", "Choose a picture first."));
        }
        Ok(Chosen {
            person,
            items,
            form,
        })
    }

    fn back(&self) -> Response {
        Redirect::to(path_within(&self.form.one("back"))).into_response()
    }
}

/// The items for the button that undoes it; none where they are too many for an address.
pub(super) fn undo(items: &[String]) -> String {
    match items.len() {
        0..=UNDO_AT_ONCE => items.join("."),
        _ => String::new(),
    }
}

/// `POST /album/delete`
pub(in crate::web) async fn delete(
    State(app): State<App>,
    chosen: Chosen,
) -> Result<Response, Failed> {
    let Chosen { person, items, .. } = chosen;
    let undo = undo(&items);
    app.house
        .change(move |home, now| home.delete_items(Some(&person), &items, now.now))
        .await?;
    Ok(Redirect::to(&format!("/?{}", encoded(&[("gone", &undo)]))).into_response())
}

/// `POST /album/undelete`
pub(in crate::web) async fn undelete(
    State(app): State<App>,
    chosen: Chosen,
) -> Result<Response, Failed> {
    let back = chosen.back();
    let undelete =
        move |home: &mut Household, _| home.undelete_items(Some(&chosen.person), &chosen.items);
    app.house.change(undelete).await?;
    Ok(back)
}

/// `POST /album/add`
pub(in crate::web) async fn add(
    State(app): State<App>,
    chosen: Chosen,
) -> Result<Response, Failed> {
    let gather = move |home: &mut Household, now: Now| {
        let album = chosen.form.one("album-name");
        home.gather(Some(&chosen.person), &album, &chosen.items, now.now)?;
        home.album_named(&album)
    };
    let (reference, _) = app.house.change(gather).await?;
    Ok(Redirect::to(&format!("/?{}", encoded(&[("album", &reference)]))).into_response())
}

/// `POST /album/hide`: for me alone, or for all of the house again.
pub(in crate::web) async fn hide(
    State(app): State<App>,
    chosen: Chosen,
) -> Result<Response, Failed> {
    let back = chosen.back();
    let hide = move |home: &mut Household, _| {
        let private = chosen.form.one("private") == "yes";
        home.set_private(Some(&chosen.person), &chosen.items, private)
    };
    app.house.change(hide).await?;
    Ok(back)
}
