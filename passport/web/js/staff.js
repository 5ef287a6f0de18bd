/** Every page of the staff: windows that open over the page. */

import { all } from "./shared/dom.js";

// On a narrow screen the bar of tabs is longer than the screen: show where we are.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

for (const button of all(document, "[data-opens]")) {
  button.addEventListener("click", () => {
    const dialog = document.getElementById(button.dataset.opens ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  });
}
