//! What `serve` says in a terminal, before and after the house has its first account.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use crate::command::{House, write_private};
use crate::street::await_that;

/// All that `serve` says in a terminal until Ctrl-C, pressed once it is at work.
fn served(house: &House) -> String {
    let serve = format!(
        "exec {} --config hearthpost.toml serve",
        env!("CARGO_BIN_EXE_hearthpost")
    );
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &serve, "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", house.folder.path())
        .env("SHELL", "/bin/sh")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(house.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script, of util-linux, gives it a terminal");
    let socket = house.path("data/serve.sock");
    await_that("it serves", || socket.exists());
    let keys = terminal.stdin.as_mut().expect("it is piped");
    keys.write_all(b"\x03").expect("pressed");
    let mut said = String::new();
    let mut screen = terminal.stdout.take().expect("it is piped");
    screen.read_to_string(&mut said).expect("UTF-8");
    assert!(terminal.wait().expect("it ends").success(), "{said}");
    said.replace("\r\n", "\n")
}

#[test]
fn a_new_house_shows_its_link_its_code_and_the_way_in_until_somebody_keeps_it() {
    let house = House::new("a");
    // An address of its own on this machine, where no other test takes a port.
    let at: SocketAddr = "127.77.0.1:8480".parse().expect("an address");
    let config = house.path("hearthpost.toml");
    let settings = std::fs::read_to_string(&config).expect("settings");
    std::fs::write(&config, format!("{settings}\n[web]\nlisten = \"{at}\"\n")).expect("settings");

    let first = served(&house);
    assert!(first.contains("Nobody keeps House A yet."), "{first}");
    let link = format!("  http://{at}/welcome/");
    let line = first.lines().find(|line| line.starts_with(&link));
    let secret = line.expect("the link").strip_prefix(&link);
    let secret = secret.expect("it begins so");
    assert!(secret.len() > 20, "{secret}");
    // As wide as it is high, two of its rows in a line of signs.
    let blocks = |line: &&str| line.chars().all(|sign| " ▀▄█".contains(sign)) && line.contains('▀');
    let code: Vec<&str> = first.lines().filter(blocks).collect();
    let wide = code.first().expect("the code").chars().count();
    assert!(wide >= 21 && code.len() * 2 >= wide - 8, "{first}");
    assert!(code.iter().all(|line| line.chars().count() == wide));
    for words in [
        "Only this machine reaches it so far. To open it to your house:".to_owned(),
        format!("listen = \"0.0.0.0:{}\"", at.port()),
        "run `hearthpost tls`".to_owned(),
        format!("let TCP port {} through the firewall", at.port()),
        "start `hearthpost serve` again".to_owned(),
    ] {
        assert!(first.contains(&words), "{words} in {first}");
    }

    // Nobody took it: the next start gives another.
    let second = served(&house);
    let other = second.lines().find(|line| line.starts_with(&link));
    assert!(other.is_some() && !second.contains(secret), "{second}");

    house
        .run(["user", "add", "ann", "--mail", "ann@p.example"])
        .done();
    write_private(&house.path("hers"), "correct horse battery\n");
    let set = ["user", "passwd", "ann", "--password-file", "hers"];
    house.run(set).done();
    house.run(["user", "keeper", "ann", "yes"]).done();
    let third = served(&house);
    for words in ["Nobody keeps", "/welcome/", "█", "To open it"] {
        assert!(!third.contains(words), "{words} in {third}");
    }
}
