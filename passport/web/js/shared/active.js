/**
 * Counts the time in which somebody was really at it: page in view, and a sign of life lately. By the
 * monotonic clock: a device that sets its clock while somebody learns adds no hours.
 */

const LATELY = 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll", "touchstart", "timeupdate"];

export class ActiveTime {
  constructor() {
    this.spent = 0;
    this.since = performance.now();
    this.sign = this.since;
    for (const name of SIGNS) {
      addEventListener(name, () => this.live(), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => this.count());
  }

  live() {
    this.count();
    this.sign = performance.now();
  }

  count() {
    const now = Math.min(performance.now(), this.sign + LATELY);
    if (document.visibilityState === "visible" && now > this.since) this.spent += now - this.since;
    this.since = performance.now();
  }

  /** @returns {number} milliseconds since it was last taken */
  take() {
    this.count();
    const spent = Math.round(this.spent);
    this.spent = 0;
    return spent;
  }
}
