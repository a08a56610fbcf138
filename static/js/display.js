/* The TV's voice. Each call (data-call, a growing number) is spoken once, in order, never overlapping: a chime,
   then the sentence by the browser's speech. Calls older than the page are not repeated after a reload.
   Browsers keep sound locked until the first tap; a banner says so and unlocks it. */
(function () {
  "use strict";
  const banner = document.querySelector("[data-sound-banner]");
  const queue = [];
  let last = newest();
  let speaking = false;
  let audio = null;

  function calls() {
    return [...document.querySelectorAll("[data-calls] [data-call]")].map((item) => ({
      id: Number(item.dataset.call),
      text: item.textContent.trim(),
    }));
  }

  function newest() {
    return Math.max(0, ...calls().map((call) => call.id));
  }

  function collect() {
    for (const call of calls()) {
      if (call.id > last) {
        last = call.id;
        queue.push(call.text);
      }
    }
    speakNext();
  }

  function chime() {
    if (!audio || audio.state !== "running") return Promise.resolve();
    const start = audio.currentTime;
    [659.25, 523.25].forEach((pitch, index) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const from = start + index * 0.35;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.4, from + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.9);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 1);
    });
    return new Promise((done) => setTimeout(done, 1100));
  }

  function say(text) {
    return new Promise((done) => {
      const voices = window.speechSynthesis?.getVoices() ?? [];
      if (!window.speechSynthesis) return done();
      const words = new SpeechSynthesisUtterance(text);
      const voice = voices.find((v) => v.lang.toLowerCase().startsWith("id"));
      words.lang = "id-ID";
      if (voice instanceof Object && "voiceURI" in voice && window.SpeechSynthesisVoice && voice instanceof window.SpeechSynthesisVoice) words.voice = voice;
      words.rate = 0.9;
      const end = setTimeout(done, 15000); // a voice that never reports its end must not silence the rest
      words.onend = words.onerror = () => {
        clearTimeout(end);
        done();
      };
      window.speechSynthesis.speak(words);
    });
  }

  async function speakNext() {
    if (speaking || queue.length === 0) return;
    speaking = true;
    await chime();
    await say(queue.shift());
    speaking = false;
    speakNext();
  }

  async function unlock() {
    audio ??= window.AudioContext ? new AudioContext() : null;
    await audio?.resume();
    show();
  }

  function show() {
    if (banner) banner.hidden = !audio || audio.state === "running";
  }

  document.addEventListener("click", unlock);
  document.addEventListener("keydown", unlock);
  document.body.addEventListener("htmx:afterSwap", collect);
  audio = window.AudioContext ? new AudioContext() : null;
  if (audio) audio.onstatechange = show;
  show();
})();
