//! What a household has, as text, so that two moments can be compared whole.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use hearthpost::album::{Contact, Destination, Share, ShareItem};
use hearthpost::encoding::Timestamp;
use hearthpost::rules::Tier;

use super::House;

impl House {
    /// Contacts, shares with items, parts and holdings, views, and the names of the blobs.
    pub fn visible(&self) -> String {
        let rows = self.home.album.rows();
        let mut text = String::new();
        for contact in rows.contacts().expect("rows") {
            let standing = (contact.accepted, contact.blocked);
            let trust = contact.trust.as_str();
            writeln!(text, "contact {} {trust} {standing:?}", contact.mailbox).expect("text");
        }
        for share in rows.shares().expect("rows") {
            self.describe_share(&share, &mut text);
        }
        for blob in self.blobs() {
            writeln!(text, "blob {}", blob.display()).expect("text");
        }
        text
    }

    /// What a household gave away: destinations, copies further on, revocations that are told, and who asks for more.
    pub fn given(&self) -> String {
        let rows = self.home.album.rows();
        let mut text = String::new();
        for share in rows.shares().expect("rows") {
            for at in rows.destinations(share.id).expect("rows") {
                let (state, error) = (at.state.as_str(), &at.error);
                writeln!(
                    text,
                    "{} at {}: {state} {error:?}",
                    share.reference, at.mailbox
                )
                .expect("text");
                for recall in rows.recalls(share.id, at.contact).expect("rows") {
                    writeln!(text, "  told since {}", recall.begun).expect("text");
                }
            }
            for copy in rows.onward_copies(share.id).expect("rows") {
                let (permit, state) = (copy.permit.short(), copy.state.as_str());
                writeln!(text, "  copy {permit} of {}: {state}", copy.holder.short())
                    .expect("text");
            }
        }
        for request in rows.requests().expect("rows") {
            let (station, state) = (&request.station, request.state.as_str());
            writeln!(text, "{station} asks: {state} {:?}", request.answer).expect("text");
        }
        text
    }

    fn describe_share(&self, share: &Share, text: &mut String) {
        let rows = self.home.album.rows();
        let (title, state) = (&share.title, share.state.as_str());
        writeln!(text, "share {} {state} {title:?}", share.reference).expect("text");
        for holding in rows.holdings(share.id).expect("rows") {
            let stations = rows.holding_stations(holding.id).expect("rows");
            let keys = rows.holding_grant(holding.id).expect("rows").is_some();
            let (state, issued) = (holding.state, holding.issued);
            writeln!(
                text,
                "  {state:?} since {issued}, keys {keys}: {stations:?}"
            )
            .expect("text");
        }
        for item in rows.share_items(share.id).expect("rows") {
            writeln!(text, "  item {} {:?}", item.reference, item.name).expect("text");
        }
        for part in rows.parts(share.id).expect("rows") {
            let (tier, wanted, held) = (part.tier.as_str(), part.wanted, part.held);
            writeln!(
                text,
                "  part {} {tier} {wanted} {held}",
                part.digest.short()
            )
            .expect("text");
        }
    }

    /// The sealed parts on disk.
    pub fn blobs(&self) -> Vec<PathBuf> {
        files_below(&self.folder.join("data/parts"))
    }

    /// The tiers of which all parts of a share's first item are here.
    pub fn held_tiers(&self, share: &str) -> Vec<Tier> {
        let rows = self.home.album.rows();
        let item = self.items(share).remove(0);
        Tier::ALL
            .into_iter()
            .filter(|&tier| {
                let parts = rows.tier_parts(item.id, tier).expect("rows");
                !parts.is_empty() && parts.iter().all(|part| part.held)
            })
            .collect()
    }

    pub fn share_named(&self, reference: &str) -> Share {
        let found = self.home.album.rows().share(reference).expect("rows");
        found.unwrap_or_else(|| panic!("no share {reference} at {}", self.mailbox))
    }

    pub fn knows(&self, reference: &str) -> bool {
        let found = self.home.album.rows().share(reference).expect("rows");
        found.is_some()
    }

    pub fn items(&self, share: &str) -> Vec<ShareItem> {
        let share = self.share_named(share);
        self.home.album.rows().share_items(share.id).expect("rows")
    }

    /// How far a share got at each household, in the order of the households.
    pub fn destinations(&self, share: &str) -> Vec<Destination> {
        let share = self.share_named(share);
        let mut found = self.home.album.rows().destinations(share.id).expect("rows");
        found.sort_by(|a, b| a.mailbox.as_str().cmp(b.mailbox.as_str()));
        found
    }

    /// Messages that are yet to be submitted, whenever they are due.
    pub fn queued(&self) -> usize {
        let ever = Timestamp::from_unix(i64::from(u32::MAX));
        let due = self.home.album.rows().due_messages(ever, 0).expect("rows");
        due.len()
    }
}

/// All files below a folder, in order of their paths.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

impl House {
    /// As soon as what waits for `first` is written, something else is too, as if another process of the house had done it
    /// just before. What ends it has to be dropped.
    pub fn meanwhile(&self, first: &str, change: &str) -> Meanwhile {
        let database = rusqlite::Connection::open(self.folder.join("data/album.sqlite"));
        let database = database.expect("opens");
        for when in ["INSERT", "UPDATE"] {
            let trigger = format!(
                "CREATE TRIGGER meanwhile_{when} AFTER {when} ON awaited WHEN NEW.mailbox = '{first}'
                 BEGIN {change}; END;"
            );
            database.execute_batch(&trigger).expect("a trigger");
        }
        Meanwhile(database)
    }
}

/// See [`House::meanwhile`].
pub struct Meanwhile(rusqlite::Connection);

impl Drop for Meanwhile {
    fn drop(&mut self) {
        let drop = "DROP TRIGGER meanwhile_INSERT; DROP TRIGGER meanwhile_UPDATE;";
        self.0.execute_batch(drop).expect("no trigger any more");
    }
}

/// Who is known at a mailbox.
pub fn contact(house: &House, mailbox: &str) -> Option<Contact> {
    let mailbox = mailbox.parse().expect("a mailbox");
    house.home.contact_at(&mailbox).ok()
}
