//! Hearthpost.
