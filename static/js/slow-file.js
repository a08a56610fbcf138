/* A file that takes a while to make: <a data-slow-file href="…"> is fetched here, and the bar of components/slow_file.html says how long
   it has taken and how much has come. Whatever is no file (a refusal, a lost session) is opened as the page it is; without script the
   link is a link. */
(function () {
  "use strict";
  const box = document.querySelector("[data-slow]");
  if (!box) return;
  const words = box.querySelector("[data-slow-words]");
  let busy = false;

  function size(bytes) {
    return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(bytes / 1e6);
  }

  function say(began, bytes) {
    const seconds = Math.round((Date.now() - began) / 1000);
    words.textContent = (bytes ? box.dataset.coming : box.dataset.making).replace("{n}", seconds).replace("{mb}", size(bytes));
  }

  async function pieces(answer, told) {
    const found = [], reader = answer.body.getReader();
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      found.push(part.value);
      told((bytes += part.value.length));
    }
    return found;
  }

  function keep(answer, parts) {
    const link = document.createElement("a");
    const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
    link.href = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("Content-Type") }));
    link.download = named ? named[1] : "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    words.textContent = box.dataset.done;
  }

  async function fetched(href) {
    let bytes = 0;
    const began = Date.now(), clock = setInterval(() => say(began, bytes), 1000);
    box.hidden = false;
    box.querySelector("progress").hidden = false;
    say(began, 0);
    try {
      const answer = await fetch(href, { redirect: "manual" });
      if (!answer.ok || !answer.headers.get("Content-Disposition")) location.assign(href);
      else keep(answer, await pieces(answer, (n) => (bytes = n)));
    } catch (_gone) {
      words.textContent = box.dataset.failed;
    } finally {
      clearInterval(clock);
      box.querySelector("progress").hidden = true;
      busy = false;
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-slow-file]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    fetched(link.href);
  });
})();
