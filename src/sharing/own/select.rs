//! What an album program has chosen for a person, who then says on the share page with whom and how.

use super::AlbumItem;
use crate::address::StationName;
use crate::album::SelectionRow;
use crate::envelope::Id;
use crate::message::manifest::MAX_ITEMS;
use crate::sharing::site::home_page;
use crate::sharing::words::{clean_line, clean_name};
use crate::sharing::{Fault, Household, Now};

/// How long it is kept, in seconds.
const KEPT: u64 = 86_400;
/// The longest title, in characters.
const LONGEST: usize = 200;

/// What a program has chosen: items of the album, uploads that are here in full, and files.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Items, by their references.
    pub items: Vec<String>,
    /// Uploads, by their ids; they become items.
    pub uploads: Vec<Id>,
    /// Files: name and content; they become items.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the share is to be called.
    pub title: String,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// How it is called.
    pub id: Id,
    /// What the share is to be called.
    pub title: String,
    /// The items, by their references, each once.
    pub items: Vec<String>,
}

impl Household {
    /// Keeps for a day what a program has chosen for a person. What of it was no item yet is one afterwards.
    pub fn select(
        &mut self,
        person: &StationName,
        chosen: &Chosen,
        now: Now,
    ) -> Result<Selection, Fault> {
        self.refuse_unknown_person(person)?;
        let viewer = Some(person);
        let title = clean_line(&chosen.title).trim().to_owned();
        if title.chars().count() > LONGEST {
            let words = "a title has at most 200 characters";
            return Err(Fault::usage("title", words));
        }
        let count = chosen.items.len() + chosen.uploads.len() + chosen.files.len();
        if !(1..=MAX_ITEMS).contains(&count) {
            let words = format!("choose 1 to {MAX_ITEMS} items");
            return Err(Fault::usage("nothing", words));
        }
        // Asked for first, so that nothing is brought in for what is refused.
        let mut items = self.items_named(viewer, &chosen.items)?;
        let mut before = Vec::new();
        let mut uploads = Vec::new();
        for upload in &chosen.uploads {
            let name = match self.finished_upload(viewer, *upload)? {
                Some((item, _)) => {
                    let name = item.name.clone();
                    before.push(item);
                    name
                }
                None => self.complete_upload(viewer, *upload)?.name,
            };
            uploads.push((*upload, name));
        }
        let mut known = items.iter().chain(&before);
        if let Some(gone) = known.find(|item| item.deleted.is_some()) {
            let words = format!("{} lies in the bin", gone.name);
            return Err(Fault::usage("in_bin", words));
        }
        // What is broken comes to light one after the other. Who asks again finds the others, as they became items.
        let named = |fault: Fault, name: &str| fault.about(&clean_name(name, "?"));
        for (upload, name) in &uploads {
            let finished = self.finish_upload(viewer, *upload, None, now.now);
            items.push(finished.map_err(|fault| named(fault, name))?.0);
        }
        for (name, content) in &chosen.files {
            let brought = self.bring_file(person, name, content, now);
            items.push(brought.map_err(|fault| named(fault, name))?);
        }
        let mut references: Vec<String> = Vec::new();
        for item in items {
            if !references.contains(&item.reference) {
                references.push(item.reference);
            }
        }
        let row = SelectionRow {
            id: Id::random(),
            station: person.clone(),
            title,
            items: references,
            ends: now.now.plus_seconds(KEPT),
        };
        self.album.commit(|rows| {
            rows.forget_selections(now.now)?;
            Ok::<_, Fault>(rows.add_selection(&row)?)
        })?;
        Ok(Selection {
            id: row.id,
            title: row.title,
            items: row.items,
        })
    }

    /// What was chosen for a person, without what is not in the album any more.
    pub fn selection(&self, person: &StationName, id: Id, now: Now) -> Result<Selection, Fault> {
        let row = self.album.rows().selection(id)?;
        let row = row.filter(|row| row.station == *person && now.now < row.ends);
        let row = row.ok_or_else(|| {
            let words = "What was chosen is not kept any more.";
            Fault::new("unknown_selection", words).hint("choose again")
        })?;
        let items = self.still_here(Some(person), &row.items)?;
        Ok(Selection {
            id: row.id,
            title: row.title,
            items: items.into_iter().map(|item| item.reference).collect(),
        })
    }

    /// Where a person sees it, under the address at which the people of the house reach the box.
    pub fn selection_url(&self, selection: &Selection) -> String {
        let page = home_page(&self.config);
        format!("{page}share?selection={}", selection.id)
    }

    /// Makes an item of a file in memory.
    fn bring_file(
        &mut self,
        person: &StationName,
        name: &str,
        content: &[u8],
        now: Now,
    ) -> Result<AlbumItem, Fault> {
        let viewer = Some(person);
        let upload = self.begin_upload(viewer, name, content.len() as u64, now.now)?;
        let brought = self
            .upload_chunk(viewer, upload, 0, content, now.now)
            .and_then(|_| self.finish_upload(viewer, upload, None, now.now));
        match brought {
            Ok((item, _)) => Ok(item),
            Err(fault) => {
                // A broken file is gone already.
                let _ = self.cancel_upload(viewer, upload);
                Err(fault)
            }
        }
    }
}
