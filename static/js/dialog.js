/* Native <dialog>: open, close, focus back.
     <button data-dialog-open="#d">   shows the dialog; with hx-get it also loads its body
     <button data-dialog-close>       closes the dialog it stands in
     <dialog data-open-now>           shown on load (a form that came back with errors)
     HX-Trigger {"dialog:open": "#d"} / {"dialog:close": "#d"}  from the server           */
(function () {
  "use strict";
  const openers = new WeakMap();

  function open(dialog, opener) {
    if (!dialog || dialog.open) return;
    openers.set(dialog, opener ?? document.activeElement);
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) open(document.querySelector(opener.dataset.dialogOpen), opener);
    event.target.closest("[data-dialog-close]")?.closest("dialog").close();
    if (event.target.matches("dialog[data-light-dismiss]")) event.target.close();
  });

  document.addEventListener(
    "close",
    (event) => {
      const opener = openers.get(event.target);
      if (opener?.isConnected) opener.focus({ preventScroll: true });
    },
    true,
  );

  const named = (event) => document.querySelector(event.detail?.value ?? event.detail?.id ?? null);
  document.addEventListener("dialog:open", (event) => open(named(event)));
  document.addEventListener("dialog:close", (event) => named(event)?.close());

  const showNow = (scope) => scope.querySelectorAll("dialog[data-open-now]:not([open])").forEach((dialog) => open(dialog));
  document.addEventListener("htmx:afterSettle", (event) => showNow(event.detail.elt));
  showNow(document);
})();
