/** Every page of the learner: the outbox, the question after idleness, and the player of a lesson. */

import { ActiveTime } from "./shared/active.js";
import { all, one, show } from "./shared/dom.js";
import { watchIdle, ask_now } from "./shared/idle.js";
import { Outbox } from "./shared/outbox.js";

/** @type {Record<string, () => Promise<{ start: (page: HTMLElement, note: Note, outbox: Outbox) => void }>>} */
const PLAYERS = {
  article: () => import("./players/article.js"),
  video: () => import("./players/media.js"),
  audio: () => import("./players/media.js"),
  document: () => import("./players/document.js"),
  quiz: () => import("./players/quiz.js"),
};

/** @typedef {(verb: string, data: Record<string, unknown>) => void} Note */

const { person, events, idle } = document.body.dataset;
if (person && events) signedIn(person, events, Number(idle));

const code = document.querySelector("[data-code]");
if (code instanceof HTMLFormElement) void import("./players/code.js").then((it) => it.start(code));

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
  const page = document.querySelector("[data-player]");
  if (page instanceof HTMLElement) void play(page, outbox);
}

/**
 * @param {HTMLElement} page
 * @param {Outbox} outbox
 */
async function play(page, outbox) {
  const { player = "", lesson = "", version = "" } = page.dataset;
  const time = new ActiveTime();
  /** @type {Note} */
  const note = (verb, data) => outbox.add({ verb, lesson, version, spent: time.take(), data });
  outbox.hearers.push((receipt) => {
    if (receipt.lesson !== lesson || !receipt.done) return;
    show(page.querySelector("[data-finish]"), true);
    if (!receipt.course_done) return;
    // The last lesson need not be the last one on the list.
    show(page.querySelector("[data-next]"), false);
    show(page.querySelector("[data-course-done]"), true);
  });
  const load = PLAYERS[player];
  if (!load) return;
  note("opened", {});
  (await load()).start(page, note, outbox);
}
