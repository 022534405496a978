//! The one list of pages that are looked at in the browser. A new page gets a line here; all checks walk the list.

use super::Browser;
use super::scene::Scene;

/// A page, and how one comes to it.
pub struct Page {
    /// Of its picture too.
    pub name: &'static str,
    /// Who looks; `None`: nobody is signed in.
    pub who: Option<&'static str>,
    pub path: String,
    /// What is done there to see it: a field and what goes in, or what is clicked, with nothing to go in.
    pub does: Vec<(&'static str, &'static str)>,
    /// Whether it is of no use without script.
    pub needs_script: bool,
    /// It comes with a status that says so, which the browser's log repeats.
    pub refused: bool,
    /// Its picture stands in the documentation, at these widths.
    pub pictured: &'static [u32],
}

/// All of them; those of one person together, for each change of person is a sign-in.
pub fn pages(scene: &mut Scene) -> Vec<Page> {
    let welcome = scene.welcome("bea");
    let wrong = vec![
        ("input[name=name]", "bob"),
        ("input[name=password]", "not that one"),
        ("form .btn", ""),
    ];
    let bay = format!("/received/{}", scene.bay);
    let link = ("form[action$='/bea/link'] button", "");
    let snow = scene.viewer(&scene.snow, "snow-cottage.jpg");
    vec![
        page("sign-in", None, "/sign-in").pictured(&[1280]),
        page("sign-in-wrong", None, "/sign-in")
            .does(wrong)
            .refused(),
        page("welcome", None, &welcome),
        page("link-used", None, "/welcome/used").refused(),
        page("received", Some("bob"), "/received").pictured(&[1280, 390]),
        page("share", Some("bob"), &bay).pictured(&[1280]),
        page(
            "share-counted",
            Some("bob"),
            &format!("/received/{}", scene.counted),
        ),
        page(
            "share-document",
            Some("bob"),
            &format!("/received/{}", scene.recipe),
        ),
        page(
            "viewer",
            Some("bob"),
            &scene.viewer(&scene.bay, "kite-dunes.jpg"),
        )
        .pictured(&[1280]),
        page(
            "viewer-upright",
            Some("bob"),
            &scene.viewer(&scene.bay, "poppies.jpg"),
        ),
        page("viewer-look", Some("bob"), &snow),
        page("viewer-allowed", Some("bob"), &snow).does(vec![("summary", "")]),
        page(
            "viewer-document",
            Some("bob"),
            &scene.viewer(&scene.recipe, "bread.txt"),
        ),
        page("settings", Some("bob"), "/settings"),
        page("settings-link", Some("bob"), "/settings").does(vec![link]),
        page("no-such-page", Some("bob"), "/nowhere").refused(),
    ]
}

fn page(name: &'static str, who: Option<&'static str>, path: &str) -> Page {
    Page {
        name,
        who,
        path: path.to_owned(),
        does: Vec::new(),
        needs_script: false,
        refused: false,
        pictured: &[],
    }
}

impl Page {
    fn does(mut self, does: Vec<(&'static str, &'static str)>) -> Self {
        self.does = does;
        self
    }

    fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    fn needs_script(mut self) -> Self {
        self.needs_script = true;
        self
    }

    fn pictured(mut self, widths: &'static [u32]) -> Self {
        self.pictured = widths;
        self
    }

    /// Goes there.
    pub fn open(&self, browser: &Browser, base: &str) {
        browser.goto(&format!("{base}{}", self.path));
        for (css, text) in &self.does {
            match *text {
                "" => browser.click(css),
                text => browser.fill(css, text),
            }
        }
    }
}

/// Calls `look` at each page, as the person it is for.
pub fn walk(browser: &Browser, base: &str, pages: &[Page], mut look: impl FnMut(&Page)) {
    browser.forget();
    let mut signed_in = None;
    for page in pages {
        if signed_in != page.who {
            browser.forget();
            if let Some(name) = page.who {
                browser.sign_in(base, name);
            }
            signed_in = page.who;
        }
        look(page);
    }
}
