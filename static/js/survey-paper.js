/* Typing questionnaires from paper: a digit leads to the next field (0 is ten where there is a ten), Backspace in an empty
   one leads back. Without this script Tab does. */
(function () {
  "use strict";
  const form = document.querySelector("[data-survey-paper]");
  if (!form) return;
  const fields = [...form.querySelectorAll("[data-digit]")];
  const first = form.querySelector("[aria-invalid=true]") ?? fields[0];

  function leadOn(field) {
    const next = fields[fields.indexOf(field) + 1] ?? form.querySelector("#id_gender");
    next?.focus();
    next?.select?.();
  }

  for (const field of fields) {
    const highest = Number(field.dataset.digit);
    field.addEventListener("input", () => {
      field.value = field.value.replace(/[^0-9]/g, "");
      if (field.value === "0" && highest === 10) field.value = "10";
      const number = Number(field.value);
      const whole = number >= 1 && number <= highest && (highest < 10 || number > 1);
      if (whole) leadOn(field);
      else if (number < 1 || number > highest) field.value = "";
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Backspace" || field.value) return;
      const before = fields[fields.indexOf(field) - 1];
      if (!before) return;
      event.preventDefault();
      before.focus();
      before.select();
    });
  }
  if (!document.querySelector("[data-autofocus]")) first?.focus();
})();
