//! What a household said of a share stands, whatever the provider says later; and nothing goes on to one that has answered.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, PartRequest};
use testmail::{Reply, Times};

const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";
const DAY: u64 = 86_400;

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
}

/// A shared a picture with B and with C, which never looks into its mailbox: so A keeps what it sent.
fn scene() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let mut c = village.house("c", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let share = a.share(&order(&[&items[0]], &[B, C], "display=full,store=full"));
    Scene {
        share: share.expect("recorded").share,
        village,
        a,
        b,
    }
}

impl Scene {
    /// How far it got at B.
    fn state(&self) -> DestinationState {
        self.a.destinations(&self.share)[0].state
    }

    fn wait(&mut self, seconds: u64) {
        self.a.wait(seconds);
        self.b.wait(seconds);
    }

    /// A hands in so many of its messages, a recipient a day, and a day later it may hand in all.
    fn hand_in(&mut self, messages: usize) {
        self.a.home.config.smtp.max_recipients_per_day = Some(1);
        for _ in 0..messages {
            self.village.sync(&mut self.a);
            self.wait(DAY + 1);
        }
        self.a.home.config.smtp.max_recipients_per_day = None;
    }

    /// The provider refuses what is for B.
    fn refuse_b(&self) {
        let refused = Reply::new(550, "5.7.1 not any more");
        self.village
            .server
            .faults()
            .smtp_rcpt(B, refused, Times::Always);
    }

    /// How many mails were handed in for B.
    fn handed_in(&self) -> usize {
        let sent = self.village.server.transactions();
        let for_b = |mail: &&testmail::Transaction| mail.recipients.iter().any(|(at, _)| at == B);
        sent.iter().filter(for_b).count()
    }
}

#[test]
fn what_arrived_stays_delivered_though_the_provider_refuses_it_once_more() {
    let mut s = scene();
    // The last goes to both, and its answer is lost: A does not know that it arrived.
    let all = s.a.queued();
    s.a.home.config.smtp.max_recipients_per_day = Some(2);
    while s.a.queued() > 1 {
        s.village.sync(&mut s.a);
        s.wait(DAY + 1);
    }
    assert!(all > 2);
    s.a.home.config.smtp.max_recipients_per_day = None;
    s.village.server.faults().smtp_lose_answer(Times::Next(1));
    let done = s.village.try_sync(&mut s.a).expect("sync");
    assert_eq!(done.trouble.len(), 1, "{:?}", done.trouble);
    assert_eq!(s.state(), DestinationState::Queued);
    s.village.sync(&mut s.b);
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Delivered);
    let before = s.handed_in();
    s.refuse_b();
    s.wait(DAY);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Delivered);
    assert_eq!(s.handed_in(), before, "it does not go again");
}

#[test]
fn what_was_asked_for_again_and_is_not_taken_leaves_delivered_what_is() {
    let mut s = scene();
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(s.state(), DestinationState::Delivered);
    // Its box was set up anew, from a backup.
    let share = s.b.share_named(&s.share);
    let rows = s.b.home.album.rows();
    let holding = rows.holdings(share.id).expect("rows").remove(0);
    let parts = rows.parts(share.id).expect("rows");
    let body = Body::PartRequest(PartRequest {
        share: share.wire,
        origin: share.origin,
        parts: parts.iter().map(|part| part.digest).collect(),
        chain: holding.chain.into_iter().map(Bytes).collect(),
    });
    let mail = s.b.letter(&s.a, &s.b.header(&s.a), &body);
    s.village.deliver(&s.a, &mail);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(550, "5.7.1 not today"), Times::Next(1));
    s.village.sync(&mut s.a);
    assert_eq!(faults.outstanding(), 0, "it was to go");
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn nothing_more_goes_to_a_household_that_refused_it() {
    let mut s = scene();
    s.hand_in(1);
    s.b.home.config.limits.quota_total = 1;
    let refused = s.village.sync(&mut s.b).refused;
    assert_eq!(refused.len(), 1, "{refused:?}");
    // The word of it comes while the provider takes nothing.
    let faults = s.village.server.faults();
    let later = Reply::new(451, "4.3.0 try again later");
    faults
        .of(s.a.mailbox.as_str())
        .smtp_mail(later, Times::Always);
    s.village.try_sync(&mut s.a).expect("sync");
    assert_eq!(s.state(), DestinationState::Refused);
    faults.clear();
    let before = s.handed_in();
    s.wait(DAY);
    s.village.sync(&mut s.a);
    assert_eq!(s.handed_in(), before);
    assert_eq!(s.a.destinations(&s.share)[1].state, DestinationState::Sent);
}

/// While a long message goes out, another process of the house takes the share back.
#[test]
fn what_was_taken_back_stays_so_though_the_provider_refuses_it() {
    let mut s = scene();
    let database = rusqlite::Connection::open(s.a.folder.join("data/album.sqlite"));
    let database = database.expect("opens");
    let meanwhile =
        "CREATE TRIGGER meanwhile AFTER UPDATE ON outbox_recipient WHEN NEW.state = 'failed'
         BEGIN UPDATE destination SET state = 'revoked'; END;";
    database.execute_batch(meanwhile).expect("a trigger");
    s.refuse_b();
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Revoked);
    let drop = "DROP TRIGGER meanwhile;";
    database.execute_batch(drop).expect("no trigger any more");
}
