/// The page's style sheet; the page's policy admits it by `pageStyleHash`.
package let pageStyle = """
  :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#4f5963;--line:#d5dae0;--panel:#f4f6f8;--link:#0b57a4;--positive:#b2182b;--negative:#2166ac;--total:#5b6672;--note:#fff4d6;--note-ink:#4d3800;--bad:#9c1020;--good:#17602f}
  @media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e8eaed;--soft:#aab3bd;--line:#3a424b;--panel:#1e2328;--link:#8ab8f0;--positive:#e5707c;--negative:#6fa8dc;--total:#94a0ac;--note:#3a3013;--note-ink:#f4e3b1;--bad:#ff9aa5;--good:#8fd6a5}}
  *{box-sizing:border-box}
  html{scroll-behavior:smooth}
  body{margin:0 auto;padding:1.5rem 1.25rem 3rem;max-width:76rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}
  h1{margin:0 0 .75rem;font-size:1.7rem;line-height:1.2}
  h2{margin:2.4rem 0 .75rem;font-size:1.2rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
  h3{margin:1.4rem 0 .4rem;font-size:1rem}
  p{margin:.5rem 0}
  a{color:var(--link)}
  code,pre{font:.92em/1.45 ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
  pre{padding:.75rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap}
  .brand{margin:0;color:var(--soft);letter-spacing:.02em}
  .notice,.warnings li{background:var(--note);color:var(--note-ink)}
  .notice{padding:.5rem .8rem;border-radius:6px}
  .warnings{list-style:none;padding:0;margin:0}
  .warnings li{padding:.5rem .8rem;margin:.35rem 0;border-left:4px solid currentColor;border-radius:3px}
  .remark{color:var(--soft);max-width:62rem;font-size:.93rem}
  .score{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem;align-items:center;margin-top:1.25rem;padding:1rem 1.25rem;background:var(--panel);border:1px solid var(--line);border-radius:8px}
  .score .value{margin:0;font-size:2.6rem;font-weight:650;line-height:1.1;font-variant-numeric:tabular-nums}
  .score .unit{font-size:1.1rem;font-weight:400;color:var(--soft)}
  dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
  dt{color:var(--soft)}
  dd{margin:0}
  table{border-collapse:collapse;font-size:.93rem;overflow-wrap:normal}
  th,td{padding:.28rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
  thead th,thead td{font-weight:600;vertical-align:bottom;color:var(--soft);border-bottom-color:var(--soft)}
  tbody th{font-weight:500}
  .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
  thead .n{white-space:normal}
  tfoot th,tfoot td{border-top:2px solid var(--ink);border-bottom:0;font-weight:650}
  .scroll{overflow-x:auto}
  .overall{border-top:2px solid var(--soft)}
  .regions th[scope=row]{min-width:6rem;max-width:16rem;overflow-wrap:anywhere}
  .regions tr:target{outline:3px solid var(--link);outline-offset:-2px}
  .chart{padding-left:0;padding-right:0}
  .chart svg{display:block;width:90px;height:12px;margin:.3rem 0}
  .chart line{stroke:var(--ink);stroke-width:1}
  .values{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
  .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  .columns{display:flex;flex-wrap:wrap;gap:1.5rem 3rem;align-items:center}
  .waterfall{flex:1 1 26rem;max-width:44rem;min-width:20rem}
  .waterfall text{font-size:13px;fill:var(--ink)}
  .zero{stroke:var(--soft);stroke-width:1}
  .positive{fill:var(--positive)}
  .negative{fill:var(--negative)}
  .total{fill:var(--total)}
  .gap{fill:var(--paper)}
  .viewer>label{margin:0 1.1rem 0 .3rem}
  .viewer>.legend{margin-right:.5rem;color:var(--soft)}
  .figure{display:flex;flex-wrap:wrap;gap:1.25rem;align-items:flex-start;margin-top:.75rem}
  .canvas{height:auto;max-width:calc(100% - 9rem)}
  .backdrop{fill:#000}
  .cells{image-rendering:pixelated}
  .bars{width:7rem}
  .bar{display:block;width:7rem;font-size:12px}
  .bar text{fill:var(--ink)}
  .bar line{stroke:var(--ink)}
  .under{fill:#606060}
  .frame{stroke:var(--ink);stroke-width:1}
  .bars dl{display:block;font-size:.85rem}
  .map.cells,.map.magnitude,.sizes{display:none}
  #show-radiograph:not(:checked)~.figure .radiograph,#show-outlines:not(:checked)~.figure path,#show-numbers:not(:checked)~.figure .number,#map-smooth:not(:checked)~.figure .smooth{display:none}
  #map-cells:checked~.figure .cells,#map-magnitude:checked~.figure .magnitude,#map-magnitude:checked~.figure .sizes{display:inline}
  #map-magnitude:checked~.figure .signed,#map-none:checked~.figure .bar{display:none}
  .region path{fill:transparent;vector-effect:non-scaling-stroke}
  .region .casing{stroke:#000;stroke-width:4}
  .region .core{stroke:#ffec6e;stroke-width:1.5;pointer-events:none}
  .number{pointer-events:none}
  .number rect{fill:#000}
  .number text{fill:#ffec6e;font-weight:600;font-family:system-ui,"Liberation Sans",Arial,sans-serif}
  .region:hover .core,.region:focus .core,.region:target .core{stroke:#fff;stroke-width:4}
  .region:focus{outline:none}
  .passed{color:var(--good)}
  .failed{color:var(--bad);font-weight:650}
  :focus-visible{outline:3px solid var(--link);outline-offset:2px}
  .provenance dd{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:.88rem}
  footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--line);color:var(--soft)}
  @media (max-width:44rem){.canvas{max-width:100%}.bars{display:flex;width:100%;gap:1rem}}
  @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
  @media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#333;--line:#bbb;--panel:#fff;--link:#000;--positive:#b2182b;--negative:#2166ac;--total:#5b6672;--note:#fff;--note-ink:#000;--bad:#000;--good:#000}
  body{padding:0;max-width:none;font-size:10pt}.viewer>input,.viewer>label,.legend{display:none}.notice{border:1px solid #000}.scroll{overflow:visible}table{font-size:7.5pt}th,td{padding:.15rem .3rem}.canvas{max-width:11cm}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}h2{break-after:avoid}tr,.figure,.columns{break-inside:avoid}}
  """

/// SHA-256 of `pageStyle` in Base64, as a content security policy wants it.
package let pageStyleHash = "sha256-kqSCJi+ZS8Lb6EGjYr9Z2rMnZjarsv04zoly3vdTl0Q="
