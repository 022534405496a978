//! `revoke`: takes a share back, and says what cannot be taken back.

use serde::Serialize;

use super::context::Context;
use super::words::tell;
use super::{Done, Fault};
use crate::address::StationName;
use crate::sharing::listing::clean_line;

#[derive(Serialize)]
struct Document {
    share: String,
    households: Vec<String>,
    unreached: Vec<String>,
    may_have_kept: Vec<String>,
    not_passed_on: Vec<String>,
}

pub fn revoke(
    context: &Context,
    share: &str,
    from: Option<&str>,
    person: Option<&StationName>,
) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let revoked = match person {
        Some(person) => home.revoke_by(share, from, person, now)?,
        None => home.revoke(share, from, now)?,
    };
    let document = Document {
        share: revoked.share,
        households: revoked.households,
        unreached: revoked.unreached,
        may_have_kept: revoked.may_have_kept,
        not_passed_on: revoked.not_passed_on,
    };
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

fn words(revoked: &Document) -> String {
    let mut text = tell!("revoked", share = revoked.share.as_str()) + "\n";
    for household in &revoked.households {
        let asked = tell!("revoked-asked", household = clean_line(household));
        text += &format!("  {asked}\n");
    }
    for household in &revoked.unreached {
        let told = tell!("revoked-unreached", household = clean_line(household));
        text += &format!("  {told}\n");
    }
    for who in &revoked.may_have_kept {
        let kept = tell!("revoked-kept", who = clean_line(who));
        text += &format!("  {kept}\n");
    }
    for household in &revoked.not_passed_on {
        let (share, household) = (revoked.share.as_str(), clean_line(household));
        let words = tell!(
            "revoked-not-passed",
            share = share,
            household = household.as_str()
        );
        text += &format!("  {words}\n");
    }
    text
}
