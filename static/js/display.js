/* The TV's calls. Each call (data-call, its own number) is said once, in order, never overlapping: chime, Indonesian,
   then English where the office wants it. data-voice on the list: bundled, browser, chime or none. A word that cannot
   be loaded leaves the call to the browser's own voice, and where there is none to the chime.
   Calls older than the page are not repeated; one that came while the page was loading anew is said.
   Browsers keep sound locked until the first tap: a banner says so, and after a minute the office is told. */
(function () {
  "use strict";
  const voice = window.pstVoice;
  const banner = document.querySelector("[data-sound-banner]");
  const SAID = "pst-said-calls";
  const REMEMBERED = 400; // far more than a board holds
  const ONE_MINUTE = 60000;
  const BETWEEN_CALLS = 700;
  const queue = [];
  /* A set, not the highest: of two calls made at once the one with the higher number may be there first. */
  let said = remembered();
  let speaking = false;
  let broken = false;
  let reported = document.body.dataset.soundFault === "1" ? "unknown" : "ok";

  const list = () => document.querySelector("[data-calls]");
  const mode = () => list()?.dataset.voice ?? "none";
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  function calls() {
    return [...document.querySelectorAll("[data-calls] [data-call]")].map((item) => ({ ...item.dataset, id: Number(item.dataset.call) }));
  }

  /* What was on the board before a reload is known; a screen that opens begins with the next call. */
  function remembered() {
    try {
      const known = JSON.parse(sessionStorage.getItem(SAID));
      if (Array.isArray(known)) return new Set(known);
    } catch {
      // not ours: begin anew
    }
    return new Set(calls().map((call) => call.id));
  }

  function collect() {
    for (const call of calls()) {
      if (said.has(call.id)) continue;
      said.add(call.id);
      queue.push(call);
    }
    said = new Set([...said].slice(-REMEMBERED));
    sessionStorage.setItem(SAID, JSON.stringify([...said]));
    renew();
    speakNext();
  }

  function browserVoice(text, language) {
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(text);
      const own = window.speechSynthesis.getVoices().find((v) => v.lang.toLowerCase().startsWith(language));
      words.lang = language === "id" ? "id-ID" : "en-GB";
      if (own && window.SpeechSynthesisVoice && own instanceof window.SpeechSynthesisVoice) words.voice = own;
      words.rate = 0.9;
      const end = setTimeout(done, 15000); // a voice that never reports its end must not silence the rest
      words.onend = words.onerror = () => {
        clearTimeout(end);
        done();
      };
      window.speechSynthesis.speak(words);
    });
  }

  const canSpeak = () => Boolean(window.speechSynthesis?.getVoices().length);

  async function sentence(call, how, text, segments, language) {
    if (!text) return;
    tell("voice:sentence", { call: call.id, language, text, how });
    if (how === "bundled") {
      try {
        await voice.say(segments.split(" "));
        broken = false;
        return;
      } catch {
        // the browser's own voice, if it has one
      }
    }
    broken = !canSpeak();
    if (!broken) await browserVoice(text, language);
  }

  async function speak(call) {
    const how = mode();
    if (how === "none" || !voice.running()) return;
    tell("voice:call", { call: call.id, text: call.text, how });
    await voice.chime();
    if (how !== "chime") {
      await sentence(call, how, call.text, call.segments, "id");
      await sentence(call, how, call.textEn, call.segmentsEn, "en");
    }
    tell("voice:end", { call: call.id });
    await wait(BETWEEN_CALLS);
  }

  function tell(name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async function speakNext() {
    if (speaking) return;
    speaking = true;
    while (queue.length) await speak(queue.shift());
    speaking = false;
    report();
    renew();
  }

  /* ---- a new release: the page loads itself anew, once nothing is being said, and not all TVs at once ---- */
  let renewing = null;

  function renew() {
    const now = document.getElementById("board")?.dataset.release;
    if (!now || now === document.body.dataset.release || renewing) return;
    renewing = setTimeout(() => {
      renewing = null;
      if (!speaking && document.body.dataset.liveState === "ok") location.reload();
      else renew();
    }, 1000 + Math.random() * 4000);
  }

  /* ---- the lock on sound ---- */
  const silent = () => mode() !== "none" && !voice.running();

  async function unlock() {
    await voice.resume();
    show();
  }

  function show() {
    if (banner) banner.hidden = !silent();
    document.body.dataset.sound = silent() ? "locked" : "ok";
    if (!silent()) {
      report();
      prepare();
    }
  }

  function prepare() {
    if (mode() !== "bundled") return;
    voice.preload("id").then(() => list()?.dataset.english === "1" && voice.preload("en"));
  }

  /* Sound that works is told at once, if the office believes otherwise; that it does not, after a minute. */
  async function report() {
    const state = !voice.possible() || broken ? "broken" : silent() ? "locked" : "ok";
    if (state === reported || (state === "locked" && performance.now() < ONE_MINUTE)) return;
    const before = reported;
    reported = state;
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(document.body.dataset.soundUrl, {
      method: "POST",
      headers,
      body: new URLSearchParams({ state }),
    }).catch(() => null);
    if (!answer?.ok) reported = before; // said again with the next look
  }

  document.addEventListener("click", unlock);
  document.addEventListener("keydown", unlock);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "board" || event.detail.elt?.id === "board") collect();
    show();
  });
  voice.onchange(show);
  setInterval(report, 10000);
  show();
  prepare();
  collect();
})();
