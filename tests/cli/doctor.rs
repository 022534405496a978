//! `doctor` finds what is wrong, says the way out, and changes nothing.

use crate::house;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::house::{House, Village};
use hearthpost::mailbox::{Removal, Session};
use hearthpost::sharing::doctor::Finding;

fn scene() -> (Village, House) {
    let village = Village::new("ab");
    let a = village.house("a", &["ann"]);
    (village, a)
}

fn look(village: &Village, house: &House) -> Vec<Finding> {
    village.run(house.home.doctor(&house.reading()))
}

fn find<'f>(findings: &'f [Finding], what: &str) -> &'f Finding {
    let found = findings.iter().find(|finding| finding.what == what);
    found.unwrap_or_else(|| panic!("{what}: {findings:#?}"))
}

#[test]
fn all_is_well_and_every_thing_is_named() {
    let (village, a) = scene();
    let password = a.folder.join("password");
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).expect("mode");
    let findings = look(&village, &a);
    for what in [
        "settings",
        "password for IMAP",
        "keys",
        "data folder",
        "disk",
        "web interface",
        "people",
        "mail templates",
        "households",
        "clock",
        "fetching mail (IMAP)",
        "folders",
        "removing read mail",
        "new mail",
        "sending mail (SMTP)",
        "largest mail",
        "households of one mail",
        "sending limits",
    ] {
        assert!(find(&findings, what).good, "{:?}", find(&findings, what));
    }
    assert!(village.inbox(&a).is_empty());
}

#[test]
fn what_the_server_lacks_is_named() {
    let (village, a) = scene();
    let faults = village.server.faults();
    for capability in ["UIDPLUS", "MOVE", "IDLE"] {
        faults.imap_withhold(capability);
    }
    faults.smtp_message_limit(1_000_000);
    let findings = look(&village, &a);
    let removal = find(&findings, "removing read mail");
    assert!(!removal.good && removal.hint.is_some());
    assert!(find(&findings, "new mail").hint.is_some());
    let size = find(&findings, "largest mail");
    assert!(!size.good && size.words.contains("1000000"), "{size:?}");
}

// Held against what a removal really does there.
#[test]
fn mail_that_cannot_be_removed_is_named_with_the_way_out() {
    /// What is withheld, whether it is a Gmail, and whether its trash folder is shown.
    const SERVERS: [(&[&str], bool, bool, Removal); 8] = [
        (&[], false, false, Removal::Expunged),
        (&["MOVE"], false, false, Removal::Expunged),
        (&["UIDPLUS"], false, true, Removal::Moved),
        (&["UIDPLUS"], false, false, Removal::Left),
        (&["UIDPLUS", "MOVE"], false, true, Removal::Left),
        (&[], true, true, Removal::Expunged),
        (&[], true, false, Removal::Left),
        (&["MOVE"], true, true, Removal::Left),
    ];
    for (withheld, gmail, trash, removed) in SERVERS {
        let (village, a) = scene();
        let server = &village.server;
        let mailbox = a.mailbox.as_str();
        if gmail {
            server.make_gmail(mailbox).expect("an account");
        }
        if !trash {
            let name = if gmail { "[Gmail]/Trash" } else { "Trash" };
            server.remove_folder(mailbox, name).expect("a folder");
        }
        for capability in withheld {
            server.faults().imap_withhold(capability);
        }
        let case = format!("without {withheld:?}, Gmail: {gmail}, trash: {trash}");
        let finding = find(&look(&village, &a), "removing read mail").clone();
        assert_eq!(
            finding.good,
            removed != Removal::Left,
            "{case}: {finding:?}"
        );
        assert!(finding.good || finding.hint.is_some(), "{case}");
        if !trash && removed == Removal::Left {
            let way_out = finding.hint.expect("a way out");
            assert!(way_out.contains("Trash"), "{case}: {way_out}");
        }
        village.deliver(&a, b"Subject: x\r\n\r\nx\r\n");
        let really = village.run(async {
            let account = a.home.imap_account().await.expect("an account");
            let mut session = Session::open(&account).await.expect("a session");
            session.select("INBOX").await.expect("INBOX");
            session.remove(&[1]).await.expect("removal")
        });
        assert_eq!(really, removed, "{case}");
    }
}

#[test]
fn slip_in_a_template_is_named_with_its_line() {
    let (village, a) = scene();
    let templates = a.folder.join("data/templates");
    fs::create_dir(&templates).expect("a folder");
    for (name, text) in [
        ("notice.txt", "Subject: x\n\n{{ perosn }}\n"),
        ("gathered.html", "{% for line in lines %}"),
    ] {
        let file = templates.join(name);
        fs::write(&file, text).expect("a file");
        let findings = look(&village, &a);
        let finding = find(&findings, "mail templates");
        assert!(!finding.good);
        assert!(finding.words.contains(name), "{finding:?}");
        assert!(finding.words.contains(&format!("{name}:")), "{finding:?}");
        fs::remove_file(&file).expect("a file");
    }
    assert!(find(&look(&village, &a), "mail templates").good);
}

#[test]
fn certificate_that_browsers_would_not_take_is_named_with_the_way_out() {
    let (village, mut a) = scene();
    let what = "web interface";
    let finding = find(&look(&village, &a), what).clone();
    assert!(finding.good, "{finding:?}");
    // The house's own.
    let now = a.now();
    a.home.config.notify.url = Some("https://box.local:8480/".to_owned());
    a.home.certify(&[], false, now).expect("made");
    let finding = find(&look(&village, &a), what).clone();
    assert!(
        finding.good && finding.words.contains("HTTPS"),
        "{finding:?}"
    );
    a.home.config.web.hosts = vec!["album.home.example".to_owned()];
    let finding = find(&look(&village, &a), what).clone();
    assert!(!finding.good);
    assert!(
        finding.words.contains("not for album.home.example"),
        "{finding:?}"
    );
    let hint = finding.hint.expect("a way out");
    assert!(hint.contains("`hearthpost tls`"), "{hint}");
    a.home.config.web.hosts.clear();
    for (days, words) in [(380, "until"), (400, "ended on")] {
        a.wait(days * 86_400);
        let finding = find(&look(&village, &a), what).clone();
        assert!(
            !finding.good && finding.words.contains(words),
            "{finding:?}"
        );
        assert!(finding.hint.expect("a way out").contains("`serve`"));
        a.wall -= days as i64 * 86_400;
    }
    // One of the operator's.
    let own = a.folder.join("data/site.pem");
    let (certificate, key) = (a.folder.join("it.pem"), a.folder.join("it.key"));
    fs::copy(&own, &certificate).expect("a file");
    let files = hearthpost::config::CertificateFiles {
        certificate: certificate.clone(),
        key: key.clone(),
    };
    a.home.config.web.certificate = Some(files);
    let said = |a: &House| find(&look(&village, a), what).clone();
    let finding = said(&a);
    assert!(
        !finding.good && finding.words.contains("it.key"),
        "{finding:?}"
    );
    fs::write(&key, "no key").expect("a file");
    let finding = said(&a);
    assert!(
        !finding.good && finding.words.contains("no private key"),
        "{finding:?}"
    );
    fs::copy(&own, &key).expect("a file");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("mode");
    let finding = said(&a);
    assert!(
        !finding.good && finding.words.contains("everybody"),
        "{finding:?}"
    );
    assert!(finding.hint.expect("a way out").starts_with("chmod"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).expect("mode");
    assert!(said(&a).good, "{:?}", said(&a));
    let now = a.now();
    a.home.certify(&[], true, now).expect("made anew");
    fs::copy(&own, &certificate).expect("a file");
    let finding = said(&a);
    assert!(
        !finding.good && finding.words.contains("its key is another one"),
        "{finding:?}"
    );
    fs::write(&certificate, "nothing").expect("a file");
    assert!(!said(&a).good);
}

#[test]
fn folder_that_others_may_enter_is_named() {
    let (village, a) = scene();
    let data = a.folder.join("data");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).expect("mode");
    let findings = look(&village, &a);
    let finding = find(&findings, "data folder");
    assert!(!finding.good);
    let way_out = finding.hint.as_deref().expect("a way out");
    assert!(way_out.starts_with("chmod 700"), "{way_out}");
}

#[test]
fn clock_that_is_behind_what_was_sure_is_named() {
    let (village, mut a) = scene();
    let reading = a.reading();
    a.home.tick(&reading, &[]).expect("time");
    a.wall -= 86_400;
    let findings = look(&village, &a);
    let finding = find(&findings, "clock");
    assert!(!finding.good && finding.hint.is_some(), "{finding:?}");
}

#[test]
fn mail_servers_dates_bear_the_clock_out() {
    let (village, mut a) = scene();
    a.synchronised = false;
    a.wall = hearthpost::sharing::clock::Reading::take().wall.unix();
    let findings = look(&village, &a);
    assert!(
        find(&findings, "clock")
            .words
            .contains("nothing bears that out")
    );
    village.deliver(&a, b"Subject: x\r\n\r\nx\r\n");
    let findings = look(&village, &a);
    let words = &find(&findings, "clock").words;
    assert!(words.contains("the mail server agrees"), "{words}");
}

#[test]
fn used_up_budget_is_named() {
    let (village, mut a) = scene();
    let mut b = village.house("b", &[]);
    village.introduce(&mut a, &mut b);
    a.home.config.smtp.max_recipients_per_day = Some(1);
    let path = a.folder.join("lake.jpg");
    house::picture(&path, 60, 40);
    let items = a.import(&[path]);
    let order = house::order(&[&items[0]], &["home-b@b.example"], "display=full");
    a.share(&order).expect("recorded");
    village.sync(&mut a);
    let findings = look(&village, &a);
    let finding = find(&findings, "sending limits");
    assert!(!finding.good);
    assert!(
        finding.words.contains("smtp.max_recipients_per_day"),
        "{finding:?}"
    );
}

#[test]
fn certificate_that_ends_soon_is_named_with_the_household() {
    let (village, mut a) = scene();
    let mut b = village.house("b", &[]);
    village.introduce(&mut a, &mut b);
    let findings = look(&village, &a);
    assert_eq!(find(&findings, "households").words, "1 known here");
    let what = "certificate of a household";
    assert!(findings.iter().all(|finding| finding.what != what));
    a.wait(340 * 86_400);
    let findings = look(&village, &a);
    let finding = find(&findings, what);
    assert!(finding.words.contains("House B"), "{finding:?}");
    let way_out = finding.hint.as_deref().expect("a way out");
    assert!(way_out.contains("contact request home-b@b.example"));
    a.wait(40 * 86_400);
    let findings = look(&village, &a);
    assert!(find(&findings, what).words.contains("has ended"));
    assert!(!find(&findings, "keys").good, "its own ends too");
}
