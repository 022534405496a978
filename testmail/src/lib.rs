//! testmail.
