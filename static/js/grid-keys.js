// The keys of a spreadsheet: Enter and the arrows go from figure to figure, Tab
// goes across, Escape puts back what was last saved.
for (const form of document.querySelectorAll("[data-grid]")) {
  const lines = [...form.querySelectorAll("tr.line")]
    .map((row) => [...row.querySelectorAll(".answers :is(input, select)")])
    .filter((boxes) => boxes.length);
  const lineOf = (box) => {
    let row = box.closest("tr");
    while (row && !row.classList.contains("line")) row = row.previousElementSibling;
    return lines.findIndex(([first]) => row?.contains(first));
  };
  const isText = (box) => box.matches("input:not([type=radio], [type=checkbox], [type=hidden])");

  const go = (box, step, place) => {
    const at = lineOf(box);
    const to = lines[at + step];
    if (at < 0) return;
    if (to) to[Math.min(place, to.length - 1)].focus();
    else if (step > 0) form.querySelector("[name=then][value=check]")?.focus();
  };
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!isText(box) && !box.matches("select")) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") go(box, step, 0);
    else if (step && isText(box) && box.closest(".answers")) {
      go(box, step, lines[lineOf(box)].indexOf(box));
    } else if (event.key === "Escape" && isText(box) && box.value !== box.defaultValue) {
      box.value = box.defaultValue;
      box.select();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    } else return;
    event.preventDefault();
  });

  // To type over a figure is what most come for: its text is chosen when its box is.
  let fresh = null;
  form.addEventListener("focusin", ({ target }) => {
    fresh = isText(target) && target.closest(".answers") ? target : null;
    fresh?.select();
  });
  form.addEventListener("click", ({ target }) => {
    if (target === fresh && target.selectionStart === target.selectionEnd) target.select();
    fresh = null;
  });
  // What comes in above the box that has focus, an error or a query, must not push it
  // out of sight; who has scrolled away from it to read is left there.
  let isInSight = false;
  form.addEventListener("focusin", () => { isInSight = true; });
  addEventListener("scroll", () => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    isInSight = form.contains(document.activeElement) && bottom > 0 && top < innerHeight;
  }, { passive: true });
  new ResizeObserver(() => {
    if (isInSight) document.activeElement.scrollIntoView({ block: "nearest" });
  }).observe(form);
  form.addEventListener("wheel", (event) => {
    if (event.target === document.activeElement && event.target.matches("select")) event.preventDefault();
  }, { passive: false });
}
