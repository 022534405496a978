//! Households of one machine that stand in each other's way.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::sharing::{Fault, Household};

/// What the households before one have already.
#[derive(Default)]
pub struct Neighbours {
    /// Each with the configuration that names it.
    folders: Vec<(PathBuf, PathBuf)>,
    addresses: Vec<SocketAddr>,
}

impl Neighbours {
    /// What is wrong with one more, of that configuration file, beside those before it.
    pub fn look_at(&mut self, config: &Path, home: &Household) -> Vec<Finding> {
        let mut findings = Vec::new();
        let folder = home.album.folder();
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if let Some((_, before)) = self.folders.iter().find(|(other, _)| *other == folder) {
            let fault = named_before(config, before);
            return vec![Finding::of_fault("settings", &fault)];
        }
        self.folders.push((folder, config.to_owned()));
        if let Some(address) = home.config.web.listen.filter(|address| address.port() != 0) {
            if self.addresses.contains(&address) {
                findings.push(Finding::bad(
                    "web interface",
                    format!("another household of this machine is reached at {address}"),
                    "give each a port of its own in web.listen, or \"off\"",
                ));
            }
            self.addresses.push(address);
        }
        findings
    }
}

/// Two configurations with one data folder are one household, and only the first of them is served.
pub fn named_before(config: &Path, before: &Path) -> Fault {
    let words = format!(
        "{} names the household that {} names already",
        config.display(),
        before.display()
    );
    Fault::usage("config", words)
        .hint("each household has a data folder of its own; take one of the two away")
}
