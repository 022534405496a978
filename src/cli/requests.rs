//! `ask`, `requests` and `answer`.

use serde::Serialize;

use super::arguments::{RuleArguments, YesOrNo};
use super::context::Context;
use super::{Done, Fault};
use crate::address::StationName;
use crate::sharing::listing::clean_line;
use crate::sharing::requests::ListedRequest;

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
    let rules = rules.rules()?;
    let (mut home, now) = context.open_now()?;
    let request = home.ask(share, person, rules, message, now)?;
    context.output.print(&Asked { request }, |asked| {
        format!(
            "Asked, as {}; it goes out with the next `hearthpost sync`.\n",
            asked.request
        )
    })?;
    Ok(Done::Wholly)
}

pub fn requests(context: &Context) -> Result<Done, Fault> {
    let requests = context.open()?.requests()?;
    context.output.print(&All { requests }, |all| {
        if all.requests.is_empty() {
            return "Nobody asked for anything.\n".to_owned();
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
        let granted = answered.share.as_ref();
        let granted = granted.map_or(String::new(), |share| format!(", granted as {share}"));
        format!("Answered {}{granted}.\n", answered.answer)
    })?;
    Ok(Done::Wholly)
}

fn request_words(request: &ListedRequest) -> String {
    let title = match request.title.as_str() {
        "" => "a share without a title",
        title => title,
    };
    let who = match request.incoming {
        true => format!("{} of {} asks", request.station, request.name),
        false => format!("{} asked {}", request.station, request.name),
    };
    let mut text = format!(
        "{}  {who} for more of {title} ({}): {}. {}\n",
        request.request, request.share, request.state, request.words
    );
    for line in request.message.lines() {
        text += &format!("  “{}”\n", clean_line(line));
    }
    for line in request.answer.lines() {
        text += &format!("  answer: “{}”\n", clean_line(line));
    }
    text
}
