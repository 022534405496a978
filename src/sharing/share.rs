//! Sending (DESIGN 5, seed S1 to S5): content key → read, clean and cut each item → seal each part once → manifest →
//! per household permit and grant → outbox, in one commit → confirm.

pub mod document;
mod foresee;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use self::foresee::Foreseen;

use super::contacts::ask_first;
use super::correspond::Writer;
pub use super::granting::Line;
use super::granting::{NewGrant, Recipient, queue_grant, queue_parts};
use super::ground::Ground;
use super::import::Progress;
use super::outgoing::Outgoing;
use super::parts::{Sealer, Unrecorded};
use super::plan::{Planned, Rights, cannot_yet, gives_much, rights};
use super::words::check_message;
use super::{Fault, Household, Now};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{Contact, DestinationState, NewHolding, NewShare, ShareState, Trust};
use crate::encoding::Timestamp;
use crate::envelope::{Card, ContentKey, Digest, Id, PartBuffer, seal_letter};
use crate::message::{Item, Keys, Manifest, SignedManifest, Station};
use crate::rendition::Lengths;
use crate::rules::{Action, Limits, PREVIEW_EDGE, Rules, Tier};

/// What a sender says.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Items by their short names, or files.
    pub what: Vec<String>,
    /// Station addresses, or key words.
    pub to: Vec<String>,
    /// The rules for everyone who has none of their own; `None`: look for 30 days.
    pub rules: Option<Rules>,
    /// Rules of single stations.
    pub stations: Vec<(StationAddress, Rules)>,
    /// What may travel on, where it is not what the station may itself.
    pub onward: Option<Rules>,
    /// The title.
    pub title: String,
    /// A message to the people.
    pub message: String,
    /// A certificate file of a household that is not known yet, as PEM.
    pub certificate: Option<Vec<u8>>,
    /// How much of a sound, film or document an excerpt is, where a rule allows no more.
    pub excerpt: Lengths,
    /// Leave the place in originals.
    pub keep_location: bool,
    /// What belongs to a picture, its sound or raw file, is not taken along.
    pub alone: bool,
    /// What would be asked is answered yes.
    pub yes: bool,
    /// Which person of the house shares, who has only what that one sees in the album; `None`: somebody at the command
    /// line, who sees all and has files besides.
    pub viewer: Option<StationName>,
}

/// What was recorded (seed E5).
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The share's short name.
    pub share: String,
    /// One line a household.
    pub destinations: Vec<Line>,
    /// What belongs to the pictures and stays at home all the same: its name, and why.
    pub left: Vec<(String, String)>,
}

/// An order that can be carried out.
struct Checked {
    households: Vec<Recipient>,
    items: Vec<Outgoing>,
    /// As in [`Recorded::left`].
    left: Vec<(String, String)>,
}

/// Without any rule a share is to look at for 30 days, at screen size.
pub fn default_rules() -> Rules {
    Rules {
        display: Some(Limits {
            max_edge: Some(PREVIEW_EDGE),
            ..Limits::default()
        }),
        period: crate::encoding::Period::from_days(30),
        ..Rules::default()
    }
}

impl Order {
    /// Whether somebody is given something for ever, which is worth a word before it is recorded.
    pub fn has_no_end(&self) -> bool {
        let common = self.rules.iter().filter(|_| !self.to.is_empty());
        let each = self.stations.iter().map(|(_, rules)| rules);
        common
            .chain(each)
            .any(|rules| rules.has_no_end() && !rules.is_nothing())
    }
}

impl Household {
    /// Shares items. Returns when the outbox is durable.
    pub fn share(
        &mut self,
        order: &Order,
        now: Now,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Recorded, Fault> {
        check_words(order)?;
        if let Some(pem) = &order.certificate {
            let card = Card::from_pem(pem).map_err(|error| {
                Fault::new(
                    "certificate",
                    format!("the certificate file is not usable: {error}"),
                )
            })?;
            self.add_contact_file(&card.identity.mailbox().clone(), pem, now.now)?;
        }
        let checked = self.checked(order, order.yes, now)?;
        let (households, items) = (&checked.households, &checked.items);
        let _unfinished = self.album.blobs().begin()?;
        let share = NewlyShared::seal(self, items, households, order, now.now, progress)?;
        crate::crash::point("share.sealed");
        let recorded = self.record(share, items, order, now.now)?;
        Ok(Recorded {
            left: checked.left,
            ..recorded
        })
    }

    /// The households and items of an order that can be carried out. `yes`: what would be asked is answered yes.
    fn checked(&self, order: &Order, yes: bool, now: Now) -> Result<Checked, Fault> {
        let households = self.resolve(order, now.now)?;
        let mut items = self.items_of(order)?;
        let left = match order.alone {
            true => Vec::new(),
            false => self.take_along(&mut items, &households, order)?,
        };
        check_count(&items)?;
        for household in &households {
            let much = gives_much(&household.stations, items.iter().map(|item| item.kind));
            ask_first(&household.contact, much, yes)?;
        }
        for household in &households {
            for (station, item) in household
                .stations
                .iter()
                .flat_map(|s| items.iter().map(move |i| (s, i)))
            {
                if let Some(words) = cannot_yet(&station.rules, &item.form(&order.excerpt)) {
                    return Err(Fault::usage("cannot_yet", words));
                }
            }
        }
        Ok(Checked {
            households,
            items,
            left,
        })
    }

    /// The households that `--to` and `--for` name, with the rules of each station.
    fn resolve(&self, order: &Order, now: Timestamp) -> Result<Vec<Recipient>, Fault> {
        let common = order.rules.clone().unwrap_or_else(default_rules);
        let mut rules: BTreeMap<(Mailbox, StationName), Rules> = BTreeMap::new();
        for word in &order.to {
            for address in self.addresses_of(word)? {
                rules.insert((address.mailbox, address.station), common.clone());
            }
        }
        for (address, own) in &order.stations {
            rules.insert(
                (address.mailbox.clone(), address.station.clone()),
                own.clone(),
            );
        }
        let mut households: Vec<Recipient> = Vec::new();
        for ((mailbox, name), rules) in rules {
            if rules.not_after.is_some_and(|end| end <= now) {
                return Err(Fault::usage(
                    "over",
                    format!("{name} of {mailbox} could do nothing: the end is already past"),
                ));
            }
            let station = Station { name, rules };
            match households.iter_mut().find(|h| h.contact.mailbox == mailbox) {
                Some(household) => household.stations.push(station),
                None => households.push(Recipient {
                    contact: self.destination_contact(&mailbox)?,
                    stations: vec![station],
                }),
            }
        }
        if households.is_empty() {
            return Err(Fault::usage("nobody", "say with whom to share")
                .hint("--to ADDRESS or a key word; on the page, choose a face or type a name"));
        }
        Ok(households)
    }

    pub(super) fn addresses_of(&self, word: &str) -> Result<Vec<StationAddress>, Fault> {
        if word.contains('@') {
            let address = word.parse();
            return Ok(vec![address.map_err(
                |error: crate::address::AddressError| Fault::usage("address", error.to_string()),
            )?]);
        }
        let words = self.keywords()?;
        let found: Vec<_> = words
            .into_iter()
            .filter(|(w, _)| w == word)
            .map(|(_, a)| a)
            .collect();
        if found.is_empty() {
            return Err(Fault::usage(
                "unknown_word",
                format!("{word:?} is neither an address nor a key word"),
            )
            .hint("`hearthpost keyword list` shows the key words"));
        }
        Ok(found)
    }

    pub(super) fn destination_contact(&self, mailbox: &Mailbox) -> Result<Contact, Fault> {
        if *mailbox == self.config.mailbox {
            return Err(Fault::usage(
                "self",
                "the people of this house see its own album; nothing needs to be shared with them",
            ));
        }
        let contact = self.contact_at(mailbox)?;
        if contact.blocked {
            return Err(Fault::new("blocked", format!("{mailbox} is blocked"))
                .hint(format!("`hearthpost contact unblock {mailbox}`")));
        }
        if contact.trust == Trust::Pending {
            return Err(Fault::new("pending", format!("{mailbox} is not known well enough: nothing was sent there"))
                .hint(format!("`hearthpost contact accept {mailbox}`, or compare words: `hearthpost contact verify {mailbox}`")));
        }
        Ok(contact)
    }

    /// What `what` names: items of the album, and files read from where they lie.
    fn items_of(&self, order: &Order) -> Result<Vec<Outgoing>, Fault> {
        let mut items: Vec<Outgoing> = Vec::new();
        for what in &order.what {
            let at_box = order.viewer.is_none();
            let item = match self.find_item(order.viewer.as_ref(), what)? {
                Some(item) if item.deleted.is_some() => {
                    let words = format!("{} ({what}) lies in the bin", item.name);
                    return Err(Fault::usage("in_bin", words)
                        .hint("`hearthpost item restore` takes it out again"));
                }
                Some(item) => Outgoing::of_item(item),
                None if at_box && Path::new(what).exists() => Outgoing::of_file(Path::new(what))
                    .map_err(|fault| fault.hint("nothing was shared; leave that file out"))?,
                None if !at_box => return Err(super::own::unknown(what)),
                None => {
                    let words = format!("{what:?} is neither an item of the album nor a file");
                    return Err(Fault::usage("unknown_item", words).hint(
                        "`hearthpost album list` shows what there is; `hearthpost import` adds files",
                    ));
                }
            };
            if !items.iter().any(|other| other.is(&item)) {
                items.push(item);
            }
        }
        if items.is_empty() {
            return Err(Fault::usage("nothing", "say what to share: items or files"));
        }
        Ok(items)
    }

    /// One commit: share, own holding, destinations, letters and parts.
    fn record(
        &mut self,
        new: NewlyShared,
        items: &[Outgoing],
        order: &Order,
        now: Timestamp,
    ) -> Result<Recorded, Fault> {
        let me = self.me();
        let own = self
            .keys
            .encryption
            .last()
            .ok_or_else(|| Fault::new("keys", "no encryption key"))?;
        // The origin keeps its content key as a grant to itself.
        let sealed_key = seal_letter(new.content.as_bytes(), own.certificate())?;
        self.album.blobs().sync_parts(&new.held.digests)?;
        crate::crash::point("share.before_commit");
        let writer = Writer::new(&self.keys, &self.config, now);
        let (budget, language) = (self.config.smtp.message_budget, self.language);
        let recorded = self.album.commit(|rows| {
            let share = rows.add_share(
                &NewShare {
                    manifest: &new.manifest,
                    title: &order.title,
                    message: &order.message,
                    state: ShareState::Complete,
                },
                now,
            )?;
            if let Some(person) = &order.viewer {
                rows.set_shared_by(share.id, person)?;
            }
            for (item, planned) in items.iter().zip(&new.items) {
                if let Some(own) = item.own() {
                    rows.link_own_item(share.id, planned.id, own)?;
                }
            }
            for (row, about) in rows.share_items(share.id)?.iter().zip(&new.abouts) {
                rows.describe_item(row.id, about)?;
            }
            rows.put_holding(&NewHolding {
                share: share.id,
                granter: me,
                letter: Id::random(),
                issued: now,
                permit: new.manifest.digest(),
                passed_on: true,
                grant_der: &sealed_key,
                chain: &[],
                stations: &[],
                items: &[],
            })?;
            for digest in &new.held.digests {
                rows.hold_part(share.id, *digest, true)?;
            }
            let mut lines = Vec::new();
            let mut ready = Vec::new();
            for grant in &new.grants {
                let (id, state) = queue_grant(rows, &writer, &share, &new.manifest, grant, now)?;
                if state == DestinationState::Queued {
                    ready.push((
                        grant.contact.mailbox.clone(),
                        Some(id),
                        grant.expected.clone(),
                    ));
                }
                lines.push(grant.line(state, language));
            }
            queue_parts(rows, &share, &ready, writer.mailbox, budget, now)?;
            Ok::<_, Fault>(Recorded {
                share: share.reference,
                destinations: lines,
                left: Vec::new(),
            })
        })?;
        crate::crash::point("share.after_commit");
        new.held.recorded();
        Ok(recorded)
    }
}

/// A share that is sealed and signed, but not yet recorded.
struct NewlyShared {
    content: ContentKey,
    manifest: SignedManifest,
    items: Vec<Planned>,
    abouts: Vec<crate::message::About>,
    grants: Vec<NewGrant>,
    /// Parts that lie in the blob folder.
    held: Unrecorded,
}

impl NewlyShared {
    fn seal(
        home: &Household,
        items: &[Outgoing],
        households: &[Recipient],
        order: &Order,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Self, Fault> {
        let content = ContentKey::random();
        let planned: Vec<Planned> = items
            .iter()
            .map(|item| Planned {
                id: Id::random(),
                kind: item.kind,
            })
            .collect();
        let mut all_rights = Vec::new();
        for household in households {
            let given = rights(
                &household.stations,
                order.onward.as_ref(),
                &planned,
                None,
                now,
            )
            .ok_or_else(|| nothing_allowed(&household.contact))?;
            all_rights.push(given);
        }
        let mut sealer = Sealer {
            blobs: home.album.blobs(),
            storage: &home.keys.storage,
            content: &content,
            keep_location: order.keep_location,
            excerpt: asks_for_excerpt(households, order).then_some(order.excerpt),
            buffer: PartBuffer::default(),
            held: Unrecorded {
                blobs: home.album.blobs().clone(),
                digests: BTreeSet::new(),
            },
        };
        let (mut entries, mut abouts) = (Vec::new(), Vec::new());
        let mut state = Progress {
            total: items.iter().map(|item| item.size).sum(),
            ..Progress::default()
        };
        for (item, plan) in items.iter().zip(&planned) {
            state.file = item.name.clone();
            progress(&state);
            let wanted = |tier: Tier| all_rights.iter().any(|rights| sends(rights, plan.id, tier));
            let with = item.goes_with().and_then(|picture| {
                let at = items
                    .iter()
                    .position(|other| other.own() == Some(picture))?;
                Some(planned[at].id)
            });
            let sealed = sealer.seal(item, plan.id, with, &wanted)?;
            entries.push(Item {
                id: plan.id,
                kind: item.kind,
                tiers: sealed.tiers,
            });
            abouts.push(sealed.about);
            state.done += item.size;
            progress(&state);
        }
        let manifest = Manifest::new(Id::random(), home.me(), now, entries)?;
        let manifest = SignedManifest::sign(manifest, &home.keys.identity)?;
        let ground = Ground::of_origin(Keys::Share(content.clone()), home.me());
        let grants = households
            .iter()
            .zip(&all_rights)
            .map(|(household, rights)| {
                NewGrant::new(
                    &home.keys.identity,
                    household,
                    rights,
                    &ground,
                    &manifest,
                    (&order.title, &order.message),
                    (now, now),
                )
            })
            .collect::<Result<Vec<NewGrant>, Fault>>()?;
        let sent = |digest: &Digest| grants.iter().any(|grant| grant.expected.contains(digest));
        let mut held = sealer.held;
        for digest in held.digests.extract_if(.., |digest| !sent(digest)) {
            home.album.blobs().remove_part(digest)?;
        }
        Ok(NewlyShared {
            content,
            manifest,
            items: planned,
            abouts,
            grants,
            held,
        })
    }
}

fn check_count(items: &[Outgoing]) -> Result<(), Fault> {
    match items.len() > crate::message::manifest::MAX_ITEMS {
        true => Err(Fault::usage(
            "too_many",
            "a share has at most 2,000 items; make several",
        )),
        false => Ok(()),
    }
}

/// Whether a household with these rights may be sent a tier of an item; which it is, `expected_parts` says once there
/// are digests.
fn sends(rights: &Rights, item: Id, tier: Tier) -> bool {
    // Where an item lacks the granted tier the next lower one is sent instead: so nothing below it is left out here.
    rights
        .tiers
        .get(&item)
        .is_some_and(|&granted| tier <= granted)
}

/// Whether anyone is allowed an excerpt only, here or further on.
fn asks_for_excerpt(households: &[Recipient], order: &Order) -> bool {
    let stations = households.iter().flat_map(|household| &household.stations);
    stations
        .map(|station| &station.rules)
        .chain(&order.onward)
        .any(|rules| {
            let mut limits = Action::ALL.into_iter().filter_map(|a| rules.limits(a));
            limits.any(|limits| limits.excerpt)
        })
}

fn nothing_allowed(contact: &Contact) -> Fault {
    let words = format!("the rules for {} allow nothing", contact.mailbox);
    Fault::usage("nothing_allowed", words)
}

fn check_words(order: &Order) -> Result<(), Fault> {
    if order.title.chars().count() > 200 {
        return Err(Fault::usage("title", "a title has at most 200 characters"));
    }
    check_message(&order.message)
}
