/** A class at a glance, kept up to date: asked for every few seconds, not while nobody looks. */

import { one, show } from "./shared/dom.js";

const EVERY_MS = 5000;
const board = one(document, "#board", HTMLElement);
const late = document.getElementById("board-late");
const address = board.dataset.board ?? "";
let seen = "";
let timer = 0;

/** Ask; the browser sends the ETag along, and 304 costs next to nothing. */
async function look() {
  try {
    const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
    if (answer.redirected || answer.status === 401 || answer.status === 404) {
      location.reload();
      return;
    }
    show(late, !answer.ok);
    const etag = answer.headers.get("ETag") ?? "";
    if (answer.ok && etag !== seen) {
      seen = etag;
      renew(await answer.text());
    }
  } catch {
    show(late, true);
  }
  wait();
}

/**
 * Put the new learners in the place of the old ones; the keyboard stays where it was.
 * @param {string} html
 */
function renew(html) {
  const active = document.activeElement;
  const held = active instanceof HTMLAnchorElement && board.contains(active) ? active.getAttribute("href") : null;
  board.innerHTML = html;
  if (held !== null) {
    const again = board.querySelector(`a[href="${CSS.escape(held)}"]`);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }
}

function wait() {
  clearTimeout(timer);
  if (!document.hidden) timer = window.setTimeout(look, EVERY_MS);
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) void look();
});
wait();
