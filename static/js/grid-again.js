// A figure that an earlier return gave about the very same time: one key, "=", in an
// empty box says that it is unchanged, and so does a small button.
for (const row of document.querySelectorAll("[data-grid] tr.line[data-again]")) {
  const boxes = [...row.querySelectorAll(".answers input")];
  const texts = row.dataset.again.split("|");
  const isEmpty = () => boxes.every((box) => !box.value);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "as-link" });
  button.textContent = `Unchanged: ${texts.join(" of ")}`;
  const take = () => {
    boxes.forEach((box, at) => { box.value = texts[at] ?? ""; });
    boxes[0].dispatchEvent(new Event("input", { bubbles: true }));
    boxes[0].focus();
  };
  button.addEventListener("click", take);
  row.querySelector(".answers").after(button);
  const draw = () => { button.hidden = !isEmpty(); };
  row.addEventListener("input", draw);
  row.addEventListener("keydown", (event) => {
    if (event.key !== "=" || !boxes.includes(event.target) || !isEmpty()) return;
    event.preventDefault();
    take();
  });
  draw();
}
