//! Memory cards, cameras and watched folders: what is new on them, and how it comes into the album.
//!
//! 1. [`Household::cards`] lists what is there. What was read before is known by place, path, size and date, so that the
//!    look is quick; whether a file is in the album already its content decides when it is read.
//! 2. [`Household::begin_card`] takes the lamp and the list; [`Household::read_card`] brings in file after file, each whole
//!    or not at all. One that is pulled out ends it; the next time the rest comes, as it was begun (`begun.rs`).
//! 3. [`Household::bring_in_watched`] does the same with folders, of what has been still for a while.
//!
//! Nothing is written to a card. What cannot be used is noted with its reason, and not offered again.

mod begun;
mod settling;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::own::album_name;
use super::own::import::{Adding, Named, Progress, Skipped, unreadable};
use super::{Fault, Household};
use crate::address::StationName;
use crate::album::{CardFile, Lit, OwnItem};
use crate::card::{self, CardError, Found, Led, Place};
use crate::encoding::Timestamp;
use crate::envelope::PartBuffer;

pub use crate::album::Lamp;
pub(super) use settling::Settling;

/// So long it is said that a card can be taken out, in seconds.
const SAID: u64 = 10 * 60;
/// So long it is said that one was taken out too early.
const SAID_STOPPED: u64 = 60 * 60;

/// A card, a camera or a watched folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Names it in commands.
    pub id: String,
    /// What people call it; as it says itself.
    pub label: String,
    /// How many files were not read yet.
    pub new: usize,
    /// Their bytes.
    pub bytes: u64,
    /// How the first of them is to come in, where their reading was begun before.
    pub begun: Option<Adding>,
    /// Who began it, where that was somebody of the house.
    pub begun_by: Option<StationName>,
    /// How many more others of the house have begun to bring in, each for themselves alone.
    pub held: usize,
    /// Whether it is a camera that does not mount.
    pub camera: bool,
    /// Files that were read and stayed out.
    pub stayed_out: Vec<Skipped>,
    /// Why it cannot be read, if so.
    pub trouble: Option<String>,
}

/// A card that is about to be read. While it is held, no other is.
pub struct CardReading {
    place: Place,
    /// Each with how it comes in.
    new: Vec<(Found, Adding)>,
    /// Files that others are bringing in, for themselves alone.
    held: Vec<PathBuf>,
    /// What was read once and is on it no more.
    gone: Vec<PathBuf>,
    /// None for a watched folder, which nobody takes out.
    lamp: Option<(Lit, Option<Led>)>,
    /// Nothing is begun after that.
    until: Option<Instant>,
}

impl CardReading {
    /// How many files are to come.
    pub fn files(&self) -> usize {
        self.new.len()
    }

    fn say(&self, lamp: &Lamp) {
        if let Some((lit, _)) = &self.lamp {
            lit.say(lamp);
        }
    }

    fn blink(&mut self) {
        if let Some((_, Some(led))) = &mut self.lamp {
            led.blink();
        }
    }

    fn put_light_out(&mut self) {
        if let Some((_, led)) = &mut self.lamp {
            *led = None;
        }
    }
}

/// What came of a card.
#[derive(Debug, Clone, Default)]
pub struct BroughtIn {
    /// What the card is called.
    pub label: String,
    /// The items, known ones included, in the order of the files.
    pub items: Vec<OwnItem>,
    /// How many of them were known before.
    pub known: usize,
    /// Files that could not be taken.
    pub skipped: Vec<Skipped>,
    /// Files for which there was no time.
    pub left: usize,
}

impl Household {
    /// All cards, cameras and watched folders that are there, as a person may bring them in; `None`: at the command line.
    pub fn cards(&self, viewer: Option<&StationName>) -> Result<Vec<Card>, Fault> {
        let mut places = self.places();
        places.extend(card::cameras());
        let cards = places.iter().map(|place| self.card(place, viewer));
        cards.collect()
    }

    /// Those that are mounted, which can be told quickly.
    pub fn mounted_cards(&self) -> Result<Vec<Card>, Fault> {
        let places = self.places();
        places.iter().map(|place| self.card(place, None)).collect()
    }

    /// Puts out what one has left lit who died while a card was read.
    pub fn put_out_lamp(&self) {
        let Some(lit) = self.album.left_lit() else {
            return;
        };
        if let Some(folder) = &self.config.import.led {
            card::put_out(folder, lit.before());
        }
        lit.say(&Lamp::Off);
    }

    /// What the lamp says: whether a card is read now, by whichever command, and for a while what came of it.
    pub fn lamp(&self, now: Timestamp) -> Lamp {
        let lamp = self.album.lamp();
        // Clocks of two commands may differ a little.
        let of_late = |at: Timestamp, most| now.unix().abs_diff(at.unix()) < most;
        match lamp {
            Lamp::Done { at, .. } if !of_late(at, SAID) => Lamp::Off,
            Lamp::Stopped { at, .. } if !of_late(at, SAID_STOPPED) => Lamp::Off,
            lamp => lamp,
        }
    }

    /// Brings in what is new on a card. `card`: its id, its name or where it is mounted; without, the only one there is.
    pub fn bring_in(
        &mut self,
        card: Option<&str>,
        adding: &Adding,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<BroughtIn, Fault> {
        let reading = self.begin_card(card, adding)?;
        self.read_card(reading, now, progress)
    }

    /// Takes a card in hand, for [`Household::read_card`]. Of files whose reading was begun before, what is not said here
    /// is as it was said then. Fails with `busy` while another one is read, and with `begun_alone` where others are bringing
    /// in all that is new, each for themselves alone.
    pub fn begin_card(&self, card: Option<&str>, adding: &Adding) -> Result<CardReading, Fault> {
        self.take_in_hand(card, adding, false)
    }

    /// The same for somebody who saw [`Card::begun`]: what is not said is not so any more.
    pub fn begin_card_as_seen(&self, card: &str, adding: &Adding) -> Result<CardReading, Fault> {
        self.take_in_hand(Some(card), adding, true)
    }

    fn take_in_hand(
        &self,
        card: Option<&str>,
        adding: &Adding,
        seen: bool,
    ) -> Result<CardReading, Fault> {
        self.check_adding(adding)?;
        adding.album.as_deref().map(album_name).transpose()?;
        let place = self.place(card)?;
        self.put_out_lamp();
        let mut lit = self.album.light()?;
        let (new, gone) = self.new_on(&place)?;
        let coming = self.as_begun(&place, new, adding, seen)?;
        let mut led = self.config.import.led.as_deref().and_then(Led::find);
        lit.note_before(led.as_ref().and_then(Led::trigger));
        lit.say(&reading_lamp(0, coming.files.len(), Path::new("")));
        if let Some(led) = &mut led {
            led.light();
        }
        Ok(CardReading {
            place,
            new: coming.files,
            held: coming.held,
            gone,
            lamp: Some((lit, led)),
            until: None,
        })
    }

    /// Reads what is new on a card, file after file. Fails with `card_gone` where it was taken out meanwhile; what came
    /// before stays.
    pub fn read_card(
        &mut self,
        mut reading: CardReading,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<BroughtIn, Fault> {
        let begun = Instant::now();
        let done = self.remember_begun(&reading).map_err(|fault| (0, fault));
        let done = done.and_then(|()| self.read_files(&mut reading, now, progress));
        reading.put_light_out();
        let elapsed = i64::try_from(begun.elapsed().as_secs()).unwrap_or(0);
        let at = Timestamp::from_unix(now.unix().saturating_add(elapsed));
        let count = |count: usize| count as u64;
        match done {
            Ok(brought) => {
                let total = count(brought.items.len());
                reading.say(&Lamp::Done { at, total });
                Ok(brought)
            }
            Err((done, fault)) => {
                let (done, total) = (count(done), count(reading.new.len()));
                reading.say(&Lamp::Stopped { at, done, total });
                Err(fault)
            }
        }
    }

    /// A fault comes with how many files are in.
    fn read_files(
        &mut self,
        reading: &mut CardReading,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<BroughtIn, (usize, Fault)> {
        let mut brought = BroughtIn {
            label: reading.place.label.clone(),
            skipped: begun::left_to_others(&reading.held),
            ..BroughtIn::default()
        };
        let _unfinished = self
            .album
            .blobs()
            .begin()
            .map_err(|error| (0, error.into()))?;
        let files = std::mem::take(&mut reading.new);
        let mut state = Progress {
            total: files.iter().map(|(file, _)| file.size).sum(),
            ..Progress::default()
        };
        let mut buffer = PartBuffer::default();
        let mut fault = None;
        for (index, (file, adding)) in files.iter().enumerate() {
            if reading.until.is_some_and(|until| Instant::now() >= until) {
                brought.left = files.len() - index;
                break;
            }
            reading.say(&reading_lamp(index, files.len(), &file.path));
            state.file = file.path.display().to_string();
            progress(&state);
            let before = state.done;
            let place = reading.place.clone();
            let taken = self.take_file(&place, file, adding, now, &mut buffer, &mut |bytes| {
                reading.blink();
                state.done += bytes;
                progress(&state);
            });
            state.done = before + file.size;
            match taken {
                Ok((item, known)) => {
                    brought.known += usize::from(known);
                    brought.items.push(item);
                }
                // The disk of this box is not the file's fault: nothing more would go in.
                Err(of_box) if of_box.is_of_box() => {
                    fault = Some(of_box);
                    break;
                }
                Err(_) if !reading.place.is_there() => {
                    fault = Some(taken_out(&reading.place, brought.items.len(), files.len()));
                    break;
                }
                Err(of_file) => brought.skipped.push(Skipped {
                    path: file.path.clone(),
                    reason: of_file.message,
                }),
            }
        }
        let done = brought.items.len();
        reading.new = files;
        if let Some(fault) = fault {
            return Err((done, fault));
        }
        self.forget(&reading.place, &reading.gone)
            .map_err(|fault| (done, fault))?;
        Ok(brought)
    }

    /// Reads one file, and notes that it was.
    fn take_file(
        &mut self,
        place: &Place,
        file: &Found,
        adding: &Adding,
        now: Timestamp,
        buffer: &mut PartBuffer,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(OwnItem, bool), Fault> {
        let source = place.open(file).map_err(|error| match error {
            CardError::File { cause, .. } => unreadable(cause),
            other => Fault::new("read", other.to_string()),
        })?;
        let named = Named {
            name: file.path.file_name().unwrap_or_default(),
            source: format!("{}: {}", place.label, file.path.display()),
        };
        let taken = self.take_in(source, named, adding, now, buffer, progress);
        let note = |trouble| CardFile {
            size: file.size,
            changed: file.changed,
            trouble,
        };
        match &taken {
            Ok((item, _)) => self.album.commit(|rows| {
                if let Some(name) = &adding.album {
                    let album = rows.collection(&album_name(name)?, now)?;
                    rows.add_to_collection(&album, item.id)?;
                }
                rows.note_card_file(&place.id, &file.path, &note(None))?;
                Ok::<_, Fault>(())
            })?,
            // It came whole and is no use; one that did not come is tried again.
            Err(fault) if ["broken", "empty"].contains(&fault.code) => {
                let trouble = note(Some(fault.message.clone()));
                let rows = |rows: crate::album::Rows<'_>| {
                    rows.note_card_file(&place.id, &file.path, &trouble)?;
                    Ok::<_, Fault>(())
                };
                self.album.commit(rows)?;
            }
            Err(_) => {}
        }
        taken
    }

    fn forget(&mut self, place: &Place, gone: &[PathBuf]) -> Result<(), Fault> {
        if gone.is_empty() {
            return Ok(());
        }
        self.album.commit(|rows| {
            for path in gone {
                rows.forget_card_file(&place.id, path)?;
            }
            Ok(())
        })
    }

    fn places(&self) -> Vec<Place> {
        let import = &self.config.import;
        card::places(&import.cards, &import.watch)
    }

    fn place(&self, name: Option<&str>) -> Result<Place, Fault> {
        let places = self.places();
        if let Some(name) = name {
            let of_name = |places: Vec<Place>| places.into_iter().find(|one| one.is_called(name));
            let found = of_name(places).or_else(|| of_name(card::cameras()));
            return found.ok_or_else(|| {
                let shown: String = name.chars().take(60).collect();
                Fault::usage(
                    "unknown_card",
                    format!("there is no card or camera {shown:?}"),
                )
                .hint("`hearthpost import` without a path lists what there is")
            });
        }
        let watch: Vec<Place> = self.watched();
        let mut cards: Vec<Place> = places
            .into_iter()
            .filter(|one| !watch.contains(one))
            .collect();
        cards.extend(card::cameras());
        match (cards.pop(), cards.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(
                Fault::usage("unknown_card", "there is no card and no camera here")
                    .hint("put one in; it must be mounted, or `gphoto2` installed"),
            ),
            (Some(last), false) => {
                let names = cards
                    .iter()
                    .chain([&last])
                    .map(|one| format!("{:?}", one.label));
                let names = names.collect::<Vec<_>>().join(", ");
                let words = format!("there are several cards and cameras: {names}");
                Err(Fault::usage("unknown_card", words).hint("say which: --card NAME"))
            }
        }
    }

    fn card(&self, place: &Place, viewer: Option<&StationName>) -> Result<Card, Fault> {
        let known = self.album.rows().card_files(&place.id)?;
        let (new, trouble) = match place.files() {
            Ok(files) => (unread(files, &known), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let coming = self.begun_before(place, new, viewer)?;
        let stayed_out = known.into_iter().filter_map(|(path, file)| {
            let reason = file.trouble?;
            Some(Skipped { path, reason })
        });
        Ok(Card {
            id: place.id.clone(),
            label: place.label.clone(),
            bytes: coming.new.iter().map(|file| file.size).sum(),
            new: coming.new.len(),
            begun: coming.first,
            begun_by: coming.by,
            held: coming.held,
            camera: place.root().is_none(),
            stayed_out: stayed_out.collect(),
            trouble,
        })
    }

    /// What was not read yet, and what was and is there no more.
    fn new_on(&self, place: &Place) -> Result<(Vec<Found>, Vec<PathBuf>), Fault> {
        let files = place
            .files()
            .map_err(|error| Fault::new("card", format!("{}: {error}", place.label)))?;
        let known = self.album.rows().card_files(&place.id)?;
        let mut gone = known.clone();
        for file in &files {
            gone.remove(&file.path);
        }
        Ok((unread(files, &known), gone.into_keys().collect()))
    }
}

fn unread(files: Vec<Found>, known: &BTreeMap<PathBuf, CardFile>) -> Vec<Found> {
    let read = |file: &Found| {
        let known = known.get(&file.path);
        known.is_some_and(|known| (known.size, known.changed) == (file.size, file.changed))
    };
    files.into_iter().filter(|file| !read(file)).collect()
}

fn reading_lamp(done: usize, total: usize, file: &Path) -> Lamp {
    Lamp::Reading {
        done: done as u64,
        total: total as u64,
        file: file.display().to_string(),
    }
}

fn taken_out(place: &Place, done: usize, total: usize) -> Fault {
    let words = format!(
        "{} was taken out while it was read: {done} of {total} files are in",
        place.label
    );
    Fault::new("card_gone", words)
        .hint("put it in again and bring in the rest: it comes as it was begun, and none twice")
}
