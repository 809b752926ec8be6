// What a server sends, read by a client. What it takes can be written and read again.

#include "tests/fuzz/fuzz.h"
#include "wire/message.h"

namespace pushbench::wire {
namespace {

/// Writes down what it is told as the batch that says it; a problem stays out.
class Writer final : public BatchSink {
 public:
  std::string batch;

  void on_message(const Message& message) override { append_message(begin(), message); }
  void on_gap(const Gap& gap) override {
    // A gap's reason and epoch come from the server's own code and are written as they stand.
    const auto is_plain = [](std::string_view text) {
      return text.find_first_of("\"\\") == std::string_view::npos &&
             std::all_of(text.begin(), text.end(), [](char c) { return c < 0 || c >= ' '; });
    };
    if (is_plain(gap.reason) && is_plain(gap.epoch)) append_gap(begin(), gap);
  }
  void on_problem(std::string_view) override {}

 private:
  std::string& begin() { return batch += batch.empty() ? '[' : ','; }
};

std::string read(std::string_view json, bool must_succeed) {
  BatchReader reader;
  Writer writer;
  const fuzz::Block block(json);
  const auto result = reader.read(block.view(), writer);
  fuzz::expect(result || !result.error().what.empty(), "no reason");
  fuzz::expect(result || !must_succeed, "what was written cannot be read", json);
  if (!writer.batch.empty()) writer.batch += ']';
  return writer.batch;
}

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const std::string batch = wire::read({reinterpret_cast<const char*>(data), size}, false);
  if (batch.empty()) return 0;
  fuzz::expect_same("a batch differs when read again", batch, wire::read(batch, true));
  return 0;
}
