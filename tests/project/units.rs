//! The units of systemd: the one for several households says the same as the other, and neither takes rights back. They and
//! the rules of udev are read as those read them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn unit(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("config")
        .join(name);
    std::fs::read_to_string(path).expect("the unit is there")
}

fn settings(unit: &str) -> BTreeSet<&str> {
    let lines = unit.lines();
    lines
        .filter(|line| line.contains('=') && !line.starts_with('#'))
        .collect()
}

#[test]
fn the_template_differs_only_by_its_name() {
    let (one, many) = (unit("hearthpost.service"), unit("hearthpost@.service"));
    let (one, many) = (settings(&one), settings(&many));
    for line in many.difference(&one) {
        assert!(line.contains("%i"), "{line}");
    }
    assert_eq!(one.difference(&many).count(), many.difference(&one).count());
}

/// A household that comes later has its password in a file, which needs no restart.
#[test]
fn the_one_for_a_folder_of_households_is_bound_in_the_same_way() {
    let (one, all) = (
        unit("hearthpost.service"),
        unit("hearthpost-households.service"),
    );
    let (one, all) = (settings(&one), settings(&all));
    let other = |line: &&&str| !line.starts_with("Description=") && !line.starts_with("ExecStart=");
    let less: Vec<_> = one.difference(&all).filter(other).collect();
    let more: Vec<_> = all.difference(&one).filter(other).collect();
    assert_eq!(less, [&"LoadCredential=password:/etc/hearthpost/password"]);
    assert_eq!(
        more,
        [&"ExecReload=/bin/kill -HUP $MAINPID", &"LimitNOFILE=65536"]
    );
}

#[test]
fn the_service_has_no_more_rights_than_it_needs() {
    let text = unit("hearthpost.service");
    let settings = settings(&text);
    for line in [
        "User=hearthpost",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "StateDirectory=hearthpost",
        "StateDirectoryMode=0700",
        "UMask=0077",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "LoadCredential=password:/etc/hearthpost/password",
        "Restart=on-failure",
        "RestartPreventExitStatus=2",
    ] {
        assert!(settings.contains(line), "{line}");
    }
}

#[test]
fn a_card_is_mounted_read_only_and_read_with_no_more_rights_than_the_service_has() {
    let text = unit("hearthpost-card@.service");
    let mounts: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("/mount "))
        .collect();
    assert_eq!(mounts.len(), 1);
    assert!(mounts[0].contains(" ro,nodev,nosuid,noexec,"), "{mounts:?}");
    let of_card = settings(&text);
    let text = unit("hearthpost.service");
    let binds = |line: &&str| {
        let begins = [
            "No",
            "Cap",
            "Ambient",
            "Protect",
            "Private",
            "Restrict",
            "Memory",
            "SystemCall",
        ];
        begins.iter().any(|begin| line.starts_with(begin))
    };
    let service = settings(&text);
    for line in service.iter().copied().filter(|line| binds(line)) {
        let other =
            line.starts_with("RestrictAddressFamilies=") || line == "ProtectKernelTunables=yes";
        assert!(other || of_card.contains(line), "{line}");
    }
    assert!(of_card.contains("PrivateNetwork=yes") && of_card.contains("User=hearthpost"));
    assert!(unit("99-hearthpost-card.rules").contains("hearthpost-card@%k.service"));
}

/// With its words, where it is installed; a box without systemd has nothing to read these.
#[test]
fn systemd_itself_finds_nothing_to_say_about_the_units() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "hearthpost.service",
        "hearthpost@.service",
        "hearthpost-households.service",
        "hearthpost-card@.service",
    ] {
        // The program is not installed where this is built.
        let text = unit(name).replace("/usr/local/bin/hearthpost", "/bin/true");
        let path = folder.path().join(name.replace('@', "@sdb1"));
        std::fs::write(&path, text).expect("a file");
        let verified = Command::new("systemd-analyze")
            .args(["verify", "--man=no", "--recursive-errors=no"])
            .arg(&path)
            .output();
        let Ok(verified) = verified else {
            eprintln!("systemd-analyze is not here: left out");
            return;
        };
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(
            verified.status.success() && said.is_empty(),
            "{name}: {said}"
        );
    }
}

/// One part of a rule: key, its attribute, the operator, the value (udev(7)).
fn parts(rule: &str) -> Vec<(&str, &str, &str, &str)> {
    let mut parts = Vec::new();
    let mut rest = rule;
    while !rest.is_empty() {
        let (head, after) = rest.split_once('"').expect("a value in quotes");
        let (value, after) = after.split_once('"').expect("a value that ends");
        let at = head.find(['=', '!', '+', '-', ':']).expect("an operator");
        let (key, operator) = head.split_at(at);
        let (key, attribute) = match key.split_once('{') {
            Some((key, attribute)) => (key, attribute.strip_suffix('}').expect("closed")),
            None => (key, ""),
        };
        parts.push((key, attribute, operator, value));
        rest = match after.strip_prefix(", ") {
            Some(rest) => rest,
            None => {
                assert_eq!(after, "", "{rule}");
                after
            }
        };
    }
    parts
}

#[test]
fn the_rules_match_before_they_do_and_name_what_is_there() {
    let text = unit("99-hearthpost-card.rules");
    // The one for a light is to be taken out of its comment.
    let lines = text.lines().map(|line| match line.starts_with("#ACTION") {
        true => &line[1..],
        false => line,
    });
    let rules: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert_eq!(rules.len(), 3);
    for rule in rules {
        let mut does = false;
        let parts = parts(rule);
        assert_eq!(parts[0], ("ACTION", "", "==", "add"), "{rule}");
        for (key, attribute, operator, value) in parts {
            let matches = ["==", "!="].contains(&operator);
            assert!(!(matches && does), "{rule}: {key} matches too late");
            does |= !matches;
            let known = match key {
                "ACTION" | "SUBSYSTEM" | "SUBSYSTEMS" | "KERNEL" => matches && attribute.is_empty(),
                "ENV" => attribute
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit()),
                "TAG" | "RUN" => operator == "+=" && attribute.is_empty(),
                "GROUP" | "MODE" => operator == "=",
                _ => false,
            };
            assert!(known, "{rule}: {key}{{{attribute}}}{operator}");
            match key {
                "RUN" => assert!(value.starts_with('/'), "{rule}: a program has a whole path"),
                "GROUP" => assert_eq!(value, "hearthpost", "the group of the service"),
                "MODE" => assert_eq!(value, "0660", "others are given nothing"),
                "ENV" if attribute == "SYSTEMD_WANTS" => {
                    let name = value.replace("%k", "");
                    assert!(unit(&name).contains("/dev/%i"), "{rule}");
                }
                _ => {}
            }
        }
        assert!(does, "{rule}");
    }
}
