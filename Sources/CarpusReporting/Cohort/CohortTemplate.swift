/// The sections of a cohort's page in Mustache: `page` names the others in their order. `{{…}}` escapes for HTML, `{{{…}}}` stands only where the page's
/// own code made the text.
let cohortTemplates: [String: String] = [
  "page": pageOfCohort, "measure": measureOfCohort, "cards": cardsOfCohort, "maps": mapsOfCohort, "questions": questionsOfCohort,
  "agreement": agreementOfCohort, "trust": trustOfCohort, "places": placesOfCohort, "coverings": coveringsOfCohort, "checks": checksOfCohort,
  "comparisons": comparisonsOfCohort, "images": imagesOfCohort, "record": recordOfCohort, "rate": rateOfCohort,
]

private let pageOfCohort = """
  <h1><bdi>{{title}}</bdi></h1>
  <p class="remark">{{modelCount}} {{#isSeveral}}models{{/isSeveral}}{{^isSeveral}}model{{/isSeveral}} on {{images}} radiographs{{#patients}} of {{count}} patients{{/patients}}. <a href="#images-title">To the radiographs</a> · <a href="#record-title">How it was made</a></p>
  <p class="bottom-line">{{bottomLine}}</p>
  {{> cards}}
  {{> maps}}
  {{> questions}}
  {{> agreement}}
  {{> trust}}
  {{> places}}
  {{> coverings}}
  {{> checks}}
  {{> comparisons}}
  {{> images}}
  {{> record}}
  """

private let measureOfCohort = """
  <td class="n" data-exact="{{exact}}">{{value}}{{#interval}} <small>({{lower}} to {{upper}})</small>{{/interval}}</td>
  """

private let rateOfCohort = """
  <b data-exact="{{exact}}">{{share}}</b> of {{images}} radiographs ({{hits}}; 95 % interval {{interval}}; by chance {{chance}}; p {{p}}{{#hasLeftOut}}; {{leftOut}} left out{{/hasLeftOut}})
  """

private let cardsOfCohort = """
  <section aria-label="Verdicts" class="cards">
  {{#cards}}<article class="verdict {{state}}" data-model="{{name}}">
  <p class="head"><span aria-hidden="true">{{mark}}</span> <bdi>{{name}}</bdi>: {{head}}</p>
  <p>{{rest}}</p>
  {{#hasFindings}}<ul class="findings">{{#findings}}<li data-failed="{{rule}}"><span class="mark" aria-hidden="true">✗</span>{{sentence}}</li>{{/findings}}</ul>{{/hasFindings}}
  {{#evidenceChart}}<p class="label">Where the evidence for its scores lies</p>
  {{{.}}}{{/evidenceChart}}
  {{#focused}}<p>More on the scored joints than by chance in {{> rate}}.</p>{{/focused}}
  </article>
  {{/cards}}</section>
  """

private let mapsOfCohort = """
  {{#hasMaps}}<section aria-labelledby="maps-title"><h2 id="maps-title">Mean map on a pair of hands</h2>
  <p class="remark">The maps of all radiographs, brought onto the same drawing by the places of the joints and averaged: red raises the score, blue lowers it. Unit: points on 1 % of the radiograph’s area. Each model has colours of its own: the deepest is the number below it. What lies beside the hands on a radiograph is shown where more than half of the radiographs reach.</p>
  <div class="means">{{#maps}}<figure>{{{pair}}}<figcaption><b><bdi>{{name}}</bdi></b>: deepest colour ± <span data-exact="{{exact}}">{{limit}}</span> points on 1 % of the area</figcaption></figure>
  {{/maps}}</div>
  <details><summary>Left against right, and by the readers’ total</summary>
  <p class="remark">The groups of totals are those of prior damage in a published cohort (doi 10.1093/rheumatology/kev341, figure 3); no scale is generally accepted. They have the colours of the whole; the difference of the hands has its own.</p>
  {{#maps}}<h3><bdi>{{name}}</bdi></h3><div class="means small">{{#bands}}<figure>{{{svg}}}<figcaption>readers’ total: {{title}}</figcaption></figure>{{/bands}}{{#difference}}<figure class="single">{{{svg}}}<figcaption>left less right: deepest colour ± {{limit}}</figcaption></figure>{{/difference}}</div>
  {{/maps}}</details></section>{{/hasMaps}}
  """

private let questionsOfCohort = """
  <section aria-labelledby="questions-title"><h2 id="questions-title">The questions</h2>
  <div class="scroll"><table><caption class="hidden">Each question with the answer for each model</caption><thead><tr><th scope="col">Question</th>{{#names}}<th scope="col" class="n"><bdi>{{name}}</bdi></th>{{/names}}</tr></thead><tbody>
  {{#rules}}<tr data-rule="{{rule}}"><th scope="row">{{question}} <small>{{rule}}</small></th>{{#cells}}<td class="n" data-exact="{{exact}}"><span class="{{result}}">{{mark}} {{result}}</span> {{value}} <small>limit {{limit}}</small></td>{{/cells}}</tr>
  {{/rules}}</tbody></table></div>
  {{#models}}<details><summary>The answers of <bdi>{{name}}</bdi> in full</summary><ul class="findings">{{#verdicts}}<li><span class="mark {{result}}" aria-hidden="true">{{mark}}</span><b>{{rule}}</b>, {{result}}: {{sentence}}</li>{{/verdicts}}</ul></details>
  {{/models}}<p class="remark">The limits are conventions, not findings; Docs/Audit.md says why they are what they are. Several questions about several models are several tests: of twenty honest networks one fails a test at 0.05 by chance.</p></section>
  """

private let agreementOfCohort = """
  {{#hasAgreement}}<section aria-labelledby="agreement-title"><h2 id="agreement-title">Scores beside the readers’</h2>
  <div class="scroll"><table><caption class="hidden">Agreement with 95 % intervals</caption><thead><tr><th scope="col">Statistic</th>{{#names}}<th scope="col" class="n"><bdi>{{name}}</bdi></th>{{/names}}</tr></thead><tbody>
  {{#statistics}}<tr><th scope="row">{{title}} {{#unit}}<span class="unit">{{.}}</span>{{/unit}}</th>{{#cells}}{{> measure}}{{/cells}}</tr>
  {{/statistics}}</tbody></table></div>
  <p class="remark">With 95 % intervals: patients are drawn again with replacement, each with all of his radiographs.</p></section>{{/hasAgreement}}
  """

private let trustOfCohort = """
  <section aria-labelledby="trust-title"><h2 id="trust-title">Right, and for reasons that can be seen?</h2>
  <div class="pairs">{{#models}}<div class="part">
  <table class="quadrants"><caption><bdi>{{name}}</bdi></caption><thead><tr><td></td><th scope="col">focus on the joints</th><th scope="col">no such focus</th></tr></thead><tbody>
  {{#trust}}<tr><th scope="row">error at most {{tolerance}} points</th><td><b>{{trustworthy}}</b> trustworthy</td><td><b>{{deceptive}}</b> deceptive</td></tr>
  <tr><th scope="row">larger error</th><td><b>{{mistaken}}</b> mistaken</td><td><b>{{unreliable}}</b> unreliable</td></tr>{{/trust}}</tbody></table>
  {{#trust}}{{#hasLeftOut}}<p class="remark">{{leftOut}} radiographs lack a reader’s total or a chance level.</p>{{/hasLeftOut}}{{/trust}}
  {{#peaks}}<p class="remark">The highest cell lies on the scored joints in {{> rate}}.</p>{{/peaks}}
  {{#damage}}<p class="remark">Damaged joints hold <b data-exact="{{difference.exact}}">{{difference.value}}</b>{{#difference}}{{#interval}} ({{lower}} to {{upper}}){{/interval}}{{/difference}} points more than undamaged ones of the same radiograph: {{images}} radiographs, p {{p}}; {{leftOut}} have no damaged and undamaged joints side by side.</p>{{/damage}}
  </div>{{/models}}</div>
  <p class="remark">Focus: the scored joints hold more of the positive evidence of this radiograph than the same shapes moved within the hand (p at most 0.05). Deceptive: right for reasons that are not to be seen.</p></section>
  """

private let placesOfCohort = """
  <section aria-labelledby="places-title"><h2 id="places-title">Joint by joint</h2>
  <p class="remark">How much of the positive evidence each scored joint holds, for its area, with 95 % intervals; what the same shape holds elsewhere in the hand is its chance level. Filled marks lie above chance with their whole interval. † smaller than the map’s cells: what it holds is also its neighbours’.</p>
  <div class="pairs">{{#models}}{{#methods}}<figure class="part">{{#hasChart}}<figcaption><b><bdi>{{modelName}}</bdi></b>, {{name}}</figcaption>{{{chart}}}{{/hasChart}}
  {{#hasUnresolvable}}<p class="remark">Not to be told apart from their surroundings by these maps: {{unresolvable}}.</p>{{/hasUnresolvable}}
  {{#hasWithout}}<p class="remark">{{withoutEvidence}} maps have no positive evidence anywhere.</p>{{/hasWithout}}</figure>{{/methods}}{{/models}}</div>
  {{#models}}{{#methods}}<details class="long"><summary>All places of <bdi>{{modelName}}</bdi>, {{name}}</summary>
  <dl>{{#numbers}}<dt>{{title}}</dt><dd data-exact="{{exact}}">{{value}}</dd>{{/numbers}}</dl>
  {{#measures}}<table><thead><tr><th scope="col">Agreement</th><th scope="col" class="n">mean</th></tr></thead><tbody><tr><th scope="row">{{title}}</th>{{#cell}}{{> measure}}{{/cell}}</tr></tbody></table>{{/measures}}
  <div class="scroll"><table class="regions"><caption class="hidden">Places, with enrichment and chance level</caption><thead><tr><th scope="col">Place</th><th scope="col" class="n">images</th><th scope="col" class="n">enrichment, 95 % interval</th><th scope="col" class="n">chance</th><th scope="col" class="n">p</th><th scope="col" class="n">p, Holm</th><th scope="col" class="n">points</th><th scope="col" class="n">share of evidence</th><th scope="col" class="n">share of area</th><th scope="col" class="n">maps without evidence</th></tr></thead><tbody>
  {{#places}}<tr data-place="{{id}}"><th scope="row">{{title}}{{#isUnresolvable}} †{{/isUnresolvable}}</th><td class="n">{{images}}</td>{{#enrichment}}{{> measure}}{{/enrichment}}<td class="n" data-exact="{{chanceExact}}">{{chance}}{{#deviation}} ± {{value}}{{/deviation}} <small>{{chanceBy}}</small></td><td class="n">{{p}}</td><td class="n">{{adjusted}}</td><td class="n" data-exact="{{pointsExact}}">{{points}}</td><td class="n" data-share="{{massExact}}">{{mass}}</td><td class="n">{{area}}</td><td class="n">{{without}}</td></tr>
  {{/places}}</tbody></table></div></details>{{/methods}}
  {{/models}}</section>
  """

private let coveringsOfCohort = """
  <section aria-labelledby="coverings-title"><h2 id="coverings-title">What happens when a part is covered</h2>
  <p class="remark">The part is painted over with its surroundings and the radiograph is scored again. Mean size of the change in points, with 95 % interval. Covering the scored joints should matter; covering anything else should not.</p>
  <div class="pairs">{{#models}}{{#hasCoverings}}<div class="part"><h3><bdi>{{name}}</bdi></h3>{{{coveringChart}}}
  <div class="scroll"><table><caption class="hidden">Covered parts of the radiographs</caption><thead><tr><th scope="col">Covered</th><th scope="col" class="n">images</th><th scope="col" class="n">mean size of the change</th><th scope="col" class="n">mean change</th></tr></thead><tbody>
  {{#coverings}}<tr data-covering="{{key}}"><th scope="row">{{id}}</th><td class="n">{{images}}</td>{{#size}}{{> measure}}{{/size}}{{#change}}{{> measure}}{{/change}}</tr>
  {{/coverings}}</tbody></table></div></div>{{/hasCoverings}}{{/models}}</div></section>
  """

private let checksOfCohort = """
  <section aria-labelledby="checks-title"><h2 id="checks-title">Can the maps be trusted?</h2>
  <div class="pairs">{{#models}}<div class="part"><h3><bdi>{{name}}</bdi></h3>
  {{#hasChecks}}<div class="scroll"><table><caption class="hidden">Checks of the maps</caption><thead><tr><th scope="col">Check</th><th scope="col" class="n">value</th><th scope="col" class="n">images</th><th scope="col">What it says</th></tr></thead><tbody>
  {{#checks}}<tr data-check="{{name}}"><th scope="row">{{name}}{{#hasMember}}, <bdi>{{member}}</bdi>{{/hasMember}}</th><td class="n" data-exact="{{exact}}">{{value}}</td><td class="n">{{images}}</td><td>{{sentence}}.</td></tr>
  {{/checks}}</tbody></table></div>{{/hasChecks}}{{^hasChecks}}<p>No checks of its maps were made.</p>{{/hasChecks}}
  <p class="remark">The parts of each score add up to it but for <span data-exact="{{residualExact}}">{{residual}}</span> points (mean size of what is left).</p></div>{{/models}}</div></section>
  """

private let comparisonsOfCohort = """
  {{#hasComparisons}}<section aria-labelledby="comparisons-title"><h2 id="comparisons-title">Do the models agree with one another?</h2>
  {{#hasPairs}}<div class="scroll"><table><caption class="hidden">Pairs of models</caption><thead><tr><th scope="col">Models</th><th scope="col" class="n">images</th><th scope="col" class="n">maps: rank correlation of the joints’ points</th><th scope="col" class="n">of the cells</th><th scope="col" class="n">scores: first less second, points</th><th scope="col" class="n">mean distance, points</th></tr></thead><tbody>
  {{#comparisons}}<tr><th scope="row"><bdi>{{first}}</bdi> and <bdi>{{second}}</bdi></th><td class="n">{{images}}</td>{{#places}}{{> measure}}{{/places}}{{#cells}}{{> measure}}{{/cells}}{{#difference}}{{> measure}}{{/difference}}{{#distance}}{{> measure}}{{/distance}}</tr>
  {{/comparisons}}</tbody></table></div>{{/hasPairs}}
  {{#memberRows}}<p>The members of <bdi>{{name}}</bdi> agree: mean rank correlation of their maps, pair by pair, <b data-exact="{{exact}}">{{value}}</b>{{#interval}} ({{lower}} to {{upper}}){{/interval}}.</p>{{/memberRows}}
  <p class="remark">Means over radiographs with 95 % intervals. Cells are compared where both maps have the same.</p></section>{{/hasComparisons}}
  """

private let imagesOfCohort = """
  <section aria-labelledby="images-title"><h2 id="images-title">The radiographs, outliers first</h2>
  <p class="remark">First those that are right for reasons that are not to be seen (deceptive), then by the size of the error. One row for each radiograph and model: {{rowCount}} rows{{#hasMore}}; without script the first {{shownCount}}, and all of them in images.csv{{/hasMore}}.{{#hasPages}} {{pageCount}} have a page of their own.{{/hasPages}}</p>
  <div class="controls scripted filters"><label>Find <input type="search" id="find" autocomplete="off"></label> <label>Model <select id="choose-model"><option value="">all</option></select></label> <label>Kind <select id="choose-kind"><option value="">all</option></select></label> <span id="found" role="status"></span></div>
  <div class="rows" id="rows" tabindex="0" role="region" aria-label="Table of radiographs"><table><caption class="hidden">Radiographs and models</caption><thead><tr><th scope="col" data-key="file">Radiograph</th><th scope="col" data-key="kind">Kind</th><th scope="col" data-key="model">Model</th><th scope="col" data-key="patient">Patient</th><th scope="col" data-key="visit">Visit</th><th scope="col" class="n" data-key="total">Readers</th><th scope="col" class="n" data-key="score">Score</th><th scope="col" class="n" data-key="error">Error</th><th scope="col" data-key="class">Class</th><th scope="col" class="n" data-key="enrichment">Joints: enrichment</th><th scope="col" class="n" data-key="chance">chance</th><th scope="col" class="n" data-key="p">p</th><th scope="col" class="n" data-key="sites">On joints</th><th scope="col" class="n" data-key="confounders">On markers</th><th scope="col" class="n" data-key="background">On background</th></tr></thead><tbody>
  {{#imageRows}}<tr><th scope="row">{{#page}}<a href="{{.}}">{{/page}}<bdi>{{file}}</bdi>{{#page}}</a>{{/page}}</th><td{{#isDeceptive}} class="failed"{{/isDeceptive}}>{{kind}}</td><td><bdi>{{model}}</bdi></td><td><bdi>{{patient}}</bdi></td><td><bdi>{{visit}}</bdi></td><td class="n">{{total}}</td><td class="n" data-exact="{{scoreExact}}">{{score}}</td><td class="n">{{error}}</td><td><bdi>{{class}}</bdi></td><td class="n">{{enrichment}}</td><td class="n">{{chance}}</td><td class="n">{{p}}</td><td class="n">{{sites}}</td><td class="n">{{confounders}}</td><td class="n">{{background}}</td></tr>
  {{/imageRows}}</tbody></table></div></section>
  """

private let recordOfCohort = """
  <section aria-labelledby="record-title"><h2 id="record-title">How it was made</h2>
  <dl class="provenance">{{#models}}<dt>model <bdi>{{name}}</bdi></dt><dd><bdi>{{file}}</bdi><br>SHA-256 {{sha256}}<br>card {{card}}</dd>{{/models}}{{#settings}}<dt>{{name}}</dt><dd><bdi>{{value}}</bdi></dd>{{/settings}}</dl>
  <p class="remark">Every number is also in summary.json, images.csv, regions.csv and audit.sqlite beside this page; <code>carpus verify</code> compares them, <code>carpus report</code> writes this page again.</p></section>
  """
