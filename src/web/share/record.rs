//! It is done as it was told, and once: a page names what it said would happen, and itself.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::draft::Draft;
use super::unfit::stays;
use crate::envelope::Digest;
use crate::sharing::accounts::Visitor;
use crate::sharing::share::Order;
use crate::sharing::{Fault, Household, Now};
use crate::web::station::App;

/// So often it is looked whether what the same page asked for before is done, and so long between.
const LOOKS: usize = 100;
const REST: Duration = Duration::from_millis(300);

/// How it ended.
pub(super) enum Ended {
    /// The share's short name, and why some of what belongs to its pictures stays at home.
    Recorded(String, Vec<String>),
    /// The page said something else, or nothing, of what would happen; or some of it is not in the album any more, or cannot be
    /// shared so, and it is yet to say that.
    Untold,
}

/// Names what a page tells of an order: what goes to whom, and what they may do. What is only written to it is not told. An
/// address is the same with a capital: who was asked by it may have answered since, and is known by their own then.
pub(super) fn told(order: &Order) -> String {
    let mut stations: Vec<String> = order
        .stations
        .iter()
        .map(|(address, rules)| format!("{} {rules:?}", address.to_string().to_lowercase()))
        .collect();
    stations.sort();
    let all = (
        &order.what,
        stations,
        &order.onward,
        order.keep_location,
        &order.relay_via,
    );
    Digest::of(format!("{all:?}").as_bytes()).to_string()
}

/// Records it. A button that is pressed twice waits for what it did first.
pub(super) async fn record(app: &App, draft: &Draft, visitor: &Visitor) -> Result<Ended, Fault> {
    for _ in 0..LOOKS {
        let (draft, visitor) = (draft.clone(), visitor.clone());
        // Sealing takes as long as the files are large.
        let record = move |home: &mut Household, now: Now| try_record(home, &draft, &visitor, now);
        match app.house.slowly_change(record).await {
            Err(fault) if fault.code == "begun" => sleep(REST).await,
            ended => return ended,
        }
    }
    let words = "Whether this was shared before is not known: look under Sent, then share once more if it was not.";
    Err(Fault::new("begun", words))
}

fn try_record(
    home: &mut Household,
    draft: &Draft,
    visitor: &Visitor,
    now: Now,
) -> Result<Ended, Fault> {
    let person = &visitor.station;
    let here = home.still_here(Some(person), &draft.pictures)?;
    if here.len() < draft.pictures.len() {
        return Ok(Ended::Untold);
    }
    let order = draft.order(&draft.meant(home)?, person, &here)?;
    if !home.unfit(&order)?.is_empty() {
        return Ok(Ended::Untold);
    }
    let told = told(&order);
    // Of nobody there is nothing to tell, and that is said.
    if told != draft.checked && !order.stations.is_empty() {
        return Ok(Ended::Untold);
    }
    let written = format!("{told}\n{}\n{}", order.title, order.message);
    let request = Digest::of(written.as_bytes());
    // Who goes back and chooses otherwise asks for something else.
    let key = draft.once.map(|page| format!("page/{page}/{request}"));
    let mut is_new = false;
    let answer = home.once(person, key.as_deref(), request, now, |home| {
        is_new = true;
        let recorded = home.share(&order, now, &mut |_| {})?;
        let left = recorded.left.into_iter().map(stays);
        Ok(json!([recorded.share, left.collect::<Vec<_>>()]).to_string())
    })?;
    let recorded = serde_json::from_str(&answer);
    let (share, left): (String, Vec<String>) = recorded
        .map_err(|error| Fault::new("bug", format!("an answer that names no share: {error}")))?;
    if !is_new && is_over(home, &share, visitor)? {
        let words = "This was shared before, and has ended since: it was stopped, or its time is over. Share once more to share it anew.";
        return Err(Fault::new("stopped", words));
    }
    Ok(Ended::Recorded(share, left))
}

/// Whether nobody has it any more to whom it went.
fn is_over(home: &Household, share: &str, visitor: &Visitor) -> Result<bool, Fault> {
    let sent = home.sent_share(share, visitor)?;
    let mut to = sent.destinations.iter();
    Ok(to.all(|to| ["revoked", "deleted"].contains(&to.state)))
}
