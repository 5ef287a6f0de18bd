/** A recording, heard or watched: goes on where it was left, and notes the stretches played. */

import { all, one, show } from "./shared/dom.js";

const STRETCH = 10;
const ENOUGH = 0.9;

/**
 * @param {HTMLElement} page
 * @param {import("./learner.js").Note} note
 * @param {import("./shared/outbox.js").Outbox} outbox
 */
export function start(page, note, outbox) {
  const player = /** @type {HTMLMediaElement} */ (one(page, ".screen video, .sound audio", HTMLMediaElement));
  const bar = one(page, "[data-watching]", HTMLProgressElement);
  const seconds = Number(page.dataset.seconds);
  const seen = new Uint8Array(Math.max(seconds, 1));
  const before = Number(page.dataset.percent) / 100;
  let resume = Number(page.dataset.resume);
  /** @type {number | null} first second of the stretch that is playing */
  let from = null;

  /** @param {number} first @param {number} end */
  const paint = (first, end) => seen.fill(1, first, Math.min(end, seen.length));
  for (const { verb, data } of outbox.waiting(page.dataset.lesson ?? "")) {
    if (verb !== "watched") continue;
    paint(Number(data.start), Number(data.end));
    resume = Number(data.end);
  }

  /** Note what was played since `from`. */
  function close() {
    if (from === null) return;
    // Whole seconds; the last one counts when the recording has come to its end.
    const end = player.ended ? seconds : Math.floor(player.currentTime);
    if (end > from) {
      note("watched", { start: from, end });
      paint(from, end);
      tell();
    }
    from = null;
  }

  function open() {
    from = Math.floor(player.currentTime);
  }

  function tell() {
    // What was played before this page was opened is known as a share only; the node knows better.
    const share = Math.min(1, before + seen.reduce((sum, one) => sum + one, 0) / seen.length);
    bar.value = Math.round(share * 100);
    if (share >= ENOUGH && before === 0) show(page.querySelector("[data-finish]"), true);
  }

  player.addEventListener("loadedmetadata", () => {
    if (resume > 3 && resume < seconds - 5) player.currentTime = resume;
  }, { once: true });
  if (player.readyState > 0) player.dispatchEvent(new Event("loadedmetadata"));
  player.addEventListener("playing", () => { if (from === null) open(); });
  player.addEventListener("pause", close);
  player.addEventListener("ended", close);
  player.addEventListener("seeking", () => { from = null; });
  player.addEventListener("seeked", () => { if (!player.paused) open(); });
  player.addEventListener("timeupdate", () => {
    if (from === null || player.seeking) return;
    const now = Math.floor(player.currentTime);
    // A jump that no event told of is not watching.
    if (now < from) open();
    else if (now - from >= STRETCH) {
      close();
      open();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && from !== null) {
      close();
      if (!player.paused) open();
    }
  });

  tools(page, player);
  show(one(page, "[data-plain]", HTMLFormElement), false);
  tell();
}

/**
 * @param {HTMLElement} page
 * @param {HTMLMediaElement} player
 */
function tools(page, player) {
  show(one(page, "[data-tools]", HTMLElement), true);
  const speeds = all(page, "[data-speed]");
  for (const button of speeds) {
    button.addEventListener("click", () => {
      player.playbackRate = player.defaultPlaybackRate = Number(button.dataset.speed);
      for (const each of speeds) each.setAttribute("aria-pressed", String(each === button));
    });
  }
  one(page, "[data-rewind]", HTMLElement).addEventListener("click", () => {
    player.currentTime = Math.max(0, player.currentTime - 10);
  });
}
