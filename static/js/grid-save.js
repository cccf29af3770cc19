// Keeps what is typed: on leaving a box and a second after the last key. What is
// not kept yet lies in sessionStorage, so that no reload or sign-out loses it.
const PAUSE = 1000;
const WAITS = [1, 2, 4, 8, 16, 30];
const NO_CONNECTION = "Not saved: no connection. Keep this page open, we will keep trying.";
const SIGNED_OUT = "Not saved: you have been signed out. What you typed is kept.";

for (const form of document.querySelectorAll("[data-grid]")) {
  const [status, trouble] = ["saved", "trouble"].map((name) => form.querySelector(`[data-${name}]`));
  const store = `unsaved:${form.dataset.who}:${location.pathname}`;
  const lines = new Map();
  for (const seen of form.querySelectorAll("input[name$='-seen']")) {
    const stem = seen.name.slice(0, -4);
    const boxes = [...form.elements].filter((box) => box !== seen && box.name.startsWith(stem));
    const line = { stem, seen, boxes, row: seen.closest("tr"), problems: [], stuck: false };
    lines.set(stem, line);
    line.held = textOf(line);
  }
  const all = [...lines.values()];
  const lineOf = (box) => lines.get(/^(?:l(?:-\d+){4}-)?/.exec(box.name ?? "")[0]);
  const changed = (line) => line.boxes.filter((box) => box.value !== line.held[box.name]);
  const isSettled = (line) => !line.isSmall || line.boxes.includes(document.activeElement);
  const isUnsaved = (line) => changed(line).length > 0 || !isSettled(line);
  const isClash = (line) => line.row.querySelector(".clash") !== null;
  let running = false, failed = 0, timer, leaving = false, savedAt = "", pressed = null;

  function textOf({ boxes }) {
    return Object.fromEntries(boxes.map((box) => [box.name, box.value]));
  }
  function put(box, text) {
    if (box.matches("select") && ![...box.options].some((option) => option.value === text)) {
      box.add(new Option(text, text));
    }
    box.value = text;
  }
  function remember() {
    const kept = all.filter(isUnsaved).map((line) => [
      line.stem,
      { seen: line.seen.value, texts: Object.fromEntries(changed(line).map((box) => [box.name, box.value])) },
    ]);
    try {
      if (kept.length) sessionStorage.setItem(store, JSON.stringify(Object.fromEntries(kept)));
      else sessionStorage.removeItem(store);
    } catch { /* a full or forbidden store: the page itself still holds the text */ }
  }
  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }
  function complain(words, label, act) {
    if (trouble.firstChild?.textContent === words) return;
    trouble.replaceChildren(...(words ? [document.createElement("span")] : []));
    trouble.hidden = !words;
    if (!words) return;
    trouble.firstChild.textContent = words;
    if (label) trouble.append(" ", button(label, act));
    say("");
  }
  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "as-link";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  async function run() {
    if (running) return;
    running = true;
    clearTimeout(timer);
    const slow = setTimeout(() => trouble.hidden && say("Saving…"), 400);
    let line, goesOn = true;
    while (goesOn && (line = all.find((one) => !one.stuck && isUnsaved(one)))) goesOn = await send(line);
    clearTimeout(slow);
    running = false;
    const clashed = all.find(isClash);
    if (goesOn && clashed) {
      const show = () => clashed.row.querySelector(".clash button").focus();
      complain("Not saved: somebody else has changed the same figure.", "Show both", show);
    }
    if (goesOn && savedAt && !all.some(isUnsaved)) say(`All changes saved at ${savedAt}`);
    const button = pressed;
    pressed = null;
    if (goesOn && button) form.requestSubmit(button);
  }
  function later() {
    const wait = WAITS[Math.min(failed, WAITS.length - 1)];
    failed += 1;
    clearTimeout(timer);
    timer = setTimeout(run, wait * 1000);
    complain(NO_CONNECTION, "Try again", run);
    return false;
  }
  async function send(line) {
    const typed = textOf(line);
    // A small count is set to "too few" once its row has been left, not while it is typed.
    const isTyping = line.boxes.includes(document.activeElement);
    const told = isTyping ? { [`${line.stem}typing`]: "1" } : line.isSmall ? { [`${line.stem}settle`]: "1" } : {};
    line.isSmall = false;
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    const body = new URLSearchParams({ ...typed, ...told, [line.seen.name]: line.seen.value, [token.name]: token.value });
    let answer, said;
    try {
      answer = await fetch(form.dataset.lines, {
        method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(20000),
      });
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return signedOut();
      said = await answer.json();
    } catch {
      return later();
    }
    failed = 0;
    if (!all.some(isClash)) complain("");
    if (answer.status === 200) kept(line, typed, said);
    else if (said.theirs) clash(line, said);
    else stuck(line, said);
    remember();
    return true;
  }
  function signedOut() {
    complain(SIGNED_OUT, "Sign in again", () => {
      leaving = true;
      location.reload();
    });
    return false;
  }
  function kept(line, typed, said) {
    const isAsPosted = line.boxes.every((box) => box.value === typed[box.name]);
    line.isSmall = Boolean(said.is_small);
    if (said.few) {
      const before = Object.entries(typed).filter(([name]) => name in said.set_to);
      typed = { ...typed, ...said.set_to };
      if (isAsPosted) {
        for (const box of line.boxes) if (box.name in said.set_to) put(box, typed[box.name]);
        offerBack(line, said.few, before);
      }
    }
    line.held = typed;
    line.seen.value = said.seen;
    line.problems = said.problems;
    for (const box of line.boxes) if ("defaultValue" in box) box.defaultValue = typed[box.name];
    savedAt = said.saved_at;
    showProblems(line);
    form.dispatchEvent(new CustomEvent("grid:saved", { detail: said }));
  }
  // What the server has set instead is said, and one button gives back what was typed.
  function offerBack(line, words, before) {
    line.row.querySelector(".few")?.remove();
    const note = Object.assign(document.createElement("p"), { className: "few note" });
    note.setAttribute("role", "status");
    line.row.querySelector(".answer").append(note);
    note.append(`${words} `, button("Undo", () => {
      note.remove();
      for (const [name, text] of before) put(line.boxes.find((box) => box.name === name), text);
      line.row.querySelector(".answers input").focus();
      line.row.querySelector(".answers input").dispatchEvent(new Event("input", { bubbles: true }));
    }));
  }
  function stuck(line, said) {
    line.stuck = true;
    line.problems = said.problems ?? [[line.boxes[0].id, said.words]];
    showProblems(line);
    complain(`Not saved: ${said.words}`);
  }

  // Errors stand over their box once it has been left; they never stop saving.
  function showProblems(line) {
    for (const box of line.boxes) {
      const [, words] = line.problems.find(([id]) => id === box.id) ?? [];
      const id = `${box.id}_error`;
      let error = document.getElementById(id);
      if (words && box === document.activeElement) continue;
      const others = (box.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
      if (words) {
        error ??= Object.assign(document.createElement("p"), { id, className: "error" });
        if (error.textContent !== words) error.textContent = words;
        box.before(error);
        others.push(id);
        box.setAttribute("aria-invalid", "true");
      } else {
        error?.remove();
        box.removeAttribute("aria-invalid");
      }
      if (others.length) box.setAttribute("aria-describedby", others.join(" "));
      else box.removeAttribute("aria-describedby");
    }
  }

  // Somebody else was here: both texts, and a choice. Boxes not touched here take theirs.
  function clash(line, said) {
    line.stuck = true;
    const mine = changed(line);
    const words = document.createElement("p");
    const typed = mine.map((box) => box.value || "empty").join(" / ");
    words.textContent = `${said.words} You typed ${typed}.`;
    const note = document.createElement("div");
    note.className = "clash";
    note.setAttribute("role", "alert");
    const choose = (keepsMine) => () => {
      line.seen.value = said.seen;
      line.held = { ...line.held, ...said.theirs };
      for (const box of line.boxes) {
        if ("defaultValue" in box) box.defaultValue = line.held[box.name];
        if (!keepsMine || !mine.includes(box)) put(box, line.held[box.name]);
      }
      line.stuck = false;
      note.remove();
      complain("");
      remember();
      line.row.querySelector(".answers :is(input, select)").focus();
      form.dispatchEvent(new CustomEvent("grid:saved", { detail: {} }));
      run();
    };
    note.append(words, button("Keep yours", choose(true)), " ", button("Use theirs", choose(false)));
    line.row.querySelector(".clash")?.remove();
    line.row.querySelector(".answer").append(note);
    say("");
  }

  form.addEventListener("input", ({ target }) => {
    const line = lineOf(target);
    if (!line) return;
    if (!isClash(line)) line.stuck = false;
    remember();
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  });
  form.addEventListener("focusout", ({ target }) => {
    const line = lineOf(target);
    if (!line) return;
    setTimeout(() => {
      showProblems(line);
      if (!line.isSmall || line.boxes.includes(document.activeElement)) return;
      run();
    });
    if (!line.stuck && isUnsaved(line)) run();
  });
  form.addEventListener("change", ({ target }) => target.matches("select") && run());
  // A button waits for the line that is on its way, or the page would clash with itself.
  form.addEventListener("submit", (event) => {
    leaving = !running;
    if (!running) return;
    event.preventDefault();
    pressed = event.submitter;
  });
  addEventListener("online", run);
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && all.some(isUnsaved)) event.preventDefault();
  });

  // What an earlier visit of this person could not save is typed again for them.
  const drafts = JSON.parse(sessionStorage.getItem(store) ?? "{}");
  let restored = 0;
  for (const [stem, { seen, texts }] of Object.entries(drafts)) {
    const line = lines.get(stem);
    for (const box of line?.boxes ?? []) {
      if (!(box.name in texts) || box.value === texts[box.name]) continue;
      put(box, texts[box.name]);
      line.seen.value = seen;
      restored += 1;
    }
  }
  remember();
  if (restored) {
    say(`What you typed before and was not saved is back: ${restored} ${restored === 1 ? "box" : "boxes"}.`);
    timer = setTimeout(run, PAUSE);
  }
}
