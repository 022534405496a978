//! `/api/v1`: what programs do for a person, by the same use cases as pages and command line. It parses, calls and prints.
//!
//! A program shows a token; cookies do not count here, so that no page of another site can have a browser ask. What is
//! described of it (`describe`) is made from the code, and a test holds it to the table of routes.

mod body;
mod me;

use axum::routing::{MethodRouter, get};

use super::routes::{App, Route, Who};
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

/// One by which something of a share or an item leaves.
fn carrying(path: &'static str, answers: MethodRouter<App>) -> Route {
    Route {
        carries: true,
        ..route("GET", path, Scope::Read, answers)
    }
}

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    use Scope::Read;
    vec![route("GET", "/api/v1/me", Read, get(me::get))]
}
