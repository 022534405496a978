//! Viewing (T3 to T8): decide → unwrap with the server's key → open in memory → render → hand over.
//!
//! A view is counted, and on disk, before any byte is handed over: a crash between the two costs a view, never gives
//! one. Plaintext exists in memory only, save the file that the person asked for.

mod file;
pub(super) mod gate;
mod original;
pub(super) mod recent;

use std::path::Path;

use zeroize::Zeroizing;

use self::file::NewFile;
use self::gate::{Allowed, Asked};
pub use self::original::Original;
use super::words::{clean_name, watermark};
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{Contact, Holding, Rows, Share, ShareItem};
use crate::rendition::{self, Format, RenderLimits, Rendered, THUMB_EDGE};
use crate::rules::{Action, HandedAs, Tier, describe_action, handed_as};
use crate::words::Language;

/// What was handed over as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewed {
    /// The item's short name.
    pub item: String,
    /// By our own look at it, never the sender's.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Pixels, of a picture.
    pub width: Option<u32>,
    /// Pixels, of a picture.
    pub height: Option<u32>,
}

/// What a person is handed.
pub enum Handed {
    /// A picture made for them, in memory.
    Picture(Rendered),
    /// The original, or the excerpt that the sender cut, bit for bit, which nobody has opened yet.
    Original(Original),
}

/// What stands ready and was not counted yet: nothing of it may leave before it is.
struct Ready {
    /// Row id.
    share: i64,
    item: ShareItem,
    /// Whether this costs a view.
    counts: bool,
    handed: Handed,
}

impl Household {
    /// Hands over what `person` may get of an item, as a file at `out`.
    pub fn view(
        &mut self,
        item: &str,
        person: &StationName,
        action: Action,
        out: &Path,
        now: Now,
    ) -> Result<Viewed, Fault> {
        // What cannot be made costs no view, nor does a disk without room for it.
        let ready = self.ready(item, person, action, now)?;
        let room = match &ready.handed {
            Handed::Picture(rendered) => rendered.jpeg.len() as u64,
            Handed::Original(original) => original.sealed_size(),
        };
        let file = NewFile::create(out, room)?;
        self.count(&ready, person, now)?;
        match ready.handed {
            Handed::Picture(rendered) => write_picture(file, &ready.item, &rendered),
            Handed::Original(original) => write_original(file, &ready.item, original),
        }
    }

    /// Hands over what `person` may get of an item, in memory or to be read part after part; with its cleaned name.
    pub fn hand(
        &mut self,
        item: &str,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<(String, Handed), Fault> {
        self.refuse_stranger(item, person)?;
        let ready = self.ready(item, person, action, now)?;
        self.count(&ready, person, now)?;
        let name = ready.item.name.as_deref().unwrap_or_default();
        Ok((clean_name(name, &ready.item.reference), ready.handed))
    }

    /// The small picture of an item for lists, if `person` may look at it. It is not counted, and so there is none of what
    /// may be opened a number of times.
    pub fn hand_thumb(
        &self,
        item: &str,
        person: &StationName,
        now: Now,
    ) -> Result<Rendered, Fault> {
        self.refuse_stranger(item, person)?;
        let (share, item) = self.shared_item(item, person)?;
        let mut allowed = self.allow(share, &item, person, Action::Display, now)?;
        let decided = &mut allowed.decided;
        if decided.counted {
            let words = "This may be opened a number of times; it is not shown in lists.";
            return Err(Fault::new("counted", words));
        }
        if decided.held.contains(&Tier::Thumb) {
            decided.tier = Tier::Thumb;
        }
        let limits = &mut decided.rendition.limits;
        let edge = u64::from(THUMB_EDGE);
        limits.max_edge = Some(limits.max_edge.map_or(edge, |most| most.min(edge)));
        self.render(
            &item,
            Action::Display,
            &allowed,
            &watermark(person, now.now),
        )
    }

    fn shared_item(&self, item: &str, person: &StationName) -> Result<(Share, ShareItem), Fault> {
        let rows = self.album.rows();
        self.refuse_unknown_person(person)?;
        let unknown = || unknown_item(item, person);
        let item = rows.share_item(item)?.ok_or_else(unknown)?;
        Ok((rows.share_by_id(item.share)?, item))
    }

    /// What was never for a person is not there for them: not even a refusal tells that it is, and whose.
    fn refuse_stranger(&self, item: &str, person: &StationName) -> Result<(), Fault> {
        let rows = self.album.rows();
        let (share, row) = self.shared_item(item, person)?;
        if rows.viewable_since(share.id, person)?.is_some() {
            return Ok(());
        }
        let asked = Asked::about(rows, share)?;
        let facts = asked.look_at(rows, &row, person)?;
        match asked.speaks_of(&facts, person) {
            true => Ok(()),
            false => Err(unknown_item(item, person)),
        }
    }

    fn ready(
        &self,
        item: &str,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<Ready, Fault> {
        let (share, item) = self.shared_item(item, person)?;
        let id = share.id;
        let allowed = self.allow(share, &item, person, action, now)?;
        let limits = allowed.decided.rendition.limits;
        let handed = match handed_as(action, limits, item.kind) {
            HandedAs::Whole | HandedAs::Excerpt => {
                Handed::Original(self.original(&item, &allowed)?)
            }
            HandedAs::Made => {
                let mark = watermark(person, now.now);
                Handed::Picture(self.render(&item, action, &allowed, &mark)?)
            }
        };
        Ok(Ready {
            share: id,
            item,
            counts: allowed.decided.rendition.counts,
            handed,
        })
    }

    /// Notes that a person looks: since when the share can be seen by them, and the view where it counts.
    fn count(&mut self, ready: &Ready, person: &StationName, now: Now) -> Result<(), Fault> {
        let since = self.album.rows().viewable_since(ready.share, person)?;
        if !ready.counts && since.is_some_and(|since| since <= now.now) {
            return Ok(());
        }
        self.album.commit(|rows| {
            rows.set_viewable(ready.share, person, now.now)?;
            if ready.counts {
                rows.count_view(ready.item.id, person, now.now)?;
            }
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("view.counted");
        Ok(())
    }

    /// A picture within the limits, in memory; `mark` stands across it where they say so.
    fn render(
        &self,
        item: &ShareItem,
        action: Action,
        allowed: &Allowed,
        mark: &str,
    ) -> Result<Rendered, Fault> {
        let bytes = self.read_tier(item, allowed)?;
        if !Format::sniff(&bytes[..bytes.len().min(rendition::SNIFF_LENGTH)]).decodable() {
            // Only where it may be kept in full was it shared at all; shown inline it could not be.
            let words = format!(
                "This is not a picture that your box can show. To {} it, keep it: --action store.",
                describe_action(Language::En, action)
            );
            return Err(Fault::new("not_shown", words));
        }
        let limits = allowed.decided.rendition.limits;
        let limits = RenderLimits {
            max_edge: limits
                .max_edge
                .map(|edge| u32::try_from(edge).unwrap_or(u32::MAX)),
            watermark: limits.watermark.then_some(mark),
        };
        rendition::render(&bytes, limits).map_err(|error| Fault::new("broken", error.to_string()))
    }

    fn original(&self, item: &ShareItem, allowed: &Allowed) -> Result<Original, Fault> {
        let no_key = || Fault::new("grant", "the grant does not reach this quality");
        let key = allowed.opened.keys.key(item.wire, allowed.decided.tier);
        let parts = self
            .album
            .rows()
            .tier_parts(item.id, allowed.decided.tier)?;
        Ok(Original::new(
            self.album.blobs().clone(),
            key.ok_or_else(no_key)?,
            parts,
        ))
    }

    fn read_tier(&self, item: &ShareItem, allowed: &Allowed) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut parts = self.original(item, allowed)?;
        let mut bytes = Zeroizing::new(Vec::new());
        while let Some(content) = parts.next_part()? {
            if bytes.len() + content.len() > rendition::MAX_BYTES {
                let words = "this picture is too large to be shown";
                return Err(Fault::new("too_large", words));
            }
            bytes.extend_from_slice(content);
        }
        Ok(bytes)
    }
}

fn unknown_item(item: &str, person: &StationName) -> Fault {
    let words = format!("there is no shared item {item:?} for {person}");
    Fault::new("unknown_item", words)
}

fn write_picture(
    mut file: NewFile,
    item: &ShareItem,
    rendered: &Rendered,
) -> Result<Viewed, Fault> {
    file.write(&rendered.jpeg)?;
    file.keep()?;
    Ok(Viewed {
        item: item.reference.clone(),
        media_type: "image/jpeg".to_owned(),
        size: rendered.jpeg.len() as u64,
        width: Some(rendered.width),
        height: Some(rendered.height),
    })
}

fn write_original(
    mut file: NewFile,
    item: &ShareItem,
    mut original: Original,
) -> Result<Viewed, Fault> {
    let (mut size, mut format) = (0, Format::Other);
    while let Some(content) = original.next_part()? {
        if size == 0 {
            format = Format::sniff(&content[..content.len().min(rendition::SNIFF_LENGTH)]);
        }
        size += content.len() as u64;
        file.write(content)?;
    }
    file.keep()?;
    Ok(Viewed {
        item: item.reference.clone(),
        media_type: format.media_type().to_owned(),
        size,
        width: item.width,
        height: item.height,
    })
}

/// What the household that granted a share calls itself.
pub(super) fn granter_name(rows: Rows<'_>, share: &Share) -> Result<String, Fault> {
    let granter = first_granter(rows, share)?;
    Ok(granter.map_or_else(|| "the sender".to_owned(), |contact| contact.name))
}

/// The household that granted a share, as people know it.
pub(super) fn first_granter(rows: Rows<'_>, share: &Share) -> Result<Option<Contact>, Fault> {
    match rows.holdings(share.id)?.first() {
        Some(holding) => granter_of(rows, share, holding),
        None => Ok(None),
    }
}

/// Who granted a holding, as people know it: whose share it is, where that one had it passed on by somebody unknown.
pub(super) fn granter_of(
    rows: Rows<'_>,
    share: &Share,
    holding: &Holding,
) -> Result<Option<Contact>, Fault> {
    match rows.contact(holding.granter)?.filter(|one| one.accepted) {
        Some(contact) => Ok(Some(contact)),
        None => match rows.contact(share.origin)? {
            Some(origin) => Ok(Some(origin)),
            None => Ok(rows.contact(holding.granter)?),
        },
    }
}
