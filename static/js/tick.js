/* <script src="tick.js" data-seconds="60" defer>: the DOM event live:tick on <body> every so often, for pieces that
   change by the clock alone. As a live event its failed requests stay silent. */
(function () {
  "use strict";
  const seconds = Number(document.currentScript?.dataset.seconds) || 60;
  setInterval(() => document.body.dispatchEvent(new CustomEvent("live:tick")), seconds * 1000);
})();
