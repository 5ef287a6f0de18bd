/**
 * A question of the form: what was answered, put back, and locked. The form's own controls hold the
 * answer; for order and match, tiles to tap stand in for the controls and set them.
 */

import { all, make, one, show } from "./dom.js";

/** @typedef {import("./marking.js").Response} Response */

/**
 * @param {HTMLElement} question
 * @returns {(HTMLInputElement | HTMLSelectElement)[]}
 */
function controls(question) {
  return /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ (all(question, "input, select"));
}

/**
 * What is answered now; null while it is not a whole answer.
 * @param {HTMLElement} question
 * @returns {Response | null}
 */
export function response(question) {
  const given = controls(question);
  switch (question.dataset.kind) {
    case "one":
    case "several": {
      const chosen = given.filter((each) => "checked" in each && each.checked).map((each) => each.value);
      if (!chosen.length) return null;
      return question.dataset.kind === "one" ? (chosen[0] ?? null) : chosen;
    }
    case "order": {
      if (given.some((each) => !each.value)) return null;
      return [...given].sort((a, b) => Number(a.value) - Number(b.value)).map(part);
    }
    case "match": {
      if (given.some((each) => !each.value)) return null;
      return Object.fromEntries(given.map((each) => [part(each), each.value]));
    }
    case "gaps":
      return given.some((each) => each.value.trim()) ? given.map((each) => each.value.trim()) : null;
    default:
      return given[0]?.value.trim() || null;
  }
}

/** The part of a name after the question's id. @param {{ name: string }} control */
function part(control) {
  return control.name.slice(control.name.indexOf(".") + 1);
}

/**
 * Put an answer back.
 * @param {HTMLElement} question
 * @param {Response} said
 */
export function restore(question, said) {
  for (const [at, each] of controls(question).entries()) {
    if (each instanceof HTMLInputElement && (each.type === "radio" || each.type === "checkbox")) {
      each.checked = Array.isArray(said) ? said.includes(each.value) : said === each.value;
    } else if (question.dataset.kind === "order" && Array.isArray(said)) {
      each.value = String(said.indexOf(part(each)) + 1);
    } else if (question.dataset.kind === "match" && !Array.isArray(said) && typeof said === "object") {
      each.value = said[part(each)] ?? "";
    } else if (Array.isArray(said)) each.value = said[at] ?? "";
    else if (typeof said === "string") each.value = said;
  }
  question.dispatchEvent(new Event("restored"));
}

/** @param {HTMLElement} question */
export function lock(question) {
  for (const each of all(question, "input, select, button.tile")) each.setAttribute("disabled", "");
}

/**
 * A long sound bar becomes one round button.
 * @param {HTMLElement} root
 * @param {HTMLElement} words
 */
export function sayButtons(root, words) {
  for (const sound of all(root, "audio[data-say]")) {
    if (!(sound instanceof HTMLAudioElement)) continue;
    const button = make("button", "say");
    button.type = "button";
    button.setAttribute("aria-label", words.querySelector("[data-listen]")?.textContent ?? "");
    button.append(one(words, "[data-listen-icon] svg", SVGElement).cloneNode(true));
    button.addEventListener("click", (event) => {
      event.preventDefault();
      for (const other of document.querySelectorAll("audio")) if (other !== sound) other.pause();
      sound.currentTime = 0;
      void sound.play();
    });
    sound.removeAttribute("controls");
    // A button may not stand inside a label or a tile that is tapped for something else.
    const tile = sound.closest(".tile");
    if (tile?.parentElement) tile.parentElement.append(button);
    else sound.after(button);
  }
}

/**
 * Tiles to tap in order.
 * @param {HTMLElement} question
 * @param {string} help
 */
export function tapOrder(question, help) {
  const list = one(question, "[data-sorted]", HTMLElement);
  const items = all(list, "[data-item]").map((item) => {
    const select = one(item, "select", HTMLSelectElement);
    const tile = make("button", "tile");
    const place = make("span", "place num");
    tile.type = "button";
    tile.append(place, one(item, ".content", HTMLElement));
    show(select, false);
    item.replaceChildren(tile, select, ...all(item, ".say"));
    tile.addEventListener("click", () => toggle(select));
    return { select, tile, place };
  });
  /** @param {HTMLSelectElement} select */
  function toggle(select) {
    const was = Number(select.value);
    const used = items.filter((each) => each.select.value).length;
    if (!was) select.value = String(used + 1);
    else {
      for (const each of items) {
        const at = Number(each.select.value);
        if (each.select === select) each.select.value = "";
        else if (at > was) each.select.value = String(at - 1);
      }
    }
    paint();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function paint() {
    for (const { select, tile, place } of items) {
      place.textContent = select.value;
      tile.classList.toggle("held", select.value !== "");
      tile.setAttribute("aria-pressed", String(select.value !== ""));
    }
  }
  list.before(hint(help));
  question.addEventListener("restored", paint);
  paint();
}

/**
 * Tiles in two columns: tap one, then the one that belongs to it.
 * @param {HTMLElement} question
 * @param {string} help
 */
export function tapMatch(question, help) {
  const list = one(question, "[data-pairs]", HTMLElement);
  const board = make("div", "pairs");
  /** @type {HTMLElement | null} */
  let held = null;
  const lefts = all(list, "[data-left]").map((row) => {
    const select = one(row, "select", HTMLSelectElement);
    show(select, false);
    return { id: row.dataset.left ?? "", select, ...tile(row) };
  });
  const rights = all(list, "[data-right]").map((row) => ({ id: row.dataset.right ?? "", ...tile(row) }));
  lefts.forEach((left, at) => {
    const right = rights[at];
    board.append(left.cell);
    if (right) board.append(right.cell);
    left.tile.addEventListener("click", () => {
      left.select.value = "";
      held = held === left.tile ? null : left.tile;
      paint();
    });
  });
  for (const right of rights) {
    right.tile.addEventListener("click", () => {
      const left = lefts.find((each) => each.tile === held);
      for (const each of lefts) if (each.select.value === right.id) each.select.value = "";
      if (left) left.select.value = right.id;
      held = null;
      paint();
      list.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  function paint() {
    lefts.forEach((left, at) => {
      left.place.textContent = left.select.value ? String(at + 1) : "";
      left.tile.classList.toggle("held", left.tile === held);
      left.tile.setAttribute("aria-pressed", String(left.tile === held));
    });
    for (const right of rights) {
      const at = lefts.findIndex((left) => left.select.value === right.id);
      right.place.textContent = at < 0 ? "" : String(at + 1);
    }
    for (const each of [...lefts, ...rights]) show(each.place, each.place.textContent !== "");
  }
  list.before(hint(help), board);
  show(list, false);
  question.addEventListener("restored", paint);
  paint();
}

/** @param {HTMLElement} row */
function tile(row) {
  const cell = make("div", "choice");
  const button = make("button", "tile");
  const place = make("span", "place num");
  button.type = "button";
  button.append(one(row, ".content", HTMLElement), place);
  cell.append(button, ...all(row, ".say"));
  return { cell, tile: button, place };
}

/** @param {string} text */
function hint(text) {
  const line = make("p", "soft");
  line.textContent = text;
  return line;
}
