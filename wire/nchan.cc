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

bool is_nchan_id(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  return is_number(text.substr(0, colon)) && colon < text.size() &&
         is_number(text.substr(colon + 1));
}

}  // namespace pushbench::wire
