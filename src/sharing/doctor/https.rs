//! How browsers reach the house, and the certificate that it shows them: whether its files can be read and belong
//! together, whom it is for, and until when.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::finding::Finding;
use crate::album::own_certificate;
use crate::config::CertificateFiles;
use crate::encoding::Timestamp;
use crate::envelope::{SiteCertificate, SiteName, SitePair, SitePairError};
use crate::sharing::Household;
use crate::sharing::site::names_for_people;
use crate::sharing::words::show_time;
use crate::words::Language;

const WHAT: &str = "web interface";
/// `serve` makes the house's own anew a month before its end; a few days later it should have.
const OWN_LATE: u64 = 25 * 86_400;
/// Of the operator's, which somebody else renews.
const GIVEN_LATE: u64 = 3 * 86_400;

impl Household {
    pub(super) fn look_at_https(&self, now: Timestamp) -> Finding {
        let web = &self.config.web;
        let Some(address) = web.listen else {
            return Finding::good(WHAT, "browsers are not answered (web.listen is off)");
        };
        let own = own_certificate(&self.config.data);
        let files = match &web.certificate {
            Some(files) => files.clone(),
            None if own.exists() => CertificateFiles {
                certificate: own.clone(),
                key: own,
            },
            None if web.proxy => {
                let words = format!("{address} in plain text, for the proxy before it");
                return Finding::good(WHAT, words);
            }
            None if address.ip().is_loopback() => {
                return Finding::good(WHAT, format!("{address}, from this machine alone"));
            }
            None => {
                let words =
                    format!("{address} in plain text, which who is on the same network can read");
                return Finding::good(WHAT, words)
                    .hint("`hearthpost tls` makes a certificate of the house's own");
            }
        };
        let wanted = names_for_people(&self.config);
        let given = web.certificate.is_some();
        judge(&files, given, &wanted, now)
    }
}

/// What is to be said of a certificate in these files; `given`: by the operator, who has it renewed.
fn judge(files: &CertificateFiles, given: bool, wanted: &[SiteName], now: Timestamp) -> Finding {
    let shown = files.certificate.display();
    let way_out = match given {
        true => {
            "web.certificate is a PEM file with the certificate and its issuers, web.key one with its private key"
        }
        false => "`hearthpost tls` makes it anew",
    };
    let certificate = match read(&files.certificate) {
        Ok(certificate) => certificate,
        Err(words) => return Finding::bad(WHAT, words, way_out),
    };
    let key = match read(&files.key) {
        Ok(key) => key,
        Err(words) => return Finding::bad(WHAT, words, way_out),
    };
    if let Err(error) = SitePair::read(&certificate, &key) {
        let file = match error {
            SitePairError::NoKey => &files.key,
            _ => &files.certificate,
        };
        let words = format!("{} cannot be used for HTTPS: {error}", file.display());
        return Finding::bad(WHAT, words, way_out);
    }
    if let Some(finding) = mode_of(&files.key) {
        return finding;
    }
    let read = match SiteCertificate::read(&certificate) {
        Ok(read) => read,
        Err(error) => return Finding::bad(WHAT, format!("{shown}: {error}"), way_out),
    };
    let ends = show_time(Language::En, read.ends);
    if read.ends <= now {
        let words =
            format!("the certificate in {shown} ended on {ends}: browsers warn of this house");
        return Finding::bad(WHAT, words, renewal(given));
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|name| !read.is_for(name))
        .map(SiteName::to_string)
        .collect();
    if !missing.is_empty() {
        let words = format!(
            "the certificate in {shown} is not for {}",
            missing.join(", ")
        );
        let hint = match given {
            true => "get one for all of notify.url and web.hosts, or take a name out there",
            false => "`hearthpost tls` makes one for all of notify.url and web.hosts",
        };
        return Finding::bad(WHAT, words, hint);
    }
    let words = format!("HTTPS with the certificate in {shown}, until {ends}");
    let late = if given { GIVEN_LATE } else { OWN_LATE };
    match read.ends <= now.plus_seconds(late) {
        true => Finding::bad(WHAT, words, renewal(given)),
        false => Finding::good(WHAT, words),
    }
}

fn renewal(given: bool) -> &'static str {
    match given {
        true => "see why it was not renewed; a new one in the same files is used at once",
        false => {
            "`serve` makes it anew a month before its end: see whether it runs, or run `hearthpost tls`"
        }
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Zeroizing::new(bytes))
}

/// Others may not read the key.
fn mode_of(key: &Path) -> Option<Finding> {
    let mode = fs::metadata(key).map_or(0, |about| about.permissions().mode() & 0o777);
    let shown = key.display();
    (mode & 0o007 != 0).then(|| {
        let words =
            format!("everybody on this machine can read the key in {shown} (mode {mode:03o})");
        Finding::bad(WHAT, words, format!("chmod o= {shown}"))
    })
}
