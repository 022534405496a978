//! The identity of this household itself: it goes to another box or mailbox under a passphrase, is replaced or ended when
//! somebody else may have it, and an album tells whose it is.

mod ended;
mod ending;
mod export;
mod lost;
mod passphrase;
mod rekey;
pub mod renew;
mod told;

pub use ended::{EndingSent, Whose};
pub use ending::Ending;
pub use export::{Exported, Imported};
pub use lost::{Lost, lost};
pub use passphrase::{LEAST as LEAST_PASSPHRASE, Passphrase};
pub use rekey::Rekeyed;

pub(super) use ending::{FILE as ENDED_FILE, lay_down};
pub(super) use export::exported;
pub(super) use lost::{gone, has_album, read_keys};

use super::Fault;
use crate::album::{Album, Keys, Rows};
use crate::envelope::Fingerprint;
use crate::message::SignedPermit;

/// The setting that says whose album it is, by the fingerprint.
const IDENTITY: &str = "identity";

/// Refuses keys that are not those of the album. Where nothing says yet whose it is, it is noted.
pub(super) fn check_fit(album: &mut Album, keys: &Keys) -> Result<(), Fault> {
    let Some(noted) = noted(album.rows())? else {
        let note = album.commit(|rows| note(rows, keys.identity.fingerprint()));
        return match note {
            // On a full disk what is there can be looked at all the same; it is noted another time.
            Err(fault) if fault.is_of_disk() => Ok(()),
            done => done,
        };
    };
    if keys.is_ours(noted) {
        return Ok(());
    }
    let path = Keys::path(album.folder());
    let words = format!(
        "the key file {} is of another household: the album beside it is of the fingerprint {noted}",
        path.display()
    );
    Err(Fault::new("keys", words).hint(
        "bring back the key file that belongs to this album, out of a backup: `hearthpost restore FILE`; nothing was changed",
    ))
}

/// Whose album it is, where it says so.
fn noted(rows: Rows<'_>) -> Result<Option<Fingerprint>, Fault> {
    let noted = rows.setting(IDENTITY)?;
    Ok(noted.and_then(|text| text.parse().ok()))
}

/// Whether the album is of that identity.
pub(super) fn is_of_album(rows: Rows<'_>, who: Fingerprint) -> Result<bool, Fault> {
    Ok(noted(rows)? == Some(who))
}

/// Refuses what was begun under an identity that was replaced since: its keys were read before, and others take nothing of
/// it any more. Asked in the commit itself, this sees what another process did meanwhile.
pub(super) fn refuse_replaced(rows: Rows<'_>, by: Fingerprint) -> Result<(), Fault> {
    if noted(rows)?.is_none_or(|noted| noted == by) {
        return Ok(());
    }
    let words = "the identity of this household was replaced meanwhile; do it again";
    Err(Fault::new("replaced", words)
        .hint("if it says so again, run `hearthpost sync` first: it finishes what was begun"))
}

/// What a former identity had a part in cannot be given on by this one.
pub(super) fn replaced(reference: &str) -> Fault {
    let words = format!(
        "{reference} is under the identity that this household had before, and others take nothing more of that one"
    );
    Fault::new("replaced", words)
        .hint("share own pictures anew; ask for those of others to be shared with you again")
}

/// Whether a chain of permits ends at that identity; an own share has none.
pub(super) fn is_to(chain: &[Vec<u8>], who: Fingerprint) -> Result<bool, Fault> {
    let last = chain.last().map(|der| SignedPermit::of_stored(der));
    Ok(last.transpose()?.is_none_or(|last| last.permit().to == who))
}

pub(super) fn note(rows: Rows<'_>, who: Fingerprint) -> Result<(), Fault> {
    Ok(rows.set_setting(IDENTITY, &who.to_string())?)
}
