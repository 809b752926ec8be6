// What nchan sends on a WebSocket with ids. What is taken can be written and read again, and its id
// goes into a request as it stands.

#include <fmt/format.h>

#include "tests/fuzz/fuzz.h"
#include "wire/nchan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const fuzz::Block block({reinterpret_cast<const char*>(data), size});
  const auto message = wire::read_nchan_message(block.view());
  if (!message) {
    fuzz::expect(!message.error().what.empty(), "no reason");
    return 0;
  }
  fuzz::expect(message->id.find_first_not_of("0123456789:") == std::string_view::npos,
               "an id that is none", message->id);
  fuzz::expect(block.view().ends_with(message->body), "a body that did not come", message->body);
  const std::string again = fmt::format("id: {}\n\n{}", message->id, message->body);
  const auto second = wire::read_nchan_message(again);
  fuzz::expect(second.has_value(), "what was written cannot be read", again);
  fuzz::expect_same("its id differs when read again", message->id, second->id);
  fuzz::expect_same("its body differs when read again", message->body, second->body);
  return 0;
}
