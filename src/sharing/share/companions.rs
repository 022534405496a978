//! What belongs to a picture: the sound that a camera recorded to it, its raw file, the clip of a telephone. Such files
//! have its name and lie beside it.
//!
//! They stay together where the picture is shared, as far as the rules of that share let them be handed over and their
//! place can be taken out. The clip inside the file of a motion photo becomes a film of its own there, for what stands
//! behind a picture goes when its place is taken out.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use super::left::{Left, WhyLeft};
use super::outgoing::Outgoing;
use super::parts::without_place;
use super::plan::why_not;
use crate::album::OwnItem;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::Station;
use crate::rendition::Format;
use crate::rules::{Action, Kind};
use crate::sharing::share::Order;
use crate::sharing::{Fault, Household};

/// How far apart files of one name may come in that belong together, in seconds: a browser sends them one by one.
const TOGETHER: u64 = 3_600;
/// So many bytes of files are opened for what is only foreseen.
const MOST_OPENED: u64 = 32 << 20;

impl Household {
    /// Notes what belongs together of files that came in together.
    pub(in crate::sharing) fn link_companions(
        &mut self,
        from: &[PathBuf],
        items: &mut [OwnItem],
    ) -> Result<(), Fault> {
        let links = links(from, items);
        if links.is_empty() {
            return Ok(());
        }
        self.album.commit(|rows| {
            for &(item, picture) in &links {
                rows.set_goes_with(item, picture)?;
            }
            Ok::<_, Fault>(())
        })?;
        for (item, picture) in links {
            let linked = items.iter_mut().filter(|one| one.id == item);
            linked.for_each(|one| one.goes_with = Some(picture));
        }
        Ok(())
    }

    /// The same for a file that a browser sent: with those of its name that the same person sent shortly before.
    pub(in crate::sharing) fn link_uploaded(
        &mut self,
        item: &OwnItem,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let since = now.minus_seconds(TOGETHER);
        let group = self
            .album
            .rows()
            .items_of_stem(item, &stem(&item.name), since)?;
        let links = links_of(&group.iter().collect::<Vec<_>>());
        if links.is_empty() {
            return Ok(());
        }
        self.album.commit(|rows| {
            for (item, picture) in links {
                rows.set_goes_with(item, picture)?;
            }
            Ok(())
        })
    }

    /// Adds to what is shared what belongs to it; gives what stays at home, with the reason. What is only foreseen opens few
    /// files: a clip that goes gives nobody more than its picture does, and is left out there, and a place that cannot be
    /// taken out is found when it is to go.
    pub(super) fn take_along(
        &self,
        items: &mut Vec<Outgoing>,
        stations: &[Station],
        order: &Order,
        opens: bool,
    ) -> Result<Vec<Left>, Fault> {
        let mut left = Vec::new();
        let clips = match opens {
            true => self.clips(items, stations, order)?,
            false => Vec::new(),
        };
        for picture in items.iter().filter_map(Outgoing::own).collect::<Vec<_>>() {
            for item in self.album.rows().going_with(picture)? {
                let own = || order.viewer == item.added_by;
                if order.viewer.is_some() && item.private && !own() {
                    continue;
                }
                let item = Outgoing::of_item(item);
                if items.iter().any(|other| other.is(&item)) {
                    continue;
                }
                match self.stays(&item, stations, order, opens) {
                    Some(why) => left.push(Left {
                        name: item.name,
                        why,
                    }),
                    None => items.push(item),
                }
            }
        }
        if !is_whole_for_some(stations) {
            let names = self.pictures_with_clips(items, opens)?;
            left.extend(names.into_iter().map(|name| Left {
                name,
                why: WhyLeft::Clip,
            }));
        }
        for clip in clips {
            match self.stays(&clip, stations, order, opens) {
                Some(why) => left.push(Left {
                    name: clip.name,
                    why,
                }),
                None => items.push(clip),
            }
        }
        Ok(left)
    }

    /// The clips inside the files of pictures, where somebody is given those whole and would miss them.
    fn clips(
        &self,
        items: &[Outgoing],
        stations: &[Station],
        order: &Order,
    ) -> Result<Vec<Outgoing>, Fault> {
        if order.keep_location || !is_whole_for_some(stations) {
            return Ok(Vec::new());
        }
        let (blobs, storage) = (self.album.blobs(), &self.keys.storage);
        let clips = items
            .iter()
            .map(|item| item.clip(blobs, storage).transpose());
        clips.flatten().collect()
    }

    /// The names of the pictures with a clip inside. Where it is only foreseen a few files are opened for it that were not
    /// looked into before; of the others that is known when it is done.
    fn pictures_with_clips(&self, items: &[Outgoing], opens: bool) -> Result<Vec<String>, Fault> {
        let (mut names, mut opened) = (Vec::new(), 0);
        for item in items {
            let has = match item.file().and_then(known) {
                Some(has) => has,
                None if !opens && opened + item.size > MOST_OPENED => continue,
                None => {
                    opened += item.size;
                    let clip = match item.clip(self.album.blobs(), &self.keys.storage) {
                        // That a file cannot be read is told when it is to go.
                        Err(_) if !opens => continue,
                        clip => clip?,
                    };
                    note(item, clip.is_some());
                    clip.is_some()
                }
            };
            names.extend(has.then(|| item.name.clone()));
        }
        Ok(names)
    }

    /// Why an item that nobody named is not taken along.
    fn stays(
        &self,
        item: &Outgoing,
        stations: &[Station],
        order: &Order,
        opens: bool,
    ) -> Option<WhyLeft> {
        let mut stations = stations.iter();
        let form = item.form(&order.excerpt);
        let refused = stations.find_map(|station| why_not(&station.rules, &form));
        // Of a raw file that is known without opening it.
        if refused.is_some() || order.keep_location || !opens && item.format != Format::Raw {
            return refused.map(WhyLeft::Rules);
        }
        without_place(self.album.blobs(), &self.keys.storage, item)
            .err()
            .map(|fault| WhyLeft::Place(fault.message))
    }
}

/// Whether somebody is given the files of pictures.
fn is_whole_for_some(stations: &[Station]) -> bool {
    stations.iter().any(|station| {
        let kept = station.rules.limits(Action::Store);
        kept.is_some_and(|limits| limits.max_edge.is_none())
    })
}

/// Whether items have a clip inside, by their sealed files; one for all households of the process, of so many at most.
static CLIPS: Mutex<BTreeMap<Id, bool>> = Mutex::new(BTreeMap::new());
const MOST_KNOWN: usize = 20_000;

fn known(file: Id) -> Option<bool> {
    clips().get(&file).copied()
}

fn note(item: &Outgoing, has: bool) {
    let mut known = clips();
    if known.len() < MOST_KNOWN {
        known.extend(item.file().map(|file| (file, has)));
    }
}

fn clips() -> MutexGuard<'static, BTreeMap<Id, bool>> {
    // Each is as good after a panic as before.
    CLIPS.lock().unwrap_or_else(|broken| broken.into_inner())
}

/// Which item belongs to which picture, by their rows.
fn links(from: &[PathBuf], items: &[OwnItem]) -> Vec<(i64, i64)> {
    let mut beside: BTreeMap<(Option<&Path>, OsString), Vec<&OwnItem>> = BTreeMap::new();
    for (path, item) in from.iter().zip(items) {
        let stem = path.file_stem().unwrap_or_default().to_ascii_lowercase();
        beside.entry((path.parent(), stem)).or_default().push(item);
    }
    beside.values().flat_map(|group| links_of(group)).collect()
}

/// The name of a file without its ending, in small letters.
fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem().unwrap_or_default();
    stem.to_string_lossy().to_ascii_lowercase()
}

/// Among files of one name.
fn links_of(group: &[&OwnItem]) -> Vec<(i64, i64)> {
    // The best picture among them, where there is only one of that kind.
    let rank = |item: &OwnItem| match (item.kind, is_raw(item), item.width) {
        (Kind::Picture, false, Some(_)) => Some(0),
        (Kind::Picture, false, None) => Some(1),
        (Kind::Picture, true, _) => Some(2),
        _ => None,
    };
    let Some(best) = group.iter().filter_map(|item| rank(item)).min() else {
        return Vec::new();
    };
    let mut pictures = group.iter().filter(|item| rank(item) == Some(best));
    let (Some(picture), None) = (pictures.next(), pictures.next()) else {
        return Vec::new();
    };
    let belongs = |item: &OwnItem| {
        let kind = is_raw(item) || matches!(item.kind, Kind::Sound | Kind::Video);
        let same = (item.private, &item.added_by) == (picture.private, &picture.added_by);
        // Of files that come one by one the picture may come last: till then they belonged to the raw file among them.
        let free = |with| with != picture.id && group.iter().any(|other| other.id == with);
        kind && same && item.id != picture.id && item.goes_with.is_none_or(free)
    };
    let belonging = group.iter().filter(|item| belongs(item));
    belonging.map(|item| (item.id, picture.id)).collect()
}

fn is_raw(item: &OwnItem) -> bool {
    item.media_type == Format::Raw.media_type()
}
