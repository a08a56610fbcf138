/* Taking a number when the network fails: the choice is kept, said so at once, and sent again with the same key as
   soon as the server answers. The key makes it the same number, however often it is sent. */
(function () {
  "use strict";
  const dialog = document.getElementById("pending-dialog");
  const RETRY = 1500;
  const GIVE_UP = 3 * 60 * 1000; // whoever chose has gone by then
  const TWICE = 3000; // a request that was under way when it was called off may arrive after the first word of it
  let pending = null;
  let attempts = 0; // each choice on this page has a key of its own: calling one off never touches another

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!("keepChoice" in form.dataset) || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (pending || form.dataset.sending) return;
      const button = event.submitter;
      const body = new URLSearchParams(new FormData(form, button));
      body.set("attempt", ++attempts);
      pending = { form, button, body, since: Date.now(), request: null, what: button.querySelector(".tile-title")?.textContent.trim() ?? "" };
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
    choice.request = new AbortController();
    const patience = setTimeout(() => choice.request.abort(), 8000);
    try {
      answer = await fetch(choice.form.action, {
        method: "POST",
        body: choice.body,
        headers: { Accept: "application/json" },
        signal: choice.request.signal,
      });
      if (answer.status >= 500) throw new Error(answer.status);
    } catch {
      return wait(choice);
    } finally {
      clearTimeout(patience);
    }
    if (pending !== choice) return;
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const { to } = await answer.json().catch(() => ({}));
      if (pending !== choice) return;
      if (!to) return wait(choice);
      pending = null; // the number is there: nothing is called off any more
      return location.assign(to);
    }
    // The server has something to say (used up, too old): the plain form shows its page.
    pending = null;
    for (const [name, value] of [
      [choice.button.name, choice.button.value],
      ["attempt", choice.body.get("attempt")],
    ]) {
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name, value });
      choice.form.append(hidden);
    }
    choice.form.submit();
  }

  function wait(choice) {
    if (pending !== choice) return;
    if (Date.now() - choice.since > GIVE_UP) return stop();
    show(choice.what);
    setTimeout(() => send(choice), RETRY);
  }

  function show(what) {
    if (!dialog || dialog.open) return;
    dialog.querySelector("[data-pending-what]").textContent = what;
    dialog.showModal();
  }

  function stop() {
    if (!pending) return;
    const { form, button, body, request } = pending;
    pending = null;
    request?.abort();
    delete form.dataset.sending;
    button.removeAttribute("aria-busy");
    if (dialog?.open) dialog.close();
    const [token, attempt] = [body.get("token"), body.get("attempt")];
    withdrawn([...withdrawn(), { token, attempt, told: 0 }]);
    tellWithdrawn();
  }

  /* Called off, or nobody waits any more. A number given all the same (its answer got lost) goes back as soon as the
     server can be told, from whatever page of the tablet comes next. */
  let list = [];
  function withdrawn(entries) {
    try {
      if (entries) localStorage.setItem("pst-withdrawn", JSON.stringify(entries));
      list = JSON.parse(localStorage.getItem("pst-withdrawn") ?? "[]");
    } catch {
      list = entries ?? list; // without storage this page remembers
    }
    return list;
  }

  let telling = false;
  async function tellWithdrawn() {
    if (telling || !dialog) return;
    telling = true;
    const [choice] = withdrawn();
    let pause = RETRY;
    if (choice) {
      try {
        const answer = await fetch(dialog.dataset.withdraw, {
          method: "POST",
          body: new URLSearchParams({ ...choice, csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value }),
          signal: AbortSignal.timeout(8000),
        });
        if (answer.status >= 500) throw new Error(answer.status);
        const [first, ...others] = withdrawn();
        if (first.told) withdrawn(others);
        else {
          withdrawn([{ ...first, told: 1 }, ...others]);
          pause = TWICE;
        }
      } catch {
        // tried again
      }
    }
    telling = false;
    if (withdrawn().length) setTimeout(tellWithdrawn, pause);
  }

  dialog?.addEventListener("close", stop);
  tellWithdrawn();
})();
