//! The household looks at the clock.

use crate::encoding::Timestamp;
use crate::sharing::clock::{MAIL, Memory, Now, Reading};
use crate::sharing::{Fault, Household};

impl Household {
    /// Looks at the clock, remembers, and gives the time of this run.
    pub fn tick(&mut self, reading: &Reading, mail: &[Timestamp]) -> Result<Now, Fault> {
        let rows = self.album.rows();
        let noted = rows.setting(MAIL)?.and_then(|text| text.parse().ok());
        let newest = mail.iter().copied().chain(noted.map(Timestamp::from_unix));
        let newest: Vec<Timestamp> = newest.max().into_iter().collect();
        let memory = Memory::load(rows)?.look(reading, &newest);
        self.album.commit(|rows| {
            if noted.is_some() {
                rows.set_setting(MAIL, "")?;
            }
            rows.redate(memory.now(reading).now)?;
            memory.store(rows)
        })?;
        Ok(memory.now(reading))
    }

    /// The time, by what is remembered already: for a face that asks many times between two runs.
    pub fn time(&self, reading: &Reading) -> Result<Now, Fault> {
        Ok(Memory::load(self.album.rows())?.now(reading))
    }
}
