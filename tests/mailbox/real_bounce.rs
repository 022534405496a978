//! A bounce of a real Postfix, read out of a real Dovecot.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::house::{House, Plot, introduce, order, picture};
use crate::pair::Pair;
use hearthpost::album::DestinationState;

#[test]
fn mail_that_postfix_returns_is_shown_as_doubt() {
    let pair = Pair::running();
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let house = |mailbox: &str| -> House {
        let url = |scheme: &str| format!("{scheme}://localhost:{}", pair.port(scheme));
        let plot = Plot {
            mailbox,
            name: mailbox,
            imap_url: &url("imaps"),
            smtp_url: &url("smtps"),
            password: pair.password(),
            ca_file: Some(Path::new(pair.ca_file())),
            people_at: "h40@many.example",
        };
        plot.build(&folder.path().join(mailbox), &[])
    };
    let (mut a, mut gone) = (house("h31@many.example"), house("gone@many.example"));
    introduce(&mut a, &mut gone);
    let path = a.folder.join("lake.jpg");
    picture(&path, 300, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["gone@many.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let reading = a.reading();
        let done = runtime.block_on(a.home.sync(&reading)).expect("sync");
        assert_eq!(done.trouble, Vec::<String>::new());
        let destination = a.destinations(&share).remove(0);
        assert_eq!(destination.state, DestinationState::Sent);
        if let Some(bounce) = destination.bounce {
            assert!(bounce.starts_with("there is no such mailbox ("), "{bounce}");
            return;
        }
        assert!(Instant::now() < end, "no bounce came");
    }
}
