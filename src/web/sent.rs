//! What is out, with whom and until when; how it travels; and stopping it.

use std::collections::BTreeSet;

use axum::extract::{Path, Query, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};
use serde::Deserialize;

use super::fault::Failed;
use super::form::Form;
use super::guard::Caller;
use super::media::{self, Kind};
use super::said;
use super::spoken::{retold, shown_day, shown_time, spoken};
use super::station::App;
use crate::address::Mailbox;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::{Carried, SentShare, SentTo, StationRules};
use crate::sharing::{Fault, Household, Now};
use crate::words::told;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    /// It was recorded a moment ago.
    new: Option<String>,
    /// What nothing recalls, of what was stopped a moment ago; of what was recorded, what stays at home.
    said: String,
    by: String,
}

/// `GET /sent`
pub(super) async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let who = visitor.clone();
    let sent = app.house.ask(move |home, _| home.sent_by(&who)).await?;
    let shares: Vec<Value> = sent
        .iter()
        .map(|share| shown(&visitor, share))
        .collect::<Result<_, _>>()?;
    let values = context! { ..app.frame(&visitor, "sent").await?, ..context! { shares } };
    app.page("sent.html", &caller.language, values)
}

/// `GET /sent/{share}`
pub(super) async fn share(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
    Query(look): Query<Look>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let who = visitor.clone();
    let find = move |home: &mut Household, _: Now| home.sent_share(&reference, &who);
    let share = app.house.ask(find).await?;
    let lines = said::lines(&visitor, &look.said, &look.by)?;
    let lines: Vec<String> = lines.into_iter().map(retold).collect();
    let (stays, kept) = match look.new {
        Some(_) => (lines, Vec::new()),
        None => (Vec::new(), lines),
    };
    let travels = share
        .destinations
        .iter()
        .any(|to| ["waiting", "queued", "sent"].contains(&to.state));
    let arrived = share.destinations.iter().all(|to| to.state == "delivered");
    let news = match (travels, arrived) {
        (true, _) => Some("recorded"),
        (false, true) => Some("arrived"),
        // What became of it otherwise is said below, household by household.
        (false, false) => None,
    };
    let news = news.filter(|_| look.new.is_some());
    let values = context! {
        ..app.frame(&visitor, "sent").await?,
        ..context! { share => shown(&visitor, &share)?, news, kept, stays, travels }
    };
    app.page("sent-share.html", &caller.language, values)
}

/// `POST /sent/{share}/stop`: for one household, or for all.
pub(super) async fn stop(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let form = Form::read(&body)?;
    let from = match form.one("from").as_str() {
        "" => None,
        mailbox => Some(mailbox.to_owned()),
    };
    let page = format!("/sent/{reference}");
    let sender = visitor.clone();
    let stop = move |home: &mut Household, now: Now| {
        home.stop_sharing(&reference, from.as_deref(), &visitor, now)
    };
    let revoked = app.house.change(stop).await?;
    let kept = said::query(&sender, &revoked.may_have_kept)?;
    Ok(Redirect::to(&format!("{page}?{kept}")).into_response())
}

/// `POST /sent/{share}/again`: to one household, or to all where it went wrong.
pub(super) async fn again(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
    RawForm(body): RawForm,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let to = match Form::read(&body)?.one("to").as_str() {
        "" => None,
        mailbox => {
            let unknown = |_| Fault::new("unknown_share", "It was not shared with them.");
            Some(mailbox.parse::<Mailbox>().map_err(unknown)?)
        }
    };
    let page = format!("/sent/{reference}");
    let resend = move |home: &mut Household, now: Now| {
        home.resend_as(&reference, to.as_ref(), &visitor, now)
    };
    app.house.change(resend).await?;
    Ok(Redirect::to(&page).into_response())
}

fn shown(visitor: &Visitor, share: &SentShare) -> Result<Value, Fault> {
    let picture = |id: &String| media::path(visitor, Kind::OwnThumb, id);
    let pictures: Vec<String> = share
        .made_from
        .iter()
        .take(4)
        .map(picture)
        .collect::<Result<_, _>>()?;
    let destinations = share.destinations.iter();
    let destinations: Vec<Value> = destinations
        .map(|to| context! { below => below(share, to), waiting => not_passed_on(share, to), ..destination(to) })
        .collect();
    let copies: Vec<Value> = share
        .copies
        .iter()
        .map(|copy| {
            let (household, short) = (&copy.name, copy.household.short());
            let by = copy.by_mailbox.as_ref().map(ToString::to_string);
            let by = copy.by_name.clone().or(by);
            let stops = share.own && copy.state == "forwarded";
            context! { household, short, by, stops, id => copy.household.to_string(), words => copy.words, state => if copy.never_went { "untold" } else { copy.state }, changed => shown_day(copy.changed) }
        })
        .collect();
    Ok(context! {
        id => share.share,
        title => share.title,
        created => shown_time(share.created),
        count => share.count,
        kind => share.kind.as_str(),
        own => share.own,
        by => share.by.as_ref().map(|by| by.as_str()),
        pictures, destinations, copies,
        live => share.destinations.iter().filter(|to| stops(to)).count(),
        // Whose granter has nothing of it any more may have it still.
        stops => share.own && share.copies.iter().any(|copy| copy.state == "forwarded"),
    })
}

/// Those to whom it went on from there, one after the other: what is stopped there ends for them too.
fn below(share: &SentShare, to: &SentTo) -> Vec<Value> {
    let mut holders = BTreeSet::new();
    loop {
        let before = holders.len();
        for copy in &share.copies {
            if to.household == Some(copy.by) || holders.contains(&copy.by) {
                holders.insert(copy.household);
            }
        }
        if holders.len() == before {
            break;
        }
    }
    let copies = share.copies.iter();
    let out = copies.filter(|copy| copy.state == "forwarded" && holders.contains(&copy.household));
    let copies = out.map(|copy| context! { name => copy.name, short => copy.household.short() });
    let made = behind(share, to).filter(|one| one.stands_on && one.state == "delivered");
    let made = made.map(|one| context! { name => one.name });
    made.chain(copies).collect()
}

/// Those to whom it goes by way of that household.
fn behind<'s>(share: &'s SentShare, to: &'s SentTo) -> impl Iterator<Item = &'s SentTo> {
    let destinations = share.destinations.iter();
    destinations.filter(|one| one.via.as_ref() == Some(&to.mailbox))
}

/// Those to whom it was to go from there and who have not confirmed it.
fn not_passed_on(share: &SentShare, to: &SentTo) -> Vec<String> {
    let open = behind(share, to).filter(|one| ["queued", "sent"].contains(&one.state));
    open.map(|one| one.name.clone()).collect()
}

fn is_out(to: &SentTo) -> bool {
    !["revoked", "deleted", "failed", "refused"].contains(&to.state)
}

/// Whether it can be stopped there. Who only carries it has nothing that could be; where it failed after something had gone,
/// that may be there all the same.
fn stops(to: &SentTo) -> bool {
    (is_out(to) || (to.state == "failed" && to.went)) && !to.carries
}

/// What somebody there may do; of a period that has begun, until when that is.
fn words_of(one: &StationRules) -> String {
    let Some(end) = one.expires.filter(|_| one.rules.period.is_some()) else {
        return one.words.clone();
    };
    let time = shown_time(end);
    let until = match one.address.station.is_everyone() {
        true => told!(spoken(), "sent-until-everyone", time = time),
        false => told!(spoken(), "sent-until", time = time),
    };
    format!("{} {until}", one.words)
}

fn destination(to: &SentTo) -> Value {
    let words: Vec<String> = to.stations.iter().map(words_of).collect();
    let may_pass_on = to.stations.iter().any(|one| one.rules.forward);
    let may_keep = to.stations.iter().any(|one| one.rules.store.is_some());
    context! {
        household => to.name,
        mailbox => to.mailbox.as_str(),
        // Which one it is: another may have been at that mailbox before.
        id => to.household.map_or_else(|| to.mailbox.to_string(), |one| one.to_string()),
        state => match to.carried {
            _ if to.never_went => "untold",
            _ if to.unreached => "unreached",
            Some(Carried::HandedOn) => "carried",
            Some(Carried::Nothing) => "kept",
            Some(Carried::Unsaid) => "forgotten",
            None if to.ended => "ended",
            None => to.state,
        },
        changed => shown_time(to.changed),
        trouble => to.bounce.as_deref().or(to.error.as_deref()).map(retold),
        again => to.again.map(shown_time),
        passed_by => to.passed_by.as_ref().map(|by| by.as_str()),
        words,
        may_keep,
        may_pass_on,
        goes_wrong => to.goes_wrong,
        via => to.via.as_ref().map(|via| via.as_str()),
        asked => to.asked.filter(|_| !to.never_went).map(shown_time),
        out => is_out(to),
        stops => stops(to),
    }
}
