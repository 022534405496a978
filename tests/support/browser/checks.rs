//! What must hold of every page in the browser, each as a list of what does not.

use std::path::PathBuf;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::Browser;

/// Runs axe-core for what WCAG 2.2 asks at levels A and AA, or by single rules.
const AXE: &str = "const done = arguments[arguments.length - 1];
    const rules = arguments[0];
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values };
    axe.run(document, { runOnly, resultTypes: ['violations'], preload: false }).then(
        (found) => done(found.violations.flatMap((one) =>
            one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))),
        (error) => done([`axe: ${error}`]));";

/// What is pressed, touched or typed into, and whether a finger (or the focus that shows it) finds 24 pixels of it in each
/// direction, 44 for all but links in a text. A link within a sentence is as high as its line; what lies under something
/// that was opened comes out when that is closed.
const TARGETS: &str = "
    const faults = [];
    const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary');
    for (const one of all) {
        one.focus({ preventScroll: true });
        one.scrollIntoView({ block: 'center', inline: 'nearest' });
        const touched = [one, ...(one.labels ?? [])];
        const hits = (x, y) => {
            const found = document.elementFromPoint(x, y);
            const open = found?.closest('details[open] > :not(summary)');
            return found !== null && (touched.some((each) => each.contains(found)) || (open && !open.contains(one)));
        };
        const area = (box) => box.width * box.height;
        const boxes = touched.map((each) => each.getBoundingClientRect());
        const box = boxes.reduce((a, b) => area(a) < area(b) ? b : a);
        if (box.width === 0 || !one.checkVisibility()) continue;
        const style = getComputedStyle(one);
        const text = (each) => each.textContent.trim().length;
        if (style.display === 'inline' && text(one.parentElement) > text(one)) continue;
        const main = one.matches('button, input, select, textarea, summary, .btn, .ghost, .say, .turn, .me, nav a');
        const half = (main ? 44 : 24) / 2 - 1;
        const x = box.left + box.width / 2, y = box.top + box.height / 2;
        const missed = [[-half, 0], [half, 0], [0, -half], [0, half]].filter(([dx, dy]) =>
            x + dx >= 0 && x + dx < innerWidth && !hits(x + dx, y + dy));
        if (missed.length > 0) {
            const size = `${Math.round(box.width)} by ${Math.round(box.height)}`;
            faults.push(`${one.outerHTML.slice(0, 160)} is ${size}; not hit ${JSON.stringify(missed)} from its middle`);
        }
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return faults;";

/// Whether what has the focus shows it: by an outline of its own, of what lies over it, or of its label.
const SHOWN: &str = "
    const outlined = (element, part) => {
        const style = getComputedStyle(element, part);
        return (!part || style.content !== 'none') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    const shown = (one) => outlined(one) || outlined(one, '::after') || [...(one.labels ?? [])].some((label) => outlined(label));
";

/// What can have the focus and does not show it.
const UNSEEN: &str = "
    const faults = [];
    const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary');
    for (const one of all) {
        one.focus({ preventScroll: true, focusVisible: true });
        if (document.activeElement === one && !shown(one)) faults.push(one.outerHTML.slice(0, 160));
    }
    document.activeElement?.blur();
    return faults;";

/// Whether that can be seen which has the focus. What lies under something that was opened comes out when that is closed.
const SEEN: &str = "
    const seen = (one) => {
        const labels = [...(one.labels ?? [])];
        const box = one.getBoundingClientRect();
        const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const open = over?.closest('details[open] > :not(summary)');
        const hidden = over !== null && ![one, ...labels].some((each) => each.contains(over) || over.contains(each));
        return {
            shown: shown(one),
            within: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
            covered: hidden && (!open || open.contains(one)),
        };
    };
";

/// What has the focus, and whether that can be seen.
const FOCUS: &str = "
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    return {
        ...seen(one),
        html: one.outerHTML.slice(0, 200),
        href: one.getAttribute('href') ?? '',
        name: one.getAttribute('name') ?? '',
    };";

/// Notes from now on what a key led to: `left` is what can be seen and was not reached. Of radio buttons, arrows reach the
/// others. What plays shows the focus on buttons of the browser's own.
const NOTED: &str = "
    const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [controls]');
    const left = new Set([...all].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled));
    window.noted = { left, faults: new Set() };
    addEventListener('keyup', () => {
        const one = document.activeElement;
        if (one === null || one === document.body) return;
        for (const other of left) if (other === one || one.type === 'radio' && other.name === one.name) left.delete(other);
        const { shown, within, covered } = seen(one);
        const html = one.outerHTML.slice(0, 160);
        if (!shown && !one.matches('[controls]')) noted.faults.add(`no outline: ${html}`);
        if (!within) noted.faults.add(`out of sight: ${html}`);
        if (covered) noted.faults.add(`under something: ${html}`);
    }, { capture: true });
    return left.size;";

/// What was noted; a page that renewed itself may have put something else in the place of what it held.
const FOUND: &str = "
    const left = [...noted.left].filter((one) => one.isConnected);
    return [left.map((one) => `not reached: ${one.outerHTML.slice(0, 160)}`), [...noted.faults]];";

/// The script of axe-core.
pub fn axe() -> String {
    let path = std::env::var_os("HEARTHPOST_AXE").map(PathBuf::from).expect(
        "HEARTHPOST_AXE is not set: these tests need axe-core (npm install axe-core); set it to its axe.min.js",
    );
    std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("HEARTHPOST_AXE names {}: {error}", path.display()))
}

fn list(value: &Value) -> Vec<String> {
    let lines = value.as_array().expect("a list").iter();
    let text = |line: &Value| {
        line.as_str()
            .map_or_else(|| line.to_string(), str::to_owned)
    };
    lines.map(text).collect()
}

impl Browser {
    /// What keeps somebody from using the page that is open; `axe` must have been run in it.
    pub fn barriers(&self) -> Vec<String> {
        list(&self.run_until_done(AXE, vec![Value::Null]))
    }

    /// The same of colours alone, which are all that is other by night.
    pub fn colour_barriers(&self) -> Vec<String> {
        let rules = json!(["color-contrast", "link-in-text-block"]);
        list(&self.run_until_done(AXE, vec![rules]))
    }

    /// What is too small for a finger.
    pub fn small_targets(&self) -> Vec<String> {
        list(&self.run(TARGETS, vec![]))
    }

    /// What can be reached by keyboard without showing where one is.
    pub fn unseen_focus(&self) -> Vec<String> {
        list(&self.run(&format!("{SHOWN}{UNSEEN}"), vec![]))
    }

    /// What Tab does not reach though it can be seen, and what it reaches and cannot be seen then.
    pub fn unreached(&self) -> Vec<String> {
        // Tab leads out of the page in the end; without this it would show no focus from then on.
        let stays = json!({ "enabled": true });
        self.command("Emulation.setFocusEmulationEnabled", stays);
        self.until_painted();
        let all = self.run(&format!("{SHOWN}{SEEN}{NOTED}"), vec![]);
        // Some take several: a date has a day, a month and a year.
        let keys = vec![char::from(Key::Tab); all.as_u64().map_or(0, |all| all as usize) + 4];
        let mut found = Value::Null;
        for _ in 0..3 {
            self.keys(&keys);
            found = self.run(FOUND, vec![]);
            if found[0].as_array().is_some_and(Vec::is_empty) {
                break;
            }
        }
        [list(&found[0]), list(&found[1])].concat()
    }

    /// How far the page is wider than the window, and what sticks out.
    pub fn sticks_out(&self, width: u32) -> Vec<String> {
        // What stays in its place makes no page wider, and is cut off all the same.
        let script = "const wide = document.documentElement.scrollWidth;
            const out = [...document.querySelectorAll('body *')].filter((one) =>
                one.checkVisibility() && one.getBoundingClientRect().right > arguments[0] && !one.closest('.tabs, .vh'));
            if (wide <= arguments[0] && out.length === 0) return [];
            return [`${wide} wide: ` + out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(', ')];";
        list(&self.run(script, vec![width.into()]))
    }

    /// Presses a key, after which the focus must be seen; what has it.
    pub fn step(&self, key: Key) -> Value {
        self.press(key);
        self.focus()
    }

    /// What has the focus, which must be seen.
    pub fn focus(&self) -> Value {
        let focus = self.run(&format!("{SHOWN}{SEEN}{FOCUS}"), vec![]);
        assert!(!focus.is_null(), "nothing has the focus at {}", self.at());
        assert_eq!(focus["shown"], true, "no outline at {}: {focus}", self.at());
        assert_eq!(
            focus["within"],
            true,
            "out of sight at {}: {focus}",
            self.at()
        );
        assert_eq!(
            focus["covered"],
            false,
            "under something at {}: {focus}",
            self.at()
        );
        focus
    }

    /// Presses Tab until the focus is on what this finds.
    pub fn tab_onto(&self, css: &str) {
        let found = "return document.activeElement.matches(arguments[0]);";
        self.tab_to(css, |_| self.run(found, vec![css.into()]) == true);
    }

    /// Presses Tab until what has the focus is wanted; how often.
    pub fn tab_to(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> usize {
        self.until_painted();
        for count in 1..60 {
            if wanted(&self.step(Key::Tab)) {
                return count;
            }
        }
        panic!("{what} cannot be reached by Tab at {}", self.at());
    }
}
