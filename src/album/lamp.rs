//! The lamp: what whoever reads a memory card says of it, for all others who have this album.
//!
//! The file `card.lamp` in the data folder, locked by the one who reads, so that it goes out with the process. It holds
//! counts and the name of a file, in one line, and in another what lit the light of the machine before. It is for looking
//! at alone: where it cannot be written, nothing else fails.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::{Album, AlbumError};
use crate::encoding::Timestamp;

const NAME: &str = "card.lamp";
/// A line is never longer, in bytes.
const MAX_LINE: u64 = 4096;
/// Whoever looks holds the lock for a moment; whoever wants to read a card tries so often.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(5);
/// With what the second line begins.
const BEFORE: &str = "before ";

/// What the lamp says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Lamp {
    /// Nothing.
    #[default]
    Off,
    /// A card is being read and must stay in.
    Reading {
        /// Files read so far.
        done: u64,
        /// Files in all.
        total: u64,
        /// The file in hand.
        file: String,
    },
    /// It can be taken out.
    Done {
        /// Since when.
        at: Timestamp,
        /// Files that came in.
        total: u64,
    },
    /// It ended before all was read.
    Stopped {
        /// When.
        at: Timestamp,
        /// Files that came in before.
        done: u64,
        /// Files that should have.
        total: u64,
    },
}

/// Held by the one who reads a card; the others wait for their turn.
#[derive(Debug)]
pub struct Lit {
    file: File,
    /// What lit the light of the machine before: for whoever puts it out, where its holder cannot.
    before: Option<String>,
}

impl Album {
    /// Takes the lamp, or says that another run reads a card.
    pub fn light(&self) -> Result<Lit, AlbumError> {
        let path = self.folder().join(NAME);
        let file = opened(&path).map_err(AlbumError::file(&path))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Lit { file, before: None }),
                Err(TryLockError::WouldBlock) => sleep(PAUSE),
                Err(TryLockError::Error(cause)) => return Err(AlbumError::file(&path)(cause)),
            }
        }
        Err(AlbumError::CardInHand)
    }

    /// Takes the lamp of one who died while reading a card; the light of the machine may shine still.
    pub fn left_lit(&self) -> Option<Lit> {
        let path = self.folder().join(NAME);
        let file = OpenOptions::new().read(true).write(true).open(path).ok()?;
        file.try_lock().ok()?;
        let mut text = String::new();
        (&file).take(MAX_LINE).read_to_string(&mut text).ok()?;
        matches!(parsed(&text), Some(Lamp::Reading { .. })).then_some(())?;
        let before = text
            .lines()
            .nth(1)
            .and_then(|line| line.strip_prefix(BEFORE));
        let before = before.map(str::to_owned);
        Some(Lit { file, before })
    }

    /// What the lamp says now.
    pub fn lamp(&self) -> Lamp {
        let path = self.folder().join(NAME);
        // There is none before a card was read here.
        let Ok(file) = File::open(path) else {
            return Lamp::Off;
        };
        let lit = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        let mut line = String::new();
        if file.take(MAX_LINE).read_to_string(&mut line).is_err() {
            return Lamp::Off;
        }
        match parsed(&line) {
            // Whoever read it is dead.
            Some(Lamp::Reading { .. }) if !lit => Lamp::Off,
            // It was taken just now, and nothing said yet.
            None | Some(Lamp::Done { .. } | Lamp::Stopped { .. }) if lit => Lamp::Reading {
                done: 0,
                total: 0,
                file: String::new(),
            },
            lamp => lamp.unwrap_or_default(),
        }
    }
}

impl Lit {
    /// What lit the light of the machine before, if that was noted.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// Notes it; it stands there from the next word on, for as long as a card is read.
    pub fn note_before(&mut self, before: Option<&str>) {
        self.before = before.map(str::to_owned);
    }

    /// Says something else.
    pub fn say(&self, lamp: &Lamp) {
        let mut line = written(lamp);
        if let (Lamp::Reading { .. }, Some(before)) = (lamp, &self.before) {
            line += &format!("{BEFORE}{before}\n");
        }
        // In one write; a shorter line than before is cut afterwards, and its reader stops at the end of a line.
        let said = self.file.write_all_at(line.as_bytes(), 0);
        let _ = said.and_then(|()| self.file.set_len(line.len() as u64));
    }
}

fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
}

fn written(lamp: &Lamp) -> String {
    match lamp {
        Lamp::Off => "off\n".to_owned(),
        Lamp::Reading { done, total, file } => {
            let plain = file.chars().filter(|c| !c.is_control()).take(200);
            format!("reading {done} {total} {}\n", plain.collect::<String>())
        }
        Lamp::Done { at, total } => format!("done {} {total}\n", at.unix()),
        Lamp::Stopped { at, done, total } => format!("stopped {} {done} {total}\n", at.unix()),
    }
}

fn parsed(text: &str) -> Option<Lamp> {
    let line = text.lines().next()?;
    let mut words = line.splitn(4, ' ');
    let word = words.next()?;
    let mut number = || words.next()?.parse::<u64>().ok();
    let time = |seconds: u64| i64::try_from(seconds).ok().map(Timestamp::from_unix);
    Some(match word {
        "reading" => Lamp::Reading {
            done: number()?,
            total: number()?,
            file: words.next()?.to_owned(),
        },
        "done" => Lamp::Done {
            at: time(number()?)?,
            total: number()?,
        },
        "stopped" => Lamp::Stopped {
            at: time(number()?)?,
            done: number()?,
            total: number()?,
        },
        _ => Lamp::Off,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read() {
        let at = Timestamp::from_unix(1_800_000_000);
        let (done, total) = (3, 64);
        for lamp in [
            Lamp::Off,
            Lamp::Reading {
                done,
                total,
                file: "IMG 1.JPG".to_owned(),
            },
            Lamp::Done { at, total },
            Lamp::Stopped { at, done, total },
        ] {
            let left_of_before = "left of a longer line\n";
            assert_eq!(parsed(&(written(&lamp) + left_of_before)), Some(lamp));
        }
        for broken in ["", "reading 1", "done x 3\n"] {
            assert_eq!(parsed(broken), None, "{broken:?}");
        }
    }
}
