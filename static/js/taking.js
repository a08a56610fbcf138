/* A download does not leave the page: how often the link may still be used is asked anew a moment later. */
(function () {
  "use strict";
  const AGAIN = [2000, 6000, 15000]; // a large copy takes a while
  const left = document.querySelector("[data-left]");

  async function ask() {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = now.querySelector("[data-left]");
    if (said) left.textContent = said.textContent;
    else if (answer.status === 410) document.querySelector("main").replaceChildren(...now.querySelector("main").children);
  }

  document.addEventListener("submit", (event) => {
    if (left && event.target.matches("[data-takes]")) for (const wait of AGAIN) setTimeout(ask, wait);
  });
})();
