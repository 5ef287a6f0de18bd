/**
 * What this device keeps for one person, and for nobody else: events that no node has acknowledged,
 * and answers that are not given yet. Every entry has a key of its own, so that two tabs never
 * overwrite each other. Where the browser refuses to store, memory holds it until the page closes.
 */

/** @type {Map<string, string>} */
const memory = new Map();

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
    const found = [...memory.keys()];
    try {
      for (let at = 0; at < localStorage.length; at++) found.push(localStorage.key(at) ?? "");
    } catch {
      // As above.
    }
    const own = found.filter((key) => key.startsWith(this.prefix));
    return [...new Set(own)].map((key) => key.slice(this.prefix.length)).sort();
  }
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
