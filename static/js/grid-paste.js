// Cells from a spreadsheet: a column fills down from the box, a block goes to the
// measures that it names. Blank cells change nothing, and one button undoes it all.
for (const form of document.querySelectorAll("[data-grid]")) {
  const message = form.querySelector("[data-pasted]");
  const lines = [...form.querySelectorAll("tr.line")]
    .map((row) => ({ row, boxes: [...row.querySelectorAll(".answers :is(input, select)")] }))
    .filter(({ boxes }) => boxes.length);
  const plain = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();
  const named = new Map(lines.flatMap((line) => (
    [line.row.dataset.name, line.row.dataset.code].filter(Boolean).map((name) => [plain(name), line])
  )));

  const cellsOf = (text) => text
    .replace(/\r\n?/g, "\n").replace(/\n$/, "")
    .split("\n").map((row) => row.split("\t").map((cell) => cell.trim()));
  const isTwoCounts = ({ boxes }) => /numerator$/.test(boxes[0].name) && /denominator$/.test(boxes[1]?.name);

  // The boxes that the cells of one row go into: [box, text], text "" for a blank.
  function placed(line, cells, first) {
    if (cells.length > 1 && isTwoCounts(line)) return line.boxes.slice(0, 2).map((box, at) => [box, cells.at(at - 2)]);
    return [[line.boxes[Math.min(first, line.boxes.length - 1)], cells.at(-1)]];
  }
  function fill(box, text) {
    if (!box.matches("select")) box.value = text;
    else {
      const option = [...box.options].find((one) => plain(one.text) === plain(text));
      if (!option) return false;
      box.value = option.value;
    }
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
  const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

  form.addEventListener("paste", (event) => {
    const box = event.target;
    const text = event.clipboardData.getData("text/plain");
    const start = lines.findIndex(({ boxes }) => boxes.includes(box));
    if (start < 0 || !/[\t\n\r]/.test(text)) return;
    event.preventDefault();
    const rows = cellsOf(text);
    const nameOf = (cells) => cells.findIndex((cell) => named.has(plain(cell)));
    const byName = rows.some((cells) => cells.length > 1 && nameOf(cells) >= 0);
    const todo = [];
    let lost = 0;
    rows.forEach((cells, down) => {
      const name = byName ? nameOf(cells) : -1;
      const line = byName ? named.get(plain(cells[name] ?? "")) : lines[start + down];
      if (!line) lost += cells.some(Boolean) ? 1 : 0;
      else if (byName) todo.push(...placed(line, cells.slice(name + 1).length ? cells.slice(name + 1) : [""], 0));
      else todo.push(...placed(line, cells, lines[start].boxes.indexOf(box)));
    });
    const before = todo.filter(([, cell]) => cell).map(([each, cell]) => [each, each.value, fill(each, cell)]);
    const done = before.filter(([, , isFilled]) => isFilled);
    lost += before.length - done.length;
    say(done, todo.length - before.length, lost);
  });

  function say(done, blanks, lost) {
    const words = [`Pasted ${counted(done.length, "figure")}`];
    if (blanks) words.push(`${counted(blanks, "blank")} left as ${blanks === 1 ? "it was" : "they were"}`);
    if (lost) words.push(`${counted(lost, "row")} matched nothing here`);
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "as-link";
    undo.textContent = "Undo paste";
    undo.addEventListener("click", () => {
      for (const [box, text] of done) {
        box.closest("tr").querySelector(".few button")?.click();
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      message.textContent = "The paste is undone.";
      done[0][0].focus();
    });
    message.replaceChildren(`${words.join(", ")}. `, ...(done.length ? [undo] : []));
  }
}
