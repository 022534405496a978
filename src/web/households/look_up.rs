//! Households out of the directory, on the page: looked for, and added by whoever is sure of them.

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::pages::{HERE, list_page};
use super::{after, mailbox};
use crate::envelope::Fingerprint;
use crate::web::directory;
use crate::web::fault::Failed;
use crate::web::guard::Caller;
use crate::web::station::App;

#[derive(Deserialize)]
pub(in crate::web) struct Sought {
    /// A mailbox, a name or a key word.
    #[serde(default)]
    find: String,
}

/// The one that was shown, by its words.
#[derive(Deserialize)]
pub(in crate::web) struct Hit {
    mailbox: String,
    household: Fingerprint,
}

/// `GET /households/directory`
pub(in crate::web) async fn find(
    State(app): State<App>,
    caller: Caller,
    Query(sought): Query<Sought>,
) -> Result<Response, Failed> {
    match directory::look_for_one(&app, sought.find).await {
        Ok(answer) => list_page(&app, &caller, Err(""), Some(&answer)).await,
        Err(fault) => after(&app, &caller, None, Err(fault)).await,
    }
}

/// `POST /households/directory/add`: whoever keeps the house is sure of this one.
pub(in crate::web) async fn add(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Hit>,
) -> Result<Response, Failed> {
    let added = match mailbox(&form.mailbox) {
        Ok(mailbox) => directory::add(&app, mailbox, form.household).await,
        Err(fault) => Err(fault),
    };
    match added {
        Ok(contact) => {
            let page = format!("{HERE}/{}", contact.fingerprint);
            Ok(Redirect::to(&page).into_response())
        }
        Err(fault) => after(&app, &caller, None, Err(fault)).await,
    }
}
