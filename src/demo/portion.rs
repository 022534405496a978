//! What one person is handed of a share: each item by each way that the rules know, as a file beside the page.

use std::fs;
use std::path::{Path, PathBuf};

use super::stage::House;
use crate::address::StationName;
use crate::album::{OwnItem, ShareItem};
use crate::envelope::Digest;
use crate::rules::Action;
use crate::sharing::Fault;
use crate::words::retell;

/// The ways, in the order in which people are told.
pub(super) const WAYS: [Action; 3] = [Action::Display, Action::Print, Action::Store];

/// All that one person gets.
pub(super) struct Portion {
    /// Who.
    pub person: &'static str,
    /// One sentence a share: what this person may do.
    pub sentences: Vec<String>,
    /// Item after item.
    pub items: Vec<Handed>,
}

/// One item, by each way.
pub(super) struct Handed {
    /// As it is called at the sender's.
    pub name: String,
    /// What the sender has.
    pub of: (Option<u32>, Option<u32>, u64),
    /// What came of asking to look, to print and to keep.
    pub ways: [Outcome; 3],
}

/// What came of asking.
pub(super) enum Outcome {
    /// A file.
    File {
        /// Below the page's folder.
        path: PathBuf,
        /// By our own look.
        media_type: String,
        /// Bytes.
        size: u64,
        /// Pixels, of a picture.
        pixels: Option<(u32, u32)>,
        /// Bit for bit what the sender imported.
        same: bool,
    },
    /// No, in words.
    Denied(String),
}

impl Portion {
    /// Asks for everything, as this person's browser would. `below`: the page's folder.
    pub fn ask(
        house: &mut House,
        person: &'static str,
        sentences: Vec<String>,
        items: &[(ShareItem, OwnItem)],
        below: &Path,
    ) -> Result<Self, Fault> {
        let station: StationName = person
            .parse()
            .map_err(|error: crate::address::AddressError| Fault::new("demo", error.to_string()))?;
        fs::create_dir_all(below.join(person))
            .map_err(|error| Fault::new("disk", format!("{}: {error}", below.display())))?;
        let mut handed = Vec::new();
        for (n, (item, own)) in items.iter().enumerate() {
            let mut ask = |action| ask(house, &station, item, own, action, below, n + 1);
            handed.push(Handed {
                name: own.name.clone(),
                of: (own.width, own.height, own.size),
                ways: [ask(WAYS[0])?, ask(WAYS[1])?, ask(WAYS[2])?],
            });
        }
        Ok(Portion {
            person,
            sentences,
            items: handed,
        })
    }

    /// Each denial once, with the way that was asked for.
    pub fn denials(&self) -> Vec<(Action, &str)> {
        let mut denials = Vec::new();
        for handed in &self.items {
            for (action, outcome) in WAYS.into_iter().zip(&handed.ways) {
                if let Outcome::Denied(words) = outcome
                    && !denials.contains(&(action, words.as_str()))
                {
                    denials.push((action, words.as_str()));
                }
            }
        }
        denials.sort_by_key(|(action, _)| *action);
        denials
    }
}

fn ask(
    house: &mut House,
    station: &StationName,
    item: &ShareItem,
    own: &OwnItem,
    action: Action,
    below: &Path,
    number: usize,
) -> Result<Outcome, Fault> {
    let extension = match (
        action,
        Path::new(&own.name).extension().and_then(|e| e.to_str()),
    ) {
        (Action::Store, Some(e))
            if e.len() <= 5 && e.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            e
        }
        (Action::Store, _) => "file",
        _ => "jpg",
    };
    let path = PathBuf::from(station.as_str()).join(format!("{number}-{action}.{extension}"));
    let out = below.join(&path);
    let now = house.now()?;
    match house.home.view(&item.reference, station, action, &out, now) {
        Ok(viewed) => {
            let same = viewed.size == own.size && {
                let bytes = fs::read(&out)
                    .map_err(|error| Fault::new("disk", format!("{}: {error}", out.display())))?;
                Digest::of(&bytes) == own.sha256
            };
            Ok(Outcome::File {
                path,
                media_type: viewed.media_type,
                size: viewed.size,
                pixels: viewed.width.zip(viewed.height),
                same,
            })
        }
        Err(fault) if fault.code == "denied" || fault.code == "not_shown" => {
            Ok(Outcome::Denied(retell(house.home.language, &fault.message)))
        }
        Err(fault) => Err(fault),
    }
}
