//! The first notice goes at once; what follows soon after is told in one mail. None is lost, none comes twice.

use crate::house::{House, Village, order, picture};
use hearthpost::album::WhenTold;
use hearthpost::sharing::Household;

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    items: usize,
}

fn scene() -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let (mut b, mut c) = (village.house("b", &["bob"]), village.house("c", &[]));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut c, &mut b);
    Scene {
        village,
        a,
        b,
        c,
        items: 0,
    }
}

impl Scene {
    /// A (or C) shares a picture with B, and B takes it in.
    fn share(&mut self, from_c: bool) -> String {
        self.items += 1;
        let house = if from_c { &mut self.c } else { &mut self.a };
        let path = house.folder.join(format!("{}.jpg", self.items));
        picture(&path, 40 + self.items as u32, 40);
        let items = house.import(&[path]);
        let order = order(&[&items[0]], &["home-b@b.example"], "display=full");
        let share = house.share(&order).expect("recorded").share;
        self.village.sync(house);
        self.village.sync(&mut self.b);
        share
    }

    fn tell(&mut self, told: WhenTold) {
        let bob = "bob".parse().expect("a station");
        let now = self.b.now();
        self.b.home.set_when_told(&bob, told, now).expect("set");
    }

    fn wait(&mut self, seconds: u64) {
        for house in [&mut self.a, &mut self.b, &mut self.c] {
            house.wait(seconds);
        }
    }

    /// The subjects of what Bob was told so far.
    fn told(&self) -> Vec<String> {
        let mails = self.village.server.messages("people@p.example", "INBOX");
        let subject = |mail: &[u8]| {
            let text = String::from_utf8_lossy(mail).into_owned();
            let line = text.lines().find(|line| line.starts_with("Subject:"));
            line.expect("a subject")["Subject: ".len()..].to_owned()
        };
        mails.iter().map(|mail| subject(&mail.bytes)).collect()
    }

    /// B's box is started again.
    fn restart(&mut self) {
        let config = self.b.folder.join("hearthpost.toml");
        self.b.home = Household::open(&config).expect("opens");
    }
}

#[test]
fn what_comes_soon_after_a_notice_is_told_in_one_mail() {
    let mut scene = scene();
    scene.share(false);
    let first = "House A shared 1 picture with you";
    assert_eq!(scene.told(), [first], "the first goes at once");
    for from_c in [false, true, false, false] {
        scene.share(from_c);
        scene.restart();
        scene.wait(60);
    }
    assert_eq!(scene.told(), [first]);
    scene.wait(300);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told(), [first], "ten minutes are not over");
    scene.wait(60);
    scene.restart();
    scene.village.sync(&mut scene.b);
    let both = "4 pictures from 2 households";
    assert_eq!(scene.told(), [first, both]);
    let mails = scene.village.server.messages("people@p.example", "INBOX");
    let text = String::from_utf8_lossy(&mails[1].bytes).into_owned();
    assert!(text.contains("House A: 3 pictures"), "{text}");
    assert!(text.contains("House C: 1 picture"), "{text}");
    for _ in 0..3 {
        scene.wait(3_600);
        scene.village.sync(&mut scene.b);
    }
    assert_eq!(scene.told().len(), 2, "nothing comes twice");
    scene.share(true);
    assert_eq!(scene.told()[2], "House C shared 1 picture with you");
}

#[test]
fn one_that_was_gathered_alone_is_told_as_always() {
    let mut scene = scene();
    scene.share(false);
    scene.share(true);
    scene.wait(600);
    scene.village.sync(&mut scene.b);
    let told = scene.told();
    assert_eq!(told[1..], ["House C shared 1 picture with you"]);
}

#[test]
fn what_comes_when_the_time_is_just_over_joins_what_was_gathered() {
    let mut scene = scene();
    scene.share(false);
    scene.share(false);
    scene.wait(600);
    scene.share(true);
    assert_eq!(scene.told()[1..], ["2 pictures from 2 households"]);
}

#[test]
fn what_ended_meanwhile_is_not_told() {
    let mut scene = scene();
    scene.share(false);
    scene.items += 1;
    let path = scene.a.folder.join("short.jpg");
    picture(&path, 77, 40);
    let items = scene.a.import(&[path]);
    let rules = "display=full,period=PT5M";
    let order = order(&[&items[0]], &["home-b@b.example"], rules);
    scene.a.share(&order).expect("recorded");
    scene.village.sync(&mut scene.a);
    scene.village.sync(&mut scene.b);
    scene.wait(900);
    scene.village.sync(&mut scene.b);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told().len(), 1, "{:?}", scene.told());
}

#[test]
fn mail_provider_that_is_away_holds_no_notice_back_for_ever() {
    let mut scene = scene();
    scene.share(false);
    scene.share(false);
    let faults = scene.village.server.faults();
    let away = testmail::Reply::new(421, "4.3.2 not now");
    faults.smtp_mail(away, testmail::Times::Always);
    scene.wait(600);
    scene.village.try_sync(&mut scene.b).expect("sync");
    scene.village.try_sync(&mut scene.b).expect("sync");
    assert_eq!(scene.told().len(), 1);
    faults.clear();
    scene.wait(86_400);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told().len(), 2);
}

#[test]
fn clock_that_was_ahead_leaves_nobody_untold() {
    let mut scene = scene();
    let ahead = 60 * 86_400;
    scene.b.wall += ahead;
    scene.b.synchronised = false;
    scene.share(false);
    assert_eq!(scene.told().len(), 1);
    scene.b.wall -= ahead;
    scene.b.synchronised = true;
    scene.share(false);
    assert_eq!(scene.told().len(), 2);
}

#[test]
fn who_left_the_house_is_told_nothing_more() {
    let mut scene = scene();
    scene.share(false);
    scene.share(false);
    let bob = "bob".parse().expect("a station");
    let now = scene.b.now();
    scene.b.home.remove_person(&bob, now).expect("removed");
    scene.wait(600);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told().len(), 1);
}

#[test]
fn who_wants_one_mail_a_day_gets_it_in_the_evening_and_not_before() {
    let mut scene = scene();
    scene.tell(WhenTold::Daily);
    // What evening is, is said by the clock of this machine.
    let (mut last, mut shared) = (scene.told().len(), 0);
    assert_eq!(last, 0);
    let mut mails = Vec::new();
    for hour in 0..60 {
        if [0, 1, 5, 30].contains(&hour) {
            scene.share(hour % 2 == 1);
            shared += 1;
        }
        scene.wait(3_600);
        scene.restart();
        scene.village.sync(&mut scene.b);
        let told = scene.told();
        if told.len() > last {
            assert_eq!(told.len(), last + 1, "one mail at a time");
            mails.push((hour, told[last].clone()));
            last = told.len();
        }
    }
    assert_eq!(shared, 4);
    assert!((2..=3).contains(&mails.len()), "{mails:?}");
    let apart = mails.windows(2).map(|two| two[1].0 - two[0].0);
    assert!(apart.clone().all(|hours| hours >= 23), "{mails:?}");
}

#[test]
fn who_is_told_nothing_is_told_nothing_and_what_was_gathered_goes_with_it() {
    let mut scene = scene();
    scene.share(false);
    scene.share(true);
    assert_eq!(scene.told().len(), 1);
    scene.tell(WhenTold::Never);
    scene.share(false);
    scene.wait(30 * 86_400);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told().len(), 1);
    // What came meanwhile was not missed by accident, and is not told later.
    scene.tell(WhenTold::AtOnce);
    scene.wait(86_400);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told().len(), 1);
    scene.share(true);
    assert_eq!(scene.told().len(), 2);
}

#[test]
fn what_was_gathered_for_the_evening_is_told_soon_to_who_wants_it_at_once_again() {
    let mut scene = scene();
    scene.tell(WhenTold::Daily);
    scene.share(false);
    assert_eq!(scene.told().len(), 0);
    scene.tell(WhenTold::AtOnce);
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.told(), ["House A shared 1 picture with you"]);
}
