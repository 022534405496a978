//! `/api/v1`: what programs do for a person, by the same use cases as pages and command line. It parses, calls and prints.
//!
//! A program shows a token; cookies do not count here, so that no page of another site can have a browser ask. What is
//! described of it (`describe`) is made from the code, and a test holds it to the table of routes.

mod albums;
mod body;
mod describe;
mod directory;
mod events;
mod items;
mod people;
mod received;
mod requests;
mod selections;
mod shares;
mod uploads;

use axum::routing::{MethodRouter, delete, get, patch, post, put};

use super::route::{Route, Who};
use super::station::App;
use crate::sharing::accounts::Scope;

fn route(
    method: &'static str,
    path: &'static str,
    scope: Scope,
    answers: MethodRouter<App>,
) -> Route {
    Route {
        path,
        method: Some(method),
        who: Who::Program(scope),
        carries: false,
        answers,
    }
}

fn read(path: &'static str, answers: MethodRouter<App>) -> Route {
    route("GET", path, Scope::Read, answers)
}

/// One by which something of a share or an item leaves.
fn carrying(path: &'static str, answers: MethodRouter<App>) -> Route {
    Route {
        carries: true,
        ..read(path, answers)
    }
}

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    use Scope::{Album, Share};
    let piece = put(uploads::piece).layer(uploads::limit());
    let select = post(selections::select).layer(selections::limit());
    let open = Route {
        who: Who::Anyone,
        ..read("/api/v1/openapi.json", get(describe::description))
    };
    let events = Route {
        who: Who::Listener,
        ..carrying("/api/v1/events", get(events::listen))
    };
    vec![
        open,
        events,
        route("POST", "/api/v1/selections", Album, select),
        read("/api/v1/me", get(people::me)),
        read("/api/v1/people", get(people::list)),
        read("/api/v1/contacts", get(people::contacts)),
        route("GET", "/api/v1/directory", Share, get(directory::find)),
        carrying("/api/v1/items", get(items::list)),
        carrying("/api/v1/items/{item}", get(items::get)),
        carrying("/api/v1/items/{item}/thumb", get(items::thumb)),
        carrying("/api/v1/items/{item}/screen", get(items::screen)),
        carrying("/api/v1/items/{item}/original", get(items::original)),
        route("PATCH", "/api/v1/items/{item}", Album, patch(items::change)),
        route(
            "DELETE",
            "/api/v1/items/{item}",
            Album,
            delete(items::delete),
        ),
        route(
            "POST",
            "/api/v1/items/{item}/restore",
            Album,
            post(items::restore),
        ),
        route("GET", "/api/v1/uploads", Album, get(uploads::list)),
        route("POST", "/api/v1/uploads", Album, post(uploads::begin)),
        route("GET", "/api/v1/uploads/{upload}", Album, get(uploads::get)),
        route("PUT", "/api/v1/uploads/{upload}", Album, piece),
        route(
            "DELETE",
            "/api/v1/uploads/{upload}",
            Album,
            delete(uploads::cancel),
        ),
        route(
            "POST",
            "/api/v1/uploads/{upload}/finish",
            Album,
            post(uploads::finish),
        ),
        read("/api/v1/albums", get(albums::list)),
        route("POST", "/api/v1/albums", Album, post(albums::create)),
        route(
            "PATCH",
            "/api/v1/albums/{album}",
            Album,
            patch(albums::rename),
        ),
        route(
            "DELETE",
            "/api/v1/albums/{album}",
            Album,
            delete(albums::remove),
        ),
        route(
            "POST",
            "/api/v1/albums/{album}/add",
            Album,
            post(albums::add),
        ),
        route(
            "POST",
            "/api/v1/albums/{album}/take",
            Album,
            post(albums::take),
        ),
        carrying("/api/v1/received", get(received::list)),
        carrying("/api/v1/received/{share}", get(received::get)),
        carrying("/api/v1/received/items/{item}/thumb", get(received::thumb)),
        carrying("/api/v1/received/items/{item}/show", get(received::show)),
        carrying("/api/v1/received/items/{item}/print", get(received::print)),
        carrying("/api/v1/received/items/{item}/keep", get(received::keep)),
        carrying("/api/v1/requests", get(requests::list)),
        route("POST", "/api/v1/requests", Share, post(requests::ask)),
        carrying("/api/v1/sent", get(shares::sent)),
        route("POST", "/api/v1/shares", Share, post(shares::share)),
        route(
            "POST",
            "/api/v1/shares/{share}/forward",
            Share,
            post(shares::forward),
        ),
        route(
            "POST",
            "/api/v1/shares/{share}/revoke",
            Share,
            post(shares::revoke),
        ),
        route(
            "POST",
            "/api/v1/shares/{share}/resend",
            Share,
            post(shares::resend),
        ),
    ]
}
