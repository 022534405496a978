//! What a grant asks a relay for, as bytes that must go on being read: honest letters in `tests/vectors/relay-1`, and beside
//! them one for each fault, which opens and is refused with its code.

use crate::elsewhere::{card, fingerprint, folder, identity, keys, read};
use crate::house::{House, Village};
use hearthpost::album::Keys as HomeKeys;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Id, StorageKey, open_letter};
use hearthpost::message::check::GrantLetter;
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::{Outer, read_pkcs7_entity};
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{
    Body, Code, Grant, Header, Keys, Letter, Onward, Refused, RelayEntry, SignedManifest,
    SignedPermit, Station, Verified, check_grant, is_named_by_origin, open_letter_mail,
    read_letter, seal_letter_mail,
};
use hearthpost::rules::{Rules, Tier, parse_rules};
use serde_json::json;

const NOW: &str = "2026-11-02T09:10:00Z";
const RULES: &str = "display=1280,until=2027-06-01T00:00:00Z";

/// For whom it is, the file, and with which code it is refused.
const FAULTS: [(&str, &str, Code); 14] = [
    ("home-b", "asked-of-nobody-named", Code::Wider),
    ("home-b", "asked-where-nothing-travels", Code::Wider),
    ("home-b", "asked-at-a-better-tier", Code::Wider),
    ("home-b", "asked-with-wider-rules", Code::Wider),
    ("home-b", "asked-of-more-items", Code::Wider),
    ("home-b", "asked-of-another-item", Code::Manifest),
    ("home-b", "asked-to-another-mailbox", Code::Addressee),
    ("home-b", "asked-with-another-key", Code::Signature),
    ("home-b", "asked-to-hand-back", Code::Chain),
    ("home-b", "carried-without-a-letter", Code::Unsupported),
    ("home-b", "carried-for-a-person", Code::Unsupported),
    ("home-c", "passed-to-nobody-named", Code::Wider),
    ("home-c", "passed-with-wider-rules", Code::Wider),
    ("home-c", "passed-to-go-further", Code::Wider),
];

fn letter(home: &str, file: &str) -> Letter {
    let letter = open_letter_mail(&read(&format!("relay-1/{file}.eml")), &keys(home));
    letter.unwrap_or_else(|refused| panic!("{file}: {refused:?}"))
}

fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

fn checked(home: &str, letter: Letter) -> Result<Verified<GrantLetter>, Refused> {
    assert!(letter.enveloped);
    check_grant(letter, fingerprint(home), now())
}

#[test]
fn relay_is_asked_for_as_it_was() {
    let asked = checked("home-b", letter("home-b", "asked")).expect("good");
    let [entry] = asked.grant.relay.as_slice() else {
        panic!("one household");
    };
    let said = json!({"mailbox": entry.mailbox, "tier": entry.tier, "items": entry.items,
        "stations": entry.stations, "sealed": entry.sealed.is_some()});
    let rules = json!({"display": {"max_edge": 1280}, "not_after": "2027-06-01T00:00:00Z"});
    assert_eq!(
        said,
        json!({"mailbox": "home-c@c.example", "tier": "preview", "items": ["mqe4shpuwiyirkvftvythi4iie"],
            "stations": [{"name": "everyone", "rules": rules}], "sealed": false})
    );
    assert_eq!(
        entry.card().expect("a card").identity.fingerprint(),
        fingerprint("home-c")
    );
    let onward = asked.permit().permit().onward.as_ref().expect("travels on");
    assert_eq!(onward.to, Some(vec![fingerprint("home-c")]));
}

#[test]
fn what_the_relay_makes_of_it_is_taken_though_nobody_knows_the_relay() {
    let passed = checked("home-c", letter("home-c", "passed")).expect("good");
    assert_eq!(passed.header.from, fingerprint("home-b"));
    assert!(is_named_by_origin(&passed.chain, fingerprint("home-c")));
    let asked = checked("home-b", letter("home-b", "asked")).expect("good");
    assert_eq!(passed.chain[0].digest(), asked.permit().digest());
}

#[test]
fn letter_that_is_carried_opens_only_where_it_goes() {
    let carried = checked("home-b", letter("home-b", "carried")).expect("good");
    assert_eq!(carried.grant.keys, Keys::Items([].into()));
    let sealed = carried.grant.relay[0].sealed.as_ref().expect("a letter");
    assert!(open_letter(&sealed.0, &keys("home-b")).is_err());
    let entity = open_letter(&sealed.0, &keys("home-c")).expect("opens");
    let signed = read_pkcs7_entity(&entity).expect("signed");
    let inside = read_letter(&signed, true).expect("a letter");
    let inside = checked("home-c", inside).expect("good");
    assert_eq!(
        (inside.header.from, inside.chain.len()),
        (fingerprint("home-a"), 1)
    );
}

#[test]
fn each_fault_is_refused_with_its_code() {
    for (home, file, code) in FAULTS {
        let refused = checked(home, letter(home, &format!("faults/{file}")));
        assert_eq!(refused.expect_err(file).code, code, "{file}");
    }
    let files = std::fs::read_dir(folder("relay-1/faults")).expect("a folder");
    assert_eq!(files.count(), FAULTS.len(), "each file is read");
}

/// The house whose keys the vectors publish.
fn house(village: &Village, x: &str) -> House {
    let mut house = village.house(x, &["bob"]);
    let home = format!("home-{x}");
    house.take_keys(HomeKeys {
        identity: identity(&home),
        former: Vec::new(),
        encryption: keys(&home),
        storage: StorageKey::random(),
        authority: None,
    });
    let now = house.now();
    let sender = "home-a@a.example".parse().expect("a mailbox");
    let added = house
        .home
        .add_contact_file(&sender, &read("home-a/card.pem"), now);
    added.expect("a contact");
    house
}

#[test]
fn what_is_asked_arrives_and_is_passed_on() {
    let village = Village::new("abc");
    let (mut b, mut c) = (house(&village, "b"), house(&village, "c"));
    let (a, now) = ("home-a@a.example".parse().expect("a mailbox"), b.now());
    b.home.let_relay(&a, true, now).expect("allowed");
    for file in [
        "relay-1/asked",
        "share-1/parts-about-01",
        "share-1/parts-thumb-01",
        "share-1/parts-preview-01",
    ] {
        let mail = String::from_utf8(read(&format!("{file}.eml"))).expect("ASCII");
        let mail = mail.replace("\r\n", "\n").replace('\n', "\r\n");
        let inbox = village
            .server
            .deliver(b.mailbox.as_str(), "INBOX", mail.as_bytes());
        inbox.expect("delivered");
    }
    assert_eq!(village.sync(&mut b).refused, Vec::<String>::new());
    assert_eq!(village.sync(&mut c).refused, Vec::<String>::new());
    let share = c.home.album.rows().shares().expect("rows").remove(0);
    let item = c
        .home
        .album
        .rows()
        .share_items(share.id)
        .expect("rows")
        .remove(0);
    let (seen, _) = c
        .view(&item.reference, "bob", hearthpost::rules::Action::Display)
        .expect("c knows a");
    assert_eq!((seen.width, seen.height), (Some(900), Some(600)));
}

// How the letters were made; a new one is a new file, and those that are there stay.

struct Making {
    manifest: SignedManifest,
    lake: Id,
    preview: Keys,
    issued: Timestamp,
}

fn rules(text: &str) -> Rules {
    parse_rules(text).expect("rules")
}

fn everyone(text: &str) -> Vec<Station> {
    vec![Station {
        name: "everyone".parse().expect("a station"),
        rules: rules(text),
    }]
}

fn bytes(home: &str) -> Vec<Bytes> {
    let card = card(home);
    let encryption = card.encryption.iter().map(|one| Bytes(one.der().to_vec()));
    std::iter::once(Bytes(card.identity.der().to_vec()))
        .chain(encryption)
        .collect()
}

impl Making {
    fn new() -> Self {
        let letter = open_letter_mail(&read("share-1/letter.eml"), &keys("home-b")).expect("opens");
        let Body::Grant(grant, manifest) = letter.body else {
            panic!("a grant");
        };
        let lake = manifest.manifest().items[0].id;
        let key = grant.keys.key(lake, Tier::Preview).expect("a key");
        Making {
            manifest: *manifest,
            lake,
            preview: Keys::Items([(lake, key)].into()),
            issued: "2026-11-02T09:08:00Z".parse().expect("a time"),
        }
    }

    fn permit(
        &self,
        from: &str,
        to: &str,
        parent: Option<&SignedPermit>,
        bend: impl FnOnce(&mut NewPermit),
    ) -> SignedPermit {
        let of = self.manifest.manifest();
        let mut new = NewPermit {
            share: of.share,
            origin: of.origin,
            manifest: self.manifest.digest(),
            to: fingerprint(to),
            parent: parent.map(SignedPermit::digest),
            items: Some(vec![self.lake]),
            tier: Tier::Preview,
            onward: None,
            issued: self.issued,
        };
        bend(&mut new);
        SignedPermit::sign(new, &identity(from)).expect("signed")
    }

    fn grant(&self, chain: &[&SignedPermit], stations: Vec<Station>) -> Grant {
        let of = self.manifest.manifest();
        Grant {
            share: of.share,
            origin: of.origin,
            chain: chain.iter().map(|one| Bytes(one.der().to_vec())).collect(),
            keys: self.preview.clone(),
            stations,
            relay: Vec::new(),
            title: "The lake".to_owned(),
            message: String::new(),
        }
    }

    fn mail(&self, from: &str, to: &str, grant: &Grant) -> Vec<u8> {
        let address = |home: &str| card(home).identity.mailbox().clone();
        let outer = Outer::new(address(from), Some(address(to)), self.issued);
        let header = Header {
            id: Id::random(),
            from: fingerprint(from),
            to: Some(fingerprint(to)),
            issued: self.issued,
        };
        let body = Body::Grant(Box::new(grant.clone()), Box::new(self.manifest.clone()));
        let card = card(to);
        let newest = card.newest().expect("a certificate");
        seal_letter_mail(&outer, &header, &body, &identity(from), Some(newest)).expect("sealed")
    }

    /// To `home-b`, which is asked to make a grant for `home-c`.
    fn asked(&self, onward: Option<Onward>) -> Grant {
        let permit = self.permit("home-a", "home-b", None, |new| new.onward = onward);
        let mut grant = self.grant(&[&permit], everyone(RULES));
        grant.relay = vec![RelayEntry {
            mailbox: "home-c@c.example".parse().expect("a mailbox"),
            certificates: bytes("home-c"),
            tier: Tier::Preview,
            items: Some(vec![self.lake]),
            stations: everyone(RULES),
            sealed: None,
        }];
        grant
    }

    /// To `home-b`, which is to hand on a letter for `home-c`.
    fn carried(&self) -> Grant {
        let inner = self.permit("home-a", "home-c", None, |_| ());
        let inner = self.mail(
            "home-a",
            "home-c",
            &self.grant(&[&inner], everyone("display=1280")),
        );
        let permit = self.permit("home-a", "home-b", None, |new| {
            (new.items, new.tier) = (None, Tier::About);
        });
        let mut grant = self.grant(&[&permit], Vec::new());
        grant.keys = Keys::Items([].into());
        grant.title = String::new();
        grant.relay = self.asked(None).relay;
        grant.relay[0].stations = Vec::new();
        grant.relay[0].sealed = Some(Bytes(read_pkcs7_entity(&inner).expect("a letter")));
        grant
    }

    fn onward(&self, to: &str) -> Option<Onward> {
        Some(Onward {
            tier: Tier::Preview,
            rules: rules(RULES),
            to: Some(vec![fingerprint(to)]),
        })
    }

    /// To `home-c`, as `home-b` makes it of what it was asked.
    fn passed(&self, named: &str, stations: &str, bend: impl FnOnce(&mut NewPermit)) -> Grant {
        let onward = self.onward(named);
        let first = self.permit("home-a", "home-b", None, |new| new.onward = onward);
        let second = self.permit("home-b", "home-c", Some(&first), bend);
        self.grant(&[&first, &second], everyone(stations))
    }

    fn faults(&self) -> Vec<(&'static str, Grant)> {
        let asked = |bend: &dyn Fn(&mut RelayEntry)| {
            let mut grant = self.asked(self.onward("home-c"));
            bend(&mut grant.relay[0]);
            grant
        };
        let carried = |bend: &dyn Fn(&mut Grant)| {
            let mut grant = self.carried();
            bend(&mut grant);
            grant
        };
        vec![
            ("asked-of-nobody-named", self.asked(self.onward("home-a"))),
            ("asked-where-nothing-travels", self.asked(None)),
            (
                "asked-at-a-better-tier",
                asked(&|entry| entry.tier = Tier::Original),
            ),
            (
                "asked-with-wider-rules",
                asked(&|entry| {
                    entry.stations = everyone("display=1281,until=2027-06-01T00:00:00Z");
                }),
            ),
            ("asked-of-more-items", asked(&|entry| entry.items = None)),
            (
                "asked-of-another-item",
                asked(&|entry| entry.items = Some(vec![Id::random()])),
            ),
            (
                "asked-to-another-mailbox",
                asked(&|entry| {
                    entry.mailbox = "home-d@d.example".parse().expect("a mailbox");
                }),
            ),
            (
                "asked-with-another-key",
                asked(&|entry| {
                    entry.certificates[1] = bytes("home-b").remove(1);
                }),
            ),
            (
                "asked-to-hand-back",
                carried(&|grant| {
                    grant.relay[0].mailbox = "home-a@a.example".parse().expect("a mailbox");
                    grant.relay[0].certificates = bytes("home-a");
                }),
            ),
            (
                "carried-without-a-letter",
                carried(&|grant| grant.relay[0].sealed = None),
            ),
            (
                "carried-for-a-person",
                carried(&|grant| grant.stations = everyone(RULES)),
            ),
            (
                "passed-to-nobody-named",
                self.passed("home-a", RULES, |_| ()),
            ),
            (
                "passed-with-wider-rules",
                self.passed("home-c", "display=1280", |_| ()),
            ),
            (
                "passed-to-go-further",
                self.passed("home-c", RULES, |new| {
                    new.onward = self.onward("home-a");
                }),
            ),
        ]
    }
}

#[test]
#[ignore = "writes the letters that are not there yet"]
fn letters_are_made() {
    let making = Making::new();
    let put = |file: &str, to: &str, grant: &Grant| {
        let path = folder("relay-1").join(format!("{file}.eml"));
        let from = if file.contains("passed") {
            "home-b"
        } else {
            "home-a"
        };
        if !path.exists() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, making.mail(from, to, grant)).expect("written");
        }
    };
    put("asked", "home-b", &making.asked(making.onward("home-c")));
    put("carried", "home-b", &making.carried());
    put("passed", "home-c", &making.passed("home-c", RULES, |_| ()));
    for ((to, name, _), (file, grant)) in FAULTS.into_iter().zip(making.faults()) {
        assert_eq!(name, file);
        put(&format!("faults/{file}"), to, &grant);
    }
}
