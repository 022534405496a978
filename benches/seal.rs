//! Sealing and opening 4 MiB parts beside raw AES-256-GCM in place through the same library, in one run.
//!
//! `cargo bench --bench seal`. Goal: at least 0.90 of raw each, frame, key wrap and buffers included. The SHA-256 that
//! names a part is reported separately.

use std::hint::black_box;
use std::time::{Duration, Instant};

use hearthpost::envelope::{ContentKey, Digest, Id, ItemKey, PART_SIZE, PartBuffer, open_part};
use hearthpost::rules::Tier;
use openssl::cipher::Cipher;
use openssl::cipher_ctx::CipherCtx;

const ROUNDS: usize = 60;

fn main() {
    let key = ContentKey::random().item(Id::random(), Tier::Original);
    let plain: Vec<u8> = (0..PART_SIZE).map(|i| (i * 31 % 251) as u8).collect();
    let mut raw_buffer = plain.clone();
    let mut buffer = PartBuffer::default();
    let (mut raw, mut seal, mut open, mut digest) = (vec![], vec![], vec![], vec![]);
    // The four alternate, so that a drift of the machine's speed touches all alike.
    for _ in 0..ROUNDS {
        raw.push(time(|| gcm(&mut raw_buffer)));
        let read = buffer
            .fill(&mut plain.as_slice())
            .expect("memory is readable");
        assert_eq!(read, PART_SIZE);
        seal.push(time(|| {
            black_box(buffer.seal_undigested(&key).expect("sealed").len());
        }));
        let mut part = sealed(&plain, &key);
        digest.push(time(|| {
            black_box(Digest::of(&part));
        }));
        open.push(time(|| {
            black_box(open_part(&mut part, &key).expect("opens").len());
        }));
    }
    let mib = PART_SIZE as f64 / 1_048_576.0;
    let (raw, seal, open, digest) = (median(raw), median(seal), median(open), median(digest));
    let speed = |time: Duration| mib / time.as_secs_f64();
    println!("4 MiB parts, median of {ROUNDS} alternating rounds");
    println!("raw AES-256-GCM in place  {:8.0} MiB/s", speed(raw));
    println!(
        "seal                      {:8.0} MiB/s  {:.3} of raw",
        speed(seal),
        ratio(raw, seal)
    );
    println!(
        "open                      {:8.0} MiB/s  {:.3} of raw",
        speed(open),
        ratio(raw, open)
    );
    println!("SHA-256 of a part         {:8.0} MiB/s", speed(digest));
}

/// What the fastest possible sealing would be: the cipher alone, no copy, no frame.
fn gcm(buffer: &mut [u8]) {
    let mut ctx = CipherCtx::new().expect("a context");
    ctx.encrypt_init(Some(Cipher::aes_256_gcm()), Some(&[7; 32]), Some(&[9; 12]))
        .expect("a key");
    let len = buffer.len();
    ctx.cipher_update_inplace(buffer, len).expect("encrypted");
    ctx.cipher_final(&mut [0; 16]).expect("finished");
    ctx.tag(&mut [0; 16]).expect("a tag");
}

fn sealed(plain: &[u8], key: &ItemKey) -> Vec<u8> {
    let mut buffer = PartBuffer::default();
    buffer.fill(&mut &*plain).expect("memory is readable");
    buffer.seal_undigested(key).expect("sealed").to_vec()
}

fn time(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(raw: Duration, other: Duration) -> f64 {
    raw.as_secs_f64() / other.as_secs_f64()
}
