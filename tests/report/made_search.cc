#include "made_search.h"

#include <utility>

#include "made_result.h"

namespace pushbench::report {

using harness::ProbeRun;

harness::SweepResult made_sweep(const std::string& name) {
  harness::SweepResult sweep;
  sweep.spec = *harness::parse_sweep("transport.polling.interval=100ms,1s,5s");
  std::int64_t slower = 0;
  for (const std::string& value : sweep.spec.values) {
    harness::RunResult result = made_result(name);
    for (harness::Repetition& r : result.transports[0].repetitions) {
      for (int i = 0; i < 20'000; ++i) r.delivery_latency.record(slower);
    }
    slower += 800'000;
    sweep.steps.push_back({value, std::move(result)});
  }
  sweep.steps[1].result.transports[2].repetitions[0].invalid.push_back(name);
  return sweep;
}

harness::CapacityQuestion made_question() {
  return {*harness::VariedKey::of(*harness::parse_key("users")),
          {100, 1'000, 0.1, true},
          {*harness::parse_limit("delivery_latency.p99<250ms")},
          1};
}

std::vector<harness::CapacityCurve> made_capacity(const std::string& name) {
  std::vector<harness::CapacityCurve> curves;
  for (const char* transport : {"polling", "websocket"}) {
    harness::CapacityCurve curve;
    curve.transport = transport;
    curve.probes = {{100, true, {{ProbeRun::Verdict::good, false, {}, {20'000.0}}}},
                    {200, true, {{ProbeRun::Verdict::good, false, {}, {90'000.0}}}},
                    {400, false, {{ProbeRun::Verdict::bad, false, {name}, {700'000.0}}}}};
    curve.best = 200;
    curve.failed = 400;
    curves.push_back(std::move(curve));
  }
  return curves;
}

harness::SearchContext made_context(const std::string& name) {
  return {name, 7, {"headers=" + name}, {"0.1.0", "abc"}};
}

}  // namespace pushbench::report
