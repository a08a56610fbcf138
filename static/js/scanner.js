/* A scanner types like a keyboard, wherever the focus is: what comes while no field has it goes into [data-scanner],
   in place of what stood there. */
(function () {
  "use strict";
  const field = document.querySelector("[data-scanner]");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.activeElement?.matches("input, textarea, select")) return;
    field.focus();
    field.select();
  });
})();
