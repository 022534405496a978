//! A share that went from `a` over `b` to `c`, complete everywhere; `d` was given nothing of it. All know each other.

use hearthpost::envelope::Fingerprint;
use hearthpost::message::Body;
use hearthpost::message::grant::Bytes;
use testmail::{Account, Reply, Times};

use super::{House, Village, order, picture};

pub const A: usize = 0;
pub const B: usize = 1;
pub const C: usize = 2;
pub const D: usize = 3;

pub struct Passed {
    pub village: Village,
    pub houses: Vec<House>,
    pub share: String,
}

/// One picture that `a` shared with `b`, which may pass it on; the others know nothing yet.
pub fn shared(rules: &str) -> Passed {
    let village = Village::new("abcd");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol"), ("d", "dan")];
    let mut houses: Vec<House> = people.map(|(x, who)| village.house(x, &[who])).into();
    for one in 0..houses.len() {
        let (before, rest) = houses.split_at_mut(one);
        for other in before {
            village.introduce(other, &mut rest[0]);
        }
    }
    let path = houses[A].folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = houses[A].import(&[path]);
    let to = ["home-b+bea@b.example"];
    let recorded = houses[A].share(&order(&[&items[0]], &to, rules));
    Passed {
        share: recorded.expect("recorded").share,
        village,
        houses,
    }
}

/// The same, at rest with `c`, where it may only be looked at.
pub fn passed_on() -> Passed {
    passed_on_with(|_| ())
}

/// The same, where `first` is done before anything goes out.
pub fn passed_on_with(first: impl FnOnce(&mut Passed)) -> Passed {
    let mut s = shared("display=full,store=full,forward=yes");
    first(&mut s);
    s.settle();
    let to = ["home-c+carol@c.example"];
    s.houses[B]
        .forward(&s.share, "bea", &to, "display=200")
        .expect("passed on");
    s.settle();
    s
}

impl Passed {
    pub fn settle(&mut self) {
        let mut all: Vec<&mut House> = self.houses.iter_mut().collect();
        self.village.settle(&mut all);
    }

    pub fn me(&self, n: usize) -> Fingerprint {
        self.houses[n].home.me()
    }

    /// The permits on which a house's copy stands.
    pub fn chain(&self, n: usize) -> Vec<Bytes> {
        let rows = self.houses[n].home.album.rows();
        let share = self.houses[n].share_named(&self.share);
        let holding = rows.holdings(share.id).expect("rows").remove(0);
        holding.chain.into_iter().map(Bytes).collect()
    }

    /// A letter from one to another, in the other's mailbox and not yet read.
    pub fn write(&self, from: usize, to: usize, body: &Body) {
        let header = self.houses[from].header(&self.houses[to]);
        let mail = self.houses[from].letter(&self.houses[to], &header, body);
        self.village.deliver(&self.houses[to], &mail);
    }

    /// As [`Passed::write`], and the other reads it; gives what it refused.
    pub fn tells(&mut self, from: usize, to: usize, body: &Body) -> Vec<String> {
        self.write(from, to, body);
        self.village.sync(&mut self.houses[to]).refused
    }

    /// The provider takes nothing of a house for now.
    pub fn stall(&self, n: usize) {
        let faults = self.village.server.faults();
        let of = faults.of(self.houses[n].mailbox.as_str());
        of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
    }

    /// It takes all again, and a day goes by.
    pub fn go_on(&mut self, n: usize) {
        self.village.server.faults().clear();
        self.houses[n].wait(86_400);
        self.village.sync(&mut self.houses[n]);
    }

    pub fn pass(&mut self, n: usize) {
        let _trouble = self.village.try_sync(&mut self.houses[n]).expect("sync");
    }

    /// Kinds of the mails in a house's INBOX: what `Hearthpost:` says, or of a letter what it is.
    pub fn waiting(&self, n: usize) -> Vec<&'static str> {
        let kind =
            |mail: &Vec<u8>| match String::from_utf8_lossy(mail).contains("Hearthpost: parts") {
                true => "parts",
                false => self.houses[n].read(mail).body.kind(),
            };
        self.village
            .inbox(&self.houses[n])
            .iter()
            .map(kind)
            .collect()
    }

    /// How many mails were handed in for a house so far, and how many bytes they have.
    pub fn mailed(&self, to: usize) -> (usize, usize) {
        let to = self.houses[to].mailbox.to_string();
        let sent = self.village.server.transactions();
        let for_it = sent
            .iter()
            .filter(|mail| mail.recipients.iter().any(|(at, _)| *at == to));
        for_it.fold((0, 0), |(count, sum), mail| {
            (count + 1, sum + mail.bytes_received)
        })
    }
}

/// A house that nobody knows, with an account of its own.
pub fn stranger(village: &Village, x: &str) -> House {
    let address = format!("home-{x}@{x}.example");
    village.server.add_account(&Account::new(address, "secret"));
    village.house(x, &[])
}
