/// The report page in Mustache; `{{…}}` escapes for HTML, `{{{…}}}` stands only where the page's own code made the text.
let pageTemplate = """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="{{policy}}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="referrer" content="no-referrer">
  <title>Carpus: {{image}}</title>
  <style>{{{style}}}</style>
  </head>
  <body>
  <header>
  <p class="brand">Carpus · explanation of a score</p>
  <h1><bdi>{{image}}</bdi></h1>
  <p class="notice"><strong>Research use, not for diagnosis.</strong> {{notice}}</p>
  </header>
  <main>
  {{#single}}
  <section class="score" aria-label="Score">
  <p class="value"><span id="score" data-points="{{exact}}">{{value}}</span> <span class="unit">points</span></p>
  <dl>
  {{#prediction}}{{#classes}}<dt>Severity class</dt><dd>{{name}} <small>{{origin}}</small></dd>{{/classes}}{{#postProcessing}}<dt>Points</dt><dd><bdi>{{.}}</bdi></dd>{{/postProcessing}}{{/prediction}}
  <dt>Output</dt><dd><bdi><code>{{output}}</code></bdi>, element {{index}}</dd>
  <dt>Model</dt><dd><bdi><code>{{model}}</code></bdi></dd>
  <dt>Method</dt><dd>{{method}}, {{height}}×{{width}} cells</dd>
  <dt>Layer</dt><dd><bdi><code>{{layer}}</code></bdi></dd>
  </dl>
  </section>
  {{/single}}
  {{#hasWarnings}}
  <section aria-labelledby="warnings-title">
  <h2 id="warnings-title">Warnings</h2>
  <ul class="warnings">
  {{#warnings}}<li><bdi>{{.}}</bdi></li>
  {{/warnings}}</ul>
  </section>
  {{/hasWarnings}}
  {{#single}}
  <section aria-labelledby="budget-title">
  <h2 id="budget-title">Where the score comes from</h2>
  <div class="columns">
  <table class="budget">
  <thead><tr><th scope="col">Part</th><th scope="col" class="n">Points</th></tr></thead>
  <tbody>
  {{#parts}}<tr data-part="{{kind}}" data-points="{{exact}}"><th scope="row">{{title}}</th><td class="n">{{points}}</td></tr>
  {{/parts}}</tbody>
  <tfoot><tr><th scope="row">Score</th><td class="n">{{value}}</td></tr></tfoot>
  </table>
  {{#waterfall}}
  <svg class="waterfall" viewBox="0 0 560 {{chartHeight}}" role="img" aria-label="The parts of the score, one after the other; the numbers are in the table.">
  <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="negative" width="6" height="6"/><rect class="gap" width="2" height="6"/></pattern></defs>
  <line class="zero" x1="{{zero}}" x2="{{zero}}" y1="0" y2="{{chartHeight}}"/>
  {{#bars}}<rect class="{{kind}}" x="{{x}}" y="{{y}}" width="{{width}}" height="16"/>{{#hatched}}<rect fill="url(#hatch)" x="{{x}}" y="{{y}}" width="{{width}}" height="16"/>{{/hatched}}<text x="0" y="{{textY}}">{{title}} {{points}}</text>
  {{/bars}}</svg>
  {{/waterfall}}
  </div>
  <p class="remark">The parts add up to the score. The intercept is what the network gives without evidence; the residual is what the map does not explain. Where regions overlap, a pixel counts once.</p>
  </section>
  {{/single}}
  {{#images}}
  <section aria-labelledby="images-title">
  <h2 id="images-title">The images of the batch</h2>
  <p>Output <bdi><code>{{output}}</code></bdi>, element {{index}}, of <bdi><code>{{model}}</code></bdi>; {{method}} at <bdi><code>{{layer}}</code></bdi>, {{height}}×{{width}} cells. In points; the parts add up to the score.</p>
  <div class="scroll"><table>
  <thead><tr><th scope="col" class="n">Image</th>{{#partTitles}}<th scope="col" class="n">{{.}}</th>{{/partTitles}}<th scope="col" class="n">Score</th></tr></thead>
  <tbody>
  {{#rows}}<tr data-image="{{exact}}"><th scope="row" class="n">{{number}}</th>{{#parts}}<td class="n" data-points="{{exact}}">{{points}}</td>{{/parts}}<td class="n">{{value}}</td></tr>
  {{/rows}}</tbody>
  </table></div>
  </section>
  {{/images}}
  {{#picture}}
  <section aria-labelledby="picture-title" class="viewer">
  <h2 id="picture-title">The map on the radiograph</h2>
  <input type="checkbox" id="show-radiograph" checked><label for="show-radiograph">Radiograph</label>
  {{#hasRegions}}<input type="checkbox" id="show-outlines" checked><label for="show-outlines">Outlines</label>
  <input type="checkbox" id="show-numbers" checked><label for="show-numbers">Numbers</label>{{/hasRegions}}
  <span class="legend">Map:</span>
  <input type="radio" name="map" id="map-smooth" checked><label for="map-smooth">smooth</label>
  <input type="radio" name="map" id="map-cells"><label for="map-cells">cells</label>
  <input type="radio" name="map" id="map-magnitude"><label for="map-magnitude">magnitude</label>
  <input type="radio" name="map" id="map-none"><label for="map-none">none</label>
  <div class="figure">
  <svg class="canvas" width="{{shownWidth}}" height="{{shownHeight}}" viewBox="0 0 {{width}} {{height}}" role="group" aria-label="Radiograph, map and regions">
  <rect class="backdrop" width="{{width}}" height="{{height}}"/>
  <image class="radiograph" width="{{width}}" height="{{height}}" href="{{{radiograph}}}"/>
  <image class="map smooth" width="{{width}}" height="{{height}}" preserveAspectRatio="none" href="{{{smooth}}}"/>
  <image class="map cells" x="{{cellsX}}" y="{{cellsY}}" width="{{cellsWidth}}" height="{{cellsHeight}}" preserveAspectRatio="none" href="{{{cells}}}"/>
  <image class="map magnitude" width="{{width}}" height="{{height}}" preserveAspectRatio="none" href="{{{magnitude}}}"/>
  {{#outlines}}<a class="region" id="region-{{number}}" href="#row-{{number}}" aria-label="{{title}}"><title>{{title}}</title><path class="casing" d="{{path}}"/><path class="core" d="{{path}}"/></a>
  {{/outlines}}{{#outlines}}<g class="number"><rect x="{{x}}" y="{{y}}" width="{{boxWidth}}" height="{{boxHeight}}"/><text x="{{textX}}" y="{{textY}}" font-size="{{fontSize}}" text-anchor="middle">{{number}}</text></g>
  {{/outlines}}</svg>
  <div class="bars">
  <svg class="bar signed" viewBox="0 0 110 260" role="img" aria-label="Colour bar of the map, from {{largest}} to {{smallest}} points per cell">
  <defs><linearGradient id="signed" x2="0" y2="1">{{#signedStops}}<stop offset="{{offset}}" stop-color="{{color}}" stop-opacity="{{opacity}}"/>{{/signedStops}}</linearGradient></defs>
  <text x="2" y="12">points per cell</text>
  <rect class="under" x="2" y="26" width="20" height="220"/><rect class="frame" fill="url(#signed)" x="2" y="26" width="20" height="220"/>
  {{#signedTicks}}<line x1="22" x2="28" y1="{{y}}" y2="{{y}}"/><text x="32" y="{{textY}}">{{text}}</text>{{/signedTicks}}
  </svg>
  <svg class="bar sizes" viewBox="0 0 110 260" role="img" aria-label="Colour bar of the size of the map's values, from 0 to {{largest}} points per cell">
  <defs><linearGradient id="sizes" x2="0" y2="1">{{#magnitudeStops}}<stop offset="{{offset}}" stop-color="{{color}}" stop-opacity="{{opacity}}"/>{{/magnitudeStops}}</linearGradient></defs>
  <text x="2" y="12">size, per cell</text>
  <rect class="under" x="2" y="26" width="20" height="220"/><rect class="frame" fill="url(#sizes)" x="2" y="26" width="20" height="220"/>
  {{#magnitudeTicks}}<line x1="22" x2="28" y1="{{y}}" y2="{{y}}"/><text x="32" y="{{textY}}">{{text}}</text>{{/magnitudeTicks}}
  </svg>
  <dl><dt>Lowest cell</dt><dd>{{minimum}}</dd><dt>Highest cell</dt><dd>{{maximum}}</dd></dl>
  </div>
  </div>
  <p class="remark">{{#isZero}}<strong>The map is zero everywhere.</strong> {{/isZero}}A view for the eye: red raises the score, blue lowers it, on a scale symmetric about 0 whose ends are this map's largest size. Opacity is proportional to the size, at most {{opacity}}; the size alone (“magnitude”) lies at {{magnitudeOpacity}}. “Cells” shows the {{gridHeight}}×{{gridWidth}} cells as they are; “smooth” interpolates between them. Every number on this page was measured on the cells.{{#hasRegions}} Numbers on the picture are those of the table below.{{/hasRegions}}</p>
  </section>
  {{/picture}}
  {{#regions}}
  <section aria-labelledby="regions-title">
  <h2 id="regions-title">Regions</h2>
  <div class="scroll"><table class="regions">
  <thead><tr><th scope="col" class="n">#</th><th scope="col">Region</th><th scope="col">Side</th><th scope="col" class="n">Points</th><td class="chart"><span class="hidden">Bar</span></td><th scope="col" class="n">Positive</th><th scope="col" class="n">Negative</th><th scope="col" class="n">Mass</th><th scope="col" class="n">Area share</th><th scope="col" class="n">Enrichment</th><th scope="col" class="n">Ceiling</th><th scope="col">Peak inside</th><th scope="col" class="n">Rank accuracy</th><th scope="col" class="n">AUC</th><th scope="col" class="n">Pixels</th></tr></thead>
  <tbody>
  {{#rows}}<tr id="row-{{number}}" data-region="{{id}}" data-points="{{exact}}"><td class="n"><a href="#region-{{number}}">{{number}}</a></td><th scope="row"><bdi>{{name}}</bdi></th><td>{{side}}</td>{{> numbers}}</tr>
  {{/rows}}</tbody>
  <tbody class="overall">
  {{#overall}}<tr><td></td><th scope="row" colspan="2">{{name}}</th>{{> numbers}}</tr>
  {{/overall}}</tbody>
  </table></div>
  {{#withoutMass}}<p><strong>The map has no positive evidence on the radiograph</strong>: mass and enrichment do not exist (–).</p>{{/withoutMass}}
  <p class="remark">Regions from <bdi><code>{{source}}</code></bdi>, ordered by the size of their points. <b>Points</b>: sum of the map in the region, positive and negative evidence apart beside it. <b>Mass</b>: share of the positive evidence; <b>area share</b>: what a uniform map would give; <b>enrichment</b>: mass over area share, 1 by chance. <b>Ceiling</b>: the largest mass that any map of this grid could give the region; a low one says that the region is smaller than a cell. <b>Peak inside</b>: the highest cell touches the region. <b>Rank accuracy</b>: share of the highest cells, as many as the region is large, that lies in it; by chance the area share. <b>AUC</b>: 0.5 by chance. Regions may overlap, so their rows do not add up; those of all regions, elsewhere and padding do, to the sum of the map. A dash: the number does not exist.</p>
  </section>
  {{/regions}}
  {{#members}}
  <section aria-labelledby="members-title">
  <h2 id="members-title">Members of the ensemble</h2>
  <div class="scroll"><table>
  <thead><tr><th scope="col">Member</th><th scope="col" class="n">Score</th><th scope="col" class="n">Weight</th><th scope="col" class="n">Share of the score</th><th scope="col" class="n">Intercept</th><th scope="col" class="n">Map</th><th scope="col">Cells</th><th scope="col">Layer</th></tr></thead>
  <tbody>
  {{#rows}}<tr><th scope="row"><bdi>{{name}}</bdi></th><td class="n">{{score}}</td><td class="n">{{weight}}</td><td class="n">{{share}}</td><td class="n">{{intercept}}</td><td class="n">{{map}}</td><td>{{grid}}</td><td><bdi><code>{{layer}}</code></bdi></td></tr>
  {{/rows}}</tbody>
  </table></div>
  <p class="remark">In points. The map above is the sum of the members' maps, each times its weight, spread over a common grid in proportion to area, so that no point is lost.</p>
  </section>
  {{/members}}
  {{#hasInputs}}
  <section aria-labelledby="inputs-title">
  <h2 id="inputs-title">How the radiograph became the network's input</h2>
  {{#inputs}}<h3><bdi><code>{{model}}</code></bdi></h3>
  <div class="columns">
  <div><svg width="{{shownWidth}}" height="{{shownHeight}}" viewBox="0 0 {{width}} {{height}}" role="img" aria-label="The tensor that the network was given"><image class="input cells" width="{{width}}" height="{{height}}" href="{{{address}}}"/></svg>
  <p class="remark">The tensor {{shape}} that the network was given: black is {{black}}, white is {{white}}.{{#mirrored}} Left and right have changed places.{{/mirrored}}</p></div>
  <div><ol>
  {{#steps}}<li>{{.}}</li>
  {{/steps}}</ol>
  {{^card}}<p><strong>No model card says so</strong>: options and assumptions.</p>{{/card}}</div>
  </div>
  {{#card}}<p>Model card <bdi><code>{{file}}</code></bdi>:</p>
  <dl class="provenance">
  {{#entries}}<dt>{{key}}</dt><dd><bdi>{{value}}</bdi></dd>
  {{/entries}}</dl>{{/card}}
  {{/inputs}}
  </section>
  {{/hasInputs}}
  {{#hasOutputs}}
  <section aria-labelledby="outputs-title">
  <h2 id="outputs-title">Outputs of the network</h2>
  <div class="scroll"><table>
  <thead><tr><th scope="col">Output</th><th scope="col">Shape</th><th scope="col">Values</th></tr></thead>
  <tbody>
  {{#outputs}}<tr><th scope="row"><bdi><code>{{name}}</code></bdi></th><td>{{shape}}</td><td class="values">{{values}}</td></tr>
  {{/outputs}}</tbody>
  </table></div>
  <p class="remark">As the network gives them; no post-processing was applied.</p>
  </section>
  {{/hasOutputs}}
  {{#hasChecks}}
  <section aria-labelledby="checks-title">
  <h2 id="checks-title">Checks of this explanation</h2>
  <div class="scroll"><table class="checks">
  <thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col" class="n">Value</th><th scope="col" class="n">Limit</th><th scope="col">What it says</th></tr></thead>
  <tbody>
  {{#checks}}<tr><th scope="row">{{name}}</th><td class="{{result}}">{{mark}} {{result}}</td><td class="n">{{value}}</td><td class="n">{{limit}}</td><td><bdi>{{sentence}}</bdi></td></tr>
  {{/checks}}</tbody>
  </table></div>
  </section>
  {{/hasChecks}}
  <section aria-labelledby="method-title">
  <h2 id="method-title">Method</h2>
  <p><b>{{methodTitle}}</b> (<code>{{method}}</code>): {{methodCitation}}. The map has {{gridHeight}}×{{gridWidth}} cells, raw and signed, in points of the score: nothing was rectified, normalised or enlarged before it was measured. Layer <bdi><code>{{layer}}</code></bdi> with {{channels}} channels; {{#complete}}everything that leads from the input to the score passes through it.{{/complete}}{{^complete}}<strong>a part of the network bypasses it, and the map does not show that part.</strong>{{/complete}}</p>
  {{#slopes}}<p>Slope of the score with respect to what the last activation function was given: {{.}} (1 without such a function).</p>{{/slopes}}
  {{#commands}}<h3>How to repeat it</h3>
  <pre><code>{{.}}</code></pre>{{/commands}}
  </section>
  {{#hasProvenance}}
  <section aria-labelledby="provenance-title">
  <h2 id="provenance-title">Provenance</h2>
  <dl class="provenance">
  {{#provenance}}<dt>{{key}}</dt><dd><bdi>{{value}}</bdi></dd>
  {{/provenance}}</dl>
  </section>
  {{/hasProvenance}}
  <section aria-labelledby="limits-title">
  <h2 id="limits-title">What this page does not say</h2>
  <ul>
  <li>A map is not proof of reasoning. It says how this network's arithmetic distributes the score over a coarse grid, not why, and not that the score is right.</li>
  <li>A cell of the map sees more of the radiograph than its own square: points in a region may come from its surroundings.</li>
  <li>Use of a marker, border or device is shown only by covering it and scoring again.</li>
  <li>Enrichment above 1 does not show damage in a joint, and one radiograph says nothing about a cohort.</li>
  </ul>
  </section>
  </main>
  <footer><p>{{notice}}</p><output id="selftest"></output></footer>
  <script type="application/json" id="explanation">{{{json}}}</script>
  <script>{{{script}}}</script>
  </body>
  </html>

  """

/// The cells of a row of numbers in the table of regions.
let numbersTemplate = """
  <td class="n">{{points}}</td><td class="chart">{{#bar}}<svg viewBox="0 0 90 12" aria-hidden="true"><rect class="negative" x="{{negativeX}}" y="1" width="{{negativeWidth}}" height="10"/><rect class="positive" x="{{zero}}" y="1" width="{{positiveWidth}}" height="10"/><line x1="{{zero}}" x2="{{zero}}" y1="0" y2="12"/></svg>{{/bar}}</td><td class="n">{{positive}}</td><td class="n">{{negative}}</td><td class="n">{{mass}}</td><td class="n">{{areaShare}}</td><td class="n">{{enrichment}}</td><td class="n">{{ceiling}}</td><td>{{peakInside}}</td><td class="n">{{rankAccuracy}}</td><td class="n">{{auc}}</td><td class="n">{{pixels}}</td>
  """
