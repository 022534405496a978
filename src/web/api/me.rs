//! Whom a program acts for.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::fault::Failed;
use super::super::guard::Caller;
use super::super::routes::App;
use crate::address::{StationAddress, StationName};

/// A person, and their house.
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

/// The person for whom this token was made.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", responses((status = 200, body = Me)))]
pub(super) async fn get(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Failed> {
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
