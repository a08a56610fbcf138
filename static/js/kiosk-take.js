/* Taking a number when the network fails: the choice is kept, said so at once, and sent again with the same key as
   soon as the server answers. The key makes it the same number, however often it is sent. */
(function () {
  "use strict";
  const dialog = document.getElementById("pending-dialog");
  const RETRY = 1500;
  const GIVE_UP = 3 * 60 * 1000; // whoever chose has gone by then
  const WITHDRAWN = "pst-withdrawn"; // keys of choices called off, until the server knows
  let pending = null;

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!("keepChoice" in form.dataset) || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (pending) return;
      const button = event.submitter;
      const body = new URLSearchParams(new FormData(form, button));
      withdrawn(withdrawn().filter((token) => token !== body.get("token"))); // chosen anew on the same page
      pending = { form, button, body, since: Date.now(), what: button.querySelector(".tile-title")?.textContent.trim() ?? "" };
      form.dataset.sending = "1"; // live updates leave the page alone (kiosk-idle.js)
      button.setAttribute("aria-busy", "true");
      if (document.body.dataset.liveState === "stale") show(pending.what); // said at once; still tried
      send(pending);
    },
    true,
  );

  async function send(choice) {
    if (pending !== choice) return;
    let answer;
    try {
      answer = await fetch(choice.form.action, {
        method: "POST",
        body: choice.body,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(8000),
      });
      if (answer.status >= 500) throw new Error(answer.status);
    } catch {
      return wait(choice);
    }
    if (pending !== choice) return;
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const { to } = await answer.json();
      return location.assign(to);
    }
    // The server has something to say (used up, too old): the plain form shows its page.
    pending = null;
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name: choice.button.name, value: choice.button.value });
    choice.form.append(hidden);
    choice.form.submit();
  }

  function wait(choice) {
    if (Date.now() - choice.since > GIVE_UP) return stop();
    show(choice.what);
    setTimeout(() => send(choice), RETRY);
  }

  function show(what) {
    if (!dialog || dialog.open) return;
    dialog.querySelector("[data-pending-what]").textContent = what;
    dialog.showModal();
  }

  /* Called off, or nobody waits any more. A number given all the same (its answer got lost) goes back as soon as
     the server can be told; then the page is a new one, with a key of its own. */
  function withdrawn(tokens) {
    if (tokens) localStorage.setItem(WITHDRAWN, JSON.stringify(tokens));
    return JSON.parse(localStorage.getItem(WITHDRAWN) ?? "[]");
  }

  async function tellWithdrawn() {
    const [token] = withdrawn();
    if (!token || pending) return;
    try {
      const answer = await fetch(dialog.dataset.withdraw, {
        method: "POST",
        body: new URLSearchParams({ token, csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value }),
        signal: AbortSignal.timeout(8000),
      });
      if (answer.status >= 500) throw new Error(answer.status);
    } catch {
      return setTimeout(tellWithdrawn, RETRY);
    }
    withdrawn(withdrawn().filter((other) => other !== token));
    if (!pending) location.reload();
  }

  function stop() {
    if (!pending) return;
    withdrawn([...withdrawn(), pending.body.get("token")]);
    setTimeout(tellWithdrawn);
    delete pending.form.dataset.sending;
    pending.button.removeAttribute("aria-busy");
    pending = null;
    if (dialog?.open) dialog.close();
  }

  dialog?.addEventListener("close", stop);
  if (dialog) tellWithdrawn();
})();
