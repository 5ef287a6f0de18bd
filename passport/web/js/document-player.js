/** A PDF, page by page, drawn here: the page is remembered, and noted when it was in view. */

import { getDocument, GlobalWorkerOptions } from "pdfjs-dist/legacy/build/pdf.min.mjs";
import { one, show } from "./shared/dom.js";

const LONG_ENOUGH = 1500;
const SMALLEST = 280;
/** Height that the header and the buttons take, in CSS pixels. */
const REST = 180;

/**
 * @param {HTMLElement} page
 * @param {import("./learner.js").Note} note
 * @param {import("./shared/outbox.js").Outbox} outbox
 */
export async function start(page, note, outbox) {
  const { file = "", worker = "", parts = "", lesson = "" } = page.dataset;
  const sheet = one(page, "[data-sheet]", HTMLElement);
  const canvas = one(sheet, "canvas", HTMLCanvasElement);
  const words = one(page, "[data-words]", HTMLElement);
  const turns = one(page, "[data-turns]", HTMLElement);
  const bar = one(turns, "progress", HTMLProgressElement);
  const label = one(turns, "[data-at]", HTMLElement);
  const back = one(turns, "[data-back]", HTMLButtonElement);
  const on = one(turns, "[data-on]", HTMLButtonElement);

  GlobalWorkerOptions.workerSrc = worker;
  const pdf = await getDocument({
    url: file,
    cMapUrl: `${parts}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${parts}/standard_fonts/`,
    wasmUrl: `${parts}/wasm/`,
    iccUrl: `${parts}/iccs/`,
  }).promise;
  const of = pdf.numPages;
  let at = Math.min(Math.max(Number(page.dataset.place) || 1, 1), of);
  // What is noted twice counts once; this only keeps the line short.
  /** @type {Set<number>} */
  const seen = new Set();
  for (const { verb, data } of outbox.waiting(lesson)) {
    if (verb !== "viewed" || data.of !== of) continue;
    seen.add(Number(data.page));
    at = Number(data.page);
  }
  let larger = 1;
  /** @type {number | undefined} */
  let timer;
  /** @type {{ cancel: () => void, promise: Promise<void> } | undefined} */
  let drawing;

  async function turn() {
    clearTimeout(timer);
    drawing?.cancel();
    const leaf = await pdf.getPage(at);
    const plain = leaf.getViewport({ scale: 1 });
    // The whole page fits the screen; whoever wants it larger makes it so.
    const fits = ((innerHeight - REST) / plain.height) * plain.width;
    const width = Math.min(sheet.clientWidth, Math.max(fits, SMALLEST)) * larger;
    const view = leaf.getViewport({ scale: (width / plain.width) * Math.min(devicePixelRatio, 2) });
    canvas.width = view.width;
    canvas.height = view.height;
    // As many pixels as the screen has, in an element as wide as the sheet.
    canvas.style.inlineSize = `${Math.round(width)}px`;
    drawing = leaf.render({ canvas, viewport: view });
    bar.max = of;
    bar.value = at;
    label.textContent = `${at} / ${of}`;
    back.disabled = at === 1;
    on.disabled = at === of;
    try {
      await drawing?.promise;
    } catch {
      return; // Turned on before it was drawn.
    }
    const text = await leaf.getTextContent();
    words.textContent = text.items.map((item) => ("str" in item ? item.str : "")).join(" ");
    timer = setTimeout(reached, LONG_ENOUGH);
  }

  function reached() {
    if (seen.has(at)) return;
    seen.add(at);
    note("viewed", { page: at, of });
    if (seen.size >= of) show(page.querySelector("[data-finish]"), true);
  }

  /** @param {number} step */
  const step = (step) => {
    // Who turns on has seen the page.
    if (step > 0) reached();
    at = Math.min(of, Math.max(1, at + step));
    sheet.scrollTop = 0;
    void turn();
  };

  show(sheet, true);
  show(turns, true);
  show(one(page, "[data-plain]", HTMLElement), false);
  back.addEventListener("click", () => step(-1));
  on.addEventListener("click", () => step(1));
  const enlarge = one(page, "[data-larger]", HTMLElement);
  show(enlarge, true);
  enlarge.addEventListener("click", () => {
    larger = larger >= 2.5 ? 1 : larger + 0.5;
    void turn();
  });
  await turn();
}
