#include "report/html_extract.h"

#include <optional>
#include <string_view>

#include "report/html_page.h"
#include "report/html_text.h"

namespace pushbench::report {

namespace {

/// The text of one of the page's elements, as it stands there. Nothing else in the page can hold
/// the tag: all other texts are escaped.
std::optional<std::string_view> embedded(std::string_view page, const std::string& id) {
  const std::string start = embedded_start(id);
  const std::size_t tag = page.find(start);
  if (tag == std::string_view::npos) return std::nullopt;
  page.remove_prefix(tag + start.size());
  const std::size_t end = page.find(kEmbeddedEnd);
  if (end == std::string_view::npos) return std::nullopt;
  return page.substr(0, end);
}

}  // namespace

Result<Extracted> extract(const std::string& page, const std::string& path) {
  if (page.find(kReportMark) == std::string::npos) {
    return failure(path, "is not a report of pushbench; name the report.html of a run's folder");
  }
  if (page.find("</html>") == std::string::npos) {
    return failure(path, "was cut off: its end is missing; copy the whole file");
  }
  const auto result = embedded(page, "result");
  const auto log = embedded(page, "latency-log");
  if (!result || !log) {
    return failure(path, "holds no run's result; name the report.html of a run's folder");
  }
  auto json = plain_result(*result);
  if (!json) return failure(path, "holds a result that " + json.error().what);
  auto text = plain_text(*log);
  if (!text) return failure(path, "holds a latency log that " + text.error().what);
  return Extracted{std::move(*json), std::move(*text)};
}

}  // namespace pushbench::report
