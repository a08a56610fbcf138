/* Light or dark, before the first paint: the one script that is not deferred.
   <html data-theme> wins over the device; pages with data-theme-fixed (the TV) are left alone. */
(function () {
  "use strict";
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const fixed = root.hasAttribute("data-theme-fixed");

  function stored() {
    try {
      return localStorage.getItem("pst-theme");
    } catch {
      return null; // storage switched off: follow the device
    }
  }

  function apply() {
    const choice = fixed ? root.dataset.theme : stored();
    if (!fixed && choice) root.dataset.theme = choice;
    root.classList.toggle("is-dark", choice ? choice === "dark" : device.matches);
  }

  window.pstTheme = {
    toggle() {
      try {
        localStorage.setItem("pst-theme", root.classList.contains("is-dark") ? "light" : "dark");
      } catch {
        /* nothing to remember it in */
      }
      apply();
    },
  };
  device.addEventListener("change", apply);
  apply();
})();
