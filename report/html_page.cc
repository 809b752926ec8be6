#include "report/html_page.h"

#include <fmt/format.h>

#include "report/html_text.h"
#include "report/web_assets.h"

namespace pushbench::report {

namespace {

// Images and blobs are for what a picture is saved through.
constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '{hash}'; img-src data: blob:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{mark}
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
)";

std::string embedded_text(const std::string& id, const std::string& json) {
  return embedded_start(id) + json + kEmbeddedEnd + "\n";
}

}  // namespace

std::string html_sections(const std::vector<HtmlSection>& sections) {
  std::string out;
  for (const HtmlSection& section : sections) {
    if (section.inner.empty()) continue;
    out +=
        fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n",
                    section.id, html(section.heading), section.inner);
  }
  return out;
}

std::string html_contents(const std::vector<HtmlSection>& sections) {
  std::string out = "<nav aria-label=\"Contents\"><ul>\n";
  for (const HtmlSection& section : sections) {
    if (section.inner.empty()) continue;
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, html(section.word));
  }
  return out + "</ul></nav>\n";
}

std::string embedded_start(const std::string& id) {
  return fmt::format("<script type=\"application/json\" id=\"{}\">", id);
}

std::string html_page(const HtmlPage& page) {
  std::string out =
      fmt::format(kHead, fmt::arg("hash", report_script_hash()), fmt::arg("mark", kReportMark),
                  fmt::arg("title", html(page.title)), fmt::arg("style", report_style()));
  out += fmt::format("<header>\n{}</header>\n<main id=\"main\" tabindex=\"-1\">\n{}</main>\n",
                     page.header, page.main);
  out += fmt::format("<footer>\n{}</footer>\n", page.footer);
  out += embedded_text("charts", script_json(page.charts));
  for (const Embedded& embedded : page.embedded) out += embedded_text(embedded.id, embedded.json);
  out += fmt::format("<script>{}</script>\n</body>\n", report_script());
  return out + kPageEnd;
}

}  // namespace pushbench::report
