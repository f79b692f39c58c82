/// The style sheet of all pages; their policy admits it by `pageStyleHash`. Colours are named once, for light, dark and print; a page's own parts are
/// told apart by classes, never by colour alone.
package let pageStyle = """
  :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#4c5661;--line:#d3d9df;--panel:#f4f6f8;--link:#0b57a4;--positive:#b2182b;--negative:#2166ac;--total:#56616d;--chance:#7a5c00;--note:#fff4d6;--note-ink:#4d3800;--bad:#9c1020;--bad-panel:#fdecee;--good:#17602f;--good-panel:#e9f5ec;--active:#fff0b8}
  @media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e8eaed;--soft:#aeb7c1;--line:#3a424b;--panel:#1d2227;--link:#8ab8f0;--positive:#f0808c;--negative:#74b0ea;--total:#98a4b1;--chance:#e0bd5a;--note:#352c12;--note-ink:#f4e3b1;--bad:#ff9aa5;--bad-panel:#3a1a1e;--good:#8fd6a5;--good-panel:#16301f;--active:#4a3f14}}
  *{box-sizing:border-box}
  html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
  body{margin:0 auto;padding:0 1.25rem 3rem;max-width:86rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}
  h1{margin:0;font-size:1.5rem;line-height:1.25}
  h2{margin:2.6rem 0 .75rem;font-size:1.2rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
  h3{margin:1.4rem 0 .4rem;font-size:1rem}
  p{margin:.5rem 0}
  a{color:var(--link)}
  bdi{unicode-bidi:isolate}
  code,pre{font:.92em/1.45 ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
  pre{padding:.75rem 1rem;background:var(--panel);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap}
  small,.remark{font-size:.9rem;color:var(--soft)}
  .remark{max-width:64rem}
  .unit,.quiet{color:var(--soft);font-weight:400}
  .skip{position:absolute;left:-99rem}
  .skip:focus{left:1rem;top:.5rem;padding:.3rem .6rem;background:var(--paper);z-index:2}
  .top{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between;align-items:center;margin:0 -1.25rem 1rem;padding:.45rem 1.25rem;background:var(--note);color:var(--note-ink)}
  .top p{margin:0}
  .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  .warnings{list-style:none;padding:0;margin:0}
  .warnings li{padding:.5rem .8rem;margin:.35rem 0;background:var(--note);color:var(--note-ink);border-left:4px solid currentColor;border-radius:3px}
  dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
  dt{color:var(--soft)}
  dd{margin:0}
  table{border-collapse:collapse;font-size:.93rem;overflow-wrap:normal}
  caption{text-align:left;font-weight:600;padding:.2rem .6rem .4rem 0}
  th,td{padding:.28rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
  thead th,thead td{font-weight:600;vertical-align:bottom;color:var(--soft);border-bottom-color:var(--soft)}
  tbody th{font-weight:500}
  tfoot th,tfoot td{border-top:2px solid var(--ink);border-bottom:0;font-weight:650}
  tbody+tbody{border-top:2px solid var(--soft)}
  .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
  thead .n{white-space:normal}
  .values{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
  .scroll{overflow-x:auto}
  .columns{display:flex;flex-wrap:wrap;gap:1.5rem 3rem;align-items:flex-start}
  .columns>*{min-width:0;max-width:100%}
  .columns>.wide{flex:1 1 26rem;margin:0}
  .wide>.chart{display:block;width:100%;max-width:44rem}
  .regions{font-size:.86rem}
  .regions th,.regions td{padding:.24rem .4rem}
  .regions tbody th{min-width:7rem}
  .regions small{white-space:nowrap}
  details{margin:.6rem 0}
  summary{cursor:pointer;color:var(--link);font-weight:600}
  button,select,input[type=number],input[type=search]{font:inherit;color:var(--ink);background:var(--panel);border:1px solid var(--soft);border-radius:5px;padding:.15rem .6rem;min-height:1.9rem}
  button:hover{border-color:var(--ink)}
  input[type=range]{width:9rem;accent-color:var(--link);vertical-align:middle}
  input[type=checkbox],input[type=radio]{accent-color:var(--link)}
  kbd{font:.85em ui-monospace,monospace;border:1px solid var(--soft);border-radius:3px;padding:0 .3em}
  :focus-visible{outline:3px solid var(--link);outline-offset:2px}
  .scripted{display:none}
  .is-live .scripted{display:revert}
  tr.is-active>*{background:var(--active)}
  tr:target>*{background:var(--active)}

  .passed{color:var(--good)}
  .failed{color:var(--bad);font-weight:650}
  .verdict{padding:.7rem 1rem;border-radius:8px;border:1px solid var(--line);border-left-width:8px}
  .verdict>p{margin:.15rem 0}
  .verdict.bad{background:var(--bad-panel);border-color:var(--bad)}
  .verdict.good{background:var(--good-panel);border-color:var(--good)}
  .verdict.open{background:var(--panel);border-color:var(--soft)}
  .verdict small{font-size:.85rem}
  .verdict .head{font-size:1.15rem;font-weight:650;line-height:1.35}
  .verdict.bad .head{color:var(--bad)}
  .verdict.good .head{color:var(--good)}
  .findings{list-style:none;padding:0;margin:.8rem 0}
  .findings li{position:relative;padding:.45rem .2rem .45rem 2rem;border-bottom:1px solid var(--line)}
  .findings .mark{position:absolute;left:.4rem;font-weight:700}

  .chart{max-width:100%;height:auto}
  .chart text{fill:var(--ink);font-family:system-ui,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
  .chart .soft{fill:var(--soft)}
  .chart text{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
  .chart .axis{stroke:var(--soft);stroke-width:1;fill:none}
  .chart .rule{stroke:var(--line);stroke-width:1;fill:none}
  .chart .rim{stroke:var(--line)}
  .chart .core{stroke:var(--panel)}
  .chart .stripe{stroke:var(--paper);stroke-width:1.5;fill:none}
  .chart .none{fill:var(--paper);stroke:var(--soft);stroke-width:1.2}
  .positive{fill:var(--positive)}
  .negative{fill:var(--negative)}
  .total{fill:var(--total)}
  .chance{fill:none;stroke:var(--chance);stroke-width:2}
  .gap{fill:var(--paper)}
  .chart a:focus{outline:none}
  .chart a:hover text,.chart a:focus text,.chart a.is-active text{font-weight:700;text-decoration:underline}
  .chart a:hover :is(circle,rect,path:not(.stripe)),.chart a:focus :is(circle,rect,path:not(.stripe)),.chart a.is-active :is(circle,rect,path:not(.stripe)){stroke:var(--ink);stroke-width:2.5}
  td.spark{padding-left:0;padding-right:0}
  td.spark svg{display:block;width:90px;height:12px;margin:.3rem 0}
  td.spark line{stroke:var(--ink);stroke-width:1}

  .summary{display:flex;flex-wrap:wrap;gap:.6rem 2.5rem;align-items:flex-end;margin:.6rem 0 1.1rem}
  .figure-number{margin:0}
  .figure-number .label{display:block;color:var(--soft);font-size:.85rem}
  .figure-number .value{font-size:1.5rem;font-weight:650;line-height:1.15;font-variant-numeric:tabular-nums}
  .figure-number.first .value{font-size:2.7rem}
  .lead{display:grid;grid-template-columns:minmax(0,1.45fr) minmax(19rem,1fr);gap:1.25rem 2rem;align-items:start}
  .lead>*{min-width:0}
  .lead h2{margin-top:0}
  .viewer .controls{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;align-items:center;margin:.4rem 0}
  .viewer>label{margin:0 .55rem 0 .2rem}
  .viewer .legend{color:var(--soft)}
  .figure{display:flex;gap:1rem;align-items:flex-start;margin-top:.6rem}
  .frame{flex:1 1 auto;min-width:0;position:relative;background:#000;border-radius:4px;overflow:hidden}
  .canvas{display:block;width:100%;height:auto;max-height:82vh;touch-action:pan-y}
  .is-zoomed .canvas{cursor:grab;touch-action:none}
  .backdrop{fill:#000}
  .cells,.pixels,.live .cells{image-rendering:pixelated}
  .bars{flex:0 0 7rem}
  .bar{display:block;width:7rem;height:auto;font-size:12px}
  .bar text{fill:var(--ink)}
  .bar line{stroke:var(--ink)}
  .under{fill:#606060}
  .edge{stroke:var(--ink);stroke-width:1}
  .bars dl{display:block;font-size:.85rem}
  .readout{min-height:1.5em;font-size:.9rem;color:var(--soft);font-variant-numeric:tabular-nums}
  .map.cells,.map.magnitude,.map.live,.sizes{display:none}
  #show-radiograph:not(:checked)~.figure .radiograph,#show-outlines:not(:checked)~.figure .region .line,#show-numbers:not(:checked)~.figure .number,#map-smooth:not(:checked)~.figure .smooth{display:none}
  #map-cells:checked~.figure .cells,#map-magnitude:checked~.figure .magnitude,#map-magnitude:checked~.figure .sizes{display:inline}
  #map-magnitude:checked~.figure .signed,#map-none:checked~.figure .bar{display:none}
  .is-drawn .map.smooth,.is-drawn .map.cells,.is-drawn .map.magnitude{display:none!important}
  .is-drawn .map.live{display:inline}
  .is-comparing .map{display:none!important}
  .region .area{fill:transparent}
  .region .line{fill:none;vector-effect:non-scaling-stroke;pointer-events:none}
  .region .casing{stroke:#000;stroke-width:3.2;stroke-opacity:.75}
  .region .core{stroke:#ffec6e;stroke-width:1.3}
  .region.suspect .core{stroke:#ff9d4d;stroke-width:2;stroke-dasharray:6 3}
  .region:hover .core,.region:focus .core,.region:target .core,.region.is-active .core{stroke:#fff;stroke-width:3.5}
  .region:focus{outline:none}
  .number{pointer-events:none}
  .number rect{fill:#000;fill-opacity:.8}
  .number text{fill:#ffec6e;font-weight:600;font-family:system-ui,"Liberation Sans",Arial,sans-serif}
  .number.minor{display:none}
  .number.is-active{display:inline}
  .gallery{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,100%),1fr));gap:1.25rem;margin:.75rem 0}
  .gallery figure{margin:0;max-width:27rem}
  .gallery svg.picture{display:block;width:100%;height:auto;max-height:34rem;background:#000;border-radius:4px}
  figcaption{font-size:.9rem;margin-top:.4rem}
  .hands{display:flex;flex-wrap:wrap;gap:1rem 2rem;justify-content:center}
  .hands svg{flex:1 1 19rem;min-width:0;width:100%;max-width:32rem}
  .waterfall{width:100%;max-width:44rem}
  .picture .line{fill:none;vector-effect:non-scaling-stroke;stroke:#ffec6e;stroke-width:1;stroke-opacity:.8}
  .picture .none{fill:none}
  .provenance dd{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:.88rem}
  footer{margin-top:3rem;padding-top:.75rem;border-top:1px solid var(--line);color:var(--soft)}
  #selftest{white-space:pre-line}

  .bottom-line{font-size:1.2rem;font-weight:650}
  .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(25rem,100%),1fr));gap:1.1rem;margin:.8rem 0;align-items:start}
  .verdict.look{background:var(--note);border-color:var(--note-ink)}
  .verdict.look .head{color:var(--note-ink)}
  .pairs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1.2rem 2.5rem;align-items:start}
  .pairs>*{min-width:0;margin:0}
  .pairs .chart{display:block;width:100%;max-width:40rem}
  .cards .label{margin-top:.9rem;font-weight:600}
  .cards .chart{width:100%;max-width:32rem}
  .cards .findings li{border-color:var(--line)}
  .verdict .chart .none{fill:var(--paper)}
  .means{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:1rem 2rem}
  .means.small{grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr))}
  .means figure{margin:0;max-width:38rem}
  .means .single{max-width:16rem}
  .means svg{width:100%}
  .means image{mix-blend-mode:normal}
  .quadrants td{min-width:8.5rem}
  .quadrants b{font-size:1.15rem}
  .rows{margin-top:.5rem}
  .rows.is-window{max-height:38rem;overflow:auto;border:1px solid var(--line);border-radius:6px}
  .rows table{width:100%;font-size:.88rem}
  .rows td,.rows tbody th{white-space:nowrap;padding:.2rem .55rem}
  .rows .spacer{padding:0;border:0}
  .rows.is-window thead th{position:sticky;top:0;background:var(--paper);z-index:1;vertical-align:bottom}
  .rows thead button{font:inherit;font-weight:600;color:var(--soft);background:none;border:0;padding:.1rem 0;text-align:inherit;cursor:pointer}
  .rows thead button:hover{color:var(--ink);text-decoration:underline}
  th[aria-sort=ascending] button::after{content:" ↑"}
  th[aria-sort=descending] button::after{content:" ↓"}
  .filters label,.filters span{margin-right:1rem}

  @media (max-width:62rem){.lead{grid-template-columns:minmax(0,1fr)}.lead .side{order:-1}}
  @media (max-width:40rem){body{padding:0 .8rem 2rem}.top{margin:0 -.8rem 1rem;padding:.4rem .8rem}.figure{flex-direction:column}.bars{flex:none;display:flex;gap:1rem;width:100%}.figure-number.first .value{font-size:2.2rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}
  @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
  @page{margin:14mm 13mm 16mm;@bottom-left{content:"Carpus · research use, not for diagnosis";font:8pt sans-serif;color:#444}@bottom-right{content:counter(page) " of " counter(pages);font:8pt sans-serif;color:#444}}
  @media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#333;--line:#bbb;--panel:#f4f4f4;--link:#000;--positive:#b2182b;--negative:#2166ac;--total:#5b6672;--chance:#6b5000;--note:#fff;--note-ink:#000;--bad:#8a0c1a;--bad-panel:#fff;--good:#0d4a22;--good-panel:#fff;--active:#fff}
  html{font-size:10.5px}
  body{padding:0;max-width:none;font-size:9.5pt}
  a{text-decoration:none}
  .top{margin:0 0 .6rem;padding:0 0 .3rem;border-bottom:1px solid #000}
  .skip,.controls,.readout,.viewer>input,.viewer>label,.legend,.scripted,.is-live .scripted,button,select{display:none!important}
  .lead{grid-template-columns:minmax(0,1.3fr) minmax(0,1fr);gap:.6rem 1rem}
  .lead .side{order:0}
  .canvas{max-height:none}
  .scroll{overflow:visible}
  table{font-size:7.2pt}
  th,td{padding:.12rem .3rem}
  .regions{font-size:6.2pt;width:100%}
  .regions th,.regions td{padding:.08rem .16rem}
  .regions tbody th{min-width:0}
  .regions td.spark{display:none}
  h2{margin-top:1.4rem;break-after:avoid}
  h3{break-after:avoid}
  details::details-content{content-visibility:visible;display:block;block-size:auto}
  tr,figure,.figure,.verdict,.findings li,.hands svg,.waterfall,.gallery svg{break-inside:avoid}
  thead{display:table-header-group}
  .hands svg{flex:0 1 8.4cm}
  .rows.is-window{max-height:none;overflow:visible;border:0}
  .rows table{font-size:6.2pt}
  details.long{display:none}
  .rows.is-window thead th{position:static}
  .rows thead button{display:inline!important;color:#000}
  .cards{grid-template-columns:repeat(auto-fit,minmax(8cm,1fr))}
  .pairs{grid-template-columns:repeat(auto-fit,minmax(8cm,1fr))}
  .gallery{grid-template-columns:repeat(3,minmax(0,1fr))}
  pre{font-size:7.5pt}
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
  """

/// SHA-256 of `pageStyle` in Base64, as a content security policy wants it.
package let pageStyleHash = "sha256-2SVq2guj1i8gAI0zEziXkzOXtzOxqHfzgl8KsGfYFQg="
