//! What is seen of the households: all of them, and one.

use axum::response::Response;
use minijinja::{Value, context};

use crate::address::StationAddress;
use crate::album::{CardRequested, Joining, JoiningState, Trust};
use crate::envelope::Fingerprint;
use crate::sharing::contacts::households::{KnownHousehold, Standing};
use crate::sharing::directory::{Answer, Found};
use crate::sharing::invite::{DAYS, Given};
use crate::sharing::listing::clean_line;
use crate::sharing::notify::for_nobody::ForNobody;
use crate::sharing::requests::ListedRequest;
use crate::sharing::whom::suggested::Suggestion;
use crate::sharing::{Fault, Household, Now};
use crate::web::fault::Failed;
use crate::web::form::encoded;
use crate::web::guard::Caller;
use crate::web::page::{in_groups, qr};
use crate::web::spoken::{retold, shown_day, shown_time};
use crate::web::station::App;

pub(super) const HERE: &str = "/households";

pub(super) async fn list_page(
    app: &App,
    caller: &Caller,
    said: Result<&Fault, &str>,
    looked: Option<&Answer>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let keeper = visitor.keeper;
    let ask = move |home: &mut Household, now: Now| {
        let requests = match keeper {
            true => home.requests_foreseen(now)?,
            false => Vec::new(),
        };
        let nobody = match keeper {
            true => home.for_nobody()?,
            false => Vec::new(),
        };
        let met = match keeper {
            true => (
                home.invitations(now.now)?,
                home.joinings()?,
                home.suggestions()?,
            ),
            false => (Vec::new(), Vec::new(), Vec::new()),
        };
        Ok((
            home.households()?,
            // What waits for its card may be what somebody passes on whom this one does not see.
            if keeper { home.asked()? } else { Vec::new() },
            home.keywords()?,
            (requests, met, nobody),
            home.config.mailbox.clone(),
            (home.config.directory.is_some(), home.published()?),
        ))
    };
    let (mut households, mut asked, words, (requests, met, nobody), own, entry) =
        app.house.ask(ask).await?;
    let (directory, published) = entry;
    let (given, mut followed, suggested) = met;
    followed.retain(|one| one.state != JoiningState::Joined);
    // What is said of an invitation says it all.
    asked.retain(|one| !followed.iter().any(|other| other.mailbox == one.mailbox));
    // Who is not let in is the keeper's business.
    households.retain(|one| keeper || one.standing == Standing::Heard);
    let (strangers, households): (Vec<_>, Vec<_>) = households
        .iter()
        .partition(|one| matches!(one.standing, Standing::Waits | Standing::Claims));
    let open = requests
        .iter()
        .filter(|one| one.incoming && one.state == "open");
    let values = context! {
        ..app.frame(&visitor, "households").await?,
        ..context! {
            sharing => app.way_back(&visitor, None),
            strangers => strangers.into_iter().map(household).collect::<Vec<_>>(),
            households => households.into_iter().map(household).collect::<Vec<_>>(),
            asked => asked.iter().map(asked_value).collect::<Vec<_>>(),
            nobody => nobody.iter().map(nobody_value).collect::<Vec<_>>(),
            requests => open.map(request_value).collect::<Vec<_>>(),
            words => words_values(&words),
            given => given.iter().map(given_value).collect::<Vec<_>>(),
            followed => followed.iter().map(followed_value).collect::<Vec<_>>(),
            suggested => suggested.iter().map(suggested_value).collect::<Vec<_>>(),
            days => DAYS,
            own => own.as_str(),
            directory => keeper && directory,
            published => published.is_some(),
            looked => looked.map(|answer| answer.what.as_str()),
            looked_at => looked.and_then(|answer| answer.as_of).map(shown_time),
            hits => looked.map(|answer| answer.found.iter().map(hit).collect::<Vec<_>>()),
            published_words => published.unwrap_or_default().join(" "),
            trouble => said.ok().map(|fault| retold(&fault.message)),
            done => said.err().filter(|done| ["yes", "no", "instead"].contains(done)),
            gone => said.is_ok_and(|fault| ["parts_gone", "replaced"].contains(&fault.code)),
        }
    };
    app.page("households.html", &caller.language, values)
}

pub(super) async fn one_page(
    app: &App,
    caller: &Caller,
    who: Fingerprint,
    trouble: Option<&Fault>,
) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let ask = move |home: &mut Household, _| {
        let words: Vec<(String, StationAddress)> = home.keywords()?;
        Ok((home.household(who)?, home.me(), words))
    };
    let (one, me, mut words) = app.house.ask(ask).await?;
    if !visitor.keeper && one.standing != Standing::Heard {
        return Err(Fault::new("unknown_contact", "that household is not known").into());
    }
    words.retain(|(_, address)| address.mailbox == one.mailbox);
    let list = |fingerprint: &Fingerprint| {
        let words = fingerprint.words();
        words.split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let values = context! {
        ..app.frame(&visitor, "households").await?,
        ..context! {
            sharing => app.way_back(&visitor, None),
            one => household(&one),
            came => encoded(&[("q", &one.name)]),
            ours => list(&me),
            theirs => list(&who),
            code => qr(&me.to_string())?,
            digits => in_groups(&who.to_string()),
            words => words_values(&words),
            trouble => trouble.map(|fault| retold(&fault.message)),
        }
    };
    app.page("household.html", &caller.language, values)
}

fn nobody_value(one: &ForNobody) -> Value {
    context! { name => one.name.as_str(), household => one.household, title => one.title }
}

fn household(one: &KnownHousehold) -> Value {
    context! {
        page => format!("{HERE}/{}", one.fingerprint),
        name => one.name,
        mailbox => one.mailbox.as_str(),
        since => shown_day(one.since),
        takes_place => one.takes_place,
        kept_out => one.kept_out,
        standing => match one.standing {
            Standing::Heard => "heard",
            Standing::Waits => "waits",
            Standing::Claims => "claims",
            Standing::Blocked => "blocked",
            Standing::Ended => "ended",
        },
        trust => match one.trust {
            Trust::Verified => "checked",
            Trust::Seen => "unchecked",
            Trust::Pending => "asked",
        },
        is_claimed => one.is_claimed,
        in_directory => one.in_directory,
        relay => one.relay,
        quantum_safe => one.quantum_safe,
    }
}

fn hit(found: &Found) -> Value {
    context! {
        name => clean_line(&found.name),
        household => found.card.identity.fingerprint().to_string(),
        mailbox => found.mailbox.as_str(),
        words => found.card.identity.fingerprint().words(),
        known => found.known,
        differs => found.differs,
    }
}

fn asked_value(one: &CardRequested) -> Value {
    context! {
        mailbox => one.mailbox.as_str(),
        since => shown_day(one.sent),
        trouble => one.trouble.as_deref().map(clean_line).as_deref().map(retold),
    }
}

fn given_value(one: &Given) -> Value {
    context! {
        page => format!("{HERE}/invitations/{}", one.reference),
        state => one.state.as_str(),
        made => shown_day(one.made),
        until => shown_day(one.ends),
        household => one.household.as_ref().map(|(name, _)| name),
        trouble => one.trouble.as_deref().map(clean_line).as_deref().map(retold),
    }
}

fn followed_value(one: &Joining) -> Value {
    context! {
        mailbox => one.mailbox.as_str(),
        since => shown_day(one.begun),
        is_open => one.is_open(),
        reason => one.reason.as_deref().map(clean_line).as_deref().map(retold),
    }
}

fn suggested_value(one: &Suggestion) -> Value {
    context! {
        word => one.word,
        address => one.address.to_string(),
        household => one.household,
        is_taken => one.is_taken,
    }
}

fn request_value(request: &ListedRequest) -> Value {
    context! {
        id => request.request,
        name => request.name,
        person => request.station.as_str(),
        title => request.title,
        words => match &request.offer {
            Some(offer) if offer.rules.is_some() => &offer.words,
            _ => &request.words,
        },
        less => request.offer.as_ref().is_some_and(|offer| offer.less),
        why_not => request.offer.as_ref().and_then(|offer| offer.why_not.as_deref()).map(retold),
        message => request.message,
        asked => shown_day(request.asked),
    }
}

/// Each word once, with what it names.
fn words_values(words: &[(String, StationAddress)]) -> Vec<Value> {
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    for (word, address) in words {
        match all.last_mut() {
            Some((last, addresses)) if *last == word.as_str() => {
                addresses.push(address.to_string())
            }
            _ => all.push((word, vec![address.to_string()])),
        }
    }
    let value = |(word, addresses): (&str, Vec<String>)| {
        context! { word, addresses => addresses.join(", ") }
    };
    all.into_iter().map(value).collect()
}
