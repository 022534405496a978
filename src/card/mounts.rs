//! Mounted cards: by the table of mounts of this process, and what udev knows of their volumes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::list::card_folders;
use super::{Kind, Place, name_of};

/// Where cards are mounted by those who mount by themselves.
const ROOTS: [&str; 3] = ["/media", "/run/media", "/mnt"];
/// The mounts of this process (proc_pid_mountinfo(5)).
const TABLE: &str = "/proc/self/mountinfo";
/// What udev keeps of a device, by its numbers.
const UDEV: &str = "/run/udev/data";

/// A mount of something that has a device.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    device: String,
    point: PathBuf,
}

/// The cards that are mounted.
pub(super) fn mounted() -> Vec<Place> {
    // Without /proc nothing is known to be mounted.
    let table = std::fs::read(TABLE).unwrap_or_default();
    let mounts = mounts(&table).into_iter();
    let mounts = mounts.filter(|mount| ROOTS.iter().any(|root| mount.point.starts_with(root)));
    let cards = mounts.filter(|mount| !card_folders(&mount.point).is_empty());
    cards.map(card).collect()
}

/// The cards of a folder in which cards are mounted: itself, or what lies in it.
pub(super) fn below(folder: &Path) -> Vec<Place> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut roots = vec![folder.clone()];
    if card_folders(&folder).is_empty() {
        let entries = std::fs::read_dir(&folder);
        let entries = entries.into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        roots = folders.map(|entry| entry.path()).collect();
        roots.sort();
    }
    let table = std::fs::read(TABLE).unwrap_or_default();
    let mounts = mounts(&table);
    let cards = roots
        .into_iter()
        .filter(|root| !card_folders(root).is_empty());
    cards
        .map(|point| {
            let mut mounts = mounts.iter().rev();
            match mounts.find(|mount| mount.point == point) {
                Some(mount) => card(Mount {
                    device: mount.device.clone(),
                    point,
                }),
                None => Place {
                    id: point.display().to_string(),
                    label: name_of(&point),
                    kind: Kind::Card {
                        root: point,
                        device: None,
                    },
                },
            }
        })
        .collect()
}

fn card(mount: Mount) -> Place {
    let path = Path::new(UDEV).join(format!("b{}", mount.device));
    let known = std::fs::read_to_string(path).unwrap_or_default();
    Place {
        id: property(&known, "ID_FS_UUID").unwrap_or_else(|| mount.point.display().to_string()),
        label: property(&known, "ID_FS_LABEL").unwrap_or_else(|| name_of(&mount.point)),
        kind: Kind::Card {
            root: mount.point,
            device: Some(mount.device),
        },
    }
}

/// The mounts that have a block device, as the table has them.
fn mounts(table: &[u8]) -> Vec<Mount> {
    let lines = table.split(|byte| *byte == b'\n');
    lines
        .filter_map(|line| {
            let fields: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
            let dash = fields.iter().position(|field| *field == b"-")?;
            let [_, _, device, _, point, ..] = fields.as_slice() else {
                return None;
            };
            fields.get(dash + 2)?.starts_with(b"/dev/").then_some(())?;
            Some(Mount {
                device: String::from_utf8(device.to_vec()).ok()?,
                point: PathBuf::from(unescaped(point)),
            })
        })
        .collect()
}

/// Blanks and the like stand in the table as `\040`.
fn unescaped(field: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, after @ ..] = rest {
        let octal = after.get(..3).filter(|_| *first == b'\\');
        let octal = octal.and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    OsString::from_vec(bytes)
}

/// A property of a device in udev's own file of it.
fn property(known: &str, name: &str) -> Option<String> {
    let mut lines = known.lines();
    let value = lines.find_map(|line| {
        line.strip_prefix("E:")?
            .strip_prefix(name)?
            .strip_prefix('=')
    });
    value.filter(|value| !value.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_device_is_found_whatever_its_name() {
        let table = b"22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
            40 22 0:35 / /media/net rw - nfs4 nas:/pictures rw\n\
            41 22 8:17 / /media/EOS\\040DIGITAL ro,nosuid shared:9 master:2 - vfat /dev/sdb1 ro\n\
            broken line\n\
            42 22 8:18 / /media/back\\134slash\\04 ro - exfat /dev/sdb2 ro\n";
        let found: Vec<_> = mounts(table)
            .into_iter()
            .map(|mount| (mount.device, mount.point.display().to_string()))
            .collect();
        let expected = [
            ("8:2", "/"),
            ("8:17", "/media/EOS DIGITAL"),
            ("8:18", "/media/back\\slash\\04"),
        ];
        let expected = expected.map(|(device, point)| (device.to_owned(), point.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_volume_is_known_by_what_udev_says() {
        let known = "S:disk/by-uuid/6234-3331\nE:ID_FS_UUID_ENC=x\nE:ID_FS_UUID=6234-3331\nE:ID_FS_LABEL=\n";
        assert_eq!(property(known, "ID_FS_UUID").as_deref(), Some("6234-3331"));
        assert_eq!(property(known, "ID_FS_LABEL"), None);
    }
}
