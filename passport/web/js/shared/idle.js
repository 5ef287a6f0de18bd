/**
 * Asks "Is this you?" when nobody has touched the screen for a while. Nothing is thrown away: the
 * page and its answers stay as they are below the question, and a recording that plays is not idle.
 */

import { one } from "./dom.js";

const SIGNS = ["pointerdown", "keydown", "touchstart", "scroll", "timeupdate"];

/**
 * @param {HTMLDialogElement} dialog
 * @param {number} minutes
 */
export function watchIdle(dialog, minutes) {
  let last = Date.now();
  const live = () => {
    if (!dialog.open) last = Date.now();
  };
  const ask = () => {
    // Wall time, so that a closed lid counts although timers slept.
    if (Date.now() - last < minutes * 60_000 || dialog.open) return;
    ask_now(dialog);
  };
  for (const name of SIGNS) addEventListener(name, live, { passive: true, capture: true });
  // Before anything that wakes the page counts as a sign of life.
  document.addEventListener("visibilitychange", ask, { capture: true });
  setInterval(ask, 5_000);
  one(dialog, "[data-yes]", HTMLElement).addEventListener("click", () => {
    last = Date.now();
    dialog.close();
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
}

/** @param {HTMLDialogElement} dialog */
export function ask_now(dialog) {
  for (const player of document.querySelectorAll("audio, video")) {
    /** @type {HTMLMediaElement} */ (player).pause();
  }
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
}
