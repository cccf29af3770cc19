// A click on another term shows it at once. With the keyboard, where every arrow
// would count as a choice, the Show button comes up behind it.
for (const form of document.querySelectorAll("[data-term]")) {
  let byPointer = false;
  form.querySelector("button").classList.add("vh");
  form.addEventListener("pointerdown", () => { byPointer = true; });
  form.addEventListener("keydown", () => { byPointer = false; });
  form.addEventListener("change", () => { if (byPointer) form.submit(); });
}
