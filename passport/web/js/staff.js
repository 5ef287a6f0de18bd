/** Every page of the staff: windows that open over the page. */

import { all } from "./shared/dom.js";

// On a narrow screen the bar of tabs is longer than the screen: show where we are.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// … and of a plot that is wider than the screen, what is newest.
for (const plot of all(document, ".plot > .scroll")) {
  plot.scrollLeft = document.dir === "rtl" ? -plot.scrollWidth : plot.scrollWidth;
}

for (const button of all(document, "[data-opens]")) {
  button.addEventListener("click", () => {
    const dialog = document.getElementById(button.dataset.opens ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  });
}
