//! The pages of the station, by their routes; in a real browser they are looked at in `tests/browser`.

#[path = "../support/alone/mod.rs"]
mod alone;
#[path = "../support/camera/mod.rs"]
mod camera;
#[path = "../support/command/mod.rs"]
mod command;
#[path = "../support/house/mod.rs"]
mod house;
#[path = "../support/invited/mod.rs"]
mod invited;
#[path = "../rendition/make.rs"]
#[allow(dead_code, reason = "made for the tests of rendition")]
mod make;
#[path = "../support/households/old_key.rs"]
mod old_key;
#[path = "../support/placed.rs"]
mod placed;
#[path = "../support/site/mod.rs"]
mod site;
#[path = "../support/slapd/mod.rs"]
mod slapd;
#[path = "../support/tool/mod.rs"]
mod tool;

mod album;
mod asking;
mod asking_beyond;
mod beside;
mod card;
mod directory;
mod directory_entry;
mod door;
mod ends_soon;
mod excerpts;
mod find;
mod for_nobody;
mod further_on;
mod hostile;
mod households_page;
mod identity;
mod invitations;
mod keep_all;
mod kept;
mod language;
mod looks_left;
mod own_media;
mod passing_on;
mod passing_on_mixed;
mod people;
mod phone;
mod played_whole;
mod sent_until;
mod sent_why;
mod settings;
mod several_givers;
mod share;
mod share_again;
mod share_change;
mod share_mixed;
mod share_newcomer;
mod share_told;
mod share_whom;
mod tls;
mod view;
mod walk;
