// The matrix is one tab stop: arrows, Home and End move between its links.
// The line under it says the sentence of the figure that is pointed at, and what people say of it.
for (const table of document.querySelectorAll("[data-matrix]")) {
  const heads = [...table.tHead.rows].at(-1);
  // What is linked before the figures of a row stands in columns below 0.
  const column = (link, place, before) => link.closest("td, thead th")?.cellIndex ?? place - before;
  const rows = [heads, ...[...table.tBodies].flatMap((body) => [...body.rows])]
    .map((row) => {
      const links = [...row.querySelectorAll("a")];
      const before = row.querySelectorAll("tbody th a").length;
      return { links, columns: links.map((link, place) => column(link, place, before)) };
    })
    .filter((row) => row.links.length);
  const places = new Map(
    rows.flatMap(({ links }, y) => links.map((link, x) => [link, [y, x]])),
  );

  // Comments stand on the cards of a phone, each beside the address of its figure.
  const comments = new Map(
    [...document.querySelectorAll("[data-said] li > span")].map((words) => [
      words.previousElementSibling.href,
      words,
    ]),
  );
  const commentOn = (link, cell) => {
    if (!cell.classList.contains("noted")) return [];
    const words = comments.get(link.href);
    return [words ? words.cloneNode(true) : " Open the figure to read the comment."];
  };

  const readout = document.querySelector("[data-readout]");
  const say = (link) => {
    const cell = link.closest(".cell");
    if (!cell) return;
    const isDown = table.classList.contains("schools-down");
    const kpi = isDown ? heads.cells[cell.cellIndex] : cell.parentNode.cells[0].firstChild;
    const sentence = `${kpi.textContent.trim()} · ${link.ariaLabel}`;
    readout.replaceChildren(sentence, ...commentOn(link, cell));
  };
  if (table.querySelector(".cell")) {
    readout.textContent = "Point at a figure, or move to it with the arrow keys, to read it in words.";
    readout.ariaHidden = "true";
    readout.hidden = false;
    // A figure that is moved to shall not lie under the longest comment.
    document.documentElement.style.scrollPaddingBottom = "176px";
  }

  let stop = table.querySelector("td a") ?? rows[0]?.links[0];
  for (const link of places.keys()) link.tabIndex = link === stop ? 0 : -1;

  const next = ([y, x], key) => {
    const { links, columns } = rows[y];
    const other = rows[y + { ArrowUp: -1, ArrowDown: 1 }[key]];
    if (other) return other.links[Math.max(other.columns.findLastIndex((c) => c <= columns[x]), 0)];
    return {
      ArrowLeft: links[x - 1],
      ArrowRight: links[x + 1],
      Home: links[columns.findIndex((c) => c >= 0)],
      End: links.at(-1),
    }[key];
  };
  table.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    const isMine = place && !(event.altKey || event.ctrlKey || event.metaKey);
    const link = isMine && next(place, event.key);
    if (!link) return;
    event.preventDefault();
    link.focus();
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
