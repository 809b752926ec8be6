#include "servers/pages.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::servers {

namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Cuts the next item off a list, up to a separator that is not inside of quotes.
std::string_view next_item(std::string_view& list, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < list.size() && (quoted || list[end] != separator); ++end) {
    if (list[end] == '"') quoted = !quoted;
  }
  const std::string_view item = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return trimmed(item);
}

/// "q=0", "q=0.000": what has it is not wanted (RFC 9110 §12.4.2).
bool is_weight_of_zero(std::string_view parameter) {
  return parameter.size() > 2 && wire::equals_ignoring_case(parameter.substr(0, 2), "q=") &&
         parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  if (trimmed(if_none_match) == "*") return true;
  while (!if_none_match.empty()) {
    std::string_view named = next_item(if_none_match, ',');
    if (named.starts_with("W/")) named.remove_prefix(2);
    if (named == tag) return true;
  }
  return false;
}

}  // namespace

bool wants_html(const wire::HttpMessage& request) {
  const std::string accept = request.header_list("accept");
  for (std::string_view list = accept; !list.empty();) {
    std::string_view parameters = next_item(list, ',');
    if (!wire::equals_ignoring_case(next_item(parameters, ';'), "text/html")) continue;
    bool wanted = true;
    while (!parameters.empty()) {
      if (is_weight_of_zero(next_item(parameters, ';'))) wanted = false;
    }
    if (wanted) return true;
  }
  return false;
}

Answer answer_with(const Page& page, const wire::HttpMessage& request, const Answers& answers) {
  // no-cache: keep it, and ask each time whether it is still the one.
  const std::string tag = fmt::format("\"{}\"", page.version);
  const std::string shared = fmt::format("Cache-Control: no-cache\r\nETag: {}\r\n{}", tag,
                                         page.path == "/" ? kVaryByAccept : "");
  if (names_tag(request.header_list("if-none-match"), tag)) {
    return answers.with_headers(304, shared, nullptr);
  }
  return answers.with_headers(200,
                              fmt::format("Content-Type: {}\r\n{}Content-Security-Policy: {}\r\n"
                                          "X-Content-Type-Options: nosniff\r\n"
                                          "Referrer-Policy: no-referrer\r\n",
                                          page.type, shared, page.policy),
                              page.body);
}

}  // namespace pushbench::servers
