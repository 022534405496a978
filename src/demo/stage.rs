//! The stage: a folder that goes when the play is over, the embedded mail server, and three households in it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use testmail::{Account, Options, Server};
use tokio::runtime::Runtime;

use crate::address::{Mailbox, StationName};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::sharing::clock::Reading;
use crate::sharing::directory::Found;
use crate::sharing::sync::Done;
use crate::sharing::{Fault, Household, NewHousehold, Now};
use crate::words::{Language, told};

/// The password of every account; the server listens on this machine only and is gone in a minute.
const PASSWORD: &str = "demo";

/// A new private folder below the system's one for temporary files, removed on drop.
pub(super) struct Folder {
    path: PathBuf,
    kept: bool,
}

/// One household with its box.
pub(super) struct House {
    /// The use cases.
    pub home: Household,
    /// Its configuration file.
    pub config: PathBuf,
    /// Where its box takes mail.
    pub mailbox: Mailbox,
    /// What others call it.
    pub name: String,
    /// Where it is visited once the play is over: named in its mails all along.
    pub door: TcpListener,
}

/// Everything that runs.
pub(super) struct Stage {
    /// The mail provider of everyone.
    pub server: Server,
    /// Where all of it lies.
    pub place: PathBuf,
    /// Ann's.
    pub a: House,
    /// Bob's and Bea's.
    pub b: House,
    /// Cleo's, whom the first does not know.
    pub c: House,
    runtime: Runtime,
}

/// Which household.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Ann's.
    A,
    /// Bob's and Bea's.
    B,
    /// Cleo's.
    C,
}

impl Folder {
    pub fn new() -> Result<Self, Fault> {
        let mut name = Id::random().to_string();
        name.truncate(10);
        let path = std::env::temp_dir().join(format!("hearthpost-demo-{name}"));
        // A random name, and making it fails where the name exists: nobody can have put something there before.
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| Fault::new("disk", format!("{}: {error}", path.display())))?;
        Ok(Folder { path, kept: false })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// It stays, for whoever looks at what is in it.
    pub fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, folder = %self.path.display(), "the folder of the demonstration stays");
        }
    }
}

impl Stage {
    /// Starts the mail server and makes both households, each with its people.
    pub fn build(place: &Path, language: Language) -> Result<Self, Fault> {
        let people = ["ann", "bob", "bea", "cleo"].map(|name| format!("{name}@people.example"));
        let homes = [
            "home@andersons.example",
            "home@brooks.example",
            "home@clarks.example",
        ];
        let accounts = homes.into_iter().map(str::to_owned).chain(people);
        let server = Server::start(Options {
            accounts: accounts
                .map(|address| Account::new(address, PASSWORD))
                .collect(),
            ..Options::default()
        })
        .map_err(|error| Fault::new("testmail", format!("the embedded mail server: {error}")))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::new("system", error.to_string()))?;
        let house = |folder: &str, name: String, mailbox, people: &[&str]| {
            House::build(
                &server,
                &place.join(folder),
                language,
                &name,
                mailbox,
                people,
            )
        };
        let a = house(
            "andersons",
            told!(language, "demo-andersons"),
            homes[0],
            &["ann"],
        )?;
        let b = house(
            "brooks",
            told!(language, "demo-brooks"),
            homes[1],
            &["bob", "bea"],
        )?;
        let c = house(
            "clarks",
            told!(language, "demo-clarks"),
            homes[2],
            &["cleo"],
        )?;
        Ok(Stage {
            place: place.to_owned(),
            a,
            b,
            c,
            server,
            runtime,
        })
    }

    /// A household.
    pub fn house(&mut self, who: Who) -> &mut House {
        match who {
            Who::A => &mut self.a,
            Who::B => &mut self.b,
            Who::C => &mut self.c,
        }
    }

    /// Cards travel both ways by mail, then people compare words on the telephone. Gives the number of letters.
    pub fn introduce(&mut self, one: Who, other: Who) -> Result<usize, Fault> {
        let before = self.server.transactions().len();
        let at_one = self.house(one).mailbox.clone();
        let at_other = self.house(other).mailbox.clone();
        let house = self.house(one);
        let now = house.time()?;
        house.home.request_card(&at_other, now)?;
        for who in [one, other, one] {
            self.sync(who)?;
        }
        let house = self.house(other);
        let now = house.time()?;
        house.home.accept_contact(&at_one, now)?;
        for who in [other, one, other] {
            self.sync(who)?;
        }
        let letters = self.server.transactions().len() - before;
        let (me, them) = (self.house(one).home.me(), self.house(other).home.me());
        // Each reads the other's words aloud.
        self.house(one).home.verify_contact(&at_other, &them, now)?;
        self.house(other).home.verify_contact(&at_one, &me, now)?;
        Ok(letters)
    }

    /// A household writes its entry into the directory that is set for it; gives where.
    pub fn publish(&mut self, who: Who, word: &str) -> Result<String, Fault> {
        let home = match who {
            Who::A => &mut self.a.home,
            Who::B => &mut self.b.home,
            Who::C => &mut self.c.home,
        };
        self.runtime.block_on(home.publish(&[word.to_owned()]))
    }

    /// A household looks in the directory that is set for it.
    pub fn look_up(&self, who: Who, typed: &str) -> Result<Vec<Found>, Fault> {
        let home = &self.of(who).home;
        self.runtime.block_on(home.find_in_directory(typed))
    }

    /// A household takes one out of that directory into its address book.
    pub fn take_from_directory(&mut self, who: Who, mailbox: &Mailbox) -> Result<(), Fault> {
        let now = self.house(who).time()?;
        let house = match who {
            Who::A => &mut self.a,
            Who::B => &mut self.b,
            Who::C => &mut self.c,
        };
        let taken = house.home.add_from_directory(mailbox, now);
        self.runtime.block_on(taken).map(drop)
    }

    fn of(&self, who: Who) -> &House {
        match who {
            Who::A => &self.a,
            Who::B => &self.b,
            Who::C => &self.c,
        }
    }

    /// One pass of a box: what `hearthpost sync` does.
    pub fn sync(&mut self, who: Who) -> Result<Done, Fault> {
        let house = match who {
            Who::A => &mut self.a,
            Who::B => &mut self.b,
            Who::C => &mut self.c,
        };
        // Not by `house`, which would borrow the runtime too.
        let done = self.runtime.block_on(house.home.sync(&Reading::take()))?;
        match done.trouble.first() {
            Some(trouble) => Err(Fault::new("sync", trouble.clone())),
            None => Ok(done),
        }
    }
}

/// Its people are told in that language, by mail and in their browsers, and of the address where it is.
fn settle(config: &Path, language: Language, door: &TcpListener) -> std::io::Result<()> {
    let settings = fs::read_to_string(config)?;
    let (language, at) = (language.tag(), door.local_addr()?);
    let settings = format!("language = \"{language}\"\n{settings}\n[web]\nlisten = \"{at}\"\n");
    fs::write(config, settings)
}

impl House {
    fn build(
        server: &Server,
        folder: &Path,
        language: Language,
        name: &str,
        mailbox: &str,
        people: &[&str],
    ) -> Result<Self, Fault> {
        let wrong = |error: &dyn std::fmt::Display| Fault::new("demo", error.to_string());
        let mailbox: Mailbox = mailbox.parse().map_err(|error| wrong(&error))?;
        let password_file = folder.join("password");
        let write = || -> std::io::Result<()> {
            fs::create_dir(folder)?;
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&password_file)?;
            writeln!(file, "{PASSWORD}")
        };
        write().map_err(|error| Fault::new("disk", format!("{}: {error}", folder.display())))?;
        let new = NewHousehold {
            mailbox: mailbox.clone(),
            name: name.to_owned(),
            // Plain text is taken to this very machine only.
            imap_url: format!("imap+plain://127.0.0.1:{}", server.imap_port()),
            smtp_url: format!("smtp+plain://127.0.0.1:{}", server.smtp_port()),
            username: mailbox.to_string(),
            password_file,
            data: None,
            ca_file: None,
        };
        let config = folder.join("hearthpost.toml");
        let now = Reading::take().wall;
        Household::init(&config, &new, now)?;
        let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let door = door.map_err(|error| Fault::new("listen", error.to_string()))?;
        settle(&config, language, &door)
            .map_err(|error| Fault::new("disk", format!("{}: {error}", config.display())))?;
        let mut home = Household::open(&config)?;
        home.language = language;
        for person in people {
            let station: StationName = person.parse().map_err(|error| wrong(&error))?;
            let mail = format!("{person}@people.example");
            home.add_person(station, mail.parse().map_err(|error| wrong(&error))?, now)?;
        }
        Ok(House {
            home,
            config,
            mailbox,
            name: name.to_owned(),
            door,
        })
    }

    /// The time of this moment, as the box believes it.
    pub fn now(&mut self) -> Result<Now, Fault> {
        self.home.tick(&Reading::take(), &[])
    }

    /// The same as a plain time.
    pub fn time(&mut self) -> Result<Timestamp, Fault> {
        Ok(self.now()?.now)
    }
}
