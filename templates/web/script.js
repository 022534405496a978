// Each of these makes something that works without it quicker. Nothing here decides.

// Keys: what carries data-key is pressed by it, unless somebody is typing.
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});

// The next picture is fetched while this one is looked at.
const shown = document.querySelector("img[data-ahead]");
if (shown) {
  const ahead = () => { new Image().src = shown.dataset.ahead; };
  if (shown.complete) ahead();
  else shown.addEventListener("load", ahead, { once: true });
}

// A finger draws the neighbours in.
const stage = document.querySelector(".stage");
if (stage) {
  let from = null;
  stage.addEventListener("pointerdown", (event) => { from = event.pointerType === "touch" ? event.clientX : null; });
  stage.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const way = event.clientX - from;
    if (Math.abs(way) > 60) document.querySelector(way < 0 ? ".turn.next" : ".turn.prev")?.click();
    from = null;
  });
}

// The page for paper prints itself.
if (document.body.classList.contains("paper")) {
  const image = document.querySelector(".stage img");
  if (image) image.decode().then(() => print(), () => {});
}
