//! The operator's own templates.

use super::*;

fn own(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().join("templates");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join(name), text).expect("written");
    (data, folder)
}

#[test]
fn operators_own_template_replaces_one_and_the_other_stays() {
    let text = "Subject: {{ count }} neue Bilder\r\n\r\nVon {{ household }}: {{ url }}\r\n";
    let (_data, folder) = own("notice.txt", text);
    let composed = Notices::new(Some(folder))
        .compose(&for_bob())
        .expect("a notice");
    assert_eq!(composed.subject, "10 neue Bilder");
    assert_eq!(
        composed.text,
        "Von Alice's household: http://hearthpost.local/\n"
    );
    assert_eq!(composed.html, compose(&for_bob()).html);
}

#[test]
fn operators_own_html_template_is_escaped_too() {
    let (_data, folder) = own("notice.html", "<p>{{ household }}</p>");
    let notice = Notice {
        household: "<script>",
        ..for_bob()
    };
    let composed = Notices::new(Some(folder))
        .compose(&notice)
        .expect("a notice");
    assert_eq!(composed.html, "<p>&lt;script&gt;</p>");
}

#[test]
fn operators_own_frame_is_put_around_all_and_named_where_it_is_broken() {
    let (_data, folder) = own("mail.html", "<h1>{% block headline %}{% endblock %}</h1>");
    let framed = Notices::new(Some(folder)).compose(&for_bob());
    let html = framed.expect("a notice").html;
    assert_eq!(
        html,
        "<h1>Alice&#x27;s household shared 10 pictures with you.</h1>"
    );

    for text in ["{{ houshold }}", "{% if %}"] {
        let (_data, folder) = own("mail.html", text);
        let broken = Notices::new(Some(folder.clone())).compose(&for_bob());
        let said = broken.expect_err(text).to_string();
        let file = folder.join("mail.html").display().to_string();
        assert!(said.contains(&file), "{said}");
    }
}

#[test]
fn broken_template_is_named_with_the_way_out() {
    for text in [
        "Subject: {{ houshold }}\n\nx",
        "Subject: {% if %}\n\nx",
        "no subject\n",
        "",
    ] {
        let (_data, folder) = own("notice.txt", text);
        let error = Notices::new(Some(folder.clone()))
            .compose(&for_bob())
            .expect_err(text);
        let said = error.to_string();
        assert!(matches!(error, NoticeError::OwnTemplate { .. }), "{said}");
        assert!(
            said.contains(&folder.join("notice.txt").display().to_string()),
            "{said}"
        );
        assert!(said.ends_with("correct the file or remove it"), "{said}");
    }
}

#[test]
fn folder_without_templates_changes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    for folder in [data.path().to_owned(), data.path().join("templates")] {
        let composed = Notices::new(Some(folder))
            .compose(&for_bob())
            .expect("a notice");
        assert_eq!(composed, compose(&for_bob()));
    }
}
