//! What a household keeps: files that come in, how they are looked at, what lies on the disk or in a store, and backups.

#[path = "../support/backups/mod.rs"]
mod backups;
#[path = "../support/house/mod.rs"]
mod house;
#[path = "../rendition/make.rs"]
#[allow(dead_code, reason = "made for the tests of rendition")]
mod make;
#[path = "../support/own/mod.rs"]
mod own;
#[path = "../support/site/mod.rs"]
mod site;
#[path = "../support/store/mod.rs"]
mod store;
#[path = "../support/tool/mod.rs"]
mod tool;

mod at_rest;
mod backup;
mod backup_revoked;
mod card;
mod card_begun;
mod card_lamp;
mod companions;
mod convert;
mod converted;
mod converted_apart;
mod ended;
mod excerpts;
mod held;
mod import;
mod own_album;
mod own_kept;
mod places;
mod reader;
mod store_apart;
mod store_s3;
mod thief;
mod upgrade;
mod uploads;
mod viewing;
mod viewing_at_once;
mod watched;
