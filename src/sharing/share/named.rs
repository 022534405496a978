//! What an order names: the households with the rules of each station there, and the items.

use std::collections::BTreeMap;
use std::path::Path;

use super::order::{Order, default_rules};
use crate::address::{AddressError, Mailbox, StationAddress, StationName};
use crate::album::{Contact, Trust};
use crate::encoding::Timestamp;
use crate::message::Station;
use crate::rules::Rules;
use crate::sharing::contacts::claims::{refuse_differing, succeeds};
use crate::sharing::contacts::ended::{has_ended, refuse_own_end};
use crate::sharing::share::awaited::Unknown;
use crate::sharing::share::granting::Recipient;
use crate::sharing::share::outgoing::Outgoing;
use crate::sharing::{Fault, Household};

impl Household {
    /// The households that `--to` and `--for` name, with the rules of each station: those that are known, and those that
    /// are not.
    pub(super) fn resolve(
        &self,
        order: &Order,
        now: Timestamp,
    ) -> Result<(Vec<Recipient>, Vec<Unknown>), Fault> {
        refuse_own_end(self.album.rows(), self.me())?;
        let common = order.rules.clone().unwrap_or_else(default_rules);
        let mut rules: BTreeMap<(Mailbox, StationName), Rules> = BTreeMap::new();
        for word in &order.to {
            for address in self.addresses_of(word)? {
                rules.insert((address.mailbox, address.station), common.clone());
            }
        }
        for (address, own) in &order.stations {
            let address = self.meant_address(address.clone())?;
            rules.insert((address.mailbox, address.station), own.clone());
        }
        let mut households: Vec<Recipient> = Vec::new();
        let mut unknown: Vec<Unknown> = Vec::new();
        for ((mailbox, name), rules) in rules {
            if rules.not_after.is_some_and(|end| end <= now) {
                return Err(Fault::usage(
                    "over",
                    format!("{name} of {mailbox} could do nothing: the end is already past"),
                ));
            }
            let station = Station { name, rules };
            if let Some(household) = households.iter_mut().find(|h| h.contact.mailbox == mailbox) {
                household.stations.push(station);
            } else if let Some(one) = unknown.iter_mut().find(|one| one.mailbox == mailbox) {
                one.stations.push(station);
            } else if self.is_unknown(&mailbox)? {
                unknown.push(Unknown {
                    identity: self.identity_in_directory(&mailbox, now)?,
                    mailbox,
                    stations: vec![station],
                });
            } else {
                households.push(Recipient {
                    contact: self.destination_contact(&mailbox)?,
                    stations: vec![station],
                });
            }
        }
        if households.is_empty() && unknown.is_empty() {
            return Err(Fault::usage("nobody", "say with whom to share")
                .hint("--to ADDRESS or a key word; on the page, choose a face or type a name"));
        }
        Ok((households, unknown))
    }

    /// Whether nobody here knows the household at a mailbox, nor heard of it.
    pub(in crate::sharing) fn is_unknown(&self, mailbox: &Mailbox) -> Result<bool, Fault> {
        let rows = self.album.rows();
        Ok(*mailbox != self.config.mailbox
            && rows.contact_at(mailbox)?.is_none()
            && rows.moved_from(mailbox)?.is_none())
    }

    pub(in crate::sharing) fn addresses_of(
        &self,
        word: &str,
    ) -> Result<Vec<StationAddress>, Fault> {
        if word.contains('@') {
            let address = word
                .parse()
                .map_err(|error: AddressError| Fault::usage("address", error.to_string()))?;
            return Ok(vec![self.meant_address(address)?]);
        }
        let meant = self.meant_by_word(word)?;
        if !meant.is_empty() {
            return Ok(meant);
        }
        let suggested = self.suggested(word)?;
        Err(match suggested.or(self.announced_as(word)?) {
            Some(fault) => fault,
            None => {
                let words = format!("{word:?} is neither an address nor a key word");
                Fault::usage("unknown_word", words)
                    .hint("`hearthpost keyword list` shows the key words")
            }
        })
    }

    pub(in crate::sharing) fn destination_contact(
        &self,
        mailbox: &Mailbox,
    ) -> Result<Contact, Fault> {
        if *mailbox == self.config.mailbox {
            return Err(Fault::usage(
                "self",
                "the people of this house see its own album; nothing needs to be shared with them",
            ));
        }
        refuse_own_end(self.album.rows(), self.me())?;
        let contact = self.contact_at(mailbox)?;
        self.refuse_to_give(&contact)?;
        Ok(contact)
    }

    /// Refuses to give anything to a household that is shut out, or that nobody here knows well enough.
    pub(in crate::sharing) fn refuse_to_give(&self, contact: &Contact) -> Result<(), Fault> {
        refuse_own_end(self.album.rows(), self.me())?;
        let mailbox = &contact.mailbox;
        if self.ended(contact.fingerprint)?.is_some() {
            return Err(has_ended(mailbox));
        }
        if contact.blocked {
            return Err(Fault::new("blocked", format!("{mailbox} is blocked"))
                .hint(format!("`hearthpost contact unblock {mailbox}`")));
        }
        if contact.trust == Trust::Pending {
            let words = format!("{mailbox} is not known well enough: nothing was sent there");
            let hint = match succeeds(self.album.rows(), contact)? {
                true => format!(
                    "compare words with the people there first: `hearthpost contact verify {mailbox} --fingerprint WORDS`"
                ),
                false => format!(
                    "`hearthpost contact accept {mailbox}`, or compare words: `hearthpost contact verify {mailbox}`"
                ),
            };
            return Err(Fault::new("pending", words).hint(hint));
        }
        refuse_differing(self.album.rows(), contact)
    }

    /// What `what` names: items of the album, and files read from where they lie.
    pub(super) fn items_of(&self, order: &Order) -> Result<Vec<Outgoing>, Fault> {
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
                None if !at_box => return Err(crate::sharing::own::unknown(what)),
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
}
