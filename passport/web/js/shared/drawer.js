/**
 * What this device keeps for one person, and for nobody else: events that no node has acknowledged,
 * and answers that are not given yet. Every entry has a key of its own, so that two tabs never
 * overwrite each other. Where the browser refuses to store, memory holds it until the page closes.
 */

import { uuid7 } from "./uuid7.js";

/** @type {Map<string, string>} */
const memory = new Map();
let forThisPage = "";

export class Drawer {
  /**
   * @param {string} kind
   * @param {string} person opaque id
   */
  constructor(kind, person) {
    this.prefix = `${kind}.${person}.`;
  }

  /**
   * @param {string} key
   * @param {unknown} value
   * @returns {boolean} whether it outlives the page
   */
  put(key, value) {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(this.prefix + key, text);
      return true;
    } catch {
      memory.set(this.prefix + key, text);
      return false;
    }
  }

  /**
   * @param {string} key
   * @returns {any} undefined where there is nothing
   */
  get(key) {
    return read(this.prefix + key);
  }

  /** @param {string} key */
  drop(key) {
    memory.delete(this.prefix + key);
    try {
      localStorage.removeItem(this.prefix + key);
    } catch {
      // Storage is refused altogether: nothing was in it.
    }
  }

  /** @returns {string[]} the keys, oldest first: ids sort by the time they were made */
  keys() {
    const own = names().filter((key) => key.startsWith(this.prefix));
    return [...new Set(own)].map((key) => key.slice(this.prefix.length)).sort();
  }
}

/**
 * How many entries of a kind lie here, for each person that this device was used by.
 * @param {string} kind
 * @returns {Record<string, number>}
 */
export function contents(kind) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const key of new Set(names())) {
    const [of, person] = key.split(".");
    if (of === kind && person) found[person] = (found[person] ?? 0) + 1;
  }
  return found;
}

/** @returns {string} a random number that lies here as long as what is kept here does */
export function numberOfDevice() {
  try {
    const known = localStorage.getItem("device");
    if (known) return known;
    const made = uuid7();
    localStorage.setItem("device", made);
    return made;
  } catch {
    return (forThisPage ||= uuid7());
  }
}

/** @returns {string[]} */
function names() {
  const found = [...memory.keys()];
  try {
    for (let at = 0; at < localStorage.length; at++) found.push(localStorage.key(at) ?? "");
  } catch {
    // Storage is refused altogether: nothing is in it.
  }
  return found;
}

/** @param {string} key */
function read(key) {
  let text = memory.get(key);
  try {
    text = text ?? localStorage.getItem(key) ?? undefined;
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
