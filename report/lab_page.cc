#include "report/lab_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "report/html_table.h"
#include "report/html_text.h"
#include "report/web_assets.h"

namespace pushbench::report {

namespace {

constexpr const char* kNone = "–";

constexpr const char* kHead = R"(<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="pushbench lab 1">
<title>{title}</title>
<style>{style}{own}</style>
</head>
<body>
)";

// A prediction is hatched, theory outlined, what was measured solid with the interval's whisker.
constexpr const char* kStyle = R"(
.bars{display:grid;grid-template-columns:max-content 1fr max-content;gap:.35rem .75rem;align-items:center;margin:0 0 .75rem}
.track{position:relative;height:1.5rem;border-left:2px solid var(--ink-soft)}
.bar{display:block;height:100%;min-width:2px;border:2px solid var(--accent);border-left:0}
.bar.predicted{border-color:var(--polling);background:repeating-linear-gradient(45deg,var(--polling) 0 2px,transparent 2px 7px)}
.bar.theory{border-style:dashed;border-color:var(--ink)}
.bar.measured{background:var(--accent)}
.whisker{position:absolute;margin-left:-2px;top:.2rem;bottom:.2rem;min-width:2px;border:solid var(--ink);border-width:0 2px;background:linear-gradient(var(--ink),var(--ink)) center/100% 2px no-repeat}
.value{text-align:right}
@media print{.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

/// A number and its sign stay together.
std::string unbroken(std::string text) {
  constexpr std::string_view kBreaking = " %";
  for (std::size_t at = text.find(kBreaking); at != std::string::npos; at = text.find(kBreaking)) {
    text.replace(at, 1, "\u00a0");
  }
  return text;
}

double percent_of(double value, const RevealedQuestion& row) {
  return std::clamp(value / scale_of(row) * 100, 0.0, 100.0);
}

std::string bar(LabWord word, std::string_view kind, const RevealedQuestion& row,
                const std::optional<double>& value, Language language) {
  const std::string name = say(language, word);
  if (!value) {
    return fmt::format("<span>{}</span><span></span><span class=\"value\">{}</span>\n", html(name),
                       kNone);
  }
  std::string whisker;
  if (word == LabWord::measured && row.repetitions > 1) {
    const double low = percent_of(row.measured->low, row);
    whisker = fmt::format("<span class=\"whisker\" style=\"left:{:.2f}%;width:{:.2f}%\"></span>",
                          low, percent_of(row.measured->high, row) - low);
  }
  return fmt::format(
      "<span>{}</span><span class=\"track\" aria-hidden=\"true\"><span class=\"bar {}\" "
      "style=\"width:{:.2f}%\"></span>{}</span><span class=\"value\">{}</span>\n",
      html(name), kind, percent_of(*value, row), whisker,
      html(quantity_text(row.question->figure.dimension, *value, language)));
}

std::string question_part(std::size_t number, const RevealedQuestion& row, Language language) {
  std::string out = fmt::format("<section>\n<h2>{}. {}</h2>\n<div class=\"bars\">\n", number,
                                html(in_language(row.question->ask, language)));
  out += bar(LabWord::predicted, "predicted", row, row.predicted, language);
  out += bar(LabWord::theory, "theory", row, row.theory, language);
  out += bar(LabWord::measured, "measured", row, row.median(), language);
  return out + fmt::format("</div>\n<p>{}</p>\n</section>\n",
                           html(unbroken(verdict_text(row, language))));
}

HtmlCell cell_of(const RevealedQuestion& row, const std::optional<double>& value,
                 Language language) {
  if (!value) return {kNone};
  return {quantity_text(row.question->figure.dimension, *value, language)};
}

HtmlTable table_of(const Reveal& reveal) {
  const Language language = reveal.language;
  HtmlTable table{
      say(language, LabWord::page_caption), {say(language, LabWord::questions_head)}, {}};
  for (const LabWord word : {LabWord::predicted, LabWord::theory, LabWord::measured}) {
    table.columns.push_back(say(language, word));
  }
  for (const RevealedQuestion& row : reveal.questions) {
    HtmlCell measured = cell_of(row, row.median(), language);
    measured.range = interval_text(row, language);
    table.rows.push_back(
        {row.question->id,
         {cell_of(row, row.predicted, language), cell_of(row, row.theory, language), measured},
         in_language(row.question->ask, language)});
  }
  return table;
}

}  // namespace

std::string lab_page(const Reveal& reveal) {
  const Language language = reveal.language;
  const harness::Lab& lab = *reveal.lab;
  const std::string title =
      say(language, LabWord::title, lab.number, in_language(lab.title, language));
  std::string out =
      fmt::format(kHead, fmt::arg("language", name_of(language)), fmt::arg("title", html(title)),
                  fmt::arg("style", report_style()), fmt::arg("own", kStyle));
  out += fmt::format("<header>\n<p class=\"kind\">{}</p>\n<h1>{}</h1>\n",
                     html(say(language, LabWord::page_kind)), html(title));
  out += fmt::format("<p class=\"facts-line\">{}</p>\n", html(prediction_line(reveal)));
  for (const std::string& line : reveal.sources) {
    out += fmt::format("<p class=\"facts-line\">{}</p>\n", html(line));
  }
  out += "</header>\n<main>\n" + restacking_table(table_of(reveal));
  std::size_t number = 0;
  for (const RevealedQuestion& row : reveal.questions) {
    out += question_part(++number, row, language);
  }
  return out + fmt::format("</main>\n<footer>\n<p>{}</p>\n</footer>\n</body>\n</html>\n",
                           html(say(language, LabWord::page_foot)));
}

}  // namespace pushbench::report
