/// The page's only script: its own test, run when `#selftest` stands behind the address. Everything else works without.
/// The page's policy admits it by `pageScriptHash`.
package let pageScript = """
  "use strict";
  if (location.hash === "#selftest") {
    const failures = [];
    let passed = 0;
    const check = (name, holds) => { if (holds) passed += 1; else failures.push(name); };
    const all = selector => Array.from(document.querySelectorAll(selector));
    const points = element => Number(element.dataset.points);
    const near = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
    const sum = numbers => numbers.reduce((a, b) => a + b, 0);
    const report = JSON.parse(document.getElementById("explanation").textContent);

    check("schema", report.schema === "carpus-explanation/1");
    if (report.budget) {
      const parts = Object.fromEntries(all("[data-part]").map(row => [row.dataset.part, points(row)]));
      const score = points(document.getElementById("score"));
      check("score", score === report.target.value);
      check("parts add up to the score", near(sum(Object.values(parts)), score));
      check("budget adds up to the score", near(sum(Object.values(report.budget)), score));
      check("parts are the budget's", parts.intercept === report.budget.intercept && parts.residual === report.budget.residual
        && near((parts.inRegions || 0), report.budget.inRegions) && near(parts.elsewhere + (parts.padding || 0), report.budget.elsewhere));
    } else {
      const rows = all("[data-image]");
      check("one row for each image", rows.length === report.images.length);
      check("the parts of each image add up", rows.every(row =>
        near(sum(Array.from(row.querySelectorAll("[data-points]")).map(points)), Number(row.dataset.image))));
    }

    const rows = all("[data-region]");
    const outlines = all("a.region");
    check("one row for each region", rows.length === report.regions.length);
    check("rows have the points of the regions", rows.every(row =>
      report.regions.some(region => region.id === row.dataset.region && region.points === points(row))));
    check("rows are ordered", rows.every((row, i) => i === 0 || Math.abs(points(rows[i - 1])) >= Math.abs(points(row))));
    check("one outline for each region", outlines.length === (report.radiograph ? rows.length : 0));
    check("outlines can be reached and have names", outlines.every(outline =>
      outline.hasAttribute("href") && outline.getAttribute("aria-label") && outline.querySelector("title").textContent
      && outline.querySelector("path").getAttribute("d")));
    check("links lead somewhere", all("a").every(link => document.getElementById(link.getAttribute("href").slice(1))));
    check("checks", all(".checks tbody tr").length === report.checks.length);

    const sources = all("[href],[src]").map(element => element.getAttribute("href") || element.getAttribute("src"));
    check("nothing from elsewhere", sources.every(source => source.startsWith("#") || source.startsWith("data:image/png;base64,")));
    check("no other script", all("script").length === 2 && all("img,iframe,object,embed").length === 0);
    const identifiers = all("[id]").map(element => element.id);
    check("identifiers are unique", new Set(identifiers).size === identifiers.length);
    let evaluated = true;
    try { new Function(""); } catch { evaluated = false; }
    check("policy is in force", !evaluated && document.head.querySelector("meta[http-equiv]").content.startsWith("default-src 'none'"));

    const channels = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const luminance = color => {
      const [r, g, b] = color.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const backdrop = element => {
      for (let e = element; e; e = e.parentElement) {
        const color = channels(getComputedStyle(e).backgroundColor);
        if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
      }
      return [255, 255, 255];
    };
    const legible = element => {
      const style = getComputedStyle(element);
      const color = channels(element instanceof SVGElement ? style.fill : style.color).slice(0, 3);
      const below = element.closest(".number") ? [0, 0, 0] : backdrop(element);
      const [low, high] = [luminance(color), luminance(below)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05) >= 4.5;
    };
    const texts = all("body *").filter(element => !element.closest("script,title")
      && Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim()));
    check("text contrast", texts.every(legible));

    Promise.all(all("image").map(element => new Promise(resolve => {
      const image = new Image();
      image.onload = () => resolve(image.naturalWidth > 0);
      image.onerror = () => resolve(false);
      image.src = element.getAttribute("href");
    }))).then(loaded => {
      check("pictures", loaded.length === (report.radiograph ? 4 + report.inputs.length : 0) && loaded.every(Boolean));
      document.getElementById("selftest").textContent =
        `${passed} passed, ${failures.length} failed` + failures.map(name => `\\nfailed: ${name}`).join("");
    });
  }
  """

/// SHA-256 of `pageScript` in Base64, as a content security policy wants it.
package let pageScriptHash = "sha256-L1zI/xVpOejDfhNuObyJiVxApLeG2ltAf9jiVisHWWU="
