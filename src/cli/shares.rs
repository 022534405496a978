//! `received`, `sent` and `show`.

use serde::Serialize;

use super::context::Context;
use super::words::{count, retold, shown_time, spoken, table, tell, tier};
use super::{Done, Fault};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::listing::overview::{ShownPermit, ShownShare};
use crate::sharing::listing::{
    Carried, Copy, ListedItem, PassedInside, ReceivedShare, SentShare, SentTo, StationRules,
};
use crate::words::say;

#[derive(Serialize)]
struct Shares<T> {
    shares: Vec<T>,
}

pub fn received(context: &Context) -> Result<Done, Fault> {
    let shares = context.open()?.received()?;
    context.output.print(&Shares { shares }, |all| {
        if all.shares.is_empty() {
            return tell!("received-nothing") + "\n";
        }
        all.shares.iter().map(received_words).collect()
    })?;
    Ok(Done::Wholly)
}

pub fn sent(context: &Context) -> Result<Done, Fault> {
    let shares = context.open()?.sent()?;
    context.output.print(&Shares { shares }, |all| {
        if all.shares.is_empty() {
            return tell!("sent-nothing") + "\n";
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
    let name = format!("{}{from}", share.from_name);
    let mut text = format!(
        "{}  {}: {}, {}\n",
        share.share,
        title(&share.title),
        state(share.state),
        tell!("share-from", name = name)
    );
    let row = |item: &ListedItem| {
        let media_type = item.media_type.clone().unwrap_or_default();
        vec![format!("  {}", item.id), media_type, item.name.clone()]
    };
    if share.by_unknown {
        text += &format!("  {}\n", tell!("share-by-unknown"));
    }
    text += &table(&share.items.iter().map(row).collect::<Vec<_>>());
    text += &people(&share.stations, share.state);
    text += &inside(&share.inside, share.state);
    for destination in &share.destinations {
        text += &way(destination);
    }
    text
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
        (true, _) => tell!("share-from-here"),
        (false, Some(from)) => tell!("share-from", name = format!("{} ({from})", share.from_name)),
        (false, None) => tell!("share-from", name = share.from_name.as_str()),
    };
    let mut text = format!(
        "{}  {}: {}, {from}, {}\n",
        share.share,
        title(&share.title),
        state(share.state),
        tell!("share-made", time = shown_time(share.created))
    );
    for line in share.message.lines() {
        text += &format!("  {}\n", tell!("request-line", line = line));
    }
    if share.by_unknown {
        text += &format!("  {}\n", tell!("share-by-unknown"));
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
    text += &(tell!("show-people") + "\n");
    text += &people(&share.stations, share.state);
    text += &inside(&share.inside, share.state);
    text += &(tell!("show-parts") + "\n");
    let parts = share.parts.iter().map(|parts| {
        let here = if share.own {
            tell!("show-parts-own", held = parts.held, listed = parts.listed)
        } else {
            tell!(
                "show-parts-come",
                held = parts.held,
                wanted = parts.wanted,
                listed = parts.listed
            )
        };
        vec![
            format!("  {}", tier(parts.tier)),
            here,
            tell!("cli-bytes", count = parts.bytes),
        ]
    });
    text += &table(&parts.collect::<Vec<_>>());
    text += &(tell!("show-permits") + "\n");
    text += &share.permits.iter().map(permit_words).collect::<String>();
    if !share.destinations.is_empty() {
        text += &(tell!("show-way") + "\n");
        text += &share.destinations.iter().map(way).collect::<String>();
    }
    text + &further(&share.copies)
}

/// Copies that others passed on.
fn further(copies: &[Copy]) -> String {
    let line = |copy: &Copy| {
        let who = |mailbox: &Option<Mailbox>, fingerprint: Fingerprint| match mailbox {
            Some(mailbox) => mailbox.to_string(),
            None => tell!("show-household", name = fingerprint.short()),
        };
        let key = match copy.state {
            "forwarded" => "copy-passed",
            "revoked" => "copy-asked",
            _ if copy.never_went => "copy-never-went",
            _ => "copy-gone",
        };
        let end = copy.until.filter(|_| copy.state == "forwarded");
        let until = end.map_or(String::new(), |end| {
            tell!("copy-until", time = shown_time(end))
        });
        let values = [
            ("by", who(&copy.by_mailbox, copy.by).into()),
            ("to", who(&copy.mailbox, copy.household).into()),
            ("words", copy.words.as_str().into()),
        ];
        format!("  {}{until}\n", say(spoken(), key, &values))
    };
    copies.iter().map(line).collect()
}

fn people(stations: &[StationRules], state: &str) -> String {
    let line = |one: &StationRules| format!("  {}: {}\n", one.address, may(one, state));
    stations.iter().map(line).collect()
}

/// What people of the house passed on to each other.
fn inside(passed: &[PassedInside], state: &str) -> String {
    let line = |one: &PassedInside| {
        let by = tell!("way-by", name = one.passed_by.as_str());
        let items = count(one.items, "item");
        format!(
            "  {}, {by} ({items}): {}\n",
            one.to.address,
            may(&one.to, state)
        )
    };
    passed.iter().map(line).collect()
}

/// What somebody may do. Of what is over, the sentence says until when.
fn may(station: &StationRules, state: &str) -> String {
    let over = matches!(state, "expired" | "revoked");
    let end = station.expires.filter(|_| !over);
    let until = end.map_or(String::new(), |end: Timestamp| {
        tell!("share-until", time = shown_time(end))
    });
    format!("{}{until}", station.words)
}

/// How far it got there.
fn state_words(destination: &SentTo) -> String {
    let key = match (destination.asked, destination.carried) {
        _ if destination.never_went => "way-state-untold".to_owned(),
        _ if destination.unreached => "way-state-unreached".to_owned(),
        (Some(asked), _) => {
            let values = [("time", shown_time(asked).into())];
            let key = format!("way-asked-{}", destination.state);
            return say(spoken(), &key, &values);
        }
        (None, Some(Carried::HandedOn)) => "way-state-carried".to_owned(),
        (None, Some(Carried::Nothing)) => "way-state-kept".to_owned(),
        (None, Some(Carried::Unsaid)) => "way-state-forgotten".to_owned(),
        (None, None) => format!("way-state-{}", destination.state),
    };
    say(spoken(), &key, &[])
}

fn way(destination: &SentTo) -> String {
    let error = destination
        .error
        .as_ref()
        .map(|error| format!(": {}", retold(error)))
        .unwrap_or_default();
    let state = state_words(destination);
    let bounce = destination
        .bounce
        .as_ref()
        .map(|said| format!("    {}\n", tell!("way-perhaps", said = retold(said))))
        .unwrap_or_default();
    let via = destination.via.as_ref();
    let via = via.map(|via| format!(" {}", tell!("way-via", relay = via.as_str())));
    let mut who = match destination.asked {
        Some(_) => destination.name.clone(),
        None => format!("{} ({})", destination.name, destination.mailbox),
    };
    if let Some(by) = &destination.passed_by {
        who += &format!(", {}", tell!("way-by", name = by.as_str()));
    }
    // While it is asked for its card, when that was is said already.
    let is_said = destination.asked == Some(destination.changed) && destination.state == "waiting";
    let changed = match is_said {
        true => String::new(),
        false => format!(", {}", shown_time(destination.changed)),
    };
    format!(
        "  {who}: {state}{}{error}{changed}\n{bounce}",
        via.unwrap_or_default()
    )
}

fn permit_words(permit: &ShownPermit) -> String {
    let who = |mailbox: &Option<Mailbox>, fingerprint: Fingerprint| match mailbox {
        Some(mailbox) => mailbox.to_string(),
        None => fingerprint.short(),
    };
    let items = permit
        .items
        .map_or(tell!("permit-all"), |items| count(items, "item"));
    let onward = match &permit.onward {
        None => tell!("permit-not-on"),
        Some(onward) => tell!("permit-on", tier = tier(onward.tier)),
    };
    let line = tell!(
        "permit",
        from = who(&permit.from_mailbox, permit.from),
        to = who(&permit.to_mailbox, permit.to),
        items = items,
        tier = tier(permit.tier),
        onward = onward,
        time = shown_time(permit.issued)
    );
    format!("  {line}\n")
}

fn title(title: &str) -> String {
    if title.is_empty() {
        tell!("share-untitled")
    } else {
        title.to_owned()
    }
}

fn state(state: &str) -> String {
    say(spoken(), &format!("share-state-{state}"), &[])
}
