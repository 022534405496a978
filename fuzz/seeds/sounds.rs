//! The beginnings of sounds, texts and PDFs.

use crate::Seeds;

/// Longer ones are not tried.
const LONGEST: usize = 8_192;

pub fn all() -> Seeds {
    let mut files: Vec<_> =
        std::fs::read_dir(hearthpost_fuzz::homes::folder("tests/fixtures/sounds"))
            .expect("the fixtures are there")
            .map(|entry| entry.expect("it is readable").path())
            .collect();
    files.sort();
    let mut seeds: Seeds = files
        .iter()
        .map(|path| {
            let mut bytes = std::fs::read(path).expect("it is readable");
            bytes.truncate(LONGEST);
            bytes
        })
        .collect();
    seeds.push(b"one\ntwo\r\nthree".to_vec());
    seeds.push(pdf());
    seeds
}

/// Two pages that share their resources.
fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 9 9] /Resources 5 0 R >>",
        "<< /Type /Page /Parent 2 0 R /Contents 6 0 R >>",
        "<< /Type /Page /Parent 2 0 R /Contents [6 0 R 6 0 R] /Rotate 90 >>",
        "<< /XObject << /Im#31 7 0 R >> /ProcSet [/PDF] >>",
        "<< /Length 9 >> stream\nq /Im1 Do\nendstream",
        "<< /Subtype /Form /Length 6 /Resources 5 0 R >> stream\n/Im1 Do\nendstream",
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = String::new();
    for (n, object) in objects.iter().enumerate() {
        places += &format!("{:010} 00000 n \n", out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let (start, size) = (out.len(), objects.len() + 1);
    out.extend(
        format!(
            "xref\n0 {size}\n0000000000 65535 f \n{places}trailer << /Size {size} /Root 1 0 R >>\n\
             startxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    out
}
