// The matrix is one tab stop: arrows, Home and End move between its figures.
// The line under it says the sentence of the figure that is pointed at.
for (const table of document.querySelectorAll("[data-matrix]")) {
  const rows = [...table.tBodies]
    .flatMap((body) => [...body.rows])
    .map((row) => [...row.querySelectorAll(".cell > a")])
    .filter((row) => row.length);
  const at = (link) => {
    const y = rows.findIndex((row) => row.includes(link));
    return [y, y < 0 ? -1 : rows[y].indexOf(link)];
  };
  const readout = document.querySelector("[data-readout]");
  const say = (link) => {
    const kpi = link.closest("tr").cells[0].firstChild.textContent;
    readout.textContent = `${kpi} · ${link.querySelector(".say").textContent}`;
  };

  rows.flat().forEach((link, place) => { link.tabIndex = place ? -1 : 0; });
  readout.textContent = "Point at a figure, or move to it with the arrow keys, to read it in words.";
  readout.ariaHidden = "true";
  readout.hidden = false;

  table.addEventListener("keydown", (event) => {
    const [y, x] = at(event.target);
    const steps = {
      ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1],
      Home: [y, 0], End: [y, rows[y]?.length - 1],
    };
    const next = y >= 0 && steps[event.key];
    if (!next) return;
    event.preventDefault();
    const row = rows[next[0]];
    row?.[Math.min(Math.max(next[1], 0), row.length - 1)].focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    if (at(target)[0] < 0) return;
    rows.flat().forEach((link) => { link.tabIndex = link === target ? 0 : -1; });
    say(target);
  });
  table.addEventListener("pointerover", ({ target }) => {
    const link = target.closest(".cell > a");
    if (link) say(link);
  });
}
