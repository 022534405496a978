// Each makes quicker what works without it. Nothing here decides.

const $ = (css, within = document) => within.querySelector(css);
const $$ = (css, within = document) => [...within.querySelectorAll(css)];
const make = (tag, values) => Object.assign(document.createElement(tag), values);
const on = (target, names, does, options) => names.split(" ").forEach((name) => target.addEventListener(name, does, options));
const active = () => document.activeElement;
const { abs, hypot, max, min } = Math;
const href = (one) => one?.getAttribute("href");
const rect = (one) => one.getBoundingClientRect();
const refuse = (event) => event.preventDefault();
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
// Nothing, where the line is gone.
const get = (path, options) => fetch(path, options).catch(() => null);
const asData = { headers: { accept: "application/json" } };
const pageOf = (answer) => answer?.ok && answer.text().then((text) => new DOMParser().parseFromString(text, "text/html"), () => null);

// Whether a picture came: its own promise to decode may stay open.
const came = (image) => new Promise((done) => {
  const look = () => done(image.naturalWidth > 0);
  if (image.complete) return look();
  on(image, "load error", look, { once: true });
});

// The open album is in sight.
$(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Keys press what carries data-key, unless somebody types; Escape closes what lies open first.
const typing = (event) => event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, video, audio");
on(window, "keydown", (event) => {
  const open = event.key === "Escape" && $(".allowed[open] summary");
  if (!open && typing(event)) return;
  const target = open || $(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) {
    refuse(event);
    if (open) open.focus();
    target.click();
  }
});

// What is to be copied is taken whole.
on(window, "focusin", ({ target }) => { if (target.matches("input[readonly]")) target.select(); });

// Where a page may not copy, the link lies there chosen.
for (const button of $$("[data-copied]")) {
  const field = $("input", button.parentElement.previousElementSibling);
  button.parentElement.hidden = false;
  on(button, "click", async () => {
    const copied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    if (copied) button.textContent = button.dataset.copied;
    else field.focus();
  });
}

// The next picture is fetched while this one is looked at.
const shown = $("img[data-ahead]");
if (shown) came(shown).then(() => { new Image().src = shown.dataset.ahead; });

// A finger draws neighbours in; two, a double tap, wheel, + and - bring the picture nearer.
const stage = $(".stage");
const near = stage?.querySelector("img");
if (stage) {
  const down = new Map();
  let [scale, x, y] = [1, 0, 0];
  let [from, tapped] = [null, { at: 0 }];
  const draw = () => {
    const box = rect(stage);
    const fit = min(box.width / near.naturalWidth, box.height / near.naturalHeight) || 0;
    const most = (size, whole) => max(0, (size * fit * scale - whole) / 2);
    const [right, low] = [most(near.naturalWidth, box.width), most(near.naturalHeight, box.height)];
    x = max(-right, min(right, x));
    y = max(-low, min(low, y));
    near.style.transform = scale > 1 ? `translate(${x}px, ${y}px) scale(${scale})` : "";
    stage.classList.toggle("near", scale > 1);
  };
  // What lies under that point of the window stays there.
  const zoom = (factor, at) => {
    const box = rect(stage);
    const [px, py] = at ? [at.x - box.x - box.width / 2, at.y - box.y - box.height / 2] : [0, 0];
    const next = max(1, min(8, scale * factor));
    [x, y] = [px - (px - x) * next / scale, py - (py - y) * next / scale];
    scale = next;
    draw();
  };
  const turn = (at) => zoom(scale > 1 ? 0 : 2.5, at);
  const middle = () => {
    const [a, b] = [...down.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, wide: hypot(a.x - b.x, a.y - b.y) || 1 };
  };
  on(stage, "pointerdown", (event) => {
    if (event.pointerType === "mouse" && (event.button || scale === 1) || event.target.closest("video, audio")) return;
    from = down.size ? null : event.x;
    down.set(event.pointerId, { x: event.x, y: event.y });
    if (scale > 1 && !event.target.closest("a")) stage.setPointerCapture(event.pointerId);
  });
  on(stage, "pointermove", (event) => {
    const one = down.get(event.pointerId);
    if (!one || !near) return;
    const before = down.size > 1 && middle();
    const [dx, dy] = [event.x - one.x, event.y - one.y];
    [one.x, one.y] = [event.x, event.y];
    if (before) {
      const now = middle();
      [x, y] = [x + now.x - before.x, y + now.y - before.y];
      zoom(now.wide / before.wide, now);
    } else if (scale > 1) {
      [x, y] = [x + dx, y + dy];
      draw();
    }
  });
  const up = (event) => {
    if (!down.delete(event.pointerId) || from === null || event.type !== "pointerup") return;
    const way = event.x - from;
    if (scale === 1 && abs(way) > 60) $(way < 0 ? ".turn.next" : ".turn.prev")?.click();
    if (event.pointerType !== "touch" || abs(way) > 10 || !near || event.target.closest("a")) return;
    const twice = event.timeStamp - tapped.at < 350 && hypot(event.x - tapped.x, event.y - tapped.y) < 40;
    tapped = { at: twice ? 0 : event.timeStamp, x: event.x, y: event.y, touch: true };
    if (twice) turn(event);
  };
  on(stage, "pointerup pointercancel", up);
  if (near) {
    near.draggable = false;
    on(stage, "dblclick", (event) => { if (!tapped.touch && !event.target.closest("a")) turn(event); });
    on(stage, "wheel", (event) => {
      refuse(event);
      zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event);
    }, { passive: false });
    on(window, "resize", draw);
    // Before the keys that lead elsewhere.
    on(window, "keydown", (event) => {
      if (typing(event)) return;
      const step = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[event.key];
      if (["+", "=", "-"].includes(event.key)) zoom(event.key === "-" ? 1 / 1.5 : 1.5);
      else if (scale === 1) return;
      else if (step) { [x, y] = [x + step[0], y + step[1]]; draw(); }
      else if (event.key === "0" || event.key === "Escape") zoom(0);
      else return;
      refuse(event);
      event.stopImmediatePropagation();
    }, { capture: true });
  }
}

// Whoever goes on without a line is told so, and gets there once it is back.
const lost = $("[data-lost]");
if (lost) {
  let to = location.href;
  const go = async () => {
    lost.hidden = !!await get(to);
    if (lost.hidden) location.href = to;
  };
  on(window, "click", (event) => {
    const link = !navigator.onLine && event.target.closest(".turn");
    if (!link) return;
    refuse(event);
    to = link.href;
    go();
  });
  on(window, "online", () => lost.hidden || go());
  on($("button", lost), "click", go);
  if (near) came(near).then((here) => { lost.hidden = here || navigator.onLine; });
}

// The page for paper prints itself.
if (near?.closest(".paper")) came(near).then((here) => { if (here) print(); });

// Choosing: shift for a range, a long press on a touch screen, then taps. A search keeps it.
const boxOf = (item) => item && $(".tick input", item);
const album = $("form.album");
if (album) {
  on($(".search"), "formdata", ({ formData }) => {
    for (const one of $$(":checked, [name=rest]", album)) formData.append("picture", one.value);
  });
  let last, touch, held;
  on(album, "click", (event) => {
    const { target, shiftKey } = event;
    const box = boxOf(target.closest(".rows li"));
    if (!box) return;
    if (held || target.closest("a")) {
      if (!held && !shiftKey && !(touch && $(".tick :checked", album))) return;
      refuse(event);
      if (held) return void (held = false);
      box.checked = shiftKey || !box.checked;
    } else if (target !== box) return;
    const all = $$(".tick input", album);
    const before = all.findIndex((one) => one.value === last);
    if (shiftKey && before >= 0) {
      const [from, to] = [before, all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    last = box.value;
  });
  let pressed = 0;
  const stop = () => { clearTimeout(pressed); pressed = 0; };
  on(album, "pointerdown", (event) => {
    touch = event.pointerType === "touch";
    held = false;
    const box = touch && boxOf(event.target.closest(".rows li"));
    if (!box) return;
    pressed = setTimeout(() => {
      box.checked = !box.checked;
      last = box.value;
      held = true;
    }, 500);
  });
  on(window, "pointerup pointermove pointercancel scroll", stop, { passive: true });
  on(album, "contextmenu", (event) => { if (pressed) refuse(event); });
  // A space on a focused picture chooses it.
  on(album, "keydown", (event) => {
    if (event.key !== " " || !event.target.matches(".rows a")) return;
    refuse(event);
    boxOf(event.target.closest("li")).dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: event.shiftKey }));
  });
}

// One tick for all.
for (const all of $$("[data-all]")) {
  const group = all.closest('[role="group"]');
  const boxes = $$("[name=item]", group);
  const look = () => {
    const is = ({ checked }) => checked;
    all.checked = boxes.every(is);
    all.indeterminate = !all.checked && boxes.some(is);
  };
  all.closest("label").hidden = false;
  on(all, "change", () => boxes.forEach((one) => { one.checked = all.checked; }));
  on(group, "change", look);
  look();
}

// Older pictures come near the end; what others change is put in where it belongs.
const grid = album?.querySelector(".grid");
let regrid;
if (grid) {
  const older = $(".older");
  const read = (path) => get(path).then(pageOf);
  const next = (page) => href($(".older a", page));
  const after = (page) => new URLSearchParams(next(page)?.split("?")[1]).get("after") ?? "";
  const items = (from) => $$(".rows li", from);
  const find = (from, name) => items(from).find((item) => boxOf(item).value === name);
  const append = (to, page) => {
    let into;
    for (const part of [...$(".grid", page).children]) {
      if (part.matches(".month")) {
        // A month that is cut by the end of a page goes on where it was.
        const same = $$(".month h2", to).at(-1)?.textContent === $("h2", part).textContent;
        into = same ? $$(".rows", to).at(-1) : null;
        if (!into) to.append(part);
      } else if (into) into.append(...part.children);
      else to.append(part);
    }
  };
  let end;
  const reached = () => { end = items(grid).length ? boxOf(items(grid).at(-1)).value : ""; };
  // One at a time.
  let turn = Promise.resolve();
  const inTurn = (does) => { turn = turn.then(does).catch(() => {}); return turn; };
  const edge = new IntersectionObserver(([seen]) => {
    if (!seen.isIntersecting) return;
    edge.disconnect();
    inTurn(async () => {
      const page = next(document) && await read(next(document));
      if (!page) return;
      // Of what was chosen before, that has come now.
      for (const one of $$("[name=rest]", album)) if (find(page, one.value)) one.remove();
      append(grid, page);
      reached();
      older.replaceChildren(...$(".older", page).childNodes);
      watch();
    });
  }, { rootMargin: "1500px" });
  const watch = () => { edge.disconnect(); if (next(document)) edge.observe(older); };
  grid.replaceChildren(...grid.children);
  reached();
  watch();

  // What is chosen stays so, and what is looked at stays where it is.
  regrid = (first) => inTurn(async () => {
    const calm = scrollY > 0 || $(".tick :checked", album);
    const fresh = make("div");
    let page = first;
    append(fresh, page);
    while (calm && next(page) && !find(fresh, end) && after(page) >= after(document)) {
      page = await read(next(page));
      if (!page) return;
      append(fresh, page);
    }
    if (fresh.innerHTML === grid.innerHTML) return;
    const held = new Map(items(grid).map((item) => [boxOf(item).value, item]));
    const stays = new Set(items(fresh).map((item) => boxOf(item).value));
    const top = (item) => rect(item).top;
    const mark = calm && items(grid).find((item) => stays.has(boxOf(item).value) && rect(item).bottom > 0);
    const [name, was] = mark ? [boxOf(mark).value, top(mark)] : [];
    const focus = grid.contains(active()) && active();
    const focused = focus && boxOf(focus.closest("li")).value;
    for (const item of items(fresh)) {
      const old = held.get(boxOf(item).value);
      // What is chosen at once on a fresh page is not on one that lies open.
      const checked = !!old && boxOf(old).checked;
      if (old?.outerHTML === item.outerHTML) item.replaceWith(old);
      else boxOf(item).checked = checked;
    }
    document.documentElement.style.overflowAnchor = "none";
    grid.replaceChildren(...fresh.children);
    older.replaceChildren(...$(".older", page).childNodes);
    if (name) scrollBy({ top: top(find(grid, name)) - was, behavior: "instant" });
    if (focus) (focus.isConnected ? focus : find(grid, focused)?.querySelector(focus.localName))?.focus({ preventScroll: true });
    if (!calm || !find(grid, end)) reached();
    watch();
  });
}

// Files in pieces, two at once; a lost line, or the same file chosen again, goes on.
const strip = $(".strip[data-adding]");
if (strip) {
  const PIECE = 4 << 20;
  const say = strip.dataset;
  const find = (css) => $(css, strip);
  const [queue, files] = [[], []];
  let busy = 0;
  const ask = (path, options) => get(path, { ...options, ...asData });
  const size = (bytes) => `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;

  const [all, now] = $$("ul", strip);
  const ends = find("div");

  const show = () => {
    const over = !busy && !queue.length;
    const count = (key, value) => files.filter((one) => one[key] === value).length;
    const [inside, failed, fresh] = [count("state", "in"), count("state", "failed"), count("fresh", true)];
    const known = inside - fresh;
    const words = `${over ? say.done : say.adding} ${files.length}: ${inside} ${say.in}` + (known ? `, ${known} ${say.known}` : "") + (failed ? `, ${failed} ${failed > 1 ? say.severalFailed : say.failed}` : "");
    strip.hidden = false;
    find("summary span").textContent = words;
    const bar = find("progress");
    bar.max = files.reduce((sum, one) => sum + one.file.size, 0) || 1;
    bar.value = files.reduce((sum, one) => sum + (one.state ? one.file.size : one.done), 0);
    bar.hidden = over;
    for (const one of files) {
      // What is in hand and what stayed out are seen at once.
      const to = one.bar || one.state === "failed" ? now : all;
      one.line ??= make("li");
      if (one.line.parentNode !== to) to.append(one.line);
      const text = one.state === "in" ? (one.fresh ? say.in : say.known) : one.words || `${size(one.done)} / ${size(one.file.size)}`;
      if (one.bar) one.bar.value = one.done;
      if (one.told === (one.told = text + !one.bar)) continue;
      one.line.replaceChildren(make("span", { textContent: one.file.name }), make("span", { textContent: text, className: one.state === "failed" ? "stop" : "soft" }), ...(one.bar ? [one.bar] : []));
    }
    ends.hidden = !over;
    if (!over) return;
    find("[role=status]").textContent = words;
    const link = $("a", ends);
    link.style.display = fresh ? "" : "none";
    link.href = `${say.back}new=${fresh}`;
    // What is chosen meanwhile is not lost.
    if (!failed && !$(".tick :checked")) location.href = `${say.back}added=${inside}&fresh=${fresh}`;
  };
  on($("button", ends), "click", () => {
    strip.hidden = true;
    for (const one of files.splice(0)) one.line.remove();
    if (!$(".grid")) location.reload();
  });

  // What is under way, by name (not in the clear), size and last change of the file.
  const marks = ({ name, size, lastModified }) => `upload ${[...name].reduce((sum, one) => Math.imul(sum, 31) + one.codePointAt() | 0, 7)} ${size} ${lastModified}`;
  let under = {};
  try { under = localStorage; } catch { /* It may be forbidden. */ }

  const post = async (path, values) => {
    const answer = await ask(`/album/uploads${path}`, { method: "POST", body: new URLSearchParams(values) });
    if (!answer) return wait(3000).then(() => post(path, values));
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };

  const begin = async (one) => {
    const { name, size } = one.file;
    const known = size > PIECE && under[marks(one.file)];
    const state = known && await ask(`/album/uploads/${known}`);
    if (state?.ok) {
      one.done = (await state.json()).received;
      show();
      return known;
    }
    const { id } = await post("", { name, size });
    if (size > PIECE) under[marks(one.file)] = id;
    return id;
  };

  const send = async (one) => {
    const id = await begin(one);
    let waits = 1000;
    while (one.done < one.file.size) {
      const piece = one.file.slice(one.done, one.done + PIECE);
      const answer = await ask(`/album/uploads/${id}?offset=${one.done}`, { method: "PUT", body: piece });
      const code = answer?.status;
      if (answer?.ok) {
        one.done = (await answer.json()).received;
        one.words = "";
        waits = 1000;
      } else if ((code < 500 || code === 507) && ![409, 429].includes(code)) {
        throw new Error(await answer.text());
      } else {
        one.words = code === 409 ? say.other : say.again;
        show();
        await wait(waits);
        waits = min(waits * 2, 30000);
        const state = await ask(`/album/uploads/${id}`);
        if (state?.ok) one.done = (await state.json()).received;
        // It may be done, by another page; else why not is said below.
        else if (state?.status === 404) break;
      }
      show();
    }
    const album = $("form.adding")?.dataset.album ?? "";
    one.fresh = !(await post(`/${id}`, { album })).known;
    delete under[marks(one.file)];
  };

  const work = async () => {
    while (queue.length) {
      const one = queue.shift();
      busy += 1;
      one.bar = make("progress", { max: one.file.size, value: 0, ariaLabel: one.file.name });
      show();
      try {
        await send(one);
        one.state = "in";
      } catch (error) {
        one.state = "failed";
        one.words = error.message;
      }
      busy -= 1;
      one.bar = null;
      show();
    }
  };

  const add = (chosen) => {
    const idle = !busy && !queue.length;
    for (const file of chosen) {
      if (file.size > PIECE && files.some((one) => !one.state && marks(one.file) === marks(file))) continue;
      const one = { file, done: 0, state: "", words: "" };
      files.push(one);
      queue.push(one);
    }
    if (!queue.length) return;
    show();
    if (idle) { work(); work(); }
  };

  for (const input of $$('form.adding input[type=file]')) {
    on(input, "change", () => { add(input.files); input.value = ""; });
  }
  on(window, "dragover", (event) => { if (event.dataTransfer.types.includes("Files")) refuse(event); });
  on(window, "drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    refuse(event);
    add(event.dataTransfer.files);
  });
  on(window, "beforeunload", (event) => { if (busy) refuse(event); });
}

// The share page says what will happen.
const live = $("form[data-live]");
if (live) {
  let turn = 0, later;
  const look = async () => {
    const mine = ++turn;
    const page = await get("/share", { method: "POST", body: new URLSearchParams(new FormData(live)), headers: { accept: "text/html" } }).then(pageOf);
    if (mine !== turn) return;
    live.removeAttribute("aria-busy");
    if (!page) return again();
    const focused = active()?.name;
    const value = active()?.value;
    // Those of single people are written anew.
    const open = $$("fieldset details[open]", live).map((one) => $("[name=for]", one.closest("fieldset"))?.value);
    for (const part of $$("[data-part]", live)) {
      part.replaceChildren(...$(`[data-part="${part.dataset.part}"]`, page).childNodes);
    }
    for (const one of $$("[name=for]", live)) {
      if (open.includes(one.value)) $("details", one.closest("fieldset")).open = true;
    }
    if (focused && !live.contains(active())) {
      const same = [...live.elements].filter((one) => one.name === focused);
      (same.find((one) => one.value === value) ?? same[0])?.focus();
    }
    // Whoever was typed has a face now; what nobody understood stays.
    const typed = live.elements.who;
    if (active() !== typed) typed.value = $("[name=who]", page).value;
    again();
  };
  // Who was asked may answer meanwhile; what is being filled in is let be.
  const again = () => {
    clearTimeout(later);
    if ($("[data-asked]", live)) later = setTimeout(() => document.hidden || active().closest(".field") ? again() : look(), 3000);
  };
  again();
  on(live, "change", (event) => {
    if (["title", "message"].includes(event.target.name)) return;
    live.setAttribute("aria-busy", "true");
    // What is on its way knows nothing of this.
    turn++;
    clearTimeout(later);
    later = setTimeout(look, 50);
  });
}

// What the house says happened; not while nobody looks.
const listen = (tell) => {
  let events;
  const open = () => {
    events?.close();
    events = document.hidden ? null : new EventSource("/api/v1/events");
    // Said once it is open, too: something may have been missed.
    if (events) on(events, "ready arrived ended sent copy album", ({ type }) => tell(type));
  };
  on(document, "visibilitychange", open);
  open();
};

// A page that lies open shows what comes, how far it got, and nothing that is over.
const parts = $$("[data-now]");
if (parts.length) {
  const was = new Map(parts.map((part) => [part.dataset.now, part.innerHTML]));
  // After files on their way it is done anyway, and what stayed out of them is to be read.
  const again = () => { if (strip?.hidden !== false) location.reload(); };
  const held = stage?.querySelector("img, video, audio")?.localName;
  let looking, once, ends, due;
  const put = (part, fresh) => {
    const mine = active();
    const typing = part.contains(mine) && mine.matches("textarea, select, input:not([type=checkbox], [type=radio])");
    if (typing) return on(mine, "blur", look, { once: true });
    was.set(part.dataset.now, fresh.innerHTML);
    const held = $$("img", part);
    for (const image of $$("img", fresh)) {
      const same = held.find((one) => one.getAttribute("src") === image.getAttribute("src"));
      if (same) { same.alt = image.alt; image.replaceWith(same); }
    }
    const open = $$("details[open] > summary", part).map((one) => one.textContent);
    for (const one of $$("summary", fresh)) one.parentElement.open = open.includes(one.textContent);
    const focus = part.contains(mine) && (mine.id ? `#${CSS.escape(mine.id)}` : href(mine) && `a[href="${CSS.escape(href(mine))}"]`);
    part.replaceChildren(...fresh.childNodes);
    if (focus) $(focus, part)?.focus();
  };
  const soon = () => {
    clearTimeout(ends);
    const left = min(...$$("[data-ends]").map((one) => one.dataset.ends)) * 1000;
    if (left < 2e9) ends = setTimeout(look, left + 500);
    due = Date.now() + left;
  };
  const look = async () => {
    once = looking;
    if (looking) return;
    looking = true;
    const answer = await get(location.href);
    const page = await pageOf(answer);
    looking = false;
    if (once) return look();
    if (answer?.redirected || [401, 403, 404, 410].includes(answer?.status)) return again();
    if (!page) {
      if (Date.now() < due) return;
      // What is over is gone without a line, too.
      for (const part of parts) if (part.dataset.ends && was.delete(part.dataset.now)) part.replaceChildren();
      if (stage) {
        stage.replaceChildren();
        lost.hidden = false;
      }
      ends = setTimeout(look, 5000);
      return;
    }
    if (held && !($(held, stage) && $(`.stage ${held}`, page))) return again();
    for (const part of parts) {
      const fresh = $(`[data-now="${part.dataset.now}"]`, page);
      if (!fresh) return again();
      if (part === grid) { regrid(page); continue; }
      if (fresh.dataset.ends) part.dataset.ends = fresh.dataset.ends; else delete part.dataset.ends;
      if (fresh.innerHTML !== was.get(part.dataset.now)) put(part, fresh);
    }
    for (const one of $$(".top nav a")) {
      const fresh = $(`.top nav a[href="${href(one)}"]`, page);
      if (fresh && fresh.innerHTML !== one.innerHTML) one.replaceChildren(...fresh.childNodes);
    }
    soon();
  };
  // An album that grows is not looked at all the time.
  const own = parts.some((part) => part === grid || part.matches(".drop"));
  let rest = 0, turn;
  listen((what) => {
    if (what === "album" && !own) return;
    clearTimeout(turn);
    turn = setTimeout(async () => {
      const begun = Date.now();
      await look();
      rest = Date.now() + 4 * (Date.now() - begun);
    }, max(0, rest - Date.now()));
  });
  soon();
}

// The lamp says how far a card is read, also one that is begun elsewhere; the page of the cards follows what is put in.
let lamp = $(".lamp");
if (lamp) {
  const ofCards = location.pathname === "/card";
  const state = (one) => `${one.matches(".on")}${one.dataset.cards}`;
  const was = state(lamp);
  // What somebody is filling in is not taken away.
  const filling = () => $$("main input").some((one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked);
  const rest = () => setTimeout(look, ofCards || lamp.matches(".on") ? 2000 : 8000);
  const look = async () => {
    if (document.hidden) return on(document, "visibilitychange", look, { once: true });
    const answer = await get("/card/lamp" + (ofCards ? "?look" : ""), asData);
    if (answer?.status === 401) return;
    const now = $(".lamp", await pageOf(answer) || undefined);
    if (ofCards && state(now) !== was && !filling()) return location.reload();
    const bar = $("main progress[max]");
    if (bar && ofCards && now.matches(".on")) [bar.max, bar.value] = [now.dataset.total || 1, now.dataset.done];
    if (now.outerHTML !== lamp.outerHTML) lamp.replaceWith(lamp = now);
    rest();
  };
  rest();
}

// A frame holds two pictures; its list is read each minute, and when something came or is over.
const frame = $("main.frame");
if (frame) {
  const stays = frame.dataset.stays * 1000;
  let list = [], at = +frame.dataset.at, read = 0;
  let held, nudge = () => {};
  const stay = (ms) => new Promise((done) => {
    const timer = setTimeout(done, ms);
    nudge = () => { clearTimeout(timer); done(); };
  });
  let met;
  listen((what) => {
    if (["sent", "copy", "album"].includes(what) || what === "ready" && !met) { met = true; return; }
    read = 0;
    nudge();
  });
  const dim = () => {
    const [from, to] = (frame.dataset.night ?? "").split("-").map(Number);
    const hour = new Date().getHours();
    return frame.classList.toggle("night", to !== undefined && (hour >= from) + (hour < to) + (from >= to) > 1);
  };
  // Also while one picture stays for an hour.
  dim();
  setInterval(dim, 30000);
  const refresh = async () => {
    if (Date.now() - read < 60000 && list.length) return;
    const answer = await get(frame.dataset.list, asData);
    if (answer?.status === 401) location.href = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
    if (!answer?.ok) return;
    const shown = list[at]?.show;
    const fresh = await answer.json();
    const isNew = fresh.find((one) => list.length && !list.some((other) => other.show === one.show));
    list = fresh;
    read = Date.now();
    for (const one of list) one.ends = read + (one.left ?? Infinity) * 1000;
    for (const old of $$("figure", frame)) old.ends ??= list[at]?.ends;
    // What has just come is shown next.
    if (isNew) at = list.indexOf(isNew) - 1;
    else if (shown) at = max(list.findIndex((one) => one.show === shown), 0);
  };
  const show = async () => {
    await refresh();
    for (const old of $$("figure", frame)) if (old.ends < Date.now()) old.remove();
    list = list.filter((one) => one.ends > Date.now());
    if (!list.length) {
      if (read) $("figure img", frame)?.parentElement.replaceChildren();
      return;
    }
    at = (at + 1) % list.length;
    const one = list[at];
    const image = make("img", { alt: one.caption || one.from, src: one.show });
    // It may be over meanwhile.
    if (!(await came(image))) { read = 0; return; }
    const figure = make("figure", { className: "coming", ends: one.ends });
    figure.append(image, make("figcaption", { className: "serif", textContent: [one.caption, one.from, one.date].filter(Boolean).join(", ") }));
    frame.append(figure);
    await wait(2500);
    for (const old of $$("figure", frame)) if (old !== figure) old.remove();
    figure.classList.remove("coming");
  };
  const awake = async () => {
    if (!document.hidden) held = await navigator.wakeLock?.request("screen").catch(() => null);
  };
  on(document, "visibilitychange", awake);
  awake();
  (async () => {
    await refresh();
    for (;;) {
      const left = (list[at]?.ends ?? Infinity) - Date.now() + 500;
      // Black: each minute.
      await stay(min(stays, $("img", frame) ? left : 6e4));
      if (left < stays) read = 0;
      if (!dim()) await show();
    }
  })();
}

// What stands behind the # of an invitation goes into the form, by way of the sign-in too.
const invitation = $("[data-fragment]");
const secret = invitation && (location.hash.slice(1) || sessionStorage.invitation);
if (secret) {
  invitation.value = secret;
  sessionStorage.invitation = invitation.name ? "" : secret;
  if (invitation.name) history.replaceState(null, "", location.pathname);
}
