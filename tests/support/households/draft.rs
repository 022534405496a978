//! A grant as it is about to be signed: every field can be bent before real keys sign it, so that whatever is refused is
//! refused for that field alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hearthpost::encoding::{Integer, Timestamp};
use hearthpost::envelope::{ContentKey, Digest, Fingerprint, Id};
use hearthpost::message::check::GrantLetter;
use hearthpost::message::grant::Bytes;
use hearthpost::message::manifest::TierParts;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{
    Body, Grant, Item, Keys, Letter, Manifest, Onward, Refused, RelayEntry, SignedManifest,
    SignedPermit, Station, Verified, check_grant, read_letter, write_letter,
};
use hearthpost::rules::{Kind, Limits, Rules, Tier};

use super::{anna, header, home, now};

/// The share that all drafts are of, made by Anna.
pub struct Share {
    pub id: Id,
    pub key: ContentKey,
    /// Three pictures and a document.
    pub items: [Id; 4],
    pub manifest: SignedManifest,
}

pub static SHARE: LazyLock<Share> = LazyLock::new(|| {
    let (id, items) = (Id::random(), std::array::from_fn(|_| Id::random()));
    Share {
        id,
        key: ContentKey::random(),
        items,
        manifest: manifest_of(id, &items),
    }
});

/// A manifest of these items, by Anna.
pub fn manifest_of(share: Id, items: &[Id]) -> SignedManifest {
    let item = |(n, &id): (usize, &Id)| {
        let kind = if n == 3 {
            Kind::Document
        } else {
            Kind::Picture
        };
        let tiers = Tier::ALL
            .into_iter()
            .filter(|tier| n != 3 || matches!(tier, Tier::Original | Tier::About));
        let parts = |tier: Tier| TierParts {
            size: Integer::new(10).expect("small"),
            parts: vec![Digest::of(format!("{id} {}", tier.as_str()).as_bytes())],
        };
        Item {
            id,
            kind,
            tiers: tiers.map(|tier| (tier, parts(tier))).collect(),
        }
    };
    let items = items.iter().enumerate().map(item).collect();
    let manifest = Manifest::new(share, anna().fingerprint(), now(), items).expect("a manifest");
    SignedManifest::sign(manifest, &anna().identity).expect("signed")
}

/// One permit before it is signed.
#[derive(Debug, Clone)]
pub struct Step {
    /// The household that signs it, and so is its `from`.
    pub signer: usize,
    pub to: usize,
    pub share: Id,
    pub origin: Fingerprint,
    pub manifest: Digest,
    /// `None`: the digest of the permit before, as it should be.
    pub parent: Option<Option<Digest>>,
    pub items: Option<Vec<Id>>,
    pub tier: Tier,
    pub onward: Option<Onward>,
}

/// A grant before it is signed.
#[derive(Debug, Clone)]
pub struct Draft {
    pub steps: Vec<Step>,
    /// The household that signs the letter.
    pub from: usize,
    /// The household that the letter names.
    pub to: usize,
    /// The household that reads it.
    pub me: usize,
    pub issued: Timestamp,
    pub share: Id,
    pub origin: Fingerprint,
    pub manifest: SignedManifest,
    pub keys: Keys,
    pub stations: Vec<Station>,
    pub relay: Vec<RelayEntry>,
}

/// Rules to look at pictures of that edge and to pass them on.
pub fn looking(max_edge: u64) -> Rules {
    Rules {
        display: Some(Limits {
            max_edge: Some(max_edge),
            ..Limits::default()
        }),
        forward: true,
        ..Rules::default()
    }
}

pub fn onward(tier: Tier, rules: Rules) -> Option<Onward> {
    Some(Onward {
        tier,
        rules,
        to: None,
    })
}

pub fn station(name: &str, rules: Rules) -> Station {
    Station {
        name: name.parse().expect("a station"),
        rules,
    }
}

/// Keys of these items, each up to `tier`.
pub fn item_keys(items: &[Id], tier: Tier) -> Keys {
    Keys::Items(
        items
            .iter()
            .map(|&id| (id, SHARE.key.item(id, tier)))
            .collect::<BTreeMap<_, _>>(),
    )
}

/// A wish that the household of that number is passed the whole share.
pub fn relay_to(household: usize, tier: Tier, rules: Rules) -> RelayEntry {
    let home = home(household);
    RelayEntry {
        mailbox: home.mailbox(),
        certificates: home.card().ders().map(|der| Bytes(der.to_vec())).collect(),
        tier,
        items: None,
        stations: vec![station("everyone", rules)],
        sealed: None,
    }
}

impl Step {
    /// A permit of the whole share in original, to be passed on as preview.
    pub fn new(signer: usize, to: usize) -> Self {
        Step {
            signer,
            to,
            share: SHARE.id,
            origin: anna().fingerprint(),
            manifest: SHARE.manifest.digest(),
            parent: None,
            items: None,
            tier: if signer == 0 {
                Tier::Original
            } else {
                Tier::Preview
            },
            onward: onward(Tier::Preview, looking(2048)),
        }
    }
}

impl Draft {
    /// A grant that went through `steps` households, each passing on all it may, and passes the check.
    pub fn whole(steps: usize) -> Self {
        let last = if steps == 1 {
            Tier::Original
        } else {
            Tier::Preview
        };
        Draft {
            steps: (0..steps).map(|n| Step::new(n, n + 1)).collect(),
            from: steps - 1,
            to: steps,
            me: steps,
            issued: now(),
            share: SHARE.id,
            origin: anna().fingerprint(),
            manifest: SHARE.manifest.clone(),
            keys: item_keys(&SHARE.items, last),
            stations: vec![station("everyone", looking(1280))],
            relay: Vec::new(),
        }
    }

    /// The permits, signed.
    pub fn chain(&self) -> Vec<SignedPermit> {
        let mut chain: Vec<SignedPermit> = Vec::new();
        for step in &self.steps {
            let before = chain.last().map(SignedPermit::digest);
            let new = NewPermit {
                share: step.share,
                origin: step.origin,
                manifest: step.manifest,
                to: home(step.to).fingerprint(),
                parent: step.parent.unwrap_or(before),
                items: step.items.clone(),
                tier: step.tier,
                onward: step.onward.clone(),
                issued: self.issued,
            };
            chain.push(SignedPermit::sign(new, &home(step.signer).identity).expect("signed"));
        }
        chain
    }

    /// What the letter says.
    pub fn body(&self) -> Body {
        let grant = Grant {
            share: self.share,
            origin: self.origin,
            chain: self
                .chain()
                .iter()
                .map(|permit| Bytes(permit.der().to_vec()))
                .collect(),
            keys: self.keys.clone(),
            stations: self.stations.clone(),
            relay: self.relay.clone(),
            title: "Summer at the lake".to_owned(),
            message: "For all of you".to_owned(),
        };
        Body::Grant(Box::new(grant), Box::new(self.manifest.clone()))
    }

    /// The letter, written by `from` and read again.
    pub fn letter(&self) -> Result<Letter, Refused> {
        let mut header = header(home(self.from), Some(home(self.to)));
        header.issued = self.issued;
        let signed =
            write_letter(&header, &self.body(), &home(self.from).identity).expect("written");
        read_letter(&signed, true)
    }

    /// The verdict of its reader.
    pub fn check(&self) -> Result<Verified<GrantLetter>, Refused> {
        check_grant(self.letter()?, home(self.me).fingerprint(), now())
    }
}
