//! The directory, asked and told from pages and by programs: nobody holds the household while it is waited for.

use super::station::App;
use crate::address::Mailbox;
use crate::album::Contact;
use crate::envelope::Fingerprint;
use crate::sharing::Fault;
use crate::sharing::directory::Answer;
use crate::sharing::directory::answers::LookedUp;

/// Looks for whom a share is meant and nobody here knows.
pub(super) async fn look_for_unknown(app: &App, to: Vec<String>) -> Result<LookedUp, Fault> {
    let question = app
        .house
        .ask(move |home, now| home.question_for(&to, now.now));
    let Some(question) = question.await? else {
        return Ok(LookedUp::default());
    };
    let answers = question.ask().await;
    let take = app
        .house
        .ask(move |home, now| home.take_looked_up(answers, now.now));
    take.await
}

/// Looks for households by what somebody typed.
pub(super) async fn look_for(app: &App, what: Vec<String>) -> Result<Vec<Answer>, Fault> {
    let question = app
        .house
        .ask(move |home, now| home.question(&what, false, now.now));
    let answers = question.await?.ask().await;
    let take = app
        .house
        .ask(move |home, now| home.take_answers(answers, now.now));
    take.await
}

/// Looks for households by one thing, and says why where there is no answer at all.
pub(super) async fn look_for_one(app: &App, what: String) -> Result<Answer, Fault> {
    let answer = look_for(app, vec![what]).await?.pop();
    let nothing = || {
        let words = "say what to look for: a mailbox, a name or a key word";
        Fault::usage("nothing", words)
    };
    answer.ok_or_else(nothing)?.or_trouble()
}

/// Takes the household of a mailbox out of the directory, which is asked anew; `meant`: whose words were shown.
pub(super) async fn add(app: &App, mailbox: Mailbox, meant: Fingerprint) -> Result<Contact, Fault> {
    let what = [mailbox.to_string()];
    let question = app
        .house
        .ask(move |home, now| home.question(&what, true, now.now));
    let answers = question.await?.ask().await;
    let add = app
        .house
        .change(move |home, now| home.add_answered((&mailbox, Some(meant)), answers, now.now));
    add.await
}

/// Writes this household into the directory, to be found there by these words besides its name and mailbox.
pub(super) async fn publish(app: &App, words: Vec<String>) -> Result<(), Fault> {
    let entry = app.house.ask(move |home, _| home.entry(&words)).await?;
    entry.write().await?;
    let note = app.house.ask(move |home, _| home.note_published(&entry));
    note.await
}
