/* A file that is too large is said before it is sent: <input type="file" data-most-bytes="…">, words in data-too-large of its form. */
(function () {
  "use strict";
  document.addEventListener("change", (event) => {
    const input = event.target.closest("input[type=file][data-most-bytes]");
    if (!input) return;
    const large = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
    input.setCustomValidity(large ? input.form.dataset.tooLarge : "");
    if (large) input.reportValidity();
  });
})();
