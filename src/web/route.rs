//! What a route is, and whom it is for.

use axum::routing::MethodRouter;

use super::station::App;
use crate::sharing::accounts::Scope;

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever reaches the box.
    Anyone,
    /// The people of the house.
    Person,
    /// Those who keep it.
    Keeper,
    /// Programs that act for a person, with a token made for that.
    Program(Scope),
    /// Those of them that may read, and the pages of a person, which cannot say a token: nothing is changed by it, and
    /// no page of another site can read the answer.
    Listener,
}

/// A route: its path, whom it is for, whether pictures or what is known of them leave by it, and what answers.
pub struct Route {
    /// As axum writes it.
    pub path: &'static str,
    /// Of the interface for programs: the one method that this is for.
    pub method: Option<&'static str>,
    /// Whom it is for.
    pub who: Who,
    /// Whether something of a share or an item leaves by it: such a one is walked by the test of all rules.
    pub carries: bool,
    pub(super) answers: MethodRouter<App>,
}

pub(super) fn open(path: &'static str, answers: MethodRouter<App>) -> Route {
    Route {
        path,
        method: None,
        who: Who::Anyone,
        carries: false,
        answers,
    }
}

pub(super) fn person(path: &'static str, answers: MethodRouter<App>) -> Route {
    Route {
        path,
        method: None,
        who: Who::Person,
        carries: false,
        answers,
    }
}

pub(super) fn carrying(path: &'static str, answers: MethodRouter<App>) -> Route {
    Route {
        path,
        method: None,
        who: Who::Person,
        carries: true,
        answers,
    }
}

pub(super) fn keeper(path: &'static str, answers: MethodRouter<App>) -> Route {
    Route {
        path,
        method: None,
        who: Who::Keeper,
        carries: false,
        answers,
    }
}
