#include "harness/wire_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/wire_decoder.h"
#include "wire/utf8.h"

namespace pushbench::harness {

namespace {

constexpr std::size_t kMostBody = 400;   // bytes of text
constexpr std::size_t kMostHead = 4096;  // likewise
constexpr std::size_t kMostText = 7 * 1024;
constexpr std::size_t kShort = 80;  // what an event keeps past that, of its head and its body

/// Of a long head the first line.
std::string first_line(std::string_view head) {
  const std::size_t end = head.find("\r\n");
  if (head.size() <= kShort || end == std::string_view::npos) return printable(head, kShort);
  return printable(head.substr(0, end + 2), kShort) + "…";
}

/// Puts its text as it will be shown in place of its bytes; `room` is what there is for all texts.
void shorten(WireEvent& event, std::size_t& room) {
  std::string head = printable(event.head, kMostHead);
  std::string body = printable(event.body, kMostBody);
  if (head.size() + body.size() > room) {
    room = 0;
    head = first_line(event.head);
    body = printable(event.body, kShort);
  }
  room -= std::min(room, head.size() + body.size());
  event.head = std::move(head);
  event.body = std::move(body);
}

bool is_ascii_text(char c) {
  return (c >= ' ' && c != '\x7F') || c == '\r' || c == '\n' || c == '\t';
}

/// Bytes of the character that a text begins with; 0: it begins with none.
std::size_t character_at(std::string_view text) {
  if (static_cast<std::uint8_t>(text.front()) < 0x80) return is_ascii_text(text.front()) ? 1 : 0;
  for (std::size_t size = 2; size <= std::min<std::size_t>(text.size(), 4); ++size) {
    wire::Utf8Checker checker;
    if (checker.feed(text.substr(0, size)) && checker.complete()) return size;
  }
  return 0;
}

}  // namespace

std::string printable(std::string_view bytes, std::size_t most) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t size = character_at(bytes);
    const std::string next =
        size > 0 ? std::string(bytes.substr(0, size))
                 : fmt::format("\\x{:02x}", static_cast<std::uint8_t>(bytes.front()));
    if (next.size() > most - text.size()) return text + "…";
    text += next;
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

WireView view_of(std::span<const WirePiece> pieces, net::Time from, net::Duration length) {
  WireView view;
  view.length_s = net::seconds(length);
  Decoded decoded = decode(pieces, from);
  const std::int64_t end = net::microseconds(length);
  std::copy_if(std::make_move_iterator(decoded.events.begin()),
               std::make_move_iterator(decoded.events.end()), std::back_inserter(view.events),
               [end](const WireEvent& event) { return event.at_us >= 0 && event.at_us < end; });
  view.more = view.events.size() > WireView::kMostEvents || decoded.unreadable;
  view.events.resize(std::min(view.events.size(), WireView::kMostEvents));
  std::size_t room = kMostText;
  for (WireEvent& event : view.events) shorten(event, room);
  return view;
}

}  // namespace pushbench::harness
