/**
 * A quiz, one question at a time, from the form that also works without scripts.
 *
 * Answers are noted as they are given; what is not given yet lies in the person's drawer with the
 * attempt it belongs to, so that a reload or a new sign-in goes on at the same place.
 */

import { all, bring, make, one, show } from "./shared/dom.js";
import { Drawer } from "./shared/drawer.js";
import { mark } from "./shared/marking.js";
import { lock, response, restore, sayButtons, tapMatch, tapOrder } from "./shared/response.js";

/**
 * @typedef {import("./shared/marking.js").Response} Response
 * @typedef {{ attempt: string, at: number, said: Record<string, Response>, noted: Record<string, number> }} Draft
 *   `noted`: the mark of each answer that was given, -1 where this page may not know it
 */

/**
 * @param {HTMLElement} page
 * @param {import("./learner.js").Note} note
 * @param {import("./shared/outbox.js").Outbox} outbox
 */
export function start(page, note, outbox) {
  const form = page.querySelector("[data-quiz-form]");
  const words = one(page, "template[data-words]", HTMLTemplateElement);
  const texts = make("div");
  texts.append(words.content.cloneNode(true));
  sayButtons(page, texts);
  if (!(form instanceof HTMLFormElement)) return;
  const drawer = new Drawer("draft", outbox.person);
  const { lesson = "", attempt = "" } = page.dataset;
  if (page.dataset.finished) return void drawer.drop(lesson);
  /** @type {Draft | undefined} */
  const kept = drawer.get(lesson);
  /** @type {Record<string, number>} */
  const noted = JSON.parse(page.dataset.noted || "{}");
  // A draft of an attempt that was handed in meanwhile, here or elsewhere, is of no use.
  const mine = kept?.attempt === attempt ? kept : { attempt, at: 0, said: {}, noted: {} };
  mine.noted = { ...noted, ...mine.noted };
  new Quiz(page, form, texts, note, outbox, drawer, mine);
}

class Quiz {
  /**
   * @param {HTMLElement} page
   * @param {HTMLFormElement} form
   * @param {HTMLElement} texts
   * @param {import("./learner.js").Note} note
   * @param {import("./shared/outbox.js").Outbox} outbox
   * @param {Drawer} drawer
   * @param {Draft} draft
   */
  constructor(page, form, texts, note, outbox, drawer, draft) {
    this.page = page;
    this.form = form;
    this.texts = texts;
    this.note = note;
    this.outbox = outbox;
    this.drawer = drawer;
    this.draft = draft;
    this.lesson = page.dataset.lesson ?? "";
    this.atOnce = page.dataset.feedback === "at once";
    /** @type {Record<string, import("./shared/marking.js").Key>} */
    this.keys = JSON.parse(page.dataset.keys || "{}");
    this.questions = all(form, "[data-question]");
    this.back = one(form, "[data-back]", HTMLButtonElement);
    this.check = one(form, "[data-check]", HTMLButtonElement);
    this.on = one(form, "[data-on]", HTMLButtonElement);
    this.send = one(form, "[data-send]", HTMLButtonElement);
    this.steps = one(form, "[data-steps]", HTMLElement);
    this.shownAt = performance.now();
    this.prepare();
    const open = this.questions.findIndex((each) => !((each.dataset.question ?? "") in draft.noted));
    this.turn(draft.at || Math.max(open, 0), false);
  }

  prepare() {
    for (const question of this.questions) {
      if (question.dataset.kind === "order") tapOrder(question, this.text("tap-order"));
      if (question.dataset.kind === "match") tapMatch(question, this.text("tap-match"));
      const id = question.dataset.question ?? "";
      const said = this.draft.said[id];
      if (said !== undefined) restore(question, said);
      const given = id in this.draft.noted ? response(question) : null;
      if (given !== null) question.dataset.noted = JSON.stringify(given);
      question.querySelector("[data-verdict]")?.remove();
      if (this.atOnce && given !== null) this.tell(question, this.draft.noted[id] ?? 0);
      this.steps.append(make("li"));
      question.addEventListener("input", () => this.keep(question));
      question.addEventListener("change", () => this.keep(question));
    }
    show(this.steps, this.questions.length > 1);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act();
    });
    for (const button of [this.check, this.on]) button.addEventListener("click", () => this.act());
    this.back.addEventListener("click", () => this.turn(this.draft.at - 1));
  }

  /** The one thing that the large button means now. */
  act() {
    const question = this.questions[this.draft.at];
    if (!question) return;
    const id = question.dataset.question ?? "";
    const said = response(question);
    if (said === null) return this.miss(question);
    const first = !(id in this.draft.noted);
    if (first || (!this.atOnce && question.dataset.noted !== JSON.stringify(said))) this.answer(question, id, said);
    if (this.atOnce && first) return this.buttons();
    if (this.draft.at < this.questions.length - 1) this.turn(this.draft.at + 1);
    else this.finish();
  }

  /**
   * @param {HTMLElement} question
   * @param {string} id
   * @param {Response} said
   */
  answer(question, id, said) {
    const key = this.keys[id];
    const worth = key ? mark(key, said) : -1;
    const ms = Math.round(performance.now() - this.shownAt);
    this.note("answered", { attempt: this.draft.attempt, question: id, response: said, ms });
    this.draft.noted[id] = worth;
    this.draft.said[id] = said;
    question.dataset.noted = JSON.stringify(said);
    this.save();
    if (this.atOnce) this.tell(question, worth);
  }

  /** Feedback below a question. @param {HTMLElement} question @param {number} worth */
  tell(question, worth) {
    lock(question);
    const look = worth === 100 ? "good" : "bad";
    const key = this.keys[question.dataset.question ?? ""];
    const verdict = make("div", `verdict ${look}`);
    verdict.setAttribute("role", "status");
    const line = make("p");
    line.textContent = this.text(worth === 100 ? "right" : worth > 0 ? "partly" : "wrong");
    const icon = one(this.texts, `[data-${worth === 100 ? "check" : "cross"}-icon] svg`, SVGElement);
    const said = make("div");
    said.append(line);
    verdict.append(icon.cloneNode(true), said);
    if (key?.explain) {
      const why = make("p");
      // Clean inline HTML: the library let nothing else through.
      why.innerHTML = key.explain;
      said.append(why);
    }
    for (const input of all(question, ".choice input")) {
      if (!(input instanceof HTMLInputElement)) continue;
      const right = key?.right?.includes(input.value) ?? false;
      if (right || input.checked) input.parentElement?.classList.add(right ? "right" : "wrong");
    }
    question.append(verdict);
    if (!question.hidden) verdict.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} question */
  miss(question) {
    let line = /** @type {HTMLElement | null} */ (question.querySelector("[data-miss]"));
    if (!line) {
      line = make("p", "notice warn");
      line.dataset.miss = "";
      line.setAttribute("role", "alert");
      question.append(line);
    }
    line.textContent = this.text("missing");
  }

  /** @param {HTMLElement} question */
  keep(question) {
    question.querySelector("[data-miss]")?.remove();
    const said = response(question);
    if (said !== null) this.draft.said[question.dataset.question ?? ""] = said;
    this.save();
  }

  save() {
    this.drawer.put(this.lesson, this.draft);
  }

  /** @param {number} at @param {boolean} [move] */
  turn(at, move = true) {
    this.draft.at = Math.max(0, at);
    if (move) this.save();
    this.questions.forEach((each, index) => show(each, index === this.draft.at));
    this.shownAt = performance.now();
    this.buttons();
    const question = this.questions[this.draft.at];
    if (move && question) bring(question);
  }

  buttons() {
    const { at, noted } = this.draft;
    const last = at === this.questions.length - 1;
    const open = this.atOnce && !((this.questions[at]?.dataset.question ?? "") in noted);
    show(this.back, at > 0);
    show(this.check, open);
    show(this.on, !open && !last);
    show(this.send, !open && last);
    [...this.steps.children].forEach((step, index) => {
      const id = this.questions[index]?.dataset.question ?? "";
      step.className = index === at ? "now" : id in noted ? "answered" : "";
    });
  }

  finish() {
    const open = this.questions.findIndex((each) => !((each.dataset.question ?? "") in this.draft.noted));
    if (open >= 0) return this.turn(open);
    const { attempt, noted } = this.draft;
    this.note("submitted", { attempt });
    this.drawer.drop(this.lesson);
    const marks = Object.values(noted);
    show(this.form, false);
    const result = one(this.page, "[data-result]", HTMLElement);
    if (marks.some((worth) => worth < 0)) {
      // Only the node knows: as soon as it has the answers, it shows the result.
      show(one(this.page, "[data-kept]", HTMLElement), true);
      this.outbox.whenSent(() => location.replace(`?attempt=${attempt}`));
      return;
    }
    const score = Math.floor(marks.reduce((sum, worth) => sum + worth, 0) / marks.length);
    const passed = score >= Number(this.page.dataset.pass);
    one(result, "[data-score]", HTMLElement).textContent = String(score);
    show(result.querySelector("[data-passed]"), passed);
    show(result.querySelector("[data-failed]"), !passed);
    show(result, true);
    if (passed) show(this.page.querySelector("[data-finish]"), true);
    bring(result);
  }

  /** @param {string} name */
  text(name) {
    return this.texts.querySelector(`[data-${name}]`)?.textContent ?? "";
  }
}
