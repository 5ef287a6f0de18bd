/** Small things that every module asks of the page. */

/**
 * The one element that matches; an error names what the template forgot.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function one(root, selector, kind) {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${selector}`);
}

/**
 * All HTML elements that match.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function all(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
}

/**
 * Show or hide.
 * @param {Element | null | undefined} element
 * @param {boolean} on
 */
export function show(element, on) {
  element?.toggleAttribute("hidden", !on);
}

/**
 * A new element with a class.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [look]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, look = "") {
  const made = document.createElement(tag);
  if (look) made.className = look;
  return made;
}

/**
 * Bring an element to the reader: in view, and under the keyboard and the screen reader.
 * @param {HTMLElement} element
 */
export function bring(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
}
