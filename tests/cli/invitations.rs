//! Invitations by the command line.

use crate::command;
use std::process::Stdio;

use crate::command::House;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use testmail::{Account, Options, Server};

#[test]
fn an_invitation_is_made_listed_shown_again_and_withdrawn() {
    let a = House::new("a");
    let made = a.run(["contact", "invite", "--days", "3"]).done();
    let (invitation, link) = (&made["invitation"], &made["link"]);
    let link = link.as_str().expect("a link");
    assert!(link.contains("/join#1."), "{link}");
    assert_eq!(
        made["words"].as_str().expect("words").split(' ').count(),
        12
    );
    assert_eq!(made["mailbox"], a.mailbox.as_str());
    let name = invitation.as_str().expect("a name");
    assert_eq!(a.run(["contact", "invite", "--again", name]).done(), made);
    let listed = a.say(["contact", "invitations"]).stdout;
    assert!(
        listed.contains(name) && listed.contains("open until"),
        "{listed}"
    );
    assert!(
        !listed.contains(link.split_once('#').expect("a fragment").1),
        "{listed}"
    );
    let said = a.say(["contact", "invite", "--again", name]).stdout;
    let words = made["words"].as_str().expect("words");
    for part in [
        link,
        &words[..words.find(' ').expect("words")],
        a.mailbox.as_str(),
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    a.run(["contact", "withdraw", name]).done();
    a.run(["contact", "invite", "--again", name]).failed(1);
    let listed = a.run(["contact", "invitations"]).done();
    assert_eq!(listed["invitations"][0]["state"], "withdrawn");
    a.run(["contact", "withdraw", "nothing"]).failed(2);
    for days in ["0", "91", "x"] {
        a.run(["contact", "invite", "--days", days]).failed(2);
    }
    a.run(["contact", "invite", "--as", "nobody"]).failed(2);
}

#[test]
fn an_invitation_is_followed_from_an_argument_from_words_and_from_standard_input() {
    let (a, b) = (House::new("a"), House::new("b"));
    let made = a.run(["contact", "invite"]).done();
    let (link, words) = (made["link"].as_str(), made["words"].as_str());
    let (link, words) = (link.expect("a link"), words.expect("words"));
    let joined = b.run(["contact", "join", link]).done();
    assert_eq!(
        (&joined["mailbox"], &joined["state"]),
        (&made["mailbox"], &"asked".into())
    );
    let mut all = vec!["contact", "join", a.mailbox.as_str()];
    all.extend(words.split(' '));
    b.run(all).done();
    let file = b.path("link");
    std::fs::write(&file, format!("{link}\n")).expect("a file");
    let read = std::fs::File::open(&file).expect("a file");
    let output = command::command(b.folder.path())
        .args(["--config", "hearthpost.toml", "contact", "join"])
        .stdin(Stdio::from(read))
        .output()
        .expect("the command starts");
    assert!(output.status.success(), "{output:?}");
    let listed = b.run(["contact", "list"]).done();
    assert_eq!(listed["joining"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["asked"], serde_json::json!([]));
    let said = b.say(["contact", "list"]).stdout;
    assert!(said.contains("invited us; no answer yet"), "{said}");
    b.run(["contact", "remove", &a.mailbox]).done();
    let listed = b.run(["contact", "list"]).done();
    assert_eq!(listed["joining"], serde_json::json!([]));
}

#[test]
fn what_is_no_invitation_is_refused_and_not_repeated() {
    let b = House::new("b");
    for text in ["http://a.example/", "home-a@a.example one two", "1.abcd"] {
        let (code, message) = b.run(["contact", "join", text]).failed(2);
        assert_eq!(code, "invitation");
        assert!(!message.contains("abcd"), "{message}");
    }
}

#[test]
fn an_invitation_that_was_followed_is_not_followed_again() {
    let accounts = ["home-a@a.example", "home-b@b.example"];
    let server = Server::start(Options {
        accounts: accounts.map(|name| Account::new(name, "secret")).to_vec(),
        ..Options::default()
    })
    .expect("testmail starts");
    let [a, b] = ["a", "b"].map(|x| {
        let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
        let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
        House::at(x, &imap, &smtp)
    });
    let made = a.run(["contact", "invite"]).done();
    let link = made["link"].as_str().expect("a link");
    let first = b.run(["contact", "join", link]).done();
    let second = b.run(["contact", "join", link]).done();
    assert_eq!(second["since"], first["since"]);
    for _ in 0..3 {
        b.run(["sync"]).done();
        a.run(["sync"]).done();
    }
    let once = || {
        let listed = b.run(["contact", "list"]).done();
        assert_eq!(listed["contacts"].as_array().map(Vec::len), Some(1));
        assert_eq!(listed["contacts"][0]["trust"], "verified");
        for others in ["asked", "joining"] {
            assert_eq!(listed[others], serde_json::json!([]), "{listed}");
        }
    };
    once();
    assert_eq!(b.run(["contact", "join", link]).done()["state"], "joined");
    let said = b.say(["contact", "join", link]).stdout;
    assert!(said.contains("was followed before"), "{said}");
    once();
    let sync = b.run(["sync"]).done();
    assert_eq!(sync["submitted"], 0, "nobody is asked: {sync}");
}

#[test]
fn the_same_words_at_the_right_address_take_the_place_of_a_slip() {
    let (a, b) = (House::new("a"), House::new("b"));
    let made = a.run(["contact", "invite"]).done();
    let words = made["words"].as_str().expect("words");
    let join = |mailbox: &str| {
        let mut all = vec!["contact", "join", mailbox];
        all.extend(words.split(' '));
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let wrong = "hom-a@a.example";
    assert_eq!(b.run(join(wrong)).done().get("instead_of"), None);
    let right = b.run(join(&a.mailbox)).done();
    assert_eq!(right["instead_of"], wrong);
    let said = b.say(join(wrong)).stdout;
    let first = format!(
        "The first try with the same invitation, at {}, is let go.",
        a.mailbox
    );
    assert!(said.contains(&first), "{said}");
    let listed = b.run(["contact", "list"]).done();
    assert_eq!(listed["joining"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["asked"], serde_json::json!([]));
}

#[test]
fn in_a_terminal_an_invitation_is_shown_for_a_phone_to_read() {
    let a = House::new("a");
    let made = a.run(["contact", "invite"]).done();
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    let (name, link) = (text("invitation"), text("link"));
    let program = env!("CARGO_BIN_EXE_hearthpost");
    let words = format!("'{program}' --config hearthpost.toml contact invite --again {name}");
    let said = std::process::Command::new("script")
        .args(["-qec", &words, "/dev/null"])
        .env_clear()
        .env("HOME", a.folder.path())
        .env("TERM", "dumb")
        .current_dir(a.folder.path())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&said.stdout).replace('\r', "");
    let code = QrCode::new(&link).expect("short enough");
    let code = code.render::<Dense1x2>().build();
    assert!(said.contains(&code), "{said}");
    assert!(said.contains(&link), "{said}");
    // Nobody reads it from a pipe.
    let piped = a.say(["contact", "invite", "--again", &name]).stdout;
    assert!(
        piped.contains(&link) && !piped.contains('\u{2588}'),
        "{piped}"
    );
}
