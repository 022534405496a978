//! A share that was passed on, from its origin to the household whose door is tried. Each permit, the keys and the
//! rules can be bent before they are signed.

use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{ContentKey, Digest, Id, ItemKey};
use hearthpost::message::grant::Bytes;
use hearthpost::message::manifest::{Item, Manifest};
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{
    Body, Code, Grant, Header, Keys, Onward, ReceiptState, SignedManifest, SignedPermit,
    SignedRevocation, Station,
};
use hearthpost::rules::{Kind, Rules, Tier, parse_rules};

use super::forge::{Handmade, OpenGrant};
use super::{House, Village};

/// Every rule has a limit, so that each can be widened by itself.
pub const RULES: &str = "display=1280,print=1024,store=800,watermark=yes,excerpt=yes,\
                         from=2027-01-01T00:00:00Z,until=2028-01-01T00:00:00Z,views=5";
pub const A: usize = 0;
pub const B: usize = 1;
pub const C: usize = 2;
pub const D: usize = 3;

/// `a` is the origin, `b` passed the share on, `c` is the door; the others are there to be met.
pub struct Road {
    pub village: Village,
    pub houses: Vec<House>,
    pub made: Handmade,
    pub manifest: SignedManifest,
}

/// One permit, before it is signed.
pub struct Step {
    pub by: usize,
    /// The parent is filled in by the step before, where it is `None`.
    pub permit: NewPermit,
}

/// A letter, before it is signed.
pub struct Draft {
    pub steps: Vec<Step>,
    pub keys: Keys,
    pub stations: Vec<Station>,
    pub header: Header,
    /// Who signs the letter.
    pub signer: usize,
}

pub fn rules(text: &str) -> Rules {
    parse_rules(text).expect("rules")
}

impl Road {
    /// Two files of three tiers; `c` knows `b` and `d`.
    pub fn new() -> Self {
        let village = Village::new("abcdef");
        let mut houses: Vec<House> = ["a", "b", "c", "d", "e", "f"]
            .map(|x| {
                village.house(
                    x,
                    if x == "c" {
                        &["carol", "carl", "cleo"][..]
                    } else {
                        &[]
                    },
                )
            })
            .into();
        let (before, rest) = houses.split_at_mut(C);
        village.introduce(&mut before[B], &mut rest[0]);
        let (before, rest) = houses.split_at_mut(D);
        village.introduce(&mut before[C], &mut rest[0]);
        let made = two_files(&houses[A]);
        let manifest = SignedManifest::sign(made.manifest.clone(), houses[A].identity());
        Road {
            manifest: manifest.expect("signed"),
            village,
            houses,
            made,
        }
    }

    pub fn me(&self, n: usize) -> hearthpost::envelope::Fingerprint {
        self.houses[n].home.me()
    }

    pub fn item(&self, n: usize) -> Id {
        self.made.manifest.items[n].id
    }

    pub fn key(&self, n: usize, tier: Tier) -> (Id, ItemKey) {
        (self.item(n), self.made.content.item(self.item(n), tier))
    }

    /// A permit from one household to another: all items at this tier, with this to travel on.
    pub fn step(&self, by: usize, to: usize, tier: Tier, onward: Option<&str>) -> Step {
        let onward = onward.map(|text| Onward {
            tier: Tier::Preview,
            rules: rules(text),
            to: None,
        });
        let permit = NewPermit {
            share: self.made.manifest.share,
            origin: self.me(A),
            manifest: self.manifest.digest(),
            to: self.me(to),
            parent: None,
            items: None,
            tier,
            onward,
            issued: self.houses[by].time(),
        };
        Step { by, permit }
    }

    /// What `b` may send to `c`: from the origin over `b`.
    pub fn draft(&self) -> Draft {
        let steps = vec![
            self.step(A, B, Tier::Original, Some(RULES)),
            self.step(B, C, Tier::Preview, None),
        ];
        self.along(steps)
    }

    /// All of both files for carol, by these rules, to be passed on within them.
    pub fn whole(&self, text: &str) -> Draft {
        let further = format!("{},forward=yes", text.replace(",forward=yes", ""));
        let mut steps = vec![
            self.step(A, B, Tier::Original, Some(&further)),
            self.step(B, C, Tier::Original, Some(text)),
        ];
        for step in &mut steps {
            let onward = step.permit.onward.as_mut().expect("onward");
            onward.tier = Tier::Original;
        }
        let mut draft = self.along(steps);
        draft.keys = Keys::Items([0, 1].map(|n| self.key(n, Tier::Original)).into());
        draft.stations[0].rules = rules(&further);
        draft
    }

    /// `b` grants again, some seconds after the first time.
    pub fn grants(&mut self, mut draft: Draft, later: i64) {
        let date = Timestamp::from_unix(self.houses[B].wall + later);
        draft.header.issued = date;
        if let Some(last) = draft.steps.last_mut() {
            last.permit.issued = date;
        }
        let mail = self.mail(draft);
        self.takes(&mail);
    }

    /// The short name of `c` for the share.
    pub fn name(&self) -> String {
        let shares = self.houses[C].home.album.rows().shares().expect("rows");
        shares[0].reference.clone()
    }

    /// The letter of the last step's granter.
    pub fn along(&self, steps: Vec<Step>) -> Draft {
        let signer = steps.last().expect("a step").by;
        let keys = [0, 1].map(|n| self.key(n, Tier::Preview));
        Draft {
            steps,
            keys: Keys::Items(keys.into()),
            stations: vec![Station {
                name: "carol".parse().expect("a station"),
                rules: rules(RULES),
            }],
            header: self.houses[signer].header(&self.houses[C]),
            signer,
        }
    }

    pub fn mail(&self, draft: Draft) -> Vec<u8> {
        self.mail_bent(draft, |_| ())
    }

    /// The mail to `c`, with the signed permits bent once more.
    pub fn mail_bent(&self, draft: Draft, bend: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut chain = self.sign(draft.steps);
        bend(&mut chain);
        let grant = OpenGrant {
            header: draft.header,
            grant: Grant {
                share: self.made.manifest.share,
                origin: self.made.manifest.origin,
                chain: chain.into_iter().map(Bytes).collect(),
                keys: draft.keys,
                stations: draft.stations,
                relay: Vec::new(),
                title: "the lake".to_owned(),
                message: String::new(),
            },
            manifest: self.manifest.clone(),
        };
        grant.mail(&self.houses[draft.signer], &self.houses[C])
    }

    /// The permits, each naming the one before it.
    pub fn sign(&self, steps: Vec<Step>) -> Vec<Vec<u8>> {
        let mut parent = None;
        let mut chain = Vec::new();
        for step in steps {
            let mut new = step.permit;
            new.parent = new.parent.or(parent);
            let signed = SignedPermit::sign(new, self.houses[step.by].identity());
            let signed = signed.expect("signed");
            parent = Some(signed.digest());
            chain.push(signed.der().to_vec());
        }
        chain
    }

    /// The digests of the permits of the honest letter: the origin's, and the forwarder's.
    pub fn digests(&self) -> [Digest; 2] {
        let chain = self.sign(self.draft().steps);
        [0, 1].map(|n| SignedPermit::verify(&chain[n]).expect("good").digest())
    }

    /// A revocation of the share, or of a permit, as `by` signs it.
    pub fn revocation(&self, by: usize, permit: Option<Digest>) -> Vec<u8> {
        let (of, time) = (
            (self.me(A), self.made.manifest.share),
            self.houses[by].time(),
        );
        match SignedRevocation::sign(of, permit, time, self.houses[by].identity()) {
            Ok(signed) => signed.der().to_vec(),
            Err(refused) => panic!("{refused}"),
        }
    }

    /// `from` sends a letter to `c`, which reads it; gives what `c` refused.
    pub fn tells(&mut self, from: usize, body: &Body) -> Vec<String> {
        let header = self.houses[from].header(&self.houses[C]);
        let mail = self.houses[from].letter(&self.houses[C], &header, body);
        self.village.deliver(&self.houses[C], &mail);
        self.village.sync(&mut self.houses[C]).refused
    }

    /// `c` refuses it with this code, says so to whom it is from, and is as before.
    pub fn refuses(&mut self, what: &str, mail: &[u8], code: Code) {
        let before = self.houses[C].visible();
        self.village.deliver(&self.houses[C], mail);
        let done = self.village.sync(&mut self.houses[C]);
        assert_eq!(done.refused.len(), 1, "{what}: {:?}", done.refused);
        assert_eq!(self.houses[C].visible(), before, "{what}");
        let mut told = Vec::new();
        for n in [B, D] {
            told.extend(self.village.receipts(&self.houses[n]));
            self.village.take_mail(&self.houses[n]);
        }
        assert_eq!(told, [(ReceiptState::Refused, Some(code))], "{what}");
    }

    /// The honest letter and the parts are taken all the same.
    pub fn honest_is_taken(&mut self) {
        let mail = self.mail(self.draft());
        self.takes(&mail);
    }

    pub fn takes(&mut self, mail: &[u8]) {
        self.village.deliver(&self.houses[C], mail);
        let parts = self.made.mail(&self.houses[A]);
        self.village.deliver(&self.houses[C], &parts);
        let done = self.village.sync(&mut self.houses[C]);
        assert_eq!(done.refused, Vec::<String>::new());
        let shares = self.houses[C].home.album.rows().shares().expect("rows");
        assert_eq!(shares.len(), 1);
        assert_eq!(shares[0].state, hearthpost::album::ShareState::Complete);
    }
}

/// Two files, each with all its tiers, in one share.
fn two_files(from: &House) -> Handmade {
    let content = ContentKey::random();
    let one = |name: &[u8]| {
        let about = br#"{"name":null,"media_type":null,"caption":null,"taken":null,"width":null,"height":null,
            "duration_ms":null,"goes_with":null}"#;
        let tiers: [(Tier, &[u8]); 3] = [
            (Tier::Original, name),
            (Tier::Preview, &name[..3]),
            (Tier::About, about),
        ];
        Handmade::keyed(from, content.clone(), &tiers)
    };
    let (mut first, second) = (one(b"the lake at noon"), one(b"the hill at dawn"));
    let mut items: Vec<Item> = first.manifest.items.clone();
    items.extend(second.manifest.items);
    for item in &mut items {
        item.kind = Kind::Document;
    }
    let (share, origin, created) = (
        first.manifest.share,
        first.manifest.origin,
        first.manifest.created,
    );
    let manifest = Manifest::new(share, origin, created, items);
    first.manifest = manifest.expect("a manifest");
    first.parts.extend(second.parts);
    first
}
