/* A piece of the desk refetches itself while an officer is choosing or typing in it. What was changed but not
   sent yet, and which details are open, is carried over into the new piece; the rest is as the server says. */
(function () {
  "use strict";

  const isDirty = (field) => {
    if (field.type === "hidden" || field.type === "submit" || !field.name) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") {
      const chosen = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(chosen, 0);
    }
    return field.value !== field.defaultValue;
  };

  const keyOf = (field) => `${field.form?.getAttribute("action") ?? ""}|${field.name}|${field.type === "radio" || field.type === "checkbox" ? field.value : ""}`;
  const nameOf = (details) => details.querySelector("summary")?.textContent.trim() ?? "";

  function remember(root) {
    const typed = new Map();
    for (const field of root.querySelectorAll("input, select, textarea")) {
      if (isDirty(field)) typed.set(keyOf(field), field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);
    }
    const open = new Set([...root.querySelectorAll("details[open]")].map(nameOf));
    return { typed, open };
  }

  function restore(root, kept) {
    for (const field of root.querySelectorAll("input, select, textarea")) {
      const value = kept.typed.get(keyOf(field));
      if (value === undefined) continue;
      if (typeof value === "boolean") field.checked = value;
      else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value)) field.value = value;
    }
    for (const details of root.querySelectorAll("details")) if (kept.open.has(nameOf(details))) details.open = true;
  }

  /* What came is what stands there already: leave it alone, so that no press of a button is lost to a swap. It stands
     there once it is swapped in: the tablet may put a swap off (kiosk-idle.js) and ask again. */
  const last = new WeakMap();
  function textOf({ target, xhr, requestConfig }) {
    if (requestConfig?.verb !== "get" || target.getAttribute("hx-swap") !== "innerHTML" || xhr.status !== 200) return null;
    return xhr.responseText.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
  }

  let kept = null;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const text = textOf(event.detail);
    if (event.detail.shouldSwap && text !== null && last.get(event.detail.target) === text) {
      event.detail.shouldSwap = false;
      return;
    }
    kept = event.detail.shouldSwap && event.detail.requestConfig?.verb === "get" ? remember(event.detail.target) : null;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const text = textOf(event.detail);
    if (text !== null) last.set(event.detail.target, text);
    if (kept) restore(event.target, kept);
    kept = null;
  });
})();
