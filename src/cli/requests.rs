//! `ask`, `requests` and `answer`.

use serde::Serialize;

use super::arguments::{RuleArguments, YesOrNo};
use super::context::Context;
use super::words::{retold, spoken, tell};
use super::{Done, Fault};
use crate::address::StationName;
use crate::sharing::listing::clean_line;
use crate::sharing::requests::ListedRequest;
use crate::words::say;

#[derive(Serialize)]
struct Asked {
    request: String,
}

#[derive(Serialize)]
struct All {
    requests: Vec<ListedRequest>,
}

#[derive(Serialize)]
struct Answered {
    request: String,
    answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<String>,
}

pub fn ask(
    context: &Context,
    share: &str,
    person: &StationName,
    message: &str,
    rules: &RuleArguments,
) -> Result<Done, Fault> {
    if rules.onward()?.is_some() {
        let words = "what may travel further on is for the household that grants to say";
        return Err(
            Fault::usage("onward", words).hint("leave --onward out; --forward yes asks to pass on")
        );
    }
    let rules = rules.narrowing()?;
    let (mut home, now) = context.open_now()?;
    let request = home.ask(share, person, rules, message, now)?;
    context.output.print(&Asked { request }, |asked| {
        tell!("asked-as", request = asked.request.as_str()) + "\n"
    })?;
    Ok(Done::Wholly)
}

pub fn requests(context: &Context) -> Result<Done, Fault> {
    let (home, now) = context.open_now()?;
    let requests = home.requests_foreseen(now)?;
    context.output.print(&All { requests }, |all| {
        if all.requests.is_empty() {
            return tell!("requests-none") + "\n";
        }
        all.requests.iter().map(request_words).collect()
    })?;
    Ok(Done::Wholly)
}

pub fn answer(
    context: &Context,
    request: &str,
    answer: YesOrNo,
    message: &str,
) -> Result<Done, Fault> {
    let yes = answer == YesOrNo::Yes;
    let (mut home, now) = context.open_now()?;
    let share = home.answer(request, yes, message, now)?;
    let answered = Answered {
        request: request.to_owned(),
        answer: if yes { "yes" } else { "no" },
        share,
    };
    context.output.print(&answered, |answered| {
        let answer = match yes {
            true => tell!("answer-word-yes"),
            false => tell!("answer-word-no"),
        };
        let words = match &answered.share {
            Some(share) => tell!("answered-granted", answer = answer, share = share.as_str()),
            None => tell!("answered", answer = answer),
        };
        words + "\n"
    })?;
    Ok(Done::Wholly)
}

fn request_words(request: &ListedRequest) -> String {
    let title = match request.title.as_str() {
        "" => tell!("request-untitled"),
        title => title.to_owned(),
    };
    let key = match request.incoming {
        true => "request-asks",
        false => "request-asked",
    };
    let state = say(spoken(), &format!("request-state-{}", request.state), &[]);
    let offer = request.offer.as_ref();
    let words = match offer.filter(|offer| offer.rules.is_some()) {
        Some(offer) => tell!("request-if-yes", words = offer.words.as_str()),
        None => request.words.clone(),
    };
    let values = [
        ("person", request.station.as_str().into()),
        ("household", request.name.as_str().into()),
        ("title", title.into()),
        ("share", request.share.as_str().into()),
        ("state", state.into()),
        ("words", words.into()),
    ];
    let mut text = format!("{}  {}\n", request.request, say(spoken(), key, &values));
    match offer.map(|offer| (offer.why_not.as_deref(), offer.less)) {
        Some((Some(why), _)) => {
            text += &format!("  {}\n", tell!("request-no-yes", why = retold(why)));
        }
        Some((None, true)) => text += &format!("  {}\n", tell!("request-less")),
        _ => {}
    }
    for line in request.message.lines() {
        text += &format!("  {}\n", tell!("request-line", line = clean_line(line)));
    }
    for line in request.answer.lines() {
        text += &format!("  {}\n", tell!("request-answer", line = clean_line(line)));
    }
    text
}
