//! The units of systemd: the one for several households says the same as the other, and neither takes rights back.

use std::collections::BTreeSet;
use std::path::Path;

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
