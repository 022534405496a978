//! Viewing (T3 to T8): decide → unwrap with the server's key → open in memory → render → hand over.
//!
//! A view is counted, and on disk, before any byte is handed over: a crash between the two costs a view, never gives
//! one. Plaintext exists in memory only, save the file that the person asked for.

mod converted;
mod count;
mod file;
pub(super) mod gate;
mod original;
pub(super) mod recent;

use std::path::Path;

use zeroize::Zeroizing;

use self::count::{Basis, Cost, Ready};
use self::file::NewFile;
use self::gate::{Allowed, Asked, Decided};
pub use self::original::Original;
use super::accounts::person::refuse_unknown;
use super::share::convert::{as_jpeg, converted};
use super::words::{clean_name, watermark};
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{Share, ShareItem};
use crate::convert::{ConvertError, Input};
use crate::rendition::{self, Format, RenderLimits, Rendered, THUMB_EDGE};
use crate::rules::{Action, HandedAs, Kind, Tier, describe_action, handed_as};
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
    Original(Box<Original>),
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
        loop {
            // What cannot be made costs no view, nor does a disk without room for it.
            let ready = self.ready(item, person, action, now)?;
            let room = match &ready.handed {
                Handed::Picture(rendered) => rendered.jpeg.len() as u64,
                Handed::Original(original) => original.sealed_size(),
            };
            let file = NewFile::create(out, room)?;
            if !self.count(&ready, person, now)? {
                continue;
            }
            return match ready.handed {
                Handed::Picture(rendered) => write_picture(file, &ready.item, &rendered),
                Handed::Original(original) => write_original(file, &ready.item, *original),
            };
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
        loop {
            let ready = self.ready(item, person, action, now)?;
            if self.count(&ready, person, now)? {
                let name = ready.item.name.as_deref().unwrap_or_default();
                return Ok((clean_name(name, &ready.item.reference), ready.handed));
            }
        }
    }

    /// Fails where [`Household::hand`] would refuse; hands nothing over, and counts nothing.
    pub fn would_hand(
        &self,
        item: &str,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<(), Fault> {
        self.refuse_stranger(item, person)?;
        let (share, item) = self.shared_item(item, person)?;
        self.allow(share, &item, person, action, now).map(drop)
    }

    /// Whether another program may be asked for the picture that [`Household::hand`] hands over, which takes its time.
    pub fn is_by_program(&self, item: &str) -> Result<bool, Fault> {
        let item = self.album.rows().share_item(item)?;
        let asks = |item: &ShareItem| item.kind == Kind::Picture && is_by_program(item);
        match item.filter(asks) {
            Some(item) => Ok(!self.is_converted(&item)? && !self.is_hopeless(&item)?),
            None => Ok(false),
        }
    }

    /// Hands over a sound or film to be played before it is kept, where `person` may look at it and keep it whole.
    ///
    /// It is kept, by another name: the bytes are those that may leave as a file, and they leave by that same decision. So it
    /// costs no view, as keeping costs none, and it goes no further than keeping: once the views are used up it is refused.
    /// That is no way round their number, for whoever may keep a film looks at their copy as often as they like. Counted, the
    /// look that is the last one would end the keeping, and with it the film before its second piece.
    pub fn hand_to_play(
        &mut self,
        item: &str,
        person: &StationName,
        now: Now,
    ) -> Result<(String, Handed), Fault> {
        self.would_play(item, person, now)?;
        self.hand(item, person, Action::Store, now)
    }

    /// Fails where [`Household::hand_to_play`] would refuse.
    pub fn would_play(&self, item: &str, person: &StationName, now: Now) -> Result<(), Fault> {
        self.refuse_stranger(item, person)?;
        let (share, item) = self.shared_item(item, person)?;
        let rows = self.album.rows();
        let asked = Asked::about(rows, share)?;
        let facts = asked.look_at(rows, &item, person)?;
        asked.decide_play(&facts, person, now)
    }

    /// The small picture of an item for lists, if `person` may look at it. It is not counted, and so there is none of what
    /// may be opened a number of times.
    pub fn hand_thumb(
        &mut self,
        item: &str,
        person: &StationName,
        now: Now,
    ) -> Result<Rendered, Fault> {
        self.refuse_stranger(item, person)?;
        loop {
            let ready = self.thumb_ready(item, person, now)?;
            if self.count(&ready, person, now)? {
                return Ok(ready.handed);
            }
        }
    }

    fn shared_item(&self, item: &str, person: &StationName) -> Result<(Share, ShareItem), Fault> {
        let rows = self.album.rows();
        refuse_unknown(rows, person)?;
        let unknown = || unknown_item(item, person);
        let item = rows.share_item(item)?.ok_or_else(unknown)?;
        Ok((rows.share_by_id(item.share)?, item))
    }

    /// What was never for a person is not there for them: not even a refusal tells that it is, and whose.
    fn refuse_stranger(&self, item: &str, person: &StationName) -> Result<(), Fault> {
        let rows = self.album.rows();
        let (share, row) = self.shared_item(item, person)?;
        if rows.was_viewable(share.id, person)? {
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
    ) -> Result<Ready<Handed>, Fault> {
        let changes = self.album.rows().changes()?;
        let (share, item) = self.shared_item(item, person)?;
        let id = share.id;
        let allowed = self.allow(share, &item, person, action, now)?;
        let limits = allowed.decided.rendition.limits;
        let handed = match handed_as(action, limits, item.kind) {
            HandedAs::Whole | HandedAs::Excerpt => {
                let tier = allowed.decided.tier;
                Handed::Original(Box::new(self.original(&item, &allowed, tier)?))
            }
            HandedAs::Made => {
                let mark = watermark(person, now.now);
                Handed::Picture(self.render(&item, action, &allowed, &mark)?)
            }
        };
        let cost = match allowed.decided.rendition.counts {
            true => Cost::View,
            false => Cost::Nothing,
        };
        Ok(Ready {
            share: id,
            basis: Basis::of(&allowed, (action, limits), cost, changes),
            item,
            handed,
        })
    }

    fn thumb_ready(
        &self,
        item: &str,
        person: &StationName,
        now: Now,
    ) -> Result<Ready<Rendered>, Fault> {
        let changes = self.album.rows().changes()?;
        let (share, item) = self.shared_item(item, person)?;
        let (id, action) = (share.id, Action::Display);
        let mut allowed = self.allow(share, &item, person, action, now)?;
        let decided = &mut allowed.decided;
        if let Some(left) = decided.left {
            let words = format!(
                "This is not shown in lists, for each look at it counts. Looks left: {left}."
            );
            return Err(Fault::new("counted", words));
        }
        let limits = decided.rendition.limits;
        if decided.held.contains(&Tier::Thumb) {
            decided.tier = Tier::Thumb;
        }
        let edge = u64::from(THUMB_EDGE);
        let most = limits.max_edge.map_or(edge, |most| most.min(edge));
        decided.rendition.limits.max_edge = Some(most);
        let mark = watermark(person, now.now);
        let handed = self.render(&item, action, &allowed, &mark)?;
        Ok(Ready {
            share: id,
            basis: Basis::of(&allowed, (action, limits), Cost::Thumb, changes),
            item,
            handed,
        })
    }

    /// A picture within the limits, in memory; `mark` stands across it where they say so.
    fn render(
        &self,
        item: &ShareItem,
        action: Action,
        allowed: &Allowed,
        mark: &str,
    ) -> Result<Rendered, Fault> {
        let decodable = |bytes: &[u8]| {
            Format::sniff(&bytes[..bytes.len().min(rendition::SNIFF_LENGTH)]).decodable()
        };
        let Decided { tier, held, .. } = &allowed.decided;
        let limits = allowed.decided.rendition.limits;
        let most = limits.max_edge;
        let limits = RenderLimits {
            max_edge: most.map(|edge| u32::try_from(edge).unwrap_or(u32::MAX)),
            watermark: limits.watermark.then_some(mark),
        };
        let mut bytes = self.read_tier(item, allowed, *tier)?;
        if !decodable(&bytes) && item.kind == Kind::Picture {
            // The picture of a telephone, in full where a program here reads it; else what the sender made of it.
            let made = held.iter().filter(|held| *held < tier).max();
            let small = most.is_some_and(|edge| edge <= u64::from(THUMB_EDGE));
            if !small && let Some(picture) = self.full_picture(item, *tier, &bytes, limits) {
                return Ok(picture);
            }
            if let Some(made) = made {
                bytes = self.read_tier(item, allowed, *made)?;
            }
        }
        if !decodable(&bytes) {
            // Only where it may be kept in full was it shared at all; shown inline it could not be.
            let words = format!(
                "This is not a picture that your box can show. To {} it, keep it.",
                describe_action(Language::En, action)
            );
            return Err(Fault::new("not_shown", words).hint("`--action store` keeps it"));
        }
        rendition::render(&bytes, limits).map_err(|error| Fault::new("broken", error.to_string()))
    }

    /// The picture that another program makes of one that is not decoded here, or made before, within the limits; `None`:
    /// none comes of it that can be shown.
    fn full_picture(
        &self,
        item: &ShareItem,
        tier: Tier,
        bytes: &[u8],
        limits: RenderLimits<'_>,
    ) -> Option<Rendered> {
        let format = Format::sniff(&bytes[..bytes.len().min(rendition::SNIFF_LENGTH)]);
        if !is_by_program(item) || !format.boxed_picture() {
            return None;
        }
        let is_original = tier == Tier::Original;
        if is_original
            && let Some(picture) = self.converted(item)
            && let Ok(rendered) = rendition::render(&picture, limits)
        {
            return Some(rendered);
        }
        if is_original && self.is_hopeless(item).unwrap_or(false) {
            return None;
        }
        let input = Input::in_memory(&mut &bytes[..]);
        match input.and_then(|input| as_jpeg(format, &input)) {
            Ok(picture) => match rendition::render(&picture, limits) {
                Ok(rendered) => {
                    if is_original {
                        self.keep_converted(item, &picture, bytes.len());
                    }
                    Some(rendered)
                }
                Err(error) => {
                    tracing::warn!(item = %item.reference, %error, "what was made of an item is not shown");
                    if is_original {
                        self.note_hopeless(item);
                    }
                    None
                }
            },
            Err(error) => {
                tracing::warn!(item = %item.reference, %error, "no picture is made of an item");
                let own = error.is_of_input() || matches!(error, ConvertError::TooSlow(_));
                if is_original && own {
                    self.note_hopeless(item);
                }
                None
            }
        }
    }

    fn original(&self, item: &ShareItem, allowed: &Allowed, tier: Tier) -> Result<Original, Fault> {
        let no_key = || Fault::new("grant", "the grant does not reach this quality");
        let key = allowed.opened.keys.key(item.wire, tier);
        let parts = self.album.rows().tier_parts(item.id, tier)?;
        Ok(Original::new(
            self.album.blobs().clone(),
            key.ok_or_else(no_key)?,
            parts,
        ))
    }

    fn read_tier(
        &self,
        item: &ShareItem,
        allowed: &Allowed,
        tier: Tier,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut parts = self.original(item, allowed, tier)?;
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

/// Whether another program that is here is asked for the picture of an item, as far as its sender says what it is.
fn is_by_program(item: &ShareItem) -> bool {
    let said = item.media_type.as_deref().unwrap_or_default();
    let format = Format::of_media_type(said);
    format.boxed_picture() && converted().any(|one| one == format)
}

fn unknown_item(item: &str, person: &StationName) -> Fault {
    let words = format!("there is no shared item {item:?} for {person}");
    Fault::usage("unknown_item", words)
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
