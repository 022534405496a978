//! A share that goes from `a` by way of `b` to `c` and `d`, who do not know `b`.

use hearthpost::message::grant::Bytes;
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::listing::SentTo;

use super::forge::OpenGrant;
use super::passed::{A, B, C, D};
use super::{House, Village, cannot_write, order, picture};

/// `a` knows everybody; `b` knows `a` alone, and passes on for it; `c` and `d` know `a` alone.
pub struct Scene {
    pub village: Village,
    pub houses: Vec<House>,
    pub share: String,
}

pub fn village() -> Scene {
    let village = Village::new("abcd");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol"), ("d", "dan")];
    let mut houses: Vec<House> = people.map(|(x, who)| village.house(x, &[who])).into();
    let (a, others) = houses.split_at_mut(1);
    for other in others {
        village.introduce(&mut a[0], other);
    }
    let mut scene = Scene {
        village,
        houses,
        share: String::new(),
    };
    scene.allow(true);
    scene
}

/// `a` shared a picture by way of `b`, and nothing has gone out yet.
pub fn shared(to: &[&str], rules: &str) -> Scene {
    let mut scene = village();
    let path = scene.houses[A].folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = scene.houses[A].import(&[path]);
    let mut order = order(&[&items[0]], to, rules);
    order.title = "The lake".to_owned();
    order.relay_via = Some(scene.houses[B].mailbox.clone());
    scene.share = scene.houses[A].share(&order).expect("recorded").share;
    scene
}

impl Scene {
    pub fn allow(&mut self, allowed: bool) {
        let (a, now) = (self.houses[A].mailbox.clone(), self.houses[B].now());
        let done = self.houses[B].home.let_relay(&a, allowed, now);
        done.expect("a known household");
    }

    /// `a` gives it to dan of `d` as well, straight and to pass on.
    pub fn give_d_a_copy(&mut self) {
        let rules = parse_rules("display=1280,forward=yes").expect("rules");
        let order = ForwardOrder {
            share: self.share.clone(),
            to: vec!["home-d+dan@d.example".to_owned()],
            rules: Some(Narrowing::said(rules)),
            yes: true,
            ..ForwardOrder::default()
        };
        self.houses[A].forward_order(order).expect("given");
        self.pass(&[A, D]);
    }

    pub fn settle(&mut self) {
        let mut all: Vec<&mut House> = self.houses.iter_mut().collect();
        self.village.settle(&mut all);
    }

    pub fn settle_with_refusals(&mut self) {
        for _ in 0..3 {
            self.pass(&[A, B, C, D]);
        }
    }

    pub fn pass(&mut self, who: &[usize]) {
        for n in who {
            self.village.sync(&mut self.houses[*n]);
        }
    }

    /// How far it got, as the origin lists it: mailbox and state; `untold`: taken back before anything went there.
    pub fn states(&self) -> Vec<(String, &'static str)> {
        let sent = self.houses[A].home.sent().expect("listed").remove(0);
        let to = sent.destinations.into_iter();
        let state = |to: &SentTo| if to.never_went { "untold" } else { to.state };
        let mut states: Vec<_> = to.map(|to| (to.mailbox.to_string(), state(&to))).collect();
        states.sort();
        states
    }

    pub fn state(&self, x: &str) -> &'static str {
        let mailbox = format!("home-{x}@{x}.example");
        let states = self.states();
        let found = states.iter().find(|(at, _)| *at == mailbox);
        found.map(|(_, state)| *state).expect("listed")
    }

    /// Why it got no further, as the origin lists it.
    pub fn error(&self, x: &str) -> String {
        let sent = self.houses[A].home.sent().expect("listed").remove(0);
        let mailbox = format!("home-{x}@{x}.example");
        let mut to = sent.destinations.into_iter();
        let found = to.find(|one| one.mailbox.as_str() == mailbox);
        found.expect("listed").error.unwrap_or_default()
    }

    /// Nothing can be written to a house by another, until its card has come.
    pub fn cannot_write(&mut self, from: usize, to: usize) {
        cannot_write(&mut self.houses, from, to);
    }

    pub fn opens(&mut self, n: usize, person: &str) -> bool {
        let share = self.houses[n].share_named(&self.share);
        let rows = self.houses[n].home.album.rows();
        let item = rows
            .share_items(share.id)
            .expect("rows")
            .remove(0)
            .reference;
        self.houses[n].view(&item, person, Action::Display).is_ok()
    }

    pub fn chain(&self, n: usize) -> Vec<Bytes> {
        let share = self.houses[n].share_named(&self.share);
        let rows = self.houses[n].home.album.rows();
        let holding = rows.holdings(share.id).expect("rows").remove(0);
        holding.chain.into_iter().map(Bytes).collect()
    }

    /// The mailboxes to which a house handed in mail.
    pub fn written_to(&self, n: usize) -> Vec<String> {
        let own = self.houses[n].mailbox.to_string();
        let sent = self.village.server.transactions();
        let mut to: Vec<String> = sent
            .iter()
            .filter(|mail| mail.account == own)
            .flat_map(|mail| mail.recipients.iter().map(|(at, _)| at.clone()))
            .collect();
        to.sort();
        to.dedup();
        to
    }
}

/// The letter that lies in a mailbox, with the other mails there.
pub fn on_its_way(scene: &Scene, at: usize) -> (OpenGrant, Vec<Vec<u8>>) {
    let mut mails = scene.village.take_mail(&scene.houses[at]);
    let letter = mails.remove(0);
    (scene.houses[at].read_grant(&letter), mails)
}

/// `a` gives it to `c`, for the first time or once more, by way of `b`.
pub fn give_anew(scene: &mut Scene) {
    let again = ForwardOrder {
        share: scene.share.clone(),
        to: vec!["home-c@c.example".to_owned()],
        relay_via: Some(scene.houses[B].mailbox.clone()),
        yes: true,
        ..Default::default()
    };
    scene.houses[A].forward_order(again).expect("given anew");
}

/// All but `d`, which never looks: so what `a` has is kept.
pub fn settle_without_d(scene: &mut Scene) {
    for _ in 0..4 {
        scene.pass(&[A, B, C]);
    }
}

pub fn take_back_from_c(scene: &mut Scene) {
    let share = scene.share.clone();
    let back = scene.houses[A].revoke(&share, Some("home-c@c.example"));
    back.expect("taken back");
    settle_without_d(scene);
    assert_eq!(scene.state("c"), "deleted");
}

pub const B_TOO: [&str; 3] = ["home-b@b.example", "home-c@c.example", "home-d@d.example"];
/// To look at, for some months.
pub const RULES: &str = "display=1280,until=2027-06-01T00:00:00Z";
