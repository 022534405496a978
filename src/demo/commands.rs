//! Commands to try against what runs, ready to be copied.

use std::path::Path;

use super::pictures::LEFT_OVER;
use super::play::Sent;
use super::stage::Stage;
use super::words::told;
use crate::words::Language;

/// Commands that work against what runs.
pub(super) fn commands(
    language: Language,
    stage: &Stage,
    sent: &[Sent],
    samples: bool,
) -> Vec<(String, String)> {
    let program = std::env::current_exe()
        .ok()
        .filter(|path| path.file_name().is_some_and(|name| name == "hearthpost"));
    let program = program.map_or_else(|| "hearthpost".to_owned(), |path| quoted(&path));
    let run = |config: &Path, rest: &str| format!("{program} --config {} {rest}", quoted(config));
    let (a, b) = (stage.a.config.as_path(), stage.b.config.as_path());
    let out = |name: &str| quoted(&stage.place.join(name));
    let first = sent
        .first()
        .map(|one| one.recorded.share.as_str())
        .unwrap_or_default();
    let rows = stage.b.home.album.rows();
    let item = rows
        .share(first)
        .ok()
        .flatten()
        .and_then(|share| rows.share_items(share.id).ok()?.into_iter().next());
    let mut commands = vec![(run(b, "received"), told!(language, "demo-try-received"))];
    if let Some(item) = item {
        let view = |rest: String| run(b, &format!("view {} {rest}", item.reference));
        commands.extend([
            (
                view(format!("--as bob --out {}", out("bob.jpg"))),
                told!(language, "demo-try-look"),
            ),
            (
                view(format!("--as bob --action store --out {}", out("no.jpg"))),
                told!(language, "demo-try-no"),
            ),
            (
                view(format!("--as bea --action store --out {}", out("bea.jpg"))),
                told!(language, "demo-try-keep"),
            ),
        ]);
    }
    commands.push((run(a, "sent"), told!(language, "demo-try-sent")));
    if samples {
        let file = quoted(&stage.place.join("card").join(LEFT_OVER));
        let to = format!("home+bob@{}", stage.b.mailbox.domain());
        let title = told!(language, "demo-try-title");
        commands.extend([
            (
                run(
                    a,
                    &format!("share {file} --to {to} --display 640 --views 2 --title {title}"),
                ),
                told!(language, "demo-try-share"),
            ),
            (run(b, "received"), told!(language, "demo-try-there")),
        ]);
    }
    commands
}

fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
