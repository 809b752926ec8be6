#pragma once

#include <string_view>
#include <vector>

#include "clients/request_headers.h"
#include "harness/population.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "net/segments.h"

namespace pushbench::harness {

/// What only a measurement can tell, in seconds; 0 leaves it out of the theory.
struct ServerCosts {
  double exchange = 0;    // CPU time of an HTTP exchange: a poll, empty or not, or a publish
  double push = 0;        // CPU time of a message pushed to one more subscriber
  double turnaround = 0;  // client and server, from an answer to the next request
};

/// What a prediction stands on, beside the scenario.
struct Grounds {
  clients::RequestHeaders headers;
  std::vector<TraceEvent> trace;  // of a trace scenario
  ServerCosts costs;
  double segment = net::kSegmentPayload;  // what a packet carries
};

/// Why there is no latency to foretell: a queue grows without end.
enum class Overload {
  none,
  posts,   // users publish faster than their posts are answered
  server,  // its one thread would need more than all of the time
};

/// One transport under a scenario in the steady state, all users together: what opens connections
/// is not in it, unless each exchange opens its own. Rates are a second.
struct Prediction {
  Theory theory;
  double users = 0;
  double published = 0;
  double delivered = 0;
  double exchanges = 0;  // HTTP, that end: polls, long polls and posts
  double connections = 0;
  double pushed = 0;        // messages to users, and those that come in frames, not in an exchange
  double held_back_up = 0;  // bytes of the theory's network_up that only an emulated link costs
  Overload overload = Overload::none;

  double busy(const ServerCosts& costs) const {  // cores that it keeps the server busy on
    return exchanges * costs.exchange + pushed * costs.push;
  }
};

/// None of the theory's latencies are set where what is asked for cannot be carried, and nothing of
/// the theory for a transport that it has no rules for.
Prediction predict(std::string_view transport, const Scenario& scenario, const Grounds& grounds);

}  // namespace pushbench::harness
