"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function save(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // a browser that keeps the clipboard from pages opened from disk
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function button(tools, label, title, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.title = title;
    made.addEventListener("click", () => action(made));
    tools.append(made);
  }

  function said(made, word) {
    const label = made.textContent;
    made.textContent = word;
    setTimeout(() => { made.textContent = label; }, 1200);
  }

  // CSV, charts and the library that draws them, compressed; nothing but a script could use them.
  async function unpack() {
    const bytes = Uint8Array.from(atob(document.getElementById("data").textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }
  const data = unpack();

  const views = {};
  for (const tools of all(".tools[data-csv]")) {
    const name = tools.dataset.csv;
    const csv = async () => (await data).csv[name];
    button(tools, "Copy", `Copy ${name} as CSV`, async (made) => { await copy(await csv()); said(made, "Copied"); });
    button(tools, "CSV", `Download ${name}.csv`, async () => save(`${name}.csv`, "text/csv", await csv()));
  }
  for (const tools of all(".tools[data-svg]")) {
    const name = tools.dataset.svg;
    button(tools, "SVG", `Download ${name}.svg`, async () => {
      const drawn = tools.closest("figure").querySelector(".scroll > svg");
      const text = drawn ? new XMLSerializer().serializeToString(drawn) : await views[name].toSVG();
      save(`${name}.svg`, "image/svg+xml", text);
    });
  }

  for (const row of all(".claim")) {
    const opener = row.querySelector("button");
    const why = row.querySelector(".why");
    const open = (wanted) => { why.hidden = !wanted; opener.setAttribute("aria-expanded", wanted); };
    opener.disabled = false;
    opener.addEventListener("click", () => open(why.hidden));
    open(location.hash === `#${row.id}`);
  }
  for (const board of all(".board")) {
    const rows = all(".claim", board);
    board.querySelector(".filter").hidden = false;
    board.addEventListener("change", (event) => {
      for (const row of rows) row.hidden = event.target.value !== "" && row.dataset.verdict !== event.target.value;
      const shown = rows.filter((row) => !row.hidden).length;
      board.querySelector(".shown").textContent = shown < rows.length ? `${shown} of ${rows.length} claims` : "";
    });
  }

  const theme = document.querySelector(".theme");
  theme.hidden = false;
  theme.addEventListener("change", () => { document.documentElement.style.colorScheme = theme.querySelector("select").value; });

  const wide = matchMedia("(min-width: 70rem)");
  const contents = document.querySelector("nav details");
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();
  const links = Object.fromEntries(all("nav a").map((link) => [link.hash.slice(1), link]));
  for (const link of Object.values(links)) link.addEventListener("click", () => { if (!wide.matches) contents.open = false; });
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    const here = all("main section[id]").filter((section) => seen.has(section.id)).pop();
    for (const [id, link] of Object.entries(links)) link.classList.toggle("here", here !== undefined && id === here.id);
  }, { rootMargin: "-20% 0px -75% 0px" });
  for (const section of all("main section[id]")) watch.observe(section);

  async function draw() {
    const { charts, library } = await data;
    if (!library) return;
    const script = document.createElement("script");
    script.textContent = library;
    document.head.append(script);
    const options = { renderer: "svg", actions: false, tooltip: { theme: "mnv2" } };
    for (const place of all("[data-chart]")) {
      const name = place.dataset.chart;
      views[name] = (await window.vegaEmbed(place, charts[name], options)).view;
    }
    document.documentElement.dataset.charts = "drawn";
  }
  draw().catch((error) => {
    console.error(error);
    for (const place of all("[data-chart]")) place.textContent ||= `${place.getAttribute("aria-label")} Not drawn: ${error}`;
  });
  addEventListener("beforeprint", () => { for (const folded of all("details.parts")) folded.open = true; });
})();
