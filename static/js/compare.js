/* The SHA-256 of a file, computed here: the file goes nowhere.
     [data-compare="<digest>"]        says whether the chosen file is the same
     form[data-digest-into="#id"]     writes the digest into that field
   Both hold [data-compare-field] with the file input, shown only where the browser can do it, and [data-compare-said]. */
(function () {
  "use strict";
  if (!window.crypto?.subtle) return;

  async function digest(file) {
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  for (const place of document.querySelectorAll("[data-compare], [data-digest-into]")) {
    const field = place.querySelector("[data-compare-field]");
    const said = place.querySelector("[data-compare-said]");
    const input = field.querySelector("input[type=file]");
    field.hidden = false;
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      said.textContent = place.dataset.busy;
      delete said.dataset.same;
      try {
        const found = await digest(input.files[0]);
        if (place.dataset.digestInto) {
          document.querySelector(place.dataset.digestInto).value = found;
          said.textContent = "";
        } else {
          said.dataset.same = found === place.dataset.compare ? "yes" : "no";
          said.textContent = found === place.dataset.compare ? place.dataset.same : place.dataset.other;
        }
      } catch {
        said.textContent = place.dataset.unread;
      }
    });
  }
})();
