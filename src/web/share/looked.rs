//! What the page of sharing is made of: the draft, whom it could go to, and what would happen, as the use case that would do
//! it says.

use super::draft::Draft;
use super::offers::{Offer, offers};
use super::preset::offer_last;
use super::record::told;
use super::unfit;
use crate::address::{Mailbox, StationAddress};
use crate::sharing::accounts::Visitor;
use crate::sharing::own::AlbumItem;
use crate::sharing::share::{Line, Unfit};
use crate::sharing::whom::Known;
use crate::sharing::whom::suggested::Suggestion;
use crate::sharing::{Fault, Household, Now};

/// Why the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Somebody comes to it.
    Opened,
    /// It is looked again at what would happen.
    Looked,
    /// It was to be done, and nobody has been told what that is, or something stands in the way.
    Untold,
}

/// What the page is made of.
pub(super) struct Looked {
    pub draft: Draft,
    pub items: Vec<AlbumItem>,
    /// So many are not in the album any more.
    pub gone: usize,
    pub known: Vec<Known>,
    pub words: Vec<String>,
    /// Suggested by other households: whom it would mean, and how it is told.
    pub suggested: Vec<(StationAddress, String)>,
    /// What was looked for could mean these.
    pub offers: Vec<Offer>,
    /// Whether there is a directory to look in.
    pub directory: bool,
    pub meant: Vec<StationAddress>,
    /// What was typed and is not understood, and why.
    pub typed: String,
    pub unknown: Vec<Fault>,
    /// What cannot be shared so.
    pub unfit: Vec<Unfit>,
    pub lines: Vec<Line>,
    /// Of these it is awaited that they say who they are.
    pub asked: Vec<Mailbox>,
    /// What would be asked before it is recorded.
    pub asks: Vec<String>,
    /// What belongs to the pictures and would stay at home, and why.
    pub stays: Vec<String>,
    pub bytes: u64,
    /// What they may do is what somebody of them was given last.
    pub before: bool,
    /// Names what is said of it; empty where nothing can be said.
    pub told: String,
    pub trouble: Option<Fault>,
}

/// A word that another household suggests stands beside the address that it would mean, and is not typed for it: nobody
/// takes over a name that way.
fn told_of(one: Suggestion) -> (StationAddress, String) {
    let words = format!("{}, {}", one.word, one.household);
    (one.address, words)
}

/// Looks at what a draft would do.
pub(super) fn look_at(
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
