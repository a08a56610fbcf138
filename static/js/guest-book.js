/* The guest book. It unfolds with the answer about consent, which comes first: who refuses is not asked for anything
   personal; the fields step aside, nothing typed is lost. On tablet and phone (data-wizard) one question a screen;
   without a script the whole form stands there and works. */
(function () {
  "use strict";
  const form = document.querySelector("[data-guest-book]");
  if (!form) return;
  const value = (name) => {
    const checked = form.querySelector(`[name="${name}"]:checked`);
    return checked ? checked.value : form.querySelector(`[name="${name}"]:not([type=radio])`)?.value || "";
  };
  const agreed = () => value("consent") === "yes";
  const child = () => {
    const year = Number(value("birth_year"));
    return year >= Number(form.dataset.childFrom) && year < 2200;
  };
  const WHEN = { child, group: () => agreed() && Number(value("party_size")) > 1 };
  const personal = form.querySelector("[data-personal]");
  const answered = form.querySelector("[data-answered]");
  /* A child for whom nobody agrees is asked nothing more than somebody who refused. */
  const unanswered = (screen) =>
    child() && value("guardian") === "none" && !["birth_year", "guardian"].includes(screen.dataset.screen);

  function shape() {
    personal.hidden = !agreed();
    answered.hidden = !value("consent");
    for (const field of personal.querySelectorAll("input, select, textarea")) field.disabled = !agreed();
    for (const part of form.querySelectorAll("[data-when]")) {
      const wanted = WHEN[part.dataset.when]();
      if (!(form.classList.contains("is-wizard") && "screen" in part.dataset)) part.hidden = !wanted;
      for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = !wanted || !agreed();
    }
  }

  /* Rows of data wanted: one, and more on demand. */
  const rows = [...form.querySelectorAll("[data-need-row]")];
  const more = form.querySelector("[data-need-more]");
  const filled = (row) => [...row.querySelectorAll("input")].some((field) => field.value);
  function showRows(count) {
    rows.forEach((row, n) => (row.hidden = n >= count));
    if (more) more.hidden = count >= rows.length;
  }
  if (rows.length) {
    showRows(Math.max(1, rows.findLastIndex(filled) + 1));
    more?.addEventListener("click", () => {
      const next = rows.findIndex((row) => row.hidden);
      showRows(next + 1);
      rows[next].querySelector("input").focus();
    });
  }

  /* Ready answers: a tap writes them into the field. */
  for (const ready of form.querySelectorAll("[data-fill]")) {
    ready.hidden = false;
    ready.addEventListener("click", (event) => {
      const answer = event.target.closest("button");
      if (!answer) return;
      const field = form.querySelector(`[name="${ready.dataset.fill}"]`);
      field.value = answer.textContent.trim();
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    });
  }

  form.addEventListener("change", () => shape());
  shape();
  if ("wizard" in form.dataset) wizard();

  function wizard() {
    const screens = [...form.querySelectorAll("[data-screen]")];
    const head = form.querySelector("[data-wizard-head]");
    const text = form.querySelector("[data-wizard-text]");
    const bar = form.querySelector("[data-wizard-bar]");
    const button = (name) => document.querySelector(`[data-wizard-${name}]`);
    const [back, next, save, cancel] = ["back", "next", "save", "cancel"].map(button);
    const before = document.querySelector("[data-wizard-first]"); // stands above the first question only
    const nextText = document.querySelector("[data-wizard-next-text]");
    const sentBack = Boolean(form.querySelector(".field-invalid"));
    let moved = { at: -1e9, to: null }; // when a tap on an answer led on by itself, and to which question
    let at = screens.find((screen) => screen.querySelector(".field-invalid"));

    const open = () =>
      screens.filter((screen) => {
        if (screen.dataset.screen === "consent") return true;
        if (screen.dataset.when && !WHEN[screen.dataset.when]()) return false;
        const asked = personal.contains(screen) || screen.dataset.screen === "companions";
        return asked ? agreed() && !unanswered(screen) : Boolean(value("consent"));
      });
    const fields = (screen) => [...screen.querySelectorAll("input, select, textarea")].filter((f) => !f.disabled && !f.closest("[hidden]:not([data-screen])"));
    const optional = (screen) => !("need" in screen.dataset) && !screen.querySelector(".field:not([data-optional], .needs)");
    const empty = (screen) => !fields(screen).some((f) => (["radio", "checkbox"].includes(f.type) ? f.checked : f.value.trim()));

    at ??= open().find((screen) => screen.dataset.screen === form.dataset.at) ?? screens[0]; // where one was (guest-book-kept.js)

    function show(screen, focus) {
      at = screen;
      form.dataset.at = at.dataset.screen;
      const all = open();
      for (const other of screens) other.hidden = other !== at;
      const place = all.indexOf(at);
      const last = place === all.length - 1 && Boolean(value("consent"));
      head.hidden = !value("consent"); // only the answer says how many questions there are
      text.textContent = form.dataset.of.replace("{n}", place + 1).replace("{m}", Math.max(all.length, place + 1));
      bar.style.inlineSize = `${Math.round((100 * (place + 1)) / Math.max(all.length, 1))}%`;
      back.hidden = place === 0;
      cancel.hidden = place !== 0;
      if (before) before.hidden = place !== 0;
      next.hidden = last;
      save.hidden = !last;
      label();
      if (!focus) return;
      const first = fields(at)[0];
      if (first && !["radio", "checkbox"].includes(first.type)) first.focus();
      else {
        const legend = at.querySelector("legend");
        legend.tabIndex = -1;
        legend.focus();
      }
      scrollTo(0, 0);
    }

    function label() {
      nextText.textContent = empty(at) && optional(at) ? nextText.dataset.skip : nextText.dataset.next;
    }

    /* What the form would refuse is said before the next question, at its field. */
    function fault(screen) {
      const wrong = fields(screen).find((f) => f.value && !f.checkValidity());
      if (wrong) return wrong.validationMessage;
      if (optional(screen) || !empty(screen)) return "";
      return form.dataset.needed;
    }

    function say(screen, message) {
      screen.querySelector("[data-wizard-fault]")?.remove();
      if (!message) return;
      const note = document.createElement("p");
      note.className = "field-error";
      note.dataset.wizardFault = "";
      note.setAttribute("role", "alert");
      note.textContent = message;
      screen.append(note);
    }

    function go(by) {
      shape();
      const message = by > 0 ? fault(at) : "";
      say(at, message);
      if (message) return fields(at)[0]?.focus();
      const all = open();
      // Sent back by the server: from one wrong answer to the next, and then to the end, not through all again.
      const wrong = all.slice(all.indexOf(at) + 1).find((screen) => screen.querySelector(".field-invalid"));
      const target = sentBack && by > 0 && at !== all.at(-1) ? (wrong ?? all.at(-1)) : all[all.indexOf(at) + by];
      const summary = form.querySelector(".form-errors"); // it told of answers that are given anew now
      if (summary && by > 0) summary.hidden = true;
      if (target) show(target, true);
      else if (by > 0) save.click();
    }

    next.addEventListener("click", (event) => {
      const twice = event.timeStamp - moved.at < 900 && moved.to === at && empty(at); // the answer led on already
      if (!twice) go(1);
    });
    back.addEventListener("click", () => go(-1));
    form.addEventListener("input", label);
    form.addEventListener("change", () => {
      say(at, "");
      show(at, false);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.matches("textarea, button")) return;
      event.preventDefault();
      go(1);
    });
    /* A finger on an answer is the answer; arrow keys only move through them. */
    form.addEventListener("click", (event) => {
      const choice = event.target.closest(".choice")?.querySelector("input[type=radio]");
      if (!choice || event.detail === 0) return;
      setTimeout(() => {
        if (!at.contains(choice) || !choice.checked) return;
        go(1);
        moved = { at: performance.now(), to: at };
      }, 180);
    });
    /* The keyboard on the screen takes half of it: the field in use stays in the other half. */
    window.visualViewport?.addEventListener("resize", () => {
      if (document.activeElement?.matches("input, textarea")) document.activeElement.scrollIntoView({ block: "center" });
    });
    /* A line of the summary above leads to its question, also while that is put aside. */
    form.addEventListener("click", (event) => {
      const link = event.target.closest(".form-errors a[href^='#']");
      const target = link && document.getElementById(link.getAttribute("href").slice(1));
      if (!target) return;
      event.preventDefault();
      event.stopPropagation();
      show(target.closest("[data-screen]"), true);
    }, true);
    form.classList.add("is-wizard");
    show(at, Boolean(form.querySelector(".field-invalid")));
  }
})();
