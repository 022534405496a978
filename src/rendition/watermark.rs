//! The viewer's name and the date across a picture: light letters with a dark edge, in rows that rise to the right.
//!
//! 1 choose lines, slope and size of the letters. 2 draw the text once, as two masks: letters and their edge. 3 turn the
//! masks. 4 stamp them at every place of the grid. The grid is so narrow that every window as large as a quarter of the
//! picture, half its width by half its height, holds the whole text; so no half of it, wherever it is cut, is free of it.
//! A picture of a few dozen pixels gets it as well as that goes.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

use super::decode::{Pixels, afford};
use super::fault::RenderError;

/// More is cut off.
const MOST_CHARACTERS: usize = 80;
/// Of the letters, in pixels; above it the picture is hidden and nothing is read better.
const LARGEST: f32 = 160.0;
/// Letters of fewer pixels are no letters any more.
const SMALLEST: f32 = 7.0;
/// Letters of this height are read easily: a steeper slope or fewer lines are worth no less.
const EASY: f32 = 14.0;
/// The picture's short edge holds so many letters one above the other.
const LETTERS_HIGH: f32 = 16.0;
/// How much of a pixel the letters take, of 255; and their edge.
const LETTERS: u32 = 140;
const EDGE: u32 = 120;
/// What stands for a character that the font has not: a visible mark.
const UNKNOWN: char = '\u{FFFD}';
/// Slopes in degrees, the best first; the last is for high and narrow pictures.
const SLOPES: [f32; 4] = [25.0, 12.0, 0.0, 90.0];

/// Draws `text` across `pixels`, which must be sRGB of three channels.
pub(super) fn draw(pixels: &mut Pixels, text: &str) -> Result<(), RenderError> {
    let font = FontRef::try_from_slice(dejavu::sans::bold()).map_err(|e| RenderError::Encode {
        cause: e.to_string(),
    })?;
    let Some(plan) = Plan::new(&font, text, pixels.width, pixels.height) else {
        return Ok(());
    };
    // Two upright masks and two turned ones, of one byte a pixel.
    let size = u64::from(plan.wide) * u64::from(plan.high);
    afford(pixels.data.len() as u64 + size * 4)?;
    let stamp = plan.stamp(&font);
    for (x, y) in plan.places() {
        stamp.press(pixels, x, y);
    }
    Ok(())
}

/// One line of text as glyphs.
type Line = Vec<GlyphId>;

/// Where the text goes, and how large.
#[derive(Debug)]
struct Plan {
    lines: Vec<Line>,
    /// Height of the letters, pixels.
    scale: f32,
    /// Degrees.
    slope: f32,
    /// Of the stamp, turned, with its edge.
    wide: u32,
    high: u32,
    /// From one stamp to the next.
    step: (u32, u32),
    picture: (u32, u32),
}

impl Plan {
    /// `None`: there is nothing to write.
    fn new(font: &FontRef<'_>, text: &str, width: u32, height: u32) -> Option<Plan> {
        let text: String = text.chars().take(MOST_CHARACTERS).collect();
        let largest = (width.min(height) as f32 / LETTERS_HIGH).clamp(SMALLEST, LARGEST);
        let half = (width as f32 / 2.0, height as f32 / 2.0);
        let mut best: Option<(f32, Vec<Line>, f32)> = None;
        for lines in layouts(&text) {
            let lines: Vec<Line> = lines.iter().map(|line| glyphs(font, line)).collect();
            for slope in SLOPES {
                // At height 1; the edge of the letters and the rounding up are in the margin.
                let (wide, high) = turned(extent(font, &lines, 1.0), slope);
                // A step is at least a stamp, and step and stamp together at most half the picture.
                let fits = (half.0 / (2.0 * wide)).min(half.1 / (2.0 * high));
                let scale = (fits * 0.96).min(largest);
                let good = scale.min(EASY);
                if best
                    .as_ref()
                    .is_none_or(|(so_far, ..)| good > so_far.min(EASY))
                {
                    best = Some((scale, lines.clone(), slope));
                }
            }
        }
        let (scale, lines, slope) = best?;
        let scale = scale.max(SMALLEST);
        let (wide, high) = turned(extent(font, &lines, scale), slope);
        let (wide, high) = (wide.ceil() as u32, high.ceil() as u32);
        let step = |stamp: u32, picture: u32, airy: f32| {
            let most = (picture / 2).saturating_sub(stamp);
            // Where there is no room for two, they stand side by side: one across the other is not read.
            ((stamp as f32 * airy) as u32).min(most).max(stamp)
        };
        Some(Plan {
            lines,
            scale,
            slope,
            wide,
            high,
            step: (step(wide, width, 1.25), step(high, height, 1.5)),
            picture: (width, height),
        })
    }

    /// The upper left corner of each stamp; those at the rim lie partly outside.
    fn places(&self) -> impl Iterator<Item = (i64, i64)> {
        let (width, height) = (i64::from(self.picture.0), i64::from(self.picture.1));
        let (across, down) = (i64::from(self.step.0), i64::from(self.step.1));
        let (wide, high) = (i64::from(self.wide), i64::from(self.high));
        let rows = (0..).map(move |row| (row, row * down - high / 2));
        rows.take_while(move |(_, y)| *y < height)
            .flat_map(move |(row, y)| {
                // Every other row is moved by half a step, so that columns do not show.
                let first = if row % 2 == 0 { 0 } else { -(across / 2) };
                (0..)
                    .map(move |column| first + column * across - wide / 2)
                    .take_while(move |x| *x < width)
                    .map(move |x| (x, y))
            })
    }

    fn stamp(&self, font: &FontRef<'_>) -> Stamp {
        let (wide, high) = extent(font, &self.lines, self.scale);
        let letters = upright(
            font,
            &self.lines,
            self.scale,
            (wide.ceil() as usize, high.ceil() as usize),
        );
        let edge = letters.widened(margin(self.scale) as usize);
        Stamp {
            letters: letters.turned(self.slope, (self.wide as usize, self.high as usize)),
            edge: edge.turned(self.slope, (self.wide as usize, self.high as usize)),
        }
    }
}

/// The ways to break the text: whole, at the dot between name and date, and the name in two.
fn layouts(text: &str) -> Vec<Vec<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let mut all = vec![vec![text.to_owned()]];
    if let Some((name, date)) = text.rsplit_once('·') {
        let (name, date) = (name.trim(), date.trim());
        all.push(vec![name.to_owned(), date.to_owned()]);
        let name: Vec<char> = name.chars().collect();
        for pieces in 2..=4 {
            if name.len() >= pieces * 4 {
                let mut lines: Vec<String> = name
                    .chunks(name.len().div_ceil(pieces))
                    .map(|piece| piece.iter().collect())
                    .collect();
                lines.push(date.to_owned());
                all.push(lines);
            }
        }
    }
    all
}

fn glyphs(font: &FontRef<'_>, line: &str) -> Line {
    let glyph = |c: char| match font.glyph_id(c) {
        GlyphId(0) => font.glyph_id(UNKNOWN),
        known => known,
    };
    line.chars().map(glyph).collect()
}

/// Room for the dark edge round the letters, pixels.
fn margin(scale: f32) -> f32 {
    (scale / 14.0).max(1.0).round()
}

/// Of upright lines, with the edge.
fn extent(font: &FontRef<'_>, lines: &[Line], scale: f32) -> (f32, f32) {
    let scaled = font.as_scaled(PxScale::from(scale));
    let wide = lines.iter().map(|line| advance(font, line, scale));
    let wide = wide.fold(1.0, f32::max);
    // One pixel more on each side, because turning blurs.
    let rim = if scale > 1.0 {
        margin(scale) + 1.0
    } else {
        0.25
    };
    (
        wide + 2.0 * rim,
        lines.len() as f32 * scaled.height() + 2.0 * rim,
    )
}

fn advance(font: &FontRef<'_>, line: &Line, scale: f32) -> f32 {
    let scaled = font.as_scaled(PxScale::from(scale));
    line.iter().map(|glyph| scaled.h_advance(*glyph)).sum()
}

/// The box round a turned box.
fn turned((wide, high): (f32, f32), slope: f32) -> (f32, f32) {
    let (sin, cos) = slope.to_radians().sin_cos();
    (wide * cos + high * sin, wide * sin + high * cos)
}

/// How much of each pixel is covered, of 255.
struct Mask {
    data: Vec<u8>,
    wide: usize,
    high: usize,
}

/// The lines, each in the middle.
fn upright(font: &FontRef<'_>, lines: &[Line], scale: f32, (wide, high): (usize, usize)) -> Mask {
    let scaled = font.as_scaled(PxScale::from(scale));
    let mut mask = Mask::empty(wide, high);
    let rim = margin(scale) + 1.0;
    for (n, line) in lines.iter().enumerate() {
        let mut x = (wide as f32 - advance(font, line, scale)) / 2.0;
        let y = rim + n as f32 * scaled.height() + scaled.ascent();
        for glyph in line {
            let placed = glyph.with_scale_and_position(scale, point(x, y));
            x += scaled.h_advance(*glyph);
            let Some(outline) = font.outline_glyph(placed) else {
                continue;
            };
            let bounds = outline.px_bounds();
            outline.draw(|dx, dy, covered| {
                let (x, y) = (
                    bounds.min.x as i64 + i64::from(dx),
                    bounds.min.y as i64 + i64::from(dy),
                );
                let place = usize::try_from(x).ok().zip(usize::try_from(y).ok());
                if let Some((x, y)) = place.filter(|(x, y)| *x < wide && *y < high) {
                    let pixel = &mut mask.data[y * wide + x];
                    *pixel = (*pixel).max((covered.clamp(0.0, 1.0) * 255.0) as u8);
                }
            });
        }
    }
    mask
}

impl Mask {
    fn empty(wide: usize, high: usize) -> Mask {
        Mask {
            data: vec![0; wide * high],
            wide,
            high,
        }
    }

    /// Everything within `by` pixels of what is covered: first along the rows, then along the columns.
    fn widened(&self, by: usize) -> Mask {
        let spread = |from: &[u8], count: usize, length: usize, along: usize, next: usize| {
            let mut to = vec![0; from.len()];
            for line in 0..count {
                for at in 0..length {
                    let near = at.saturating_sub(by)..(at + by + 1).min(length);
                    to[line * next + at * along] = near
                        .map(|n| from[line * next + n * along])
                        .max()
                        .unwrap_or(0);
                }
            }
            to
        };
        let rows = spread(&self.data, self.high, self.wide, 1, self.wide);
        Mask {
            data: spread(&rows, self.wide, self.high, self.wide, 1),
            ..*self
        }
    }

    /// Turned against the clock about its middle, into a box of this size.
    fn turned(&self, slope: f32, (wide, high): (usize, usize)) -> Mask {
        let (sin, cos) = slope.to_radians().sin_cos();
        let mut out = Mask::empty(wide, high);
        for y in 0..high {
            for x in 0..wide {
                let (dx, dy) = (
                    x as f32 + 0.5 - wide as f32 / 2.0,
                    y as f32 + 0.5 - high as f32 / 2.0,
                );
                out.data[y * wide + x] = self.between(
                    dx * cos - dy * sin + self.wide as f32 / 2.0 - 0.5,
                    dx * sin + dy * cos + self.high as f32 / 2.0 - 0.5,
                );
            }
        }
        out
    }

    /// The value at a place between four pixels; outside there is nothing.
    fn between(&self, x: f32, y: f32) -> u8 {
        let (left, top) = (x.floor(), y.floor());
        let (right, down) = (x - left, y - top);
        let at = |dx: i64, dy: i64| {
            let (x, y) = (left as i64 + dx, top as i64 + dy);
            let inside = (0..self.wide as i64).contains(&x) && (0..self.high as i64).contains(&y);
            if inside {
                f32::from(self.data[y as usize * self.wide + x as usize])
            } else {
                0.0
            }
        };
        let upper = at(0, 0) * (1.0 - right) + at(1, 0) * right;
        let lower = at(0, 1) * (1.0 - right) + at(1, 1) * right;
        (upper * (1.0 - down) + lower * down) as u8
    }
}

/// The text as it is pressed on a picture.
struct Stamp {
    letters: Mask,
    edge: Mask,
}

impl Stamp {
    /// With its upper left corner at `x`, `y`.
    fn press(&self, pixels: &mut Pixels, x: i64, y: i64) {
        let wide = self.letters.wide as i64;
        let columns = (-x).max(0)..wide.min(i64::from(pixels.width) - x);
        for row in 0..self.letters.high as i64 {
            if !(0..i64::from(pixels.height)).contains(&(y + row)) {
                continue;
            }
            for column in columns.clone() {
                let at = (row * wide + column) as usize;
                let edge = u32::from(self.edge.data[at]);
                if edge == 0 {
                    continue;
                }
                let letters = u32::from(self.letters.data[at]);
                let pixel = ((y + row) * i64::from(pixels.width) + x + column) as usize * 3;
                for value in &mut pixels.data[pixel..pixel + 3] {
                    let dark = towards(
                        u32::from(*value),
                        0,
                        edge.saturating_sub(letters) * EDGE / 255,
                    );
                    *value = towards(dark, 255, letters * LETTERS / 255) as u8;
                }
            }
        }
    }
}

/// `share` of 255 of the way; never above 255, because both ends are not.
fn towards(value: u32, end: u32, share: u32) -> u32 {
    (value * (255 - share) + end * share + 127) / 255
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plan(text: &str, width: u32, height: u32) -> Plan {
        let font = FontRef::try_from_slice(dejavu::sans::bold()).expect("a font");
        Plan::new(&font, text, width, height).expect("there is text")
    }

    fn whole_within(plan: &Plan, (left, top): (u32, u32), (width, height): (u32, u32)) -> bool {
        let (left, top) = (i64::from(left), i64::from(top));
        plan.places().any(|(x, y)| {
            x >= left
                && y >= top
                && x + i64::from(plan.wide) <= left + i64::from(width)
                && y + i64::from(plan.high) <= top + i64::from(height)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_window_of_half_the_sides_holds_the_whole_text(
            width in 200u32..5000,
            height in 160u32..5000,
            name in "[a-z]{1,20}",
            at in (0.0..1.0f64, 0.0..1.0f64),
        ) {
            let plan = plan(&format!("{name} · 29 Nov 2026"), width, height);
            prop_assert!(plan.scale > SMALLEST, "{plan:?}");
            let window = (width / 2, height / 2);
            let left = (f64::from(width - window.0) * at.0) as u32;
            let top = (f64::from(height - window.1) * at.1) as u32;
            prop_assert!(whole_within(&plan, (left, top), window), "{plan:?} {left} {top}");
        }

        #[test]
        fn any_text_on_any_picture_is_drawn_without_panic(
            width in 1u32..200,
            height in 1u32..200,
            text in "\\PC{0,100}",
        ) {
            let mut pixels = Pixels {
                data: vec![128; width as usize * height as usize * 3],
                width,
                height,
                channels: super::super::decode::Channels::Rgb,
            };
            prop_assert!(draw(&mut pixels, &text).is_ok());
        }
    }

    #[test]
    fn a_character_that_the_font_has_not_is_a_mark() {
        let font = FontRef::try_from_slice(dejavu::sans::bold()).expect("a font");
        let drawn = glyphs(&font, "Zoë 家");
        assert_eq!(drawn.len(), 5);
        assert_eq!(drawn[4], font.glyph_id(UNKNOWN));
        assert!(
            drawn[..3]
                .iter()
                .all(|glyph| glyph.0 != 0 && *glyph != drawn[4])
        );
    }
}
