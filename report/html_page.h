#pragma once

#include <string>
#include <vector>

namespace pushbench::report {

/// A text that a page carries along, in a script element that is not run.
struct Embedded {
  std::string id;
  std::string json;  // of script_json() or script_text()
};

/// A part of a page under a heading of its own.
struct HtmlSection {
  std::string id;
  std::string word;     // for it in the list of contents
  std::string heading;  // plain
  std::string inner;    // HTML; a section without is left out
};

std::string html_sections(const std::vector<HtmlSection>& sections);
std::string html_contents(const std::vector<HtmlSection>& sections);

/// A report's page. `header` and `main` are HTML, the title is plain.
struct HtmlPage {
  std::string title;
  std::string header;
  std::string main;
  std::string footer;
  std::string charts;  // chart_data()
  std::vector<Embedded> embedded;
};

/// The page as one file that needs nothing else: no address in it leads outside, and its policy
/// lets no script run but its own.
std::string html_page(const HtmlPage& page);

/// What stands before an embedded text; it ends with the element.
std::string embedded_start(const std::string& id);
inline constexpr const char* kEmbeddedEnd = "</script>";

/// By which a report is known.
inline constexpr const char* kReportMark =
    "<meta name=\"generator\" content=\"pushbench report 1\">";
inline constexpr const char* kPageEnd = "</html>\n";

}  // namespace pushbench::report
