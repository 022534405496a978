//! `forward`: what is asked for becomes an order; what was recorded is said person by person.

use super::arguments::ForwardArguments;
use super::context::Context;
use super::prompt;
use super::rules::parse_station;
use super::share::{Document, foresee, look_up, words};
use super::words::retold;
use super::{Done, Fault};
use crate::sharing::forward::ForwardOrder;

pub fn forward(context: &Context, arguments: &ForwardArguments) -> Result<Done, Fault> {
    let mut order = order(arguments)?;
    let (mut home, now) = context.open_now()?;
    if arguments.dry_run {
        let foreseen = home.foresee_forward(&order, now)?;
        return foresee(context, foreseen.into());
    }
    look_up(context, &mut home, &order.addressees(), now)?;
    let mut forwarded = home.forward(&order, now);
    if let Err(question) = &forwarded
        && question.code == "asks_first"
    {
        if !prompt::may_ask(context.output) || !prompt::ask(&retold(&question.message)) {
            return Err(question.clone());
        }
        order.yes = true;
        forwarded = home.forward(&order, now);
    }
    let forwarded = forwarded?;
    let document = Document::new(forwarded.share, forwarded.destinations);
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

fn order(arguments: &ForwardArguments) -> Result<ForwardOrder, Fault> {
    let stations = arguments.stations.iter().map(|text| parse_station(text));
    Ok(ForwardOrder {
        share: arguments.share.clone(),
        items: arguments.items.clone(),
        person: arguments.person.clone(),
        to: arguments.to.clone(),
        rules: arguments.rules.narrowing()?,
        stations: stations.collect::<Result<_, _>>()?,
        onward: arguments.rules.onward()?,
        relay_via: arguments.relay_via.clone(),
        yes: arguments.yes,
    })
}
