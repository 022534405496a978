//! The submission side: SMTP with AUTH, for mail of the accounts to the accounts.

mod auth;
mod data;
mod session;

pub(crate) use session::serve;
