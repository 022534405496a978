//! `share`: what is asked for becomes an order; what was recorded is said person by person.

use super::arguments::{Location, ShareArguments};
use super::contact::read_certificates;
use super::context::Context;
use super::progress::Bar;
use super::prompt;
use super::rules::parse_station;
use super::sync::runtime;
use super::words::{retold, tell};
use super::{Done, Fault};
use crate::sharing::listing::clean_line;
use crate::sharing::share::Order;
use crate::sharing::share::document::ForeseenDocument as Foreseen;
pub use crate::sharing::share::document::RecordedDocument as Document;
use crate::sharing::share::document::{DestinationDocument, LeftDocument};
use crate::sharing::{Household, Now};

pub fn share(context: &Context, arguments: &ShareArguments) -> Result<Done, Fault> {
    let mut order = order(arguments)?;
    let (mut home, now) = context.open_now()?;
    if arguments.dry_run {
        let foreseen = home.foresee(&order, now)?;
        return foresee(context, foreseen.into());
    }
    let endless = order.without_end();
    if !endless.is_empty() {
        context
            .output
            .note(&tell!("share-no-end", who = endless.join(", ")));
    }
    look_up(context, &mut home, &order.addressees(), now)?;
    let mut bar = Bar::new(context.output);
    let mut recorded = home.share(&order, now, &mut |progress| bar.show(progress));
    drop(bar);
    if let Err(question) = &recorded
        && question.code == "asks_first"
    {
        if !prompt::may_ask(context.output) || !prompt::ask(&retold(&question.message)) {
            return Err(question.clone());
        }
        order.yes = true;
        let mut bar = Bar::new(context.output);
        recorded = home.share(&order, now, &mut |progress| bar.show(progress));
    }
    let document = Document::from(recorded?);
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

/// Says what would be recorded. Nothing is.
pub(super) fn foresee(context: &Context, foreseen: Foreseen) -> Result<Done, Fault> {
    context.output.print(&foreseen, |foreseen| {
        let mut text = tell!("share-foreseen") + "\n";
        text += &destinations(&foreseen.destinations);
        text += &left(&foreseen.left);
        for question in &foreseen.asks {
            let question = retold(&clean_line(question));
            text += &(tell!("share-would-ask", question = question) + "\n");
        }
        if !foreseen.looked_for.is_empty() {
            let who = clean_line(&foreseen.looked_for.join(", "));
            text += &(tell!("share-would-look-up", who = who) + "\n");
        }
        text
    })?;
    Ok(Done::Wholly)
}

/// Looks in the directory for whom nobody here knows, and says what came of it.
pub(super) fn look_up(
    context: &Context,
    home: &mut Household,
    to: &[String],
    now: Now,
) -> Result<(), Fault> {
    let looked_up = home.look_for_unknown(to, now.now);
    let looked_up = runtime()?.block_on(looked_up)?;
    for note in &looked_up.notes {
        context.output.note(&retold(note));
    }
    for contact in looked_up.taken {
        let (name, mailbox) = (clean_line(&contact.name), contact.mailbox.to_string());
        context.output.note(&tell!(
            "share-from-directory",
            name = name,
            mailbox = mailbox
        ));
    }
    Ok(())
}

fn order(arguments: &ShareArguments) -> Result<Order, Fault> {
    let stations = arguments.stations.iter().map(|text| {
        let (address, asked) = parse_station(text)?;
        Ok((address, asked.of_new_share()))
    });
    Ok(Order {
        what: arguments.what.clone(),
        to: arguments.to.clone(),
        rules: arguments.rules.rules()?,
        stations: stations.collect::<Result<_, Fault>>()?,
        onward: arguments.rules.onward()?,
        title: arguments.title.clone(),
        message: arguments.message.clone(),
        certificate: arguments
            .cert
            .as_deref()
            .map(read_certificates)
            .transpose()?,
        excerpt: arguments.rules.lengths()?,
        alone: arguments.alone,
        relay_via: arguments.relay_via.clone(),
        keep_location: arguments.location == Location::Keep,
        yes: arguments.yes,
        viewer: None,
    })
}

pub fn words(recorded: &Document) -> String {
    let mut text = tell!("share-recorded", share = recorded.share.as_str()) + "\n";
    text += &destinations(&recorded.destinations);
    text + &left(&recorded.left)
}

fn left(all: &[LeftDocument]) -> String {
    let mut text = String::new();
    for left in all {
        let why = retold(&clean_line(&left.reason));
        text += &(tell!("share-left", why = why) + "\n");
    }
    text
}

fn destinations(all: &[DestinationDocument]) -> String {
    let mut text = String::new();
    for destination in all {
        let on_its_way = match destination.state {
            "waiting" if destination.unknown => tell!("share-asks"),
            "waiting" => tell!("share-waits"),
            "delivered" => tell!("share-here"),
            _ => match &destination.via {
                Some(via) => tell!("share-by-way", relay = via.as_str()),
                None => tell!("share-goes"),
            },
        };
        let name = clean_line(&destination.name);
        let who = match destination.unknown {
            true => name,
            false => format!("{name} ({})", destination.mailbox),
        };
        text += &format!("{who}: {on_its_way}.\n");
        for station in &destination.stations {
            text += &format!("  {}\n", clean_line(&station.words));
        }
    }
    text
}
