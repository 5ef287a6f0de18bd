/** The picture code: three taps fill three places, and the form is sent once. */

import { all, one } from "./shared/dom.js";

const LENGTH = 3;

/** @param {HTMLFormElement} form */
export function start(form) {
  const soFar = one(form, "[name=so_far]", HTMLInputElement);
  const places = all(form, ".code li");
  const tiles = all(form, "button.tile");
  /** @type {string[]} */
  let taps = soFar.value ? soFar.value.split(",") : [];

  form.addEventListener("submit", (event) => {
    const tile = /** @type {SubmitEvent} */ (event).submitter;
    if (!(tile instanceof HTMLButtonElement) || taps.length >= LENGTH) return event.preventDefault();
    if (taps.length === LENGTH - 1) return; // The last tap is the one that is sent.
    event.preventDefault();
    fill(places[taps.length], tile);
    taps = [...taps, tile.value];
    soFar.value = taps.join(",");
  });

  for (const place of places) {
    // A tap on the filled places begins again.
    place.addEventListener("click", () => {
      taps = [];
      soFar.value = "";
      for (const each of places) {
        each.replaceChildren();
        each.classList.remove("full");
      }
    });
  }

  const wait = Number(form.dataset.wait);
  if (wait > 0) {
    setTimeout(() => {
      for (const tile of tiles) tile.removeAttribute("disabled");
    }, wait * 1000);
  }
}

/**
 * @param {HTMLElement | undefined} place
 * @param {HTMLElement} tile
 */
function fill(place, tile) {
  place?.replaceChildren(...[...tile.childNodes].map((node) => node.cloneNode(true)));
  place?.classList.add("full");
}
