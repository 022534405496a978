//! CPU time of both tiers of a 12-megapixel JPEG, beside that of `vipsthumbnail` making the same
//! two.
//!
//! The picture is made here: smooth noise of several octaves with fine noise on top, quality 90.
//! Times are user and system together, from `/proc/self/stat`: our own for us, that of waited-for
//! children for vips. Ours runs in this process, theirs as processes, start-up (about 60 ms)
//! included, as a program that calls it would pay it. The goal is a ratio of 0.6.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use hearthpost::rendition::{RenderLimits, render, tiers};

const WIDTH: usize = 4032;
const HEIGHT: usize = 3024;
const ROUNDS: u32 = 10;
const GOAL: f64 = 0.6;

fn main() {
    let dir = env::temp_dir().join(format!("rendition-bench-{}", std::process::id()));
    fs::create_dir_all(dir.join("out")).expect("a folder for the bench can be made");
    let pixels = noise();
    for (name, progressive) in [("baseline", false), ("progressive", true)] {
        let jpeg = encode(&pixels, progressive);
        let file = dir.join(format!("{name}.jpg"));
        fs::write(&file, &jpeg).expect("the picture can be written");

        let both = own_cpu(|| drop(tiers(&jpeg).expect("the picture is whole")));
        let small = RenderLimits {
            max_edge: Some(320),
            watermark: None,
        };
        let at = |limits| own_cpu(|| drop(render(&jpeg, limits).expect("the picture is whole")));
        let thumb = at(small);
        println!(
            "{name}, {:.1} MB: tiers {both:.0} ms, render at 320 {thumb:.0} ms",
            jpeg.len() as f64 / 1e6
        );
        for max_edge in [Some(1280), Some(2048), None] {
            let plain = RenderLimits {
                max_edge,
                watermark: None,
            };
            let marked = RenderLimits {
                max_edge,
                watermark: Some("bob · 29 Nov 2026"),
            };
            let edge = max_edge.map_or("full size".to_owned(), |edge| edge.to_string());
            println!(
                "  render at {edge} {:.0} ms, with a watermark {:.0} ms",
                at(plain),
                at(marked)
            );
        }

        if let Some(theirs) = vips(&file, 1280) {
            let ours = at(RenderLimits {
                max_edge: Some(1280),
                watermark: None,
            });
            println!(
                "  vips 1280 {theirs:.0} ms; render at 1280 against it {:.2} (goal {})",
                ours / theirs,
                if progressive { 0.7 } else { 0.5 },
            );
        }
        let (Some(large), Some(little)) = (vips(&file, 2048), vips(&file, 320)) else {
            println!("  vipsthumbnail is not here: no ratio");
            continue;
        };
        println!(
            "  vips 2048 {large:.0} ms, 320 {little:.0} ms; tiers against both {:.2}, against 2048 alone {:.2} (goal {GOAL})",
            both / (large + little),
            both / large,
        );
    }
    fs::remove_dir_all(&dir).expect("the folder of the bench can be removed");
}

/// Milliseconds of CPU for one round of `work`.
fn own_cpu(work: impl Fn()) -> f64 {
    work();
    let before = cpu_ticks(14);
    (0..ROUNDS).for_each(|_| work());
    ticks_to_ms(cpu_ticks(14) - before) / f64::from(ROUNDS)
}

/// The same for `vipsthumbnail`; None where it is not installed.
fn vips(file: &Path, edge: u32) -> Option<f64> {
    let run = || {
        let size = format!("{edge}x{edge}");
        // The output path is relative to the folder of the input.
        let done = Command::new("vipsthumbnail")
            .arg(file)
            .args([
                "-s",
                &size,
                "--eprofile",
                "srgb",
                "-o",
                "out/%s.jpg[Q=85,strip]",
            ])
            .status()
            .ok()?;
        assert!(done.success(), "a vipsthumbnail that fails would be fast");
        Some(())
    };
    run()?;
    let before = cpu_ticks(16);
    (0..ROUNDS).try_for_each(|_| run())?;
    Some(ticks_to_ms(cpu_ticks(16) - before) / f64::from(ROUNDS))
}

/// User and system time in ticks: fields 14 and 15 of proc(5) for ourselves, 16 and 17 for
/// children.
fn cpu_ticks(field: usize) -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux has it");
    let (_, fields) = stat
        .rsplit_once(')')
        .expect("the name of the program stands in brackets");
    // The first field behind the name is the third of all.
    fields
        .split_whitespace()
        .skip(field - 3)
        .take(2)
        .map(|n| n.parse::<u64>().expect("times are numbers"))
        .sum()
}

/// Linux counts in hundredths of a second on all machines we know.
fn ticks_to_ms(ticks: u64) -> f64 {
    ticks as f64 * 10.0
}

fn noise() -> Vec<u8> {
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 40) as f32 / (1 << 24) as f32
    };
    let octaves: Vec<(usize, f32, Vec<f32>)> = [512, 128, 32, 8]
        .into_iter()
        .zip([110.0, 50.0, 25.0, 12.0])
        .map(|(cell, weight)| {
            let count = (WIDTH / cell + 2) * (HEIGHT / cell + 2) * 3;
            (cell, weight, (0..count).map(|_| random() - 0.5).collect())
        })
        .collect();
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            for channel in 0..3 {
                let smooth: f32 = octaves
                    .iter()
                    .map(|(cell, weight, grid)| weight * at(grid, *cell, x, y, channel))
                    .sum();
                pixels.push((128.0 + smooth + 24.0 * (random() - 0.5)) as u8);
            }
        }
    }
    pixels
}

/// Bilinear between the corners of a cell.
fn at(grid: &[f32], cell: usize, x: usize, y: usize, channel: usize) -> f32 {
    let (column, row, stride) = (x / cell, y / cell, WIDTH / cell + 2);
    let (right, down) = (
        (x % cell) as f32 / cell as f32,
        (y % cell) as f32 / cell as f32,
    );
    let corner = |dx: usize, dy: usize| grid[((row + dy) * stride + column + dx) * 3 + channel];
    let upper = corner(0, 0) * (1.0 - right) + corner(1, 0) * right;
    let lower = corner(0, 1) * (1.0 - right) + corner(1, 1) * right;
    upper * (1.0 - down) + lower * down
}

fn encode(pixels: &[u8], progressive: bool) -> Vec<u8> {
    let mut compressor = turbojpeg::Compressor::new().expect("libjpeg-turbo starts");
    compressor.set_quality(90).expect("90 is a quality");
    compressor
        .set_subsamp(turbojpeg::Subsamp::Sub2x2)
        .expect("4:2:0 is known");
    compressor
        .set_progressive(progressive)
        .expect("progressive is known");
    let (width, height, format) = (WIDTH, HEIGHT, turbojpeg::PixelFormat::RGB);
    let image = turbojpeg::Image {
        pixels,
        width,
        pitch: width * 3,
        height,
        format,
    };
    compressor
        .compress_to_vec(image)
        .expect("the picture is well formed")
}
