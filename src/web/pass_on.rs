//! Passing on what came: what, to whom, what they may do; then the sentences that say it, person by person; then it goes.

use std::collections::BTreeSet;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};

use super::asking;
use super::directory::look_for_unknown;
use super::drafts::{Answered, not_kept};
use super::fault::{Failed, is_ours, status};
use super::form::{Form, encoded};
use super::guard::Caller;
use super::received::cell;
use super::spoken::{retold, shown_end};
use super::station::App;
use crate::address::{AddressError, StationAddress};
use crate::album::DestinationState;
use crate::encoding::Timestamp;
use crate::envelope::Digest;
use crate::rules::{Limits, PREVIEW_EDGE};
use crate::sharing::forward::pass_on::{Allowed, Choice, MayPassOn};
use crate::sharing::listing::clean_line;
use crate::sharing::share::Line;
use crate::sharing::times::{Day, parse_time};
use crate::sharing::{Fault, Household, Now};

/// A form with all items of the largest share ticked, some times over.
pub(super) const LARGEST: usize = 512 * 1024;

/// What was typed, as it was: to be shown again, and to be read.
#[derive(Default)]
struct Typed(Vec<(String, String)>);

/// What stands on the page below the form.
#[derive(Default)]
struct Below {
    /// What would be passed on.
    plan: Option<Vec<Line>>,
    /// What must be answered first.
    question: Option<String>,
    trouble: Option<Fault>,
}

impl Typed {
    fn read(form: &[u8]) -> Result<Self, Fault> {
        Form::read(form).map(|form| Typed(form.into_pairs()))
    }

    fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    fn one<'t>(&'t self, name: &'t str) -> &'t str {
        self.all(name).next().unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Names what was chosen and whom it means, but for the answer to a question; nothing where that cannot be read. `meant`:
    /// what is typed can mean somebody else by the time that it is sent.
    fn digest(&self, meant: &[StationAddress]) -> String {
        let Ok(mut choice) = self.choice() else {
            return String::new();
        };
        // Who may do the same as all is not told from who was not asked about.
        let Choice { each, allowed, .. } = &mut choice;
        each.retain(|(_, own)| own != allowed);
        choice.yes = false;
        Digest::of(format!("{choice:?} {meant:?}").as_bytes()).to_string()
    }

    fn choice(&self) -> Result<Choice, Fault> {
        let texts = |name| self.all(name).map(str::to_owned).collect::<Vec<_>>();
        let inside = self.all("inside").map(super::door::name_of);
        let mut each = Vec::new();
        if self.has("each") {
            for address in self.all("for") {
                let parsed = address
                    .parse()
                    .map_err(|error: AddressError| Fault::usage("address", error.to_string()))?;
                each.push((parsed, self.allowed(&format!(" {address}"))?));
            }
        }
        let relay_via = match self.one("via").trim() {
            "" => None,
            mailbox => Some(
                mailbox
                    .parse()
                    .map_err(|error: AddressError| Fault::usage("address", error.to_string()))?,
            ),
        };
        Ok(Choice {
            items: texts("item"),
            to: texts("to"),
            also: self.one("also").to_owned(),
            inside: inside.collect::<Result<_, _>>()?,
            allowed: self.allowed("")?,
            each,
            relay_via,
            yes: self.has("yes"),
        })
    }

    /// What stands in the fields whose names end in that: of one person, or of all.
    fn allowed(&self, of: &str) -> Result<Allowed, Fault> {
        let has = |name: &str| self.has(&format!("{name}{of}"));
        let text = |name: &str| {
            let text = self.0.iter().find(|(key, _)| *key == format!("{name}{of}"));
            text.map(|(_, text)| text).filter(|text| !text.is_empty())
        };
        let views = text("views").map(|text| {
            let number = text.parse().ok().filter(|&views: &u64| views > 0);
            number.ok_or_else(|| Fault::usage("views", format!("{text:?} is no number of times")))
        });
        let until = text("until").map(|text| parse_time(text, Day::End));
        Ok(Allowed {
            look: has("look"),
            small: has("small"),
            print: has("print"),
            keep: has("keep"),
            further: has("further"),
            until: until.transpose()?,
            views: views.transpose()?,
        })
    }
}

/// `GET /received/{share}/pass-on`; `sent=…` names a form whose button was pressed, of which it is said what would be.
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    let Some(sent) = query.given("sent") else {
        return shown(&app, &caller, &reference, None, Below::default()).await;
    };
    let Some(answered) = app.answered.kept(caller.person()?, sent) else {
        // Nothing is chosen for anybody: what was, nobody knows any more.
        let below = Below {
            trouble: Some(not_kept()),
            ..Below::default()
        };
        let nothing = Some(Typed::default());
        return shown(&app, &caller, &reference, nothing, below).await;
    };
    let typed = Typed::read(&answered.form)?;
    let planned = match answered.trouble.map_or_else(|| typed.choice(), Err) {
        Ok(choice) => {
            let (share, person) = (reference.clone(), caller.person()?.station.clone());
            let plan = move |home: &mut Household, now: Now| {
                home.plan_pass_on(&share, &person, &choice, now)
            };
            app.house.ask(plan).await
        }
        Err(fault) => Err(fault),
    };
    let below = match planned {
        Ok(plan) => Below {
            plan: Some(plan),
            ..Below::default()
        },
        Err(fault) if fault.code == "asks_first" => Below {
            question: Some(retold(&fault.message)),
            ..Below::default()
        },
        Err(fault) if goes_elsewhere(&fault) => return Err(fault.into()),
        Err(fault) => Below {
            trouble: Some(fault),
            ..Below::default()
        },
    };
    shown(&app, &caller, &reference, Some(typed), below).await
}

/// `POST /received/{share}/pass-on`: does it, once it was said what would be of this very choice; says it at an address of its
/// own until then.
pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let typed = Typed::read(&body)?;
    let send = typed.one("do") == "send";
    let mut trouble = None;
    if let (true, Ok(choice)) = (send, typed.choice()) {
        look_up(&app, &choice).await;
        let (share, person) = (reference.clone(), caller.person()?.station.clone());
        let pass_on = move |home: &mut Household, now: Now| {
            let meant = home.passed_on_to(&choice)?;
            if typed.one("checked") != typed.digest(&meant) {
                return Ok(false);
            }
            home.pass_on(&share, &person, &choice, now)?;
            Ok(true)
        };
        match app.house.change(pass_on).await {
            Ok(false) => {}
            Ok(true) => {
                let page = format!("/received/{reference}/passed-on");
                return Ok(Redirect::to(&page).into_response());
            }
            Err(fault) if goes_elsewhere(&fault) => return Err(fault.into()),
            Err(fault) => trouble = Some(fault),
        }
    }
    let form = body.to_vec();
    let name = app
        .answered
        .keep(caller.person()?, Answered { form, trouble });
    let sent = encoded(&[("sent", &name.to_string())]);
    let page = format!("/received/{reference}/pass-on?{sent}");
    Ok(Redirect::to(&page).into_response())
}

/// Whether a fault is none of what was chosen.
fn goes_elsewhere(fault: &Fault) -> bool {
    is_ours(fault) || fault.code == "unknown_share"
}

/// Asks the directory for whom nobody here knows. One that is of no use keeps nobody from passing on.
async fn look_up(app: &App, choice: &Choice) {
    let choice = choice.clone();
    let meant = app.house.ask(move |home, _| home.passed_on_to(&choice));
    let Ok(meant) = meant.await else {
        // What cannot be read is said of the choice itself.
        return;
    };
    let to = meant.iter().map(ToString::to_string).collect();
    if let Err(fault) = look_for_unknown(app, to).await {
        tracing::debug!(trouble = %fault, "the directory was not asked");
    }
}

/// `GET /received/{share}/passed-on`
pub(super) async fn done(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (share, person) = (reference.clone(), visitor.station.clone());
    let ask = move |home: &mut Household, now: Now| {
        Ok((
            home.passed_on_by(&share, &person, now)?,
            home.opened_by(&share, &person, now)?.title,
        ))
    };
    let (lines, title) = match app.house.ask(ask).await {
        Ok(done) => done,
        Err(fault) => return asking::denied(&app, &caller, &reference, fault).await,
    };
    let values = context! {
        ..app.frame(&visitor, "received").await?,
        ..context! {
            title,
            back => format!("/received/{reference}"),
            lines => lines.iter().map(line).collect::<Vec<_>>(),
        }
    };
    app.page("passed-on.html", &caller.language, values)
}

async fn shown(
    app: &App,
    caller: &Caller,
    reference: &str,
    typed: Option<Typed>,
    below: Below,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let (asked, person) = (reference.to_owned(), visitor.station.clone());
    // What cannot be read was said above.
    let choice = typed.as_ref().and_then(|typed| typed.choice().ok());
    let ask = move |home: &mut Household, now: Now| {
        let share = home.opened_by(&asked, &person, now)?;
        let meant = choice.map(|choice| home.passed_on_to(&choice).unwrap_or_default());
        let may = home.may_pass_on(&asked, &person, now)?;
        Ok((share, may, (meant.unwrap_or_default(), now.now)))
    };
    let (share, may, (meant, now)) = match app.house.ask(ask).await {
        Ok(opened) => opened,
        Err(fault) => return asking::denied(app, caller, reference, fault).await,
    };
    let first = typed.is_none();
    let typed = typed.unwrap_or_default();
    let ticked: BTreeSet<&str> = typed.all("item").collect();
    let mut items = Vec::new();
    for item in &share.items {
        if may.items.contains(&item.id) {
            let chosen = first || ticked.contains(item.id.as_str());
            items.push(context! { chosen, ..cell(&visitor, &share.share, item)? });
        }
    }
    let at = below.trouble.as_ref().map(status_of_page);
    let values = context! {
        ..app.frame(&visitor, "received").await?,
        ..offered(&may, &typed, first, now),
        ..each(&may, &typed, &meant),
        ..context! {
            ends => share.left(now),
            title => share.title,
            back => format!("/received/{reference}"),
            here_to => format!("/received/{reference}/pass-on"),
            most => may.words,
            items,
            plan => below.plan.map(|lines| lines.iter().map(line).collect::<Vec<_>>()),
            question => below.question,
            checked => typed.digest(&meant),
            trouble => below.trouble.map(|fault| retold(&fault.message)),
        }
    };
    let mut page = app.page("pass-on.html", &caller.language, values)?;
    if let Some(at) = at {
        *page.status_mut() = at;
    }
    Ok(page)
}

/// The status of a page that says what stands in the way. The page itself is there: a browser that looks at it again must not
/// take it for over.
fn status_of_page(fault: &Fault) -> StatusCode {
    match status(fault) {
        refused if refused.is_client_error() => StatusCode::BAD_REQUEST,
        other => other,
    }
}

/// What the form offers, with what was chosen; nothing that may not be given.
fn offered(may: &MayPassOn, typed: &Typed, first: bool, now: Timestamp) -> Value {
    let tick = |name: &'static str, value: &str, label: &str| {
        context! { name, value, label, chosen => typed.all(name).any(|one| one == value) }
    };
    let households = may
        .households
        .iter()
        .map(|(mailbox, name)| tick("to", mailbox.as_str(), name));
    // Whoever may have it may pass it on for this house, where that is allowed there.
    let relays = may
        .households
        .iter()
        .map(|(mailbox, name)| tick("via", mailbox.as_str(), name));
    let words = may.words_for.iter().map(|word| tick("to", word, word));
    let people = may.people.iter();
    let people = people.map(|one| tick("inside", one.as_str(), one.as_str()));
    let most = &may.most;
    let deeds = deeds(may, |name| (first && name == "look") || typed.has(name));
    context! {
        households => households.collect::<Vec<_>>(),
        words => words.collect::<Vec<_>>(),
        people => people.collect::<Vec<_>>(),
        relays => relays.collect::<Vec<_>>(),
        deeds,
        also => typed.one("also"),
        until => typed.one("until"),
        views => typed.one("views"),
        end => most.not_after.map(|end| shown_end(end, now)),
        most_views => most.views,
        yes => typed.has("yes"),
    }
}

/// What may be given, each with whether it is chosen.
fn deeds(may: &MayPassOn, chosen: impl Fn(&str) -> bool) -> Vec<Value> {
    let most = &may.most;
    let larger = |limits: Limits| limits.max_edge.is_none_or(|edge| edge > PREVIEW_EDGE);
    let offered = [
        ("look", most.display.is_some()),
        ("small", most.display.is_some_and(larger)),
        ("print", most.print.is_some()),
        ("keep", most.store.is_some()),
        ("further", most.forward),
    ];
    let offered = offered.into_iter().filter(|(_, may)| *may);
    offered
        .map(|(name, _)| context! { name, chosen => chosen(name) })
        .collect()
}

/// The same for each to whom it would go; at first, as for all.
fn each(may: &MayPassOn, typed: &Typed, meant: &[StationAddress]) -> Value {
    let people = meant.iter().map(|address| {
        let text = address.to_string();
        let of = match typed.all("for").any(|known| known == text) {
            true => format!(" {text}"),
            false => String::new(),
        };
        let field = |name: &str| typed.one(&format!("{name}{of}")).to_owned();
        let mut named = may.households.iter();
        let named = named.find(|(mailbox, _)| *mailbox == address.mailbox);
        let label = match named {
            Some((_, name)) if address.station.is_everyone() => name.clone(),
            Some((_, name)) => format!("{}, {name}", address.station),
            None if may.people.contains(&address.station) => address.station.to_string(),
            None => text.clone(),
        };
        context! {
            label,
            deeds => deeds(may, |name| typed.has(&format!("{name}{of}"))),
            until => field("until"),
            views => field("views"),
            address => text,
        }
    });
    context! { people_each => people.collect::<Vec<_>>(), each => typed.has("each") }
}

fn line(line: &Line) -> Value {
    let sentences = line.stations.iter().map(|(_, words)| clean_line(words));
    context! {
        name => clean_line(&line.name),
        mailbox => line.mailbox.as_str(),
        sentences => sentences.collect::<Vec<_>>(),
        state => line.state.as_str(),
        unknown => line.unknown,
        via => line.via.as_ref().map(|via| via.as_str()),
        bad => matches!(line.state, DestinationState::Refused | DestinationState::Failed),
    }
}
