//! What the fuzz targets share: three households whose keys are published, and scripts of letters that are signed and
//! enveloped here, so that the fuzzer gets past the cryptography.
#![forbid(unsafe_code)]

pub mod homes;
pub mod house;
pub mod invariants;
pub mod script;
