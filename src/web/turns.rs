//! Turns: how many requests of all households are at work at once, so that the poller has the rest of the machine. One that
//! lasts waits for something, a store, a disk, the line of a browser; it steps aside, and its turn goes to others.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// So many requests are at work at once, for all households of the process.
pub(super) const AT_WORK: usize = 16;
/// So many more may wait for something. A household holds thirteen of them at most, so that silent stores of a few leave all the
/// turns to the others.
pub(super) const ASIDE: usize = 112;
/// What lasts longer waits for something.
const LONG: Duration = Duration::from_secs(1);

static TURNS: LazyLock<Turns> = LazyLock::new(|| Turns::of(AT_WORK, ASIDE));

struct Turns {
    at_work: Arc<Semaphore>,
    aside: Arc<Semaphore>,
}

/// Until it is dropped a request has a turn, or stands aside.
pub(super) struct Turn(Mutex<Option<OwnedSemaphorePermit>>);

/// Waits for a turn.
pub(super) async fn turn() -> Arc<Turn> {
    TURNS.next(LONG).await
}

impl Turns {
    fn of(at_work: usize, aside: usize) -> Self {
        Turns {
            at_work: Arc::new(Semaphore::new(at_work)),
            aside: Arc::new(Semaphore::new(aside)),
        }
    }

    async fn next(&self, long: Duration) -> Arc<Turn> {
        // Nobody closes it.
        let place = Arc::clone(&self.at_work).acquire_owned().await.ok();
        let turn = Arc::new(Turn(Mutex::new(place)));
        let (later, aside) = (Arc::downgrade(&turn), Arc::clone(&self.aside));
        tokio::spawn(async move {
            sleep(long).await;
            // Where too many stand aside already it keeps its turn.
            if let Some(turn) = later.upgrade()
                && let Ok(place) = aside.try_acquire_owned()
            {
                *turn.held() = Some(place);
            }
        });
        turn
    }
}

impl Turn {
    fn held(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        // A place is as good after a panic as before.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_steps_aside_while_there_is_room_and_no_longer_than_it_lasts() {
        let runtime = crate::web::answer::runtime().expect("a runtime");
        runtime.block_on(async {
            let turns = Turns::of(2, 1);
            let (first, second) = (
                turns.next(Duration::ZERO).await,
                turns.next(Duration::ZERO).await,
            );
            let (at_work, aside) = (&turns.at_work, &turns.aside);
            // One steps aside, and its turn is another's; the other one finds no room.
            let third = at_work.acquire().await.expect("open");
            assert_eq!(
                (at_work.available_permits(), aside.available_permits()),
                (0, 0)
            );
            drop((first, second, third));
            assert_eq!(
                (at_work.available_permits(), aside.available_permits()),
                (2, 1)
            );
        });
    }
}
