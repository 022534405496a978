//! The module `rendition` from outside. Pictures are made here, by other encoders than the module's
//! own where there are some.

mod boxes;
mod clean;
mod clean_others;
mod examine;
mod excerpt;
mod hostile;
mod make;
mod places;
mod render;
mod streams;
mod watermark;

#[path = "../support/peak.rs"]
mod peak;
#[path = "../support/tool/mod.rs"]
mod tool;
