#include "wire/nchan.h"

#include <algorithm>
#include <cstddef>

namespace pushbench::wire {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<NchanMessage> read_nchan_message(std::string_view text) {
  constexpr std::string_view id = "id: ";
  NchanMessage message;
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos;) {
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.starts_with(id)) message.id = line.substr(id.size());
    if (!line.empty()) continue;
    if (!is_nchan_id(message.id)) break;
    message.body = text;
    return message;
  }
  return failure("message", R"(does not begin with "id: TIME:TAG" and an empty line behind it)");
}

std::optional<std::string_view> read_nchan_place(std::string_view told) {
  constexpr std::string_view kId = "0123456789:";
  std::string_view rest = told.substr(std::min(told.find("last"), told.size()));
  while (!rest.empty()) {
    rest.remove_prefix(std::min(rest.find_first_of(kId), rest.size()));
    const std::string_view token = rest.substr(0, rest.find_first_not_of(kId));
    if (is_nchan_id(token)) return token;
    rest.remove_prefix(token.size());
  }
  return std::nullopt;
}

bool is_nchan_id(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  return is_number(text.substr(0, colon)) && colon < text.size() &&
         is_number(text.substr(colon + 1));
}

}  // namespace pushbench::wire
