/* The visitor's phone: when the number is called it vibrates, sounds and says so in the tab's title.
   Browsers keep sound locked until the first tap; the offer above the number unlocks it, and keeps the screen on
   where the phone can do that. Each call sounds once; a recall sounds again. */
(function () {
  "use strict";
  const status = document.getElementById("status");
  const offer = document.querySelector("[data-sound-offer]");
  if (!status) return;
  const title = document.title;
  let audio = null;
  let last = callOf();

  function callOf() {
    return status.querySelector("[data-my-call]")?.dataset.myCall ?? "";
  }

  function chime() {
    if (!audio || audio.state !== "running") return;
    [659.25, 523.25, 659.25, 523.25].forEach((pitch, index) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const from = audio.currentTime + index * 0.4;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.5, from + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.8);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.9);
    });
  }

  /* The guest book is saved or the visit over: nothing of it stays on the phone (guest-book-kept.js). */
  function forget() {
    const token = status.querySelector("[data-forget]")?.dataset.forget;
    try {
      if (token) sessionStorage.removeItem(`guest-book ${token}`);
    } catch {
      // the browser keeps nothing anyway
    }
  }

  function look() {
    forget();
    const call = callOf();
    document.title = call ? `\u{1F514} ${status.querySelector(".my-place")?.textContent.trim() ?? ""}` : title;
    if (call && call !== last) {
      navigator.vibrate?.([400, 150, 400, 150, 400]);
      chime();
      document.dispatchEvent(new CustomEvent("called", { detail: { call } }));
    }
    last = call;
    show();
  }

  function show() {
    const waits = status.querySelector('[data-my-state="waiting"]');
    if (offer) offer.hidden = !waits || !window.AudioContext || audio?.state === "running";
  }

  async function unlock() {
    audio ??= window.AudioContext ? new AudioContext() : null;
    await audio?.resume();
    chime();
    show();
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // the phone saves power: it still vibrates
    }
  }

  offer?.querySelector("button").addEventListener("click", unlock);
  document.body.addEventListener("htmx:afterSwap", look);
  if (callOf()) last = ""; // opened because of the call: say it
  look();
})();
