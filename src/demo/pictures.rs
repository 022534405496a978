//! The pictures of the demonstration: eight small drawn ones, one large that is drawn on the spot, or the user's own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sharing::Fault;

/// Drawn for this project, and its own.
const SAMPLES: [(&str, &[u8]); 8] = [
    ("balloon.jpg", include_bytes!("pictures/balloon.jpg")),
    ("beech-wood.jpg", include_bytes!("pictures/beech-wood.jpg")),
    ("kite-dunes.jpg", include_bytes!("pictures/kite-dunes.jpg")),
    ("lake-dusk.jpg", include_bytes!("pictures/lake-dusk.jpg")),
    ("lighthouse.jpg", include_bytes!("pictures/lighthouse.jpg")),
    ("poppies.jpg", include_bytes!("pictures/poppies.jpg")),
    (
        "snow-cottage.jpg",
        include_bytes!("pictures/snow-cottage.jpg"),
    ),
    (LEFT_OVER, RAIN),
];
const RAIN: &[u8] = include_bytes!("pictures/evening-rain.jpg");
/// On the card, but not shared: something to try the commands with.
pub(super) const LEFT_OVER: &str = "evening-rain.jpg";
/// The large one, so that "at screen size" is seen to be smaller.
const LARGE: &str = "bay-at-dawn.jpg";
const WIDTH: usize = 4000;
const HEIGHT: usize = 3000;

/// The most files that are taken of a user's folder; all of it passes through memory.
const MOST_FILES: usize = 40;
/// The most bytes that are taken of a user's folder.
const MOST_BYTES: u64 = 100_000_000;

/// What the demonstration shares.
pub(super) struct Choice {
    /// These files, in order.
    pub files: Vec<PathBuf>,
    /// How many of a user's folder were left out.
    pub left_out: usize,
}

/// Writes the samples into `card`, as a camera would.
pub(super) fn samples(card: &Path) -> Result<Choice, Fault> {
    let fault =
        |error: &dyn std::fmt::Display| Fault::new("disk", format!("{}: {error}", card.display()));
    fs::create_dir_all(card).map_err(|error| fault(&error))?;
    let mut files = vec![card.join(LARGE)];
    let jpeg = draw(WIDTH, HEIGHT).map_err(|error| fault(&error))?;
    fs::write(&files[0], jpeg).map_err(|error| fault(&error))?;
    for (name, jpeg) in SAMPLES {
        let path = card.join(name);
        fs::write(&path, jpeg).map_err(|error| fault(&error))?;
        if name != LEFT_OVER {
            files.push(path);
        }
    }
    Ok(Choice { files, left_out: 0 })
}

/// Writes the one picture that the second household has of its own.
pub(super) fn rain(folder: &Path) -> Result<PathBuf, Fault> {
    let path = folder.join("first-rain.jpg");
    fs::write(&path, RAIN)
        .map_err(|error| Fault::new("disk", format!("{}: {error}", path.display())))?;
    Ok(path)
}

/// The files of a user's folder in order of their paths, as many as a demonstration carries.
pub(super) fn of_folder(folder: &Path) -> Result<Choice, Fault> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    let (mut files, mut bytes, mut left_out) = (Vec::new(), 0, 0);
    for (path, size) in found {
        if files.len() < MOST_FILES && bytes + size <= MOST_BYTES {
            bytes += size;
            files.push(path);
        } else {
            left_out += 1;
        }
    }
    if files.is_empty() {
        return Err(Fault::usage(
            "nothing",
            format!(
                "{}: no file there that a demonstration can carry",
                folder.display()
            ),
        )
        .hint("name a folder with a few pictures, or none for the samples"));
    }
    Ok(Choice { files, left_out })
}

/// Hidden files and links are passed over, as by `import`.
fn collect(folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> Result<(), Fault> {
    let fault =
        |error: std::io::Error| Fault::usage("folder", format!("{}: {error}", folder.display()));
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        entries.push(entry.map_err(fault)?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().map_err(fault)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push((entry.path(), entry.metadata().map_err(fault)?.len()));
        }
    }
    Ok(())
}

/// A bay before sunrise: sky, sun, three ridges, water. Whole rows, and columns some pixels wide, so that twelve
/// megapixels are cheap even in a debug build.
fn draw(width: usize, height: usize) -> Result<Vec<u8>, turbojpeg::Error> {
    const COLUMN: usize = 4;
    let horizon = height * 62 / 100;
    let ridges = [
        (0.0f32, 0.20f32, 0.9f32),
        (2.1, 0.13, 1.7),
        (4.4, 0.07, 2.9),
    ]
    .map(|(phase, tall, waves)| {
        let top = |x: usize| {
            let t = x as f32 / width as f32 * waves * std::f32::consts::TAU + phase;
            let rise = 0.55 + 0.3 * t.sin() + 0.15 * (2.7 * t + phase).sin();
            horizon - (rise * tall * height as f32) as usize
        };
        (0..width).step_by(COLUMN).map(top).collect::<Vec<usize>>()
    });
    let hills =
        [[150u8, 118, 130], [112, 88, 110], [70, 60, 84]].map(|colour| colour.repeat(COLUMN));
    let (sun_x, sun_y, radius) = (width * 64 / 100, height * 38 / 100, height / 14);
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        let mut line = ground(y, horizon, height).repeat(width);
        let off = y.abs_diff(sun_y);
        if off < radius {
            let half = (radius * radius - off * off).isqrt();
            let sun = [255, 236, 200].repeat(2 * half);
            line[(sun_x - half) * 3..(sun_x + half) * 3].copy_from_slice(&sun);
        }
        if y < horizon {
            for (ridge, hill) in ridges.iter().zip(&hills) {
                for (column, top) in line.chunks_exact_mut(3 * COLUMN).zip(ridge) {
                    if y >= *top {
                        column.copy_from_slice(hill);
                    }
                }
            }
        }
        pixels.extend_from_slice(&line);
    }
    let image = turbojpeg::Image {
        pixels: pixels.as_slice(),
        width,
        pitch: width * 3,
        height,
        format: turbojpeg::PixelFormat::RGB,
    };
    let mut compressor = turbojpeg::Compressor::new()?;
    compressor.set_quality(92)?;
    compressor.compress_to_vec(image)
}

/// The colour of a row: sky above the horizon, water below.
fn ground(y: usize, horizon: usize, height: usize) -> [u8; 3] {
    if y < horizon {
        return mix([58, 74, 122], [246, 190, 138], y as f32 / horizon as f32);
    }
    let depth = (y - horizon) as f32 / (height - horizon) as f32;
    // Long low waves: the light breaks in bands that widen towards the shore.
    let band = (depth.sqrt() * 90.0).sin() * 0.09;
    mix(
        [222, 164, 132],
        [44, 52, 84],
        (depth + band).clamp(0.0, 1.0),
    )
}

fn mix(from: [u8; 3], to: [u8; 3], t: f32) -> [u8; 3] {
    let one = |n: usize| (f32::from(from[n]) + (f32::from(to[n]) - f32::from(from[n])) * t) as u8;
    [one(0), one(1), one(2)]
}
