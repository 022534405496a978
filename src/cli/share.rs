//! `share`: what is asked for becomes an order; what was recorded is said person by person.

use super::arguments::{Location, ShareArguments};
use super::contact::read_certificates;
use super::context::Context;
use super::progress::Bar;
use super::prompt;
use super::rules::parse_station;
use super::sync::runtime;
use super::{Done, Fault};
use crate::sharing::listing::clean_line;
use crate::sharing::share::Order;
pub use crate::sharing::share::document::RecordedDocument as Document;

pub fn share(context: &Context, arguments: &ShareArguments) -> Result<Done, Fault> {
    let mut order = order(arguments)?;
    let (mut home, now) = context.open_now()?;
    if order.has_no_end() {
        context
            .output
            .note("note: this is given without an end; --until or --period sets one");
    }
    let looked_up = home.look_for_unknown(&order.to, now.now);
    for contact in runtime()?.block_on(looked_up)? {
        let (name, mailbox) = (clean_line(&contact.name), &contact.mailbox);
        let note = format!("note: {name} ({mailbox}) is taken from the directory");
        context.output.note(&note);
    }
    let mut bar = Bar::new(context.output);
    let mut recorded = home.share(&order, now, &mut |progress| bar.show(progress));
    drop(bar);
    if let Err(question) = &recorded
        && question.code == "asks_first"
    {
        if !prompt::may_ask(context.output) || !prompt::ask(&question.message) {
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

fn order(arguments: &ShareArguments) -> Result<Order, Fault> {
    let stations = arguments.stations.iter().map(|text| parse_station(text));
    Ok(Order {
        what: arguments.what.clone(),
        to: arguments.to.clone(),
        rules: arguments.rules.rules()?,
        stations: stations.collect::<Result<_, _>>()?,
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
        keep_location: arguments.location == Location::Keep,
        yes: arguments.yes,
        viewer: None,
    })
}

pub fn words(recorded: &Document) -> String {
    let mut text = format!("Recorded as {}.\n", recorded.share);
    for destination in &recorded.destinations {
        let on_its_way = match destination.state {
            "waiting" => "waits until the household has sent a new introduction",
            "delivered" => "is here already",
            _ => "goes out with the next `hearthpost sync`",
        };
        let name = clean_line(&destination.name);
        text += &format!("{name} ({}): {on_its_way}.\n", destination.mailbox);
        for station in &destination.stations {
            text += &format!("  {}\n", clean_line(&station.words));
        }
    }
    for left in &recorded.left {
        text += &format!("Stays at home: {}.\n", clean_line(&left.reason));
    }
    text
}
