/* The guest book unfolds with the answer about consent, which comes first. Who refuses is not asked for anything
   personal: the fields step aside, nothing typed is lost. */
(function () {
  "use strict";
  const form = document.querySelector("[data-guest-book]");
  if (!form) return;
  const personal = form.querySelector("[data-personal]");
  const answered = form.querySelector("[data-answered]");

  function shape() {
    const consent = form.querySelector('[name="consent"]:checked')?.value;
    personal.hidden = consent !== "yes";
    answered.hidden = !consent;
    for (const field of personal.querySelectorAll("input, select, textarea")) field.disabled = consent !== "yes";
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "consent") shape();
  });
  shape();
})();
