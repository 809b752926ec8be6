// What a publisher posts: JSON from anybody. A draft that is taken can be written and read again,
// by those too whom a server passes it on to as it is.

#include "tests/fuzz/fuzz.h"
#include "wire/message.h"

namespace pushbench::wire {
namespace {

constexpr DraftLimits kLimits{.from = 16, .text = 256, .id = 16};

void expect_sound(const Draft& draft) {
  fuzz::expect(!draft.from.empty() && draft.from.size() <= kLimits.from, "a wrong from",
               draft.from);
  fuzz::expect(!draft.text.empty() && draft.text.size() <= kLimits.text, "a wrong text",
               draft.text);
  fuzz::expect(draft.id.size() <= kLimits.id, "a wrong id", draft.id);
}

std::string read(std::string_view json) {
  DraftReader reader(kLimits);
  const fuzz::Block block(json);
  const auto draft = reader.read(block.view());
  if (!draft) {
    fuzz::expect(!draft.error().where.empty() && !draft.error().what.empty(), "no reason");
    return "";
  }
  expect_sound(*draft);
  BatchReader subscriber;
  const auto passed_on = subscriber.read_draft(block.view());
  fuzz::expect(passed_on.has_value(), "a subscriber refuses what was taken", json);
  fuzz::expect_same("a subscriber reads another draft", encode_draft(*draft),
                    encode_draft(*passed_on));
  return encode_draft(*draft);
}

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const std::string json = wire::read({reinterpret_cast<const char*>(data), size});
  if (!json.empty()) fuzz::expect_same("a draft differs when read again", json, wire::read(json));
  return 0;
}
