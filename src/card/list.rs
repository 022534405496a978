//! What lies on a card or in a watched folder.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{CardError, Found, MAX_FILES};

/// Where cameras put what they take: pictures (DCF), films of many kinds, AVCHD.
const FOLDERS: [&str; 3] = ["DCIM", "PRIVATE", "AVCHD"];
/// So deep folders are looked into.
const MAX_DEPTH: usize = 12;
/// What cameras and computers write for themselves: thumbnails, catalogues, the indexes of AVCHD.
const OWN_BOOKS: [&str; 14] = [
    "thm", "lrv", "ctg", "bdm", "cpi", "mpl", "tdt", "tid", "ind", "bnp", "int", "bdt", "db", "ini",
];

/// The folders of cameras on a card, in order of their names.
pub(super) fn card_folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root);
    let entries = entries.into_iter().flatten().flatten();
    let of_camera = |name: &std::ffi::OsStr| {
        let mut known = FOLDERS.iter();
        known.any(|known| name.eq_ignore_ascii_case(known))
    };
    let mut folders: Vec<PathBuf> = entries
        .filter(|entry| of_camera(&entry.file_name()))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders
}

/// The files of a card.
pub(super) fn card(root: &Path) -> Result<Vec<Found>, CardError> {
    // That it is gone is another thing than that it is empty.
    fs::read_dir(root).map_err(|cause| at(root, cause))?;
    let mut files = Vec::new();
    for folder in card_folders(root) {
        collect(root, &folder, 1, &mut files)?;
    }
    Ok(files)
}

/// The files of a watched folder.
pub(super) fn folder(root: &Path) -> Result<Vec<Found>, CardError> {
    let mut files = Vec::new();
    collect(root, root, 0, &mut files)?;
    Ok(files)
}

fn collect(
    root: &Path,
    folder: &Path,
    depth: usize,
    files: &mut Vec<Found>,
) -> Result<(), CardError> {
    let entries = fs::read_dir(folder).map_err(|cause| at(folder, cause))?;
    let mut entries: Vec<fs::DirEntry> = entries
        .take(MAX_FILES + 1)
        .collect::<Result<_, _>>()
        .map_err(|cause| at(folder, cause))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if is_left_out(Path::new(&entry.file_name())) {
            continue;
        }
        let path = entry.path();
        let kind = entry.file_type().map_err(|cause| at(&path, cause))?;
        if kind.is_dir() && depth < MAX_DEPTH {
            collect(root, &path, depth + 1, files)?;
        } else if kind.is_file() {
            // Of a link it would be what it points to; of a file it is itself.
            let about = entry.metadata().map_err(|cause| at(&path, cause))?;
            let below = path.strip_prefix(root).unwrap_or(&path);
            files.push(Found {
                path: below.to_owned(),
                size: about.len(),
                changed: about.mtime(),
            });
        }
        if files.len() > MAX_FILES {
            return Err(CardError::TooMany);
        }
    }
    Ok(())
}

/// Hidden files, and what is no picture, film or sound of anybody.
pub(super) fn is_left_out(name: &Path) -> bool {
    let hidden = name.as_os_str().as_encoded_bytes().starts_with(b".");
    let extension = name.extension().unwrap_or_default();
    let book = OWN_BOOKS
        .iter()
        .any(|own| extension.eq_ignore_ascii_case(own));
    hidden || book
}

fn at(path: &Path, cause: std::io::Error) -> CardError {
    CardError::File {
        path: path.to_owned(),
        cause,
    }
}
