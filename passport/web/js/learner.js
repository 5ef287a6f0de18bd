/** Every page of the learner: the outbox, the question after idleness, and the player of a lesson. */

import { ActiveTime } from "./shared/active.js";
import { all, one, show } from "./shared/dom.js";
import { watchIdle, ask_now } from "./shared/idle.js";
import { Outbox } from "./shared/outbox.js";

/**
 * @typedef {(verb: string, data: Record<string, unknown>) => void} Note
 * @typedef {{ start: (page: HTMLElement, note: Note, outbox: Outbox) => void | Promise<void> }} Player
 *   a player is a file of its own (`*-player.js`), named by the page that needs it
 */

const { person, events, idle } = document.body.dataset;
if (person && events) signedIn(person, events, Number(idle));

const code = document.querySelector("[data-code]");
if (code instanceof HTMLFormElement) {
  void import(code.dataset.script ?? "").then((module) => module.start(code));
}

/**
 * @param {string} person
 * @param {string} address
 * @param {number} minutes
 */
function signedIn(person, address, minutes) {
  const dialog = one(document, "dialog[data-idle]", HTMLDialogElement);
  const token = one(document, "meta[name=csrf-token]", HTMLMetaElement).content;
  const saved = document.querySelector("[data-saved]");
  const outbox = new Outbox({
    person,
    address,
    token,
    awake: () => !dialog.open,
    tell(state) {
      show(saved, true);
      for (const words of all(document, "[data-saved] > *")) {
        show(words, words.dataset.when === (state === "sent" ? "sent" : "waiting"));
      }
      if (state === "signed out") {
        for (const part of all(dialog, "[data-when]")) show(part, part.dataset.when === state);
        ask_now(dialog);
      }
    },
  });
  watchIdle(dialog, minutes);
  for (const form of all(document, "form[data-leave]")) {
    form.addEventListener("submit", () => {
      one(form, "[name=held]", HTMLInputElement).value = outbox.held();
    });
  }
  const page = document.querySelector("[data-player]");
  if (page instanceof HTMLElement) void play(page, outbox);
}

/**
 * @param {HTMLElement} page
 * @param {Outbox} outbox
 */
async function play(page, outbox) {
  const { script = "", lesson = "", version = "" } = page.dataset;
  const time = new ActiveTime();
  /** @type {Note} */
  const note = (verb, data) => outbox.add({ verb, lesson, version, spent: time.take(), data });
  outbox.hearers.push(({ lessons }) => {
    const stands = lessons[lesson];
    if (!stands?.done) return;
    show(page.querySelector("[data-finish]"), true);
    if (!stands.course_done) return;
    // The last lesson need not be the last one on the list.
    show(page.querySelector("[data-next]"), false);
    show(page.querySelector("[data-course-done]"), true);
  });
  note("opened", {});
  /** @type {Player} */
  const player = await import(script);
  await player.start(page, note, outbox);
}
