//! What `ffmpeg` lists of packets (its format `framecrc`): where to end, so that nothing is shown or heard behind the end.

/// How many seconds are to be taken in the order of decoding so that nothing lasts for longer than `seconds`, as `ffmpeg`
/// is told it; `None`: all that was listed.
pub(super) fn length(listed: &str, seconds: u32) -> Option<String> {
    let (mut ticks, mut begun, mut end) = ([None; 2], [false; 2], None::<i128>);
    for line in listed.lines() {
        if let Some(tick) = line.strip_prefix("#tb ") {
            if let Some((stream, tick)) = tick_of(tick)
                && let Some(place) = ticks.get_mut(stream)
            {
                *place = Some(tick);
            }
            continue;
        }
        let mut fields = line.split(',').map(|field| field.trim().parse::<i64>());
        let mut field = || fields.next()?.ok();
        let (Some(stream), Some(decoded), Some(shown), Some(lasts)) =
            (field(), field(), field(), field())
        else {
            continue;
        };
        let stream = usize::try_from(stream).unwrap_or(usize::MAX);
        let (Some(Some(tick)), Some(begun)) = (ticks.get(stream), begun.get_mut(stream)) else {
            continue;
        };
        let goes = std::mem::replace(begun, true);
        let until = micros(shown.saturating_add(lasts), *tick);
        // Of each stream the first packet goes whole.
        if goes && until > i128::from(seconds) * SECOND {
            let at = micros(decoded, *tick);
            end = Some(end.map_or(at, |end| end.min(at)));
        }
    }
    let end = end?.max(1);
    Some(format!("{}.{:06}", end / SECOND, end % SECOND))
}

/// In microseconds.
const SECOND: i128 = 1_000_000;

/// The unit of a stream's times, as a fraction of a second.
type Tick = (i64, i64);

/// `0: 1/12800`
fn tick_of(text: &str) -> Option<(usize, Tick)> {
    let (stream, tick) = text.split_once(": ")?;
    let (above, below) = tick.split_once('/')?;
    let tick: Tick = (above.parse().ok()?, below.trim().parse().ok()?);
    (tick.1 > 0).then_some((stream.parse().ok()?, tick))
}

/// Rounded down.
fn micros(ticks: i64, (above, below): Tick) -> i128 {
    (i128::from(ticks) * i128::from(above) * SECOND).div_euclid(i128::from(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = "#extradata 0:       46, 0x6e2b10c9\n#tb 0: 1/25\n#media_type 0: video\n#tb 1: 1/1000\n\
        0,         -2,          0,        1,     3150, 0x6e50c472\n\
        1,        -20,        -20,       20,      280, 0xf2fd7a5f, F=0x5, S=1,       10\n\
        0,         72,         74,        1,      438, 0x9073d023, F=0x0\n\
        1,       2980,       2980,       20,      438, 0x9073d023\n";

    #[test]
    fn the_end_lies_before_what_is_shown_behind_it() {
        assert_eq!(length(LISTED, 3), None);
        let longer = format!(
            "{LISTED}0, 73, 77, 1, 4, 0x0\n0, 74, 75, 1, 4, 0x0\n1, 2990, 2990, 20, 4, 0x0\n"
        );
        assert_eq!(length(&longer, 3).as_deref(), Some("2.920000"));
        assert_eq!(length(&longer, 4), None);
        // A picture that stands for minutes goes all the same.
        let still = "#tb 0: 1/1\n0, 0, 0, 90, 4, 0x0\n0, -1, 90, 90, 4, 0x0\n";
        assert_eq!(length(still, 3).as_deref(), Some("0.000001"));
        for nothing in ["", "#tb 0: 1/0\n0, 0, 0, 9, 4\n", "7, 1, 1, 1\n", "0, x\n"] {
            assert_eq!(length(nothing, 3), None);
        }
    }
}
