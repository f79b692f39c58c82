/// The script of an explanation's page: it colours the map anew, enlarges, and reads values; without it the pictures and all numbers stand as they are.
/// The page's policy admits it by `explanationScriptHash`.
package let explanationScript = """
  "use strict";
  const byID = id => document.getElementById(id);
  const viewer = byID("viewer");

  const picture = viewer && (() => {
    const svg = byID("canvas"), live = byID("live"), data = live.dataset;
    const size = { width: Number(viewer.dataset.width), height: Number(viewer.dataset.height) };
    const grid = { columns: Number(data.columns), rows: Number(data.rows), x: Number(data.x), y: Number(data.y), width: Number(data.width), height: Number(data.height) };
    const limit = Number(viewer.dataset.limit);
    const bytes = Uint8Array.from(atob(data.values), character => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const values = Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));

    const stops = id => page.all(`#${id} stop`).map(stop => ({
      at: Number(stop.getAttribute("offset")), alpha: Number(stop.getAttribute("stop-opacity")),
      color: [1, 3, 5].map(i => parseInt(stop.getAttribute("stop-color").slice(i, i + 2), 16)),
    }));
    const tables = { signed: stops("signed"), viridis: stops("viridis"), cividis: stops("cividis") };
    // Of a place on the colour bar, 0 at its upper end.
    const colour = (table, at) => {
      let i = 1;
      while (i < table.length - 1 && table[i].at < at) i += 1;
      const [a, b] = [table[i - 1], table[i]];
      const share = b.at > a.at ? Math.min(Math.max((at - a.at) / (b.at - a.at), 0), 1) : 0;
      return [0, 1, 2].map(k => a.color[k] + share * (b.color[k] - a.color[k])).concat(255 * (a.alpha + share * (b.alpha - a.alpha)));
    };

    const cellAt = (x, y) => {
      const column = Math.floor((x - grid.x) / grid.width * grid.columns), row = Math.floor((y - grid.y) / grid.height * grid.rows);
      const isInside = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
      return isInside ? { column, row, value: values[row * grid.columns + column] } : null;
    };
    // Bilinear between the centres of the cells, constant beyond the outer ones.
    const between = (x, y) => {
      const u = (x - grid.x) / grid.width * grid.columns - 0.5, v = (y - grid.y) / grid.height * grid.rows - 0.5;
      if (u < -0.5 || v < -0.5 || u > grid.columns - 0.5 || v > grid.rows - 0.5) return 0;
      const clamp = (t, high) => Math.min(Math.max(t, 0), high);
      const a = clamp(u, grid.columns - 1), b = clamp(v, grid.rows - 1);
      const left = Math.floor(a), top = Math.floor(b), right = Math.min(left + 1, grid.columns - 1), bottom = Math.min(top + 1, grid.rows - 1);
      const value = (row, column) => values[row * grid.columns + column];
      const upper = value(top, left) + (a - left) * (value(top, right) - value(top, left));
      const lower = value(bottom, left) + (a - left) * (value(bottom, right) - value(bottom, left));
      return upper + (b - top) * (lower - upper);
    };

    const state = () => ({
      mode: ["smooth", "cells", "magnitude", "none"].find(mode => byID(`map-${mode}`).checked),
      threshold: Number(byID("threshold").value) / 100 * limit, colors: byID("colors").value,
    });
    const paint = () => {
      const { mode, threshold, colors } = state();
      const isAsAtFirst = threshold === 0 && !(mode === "magnitude" && colors !== "viridis");
      viewer.classList.toggle("is-drawn", !isAsAtFirst && mode !== "none");
      byID("sizes-fill").setAttribute("fill", `url(#${colors})`);
      byID("threshold-text").textContent = `${Number(threshold.toPrecision(3))}`;
      live.replaceChildren();
      if (isAsAtFirst || mode === "none" || !(limit > 0)) return;
      const isCells = mode === "cells", divisor = Math.ceil(Math.max(size.width, size.height) / 600);
      const canvas = document.createElement("canvas");
      canvas.width = isCells ? grid.columns : Math.floor(size.width / divisor);
      canvas.height = isCells ? grid.rows : Math.floor(size.height / divisor);
      const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
      for (let y = 0; y < canvas.height; y += 1) {
        for (let x = 0; x < canvas.width; x += 1) {
          const value = isCells ? values[y * grid.columns + x] : between((x + 0.5) * size.width / canvas.width, (y + 0.5) * size.height / canvas.height);
          if (value === 0 || Math.abs(value) < threshold) continue;
          const part = mode === "magnitude" ? colour(tables[colors], 1 - Math.abs(value) / limit) : colour(tables.signed, (1 - value / limit) / 2);
          image.data.set(part, 4 * (y * canvas.width + x));
        }
      }
      context.putImageData(image, 0, 0);
      const element = document.createElementNS(svg.namespaceURI, "image");
      const place = isCells ? grid : { x: 0, y: 0, ...size };
      for (const key of ["x", "y", "width", "height"]) element.setAttribute(key, place[key]);
      element.setAttribute("preserveAspectRatio", "none");
      if (isCells) element.setAttribute("class", "cells");
      element.setAttribute("href", canvas.toDataURL("image/png"));
      live.append(element);
    };

    const window_ = () => {
      const width = Number(byID("window-width").value) / 100, level = Number(byID("window-level").value) / 100;
      const isWhole = width === 1 && level === 0.5;
      for (const part of page.all("#window feFuncR,#window feFuncG,#window feFuncB")) {
        part.setAttribute("slope", 1 / width);
        part.setAttribute("intercept", 0.5 - level / width);
      }
      const film = svg.querySelector(".radiograph");
      if (isWhole) film.removeAttribute("filter"); else film.setAttribute("filter", "url(#window)");
    };

    let box = { x: 0, y: 0, ...size };
    const show = () => {
      svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
      viewer.classList.toggle("is-zoomed", box.width < size.width);
    };
    const zoom = (factor, x = box.x + box.width / 2, y = box.y + box.height / 2) => {
      const width = Math.min(size.width, Math.max(size.width / 16, box.width / factor)), height = width * size.height / size.width;
      const keep = (corner, length, at, whole) => Math.min(Math.max(at - (at - corner) * (length[1] / length[0]), 0), whole - length[1]);
      box = { x: keep(box.x, [box.width, width], x, size.width), y: keep(box.y, [box.height, height], y, size.height), width, height };
      show();
    };
    const whole = () => { box = { x: 0, y: 0, ...size }; show(); };
    const place = event => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return { x: point.x, y: point.y };
    };

    let dragged = null;
    svg.addEventListener("pointerdown", event => {
      if (!viewer.classList.contains("is-zoomed") || event.button !== 0) return;
      dragged = { from: place(event), hasMoved: false };
    });
    svg.addEventListener("pointermove", event => {
      const point = place(event);
      if (dragged) {
        const [dx, dy] = [dragged.from.x - point.x, dragged.from.y - point.y];
        dragged.hasMoved = dragged.hasMoved || Math.hypot(dx, dy) > box.width / 200;
        box = { ...box, x: Math.min(Math.max(box.x + dx, 0), size.width - box.width), y: Math.min(Math.max(box.y + dy, 0), size.height - box.height) };
        show();
        return;
      }
      const cell = cellAt(point.x, point.y), radiograph = page.data.radiograph;
      if (point.x < 0 || point.y < 0 || point.x >= size.width || point.y >= size.height) return;
      const pixel = [Math.floor(point.x / size.width * radiograph.width), Math.floor(point.y / size.height * radiograph.height)];
      const names = document.elementsFromPoint(event.clientX, event.clientY).map(element => element.closest("a.region")).filter(Boolean)
        .map(region => region.getAttribute("aria-label"));
      byID("readout").textContent = `pixel ${pixel[0]}, ${pixel[1]} · `
        + (cell ? `cell ${cell.row}, ${cell.column}: ${Number(cell.value.toPrecision(4))} ${page.data.target.unit}` : "not seen by the network")
        + Array.from(new Set(names)).map(name => ` · ${name}`).join("");
    });
    for (const end of ["pointerup", "pointerleave"]) svg.addEventListener(end, () => { setTimeout(() => { dragged = null; }); });
    svg.addEventListener("click", event => { if (dragged && dragged.hasMoved) event.preventDefault(); }, true);
    svg.addEventListener("wheel", event => {
      if (!event.ctrlKey && !viewer.classList.contains("is-zoomed")) return;
      event.preventDefault();
      const point = place(event);
      zoom(event.deltaY < 0 ? 1.25 : 0.8, point.x, point.y);
    }, { passive: false });

    const compare = isComparing => viewer.classList.toggle("is-comparing", isComparing);
    const opacity = () => {
      const share = Number(byID("opacity").value) / 100;
      for (const map of page.all(".map", svg)) map.setAttribute("opacity", share);
    };
    const reset = () => {
      for (const [id, value] of [["opacity", 100], ["threshold", 0], ["window-width", 100], ["window-level", 50]]) byID(id).value = value;
      byID("colors").value = "viridis";
      byID("map-smooth").checked = true;
      for (const id of ["show-radiograph", "show-outlines", "show-numbers"]) if (byID(id)) byID(id).checked = true;
      paint(); window_(); opacity(); whole();
    };

    for (const radio of page.all("[name=map]")) radio.addEventListener("change", paint);
    byID("threshold").addEventListener("input", paint);
    byID("colors").addEventListener("change", () => { byID("map-magnitude").checked = true; paint(); });
    byID("opacity").addEventListener("input", opacity);
    for (const id of ["window-width", "window-level"]) byID(id).addEventListener("input", window_);
    byID("zoom-in").addEventListener("click", () => zoom(1.5));
    byID("zoom-out").addEventListener("click", () => zoom(1 / 1.5));
    byID("zoom-all").addEventListener("click", whole);
    byID("reset").addEventListener("click", reset);
    byID("compare").addEventListener("pointerdown", () => compare(true));
    for (const end of ["pointerup", "pointerleave", "blur"]) byID("compare").addEventListener(end, () => compare(false));
    byID("compare").addEventListener("keydown", event => { if (event.key === " " || event.key === "Enter") compare(true); });
    byID("compare").addEventListener("keyup", () => compare(false));
    document.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio],[type=checkbox]),select,textarea")) return;
      const toggles = { r: "show-radiograph", o: "show-outlines", n: "show-numbers" }, modes = { 1: "smooth", 2: "cells", 3: "magnitude", 4: "none" };
      const key = event.key.toLowerCase();
      if (toggles[key] && byID(toggles[key])) byID(toggles[key]).click();
      else if (modes[key]) byID(`map-${modes[key]}`).click();
      else if (key === "h") compare(true);
      else if (key === "+") zoom(1.5);
      else if (key === "-") zoom(1 / 1.5);
      else if (key === "0") whole();
    });
    document.addEventListener("keyup", event => { if (event.key.toLowerCase() === "h") compare(false); });
    return { values, grid, limit, paint, reset, between, cellAt, zoom, whole, compare, box: () => box };
  })();

  page.test(check => {
    const all = page.all, report = page.data;
    const points = element => Number(element.dataset.points);
    check("schema", report.schema === "carpus-explanation/1");
    if (report.budget) {
      const parts = all("[data-part]").map(row => [row.dataset.part, points(row)]);
      const part = name => page.sum(parts.filter(([kind]) => kind === name).map(([, value]) => value));
      const score = points(byID("score"));
      check("score", score === report.target.value);
      check("parts add up to the score", page.near(page.sum(parts.map(([, value]) => value)), score));
      check("budget adds up to the score", page.near(page.sum(Object.values(report.budget)), score));
      check("parts are the budget's", part("intercept") === report.budget.intercept && part("residual") === report.budget.residual);
      if (report.reference) {
        check("error", page.near(Number(document.querySelector("[data-error]").dataset.error), report.target.value - report.reference.score));
      }
    } else {
      const rows = all("[data-image]");
      check("one row for each image", rows.length === report.images.length);
      check("the parts of each image add up", rows.every(row =>
        page.near(page.sum(all("[data-points]", row).map(points)), Number(row.dataset.image))));
    }

    const rows = all("[data-region]");
    const outlines = all("a.region");
    check("one row for each region", rows.length === report.regions.length);
    check("rows have the points of the regions", rows.every(row =>
      report.regions.some(region => region.id === row.dataset.region && region.points === points(row))));
    check("groups", (report.landmarks ? report.landmarks.groups : []).every(group =>
      report.regions.length === 0 || all("[data-group]").some(row => row.dataset.group === group.id && points(row) === group.points)));
    check("every outline has a row", outlines.every(outline => byID(`row-${outline.dataset.number}`)));
    check("outlines can be reached and have names", outlines.every(outline =>
      outline.hasAttribute("href") && outline.getAttribute("aria-label") && outline.querySelector("title").textContent
      && byID(`shape-${outline.dataset.number}`).getAttribute("d")));
    check("verdicts", all("[data-verdict]").length === report.verdicts.length);
    check("checks", all("[data-check]").length === report.checks.length);
    check("coverings", all("[data-covered]").length === (report.covering ? report.covering.items.length : 0));

    if (outlines.length > 0) {
      outlines[0].focus();
      check("the row of an outline in focus is marked", byID(`row-${outlines[0].dataset.number}`).classList.contains("is-active"));
      outlines[0].blur();
      check("and no more after it", all(".is-active").length === 0);
    }
    if (!picture) return;
    const display = selector => getComputedStyle(document.querySelector(selector)).display;
    const near = (a, b) => Math.abs(a - b) <= 1e-5 * Math.max(picture.limit, Number.MIN_VALUE);
    check("cells", picture.values.length === report.map.height * report.map.width && near(Math.max(...picture.values), report.map.maximum)
      && near(Math.min(...picture.values), report.map.minimum));
    check("the smooth map is at first shown, the others not", display(".map.smooth") !== "none" && display(".map.cells") === "none");
    byID("map-cells").click();
    check("cells are shown on request", display(".map.cells") !== "none" && display(".map.smooth") === "none");
    byID("threshold").value = 50;
    picture.paint();
    if (picture.limit > 0) check("a threshold draws the map anew", display("#live") !== "none" && display(".map.cells") === "none" && all("#live image").length === 1);
    picture.compare(true);
    check("comparing hides the map", all(".map").every(map => getComputedStyle(map).display === "none"));
    picture.compare(false);
    byID("opacity").value = 40;
    byID("opacity").dispatchEvent(new Event("input"));
    check("opacity", all(".map", byID("canvas")).every(map => map.getAttribute("opacity") === "0.4"));
    byID("window-width").value = 50;
    byID("window-width").dispatchEvent(new Event("input"));
    check("window", document.querySelector(".radiograph").getAttribute("filter") === "url(#window)"
      && document.querySelector("#window feFuncR").getAttribute("slope") === "2" && document.querySelector("#window feFuncR").getAttribute("intercept") === "-0.5");
    picture.zoom(2);
    check("zoom", Math.abs(picture.box().width * 2 - Number(viewer.dataset.width)) < 1e-6);
    picture.reset();
    check("all as at first", display(".map.smooth") !== "none" && picture.box().x === 0 && !document.querySelector(".radiograph").hasAttribute("filter"));
    if (byID("show-outlines")) {
      byID("show-outlines").click();
      check("outlines can be put away", all(".region .line").every(line => getComputedStyle(line).display === "none"));
      byID("show-outlines").click();
    }
  });
  """

/// SHA-256 of `explanationScript` in Base64, as a content security policy wants it.
package let explanationScriptHash = "sha256-88Ku5QPICFgLzDg9yfTgtK10bdobRUWAxmmMh6RzrHY="
