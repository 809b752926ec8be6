#include "harness/result.h"

#include <algorithm>

namespace pushbench::harness {

Messages& Messages::operator+=(const Messages& b) {
  published += b.published;
  expected += b.expected;
  delivered += b.delivered;
  missed += b.missed;
  left += b.left;
  lost += b.lost;
  backlog += b.backlog;
  duplicated += b.duplicated;
  reordered += b.reordered;
  damaged += b.damaged;
  gaps += b.gaps;
  return *this;
}

Exchanges& Exchanges::operator+=(const Exchanges& b) {
  total += b.total;
  asked += b.asked;
  empty += b.empty;
  connections += b.connections;
  connections_asked += b.connections_asked;
  cuts += b.cuts;
  disconnects += b.disconnects;
  reconnects += b.reconnects;
  return *this;
}

void Bytes::keep_parts_within() {
  for (const auto way : {&Directions::up, &Directions::down}) {
    heads.*way = std::min(heads.*way, application.*way);
    bodies.*way = std::min(bodies.*way, application.*way - heads.*way);
  }
}

Bytes Bytes::operator+(const Bytes& b) const {
  return {application + b.application, heads + b.heads,       bodies + b.bodies, tls + b.tls,
          network + b.network,         segments + b.segments, unread + b.unread};
}

Bytes Bytes::operator-(const Bytes& b) const {
  return {application - b.application, heads - b.heads,       bodies - b.bodies, tls - b.tls,
          network - b.network,         segments - b.segments, unread - b.unread};
}

bool RunResult::valid() const {
  return outcome == Outcome::complete &&
         std::all_of(transports.begin(), transports.end(), [](const TransportResult& transport) {
           return std::all_of(transport.repetitions.begin(), transport.repetitions.end(),
                              [](const Repetition& r) { return r.invalid.empty(); });
         });
}

std::size_t RunResult::most_repetitions() const {
  std::size_t most = 0;
  for (const TransportResult& transport : transports) {
    most = std::max(most, transport.repetitions.size());
  }
  return most;
}

}  // namespace pushbench::harness
