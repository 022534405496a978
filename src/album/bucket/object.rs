//! An own file on its way into a bucket: small ones in one request, others piece after piece, of which the store makes an
//! object only when it has all of them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::multipart::PartId;

use super::Bucket;
use crate::album::blobs::{private_file, sync_dir};
use crate::album::{AlbumError, Blobs};
use crate::disk::{self, Roomy};
use crate::envelope::Id;

/// All pieces but the last are as long. Stores ask for 5 MiB at least, and take ten thousand.
const PIECE: usize = 8 * 1024 * 1024;

/// How the notes of what was begun are called.
pub(in crate::album) const BEGUN: &str = "begun.";

/// An object that is being written. Dropped without [`NewObject::keep`], it leaves nothing.
pub(in crate::album) struct NewObject {
    bucket: Arc<Bucket>,
    name: String,
    piece: Vec<u8>,
    begun: Option<Begun>,
    temporary: PathBuf,
    /// The folder, locked against a sweep.
    _writing: File,
}

struct Begun {
    /// How the store calls it.
    upload: String,
    pieces: Vec<PartId>,
    /// A file that names it, for who comes after a run that was killed.
    note: PathBuf,
}

impl NewObject {
    pub fn begin(blobs: &Blobs, bucket: &Arc<Bucket>, name: String) -> Result<Self, AlbumError> {
        Ok(NewObject {
            bucket: Arc::clone(bucket),
            name,
            piece: Vec::new(),
            begun: None,
            temporary: blobs.temporary.clone(),
            _writing: blobs.writing()?,
        })
    }

    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), AlbumError> {
        while self.piece.len() + bytes.len() > PIECE {
            let (now, later) = bytes.split_at(PIECE - self.piece.len());
            self.piece.extend_from_slice(now);
            bytes = later;
            self.send()?;
        }
        self.piece.extend_from_slice(bytes);
        Ok(())
    }

    /// Returns when the store has it.
    pub fn keep(mut self) -> Result<(), AlbumError> {
        if self.begun.is_none() {
            let bytes = std::mem::take(&mut self.piece);
            let put = self.bucket.put(&self.name, bytes);
            return put.map_err(|trouble| AlbumError::store(&self.bucket, trouble));
        }
        self.send()?;
        crate::crash::point("store.pieces");
        let Some(begun) = &mut self.begun else {
            return Ok(());
        };
        let pieces = std::mem::take(&mut begun.pieces);
        let done = self.bucket.complete(&self.name, &begun.upload, pieces);
        done.map_err(|trouble| AlbumError::store(&self.bucket, trouble))?;
        // Best effort: what is whole is not given up by a note that stays.
        let _ = fs::remove_file(&begun.note);
        self.begun = None;
        Ok(())
    }

    /// Sends a piece, the first one after a note that something is begun.
    fn send(&mut self) -> Result<(), AlbumError> {
        let bucket = Arc::clone(&self.bucket);
        let at = |trouble| AlbumError::store(&bucket, trouble);
        let bytes = std::mem::take(&mut self.piece);
        if self.begun.is_none() {
            let upload = bucket.begin(&self.name).map_err(at)?;
            let note = self.temporary.join(format!("{BEGUN}{}", Id::random()));
            let begun = self.begun.insert(Begun {
                upload,
                pieces: Vec::new(),
                note,
            });
            note_begun(&self.temporary, begun, &self.name)
                .map_err(AlbumError::file(&self.temporary))?;
        }
        if let Some(begun) = &mut self.begun {
            let index = begun.pieces.len();
            let piece = bucket.put_piece(&self.name, &begun.upload, index, bytes);
            begun.pieces.push(piece.map_err(at)?);
            crate::crash::point("store.piece");
        }
        Ok(())
    }
}

fn note_begun(folder: &Path, begun: &Begun, name: &str) -> io::Result<()> {
    let mut file = Roomy(private_file(&begun.note)?);
    file.write_all(format!("{name}\n{}\n", begun.upload).as_bytes())?;
    disk::room()?;
    file.0.sync_all()?;
    sync_dir(folder)
}

impl Drop for NewObject {
    fn drop(&mut self) {
        if let Some(begun) = &self.begun
            && self.bucket.abort(&self.name, &begun.upload).is_ok()
        {
            // What stays is swept at the next start.
            let _ = fs::remove_file(&begun.note);
        }
    }
}
