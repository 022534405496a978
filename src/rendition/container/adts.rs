//! AAC as a row of frames, each with its own head (ADTS; ISO/IEC 13818-7, 6.2).

const HERTZ: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];
/// The samples of one block; a frame has one to four.
const BLOCK: u64 = 1_024;
/// The shortest head.
const HEAD: usize = 7;

/// The head of one frame.
pub struct Frame {
    /// Bytes, head included.
    pub length: usize,
    pub samples: u64,
    pub hertz: u32,
}

impl Frame {
    pub fn read(bytes: &[u8]) -> Option<Frame> {
        let head = bytes.first_chunk::<HEAD>()?;
        if head[0] != 0xFF || head[1] & 0xF6 != 0xF0 {
            return None;
        }
        let length =
            usize::from(head[3] & 3) << 11 | usize::from(head[4]) << 3 | usize::from(head[5] >> 5);
        let hertz = *HERTZ.get(usize::from(head[2] >> 2 & 0xF))?;
        (length > HEAD).then(|| Frame {
            length,
            samples: BLOCK * u64::from((head[6] & 3) + 1),
            hertz,
        })
    }

    /// Whether a file begins with one: as far as it is here, another one follows, or the end.
    pub fn begins(bytes: &[u8]) -> bool {
        let behind = |frame: Frame| match bytes.get(frame.length..) {
            Some(rest) if rest.len() >= HEAD => Frame::read(rest).is_some(),
            _ => true,
        };
        Frame::read(bytes).is_some_and(behind)
    }
}
