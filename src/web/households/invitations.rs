//! Inviting a household, and following an invitation. The secret stands in no address that reaches a server: in a link it is
//! behind the `#`, and a form carries it in its body.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use serde::Deserialize;

use super::pages::HERE;
use super::{after, brought_in};
use crate::sharing::Household;
use crate::sharing::invite::DAYS;
use crate::web::fault::Failed;
use crate::web::guard::Caller;
use crate::web::page::qr;
use crate::web::spoken::shown_day;
use crate::web::station::App;

#[derive(Deserialize)]
pub struct Followed {
    invitation: String,
}

/// `POST /households/invite`
pub async fn invite(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let invite = move |home: &mut Household, now: crate::sharing::Now| {
        let invited = home.invite(Some(&person), DAYS, now.now)?;
        Ok(invited.reference)
    };
    match app.house.ask(invite).await {
        Ok(reference) => {
            let page = format!("{HERE}/invitations/{reference}");
            Ok(Redirect::to(&page).into_response())
        }
        Err(fault) => after(&app, &caller, None, Err(fault)).await,
    }
}

/// `GET /households/invitations/{invitation}`, while it lets in.
pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let show =
        move |home: &mut Household, now: crate::sharing::Now| home.invitation(&reference, now.now);
    let invited = app.house.ask(show).await?;
    let values = context! {
        ..app.frame(&visitor, "households").await?,
        ..context! {
            page => format!("{HERE}/invitations/{}", invited.reference),
            qr => qr(&invited.link)?,
            link => invited.link.as_str(),
            words => invited.words.split(' ').collect::<Vec<_>>(),
            mailbox => invited.mailbox.as_str(),
            until => shown_day(invited.ends),
        }
    };
    app.page("invitation.html", &caller.language, values)
}

/// `POST /households/invitations/{invitation}/withdraw`
pub async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<Response, Failed> {
    let withdraw = app
        .house
        .ask(move |home, _| home.withdraw_invitation(&reference));
    let done = withdraw.await;
    after(&app, &caller, None, done).await
}

/// `POST /households/join`
pub async fn join(
    State(app): State<App>,
    caller: Caller,
    Form(form): Form<Followed>,
) -> Result<Response, Failed> {
    let person = caller.person()?.station.clone();
    let join = move |home: &mut Household, now: crate::sharing::Now| {
        home.join(&form.invitation, Some(&person), now)
    };
    let begun = app.house.change(join).await;
    let is_away = app.way_back(caller.person()?, None).is_some();
    match begun {
        Ok(begun) if begun.instead_of.is_some() && !is_away => {
            Ok(Redirect::to(&format!("{HERE}?done=instead")).into_response())
        }
        begun => brought_in(&app, &caller, begun.map(|begun| begun.joining.mailbox)).await,
    }
}

/// `GET /join`: where a link leads. Its secret stands behind the `#` and does not come here; the page puts it into the form,
/// at the box of who was invited.
pub async fn arrive(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let keeper = caller
        .visitor
        .as_ref()
        .is_some_and(|visitor| visitor.keeper);
    let inside = caller.visitor.is_some();
    let values = context! { house => app.name, keeper, inside };
    app.page("join.html", &caller.language, values)
}
