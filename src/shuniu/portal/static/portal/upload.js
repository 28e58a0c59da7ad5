// How far a large upload is. Without this script the form is sent as any other is, and the browser shows what it shows.
for (const form of document.querySelectorAll("form[data-progress]")) {
  const box = document.getElementById(form.dataset.progress);
  const bar = box.querySelector("progress"), said = box.querySelector("[role=status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sent = new XMLHttpRequest();
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    box.hidden = false;
    sent.upload.addEventListener("progress", (at) => {
      const percent = at.lengthComputable && at.total ? Math.floor((100 * at.loaded) / at.total) : 0;
      bar.value = percent;
      if (said.textContent !== `${percent}%`) said.textContent = `${percent}%`;
    });
    sent.addEventListener("load", () => {
      history.replaceState(null, "", sent.responseURL);
      document.open();
      document.write(sent.responseText);
      document.close();
    });
    sent.addEventListener("error", () => {
      // As if there were no script: the browser says what is wrong, or sends it after all.
      form.submit();
    });
    sent.open("POST", form.action || location.href);
    sent.send(new FormData(form));
  });
}
