/* Several files of one form, sent one after the other with their progress: <form data-upload>. Without this script they
   go together. Words: data-upload-sent, -failed, -busy of the form; the server answers {"problem": "…", "key": …, "address": "…"}; the list (#softcopies) says what became of it. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.XMLHttpRequest) return;
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-upload-list]");
  const button = form.querySelector("button[type=submit], button:not([type])");

  function line(name) {
    const row = document.createElement("li");
    const label = document.createElement("span");
    label.className = "break strong";
    label.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    const said = document.createElement("span");
    said.className = "small";
    said.textContent = form.dataset.uploadBusy;
    row.append(label, bar, said);
    list.append(row);
    return { row, bar, said };
  }

  function problemOf(request) {
    try {
      return JSON.parse(request.responseText).problem;
    } catch {
      return request.getResponseHeader("Content-Type")?.startsWith("text/plain") ? request.responseText.trim() : form.dataset.uploadFailed;
    }
  }

  /* The line leads to the file's page, and follows what the list says about it. */
  function lead(shown, text) {
    let key, address;
    try {
      ({ key, address } = JSON.parse(text));
    } catch {
      return;
    }
    if (!key) return;
    const to = document.createElement("a");
    to.className = "break strong";
    to.href = address;
    to.textContent = shown.row.firstElementChild.textContent;
    shown.row.firstElementChild.replaceWith(to);
    shown.row.dataset.key = key;
  }

  document.body.addEventListener("htmx:afterSwap", () => {
    for (const row of list.querySelectorAll("[data-key]")) {
      const listed = document.querySelector(`#softcopies [data-key="${row.dataset.key}"]`);
      if (listed && listed.dataset.softcopy !== "checking") row.lastElementChild.textContent = listed.dataset.said;
    }
  });

  function send(file, shown) {
    return new Promise((done) => {
      const body = new FormData(form);
      body.delete(input.name);
      body.append(input.name, file);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
      };
      request.onloadend = () => {
        const problem = request.status === 200 ? "" : request.status ? problemOf(request) : form.dataset.uploadFailed;
        shown.bar.remove();
        shown.said.textContent = problem || form.dataset.uploadSent;
        shown.row.dataset.sent = problem ? "no" : "yes";
        if (!problem) lead(shown, request.responseText);
        if (problem) shown.said.className = "field-error";
        done(!problem);
      };
      request.send(body);
    });
  }

  form.addEventListener("submit", async (event) => {
    if (!input.files.length || !form.reportValidity()) return;
    event.preventDefault();
    const waiting = [...input.files].map((file) => [file, line(file.name)]);
    button.disabled = true;
    for (const [file, shown] of waiting) await send(file, shown);
    button.disabled = false;
    input.value = "";
    document.body.dispatchEvent(new CustomEvent("live:softcopies"));
  });
})();
