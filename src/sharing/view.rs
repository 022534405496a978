//! Viewing (T3 to T8): decide → unwrap with the server's key → open in memory → render → hand over.
//!
//! A view is counted, and on disk, before any byte is handed over: a crash between the two costs a view, never gives
//! one. Plaintext exists in memory only, save the file that the person asked for.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate};
use zeroize::Zeroizing;

use super::opened::{Opened, Openers};
use super::stations::{live_voices, rules_for};
use super::words::show_time;
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{Rows, Share, ShareItem, ShareState};
use crate::disk;
use crate::envelope::open_part;
use crate::rendition::{self, Format, RenderLimits, Rendered};
use crate::rules::{
    Action, Decision, Denial, Limits, Rendition, Tier, decide, denial_words, describe_action,
    source_tier,
};

/// What was handed over.
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

/// A decision that allows, with where the bytes come from.
struct Allowed {
    rendition: Rendition,
    tier: Tier,
    opened: Opened,
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
        let rows = self.album.rows();
        let unknown = || {
            Fault::new(
                "unknown_item",
                format!("there is no shared item {item:?} for {person}"),
            )
        };
        self.refuse_unknown_person(person)?;
        let item = rows.share_item(item)?.ok_or_else(unknown)?;
        let share = rows.share_by_id(item.share)?;
        let allowed = self.allow(rows, &share, &item, person, action, now)?;
        // What cannot be made costs no view, nor does a disk without room for it.
        let prepared = self.prepare(&item, action, &allowed)?;
        let room = match &prepared {
            Some(rendered) => rendered.jpeg.len() as u64,
            None => rows
                .tier_parts(item.id, allowed.tier)?
                .iter()
                .map(|part| part.len)
                .sum(),
        };
        let file = NewFile::create(out, room)?;
        let counted = allowed.rendition.counts;
        self.album.commit(|rows| {
            rows.set_viewable(share.id, person, now.now)?;
            if counted {
                rows.count_view(item.id, person, now.now)?;
            }
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("view.counted");
        match prepared {
            Some(rendered) => hand_over(file, &item, &rendered),
            None => self.write_original(file, &item, &allowed),
        }
    }

    /// The gate. Every way to bytes of a share goes through it.
    fn allow(
        &self,
        rows: Rows<'_>,
        share: &Share,
        item: &ShareItem,
        person: &StationName,
        action: Action,
        now: Now,
    ) -> Result<Allowed, Fault> {
        let household = granter_name(rows, share)?;
        let deny = |denial| Fault::new("denied", denial_words(denial, &household, show_time));
        match share.state {
            ShareState::Revoked => {
                return Err(Fault::new(
                    "denied",
                    format!("{household} does not share this any more."),
                ));
            }
            ShareState::Expired => {
                return Err(Fault::new(
                    "denied",
                    format!("This share is over. Ask {household} for it again?"),
                ));
            }
            ShareState::Arriving | ShareState::Complete => {}
        }
        let usage = rows.usage(share.id, item.id, person)?;
        let parts = rows.parts(share.id)?;
        let mut openers = Openers::default();
        openers.of(rows, &self.keys, share.id)?;
        let mut best: Option<(Rendition, Tier, i64)> = None;
        let mut denied: Option<Decision> = None;
        let mut arriving = false;
        for voice in live_voices(rows, share.id)? {
            let Some(granted) = voice.tier(rows, item.id)? else {
                continue;
            };
            let rules = rules_for(&voice.stations, person)
                .cloned()
                .unwrap_or_default();
            let decision = decide(&rules, action, item.kind, now.now, usage);
            let Decision::Allow(rendition) = decision else {
                if denied
                    .as_ref()
                    .is_none_or(|so_far| decision.is_better_than(so_far))
                {
                    denied = Some(decision);
                }
                continue;
            };
            let held: Vec<Tier> = Tier::ALL
                .into_iter()
                .filter(|&tier| tier <= granted && tier > Tier::About)
                .filter(|&tier| {
                    let mut of_tier = parts
                        .iter()
                        .filter(|p| p.item == item.id && p.tier == tier)
                        .peekable();
                    // An empty file has a tier without parts; the manifest still names it.
                    (of_tier.peek().is_some() || tier == Tier::Original)
                        && of_tier.all(|part| part.held)
                })
                .collect();
            let Some(tier) = source(action, &rendition, &held) else {
                arriving = true;
                continue;
            };
            let wider = |(so_far, ..): &(Rendition, Tier, i64)| {
                decision.is_better_than(&Decision::Allow(*so_far))
            };
            if best.as_ref().is_none_or(wider) {
                best = Some((rendition, tier, voice.holding.id));
            }
        }
        let Some((rendition, tier, holding)) = best else {
            if arriving {
                return Err(Fault::new(
                    "arriving",
                    "This has not arrived completely yet. Try again in a while.",
                ));
            }
            return Err(match denied {
                Some(Decision::Deny(denial)) => deny(denial),
                _ => deny(Denial::NotAllowed(action)),
            });
        };
        refuse_unrendered(rendition.limits)?;
        let opened = openers
            .take(share.id, holding)
            .ok_or_else(|| Fault::new("grant", "a holding without keys"))?;
        Ok(Allowed {
            rendition,
            tier,
            opened,
        })
    }

    /// What is to be handed over, in memory; `None` for the original bit for bit, which is read part after part.
    fn prepare(
        &self,
        item: &ShareItem,
        action: Action,
        allowed: &Allowed,
    ) -> Result<Option<Rendered>, Fault> {
        let whole = allowed.rendition.limits == Limits::default();
        if action == Action::Store && whole {
            return Ok(None);
        }
        let bytes = self.read_tier(item, allowed)?;
        if !Format::sniff(&bytes[..bytes.len().min(rendition::SNIFF_LENGTH)]).decodable() {
            // Only where it may be kept in full was it shared at all; shown inline it could not be.
            let words = format!(
                "This is not a picture that your box can show. To {} it, keep it: --action store.",
                describe_action(action)
            );
            return Err(Fault::new("not_shown", words));
        }
        let limits = RenderLimits {
            max_edge: allowed
                .rendition
                .limits
                .max_edge
                .map(|edge| u32::try_from(edge).unwrap_or(u32::MAX)),
            watermark: None,
        };
        let rendered = rendition::render(&bytes, limits)
            .map_err(|error| Fault::new("broken", error.to_string()))?;
        Ok(Some(rendered))
    }

    /// The original bit for bit, part after part.
    fn write_original(
        &self,
        mut file: NewFile,
        item: &ShareItem,
        allowed: &Allowed,
    ) -> Result<Viewed, Fault> {
        let (mut size, mut format) = (0, Format::Other);
        self.each_part(item, allowed, |content| {
            if size == 0 {
                format = Format::sniff(&content[..content.len().min(rendition::SNIFF_LENGTH)]);
            }
            size += content.len() as u64;
            file.write(content)
        })?;
        file.keep()?;
        Ok(Viewed {
            item: item.reference.clone(),
            media_type: format.media_type().to_owned(),
            size,
            width: item.width,
            height: item.height,
        })
    }

    fn read_tier(&self, item: &ShareItem, allowed: &Allowed) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let mut bytes = Zeroizing::new(Vec::new());
        self.each_part(item, allowed, |content| {
            if bytes.len() + content.len() > rendition::MAX_BYTES {
                return Err(Fault::new(
                    "too_large",
                    "this picture is too large to be shown",
                ));
            }
            bytes.extend_from_slice(content);
            Ok(())
        })?;
        Ok(bytes)
    }

    fn each_part(
        &self,
        item: &ShareItem,
        allowed: &Allowed,
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let no_key = || Fault::new("grant", "the grant does not reach this quality");
        let key = allowed
            .opened
            .keys
            .key(item.wire, allowed.tier)
            .ok_or_else(no_key)?;
        for part in self.album.rows().tier_parts(item.id, allowed.tier)? {
            let mut der = Zeroizing::new(self.album.blobs().read_part(part.digest)?);
            let content = open_part(&mut der, &key).map_err(|error| {
                Fault::new(
                    "disk",
                    format!(
                        "a stored part is damaged ({}): {error}",
                        part.digest.short()
                    ),
                )
            })?;
            take(content)?;
        }
        Ok(())
    }
}

fn hand_over(mut file: NewFile, item: &ShareItem, rendered: &Rendered) -> Result<Viewed, Fault> {
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

/// A limit that this version cannot carry out is a denial, never passed over.
fn refuse_unrendered(limits: Limits) -> Result<(), Fault> {
    let missing = match (limits.watermark, limits.excerpt) {
        (true, _) => {
            "This may only be seen with your name across it, which your box cannot draw yet."
        }
        (_, true) => {
            "Only an excerpt of this may be used, which your box cannot tell from the whole yet."
        }
        (false, false) => return Ok(()),
    };
    Err(Fault::new("cannot_yet", missing).hint("update Hearthpost when a newer version is there"))
}

/// Where to render from. To keep the whole is to have the original, and nothing less.
fn source(action: Action, rendition: &Rendition, held: &[Tier]) -> Option<Tier> {
    if action == Action::Store && rendition.limits == Limits::default() {
        return held.iter().copied().find(|&tier| tier == Tier::Original);
    }
    source_tier(rendition.tier, held)
}

/// What the household that granted a share calls itself.
pub(super) fn granter_name(rows: Rows<'_>, share: &Share) -> Result<String, Fault> {
    let holdings = rows.holdings(share.id)?;
    let contact = holdings
        .first()
        .map(|holding| rows.contact(holding.granter))
        .transpose()?;
    Ok(contact
        .flatten()
        .map_or_else(|| "the sender".to_owned(), |contact| contact.name))
}

/// A file that the person asked for; it appears whole or not at all.
struct NewFile {
    file: File,
    temporary: PathBuf,
    out: PathBuf,
    kept: bool,
}

impl NewFile {
    /// With room for so many bytes, where the file system can promise it; nothing is in it yet.
    fn create(out: &Path, room: u64) -> Result<Self, Fault> {
        let mut name = out.file_name().unwrap_or_default().to_owned();
        if name.is_empty() || out.is_dir() {
            return Err(Fault::usage(
                "out",
                format!("{} is a folder; name a file", out.display()),
            ));
        }
        name.push(format!(".{}.part", std::process::id()));
        let temporary = out.with_file_name(name);
        let file = disk::room()
            .and_then(|()| File::create_new(&temporary))
            .map_err(|error| Fault::of_file("out", &temporary, &error))?;
        let new = NewFile {
            file,
            temporary,
            out: out.to_owned(),
            kept: false,
        };
        match new.reserve(room) {
            Err(error) if disk::is_full(&error) => Err(Fault::of_file("out", out, &error)),
            _ => Ok(new),
        }
    }

    fn reserve(&self, room: u64) -> io::Result<()> {
        disk::room()?;
        if room > 0 {
            fallocate(&self.file, FallocateFlags::KEEP_SIZE, 0, room)?;
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| Fault::of_file("out", &self.out, &error))
    }

    fn keep(mut self) -> Result<(), Fault> {
        let named = || {
            // Room that was reserved and not needed goes back.
            self.file.set_len(self.file.metadata()?.len())?;
            self.file.sync_all()?;
            std::fs::rename(&self.temporary, &self.out)
        };
        named().map_err(|error| Fault::of_file("out", &self.out, &error))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}
