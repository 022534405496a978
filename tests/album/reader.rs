//! A household with a reader, and a memory card in it.

use std::fs;
use std::path::PathBuf;

use crate::house::{House, Village, picture};
use hearthpost::album::Lamp;
use hearthpost::encoding::Timestamp;
use hearthpost::sharing::Fault;
use hearthpost::sharing::card::{BroughtIn, Card};
use hearthpost::sharing::own::Wanted;
use hearthpost::sharing::own::import::{Adding, Progress};

pub struct Scene {
    _village: Village,
    pub house: House,
    /// Where cards are mounted.
    pub reader: PathBuf,
    pub card: PathBuf,
}

/// A household, and a card with three pictures and a film on it, and what a camera keeps for itself.
pub fn scene() -> Scene {
    let village = Village::new("a");
    let house = village.house("a", &["ann", "bob"]);
    let reader = house.folder.join("reader");
    let card = reader.join("EOS_DIGITAL");
    let pictures = card.join("DCIM/100CANON");
    fs::create_dir_all(&pictures).expect("a folder");
    for (number, width) in [(1, 320), (2, 330), (3, 340)] {
        picture(&pictures.join(format!("IMG_000{number}.JPG")), width, 200);
    }
    let stream = card.join("PRIVATE/AVCHD/BDMV/STREAM");
    fs::create_dir_all(&stream).expect("a folder");
    fs::write(stream.join("00001.MTS"), vec![7; 9_000_000]).expect("a film");
    for book in [
        "DCIM/CANONMSC.CTG",
        "DCIM/.Trashes",
        "DCIM/100CANON/MVI_1.THM",
    ] {
        fs::write(card.join(book), "of the camera").expect("a file");
    }
    fs::write(card.join("AUTORUN.INF"), "not of a camera").expect("a file");
    let mut scene = Scene {
        _village: village,
        house,
        reader,
        card,
    };
    scene.house.home.config.import.cards = vec![scene.reader.clone()];
    scene
}

impl Scene {
    pub fn cards(&self) -> Vec<Card> {
        self.house.home.mounted_cards().expect("cards")
    }

    pub fn count_new(&self) -> usize {
        self.cards()[0].new
    }

    pub fn bring_in(&mut self) -> Result<BroughtIn, Fault> {
        self.bring_in_as(&Adding::default(), &mut |_| {})
    }

    pub fn bring_in_as(
        &mut self,
        adding: &Adding,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<BroughtIn, Fault> {
        let now = self.house.now();
        self.house.home.bring_in(None, adding, now, progress)
    }

    pub fn items(&self) -> Vec<String> {
        let page = self.house.home.album_items(None, &Wanted::default());
        let mut names: Vec<String> = page
            .expect("a page")
            .items
            .into_iter()
            .map(|item| item.name)
            .collect();
        names.sort();
        names
    }

    pub fn lamp(&self) -> Lamp {
        self.house.home.lamp(Timestamp::from_unix(self.house.wall))
    }
}

pub const ALL: [&str; 4] = ["00001.MTS", "IMG_0001.JPG", "IMG_0002.JPG", "IMG_0003.JPG"];
