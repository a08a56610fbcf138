/* Who does not consent is not asked for anything personal: the fields step aside, nothing typed is lost. */
(function () {
  "use strict";
  const form = document.querySelector("[data-guest-book]");
  if (!form) return;
  const personal = form.querySelector("[data-personal]");

  function shape() {
    const refused = form.querySelector('[name="consent"]:checked')?.value === "no";
    personal.hidden = refused;
    for (const field of personal.querySelectorAll("input, select, textarea")) field.disabled = refused;
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "consent") shape();
  });
  shape();
})();
