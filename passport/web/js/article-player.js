/** An article: one page at a time, each noted once its end has been in view. */

import { all, bring, one, show } from "./shared/dom.js";

/**
 * @param {HTMLElement} page
 * @param {import("./learner.js").Note} note
 * @param {import("./shared/outbox.js").Outbox} outbox
 */
export function start(page, note, outbox) {
  const pages = all(page, "[data-page]");
  const of = pages.length;
  const done = page.dataset.done === "yes";
  // Pages are read in order: those before the place where the reader was last have been seen.
  const place = Number(page.dataset.place);
  const seen = new Set(Array.from({ length: done ? of : place }, (_, index) => index + 1));
  for (const event of outbox.waiting(page.dataset.lesson ?? "")) {
    if (event.verb === "viewed" && event.data.of === of) seen.add(Number(event.data.page));
  }
  const turns = one(page, "[data-turns]", HTMLElement);
  const back = one(turns, "[data-back]", HTMLButtonElement);
  const on = one(turns, "[data-on]", HTMLButtonElement);
  const bar = one(turns, "progress", HTMLProgressElement);
  const finish = one(page, "[data-finish]", HTMLElement);
  show(one(page, "[data-plain]", HTMLFormElement), false);

  const first = pages.findIndex((_, index) => !seen.has(index + 1));
  let at = Math.max(0, first);
  const end = document.createElement("span");

  const watcher = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) reached();
  });

  function reached() {
    if (seen.has(at + 1)) return;
    seen.add(at + 1);
    note("viewed", { page: at + 1, of });
    if (seen.size >= of) show(finish, true);
  }

  /** @param {boolean} [move] */
  function turn(move = true) {
    pages.forEach((each, index) => show(each, index === at));
    const now = pages[at];
    if (!now) return;
    now.append(end);
    watcher.disconnect();
    watcher.observe(end);
    show(turns, of > 1);
    back.disabled = at === 0;
    show(on, at < of - 1);
    bar.value = at + 1;
    now.tabIndex = -1;
    if (move) bring(now);
  }

  back.addEventListener("click", () => {
    at = Math.max(0, at - 1);
    turn();
  });
  on.addEventListener("click", () => {
    // The button stays in view over a long page: there it goes on reading before it turns the page,
    // or somebody who taps and never scrolls would come to the end with pages that were never seen.
    if (!seen.has(at + 1)) {
      if (end.getBoundingClientRect().top > innerHeight) return scrollBy({ top: innerHeight * 0.7 });
      reached();
    }
    at = Math.min(of - 1, at + 1);
    turn();
  });
  turn(false);
}
