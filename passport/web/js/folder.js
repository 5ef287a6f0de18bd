/** A course's folder to upload: browsers tell the place of each file to a script alone. */

import { one, show } from "./shared/dom.js";

const form = one(document, "#folder", HTMLFormElement);
const chosen = one(form, "[name=folder]", HTMLInputElement);
const paths = one(form, "[name=paths]", HTMLInputElement);

if ("webkitdirectory" in chosen) {
  show(form, true);
  form.addEventListener("submit", () => {
    const files = [...(chosen.files ?? [])];
    paths.value = JSON.stringify(files.map((file) => file.webkitRelativePath || file.name));
  });
}
