//! `serve`: passes at an interval, and sooner again with growing waits after trouble. Decides nothing by itself.

use std::future::Future;
use std::time::Duration;

use crate::sharing::clock::Reading;
use crate::sharing::{Fault, Household};

/// First wait after trouble; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// Longest wait after trouble.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Runs one household until `stop` is done. A pass in hand is finished first.
///
/// Trouble with the provider, the disk or another run is logged and tried again; only what a person must mend, such as
/// a broken key file, ends it.
pub async fn serve(household: &mut Household, stop: impl Future<Output = ()>) -> Result<(), Fault> {
    let mut stop = std::pin::pin!(stop);
    let mut troubles = 0u32;
    tracing::info!(mailbox = %household.config.mailbox, "serving");
    loop {
        let wait = match household.sync(&Reading::take()).await {
            Ok(done) if done.trouble.is_empty() => {
                troubles = 0;
                household.config.imap.poll_interval
            }
            Ok(done) => {
                troubles += 1;
                for words in &done.trouble {
                    tracing::warn!(trouble = %words, "pass with trouble");
                }
                backoff(troubles)
            }
            Err(fault) if fault.usage || fault.code == "keys" => return Err(fault),
            Err(fault) => {
                troubles += 1;
                tracing::warn!(code = fault.code, trouble = %fault, "pass failed");
                backoff(troubles)
            }
        };
        tokio::select! {
            () = &mut stop => {
                tracing::info!("stopping");
                return Ok(());
            }
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// How long to wait after so many passes with trouble in a row.
fn backoff(troubles: u32) -> Duration {
    FIRST_WAIT
        .saturating_mul(1 << troubles.saturating_sub(1).min(8))
        .min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        assert_eq!(backoff(1), FIRST_WAIT);
        assert_eq!(backoff(2), FIRST_WAIT * 2);
        assert!(backoff(7) <= LONGEST_WAIT);
        assert_eq!(backoff(u32::MAX), LONGEST_WAIT);
    }
}
