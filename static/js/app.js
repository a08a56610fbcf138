/* What every page has: toasts, htmx failures, confirmation, clocks, shortcuts, double-submit guard, theme.
   Words come from #ui-text in components/page_tools.html, so that they are translated. */
(function () {
  "use strict";
  const words = document.getElementById("ui-text")?.dataset ?? {};

  /* ---- toasts: HX-Trigger {"toast": {"level": "ok", "text": "…"}} ---- */
  const LEVELS = { success: "ok", error: "danger", warning: "warn" }; // Django's words for the same
  const ICONS = { ok: "check", info: "info", warn: "warning", danger: "warning" };

  function toast(level, text) {
    const region = document.getElementById("toasts");
    const template = document.getElementById("toast-template");
    if (!region || !template || !text) return;
    level = LEVELS[level] ?? level;
    for (const old of region.children) if (old.dataset.text === text) old.remove();
    const element = template.content.firstElementChild.cloneNode(true);
    element.className = `toast toast-${level}`;
    element.dataset.text = text;
    element.querySelector(".toast-text").textContent = text;
    const use = element.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[level] ?? "info"}`));
    if (level === "danger") element.setAttribute("role", "alert");
    raise(region).append(element);
    while (region.children.length > 4) region.firstElementChild.remove();
    const stay = level === "danger" ? 15000 : 4000 + text.length * 60;
    dismissLater(element, stay);
  }

  /* An open dialog covers everything else: show the toasts inside it. */
  function raise(region) {
    const open = [...document.querySelectorAll("dialog[open]")].pop();
    const parent = open ?? document.body;
    if (region.parentElement !== parent) parent.append(region);
    return region;
  }

  function dismissLater(element, milliseconds) {
    let timer = setTimeout(() => element.remove(), milliseconds);
    element.addEventListener("pointerenter", () => clearTimeout(timer));
    element.addEventListener("pointerleave", () => (timer = setTimeout(() => element.remove(), milliseconds / 2)));
  }

  document.addEventListener("toast", (event) => toast(event.detail?.level ?? "info", event.detail?.text ?? event.detail?.value));
  document.addEventListener("close", () => raise(document.getElementById("toasts")), true);
  document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast").remove());

  /* ---- htmx failures: nothing is swapped, so what was typed stays ---- */
  const STATUS_WORDS = { 403: "forbidden", 404: "notFound", 409: "conflict", 429: "tooMany" };
  const isForeground = (event) => !/^live:/.test(event.detail.requestConfig?.triggeringEvent?.type ?? "");

  document.addEventListener("htmx:responseError", (event) => {
    if (isForeground(event)) toast("danger", words[STATUS_WORDS[event.detail.xhr.status] ?? "serverError"]);
  });
  document.addEventListener("htmx:sendError", (event) => isForeground(event) && toast("danger", words.sendError));
  document.addEventListener("htmx:timeout", (event) => isForeground(event) && toast("danger", words.timeout));

  /* ---- confirmation: [data-confirm] on a button, link or form ---- */
  const confirmed = new WeakSet();

  function ask(element, proceed) {
    const dialog = document.getElementById("confirm-dialog");
    const yes = document.getElementById("confirm-yes");
    const detail = document.getElementById("confirm-detail");
    if (!yes.dataset.default) yes.dataset.default = yes.textContent;
    document.getElementById("confirm-text").textContent = element.dataset.confirm;
    const { confirmDetail, confirmChoice } = element.dataset;
    detail.textContent = confirmDetail ?? (confirmChoice && document.querySelector(confirmChoice)?.selectedOptions[0]?.text) ?? "";
    detail.hidden = !detail.textContent;
    yes.textContent = element.dataset.confirmYes ?? yes.dataset.default;
    const grave = element.classList.contains("btn-danger");
    yes.classList.toggle("btn-danger", grave);
    yes.classList.toggle("btn-primary", !grave);
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && proceed(), { once: true });
    dialog.showModal();
  }

  /* While the question stood there a live update may have replaced what was pressed: the same button in the new
     piece is pressed then. If it is gone, somebody else was faster, and that is said. */
  function intercept(event, element, again) {
    if (!element || confirmed.delete(element)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(element, () => {
      const now = element.isConnected ? element : document.getElementById(element.id);
      if (!now) return toast("warn", words.conflict);
      confirmed.add(now);
      again(now);
    });
  }

  document.addEventListener(
    "click",
    (event) => {
      const element = event.target.closest("[data-confirm]:not(form)");
      intercept(event, element, (now) => now.click());
    },
    true,
  );
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target.closest("form[data-confirm]");
      intercept(event, form, (now) => now.requestSubmit(now === form ? event.submitter : null));
    },
    true,
  );

  /* ---- double submit: the button rests while the form is on its way ---- */
  function busy(button, on) {
    if (!button || button.dataset.noGuard !== undefined) return;
    button.disabled = on;
    on ? button.setAttribute("aria-busy", "true") : button.removeAttribute("aria-busy");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") === "dialog" || form.target === "_blank" || "noGuard" in form.dataset) return;
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "1";
    const button = event.submitter;
    setTimeout(() => busy(button, true)); // after the browser has read the button's value
    setTimeout(() => release(form), 15000); // a download never leaves the page
  });

  function release(form) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[aria-busy]")) busy(button, false);
    const id = form.getAttribute("id"); // form.id may be a field called "id"
    if (id) for (const button of document.querySelectorAll(`[form="${CSS.escape(id)}"][aria-busy]`)) busy(button, false);
  }

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

  function htmxButton(event) {
    const element = event.detail.elt;
    if (element.matches("button")) return element;
    return element.matches("form") ? (event.detail.requestConfig?.triggeringEvent?.submitter ?? null) : null;
  }
  document.addEventListener("htmx:beforeSend", (event) => {
    const button = htmxButton(event);
    busy(button, true);
    if (button) document.querySelectorAll(".toast-danger, .desk-main > .messages").forEach((old) => old.remove()); // what went wrong before is read by now
  });
  document.addEventListener("htmx:afterRequest", (event) => busy(htmxButton(event), false));

  /* ---- shortcuts: data-key="Alt+N"; single letters would trap assistive technology ---- */
  const visible = (element) => !element.disabled && element.getClientRects().length > 0 && element.checkVisibility?.() !== false; // not in closed <details>

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const key = event.code.replace(/^(Key|Digit)/, "");
    const scope = document.querySelector("dialog[open]") ?? document;
    const target = [...scope.querySelectorAll(`[data-key="Alt+${key}"]`)].find(visible);
    if (!target) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    if (!target.matches("input, select, textarea")) target.click();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-help]")) return;
    const rows = [...document.querySelectorAll("[data-key]")].filter(visible).map((element) => {
      const row = document.createElement("tr");
      const key = document.createElement("kbd");
      key.textContent = element.dataset.key;
      row.insertCell().append(key);
      row.insertCell().textContent = element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.querySelector("span")?.textContent ?? element.textContent.trim();
      return row;
    });
    document.getElementById("keys-list").replaceChildren(...rows);
    document.getElementById("keys-dialog").showModal();
  });

  /* ---- theme, reload, autofocus ---- */
  function prepare(scope) {
    scope.querySelectorAll("[data-theme-toggle]").forEach((button) => (button.hidden = false));
    scope.querySelector("[data-autofocus]")?.focus();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) window.pstTheme.toggle();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-reload]")) {
      event.preventDefault();
      const from = document.referrer.startsWith(location.origin) ? document.referrer : location.href;
      location.replace(from);
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.detail.elt));
  prepare(document);
  window.pstToast = toast;
})();
