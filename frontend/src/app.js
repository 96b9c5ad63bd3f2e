// Makes pages nicer; everything works without it.
(() => {
  const byId = (id) => document.getElementById(id);

  // A form is sent once, however often the button is clicked.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-verleng")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "ja";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    }
  });

  // What was sent is in the memory of this tab, and browsers write that to disk to open
  // tabs again after a crash: a page that answers is from now on one that was asked for.
  if (document.body.hasAttribute("data-answer")) history.replaceState(history.state, "");

  // A colour is typed or picked: each follows the other.
  for (const picker of document.querySelectorAll("input[data-colour]")) {
    const text = byId(picker.dataset.colour);
    picker.addEventListener("input", () => { text.value = picker.value; });
    text.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
    });
  }

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();

  // Two minutes before the session ends we say so, and it can be extended.
  const session = byId("sessie");
  if (!session) return;
  const seconds = Number(session.dataset.seconds);
  const text = session.querySelector("p");
  const form = session.querySelector("form");
  let timers = [];
  const plan = () => {
    timers.forEach(clearTimeout);
    session.hidden = true;
    timers = [
      setTimeout(() => { session.hidden = false; }, Math.max(0, seconds - 120) * 1000),
      setTimeout(() => {
        text.textContent = "U bent uitgelogd omdat u een tijd niets deed. Kopieer eerst tekst die u nog niet hebt bewaard en log daarna opnieuw in.";
        form?.remove();
      }, seconds * 1000),
    ];
  };
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => null);
    if (answer?.ok) plan();
    else text.textContent = "Verlengen lukt niet. Bewaar uw werk en log opnieuw in.";
  });
  document.addEventListener("htmx:after:request", plan);
  document.addEventListener("htmx:afterRequest", plan);
  plan();
})();
