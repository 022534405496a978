//! Pictures of all pages for somebody who wants to look at them: whole, by day, by night and on paper.
//!
//! `HEARTHPOST_LOOK` names the folder for them, `HEARTHPOST_LOOK_AT` some of the pages by how their names begin, with
//! commas between.

use std::path::PathBuf;

use serde_json::json;

use super::list::Page;
use super::{Browser, SCHEMES};

/// What somebody wants to look at.
pub struct Looking {
    folder: Option<PathBuf>,
    at: Vec<String>,
}

impl Looking {
    pub fn wanted() -> Self {
        let at = std::env::var("HEARTHPOST_LOOK_AT").unwrap_or_default();
        let at = at.split(',').filter(|one| !one.is_empty());
        Looking {
            folder: std::env::var_os("HEARTHPOST_LOOK").map(PathBuf::from),
            at: at.map(str::to_owned).collect(),
        }
    }

    /// Whether it is all of them.
    pub fn is_at_all(&self) -> bool {
        self.at.is_empty()
    }

    /// Whether that page is among them.
    pub fn at(&self, page: &Page) -> bool {
        self.at.is_empty() || self.at.iter().any(|one| page.name.starts_with(one))
    }

    /// Draws the page that is open; whether that was all that is wanted.
    pub fn draw(&self, browser: &Browser, page: &Page, width: u32) -> bool {
        let Some(folder) = &self.folder else {
            return false;
        };
        if !page.does.is_empty() {
            browser.until_at_rest();
            browser.until_shown();
        }
        let draw = |how: &str| {
            let file = folder.join(format!("{}-{width}-{how}.png", page.name));
            std::fs::write(file, browser.whole_picture()).expect("a folder for the pictures");
        };
        for scheme in SCHEMES {
            browser.look_at(width, scheme);
            draw(scheme);
        }
        browser.command("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        draw("paper");
        browser.command("Emulation.setEmulatedMedia", json!({ "media": "" }));
        browser.look_at(width, SCHEMES[0]);
        true
    }
}

impl Browser {
    /// All of the page, however long it is.
    fn whole_picture(&self) -> Vec<u8> {
        let size = &self.command("Page.getLayoutMetrics", json!({}))["cssContentSize"];
        let clip =
            json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = self.command("Page.captureScreenshot", wanted);
        let text = shot["data"].as_str().expect("a picture");
        data_encoding::BASE64
            .decode(text.as_bytes())
            .expect("base64")
    }
}
