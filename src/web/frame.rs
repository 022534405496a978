//! A picture frame: full screen, one picture after another, for a browser that stays signed in. Without script the page
//! leads on by itself; with it, pictures fade into one another and new shares come in without a break.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use serde::Serialize;

use super::fault::Failed;
use super::form::{Form, encoded};
use super::guard::Caller;
use super::media::{self, Kind};
use super::spoken::shown_day;
use super::station::App;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::frame::{FramePicture, FrameWish};
use crate::sharing::{Fault, Household, Now};

/// How long a picture stays, in seconds: where nothing is said, at least, and at most.
const STAYS: u64 = 20;
const STAYS_LEAST: u64 = 5;
const STAYS_MOST: u64 = 3_600;

/// So many shares are looked at for the names to choose from.
const LOOKED_AT: usize = 200;

#[derive(Serialize)]
struct Picture {
    show: String,
    caption: String,
    from: String,
    date: String,
    left: Option<u64>,
}

/// What was chosen on the settings page; it stands in the address, so that a frame that is started anew begins with it.
struct Chosen {
    wish: FrameWish,
    stays: u64,
    /// Dark from this hour to that one, of the frame's own clock.
    night: Option<(u32, u32)>,
    at: usize,
}

impl Chosen {
    fn read(query: Option<String>) -> Result<Self, Fault> {
        let form = Form::read(query.unwrap_or_default().as_bytes())?;
        let hour = |name: &str| form.one(name).parse::<u32>().ok().filter(|hour| *hour < 24);
        Ok(Chosen {
            wish: FrameWish {
                households: form.all("from"),
                own: form.given("own").is_some(),
            },
            stays: form
                .one("stays")
                .parse()
                .unwrap_or(STAYS)
                .clamp(STAYS_LEAST, STAYS_MOST),
            night: hour("night")
                .zip(hour("day"))
                .filter(|(from, to)| from != to),
            at: form.one("at").parse().unwrap_or_default(),
        })
    }

    /// The same, at another picture.
    fn query(&self, at: usize) -> String {
        let (stays, at) = (self.stays.to_string(), at.to_string());
        let hours = self
            .night
            .map(|(from, to)| (from.to_string(), to.to_string()));
        let mut pairs = vec![("stays", stays.as_str()), ("at", at.as_str())];
        pairs.extend(
            self.wish
                .households
                .iter()
                .map(|name| ("from", name.as_str())),
        );
        if self.wish.own {
            pairs.push(("own", "yes"));
        }
        if let Some((from, to)) = &hours {
            pairs.extend([("night", from.as_str()), ("day", to.as_str())]);
        }
        encoded(&pairs)
    }
}

/// `GET /frame`
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let chosen = Chosen::read(query)?;
    let pictures = pictures(&app, &visitor, chosen.wish.clone()).await?;
    let at = chosen.at.checked_rem(pictures.len()).unwrap_or_default();
    let next = if pictures.is_empty() {
        0
    } else {
        (at + 1) % pictures.len()
    };
    let picture = pictures
        .get(at)
        .map(|one| picture(&visitor, one))
        .transpose()?;
    let values = context! {
        house => app.name,
        picture,
        stays => chosen.stays,
        next => format!("/frame?{}", chosen.query(next)),
        list => format!("/frame/pictures?{}", chosen.query(0)),
        night => chosen.night.map(|(from, to)| format!("{from}-{to}")),
        at,
    };
    app.page("frame.html", &caller.language, values)
}

/// `GET /frame/pictures`: all that go round, for the script.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let pictures = pictures(&app, &visitor, Chosen::read(query)?.wish).await?;
    let pictures: Vec<Picture> = pictures
        .iter()
        .map(|one| picture(&visitor, one))
        .collect::<Result<_, _>>()?;
    Ok(Json(pictures).into_response())
}

/// `GET /frame/choose`
pub(super) async fn choose(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let person = visitor.station.clone();
    let ask = move |home: &mut Household, now: Now| {
        let (shares, _) = home.received_page(&person, "", None, LOOKED_AT, now)?;
        let shares = shares.into_iter();
        let mut names: Vec<String> = shares.map(|share| share.from_name).collect();
        names.sort();
        names.dedup();
        Ok(names)
    };
    let households = app.house.ask(ask).await?;
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! { households, stays => STAYS, least => STAYS_LEAST, most => STAYS_MOST }
    };
    app.page("frame-choose.html", &caller.language, values)
}

async fn pictures(
    app: &App,
    visitor: &Visitor,
    wish: FrameWish,
) -> Result<Vec<FramePicture>, Fault> {
    let person = visitor.station.clone();
    app.house
        .ask(move |home, now| home.frame(&person, &wish, now))
        .await
}

fn picture(visitor: &Visitor, one: &FramePicture) -> Result<Picture, Fault> {
    let kind = if one.own { Kind::OwnShow } else { Kind::Show };
    Ok(Picture {
        show: media::path(visitor, kind, &one.id)?,
        caption: one.caption.clone(),
        from: one.from.clone(),
        date: shown_day(one.at),
        left: one.left,
    })
}
