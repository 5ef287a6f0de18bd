/** Every page of the staff: windows that open over the page. */

import { all } from "./shared/dom.js";

for (const button of all(document, "[data-opens]")) {
  button.addEventListener("click", () => {
    const dialog = document.getElementById(button.dataset.opens ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  });
}
