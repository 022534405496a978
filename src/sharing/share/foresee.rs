//! What a share would be, before it is one: who could do what, in the very sentences that will be recorded.

use super::Line;
use super::order::Order;
use crate::album::DestinationState;
use crate::rules::Who;
use crate::sharing::contacts::{ask_first, ask_first_of_unknown};
use crate::sharing::directory::question::Question;
use crate::sharing::share::granting::sentences;
use crate::sharing::share::left::Left;
use crate::sharing::share::plan::{gives_much, travels};
use crate::sharing::{Fault, Household, Now};

/// What would be recorded.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// One line a household.
    pub destinations: Vec<Line>,
    /// Somebody would be given something for ever.
    pub no_end: bool,
    /// What would be asked before it is recorded.
    pub asks: Vec<String>,
    /// For whom the directory would be asked before it is recorded: what it says of them is not in here.
    pub looked_for: Vec<String>,
    /// What belongs to the pictures and would stay at home. That a place cannot be taken out of a file
    /// that must be opened for it is found when it is shared.
    pub left: Vec<Left>,
    /// About how many bytes go out, each part once.
    pub bytes: u64,
}

impl Household {
    /// Checks an order as sharing would, and says what each could do. Nothing is recorded, nor is a household added whose
    /// certificate comes with it; no directory is asked.
    pub fn foresee(&self, order: &Order, now: Now) -> Result<Foreseen, Fault> {
        super::check_words(order)?;
        let checked = self.checked(order, true, false, now)?;
        let question = self.question_for(&order.addressees(), now.now)?;
        let kinds = checked.items.iter().map(|item| item.kind);
        let mut foreseen = Foreseen {
            destinations: Vec::new(),
            no_end: order.has_no_end(),
            asks: Vec::new(),
            looked_for: question.map(Question::asked_about).unwrap_or_default(),
            left: checked.left.clone(),
            bytes: super::size::about(&checked, order, now.now),
        };
        for household in &checked.households {
            let contact = &household.contact;
            if household.stations.iter().all(|one| one.rules.is_nothing()) {
                return Err(super::seal::nothing_allowed(&contact.mailbox));
            }
            let much = gives_much(&household.stations, kinds.clone());
            if let Err(question) = ask_first(contact, much, false) {
                foreseen.asks.push(question.message);
            }
            let onward = travels(&household.stations, order.onward.as_ref(), None, now.now);
            foreseen.destinations.push(Line {
                via: checked.via(contact),
                mailbox: contact.mailbox.clone(),
                name: contact.name.clone(),
                stations: sentences(
                    self.language,
                    &household.stations,
                    Who::EveryoneThere,
                    onward.as_ref().into(),
                ),
                state: match contact.certificate(now.now)? {
                    Some(_) => DestinationState::Queued,
                    None => DestinationState::Waiting,
                },
                unknown: false,
            });
        }
        for one in &checked.unknown {
            if one.stations.iter().all(|one| one.rules.is_nothing()) {
                return Err(super::seal::nothing_allowed(&one.mailbox));
            }
            let much = gives_much(&one.stations, kinds.clone());
            if let Err(question) = ask_first_of_unknown(&one.mailbox, much, false) {
                foreseen.asks.push(question.message);
            }
            let onward = order.onward.as_ref();
            let line = one.line_from(self.language, onward, now.now);
            foreseen.destinations.push(line);
        }
        Ok(foreseen)
    }
}
