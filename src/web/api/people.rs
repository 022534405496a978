//! The people of the house, and the households that it knows.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::Caller;
use super::super::station::App;
use crate::address::{Mailbox, StationAddress, StationName};
use crate::encoding::Timestamp;
use crate::sharing::contacts::households::{KnownHousehold, Standing};

/// The person for whom a token was made, and their house.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// The person.
    #[schema(value_type = String)]
    name: StationName,
    /// Where others share with that person.
    #[schema(value_type = String)]
    address: StationAddress,
    /// What the household calls itself.
    house: String,
}

/// The people of the house.
#[derive(Serialize, ToSchema)]
pub(super) struct People {
    people: Vec<Person>,
}

/// A person of the house.
#[derive(Serialize, ToSchema)]
pub(super) struct Person {
    /// The name.
    #[schema(value_type = String)]
    name: StationName,
    /// Where others share with that person.
    #[schema(value_type = String)]
    address: StationAddress,
}

/// The households that this one hears, and the key words for people there.
#[derive(Serialize, ToSchema)]
pub(super) struct Contacts {
    contacts: Vec<Contact>,
    keywords: Vec<Keyword>,
}

/// A household.
#[derive(Serialize, ToSchema)]
pub(super) struct Contact {
    /// Where mail for it goes.
    #[schema(value_type = String)]
    mailbox: Mailbox,
    /// What it calls itself.
    name: String,
    /// Of its identity.
    fingerprint: String,
    /// The same in words, to compare.
    words: String,
    /// `pending`, `seen` or `verified`.
    trust: &'static str,
    /// Since when it is known.
    #[schema(value_type = String, format = DateTime)]
    added: Timestamp,
}

/// A word for some people.
#[derive(Serialize, ToSchema)]
pub(super) struct Keyword {
    /// The word.
    word: String,
    /// Who is meant.
    #[schema(value_type = String)]
    address: StationAddress,
}

/// Whom a token is for.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", responses((status = 200, body = Me)))]
pub(super) async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Failed> {
    let name = caller.person()?.station.clone();
    let house = app.name.clone();
    let ask = app.house.ask(move |home, _| {
        let address = StationAddress {
            mailbox: home.config.mailbox.clone(),
            station: name.clone(),
        };
        Ok(Me {
            name,
            address,
            house,
        })
    });
    Ok(Json(ask.await?))
}

/// The people of the house.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", responses((status = 200, body = People)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<People>, Failed> {
    let ask = app.house.ask(|home, _| {
        let person = |person: crate::album::Person| Person {
            address: StationAddress {
                mailbox: home.config.mailbox.clone(),
                station: person.station.clone(),
            },
            name: person.station,
        };
        Ok(home.people()?.into_iter().map(person).collect())
    });
    Ok(Json(People { people: ask.await? }))
}

/// The households that this one hears; who waits or is kept out is its keeper's business.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "people", responses((status = 200, body = Contacts)))]
pub(super) async fn contacts(State(app): State<App>) -> Result<Json<Contacts>, Failed> {
    let ask = app
        .house
        .ask(|home, _| Ok((home.households()?, home.keywords()?)));
    let (mut households, keywords) = ask.await?;
    households.retain(|one| one.standing == Standing::Heard);
    let contact = |one: KnownHousehold| Contact {
        fingerprint: one.fingerprint.to_string(),
        words: one.fingerprint.words(),
        trust: one.trust.as_str(),
        added: one.since,
        name: one.name,
        mailbox: one.mailbox,
    };
    let keyword = |(word, address)| Keyword { word, address };
    Ok(Json(Contacts {
        contacts: households.into_iter().map(contact).collect(),
        keywords: keywords.into_iter().map(keyword).collect(),
    }))
}
