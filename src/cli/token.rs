//! `user token`, `user tokens` and `user end-token`: what programs act with for a person.

use serde::Serialize;

use super::context::Context;
use super::words::{shown_day, shown_time, table, tell};
use super::{Done, Fault};
use crate::address::StationName;
use crate::album::TokenRow;
use crate::encoding::Timestamp;
use crate::sharing::accounts::Scope;
use crate::sharing::listing::clean_line;

/// A day, in seconds.
const DAY: u64 = 86_400;

#[derive(Serialize)]
struct Made<'m> {
    name: StationName,
    program: String,
    token: &'m str,
}

#[derive(Serialize)]
struct Token {
    program: String,
    scopes: Vec<String>,
    made: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<Timestamp>,
}

#[derive(Serialize)]
struct Tokens {
    tokens: Vec<Token>,
}

#[derive(Serialize)]
struct Ended {
    name: StationName,
    program: String,
}

pub fn make(
    context: &Context,
    name: StationName,
    program: String,
    scopes: &[Scope],
    days: Option<u32>,
) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let ends = days.map(|days| now.now.plus_seconds(u64::from(days) * DAY));
    let secret = home.make_token(&name, &program, scopes, ends, now.now)?;
    let made = Made {
        name,
        program,
        token: secret.text(),
    };
    context.output.print(&made, |made| {
        tell!("token-made", name = made.name.as_str(), token = made.token) + "\n"
    })?;
    Ok(Done::Wholly)
}

pub fn list(context: &Context, name: &StationName) -> Result<Done, Fault> {
    let tokens = context.open()?.tokens(name)?.into_iter().map(token);
    let document = Tokens {
        tokens: tokens.collect(),
    };
    context.output.print(&document, |all| {
        if all.tokens.is_empty() {
            return tell!("token-none", name = name.as_str()) + "\n";
        }
        let row = |token: &Token| {
            let used = token.used.map_or(tell!("token-unused"), |used| {
                tell!("token-used", time = shown_time(used))
            });
            let ends = token.ends.map_or(tell!("token-endless"), |ends| {
                tell!("token-until", day = shown_day(ends))
            });
            vec![token.program.clone(), token.scopes.join(", "), used, ends]
        };
        table(&all.tokens.iter().map(row).collect::<Vec<_>>())
    })?;
    Ok(Done::Wholly)
}

pub fn end(context: &Context, name: StationName, program: String) -> Result<Done, Fault> {
    context.open()?.end_token(&name, &program)?;
    context.output.print(&Ended { name, program }, |ended| {
        let program = clean_line(&ended.program);
        tell!("token-ended", program = program, name = ended.name.as_str()) + "\n"
    })?;
    Ok(Done::Wholly)
}

fn token(row: TokenRow) -> Token {
    Token {
        program: row.name,
        scopes: row.scopes.split(' ').map(str::to_owned).collect(),
        made: row.made,
        used: row.used,
        ends: row.ends,
    }
}
