// Over the server's picture a chart to point at, where there is room and a mouse.
// Whatever fails, the picture and its table stay as they are.
const part = document.querySelector("[data-explore]");
const fits = matchMedia("(min-width: 1024px) and (pointer: fine)").matches && !matchMedia("(forced-colors: active)").matches;
const form = part?.querySelector(".picks form");
const MOST = 3;

// No more ticks than lines that can be told apart.
form?.addEventListener("change", () => {
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const full = boxes.filter((box) => box.checked).length >= MOST;
  for (const box of boxes) box.disabled = full && !box.checked;
});
form?.dispatchEvent(new Event("change"));

if (part && fits) {
  const load = () => {
    const script = document.createElement("script");
    script.src = part.dataset.explore;
    script.addEventListener("load", draw);
    document.head.append(script);
  };
  // After the first paint, and when there is nothing better to do.
  const later = () => ("requestIdleCallback" in window ? requestIdleCallback(load, { timeout: 2000 }) : setTimeout(load, 200));
  if (document.readyState === "complete") later(); else addEventListener("load", later);
}

function coloured(figure) {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  for (const trace of figure.data) {
    const colour = token(`series-${trace.meta}`);
    trace.line.color = colour;
    trace.marker.color = trace.meta === "outside" ? token("page") : colour;
    if (trace.meta === "outside") trace.marker.line = { color: colour, width: 1.5 };
  }
  for (const note of figure.layout.annotations) {
    const isSeries = note.name && note.name !== "context";
    note.font = { color: isSeries ? token(`series-${note.name}`) : token("ink-2"), size: 14, weight: isSeries ? 600 : 400 };
  }
  for (const shape of figure.layout.shapes) shape.line.color = token("control");
  const { layout } = figure;
  layout.font = { family: style.getPropertyValue("--font").trim(), size: 14, color: token("ink-2") };
  layout.paper_bgcolor = layout.plot_bgcolor = token("page");
  layout.xaxis.linecolor = token("control");
  layout.xaxis.showline = true;
  layout.yaxis.gridcolor = token("rule");
  layout.hoverlabel = { bgcolor: token("page"), bordercolor: token("control"), font: { color: token("ink"), size: 14 } };
  return figure;
}

async function draw() {
  const picture = part.querySelector(".chart-wide");
  const read = () => coloured(JSON.parse(document.querySelector("#chart-figure").textContent));
  const box = document.createElement("div");
  box.className = "explore";
  box.ariaHidden = "true"; // the picture's sentence and the table say the same
  const config = { displayModeBar: false, displaylogo: false, scrollZoom: false, doubleClick: false, responsive: true };
  try {
    picture.before(box);
    const figure = read();
    await Plotly.newPlot(box, figure.data, figure.layout, config);
    picture.classList.add("gone");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      const again = read();
      Plotly.react(box, again.data, again.layout, config);
    });
  } catch {
    box.remove();
    picture.classList.remove("gone");
  }
}
