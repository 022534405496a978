//! What is over is gone: keys, parts and pictures. And what a wrong clock says is over is not lost.

use crate::house;
use crate::house::{House, Village, on_its_way, order, picture};
use hearthpost::album::{HoldingState, ShareState};
use hearthpost::envelope::Id;
use hearthpost::rules::Action;

const DAY: u64 = 86_400;
const TEN_YEARS: u64 = 10 * 365 * DAY;

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
    item: String,
    mails: Vec<Vec<u8>>,
}

fn scene(rules: &str) -> Scene {
    let (village, a, mut b, share) = on_its_way(rules);
    let mails = village.inbox(&b);
    village.sync(&mut b);
    let item = b.items(&share).remove(0).reference;
    Scene {
        village,
        a,
        b,
        share,
        item,
        mails,
    }
}

impl Scene {
    fn can_look(&mut self) -> bool {
        let looked = self.b.view(&self.item, "bob", Action::Display);
        looked
            .map_err(|fault| assert_eq!(fault.code, "denied"))
            .is_ok()
    }

    fn expire(&mut self) {
        self.b.wait(8 * DAY);
        assert_eq!(self.village.sync(&mut self.b).expired, 1);
        self.assert_gone();
    }

    fn assert_gone(&self) {
        assert_eq!(self.b.share_named(&self.share).state, ShareState::Expired);
        assert_eq!(self.b.blobs().len(), 0, "no part is left");
        let rows = self.b.home.album.rows();
        let share = self.b.share_named(&self.share);
        for holding in rows.holdings(share.id).expect("rows") {
            assert_eq!(holding.state, HoldingState::Expired);
            let keys = rows.holding_grant(holding.id).expect("rows");
            assert_eq!(keys, None, "no key is left");
        }
        for part in rows.parts(share.id).expect("rows") {
            assert!(!part.held && !part.wanted);
        }
    }
}

#[test]
fn share_that_is_over_leaves_only_a_tombstone_and_says_so() {
    let mut scene = scene("display=1280,period=P7D");
    scene.expire();
    let fault = scene.b.view(&scene.item, "bob", Action::Display);
    let fault = fault.expect_err("over");
    assert_eq!(fault.code, "denied");
    assert!(fault.message.contains("over"), "{}", fault.message);
    assert_eq!(scene.village.sync(&mut scene.b).expired, 0, "once");
}

#[test]
fn keys_of_a_share_that_is_over_are_in_no_file() {
    let mut scene = scene("display=1280,period=P7D");
    let share = scene.b.share_named(&scene.share);
    let rows = scene.b.home.album.rows();
    let holding = rows.holdings(share.id).expect("rows").remove(0).id;
    let sealed = rows.holding_grant(holding).expect("rows");
    let sealed = sealed.expect("its grant");
    let slice = &sealed[sealed.len() / 2..sealed.len() / 2 + 48];
    let found = |scene: &Scene| {
        let files = house::state::files_below(&scene.b.folder.join("data"));
        files.iter().any(|file| {
            let bytes = std::fs::read(file).expect("a file");
            bytes.windows(slice.len()).any(|w| w == slice)
        })
    };
    assert!(found(&scene), "the search works");
    scene.expire();
    assert!(!found(&scene));
}

#[test]
fn replayed_grant_and_parts_revive_nothing() {
    let mut scene = scene("display=1280,period=P7D");
    scene.expire();
    for mail in &scene.mails {
        scene.village.deliver(&scene.b, mail);
    }
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.notified, 0);
    scene.assert_gone();
    assert!(scene.village.inbox(&scene.b).is_empty());
    // The same grant as another letter, so that it is no replay by its id.
    let mut grant = scene.b.read_grant(&scene.mails[0]);
    grant.header.id = Id::random();
    let again = grant.mail(&scene.a, &scene.b);
    scene.village.deliver(&scene.b, &again);
    scene.village.sync(&mut scene.b);
    scene.assert_gone();
}

#[test]
fn newer_grant_opens_a_share_that_is_over_again() {
    let mut scene = scene("display=1280,period=P7D");
    scene.expire();
    let mut grant = scene.b.read_grant(&scene.mails[0]);
    grant.header = scene.b.header(&scene.b);
    grant.header.from = scene.a.home.me();
    for station in &mut grant.grant.stations {
        station.rules.period = hearthpost::encoding::Period::from_days(30);
    }
    scene
        .village
        .deliver(&scene.b, &grant.mail(&scene.a, &scene.b));
    for mail in &scene.mails[1..] {
        scene.village.deliver(&scene.b, mail);
    }
    scene.village.sync(&mut scene.b);
    assert_eq!(
        scene.b.share_named(&scene.share).state,
        ShareState::Complete
    );
    assert!(scene.can_look());
    // The period did not start anew: it runs from the first moment of all.
    scene.b.wait(22 * DAY);
    assert!(!scene.can_look());
}

#[test]
fn clock_set_back_revives_nothing() {
    let mut scene = scene("display=1280,period=P7D");
    scene.b.wait(7 * DAY);
    assert!(!scene.can_look());
    scene.b.wall -= 30 * DAY as i64;
    scene.b.synchronised = false;
    assert!(!scene.can_look());
    scene.village.sync(&mut scene.b);
    assert!(!scene.can_look());
}

#[test]
fn clock_ten_years_ahead_for_a_minute_denies_and_loses_nothing() {
    let mut scene = scene("display=1280,store=full,period=P7D");
    let before = scene.b.visible();
    scene.b.wall += TEN_YEARS as i64;
    scene.b.synchronised = false;
    assert!(!scene.can_look());
    let done = scene.village.sync(&mut scene.b);
    assert_eq!(done.expired, 0);
    assert_eq!(scene.b.visible(), before);
    scene.b.wait(60);
    scene.b.wall -= TEN_YEARS as i64;
    scene.b.synchronised = true;
    assert!(scene.can_look());
    assert_eq!(scene.b.visible(), before);
}

#[test]
fn clock_ten_years_ahead_lets_nobody_look_longer() {
    let (village, _a, mut b, share) = on_its_way("display=1280,period=P7D");
    // The grant is taken while the clock is right, and the parts come while it is ahead.
    let mails = village.take_mail(&b);
    village.deliver(&b, &mails[0]);
    village.sync(&mut b);
    for mail in &mails[1..] {
        village.deliver(&b, mail);
    }
    b.wall += TEN_YEARS as i64;
    b.synchronised = false;
    village.sync(&mut b);
    b.wall -= TEN_YEARS as i64;
    b.synchronised = true;
    let item = b.items(&share).remove(0).reference;
    assert!(b.view(&item, "bob", Action::Display).is_ok());
    b.wait(7 * DAY);
    assert!(b.view(&item, "bob", Action::Display).is_err());
    assert_eq!(village.sync(&mut b).expired, 1);
}

#[test]
fn grant_that_comes_while_the_clock_is_wrong_waits_for_a_right_one() {
    let (village, _a, mut b, share) = on_its_way("display=1280,period=P7D");
    b.wall += TEN_YEARS as i64;
    b.synchronised = false;
    let done = village.sync(&mut b);
    assert_eq!((done.refused.len(), b.knows(&share)), (0, false));
    b.wall -= TEN_YEARS as i64;
    b.synchronised = true;
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

#[test]
fn share_made_while_the_clock_was_ahead_goes_out_when_it_is_right() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    a.wall += TEN_YEARS as i64;
    a.synchronised = false;
    let order = order(
        &[&items[0]],
        &["home-b@b.example"],
        "display=1280,period=P7D",
    );
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    a.wall -= TEN_YEARS as i64;
    a.synchronised = true;
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let item = b.items(&share).remove(0).reference;
    assert!(b.view(&item, "bob", Action::Display).is_ok());
    b.wait(7 * DAY);
    assert!(b.view(&item, "bob", Action::Display).is_err());
}

#[test]
fn sent_parts_go_once_everybody_has_them() {
    let mut scene = scene("display=1280,period=P7D");
    assert_ne!(scene.a.blobs().len(), 0);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.a.blobs().len(), 0);
}
