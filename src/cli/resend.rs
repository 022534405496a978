//! `resend`: sends a share once more, as it was given.

use serde::Serialize;

use super::context::Context;
use super::words::tell;
use super::{Done, Fault};
use crate::address::Mailbox;

#[derive(Serialize)]
struct Document {
    share: String,
    households: Vec<Mailbox>,
}

pub fn resend(context: &Context, share: &str, to: Option<&Mailbox>) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let resent = home.resend(share, to, now)?;
    let document = Document {
        share: resent.share,
        households: resent.households,
    };
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

fn words(resent: &Document) -> String {
    let share = resent.share.as_str();
    let line = |to: &Mailbox| tell!("resent", share = share, mailbox = to.to_string()) + "\n";
    resent.households.iter().map(line).collect()
}
