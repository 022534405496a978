//! What who keeps the house sees of the box: its room, what it turned away, how it stands; and its checks.

use axum::extract::State;
use axum::response::Response;
use minijinja::{Value, context};

use super::fault::{Failed, is_for_people};
use super::guard::Caller;
use super::spoken::{retold, shown_day, shown_time, spoken};
use super::station::App;
use crate::encoding::Timestamp;
use crate::sharing::site::home_page;
use crate::sharing::standing::{Room, TurnedAway};
use crate::sharing::{Fault, Household, Now};
use crate::words::Language;

/// How the box stands.
pub(super) struct TheBox {
    room: Room,
    turned_away: Vec<TurnedAway>,
    last_look: Option<Timestamp>,
    mailbox: String,
    listens: Option<String>,
    reached: String,
}

/// Looks at it.
pub(super) fn look(home: &Household, now: Now) -> Result<TheBox, Fault> {
    let web = &home.config.web;
    Ok(TheBox {
        room: home.room()?,
        turned_away: home.turned_away(now)?,
        last_look: home.last_look()?,
        mailbox: home.config.mailbox.to_string(),
        listens: web.listen.map(|address| address.to_string()),
        reached: home_page(&home.config),
    })
}

impl TheBox {
    /// For the page.
    pub fn value(&self) -> Value {
        let room = &self.room;
        let turned_away = self.turned_away.iter().map(|one| {
            context! { words => retold(&one.words), day => shown_day(one.at), times => one.times }
        });
        context! {
            own => shown_size(room.own),
            small => shown_size(room.small),
            shared => shown_size(room.shared),
            received => shown_size(room.received),
            most => shown_size(room.most_received),
            // Of a thousand, so that a bar can be drawn of any numbers.
            part => thousandths(room.received, room.most_received),
            free => room.free.map(shown_size),
            turned_away => turned_away.collect::<Vec<_>>(),
            looked => self.last_look.map(shown_time),
            mailbox => self.mailbox,
            listens => self.listens,
            reached => self.reached,
            version => env!("CARGO_PKG_VERSION"),
        }
    }
}

/// `POST /settings/check`: looks at everything once, which may take as long as both mail servers let us wait.
pub(super) async fn check(State(app): State<App>, caller: Caller) -> Result<Response, Failed> {
    let visitor = caller.person()?.clone();
    let reading = app.house.reading();
    let turn = app.checking.acquire().await;
    let look = move |home: &mut Household, _| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::new("system", error.to_string()))?;
        Ok(runtime.block_on(home.doctor(&reading)))
    };
    let findings = app.house.ask(look).await;
    drop(turn);
    let findings = findings?;
    let finding = |one: &crate::sharing::doctor::Finding| {
        let hint = one.hint.as_deref().filter(|hint| is_for_people(hint));
        context! {
            what => retold(one.what),
            good => one.good,
            words => retold(&one.words),
            hint => hint.map(retold),
        }
    };
    let values = context! {
        ..app.frame(&visitor, "settings").await?,
        ..context! {
            good => findings.iter().all(|one| one.good),
            findings => findings.iter().map(finding).collect::<Vec<_>>(),
        }
    };
    app.page("check.html", &caller.language, values)
}

/// [`size`] with the mark between whole and tenths that is used where it is read.
fn shown_size(bytes: u64) -> String {
    match spoken() {
        Language::En => size(bytes),
        Language::De => size(bytes).replace('.', ","),
    }
}

/// Bytes as people say them: three digits at most.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    let (mut tenths, mut unit) = (bytes / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1_000;
        unit += 1;
    }
    match tenths {
        0 if bytes > 0 => format!("1 {}", UNITS[unit]),
        tenths if tenths < 100 && tenths % 10 > 0 => {
            format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
        }
        tenths => format!("{} {}", tenths / 10, UNITS[unit]),
    }
}

fn thousandths(part: u64, whole: u64) -> u64 {
    let part = u128::from(part.min(whole)) * 1_000;
    let thousandths = part.checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(thousandths).unwrap_or(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_as_people_say_them() {
        for (bytes, words) in [
            (0, "0 KB"),
            (1, "1 KB"),
            (1_500, "1.5 KB"),
            (999_000, "999 KB"),
            (1_000_000, "1 MB"),
            (8_240_000_000, "8.2 GB"),
            (82_400_000_000, "82 GB"),
            (u64::MAX, "18446 PB"),
        ] {
            assert_eq!(size(bytes), words);
        }
        assert_eq!(thousandths(1, 0), 0);
        assert_eq!(thousandths(u64::MAX, u64::MAX), 1_000);
        assert_eq!(thousandths(1, 4), 250);
    }
}
