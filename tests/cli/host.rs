//! The host of many households: those of a folder are served as they come and go, and trouble of one is nobody else's.

use crate::command;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::street::{SOON, Street, address, await_that, introduce, runtime, share};
use hearthpost::album::Album;
use hearthpost::daemon::{Door, host};
use hearthpost::sharing::{Fault, Household};
use tokio::sync::{Notify, oneshot};

/// `serve --households` on a thread of its own, until it is stopped.
struct Hosting {
    stop: oneshot::Sender<()>,
    again: Arc<Notify>,
    thread: JoinHandle<Result<(), Fault>>,
}

impl Hosting {
    fn start(folder: &Path) -> Self {
        let (stop, stopped) = oneshot::channel();
        let again = Arc::new(Notify::new());
        let (folder, look) = (folder.to_owned(), Arc::clone(&again));
        let thread = std::thread::spawn(move || {
            let stopped = async {
                // A test that failed drops the sender, and that stops as well.
                let _ = stopped.await;
            };
            let open = |_: &Path, _: &mut Household| -> Door { Box::pin(async {}) };
            runtime().block_on(host(&folder, open, &look, stopped))
        });
        Hosting {
            stop,
            again,
            thread,
        }
    }

    fn stop(self) -> Result<(), Fault> {
        // It may have ended already.
        let _ = self.stop.send(());
        self.thread.join().expect("no panic")
    }
}

/// A folder of configurations beside the households of a street, which lie elsewhere with what is theirs.
struct Hall {
    street: Street,
    folder: PathBuf,
}

impl Hall {
    fn new(letters: &str) -> Self {
        let street = Street::new(letters);
        let folder = street.folder.path().join("households");
        fs::create_dir(&folder).expect("a folder");
        Hall { street, folder }
    }

    /// Lets a household in: its configuration appears whole, under that name.
    fn admit(&self, config: &Path, name: &str) -> PathBuf {
        let text = fs::read_to_string(config).expect("a file");
        let data = config.with_file_name("data");
        let text = format!("data = {:?}\n{text}", data.to_str().expect("text"));
        let file = self.folder.join(name);
        fs::write(file.with_extension("new"), text).expect("a file");
        fs::rename(file.with_extension("new"), &file).expect("renamed");
        file
    }

    fn told(&self, count: usize) {
        self.street.until_told(count);
    }

    fn logouts(&self) -> usize {
        let log = self.street.server.imap_log();
        log.iter().filter(|said| said.text == "LOGOUT").count()
    }
}

/// Nobody has the album of this household open.
fn is_free(config: &Path) -> bool {
    Album::seize(&config.with_file_name("data")).is_ok()
}

#[test]
fn households_come_and_go_without_a_restart() {
    let hall = Hall::new("ab");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    introduce([&a, &b]);
    let hosting = Hosting::start(&hall.folder);
    hall.admit(&a, "a.toml");
    let place = hall.admit(&b, "b.toml");
    share(&a, &address("b"), true);
    hall.told(1);
    let before = hall.logouts();
    fs::remove_file(&place).expect("removed");
    await_that("b is given back", || is_free(&b));
    assert_eq!(hall.logouts(), before + 1, "it said goodbye");
    assert!(!is_free(&a), "the other one is served as before");
    assert!(!b.with_file_name("data").join("serve.sock").exists());
    // What comes meanwhile waits, and a folder of its own is as good a place.
    share(&a, &address("b"), true);
    fs::create_dir(hall.folder.join("b")).expect("a folder");
    hall.admit(&b, "b/hearthpost.toml");
    hall.told(2);
    assert_eq!(hall.street.logins("a"), 1);
    hosting.stop().expect("a clean end");
    assert!(is_free(&a) && is_free(&b));
}

#[test]
fn a_mailbox_that_says_nothing_delays_no_other_and_can_be_taken_out() {
    let hall = Hall::new("abc");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    introduce([&a, &b]);
    // It takes the connection, and that is all it ever does.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let c = hall.street.house_at("c", port);
    let text = fs::read_to_string(&c).expect("a file");
    let text = text.replace("[imap]\n", "[imap]\ntimeout = \"5s\"\n");
    fs::write(&c, text).expect("a file");
    let place = hall.admit(&c, "c.toml");
    let hosting = Hosting::start(&hall.folder);
    let (_kept, _) = silent.accept().expect("it tries");
    hall.admit(&a, "d.toml");
    hall.admit(&b, "e.toml");
    for n in 1..=3 {
        share(&a, &address("b"), true);
        hall.told(n);
    }
    // In the middle of its pass, or in the wait after it.
    fs::remove_file(&place).expect("removed");
    await_that("c is given back", || is_free(&c));
    let home = Household::open(&c).expect("sound");
    drop(home.album.try_lock().expect("the pass gave its lock back"));
    share(&a, &address("b"), true);
    hall.told(4);
    hosting.stop().expect("a clean end");
}

#[test]
fn a_broken_configuration_stops_no_other_and_is_served_once_it_is_mended() {
    let hall = Hall::new("ab");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    introduce([&a, &b]);
    hall.admit(&a, "a.toml");
    fs::write(hall.folder.join("b.toml"), "name = ").expect("a file");
    // And one that leads nowhere, and a household that is there already.
    std::os::unix::fs::symlink("nowhere", hall.folder.join("c.toml")).expect("a link");
    hall.admit(&a, "z.toml");
    let hosting = Hosting::start(&hall.folder);
    share(&a, &address("b"), true);
    let came = |count| {
        let server = &hall.street.server;
        let came = server.wait_for_messages(&address("b"), "INBOX", count, SOON);
        came.expect("mail");
    };
    came(2);
    hall.admit(&b, "b.toml");
    hall.told(1);
    // Broken again, it goes on with the settings it has.
    fs::write(hall.folder.join("b.toml"), "name = ").expect("a file");
    hosting.again.notify_one();
    share(&a, &address("b"), true);
    hall.told(2);
    assert_eq!(hall.street.logins("b"), 1);
    assert_eq!(hall.street.logins("a"), 1, "served once");
    hosting.stop().expect("a clean end");
}

#[test]
fn other_settings_count_without_a_restart() {
    let hall = Hall::new("ab");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    introduce([&a, &b]);
    // Nobody listens there.
    let text = fs::read_to_string(&b).expect("a file");
    let right = hall.street.server.imap_port();
    let wrong = text.replace(&format!(":{right}"), ":1");
    assert_ne!(text, wrong);
    fs::write(&b, wrong).expect("a file");
    hall.admit(&a, "a.toml");
    hall.admit(&b, "b.toml");
    let hosting = Hosting::start(&hall.folder);
    share(&a, &address("b"), true);
    let server = &hall.street.server;
    let came = server.wait_for_messages(&address("b"), "INBOX", 2, SOON);
    came.expect("mail");
    fs::write(&b, text).expect("a file");
    hall.admit(&b, "b.toml");
    hall.told(1);
    hosting.stop().expect("a clean end");
}

#[test]
fn the_folder_may_go_and_nobody_is_ended_by_that() {
    let hall = Hall::new("ab");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    introduce([&a, &b]);
    hall.admit(&a, "a.toml");
    hall.admit(&b, "b.toml");
    let hosting = Hosting::start(&hall.folder);
    share(&a, &address("b"), true);
    hall.told(1);
    let away = hall.folder.with_file_name("away");
    fs::rename(&hall.folder, &away).expect("moved");
    hosting.again.notify_one();
    share(&a, &address("b"), true);
    hall.told(2);
    fs::rename(&away, &hall.folder).expect("moved back");
    hosting.stop().expect("a clean end");
    let fault = Hosting::start(&away).stop().expect_err("no folder");
    assert_eq!((fault.code, fault.usage), ("households", true));
}

#[test]
fn the_command_answers_browsers_of_households_as_they_come_and_go() {
    let hall = Hall::new("ab");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    let free = || {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("bound")
    };
    let ports = [free(), free()];
    for (config, port) in [&a, &b].into_iter().zip(ports) {
        let text = fs::read_to_string(config).expect("a file");
        fs::write(config, format!("{text}\n[web]\nlisten = \"{port}\"\n")).expect("a file");
    }
    let answers = |port: SocketAddr| TcpStream::connect(port).is_ok();
    hall.admit(&a, "a.toml");
    let mut serve = command::command(hall.street.folder.path())
        .args(["serve", "--households"])
        .arg(&hall.folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    await_that("a is answered", || answers(ports[0]));
    let place = hall.admit(&b, "b.toml");
    await_that("b is answered", || answers(ports[1]));
    fs::remove_file(place).expect("removed");
    await_that("b is closed", || is_free(&b) && !answers(ports[1]));
    assert!(answers(ports[0]));
    hall.admit(&b, "b.toml");
    await_that("b is answered again", || answers(ports[1]));
    let pid = rustix::process::Pid::from_child(&serve);
    // A look at the folder is no end.
    rustix::process::kill_process(pid, rustix::process::Signal::HUP).expect("told");
    assert!(answers(ports[0]));
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("told");
    assert!(serve.wait().expect("it ends").success());
    assert!(is_free(&a) && is_free(&b));
}

#[test]
fn the_doctor_looks_at_all_of_them_and_says_which_is_not_well() {
    let hall = Hall::new("abc");
    let (a, b) = (hall.street.house("a"), hall.street.house("b"));
    hall.admit(&a, "a.toml");
    hall.admit(&a, "again.toml");
    hall.admit(&b, "b.toml");
    fs::write(hall.folder.join("c.toml"), "name = ").expect("a file");
    let home = hall.street.folder.path();
    let folder = hall.folder.to_str().expect("text");
    let ran = command::run(home, ["--json", "doctor", "--households", folder]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let document = ran.json();
    let houses = document["households"].as_array().expect("a list");
    let bad = |at: usize| {
        let findings = houses[at]["findings"].as_array().expect("a list");
        let bad = findings.iter().filter(|finding| finding["good"] == false);
        let words = bad.map(|finding| finding["words"].as_str().expect("text").to_owned());
        words.collect::<Vec<_>>()
    };
    let says = |at: usize, words: &str| bad(at).iter().any(|bad| bad.contains(words));
    assert_eq!((houses.len(), bad(0)), (4, Vec::new()), "{document:#}");
    assert!(
        says(1, "again.toml names the household that") && says(1, "a.toml names already"),
        "{document:#}"
    );
    assert!(says(2, "another household of this machine"), "{document:#}");
    assert!(says(3, "c.toml"), "{document:#}");
    let ran = command::run(home, ["--json", "doctor", "--households", "nowhere"]);
    assert_eq!(ran.failed(2).0, "households");
    let both = ["--json", "--config", "x", "serve", "--households", folder];
    assert_eq!(command::run(home, both).failed(2).0, "config");
}
