/// The script of a cohort's page: the table of radiographs draws only the rows that are in its window. The policy admits it by `cohortScriptHash`.
package let cohortScript = """
  "use strict";
  const table = (() => {
    const data = page.data.rows, count = data.model.length, box = document.getElementById("rows"), body = box.querySelector("tbody");
    const name = (names, places, i) => places[i] === null ? "–" : names[places[i]];
    const signs = text => text.replace(/^-/, "−");
    const significant = value => value === null ? "–" : value === 0 ? "0"
      : signs(Math.abs(value) >= 100 && Math.abs(value) < 1e6 ? value.toFixed(0) : String(Number(value.toPrecision(3))));
    const fixed = value => value === null ? "–" : signs(value.toFixed(1).replace(/^-(0\\.0)$/, "$1"));
    const probability = value => value === null ? "–" : value < 0.001 ? "< 0.001" : value.toFixed(3);
    const percent = value => value === null ? "–" : (100 * value).toFixed(Math.abs(value) < 0.1 && value !== 0 ? 1 : 0) + "\u{a0}%";
    const kinds = data.kinds.map(kind => kind === "open" ? "–" : kind);
    const columns = {
      file: i => name(data.files, data.file, i), kind: i => kinds[data.kind[i]], model: i => data.models[data.model[i]], patient: i => name(data.patients, data.patient, i),
      visit: i => name(data.visits, data.visit, i), total: i => significant(data.total[i]), score: i => fixed(data.score[i]), error: i => fixed(data.error[i]),
      class: i => name(data.classes, data.class, i), enrichment: i => significant(data.enrichment[i]), chance: i => significant(data.chance[i]),
      p: i => probability(data.p[i]), sites: i => percent(data.sites[i]), confounders: i => percent(data.confounders[i]),
      background: i => percent(data.background[i]),
    };
    const keys = Object.keys(columns), numeric = new Set(["total", "score", "error", "enrichment", "chance", "p", "sites", "confounders", "background"]);
    const everything = Array.from({ length: count }, (_, i) => i);
    const texts = everything.map(i => [columns.file(i), columns.patient(i), columns.visit(i), columns.class(i)].join("\\n").toLowerCase());
    let shown = everything, order = { key: "", descending: false }, height = 30;

    const row = i => {
      const element = document.createElement("tr");
      element.dataset.index = i;
      for (const key of keys) {
        const cell = document.createElement(key === "file" ? "th" : "td");
        if (key === "file") cell.scope = "row";
        if (numeric.has(key)) cell.className = "n";
        if (key === "kind" && data.kinds[data.kind[i]] === "deceptive") cell.className = "failed";
        let target = cell;
        if (key === "file" && data.page[i] !== null) {
          target = cell.appendChild(document.createElement("a"));
          target.href = data.pages[data.page[i]];
        }
        const text = columns[key](i);
        if (["file", "model", "patient", "visit", "class"].includes(key)) target = target.appendChild(document.createElement("bdi"));
        target.textContent = text;
        element.append(cell);
      }
      return element;
    };
    const spacer = rows => {
      const element = document.createElement("tr"), cell = element.appendChild(document.createElement("td"));
      element.setAttribute("aria-hidden", "true");
      cell.colSpan = keys.length;
      cell.className = "spacer";
      cell.style.height = `${rows * height}px`;
      return element;
    };
    let first = -1, last = -1;
    const draw = (isForced = false) => {
      const from = Math.max(0, Math.floor(box.scrollTop / height) - 10), to = Math.min(shown.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + 10);
      if (!isForced && from === first && to === last) return;
      [first, last] = [from, to];
      const rows = shown.slice(from, to).map(row);
      body.replaceChildren(...(from > 0 ? [spacer(from)] : []), ...rows, ...(to < shown.length ? [spacer(shown.length - to)] : []));
      if (rows.length > 0) height = Math.max(10, rows[0].getBoundingClientRect().height || height);
    };
    const value = (key, i) => numeric.has(key) ? data[key][i] : columns[key](i);
    const collator = new Intl.Collator("en", { numeric: true });
    const arrange = () => {
      const word = document.getElementById("find").value.trim().toLowerCase(), model = document.getElementById("choose-model").value;
      const kind = document.getElementById("choose-kind").value;
      shown = everything.filter(i => (model === "" || data.model[i] === Number(model)) && (kind === "" || data.kind[i] === Number(kind)) && (word === "" || texts[i].includes(word)));
      const { key, descending } = order;
      if (key) {
        const sign = descending ? -1 : 1, ranks = new Map();
        if (!numeric.has(key)) Array.from(new Set(shown.map(i => value(key, i)))).sort(collator.compare).forEach((text, rank) => ranks.set(text, rank));
        const number = i => numeric.has(key) ? value(key, i) : ranks.get(value(key, i));
        shown = shown.map(i => [number(i), i]).sort(([a, i], [b, j]) => a === b ? i - j : a === null ? 1 : b === null ? -1 : sign * (a - b)).map(([, i]) => i);
      }
      for (const heading of page.all("th[data-key]", box)) {
        if (heading.dataset.key === key) heading.setAttribute("aria-sort", descending ? "descending" : "ascending"); else heading.removeAttribute("aria-sort");
      }
      document.getElementById("found").textContent = `${shown.length} of ${count} rows`;
      box.scrollTop = 0;
      draw(true);
    };
    const sort = (key, descending) => { order = { key, descending }; arrange(); };

    for (const heading of page.all("th[data-key]", box)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener("click", () => sort(heading.dataset.key, order.key === heading.dataset.key ? !order.descending : numeric.has(heading.dataset.key)));
    }
    for (const [id, names] of [["choose-model", data.models], ["choose-kind", data.kinds]]) {
      names.forEach((text, i) => { document.getElementById(id).add(new Option(text === "open" ? "not judged" : text, i)); });
      document.getElementById(id).addEventListener("change", arrange);
    }
    document.getElementById("find").addEventListener("input", arrange);
    const still = Array.from(body.children);
    box.classList.add("is-window");
    box.addEventListener("scroll", () => draw());
    addEventListener("resize", () => draw(true));
    addEventListener("beforeprint", () => body.replaceChildren(...shown.slice(0, 100).map(row)));
    addEventListener("afterprint", () => draw(true));
    arrange();
    return { still, sort, arrange, columns, keys, row, count, shown: () => shown, rows: () => page.all("tr[data-index]", body) };
  })();

  page.test(check => {
    const all = page.all, data = page.data, summary = data.summary, byID = id => document.getElementById(id);
    check("schemas", data.schema === "carpus-cohort/1" && summary.schema === "carpus-audit/1");
    check("a card for each model", all(".cards .verdict").length === summary.models.length);
    check("a failed verdict is never hidden", summary.models.every(model => {
      const card = all(".cards .verdict").find(element => element.dataset.model === model.name);
      const failed = model.verdicts.filter(verdict => verdict.outcome === "failed").map(verdict => verdict.name).sort();
      return String(all("[data-failed]", card).map(element => element.dataset.failed).sort()) === String(failed) && card.classList.contains("good") === (failed.length === 0 && model.verdicts.some(verdict => verdict.outcome === "passed"));
    }));
    const numbers = new Set();
    const visit = value => {
      if (typeof value === "number") numbers.add(value); else if (value && typeof value === "object") Object.values(value).forEach(visit);
    };
    visit(summary); visit(data.meanMaps); visit(data.comparisons); visit(data.rows.score);
    const exact = all("[data-exact]").concat(...table.still.map(row => all("[data-exact]", row))).filter(element => element.dataset.exact !== "");
    check("numbers are there", exact.length > 0);
    check("every number is in the data", exact.every(element => numbers.has(Number(element.dataset.exact))));
    const text = element => element.firstElementChild && element.firstElementChild.tagName === "SPAN" ? element.childNodes[1].data : element.firstChild.data;
    check("what is shown is the number, rounded", exact.every(element => {
      const shown = text(element).trim().split(/\\s/)[0].replace("−", "-"), value = Number(element.dataset.exact);
      if (text(element).includes("%")) return Math.abs(Number(shown) / 100 - value) <= 0.00501;
      return Math.abs(Number(shown) - value) <= Math.max(0.0501, 0.00501 * Math.abs(value)) && (Math.abs(value) >= 10 || Math.abs(Number(shown) - value) <= 0.0501);
    }));
    check("rows without script", table.still.length === Math.min(table.count, 200));
    check("rows of the script say the same", table.still.every((row, i) => Array.from(row.cells).every((cell, k) => {
      const own = table.columns[table.keys[k]](i);
      return cell.textContent === own || Math.abs(parseFloat(cell.textContent.replace("−", "-")) - parseFloat(own.replace("−", "-"))) <= 0.11;
    })));
    check("a window of rows", table.rows().length <= 200);
    const begin = performance.now();
    for (const key of table.keys) { table.sort(key, false); table.sort(key, true); }
    const duration = (performance.now() - begin) / (2 * table.keys.length);
    check("sorted within a second", duration < 1000);
    document.documentElement.dataset.milliseconds = duration.toFixed(1);
    table.sort("score", true);
    const scores = table.shown().map(i => data.rows.score[i]);
    check("descending", scores.every((score, i) => i === 0 || scores[i - 1] >= score) && document.querySelector("th[data-key=score]").getAttribute("aria-sort") === "descending");
    byID("choose-model").value = "0";
    table.arrange();
    check("one model", table.shown().length === data.rows.model.filter(model => model === 0).length);
    byID("choose-model").value = "";
    byID("find").value = "no such radiograph";
    table.arrange();
    check("nothing found", table.rows().length === 0 && byID("found").textContent.startsWith("0 of"));
    byID("find").value = "";
    table.sort("", false);
    check("all again", table.shown().length === table.count);
  });
  """

/// SHA-256 of `cohortScript` in Base64, as a content security policy wants it.
package let cohortScriptHash = "sha256-fgeF+qqyeDw8tiY8DUg3Bp0ucnxkwgp2bTF26/xFqzI="
