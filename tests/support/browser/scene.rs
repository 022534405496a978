//! Households with pictures that look like some: what the Andersons sent the Brooks, and the Carters, who have nothing
//! and would like to know them.

use std::any::Any;
use std::path::{Path, PathBuf};

use hearthpost::address::StationName;
use hearthpost::rules::parse_rules;
use hearthpost::sharing::Household;
use hearthpost::sharing::accounts::{Password, Scope};
use hearthpost::sharing::own::import::Adding;
use hearthpost::sharing::share::Order;
use hearthpost::web::{Serving, Site, Station, serve};

use crate::house::{House, Plot, Village, introduce};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// The pictures of the demonstration, and what is said of them.
const PICTURES: [(&str, &str); 7] = [
    ("lake-dusk.jpg", "The lake, the evening we came"),
    ("kite-dunes.jpg", "Bea's kite, before the string broke"),
    ("lighthouse.jpg", ""),
    ("poppies.jpg", "Behind the station"),
    ("balloon.jpg", ""),
    ("beech-wood.jpg", "Where we lost the map"),
    ("snow-cottage.jpg", ""),
];
const DAY: u64 = 86_400;
/// Names and words as long as people write them.
const EVERY_RULE: &str = "display=1280,print=2000,store=full,forward=yes,watermark=yes,period=P90D,\
    from=2027-01-01T00:00:00Z,until=2027-12-24T18:00:00Z";
const LONG_NAME: &str =
    "IMG_20260814_183012_Familientreffen_Donaudampfschifffahrt_bearbeitet_endgueltig.jpg";
const LONG_CAPTION: &str = "Everybody who came on the Saturday, from the left: Ada, Grandpa Henry, the Millers with the \
    twins, aunt Wilhelmine, whom nobody expected, and in front of them the dog, who would not sit still.";
const LONG_TITLE: &str = "All that was still on the old camera from the summer before last, with the wedding of \
    Charlotte-Marie and Maximilian";
const LONG_MESSAGE: &str = "Dear all,\n\nhere they are at last. Some are blurred, for I had forgotten my glasses; I have \
    left them in, because somebody is on them who is on no other.\n\nDo print the one with grandfather. \
    https://example.org/a/very/long/address/that/nobody/will/ever/type/by/hand/because/it/does/not/end";

/// The Brooks, where bob and ivo keep the house and bea and ida live too, with an album and what they have got; the clock stands still.
pub struct Scene {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub c: House,
    /// Where the site of the Brooks is.
    pub base: String,
    /// Where that of the Carters is, where carol lives, and that of the Andersons, who have no keeper yet.
    pub bare: String,
    pub new: String,
    /// Where that of the Dawsons is: dora's card is being read, and the house vouches for itself.
    pub begun: String,
    /// The shares: seven pictures with everything allowed; one to look at; a document to keep; one to look at three times;
    /// one that is over; one with every rule there is, and all of its words long.
    pub bay: String,
    pub snow: String,
    pub recipe: String,
    pub counted: String,
    pub over: String,
    pub long: String,
    /// What is in the album of the Brooks: seven pictures and a document.
    pub own: Vec<String>,
    /// An album of theirs.
    pub summer: String,
    /// What they shared with the Andersons; what has not gone out yet; what is stopped.
    pub sent: String,
    pub fresh: String,
    pub stopped: String,
    /// An invitation of the Brooks, which the Carters follow and to which nobody has answered yet.
    pub invitation: String,
    serving: [Serving; 4],
    d: House,
    /// As long as it is held, the card is being read.
    in_hand: Box<dyn Any>,
}

impl Scene {
    pub fn new() -> Self {
        let village = Village::new("abcd");
        let mut a = house(&village, "a", "The Andersons", &["ann"]);
        let mut b = house(&village, "b", "The Brooks", &["bob", "bea", "ida", "ivo"]);
        let mut c = house(&village, "c", "The Carters", &["carol"]);
        let mut d = house(&village, "d", "The Dawsons", &["dora"]);
        introduce(&mut a, &mut b);
        let mut items = album(&mut a);
        items.extend(long_named(&mut a));
        let mut shares = Vec::new();
        let long = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle";
        for (what, rules, title, message) in [
            (
                &items[4..5],
                "display=1280,period=PT1H",
                "For an hour only",
                "",
            ),
            (&items[8..], EVERY_RULE, LONG_TITLE, LONG_MESSAGE),
            (&items[3..4], "display=1280,views=3", long, ""),
            (&items[7..8], "store=full", "Ann's bread", ""),
            (&items[6..7], "display=1280,period=P30D", "First snow", ""),
            (
                &items[..7],
                "display=full,print=full,store=full,forward=yes,period=P60D",
                "A week at the bay",
                "The wind was kind to us, mostly. The kite is Bea's to keep.",
            ),
        ] {
            let order = order(what, "home-b+bob@b.example", rules, title, message);
            shares.push(a.share(&order).expect("recorded").share);
            village.settle(&mut [&mut a, &mut b]);
            a.wait(2 * DAY);
            b.wait(2 * DAY);
        }
        let own = album(&mut b);
        let now = b.now();
        let summer = b.home.create_album("Summer", now);
        let summer = summer.expect("an album");
        let add = b.home.add_to_album(None, &summer, &own[..2]);
        add.expect("added");
        let flowers = order(
            &own[3..6],
            "home-a@a.example",
            "display=1280",
            "From the garden",
            "",
        );
        let sent = b.share(&flowers).expect("recorded").share;
        let kept = order(
            &own[..1],
            "home-a@a.example",
            "display=full,store=full",
            "By mistake",
            "",
        );
        let stopped = b.share(&kept).expect("recorded").share;
        village.settle(&mut [&mut b, &mut a]);
        b.revoke(&stopped, None).expect("stopped");
        ask(&mut a, &sent);
        let now = c.now();
        let brooks = b.mailbox.clone();
        c.home.request_card(&brooks, now).expect("queued");
        village.settle(&mut [&mut c, &mut a, &mut b]);
        put_card_in(&mut c, "EOS");
        let invitation = invite(&mut b, &mut c);
        give_password(&mut b, "bob");
        give_password(&mut b, "bea");
        let_program_in(&mut b, "bea");
        give_password(&mut c, "carol");
        let bob: StationName = "bob".parse().expect("a station");
        b.home.set_keeper(&bob, true).expect("the keeper");
        give_password(&mut b, "ivo");
        let ivo: StationName = "ivo".parse().expect("a station");
        b.home.set_keeper(&ivo, true).expect("a keeper too");
        let later = order(
            &own[..7],
            "home-a@a.example",
            "display=full,store=full",
            "The week in the mountains",
            "",
        );
        let fresh = b.share(&later).expect("recorded").share;
        let in_hand = begin(&mut d);
        let (serving, base) = open(&b);
        let (carters, bare) = open(&c);
        let (andersons, new) = open(&a);
        let (dawsons, begun) = open(&d);
        let [over, long, counted, recipe, snow, bay] = shares.try_into().expect("six");
        Scene {
            village,
            a,
            b,
            c,
            base,
            bare,
            new,
            begun,
            bay,
            snow,
            recipe,
            counted,
            over,
            long,
            own,
            summer,
            sent,
            fresh,
            stopped,
            invitation,
            serving: [serving, carters, andersons, dawsons],
            d,
            in_hand,
        }
    }

    /// The page of an item of a share, by its name.
    pub fn viewer(&self, share: &str, name: &str) -> String {
        let items = self.b.items(share);
        let item = items.iter().find(|item| item.name.as_deref() == Some(name));
        let item = item.expect("it is in there");
        format!("/received/{share}/{}", item.reference)
    }
}

fn order(what: &[String], to: &str, rules: &str, title: &str, message: &str) -> Order {
    Order {
        what: what.to_vec(),
        to: vec![to.to_owned()],
        rules: Some(parse_rules(rules).expect("rules")),
        title: title.to_owned(),
        message: message.to_owned(),
        yes: true,
        ..Order::default()
    }
}

/// Ann asks for more.
fn ask(house: &mut House, share: &str) {
    let reading = house.reading();
    let now = house.home.tick(&reading, &[]).expect("time");
    let ann = "ann".parse().expect("a station");
    let rules = parse_rules("print=full").expect("rules");
    let words = "For the kitchen wall, please.";
    let asked = house.home.ask(share, &ann, Some(rules.into()), words, now);
    asked.expect("asked");
}

fn let_program_in(house: &mut House, name: &str) {
    let (now, name): (_, StationName) = (house.now(), name.parse().expect("a station"));
    let scopes = [Scope::Read, Scope::Share];
    let end = Some(now.plus_seconds(90 * DAY));
    let made = house
        .home
        .make_token(&name, "The shelf of pictures", &scopes, end, now);
    made.expect("a token");
}

/// One house gives an invitation, the other follows it, and no mail goes.
fn invite(house: &mut House, other: &mut House) -> String {
    let (now, later) = (house.now(), other.clock());
    let bob = "bob".parse().expect("a station");
    let invited = house.home.invite(Some(&bob), 7, now);
    let invited = invited.expect("an invitation");
    let link = invited.link.to_string();
    other.home.join(&link, None, later).expect("followed");
    invited.reference
}

/// A house on its first day: it has a keeper, its own certificate, and its first card is being read.
fn begin(house: &mut House) -> Box<dyn Any> {
    give_password(house, "dora");
    let dora: StationName = "dora".parse().expect("a station");
    house.home.set_keeper(&dora, true).expect("the keeper");
    put_card_in(house, "Lumix G9");
    let now = house.now();
    house.home.certify(&[], false, now).expect("a certificate");
    let reading = house.home.begin_card(None, &Adding::default());
    Box::new(reading.expect("in hand"))
}

/// A memory card lies in the reader.
fn put_card_in(house: &mut House, called: &str) {
    let folder = house.folder.join("reader").join(called).join("DCIM/100");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, _) in &PICTURES[..3] {
        std::fs::copy(sample(name), folder.join(name)).expect("a picture");
    }
    let config = house.folder.join("hearthpost.toml");
    let mut text = std::fs::read_to_string(&config).expect("settings");
    text += "\n[import]\ncards = [\"reader\"]\n";
    std::fs::write(&config, text).expect("settings");
    house.home = Household::open(&config).expect("opens");
}

/// A link that makes a password; without a name, the first one of the house.
pub fn welcome(house: &mut House, name: Option<&str>) -> String {
    let now = house.now();
    let name: Option<StationName> = name.map(|name| name.parse().expect("a station"));
    let secret = house.home.welcome(name.as_ref(), now).expect("a link");
    format!("/welcome/{}", secret.text())
}

fn give_password(house: &mut House, name: &str) {
    let now = house.now();
    let password = Password::new(PASSWORD.to_owned());
    let name = name.parse().expect("a station");
    let set = house.home.set_password(&name, &password, now);
    set.expect("a password");
}

/// A sample picture as it lies in the repository.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/demo/pictures")
        .join(name)
}

fn house(village: &Village, x: &str, name: &str, people: &[&str]) -> House {
    let plot = Plot {
        mailbox: &format!("home-{x}@{x}.example"),
        name,
        imap_url: &format!("imap+plain://127.0.0.1:{}", village.server.imap_port()),
        smtp_url: &format!("smtp+plain://127.0.0.1:{}", village.server.smtp_port()),
        password: "secret",
        ca_file: None,
        people_at: "people@p.example",
    };
    plot.build(&village.folder.path().join(x), people)
}

/// The pictures, with their captions, and a document.
fn album(house: &mut House) -> Vec<String> {
    let bread = house.folder.join("bread.txt");
    std::fs::write(&bread, "Flour, water, salt and a night.\n").expect("a file");
    let paths = PICTURES.iter().map(|(name, _)| sample(name)).chain([bread]);
    let items = house.import(&paths.collect::<Vec<_>>());
    for (item, (_, caption)) in items.iter().zip(PICTURES) {
        let set = house.home.set_caption(None, &item.reference, caption);
        set.expect("a caption");
    }
    items.into_iter().map(|item| item.reference).collect()
}

/// Two pictures whose names and words are long.
fn long_named(house: &mut House) -> Vec<String> {
    let paths = [("poppies.jpg", LONG_NAME), ("beech-wood.jpg", "wood.jpg")].map(|(from, to)| {
        let path = house.folder.join(to);
        // Other bytes at the end, so that it is another item.
        let mut bytes = std::fs::read(sample(from)).expect("a sample");
        bytes.push(0);
        std::fs::write(&path, bytes).expect("a file");
        path
    });
    let items = house.import(&paths);
    let set = house
        .home
        .set_caption(None, &items[1].reference, LONG_CAPTION);
    set.expect("a caption");
    items.into_iter().map(|item| item.reference).collect()
}

/// Opens the site of a household; where it is.
fn open(house: &House) -> (Serving, String) {
    let config = house.folder.join("hearthpost.toml");
    let reading = house.reading();
    let station = Station::with_clock(&config, &house.home, Box::new(move || reading.clone()));
    let free = ([127, 0, 0, 1], 0).into();
    let site = Site::of(station, free).expect("a free port");
    let base = format!("http://{}", site.address().expect("it listens"));
    (serve(vec![site]).expect("it answers"), base)
}
