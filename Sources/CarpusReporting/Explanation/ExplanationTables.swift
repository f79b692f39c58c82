/// Templates of the page's tables, and of what stands at its end.
let headingsTemplate = """
  <thead><tr><th scope="col" class="n">#</th><th scope="col">Region</th><th scope="col">Side</th><th scope="col" class="n">{{unit}}</th><td class="spark"><span class="hidden">Bar</span></td><th scope="col" class="n">Positive</th><th scope="col" class="n">Negative</th>{{#hasCovering}}<th scope="col" class="n">Lost when covered</th>{{/hasCovering}}<th scope="col" class="n">Mass</th><th scope="col" class="n">Area share</th><th scope="col" class="n">Enrichment</th>{{#hasChance}}<th scope="col" class="n">by chance</th><th scope="col" class="n">p</th><th scope="col" class="n">p, Holm</th>{{/hasChance}}<th scope="col" class="n">Ceiling</th><th scope="col">Peak</th><th scope="col" class="n">Rank accuracy</th><th scope="col" class="n">AUC</th><th scope="col" class="n">Pixels</th></tr></thead>
  """

let numbersTemplate = """
  <td class="n">{{points}}</td><td class="spark">{{#bar}}<svg viewBox="0 0 90 12" aria-hidden="true"><rect class="negative" x="{{negativeX}}" y="1" width="{{negativeWidth}}" height="10"/><rect class="positive" x="{{zero}}" y="1" width="{{positiveWidth}}" height="10"/><line x1="{{zero}}" x2="{{zero}}" y1="0" y2="12"/></svg>{{/bar}}</td><td class="n">{{positive}}</td><td class="n">{{negative}}</td>{{#hasCovering}}<td class="n">{{covered}}</td>{{/hasCovering}}<td class="n">{{mass}}</td><td class="n">{{areaShare}}</td><td class="n">{{enrichment}}</td>{{#hasChance}}<td class="n">{{chance}}</td><td class="n">{{p}}</td><td class="n">{{adjustedP}}</td>{{/hasChance}}<td class="n">{{ceiling}}</td><td>{{peakInside}}</td><td class="n">{{rankAccuracy}}</td><td class="n">{{auc}}</td><td class="n">{{pixels}}</td>
  """

let rowTemplate = """
  <tr id="row-{{number}}" data-number="{{number}}" data-region="{{id}}" data-points="{{exact}}"><td class="n">{{#isOutlined}}<a href="#region-{{number}}" aria-label="Show region {{number}} on the picture">{{number}}</a>{{/isOutlined}}{{^isOutlined}}{{number}}{{/isOutlined}}</td><th scope="row"><bdi>{{name}}</bdi>{{#suspect}} <small>(no part of the hand)</small>{{/suspect}}{{#unresolvable}} <small>{{.}}</small>{{/unresolvable}}</th><td>{{side}}</td>{{> numbers}}</tr>
  """

let regionsTemplate = """
  <section aria-labelledby="regions-title">
  <h2 id="regions-title">Regions</h2>
  <div class="scroll"><table class="regions">
  {{> headings}}
  <tbody class="overall">
  {{#overall}}<tr data-group="{{id}}" data-points="{{exact}}"><th scope="row" colspan="3">{{name}}</th>{{> numbers}}</tr>
  {{/overall}}</tbody>
  <tbody>
  {{#rows}}{{> row}}
  {{/rows}}</tbody>
  </table></div>
  {{#hasOthers}}<details><summary>Bones and zones ({{otherCount}})</summary>
  <div class="scroll"><table class="regions">
  {{> headings}}
  <tbody>
  {{#others}}{{> row}}
  {{/others}}</tbody>
  </table></div></details>{{/hasOthers}}
  {{#withoutMass}}<p><strong>The map has no positive evidence on the radiograph</strong>: mass and enrichment do not exist (–).</p>{{/withoutMass}}
  {{#hasUnresolvable}}<p>† No map of this grid could put half of its evidence into these regions: what is said of them cannot be told from their surroundings.</p>{{/hasUnresolvable}}
  <p class="remark">Regions from <bdi><code>{{source}}</code></bdi>, ordered by the size of their points. <b>{{unit}}</b>: sum of the map in the region, positive and negative evidence apart beside it. <b>Mass</b>: share of the positive evidence; <b>area share</b>: what a uniform map would give; <b>enrichment</b>: mass over area share, 1 for a uniform map.{{#hasChance}} <b>By chance</b>: the enrichment of places drawn at random within the same hand, mean and standard deviation; <b>p</b>: the share of them at least as high, one-sided; Holm’s correction is for {{testCount}} regions.{{/hasChance}}{{#hasCovering}} <b>Lost when covered</b>: score less the score with the region covered.{{/hasCovering}} <b>Ceiling</b>: the largest mass that any map of this grid could give the region. <b>Peak</b>: the highest cell touches the region. <b>Rank accuracy</b>: share of the highest cells, as many as the region is large, that lies in it; by chance the area share. <b>AUC</b>: 0.5 by chance. Regions may overlap, so their rows do not add up. A dash: the number does not exist.</p>
  </section>
  """

let coveringTemplate = """
  <section aria-labelledby="covering-title">
  <h2 id="covering-title">Does it matter? Covering one part after the other</h2>
  <div class="columns">
  <div class="wide">{{{bars}}}</div>
  {{#picture}}<div class="gallery wide">{{#pairs}}<figure><svg class="picture" viewBox="0 0 {{width}} {{height}}" role="img" aria-label="{{title}}, each part in the colour of its number"><use href="#film"/>{{#shapes}}<use class="line" href="#shape-{{number}}"/><use href="#shape-{{number}}" fill="{{color}}" fill-opacity="{{opacity}}"/>{{/shapes}}</svg>
  <figcaption><b>{{title}}</b>, colours to ±{{limit}} {{unit}}</figcaption></figure>{{/pairs}}</div>{{/picture}}
  </div>
  <p class="remark">{{rule}} The score of the radiograph as it is: {{score}} {{unit}}. A positive number: the score falls when the part is covered.{{#agreement}} Rank agreement with the map over the sites: <b data-agreement="{{exact}}">ρ = {{value}}</b>.{{/agreement}} Two parts that say the same stand in for each other, and covering either changes nothing; nothing that is covered is without a trace. The {{shown}} largest of {{count}} are drawn as bars, the table has all.</p>
  <details><summary>All covered parts ({{count}})</summary><div class="scroll"><table>
  <thead><tr><th scope="col">Covered</th><th scope="col">Side</th><th scope="col" class="n">Lost when covered</th><th scope="col" class="n">On the map</th><th scope="col" class="n">Score then</th><th scope="col" class="n">Pixels</th></tr></thead>
  <tbody>
  {{#rows}}<tr data-covered="{{exact}}"{{#number}} data-number="{{.}}"{{/number}}><th scope="row"><bdi>{{title}}</bdi>{{#isConfounder}} <small>(no part of the hand)</small>{{/isConfounder}}</th><td>{{side}}</td><td class="n">{{difference}}</td><td class="n">{{points}}</td><td class="n">{{score}}</td><td class="n">{{pixels}}</td></tr>
  {{/rows}}</tbody>
  </table></div></details>
  </section>
  """

let mapsTemplate = """
  <section aria-labelledby="maps-title">
  <h2 id="maps-title">{{#hasMembers}}The members’ maps side by side{{/hasMembers}}{{^hasMembers}}Methods and layers side by side{{/hasMembers}}</h2>
  <div class="gallery">
  {{#figures}}<figure><svg class="picture" viewBox="0 0 {{width}} {{height}}" role="img" aria-label="{{title}}: the map on the radiograph"><use href="#film"/><image width="{{width}}" height="{{height}}" preserveAspectRatio="none" href="{{{map}}}"/></svg>
  <figcaption><b><bdi>{{title}}</bdi></b>{{#note}} <span class="quiet">{{.}}</span>{{/note}}<br><bdi><code>{{layer}}</code></bdi>, {{grid}} cells, colours to ±{{limit}} {{unit}} per cell</figcaption></figure>
  {{/figures}}</div>
  <div class="scroll"><table>
  <thead><tr><th scope="col">Map</th><th scope="col">Layer</th><th scope="col">Cells</th><th scope="col" class="n">Sum, {{unit}}</th><th scope="col" class="n">Lowest cell</th><th scope="col" class="n">Highest cell</th><th scope="col" class="n">Mass on scored places</th><th scope="col" class="n">Enrichment there</th><th scope="col" class="n">Mass on markers and the like</th><th scope="col" class="n">Agreement with this page’s map, ρ</th></tr></thead>
  <tbody>
  {{#figures}}<tr data-sum="{{sumExact}}"><th scope="row"><bdi>{{title}}</bdi></th><td><bdi><code>{{layer}}</code></bdi></td><td>{{grid}}</td><td class="n">{{sum}}</td><td class="n">{{minimum}}</td><td class="n">{{maximum}}</td><td class="n">{{sites}}</td><td class="n">{{sitesEnrichment}}</td><td class="n">{{confounders}}</td><td class="n">{{agreement}}</td></tr>
  {{/figures}}</tbody>
  </table></div>
  <p class="remark">Each picture has its own scale. Agreement is Spearman’s correlation of the regions’ points. Where maps of the same score disagree, none of them is proof.</p>
  </section>
  """

let membersTemplate = """
  <section aria-labelledby="members-title">
  <h2 id="members-title">Members of the ensemble</h2>
  <div class="scroll"><table>
  <thead><tr><th scope="col">Member</th><th scope="col" class="n">Score</th><th scope="col" class="n">Weight</th><th scope="col" class="n">Share of the score</th><th scope="col" class="n">Intercept</th><th scope="col" class="n">Map</th><th scope="col">Cells</th><th scope="col">Layer</th></tr></thead>
  <tbody>
  {{#rows}}<tr><th scope="row"><bdi>{{name}}</bdi></th><td class="n">{{score}}</td><td class="n">{{weight}}</td><td class="n">{{share}}</td><td class="n">{{intercept}}</td><td class="n">{{map}}</td><td>{{grid}}</td><td><bdi><code>{{layer}}</code></bdi></td></tr>
  {{/rows}}</tbody>
  </table></div>
  <p class="remark">In {{unit}}. The map of this page is the sum of the members’ maps, each times its weight, spread over a common grid in proportion to area, so that no point is lost.</p>
  </section>
  """

let inputsTemplate = """
  <section aria-labelledby="inputs-title">
  <h2 id="inputs-title">How the radiograph became the network’s input</h2>
  {{#inputs}}<h3><bdi><code>{{model}}</code></bdi></h3>
  <div class="columns">
  <div><svg width="{{shownWidth}}" height="{{shownHeight}}" viewBox="0 0 {{width}} {{height}}" role="img" aria-label="The tensor that the network was given"><image class="input pixels" width="{{width}}" height="{{height}}" href="{{{address}}}"/></svg>
  <p class="remark">The tensor {{shape}} that the network was given: black is {{black}}, white is {{white}}.{{#mirrored}} Left and right have changed places.{{/mirrored}}</p></div>
  <div><ol>
  {{#steps}}<li>{{.}}</li>
  {{/steps}}</ol>
  {{^card}}<p><strong>No model card says so</strong>: options and assumptions.</p>{{/card}}</div>
  {{#card}}<div><p>Model card <bdi><code>{{file}}</code></bdi>:</p>
  <dl class="provenance">
  {{#entries}}<dt>{{key}}</dt><dd><bdi>{{value}}</bdi></dd>
  {{/entries}}</dl></div>{{/card}}
  </div>
  {{/inputs}}
  {{#geometry}}<details><summary>Geometry of radiograph, map and regions</summary>
  <dl>
  <dt>Radiograph</dt><dd>{{radiograph}}</dd><dt>Grid that the map covers</dt><dd>{{input}}</dd><dt>Where the radiograph lies on it (x, y, width, height)</dt><dd>{{content}}</dd>
  <dt>From the radiograph to it</dt><dd>x · {{scaleX}} + {{offsetX}}, y · {{scaleY}} + {{offsetY}}</dd>
  </dl>
  {{#hasBounds}}<div class="scroll"><table><thead><tr><th scope="col">Region</th><th scope="col">Side</th><th scope="col" class="n">x</th><th scope="col" class="n">y</th><th scope="col" class="n">width</th><th scope="col" class="n">height</th><th scope="col">Resolution of the map</th></tr></thead>
  <tbody>
  {{#bounds}}<tr data-bounds="{{id}}"><th scope="row"><bdi>{{name}}</bdi></th><td>{{side}}</td>{{#numbers}}<td class="n">{{.}}</td>{{/numbers}}<td>{{resolution}}</td></tr>
  {{/bounds}}</tbody></table></div>{{/hasBounds}}
  </details>{{/geometry}}
  </section>
  """

let recordTemplate = """
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
  <h2 id="checks-title">Checks of the map</h2>
  <div class="scroll"><table class="checks">
  <thead><tr><th scope="col">Check</th><th scope="col">Result</th><th scope="col" class="n">Value</th><th scope="col" class="n">Limit</th><th scope="col">What it says</th></tr></thead>
  <tbody>
  {{#checks}}<tr data-check="{{exact}}"><th scope="row"><bdi>{{name}}</bdi></th><td class="{{result}}">{{mark}} {{result}}</td><td class="n">{{value}}</td><td class="n">{{limit}}</td><td><bdi>{{sentence}}</bdi></td></tr>
  {{/checks}}</tbody>
  </table></div>
  </section>
  {{/hasChecks}}
  <section aria-labelledby="method-title">
  <h2 id="method-title">Method, and how to make this page again</h2>
  <p><b>{{methodTitle}}</b> (<code>{{method}}</code>): {{methodCitation}}. The map has {{gridHeight}}×{{gridWidth}} cells, raw and signed, in {{unit}} of the score: nothing was rectified, normalised or enlarged before it was measured. Layer <bdi><code>{{layer}}</code></bdi> with {{channels}} channels; {{#complete}}everything that leads from the input to the score passes through it.{{/complete}}{{^complete}}<strong>a part of the network bypasses it, and the map does not show that part.</strong>{{/complete}}</p>
  {{#slopes}}<p>Slope of the score with respect to what the last activation function was given: {{.}} (1 without such a function).</p>{{/slopes}}
  {{#commands}}<pre><code>{{.}}</code></pre>{{/commands}}
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
  <li>A map is not proof of reasoning. It says how this network’s arithmetic distributes the score over a coarse grid, not why, and not that the score is right.</li>
  <li>A cell of the map sees more of the radiograph than its own square: points in a region may come from its surroundings.</li>
  <li>Use of a marker, border or device is shown only by covering it and scoring again.</li>
  <li>Enrichment above 1 does not show damage in a joint, and one radiograph says nothing about a cohort.</li>
  <li>The score describes the level of damage that the network gives; it does not measure a patient’s change from one visit to the next.</li>
  </ul>
  </section>
  """
