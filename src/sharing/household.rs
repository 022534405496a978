//! One household: its settings, its album and its keys, opened together.

pub(super) mod credential;
pub(super) mod obstacle;

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use self::credential::secret;
use self::obstacle::Refused;
use super::Fault;
use super::backup::write::write_settings;
use super::card::Settling;
use super::identity::{check_fit, gone, has_album, lay_down, read_keys};
use super::opened::recall_chains;
use super::view::recent::Recent;
use crate::address::Mailbox;
use crate::album::{Album, BucketPlace, Keys};
use crate::config::{Auth, Config, Role, Settings, Store, write_new};
use crate::encoding::Timestamp;
use crate::endpoint::{Account, Endpoint, EndpointError, check_authority};
use crate::envelope::Fingerprint;
use crate::words::Language;

/// An open household.
pub struct Household {
    /// Its settings.
    pub config: Config,
    /// What it keeps.
    pub album: Album,
    /// Its private keys.
    pub keys: Keys,
    /// What it is spoken in: English, unless whoever opened it speaks to somebody who reads another language. Faults are
    /// English all the same, and are told where they are read.
    pub language: Language,
    /// Which writing of the key file they are of.
    keys_as_of: Option<(SystemTime, u64)>,
    /// Sign-ins that are not tried again.
    pub(super) refused: Refused,
    /// Files of watched folders that may not be whole yet.
    pub(super) settling: Settling,
    /// Keys of shares that are looked through.
    pub(super) recent: RefCell<Recent>,
}

/// What `init` is told.
pub struct NewHousehold {
    /// The mail account of the home server.
    pub mailbox: Mailbox,
    /// What other households see as the name.
    pub name: String,
    /// `imaps://…`
    pub imap_url: String,
    /// `smtps://…`
    pub smtp_url: String,
    /// The login name.
    pub username: String,
    /// A file with the password.
    pub password_file: PathBuf,
    /// Where keys, album and blobs shall lie; default `data` beside the configuration.
    pub data: Option<PathBuf>,
    /// One more certificate authority to trust.
    pub ca_file: Option<PathBuf>,
}

/// What `init` made, or found.
#[derive(Debug, Clone)]
pub struct Initialised {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The identity.
    pub fingerprint: Fingerprint,
    /// The configuration file.
    pub config: PathBuf,
    /// The message that ends the identity, to be kept elsewhere too; none where the keys were there before.
    pub ended: Option<PathBuf>,
}

impl Household {
    /// Opens a household by its configuration file.
    pub fn open(config: &Path) -> Result<Self, Fault> {
        let config = Config::load(config)?;
        let keys_as_of = Keys::stamp(&config.data);
        let keys = read_keys(&config.data)?;
        let mut album = Album::open(&config.data)?;
        check_fit(&mut album, &keys)?;
        match &config.store {
            Some(store) => album.keep_in_bucket(bucket_of(&config, store)?)?,
            None => album.keep_in_folder()?,
        }
        recall_chains(&mut album, &keys)?;
        Ok(Household {
            config,
            album,
            keys,
            language: Language::default(),
            keys_as_of,
            refused: Refused::default(),
            settling: Settling::default(),
            recent: RefCell::default(),
        })
    }

    /// Whether its keys are those in the key file. Others may be in use since another process renewed them.
    pub fn has_current_keys(&self) -> bool {
        Keys::stamp(&self.config.data) == self.keys_as_of
    }

    /// Takes over what another process wrote into the key file meanwhile.
    pub(super) fn refresh_keys(&mut self) -> Result<(), Fault> {
        if self.has_current_keys() {
            return Ok(());
        }
        let stamp = Keys::stamp(&self.config.data);
        let keys = read_keys(&self.config.data)?;
        check_fit(&mut self.album, &keys)?;
        self.keys = keys;
        self.keys_as_of = stamp;
        Ok(())
    }

    /// Writes configuration, keys and album of a new household. A key that exists is never replaced: where the
    /// configuration exists already, nothing is written at all.
    pub fn init(config: &Path, new: &NewHousehold, now: Timestamp) -> Result<Initialised, Fault> {
        Self::init_as(config, new, Role::Home, now)
    }

    /// As [`Household::init`], a home or a relay.
    pub fn init_as(
        config: &Path,
        new: &NewHousehold,
        role: Role,
        now: Timestamp,
    ) -> Result<Initialised, Fault> {
        if config.exists() {
            return Err(Fault::new(
                "exists",
                format!("{} exists already; nothing was changed", config.display()),
            )
            .hint("edit that file, or give another one with --config"));
        }
        Endpoint::imap(&new.imap_url).map_err(|error| Fault::usage("imap", error.to_string()))?;
        Endpoint::smtp(&new.smtp_url).map_err(|error| Fault::usage("smtp", error.to_string()))?;
        let absolute = |path: &Path| {
            std::path::absolute(path)
                .map_err(|error| Fault::new("path", format!("{}: {error}", path.display())))
        };
        let text = |path: &Path| {
            let path = absolute(path)?;
            path.to_str()
                .map(str::to_owned)
                .ok_or_else(|| Fault::usage("path", format!("{} is not UTF-8", path.display())))
        };
        let data = new.data.as_deref().map(text).transpose()?;
        let ca_file = new.ca_file.as_deref().map(text).transpose()?;
        if let Some(file) = &new.ca_file {
            let bytes = fs::read(file).map_err(|error| Fault::of_named_file("ca", file, &error))?;
            check_authority(&bytes).map_err(|reason| {
                let file = file.display();
                let words = format!("{file} holds no certificate in PEM form: {reason}");
                Fault::usage("ca", words).hint("nothing was written; give the certificate of the authority that signs for your mail server")
            })?;
        }
        let password_file = text(&new.password_file)?;
        let settings = Settings {
            mailbox: &new.mailbox,
            name: &new.name,
            role,
            data: data.as_deref(),
            imap_url: &new.imap_url,
            smtp_url: &new.smtp_url,
            username: &new.username,
            password_file: &password_file,
            ca_file: ca_file.as_deref(),
        };
        let written = write_new(&settings);
        let parsed = Config::parse(&written, config)?;
        let mut ended = None;
        let keys = if Keys::path(&parsed.data).exists() {
            // Keys of an earlier run whose configuration was removed: they are this household.
            Keys::read(&parsed.data)?
        } else if has_album(&parsed.data) {
            return Err(gone(&parsed.data));
        } else {
            let keys = Keys::generate(&new.name, &new.mailbox, now)?;
            keys.write_new(&parsed.data)?;
            ended = Some(lay_down(&parsed.data, &keys, &new.mailbox, now)?);
            keys
        };
        let mut album = Album::create(&parsed.data)?;
        check_fit(&mut album, &keys)?;
        write_settings(config, &written)?;
        Ok(Initialised {
            mailbox: new.mailbox.clone(),
            fingerprint: keys.identity.fingerprint(),
            config: config.to_owned(),
            ended,
        })
    }

    /// Who this household is.
    pub fn me(&self) -> Fingerprint {
        self.keys.identity.fingerprint()
    }

    /// The account for IMAP, with its password or token.
    pub async fn imap_account(&self) -> Result<Account, Fault> {
        let imap = &self.config.imap;
        let endpoint = Endpoint::imap(&imap.url);
        Ok(Account {
            endpoint: endpoint
                .map_err(|error| wrong_url("imap", &self.config.places.of("imap.url"), &error))?,
            username: imap.username.clone(),
            password: secret(&imap.password, imap.auth, imap.timeout).await?,
            extra_ca: read_ca(&self.config, "imap.ca_file", imap.ca_file.as_deref())?,
            timeout: imap.timeout,
        })
    }

    /// The account for SMTP, unless its sign-in was refused and nothing changed since.
    pub(super) async fn smtp_account_to_try(&mut self) -> Result<Account, Fault> {
        let account = self.smtp_account().await?;
        self.refused.check_smtp(&account)?;
        Ok(account)
    }

    /// The account for SMTP, with its password or token.
    pub async fn smtp_account(&self) -> Result<Account, Fault> {
        let smtp = &self.config.smtp;
        // Where it says nothing of its own, that of IMAP counts.
        let authority = match self.config.places.has("smtp.ca_file") {
            true => "smtp.ca_file",
            false => "imap.ca_file",
        };
        let endpoint = Endpoint::smtp(&smtp.url);
        Ok(Account {
            endpoint: endpoint
                .map_err(|error| wrong_url("smtp", &self.config.places.of("smtp.url"), &error))?,
            username: smtp.username.clone(),
            password: secret(&smtp.password, smtp.auth, smtp.timeout).await?,
            extra_ca: read_ca(&self.config, authority, smtp.ca_file.as_deref())?,
            timeout: smtp.timeout,
        })
    }
}

/// The bucket of the settings; its secret is asked for when it is needed, and as often as passwords are.
fn bucket_of(config: &Config, store: &Store) -> Result<BucketPlace, Fault> {
    let (source, patience) = (store.secret_key.clone(), store.timeout);
    Ok(BucketPlace {
        endpoint: store.endpoint.clone(),
        bucket: store.bucket.clone(),
        prefix: store.prefix.clone(),
        region: store.region.clone(),
        access_key_id: store.access_key_id.clone(),
        secret: Arc::new(move || {
            let source = source.clone();
            Box::pin(async move {
                let secret = secret(&source, Auth::Password, patience).await;
                secret.map_err(|fault| fault.message)
            })
        }),
        extra_ca: read_ca(config, "store.ca_file", store.ca_file.as_deref())?,
        timeout: store.timeout,
    })
}

/// A URL of the section `of` that stands at `place` and is none.
fn wrong_url(of: &'static str, place: &str, error: &EndpointError) -> Fault {
    Fault::usage(of, format!("{place}: {of}.url: {error}"))
}

/// The certificates of the file at `path`, which the setting `key` names.
fn read_ca(config: &Config, key: &str, path: Option<&Path>) -> Result<Option<Vec<u8>>, Fault> {
    let Some(path) = path else {
        return Ok(None);
    };
    let (place, file) = (config.places.of(key), path.display());
    let hint = "give it the certificate of the authority that signs there, or take that line out";
    let bytes = fs::read(path).map_err(|error| {
        let words = format!("{place}: {key} names {file}, which cannot be read: {error}");
        Fault::new("ca", words).hint(hint)
    })?;
    check_authority(&bytes).map_err(|reason| {
        let words = format!(
            "{place}: {key} names {file}, which holds no certificate in PEM form: {reason}"
        );
        Fault::new("ca", words).hint(hint)
    })?;
    Ok(Some(bytes))
}
