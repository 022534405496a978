//! Memory cards and cameras: the lamp on every page, what is new, and bringing it in.
//!
//! A card is read on a thread of its own, and its page does not wait for that. How much is new is looked up now and then
//! and remembered: a slow card holds up no page.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::fault::Failed;
use super::form::Form;
use super::glance::Seen;
use super::guard::Caller;
use super::spoken::retold;
use super::station::{App, Station};
use crate::address::StationName;
use crate::sharing::card::{Card, Lamp};
use crate::sharing::own::import::{Adding, Skipped};
use crate::sharing::{Fault, Household, Now};

/// A page waits so long for one.
const WAITS: Duration = Duration::from_millis(300);

impl Station {
    /// The lamp as it is now, for a page that has nothing else around it. `look`: cards are looked for too; a page that only
    /// lies open lets them rest.
    pub(super) async fn lamp_now(&self, look: bool) -> Result<Value, Fault> {
        let ask = |home: &mut Household, now: Now| Ok(home.lamp(now.now));
        let lamp = self.house.ask(ask).await?;
        Ok(match look {
            true => self.lamp(&lamp).await,
            false => lamp_values(&lamp, Some(self.glance.seen())),
        })
    }

    /// What the lamp's template needs.
    pub(super) async fn lamp(&self, lamp: &Lamp) -> Value {
        let seen = match lamp {
            Lamp::Reading { .. } => None,
            _ => Some(self.cards_now().await),
        };
        lamp_values(lamp, seen)
    }

    async fn cards_now(&self) -> Seen {
        if self.glance.is_due() {
            let (house, glance) = (self.house.clone(), Arc::clone(&self.glance));
            let look = async move {
                match house.slowly(|home, _| home.mounted_cards()).await {
                    Ok(cards) => glance.remember(&cards),
                    Err(fault) => tracing::warn!(trouble = %fault, "the cards were not looked at"),
                }
            };
            // It goes on also when this page does not wait any longer.
            let _ = timeout(WAITS, tokio::spawn(look)).await;
        }
        self.glance.seen()
    }
}

fn lamp_values(lamp: &Lamp, seen: Option<Seen>) -> Value {
    let (done, total) = match lamp {
        Lamp::Reading { done, total, .. } | Lamp::Stopped { done, total, .. } => (*done, *total),
        Lamp::Done { total, .. } => (*total, *total),
        Lamp::Off => (0, 0),
    };
    let seen = seen.filter(|_| !matches!(lamp, Lamp::Reading { .. }));
    context! {
        on => matches!(lamp, Lamp::Reading { .. }),
        finished => matches!(lamp, Lamp::Done { .. }),
        stopped => matches!(lamp, Lamp::Stopped { .. }),
        // The one in hand is the next one.
        at => (done + 1).min(total),
        done,
        total,
        new => seen.filter(|_| *lamp == Lamp::Off).map_or(0, |seen| seen.new),
        cards => seen.map(|seen| format!("{:016x}", seen.digest)),
    }
}

/// `GET /card`
pub(super) async fn page(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    // A camera that is being read is not asked for more meanwhile.
    let person = visitor.station.clone();
    let ask = move |home: &mut Household, now: Now| match home.lamp(now.now) {
        Lamp::Reading { .. } => Ok(None),
        _ => home.cards(Some(&person)).map(Some),
    };
    let cards = app.house.slowly(ask).await?;
    if let Some(cards) = &cards {
        app.glance.remember(cards);
    }
    let cards: Vec<Value> = cards
        .unwrap_or_default()
        .iter()
        .map(|card| shown(card, &visitor.station))
        .collect();
    let values = context! { ..app.frame(&visitor, "card").await?, ..context! { cards } };
    app.page("card.html", &caller.language, values)
}

/// `GET /card/lamp`: the lamp alone, for the script; with `look` cards are looked for too.
pub(super) async fn lamp(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let look = query.is_some_and(|query| query == "look");
    let values = context! { lamp => app.lamp_now(look).await? };
    app.page("lamp.html", &caller.language, values)
}

/// `POST /card`: it begins, and the page tells how far it is.
pub(super) async fn bring_in(
    State(app): State<App>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let album = form.one("album-name").trim().to_owned();
    let adding = Adding {
        album: (!album.is_empty()).then_some(album),
        person: Some(caller.person()?.station.clone()),
        private: form.given("private").is_some(),
    };
    let card = form.one("card");
    // Where the page did not show it, what was chosen before holds.
    let seen = form.given("begun").is_some();
    let (begun, told) = oneshot::channel();
    let read = move |home: &mut Household, now: Now| {
        let reading = match seen {
            true => home.begin_card_as_seen(&card, &adding),
            false => home.begin_card(Some(&card), &adding),
        };
        let (reading, answer) = match reading {
            Ok(reading) => (Some(reading), Ok(())),
            Err(fault) => (None, Err(fault)),
        };
        // A browser that is gone need not know.
        let _ = begun.send(answer);
        let Some(reading) = reading else {
            return Ok(());
        };
        home.read_card(reading, now.now, &mut |_| {}).map(|_| ())
    };
    let (house, glance) = (app.house.clone(), Arc::clone(&app.glance));
    tokio::spawn(async move {
        if let Err(fault) = house.slowly_change(read).await {
            tracing::warn!(code = fault.code, "a card was not read to its end");
        }
        glance.forget();
    });
    let lost = |_| Err(Fault::new("bug", "a fault of Hearthpost itself"));
    told.await.unwrap_or_else(lost)?;
    Ok(Redirect::to("/card").into_response())
}

fn shown(card: &Card, viewer: &StationName) -> Value {
    let name = |path: &Path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    let line = |out: &Skipped| context! { name => name(&out.path), why => retold(&out.reason) };
    context! {
        id => card.id,
        label => card.label,
        new => card.new,
        megabytes => card.bytes.div_ceil(1_000_000),
        held => card.held,
        begun => card.begun.as_ref().map(|_| match &card.begun_by {
            Some(by) if by == viewer => "self",
            Some(_) => "other",
            None => "someone",
        }),
        by => card.begun_by.as_ref().map(StationName::as_str),
        album => card.begun.as_ref().and_then(|begun| begun.album.as_deref()),
        private => card.begun.as_ref().is_some_and(|begun| begun.private),
        trouble => card.trouble.as_deref().map(retold),
        out => card.stayed_out.iter().map(line).collect::<Vec<_>>(),
    }
}
