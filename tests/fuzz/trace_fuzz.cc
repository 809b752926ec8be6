// A trace. One that is taken is in order, and every line of it counts.

#include <fmt/format.h>

#include <sstream>

#include "harness/trace.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace pushbench;
using harness::TraceEvent;
using harness::TraceEventKind;

std::string written(const std::vector<TraceEvent>& events) {
  std::string text = "time_ms,event,speaker,bytes\n";
  for (const TraceEvent& event : events) {
    const char* kind = event.kind == TraceEventKind::say    ? "say"
                       : event.kind == TraceEventKind::join ? "join"
                                                            : "leave";
    text += fmt::format("{},{},{},{}\n", event.time_ms, kind, event.speaker, event.bytes);
  }
  return text;
}

/// The trace as it would be written; "" if it is none.
std::string read(const std::string& text) {
  std::istringstream stream(text);
  const auto events = harness::parse_trace(stream, "fuzzed.csv");
  if (!events) {
    fuzz::expect(!events.error().where.empty() && !events.error().what.empty(), "no reason");
    return "";
  }
  fuzz::expect(!events->empty(), "a trace without events");
  std::uint64_t before = 0;
  for (const TraceEvent& event : *events) {
    fuzz::expect(event.time_ms >= before, "events out of order");
    fuzz::expect(event.kind != TraceEventKind::say || event.bytes > 0, "nothing said");
    before = event.time_ms;
  }
  return written(*events);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = read({reinterpret_cast<const char*>(data), size});
  if (!text.empty()) fuzz::expect_same("a trace differs when read again", text, read(text));
  return 0;
}
