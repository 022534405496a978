//! Files that come in by pieces, from a browser that may lose its line and go on later.
//!
//! What comes is cut into parts of 4 MiB, each sealed under the file's own key and on disk before it counts; nothing is
//! ever there in plaintext. A piece begins where the last one ended. It may be of any length; a rest of less than a part
//! that is not the end of the file is dropped, and the answer says where to go on. A piece that holds not even one part
//! would never get on, and is refused.

use std::io::{self, Read};

use super::AlbumItem;
use super::keep::{KEPT, Origin, unknown_upload};
use crate::address::StationName;
use crate::album::{NewItem, Upload};
use crate::encoding::Timestamp;
use crate::envelope::{Hasher, Id, PART_SIZE, PartBuffer, part_len};
use crate::sharing::own::file::{self, OwnFile, Stored};
use crate::sharing::own::import::{Adding, look_at, new_item, refuse_no_picture};
use crate::sharing::words::clean_name;
use crate::sharing::{Fault, Household, Now};

/// How many files of one person may be coming in at once.
pub const MAX_UPLOADS: usize = 500;

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadState {
    /// How it is called.
    pub id: Id,
    /// The file's name, cleaned.
    pub name: String,
    /// Bytes in all.
    pub size: u64,
    /// Bytes that are here: where the next piece begins.
    pub received: u64,
}

impl Household {
    /// Begins a file of `size` bytes; gives how it is called. What becomes of it is for all of the house.
    pub fn begin_upload(
        &mut self,
        viewer: Option<&StationName>,
        name: &str,
        size: u64,
        now: Timestamp,
    ) -> Result<Id, Fault> {
        self.begin_upload_for(viewer, false, name, size, now)
    }

    /// As [`Household::begin_upload`]; `private`: for the person alone who sends it.
    pub fn begin_upload_for(
        &mut self,
        viewer: Option<&StationName>,
        private: bool,
        name: &str,
        size: u64,
        now: Timestamp,
    ) -> Result<Id, Fault> {
        match viewer {
            Some(person) => self.refuse_unknown_person(person)?,
            None if private => return Err(for_nobody()),
            None => {}
        }
        if size == 0 {
            return Err(Fault::usage("empty", "the file is empty"));
        }
        let most = self.config.limits.upload;
        if size > most {
            let words = format!("the file has {size} bytes; at most {most} are taken");
            let hint =
                "bring it to the box itself and `hearthpost import` it, or raise limits.upload";
            return Err(Fault::usage("too_large", words).hint(hint));
        }
        if self.album.rows().uploads(viewer)?.len() >= MAX_UPLOADS {
            let words = format!("{MAX_UPLOADS} files are coming in already; let some of them end");
            return Err(Fault::new("too_many", words));
        }
        self.album.room_for(size)?;
        let upload = Upload {
            id: Id::random(),
            person: viewer.cloned(),
            name: clean_name(name, "item"),
            private,
            size,
            received: 0,
            file: Id::random(),
            touched: now,
        };
        let _unfinished = self.album.blobs().begin()?;
        self.album.blobs().new_growing_file(upload.file)?;
        crate::crash::point("upload.begun");
        let begun = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.add_upload(&upload)?));
        if begun.is_err() {
            self.album.blobs().remove_file(upload.file)?;
        }
        begun.map(|()| upload.id)
    }

    /// Says that what becomes of an upload is for the person alone who sends it, or for all of the house.
    pub fn set_upload_private(
        &mut self,
        viewer: Option<&StationName>,
        id: Id,
        private: bool,
    ) -> Result<(), Fault> {
        let upload = self.upload(viewer, id)?;
        if private && upload.person.is_none() {
            return Err(for_nobody());
        }
        self.album
            .commit(|rows| Ok(rows.set_upload_private(id, private)?))
    }

    /// How far it is.
    pub fn upload_state(&self, viewer: Option<&StationName>, id: Id) -> Result<UploadState, Fault> {
        self.upload(viewer, id).map(state)
    }

    /// What of a person is coming in.
    pub fn uploads(&self, viewer: Option<&StationName>) -> Result<Vec<UploadState>, Fault> {
        let uploads = self.album.rows().uploads(viewer)?;
        Ok(uploads.into_iter().map(state).collect())
    }

    /// Takes a piece that begins at `offset`; gives how many bytes are here now, which is where the next one begins.
    /// Fails with `offset` where that is another place, `short` where the piece is less than 4 MiB and not the end,
    /// `busy` while another piece is taken. Where more comes than was said at the beginning, the upload is over.
    pub fn upload_chunk(
        &mut self,
        viewer: Option<&StationName>,
        id: Id,
        offset: u64,
        mut bytes: impl Read,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let file = self.upload(viewer, id)?.file;
        let mut growing = self.album.blobs().grow_file(file)?;
        // Read again: from here on nobody else changes it.
        let upload = self.upload(viewer, id)?;
        if offset != upload.received {
            let words = format!("go on at byte {}, not at {offset}", upload.received);
            return Err(Fault::new("offset", words));
        }
        let key = self.keys.storage.file(upload.file);
        let mut buffer = PartBuffer::default();
        let mut received = upload.received;
        while received < upload.size {
            let wanted = (upload.size - received).min(PART_SIZE as u64);
            let read = buffer.fill(&mut (&mut bytes).take(wanted));
            let read = read.map_err(|error| Fault::new("read", error.to_string()))? as u64;
            if read < wanted {
                if received == offset {
                    let words = "a piece has at least 4 MiB, or all that is left of the file";
                    return Err(Fault::usage("short", words));
                }
                return Ok(received);
            }
            let at = received / PART_SIZE as u64 * part_len(PART_SIZE) as u64;
            growing.put(at, buffer.seal_undigested(&key)?)?;
            received += read;
            crate::crash::point("upload.before_commit");
            let noted = self
                .album
                .commit(|rows| Ok::<_, Fault>(rows.advance_upload(id, received, now)?))?;
            if !noted {
                return Err(unknown_upload());
            }
            crate::crash::point("upload.after_commit");
        }
        let more = bytes.read(&mut [0]);
        if more.map_err(|error| Fault::new("read", error.to_string()))? > 0 {
            drop(growing);
            self.drop_upload(&upload)?;
            let words = format!("more came than the {} bytes that were said", upload.size);
            return Err(Fault::usage("size", words).hint("nothing of it was kept; begin anew"));
        }
        Ok(received)
    }

    /// Makes an item of an upload that is here in full, also in an album of that name; says whether it was known. A
    /// broken file is refused as by an import, and gone. Who asks once more gets the same item: an answer may be lost.
    pub fn finish_upload(
        &mut self,
        viewer: Option<&StationName>,
        id: Id,
        album: Option<&str>,
        now: Timestamp,
    ) -> Result<(AlbumItem, bool), Fault> {
        if let Some(finished) = self.finished_upload(viewer, id)? {
            if let Some(album) = album {
                let references = [finished.0.reference.clone()];
                self.gather(viewer, album, &references, now)?;
            }
            return Ok(finished);
        }
        let upload = self.complete_upload(viewer, id)?;
        let album = album.map(super::albums::album_name).transpose()?;
        // In hand until it is done: two that finish it at once would each take it for theirs.
        let _in_hand = self.album.blobs().grow_file(upload.file)?;
        let upload = match self.upload(viewer, id) {
            Ok(upload) => upload,
            Err(gone) => return self.finished_upload(viewer, id)?.ok_or(gone),
        };
        let _unfinished = self.album.blobs().begin()?;
        let (new, pixels) = match self.look_at_upload(&upload) {
            Ok(looked) => looked,
            Err(fault) => {
                if ["broken", "empty"].contains(&fault.code) {
                    self.drop_upload(&upload)?;
                }
                return Err(fault);
            }
        };
        let kept = self.keep(&new, pixels.as_ref(), &Origin::Upload(id, album), now)?;
        self.link_uploaded(&kept.0, now)?;
        Ok(kept)
    }

    /// Takes a file in one piece, of which nobody said how long it is; as [`Household::finish_upload`] otherwise.
    pub fn add_file(
        &mut self,
        adding: &Adding,
        name: &str,
        bytes: impl Read,
        now: Timestamp,
    ) -> Result<(AlbumItem, bool), Fault> {
        self.check_adding(adding)?;
        let album = adding.album.as_deref().map(super::albums::album_name);
        let album = album.transpose()?;
        let _unfinished = self.album.blobs().begin()?;
        let most = self.config.limits.upload;
        let (blobs, key) = (self.album.blobs(), &self.keys.storage);
        let mut bytes = bytes.take(most + 1);
        let stored = file::store(
            blobs,
            key,
            &mut PartBuffer::default(),
            &mut bytes,
            &mut |_| {},
        )?;
        let upload = Upload {
            id: Id::random(),
            person: adding.person.clone(),
            name: clean_name(name, "item"),
            private: adding.private,
            size: stored.size,
            received: stored.size,
            file: stored.file,
            touched: now,
        };
        let looked = match stored.size {
            0 => Err(Fault::usage("empty", "the file is empty")),
            size if size > most => {
                let words = format!("the file has more than the {most} bytes that are taken");
                Err(Fault::usage("too_large", words))
            }
            _ => self.look_at_upload(&upload),
        };
        let (new, pixels) = match looked {
            Ok(looked) => looked,
            Err(fault) => {
                self.album.blobs().remove_file(stored.file)?;
                return Err(fault);
            }
        };
        let (item, known) = self.keep(&new, pixels.as_ref(), &Origin::Import, now)?;
        self.link_uploaded(&item, now)?;
        if let Some(album) = album {
            let references = [item.reference.clone()];
            self.gather(adding.person.as_ref(), &album, &references, now)?;
        }
        Ok((item, known))
    }

    /// Ends an upload; nothing of it stays.
    pub fn cancel_upload(&mut self, viewer: Option<&StationName>, id: Id) -> Result<(), Fault> {
        let upload = self.upload(viewer, id)?;
        self.drop_upload(&upload)
    }

    /// Removes uploads of which nothing came for three days, by a clock that is sure.
    pub(in crate::sharing) fn drop_old_uploads(&mut self, now: Now) -> Result<(), Fault> {
        let until = now.floor.minus_seconds(KEPT);
        for upload in self.album.rows().uploads_untouched(until)? {
            self.drop_upload(&upload)?;
            tracing::info!("an upload that nobody went on with is dropped");
        }
        Ok(())
    }

    fn drop_upload(&mut self, upload: &Upload) -> Result<(), Fault> {
        let _unfinished = self.album.blobs().begin()?;
        let removed = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.remove_upload(upload.id)?))?;
        crate::crash::point("upload.dropped");
        // Where there was none, it is an item by now.
        if removed {
            self.album.blobs().remove_file(upload.file)?;
        }
        Ok(())
    }

    /// An upload that is here in full.
    pub(super) fn complete_upload(
        &self,
        viewer: Option<&StationName>,
        id: Id,
    ) -> Result<Upload, Fault> {
        let upload = self.upload(viewer, id)?;
        if upload.received != upload.size {
            let words = format!(
                "{} of {} bytes are here; send the rest first",
                upload.received, upload.size
            );
            return Err(Fault::new("incomplete", words));
        }
        Ok(upload)
    }

    /// What became of an upload of this person, as far as it is there for them still.
    pub(super) fn finished_upload(
        &self,
        viewer: Option<&StationName>,
        id: Id,
    ) -> Result<Option<(AlbumItem, bool)>, Fault> {
        let Some((person, reference, known)) = self.album.rows().finished(id)? else {
            return Ok(None);
        };
        if viewer.is_some() && viewer != person.as_ref() {
            return Ok(None);
        }
        let item = self.find_item(viewer, &reference)?;
        Ok(item.map(|item| (item, known)))
    }

    /// An upload of this person; for somebody at the command line, of anybody.
    fn upload(&self, viewer: Option<&StationName>, id: Id) -> Result<Upload, Fault> {
        let upload = self.album.rows().upload(id)?;
        let own = |upload: &Upload| viewer.is_none() || viewer == upload.person.as_ref();
        upload.filter(own).ok_or_else(unknown_upload)
    }

    /// Reads the sealed file back and looks at it as an import does; gives the bytes of a picture.
    fn look_at_upload(&self, upload: &Upload) -> Result<(NewItem, Option<Vec<u8>>), Fault> {
        let reading = |error: io::Error| Fault::of_reading(&error).about(&upload.name);
        let (blobs, key) = (self.album.blobs(), &self.keys.storage);
        let mut source = OwnFile::of(blobs, key, upload.file, upload.size)?;
        let (look, start) = look_at(&mut source).map_err(|fault| match fault.code {
            "read" => Fault::new("disk", format!("{}: {}", upload.name, fault.message)),
            _ => fault,
        })?;
        refuse_no_picture(&upload.name, &look)?;
        let mut hasher = Hasher::default();
        hasher.update(&start);
        let mut rest = zeroize::Zeroizing::new(vec![0; 256 * 1024]);
        loop {
            let read = source.read(&mut rest).map_err(reading)?;
            if read == 0 {
                break;
            }
            hasher.update(&rest[..read]);
        }
        let stored = Stored {
            file: upload.file,
            sha256: hasher.finish(),
            size: upload.size,
        };
        let adding = Adding {
            album: None,
            person: upload.person.clone(),
            private: upload.private,
        };
        let new = new_item(upload.name.clone(), &look, &stored, &adding);
        Ok((new, look.dimensions.map(|_| start)))
    }
}

fn state(upload: Upload) -> UploadState {
    UploadState {
        id: upload.id,
        name: upload.name,
        size: upload.size,
        received: upload.received,
    }
}

fn for_nobody() -> Fault {
    Fault::usage("nobody", "say for whom it is private")
}
