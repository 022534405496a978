//! Sharing: pictures → with whom → what they may do → check → done. One page, one form; what will happen is said by the
//! use case that would do it.

mod choice;
mod draft;
mod offers;
mod preset;
mod record;
mod unfit;

use axum::extract::{RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};

use self::draft::{Draft, May};
use self::offers::{Offer, offers};
use self::preset::offer_last;
use self::record::{Ended, record, told};
use self::unfit::shown as shown_unfit;
use super::album::thumb;
use super::directory::{look_for, look_for_unknown};
use super::fault::{Failed, status, words_of};
use super::form::{Form, encoded};
use super::guard::Caller;
use super::said;
use super::spoken::retold;
use super::station::App;
use crate::address::{Mailbox, StationAddress};
use crate::envelope::Id;
use crate::rules::Together;
use crate::sharing::accounts::Visitor;
use crate::sharing::own::AlbumItem;
use crate::sharing::share::{Line, Unfit};
use crate::sharing::suggested::Suggestion;
use crate::sharing::whom::Known;
use crate::sharing::{Fault, Household, Now};

/// So many households and people are offered by a face.
const FACES: usize = 12;

/// Why the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Somebody comes to it.
    Opened,
    /// It is looked again at what would happen.
    Looked,
    /// It was to be done, and nobody has been told what that is.
    Untold,
    /// It was to be done, and something stands in the way.
    Refused,
}

/// What the page is made of.
struct Looked {
    draft: Draft,
    items: Vec<AlbumItem>,
    /// So many are not in the album any more.
    gone: usize,
    known: Vec<Known>,
    words: Vec<String>,
    /// Suggested by other households: whom it would mean, and how it is told.
    suggested: Vec<(StationAddress, String)>,
    /// What was looked for could mean these.
    offers: Vec<Offer>,
    /// Whether there is a directory to look in.
    directory: bool,
    meant: Vec<StationAddress>,
    /// What was typed and is not understood, and why.
    typed: String,
    unknown: Vec<Fault>,
    /// What cannot be shared so.
    unfit: Vec<Unfit>,
    lines: Vec<Line>,
    /// Of these it is awaited that they say who they are.
    asked: Vec<Mailbox>,
    /// What would be asked before it is recorded.
    asks: Vec<String>,
    /// What belongs to the pictures and would stay at home, and why.
    stays: Vec<String>,
    bytes: u64,
    /// What they may do is what somebody of them was given last.
    before: bool,
    /// Names what is said of it; empty where nothing can be said.
    told: String,
    trouble: Option<Fault>,
}

/// `GET /share?picture=…`, or `?selection=…`, which an album program made; `change=…` names what else was in the form when
/// somebody went to choose other pictures, and `rest=…` those of before that the album did not show; `draft=…` all of a form
/// that was left to bring in a household, and `to=…` that household.
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let form = Form::read(query.unwrap_or_default().as_bytes())?;
    let mut draft = Draft::read(&form);
    let person = caller.person()?;
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

/// `POST /share`: looks again at what would happen, or does it, once that was said of this very choice.
pub(super) async fn share(
    State(app): State<App>,
    caller: Caller,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let form = Form::read(&body)?;
    let mut draft = settled(&app, Draft::read(&form)).await?;
    match form.one("do").as_str() {
        "share" => {}
        "change" => {
            let name = app.drafts.keep(caller.person()?, &body).to_string();
            let album = format!("/?{}", encoded(&[("change", &name)]));
            return Ok(Redirect::to(&album).into_response());
        }
        "new" => {
            app.away.keep(caller.person()?, &body);
            return Ok(Redirect::to("/households").into_response());
        }
        "directory" => {
            draft.looked = std::mem::take(&mut draft.typed);
            let trouble = look(&app, &draft).await.err();
            return share_page(&app, &caller, draft, Why::Looked, trouble).await;
        }
        "leave" => {
            let (asked, person) = (draft.clone(), caller.person()?.station.clone());
            let unfit = move |home: &mut Household, _| unfit::of(home, &asked, &person);
            let unfit = app.house.ask(unfit).await?;
            let left = |item: &String| !unfit.iter().any(|one| one.item == *item);
            draft.pictures.retain(left);
            return share_page(&app, &caller, draft, Why::Looked, None).await;
        }
        "whole" => {
            draft.give_whole();
            return share_page(&app, &caller, draft, Why::Looked, None).await;
        }
        _ => return share_page(&app, &caller, draft, Why::Looked, None).await,
    }
    let person = caller.person()?.station.clone();
    let asked = draft.clone();
    let meant = app.house.ask(move |home, _| asked.meant(home)).await;
    if let Ok(meant) = meant {
        // A directory that is of no use keeps nobody from sharing.
        let to = meant.iter().map(ToString::to_string).collect();
        let looked = look_for_unknown(&app, to).await;
        if let Err(fault) = looked {
            tracing::debug!(trouble = %fault, "the directory was not asked");
        }
    }
    let (why, trouble) = match record(&app, &draft, &person).await {
        Ok(Ended::Recorded(share, left)) => {
            app.away.forget(&person);
            let said = said::query(caller.person()?, &left)?;
            let more = if said.is_empty() { "" } else { "&" };
            let page = format!("/sent/{share}?new=yes{more}{said}");
            return Ok(Redirect::to(&page).into_response());
        }
        Ok(Ended::Untold) => (Why::Untold, None),
        Ok(Ended::Gone | Ended::Unfit) => (Why::Refused, None),
        // Whatever stands in the way, what was chosen is not lost.
        Err(fault) => (Why::Refused, Some(fault)),
    };
    if trouble.as_ref().is_some_and(|fault| fault.code == "begun") {
        // Whoever was told so and does it all the same means it.
        draft.once = None;
    }
    share_page(&app, &caller, draft, why, trouble).await
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

/// Whether what was chosen is what stands in the way, and not this box.
fn is_of_draft(fault: &Fault) -> bool {
    let codes = [
        "asks_first",
        "begun",
        "blocked",
        "pending",
        "unknown_contact",
        "broken",
        "place",
        "cannot_yet",
        "no_tool",
        "relay",
        "certificate",
    ];
    fault.usage || codes.contains(&fault.code)
}

async fn share_page(
    app: &App,
    caller: &Caller,
    draft: Draft,
    why: Why,
    trouble: Option<Fault>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let by = visitor.clone();
    let look = move |home: &mut Household, now: Now| look_at(home, draft, &by, why, now, trouble);
    let looked = app.house.ask(look).await?;
    let draft = &looked.draft;
    let pictures: Vec<Value> = looked
        .items
        .iter()
        .map(|item| {
            let thumb = thumb(&visitor, item)?;
            Ok(context! { id => item.reference, name => item.name, thumb })
        })
        .collect::<Result<_, Fault>>()?;
    let typed: Vec<&StationAddress> = looked.meant.iter().collect();
    let chosen = |address: &StationAddress| typed.contains(&address);
    // Whoever the directory has, and nobody here knows, stays where it was offered, with the words to compare.
    let only_offered = |address: &StationAddress| {
        let is_known = looked.known.iter().any(|one| one.address == *address);
        let mut offers = looked.offers.iter();
        offers.find(|offer| !is_known && offer.address == *address)
    };
    let label = |address: &StationAddress| match only_offered(address) {
        Some(offer) if address.station.is_everyone() => offer.name.clone(),
        _ => label(address, &looked.known),
    };
    let mut faces: Vec<Value> = looked
        .known
        .iter()
        .filter(|known| known.last.is_some() || known.address.station.is_everyone())
        .take(FACES)
        .map(|known| {
            context! {
                address => known.address.to_string(),
                label => label(&known.address),
                initial => initial(&label(&known.address)),
                chosen => chosen(&known.address),
                checked => known.checked,
                asked => false,
            }
        })
        .collect();
    let checked = |address: &StationAddress| {
        let at = |known: &&Known| known.address.mailbox == address.mailbox;
        looked.known.iter().find(at).is_some_and(|one| one.checked)
    };
    // Whoever was typed has a face from then on.
    let shown = |address: &StationAddress| {
        looked
            .known
            .iter()
            .take(FACES)
            .any(|known| known.address == *address)
    };
    let faceless = |address: &&StationAddress| !shown(address) && only_offered(address).is_none();
    faces.extend(looked.meant.iter().filter(faceless).map(|address| {
        let label = label(address);
        let asked = looked.asked.contains(&address.mailbox);
        context! { address => address.to_string(), initial => initial(&label), label, chosen => true, checked => checked(address), asked }
    }));
    let each: Vec<Value> = looked
        .meant
        .iter()
        .map(|address| {
            context! { address => address.to_string(), label => label(address), choice => draft.choice(address) }
        })
        .collect();
    let lines: Vec<Value> = looked
        .lines
        .iter()
        .flat_map(|line| {
            let name = line.name.clone();
            let asked = looked.asked.contains(&line.mailbox);
            let unknown = line.unknown;
            line.stations
                .iter()
                .map(move |(_, words)| context! { household => name, words, unknown, asked })
        })
        .collect();
    let households: std::collections::BTreeSet<&str> =
        looked.lines.iter().map(|line| line.name.as_str()).collect();
    let options: Vec<String> = looked
        .known
        .iter()
        .map(|known| label(&known.address))
        .chain(looked.words)
        .collect();
    let suggested: Vec<Value> = looked
        .suggested
        .iter()
        .map(|(address, words)| context! { address => address.to_string(), words })
        .collect();
    let offers: Vec<Value> = looked
        .offers
        .iter()
        .filter(|offer| !chosen(&offer.address) || only_offered(&offer.address).is_some())
        .map(|offer| offer.shown(chosen(&offer.address)))
        .collect();
    let trouble = looked.trouble.as_ref();
    let unknown = looked.unknown.iter();
    let unknown: Vec<String> = unknown.map(|fault| retold(&fault.message)).collect();
    let question = trouble.filter(|fault| fault.code == "asks_first");
    let asks = looked.asks.iter();
    let asks = asks.filter(|one| question.is_none_or(|fault| fault.message != **one));
    let asks: Vec<String> = asks.map(|one| retold(one)).collect();
    if let Some(fault) = trouble.filter(|fault| status(fault).is_server_error()) {
        tracing::error!(code = fault.code, trouble = %fault, "something could not be shared");
    }
    let status = match (why, trouble) {
        (_, Some(fault)) if !is_of_draft(fault) => status(fault),
        (Why::Refused, _) if looked.items.is_empty() && looked.gone > 0 => StatusCode::NOT_FOUND,
        (Why::Refused, _) | (Why::Untold, Some(_)) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let values = context! {
        ..app.frame(&visitor, "album").await?,
        ..context! {
            pictures, faces, each, lines, options, suggested, offers,
            directory => looked.directory,
            looked => draft.words().join("; "),
            asked => !looked.asked.is_empty(),
            nobody => !draft.looked.is_empty() && looked.offers.is_empty(),
            households => households.into_iter().collect::<Vec<_>>(),
            unfit => shown_unfit(&looked.unfit),
            leaves => looked.unfit.len() < looked.items.len(),
            typed => looked.typed,
            unknown,
            megabytes => (looked.bytes as f64 / 1e6).ceil() as u64,
            may => draft.may.as_str(),
            offered => draft.offered.map(May::as_str),
            before => draft.offered == Some(draft.may) && looked.before,
            kind => Together::of(looked.items.iter().map(|item| item.kind)).as_str(),
            title => draft.title,
            message => draft.message,
            place => draft.place,
            onward => draft.onward,
            seconds => draft.seconds,
            pages => draft.pages,
            lines_of_text => draft.lines,
            via => draft.via,
            relays => relays(&looked.known),
            asking => !asks.is_empty() || question.is_some(),
            asks,
            stays => looked.stays.iter().map(|why| retold(why)).collect::<Vec<_>>(),
            yes => draft.yes,
            gone => looked.gone,
            untold => why == Why::Untold && trouble.is_none(),
            told => looked.told,
            once => draft.once.unwrap_or_else(Id::random).to_string(),
            trouble => trouble.map(|fault| retold(words_of(fault))),
        }
    };
    let page = app.page("sharing.html", &caller.language, values)?;
    Ok((status, page).into_response())
}

/// A word that another household suggests stands beside the address that it would mean, and is not typed for it: nobody
/// takes over a name that way.
fn told_of(one: Suggestion) -> (StationAddress, String) {
    let words = format!("{}, {}", one.word, one.household);
    (one.address, words)
}

/// The households by way of which it can go.
fn relays(known: &[Known]) -> Vec<Value> {
    let households = known.iter().filter(|one| one.address.station.is_everyone());
    let mut relays: Vec<(&str, &str)> = households
        .map(|one| (one.address.mailbox.as_str(), one.household.as_str()))
        .collect();
    relays.sort_by_key(|(_, name)| name.to_lowercase());
    let value = |(mailbox, name): (&str, &str)| context! { mailbox, name };
    relays.into_iter().map(value).collect()
}

fn look_at(
    home: &mut Household,
    mut draft: Draft,
    visitor: &Visitor,
    why: Why,
    now: Now,
    trouble: Option<Fault>,
) -> Result<Looked, Fault> {
    let person = &visitor.station;
    let items = home.still_here(Some(person), &draft.pictures)?;
    if let (Why::Opened, true, Some(first)) = (why, items.is_empty(), draft.pictures.first()) {
        // There is nothing to share.
        home.album_item(Some(person), first)?;
    }
    let gone = draft.pictures.len() - items.len();
    draft.pictures = items.iter().map(|item| item.reference.clone()).collect();
    let mut words: Vec<String> = home.keywords()?.into_iter().map(|(word, _)| word).collect();
    words.dedup();
    let mut looked = Looked {
        items,
        gone,
        known: home.known_addresses(visitor)?,
        words,
        suggested: home.suggestions()?.into_iter().map(told_of).collect(),
        offers: offers(home, &draft, now.now)?,
        directory: home.config.directory.is_some(),
        meant: draft.to.clone(),
        typed: String::new(),
        unknown: Vec::new(),
        unfit: Vec::new(),
        lines: Vec::new(),
        asked: Vec::new(),
        asks: Vec::new(),
        stays: Vec::new(),
        bytes: 0,
        before: false,
        told: String::new(),
        trouble,
        draft,
    };
    let offers = matches!(why, Why::Opened | Why::Looked);
    let look = |home: &Household, looked: &mut Looked| {
        let draft = &mut looked.draft;
        let understood = draft.understood(home)?;
        if offers {
            looked.before = offer_last(home, visitor, draft, &understood.meant)?;
        }
        looked.meant = understood.meant;
        // Who was asked is the business of who keeps the house.
        let each = looked.meant.iter().filter(|_| visitor.keeper);
        for one in each {
            if home.answer_is_awaited(&one.mailbox)? {
                looked.asked.push(one.mailbox.clone());
            }
        }
        let left = understood.left.iter();
        looked.typed = left
            .clone()
            .map(|(typed, _)| typed.as_str())
            .collect::<Vec<_>>()
            .join("; ");
        looked.unknown = left.map(|(_, fault)| fault.clone()).collect();
        if looked.items.is_empty() {
            return Ok(());
        }
        let order = draft.order(&looked.meant, person, &looked.items)?;
        looked.unfit = home.unfit(&order)?;
        if !looked.unfit.is_empty() {
            return Ok(());
        }
        if !looked.meant.is_empty() {
            let foreseen = home.foresee(&order, now)?;
            (looked.lines, looked.bytes) = (foreseen.destinations, foreseen.bytes);
            looked.asks = foreseen.asks;
            let left = foreseen.left.into_iter();
            looked.stays = left.map(unfit::stays).collect();
        }
        looked.told = told(&order);
        Ok(())
    };
    let looked_at = look(home, &mut looked);
    // What is said beside the field is not said once more.
    let said = |fault: &Fault| {
        let mut unknown = looked.unknown.iter();
        unknown.any(|one| one.message == fault.message)
    };
    looked.trouble = looked.trouble.filter(|fault| !said(fault));
    if let Err(fault) = looked_at {
        looked.trouble = looked.trouble.or(Some(fault));
    }
    Ok(looked)
}

/// What people call somebody: the household, or the person there.
fn label(address: &StationAddress, known: &[Known]) -> String {
    let household = known
        .iter()
        .find(|known| known.address.mailbox == address.mailbox);
    let household = household.map_or(address.mailbox.as_str(), |known| known.household.as_str());
    match address.station.is_everyone() {
        true => household.to_owned(),
        false => format!("{}, {household}", address.station),
    }
}

fn initial(label: &str) -> String {
    let plain = label.strip_prefix("The ").unwrap_or(label);
    plain
        .chars()
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default()
}
