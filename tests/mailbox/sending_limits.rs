//! Providers count: what is too much waits and says why, and nobody is given up on for it (CASES O-09).

use crate::house::both::{Both, both};
use crate::house::{House, Village};
use hearthpost::album::{DestinationState, ShareState};
use testmail::{Reply, Times, Transaction};

const A: &str = "home-a@a.example";
const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

fn scene() -> Scene {
    let mut both = both(&[], &[]);
    let share = both.share(&[B, C], "store=full");
    let Both { village, a, b, c } = both;
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

impl Scene {
    fn states(&self) -> Vec<DestinationState> {
        let destinations = self.a.destinations(&self.share);
        destinations.iter().map(|d| d.state).collect()
    }

    /// What stands behind each household in `sent`.
    fn errors(&self) -> Vec<String> {
        let sent = self.a.home.sent().expect("rows").remove(0);
        let mut all = sent.destinations;
        all.sort_by(|a, b| a.mailbox.as_str().cmp(b.mailbox.as_str()));
        all.into_iter()
            .map(|to| to.error.unwrap_or_default())
            .collect()
    }

    /// A's transactions so far.
    fn transactions(&self) -> Vec<Transaction> {
        let all = self.village.server.transactions();
        all.into_iter().filter(|t| t.account == A).collect()
    }

    /// How many transactions a pass of A makes.
    fn pass(&mut self) -> usize {
        let before = self.transactions().len();
        self.village.sync(&mut self.a);
        self.transactions().len() - before
    }

    fn all_arrives(&mut self) {
        self.village
            .settle(&mut [&mut self.a, &mut self.b, &mut self.c]);
        for house in [&self.b, &self.c] {
            assert_eq!(house.share_named(&self.share).state, ShareState::Complete);
        }
        assert_eq!(self.states(), [DestinationState::Delivered; 2]);
        assert_eq!(self.a.queued(), 0);
    }

    /// The limit is met: the pass ends, everything waits and says why, tries come later and later, and in the end all
    /// goes out.
    fn slows_down(mut self, words: &str) {
        assert!(self.pass() <= 1, "it stops at once");
        for state in self.states() {
            assert_eq!(state, DestinationState::Queued);
        }
        for error in self.errors() {
            assert!(error.contains(words), "{error}");
            assert!(error.contains("everything waits until"), "{error}");
        }
        self.a.wait(299);
        assert_eq!(self.pass(), 0, "not before its time");
        self.a.wait(1);
        assert!(self.pass() <= 1);
        self.a.wait(300);
        assert_eq!(self.pass(), 0, "the second wait is longer");
        for _ in 0..30 {
            self.a.wait(86_400);
            assert!(self.pass() <= 1);
            assert_eq!(self.states(), [DestinationState::Queued; 2], "nobody fails");
        }
        self.village.server.faults().clear();
        self.a.wait(86_400 + 300);
        self.b.wait(32 * 86_400);
        self.c.wait(32 * 86_400);
        self.all_arrives();
    }
}

#[test]
fn daily_limit_at_mail_slows_the_outbox_down() {
    let scene = scene();
    let reply = Reply::new(550, "5.4.5 Daily user sending limit exceeded");
    scene
        .village
        .server
        .faults()
        .smtp_mail(reply, Times::Always);
    scene.slows_down("Daily user sending limit");
}

#[test]
fn limit_at_the_first_recipient_slows_the_outbox_down() {
    let scene = scene();
    let reply = Reply::new(452, "4.5.3 Too many recipients");
    for to in [B, C] {
        let faults = scene.village.server.faults();
        faults.smtp_rcpt(to, reply.clone(), Times::Always);
    }
    scene.slows_down("452 4.5.3");
}

#[test]
fn rate_limit_after_the_message_slows_the_outbox_down() {
    let scene = scene();
    let reply = Reply::new(451, "4.7.1 Rate limit exceeded");
    scene
        .village
        .server
        .faults()
        .smtp_data(reply, Times::Always);
    scene.slows_down("Rate limit");
}

#[test]
fn limit_that_ends_the_connection_slows_the_outbox_down() {
    let scene = scene();
    let reply = Reply::new(421, "4.7.0 Try again later, closing connection");
    scene
        .village
        .server
        .faults()
        .smtp_mail(reply, Times::Always);
    scene.slows_down("Try again later");
}

#[test]
fn recipient_whose_server_says_so_for_ever_does_not_stop_the_rest() {
    let mut scene = scene();
    let reply = Reply::new(450, "4.7.1 Rate limit exceeded");
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(B, reply, Times::Always);
    for _ in 0..12 {
        scene.village.sync(&mut scene.a);
        scene.a.wait(600);
    }
    let states = scene.states();
    assert_eq!(states, [DestinationState::Queued, DestinationState::Sent]);
    faults.clear();
    scene.a.wait(86_400);
    scene.b.wait(86_400);
    scene.c.wait(86_400);
    scene.all_arrives();
}

#[test]
fn too_many_sign_ins_slow_the_outbox_down() {
    let scene = scene();
    let reply = Reply::new(454, "4.7.0 Too many login attempts, please try again later");
    scene
        .village
        .server
        .faults()
        .smtp_auth(reply, Times::Always);
    scene.slows_down("Too many login attempts");
}

#[test]
fn what_does_not_fit_into_one_transaction_goes_in_the_next_at_once() {
    let mut scene = scene();
    scene.village.server.faults().smtp_recipient_limit(1);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.states(), [DestinationState::Sent; 2]);
    let refused = scene.transactions();
    let refused = refused
        .iter()
        .filter(|t| t.recipients.iter().any(|(_, code)| *code == 452));
    assert_eq!(refused.count(), 1, "it is learnt from the first");
    scene.all_arrives();
}

#[test]
fn greylisted_recipient_is_tried_again_alone() {
    let mut scene = scene();
    let reply = Reply::new(
        450,
        "4.7.1 Greylisted, too many requests, try again in 60 seconds",
    );
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(C, reply, Times::Always);
    scene.village.sync(&mut scene.a);
    assert_eq!(
        scene.states(),
        [DestinationState::Sent, DestinationState::Queued]
    );
    assert!(scene.errors()[1].contains("Greylisted"));
    faults.clear();
    scene.a.wait(60);
    let before = scene.transactions().len();
    scene.village.sync(&mut scene.a);
    for transaction in &scene.transactions()[before..] {
        assert_eq!(transaction.recipients.len(), 1);
        assert_eq!(transaction.recipients[0].0, C);
    }
    scene.all_arrives();
}

#[test]
fn full_mailbox_is_shown_and_tried_for_days_also_where_it_is_said_for_good() {
    let mut scene = scene();
    let reply = Reply::new(552, "5.2.2 The email account is over quota");
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(C, reply, Times::Always);
    for _ in 0..6 {
        scene.village.sync(&mut scene.a);
        assert_eq!(
            scene.states(),
            [DestinationState::Sent, DestinationState::Queued]
        );
        assert!(scene.errors()[1].starts_with("their mailbox is full (552 5.2.2"));
        scene.a.wait(6 * 3_600);
    }
    faults.clear();
    scene.all_arrives();
}

#[test]
fn server_that_hangs_up_for_a_month_fails_nobody() {
    let mut scene = scene();
    let reply = Reply::new(421, "4.3.0 shutting down");
    let faults = scene.village.server.faults();
    faults.smtp_mail(reply, Times::Always);
    for _ in 0..60 {
        scene.village.try_sync(&mut scene.a).expect("sync");
        scene.a.wait(12 * 3_600);
    }
    assert_eq!(scene.states(), [DestinationState::Queued; 2]);
    faults.clear();
    scene.b.wait(30 * 86_400);
    scene.c.wait(30 * 86_400);
    scene.all_arrives();
}

#[test]
fn budget_is_kept_before_the_provider_has_to_say_so() {
    let mut scene = scene();
    scene.a.home.config.smtp.max_recipients_per_day = Some(3);
    scene.village.sync(&mut scene.a);
    let served = |scene: &Scene| -> usize {
        let sent = scene.transactions();
        sent.iter().map(|t| t.recipients.len()).sum()
    };
    assert_eq!(served(&scene), 3);
    assert_eq!(scene.pass(), 0);
    let waiting = scene.errors();
    let says = |error: &String| error.contains("the day's 3 recipients are used up");
    assert!(waiting.iter().any(says), "{waiting:?}");
    for _ in 0..3 {
        scene.a.wait(86_401);
        let before = served(&scene);
        scene.village.sync(&mut scene.a);
        assert!(served(&scene) - before <= 3);
    }
    scene.a.home.config.smtp.max_recipients_per_day = None;
    scene.b.wait(4 * 86_400);
    scene.c.wait(4 * 86_400);
    scene.all_arrives();
}

#[test]
fn pause_that_a_clock_ahead_began_does_not_last() {
    let mut scene = scene();
    let reply = Reply::new(550, "5.4.5 Daily user sending limit exceeded");
    scene
        .village
        .server
        .faults()
        .smtp_mail(reply, Times::Next(1));
    let ten_years = 10 * 365 * 86_400;
    scene.a.wall += ten_years;
    scene.a.synchronised = false;
    scene.village.sync(&mut scene.a);
    scene.a.wall -= ten_years;
    scene.a.synchronised = true;
    scene.all_arrives();
}
