//! `revoke`: takes a share back, and says what cannot be taken back.

use serde::Serialize;

use super::context::Context;
use super::{Done, Fault};
use crate::sharing::listing::clean_line;

#[derive(Serialize)]
struct Document {
    share: String,
    households: Vec<String>,
    may_have_kept: Vec<String>,
}

pub fn revoke(context: &Context, share: &str, from: Option<&str>) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let revoked = home.revoke(share, from, now)?;
    let document = Document {
        share: revoked.share,
        households: revoked.households,
        may_have_kept: revoked.may_have_kept,
    };
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

fn words(revoked: &Document) -> String {
    let mut text = format!("{} is taken back.\n", revoked.share);
    for household in &revoked.households {
        text += &format!(
            "  {} is asked to delete its copy, and again every day until it says it has.\n",
            clean_line(household)
        );
    }
    for who in &revoked.may_have_kept {
        text += &format!(
            "  Files that {} kept cannot be taken back.\n",
            clean_line(who)
        );
    }
    text
}
