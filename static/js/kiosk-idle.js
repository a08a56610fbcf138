/* The kiosk forgets. <body data-idle-seconds="60" data-idle-url="/kios/">
   data-idle-silent: nothing can be lost here, so no question is asked. After the idle time a dialog counts 15 s down, then the page is replaced, so that nothing of the
   visitor is left: forms are cleared, the back button finds nothing, no text can be selected or dragged. */
(function () {
  "use strict";
  const body = document.body;
  const url = body.dataset.idleUrl;
  const limit = Number(body.dataset.idleSeconds || 0) * 1000;
  const silent = "idleSilent" in body.dataset;
  const COUNTDOWN = 15;
  const dialog = document.getElementById("idle-dialog");
  const output = document.getElementById("idle-seconds");
  let touched = Date.now();
  let shownAt = 0;
  let leaving = false;

  function forget() {
    for (const form of document.forms) form.reset();
    for (const field of document.querySelectorAll("input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea")) field.value = "";
    body.classList.add("is-forgetting");
    leave();
  }

  /* A choice is being kept until the network is back (kiosk-take.js): somebody stands here and waits for a number. */
  const onItsWay = () => document.querySelector("form[data-sending]");

  /* Not while the network is away: the browser's error page would stay until someone comes. */
  function leave() {
    if (onItsWay()) return stay();
    fetch(url, { method: "HEAD", cache: "no-store" })
      .then(() => (onItsWay() ? stay() : location.replace(url)))
      .catch(() => setTimeout(leave, 3000));
  }

  function stay() {
    leaving = false;
    touched = Date.now();
    body.classList.remove("is-forgetting");
  }

  /* Links on the tablet replace the page, so that "back" never leads to what somebody sent or typed. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    whenThere(() => location.replace(link.href));
  });

  /* With the server away the browser would show its own error page, and stay there until somebody comes. */
  let asking = false;
  function whenThere(go) {
    if (asking) return;
    asking = true;
    still(5000);
    fetch("/sehat/", { cache: "no-store", signal: AbortSignal.timeout(4000) })
      .then((answer) => {
        if (!answer.ok) throw new Error(answer.status);
        go();
      })
      .catch(() => {
        still(0);
        document.dispatchEvent(new CustomEvent("toast", { detail: { level: "danger", text: body.dataset.awayText } }));
      })
      .finally(() => {
        asking = false;
      });
  }

  /* What is being tapped stays as it is: a tap on something that a live update replaces goes nowhere. The update
     that came meanwhile is fetched again afterwards. */
  let stillUntil = 0;
  let missed;
  function still(milliseconds) {
    stillUntil = Date.now() + milliseconds;
  }
  document.addEventListener("pointerdown", () => still(Math.max(600, stillUntil - Date.now())), { capture: true });
  function fetchAgainIn(milliseconds) {
    clearTimeout(missed);
    missed = setTimeout(() => {
      for (const topic of (body.dataset.liveTopics || "").split(" ").filter(Boolean)) body.dispatchEvent(new CustomEvent(`live:${topic}`));
    }, milliseconds + 50);
  }

  /* What is being sent has an answer that is a page of its own: the tablet does not answer its own live events. */
  const isSending = (element) => element.querySelector("form[data-sending]");
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isSending(event.detail.target)) return;
    event.preventDefault();
    fetchAgainIn(1000);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const wait = isSending(event.detail.target) ? 1000 : stillUntil - Date.now();
    if (wait <= 0) return;
    event.detail.shouldSwap = false;
    fetchAgainIn(wait);
  });

  /* A button that leads to another page with what was chosen so far (data-carry), and nothing else of the form. */
  function aside(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (onItsWay()) return;
    const chosen = new FormData(event.target);
    const query = new URLSearchParams();
    for (const name of event.submitter.dataset.carry.split(" ")) if (chosen.has(name)) query.set(name, chosen.get(name));
    const to = `${event.submitter.formAction}?${query}`;
    whenThere(() => location.replace(to));
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (event.submitter?.hasAttribute("formaction")) return aside(event);
      if (form.method === "dialog" || "keepChoice" in form.dataset) return; // kiosk-take.js sends those
      if (form.dataset.serverThere) {
        delete form.dataset.serverThere;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      whenThere(() => {
        form.dataset.serverThere = "yes";
        form.requestSubmit(button);
      });
    },
    true,
  );

  function tick() {
    if (leaving) return;
    const now = Date.now();
    if (onItsWay()) {
      touched = now;
      return dialog.close();
    }
    if (!shownAt && now - touched >= limit) {
      if (silent) {
        leaving = true;
        return forget();
      }
      shownAt = now;
      document.querySelectorAll("dialog[open]").forEach((other) => other !== dialog && other.close());
      dialog.showModal();
    }
    if (!shownAt) return;
    const left = COUNTDOWN - Math.floor((now - shownAt) / 1000);
    output.textContent = String(Math.max(0, left));
    if (left <= 0) {
      leaving = true;
      forget();
    }
  }

  if (limit && url && dialog) {
    for (const type of ["pointerdown", "keydown", "input", "scroll"]) {
      document.addEventListener(type, () => (touched = Date.now()), { passive: true, capture: true });
    }
    dialog.addEventListener("close", () => {
      shownAt = 0;
      touched = Date.now();
    });
    setInterval(tick, 250);
  }

  // the on-screen keyboard takes half the screen: the field being filled in stays in sight
  window.visualViewport?.addEventListener("resize", () => {
    const field = document.activeElement;
    if (field?.matches("input, textarea, select")) field.scrollIntoView({ block: "center" });
  });

  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  for (const type of ["contextmenu", "dragstart", "selectstart"]) {
    document.addEventListener(type, (event) => !event.target.closest?.("input, textarea") && event.preventDefault());
  }
  for (const form of document.forms) form.autocomplete = "off";
})();
