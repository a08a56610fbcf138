/* A questionnaire. On the phone (data-survey="list") a tap leads on to the next question, on the tablet ("steps") one
   question stands there at a time. Without this script the whole form stands there and works. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-survey]");
  if (!form) return;
  const steps = [...form.querySelectorAll("[data-survey-step]")];
  if (!steps.length) return;
  const questions = steps.filter((step) => step.dataset.question);
  const progress = form.querySelector("[data-survey-progress]");
  const bar = progress.querySelector("progress");
  const words = progress.querySelector("[data-survey-count]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const answered = (step) => Boolean(step.querySelector("input:checked"));
  const oneByOne = form.dataset.survey === "steps";
  let here = 0;
  let pressed = 0; // when a finger or mouse was last down: arrow keys choose too, and must not lead on

  function count() {
    const done = questions.filter(answered).length;
    bar.value = done;
    words.textContent = progress.dataset.words.replace("{n}", done).replace("{m}", questions.length);
    return done;
  }

  const control = (name) => document.querySelector(`[data-survey-${name}]`);

  function show(number, focus) {
    here = Math.max(0, Math.min(steps.length - 1, number));
    steps.forEach((step, n) => (step.hidden = n !== here));
    const question = here < questions.length;
    control("back").hidden = here === 0;
    control("next").hidden = here === steps.length - 1 || (question && !answered(steps[here]));
    control("send").hidden = here < questions.length - 1 || !questions.every(answered);
    if (focus) steps[here].querySelector("input, textarea, select")?.focus({ preventScroll: true });
    if (focus) scrollTo(0, 0);
  }

  function next(step) {
    const number = steps.indexOf(step) + 1;
    if (oneByOne) return show(number, true);
    steps[number]?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  }

  form.addEventListener("pointerdown", () => (pressed = performance.now()));
  form.addEventListener("pointerup", () => (pressed = performance.now()));
  form.addEventListener("change", (event) => {
    count();
    const step = event.target.closest("[data-survey-step]");
    if (oneByOne) show(here, false);
    if (!step || event.target.type !== "radio" || performance.now() - pressed > 1000) return;
    setTimeout(() => next(step), calm ? 0 : 180); // long enough to see what was chosen
  });

  progress.hidden = false;
  count();
  if (oneByOne) {
    form.classList.add("is-steps");
    control("back").addEventListener("click", () => show(here - 1, true));
    control("next").addEventListener("click", () => show(here + 1, true));
    const missing = questions.findIndex((step) => !answered(step));
    show(missing < 0 ? questions.length : missing, false);
  }
})();
