/// What the scripts of all pages share: everything works without them. `page.test` is the beginning of a page's own test, which runs when `#selftest` stands
/// behind its address and writes `N passed, 0 failed` into the page. The policy admits the script by `pageScriptHash`.
package let pageScript = """
  "use strict";
  const page = {
    data: JSON.parse(document.getElementById("data").textContent),
    all: (selector, root = document) => Array.from(root.querySelectorAll(selector)),
    isTested: location.hash === "#selftest",

    // What belongs to the same thing has the same data-number: pointing at one of them, or reaching it with the keyboard, marks all.
    tie() {
      const mark = (event, isActive) => {
        const source = event.target.closest("[data-number]");
        if (!source) return;
        for (const element of page.all(`[data-number="${source.dataset.number}"]`)) element.classList.toggle("is-active", isActive);
      };
      for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
        document.addEventListener(begin, event => mark(event, true));
        document.addEventListener(end, event => mark(event, false));
      }
    },

    // Pages of single radiographs lie in a folder beside the page of a cohort.
    isNeighbour: address => /^images\\/[A-Za-z0-9._-]+\\.html$/.test(address) || address === "../index.html",

    near: (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)),
    sum: numbers => numbers.reduce((a, b) => a + b, 0),

    channels: text => (text.match(/[\\d.]+/g) || []).map(Number),
    luminance(color) {
      const [r, g, b] = color.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    },
    backdrop(element) {
      for (let e = element; e; e = e.parentElement) {
        const color = page.channels(getComputedStyle(e).backgroundColor);
        if (color.length === 3 || color[3] === 1) return color.slice(0, 3);
      }
      return [255, 255, 255];
    },
    // The contrast of a text with what lies under it, as WCAG 2.2 measures it.
    contrast(element) {
      const style = getComputedStyle(element);
      const color = page.channels(element instanceof SVGElement ? style.fill : style.color).slice(0, 3);
      const below = element.closest(".number") ? [0, 0, 0] : page.backdrop(element);
      const [low, high] = [page.luminance(color), page.luminance(below)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    },

    // Runs the tests that hold of every page, then the page's own, which gets `check(name, holds)` and may return a promise.
    async test(own) {
      if (!page.isTested) return;
      const failures = [];
      let passed = 0;
      const check = (name, holds) => { if (holds) passed += 1; else failures.push(name); };
      const all = page.all;
      try {
        const sources = all("[href],[src]").map(element => element.getAttribute("href") || element.getAttribute("src"));
        check("nothing from elsewhere", sources.every(source =>
          source.startsWith("#") || source.startsWith("data:image/png;base64,") || page.isNeighbour(source)));
        check("links lead somewhere", all("a,use").map(link => link.getAttribute("href")).every(address =>
          page.isNeighbour(address) || document.getElementById(address.slice(1))));
        check("no other script", all("script").length === 3 && all("iframe,object,embed,link").length === 0);
        check("no handlers in elements", all("*").every(element => !element.getAttributeNames().some(name => name.startsWith("on"))));
        const identifiers = all("[id]").map(element => element.id);
        check("identifiers are unique", new Set(identifiers).size === identifiers.length);
        let evaluated = true;
        try { new Function(""); } catch { evaluated = false; }
        check("policy is in force", !evaluated && document.head.querySelector("meta[http-equiv]").content.startsWith("default-src 'none'"));
        check("one heading of the first level", all("h1").length === 1);
        check("levels of headings are not skipped", all("h1,h2,h3").every((heading, i, list) =>
          i === 0 || Number(heading.tagName[1]) - Number(list[i - 1].tagName[1]) <= 1));
        check("sections have names", all("section").every(section => {
          const label = section.getAttribute("aria-labelledby");
          return section.hasAttribute("aria-label") || (label && document.getElementById(label));
        }));
        check("controls have names", all("input,select,button").every(control =>
          control.textContent.trim() || control.getAttribute("aria-label") || (control.labels && control.labels.length > 0)));
        check("pictures have names or are hidden from readers", all("svg").every(svg =>
          svg.getAttribute("aria-hidden") === "true" || svg.getAttribute("aria-label")));
        check("tables have headings", all("table").every(table => table.querySelector("th[scope=col]") && table.querySelector("th[scope=row]")));
        check("notice", document.querySelector(".notice").textContent.includes("not for diagnosis"));
        const texts = all("body *").filter(element => !element.closest("script,title,output")
          && Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim()));
        for (const element of texts) {
          if (page.contrast(element) < 4.5) failures.push(`contrast of "${element.textContent.trim().slice(0, 40)}"`);
        }
        check("text contrast", true);
        const loaded = await Promise.all(all("image,img").map(element => new Promise(resolve => {
          const address = element.getAttribute("href") || element.getAttribute("src");
          if (!address) { resolve(true); return; }
          const image = new Image();
          image.onload = () => resolve(image.naturalWidth > 0);
          image.onerror = () => resolve(false);
          image.src = address;
        })));
        check("pictures can be read", loaded.every(Boolean));
        await own(check);
      } catch (error) { failures.push(`the test itself: ${error}`); }
      document.getElementById("selftest").textContent =
        `${passed} passed, ${failures.length} failed` + failures.map(name => `\\nfailed: ${name}`).join("");
    },
  };
  document.documentElement.classList.add("is-live");
  page.tie();
  """

/// SHA-256 of `pageScript` in Base64, as a content security policy wants it.
package let pageScriptHash = "sha256-Fq7fXttHGOJqHz2vNiUfBshl86YOrxBlV5f8EPpIv88="
