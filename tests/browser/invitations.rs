//! One household invites another: by keyboard alone, on a laptop and on a phone, from the button to the words that both know.

use crate::browser::scene::{PASSWORD, Scene};
use crate::browser::{Browser, SCHEMES, WIDTHS};
use fantoccini::key::Key;

#[test]
fn a_household_is_invited_and_follows_by_keyboard_alone() {
    let mut scene = Scene::new();
    let (laptop, phone) = (Browser::start(), Browser::start());
    laptop.sign_in(&scene.base, "bob");
    laptop.goto(&format!("{}/households", scene.base));
    laptop.tab_to("the button that invites", |focus| {
        focus["html"]
            .as_str()
            .is_some_and(|html| html.contains("Make an invitation"))
    });
    laptop.press(Key::Enter);
    laptop.until("an invitation", || {
        laptop.at().starts_with("/households/invitations/")
    });
    let link = "return document.querySelector('input[readonly]').value;";
    let link = laptop.run(link, vec![]);
    let link = link.as_str().expect("a link");
    let (_, secret) = link.split_once("/join#").expect("the secret behind it");

    // At the other house the same page takes the secret out of the address and into its form.
    phone.look_at(WIDTHS[1], SCHEMES[1]);
    phone.sign_in(&scene.bare, "carol");
    phone.goto(&format!("{}/join#{secret}", scene.bare));
    let field = "return [document.querySelector('textarea').value, location.hash];";
    phone.until("the secret in the form", || {
        phone.run(field, vec![]) == serde_json::json!([secret, ""])
    });
    phone.tab_to("the button that follows", |focus| {
        focus["html"]
            .as_str()
            .is_some_and(|html| html.starts_with("<button class=\"btn\""))
    });
    phone.press(Key::Enter);
    phone.until("that it waits", || phone.at() == "/households");
    scene
        .village
        .settle(&mut [&mut scene.c, &mut scene.b, &mut scene.a]);
    phone.goto(&format!("{}/households", scene.bare));
    let known = format!(".house a[href$='{}']", scene.b.home.me());
    let checked = "return document.querySelector(arguments[0]).closest('.house').innerText;";
    let said = phone.run(checked, vec![known.into()]);
    let said = said.as_str().expect("words");
    assert!(
        said.contains("The Brooks") && said.contains("Checked"),
        "{said}"
    );
    for browser in [&laptop, &phone] {
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

#[test]
fn whoever_signs_in_on_the_way_finds_the_secret_in_the_form() {
    let scene = Scene::new();
    let phone = Browser::start();
    phone.goto(&format!("{}/join#1.secret", scene.bare));
    phone.click("main a[href^='/sign-in']");
    phone.fill("input[name=name]", "carol");
    phone.fill("input[name=password]", PASSWORD);
    phone.click("form .btn");
    let field = "return [document.querySelector('textarea')?.value, location.hash, sessionStorage.invitation];";
    phone.until("the secret in the form", || {
        phone.run(field, vec![]) == serde_json::json!(["1.secret", "", ""])
    });
}

#[test]
fn the_link_of_an_invitation_is_copied_by_a_button_or_lies_there_chosen() {
    let scene = Scene::new();
    let browser = Browser::start();
    browser.sign_in(&scene.base, "bob");
    let page = format!("{}/households/invitations/{}", scene.base, scene.invitation);
    let rights = serde_json::json!({ "origin": scene.base, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.command("Browser.grantPermissions", rights);
    browser.goto(&page);
    let link = "return document.querySelector('input[readonly]').value;";
    let link = browser.run(link, vec![]);
    browser.click("[data-copied]");
    let says = "return document.querySelector('[data-copied]').textContent;";
    browser.until("that it is copied", || {
        browser.run(says, vec![]) == "Copied"
    });
    let copied = "navigator.clipboard.readText().then(arguments[0], (error) => arguments[0](String(error)));";
    assert_eq!(browser.run_until_done(copied, vec![]), link);

    // Where the browser lets no page copy, such as without TLS.
    browser.goto(&page);
    let none = "Object.defineProperty(navigator, 'clipboard', { value: undefined });";
    browser.run(none, vec![]);
    browser.click("[data-copied]");
    let chosen = "const field = document.querySelector('input[readonly]');
        return field.value.slice(field.selectionStart, field.selectionEnd);";
    browser.until("that it is chosen", || browser.run(chosen, vec![]) == link);
    assert_eq!(browser.run(says, vec![]), "Copy");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
