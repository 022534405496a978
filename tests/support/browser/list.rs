//! The one list of pages that are looked at in the browser. A new page gets a line here; all checks walk the list.

use super::Browser;
use super::scene::{Scene, welcome};
use crate::house::House;

/// A page, and how one comes to it.
pub struct Page {
    /// Of its picture too.
    pub name: &'static str,
    /// Who looks; `None`: nobody is signed in.
    pub who: Option<&'static str>,
    /// The household.
    pub base: String,
    pub path: String,
    /// What is done there to see it: a field and what goes in, or what is clicked, with nothing to go in.
    pub does: Vec<(&'static str, &'static str)>,
    /// Whether what is done there takes script.
    pub needs_script: bool,
    /// Where what is done there leads, where that may take a while.
    pub leads_to: Option<&'static str>,
    /// It comes with a status that says so, which the browser's log repeats: of this path.
    pub refused: Option<String>,
    /// Its picture stands in the documentation, at these widths.
    pub pictured: &'static [u32],
}

/// All of them; those of one person together, for each change of person is a sign-in.
pub fn pages(scene: &mut Scene) -> Vec<Page> {
    let wrong = vec![
        ("input[name=name]", "bob"),
        ("input[name=password]", "not that one"),
        ("form .btn", ""),
    ];
    let link = vec![("form[action$='/bea/link'] button", "")];
    let keeper_link = vec![("form[action$='/ivo/link'] button", "")];
    let wrong_link = [
        &keeper_link[..],
        &[
            ("form[action$='/link'] input[type=password]", "not that one"),
            ("form[action$='/link'] .btn", ""),
        ],
    ]
    .concat();
    let wrong_password = vec![
        ("input[name=old]", "not that one"),
        ("input[name=new]", "another one of mine"),
        ("input[name=again]", "another one of mine"),
        ("form[action='/settings/password'] button", ""),
    ];
    let check = vec![("form[action='/settings/check'] button", "")];
    let chosen = vec![("li:nth-child(2) .tick", ""), ("li:nth-child(3) .tick", "")];
    let into = [&chosen[..], &[("summary", "")]].concat();
    let each = vec![
        (".people label", ""),
        (".presets label:last-child", ""),
        ("[data-part=each] .person summary", ""),
    ];
    let for_all = vec![
        (".people label", ""),
        ("#own", ""),
        (".own .person summary", ""),
    ];
    let not_mine = vec![
        (
            "form[action$='/ended'] input[type=password]",
            "not that one",
        ),
        ("form[action$='/ended'] button", ""),
    ];
    let kept = |house: &House| -> &'static str {
        let file = house.folder.join("data/ended.pem");
        file.display().to_string().leak()
    };
    let look = |file| {
        vec![
            ("input[type=file]", file),
            ("form[action$='/end'] button", ""),
        ]
    };
    let (end, own_end) = (look(kept(&scene.a)), look(kept(&scene.b)));
    let two = scene.own[..2].join("&picture=");
    let pass_on = format!("/received/{}/pass-on", scene.bay);
    let checked = vec![
        ("input[name=also]", "home-b+bea@b.example"),
        (".check .btn", ""),
    ];
    let apart = [&checked[..1], &[("#each", "")], &checked[1..]].concat();
    let invitation = format!("/households/invitations/{}", scene.invitation);
    let invite = vec![("form[action$='/invite'] button", "")];
    let no_invitation = vec![
        ("textarea[name=invitation]", "home-b@b.example one two"),
        ("form[action$='/join'] button", ""),
    ];
    let anderson = format!("/households/{}", scene.a.home.me());
    let carter = format!("/households/{}", scene.c.home.me());
    let to_share = format!("/share?picture={two}");
    let (first, ida) = (
        welcome(&mut scene.a, None),
        welcome(&mut scene.b, Some("ida")),
    );
    let share = |share: &str| format!("/received/{share}");
    let bay = |name| scene.viewer(&scene.bay, name);
    let snow = scene.viewer(&scene.snow, "snow-cottage.jpg");
    let bread = scene.viewer(&scene.recipe, "bread.txt");
    let long = scene.viewer(&scene.long, "wood.jpg");
    let own = |number: usize| format!("/album/{}", scene.own[number]);
    let german = vec![
        ("select[name=language] option[value=de]", ""),
        ("form[action='/language'] button", ""),
    ];
    let (nobody, bob, bea) = (None, Some("bob"), Some("bea"));
    let (carol, dora) = (Some("carol"), Some("dora"));
    let night = night();
    let at_brooks = vec![
        page("sign-in", nobody, "/sign-in").pictured(&[1280]),
        page("sign-in-wrong", nobody, "/sign-in")
            .does(wrong)
            .refused(),
        page("welcome", nobody, &ida),
        page("welcome-used", nobody, "/welcome/used").refused(),
        page("sign-in-german", nobody, "/sign-in").does(vec![("button[lang=de]", "")]),
        page("welcome-german", nobody, &ida),
        page("join-nobody", nobody, "/join"),
        page("no-such-page-nobody", nobody, "/assets/nothing").refused(),
        page("album", bob, "/").pictured(&[1280]),
        page("album-chosen", bob, "/").does(chosen.clone()),
        page("album-into", bob, "/").does(into),
        page("album-found", bob, "/?q=kite"),
        page("album-named", bob, &format!("/?album={}", scene.summer))
            .does(vec![("details.more summary", "")]),
        page("album-nothing", bob, "/?q=nothing"),
        page("album-bin", bob, "/?bin=yes"),
        page("picture", bob, &own(1)),
        page("picture-caption", bob, &own(1)).does(vec![("summary", "")]),
        page("picture-document", bob, &own(7)),
        page("sharing", bob, &to_share).pictured(&[1280]),
        page("sharing-each", bob, &to_share)
            .does(each)
            .needs_script(),
        page("sharing-all", bob, &to_share)
            .does(for_all)
            .needs_script(),
        page("sharing-more", bob, &to_share)
            .does(vec![(".people label", ""), (".check summary", "")])
            .needs_script(),
        page("sharing-wrong", bob, &to_share)
            .does(vec![("[data-part=go] .btn", "")])
            .refused(),
        page(
            "sharing-unknown",
            bob,
            &format!("{to_share}&to=somebody@x.example"),
        ),
        page("sent", bob, "/sent"),
        page("sent-share", bob, &format!("/sent/{}", scene.sent)),
        page(
            "sent-share-fresh",
            bob,
            &format!("/sent/{}?new=yes", scene.fresh),
        ),
        page(
            "sent-share-stopped",
            bob,
            &format!("/sent/{}", scene.stopped),
        ),
        page("card", bob, "/card"),
        page("received", bob, "/received").pictured(&[1280, 390]),
        page("share", bob, &share(&scene.bay)),
        page("share-counted", bob, &share(&scene.counted)),
        page("share-document", bob, &share(&scene.recipe)),
        page("share-long", bob, &share(&scene.long)),
        page("share-over", bob, &share(&scene.over)).refused(),
        page("share-unknown", bob, "/received/zzzzzzzz").refused(),
        page("viewer", bob, &bay("kite-dunes.jpg")).pictured(&[1280]),
        page("viewer-upright", bob, &bay("poppies.jpg")),
        page("viewer-look", bob, &snow),
        page("viewer-allowed", bob, &snow).does(vec![("summary", "")]),
        page("viewer-document", bob, &bread),
        page(
            "viewer-paper",
            bob,
            &format!("{}?print=yes", bay("kite-dunes.jpg")),
        ),
        page("viewer-long", bob, &long),
        page("viewer-long-allowed", bob, &long).does(vec![("summary", "")]),
        page("share-ask", bob, &share(&scene.snow)).does(vec![("summary", "")]),
        page("share-ask-again", bob, &share(&scene.snow))
            .does(vec![("summary", ""), (".ask .btn", "")])
            .refused_at(&format!("{}/ask", share(&scene.snow))),
        page("passing-on", bob, &pass_on).pictured(&[1280]),
        page("passing-on-checked", bob, &pass_on).does(checked),
        page("passing-on-each", bob, &pass_on).does(apart),
        page(
            "passed-on",
            bob,
            &format!("{}/passed-on", share(&scene.bay)),
        ),
        page("households", bob, "/households").pictured(&[1280]),
        page("invitation", bob, &invitation),
        page("invitation-made", bob, "/households").does(invite),
        page("join", bob, "/join#1.a-secret"),
        page("join-wrong", bob, "/join")
            .does(no_invitation)
            .refused_at("/households/join"),
        page("household", bob, &anderson),
        page("household-new", bob, &carter),
        page("frame", bob, "/frame?stays=3600"),
        page("frame-night", bob, &night),
        page("frame-choose", bob, "/frame/choose"),
        page("settings", bob, "/settings"),
        page("settings-link", bob, "/settings").does(link),
        page("settings-link-keeper", bob, "/settings").does(keeper_link.clone()),
        page("settings-link-wrong", bob, "/settings")
            .does(wrong_link)
            .refused_at("/settings/people/ivo/link"),
        page("settings-remove", bob, "/settings/people/ivo/remove"),
        page("settings-wrong", bob, "/settings")
            .does(wrong_password)
            .refused_at("/settings/password"),
        page("check", bob, "/settings").does(check),
        page("no-such-page", bob, "/nowhere").refused(),
        page("programs", bob, "/settings/programs"),
        page("identity", bob, "/settings/identity"),
        page("identity-wrong", bob, "/settings/identity")
            .does(not_mine)
            .refused_at("/settings/identity/ended"),
        page("identity-end", bob, "/settings/identity")
            .does(end)
            .leads_to("/settings/identity/end"),
        page("identity-end-own", bob, "/settings/identity")
            .does(own_end)
            .leads_to("/settings/identity/end"),
        page("programs-made", bea, "/settings/programs"),
        // From here on Bea reads German, whose words are longer.
        page("settings-german", bea, "/settings").does(german.clone()),
        page("album-german", bea, "/"),
        page("album-chosen-german", bea, "/").does(chosen.clone()),
        page("sharing-german", bea, &to_share),
        page("sent-german", bea, "/sent"),
        page("received-german", bea, "/received"),
        page("frame-choose-german", bea, "/frame/choose"),
        page("households-member", bea, "/households"),
        page("join-member", bea, "/join"),
        page("not-for-bea", bea, "/settings/identity").refused(),
        page("settings-member", bea, "/settings"),
    ];
    let at_carters = vec![
        page("album-empty", carol, "/"),
        page("sent-none", carol, "/sent"),
        page("households-waiting", carol, "/households"),
        page("received-none", carol, "/received"),
        page("card-in", carol, "/card"),
        page("settings-keeper-german", carol, "/settings").does(german),
        page("identity-german", carol, "/settings/identity"),
    ];
    let at_dawsons = vec![
        page("ca", nobody, "/ca"),
        page("card-being-read", dora, "/card"),
        page("album-being-read", dora, "/"),
        page("households-none", dora, "/households"),
        page("frame-none", dora, "/frame?stays=3600"),
        page("frame-choose-none", dora, "/frame/choose"),
    ];
    let at_andersons = vec![
        page("sign-in-first", nobody, "/sign-in"),
        page("welcome-first", nobody, &first),
    ];
    let mut all = Vec::new();
    for (base, pages) in [
        (&scene.base, at_brooks),
        (&scene.bare, at_carters),
        (&scene.begun, at_dawsons),
        (&scene.new, at_andersons),
    ] {
        all.extend(pages.into_iter().map(|page| Page {
            base: base.clone(),
            ..page
        }));
    }
    all
}

/// A frame at an hour that is night.
fn night() -> String {
    let clock = std::time::UNIX_EPOCH.elapsed().expect("a clock");
    let hour = clock.as_secs() / 3_600 % 24;
    format!("/frame?stays=3600&night={hour}&day={}", (hour + 23) % 24)
}

fn page(name: &'static str, who: Option<&'static str>, path: &str) -> Page {
    Page {
        name,
        who,
        base: String::new(),
        path: path.to_owned(),
        does: Vec::new(),
        needs_script: false,
        leads_to: None,
        refused: None,
        pictured: &[],
    }
}

impl Page {
    fn does(mut self, does: Vec<(&'static str, &'static str)>) -> Self {
        self.does = does;
        self
    }

    fn refused(self) -> Self {
        let path = self.path.split('?').next().unwrap_or_default().to_owned();
        self.refused_at(&path)
    }

    /// What is done there leads to that path, which refuses it.
    fn refused_at(mut self, path: &str) -> Self {
        self.refused = Some(path.to_owned());
        self
    }

    /// What is done there leads to that path. A form with a file is read before the browser goes anywhere: until then it may
    /// still be at the page before.
    fn leads_to(mut self, path: &'static str) -> Self {
        self.leads_to = Some(path);
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

    /// Whether that line of the browser's log tells that this page was refused, as it should be, whatever its query. It may
    /// come late.
    pub fn is_refusal(&self, line: &str) -> bool {
        let refused = |path: &String| {
            let (_, rest) = line.split_once(&format!("{}{path}", self.base))?;
            let (query, _) = rest.split_once(" - Failed to load resource")?;
            Some(query.is_empty() || query.starts_with('?'))
        };
        self.refused.as_ref().and_then(refused) == Some(true)
    }

    /// Goes there.
    pub fn open(&self, browser: &Browser) {
        browser.goto(&format!("{}{}", self.base, self.path));
        for (css, text) in &self.does {
            match *text {
                "" => browser.click(css),
                text => browser.fill(css, text),
            }
        }
        if let Some(path) = self.leads_to {
            browser.until(path, || browser.at() == path);
        }
    }
}

/// Opens each page, as the person it is for, and calls `look` there.
pub fn walk(browser: &Browser, pages: &[Page], mut look: impl FnMut(&Page)) {
    let mut before = None;
    for page in pages {
        let now = (&page.base, page.who);
        if before != Some(now) {
            browser.forget();
            if let Some(name) = page.who {
                browser.sign_in(&page.base, name);
            }
            before = Some(now);
        }
        page.open(browser);
        look(page);
    }
}
