//! Mail in and out: reading, handing in, what servers do wrong, and what providers do to mail on its way. `real_*` are
//! against Dovecot and Postfix.

#[path = "../support/house/mod.rs"]
mod house;
#[path = "../support/pair/mod.rs"]
mod pair;
#[path = "../support/script/mod.rs"]
mod script;

mod binary;
mod bounces;
mod full_mailbox;
mod hostile;
mod idle;
mod order_of_mail;
mod reading;
mod real_bounce;
mod real_download;
mod real_mailbox;
mod real_submission;
mod real_thread;
mod removal;
mod remove;
mod renumbered;
mod sending_limits;
mod session;
mod sign_in;
mod submission;
mod submission_faults;
mod wrapped_mail;
