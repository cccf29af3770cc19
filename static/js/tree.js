// The two links that open and close the whole tree do so without a new page.
for (const link of document.querySelectorAll("[data-all]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const part of document.querySelectorAll("[data-tree] details")) {
      part.open = link.dataset.all === "open";
    }
    history.replaceState(null, "", link.href);
  });
}
