//! B as a household with an album: it knows A and C, has shared something with both, and holds nothing of others yet.

use std::collections::BTreeSet;
use std::path::PathBuf;

use hearthpost::album::{HoldingState, Keys, Rows, Share};
use hearthpost::encoding::base64_of;
use hearthpost::envelope::{Digest, EncryptionKey, Identity, StorageKey, open_letter};
use hearthpost::message::mime::read_pkcs7_entity;
use hearthpost::message::{Body, Keys as Granted, SignedManifest, SignedPermit, read_letter};
use hearthpost::rules::parse_rules;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Household, NewHousehold, Now};
use tempfile::TempDir;

use crate::homes::{HOMES, Home, me, now};
use crate::invariants::check_links;
use crate::script::{self, Names};

/// The household, and what its scripts may name.
pub struct House {
    pub home: Household,
    pub names: Names,
    _folder: TempDir,
}

/// The time of every run, by a clock that is believed.
pub fn moment() -> Now {
    let now = now();
    Now {
        now,
        floor: now,
        confirmed: true,
    }
}

impl House {
    pub fn build() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("hearthpost.toml");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder");
        keys_of(me()).write_new(&data).expect("a key file");
        let new = NewHousehold {
            mailbox: me().card.identity.mailbox().clone(),
            name: "House B".to_owned(),
            imap_url: "imaps://b.example".to_owned(),
            smtp_url: "smtps://b.example".to_owned(),
            username: "b".to_owned(),
            password_file: PathBuf::from("password"),
            data: Some(data),
            ca_file: None,
        };
        Household::init(&config, &new, now()).expect("a new household");
        let mut home = Household::open(&config).expect("it opens");
        for other in [&HOMES[0], &HOMES[2]] {
            let pem = other.card.to_pem().expect("a certificate file");
            let mailbox = other.card.identity.mailbox();
            home.add_contact_file(mailbox, pem.as_bytes(), now())
                .expect("a contact");
        }
        let note = folder.path().join("note.txt");
        std::fs::write(&note, "a note of B\n").expect("a file");
        let everyone = |home: &Home| home.card.identity.mailbox().to_string();
        let rules = parse_rules("display=full,store=full,forward=yes").expect("rules");
        let order = Order {
            what: vec![note.to_str().expect("a path in UTF-8").to_owned()],
            to: vec![everyone(&HOMES[0]), everyone(&HOMES[2])],
            rules: Some(rules),
            yes: true,
            ..Order::default()
        };
        home.share(&order, moment(), &mut |_| {}).expect("a share");
        let names = own_names(&home);
        House {
            home,
            names,
            _folder: folder,
        }
    }
}

fn keys_of(home: &Home) -> Keys {
    let identity = home.identity.key_der().expect("a key");
    Keys {
        former: Vec::new(),
        authority: None,
        identity: Identity::from_der(&identity, home.card.identity.der()).expect("an identity"),
        encryption: home.keys.clone(),
        storage: StorageKey::from_bytes([5; 32]),
    }
}

/// As a script may name anything, and of the share that B made: `%s` its id, `%m` the digest of its manifest, `%p` that of its
/// part, `%a` and `%c` the permits given to A and C, `%A` and `%C` their digests, `%x` and `%z` the letters that gave them.
fn own_names(home: &Household) -> Names {
    let mut names = script::names();
    let rows = home.album.rows();
    let share = rows.shares().expect("rows").remove(0);
    names.insert("%s".to_owned(), share.wire.to_string());
    names.insert("%m".to_owned(), share.manifest_digest.to_string());
    let part = rows.parts(share.id).expect("rows").remove(0);
    names.insert("%p".to_owned(), part.digest.to_string());
    let marks = [
        (&HOMES[0], ["%a", "%A", "%x"]),
        (&HOMES[2], ["%c", "%C", "%z"]),
    ];
    for (other, [permit, digest, letter]) in marks {
        let who = other.identity.fingerprint();
        let given = rows
            .destination_at(share.id, who)
            .expect("rows")
            .expect("it was given");
        let signed = SignedPermit::verify(&given.permit).expect("a permit");
        names.insert(permit.to_owned(), base64_of(&given.permit));
        names.insert(digest.to_owned(), signed.digest().to_string());
        names.insert(letter.to_owned(), given.letter.to_string());
    }
    names
}

/// What must hold of the album after every letter.
pub fn check_album(rows: Rows<'_>, keys: &[EncryptionKey]) {
    for share in rows.shares().expect("rows") {
        check_share(rows, &share, keys);
    }
    for contact in rows.contacts().expect("rows") {
        assert_ne!(
            contact.fingerprint,
            me().identity.fingerprint(),
            "its own contact"
        );
        let ended = rows.ended(contact.fingerprint).expect("rows").is_some();
        assert!(!ended || contact.blocked, "one that ended is heard");
    }
}

fn check_share(rows: Rows<'_>, share: &Share, keys: &[EncryptionKey]) {
    let me = me().identity.fingerprint();
    let manifest = SignedManifest::verify(&rows.manifest(share.id).expect("rows"));
    let manifest = manifest.expect("a good manifest");
    assert_eq!(manifest.digest(), share.manifest_digest);
    let said = (manifest.manifest().origin, manifest.manifest().share);
    assert_eq!(said, (share.origin, share.wire));
    let known: BTreeSet<Digest> = (manifest.manifest().items.iter())
        .flat_map(|item| item.tiers.values())
        .flat_map(|tier| tier.parts.iter().copied())
        .collect();
    let mut lives = false;
    for holding in rows.holdings(share.id).expect("rows") {
        if holding.granter == me || holding.state != HoldingState::Live {
            lives |= holding.state == HoldingState::Live;
            continue;
        }
        lives = true;
        let granter = rows
            .contact(holding.granter)
            .expect("rows")
            .expect("a granter that is known");
        // What it granted before its identity ended stays.
        let ended = rows.ended(holding.granter).expect("rows").is_some();
        assert!(
            ended || granter.accepted && !granter.blocked,
            "a grant of one that is not heard"
        );
        let verify = |der: &Vec<u8>| SignedPermit::verify(der).expect("a good permit");
        let chain: Vec<SignedPermit> = holding.chain.iter().map(verify).collect();
        let (first, last) = check_links(&chain);
        assert_eq!((first.permit().origin, first.permit().share), said);
        assert_eq!(first.permit().manifest, share.manifest_digest);
        assert_eq!(
            (last.permit().from, last.permit().to),
            (holding.granter, me)
        );
        assert_eq!(
            (last.digest(), last.permit().onward.is_some()),
            (holding.permit, holding.passed_on)
        );
        for station in rows.holding_stations(holding.id).expect("rows") {
            for above in &chain[..chain.len() - 1] {
                let onward = above.permit().onward.as_ref().expect("it was passed on");
                assert!(
                    station.rules.within(&onward.rules),
                    "rules beyond the chain"
                );
            }
        }
        let sealed = rows.holding_grant(holding.id).expect("rows");
        let granted = granted(&sealed.expect("its keys are here"), keys);
        for item in rows.share_items(share.id).expect("rows") {
            let tier = rows.holding_tier(holding.id, item.id).expect("rows");
            assert_eq!(tier, granted.tier(item.wire), "a tier without its key");
            assert!(
                tier.is_none_or(|t| t <= last.permit().tier && last.permit().covers(item.wire))
            );
        }
    }
    for part in rows.parts(share.id).expect("rows") {
        assert!(
            known.contains(&part.digest),
            "a part that the manifest does not name"
        );
        assert!(
            lives || !part.wanted,
            "a part is wanted of a share that is over"
        );
        assert!(
            part.held || !part.opened,
            "a part was opened that is not here"
        );
        if share.origin != me {
            assert!(!part.held, "a part is here that never came");
        }
    }
}

/// The keys of a stored grant, as they are opened for a view.
fn granted(sealed: &[u8], keys: &[EncryptionKey]) -> Granted {
    let entity = open_letter(sealed, keys).expect("a stored grant opens");
    let signed = read_pkcs7_entity(&entity).expect("an entity");
    match read_letter(&signed, true)
        .expect("a stored grant reads")
        .body
    {
        Body::Grant(grant, _) => grant.keys,
        other => panic!("a {} is stored as a grant", other.kind()),
    }
}
