/* Keyboard focus survives the refetching of the desk's pieces, and so does what was opened (<details data-keep-open id>).
   A control that comes back with the same id keeps it;
   when its action is done and gone, the focus goes to the next action of the same piece ([data-keep-focus] with an id). */
(function () {
  "use strict";
  const FOCUSABLE = "button:not(:disabled), a[href], summary, select, input:not([type=hidden])";
  let last = null; // what had the focus, its id and the id of its piece

  // what is in closed <details> has a place on the page and takes no focus all the same
  const isVisible = (element) => element.getClientRects().length > 0 && element.checkVisibility?.() !== false;

  document.addEventListener("focusin", (event) => {
    const target = event.target;
    last = { element: target, id: target.id, piece: target.closest("[data-keep-focus]")?.id };
  });
  // a click beside everything means it
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest(`${FOCUSABLE}, label, dialog`)) last = null;
  });

  function nextAction(piece) {
    const primary = [...piece.querySelectorAll("[data-next] .btn-primary:not(:disabled)")].find(isVisible);
    return primary ?? [...piece.querySelectorAll(FOCUSABLE)].find(isVisible) ?? piece;
  }

  function restore() {
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (!lost || !last || document.querySelector("dialog[open]")) return;
    const same = last.element.isConnected ? last.element : last.id && document.getElementById(last.id);
    if (same?.disabled) return; // still busy: its request ends with another event
    if (same && isVisible(same)) return same.focus({ preventScroll: true });
    const piece = last.piece && document.getElementById(last.piece);
    if (!piece) return;
    if (piece.childElementCount && !piece.querySelector("[aria-busy=true]")) nextAction(piece).focus({ preventScroll: true });
  }

  let open = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    open = [...event.detail.target.querySelectorAll("details[open][data-keep-open]")].map((details) => details.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    open = [];
  });

  for (const type of ["htmx:afterSettle", "htmx:afterRequest"]) document.addEventListener(type, () => setTimeout(restore));
})();
