//! A bucket of an S3-compatible store, for sealed bytes alone: what leaves the box is what would lie on its disk.
//!
//! All of a household lies below a name of its own, so that several may share one bucket. A call returns when the store
//! has done it, or says why not; it blocks the thread that makes it, and no other household's.

mod body;
mod line;
mod object;
mod signing;
mod thread;
mod trouble;

use std::future::Future;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{BackoffConfig, GetOptions, ObjectStore, ObjectStoreExt, RetryConfig};

use self::line::Line;
pub(super) use self::object::{BEGUN, NewObject};
pub use self::signing::{AskSecret, Asking};
use self::signing::{OpenSsl, Signatory};
use self::thread::wait_for;
pub use self::trouble::Trouble;
use self::trouble::trouble;
use crate::envelope::Id;

/// How often a request is tried again that may be, and for how long in all.
const TRIES: usize = 2;
const TRIED_FOR: Duration = Duration::from_secs(30);
/// So long it is not asked again after it was out of reach.
const AWAY: Duration = Duration::from_secs(5);

/// Where a bucket is, and who may use it.
#[derive(Clone)]
pub struct BucketPlace {
    /// `https://host[:port]`; `None`: that of Amazon for the region.
    pub endpoint: Option<String>,
    /// Its name.
    pub bucket: String,
    /// What all names in it begin with; may be empty.
    pub prefix: String,
    /// The region that requests are signed for.
    pub region: String,
    /// Who asks.
    pub access_key_id: String,
    /// What proves it.
    pub secret: AskSecret,
    /// One more authority to trust, PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// How long one step may take.
    pub timeout: Duration,
}

/// An open bucket. Nothing is asked of it before the first call.
#[derive(Debug)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    /// How people know it.
    shown: String,
    /// What the names of this household begin with.
    below: String,
    /// When it was found out of reach, and why.
    away: Mutex<Option<(Instant, Trouble)>>,
}

/// A page of names, and where the next one begins.
pub(super) struct Page {
    pub names: Vec<String>,
    pub next: Option<String>,
}

impl Bucket {
    /// `own`: below which name the bytes of this household lie.
    pub fn new(place: BucketPlace, own: Id) -> Result<Self, Trouble> {
        let shown = match &place.endpoint {
            Some(endpoint) => format!("{} ({endpoint})", place.bucket),
            None => format!("{} (Amazon, {})", place.bucket, place.region),
        };
        let below = match place.prefix.trim_matches('/') {
            "" => format!("{own}/"),
            prefix => format!("{prefix}/{own}/"),
        };
        let line = Line {
            extra_ca: place.extra_ca,
            patience: place.timeout,
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(place.bucket)
            .with_region(place.region)
            .with_allow_http(true)
            .with_disable_bulk_delete(true)
            .with_credentials(Arc::new(Signatory::new(place.access_key_id, place.secret)))
            .with_crypto_provider(Arc::new(OpenSsl))
            .with_http_connector(line)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: TRIES,
                retry_timeout: TRIED_FOR,
            });
        if let Some(endpoint) = place.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        Ok(Bucket {
            store: Arc::new(builder.build().map_err(trouble)?),
            shown,
            below,
            away: Mutex::new(None),
        })
    }

    /// How people know it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    fn path(&self, name: &str) -> Path {
        Path::from(format!("{}{name}", self.below))
    }

    /// Asks it, and waits. One that was out of reach a moment ago is not asked: many things in a row would each wait.
    fn ask<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Trouble>> + Send + 'static,
    ) -> Result<T, Trouble> {
        let away = || self.away.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = away().clone();
        if let Some((since, trouble)) = lately
            && since.elapsed() < AWAY
        {
            return Err(trouble);
        }
        let done = wait_for(work);
        *away() = match &done {
            Err(trouble @ Trouble::Unreachable(_)) => Some((Instant::now(), trouble.clone())),
            _ => None,
        };
        done
    }

    /// Puts bytes there, whole or not at all, over what was there.
    pub fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        self.ask(async move {
            let put = store.put(&path, bytes.into()).await;
            put.map(drop).map_err(trouble)
        })
    }

    /// All bytes of an object of a few megabytes.
    pub fn get(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        self.ask(async move {
            let got = store.get_opts(&path, GetOptions::default()).await;
            let bytes = got.map_err(trouble)?.bytes().await.map_err(trouble)?;
            Ok(bytes.into())
        })
    }

    /// A few megabytes of an object; fails where it has not as many.
    pub fn get_range(&self, name: &str, range: Range<u64>) -> Result<Vec<u8>, Trouble> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        self.ask(async move {
            let bytes = store.get_range(&path, range.clone()).await;
            let bytes = bytes.map_err(trouble)?;
            match bytes.len() as u64 == range.end - range.start {
                true => Ok(bytes.into()),
                false => Err(Trouble::Refused("it gave another length".to_owned())),
            }
        })
    }

    /// The length of an object; `None`: it is not there.
    pub fn len(&self, name: &str) -> Result<Option<u64>, Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let about = self.ask(async move { store.head(&path).await.map_err(trouble) });
        match about {
            Ok(about) => Ok(Some(about.size)),
            Err(Trouble::Missing) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// Removes an object; one that is not there is removed already.
    pub fn remove(&self, name: &str) -> Result<(), Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let removed = self.ask(async move { store.delete(&path).await.map_err(trouble) });
        match removed {
            Err(Trouble::Missing) => Ok(()),
            other => other,
        }
    }

    /// Names of what lies there for this household, a page of them.
    pub fn names(&self, page: Option<String>) -> Result<Page, Trouble> {
        let (store, below) = (Arc::clone(&self.store), self.below.clone());
        self.ask(async move {
            let options = PaginatedListOptions {
                page_token: page,
                ..PaginatedListOptions::default()
            };
            let listed = store.list_paginated(Some(&below), options).await;
            let listed = listed.map_err(trouble)?;
            let objects = listed.result.objects.into_iter();
            let names = objects.filter_map(|object| {
                let name = object.location.as_ref().strip_prefix(&below)?;
                Some(name.to_owned())
            });
            Ok(Page {
                names: names.collect(),
                next: listed.page_token,
            })
        })
    }

    /// Begins an object that is put piece after piece; gives how the store calls that.
    fn begin(&self, name: &str) -> Result<String, Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        self.ask(async move { store.create_multipart(&path).await.map_err(trouble) })
    }

    fn put_piece(
        &self,
        name: &str,
        begun: &str,
        index: usize,
        bytes: Vec<u8>,
    ) -> Result<PartId, Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let begun = begun.to_owned();
        self.ask(async move {
            let put = store.put_part(&path, &begun, index, bytes.into()).await;
            put.map_err(trouble)
        })
    }

    fn complete(&self, name: &str, begun: &str, pieces: Vec<PartId>) -> Result<(), Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let begun = begun.to_owned();
        self.ask(async move {
            let done = store.complete_multipart(&path, &begun, pieces).await;
            done.map(drop).map_err(trouble)
        })
    }

    /// Gives up an object that is not whole; one that is none any more is given up already.
    pub fn abort(&self, name: &str, begun: &str) -> Result<(), Trouble> {
        let (store, path) = (Arc::clone(&self.store), self.path(name));
        let begun = begun.to_owned();
        let aborted =
            self.ask(async move { store.abort_multipart(&path, &begun).await.map_err(trouble) });
        match aborted {
            Err(Trouble::Missing) => Ok(()),
            other => other,
        }
    }

    /// Puts something there, reads it and takes it away again.
    pub fn try_out(&self) -> Result<(), Trouble> {
        let name = format!("try/{}", Id::random());
        let bytes = Id::random().to_string().into_bytes();
        self.put(&name, bytes.clone())?;
        let read = self.get(&name);
        self.remove(&name)?;
        match read? == bytes {
            true => Ok(()),
            false => Err(Trouble::Refused(
                "it gave other bytes than it got".to_owned(),
            )),
        }
    }
}
