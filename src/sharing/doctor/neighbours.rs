//! Households of one machine that stand in each other's way.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::sharing::{Fault, Household};

/// What the households before one have already.
#[derive(Default)]
pub struct Neighbours {
    folders: Vec<PathBuf>,
    addresses: Vec<SocketAddr>,
}

impl Neighbours {
    /// What is wrong with one more, of that configuration file, beside those before it.
    pub fn look_at(&mut self, config: &Path, home: &Household) -> Vec<Finding> {
        let mut findings = Vec::new();
        let folder = home.album.folder();
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if self.folders.contains(&folder) {
            let words = format!(
                "{} names a household that is named before",
                config.display()
            );
            let fault = Fault::usage("config", words);
            return vec![Finding::of_fault("settings", &fault)];
        }
        self.folders.push(folder);
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
