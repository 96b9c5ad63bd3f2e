// Keeps what is typed while the connection is gone. On this device it lies sealed only
// (AES-GCM): the key comes with the page, stays in memory and is gone with the tab.
// The server gives it again to whoever wrote it, after a login.
(() => {
  const PREFIX = "loket-concept:";
  const AGAIN = 5_000;
  const PATIENCE = 8_000;
  const OLD = 14 * 86_400_000;

  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const letters = (buffer) => {
    let text = "";
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const attempt = (deed) => {
    try { return deed(); } catch { return null; } // a browser may refuse storage
  };

  // Nobody comes back for what is this old: the server dropped its draft as well.
  attempt(() => {
    for (const place of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      if (Date.now() - Number(localStorage.getItem(place).split(".")[0]) > OLD) localStorage.removeItem(place);
    }
  });

  const isOurs = (name) => name.startsWith("_") || name === "csrf_token";
  function typedIn(form) {
    return JSON.stringify([...new FormData(form)].filter(([name, value]) => !isOurs(name) && typeof value === "string"));
  }

  function fillIn(form, text) {
    const given = new Map();
    for (const [name, value] of JSON.parse(text)) given.set(name, [...(given.get(name) ?? []), value]);
    for (const control of form.elements) {
      if (!control.name || isOurs(control.name) || control.type === "file" || control.type === "submit") continue;
      const values = given.get(control.name) ?? [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else if (control.type !== "hidden" && values.length) control.value = values.shift();
      if (control.value && control.type !== "checkbox" && control.type !== "radio") control.closest("details")?.setAttribute("open", "");
    }
  }

  async function attend(form) {
    const place = PREFIX + form.dataset.draft;
    const key = await crypto.subtle.importKey("raw", bytes(form.dataset.draftKey), "AES-GCM", false, ["encrypt", "decrypt"]);
    const label = new TextEncoder().encode(place);
    const state = form.querySelector("[data-offline]");
    let last = typedIn(form);
    let isAway = false;

    // what the server said last stands behind what the page began with
    const version = () => [...form.querySelectorAll("[name=_concept_versie]")].at(-1)?.value ?? "0";
    const forget = () => attempt(() => localStorage.removeItem(place));
    const say = (text) => { state.textContent = text; };

    async function keep(text) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const whole = new TextEncoder().encode(JSON.stringify({ version: version(), text }));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: label }, key, whole);
      return attempt(() => { localStorage.setItem(place, `${Date.now()}.${letters(iv)}.${letters(sealed)}`); return true; });
    }

    async function kept() {
      const [, iv, sealed] = (attempt(() => localStorage.getItem(place)) ?? "").split(".");
      if (!sealed) return null;
      try {
        const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv), additionalData: label }, key, bytes(sealed));
        return JSON.parse(new TextDecoder().decode(open));
      } catch {
        forget(); // sealed under a key that is no more: nobody can read it
        return null;
      }
    }

    // Sends all that stands in the form as its draft; true when the server has it.
    async function send() {
      const text = typedIn(form);
      const body = new FormData(form);
      body.set("_concept", "bewaar");
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(PATIENCE),
      }).catch(() => null);
      if (!answer || answer.status >= 500) {
        isAway = true;
        const safe = await keep(typedIn(form));
        say(safe ? "Geen verbinding. Wat u typt, is versleuteld bewaard op dit apparaat. Wij sturen het zodra er weer verbinding is."
          : "Geen verbinding. Laat deze pagina open: wij sturen wat u typt zodra er weer verbinding is.");
        return false;
      }
      const shown = form.querySelector("[data-saved]");
      if (shown && answer.headers.get("Content-Type")?.includes("html")) {
        shown.innerHTML = await answer.text(); // our own fragment, the one htmx puts here
        window.htmx?.process(shown);
      }
      if (!answer.ok) return answer.status;
      last = text;
      if (isAway) say("Er is weer verbinding. Wat u typte, is bewaard.");
      isAway = false;
      if (typedIn(form) === text) forget();
      return true;
    }

    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => { if (typedIn(form) !== last) await keep(typedIn(form)); }, 250);
    });
    form.addEventListener("htmx:after:request", ({ detail }) => {
      const status = detail?.ctx?.response?.raw?.status ?? detail?.ctx?.response?.status;
      if (status >= 500) { send(); return; }
      if (!(status >= 200 && status < 300)) return;
      last = typedIn(form);
      isAway = false;
      say("");
      forget();
    });
    form.addEventListener("htmx:error", () => { send(); });
    window.addEventListener("online", () => { if (isAway) send(); });
    setInterval(() => { if (isAway) send(); }, AGAIN);

    // A form leaves only when the server has every word of it: a button that is pressed
    // while there is no connection would else show the error page of the browser.
    let mayLeave = false;
    form.addEventListener("submit", async (event) => {
      if (mayLeave || event.submitter?.name === "_concept") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say("Bezig met bewaren.");
      const done = await send();
      if (done === false) return;
      say("");
      mayLeave = true;
      form.requestSubmit(event.submitter);
    }, true);
    window.addEventListener("pageshow", () => { mayLeave = false; });

    const earlier = await kept();
    if (!earlier || earlier.text === typedIn(form)) { forget(); return; }
    const take = async () => {
      fillIn(form, earlier.text);
      say("Wat u typte toen er geen verbinding was, staat er weer.");
      await send();
    };
    if (earlier.version === version()) { await take(); return; }
    const choice = form.querySelector("[data-offline-choice]");
    choice.hidden = false;
    choice.addEventListener("click", async (event) => {
      const pressed = event.target.closest("[data-take], [data-drop]");
      if (!pressed) return;
      choice.hidden = true;
      if (pressed.hasAttribute("data-take")) await take();
      else forget();
    });
  }

  if (!window.crypto?.subtle) return;
  for (const form of document.querySelectorAll("form[data-draft-key]")) attend(form);
})();
