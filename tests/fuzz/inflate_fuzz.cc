// Inflater, whole and in pieces, and what Deflater makes of the same bytes. Options: A a small
// limit, B the context is kept, D, H and P together the window: 8 to 15 bits.

#include <fmt/format.h>

#include "tests/fuzz/fuzz.h"
#include "wire/deflate.h"

namespace pushbench::wire {
namespace {

struct Options {
  explicit Options(const fuzz::Input& input)
      : limit(input.option(0) ? 50 : 1 << 16),
        keep_context(input.option(1)),
        window_bits(8 + (input.option(2) ? 1 : 0) + (input.option(3) ? 2 : 0) +
                    (input.option(4) ? 4 : 0)) {}

  std::size_t limit;
  bool keep_context;
  int window_bits;
};

/// The same message twice: the second time it may refer to the first.
std::string inflate(const std::vector<std::string_view>& pieces, const Options& options) {
  Inflater inflater(options.window_bits, options.keep_context);
  std::string log;
  for (int time = 0; time < 2; ++time) {
    std::string out;
    auto outcome = Inflater::Outcome::ok;
    for (const std::string_view piece : pieces) {
      outcome = inflater.inflate(fuzz::Block(piece).view(), options.limit, out);
      if (outcome != Inflater::Outcome::ok) break;
    }
    if (outcome == Inflater::Outcome::ok) outcome = inflater.end_message(options.limit, out);
    const bool is_over = out.size() > options.limit;
    fuzz::expect(is_over == (outcome == Inflater::Outcome::too_big), "the limit is not kept");
    fuzz::expect(out.size() <= options.limit + 1, "far past the limit");
    log += fmt::format("{} [{}]\n", static_cast<int>(outcome), out);
    if (outcome != Inflater::Outcome::ok) break;
  }
  return log;
}

void expect_back(std::string_view message, const Options& options) {
  Deflater deflater(options.window_bits, options.keep_context);
  Inflater inflater(options.window_bits, options.keep_context);
  for (const std::string_view part : {message, message.substr(message.size() / 2), message}) {
    std::string payload;
    deflater.compress(part, payload);
    std::string out;
    const bool good = inflater.inflate(payload, message.size(), out) == Inflater::Outcome::ok &&
                      inflater.end_message(message.size(), out) == Inflater::Outcome::ok;
    fuzz::expect(good, "what was deflated cannot be inflated", part);
    fuzz::expect_same("deflated and inflated it differs", part, out);
  }
}

}  // namespace
}  // namespace pushbench::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pushbench;
  const fuzz::Input input(data, size);
  const wire::Options options(input);
  fuzz::expect_same_however_cut(input, [&options](const std::vector<std::string_view>& pieces) {
    return wire::inflate(pieces, options);
  });
  wire::expect_back(input.bytes(), options);
  return 0;
}
