/**
 * Carries learning events to the node, exactly once.
 *
 * An event gets its id here, at birth, and lies in the person's drawer until the node says that it
 * is on disk. It survives a reload, a cut network and a new sign-in. A page sends only its own
 * person's events, and says whose they are, so that a session that has changed hands refuses them.
 */

import { contents, Drawer, numberOfDevice } from "./drawer.js";
import { uuid7 } from "./uuid7.js";

/**
 * @typedef {{ id: string, verb: string, version: string, lesson: string, at: number,
 *   spent: number, data: Record<string, unknown> }} LearningEvent
 * @typedef {{ kept: string[], refused: { id: string, why: string }[],
 *   lessons: Record<string, { percent: number, done: boolean, course_done: boolean }>,
 *   decided: Record<string, { mark?: number, score?: number, passed?: boolean }> }} Answer
 * @typedef {"sent" | "waiting" | "signed out"} State
 */

const BATCH = 100;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;
const SIGN_OF_LIFE = 30_000;

export class Outbox {
  /**
   * @param {{ person: string, address: string, token: string, awake: () => boolean,
   *   tell: (state: State) => void }} how
   */
  constructor({ person, address, token, awake, tell }) {
    this.awake = awake;
    this.person = person;
    this.address = address;
    this.token = token;
    this.tell = tell;
    this.drawer = new Drawer("event", person);
    this.wait = FIRST_WAIT;
    this.sending = false;
    this.stopped = false;
    /** @type {(() => void)[]} */
    this.afterwards = [];
    /** @type {((answer: Answer) => void)[]} */
    this.hearers = [];
    /** @type {number | undefined} */
    this.timer = undefined;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.send(true));
    if (this.drawer.keys().length) this.hurry();
    else void this.say();
    setInterval(() => this.say(), SIGN_OF_LIFE);
  }

  /** What this device holds for everybody who used it, beside what is being sent.
   * @param {number} [sending] */
  held(sending = 0) {
    const counts = contents("event");
    counts[this.person] = Math.max(0, (counts[this.person] ?? 0) - sending);
    const pairs = Object.entries(counts).map(([person, count]) => `${person}=${count}`);
    return `${numberOfDevice()} ${pairs.join(",")}`;
  }

  /** Tell the node that this device is in use and holds nothing that could be sent now. */
  async say() {
    if (this.sending || this.stopped || document.hidden || !this.awake()) return;
    if (this.drawer.keys().length) return; // what is sent says it
    await this.post([], false);
  }

  /**
   * Keep an event, and send it when the node is there.
   * @param {Omit<LearningEvent, "id" | "at">} event
   */
  add(event) {
    const id = uuid7();
    this.drawer.put(id, { ...event, id, at: Date.now() });
    this.hurry();
  }

  /**
   * Do something once nothing waits any more.
   * @param {() => void} act
   */
  whenSent(act) {
    this.afterwards.push(act);
    this.hurry();
  }

  /** What waits here for one lesson, oldest first.
   * @param {string} lesson
   * @returns {LearningEvent[]} */
  waiting(lesson) {
    return this.all().filter((event) => event.lesson === lesson);
  }

  /** @returns {LearningEvent[]} */
  all() {
    return this.drawer.keys().map((key) => this.drawer.get(key)).filter(Boolean);
  }

  /** Try at once. */
  hurry() {
    this.wait = FIRST_WAIT;
    void this.send();
  }

  /** @param {boolean} [leaving] the page may close: the browser finishes the request alone */
  async send(leaving = false) {
    clearTimeout(this.timer);
    if (this.sending || this.stopped) return;
    const batch = this.all().slice(0, BATCH);
    if (!batch.length) return;
    this.sending = true;
    const answer = await this.post(batch, leaving);
    this.sending = false;
    if (answer === "signed out") {
      this.stopped = true;
      this.tell("signed out");
    } else if (answer === null) {
      this.tell("waiting");
      this.timer = setTimeout(() => this.send(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    } else {
      for (const id of answer) this.drawer.drop(id);
      this.wait = FIRST_WAIT;
      if (this.drawer.keys().length) void this.send();
      else {
        this.tell("sent");
        for (const act of this.afterwards.splice(0)) act();
      }
    }
  }

  /**
   * @param {LearningEvent[]} events
   * @param {boolean} keepalive
   * @returns {Promise<string[] | null | "signed out">} ids that need not be sent again; null: later
   */
  async post(events, keepalive) {
    try {
      const response = await fetch(this.address, {
        method: "POST",
        keepalive,
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": this.token,
          // Several devices together tell a node without a battery what time it is.
          "Device-Time": String(Date.now()),
          "Device-Holds": this.held(events.length),
        },
        body: JSON.stringify({ person: this.person, events }),
      });
      if ([401, 403, 409].includes(response.status)) return "signed out";
      if (!response.ok) return null;
      /** @type {Answer} */
      const answer = await response.json();
      // What is refused will always be refused: said once, for whoever looks.
      for (const { id, why } of answer.refused) console.warn("Not taken:", id, why);
      for (const hear of this.hearers) hear(answer);
      const done = [...answer.kept, ...answer.refused.map((each) => each.id)];
      // A node that names none of them would be asked again for ever.
      return events.some((event) => done.includes(event.id)) ? done : null;
    } catch {
      return null;
    }
  }
}
