// A button that shows what is typed in a password box, and hides it again.
for (const box of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-link";
  const name = box.labels[0]?.textContent.toLowerCase() ?? "password";
  const draw = () => {
    const shown = box.type === "text";
    button.textContent = shown ? "Hide" : "Show";
    button.ariaLabel = `${button.textContent} ${name}`;
  };
  button.addEventListener("click", () => {
    box.type = box.type === "text" ? "password" : "text";
    draw();
  });
  box.form?.addEventListener("submit", () => { box.type = "password"; });
  box.parentElement.classList.add("with-show");
  box.after(button);
  draw();
}
