#include "harness/transports.h"

#include <algorithm>
#include <array>

#include "harness/theory_replay.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

Options polling_options(const Scenario& scenario) {
  return {{"interval", format_duration(scenario.clients.interval)}};
}

Options long_polling_options(const Scenario& scenario) {
  return {{"hold", format_duration(scenario.clients.hold)}};
}

Options no_options(const Scenario&) { return {}; }

Options websocket_options(const Scenario& scenario) {
  if (!scenario.clients.compression) return {};
  return {{"compression", "permessage-deflate"}};
}

struct Entry {
  std::string_view name;
  Options (*options)(const Scenario&);
};

/// What a scenario sets for each transport alone: adding one is a line here. Its theory has a line
/// in transport_rules.cc.
constexpr std::array kTransports{
    Entry{"polling", polling_options},
    Entry{"long-polling", long_polling_options},
    Entry{"sse", no_options},
    Entry{"websocket", websocket_options},
};

/// One that is not in the table is still measured.
const Entry& entry_of(std::string_view name) {
  static constexpr Entry kUnknown{"", no_options};
  const auto* const found = std::find_if(kTransports.begin(), kTransports.end(),
                                         [name](const Entry& entry) { return entry.name == name; });
  return found == kTransports.end() ? kUnknown : *found;
}

/// An nchan brings one message for each poll and takes what is published by POST alone; Socket.IO's
/// clients post several at once.
bool arrives_by_our_rules(std::string_view transport, std::string_view dialect) {
  if (dialect == "nchan") return transport == "sse";
  if (dialect == "socketio") return transport == "websocket";
  return true;
}

}  // namespace

Options options_of(std::string_view transport, const Scenario& scenario, std::string_view dialect) {
  if (dialect != clients::kOwnDialect) return {};
  return entry_of(transport).options(scenario);
}

Theory forecast(std::string_view transport, const Scenario& scenario, const Schedule& schedule,
                const clients::RequestHeaders& headers) {
  return replay(transport, scenario, schedule, headers);
}

Theory of_target(Theory forecast, std::string_view transport, std::string_view dialect) {
  forecast.application_up = forecast.application_down = std::nullopt;
  forecast.network_up = forecast.network_down = std::nullopt;
  if (dialect != clients::kOwnDialect) {
    forecast.empty_share = forecast.exchanges_per_message = std::nullopt;
  }
  if (!arrives_by_our_rules(transport, dialect)) {
    forecast.mean_latency_us = forecast.p50_latency_us = forecast.p90_latency_us = std::nullopt;
    forecast.p99_latency_us = forecast.max_latency_us = std::nullopt;
  }
  return forecast;
}

}  // namespace pushbench::harness
