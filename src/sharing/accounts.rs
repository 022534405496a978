//! Who may come in: accounts, signed-in browsers, and links that open once.
//!
//! A person's account hangs on the person; the first one is the keeper's. What a browser holds is random and stored here
//! as a digest alone, so that a stolen album signs nobody in.

mod confirm;
mod password;
pub mod people;
pub(super) mod person;
mod tokens;
mod tries;

use std::net::IpAddr;

use zeroize::Zeroizing;

pub use self::password::{LEAST as LEAST_PASSWORD, Password};
use self::people::{refuse_long, refuse_reserved};
pub use self::tokens::{Bearer, Scope};
pub use self::tries::Tries;
use super::site::home_page;
use super::{Fault, Household};
use crate::address::{Mailbox, StationName};
use crate::album::{Person, Rows, SessionRow, Welcome};
use crate::encoding::Timestamp;
use crate::envelope::Digest;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
/// How long a browser may be silent before it is signed out, in seconds; and one that is to be remembered.
const SILENT: u64 = 14 * DAY;
const SILENT_REMEMBERED: u64 = 400 * DAY;
/// How long a link for a person opens, and one for the first account.
const WELCOME: u64 = 7 * DAY;
const WELCOME_FIRST: u64 = DAY;
/// What a browser calls itself is kept so far, in characters.
const BROWSER: usize = 200;

/// 256 bits of chance, as text for a link or a cookie: silent, and wiped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    fn random() -> Result<Self, Fault> {
        Secret::marked("")
    }

    /// One that begins with a mark.
    fn marked(mark: &str) -> Result<Self, Fault> {
        let mut bytes = Zeroizing::new([0; 32]);
        openssl::rand::rand_bytes(&mut *bytes)
            .map_err(|error| Fault::new("system", format!("no chance to be had: {error}")))?;
        let mut text = Zeroizing::new(mark.to_owned());
        data_encoding::BASE64URL_NOPAD.encode_append(&*bytes, &mut text);
        Ok(Secret(text))
    }

    /// The text itself.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Where a try to sign in comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// The network address.
    pub address: IpAddr,
    /// What the browser was given when somebody signed in there before.
    pub known: Option<&'o str>,
    /// What the browser calls itself.
    pub browser: &'o str,
}

/// A browser that was just signed in.
pub struct SignedIn {
    /// Who.
    pub station: StationName,
    /// What the browser holds from now on.
    pub session: Secret,
    /// What it holds to be known again later, where it is not yet.
    pub known: Option<Secret>,
}

/// Who acts, by what a browser showed.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who.
    pub station: StationName,
    /// Manages households, people and settings.
    pub keeper: bool,
    /// The session.
    pub session: Digest,
    /// The language that they chose; `None`: as the browser says.
    pub language: Option<String>,
}

impl Household {
    /// Makes a link that opens once: for that person to choose a password, or for whoever comes first to become the keeper.
    pub fn welcome(
        &mut self,
        station: Option<&StationName>,
        now: Timestamp,
    ) -> Result<Secret, Fault> {
        match station {
            Some(station) => self.refuse_unknown_person(station)?,
            None if self.has_keeper()? => {
                let words = "this house has a keeper already";
                return Err(Fault::new("has_keeper", words).hint(
                    "`hearthpost user link NAME` makes a link with which that person chooses a new password",
                ));
            }
            None => {}
        }
        self.put_welcome(station, now, |_| Ok(()))
    }

    /// The link itself, where `check` has nothing against it at the moment when it is made.
    fn put_welcome(
        &mut self,
        station: Option<&StationName>,
        now: Timestamp,
        check: impl FnOnce(Rows<'_>) -> Result<(), Fault>,
    ) -> Result<Secret, Fault> {
        let secret = Secret::random()?;
        let lasts = if station.is_some() {
            WELCOME
        } else {
            WELCOME_FIRST
        };
        let welcome = Welcome {
            station: station.cloned(),
            ends: now.plus_seconds(lasts),
        };
        self.album.commit(|rows| {
            check(rows)?;
            Ok::<_, Fault>(rows.add_welcome(digest(secret.text()), &welcome)?)
        })?;
        Ok(secret)
    }

    /// The link itself, under the address at which the people of the house reach the box.
    pub fn welcome_url(&self, secret: &Secret) -> String {
        let page = home_page(&self.config);
        format!("{page}welcome/{}", secret.text())
    }

    /// Whether the first account was made.
    pub fn has_keeper(&self) -> Result<bool, Fault> {
        Ok(self.album.rows().keepers()? > 0)
    }

    /// For whom a link opens: a person, or, with `None`, whoever becomes the keeper.
    pub fn look_at_welcome(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<StationName>, Fault> {
        meant_by(self.album.rows(), secret, now)
    }

    /// Comes in by a link: gives the person that password. By the first link of a house the person is made as the keeper,
    /// with `mail` for notices, unless the house has somebody of that name.
    pub fn come_in(
        &mut self,
        secret: &str,
        named: &StationName,
        mail: Option<Mailbox>,
        password: &Password,
        origin: Origin<'_>,
        now: Timestamp,
    ) -> Result<SignedIn, Fault> {
        let meant = self.look_at_welcome(secret, now)?;
        password.check()?;
        let kept = password.hash()?;
        let first = meant.is_none();
        let station = meant.unwrap_or_else(|| named.clone());
        if first {
            refuse_reserved(&station)?;
            refuse_long(&self.config.mailbox, &station)?;
        }
        let (session, browser) = (Secret::random()?, Secret::random()?);
        let row = new_session(&session, &station, false, origin, now);
        crate::crash::point("welcome.before_commit");
        self.album.commit(|rows| {
            // It opens once, and another program of the house may have opened or ended it meanwhile.
            let still = meant_by(rows, secret, now)?;
            if still.is_none() != first || !rows.use_welcome(digest(secret))? {
                return Err(link_over());
            }
            let people = rows.people()?;
            if !people.iter().any(|person| person.station == station) {
                let mail = mail.ok_or_else(|| {
                    let words = "say where mail for you goes: it tells you when something came";
                    Fault::usage("mail", words)
                })?;
                rows.add_person(&Person::new(station.clone(), mail), now)?;
            }
            rows.set_password(&station, &kept, now)?;
            if first {
                rows.set_keeper(&station, true)?;
            }
            rows.end_sessions(&station, None)?;
            rows.add_session(&row)?;
            rows.know_browser(digest(browser.text()), &station, now)?;
            Ok::<_, Fault>(())
        })?;
        Ok(SignedIn {
            station,
            session,
            known: Some(browser),
        })
    }

    /// Signs a browser in, if the password is right. `tries` counts the wrong ones; `second` is a clock for that alone.
    pub fn sign_in(
        &mut self,
        named: &str,
        password: &Password,
        remember: bool,
        origin: Origin<'_>,
        tries: (&std::sync::Mutex<Tries>, u64),
        now: Timestamp,
    ) -> Result<SignedIn, Fault> {
        let wrong = || Fault::new("sign_in", "That name and password do not belong together.");
        let (tries, second) = tries;
        let tries = || tries.lock().unwrap_or_else(|broken| broken.into_inner());
        // What nobody can be called costs the box as much to compare, and is tried no oftener.
        let station = named.trim().to_lowercase().parse::<StationName>().ok();
        let called = station.as_ref().map_or("", StationName::as_str);
        let rows = self.album.rows();
        let known = match (origin.known.map(digest), &station) {
            (Some(digest), Some(station)) if rows.knows_browser(digest, station)? => Some(digest),
            _ => None,
        };
        let by = known.map(|digest| *digest.as_bytes());
        if let Some(seconds) = tries().wait(origin.address, called, by, second) {
            return Err(too_many(seconds));
        }
        let account = match &station {
            Some(station) => rows.account(station)?,
            None => None,
        };
        // Counted before it is known to be wrong: many at once are not one.
        tries().wrong(origin.address, called, by, second);
        let right = password.is(account.as_ref().map(|account| account.password.as_str()));
        let station = station.filter(|_| right).ok_or_else(wrong)?;
        tries().right(origin.address, station.as_str(), by);
        let session = Secret::random()?;
        let browser = known.is_none().then(Secret::random).transpose()?;
        let row = new_session(&session, &station, remember, origin, now);
        let browser_digest = browser.as_ref().map(|one| digest(one.text())).or(known);
        self.album.commit(|rows| {
            rows.end_silent_sessions(
                now.minus_seconds(SILENT_REMEMBERED),
                now.minus_seconds(SILENT),
            )?;
            rows.add_session(&row)?;
            if let Some(digest) = browser_digest {
                rows.know_browser(digest, &station, now)?;
            }
            Ok::<_, Fault>(())
        })?;
        Ok(SignedIn {
            station,
            session,
            known: browser,
        })
    }

    /// Who a browser is signed in as, by what it holds.
    pub fn visitor(&mut self, held: &str, now: Timestamp) -> Result<Option<Visitor>, Fault> {
        let held = digest(held);
        let rows = self.album.rows();
        let Some(session) = rows.session(held)? else {
            return Ok(None);
        };
        let silent = if session.remembered {
            SILENT_REMEMBERED
        } else {
            SILENT
        };
        if session.used.plus_seconds(silent) < now {
            return Ok(None);
        }
        let Some(account) = rows.account(&session.station)? else {
            return Ok(None);
        };
        if session.used.plus_seconds(HOUR) < now {
            self.album
                .commit(|rows| rows.use_session(held, now))
                .map_err(Fault::from)?;
        }
        let language = self.album.rows().language(&account.station)?;
        Ok(Some(Visitor {
            station: account.station,
            language,
            keeper: account.keeper,
            session: held,
        }))
    }

    /// Who a visitor is now, where what they showed is good still: a session, or a token. Nobody becomes more by it, and who
    /// keeps the house no more is no keeper.
    pub fn current(&self, visitor: &Visitor, now: Timestamp) -> Result<Option<Visitor>, Fault> {
        let rows = self.album.rows();
        let token = rows.token(visitor.session)?;
        let good = token.is_some_and(|token| token.ends.is_none_or(|ends| now < ends));
        if !good && rows.session(visitor.session)?.is_none() {
            return Ok(None);
        }
        let account = rows.account(&visitor.station)?;
        let keeper = visitor.keeper && account.is_some_and(|account| account.keeper);
        Ok(Some(Visitor {
            keeper,
            ..visitor.clone()
        }))
    }

    /// The browsers in which a person is signed in.
    pub fn sessions(&self, station: &StationName) -> Result<Vec<SessionRow>, Fault> {
        Ok(self.album.rows().sessions(station)?)
    }

    /// Signs a browser out.
    pub fn sign_out(&mut self, visitor: &Visitor) -> Result<(), Fault> {
        let end = |rows: Rows<'_>| rows.end_session(visitor.session);
        Ok(self.album.commit(end)?)
    }

    /// Signs a person out of every other browser.
    pub fn sign_out_elsewhere(&mut self, visitor: &Visitor) -> Result<(), Fault> {
        let (station, here) = (&visitor.station, Some(visitor.session));
        Ok(self.album.commit(|rows| rows.end_sessions(station, here))?)
    }

    /// Changes a person's own password, which ends their other sessions. `tries` as for [`Household::sign_in`]: who finds
    /// a browser that is signed in does not find out the password by it.
    pub fn change_password(
        &mut self,
        visitor: &Visitor,
        old: &Password,
        new: &Password,
        tries: (IpAddr, &std::sync::Mutex<Tries>, u64),
        now: Timestamp,
    ) -> Result<(), Fault> {
        if !self.is_password_of(visitor, old, tries)? {
            let words = "The password until now is not that one.";
            return Err(Fault::new("sign_in", words));
        }
        new.check()?;
        let kept = new.hash()?;
        self.album.commit(|rows| {
            rows.set_password(&visitor.station, &kept, now)?;
            rows.end_sessions(&visitor.station, Some(visitor.session))?;
            Ok(())
        })
    }

    /// Gives a person a password, from the command line; it ends all their sessions. The first account is the keeper's.
    pub fn set_password(
        &mut self,
        station: &StationName,
        password: &Password,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.refuse_unknown_person(station)?;
        password.check()?;
        let kept = password.hash()?;
        self.album.commit(|rows| {
            let first = rows.keepers()? == 0;
            rows.set_password(station, &kept, now)?;
            if first {
                rows.set_keeper(station, true)?;
            }
            rows.end_sessions(station, None)?;
            Ok(())
        })
    }

    /// Makes a person a keeper, or not. One keeper stays. A link that was made for the person before opens nothing any
    /// more: whoever had it made might not have been given one for a keeper.
    pub fn set_keeper(&mut self, station: &StationName, keeper: bool) -> Result<(), Fault> {
        self.refuse_unknown_person(station)?;
        self.album.commit(|rows| {
            let account = rows.account(station)?;
            let Some(account) = account else {
                let words = format!("{station} has no password yet, and so cannot be the keeper");
                return Err(Fault::new("no_account", words).hint(format!(
                    "`hearthpost user link {station}` makes a link to choose one"
                )));
            };
            if account.keeper && !keeper && rows.keepers()? == 1 {
                let words = format!("{station} is the only keeper; make somebody else one first");
                return Err(Fault::new("last_keeper", words));
            }
            rows.set_keeper(station, keeper)?;
            if keeper && !account.keeper {
                rows.end_welcomes(station)?;
            }
            Ok(())
        })
    }
}

/// As [`Household::look_at_welcome`].
fn meant_by(rows: Rows<'_>, secret: &str, now: Timestamp) -> Result<Option<StationName>, Fault> {
    let welcome = rows.welcome(digest(secret))?;
    let welcome = welcome.filter(|one| now < one.ends).ok_or_else(link_over)?;
    if welcome.station.is_none() && rows.keepers()? > 0 {
        return Err(link_over());
    }
    Ok(welcome.station)
}

fn link_over() -> Fault {
    Fault::new("link_over", "This link was used already, or is too old.").hint(
        "whoever keeps this house can give you a new one; where nobody does yet, its box shows one when it is started again",
    )
}

fn too_many(seconds: u64) -> Fault {
    let minutes = seconds.div_ceil(60);
    let words = format!(
        "There were too many wrong passwords of late. Try again in {minutes} {}.",
        if minutes == 1 { "minute" } else { "minutes" }
    );
    Fault::new("too_many", words)
}

fn digest(secret: &str) -> Digest {
    Digest::of(secret.as_bytes())
}

fn new_session(
    secret: &Secret,
    station: &StationName,
    remembered: bool,
    origin: Origin<'_>,
    now: Timestamp,
) -> SessionRow {
    let shown = origin.browser.chars().filter(|c| !c.is_control());
    SessionRow {
        digest: digest(secret.text()),
        station: station.clone(),
        remembered,
        browser: shown.take(BROWSER).collect(),
        begun: now,
        used: now,
    }
}
