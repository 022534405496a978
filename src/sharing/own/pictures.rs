//! Own items to look at: a small picture for the grid, a larger one for the screen, and the original.
//!
//! The two pictures are made with one decode, by the import or when one is first asked for, and lie sealed under the
//! storage key in one file. They can be made again at any time: where one is damaged or missing, that happens.

use std::io::{self, Read, Seek, SeekFrom};

use zeroize::Zeroizing;

use super::AlbumItem;
use super::passed::{pass_over, too_slow};
use super::seen::{has_program, is_converted};
use crate::address::StationName;
use crate::album::{OwnPictures, Stored};
use crate::convert::{ConvertError, Input, MAX_INPUT};
use crate::envelope::{Id, PART_SIZE, PartBuffer, part_len};
use crate::rendition::{self, Format, PREVIEW_EDGE, THUMB_EDGE, fit};
use crate::sharing::own::file::{OwnFile, open_sealed};
use crate::sharing::share::convert::{as_jpeg, converted};
use crate::sharing::{Fault, Household};

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For the grid: a long edge of at most 320 pixels.
    Thumb,
    /// For the screen: a long edge of at most 2048 pixels.
    Screen,
}

/// A picture in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file, without any metadata.
    pub jpeg: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// What is stored of an item.
enum Found {
    Picture(Picture),
    /// None that opens; the file in whose place one is put.
    Missing(Option<Id>),
}

/// An original, opened from its sealed file part after part as it is read. Plaintext is in memory only.
pub struct OwnReader {
    /// The file's name.
    pub name: String,
    /// By our own look at the first bytes.
    pub media_type: String,
    /// Bytes in all.
    pub size: u64,
    file: OwnFile,
}

impl Household {
    /// A picture of an item. Fails with `no_picture` where none can be made of it.
    pub fn own_picture(
        &mut self,
        viewer: Option<&StationName>,
        reference: &str,
        size: Size,
    ) -> Result<Picture, Fault> {
        let item = self.album_item(viewer, reference)?;
        match self.stored_picture(&item, size)? {
            Found::Picture(picture) => Ok(picture),
            Found::Missing(old) => self.make_own(&item, old, size),
        }
    }

    /// The same where no other program is to be asked for it; else `None`, for that takes its time.
    pub fn own_picture_at_hand(
        &mut self,
        viewer: Option<&StationName>,
        reference: &str,
        size: Size,
    ) -> Result<Option<Picture>, Fault> {
        let item = self.album_item(viewer, reference)?;
        match self.stored_picture(&item, size)? {
            Found::Picture(picture) => Ok(Some(picture)),
            Found::Missing(_) if is_converted(&item) => Ok(None),
            Found::Missing(old) => self.make_own(&item, old, size).map(Some),
        }
    }

    fn stored_picture(&self, item: &AlbumItem, size: Size) -> Result<Found, Fault> {
        let made = self.album.rows().own_pictures(item.id)?;
        match &made {
            Some(OwnPictures::Impossible(trouble)) => return Err(none(item, trouble)),
            Some(made @ OwnPictures::Made { .. }) => match self.open_picture(made, size) {
                Ok(picture) => return Ok(Found::Picture(picture)),
                Err(fault) => {
                    tracing::warn!(item = %item.reference, %fault, "a stored picture is made again");
                }
            },
            None => {}
        }
        Ok(Found::Missing(made.as_ref().and_then(OwnPictures::file)))
    }

    /// The references of items of which no picture was made yet, newest first: for whoever has time for
    /// [`Household::make_own_pictures`].
    pub fn own_pictures_missing(&self, limit: usize) -> Result<Vec<String>, Fault> {
        let also: Vec<&str> = converted().map(|format| format.media_type()).collect();
        Ok(self.album.rows().without_pictures(&also, limit)?)
    }

    /// Makes the pictures of items where they are missing; gives of how many. What cannot be made is noted, so that it
    /// is not tried again; what may go another time is passed over. Leaves off where the next would fare no better, or
    /// what was made cannot be kept.
    pub fn make_own_pictures(&mut self, references: &[String]) -> Result<usize, Fault> {
        let mut count = 0;
        for reference in references {
            let rows = self.album.rows();
            let Some(item) = rows.item(reference)? else {
                continue;
            };
            if rows.own_pictures(item.id)?.is_some() {
                continue;
            }
            match self.make_and_keep(&item, None) {
                Ok((_, kept)) => {
                    kept?;
                    count += 1;
                }
                Err(fault) if fault.code == "no_picture" => {}
                Err(fault) if fault.is_of_all() || fault.code == "busy" => return Err(fault),
                Err(fault) => {
                    tracing::warn!(item = %item.reference, %fault, "no picture is made of an item");
                    pass_over(reference, None);
                }
            }
        }
        Ok(count)
    }

    /// The original.
    pub fn own_original(
        &self,
        viewer: Option<&StationName>,
        reference: &str,
    ) -> Result<OwnReader, Fault> {
        let item = self.album_item(viewer, reference)?;
        Ok(OwnReader {
            file: OwnFile::open(self.album.blobs(), &self.keys.storage, &item)?,
            name: item.name,
            media_type: item.media_type,
            size: item.size,
        })
    }

    /// Makes the pictures of an item and records them in place of those in the file `old`; gives one of them.
    fn make_own(
        &mut self,
        item: &AlbumItem,
        old: Option<Id>,
        size: Size,
    ) -> Result<Picture, Fault> {
        let ([thumb, screen], kept) = self.make_and_keep(item, old)?;
        if let Err(fault) = kept {
            // It can be looked at all the same.
            tracing::warn!(item = %item.reference, %fault, "a picture that was made is not kept");
        }
        Ok(match size {
            Size::Thumb => thumb,
            Size::Screen => screen,
        })
    }

    /// The same; gives both, and whether they were recorded.
    fn make_and_keep(
        &mut self,
        item: &AlbumItem,
        old: Option<Id>,
    ) -> Result<([Picture; 2], Result<(), Fault>), Fault> {
        let format = Format::of_media_type(&item.media_type);
        if item.width.is_none() && !has_program(item, format) {
            return Err(none(item, "it is not a picture that this box can show"));
        }
        let mut file = OwnFile::open(self.album.blobs(), &self.keys.storage, item)?;
        let read = if item.width.is_some() {
            let mut bytes = Zeroizing::new(Vec::with_capacity(item.size as usize + 1));
            file.read_to_end(&mut bytes)
                .map_err(|error| Fault::of_reading(&error).about(&item.name))?;
            Ok(bytes)
        } else if item.size > MAX_INPUT {
            Err(ConvertError::TooLarge)
        } else if let Some(trouble) = too_slow(&item.reference) {
            return Err(none(item, &trouble));
        } else {
            match Input::in_memory(&mut file) {
                // Nothing that would be noted of the picture.
                Err(ConvertError::Io(error)) => {
                    return Err(Fault::of_reading(&error).about(&item.name));
                }
                input => input.and_then(|input| as_jpeg(format, &input)),
            }
        };
        if let Err(error) = &read
            && !error.is_of_input()
        {
            pass_over(&item.reference, Some(error));
            return Err(none(item, &error.to_string()));
        }
        let read = read.map_err(|error| error.to_string());
        let pictures = match read.and_then(|bytes| render(&bytes)) {
            Ok(pictures) => pictures,
            Err(trouble) => {
                let noted = OwnPictures::Impossible(trouble.clone());
                let _unfinished = self.album.blobs().begin()?;
                self.record_pictures(item, &noted, old)?;
                return Err(none(item, &trouble));
            }
        };
        let recorded = self
            .album
            .blobs()
            .begin()
            .map_err(Fault::from)
            .and_then(|_unfinished| {
                let made = self.store_pictures(&pictures)?;
                self.record_pictures(item, &made, old)
            });
        Ok((pictures, recorded))
    }

    /// Makes and stores the pictures of what is about to become an item; the caller records them.
    pub(super) fn make_pictures(&self, bytes: &[u8]) -> Result<OwnPictures, Fault> {
        match render(bytes) {
            Ok(pictures) => self.store_pictures(&pictures),
            Err(trouble) => Ok(OwnPictures::Impossible(trouble)),
        }
    }

    fn store_pictures(&self, pictures: &[Picture; 2]) -> Result<OwnPictures, Fault> {
        let blobs = self.album.blobs();
        let file = Id::random();
        let key = self.keys.storage.file(file);
        let mut writer = blobs.new_pictures(file)?;
        let mut buffer = PartBuffer::default();
        for picture in pictures {
            let mut source = picture.jpeg.as_slice();
            while buffer.fill(&mut source).map_err(reading)? > 0 {
                writer.push(buffer.seal_undigested(&key)?)?;
            }
        }
        writer.keep(blobs)?;
        let [thumb, screen] = [&pictures[0], &pictures[1]].map(|picture| Stored {
            size: picture.jpeg.len() as u64,
            width: picture.width,
            height: picture.height,
        });
        Ok(OwnPictures::Made {
            file,
            thumb,
            screen,
        })
    }

    fn record_pictures(
        &mut self,
        item: &AlbumItem,
        made: &OwnPictures,
        old: Option<Id>,
    ) -> Result<(), Fault> {
        crate::crash::point("pictures.stored");
        let recorded = self.album.commit(|rows| {
            // It may be gone by now, or another run made them meanwhile.
            let current = rows.own_pictures(item.id)?.and_then(|made| made.file());
            if rows.item(&item.reference)?.is_none() || current != old {
                return Ok(false);
            }
            rows.put_own_pictures(item.id, made)?;
            Ok::<_, Fault>(true)
        });
        let useless = match recorded {
            Ok(true) => old,
            _ => made.file(),
        };
        if let Some(file) = useless {
            self.album.blobs().remove_pictures(file)?;
        }
        recorded.map(drop)
    }

    fn open_picture(&self, made: &OwnPictures, size: Size) -> Result<Picture, Fault> {
        let OwnPictures::Made {
            file,
            thumb,
            screen,
        } = made
        else {
            return Err(Fault::new("no_picture", "there is none"));
        };
        let (stored, at) = match size {
            Size::Thumb => (thumb, 0),
            Size::Screen => (screen, sealed_len(thumb.size)),
        };
        let mut reader = self.album.blobs().open_pictures(*file)?;
        let key = self.keys.storage.file(*file);
        reader.seek_to(at).map_err(reading)?;
        Ok(Picture {
            jpeg: open_sealed(&mut reader, &key, stored.size)?,
            width: stored.width,
            height: stored.height,
        })
    }
}

/// The picture for the grid and the one for the screen, or why there are none.
fn render(bytes: &[u8]) -> Result<[Picture; 2], String> {
    let tiers = rendition::tiers(bytes).map_err(|error| error.to_string())?;
    let screen = fit(tiers.width, tiers.height, PREVIEW_EDGE);
    let thumb = fit(screen.0, screen.1, THUMB_EDGE);
    let picture = |jpeg, (width, height)| Picture {
        jpeg,
        width,
        height,
    };
    Ok([picture(tiers.thumb, thumb), picture(tiers.preview, screen)])
}

/// How long so many bytes of plaintext are when they are sealed.
fn sealed_len(size: u64) -> u64 {
    let (whole, rest) = (size / PART_SIZE as u64, (size % PART_SIZE as u64) as usize);
    let rest = if rest > 0 { part_len(rest) } else { 0 };
    whole * part_len(PART_SIZE) as u64 + rest as u64
}

fn none(item: &AlbumItem, why: &str) -> Fault {
    Fault::new("no_picture", format!("{}: {why}", item.name))
}

fn reading(error: io::Error) -> Fault {
    Fault::of_reading(&error)
}

impl Read for OwnReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.file.read(out)
    }
}

impl Seek for OwnReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
