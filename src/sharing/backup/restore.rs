//! A backup takes the place of a household, or makes one where none is.
//!
//! 1. Nobody has the household open.
//! 2. The backup is unpacked beside the data folder and looked through; until here nothing has changed.
//! 3. Its rows are made fit to go on from.
//! 4. The folders change places in one step; the old one is kept under another name.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::RESTORED;
use super::archive::{self, List, broken, read};
use crate::address::Mailbox;
use crate::album::{
    Album, AlbumError, CopyState, DestinationState, HoldingState, InUse, Keys, Missing, Rows,
    ShareState, check_copy, file_name, part_name, peek,
};
use crate::config::{Config, PasswordSource};
use crate::disk;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::{SignedRevocation, permit};
use crate::sharing::Fault;
use crate::sharing::backup::write::write_settings;
use crate::sharing::clock::{Memory, Reading};
use crate::sharing::listing::named::renew_words;
use crate::sharing::own::import::Progress;
use crate::sharing::revoke::recall::{end_copy, end_destination};
use crate::sharing::search::needed::needed_parts;

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Whose household it is.
    pub mailbox: Mailbox,
    /// When the backup was made.
    pub created: Timestamp,
    /// Where the household lies now.
    pub data: PathBuf,
    /// Where the folder lies that was there before.
    pub kept: Option<PathBuf>,
    /// The settings, where they were written too; those that are there are left alone.
    pub config_written: Option<PathBuf>,
    /// The file with the mail password, where that is not there.
    pub password_file: Option<PathBuf>,
    /// What rows name and the backup did not hold.
    pub missing: Missing,
}

/// Puts the backup `file` into the data folder of the configuration `config`. `replace`: also where a household is.
pub fn restore(
    config: &Path,
    file: &Path,
    replace: bool,
    reading: &Reading,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Restored, Fault> {
    restore_from(config, file, replace, reading, progress).map_err(|fault| match fault.code {
        "backup" if !fault.usage => Fault {
            message: format!("{}: {}", file.display(), fault.message),
            ..fault
        },
        _ => fault,
    })
}

fn restore_from(
    config: &Path,
    file: &Path,
    replace: bool,
    reading: &Reading,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Restored, Fault> {
    let from = File::open(file).map_err(|error| Fault::of_named_file("disk", file, &error))?;
    if !from.metadata().is_ok_and(|about| about.is_file()) {
        return Err(Fault::usage(
            "backup",
            format!("{} is no file", file.display()),
        ));
    }
    let present = match config.try_exists() {
        Ok(true) => Some(Config::load(config)?),
        _ => None,
    };
    // Refused before the long work; the settings stand first, and are held against the list with all the rest.
    let parse = |text: &str| {
        Config::parse(text, config).map_err(|error| broken(&format!("its settings: {error}")))
    };
    let data = match &present {
        Some(config) => config.data.clone(),
        None => parse(&archive::first_settings(&from)?)?.data,
    };
    let place = Place::take(&data, replace)?;
    let unpacked =
        Unpacked::begin(&place.data).map_err(|error| archive::unreadable(&data, &error))?;
    let list = read(from, &mut |name| unpacked.open(name), progress)?;
    let settings = unpacked.text(archive::SETTINGS)?;
    let in_backup = parse(&settings)?;
    if let Some(present) = present.as_ref().filter(|c| c.mailbox != list.mailbox) {
        return Err(Fault::new(
            "backup",
            format!(
                "the backup is of {}, and {} is for {}",
                list.mailbox,
                config.display(),
                present.mailbox
            ),
        )
        .hint("name another configuration with --config; one that is not there is written"));
    }
    crate::crash::point("restore.unpacked");
    let missing = make_fit(&unpacked, &list, &place, reading)?;
    fs::remove_file(unpacked.path.join(archive::SETTINGS))
        .map_err(|error| archive::unreadable(&unpacked.path, &error))?;
    let kept = place.put(unpacked, reading)?;
    let config_written = match present {
        Some(_) => None,
        None => {
            write_settings(config, &settings)?;
            Some(config.to_owned())
        }
    };
    let settings = present.unwrap_or(in_backup);
    let password_file = match settings.imap.password {
        PasswordSource::File(path) if !path.exists() => Some(path),
        _ => None,
    };
    Ok(Restored {
        mailbox: list.mailbox,
        created: list.created,
        data: place.data,
        kept,
        config_written,
        password_file,
        missing,
    })
}

/// Looks through what was unpacked, and makes its rows fit to go on from.
fn make_fit(
    unpacked: &Unpacked,
    list: &List,
    place: &Place,
    reading: &Reading,
) -> Result<Missing, Fault> {
    let folder = &unpacked.path;
    check_copy(&folder.join(archive::ALBUM))
        .map_err(|words| broken(&format!("its album: {words}")))?;
    let keys = Keys::read(folder).map_err(|error| broken(&format!("its keys: {error}")))?;
    let me = keys.identity.fingerprint();
    if me != list.fingerprint {
        return Err(broken(&"its keys are not those of its household"));
    }
    let mut album = Album::open(folder)?;
    let missing = album.commit(|rows| {
        let has = |name: String| folder.join(name).exists();
        let missing =
            rows.resume_from_copy(me, |digest| has(part_name(digest)), |id| has(file_name(id)))?;
        let mut memory = Memory::load(rows)?;
        // Not before what was sure already: a share that had ended must not come back with a clock that is slow.
        let mut floors = vec![memory.floor];
        floors.extend(place.floor);
        floors.extend(reading.synchronised.then_some(reading.wall));
        memory.floor = floors.into_iter().max().unwrap_or(memory.floor);
        memory.last = None;
        memory.confirmed = false;
        memory.store(rows)?;
        rows.set_setting(RESTORED, "yes")?;
        for signed in &place.revocations {
            end_again(rows, &keys, signed)?;
        }
        Ok::<_, Fault>(missing)
    })?;
    let rows = album.rows();
    for share in rows.shares()? {
        for part in rows.parts(share.id)? {
            if !part.held && !rows.part_is_held_elsewhere(share.id, part.digest)? {
                album.blobs().remove_part(part.digest)?;
            }
        }
    }
    album.truncate_log()?;
    drop(album);
    for rest in ["album.sqlite-wal", "album.sqlite-shm"] {
        // Where the last one to close did not take it away.
        let _ = fs::remove_file(folder.join(rest));
    }
    Ok(missing)
}

/// What was taken back since stays so, by whom ever: here, and at those to whom it went from here.
fn end_again(rows: Rows<'_>, keys: &Keys, signed: &[u8]) -> Result<(), Fault> {
    // What cannot be read any more must not keep a household from being replaced.
    let Ok(signed) = SignedRevocation::verify(signed) else {
        return Ok(());
    };
    let revocation = signed.revocation();
    let of = (revocation.origin, revocation.share);
    let Some(share) = rows.share_by_wire(of.0, of.1)? else {
        return Ok(());
    };
    if share.state.is_ended() {
        return Ok(());
    }
    let me = keys.identity.fingerprint();
    let (at, own) = (revocation.issued, keys.is_ours(share.origin));
    for holding in rows.holdings(share.id)? {
        // The household's own holding of its own share stands on no permit.
        let over = match own {
            true => revocation.permit.is_none(),
            false => signed.ends(&permit::all_of_stored(&holding.chain)?),
        };
        if over && holding.state == HoldingState::Live {
            rows.end_holding(holding.id, HoldingState::Revoked)?;
        }
    }
    renew_words(rows, share.id)?;
    let known = (signed.digest(), signed.der());
    rows.put_revocation(of, known, me, at)?;
    // What was given on from here, or waits to be. Those who have it are told, if 30 days are not over.
    for destination in rows.destinations(share.id)? {
        let over = matches!(
            destination.state,
            DestinationState::Revoked | DestinationState::Deleted
        );
        if !over && signed.ends(&permit::all_of_stored(&destination.chain())?) {
            end_destination(rows, &destination, at)?;
            rows.put_recall(share.id, destination.contact, known, at, at)?;
        }
    }
    for copy in rows.onward_copies(share.id)? {
        if copy.state == CopyState::Forwarded && signed.ends(&permit::all_of_stored(&copy.chain)?) {
            end_copy(rows, &copy, at)?;
        }
    }
    let needed = needed_parts(rows, &share)?;
    for part in rows.parts(share.id)? {
        let kept = needed
            .as_ref()
            .is_some_and(|needed| own || needed.contains(&part.digest));
        if !kept {
            rows.drop_part(share.id, part.digest)?;
        }
    }
    match needed {
        Some(_) => Ok(()),
        None => Ok(rows.set_share_state(share.id, ShareState::Revoked, at)?),
    }
}

/// All revocations that an album knows of its shares.
fn revocations(rows: Rows<'_>) -> Result<Vec<Vec<u8>>, AlbumError> {
    let mut all = Vec::new();
    for share in rows.shares()? {
        all.extend(rows.revocations(share.origin, share.wire)?);
    }
    Ok(all)
}

/// The data folder to be, and nobody who has it open.
struct Place {
    data: PathBuf,
    /// What is there is kept under another name.
    taken: bool,
    /// The time that was sure in the household that is there.
    floor: Option<Timestamp>,
    /// What was taken back there.
    revocations: Vec<Vec<u8>>,
    _nobody: Option<InUse>,
}

impl Place {
    fn take(data: &Path, replace: bool) -> Result<Self, Fault> {
        let fault = |error: io::Error| archive::unreadable(data, &error);
        if !data.try_exists().map_err(fault)? {
            let data = std::path::absolute(data).map_err(fault)?;
            let (taken, floor, _nobody) = (false, None, None);
            return Ok(Place {
                data,
                taken,
                floor,
                revocations: Vec::new(),
                _nobody,
            });
        }
        // A link to a folder elsewhere stays a link.
        let data = fs::canonicalize(data).map_err(fault)?;
        let taken = fs::read_dir(&data).map_err(fault)?.next().is_some();
        if taken && !replace {
            return Err(Fault::new(
                "exists",
                format!("{} is not empty; nothing was changed", data.display()),
            )
            .hint("--yes puts the backup there, and keeps the old folder under another name"));
        }
        let album = data.join(archive::ALBUM).exists();
        let _nobody = album.then(|| Album::seize(&data)).transpose()?;
        // A household that cannot be read any more is one that is to be replaced.
        let memory = peek(&data, |rows| Memory::load(rows).ok()).flatten();
        let floor = memory.map(|memory| memory.floor);
        let revocations = peek(&data, |rows| revocations(rows).ok()).flatten();
        Ok(Place {
            data,
            taken,
            floor,
            revocations: revocations.unwrap_or_default(),
            _nobody,
        })
    }

    /// Gives the folder its place. Gives where the old one is.
    fn put(&self, mut unpacked: Unpacked, reading: &Reading) -> Result<Option<PathBuf>, Fault> {
        let fault = |error: io::Error| archive::unreadable(&self.data, &error);
        unpacked.sync().map_err(fault)?;
        let kept = self.taken.then(|| self.kept_name(reading));
        match &kept {
            None => disk::room()
                .and_then(|()| fs::rename(&unpacked.path, &self.data))
                .map_err(fault)?,
            Some(kept) => exchange(&unpacked.path, &self.data, kept).map_err(fault)?,
        }
        unpacked.kept = true;
        let above = self.data.parent().unwrap_or(Path::new("/"));
        disk::room()
            .and_then(|()| File::open(above))
            .and_then(|folder| folder.sync_all())
            .map_err(fault)?;
        Ok(kept)
    }

    fn kept_name(&self, reading: &Reading) -> PathBuf {
        let name = self.data.file_name().unwrap_or_default().to_string_lossy();
        let day = reading.wall.to_string().replace([':', '-'], "");
        let name = format!("{name}.before-{day}");
        let free = |n: &u32| match n {
            1 => self.data.with_file_name(&name),
            n => self.data.with_file_name(format!("{name}-{n}")),
        };
        (1..)
            .map(|n| free(&n))
            .find(|path| !path.exists())
            .expect("there are more numbers than folders")
    }
}

/// The new folder for the old one, in one step where the file system can, else in two. At every moment each of them is
/// whole, under a name that does not look like something to be thrown away.
fn exchange(new: &Path, data: &Path, kept: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    disk::room()?;
    fs::rename(new, kept)?;
    crate::crash::point("restore.before_exchange");
    if renameat_with(CWD, kept, CWD, data, RenameFlags::EXCHANGE).is_ok() {
        crate::crash::point("restore.after_exchange");
        return Ok(());
    }
    let mut aside = kept.as_os_str().to_owned();
    aside.push(".restored");
    fs::rename(kept, &aside)?;
    fs::rename(data, kept)?;
    fs::rename(&aside, data).inspect_err(|_| {
        // Back to what was; where that fails too, the error names the folder that is meant.
        let _ = fs::rename(kept, data);
    })
}

/// A folder that is being filled. Dropped before it got its place, it is gone.
struct Unpacked {
    path: PathBuf,
    kept: bool,
}

impl Unpacked {
    /// On the file system of the place it is for.
    fn begin(beside: &Path) -> io::Result<Self> {
        let above = beside.parent().unwrap_or(Path::new("/"));
        let mut builder = fs::DirBuilder::new();
        disk::room()?;
        builder.recursive(true).mode(0o700).create(above)?;
        disk::room()?;
        let path = above.join(format!(".restoring-{}", Id::random()));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Unpacked { path, kept: false })
    }

    fn open(&self, name: &str) -> io::Result<Option<File>> {
        let path = self.path.join(name);
        if let Some(folder) = path.parent() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true).mode(0o700).create(folder)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        disk::room()?;
        options.open(path).map(Some)
    }

    fn text(&self, name: &str) -> Result<String, Fault> {
        fs::read_to_string(self.path.join(name))
            .map_err(|error| broken(&format!("{name}: {error}")))
    }

    fn sync(&self) -> io::Result<()> {
        // All of its file system at once: of a hundred thousand parts each alone would take an hour.
        disk::room()?;
        rustix::fs::syncfs(File::open(&self.path)?)?;
        Ok(())
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        if !self.kept {
            // Best effort: it has a name of its own that nothing reads.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
