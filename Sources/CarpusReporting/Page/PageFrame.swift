import Mustache

/// What all pages have in common: one file for a browser, without network, that shows all numbers also without script and in print.
///
/// The policy admits the pages' one style sheet, the scripts by their hashes, pictures as data, and nothing else.
struct PageFrame {
  /// Of the browser's window.
  var title: String
  /// Beside the name of the software: what kind of page this is.
  var subtitle: String
  /// Everything that the page shows, for programs: the text of a JSON value, as `JSONText` writes it.
  var json: String
  /// The page's own script, which may use `page` of `pageScript`, and its SHA-256 in Base64.
  var script: (text: String, hash: String)

  /// The whole page.
  ///
  /// - Parameter body: what stands between header and footer, rendered and escaped.
  func html(body: String) -> String {
    Self.templates.render(
      [
        "policy": policy, "style": pageStyle, "title": title, "subtitle": subtitle, "notice": ExplanationReport.notice, "body": body, "json": json,
        "pageScript": pageScript, "script": script.text,
      ], withTemplate: "frame") ?? ""
  }

  private var policy: String {
    [
      "default-src 'none'", "img-src data:", "style-src '\(pageStyleHash)'", "script-src '\(pageScriptHash)' '\(script.hash)'", "base-uri 'none'",
      "form-action 'none'",
    ].joined(separator: "; ")
  }

  /// Templates by name, each of which may use the others as partials.
  ///
  /// - Precondition: they are well-formed; they are part of this software.
  static func library(_ templates: [String: String]) -> MustacheLibrary {
    do { return MustacheLibrary(templates: try templates.mapValues { try MustacheTemplate(string: $0) }) } catch {
      preconditionFailure("a template of a page is wrong: \(error)")
    }
  }

  private static let templates = library(["frame": frameTemplate])
}

/// A number with the minus sign of typography.
func readable(_ number: String) -> String { number.hasPrefix("-") ? "−" + number.dropFirst() : number }

/// `{{…}}` escapes for HTML, `{{{…}}}` stands only where the page's own code made the text.
private let frameTemplate = """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="{{policy}}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="referrer" content="no-referrer">
  <title>{{title}} · Carpus</title>
  <style>{{{style}}}</style>
  </head>
  <body>
  <a class="skip" href="#main">To the content</a>
  <header class="top"><p class="brand"><b>Carpus</b> {{subtitle}}</p><p class="notice"><strong>Research use, not for diagnosis.</strong> {{notice}}</p></header>
  <main id="main">
  {{{body}}}
  </main>
  <footer><p>{{notice}}</p><output id="selftest"></output></footer>
  <script type="application/json" id="data">{{{json}}}</script>
  <script>{{{pageScript}}}</script>
  <script>{{{script}}}</script>
  </body>
  </html>

  """
