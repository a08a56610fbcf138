/* An error page on a tablet or a TV: nobody stands there who knows what to press. It stays long enough to be read;
   then, as soon as the server is well, the screen starts anew. Elsewhere the person decides. */
(function () {
  "use strict";
  const READ = 6000;
  const PAUSE = 3000;
  const start = ["/kios/", "/layar/"].find((path) => location.pathname.startsWith(path));
  if (!start) return;

  function look() {
    fetch("/sehat/", { cache: "no-store", signal: AbortSignal.timeout(8000) })
      .then((answer) => {
        if (!answer.ok) throw new Error(answer.status);
        location.replace(start); // not reload(): after a form the browser would ask whether to send it again
      })
      .catch(() => setTimeout(look, PAUSE));
  }
  setTimeout(look, READ);
})();
