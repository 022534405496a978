//! The interface for programs.

#[path = "../support/house/mod.rs"]
mod house;
#[path = "../rendition/make.rs"]
#[allow(dead_code, reason = "made for the tests of rendition")]
mod make;
#[path = "../support/placed.rs"]
mod placed;
#[path = "../support/site/served.rs"]
mod served;
#[path = "../support/site/mod.rs"]
mod site;

mod album;
mod contacts;
mod describe;
mod events;
mod example;
mod hints;
mod once;
mod passing_on;
mod properties;
mod received;
mod selections;
mod shares;
mod three;
mod tokens;
mod two_pictures;
