//! `received`, `sent` and `show`.

use serde::Serialize;

use super::context::Context;
use super::words::{count, shown_time, table, tier};
use super::{Done, Fault};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::listing::overview::{ShownPermit, ShownShare};
use crate::sharing::listing::{Copy, ListedItem, ReceivedShare, SentShare, SentTo, StationRules};

#[derive(Serialize)]
struct Shares<T> {
    shares: Vec<T>,
}

pub fn received(context: &Context) -> Result<Done, Fault> {
    let shares = context.open()?.received()?;
    context.output.print(&Shares { shares }, |all| {
        if all.shares.is_empty() {
            return "Nothing has come yet.\n".to_owned();
        }
        all.shares.iter().map(received_words).collect()
    })?;
    Ok(Done::Wholly)
}

pub fn sent(context: &Context) -> Result<Done, Fault> {
    let shares = context.open()?.sent()?;
    context.output.print(&Shares { shares }, |all| {
        if all.shares.is_empty() {
            return "Nothing was shared yet. `hearthpost share ITEM --to ADDR` does.\n".to_owned();
        }
        all.shares.iter().map(sent_words).collect()
    })?;
    Ok(Done::Wholly)
}

pub fn show(context: &Context, share: &str) -> Result<Done, Fault> {
    let shown = context.open()?.show(share)?;
    context.output.print(&shown, shown_words)?;
    Ok(Done::Wholly)
}

fn received_words(share: &ReceivedShare) -> String {
    let from = share
        .from
        .as_ref()
        .map(|from| format!(" ({from})"))
        .unwrap_or_default();
    let mut text = format!(
        "{}  {}: {}, from {}{from}\n",
        share.share,
        title(&share.title),
        share.state,
        share.from_name
    );
    let row = |item: &ListedItem| {
        let media_type = item.media_type.clone().unwrap_or_default();
        vec![format!("  {}", item.id), media_type, item.name.clone()]
    };
    text += &table(&share.items.iter().map(row).collect::<Vec<_>>());
    text + &people(&share.stations, share.state)
}

fn sent_words(share: &SentShare) -> String {
    let made = shown_time(share.created);
    let mut text = format!("{}  {}, {made}\n", share.share, title(&share.title));
    for destination in &share.destinations {
        text += &way(destination);
    }
    text + &further(&share.copies)
}

fn shown_words(share: &ShownShare) -> String {
    let from = match (share.own, &share.from) {
        (true, _) => "from here".to_owned(),
        (false, Some(from)) => format!("from {} ({from})", share.from_name),
        (false, None) => format!("from {}", share.from_name),
    };
    let mut text = format!(
        "{}  {}: {}, {from}, made {}\n",
        share.share,
        title(&share.title),
        share.state,
        shown_time(share.created)
    );
    for line in share.message.lines() {
        text += &format!("  “{line}”\n");
    }
    text += &format!("{}:\n", count(share.items.len(), "item"));
    let items = share.items.iter().map(|item| {
        let pixels = item.width.zip(item.height);
        let pixels = pixels.map_or(String::new(), |(width, height)| {
            format!("{width} × {height}")
        });
        let taken = item.taken.clone().unwrap_or_default().replace('T', " ");
        vec![
            format!("  {}", item.listed.id),
            taken,
            pixels,
            item.listed.name.clone(),
        ]
    });
    text += &table(&items.collect::<Vec<_>>());
    text += "People:\n";
    text += &people(&share.stations, share.state);
    text += "Sealed parts here:\n";
    let parts = share.parts.iter().map(|parts| {
        let here = if share.own {
            format!("{} of {}", parts.held, parts.listed)
        } else {
            format!(
                "{} of {} that are meant to come, {} in all",
                parts.held, parts.wanted, parts.listed
            )
        };
        vec![
            format!("  {}", tier(parts.tier)),
            here,
            format!("{} bytes", parts.bytes),
        ]
    });
    text += &table(&parts.collect::<Vec<_>>());
    text += "Permits:\n";
    text += &share.permits.iter().map(permit_words).collect::<String>();
    if !share.destinations.is_empty() {
        text += "How far it got:\n";
        text += &share.destinations.iter().map(way).collect::<String>();
    }
    text + &further(&share.copies)
}

/// Copies that others passed on.
fn further(copies: &[Copy]) -> String {
    let line = |copy: &Copy| {
        let who = |mailbox: &Option<Mailbox>, fingerprint: Fingerprint| match mailbox {
            Some(mailbox) => mailbox.to_string(),
            None => format!("the household {}", fingerprint.short()),
        };
        let state = match copy.state {
            "forwarded" => "",
            "revoked" => "; asked to delete, not confirmed",
            _ => "; deleted",
        };
        let end = copy.until.filter(|_| copy.state == "forwarded");
        let until = end.map_or(String::new(), |end| {
            format!(" At most until {}.", shown_time(end))
        });
        format!(
            "  {} passed it on to {}{state}. {}{until}\n",
            who(&copy.by_mailbox, copy.by),
            who(&copy.mailbox, copy.household),
            copy.words,
        )
    };
    copies.iter().map(line).collect()
}

/// Of what is over, the sentence says until when.
fn people(stations: &[StationRules], state: &str) -> String {
    let over = matches!(state, "expired" | "revoked");
    let line = |station: &StationRules| {
        let end = station.expires.filter(|_| !over);
        let until = end.map_or(String::new(), |end: Timestamp| {
            format!(" Until {}.", shown_time(end))
        });
        format!("  {}: {}{until}\n", station.address, station.words)
    };
    stations.iter().map(line).collect()
}

fn way(destination: &SentTo) -> String {
    let error = destination
        .error
        .as_ref()
        .map(|error| format!(": {error}"))
        .unwrap_or_default();
    let state = match destination.state {
        "revoked" => "asked to delete, not confirmed",
        state => state,
    };
    let bounce = destination
        .bounce
        .as_ref()
        .map(|said| format!("    perhaps not arrived: {said}\n"))
        .unwrap_or_default();
    format!(
        "  {} ({}): {}{error}, {}\n{bounce}",
        destination.name,
        destination.mailbox,
        state,
        shown_time(destination.changed)
    )
}

fn permit_words(permit: &ShownPermit) -> String {
    let who = |mailbox: &Option<Mailbox>, fingerprint: Fingerprint| match mailbox {
        Some(mailbox) => mailbox.to_string(),
        None => fingerprint.short(),
    };
    let items = permit
        .items
        .map_or("all items".to_owned(), |items| count(items, "item"));
    let onward = match &permit.onward {
        None => "may not be passed on".to_owned(),
        Some(onward) => format!("may be passed on up to {}", tier(onward.tier)),
    };
    format!(
        "  {} to {}: {items} up to {}, {onward}; {}\n",
        who(&permit.from_mailbox, permit.from),
        who(&permit.to_mailbox, permit.to),
        tier(permit.tier),
        shown_time(permit.issued)
    )
}

fn title(title: &str) -> &str {
    if title.is_empty() {
        "without a title"
    } else {
        title
    }
}
