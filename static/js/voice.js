/* Joins recorded words into a call. Used by display.js as window.pstVoice.
     load(name)              the recording, decoded and trimmed; fetched once, asked for again after a failure
     chime() / say([names])  resolve when the last sound has ended; "," is a pause
   Everything that is scheduled is told as the DOM event voice:sound {name, from, until} in seconds of the audio
   clock, so that the office's technician (and the tests) can see what was played when. */
(function () {
  "use strict";
  const PAUSE = 0.24;
  const BETWEEN_WORDS = 0.045;
  const SILENT = 0.006; // of full scale; recordings begin and end with a little nothing
  const GUARD = 1500; // ms: a sound card that stops counting must not silence the next call
  const files = JSON.parse(document.querySelector("[data-recordings]")?.dataset.recordings ?? "{}");
  const loading = new Map();
  const context = window.AudioContext ? new AudioContext() : null;

  async function fetched(name) {
    const answer = await fetch(files[name]);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return trimmed(await context.decodeAudioData(await answer.arrayBuffer()));
  }

  function load(name) {
    if (!loading.has(name)) {
      const recording = files[name] ? fetched(name) : Promise.reject(new Error(`${name}: no such recording`));
      loading.set(name, recording);
      recording.catch(() => loading.delete(name));
    }
    return loading.get(name);
  }

  function trimmed(buffer) {
    const samples = buffer.getChannelData(0);
    let first = 0;
    let last = samples.length - 1;
    while (first < last && Math.abs(samples[first]) < SILENT) first += 1;
    while (last > first && Math.abs(samples[last]) < SILENT) last -= 1;
    const edge = Math.round(buffer.sampleRate * 0.01);
    first = Math.max(0, first - edge);
    last = Math.min(samples.length, last + edge);
    return { buffer, offset: first / buffer.sampleRate, seconds: (last - first) / buffer.sampleRate };
  }

  function tell(name, from, until) {
    document.dispatchEvent(new CustomEvent("voice:sound", { detail: { name, from, until } }));
  }

  function ended(at) {
    return new Promise((done) => {
      const limit = performance.now() + (at - context.currentTime) * 1000 + GUARD;
      const look = setInterval(() => {
        if (context.currentTime < at && performance.now() < limit) return;
        clearInterval(look);
        done();
      }, 40);
    });
  }

  function chime() {
    const start = context.currentTime + 0.05;
    [659.25, 523.25].forEach((pitch, index) => {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const from = start + index * 0.35;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.4, from + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.75);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + 0.8);
    });
    tell("chime", start, start + 1.15);
    return ended(start + 1.15);
  }

  /* Rejects, before anything is heard, when a word cannot be loaded: half a call is worse than another voice. */
  async function say(names) {
    const words = await Promise.all(names.map((name) => (name === "," ? null : load(name))));
    let at = context.currentTime + 0.05;
    words.forEach((word, index) => {
      if (!word) {
        at += PAUSE;
        return;
      }
      const source = context.createBufferSource();
      source.buffer = word.buffer;
      source.connect(context.destination);
      source.start(at, word.offset, word.seconds);
      tell(names[index], at, at + word.seconds);
      at += word.seconds + BETWEEN_WORDS;
    });
    await ended(at);
  }

  /* In the background, one after another, so that the first call need not wait. */
  async function preload(language) {
    for (const name of Object.keys(files)) {
      if (name.startsWith(`${language}/`)) await load(name).catch(() => {});
    }
  }

  window.pstVoice = {
    chime,
    load,
    say,
    preload,
    resume: () => context?.resume(),
    running: () => context?.state === "running",
    possible: () => Boolean(context),
    onchange: (changed) => context && (context.onstatechange = changed),
  };
})();
