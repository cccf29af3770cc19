// The matrix is one tab stop: arrows, Home and End move between its links.
// The line under it says the sentence of the figure that is pointed at.
for (const table of document.querySelectorAll("[data-matrix]")) {
  const heads = [...table.tHead.rows].at(-1);
  const hasTrust = heads.querySelector(".trust") !== null;
  // Figures stand in columns from 0; what is linked before them is at -1, -2…
  const rows = [heads, ...[...table.tBodies].flatMap((body) => [...body.rows])]
    .map((row) => ({
      links: [...row.querySelectorAll("a")],
      before: row === heads ? -hasTrust : row.querySelectorAll("th a").length,
    }))
    .filter((row) => row.links.length);
  const places = new Map(
    rows.flatMap(({ links }, y) => links.map((link, x) => [link, [y, x]])),
  );

  const readout = document.querySelector("[data-readout]");
  const say = (link) => {
    const cell = link.closest(".cell");
    if (!cell) return;
    const isDown = table.classList.contains("schools-down");
    const kpi = isDown ? heads.cells[cell.cellIndex] : cell.parentNode.cells[0].firstChild;
    readout.textContent = `${kpi.textContent.trim()} · ${link.querySelector(".say").textContent}`;
  };
  if (table.querySelector(".cell")) {
    readout.textContent = "Point at a figure, or move to it with the arrow keys, to read it in words.";
    readout.ariaHidden = "true";
    readout.hidden = false;
  }

  let stop = table.querySelector("td a") ?? rows[0]?.links[0];
  for (const link of places.keys()) link.tabIndex = link === stop ? 0 : -1;

  const next = ([y, x], key) => {
    const column = x - rows[y].before;
    const to = { ArrowUp: y - 1, ArrowDown: y + 1 }[key];
    if (to !== undefined) return rows[to] && [to, column + rows[to].before];
    return {
      ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1],
      Home: [y, Math.max(rows[y].before, 0)], End: [y, rows[y].links.length - 1],
    }[key];
  };
  table.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    const to = place && next(place, event.key);
    if (!to) return;
    event.preventDefault();
    const { links } = rows[to[0]];
    links[Math.min(Math.max(to[1], 0), links.length - 1)].focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    if (!places.has(target)) return;
    stop.tabIndex = -1;
    stop = target;
    stop.tabIndex = 0;
    say(target);
  });
  table.addEventListener("pointerover", ({ target }) => {
    const link = target.closest(".cell > a");
    if (link) say(link);
  });
}

// What a filter leaves is said once, when the page is there to be listened to.
for (const line of document.querySelectorAll("[data-announce]")) {
  setTimeout(() => { line.textContent = line.dataset.announce; }, 300);
}
