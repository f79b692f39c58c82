/// The sections of the explanation's page in Mustache: `page` names the others in their order. `{{…}}` escapes for HTML, `{{{…}}}` stands only where the
/// page's own code made the text.
let explanationTemplates: [String: String] = [
  "page": pageTemplate, "summary": summaryTemplate, "viewer": viewerTemplate, "findings": findingsTemplate, "budget": budgetTemplate, "images": imagesTemplate,
  "hands": handsTemplate, "regions": regionsTemplate, "row": rowTemplate, "numbers": numbersTemplate, "headings": headingsTemplate,
  "covering": coveringTemplate, "maps": mapsTemplate, "members": membersTemplate, "inputs": inputsTemplate, "record": recordTemplate,
]

private let pageTemplate = """
  {{#picture}}<svg class="hidden" width="0" height="0" aria-hidden="true"><defs>
  <image id="film" width="{{width}}" height="{{height}}" href="{{{radiograph}}}"/>
  {{#outlines}}<path id="shape-{{number}}" d="{{path}}"/>
  {{/outlines}}<filter id="window" color-interpolation-filters="sRGB"><feComponentTransfer><feFuncR type="linear"/><feFuncG type="linear"/><feFuncB type="linear"/></feComponentTransfer></filter>
  </defs></svg>{{/picture}}
  <h1><bdi>{{image}}</bdi></h1>
  {{> summary}}
  {{#picture}}<div class="lead">
  {{> viewer}}
  <div class="side">
  {{> findings}}
  </div>
  </div>{{/picture}}
  {{^picture}}{{> findings}}{{/picture}}
  {{#hasWarnings}}<section aria-labelledby="warnings-title">
  <h2 id="warnings-title">Warnings</h2>
  <ul class="warnings">
  {{#warnings}}<li><bdi>{{.}}</bdi></li>
  {{/warnings}}</ul>
  </section>{{/hasWarnings}}
  {{#single}}{{> budget}}{{/single}}
  {{#images}}{{> images}}{{/images}}
  {{#hasHands}}{{> hands}}{{/hasHands}}
  {{#regions}}{{> regions}}{{/regions}}
  {{#covering}}{{> covering}}{{/covering}}
  {{#maps}}{{> maps}}{{/maps}}
  {{#members}}{{> members}}{{/members}}
  {{#hasInputs}}{{> inputs}}{{/hasInputs}}
  {{> record}}
  """

private let summaryTemplate = """
  <section class="summary" aria-label="Score">
  {{#single}}
  <p class="figure-number first"><span class="label">{{#isOutput}}Explained output{{/isOutput}}{{^isOutput}}Score of the network{{/isOutput}}</span><span class="value"><span id="score" data-points="{{exact}}">{{value}}</span></span> <span class="unit">{{unit}}</span></p>
  {{#reference}}
  <p class="figure-number"><span class="label">Reader’s score{{#source}}, <bdi>{{.}}</bdi>{{/source}}</span><span class="value" data-reference="{{exact}}">{{value}}</span> <span class="unit">{{unit}}</span></p>
  <p class="figure-number"><span class="label">Error, network less reader</span><span class="value" data-error="{{errorExact}}">{{error}}</span> <span class="unit">{{unit}}, {{says}}</span></p>
  {{/reference}}
  {{/single}}
  {{#prediction}}{{#score}}<p class="figure-number"><span class="label">Score</span><span class="value" data-score="{{exact}}">{{value}}</span> <span class="unit">points</span></p>{{/score}}{{#classes}}<p class="figure-number"><span class="label">Severity class</span><span class="value"><bdi>{{name}}</bdi></span></p>{{/classes}}{{/prediction}}
  <dl>
  {{#single}}{{#unitSentence}}<dt>Unit</dt><dd><bdi>{{.}}</bdi></dd>{{/unitSentence}}{{/single}}
  {{#prediction}}{{#classes}}{{#origin}}<dt>Classes</dt><dd><bdi>{{.}}</bdi></dd>{{/origin}}{{/classes}}{{#postProcessing}}<dt>Points</dt><dd><bdi>{{.}}</bdi></dd>{{/postProcessing}}{{/prediction}}
  <dt>Model</dt><dd><bdi><code>{{model}}</code></bdi>, output <bdi><code>{{output}}</code></bdi>, element {{index}}</dd>
  <dt>Map</dt><dd>{{methodTitle}} at <bdi><code>{{layer}}</code></bdi>, {{gridHeight}}×{{gridWidth}} cells</dd>
  {{#time}}<dt>Made</dt><dd>{{.}}</dd>{{/time}}
  </dl>
  </section>
  """

private let viewerTemplate = """
  <section aria-labelledby="picture-title" class="viewer" id="viewer" data-width="{{width}}" data-height="{{height}}" data-limit="{{limit}}">
  <h2 id="picture-title">The map on the radiograph</h2>
  <input type="checkbox" id="show-radiograph" checked><label for="show-radiograph">Radiograph</label>
  {{#hasRegions}}<input type="checkbox" id="show-outlines" checked><label for="show-outlines">Outlines</label>
  <input type="checkbox" id="show-numbers" checked><label for="show-numbers">Numbers</label>{{/hasRegions}}
  <br><span class="legend">Map:</span>
  <input type="radio" name="map" id="map-smooth" checked><label for="map-smooth">smooth</label>
  <input type="radio" name="map" id="map-cells"><label for="map-cells">cells</label>
  <input type="radio" name="map" id="map-magnitude"><label for="map-magnitude">magnitude</label>
  <input type="radio" name="map" id="map-none"><label for="map-none">none</label>
  <div class="controls scripted">
  <label>Opacity <input type="range" id="opacity" min="0" max="100" value="100"></label>
  <label>Hide below <input type="range" id="threshold" min="0" max="100" value="0"> <span id="threshold-text">0</span></label>
  <label>Colours <select id="colors"><option value="viridis">viridis</option><option value="cividis">cividis</option></select></label>
  <label>Window <input type="range" id="window-width" min="5" max="100" value="100"></label>
  <label>Level <input type="range" id="window-level" min="0" max="100" value="50"></label>
  <span><button type="button" id="zoom-in" aria-label="Enlarge">+</button> <button type="button" id="zoom-out" aria-label="Make smaller">−</button> <button type="button" id="zoom-all">Whole</button></span>
  <button type="button" id="compare">Hold to hide the map</button>
  <button type="button" id="reset">As at first</button>
  <details><summary>Keys</summary><p><kbd>1</kbd>…<kbd>4</kbd> smooth, cells, magnitude, none · <kbd>R</kbd> radiograph · <kbd>O</kbd> outlines · <kbd>N</kbd> numbers · hold <kbd>H</kbd> to hide the map · <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom · drag to move · <kbd>Tab</kbd> from joint to joint</p></details>
  </div>
  <div class="figure">
  <div class="frame">
  <svg class="canvas" id="canvas" width="{{width}}" height="{{height}}" viewBox="0 0 {{width}} {{height}}" role="group" aria-label="Radiograph, map and regions">
  <rect class="backdrop" width="{{width}}" height="{{height}}"/>
  <use class="radiograph" href="#film"/>
  <image class="map smooth" width="{{width}}" height="{{height}}" preserveAspectRatio="none" href="{{{smooth}}}"/>
  <image class="map cells" x="{{cellsX}}" y="{{cellsY}}" width="{{cellsWidth}}" height="{{cellsHeight}}" preserveAspectRatio="none" href="{{{cells}}}"/>
  <image class="map magnitude" width="{{width}}" height="{{height}}" preserveAspectRatio="none" href="{{{magnitude}}}"/>
  <g class="map live" id="live" data-x="{{cellsX}}" data-y="{{cellsY}}" data-width="{{cellsWidth}}" data-height="{{cellsHeight}}" data-columns="{{gridWidth}}" data-rows="{{gridHeight}}" data-values="{{values}}"></g>
  {{#outlines}}<a class="region{{#suspect}} suspect{{/suspect}}" id="region-{{number}}" data-number="{{number}}" href="#row-{{number}}" aria-label="{{title}}"><title>{{title}}</title><use class="area" href="#shape-{{number}}"/><use class="line casing" href="#shape-{{number}}"/><use class="line core" href="#shape-{{number}}"/></a>
  {{/outlines}}{{#outlines}}<g class="number{{#minor}} minor{{/minor}}" data-number="{{number}}" aria-hidden="true"><rect x="{{x}}" y="{{y}}" width="{{boxWidth}}" height="{{boxHeight}}"/><text x="{{textX}}" y="{{textY}}" font-size="{{fontSize}}" text-anchor="middle">{{number}}</text></g>
  {{/outlines}}</svg>
  </div>
  <div class="bars">
  <svg class="bar signed" viewBox="0 0 110 260" role="img" aria-label="Colour bar of the map, from {{largest}} to {{smallest}} {{unit}} per cell">
  <defs><linearGradient id="signed" x2="0" y2="1">{{#signedStops}}<stop offset="{{offset}}" stop-color="{{color}}" stop-opacity="{{opacity}}"/>{{/signedStops}}</linearGradient></defs>
  <text x="2" y="12">{{unit}} per cell</text>
  <rect class="under" x="2" y="26" width="20" height="220"/><rect class="edge" fill="url(#signed)" x="2" y="26" width="20" height="220"/>
  {{#signedTicks}}<line x1="22" x2="28" y1="{{y}}" y2="{{y}}"/><text x="32" y="{{textY}}">{{text}}</text>{{/signedTicks}}
  </svg>
  <svg class="bar sizes" viewBox="0 0 110 260" role="img" aria-label="Colour bar of the size of the map's values, from 0 to {{largest}} {{unit}} per cell">
  <defs><linearGradient id="viridis" x2="0" y2="1">{{#magnitudeStops}}<stop offset="{{offset}}" stop-color="{{color}}" stop-opacity="{{opacity}}"/>{{/magnitudeStops}}</linearGradient>
  <linearGradient id="cividis" x2="0" y2="1">{{#cividisStops}}<stop offset="{{offset}}" stop-color="{{color}}" stop-opacity="{{opacity}}"/>{{/cividisStops}}</linearGradient></defs>
  <text x="2" y="12">size, per cell</text>
  <rect class="under" x="2" y="26" width="20" height="220"/><rect class="edge" id="sizes-fill" fill="url(#viridis)" x="2" y="26" width="20" height="220"/>
  {{#magnitudeTicks}}<line x1="22" x2="28" y1="{{y}}" y2="{{y}}"/><text x="32" y="{{textY}}">{{text}}</text>{{/magnitudeTicks}}
  </svg>
  <dl><dt>Lowest cell</dt><dd>{{minimum}}</dd><dt>Highest cell</dt><dd>{{maximum}}</dd><dt>Sum, positive</dt><dd>{{sumPositive}}</dd><dt>Sum, negative</dt><dd>{{sumNegative}}</dd></dl>
  </div>
  </div>
  <p class="readout scripted" id="readout">Point at the picture to read its values.</p>
  <details><summary>How to read the picture</summary>
  <p class="remark">{{#isZero}}<strong>The map is zero everywhere.</strong> {{/isZero}}A view for the eye: red raises the score, blue lowers it, on a scale symmetric about 0 whose ends are this map’s largest size; two pictures with different bars cannot be compared by colour. Opacity grows with the square root of the size, up to {{opacity}}; the size alone (“magnitude”) lies at {{magnitudeOpacity}}. “Cells” shows the {{gridHeight}}×{{gridWidth}} cells as they are; “smooth” interpolates between them. Every number on this page was measured on the cells.{{#hasRegions}} Numbers on the picture are those of the table of regions; dashed outlines are markers, borders and other things that are no part of the hand.{{/hasRegions}}</p>
  </details>
  </section>
  """

private let findingsTemplate = """
  {{#findings}}<section aria-labelledby="findings-title">
  <h2 id="findings-title">What this radiograph says of the network</h2>
  <div class="verdict {{state}}"{{#first}} data-verdict="{{name}}" data-value="{{exact}}"{{/first}}><p class="head"><span aria-hidden="true">{{mark}}</span> <bdi>{{head}}</bdi></p>{{#first}}<p><bdi>{{detail}}</bdi> <small>({{name}}: value {{value}}, limit {{limit}})</small></p>{{/first}}<p><small>{{rest}}</small></p></div>
  {{#hasItems}}<ul class="findings">
  {{#items}}<li data-verdict="{{name}}" data-value="{{exact}}"><span class="mark {{result}}" aria-hidden="true">{{mark}}</span><b class="{{result}}">{{name}}: {{result}}.</b> <bdi>{{sentence}}</bdi> <small>value {{value}}, limit {{limit}}</small></li>
  {{/items}}</ul>{{/hasItems}}
  {{#hasFailedChecks}}<h3>Doubts about the map itself</h3>
  <ul class="findings">
  {{#failedChecks}}<li><span class="mark failed" aria-hidden="true">✗</span><b class="failed"><bdi>{{name}}</bdi>: failed.</b> <bdi>{{sentence}}</bdi></li>
  {{/failedChecks}}</ul>{{/hasFailedChecks}}
  </section>{{/findings}}
  """

private let budgetTemplate = """
  <section aria-labelledby="budget-title">
  <h2 id="budget-title">Where the score comes from</h2>
  <div class="columns">
  <table class="budget">
  <thead><tr><th scope="col">Part</th><th scope="col" class="n">{{unit}}</th></tr></thead>
  <tbody>
  {{#parts}}<tr data-part="{{kind}}" data-points="{{exact}}"><th scope="row">{{title}}</th><td class="n">{{points}}</td></tr>
  {{/parts}}</tbody>
  <tfoot><tr><th scope="row">{{#isOutput}}Output{{/isOutput}}{{^isOutput}}Score{{/isOutput}}</th><td class="n">{{value}}</td></tr></tfoot>
  </table>
  {{{waterfall}}}
  </div>
  <p class="remark">The parts add up to the score. The intercept is what the network gives without evidence; the residual is what the map does not explain. A pixel counts once.</p>
  </section>
  """

private let imagesTemplate = """
  <section aria-labelledby="images-title">
  <h2 id="images-title">The images of the batch</h2>
  <p>In {{unit}}; the parts add up to the score.</p>
  <div class="scroll"><table>
  <thead><tr><th scope="col" class="n">Image</th>{{#partTitles}}<th scope="col" class="n">{{.}}</th>{{/partTitles}}<th scope="col" class="n">Score</th></tr></thead>
  <tbody>
  {{#rows}}<tr data-image="{{exact}}"><th scope="row" class="n">{{number}}</th>{{#parts}}<td class="n" data-points="{{exact}}">{{points}}</td>{{/parts}}<td class="n">{{value}}</td></tr>
  {{/rows}}</tbody>
  </table></div>
  </section>
  """

private let handsTemplate = """
  <section aria-labelledby="hands-title">
  <h2 id="hands-title">Points of the scored places</h2>
  <div class="hands">{{#hands}}{{{.}}}{{/hands}}</div>
  <p class="remark">● scored for erosion and narrowing, ■ erosion only, ◆ narrowing only. The area of a mark is the size of the points, on one scale for both hands; red marks raise the score, blue ones with a bar lower it, empty ones were not measured. † smaller than a cell of the map: its points cannot be told from those of its surroundings. Drawn as on the radiograph; the wrist is enlarged so that its places have room. Points are of the network’s score, not grades of damage.</p>
  </section>
  """
