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

std::string_view TransportResult::transport() const {
  return std::string_view(name).substr(target ? target->name.size() + 1 : 0);
}

bool TransportResult::valid() const {
  return std::all_of(repetitions.begin(), repetitions.end(),
                     [](const Repetition& r) { return r.invalid.empty(); });
}

bool RunResult::valid() const {
  return outcome == Outcome::complete &&
         std::all_of(transports.begin(), transports.end(),
                     [](const TransportResult& transport) { return transport.valid(); });
}

bool RunResult::stands() const {
  const auto valid = [](const TransportResult& transport) { return transport.valid(); };
  return outcome == Outcome::complete &&
         (transports.empty() || std::any_of(transports.begin(), transports.end(), valid)) &&
         std::all_of(transports.begin(), transports.end(), [](const TransportResult& transport) {
           return transport.target || transport.valid();
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
