//! An LDAP directory of households (RFC 4511), by LDAPS or StartTLS: looked through by mailbox, name or key word, and given this
//! household's own entry. What it says is not believed here: certificates are judged by who asks.
//!
//! What people type is escaped (RFC 4515). Answers come in pages, so many and no more; referrals are not followed, since they
//! lead to servers that nobody chose.

use std::collections::HashSet;
use std::time::Duration;

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, LdapError, Mod, Scope, SearchEntry, dn_escape,
    ldap_escape,
};
use native_tls::{Certificate, Protocol, TlsConnector};
use tokio::task::JoinSet;

use crate::address::Mailbox;
use crate::endpoint::Secret;

/// So many entries are looked at, and no more.
const MOST: usize = 50;
/// Entries of one page.
const PAGE: i32 = 25;
/// The longest value that is taken, in bytes; a certificate is shorter.
const LONGEST: usize = 8 * 1024;
/// Values of one attribute that are taken.
const VALUES: usize = 16;
const CERTIFICATE: &str = "userCertificate;binary";
/// Where an entry has its key words: OpenLDAP in the first, Active Directory in the second. Names are those of certificates.
const WORDS: [&str; 2] = ["description", "info"];
/// RFC 4511 §4.1.9.
const SIZE_LIMIT: u32 = 4;
const REFERRAL: u32 = 10;
const EXISTS: u32 = 68;

/// Where the directory is and how it is asked.
pub struct Place {
    /// `ldaps://host[:port]`, or `ldap://host[:port]` for StartTLS.
    pub url: String,
    /// Below which entry.
    pub base: String,
    /// The filter, with `{}` for what is looked for.
    pub filter: String,
    /// Who asks, with the password; `None`: nobody in particular.
    pub user: Option<(String, Secret)>,
    /// One more certificate authority to trust, PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// How long it may take in all.
    pub timeout: Duration,
}

/// One entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the directory.
    pub dn: String,
    /// Key words.
    pub words: Vec<String>,
    /// DERs, of whatever is said to be a certificate.
    pub certificates: Vec<Vec<u8>>,
}

/// Why the directory was of no use.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It did not answer in time.
    #[error("the directory {url} does not answer")]
    Silent {
        /// Which.
        url: String,
    },
    /// No connection, or one that broke.
    #[error("no connection to the directory {url}: {reason}")]
    Unreachable {
        /// Which.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// What the operator set is no filter.
    #[error("the setting directory.filter is no search filter of LDAP: {filter}")]
    Filter {
        /// As it is set.
        filter: String,
    },
    /// It refused.
    #[error("the directory {url} refuses {what}: {reason} ({code})")]
    Refused {
        /// Which.
        url: String,
        /// What it was asked.
        what: &'static str,
        /// Its words.
        reason: String,
        /// The result code of RFC 4511.
        code: u32,
    },
    /// It sends us elsewhere.
    #[error("the directory {url} refers to another one, which is not followed")]
    Referral {
        /// Which.
        url: String,
    },
    /// The extra authority cannot be read.
    #[error("the file of directory.ca_file holds no certificate in PEM form: {reason}")]
    ExtraAuthority {
        /// What OpenSSL says.
        reason: String,
    },
}

impl Place {
    /// The entries that fit what somebody typed.
    pub async fn find(&self, typed: &str) -> Result<Vec<Entry>, DirectoryError> {
        // A server that says a little before each step is over would keep us long.
        let found = tokio::time::timeout(self.timeout, self.found(typed)).await;
        found.unwrap_or_else(|_| Err(self.silent()))
    }

    async fn found(&self, typed: &str) -> Result<Vec<Entry>, DirectoryError> {
        let filter = self.filter.replace("{}", &ldap_escape(typed));
        let ldap = self.connect().await?;
        let (base, page) = (self.base.clone(), self.timeout);
        // In a task of its own: what the server answers may be of any form, and ends that task at the most.
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { search(ldap, &base, &filter, page).await });
        match tasks.join_next().await {
            Some(Ok(Ok(entries))) => Ok(entries),
            Some(Ok(Err(error))) => Err(self.fault("to be looked through", error)),
            _ => Err(self.unreachable("it answers in a form that cannot be read".to_owned())),
        }
    }

    /// Writes the entry of a household, in the place of one that was there; gives where that is.
    pub async fn publish(
        &self,
        mailbox: &Mailbox,
        name: &str,
        words: &[String],
        certificates: &[Vec<u8>],
    ) -> Result<String, DirectoryError> {
        let written = self.write(mailbox, name, words, certificates);
        let written = tokio::time::timeout(self.timeout, written).await;
        written.unwrap_or_else(|_| Err(self.silent()))
    }

    async fn write(
        &self,
        mailbox: &Mailbox,
        name: &str,
        words: &[String],
        certificates: &[Vec<u8>],
    ) -> Result<String, DirectoryError> {
        let mut ldap = self.connect().await?;
        let dn = format!("mail={},{}", dn_escape(mailbox.as_str()), self.base);
        let one = |text: &str| HashSet::from([text.as_bytes().to_vec()]);
        let mut said = vec![
            (b"cn".to_vec(), one(name)),
            (b"sn".to_vec(), one(name)),
            (
                CERTIFICATE.as_bytes().to_vec(),
                certificates.iter().cloned().collect(),
            ),
        ];
        let words: HashSet<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let mut new = said.clone();
        new.push((b"objectClass".to_vec(), one("inetOrgPerson")));
        new.push((b"mail".to_vec(), one(mailbox.as_str())));
        if !words.is_empty() {
            new.push((b"description".to_vec(), words.clone()));
        }
        said.push((b"description".to_vec(), words));
        let what = "the entry of this household";
        ldap.with_timeout(self.timeout);
        let added = ldap.add(&dn, new).await;
        let added = added.map_err(|error| self.fault(what, error))?;
        let done = match added.rc {
            EXISTS => {
                let changes = said
                    .into_iter()
                    .map(|(name, values)| Mod::Replace(name, values));
                ldap.with_timeout(self.timeout);
                let changed = ldap.modify(&dn, changes.collect()).await;
                changed.map_err(|error| self.fault(what, error))?
            }
            _ => added,
        };
        let done = done.success().map_err(|error| self.fault(what, error));
        let _ = ldap.unbind().await;
        done.map(|_| dn)
    }

    async fn connect(&self) -> Result<Ldap, DirectoryError> {
        let settings = LdapConnSettings::new()
            .set_conn_timeout(self.timeout)
            .set_starttls(self.url.starts_with("ldap://"))
            .set_connector(self.tls()?);
        let connecting = LdapConnAsync::with_settings(settings, &self.url);
        let connected = tokio::time::timeout(self.timeout, connecting).await;
        let connected = connected.map_err(|_| self.silent())?;
        let (line, mut ldap) = connected.map_err(|error| self.fault("a connection", error))?;
        tokio::spawn(async move {
            if let Err(error) = line.drive().await {
                tracing::debug!(%error, "the line to the directory broke");
            }
        });
        if let Some((user, password)) = &self.user {
            ldap.with_timeout(self.timeout);
            let bound = ldap.simple_bind(user, password.reveal()).await;
            bound
                .and_then(ldap3::LdapResult::success)
                .map_err(|error| self.fault("the sign-in", error))?;
        }
        Ok(ldap)
    }

    fn tls(&self) -> Result<TlsConnector, DirectoryError> {
        let unreadable = |error: native_tls::Error| DirectoryError::ExtraAuthority {
            reason: error.to_string(),
        };
        let mut builder = TlsConnector::builder();
        builder.min_protocol_version(Some(Protocol::Tlsv12));
        for pem in self.extra_ca.iter() {
            for authority in Certificate::stack_from_pem(pem).map_err(unreadable)? {
                builder.add_root_certificate(authority);
            }
        }
        builder.build().map_err(unreadable)
    }

    fn fault(&self, what: &'static str, error: LdapError) -> DirectoryError {
        match error {
            LdapError::Timeout { .. } => self.silent(),
            LdapError::FilterParsing => DirectoryError::Filter {
                filter: self.filter.clone(),
            },
            LdapError::LdapResult { result } if result.rc == REFERRAL => DirectoryError::Referral {
                url: self.url.clone(),
            },
            LdapError::LdapResult { result } => DirectoryError::Refused {
                url: self.url.clone(),
                what,
                reason: match result.text.is_empty() {
                    true => "without a word".to_owned(),
                    false => result
                        .text
                        .chars()
                        .filter(|c| !c.is_control())
                        .take(200)
                        .collect(),
                },
                code: result.rc,
            },
            other => self.unreachable(other.to_string()),
        }
    }

    fn silent(&self) -> DirectoryError {
        DirectoryError::Silent {
            url: self.url.clone(),
        }
    }

    fn unreachable(&self, reason: String) -> DirectoryError {
        DirectoryError::Unreachable {
            url: self.url.clone(),
            reason,
        }
    }
}

async fn search(
    mut ldap: Ldap,
    base: &str,
    filter: &str,
    step: Duration,
) -> Result<Vec<Entry>, LdapError> {
    let asked = [&WORDS[..], &[CERTIFICATE]].concat();
    let pages: Vec<Box<dyn Adapter<'_, _, _>>> = vec![
        Box::new(EntriesOnly::new()),
        Box::new(PagedResults::new(PAGE)),
    ];
    ldap.with_timeout(step);
    let mut stream = ldap
        .streaming_search_with(pages, base, Scope::Subtree, filter, asked)
        .await?;
    let mut entries = Vec::new();
    while let Some(found) = stream.next().await? {
        entries.push(entry(SearchEntry::construct(found)));
        if entries.len() == MOST {
            return Ok(entries);
        }
    }
    let result = stream.finish().await;
    match result.rc {
        SIZE_LIMIT => Ok(entries),
        _ => result.success().map(|_| entries),
    }
}

fn entry(found: SearchEntry) -> Entry {
    let texts = found.attrs.into_iter();
    let words = texts
        .filter(|(one, _)| WORDS.iter().any(|name| one.eq_ignore_ascii_case(name)))
        .flat_map(|(_, values)| values)
        .filter(|value| value.len() <= LONGEST)
        .take(VALUES)
        .collect();
    let binary = found.bin_attrs.into_iter();
    let certificates = binary
        .filter(|(name, _)| name.eq_ignore_ascii_case(CERTIFICATE))
        .flat_map(|(_, values)| values)
        .filter(|value| value.len() <= LONGEST)
        .take(VALUES)
        .collect();
    Entry {
        dn: found.dn,
        words,
        certificates,
    }
}
