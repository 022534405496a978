//! What is looked at in the directory: whether it answers, and whether this household stands there as it should.

use super::finding::Finding;
use crate::sharing::Household;
use crate::sharing::directory::publish::OwnEntry;

impl Household {
    /// `None`: no directory is set.
    pub(super) async fn look_at_directory(&self) -> Option<Finding> {
        let what = "directory";
        let settings = self.config.directory.as_ref()?;
        let see = "see the section [directory] of the settings";
        let publish = "`hearthpost directory publish` writes the entry";
        Some(match self.look_at_entry().await {
            Err(fault) => Finding::of_fault(what, &fault).hint(see),
            Ok(OwnEntry::Current) => {
                Finding::good(what, format!("{} has this household", settings.url))
            }
            Ok(OwnEntry::Older) => Finding::bad(
                what,
                format!(
                    "{} has an older certificate of this household",
                    settings.url
                ),
                "it is written again by itself within the hour, where it was written from here",
            ),
            Ok(OwnEntry::Missing(true)) => Finding::bad(
                what,
                format!("{} does not have this household any more", settings.url),
                publish,
            ),
            Ok(OwnEntry::Missing(false)) => Finding::good(
                what,
                format!("{} answers; this household is not in it", settings.url),
            )
            .hint(publish),
            Ok(OwnEntry::Another(words)) => Finding::bad(
                what,
                format!(
                    "{} has another household at this mailbox, with the comparing words: {words}",
                    settings.url
                ),
                "ask whoever keeps the directory: others may be led astray",
            ),
        })
    }
}
