// EventStreamParser, whole and in pieces. Options: A a small limit, B the input is the text of a
// message, which is sent as an event and must come back as that event alone.

#include <fmt/format.h>

#include "tests/fuzz/fuzz.h"
#include "wire/event_stream.h"
#include "wire/message.h"

namespace pushbench::wire {
namespace {

class Log final : public EventSink {
 public:
  std::string text;

  void on_event(std::string_view type, std::string_view data, std::string_view id) override {
    fuzz::expect(!type.empty(), "an event without a type");
    for (const std::string_view part : {type, data, id}) {
      fuzz::expect(part.find('\r') == std::string_view::npos, "a CR within an event", part);
    }
    fuzz::expect(id.find('\0') == std::string_view::npos, "a NULL in an id", id);
    text += fmt::format("event {} [{}] {}\n", type, data, id);
  }
  void on_retry(std::uint64_t ms) override { text += fmt::format("retry {}\n", ms); }
};

std::string read(const std::vector<std::string_view>& pieces, std::size_t max_event) {
  EventStreamParser parser(max_event);
  Log log;
  for (const std::string_view piece : pieces) {
    if (!parser.feed(fuzz::Block(piece).view(), log)) {
      log.text += "error\n";
      break;
    }
  }
  const std::string id(parser.last_event_id());
  parser.reset();
  fuzz::expect_same("the last id is lost with the connection", id, parser.last_event_id());
  return log.text + id;
}

void expect_back(std::string_view text) {
  std::string batch = "[";
  append_message(batch, {7, text, text, text, 1});
  batch += ']';
  const std::string event = event_start("k3f9.7").append(batch).append(kEventEnd);
  fuzz::expect_same("a message forged something",
                    fmt::format("event message [{}] k3f9.7\nk3f9.7", batch),
                    read({event}, event.size()));
}

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const fuzz::Input input(data, size);
  if (input.option(1)) wire::expect_back(input.bytes());
  const std::size_t max_event = input.option(0) ? 40 : 1024 * 1024;
  fuzz::expect_same_however_cut(input, [max_event](const std::vector<std::string_view>& pieces) {
    return wire::read(pieces, max_event);
  });
  return 0;
}
