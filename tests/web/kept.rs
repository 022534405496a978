//! A household of two people of whom one keeps it, in their browsers; and another household.

use crate::house::{House, Village};
use crate::site::{Browser, Site};

/// `b` with its keeper bob and bea, who is none; and `a`, which nobody knows yet.
pub struct Scene {
    pub village: Village,
    pub a: House,
    pub b: House,
    pub site: Site,
    pub bob: Browser,
    pub bea: Browser,
}

/// In a village with mailboxes for these houses.
pub fn scene(letters: &str) -> Scene {
    let village = Village::new(letters);
    let (a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    let bea = site.signed_in(&mut b, "bea");
    Scene {
        village,
        a,
        b,
        site,
        bob,
        bea,
    }
}
