// Beside each box: what is promised and, once it is saved, what the answer comes
// to. The server judges; here it is only put in its place.
for (const form of document.querySelectorAll("[data-grid]")) {
  const rows = [...form.querySelectorAll("tr.line")];
  for (const table of form.querySelectorAll("table")) table.classList.add("live");
  for (const cell of form.querySelectorAll(".more > td")) cell.colSpan = 6;
  let running = false, again = false;

  // A box is described by what stands beside it; what says more adds itself.
  const describe = (row, id) => {
    for (const box of row.querySelectorAll(".answers :is(input, select)")) {
      const ids = new Set((box.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
      box.setAttribute("aria-describedby", [...ids.add(id)].join(" "));
    }
  };
  for (const row of rows) for (const name of ["unit", "before", "target"]) {
    if (document.getElementById(`${row.id}-${name}`)) describe(row, `${row.id}-${name}`);
  }

  function make(name, className, text) {
    return Object.assign(document.createElement(name), { className, textContent: text ?? "" });
  }
  // The row under a figure; its note and its two answers move there when they are asked for.
  function under(row) {
    let more = row.nextElementSibling;
    if (!more?.classList.contains("more")) {
      more = make("tr", "more");
      more.append(Object.assign(document.createElement("td"), { colSpan: 6 }));
      row.after(more);
      row.classList.add("has-more");
    }
    return more.firstElementChild;
  }
  function part(row, kind, wanted) {
    const found = row.parentNode.querySelector(`[data-part="${kind}"][data-of="${row.id}"]`);
    if (found || !wanted) return found;
    const made = make("div", `part ${kind}`);
    Object.assign(made.dataset, { part: kind, of: row.id });
    made.append(Object.assign(make("p", "part-words"), { id: `${row.id}-${kind}` }));
    describe(row, `${row.id}-${kind}`);
    for (const box of row.querySelectorAll(`[data-say="${kind}"] > .box`)) made.append(box);
    under(row).append(made);
    if (kind === "query") addNotes(made);
    const rest = row.querySelector("details.says");
    if (rest && !rest.querySelector(".box")) rest.hidden = true;
    return made;
  }
  function addNotes(made) {
    const box = made.querySelector("input");
    const ready = make("p", "ready");
    for (const words of ["Small year group", "Pupils moved in or out", "Checked against our register"]) {
      const button = make("button", "as-link", words);
      button.type = "button";
      button.addEventListener("click", () => {
        box.value = words;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
      });
      ready.append(button);
    }
    made.append(ready);
  }
  function show(row, said) {
    const result = row.querySelector(".result");
    row.querySelector(".target").textContent = said?.target ?? "";
    result.replaceChildren();
    if (said?.status) {
      const [value, letter, words] = said.status;
      const chip = make("span", `status ${value}`);
      const shape = make("span", "shape", letter);
      shape.setAttribute("aria-hidden", "true");
      chip.append(shape, words);
      result.append(chip, make("span", "vh", ` ${said.sentence}`));
    }
    for (const name of ["target", "result"]) {
      row.querySelector(`.${name}`).classList.toggle("blank", !row.querySelector(`.${name}`).textContent);
    }
    const query = part(row, "query", said?.queries.length);
    if (query) {
      query.firstChild.textContent = said?.queries.length
        ? `Query: ${said.queries.join(" ")} Change it, or say why it is right.` : "";
      query.hidden = !said?.queries.length && !query.querySelector("input").value;
    }
    const why = part(row, "comment", said?.asks);
    if (why) {
      why.firstChild.textContent = said?.asks
        ? `${said.status[0] === "red" ? "Off target" : "Got worse"}: two short answers needed.` : "";
      why.hidden = !said?.asks && ![...why.querySelectorAll("input")].some((box) => box.value);
    }
  }
  // How many figures want a note, and how many the two answers.
  function count(results) {
    const isOpen = (row) => [...row.parentNode.querySelectorAll(
      `[data-part="comment"][data-of="${row.id}"] input`)].some((box) => !box.value);
    const queries = rows.filter((row) => results[row.dataset.key]?.queries.length).length;
    const comments = rows.filter((row) => results[row.dataset.key]?.asks && isOpen(row)).length;
    const words = [[queries, "query", "queries"], [comments, "comment", "comments"]]
      .filter(([many]) => many).map(([many, one, more]) => `${many} ${many === 1 ? one : more}`);
    document.querySelector("[data-left]").textContent = words.length ? ` · ${words.join(" and ")} left` : "";
  }
  async function ask() {
    again = running;
    if (running) return;
    running = true;
    try {
      const answer = await fetch(form.dataset.results, { redirect: "manual" });
      const results = answer.ok ? await answer.json() : {};
      if (answer.ok) for (const row of rows) show(row, results[row.dataset.key]);
      if (answer.ok) count(results);
    } catch { /* no connection: what was shown stays, and the next save asks again */ }
    running = false;
    if (again) ask();
  }

  // Two counts: the figure beside them, worked out while they are typed.
  const number = (box) => {
    const text = box.value.replace(/[£\s,]/g, "");
    return /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  };
  const shares = [];
  for (const cell of form.querySelectorAll("[data-counts]")) {
    const [per, decimals, sign = ""] = cell.dataset.counts.split(" ");
    const [one, all] = ["numerator", "denominator"].map((name) => cell.querySelector(`[name$="-${name}"]`));
    if (!one || !all) continue;
    const share = make("output", "share");
    all.closest(".box").after(share);
    const draw = () => {
      const figure = (number(one) / number(all)) * Number(per);
      const nearly = 100 - 10 ** -decimals;
      const shown = sign && figure < 100 ? Math.min(figure, nearly) : figure;
      share.textContent = Number.isFinite(figure) ? `= ${shown.toFixed(decimals)}${sign}` : "";
    };
    cell.addEventListener("input", draw);
    shares.push(draw);
    draw();
  }

  form.addEventListener("grid:saved", ({ detail }) => {
    // What was saved may be other text than was typed: a small count becomes a reason.
    for (const draw of shares) draw();
    if (detail.figures) document.querySelector("[data-figures]").textContent = detail.figures;
    if (detail.state) document.querySelector(".head .state").textContent = detail.state;
    for (const [slug, words] of Object.entries(detail.sections ?? {})) {
      const count = document.getElementById(slug)?.querySelector("h2 .count");
      if (count) count.textContent = words;
    }
    ask();
  });
  ask();
}
