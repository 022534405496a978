//! The box at work for several households at once: what one sends another hears of, and trouble stays where it is.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use crate::street::{SOON, Street, address, await_that, introduce, runtime, share};
use hearthpost::album::ring;
use hearthpost::daemon::serve_all;
use hearthpost::sharing::clock::Reading;
use hearthpost::sharing::{Fault, Household, Obstacle};
use testmail::{Account, Times};
use tokio::sync::oneshot;

/// `serve` on a thread of its own, until it is stopped.
struct Serving {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), Fault>>,
}

impl Serving {
    fn start(configs: &[PathBuf]) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (begun, begins) = mpsc::channel();
        let configs = configs.to_vec();
        let thread = std::thread::spawn(move || {
            let homes = configs
                .iter()
                .map(|path| Household::open(path).expect("opens"));
            let homes = homes.collect();
            begun.send(()).expect("somebody waits");
            let stopped = async {
                // A test that failed drops the sender, and that stops as well.
                let _ = stopped.await;
            };
            runtime().block_on(serve_all(homes, stopped))
        });
        begins.recv().expect("all open");
        Serving { stop, thread }
    }

    fn stop(self) -> Result<(), Fault> {
        // It may have ended already.
        let _ = self.stop.send(());
        self.thread.join().expect("no panic")
    }
}

#[test]
fn what_another_process_shares_goes_out_at_once_and_wakes_the_other_house() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    let serving = Serving::start(&[a.clone(), b]);
    for n in 1..=2 {
        share(&a, &address("b"), true);
        // The notice of house B: it was woken by its mail, took the share in, and told its people.
        street.until_told(n);
    }
    serving.stop().expect("a clean end");
    for x in ["a", "b"] {
        assert_eq!(street.logins(x), 1, "{x}");
    }
    let log = street.server.imap_log();
    let logouts = log
        .iter()
        .filter(|command| command.text == "LOGOUT")
        .count();
    assert_eq!(logouts, 2);
}

#[test]
fn a_connection_that_is_lost_in_a_rest_is_made_anew() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    let serving = Serving::start(&[a.clone(), b.clone()]);
    for n in 1..=3 {
        share(&a, &address("b"), true);
        street.until_told(n);
        // testmail hangs up on who has the folder open. The bell cuts the wait short that follows.
        for x in ["a", "b"] {
            let renumbered = street.server.change_uidvalidity(&address(x), "INBOX");
            renumbered.expect("INBOX");
        }
        ring(&b.with_file_name("data"));
    }
    serving.stop().expect("a clean end");
    assert!(street.logins("b") > 1);
}

// CASES O-03: where the server does not tell of mail, it is looked for each `imap.poll_interval`, not each 5 minutes.
#[test]
fn without_idle_mail_is_looked_for_at_the_poll_interval() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    let text = std::fs::read_to_string(&b).expect("a file");
    let text = text.replace("[imap]\n", "[imap]\npoll_interval = \"1s\"\n");
    std::fs::write(&b, text).expect("a file");
    street.server.faults().imap_withhold("IDLE");
    let serving = Serving::start(&[a.clone(), b]);
    for n in 1..=3 {
        share(&a, &address("b"), true);
        street.until_told(n);
    }
    serving.stop().expect("a clean end");
    assert!(!street.server.imap_log().iter().any(|c| c.text == "IDLE"));
}

// The stop is told once; it must not be lost with the connection.
#[test]
fn a_stop_counts_though_the_server_does_not_let_go() {
    let street = Street::new("a");
    let config = street.house("a");
    let text = std::fs::read_to_string(&config).expect("a file");
    let text = text.replace("[imap]\n", "[imap]\ntimeout = \"1s\"\n");
    std::fs::write(&config, text).expect("a file");
    street.server.faults().imap_deaf_idle(Times::Always);
    let serving = Serving::start(&[config]);
    await_that("it idles", || {
        let log = street.server.imap_log();
        log.iter().any(|command| command.text == "IDLE")
    });
    serving.stop().expect("a clean end");
}

#[test]
fn a_household_is_served_once() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    let serving = Serving::start(std::slice::from_ref(&a));
    let socket = a.with_file_name("data").join("serve.sock");
    await_that("it serves", || socket.exists());
    let home = Household::open(&a).expect("opens");
    let fault = runtime().block_on(serve_all(vec![home], std::future::pending()));
    let fault = fault.expect_err("one is enough");
    assert_eq!((fault.code, fault.usage), ("served", false));
    assert!(fault.message.contains(&address("a")), "{fault}");
    // The first one is not disturbed, and the other household of a second one is served.
    let other = Serving::start(&[a.clone(), b]);
    share(&a, &address("b"), true);
    street.until_told(1);
    serving.stop().expect("a clean end");
    let fault = other.stop().err().map(|fault| fault.code);
    assert_eq!(fault, Some("served"));
}

#[test]
fn a_share_that_was_made_before_goes_out_at_the_start() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    share(&a, &address("b"), false);
    let serving = Serving::start(&[a]);
    let came = street
        .server
        .wait_for_messages(&address("b"), "INBOX", 2, SOON);
    came.expect("the letter and its parts");
    serving.stop().expect("a clean end");
}

#[test]
fn a_house_that_cannot_reach_its_mail_stops_no_other() {
    let street = Street::new("abcd");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    // Nobody listens there, and there somebody refuses.
    let (c, d) = (street.house_at("c", 1), street.house("d"));
    let faults = street.server.faults();
    faults.of(&address("d")).refuse_password(Times::Always);
    let serving = Serving::start(&[c, d, a.clone(), b]);
    share(&a, &address("b"), true);
    street.until_told(1);
    serving.stop().expect("a clean end");
    assert_eq!(street.logins("d"), 1);
}

#[test]
fn a_bell_is_heard_by_one_and_what_a_killed_run_left_is_replaced() {
    let street = Street::new("a");
    let home = Household::open(&street.house("a")).expect("opens");
    let runtime = runtime();
    let _inside = runtime.enter();
    ring(home.album.folder());
    let bell = home.album.hang_bell().expect("hung");
    assert!(home.album.hang_bell().is_err());
    // Many rings are one, and none is lost while nobody listens.
    for _ in 0..5_000 {
        ring(home.album.folder());
    }
    runtime.block_on(bell.rung());
    drop(bell);
    let socket = home.album.folder().join("serve.sock");
    assert!(!socket.exists());
    std::fs::write(&socket, "").expect("a file");
    let bell = home.album.hang_bell().expect("replaced");
    ring(home.album.folder());
    runtime.block_on(bell.rung());
}

// CASES O-04: the account would be locked.
#[test]
fn a_refused_sign_in_is_tried_again_only_with_another_password() {
    let street = Street::new("a");
    let config = street.house("a");
    let mut home = Household::open(&config).expect("opens");
    let faults = street.server.faults();
    let refused = "[AUTHENTICATIONFAILED] Basic authentication is disabled.";
    faults.imap_refuse("LOGIN", refused, Times::Always);
    let pass = |home: &mut Household| runtime().block_on(home.sync(&Reading::take()));
    for _ in 0..3 {
        let done = pass(&mut home).expect("a pass");
        assert_eq!(done.obstacle, Obstacle::SignIn);
        assert!(done.trouble[0].contains("takes no passwords"), "{done:?}");
    }
    assert_eq!(street.logins("a"), 1);
    faults.clear();
    assert_eq!(pass(&mut home).expect("a pass").obstacle, Obstacle::SignIn);
    assert_eq!(street.logins("a"), 1);
    let other = Account::new(address("a"), "another");
    street.server.add_account(&other);
    std::fs::write(config.with_file_name("password"), "another").expect("a file");
    assert_eq!(
        pass(&mut home).expect("a pass").trouble,
        Vec::<String>::new()
    );
    assert_eq!(street.logins("a"), 2);
    // Another run tries what this one would not.
    faults.imap_refuse("LOGIN", refused, Times::Next(1));
    assert_eq!(pass(&mut home).expect("a pass").obstacle, Obstacle::SignIn);
    let mut again = Household::open(&config).expect("opens");
    assert_eq!(pass(&mut again).expect("a pass").obstacle, Obstacle::None);
}

#[test]
fn a_refused_smtp_sign_in_is_not_repeated_either_and_mail_is_still_read() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    share(&a, &address("b"), false);
    let mut home = Household::open(&a).expect("opens");
    let faults = street.server.faults();
    let no = testmail::Reply::new(535, "5.7.8 wrong");
    faults.smtp_auth(no, Times::Next(2));
    for _ in 0..3 {
        let done = runtime().block_on(home.sync(&Reading::take()));
        let done = done.expect("a pass");
        assert_eq!(done.obstacle, Obstacle::None);
        assert_eq!(done.submitted, 0);
    }
    assert_eq!(faults.outstanding(), 1);
}

// CASES O-03: no wrong password, and tried again by itself.
#[test]
fn too_many_connections_is_an_obstacle_of_its_own() {
    let street = Street::new("a");
    let mut home = Household::open(&street.house("a")).expect("opens");
    let faults = street.server.faults();
    let full = "[ALERT] Too many simultaneous connections. (Failure)";
    faults.imap_refuse("LOGIN", full, Times::Next(1));
    let mut pass = || {
        runtime()
            .block_on(home.sync(&Reading::take()))
            .expect("a pass")
    };
    let done = pass();
    assert_eq!(done.obstacle, Obstacle::Crowded);
    assert!(!done.trouble[0].contains("password"), "{done:?}");
    assert_eq!(pass().obstacle, Obstacle::None);
}

#[test]
fn a_kept_connection_that_died_is_replaced_without_a_word() {
    let street = Street::new("a");
    let mut home = Household::open(&street.house("a")).expect("opens");
    let runtime = runtime();
    let mut line = None;
    for n in 1..=3 {
        let done = runtime.block_on(home.sync_over(&Reading::take(), &mut line));
        assert_eq!(done.expect("a pass").trouble, Vec::<String>::new());
        assert!(line.is_some());
        assert_eq!(street.logins("a"), if n < 3 { 1 } else { 2 });
        if n == 2 {
            // testmail hangs up on who has the folder open, at the next command.
            let junk = street.server.change_uidvalidity(&address("a"), "Junk");
            junk.expect("a folder");
        }
    }
}

#[test]
fn the_next_pass_is_due_when_the_outbox_or_a_share_is() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    let pass = |config: &Path| {
        let mut home = Household::open(config).expect("opens");
        runtime()
            .block_on(home.sync(&Reading::take()))
            .expect("a pass")
    };
    assert_eq!(pass(&a).due_in, None);
    share(&a, &address("b"), false);
    let later = testmail::Reply::new(451, "4.3.0 later");
    street.server.faults().smtp_mail(later, Times::Always);
    let due = pass(&a).due_in.expect("the outbox is due");
    assert!((1..=60).contains(&due), "{due}");
    street.server.faults().clear();
    share(&b, &address("a"), false);
    pass(&b);
    let mut home = Household::open(&a).expect("opens");
    let done = runtime().block_on(home.sync(&Reading::take()));
    assert!(done.expect("a pass").ingested > 0);
    // What is put off by a minute is due before the share ends in an hour.
    assert!(pass(&a).due_in.expect("something is due") <= 60);
    let ends = pass(&b).due_in;
    assert_eq!(ends, None, "what others hold is theirs to end");
}

#[test]
fn the_end_of_a_share_is_due() {
    let street = Street::new("ab");
    let (a, b) = (street.house("a"), street.house("b"));
    introduce([&a, &b]);
    share(&a, &address("b"), false);
    let pass = |config: &Path| {
        let mut home = Household::open(config).expect("opens");
        runtime()
            .block_on(home.sync(&Reading::take()))
            .expect("a pass")
    };
    pass(&a);
    let due = pass(&b).due_in.expect("the share ends");
    assert!((3_000..=3_600).contains(&due), "{due}");
}
