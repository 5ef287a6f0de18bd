/**
 * What an answer is worth, 0 to 100: the same rules as `learning/engine/marking.py`, held together by
 * the cases of tests/spec/marking.json. Used where feedback comes at once; what the node decides counts.
 */

/**
 * @typedef {{ kind: string, right?: string[], answers?: Record<string, string[]>, number?: string,
 *   tolerance?: string, gaps?: Record<string, string[][]>, pairs?: string[], explain?: string }} Key
 * @typedef {string | string[] | Record<string, string>} Response
 */

const FULL = 100;
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/;
const LONGEST_NUMBER = 40;

/**
 * @param {Key} key
 * @param {Response} response
 * @returns {number}
 */
export function mark(key, response) {
  switch (key.kind) {
    case "one":
      return typeof response === "string" && (key.right ?? []).includes(response) ? FULL : 0;
    case "several":
      return Array.isArray(response) && sameSet(response, key.right ?? []) ? FULL : 0;
    case "text":
      return typeof response === "string" && accepted(response, Object.values(key.answers ?? {}).flat()) ? FULL : 0;
    case "number":
      return typeof response === "string" && isNumber(response, key) ? FULL : 0;
    case "order":
      return Array.isArray(response) ? share((key.right ?? []).map((id, at) => response[at] === id)) : 0;
    case "match":
      return isRecord(response) ? share((key.pairs ?? []).map((id) => response[id] === id)) : 0;
    case "gaps":
      return Array.isArray(response) ? gaps(response, key) : 0;
    default:
      return 0;
  }
}

/** @param {Response} response @returns {response is Record<string, string>} */
function isRecord(response) {
  return typeof response === "object" && !Array.isArray(response);
}

/** @param {string[]} left @param {string[]} right */
function sameSet(left, right) {
  const these = new Set(left);
  return these.size === new Set(right).size && right.every((id) => these.has(id));
}

/** @param {boolean[]} hits */
function share(hits) {
  return hits.length ? Math.floor((FULL * hits.filter(Boolean).length) / hits.length) : 0;
}

/** @param {string[]} response @param {Key} key */
function gaps(response, key) {
  return Math.max(0, ...Object.values(key.gaps ?? {}).map((wanted) =>
    share(wanted.map((words, at) => accepted(response[at] ?? "", words)))));
}

/** @param {string} said @param {string[]} words */
function accepted(said, words) {
  const plain = plainText(said);
  return plain !== "" && words.some((word) => plainText(word) === plain);
}

/** @param {string} said @param {Key} key */
function isNumber(said, key) {
  const given = readNumber(said);
  const right = readNumber(key.number ?? "0");
  const tolerance = readNumber(key.tolerance ?? "0") ?? { digits: 0n, places: 0 };
  if (!given || !right) return false;
  const places = Math.max(given.places, right.places, tolerance.places);
  const [a, b, t] = /** @type {[bigint, bigint, bigint]} */ ([given, right, tolerance].map(
    (one) => one.digits * 10n ** BigInt(places - one.places),
  ));
  return (a > b ? a - b : b - a) <= t;
}

/**
 * A number as people write it, exactly: any script's digits, a decimal comma, "−", spaces within.
 * @param {string} written
 * @returns {{ digits: bigint, places: number } | null}
 */
export function readNumber(written) {
  const plain = fold(written).replace(/\s+/g, "").replace(/٬/g, "").replace(/[٫,]/g, ".").replace(/−/g, "-");
  if (plain.length > LONGEST_NUMBER || !NUMBER.test(plain)) return null;
  const [whole = "", part = ""] = plain.replace("+", "").split(".");
  const digits = BigInt(`${whole.replace("-", "")}${part}` || "0");
  return { digits: plain.startsWith("-") ? -digits : digits, places: part.length };
}

/** @param {string} written */
export function plainText(written) {
  return fold(written).split(/\s+/).filter(Boolean).join(" ");
}

// Marks that a writer may leave out, as in kernel/text.py.
const MARKS = new RegExp(
  "[\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc" +
    "\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u08ca-\\u08ff\\u0e47-\\u0e4e\\u0ec8-\\u0ece\\u135d-\\u135f" +
    "\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f" +
    "\\u00ad\\u200b-\\u200f\\u061c\\u2060\\ufeffـ]",
  "gu",
);
/** @type {Record<string, string>} */
const LETTERS = {
  ٱ: "ا", ى: "ي", ی: "ي", ې: "ي", ے: "ي", ة: "ه", ہ: "ه", ۃ: "ه", ھ: "ه", ە: "ه", ک: "ك", ڪ: "ك",
  ı: "i", ø: "o", đ: "d", ð: "d", ł: "l", ħ: "h", ŧ: "t", æ: "ae", œ: "oe", ɓ: "b", ɗ: "d", ƙ: "k",
  ƴ: "y", ɖ: "d", ƒ: "f", ɣ: "g", ŋ: "n", ɔ: "o", ɛ: "e", ǝ: "e", ə: "e", ß: "ss", ς: "σ",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

/**
 * Text without case, accents, harakat and look-alikes; digits become 0-9.
 * @param {string} text
 */
export function fold(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(MARKS, "")
    .replace(/\p{Nd}/gu, digit)
    .normalize("NFC");
}

/** @param {string} char */
function digit(char) {
  // Every script keeps its ten digits together, zero first.
  let value = 0;
  const point = char.codePointAt(0) ?? 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value++;
  return String(value);
}
