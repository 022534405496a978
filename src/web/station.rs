//! One household's site: what every handler is given.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use axum::response::{IntoResponse, Response};
use minijinja::{Value, context};
use tokio::sync::Semaphore;

use super::drafts::{Answered, Drafts};
use super::fault::Failed;
use super::form::encoded;
use super::glance::Glance;
use super::hosts::Hosts;
use super::house::{Clock, House};
use super::page::Pages;
use super::pulse::Pulses;
use crate::address::Mailbox;
use crate::sharing::accounts::Visitor;
use crate::sharing::clock::Reading;
use crate::sharing::{Fault, Household, Now};

/// What handlers are given.
pub(super) type App = Arc<Station>;

/// One household's site.
pub struct Station {
    pub(super) house: House,
    pub(super) pulses: Pulses,
    /// Made for the first browser: most sites of a machine are at rest.
    pub(super) pages: LazyLock<Pages, Box<dyn FnOnce() -> Pages + Send>>,
    pub(super) hosts: Hosts,
    /// The name of its cookies: several households of one machine must not take each other's.
    pub(super) cookie: String,
    /// Passwords are compared one after another: they cost memory and time, which strangers must not have all of.
    pub(super) hashing: Semaphore,
    /// The box is looked at by one at a time: that waits for mail servers, and other pages must not.
    pub(super) checking: Semaphore,
    pub(super) proxy: bool,
    /// Whether browsers are told to come by TLS alone for a while (RFC 6797): only where the certificate is the operator's,
    /// for whom the household's own cannot be made anew in a moment.
    pub(super) strict: bool,
    /// What the household calls itself.
    pub(super) name: String,
    /// What was to be shared by those who are choosing other pictures.
    pub(super) drafts: Drafts,
    /// The same of those who are bringing in a household.
    pub(super) away: Drafts,
    /// What was sent to be shared or passed on and is looked at again before that is done.
    pub(super) answered: Drafts<Answered>,
    /// How much is new on the cards that are in.
    pub(super) glance: Arc<Glance>,
}

impl Station {
    /// The site of a household, of that configuration file.
    pub fn new(config: &Path, home: &Household) -> Arc<Self> {
        Station::with_clock(config, home, Box::new(Reading::take))
    }

    /// The same, by another clock.
    pub fn with_clock(config: &Path, home: &Household, clock: Clock) -> Arc<Self> {
        let templates = home.album.folder().join("templates");
        Arc::new(Station {
            pulses: Pulses::new(config),
            pages: LazyLock::new(Box::new(move || Pages::new(templates))),
            hosts: Hosts::of(home),
            cookie: format!("hearthpost-{}", &home.me().to_string()[..8]),
            hashing: Semaphore::new(1),
            checking: Semaphore::new(1),
            proxy: home.config.web.proxy,
            strict: home.config.web.certificate.is_some(),
            name: home.config.name.clone(),
            drafts: Drafts::default(),
            away: Drafts::default(),
            answered: Drafts::default(),
            glance: Arc::default(),
            house: House::new(config, home.album.folder(), clock),
        })
    }

    /// A page for a browser that accepts these languages.
    pub(super) fn page(
        &self,
        name: &str,
        accepted: &str,
        values: Value,
    ) -> Result<Response, Failed> {
        let page = self.pages.render(name, accepted, values)?;
        Ok(page.into_response())
    }

    /// The name of the cookie by which a browser is known again.
    pub(super) fn known_cookie(&self) -> String {
        format!("{}-known", self.cookie)
    }

    /// The name of the cookie that holds a language.
    pub(super) fn language_cookie(&self) -> String {
        format!("{}-language", self.cookie)
    }

    /// Back to what somebody was sharing when they went to bring in a household; with that one, where it is known.
    pub(super) fn way_back(&self, visitor: &Visitor, to: Option<&Mailbox>) -> Option<String> {
        let name = self.away.last(visitor)?.to_string();
        let mut query = vec![("draft", name.as_str())];
        query.extend(to.map(|to| ("to", to.as_str())));
        Some(format!("/share?{}", encoded(&query)))
    }

    /// What stands around every page of somebody who is signed in.
    pub(super) async fn frame(&self, visitor: &Visitor, here: &str) -> Result<Value, Fault> {
        let person = visitor.station.clone();
        let keeper = visitor.keeper;
        let ask = move |home: &mut Household, now: Now| {
            let waiting = if keeper {
                home.waiting_for_keeper()?
            } else {
                0
            };
            Ok((home.new_for(&person, now)?, waiting, home.lamp(now.now)))
        };
        let (new, waiting, lamp) = self.house.ask(ask).await?;
        let name = visitor.station.as_str();
        Ok(context! {
            house => self.name,
            here,
            person => name,
            initial => name.chars().next().map(|first| first.to_uppercase().to_string()),
            keeper => visitor.keeper,
            new,
            waiting,
            lamp => self.lamp(&lamp).await,
        })
    }
}
