//! What a sender says, and what of it can be carried out.

use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::Contact;
use crate::rendition::Lengths;
use crate::rules::{Limits, PREVIEW_EDGE, Rules};
use crate::sharing::Fault;
use crate::sharing::share::awaited::Unknown;
use crate::sharing::share::granting::Recipient;
use crate::sharing::share::left::Left;
use crate::sharing::share::outgoing::Outgoing;
use crate::sharing::words::check_message;

/// What a sender says.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Items by their short names, or files.
    pub what: Vec<String>,
    /// Station addresses, or key words.
    pub to: Vec<String>,
    /// The rules for everyone who has none of their own; `None`: look for 30 days.
    pub rules: Option<Rules>,
    /// Rules of single stations.
    pub stations: Vec<(StationAddress, Rules)>,
    /// What may travel on, where it is not what the station may itself.
    pub onward: Option<Rules>,
    /// The title.
    pub title: String,
    /// A message to the people.
    pub message: String,
    /// A certificate file of a household that is not known yet, as PEM.
    pub certificate: Option<Vec<u8>>,
    /// How much of a sound, film or document an excerpt is, where a rule allows no more.
    pub excerpt: Lengths,
    /// Leave the place in originals.
    pub keep_location: bool,
    /// What belongs to a picture, its sound or raw file, is not taken along.
    pub alone: bool,
    /// By way of which household the others get it; `None`: straight.
    pub relay_via: Option<Mailbox>,
    /// What would be asked is answered yes.
    pub yes: bool,
    /// Which person of the house shares, who has only what that one sees in the album; `None`: somebody at the command
    /// line, who sees all and has files besides.
    pub viewer: Option<StationName>,
}

/// An order that can be carried out.
pub(super) struct Checked {
    pub households: Vec<Recipient>,
    /// Those that nobody here knows.
    pub unknown: Vec<Unknown>,
    pub items: Vec<Outgoing>,
    /// As in [`Recorded::left`].
    pub left: Vec<Left>,
    /// By way of whom it goes.
    pub relay: Option<Contact>,
}

impl Checked {
    /// By way of whom a household gets it, if not straight.
    pub fn via(&self, contact: &Contact) -> Option<Mailbox> {
        let relay = self.relay.as_ref();
        let relay = relay.filter(|relay| relay.fingerprint != contact.fingerprint);
        relay.map(|relay| relay.mailbox.clone())
    }
}

/// Without any rule a share is to look at for 30 days, at screen size.
pub fn default_rules() -> Rules {
    Rules {
        display: Some(Limits {
            max_edge: Some(PREVIEW_EDGE),
            ..Limits::default()
        }),
        period: crate::encoding::Period::from_days(30),
        ..Rules::default()
    }
}

impl Order {
    /// Everyone that is named, as they are named.
    pub fn addressees(&self) -> Vec<String> {
        let each = self.stations.iter().map(|(address, _)| address.to_string());
        self.to.iter().cloned().chain(each).collect()
    }

    /// Whether somebody is given something for ever.
    pub fn has_no_end(&self) -> bool {
        !self.without_end().is_empty()
    }

    /// Who is given something for ever, as they are named: that is worth a word before it is recorded.
    pub fn without_end(&self) -> Vec<String> {
        let endless = |rules: &Rules| rules.has_no_end() && !rules.is_nothing();
        let named = |word: &String| {
            let mut stations = self.stations.iter();
            stations.any(|(address, _)| address.to_string() == *word)
        };
        let mut who: Vec<String> = match &self.rules {
            Some(rules) if endless(rules) => self.to.clone(),
            _ => Vec::new(),
        };
        who.retain(|word| !named(word));
        let each = self.stations.iter().filter(|(_, rules)| endless(rules));
        who.extend(each.map(|(address, _)| address.to_string()));
        who
    }
}

pub(super) fn check_words(order: &Order) -> Result<(), Fault> {
    if order.title.chars().count() > 200 {
        return Err(Fault::usage("title", "a title has at most 200 characters"));
    }
    check_message(&order.message)
}
