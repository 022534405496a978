//! The page of sharing, as it is shown.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use minijinja::{Value, context};

use super::super::album::thumb;
use super::super::fault::{Failed, status, words_of};
use super::super::guard::Caller;
use super::super::spoken::retold;
use super::super::station::App;
use super::draft::{Draft, May};
use super::looked::{Looked, Why, look_at};
use super::offers::Offer;
use super::unfit::shown as shown_unfit;
use crate::address::StationAddress;
use crate::envelope::Id;
use crate::rules::Together;
use crate::sharing::share::Line;
use crate::sharing::whom::Known;
use crate::sharing::{Fault, Household, Now};

/// So many households and people are offered by a face.
const FACES: usize = 12;

/// The page with what is looked at now.
pub(super) async fn share_page(
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
    let label = |address: &StationAddress| looked.label(address);
    let chosen = |address: &StationAddress| looked.meant.contains(address);
    let faces = looked.faces();
    let each: Vec<Value> = looked
        .meant
        .iter()
        .map(|address| {
            context! { address => address.to_string(), label => label(address), choice => draft.choice(address) }
        })
        .collect();
    let lines = looked.sentences();
    let households: BTreeSet<&str> = looked.lines.iter().map(|line| line.name.as_str()).collect();
    let options: Vec<String> = looked
        .known
        .iter()
        .map(|known| label(&known.address))
        .chain(looked.words.iter().cloned())
        .collect();
    let suggested: Vec<Value> = looked
        .suggested
        .iter()
        .map(|(address, words)| context! { address => address.to_string(), words })
        .collect();
    let offers: Vec<Value> = looked
        .offers
        .iter()
        .filter(|offer| !chosen(&offer.address) || looked.only_offered(&offer.address).is_some())
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
    let status = answer_status(why, &looked);
    let values = context! {
        ..app.frame(&visitor, "album").await?,
        ..context! {
            pictures, faces, each, for_all => draft.for_all, lines, options, suggested, offers,
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
            untold => why == Why::Untold && trouble.is_none() && !stands_in_the_way(&looked),
            told => looked.told,
            once => draft.once.unwrap_or_else(Id::random).to_string(),
            trouble => trouble.map(|fault| retold(words_of(fault))),
        }
    };
    let page = app.page("sharing.html", &caller.language, values)?;
    Ok((status, page).into_response())
}

impl Looked {
    /// Of whom nobody here knows and the directory has: these stay where they were offered, with the words to compare.
    fn only_offered(&self, address: &StationAddress) -> Option<&Offer> {
        let is_known = self.known.iter().any(|one| one.address == *address);
        let mut offers = self.offers.iter();
        offers.find(|offer| !is_known && offer.address == *address)
    }

    fn label(&self, address: &StationAddress) -> String {
        match self.only_offered(address) {
            Some(offer) if address.station.is_everyone() => offer.name.clone(),
            _ => label(address, &self.known),
        }
    }

    /// Whom to choose from: who was given something lately and whole households, and whoever was typed.
    fn faces(&self) -> Vec<Value> {
        let known = self
            .known
            .iter()
            .filter(|known| known.last.is_some() || known.address.station.is_everyone())
            .take(FACES);
        let mut faces: Vec<Value> = known
            .map(|known| {
                let label = self.label(&known.address);
                context! {
                    address => known.address.to_string(),
                    initial => initial(&label),
                    label,
                    chosen => self.meant.contains(&known.address),
                    checked => known.checked,
                    asked => false,
                }
            })
            .collect();
        let checked = |address: &StationAddress| {
            let at = |known: &&Known| known.address.mailbox == address.mailbox;
            self.known.iter().find(at).is_some_and(|one| one.checked)
        };
        // Whoever was typed has a face from then on.
        let shown = |address: &StationAddress| {
            let mut first = self.known.iter().take(FACES);
            first.any(|known| known.address == *address)
        };
        let faceless =
            |address: &&StationAddress| !shown(address) && self.only_offered(address).is_none();
        faces.extend(self.meant.iter().filter(faceless).map(|address| {
            let label = self.label(address);
            let asked = self.asked.contains(&address.mailbox);
            context! { address => address.to_string(), initial => initial(&label), label, chosen => true, checked => checked(address), asked }
        }));
        faces
    }

    /// What each person will be able to do.
    fn sentences(&self) -> Vec<Value> {
        let of_line = |line: &Line| {
            let name = line.name.clone();
            let asked = self.asked.contains(&line.mailbox);
            let unknown = line.unknown;
            let words = line.stations.iter().map(|(_, words)| words.clone());
            let words: Vec<String> = words.collect();
            words
                .into_iter()
                .map(move |words| context! { household => name, words, unknown, asked })
        };
        self.lines.iter().flat_map(of_line).collect()
    }
}

fn answer_status(why: Why, looked: &Looked) -> StatusCode {
    match (why, &looked.trouble) {
        (_, Some(fault)) if !is_of_draft(fault) => status(fault),
        (Why::Untold, _) if looked.items.is_empty() && looked.gone > 0 => StatusCode::NOT_FOUND,
        (Why::Untold, Some(_)) => StatusCode::BAD_REQUEST,
        (Why::Untold, None) if stands_in_the_way(looked) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

/// Some of it is not in the album any more, or cannot be shared so, or it is not understood who is meant.
fn stands_in_the_way(looked: &Looked) -> bool {
    looked.gone > 0 || !looked.unfit.is_empty() || !looked.unknown.is_empty()
}

/// Whether what was chosen is what stands in the way, and not this box.
fn is_of_draft(fault: &Fault) -> bool {
    let codes = [
        "asks_first",
        "begun",
        "stopped",
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
